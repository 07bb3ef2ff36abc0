# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Whether a role may do something, as IAM's policy simulator answers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..call_faults import DENIED
from ..connection import CallFailed, Client, call
from ..plan import Impossible
from ..role_names import check_principal
from ..roles import Role

ACTION = re.compile(r"[\w-]+:[\w-]+", re.ASCII)
RESOURCE = re.compile(r"arn(:[^:\s]*){4}:\S+|\*")

UNKNOWN_CALL = frozenset({"InvalidAction", "NotImplemented", "UnknownOperation", "UnknownOperationException"})
UNKNOWN_WORDS = re.compile(r"not (yet )?(been )?(implemented|supported)|not currently supported", re.IGNORECASE)
UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Question:
    """Whether ``action`` is allowed on ``resource``, and whether it is expected to be (``None``: not declared)."""

    action: str
    resource: str
    expected: bool | None = None


@dataclass(frozen=True)
class Verdict:
    """The simulator's decision in its own words, and the condition keys whose values it lacked."""

    decision: str
    missing_context: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool | None:
        """Whether the action is allowed; ``None`` without an answer."""
        return None if self.decision == UNANSWERED else self.decision == "allowed"


class NotSimulated(Exception):
    """The simulator may not or cannot be asked; the sentence says why."""


def questions(parameters: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions in the options, each once. Refuses what no simulator could answer, before any call."""
    check_principal(parameters)
    asked: dict[Question, None] = {}
    for where, check in _checks(parameters):
        _refuse_wrong(check, where)
        expected = None if check.get("expected") is None else check["expected"] == "allowed"
        for action, resource in itertools.product(check["actions"], check.get("resources") or ["*"]):
            asked.setdefault(Question(action, resource, expected), None)
    _refuse_contradictions(asked)
    if not asked:
        raise Impossible("actions, checks: nothing is asked; give one of them")
    return tuple(asked)


def read_role_arn(iam: Client, role: Role) -> str:
    """The ARN of the role: known, or read with one GetRole.

    Raises NotSimulated if the read is denied, and Impossible if there is no such role.
    """
    if role.arn:
        return role.arn
    try:
        answer = call(iam, "GetRole", {"RoleName": role.name}, f"find the role {role.name}", role.resource)
    except CallFailed as failure:
        _raise_for(failure, role)
        raise
    return str(answer["Role"]["Arn"])


def simulate(iam: Client, role: Role, arn: str, asked: Iterable[Question]) -> dict[Question, Verdict]:
    """The answer to each question: one SimulatePrincipalPolicy for each resource.

    Asked for several resources at once, ministack answers for the first one only.
    Raises NotSimulated if the simulator may not or cannot be asked.
    """
    by_resource: dict[str, list[Question]] = {}
    for question in asked:
        by_resource.setdefault(question.resource, []).append(question)
    answers: dict[Question, Verdict] = {}
    for resource, group in by_resource.items():
        decided = {
            action.lower(): verdict
            for result in _results(iam, role, arn, resource, list(dict.fromkeys(each.action for each in group)))
            for action, verdict in _verdict(result, resource)
        }
        answers.update({each: decided.get(each.action.lower(), Verdict(UNANSWERED)) for each in group})
    return {question: answers[question] for question in asked}


def describe(question: Question, verdict: Verdict) -> dict[str, Any]:
    """A question and its answer, for the result."""
    described: dict[str, Any] = {
        "action": question.action,
        "resource": question.resource,
        "decision": verdict.decision,
        "allowed": verdict.allowed,
    }
    if question.expected is not None:
        described["expected"] = _word(question.expected)
    if verdict.missing_context:
        described["missing_context_values"] = list(verdict.missing_context)
    return described


def unexpected(question: Question, verdict: Verdict) -> str:
    """A sentence on how the answer differs from the expected one; empty if it does not."""
    if question.expected is None or question.expected == verdict.allowed:
        return ""
    what = f"{question.action} on {question.resource}"
    if verdict.allowed is None:
        return f"{what} got no answer, and should be {_word(question.expected)}"
    return f"{what} is {_word(verdict.allowed)}, and should be {_word(question.expected)}"


def _results(iam: Client, role: Role, arn: str, resource: str, actions: list[str]) -> Iterator[Any]:
    purpose = f"simulate what role {role.name} may do"
    arguments: dict[str, Any] = {"PolicySourceArn": arn, "ActionNames": actions, "ResourceArns": [resource]}
    try:
        page = call(iam, "SimulatePrincipalPolicy", arguments, purpose, arn)
        yield from page.get("EvaluationResults", [])
        while page.get("IsTruncated"):
            page = call(iam, "SimulatePrincipalPolicy", {**arguments, "Marker": page["Marker"]}, purpose, arn)
            yield from page.get("EvaluationResults", [])
    except CallFailed as failure:
        _raise_for(failure, role)
        raise


def _verdict(result: Mapping[str, Any], resource: str) -> Iterator[tuple[str, Verdict]]:
    """The verdict on this resource: the decision on the resource itself, else the decision on all resources together.

    Each call asks about one resource, so the decision on all is the decision on this one. The result may then name it
    ``*``, or by the template of the action's resources (rule a-verdict-may-name-a-template).
    """
    action = result["EvalActionName"]
    for each in result.get("ResourceSpecificResults", []):
        if each["EvalResourceName"] == resource:
            yield action, Verdict(each["EvalResourceDecision"], tuple(each.get("MissingContextValues", [])))
            return
    named = result.get("EvalResourceName", resource)
    if named in (resource, "*") or "${" in named:
        yield action, Verdict(result["EvalDecision"], tuple(result.get("MissingContextValues", [])))


def _raise_for(failure: CallFailed, role: Role) -> None:
    """Raise what a failed call means here, if its code or its words say so."""
    if failure.code in DENIED or failure.code in UNKNOWN_CALL or UNKNOWN_WORDS.search(failure.words):
        raise NotSimulated(failure.sentence) from failure
    if failure.code == "NoSuchEntity":
        raise Impossible(role.if_missing) from failure


def _checks(parameters: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The checks, each with its place: the options of the module itself, and each member of ``checks``."""
    if parameters.get("actions") is not None:
        yield "", {name: parameters.get(name) for name in ("actions", "resources", "expected")}
    for number, check in enumerate(parameters.get("checks") or []):
        yield f"checks[{number}].", check


def _refuse_wrong(check: Mapping[str, Any], where: str) -> None:
    """Refuse a wrong check: an empty list, from a template that found nothing, would ask about nothing or all."""
    for option, remedy in (("actions", "name an action"), ("resources", 'name a resource, or "*" for all')):
        if check.get(option) == []:
            raise Impossible(f"{where}{option}: the list is empty; {remedy}")
    for action in check["actions"]:
        if not ACTION.fullmatch(action):
            wrong = f"'{action}' is not an action"
            raise Impossible(f"{where}actions: {wrong}; give one such as dynamodb:GetItem, without wildcards")
    for resource in check.get("resources") or []:
        if not RESOURCE.fullmatch(resource):
            wrong = f"'{resource}' is not a resource"
            raise Impossible(f'{where}resources: {wrong}; give an ARN, or "*" for an action without one')


def _refuse_contradictions(asked: Iterable[Question]) -> None:
    expected: dict[tuple[str, str], bool | None] = {}
    for each in (question for question in asked if question.expected is not None):
        if expected.setdefault((each.action, each.resource), each.expected) != each.expected:
            raise Impossible(f"checks: {each.action} on {each.resource} cannot be both allowed and denied; expect one")


def _word(allowed: bool) -> str:
    return "allowed" if allowed else "denied"

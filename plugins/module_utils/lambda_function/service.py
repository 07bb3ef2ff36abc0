# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Calls of Lambda for a function's environment: read it, perform the step, and wait for the end of an update.

UpdateFunctionConfiguration takes all variables at once. The variables that are not declared are in this file and
nowhere else; they leave it only in that call. So this is a class, where the services of IAM and DynamoDB are functions:
it keeps from one call to the next what no value of a plan may hold, and the revision that the write is bound to.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from ..call_faults import DENIED
from ..connection import CallFailed, Client, call
from ..plan import Impossible, Step
from ..resource import Observation, Overtaken
from .environment import Environment, declared_alone, size

POLL_DELAYS = (0.2, 0.3, 0.5, 1.0)  # seconds; the last one repeats
# The states of a function that end by themselves, in words.
MOVING = {"Pending": "being created or updated", "Deactivating": "being deactivated", "Deleting": "being deleted"}
LONG_ENOUGH = 6  # characters: a longer value is not in a sentence by chance
QUOTED = 16  # characters of a value that may be quoted in part
MEASURED = re.compile(r"\s*String measured:.*", re.DOTALL)  # Lambda quotes all variables that exceed its limit


class Function:
    """A Lambda function, with AWS's last answer. ``names``: the declared variables. ``needed``: it has to exist."""

    def __init__(self, client: Client, name: str, names: Mapping[str, str], needed: bool, patience: float) -> None:
        self.client = client
        self.name = name
        self.names = names
        self.needed = needed
        self.patience = patience
        self._answer: dict[str, Any] = {}

    def observe(self) -> Observation[Environment]:
        """The declared variables as they are, read with one GetFunctionConfiguration."""
        if not self._look():
            return Observation(None)
        others = {name: value for name, value in self._variables().items() if name not in self.names}
        environment = Environment(self.name, declared_alone(self.names, self._variables()), size(others))
        return Observation(environment, self._transition())

    def settle(self, after: Step | None) -> bool:
        """Wait until the function has taken the step ``after``, or has ended the change in which it was found.

        Raises CallFailed if the update fails or takes too long.
        """
        deadline, delays = time.monotonic() + self.patience, iter(POLL_DELAYS)
        delay = 0.0
        while self._look() and self._transition():
            if time.monotonic() > deadline:
                raise CallFailed(
                    f"the Lambda function {self.name} is still {self._transition()} after {self.patience:g} seconds; "
                    "wait longer with wait_timeout, or run this again later",
                    "TimedOut",
                )
            delay = next(delays, delay)
            time.sleep(delay)
        if after and self.failure:
            raise CallFailed(f"could not {after.sentence}: {self.failure}", "UpdateFailed")
        return True

    def perform(self, step: Step) -> None:
        """Write the declared variables beside the others, unless somebody changed the function since it was read."""
        revision = self._answer.get("RevisionId")
        if not revision:
            raise CallFailed(
                f"could not {step.sentence}: Lambda does not say which revision of the function was read, so that a "
                "change of somebody else could be undone; run this again",
                "NoRevision",
            )
        others = {name: value for name, value in self._variables().items() if name not in self.names}
        named = step.arguments["Environment"]["Variables"]
        variables = {**others, **{name: value for name, value in named.items() if value is not None}}
        arguments = {**step.arguments, "Environment": {"Variables": variables}, "RevisionId": revision}
        try:
            call(self.client, step.call, arguments, step.sentence, self.name)
        except CallFailed as failure:
            changed = failure.code in ("PreconditionFailedException", "ResourceConflictException")
            if changed and not failure.unsure:
                raise Overtaken from None
            raise self._discreet(failure, step.sentence) from None

    def digests(self) -> dict[str, str]:
        """A digest of each named variable's value that is not the declared one, by which nobody can tell the value."""
        there = self._variables()
        untold = {name: there[name] for name, value in self.names.items() if name in there and there[name] != value}
        if not untold:
            return {}
        from ..report import digest, salt_of

        salt = salt_of(self.client.meta.region_name, self.name)
        return {name: digest(value, salt) for name, value in untold.items()}

    @property
    def failure(self) -> str:
        """Why the last update of the function failed, in Lambda's words; empty if it did not fail."""
        if self._answer.get("LastUpdateStatus") != "Failed":
            return ""
        code, words = self._answer.get("LastUpdateStatusReasonCode"), self._answer.get("LastUpdateStatusReason")
        reason = " ".join(str(words or code or "Lambda does not say why").split()).rstrip(".")
        return f"{code or 'the update failed'} (its reason names a variable)" if self._reveals(reason) else reason

    def _look(self) -> bool:
        """Read the function, and return whether it exists."""
        purpose = f"read the environment of the Lambda function {self.name}"
        try:
            arguments = {"FunctionName": self.name}
            self._answer = call(self.client, "GetFunctionConfiguration", arguments, purpose, self.name)
        except CallFailed as failure:
            if failure.code != "ResourceNotFoundException":
                raise
            if self.needed:
                region = self.client.meta.region_name
                remedy = "create it, or name one that is there"
                raise Impossible(f"function_name: there is no function {self.name} in {region}; {remedy}") from failure
            self._answer = {}
            return False
        error = self._answer.get("Environment", {}).get("Error")
        if error:
            self._refuse_unreadable(purpose, error)
        return True

    def _refuse_unreadable(self, purpose: str, error: Mapping[str, str]) -> None:
        """Refuse to go on without the values of the other variables: to write without them would delete them."""
        code, words = error.get("ErrorCode", ""), " ".join(error.get("Message", "").split()).rstrip(".")
        key = self._answer.get("KMSKeyArn") or "the key that encrypts it"
        meaning = "the missing permission is" if code in DENIED else "to read it takes"
        raise CallFailed(f"could not {purpose}: {words or code}; {meaning} kms:Decrypt on {key}", code, words)

    def _variables(self) -> dict[str, str]:
        return dict(self._answer.get("Environment", {}).get("Variables", {}))

    def _transition(self) -> str:
        if self._answer.get("State") in MOVING:  # rule a-function-moves-between-states
            return MOVING[self._answer["State"]]
        return "being updated" if self._answer.get("LastUpdateStatus") == "InProgress" else ""

    def _discreet(self, failure: CallFailed, purpose: str) -> CallFailed:
        """The same failure, without names and values of variables that are not declared."""
        sentence, words = (MEASURED.sub("", text).rstrip(" .:") for text in (failure.sentence, failure.words))
        if self._reveals(sentence.replace(purpose, "").replace(self.name, "")):
            sentence, words = f"could not {purpose}: {failure.code} (AWS's words name a variable)", ""
        return CallFailed(sentence, failure.code, words, failure.unsure)

    def _reveals(self, words: str) -> bool:
        """Whether words contain the name or a value of an undeclared variable, however it is written."""
        variables = self._variables()
        hidden = [value for name, value in variables.items() if self.names.get(name) != value]
        hidden += [name for name in variables if name not in self.names]
        return any(_holds(words, form) for text in hidden for form in _forms(text) if form)


def _forms(text: str) -> Iterator[str]:
    """The forms in which words may quote a text: plain, as JSON or Python writes it, shortened, with single spaces."""
    for form in (text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]):
        yield " ".join(form.split())[:QUOTED]


def _holds(words: str, form: str) -> bool:
    """Whether words contain a form. A short form counts only as a whole word, or each "a" would hide a sentence."""
    if len(form) >= LONG_ENOUGH:
        return form in words
    return bool(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", words))

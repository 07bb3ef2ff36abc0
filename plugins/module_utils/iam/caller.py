# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Whether whoever runs this may take steps, as IAM's policy simulator answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..connection import CallFailed, Connect, call
from ..plan import Impossible, Step
from ..role_names import function_arns
from ..roles import Role
from . import simulation
from .simulation import NotSimulated, Question

USER = re.compile(r"arn:[^:]+:iam::\d{12}:user/.+")
SESSION = re.compile(r"arn:[^:]+:sts::\d{12}:assumed-role/([^/]+)/.+")
# The arguments of changes in other regions.
OF_REGIONS = ("ReplicaUpdates", "GlobalTableWitnessUpdates")
# The arguments that name what a call is about, by the service and the form of the ARN.
NAMES = {"TableName": ("dynamodb", "table/"), "RoleName": ("iam", "role/")}


def lacking(connect: Connect, permissions: Iterable[tuple[Step, Iterable[str]]]) -> list[str]:
    """The permissions that the caller lacks for steps, each as a sentence; none where IAM cannot be asked.

    The simulator knows no policy of a resource, which may allow more, so that a denial is a doubt.
    """
    try:
        arn = str(call(connect("sts"), "GetCallerIdentity", {}, "ask who runs this")["Arn"])
        principal = _principal(arn)
        if principal is None:
            return []
        iam = connect("iam")
        region = connect("dynamodb").meta.region_name
        asked = dict.fromkeys(_questions(arn, region, permissions))
        verdicts = simulation.simulate(iam, principal, simulation.read_role_arn(iam, principal), asked)
    except (CallFailed, Impossible, KeyError, NotSimulated):
        return []
    return [
        f"IAM's simulator says that {question.action} on {question.resource} is denied to {principal.name}"
        for question, verdict in verdicts.items()
        if verdict.allowed is False and not verdict.missing_context
    ]


def _principal(arn: str) -> Role | None:
    """The user or the role that the simulator takes; ``None`` for the root of an account and for others."""
    if USER.fullmatch(arn):
        return Role(arn.rpartition("/")[2], "", arn)
    session = SESSION.fullmatch(arn)
    return Role(session[1], "") if session else None


def _questions(arn: str, region: str, permissions: Iterable[tuple[Step, Iterable[str]]]) -> Iterator[Question]:
    _arn, partition, _service, _region, account, *_rest = arn.split(":")
    for step, actions in permissions:
        for action in actions:
            for resource in _resources(step, action, partition, step.region or region, account):
                yield Question(action, resource)


def _resources(step: Step, action: str, partition: str, region: str, account: str) -> Iterator[str]:
    """The ARNs that a step takes an action on, as far as its arguments tell them."""
    arguments, regions = _about(action, step.arguments), [region]
    if action != f"{step.service}:{step.call}":
        service = action.partition(":")[0]
        updates = [each for member in OF_REGIONS for each in step.arguments.get(member) or ()]
        regions = [change["RegionName"] for update in updates for change in update.values()] or regions
        if service != step.service:
            stream = step.arguments.get("StreamArn")
            yield from [str(stream)] if service == "kinesis" and stream and not action.endswith(":ListStreams") else []
            return
    for each in dict.fromkeys(regions):
        resource = resource_of(arguments, partition, each, account)
        yield from [resource] if resource else []


def _about(action: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments that tell what an action is about: those of IAM may name a role and a policy."""
    if not action.startswith("iam:"):
        return arguments
    name = "RoleName" if "Role" in action else "PolicyArn"
    return {name: arguments[name]} if name in arguments else {}


def resource_of(arguments: Mapping[str, object], partition: str, region: str, account: str) -> str:
    """The ARN of what a call is about; empty where its arguments do not tell it."""
    if isinstance(arguments.get("FunctionName"), str):
        return next(iter(function_arns(str(arguments["FunctionName"]), partition, region, account)), "")
    for name, (service, form) in {"ResourceArn": ("dynamodb", "table/"), **NAMES}.items():
        value = arguments.get(name)
        if not isinstance(value, str):
            continue
        if value.startswith("arn:"):
            return value
        return f"arn:{partition}:{service}:{'' if service == 'iam' else region}:{account}:{form}{value}"
    return str(arguments.get("PolicyArn") or "")

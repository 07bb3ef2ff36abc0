# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""IAM as far as policies need it: the role that is meant, its policy as it is, and the steps performed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import policy_document
from ..connection import CallFailed, Client, Connect, call
from ..plan import Impossible, Step
from ..reconcile import Observation, Overtaken
from .role_policy import RolePolicy, title

# NoSuchEntity means two things, told apart by words alone. AWS's are "The role with name … cannot be found" and
# "The role policy with name … cannot be found"; "Role … not found" is what LocalStack and ministack say.
ROLE_MISSING = re.compile(r"The role with name \S+ cannot be found|Role \S+ not found")
POLICY_MISSING = re.compile(r"The role policy with name \S+ cannot be found")


@dataclass(frozen=True)
class Role:
    """The role that is meant. ``if_missing`` is the sentence for the case that there is none."""

    name: str
    if_missing: str
    arn: str = ""

    @property
    def resource(self) -> str:
        """What a missing permission is missing on."""
        return self.arn or f"role {self.name}"


def find_role(parameters: Mapping[str, Any], connect: Connect) -> Role:
    """The role that was named, or the execution role of the function that was named: one GetFunctionConfiguration.

    The function, its role and the credentials have to belong to one account.
    """
    name = parameters.get("role_name")
    if name:
        return Role(name, f"role_name: there is no role {name} in this account; create it, or name one that is there")
    function = parameters["lambda_function_name"]
    client = connect("lambda")
    purpose = f"find the execution role of the Lambda function {function}"
    try:
        configuration = call(client, "GetFunctionConfiguration", {"FunctionName": function}, purpose, function)
    except CallFailed as failure:
        if failure.code != "ResourceNotFoundException":
            raise
        raise Impossible(
            f"lambda_function_name: there is no function {function} in {client.meta.region_name}; "
            "name one that is there, or give role_name"
        ) from failure
    arn = configuration["Role"]
    missing = f"its execution role {arn} does not exist; create it, or give the function {function} another role"
    return Role(arn.rpartition("/")[2], f"lambda_function_name: {missing}", arn)


def observe(iam: Client, role: Role, policy_name: str, role_needed: bool) -> Observation[RolePolicy]:
    """The policy as it is: one GetRolePolicy.

    Raises Impossible for a role that is missing, where one is needed.
    """
    purpose = f"read the {title(role.name, policy_name)}"
    try:
        arguments = {"RoleName": role.name, "PolicyName": policy_name}
        answer = call(iam, "GetRolePolicy", arguments, purpose, role.resource)
        document = policy_document.from_api(answer["PolicyDocument"])
    except CallFailed as failure:
        if failure.code != "NoSuchEntity":
            raise
        if role_needed and _is_role_missing(iam, role, failure.words):
            raise Impossible(role.if_missing) from failure
        return Observation(None)
    except ValueError as error:
        raise CallFailed(f"could not {purpose}: its document is {error}", "Unreadable") from error
    return Observation(RolePolicy(role.name, policy_name, document))


def perform(iam: Client, role: Role, step: Step) -> None:
    """Raises Overtaken where somebody else has removed meanwhile what the step was to remove."""
    try:
        call(iam, step.call, step.arguments, step.sentence, role.resource)
    except CallFailed as failure:
        if step.call.startswith("Delete") and failure.code == "NoSuchEntity" and not failure.unsure:
            raise Overtaken from failure
        raise


def _is_role_missing(iam: Client, role: Role, words: str) -> bool:
    if ROLE_MISSING.fullmatch(words) or POLICY_MISSING.fullmatch(words):
        return not POLICY_MISSING.fullmatch(words)
    try:
        call(iam, "GetRole", {"RoleName": role.name}, f"find the role {role.name}", role.resource)
    except CallFailed as failure:
        if failure.code != "NoSuchEntity":
            raise
        return True
    return False

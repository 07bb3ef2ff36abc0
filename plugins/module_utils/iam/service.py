# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Calls of IAM for an inline policy: read the policy, and perform steps."""

from __future__ import annotations

import re

from .. import policy_document
from ..connection import CallFailed, Client, call
from ..plan import Impossible, Step
from ..resource import Observation, Overtaken
from ..roles import Role
from .role_policy import RolePolicy, title

# NoSuchEntity means a missing role or a missing policy, and only its words say which. AWS's words are "The role with
# name … cannot be found" and "The role policy with name … cannot be found"; LocalStack's and ministack's "Role … not
# found".
ROLE_MISSING = re.compile(r"The role with name \S+ cannot be found|Role \S+ not found")
POLICY_MISSING = re.compile(r"The role policy with name \S+ cannot be found")


def observe(iam: Client, role: Role, policy_name: str, role_needed: bool) -> Observation[RolePolicy]:
    """The policy as it is, read with one GetRolePolicy.

    Raises Impossible if the role is missing and needed.
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
    """Perform a step. Raises Overtaken if somebody else has removed the policy that the step removes."""
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

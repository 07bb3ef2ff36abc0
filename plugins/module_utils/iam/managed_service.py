# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Calls of IAM for a managed policy: read the policy and its attachments, and perform steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .. import policy_document, tags
from ..connection import CallFailed, Client, Connect, call
from ..plan import Impossible, Step
from ..resource import Observation, Overtaken
from ..roles import Role
from .managed_policy import Declared, ManagedPolicy, arn_of

# The errors of calls when somebody else was quicker: the policy is gone, is in use again, or has five versions.
QUICKER = {
    "DetachRolePolicy": ("NoSuchEntity",),
    "DeletePolicyVersion": ("NoSuchEntity", "DeleteConflict"),
    "DeletePolicy": ("NoSuchEntity", "DeleteConflict"),
    "CreatePolicyVersion": ("LimitExceeded",),
}


def policy_arn(parameters: Mapping[str, Any], connect: Connect, role: Role) -> str:
    """The ARN of the policy: given, or built with the account of the role or of the credentials."""
    if parameters.get("policy_arn"):
        return str(parameters["policy_arn"])
    arn = role.arn or call(connect("sts"), "GetCallerIdentity", {}, "find the account of the credentials")["Arn"]
    _arn, partition, _service, _region, account, _rest = arn.split(":", 5)
    return arn_of(parameters, partition, account)


def observe(iam: Client, role: Role, arn: str, declared: Declared) -> Observation[ManagedPolicy]:
    """The policy as it is, read with as few calls as the declaration needs.

    These are GetPolicy, GetPolicyVersion and ListAttachedRolePolicies. Versions and other holders are read only if the
    document will change or the policy will go. A policy that is only attached needs ListAttachedRolePolicies alone.
    Raises Impossible if a role or a policy is missing that the declaration needs.
    """
    if declared.attached_only:
        return Observation(_attachment(iam, role, arn, declared))
    name = arn.rpartition("/")[2]
    policy = _policy(iam, arn, name)
    if policy is None:
        if declared.present:
            _is_attached(iam, role, arn, needed=True)
        return Observation(None)
    default = policy["DefaultVersionId"]
    document = _document(iam, arn, name, default)
    found = ManagedPolicy(
        arn=arn,
        role_name=role.name,
        attached=_is_attached(iam, role, arn, needed=declared.present),
        document=document,
        description=policy.get("Description", ""),
        tags=tags.from_api(policy.get("Tags", [])),
    )
    if declared.document is not None and policy_document.fulfils(document, declared.document):
        return Observation(found)
    return Observation(_at_length(iam, role, found, bool(policy.get("PermissionsBoundaryUsageCount"))))


def perform(iam: Client, role: Role, arn: str, step: Step) -> None:
    """Perform a step. Raises Overtaken if somebody else was quicker, so that the plan is made anew."""
    resource = role.resource if "RoleName" in step.arguments else arn
    try:
        call(iam, step.call, step.arguments, step.sentence, resource)
    except CallFailed as failure:
        if failure.code in QUICKER.get(step.call, ()) and not failure.unsure:
            raise Overtaken from failure
        if step.call == "CreatePolicy" and failure.code == "EntityAlreadyExists":
            name = step.arguments["PolicyName"]
            remedy = f"there is a policy {name} with another path; give its path, or another policy_name"
            raise failure.with_remedy(remedy) from failure
        raise


def _attachment(iam: Client, role: Role, arn: str, declared: Declared) -> ManagedPolicy:
    attached = _is_attached(iam, role, arn, needed=declared.present)
    if declared.present and not attached and _policy(iam, arn, arn) is None:
        raise Impossible(f"policy_arn: there is no policy {arn}; name one that is there")
    return ManagedPolicy(arn, role.name, attached)


def _policy(iam: Client, arn: str, name: str) -> Any:
    """IAM's description of a policy; ``None`` if there is no such policy."""
    try:
        return call(iam, "GetPolicy", {"PolicyArn": arn}, f"read the managed policy {name}", arn)["Policy"]
    except CallFailed as failure:
        if failure.code != "NoSuchEntity":
            raise
        return None


def _document(iam: Client, arn: str, name: str, version: str) -> dict[str, Any]:
    purpose = f"read version {version} of the managed policy {name}"
    answer = call(iam, "GetPolicyVersion", {"PolicyArn": arn, "VersionId": version}, purpose, arn)
    try:
        return policy_document.from_api(answer["PolicyVersion"]["Document"])
    except ValueError as error:
        raise CallFailed(f"could not {purpose}: its document is {error}", "Unreadable") from error


def _is_attached(iam: Client, role: Role, arn: str, needed: bool) -> bool:
    """Whether the role has the policy. A missing role has none; if the role is needed, it is refused."""
    purpose = f"list the managed policies of role {role.name}"
    try:
        pages = paged(iam, "ListAttachedRolePolicies", {"RoleName": role.name}, purpose, role.resource)
        return any(each["PolicyArn"] == arn for page in pages for each in page["AttachedPolicies"])
    except CallFailed as failure:
        if failure.code != "NoSuchEntity":
            raise
        if needed:
            raise Impossible(role.if_missing) from failure
        return False


def _at_length(iam: Client, role: Role, policy: ManagedPolicy, bounds: bool) -> ManagedPolicy:
    """The policy with its other versions and its other holders."""
    purpose = f"list the versions of the managed policy {policy.name}"
    pages = paged(iam, "ListPolicyVersions", {"PolicyArn": policy.arn}, purpose, policy.arn)
    versions = [each["VersionId"] for page in pages for each in page["Versions"] if not each["IsDefaultVersion"]]
    return replace(
        policy,
        versions=tuple(sorted(versions, key=_number)),
        others=tuple(each for each in _holders(iam, policy, "PermissionsPolicy") if each != f"role {role.name}"),
        # For a policy that is nobody's boundary, LocalStack lists the entities that it is attached to.
        bounded=tuple(_holders(iam, policy, "PermissionsBoundary")) if bounds else (),
    )


def _holders(iam: Client, policy: ManagedPolicy, usage: str) -> Iterator[str]:
    """The entities that have a policy, attached or as their boundary."""
    purpose = f"list who has the managed policy {policy.name}"
    arguments = {"PolicyArn": policy.arn, "PolicyUsageFilter": usage}
    for page in paged(iam, "ListEntitiesForPolicy", arguments, purpose, policy.arn):
        yield from (f"role {each['RoleName']}" for each in page.get("PolicyRoles", []))
        yield from (f"user {each['UserName']}" for each in page.get("PolicyUsers", []))
        yield from (f"group {each['GroupName']}" for each in page.get("PolicyGroups", []))


def paged(iam: Client, operation: str, arguments: Mapping[str, Any], purpose: str, resource: str) -> Iterator[Any]:
    """The pages of a list, each read only when it is asked for."""
    page = call(iam, operation, arguments, purpose, resource)
    yield page
    while page.get("IsTruncated"):
        page = call(iam, operation, {**arguments, "Marker": page["Marker"]}, purpose, resource)
        yield page


def _number(version: str) -> int:
    return int(version.lstrip("v").partition(".")[0])

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""A managed policy and its attachment to a role: from the options, and the plan. Knows neither Ansible nor AWS."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .. import policy_document, tags
from ..plan import Impossible, Plan, Step, refuse
from ..policy_document import Document

VERSIONS_KEPT = 5  # IAM keeps no more of a policy
POLICY_ARN = re.compile(r"arn:[^:]+:iam::(?:\d{12}|aws):policy/(?:.+/)?[\w+=,.@-]{1,128}", re.ASCII)
PATH = re.compile(r"(?=.{1,512}$)(?:/[A-Za-z0-9.,+@=_-]+)*/")
DESCRIPTION_SIZE = 1000
OWN_OPTIONS = ("path", "description", "tags")  # these belong to a policy that the task makes


@dataclass(frozen=True)
class ManagedPolicy:
    """A managed policy, and whether the role has it.

    ``document``, ``description`` and ``tags`` are ``None`` if nobody read them: those of a policy that is only
    attached. ``versions`` are all versions but the default one, the oldest first. ``others`` names who has the policy
    beside the role, and ``bounded`` whose permissions boundary the policy is. The last three are read only if a step
    may depend on them.
    """

    arn: str
    role_name: str
    attached: bool
    document: Document | None = field(default=None, hash=False)
    description: str | None = None
    tags: Mapping[str, str] | None = field(default=None, hash=False)
    versions: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    bounded: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the policy, without its path."""
        return self.arn.rpartition("/")[2]

    @property
    def path(self) -> str:
        """The path of the policy, from the first slash to the last."""
        return "/" + self.arn.partition("/")[2].rpartition("/")[0] + "/" if self.arn.count("/") > 1 else "/"


@dataclass(frozen=True)
class Declared:
    """The declared parts of a managed policy. A part that is ``None`` stays as observed."""

    present: bool
    attached_only: bool = False
    document: Document | None = field(default=None, hash=False)
    description: str | None = None
    tags: Mapping[str, str] | None = field(default=None, hash=False)
    purge_tags: bool = True


def declared(parameters: Mapping[str, Any]) -> Declared:
    """The declared parts, checked. Raises Impossible for options that are wrong."""
    arn = parameters.get("policy_arn")
    if arn is not None:
        if not POLICY_ARN.fullmatch(arn):
            raise Impossible(f"policy_arn: '{arn}' is not the ARN of a managed policy; {_example()}")
        for name in OWN_OPTIONS:
            if parameters.get(name) is not None:
                raise Impossible(
                    f"{name}: the policy of policy_arn is attached as it is; leave {name} out, or give policy_name"
                )
        return Declared(parameters["state"] == "present", attached_only=True)
    if not PATH.fullmatch(_path(parameters)):
        raise Impossible(f"path: '{parameters['path']}' is not a path; give one that begins and ends with /")
    description = parameters.get("description") or ""
    if len(description) > DESCRIPTION_SIZE:
        raise Impossible(f"description: it is too long; give up to {DESCRIPTION_SIZE} characters")
    if any(unicodedata.category(sign) == "Cc" for sign in description):
        raise Impossible("description: it has a line break or another control character; write it in one line")
    labels = parameters.get("tags")
    refuse(tags.mistakes(labels or {}))
    if parameters["state"] == "absent":
        return Declared(present=False)
    document: Document = policy_document.from_option(parameters["policy_document"])
    policy_document.check_identity_policy(document, managed=True)
    return Declared(
        present=True,
        document=document,
        description=parameters.get("description"),
        tags=None if labels is None else tags.from_option(labels),
        purge_tags=parameters.get("purge_tags", True),
    )


def refuse_for_inline(parameters: Mapping[str, Any]) -> None:
    """Refuse options that only a managed policy can have."""
    for name in OWN_OPTIONS:
        if parameters.get(name) is not None:
            raise Impossible(f"{name}: an inline policy has none; leave it out, or give type: managed")


def arn_of(parameters: Mapping[str, Any], partition: str, account: str) -> str:
    """The ARN that the declared policy has in an account."""
    return f"arn:{partition}:iam::{account}:policy{_path(parameters)}{parameters['policy_name']}"


def title(arn: str, role_name: str) -> str:
    """The name of the policy and its attachment in sentences."""
    return f"managed policy {arn.rpartition('/')[2]} of role {role_name}"


def desire(declared: Declared, observed: ManagedPolicy | None, arn: str, role_name: str) -> ManagedPolicy | None:
    """The declared policy laid over the observed one. A policy that others have too is detached, not deleted."""
    if not declared.present:
        stays = observed and (declared.attached_only or observed.others or observed.bounded)
        return replace(observed, attached=False) if observed and stays else None
    before = observed or ManagedPolicy(arn, role_name, attached=False, tags={})
    document = declared.document
    if document and before.document and policy_document.fulfils(before.document, document):
        document = before.document
    labels = before.tags
    if declared.tags is not None:
        labels = tags.desire(declared.tags, before.tags or {}, declared.purge_tags)
    description = before.description if declared.description is None else declared.description
    return replace(before, attached=True, document=document, description=description, tags=labels)


def plan(desired: ManagedPolicy | None, observed: ManagedPolicy | None) -> Plan:
    """The steps that make ``desired`` of ``observed`` (``None``: no policy)."""
    if desired is None:
        return tuple(_removal(observed)) if observed else ()
    return tuple(_change(desired, observed) if observed else _creation(desired))


def describe(policy: ManagedPolicy | None) -> dict[str, Any]:
    """The policy in option names."""
    if policy is None:
        return {}
    parts: dict[str, Any] = {
        "policy_document": None if policy.document is None else dict(policy.document),
        "description": policy.description,
        "tags": None if policy.tags is None else dict(policy.tags),
    }
    return {
        "role_name": policy.role_name,
        "policy_name": policy.name,
        "policy_arn": policy.arn,
        "path": policy.path,
        "attached": policy.attached,
        **{name: part for name, part in parts.items() if part is not None},
    }


def _creation(desired: ManagedPolicy) -> Iterator[Step]:
    document: Document = desired.document or {}
    arguments: dict[str, Any] = {
        "PolicyName": desired.name,
        "Path": desired.path,
        "PolicyDocument": policy_document.to_text(document),
    }
    if desired.description:
        arguments["Description"] = desired.description
    if desired.tags:
        arguments["Tags"] = tags.to_api(desired.tags)
    changes = "; ".join(policy_document.differences(None, document))
    yield Step("iam", "CreatePolicy", arguments, f"create the managed policy {desired.name} ({changes})")
    yield _attach(desired)


def _change(desired: ManagedPolicy, observed: ManagedPolicy) -> Iterator[Step]:
    """Document before attachment, so that the role never gets rights that are no longer declared."""
    if (desired.description or "") != (observed.description or ""):
        raise Impossible(
            f"description: IAM cannot change that of the managed policy {observed.name} "
            f"('{observed.description or ''}'); declare this one or none, or remove the policy first"
        )
    if desired.document is not None and not _is_written(observed.document, desired.document):
        yield from _new_version(desired, desired.document, observed)
    name = f"the managed policy {observed.name}"
    for step in tags.steps(observed.arn, name, desired.tags, observed.tags):
        others = {key: value for key, value in step.arguments.items() if key != "ResourceArn"}
        call = step.call.replace("Resource", "Policy")
        yield step._replace(service="iam", call=call, arguments={"PolicyArn": observed.arn, **others})
    if desired.attached and not observed.attached:
        yield _attach(desired)
    if observed.attached and not desired.attached:
        yield _detach(observed, _left_because(observed))


def _new_version(desired: ManagedPolicy, document: Document, observed: ManagedPolicy) -> Iterator[Step]:
    """A new default version; the oldest of the others is deleted to make room for it."""
    excess = len(observed.versions) + 1 - (VERSIONS_KEPT - 1)
    for version in observed.versions[: max(excess, 0)]:
        yield _delete_version(observed, version, f", the oldest of {len(observed.versions) + 1}")
    changes = "; ".join(policy_document.differences(observed.document, document))
    yield Step(
        "iam",
        "CreatePolicyVersion",
        {"PolicyArn": observed.arn, "PolicyDocument": policy_document.to_text(document), "SetAsDefault": True},
        f"put the managed policy {desired.name} in a new default version"
        + (f" ({changes})" if changes else "")
        + "".join(f", which {remark}" for remark in _shared(observed)),
    )


def _removal(observed: ManagedPolicy) -> Iterator[Step]:
    """Detach, delete all versions but the default one, delete: IAM refuses to delete any other policy."""
    if observed.attached:
        yield _detach(observed, "")
    for version in observed.versions:
        yield _delete_version(observed, version, "")
    yield Step("iam", "DeletePolicy", {"PolicyArn": observed.arn}, f"delete the managed policy {observed.name}")


def _attach(policy: ManagedPolicy) -> Step:
    arguments = {"RoleName": policy.role_name, "PolicyArn": policy.arn}
    return Step(
        "iam", "AttachRolePolicy", arguments, f"attach the managed policy {policy.name} to role {policy.role_name}"
    )


def _detach(policy: ManagedPolicy, remark: str) -> Step:
    arguments = {"RoleName": policy.role_name, "PolicyArn": policy.arn}
    sentence = f"detach the managed policy {policy.name} from role {policy.role_name}{remark}"
    return Step("iam", "DetachRolePolicy", arguments, sentence)


def _delete_version(policy: ManagedPolicy, version: str, remark: str) -> Step:
    arguments = {"PolicyArn": policy.arn, "VersionId": version}
    return Step(
        "iam", "DeletePolicyVersion", arguments, f"delete version {version} of the managed policy {policy.name}{remark}"
    )


def _shared(policy: ManagedPolicy) -> list[str]:
    """Remarks on who else is affected by a change of the policy."""
    remarks = [f"also counts for {', '.join(policy.others)}"] if policy.others else []
    return remarks + ([f"is the permissions boundary of {', '.join(policy.bounded)}"] if policy.bounded else [])


def _left_because(policy: ManagedPolicy) -> str:
    shared = " and ".join(_shared(policy))
    return f", and leave the policy itself, since it {shared}" if shared else ""


def _is_written(observed: Document | None, document: Document) -> bool:
    return observed is not None and policy_document.fulfils(observed, document)


def _path(parameters: Mapping[str, Any]) -> str:
    return parameters.get("path") or "/"


def _example() -> str:
    return "give one such as arn:aws:iam::aws:policy/AWSLambdaExecute"

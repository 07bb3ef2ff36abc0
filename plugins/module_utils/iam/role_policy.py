# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""An inline policy of a role: its value from the options, and its plan. Knows neither Ansible nor AWS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import policy_document
from ..plan import Plan, Step
from ..policy_document import Document
from ..role_names import check_principal, misnamed, refuse_without

POLICY_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)


@dataclass(frozen=True)
class RolePolicy:
    """An inline policy: its role, its name and its document."""

    role_name: str
    policy_name: str
    document: Document = field(hash=False)


def check_names(parameters: Mapping[str, Any]) -> None:
    """Refuse a name that IAM or Lambda could not have, before any call."""
    policy = parameters.get("policy_name")
    refuse_without(parameters, "policy_name", "policy_arn")
    if parameters.get("policy_arn") is None and not POLICY_NAME.fullmatch(policy or ""):
        raise misnamed("policy_name", policy, "give 1 to 128 letters, digits and characters of _+=,.@-")
    check_principal(parameters)


def declared_document(parameters: Mapping[str, Any]) -> Document | None:
    """The declared document, checked; ``None`` for ``state: absent``."""
    if parameters["state"] == "absent":
        return None
    document: Document = policy_document.from_option(parameters["policy_document"])
    policy_document.check_identity_policy(document)
    return document


def desire(declared: RolePolicy | None, observed: RolePolicy | None) -> RolePolicy | None:
    """Return the desired policy; the observed one if both are equivalent."""
    return observed if declared and observed and _fulfils(observed, declared) else declared


def plan(desired: RolePolicy | None, observed: RolePolicy | None) -> Plan:
    """The steps that make ``desired`` of ``observed`` (``None``: no policy)."""
    if desired is None:
        return (_delete(observed),) if observed else ()
    if observed and _fulfils(observed, desired):
        return ()
    return (_put(desired, observed),)


def describe(policy: RolePolicy | None) -> dict[str, Any]:
    """The policy in option names."""
    if policy is None:
        return {}
    return {
        "role_name": policy.role_name,
        "policy_name": policy.policy_name,
        "policy_document": dict(policy.document),
    }


def title(role_name: str, policy_name: str) -> str:
    """The name of the policy in sentences."""
    return f"policy {policy_name} on role {role_name}"


def _fulfils(observed: RolePolicy, desired: RolePolicy) -> bool:
    return policy_document.fulfils(observed.document, desired.document)


def _put(desired: RolePolicy, observed: RolePolicy | None) -> Step:
    changes = policy_document.differences(observed.document if observed else None, desired.document)
    return Step(
        "iam",
        "PutRolePolicy",
        {**_names(desired), "PolicyDocument": policy_document.to_text(desired.document)},
        f"put the {title(desired.role_name, desired.policy_name)}" + (f" ({'; '.join(changes)})" if changes else ""),
    )


def _delete(observed: RolePolicy) -> Step:
    return Step(
        "iam",
        "DeleteRolePolicy",
        _names(observed),
        f"remove the policy {observed.policy_name} from role {observed.role_name}",
    )


def _names(policy: RolePolicy) -> dict[str, str]:
    return {"RoleName": policy.role_name, "PolicyName": policy.policy_name}

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The policies that a role has besides the one that a task declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..connection import CallFailed, Client, ComparedInPart, Unread
from ..roles import Role
from .managed_service import paged

PART = "other_policies"


def others(iam: Client, role: Role, own: str, find: Callable[[], dict[str, Any]]) -> list[dict[str, str]]:
    """The role's other policies, the inline ones first; ``own`` is the name or the ARN of the declared one.

    Where they cannot be listed, raises ComparedInPart with ``find``, which finds the rest. A missing role has none.
    """
    asked = {"RoleName": role.name}
    try:
        inline = paged(iam, "ListRolePolicies", asked, f"list the inline policies of role {role.name}", role.resource)
        names = [name for page in inline for name in page["PolicyNames"]]
        attached = paged(
            iam, "ListAttachedRolePolicies", asked, f"list the managed policies of role {role.name}", role.resource
        )
        arns = [each["PolicyArn"] for page in attached for each in page["AttachedPolicies"]]
    except CallFailed as failure:
        if failure.code == "NoSuchEntity":
            return []
        raise ComparedInPart(Unread({("", PART): failure}), {PART: failure.sentence}, find) from failure
    found = [{"name": name, "type": "inline"} for name in sorted(names)]
    found += [{"name": arn, "type": "managed"} for arn in sorted(arns)]
    return [each for each in found if each["name"] != own]

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The resource policy of a table: who else may do what with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ... import policy_document
from ...plan import Step
from ..part import Read
from ..table import Table

LARGEST = 20 * 1024  # bytes, white space counted


def mistakes(options: Mapping[str, Any]) -> Iterator[str]:
    """A policy that is none, or is too large (rule a-policy-has-a-size)."""
    if not options.get("resource_policy"):
        return
    policy = policy_document.to_text(policy_document.from_option(options["resource_policy"]))
    if len(policy.encode()) > LARGEST:
        yield f"resource_policy: it is larger than {LARGEST} bytes; shorten it"


def desire(options: Mapping[str, Any], observed: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The declared policy, unless the observed one means the same (rule a-policy-is-equal-by-meaning)."""
    declared: Mapping[str, Any] = policy_document.from_option(options["resource_policy"])
    if observed and declared and policy_document.fulfils(observed, declared):
        return observed
    # A policy without a version reads back with this one, and yet is another policy to AWS
    # (rule a-policy-says-its-version).
    return {"Version": policy_document.DEFAULT_VERSION, **declared} if declared else declared


def to_options(value: Mapping[str, Any]) -> dict[str, Any]:
    """A policy as its option takes it."""
    return dict(value)


def read(name: str, arn: str) -> Read:
    """GetResourcePolicy, which fails for a table without a policy."""
    purpose = f"read the resource policy of table {name}"
    return Read("GetResourcePolicy", {"ResourceArn": arn}, purpose, none=("PolicyNotFoundException",))


def from_api(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The policy that the answer holds as text."""
    policy: dict[str, Any] = json.loads(answer["Policy"]) if answer.get("Policy") else {}
    return policy


def to_api(value: Mapping[str, Any]) -> str:
    """The policy's text."""
    return json.dumps(value)


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """Put the policy, or remove it, if the two mean different things (rule a-policy-is-equal-by-meaning)."""
    after, before = desired.resource_policy, observed.resource_policy
    if after is None or before is None or after == before:
        return
    if not after:
        sentence = f"remove the resource policy of {observed.name}"
        yield Step("dynamodb", "DeleteResourcePolicy", {"ResourceArn": observed.arn}, sentence)
        return
    changes = "; ".join(policy_document.differences(before, after)) if before else "there was none"
    arguments = {"ResourceArn": observed.arn, "Policy": to_api(after)}
    yield Step("dynamodb", "PutResourcePolicy", arguments, f"put the resource policy of {observed.name} ({changes})")

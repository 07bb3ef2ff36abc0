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
    """What is no policy, and what is too large a one (rule a-policy-has-a-size)."""
    if not options.get("resource_policy"):
        return
    policy = policy_document.to_text(policy_document.from_option(options["resource_policy"]))
    if len(policy.encode()) > LARGEST:
        yield f"resource_policy: it is larger than {LARGEST} bytes; shorten it"


def desire(options: Mapping[str, Any], live: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The declared policy, unless the live one means the same (rule a-policy-is-equal-by-meaning)."""
    wanted: Mapping[str, Any] = policy_document.from_option(options["resource_policy"])
    if live and wanted and policy_document.fulfils(live, wanted):
        return live
    # What is left out reads back as this, and yet is another policy to AWS (rule a-policy-says-its-version).
    return {"Version": policy_document.DEFAULT_VERSION, **wanted} if wanted else wanted


def to_options(value: Mapping[str, Any]) -> dict[str, Any]:
    """A policy as its option takes it."""
    return dict(value)


def read(name: str, arn: str) -> Read:
    """GetResourcePolicy, which fails where there is none."""
    purpose = f"read the resource policy of table {name}"
    return Read("GetResourcePolicy", {"ResourceArn": arn}, purpose, none=("PolicyNotFoundException",))


def from_api(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The policy, of which AWS tells the text."""
    policy: dict[str, Any] = json.loads(answer["Policy"]) if answer.get("Policy") else {}
    return policy


def to_api(value: Mapping[str, Any]) -> str:
    """The policy's text."""
    return json.dumps(value)


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """Put, or removed, where it means something else (rule a-policy-is-equal-by-meaning)."""
    wanted, live = desired.resource_policy, observed.resource_policy
    if wanted is None or live is None or wanted == live:
        return
    if not wanted:
        sentence = f"remove the resource policy of {observed.name}"
        yield Step("dynamodb", "DeleteResourcePolicy", {"ResourceArn": observed.arn}, sentence)
        return
    changes = "; ".join(policy_document.differences(live, wanted)) if live else "there was none"
    arguments = {"ResourceArn": observed.arn, "Policy": to_api(wanted)}
    yield Step("dynamodb", "PutResourcePolicy", arguments, f"put the resource policy of {observed.name} ({changes})")

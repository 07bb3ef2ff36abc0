# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Protection against deletion, of a table and of a replica of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...plan import Step
from ..table import Table


def mistakes(_options: Mapping[str, Any]) -> Iterator[str]:
    """None: it is on or off."""
    yield from ()


def desire(options: Mapping[str, Any], live: bool) -> bool:
    """As declared, else as it is."""
    declared = options.get("deletion_protection_enabled")
    return live if declared is None else bool(declared)


def to_options(value: bool) -> bool:
    """Protection as its option takes it."""
    return value


def from_api(answer: Mapping[str, Any]) -> bool:
    """Whether the description of a table tells of it."""
    return bool(answer.get("DeletionProtectionEnabled"))


def to_api(value: bool) -> dict[str, Any]:
    """What CreateTable takes of it."""
    return {"DeletionProtectionEnabled": True} if value else {}


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """Alone in its call (rule protection-travels-alone)."""
    if desired.deletion_protection_enabled != observed.deletion_protection_enabled:
        protected = desired.deletion_protection_enabled
        sentence = f"{'protect' if protected else 'no longer protect'} table {observed.name} against deletion"
        arguments = {"TableName": observed.name, "DeletionProtectionEnabled": protected}
        yield Step("dynamodb", "UpdateTable", arguments, sentence, lengthy=True)

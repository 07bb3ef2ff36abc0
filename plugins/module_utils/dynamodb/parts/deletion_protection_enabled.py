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
    """None: protection is on or off."""
    yield from ()


def desire(options: Mapping[str, Any], observed: bool) -> bool:
    """The declared protection, else the observed one."""
    declared = options.get("deletion_protection_enabled")
    return observed if declared is None else bool(declared)


def to_options(value: bool) -> bool:
    """Protection as its option takes it."""
    return value


def from_api(answer: Mapping[str, Any]) -> bool:
    """Whether the description of a table says that it is protected."""
    return bool(answer.get("DeletionProtectionEnabled"))


def to_api(value: bool) -> dict[str, Any]:
    """The member of CreateTable, which protection that is off does not need."""
    return {"DeletionProtectionEnabled": True} if value else {}


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """On or off, alone in its call (rule protection-travels-alone)."""
    if desired.deletion_protection_enabled != observed.deletion_protection_enabled:
        protected = desired.deletion_protection_enabled
        sentence = f"{'protect' if protected else 'no longer protect'} table {observed.name} against deletion"
        arguments = {"TableName": observed.name, "DeletionProtectionEnabled": protected}
        yield Step("dynamodb", "UpdateTable", arguments, sentence, lengthy=True)

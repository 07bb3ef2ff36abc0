# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Protection of a table with replicas against leaving its global table."""

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
    declared = options.get("disassociation_protection_enabled")
    return observed if declared is None else bool(declared)


def to_options(value: bool) -> bool:
    """Protection as its option takes it."""
    return value


def from_api(answer: Mapping[str, Any]) -> bool:
    """Whether a table is protected, which is the default (rule leaving-is-protected-by-default)."""
    return bool(answer.get("DisassociationProtectionEnabled", True))


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """On or off, alone in its call (rule leaving-protection-travels-alone)."""
    if desired.disassociation_protection_enabled != observed.disassociation_protection_enabled:
        protected = desired.disassociation_protection_enabled
        sentence = (
            f"{'protect' if protected else 'no longer protect'} table {observed.name} against leaving its replicas"
        )
        arguments = {"TableName": observed.name, "DisassociationProtectionEnabled": protected}
        yield Step("dynamodb", "UpdateTable", arguments, sentence, lengthy=True)

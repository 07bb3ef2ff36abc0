# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The class of a table: how storage and requests are priced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...plan import Step
from ..table import NEW, Table


def mistakes(_options: Mapping[str, Any]) -> Iterator[str]:
    """None: Ansible checks the choices."""
    yield from ()


def desire(options: Mapping[str, Any], observed: str) -> str:
    """The declared class, else the observed one."""
    return options.get("table_class") or observed


def to_options(value: str) -> str:
    """A class as its option takes it."""
    return value


def from_api(answer: Mapping[str, Any]) -> str:
    """No summary is STANDARD (rule class-absent-is-standard)."""
    return (answer.get("TableClassSummary") or {}).get("TableClass") or NEW.table_class


def to_api(value: str) -> dict[str, Any]:
    """The member of CreateTable, which the class that a table has anyway does not need."""
    return {} if value == NEW.table_class else {"TableClass": value}


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """Another class, which must be the only operation in its call (rule class-travels-alone)."""
    if desired.table_class != observed.table_class:
        arguments = {"TableName": observed.name, "TableClass": desired.table_class}
        sentence = f"move table {observed.name} to the table class {desired.table_class}"
        yield Step("dynamodb", "UpdateTable", arguments, sentence, lengthy=True)

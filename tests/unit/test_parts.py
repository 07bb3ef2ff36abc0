# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every part of a table has what docs/architecture.md asks for ("Where a new part of a table goes")."""

from __future__ import annotations

import dataclasses
import inspect
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from plugins.module_utils.dynamodb import finding
from plugins.module_utils.dynamodb.finding import ASKED, DESCRIBED
from plugins.module_utils.dynamodb.part import AskedPart, Part
from plugins.module_utils.dynamodb.table import COMES_LATER, COMES_WITH_CREATION, NEW, Table
from plugins.modules import dynamodb_table
from tests.convergence import declarations

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "plugins" / "module_utils" / "dynamodb" / "parts"
PARTS = (*DESCRIBED, *ASKED)
# The field of Table, where it is called otherwise than the option.
FIELDS = {"stream_specification": "stream", "sse_specification": "encryption"}
# What only a table can have that is there: it is compared, and yet no part.
KEPT_BY_PHASE = {
    "name",
    "key_schema",
    "indexes",
    "vector_indexes",
    "billing_mode",
    "throughput",
    "on_demand_throughput",
    "warm_throughput",
}
FROM_A_RESTORE = {"encryption"}


def file(option: str) -> ModuleType:
    return import_module(f"plugins.module_utils.dynamodb.parts.{option}")


def functions(protocol: type) -> list[str]:
    members = inspect.getmembers(protocol, inspect.isfunction)
    return [name for name, _function in members if not name.startswith("_")]


def test_each_file_is_a_part_and_each_part_a_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == set(PARTS)


@pytest.mark.parametrize("option", PARTS)
def test_a_part_has_what_every_part_has(option: str) -> None:
    wanted = functions(AskedPart if option in ASKED else Part)
    assert [name for name in wanted if not inspect.isfunction(getattr(file(option), name, None))] == []


@pytest.mark.parametrize("option", ASKED)
def test_a_part_is_found_by_its_option(option: str) -> None:
    assert finding.asked(option) is file(option)


@pytest.mark.parametrize("option", PARTS)
def test_a_part_says_what_a_new_table_has_of_it(option: str) -> None:
    assert getattr(NEW, FIELDS.get(option, option)) is not None


@pytest.mark.parametrize("option", PARTS)
def test_a_part_is_documented_and_is_an_option(option: str) -> None:
    assert option in dynamodb_table.OPTIONS
    assert option in yaml.safe_load(dynamodb_table.DOCUMENTATION)["options"]


@pytest.mark.parametrize("option", PARTS)
def test_a_part_has_its_row_in_the_docs(option: str) -> None:
    rows = [line for line in (ROOT / "docs" / "table.md").read_text().splitlines() if line.startswith("| ")]
    assert [row for row in rows if f"`{option}`" in row] != []


@pytest.mark.parametrize("option", PARTS)
def test_a_part_cites_its_rules(option: str) -> None:
    assert re.search(r"[Rr]ules? [a-z]+(-[a-z]+)+", inspect.getsource(file(option))) is not None


@pytest.mark.parametrize("option", PARTS)
def test_random_tables_have_a_part(option: str) -> None:
    assert f'"{option}": often(' in inspect.getsource(declarations)


def test_every_field_of_a_table_is_said_to_come_with_its_creation_or_later() -> None:
    """A field that is in neither list would keep the value of the source where a table is restored from another."""
    compared = {field.name for field in dataclasses.fields(Table) if field.compare}
    assert {*COMES_LATER, *COMES_WITH_CREATION, *KEPT_BY_PHASE, *FROM_A_RESTORE} == compared

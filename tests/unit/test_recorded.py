# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tables of AWS itself, as it described them: each is declared from its own description, and nothing is false drift."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

import pytest

from plugins.module_utils import audit, front
from plugins.modules import dynamodb_table, dynamodb_table_info
from tests.declaring import options_of
from tests.unit import recorded
from tests.unit.recorded import ALL, TABLES, Answers, Aws, Recorded

TODAY = datetime.date(2026, 11, 1)
SALT = "00" * 16
# Licences whose works may be part of one under the GPL, version 3.
COMPATIBLE = {"Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause"}


@pytest.fixture(scope="module")
def aws() -> Aws:
    return Aws()


def run(aws: Aws, module: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of a task in check mode, which did not fail."""
    result = front.answer(module.run, options_of(module, given), aws, True)
    assert not result.get("failed"), result
    return result


def hold(aws: Aws, answers: Answers) -> None:
    """The property: a table is in sync with its own description, as it is read here and as dynamodb_table_info does."""
    aws.answers = answers
    table = answers["DescribeTable"]["Table"]
    undeclared = {"warm_throughput"}  # AWS's own, until somebody buys more
    if len(table["KeySchema"]) == 1:
        undeclared |= {"range_key_name", "range_key_type"}
    read = run(aws, dynamodb_table_info, {"name": table["TableName"]})
    assert read["warnings"] == [], "a part could not be read"
    if table["TableStatus"] == "CREATING":
        undeclared |= {"tags", "resource_policy"}  # CreateTable may have carried them, and they cannot be read yet
    assert compared(aws, read["tables"][0]) <= undeclared
    compared(aws, recorded.declaration(answers))


def compared(aws: Aws, declared: Mapping[str, Any]) -> set[str]:
    """The parts that nobody declares. All others are in sync, and there is no step."""
    planned = run(aws, dynamodb_table, declared)
    assert planned["plan"] == []
    found = audit.audit({"table": planned}, None, [], TODAY, SALT)
    verdicts = {part.name: part.verdict for part in found.things[0].parts}
    assert found.status == 0
    assert [*verdicts.values()].count(audit.IN_SYNC) > 8, "nearly nothing was compared"
    assert {*verdicts.values()} <= {audit.IN_SYNC, audit.NOT_COMPARED}
    return {part for part, verdict in verdicts.items() if verdict == audit.NOT_COMPARED}


@pytest.mark.parametrize("each", TABLES, ids=lambda each: each.source)
def test_a_recorded_table_is_in_sync_with_its_own_description(aws: Aws, each: Recorded) -> None:
    hold(aws, each.answers)


@pytest.mark.parametrize("each", TABLES, ids=lambda each: each.source)
def test_a_recorded_table_with_any_recorded_parts_is_in_sync_with_its_own_description(aws: Aws, each: Recorded) -> None:
    for answers in recorded.mixed(each):
        hold(aws, answers)


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.source)
def test_what_is_recorded_names_its_source_and_no_account(each: Recorded) -> None:
    assert re.fullmatch(r"[\w.-]+/[\w.-]+ \S.*", each.source), "repository, then path"
    assert each.licence in COMPATIBLE
    assert each.kind in ("recorded", "documented")
    assert {*re.findall(r"(?<![\d-])\d{12}(?!\d)", str(each.answers))} <= {"123456789012", "210987654321"}

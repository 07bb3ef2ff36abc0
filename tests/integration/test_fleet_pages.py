# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What reviewers read of many tables: the plan and the audit of a thousand, before a change, after it, and again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils import front
from plugins.module_utils.connection import connector
from plugins.modules import audit, dynamodb_tables, plan
from tests.declaring import options_of
from tools.endpoint import Endpoint

# Each region has a pace of its own, so that a thousand tables are written in seconds.
REGIONS = [f"us-east-{number}" for number in range(1, 41)]
KEYS = {"hash_key_name": "pk"}
TABLES = [{"name": f"page_{number}", "region": REGIONS[number % len(REGIONS)]} for number in range(1000)]
NAMES = "<details><summary>The names of 1000 tables</summary>"
FIRST = r"page\_0, page\_1, page\_2 and 997 more"


class Pages:
    """The pages on a fleet, in a folder."""

    def __init__(self, endpoint: Endpoint, folder: Path) -> None:
        self.connection = endpoint.connection
        self.folder = folder

    def run(self, module: Any, results: dict[str, Any], **given: Any) -> dict[str, Any]:
        parameters = options_of(module, {"results": results, **given, **self.connection})
        return front.answer(module.run, parameters, connector(self.connection), True)

    def plan(self, results: dict[str, Any], **given: Any) -> tuple[dict[str, Any], list[str]]:
        """The plan, and the lines of its page that are not empty."""
        made = self.run(plan, results, folder=str(self.folder), **given)
        assert not made.get("failed"), made["msg"][:2000]
        return made, self.lines("plan.md")

    def lines(self, name: str) -> list[str]:
        """The lines of a page that are not empty."""
        page = (self.folder / name).read_text()
        assert len(page) <= 60_000
        return [line for line in page.splitlines() if line]

    def tables(self, check_mode: bool, tables: list[dict[str, Any]] = TABLES, **given: Any) -> dict[str, Any]:
        """What a task with many tables returns."""
        declared = {"tables": tables, "defaults": {**KEYS, **given}, "details": True, **self.connection}
        parameters = options_of(dynamodb_tables, declared)
        return front.answer(dynamodb_tables.run, parameters, connector(self.connection), check_mode)


@pytest.fixture
def pages(ministack: Endpoint, tmp_path: Path) -> Pages:
    return Pages(ministack, tmp_path)


def make(connection: dict[str, str]) -> None:
    clients = {region: connector({**connection, "region": region})("dynamodb") for region in REGIONS}
    for table in TABLES:
        clients[table["region"]].create_table(
            TableName=table["name"],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )


def test_a_common_change_of_a_thousand_tables_is_a_page_of_twelve_lines(pages: Pages) -> None:
    make(pages.connection)
    promised = pages.tables(check_mode=True, tags={"team": "a"})
    made, lines = pages.plan({"table": promised}, file=str(pages.folder / "plan.json"))
    things = json.loads((pages.folder / "plan.json").read_text())["things"]
    assert [thing["name"].split()[1] for thing in things] == [table["name"] for table in TABLES]
    assert len(made["sentences"]) == 1000
    body, names = lines[: lines.index(NAMES) + 1], lines[lines.index(NAMES) + 1 :]
    assert len(body) <= 12, body
    assert names[0].startswith(r"- us-east-1 of account 000000000000: page\_0, page\_40, ")
    assert (len(names), names[-1]) == (len(REGIONS) + 1, "</details>")
    assert lines[0] == "## 1000 steps for 1000 tables, 1 to 5 s each"
    assert lines[1] == f"- 1000 tables in 40 regions of account 000000000000 ({FIRST}): 1 step each"
    assert rf"- **1.** 1000 tables: tag \{{name\}} with team=a ({FIRST}; 1 to 5 s each)" in lines
    found = pages.run(audit, {"table": promised}, report=str(pages.folder))
    assert (found["status"], found["verdicts"]["drifted"]) == (2, 1000)
    assert pages.lines("audit.md").index(NAMES) <= 12
    done = pages.tables(check_mode=False, tags={"team": "a"})
    assert done["plans"] == promised["plans"]
    again = pages.tables(check_mode=True, tags={"team": "a"})
    bound, lines = pages.plan({"table": again}, approved_file=str(pages.folder / "plan.json"))
    assert (bound["bound"], bound["sentences"], lines[0]) == (True, [], "## Nothing to do")
    assert pages.run(audit, {"table": again})["status"] == 0


def test_a_table_that_is_not_there_is_planned_in_the_account_of_its_role(pages: Pages) -> None:
    role = "arn:aws:iam::123456789012:role/tables"
    tables: list[dict[str, Any]] = [{"name": "page_absent"}, {"name": "page_absent", "role_arn": role}]
    made, _lines = pages.plan({"table": pages.tables(True, tables)})
    assert [(thing["name"], thing["account_id"]) for thing in made["report"]["things"]] == [
        ("table page_absent in us-east-1", "000000000000"),
        ("table page_absent in us-east-1 (2)", "123456789012"),
    ]

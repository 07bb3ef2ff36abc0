# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many tables are held to what was approved of them: promised, approved, done, and done again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from plugins.modules import audit, plan
from tests.integration.test_fleets import Fleet
from tests.proxy import proxied
from tools.endpoint import Endpoint

ANEW = "plan anew, and have that approved"


@pytest.fixture
def fleet(ministack: Endpoint) -> Iterator[Fleet]:
    with proxied(ministack) as proxy:
        yield Fleet(proxy, ministack)


def look(fleet: Fleet, tables: list[dict[str, Any]]) -> Any:
    """The tables of a run in check mode, as a file keeps them."""
    return json.loads(json.dumps(fleet.apply(tables, check_mode=True, details=True)["tables"]))


def test_many_tables_are_held_to_an_approved_plan(fleet: Fleet) -> None:
    names = fleet.names(2)
    tables: list[dict[str, Any]] = [{"name": names[0]}, {"name": names[1], "time_to_live": {"attribute_name": "ttl"}}]
    planned = look(fleet, tables)
    approved = fleet.run(plan, check_mode=True, results={"table": planned})["report"]
    assert [thing["name"] for thing in approved["things"]] == [f"table {name} in us-east-1" for name in names]
    others = [tables[0], {"name": names[1], "time_to_live": {"attribute_name": "other"}}]
    for check_mode in (True, False):
        refused = fleet.apply(others, check_mode, approved_tables=planned)
        assert "approved_tables: to expire items of" in refused["msg"]
        assert fleet.writes() == [], "one step that nobody approved keeps all tables from being changed"
    promised = fleet.apply(tables, check_mode=True, approved_tables=planned)
    done = fleet.apply(tables, approved_tables=planned)
    assert {**done, "check_mode": True} == promised
    assert sorted(fleet.writes()) == [
        *(("CreateTable", name) for name in names), ("UpdateTimeToLive", names[1])
    ]  # fmt: skip
    again = fleet.apply(tables, approved_tables=planned)
    assert (again["changed"], fleet.writes()) == (False, [])
    bound = fleet.run(plan, check_mode=True, results={"table": look(fleet, tables)}, approved=approved)
    assert (bound["bound"], bound["sentences"]) == (True, [])


def test_a_plan_of_many_tables_that_is_half_done_is_done(fleet: Fleet) -> None:
    names = fleet.names(2)
    tables = [{"name": name} for name in names]
    planned = look(fleet, tables)
    approved = fleet.run(plan, check_mode=True, results={"table": planned})["report"]
    fleet.apply(tables[:1])
    bound = fleet.run(plan, check_mode=True, results={"table": look(fleet, tables)}, approved=approved)
    assert bound["sentences"] == [f"create table {names[1]} with hash key pk (S), on demand"]
    fleet.writes()
    assert fleet.apply(tables, approved_tables=planned)["changed"] is True
    assert fleet.writes() == [("CreateTable", names[1])]


def test_an_approval_of_other_tables_is_refused(fleet: Fleet) -> None:
    names = fleet.names(2)
    planned = look(fleet, [{"name": names[0]}])
    for tables, approved, sentence in (
        ([names[0], names[1]], planned, f"approved_tables: there are 2 tables, and 1 were approved; {ANEW}"),
        ([names[1]], planned, f"approved_tables[0]: the table is {names[1]}, and {names[0]} was approved; {ANEW}"),
        ([names[0]], [{"name": names[0]}], "approved_tables[0]: it has no plan; "),
        ([names[0]], [{"name": names[0], "plan": ["create"]}], "approved_tables: these are no steps; "),
    ):
        refused = fleet.apply([{"name": name} for name in tables], approved_tables=approved)
        assert (refused["failed"], refused["refused"]) == (True, True)
        assert sentence in refused["msg"]
    assert fleet.writes() == []


def test_the_policy_for_an_audit_has_what_each_table_takes(fleet: Fleet) -> None:
    names = fleet.names(2)
    tables: list[dict[str, Any]] = [{"name": names[0]}, {"name": names[1], "tags": {"team": "a"}}]
    found = fleet.run(audit, check_mode=True, results={"table": look(fleet, tables)}, fail_on=[])
    actions = {each["Resource"].rpartition("/")[2]: each["Action"] for each in found["policy"]["Statement"]}
    assert actions == {
        names[0]: ["dynamodb:DescribeTable"],
        names[1]: ["dynamodb:DescribeTable", "dynamodb:ListTagsOfResource"],
    }

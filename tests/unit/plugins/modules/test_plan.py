# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of many tables: their names, whether they are there or not yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils.plan import Impossible
from plugins.modules import plan
from tests.declaring import options_of
from tests.unit.stubbing import Stubs

ACCOUNT = "123456789012"
CALLER = {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/me", "UserId": "AIDAIMPROBABLE00"}
EXPIRE = {
    "service": "dynamodb",
    "call": "UpdateTimeToLive",
    "region": "us-east-1",
    "arguments": {
        "TableName": "threads",
        "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"},
    },
    "sentence": "expire items of threads by ttl",
}
CREATE = {**EXPIRE, "call": "CreateTable", "arguments": {"TableName": "threads"}, "sentence": "create table threads"}
TTL = {"time_to_live": {"enabled": True, "attribute_name": "ttl"}}
PLACE = {"name": "threads", "region": "us-east-1", "changed": True}
NEW = {**PLACE, "plan": [CREATE, EXPIRE], "diff": {"before": {}, "after": {"name": "threads", **TTL}}}
HALF = {
    **PLACE,
    "plan": [EXPIRE],
    "diff": {"before": {"name": "threads", "time_to_live": {"enabled": False}}, "after": {"name": "threads", **TTL}},
    "account_id": ACCOUNT,
}
ELSEWHERE = {**NEW, "account_id": "999999999999"}


def made(tables: list[dict[str, Any]], whose: bool = True, **given: Any) -> dict[str, Any]:
    """The plan of what dynamodb_tables returned; ``whose``: the account is asked for."""
    stubs = Stubs("sts")
    if whose:
        stubs.stubbers["sts"].add_response("get_caller_identity", CALLER)
    with stubs.asked():
        results = {"table": {"changed": True, "plans": [], "tables": tables}}
        return plan.run(options_of(plan, {"results": results, **given}), stubs, True)


def test_a_new_table_of_a_list_is_the_same_thing_when_it_is_there() -> None:
    approved = made([NEW, ELSEWHERE])
    assert [thing["name"] for thing in approved["report"]["things"]] == [
        "table threads in us-east-1",
        "table threads in us-east-1 (2)",
    ]
    assert [thing["account_id"] for thing in approved["report"]["things"]] == [ACCOUNT, "999999999999"]
    left = made([HALF, ELSEWHERE], whose=False, approved=approved["report"])
    assert (left["bound"], left["sentences"][0]) == (True, "expire items of threads by ttl")


def test_a_table_that_others_kept_from_being_read_has_no_plan() -> None:
    waiting = {**PLACE, "not_started": True}
    with pytest.raises(Impossible, match="table threads in us-east-1 has no plan, since others failed"):
        made([waiting])


def test_a_step_of_many_that_is_forbidden_is_refused_in_a_short_sentence() -> None:
    tables = [{**HALF, "name": f"threads-{number}"} for number in range(1000)]
    with pytest.raises(Impossible, match=r"^forbid: forbidden is to expire .*; 988 more; ") as refusal:
        made(tables, whose=False, forbid=["lossy"])
    assert len(str(refusal.value)) < 1000


def test_equal_plans_of_many_tables_are_one_entry_of_the_page(tmp_path: Path) -> None:
    made([NEW, {**HALF, "name": "other"}, ELSEWHERE], folder=str(tmp_path))
    page = (tmp_path / "plan.md").read_text()
    assert "- **1.** 2 tables: create table {name} (threads; 1 to 15 s each)" in page.replace("\\", "")
    assert "\n- table other in us-east-1 of account 123456789012: 1 step\n" in page

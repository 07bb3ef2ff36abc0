# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in tasks of plan."""

from __future__ import annotations

from typing import Any

from plugins.modules import plan as module
from tests.corpus.row import LEFT_OUT, Row

__all__ = ["ROWS", "SOUND", "module"]

NOTHING = {"plan": [], "region": "us-east-1", "account_id": "000000000000"}
SOUND: dict[str, Any] = {"results": {"table threads": NOTHING}}
PLAN: dict[str, Any] = {
    "format": "mana.memory report",
    "version": 1,
    "kind": "plan",
    "made_at": "2026-11-01T12:00:00+00:00",
    "salt": "00",
    "things": [],
}
NO_PLAN = "approved: this is no plan of mana.memory; give one that a run in check mode made"
DAMAGED = "approved: the plan is damaged, so that it cannot be read; make a plan anew"

ROWS = [
    Row("no results", {"results": LEFT_OUT}, "missing required arguments: results", by_ansible=True),
    Row(
        "a result by itself",
        {"results": NOTHING},
        "results: region is no result of a task; give what a task registered",
    ),
    Row(
        "the result of a failure",
        {"results": {"table threads": {"failed": True, "msg": "denied"}}},
        "results: table threads has no plan, since its task failed (denied); give what a task in check mode returned",
    ),
    Row(
        "the result of another module",
        {"results": {"table threads": {"changed": False}}},
        "results: table threads has no plan, since its task tells none; give what a task in check mode returned",
    ),
    Row("a result whose steps are sentences", {"results": {"a": {"plan": ["create"]}}}, "results: the plan of a is "),
    Row("a value and a file", {"approved": PLAN, "approved_file": "a"}, "approved|approved_file", by_ansible=True),
    Row("an empty mapping as plan", {"approved": {}}, NO_PLAN),
    Row("the steps of a task as plan", {"approved": {"plan": []}}, NO_PLAN),
    Row("the plan of an older release", {"approved": {**PLAN, "version": 0}}, "approved: the plan has version 0 of"),
    Row("an audit", {"approved": {**PLAN, "kind": "audit"}}, "approved: this is the report of kind audit; give a"),
    Row("a plan without its time", {"approved": {**PLAN, "made_at": None}}, DAMAGED),
    Row("a plan whose things are none", {"approved": {**PLAN, "things": ["table threads"]}}, DAMAGED),
    Row(
        "a file that is not there", {"approved_file": "/nowhere/plan.json"}, "approved_file: /nowhere/plan.json cannot"
    ),
    Row("a folder", {"approved_file": "/"}, "approved_file: / cannot be read: "),
    Row(
        "a file that is no plan", {"approved_file": "/dev/null"}, "approved_file: /dev/null is not JSON; give the file"
    ),
    Row("a folder that is not there", {"file": "/nowhere/plan.json"}, "file: /nowhere/plan.json cannot be written: "),
    Row("another effect", {"forbid": ["destroy"]}, "value of forbid must be one or more of: create, ", by_ansible=True),
    Row("a folder in a file", {"folder": "/dev/null/pages"}, "folder: /dev/null/pages cannot be made: "),
    Row(
        "a step that is forbidden",
        {
            "forbid": ["delete"],
            "results": {
                "table threads": {
                    **NOTHING,
                    "plan": [
                        {
                            "service": "dynamodb",
                            "call": "DeleteTable",
                            "region": "us-east-1",
                            "arguments": {"TableName": "threads"},
                            "sentence": "delete table threads",
                        }
                    ],
                }
            },
        },
        "forbid: forbidden is to delete table threads (delete); declare it otherwise, or forbid less",
    ),
    Row("no hours", {"max_age": 0}, "max_age: 0 is out of range; give 1 to 8760 hours"),
    Row("ten years", {"max_age": 87600}, "max_age: 87600 is out of range; give 1 to 8760 hours"),
]

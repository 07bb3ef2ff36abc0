# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a loop registered, as Ansible makes it: the plan and the audit of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.integration.playbook import play
from tools.endpoint import Endpoint

TABLE = {"name": "{{ table }}", "hash_key_name": "pk"}
SECRET = "whisper"


def test_a_loop_of_tables_and_one_of_items_are_planned_and_audited(
    ministack: Endpoint, table: str, tmp_path: Path
) -> None:
    """The usual variable of a loop has the name of what dynamodb_item returns."""
    item = {"table_name": f"{table}-1", "key": {"pk": "a"}}
    names = [f"{table}-{number}" for number in (1, 2)]
    tasks: list[dict[str, Any]] = [
        {"mana.memory.dynamodb_table": TABLE, "loop": names, "loop_control": {"loop_var": "table"}},
        {"mana.memory.dynamodb_item": {**item, "item": {"name": SECRET}}},
        {
            "mana.memory.dynamodb_table": {**TABLE, "name": "{{ item }}", "tags": {"team": "a"}},
            "loop": names,
            "check_mode": True,
            "register": "tables",
        },
        {
            "mana.memory.dynamodb_item": {**item, "item": {"name": "{{ item }}"}},
            "loop": ["hush", "hush-hush"],
            "check_mode": True,
            "register": "people",
        },
        {"mana.memory.plan": {"results": {"table": "{{ tables }}"}, "file": str(tmp_path / "plan.json")}},
        {"mana.memory.plan": {"results": {"person": "{{ people }}"}, "file": str(tmp_path / "people.json")}},
        {
            "mana.memory.audit": {
                "results": {"table": "{{ tables }}"},
                "report": str(tmp_path / "reports"),
                "fail_on": [],
            }
        },
    ]
    book = tmp_path / "loops.json"
    book.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    run = play(str(book), ministack.environment)
    assert run.status == 0, run.output
    things = [f"table {name} in us-east-1" for name in names]
    planned = json.loads((tmp_path / "plan.json").read_text())["things"]
    assert [(thing["name"], [part["name"] for part in thing["parts"]]) for thing in planned] == [
        (thing, ["tags"]) for thing in things
    ]
    audited = json.loads((tmp_path / "reports/audit.json").read_text())
    assert [thing["name"].partition(" of account")[0] for thing in audited["things"]] == things
    drifted = [[part["name"] for part in thing["parts"] if part["verdict"] == "drifted"] for thing in audited["things"]]
    assert drifted == [["tags"]] * 2
    assert "ansible_loop_var" not in json.dumps(audited)
    people = json.loads((tmp_path / "people.json").read_text())
    assert [[part["name"] for part in thing["parts"]] for thing in people["things"]] == [["item"]] * 2
    assert SECRET not in json.dumps(people)

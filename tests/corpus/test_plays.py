# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes of the different kinds as tasks of a real play, in both front ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.corpus.test_corpus import CASES, Case
from tests.integration.playbook import play
from tools.endpoint import Endpoint

KINDS = (
    "dynamodb_table: warm_throughput is a switch",
    "dynamodb_table: bytes as a tag",
    "dynamodb_table: time_to_live is a name",
    "dynamodb_table: indexes is a name",
    "dynamodb_table: infinite capacity",
    "dynamodb_table: hash_key_name is a list",
    "dynamodb_table: a wait of 400 digits",
    "dynamodb_table: the type of a sort key alone, which would be missed for ever",
    "dynamodb_table: a billing mode in other words",
    "dynamodb_table_info: an empty name, which would be all tables",
    "dynamodb_item: a misspelt form",
    "dynamodb_item: a date with a time",
    "iam_role_policy: null as document",
    "iam_role_policy: an empty ARN",
    "iam_policy_simulation_info: a check of null",
    "lambda_environment: variables as a list",
    "sts_assume_role: an external ID with a space",
)
PLAYED: dict[str, Case] = {param.id: param.values[0] for param in CASES if param.id in KINDS}


def task(title: str, check_mode: bool) -> dict[str, Any]:
    return {
        "name": title,
        f"mana.memory.{title.partition(':')[0]}": PLAYED[title].arguments,
        "check_mode": check_mode,
        "register": register(title, check_mode),
        "ignore_errors": True,
    }


def register(title: str, check_mode: bool) -> str:
    return f"{'promised' if check_mode else 'done'}_{KINDS.index(title)}"


@pytest.mark.parametrize("in_process", [True, False], ids=["in the controller's process", "as a module"])
def test_a_play_answers_what_the_corpus_expects(tmp_path: Path, ministack: Endpoint, in_process: bool) -> None:
    """For real, and in check mode too in the front end where a task takes no time."""
    played = [(title, check_mode) for title in KINDS for check_mode in ((True, False) if in_process else (False,))]
    names = ", ".join(repr(register(*each)) for each in played)
    content = f"{{{{ query('ansible.builtin.vars', {names}) | to_json }}}}"
    writing = {"ansible.builtin.copy": {"content": content, "dest": str(tmp_path / "results.json")}}
    steps = [*(task(*each) for each in played), writing]
    playbook = [{"hosts": "localhost", "gather_facts": False, "tasks": steps}]
    (tmp_path / "play.yml").write_text(yaml.safe_dump(playbook, sort_keys=False, allow_unicode=True))
    run = play(str(tmp_path / "play.yml"), ministack.environment, mana_memory_in_process=in_process)
    assert run.status == 0, run.output
    assert "Traceback" not in run.output
    for (title, _check_mode), result in zip(played, json.loads((tmp_path / "results.json").read_text()), strict=True):
        row = PLAYED[title].row
        assert result["failed"], title
        assert row.says in result["msg"] if row.by_ansible else result["msg"].startswith(row.says), result["msg"]
        assert bool(result.get("refused")) is not row.by_ansible, title
        assert not result["changed"], title
    assert len(PLAYED) == len(KINDS)

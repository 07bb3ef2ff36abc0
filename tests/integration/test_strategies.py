# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many hosts, in the orders that a play can take them; and a play that another program runs."""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.integration.playbook import BIN, FRONT_END, ROOT, play
from tools.endpoint import Endpoint, without_aws

HOSTS = [f"host-{number}" for number in range(4)]
ORDERS: dict[str, dict[str, Any]] = {
    "linear": {"strategy": "linear"},
    "free": {"strategy": "free"},
    "host_pinned": {"strategy": "host_pinned"},
    "two hosts at once": {"serial": 2},
    "one task at once": {"strategy": "free", "throttle": 1},
}
TABLE = {"name": "{{ prefix }}-{{ inventory_hostname }}", "hash_key_name": "pk"}
ITEM = {"table_name": "{{ prefix }}-{{ inventory_hostname }}", "key": {"pk": "{{ inventory_hostname }}"}}
TASKS = [
    {"name": "Table", "mana.memory.dynamodb_table": TABLE},
    {"name": "Item", "mana.memory.dynamodb_item": {**ITEM, "item": {"of": "{{ inventory_hostname }}"}}},
    {"name": "Read", "mana.memory.dynamodb_item_info": ITEM, "register": "read"},
    {
        "name": "Compare",
        "ansible.builtin.assert": {"that": "read.found == [{'pk': inventory_hostname, 'of': inventory_hostname}]"},
    },
]


@pytest.mark.parametrize("order", ORDERS)
def test_hosts_have_what_is_theirs_in_any_order(ministack: Endpoint, client: Any, tmp_path: Path, order: Any) -> None:
    prefix = uuid.uuid4().hex[:12]
    inventory, playbook = tmp_path / "inventory", tmp_path / "play.yml"
    python = "ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'"
    inventory.write_text("".join(f"{host} {python}\n" for host in HOSTS))
    playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": TASKS, **ORDERS[order]}]))
    for changed in (2 * len(HOSTS), 0):
        run = play(str(playbook), ministack.environment, "-i", str(inventory), prefix=prefix)
        assert run.status == 0, run.output
        assert run.changed == changed, run.output
    names = client("dynamodb", ministack).list_tables()["TableNames"]
    assert {f"{prefix}-{host}" for host in HOSTS} <= set(names)


def test_ansible_runner_runs_the_role_and_keeps_its_results(ministack: Endpoint, tmp_path: Path) -> None:
    table = f"runner-{uuid.uuid4().hex[:12]}"
    (tmp_path / "env").mkdir()
    variables = {**FRONT_END, "mana_memory_table_name": table, "mana_memory_policy_name": table}
    (tmp_path / "env/extravars").write_text(json.dumps(variables))
    output, kept = run_by_runner(ministack, tmp_path, "mana.memory.site")
    assert f"create table {table}" in output
    assert any(f"create table {table}" in each for each in kept)


def test_ansible_runner_keeps_no_secret(ministack: Endpoint, tmp_path: Path) -> None:
    """The kept results are whole."""
    (tmp_path / "project").mkdir()
    secret = "improbable-secret-of-a-user"
    keys = {"access_key": "improbable", "secret_key": "{{ lookup('ansible.builtin.file', 'secret') }}"}
    (tmp_path / "project/secret").write_text(secret)
    task = {"mana.memory.dynamodb_item": {**keys, "table_name": "nowhere", "key": {"pk": "a"}}, "ignore_errors": True}
    (tmp_path / "project/play.yml").write_text(
        json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}])
    )
    output, kept = run_by_runner(ministack, tmp_path, "play.yml")
    assert any("improbable" in each and "nowhere" in each for each in kept)
    assert not any(secret in each for each in [output, *kept])


def run_by_runner(endpoint: Any, folder: Any, playbook: Any) -> Any:
    """The output, and each kept result."""
    environment = {**without_aws(os.environ), **endpoint.environment, "PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run(
        [BIN / "ansible-runner", "run", folder, "-p", playbook],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, [path.read_text() for path in folder.glob("artifacts/**/*") if path.is_file()]

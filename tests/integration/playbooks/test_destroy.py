# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`destroy` deletes what is named, and nothing else."""

from __future__ import annotations

from typing import Any

from tests.integration.playbook import play
from tests.integration.playbooks.memory import (
    policy_of,
    refused,
    tables,
)
from tools.endpoint import Endpoint


def test_destroy_wants_the_tables_name_said_once_more(client: Any, ministack: Endpoint, table: str, role: str) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": role}
    assert play("mana.memory.site", ministack.environment, **variables).status == 0
    for word in ("", "true", "yes", "another-table"):
        run = play("mana.memory.destroy", ministack.environment, mana_memory_destroy=word, **variables)
        place = f"us-east-1 of account 000000000000 at {ministack.url}"
        assert refused(run) == (
            f"Nothing was deleted. To delete table {table}, in which DescribeTable counts no items, in {place}, "
            f"and the policy mana-memory, run again with -e mana_memory_destroy={table}"
        )
    assert table in tables(client, ministack)
    assert policy_of(client, ministack, role)

    runs = [
        play("mana.memory.destroy", ministack.environment, *how, mana_memory_destroy=table, **variables)
        for how in (["--check"], [], [])
    ]
    assert [(run.status, run.changed) for run in runs] == [(0, 2), (0, 2), (0, 0)], [run.output for run in runs]
    assert runs[0].result == runs[1].result
    assert table not in tables(client, ministack)
    assert client("iam", ministack).list_role_policies(RoleName=role)["PolicyNames"] == []


def test_destroy_counts_the_items_and_is_confirmed_through_make(client: Any, ministack: Endpoint, table: str) -> None:
    assert play("mana.memory.site", ministack.environment, mana_memory_table_name=table).status == 0
    client("dynamodb", ministack).put_item(TableName=table, Item={"pk": {"S": "thread"}, "sk": {"S": "message"}})
    through_make = {**ministack.environment, "MANA_MEMORY_COMMAND": "make destroy"}
    run = play("mana.memory.destroy", through_make, mana_memory_table_name=table)
    assert refused(run) == (
        f"Nothing was deleted. To delete table {table} and the 1 items counted in it in us-east-1 of account "
        f"000000000000 at {ministack.url}, run make destroy ARGS='-e mana_memory_destroy={table}'"
    )
    run = play("mana.memory.destroy", through_make, mana_memory_table_name=table, mana_memory_destroy=table)
    assert run.result["where"] == f"us-east-1 of account 000000000000 at {ministack.url}"
    assert run.result["table"] == [f"delete table {table} and the 1 items counted in it"]
    assert "brought to what is declared" not in run.output


def test_destroy_deletes_whatever_the_state_says(client: Any, ministack: Endpoint, table: str) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_state": "present"}
    assert play("mana.memory.site", ministack.environment, **variables).status == 0
    run = play("mana.memory.destroy", ministack.environment, mana_memory_destroy=table, **variables)
    assert (run.status, table in tables(client, ministack)) == (0, False), run.output


def test_destroy_refuses_a_protected_table_and_keeps_its_policy(
    client: Any, ministack: Endpoint, table: str, role: str
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": role}
    assert play("mana.memory.site", ministack.environment, **variables).status == 0
    client("dynamodb", ministack).update_table(TableName=table, DeletionProtectionEnabled=True)
    unconfirmed = play("mana.memory.destroy", ministack.environment, **variables)
    assert refused(unconfirmed).startswith(f"Nothing was deleted. To delete table {table} in us-east-1")
    for how in (["--check"], []):
        run = play("mana.memory.destroy", ministack.environment, *how, mana_memory_destroy=table, **variables)
        assert refused(run) == (
            f"table {table} is protected against deletion; first run the role, or mana.memory.site, with "
            "mana_memory_deletion_protection_enabled: false"
        )
    assert table in tables(client, ministack)
    assert policy_of(client, ministack, role)

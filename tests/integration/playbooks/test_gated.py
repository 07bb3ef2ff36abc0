# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbooks behind the gate: the whole life of a memory, in the course that AWS takes."""

from __future__ import annotations

from typing import Any

from tests.integration.playbook import play
from tests.integration.playbooks.memory import declared, described, made_role, refused, tables
from tools.endpoint import Endpoint


def test_a_memory_is_made_changed_proved_protected_and_deleted(client: Any, gate: Endpoint, table: str) -> None:
    role = {"mana_memory_lambda_role_name": made_role(client("iam", gate))}
    made = declared(gate, table, **role, mana_memory_deletion_protection_enabled=True)
    assert made.changed
    grown = declared(
        gate,
        table,
        **role,
        mana_memory_all_indexes=True,
        mana_memory_time_to_live=True,
        mana_memory_point_in_time_recovery=True,
        mana_memory_verify=True,
    )
    assert "found through gsi1, gsi2, gsi4, gsi7, deleted" in grown.result["proof"]
    assert {index["IndexStatus"] for index in described(client, gate, table)["GlobalSecondaryIndexes"]} == {"ACTIVE"}

    confirmed = {**role, "mana_memory_table_name": table, "mana_memory_destroy": table}
    assert "is protected against deletion" in refused(play("mana.memory.destroy", gate.environment, **confirmed))
    assert declared(gate, table, **role, mana_memory_deletion_protection_enabled=False).changed
    gone = play("mana.memory.destroy", gate.environment, **confirmed)
    assert (gone.status, table in tables(client, gate)) == (0, False), gone.output

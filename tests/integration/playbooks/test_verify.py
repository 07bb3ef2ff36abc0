# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The proof: with whose rights it is made, what it leaves, what it claims."""

from __future__ import annotations

import json
import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.integration.playbook import play, started
from tests.integration.playbooks.memory import (
    CREATED,
    PROOF_PERMISSIONS,
    TRACES,
    declared,
    items_of,
    refused,
)
from tests.proxy import Answer, Silence, proxied
from tools.endpoint import Endpoint


def test_the_proof_is_made_with_the_rights_of_the_role(
    client: Any, strict: Endpoint, table: str, trusting_role: Any, user_with: Any
) -> None:
    variables = {"mana_memory_lambda_role_name": trusting_role}
    declared(strict, table, **variables)
    # Whoever runs it may read no item and write none.
    user = user_with("dynamodb:DescribeTable", "iam:GetRolePolicy", "iam:GetRole", "sts:AssumeRole")
    as_user, as_role = (
        play("mana.memory.site", user, mana_memory_table_name=table, mana_memory_verify_as_role=as_role, **variables)
        for as_role in (False, True)
    )
    assert as_user.status == 2
    assert f"the missing permission is dynamodb:GetItem on table/{table}" in as_user.output
    assert (as_role.status, as_role.changed) == (0, 0), as_role.output
    assert as_role.result["proof"].startswith("with the rights of the Lambda's role, an item was written, read back, ")
    assert items_of(client, strict, table) == []


def test_a_role_that_does_not_trust_whoever_runs_the_proof_is_named(
    client: Any, strict: Endpoint, table: str, strict_role: Any, user_with: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": strict_role}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    user = user_with("dynamodb:*", "iam:*", "sts:AssumeRole")
    run = play("mana.memory.verify", user, mana_memory_verify_as_role=True, **variables)
    assert refused(run).endswith("; the role's trust policy has to allow it to the caller too")
    assert items_of(client, strict, table) == []


@pytest.mark.parametrize("denied", PROOF_PERMISSIONS)
def test_the_proof_fails_where_the_role_lacks_a_permission_and_leaves_no_trace(
    client: Any, strict: Endpoint, table: str, trusting_role: Any, denied: Any
) -> None:
    variables = {
        "mana_memory_table_name": table,
        "mana_memory_lambda_role_name": trusting_role,
        "mana_memory_client_actions": sorted({*PROOF_PERMISSIONS} - {denied}),
    }
    # Whoever runs it lacks nothing.
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    run = play("mana.memory.site", strict.environment, mana_memory_verify_as_role=True, **variables)
    assert run.status == 2, run.output
    assert f"the missing permission is {denied} on table/{table}" in run.output
    assert not any(trace in run.output for trace in TRACES), run.output
    assert items_of(client, strict, table) == []


def test_verify_leaves_no_trace_and_touches_nobodys_item(client: Any, ministack: Endpoint, table: str) -> None:
    variables = {"mana_memory_table_name": table}
    assert play("mana.memory.site", ministack.environment, **variables).status == 0
    proofs, old = {"pk": {"S": "mana-memory-verification"}}, {"ttl": {"N": "1"}}
    somebodys = [
        {**proofs, **old, "sk": {"S": "mana-memory-verification"}},
        {**proofs, "sk": {"S": "mana-memory-verification#1"}},
        {**proofs, "sk": {"S": "mana-memory-verification#2"}, "ttl": {"S": "1"}},
        {**old, "pk": {"S": "mana-memory-verification#3"}, "sk": {"S": "mana-memory-verification#3"}},
        {"pk": {"S": "test"}, "sk": {"S": "test"}, "gsi1pk": {"S": "test"}, "gsi1sk": {"S": "test"}},
    ]
    for item in somebodys:
        client("dynamodb", ministack).put_item(TableName=table, Item=item)
    run = play("mana.memory.verify", ministack.environment, **variables)
    assert (run.status, run.changed) == (0, 0), run.output
    assert sorted(items_of(client, ministack, table), key=str) == sorted(somebodys, key=str)


def left_by_a_killed_proof(client: Any, endpoint: Any, table: Any) -> Any:
    """The item of a proof that was killed before it deleted its item."""
    reached = threading.Event()

    def hold(request: Any, hand_on: Any) -> Any:
        """Hand on everything but DeleteItem, which is never answered."""
        if request.operation != "DeleteItem":
            return hand_on()
        reached.set()
        raise Silence

    with proxied(endpoint, hold) as proxy:
        environment = {**endpoint.environment, "AWS_ENDPOINT_URL": proxy.url}
        with started("mana.memory.verify", environment, mana_memory_table_name=table) as run:
            assert reached.wait(60)
            run.kill()
    (item,) = items_of(client, endpoint, table)
    return item


def as_of(item: Any, hours: Any) -> Any:
    """The item as a proof would have written it so many hours ago."""
    return {**item, "ttl": {"N": str(int(item["ttl"]["N"]) - hours * 3600)}}


def test_what_a_killed_proof_left_is_deleted_by_a_later_one(client: Any, ministack: Endpoint, table: str) -> None:
    variables = {"mana_memory_table_name": table}
    assert play("mana.memory.site", ministack.environment, mana_memory_verify=False, **variables).status == 0
    left = left_by_a_killed_proof(client, ministack, table)
    assert 23 * 3600 < int(left["ttl"]["N"]) - time.time() < 25 * 3600
    # For all that another proof knows, this one is still running.
    run = play("mana.memory.site", ministack.environment, **variables)
    assert (run.status, items_of(client, ministack, table)) == (0, [left]), run.output
    assert run.result["proof"].endswith("deleted, and seen to be gone")
    client("dynamodb", ministack).put_item(TableName=table, Item=as_of(left, hours=1))
    run = play("mana.memory.site", ministack.environment, **variables)
    assert (run.status, run.changed, items_of(client, ministack, table)) == (0, 0, []), run.output
    assert run.result["proof"].endswith("seen to be gone; what earlier proofs left was deleted too (1)")


LEFT = {
    "pk": {"S": "mana-memory-verification"},
    "sk": {"S": "mana-memory-verification#left"},
    "ttl": {"N": "1"},
}


@pytest.mark.parametrize(
    ("rights", "is_left"),
    [
        pytest.param({"mana_memory_client": "memory"}, False, id="a role that may query deletes it"),
        pytest.param(
            {
                "mana_memory_client_actions": sorted({*PROOF_PERMISSIONS} - {"dynamodb:Query"}),
                "mana_memory_indexes": [],
            },
            True,
            id="a role that may not leaves it",
        ),
    ],
)
def test_what_earlier_proofs_left_is_deleted_where_it_may_be_found(
    client: Any, strict: Endpoint, table: str, trusting_role: Any, rights: Any, is_left: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": trusting_role, **rights}
    assert play("mana.memory.site", strict.environment, mana_memory_verify=False, **variables).status == 0
    client("dynamodb", strict).put_item(TableName=table, Item=LEFT)
    run = play("mana.memory.site", strict.environment, mana_memory_verify_as_role=True, **variables)
    assert (run.status, run.changed) == (0, 0), run.output
    assert run.result["proof"].startswith("with the rights of the Lambda's role, an item was written")
    assert items_of(client, strict, table) == ([LEFT] if is_left else [])


ROLE = "mana.memory.mana_memory"
ENTERED = {"ansible.builtin.include_role": {"name": ROLE}}
IMPORTED = {"ansible.builtin.import_role": {"name": ROLE}}
UNPROVED = {"mana_memory_verify": False}
# Plays that make the memory and prove it, and enter the role once more without a proof.
TWICE: dict[str, dict[str, Any]] = {
    "in a loop": {
        "tasks": [{**ENTERED, "loop": [True, False], "vars": {"mana_memory_verify": "{{ item }}"}}],
    },
    "as tasks": {"tasks": [ENTERED, {**ENTERED, "vars": UNPROVED}]},
    "as imported tasks": {"tasks": [IMPORTED, {**IMPORTED, "vars": UNPROVED}]},
    "as roles of the play": {"roles": [{"role": ROLE}, {"role": ROLE, **UNPROVED}]},
    "in a block in check mode": {"tasks": [ENTERED, {"block": [ENTERED], "check_mode": True}]},
    "imported in check mode": {"tasks": [IMPORTED, {"block": [IMPORTED], "check_mode": True}]},
    "to be absent": {"tasks": [ENTERED, {**ENTERED, "vars": {"mana_memory_state": "absent"}}]},
}


@pytest.mark.parametrize("how", TWICE)
def test_a_proof_is_claimed_by_the_call_that_made_it_alone(
    ministack: Endpoint, table: str, tmp_path: Path, how: str
) -> None:
    playbook = tmp_path / "twice.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, **TWICE[how]}]))
    run = play(str(playbook), ministack.environment, mana_memory_table_name=table)
    proofs = [message["proof"] for message in run.messages if isinstance(message, dict) and "proof" in message]
    assert len(proofs) == 2, run.output
    assert proofs[0].startswith("an item was written, read back, found through gsi1, deleted"), run.output
    assert proofs[1] == "none, since nothing was written", run.output


def forging(after: Any, operation: Any, count: Any, forged: Any) -> Any:
    """Answer an operation with a forged document, from the one with this number on after the last write."""
    seen: list[Any] = []

    def decide(request: Any, hand_on: Any) -> Any:
        seen[:] = [request.operation] if request.writes else [*seen, request.operation]
        if request.operation != operation or seen[0] != after or seen.count(operation) < count:
            return hand_on()
        consumed = {"TableName": json.loads(request.body)["TableName"], "CapacityUnits": 1.0}
        content = json.dumps({**forged, "ConsumedCapacity": consumed}).encode()
        return Answer(200, (("Content-Type", "application/x-amz-json-1.0"),), content)

    return decide


SOMEBODYS = {"pk": {"S": "mana-memory-verification"}, "sk": {"S": "somebody-s"}}
# The endpoint's answer in the course of a proof, and the sentence of the task that fails.
UNPROVEN = {
    "an item that is not there once it was written": (
        forging("PutItem", "GetItem", 2, {}),
        r"mana-memory-verification#\w{32}.* was written.*\[\].* read back",
    ),
    "another item than was written": (
        forging("PutItem", "GetItem", 2, {"Item": SOMEBODYS}),
        r"mana-memory-verification#\w{32}.* was written.*somebody-s.* read back",
    ),
    "an index that does not show it": (
        forging("PutItem", "Query", 1, {"Items": [SOMEBODYS], "Count": 1, "ScannedCount": 1}),
        r"mana-memory-verification#\w{32}.* was written.*gsi1.*somebody-s",
    ),
    "an item that stays": (
        forging("DeleteItem", "GetItem", 2, {"Item": SOMEBODYS}),
        r"mana-memory-verification#\w{32}.* was deleted.*somebody-s",
    ),
}


@pytest.mark.parametrize("what", UNPROVEN)
def test_a_failed_proof_shows_what_it_compared(ministack: Endpoint, table: str, what: Any) -> None:
    decide, sentence = UNPROVEN[what]
    assert play("mana.memory.site", ministack.environment, mana_memory_table_name=table).status == 0
    with proxied(ministack, decide) as proxy:
        environment = {**ministack.environment, "AWS_ENDPOINT_URL": proxy.url}
        run = play("mana.memory.verify", environment, mana_memory_table_name=table)
    assert run.status == 2, run.output
    assert "Unknown error" not in run.output, run.output
    assert any(re.search(sentence, error) for error in run.errors), run.output


def test_verify_of_what_is_to_be_absent_proves_nothing(ministack: Endpoint, table: str) -> None:
    run = play("mana.memory.verify", ministack.environment, mana_memory_table_name=table, mana_memory_state="absent")
    assert (run.status, run.changed) == (0, 0), run.output


def test_verify_in_check_mode_only_reads(strict: Endpoint, table: str, user_with: Any) -> None:
    variables = {"mana_memory_table_name": table}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    run = play("mana.memory.verify", user_with("dynamodb:DescribeTable"), "--check", **variables)
    assert (run.status, run.changed) == (0, 0), run.output


def test_verify_fails_where_the_table_is_not_as_declared(ministack: Endpoint, table: str) -> None:
    run = play("mana.memory.verify", ministack.environment, mana_memory_table_name=table)
    title = f"table {table} in us-east-1 at {ministack.url}"
    assert refused(run).startswith(f"{title} is not as declared: it would take to create table {table} {CREATED}")
    assert run.changed == 0


@pytest.mark.parametrize("denied", ["dynamodb:GetItem", "dynamodb:Query"])
def test_a_proof_that_fails_on_the_way_leaves_no_trace(
    client: Any, strict: Endpoint, table: str, user_with: Any, denied: Any
) -> None:
    variables = {"mana_memory_table_name": table}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    # The step before the write reads as well, so without GetItem nothing is written; without Query something was.
    allowed = {"dynamodb:DescribeTable", *PROOF_PERMISSIONS} - {denied}
    run = play("mana.memory.verify", user_with(*allowed), **variables)
    assert run.status == 2, run.output
    assert f"the missing permission is {denied} on table/{table}" in run.output
    assert items_of(client, strict, table) == []


def test_the_proof_needs_these_permissions_and_no_more(
    client: Any, strict: Endpoint, table: str, strict_role: Any, user_with: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": strict_role}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    user = user_with("dynamodb:DescribeTable", "iam:GetRolePolicy", *PROOF_PERMISSIONS)
    for playbook in ("mana.memory.verify", "mana.memory.site"):
        run = play(playbook, user, **variables)
        assert (run.status, run.changed) == (0, 0), run.output
    assert items_of(client, strict, table) == []

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A memory with vector indexes: declared, allowed, proved by a search, audited. ministack alone has them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.playbook import play
from tests.integration.playbooks.memory import (
    AUDIT_PERMISSIONS,
    CREATED,
    PROOF_PERMISSIONS,
    described,
    items_of,
    policy_of,
    refused,
)
from tests.proxy import Answer, proxied
from tools.endpoint import Endpoint

MEANING: dict[str, Any] = {
    "name": "by_meaning",
    "vector_attribute": "embedding",
    "dimensions": 1536,
    "distance_function": "COSINE",
    "projection": "keys_only",
    "hash_key_name": "resource-id",
    "filters": [{"name": "year", "type": "NUMBER"}, {"name": "picture", "type": "BINARY"}, {"name": "gsi1pk"}],
}
IMAGE = {
    "name": "by_image",
    "vector_attribute": "image",
    "dimensions": 4,
    "distance_function": "DOT_PRODUCT",
    "projection": "include",
    "includes": ["title"],
}
SEARCH = "dynamodb:SearchVectors"
SHOWN = "vector index by_meaning [1536 dimensions of embedding, COSINE, projection KEYS_ONLY, hash key resource-id (S)"
FOUND = "found through gsi1, found by its vector through {}"
PROOF = f"an item was written, read back, {FOUND}, deleted, and seen to be gone"


def memory(table: str, *indexes: Any, **variables: Any) -> dict[str, Any]:
    return {"mana_memory_table_name": table, "mana_memory_vector_indexes": list(indexes or [MEANING]), **variables}


def vector_indexes(client: Any, endpoint: Any, table: Any) -> Any:
    return sorted(index["IndexName"] for index in described(client, endpoint, table).get("VectorIndexes", []))


def test_site_makes_the_memory_once_and_finds_an_item_by_its_vector(
    client: Any, ministack: Endpoint, table: str, role: str, front_end: Any
) -> None:
    variables = memory(table, MEANING, IMAGE, mana_memory_lambda_role_name=role, **front_end)
    runs = [play("playbooks/site.yml", ministack.environment, *how, **variables) for how in (["--check"], [], [])]
    promised, made, again = runs
    assert [(run.status, run.changed) for run in runs] == [(0, 2), (0, 2), (0, 0)], [run.output for run in runs]
    assert made.result["table"][0].startswith(f"create table {table} {CREATED}")
    assert SHOWN in made.result["table"][0]
    for part in ("table", "policy"):
        assert promised.result[part] == made.result[part] != again.result[part] == "unchanged"
    assert promised.result["proof"] == "none, since nothing was written"
    assert made.result["proof"] == again.result["proof"] == PROOF.format("by_image, by_meaning")
    assert vector_indexes(client, ministack, table) == ["by_image", "by_meaning"]
    assert items_of(client, ministack, table) == []


def test_the_client_may_search_them(client: Any, ministack: Endpoint, table: str, role: str) -> None:
    variables = memory(table, mana_memory_lambda_role_name=role)
    run = play("mana.memory.site", ministack.environment, **variables)
    statements = policy_of(client, ministack, role)["Statement"]
    arn = f"arn:aws:dynamodb:us-east-1:*:table/{table}/index/by_meaning"
    assert statements[1:-1] == [{"Effect": "Allow", "Action": [SEARCH], "Resource": [arn]}]
    assert f"allowed  {SEARCH}  {described(client, ministack, table)['TableArn']}/index/by_meaning" in run.output
    managed = {"mana_memory_policy_type": "managed", "mana_memory_policy_name": f"{table}-policy"}
    assert play("mana.memory.site", ministack.environment, **variables, **managed).status == 0
    iam = client("iam", ministack)
    (attached,) = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    version = iam.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId="v1")["PolicyVersion"]
    assert version["Document"]["Statement"] == statements


def test_the_proof_searches_with_the_rights_of_the_role_alone(
    client: Any, strict: Endpoint, table: str, trusting_role: Any, user_with: Any
) -> None:
    variables = memory(table, mana_memory_lambda_role_name=trusting_role)
    assert play("mana.memory.site", strict.environment, mana_memory_verify=False, **variables).status == 0
    # Whoever runs it may read no item and write none.
    user = user_with("dynamodb:DescribeTable", "iam:GetRolePolicy", "iam:GetRole", "sts:AssumeRole")
    run = play("mana.memory.site", user, mana_memory_verify_as_role=True, **variables)
    assert (run.status, run.changed) == (0, 0), run.output
    assert run.result["proof"] == f"with the rights of the Lambda's role, {PROOF.format('by_meaning')}"
    # The role lacks the permission to search, and whoever runs it has all.
    run = play(
        "mana.memory.site",
        strict.environment,
        mana_memory_verify_as_role=True,
        mana_memory_client_actions=PROOF_PERMISSIONS,
        **variables,
    )
    assert run.status == 2, run.output
    assert f"the missing permission is {SEARCH} on table/{table}/index/by_meaning" in run.output
    assert items_of(client, strict, table) == []


def answering(operation: str, status: int, document: Any, after: Any = None, times: int = 10**6) -> Any:
    """Answer an operation with this so many times, once another one was seen."""
    seen: list[str] = []

    def decide(request: Any, hand_on: Any) -> Any:
        seen.append(request.operation)
        if request.operation != operation or after not in (None, *seen) or seen.count(operation) > times:
            return hand_on()
        return Answer(status, (("Content-Type", "application/x-amz-json-1.0"),), json.dumps(document).encode())

    return decide


@pytest.fixture
def made(ministack: Endpoint, table: str) -> dict[str, Any]:
    """A memory with a vector index, and how often its proofs search."""
    variables = memory(table)
    assert play("mana.memory.site", ministack.environment, mana_memory_verify=False, **variables).status == 0
    searches = {"_mana_memory_searches_until_served": 3, "_mana_memory_searches_until_found": 2}
    return {**variables, **searches, "_mana_memory_search_delay": 1}


def proved_through(endpoint: Endpoint, decide: Any, variables: dict[str, Any]) -> Any:
    """How `verify` ends, and what it called."""
    with proxied(endpoint, decide) as proxy:
        run = play("mana.memory.verify", {**endpoint.environment, "AWS_ENDPOINT_URL": proxy.url}, **variables)
        return run, [call.operation for call in proxy.taken()]


SOMEBODYS = {"Item": {"pk": {"S": "mana-memory-verification"}, "sk": {"S": "somebody-s"}}, "Score": 0}
CONSUMED = {"ConsumedCapacity": {"CapacityUnits": 1.0}}


def test_an_item_that_is_not_found_by_its_vector_fails_the_proof_and_leaves_no_trace(
    client: Any, ministack: Endpoint, table: str, made: Any
) -> None:
    others = answering("SearchVectors", 200, {"SearchResults": [SOMEBODYS], **CONSUMED}, after="PutItem")
    run, calls = proved_through(ministack, others, made)
    assert run.status == 2, run.output
    failure = "was written, and a search by its vector in by_meaning showed"
    assert f'{failure} [\\"somebody-s\\"] for 2 seconds' in run.output, run.output
    assert (calls.count("SearchVectors"), calls.count("PutItem")) == (3, 1)
    assert items_of(client, ministack, table) == []


NOT_YET = {
    "__type": "com.amazonaws.dynamodb.v20120810#ValidationException",
    "message": "The table does not have the specified index: by_meaning",
}


def test_the_proof_waits_for_an_index_that_is_there_and_not_searched_yet(
    client: Any, ministack: Endpoint, table: str, made: Any
) -> None:
    # (rule active-is-not-yet-searched)
    run, calls = proved_through(ministack, answering("SearchVectors", 400, NOT_YET, times=2), made)
    assert run.status == 0, run.output
    assert calls.count("SearchVectors") == 4
    run, calls = proved_through(ministack, answering("SearchVectors", 400, NOT_YET), made)
    assert refused(run) == (
        "vector index by_meaning is there, and was not searched for 3 seconds, since DynamoDB said: "
        "The table does not have the specified index: by_meaning; run the proof again later"
    )
    assert (calls.count("SearchVectors"), calls.count("PutItem")) == (3, 0)
    assert items_of(client, ministack, table) == []


def test_an_audit_finds_a_vector_index_that_is_missing_and_one_that_nobody_declared(
    client: Any, strict: Endpoint, table: str, strict_role: Any, user_with: Any
) -> None:
    variables = {"mana_memory_lambda_role_name": strict_role, "mana_memory_verify": False}
    assert play("mana.memory.site", strict.environment, **memory(table, IMAGE, **variables)).status == 0
    auditor = user_with(*AUDIT_PERMISSIONS)
    run = play("mana.memory.audit", auditor, mana_memory_audit_report_only=True, **memory(table, **variables))
    assert (run.status, run.changed) == (0, 0), run.output
    created, policy = run.result["it would take to"]
    assert created.startswith("create ")
    assert SHOWN in created
    assert table in created
    assert policy.startswith("put the policy mana-memory on role ")
    assert all(f"table/{table}/index/{name}" in policy for name in ("by_meaning", "by_image"))
    assert "vector index by_meaning" in run.result["compared"]
    assert "vector index by_image, which is not declared" in run.result["not compared"]
    purged = memory(table, mana_memory_purge_vector_indexes=True, **variables)
    runs = [play("mana.memory.site", strict.environment, *how, **purged) for how in (["--check"], [], [])]
    assert [(run.status, run.changed) for run in runs] == [(0, 2), (0, 2), (0, 0)], [run.output for run in runs]
    assert runs[0].result["table"] == runs[1].result["table"]
    assert vector_indexes(client, strict, table) == ["by_meaning"]
    run = play("mana.memory.audit", auditor, **purged)
    assert (run.status, run.result["verdict"]) == (0, "Everything is as declared"), run.output


def test_a_change_is_refused_in_the_roles_variables_which_then_make_it(
    client: Any, ministack: Endpoint, table: str, made: Any
) -> None:
    other = {**made, "mana_memory_vector_indexes": [{**MEANING, "dimensions": 8}]}
    sentence = refused(play("mana.memory.site", ministack.environment, **other))
    begin = "mana_memory_vector_indexes[by_meaning].dimensions: the index has 1536 dimensions, 8 was declared, "
    assert sentence.startswith(begin)
    assert "with mana_memory_purge_vector_indexes: true" in sentence
    assert sentence.endswith("with mana_memory_recreate_indexes: true")
    run = play("mana.memory.site", ministack.environment, mana_memory_recreate_indexes=True, **other)
    assert run.status == 0, run.output
    assert run.result["proof"] == PROOF.format("by_meaning")

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A table that has a vector index keeps it, whatever a task declares of the rest."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from plugins.modules import dynamodb_table_info
from tests.convergence.bench import Bench, set_up
from tests.declaring import GSI1
from tools.endpoint import Endpoint

VECTORS = {
    "IndexName": "by_meaning",
    "VectorAttribute": {"AttributeName": "embedding"},
    "Dimensions": 4,
    "DistanceFunction": "COSINE",
    "Projection": {"ProjectionType": "KEYS_ONLY"},
    "SearchSchema": [{"AttributeName": "year", "SearchSchemaElementType": "INLINE_FILTER"}],
}


@pytest.fixture
def bench(ministack: Endpoint) -> Iterator[Bench]:
    with set_up(ministack) as bench:
        yield bench


@pytest.fixture
def memory(bench: Bench) -> str:
    """A table with a vector index, made by somebody else."""
    name = f"vectors-{uuid.uuid4().hex[:8]}"
    bench.dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "year", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
        VectorIndexes=[VECTORS],
    )
    return name


def vectors(bench: Bench, table: str) -> list[str]:
    described: Any = bench.dynamodb.describe_table(TableName=table)["Table"]
    return [index["IndexName"] for index in described.get("VectorIndexes") or []]


def test_it_stays_while_the_rest_of_the_table_changes(bench: Bench, memory: str) -> None:
    by_year = {"name": "by_year", "type": "global_keys_only", "hash_key_name": "year"}
    for declared in (
        {"tags": {"team": "a"}},
        {"indexes": [GSI1, by_year]},
        {"indexes": [GSI1], "purge_indexes": True},
        {"stream_specification": {"stream_view_type": "NEW_IMAGE"}},
    ):
        promised = bench.run({"name": memory, **declared}, check_mode=True)
        done = bench.run({"name": memory, **declared})
        again = bench.run({"name": memory, **declared})
        assert done["plan"] == promised["plan"] != []
        assert again["plan"] == []
        assert vectors(bench, memory) == ["by_meaning"]


@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_what_aws_would_refuse_because_of_it_is_refused_before(bench: Bench, memory: str, check_mode: bool) -> None:
    declared = {"billing_mode": "PROVISIONED", "read_capacity": 1, "write_capacity": 1, "tags": {"team": "a"}}
    refused = bench.run({"name": memory, **declared}, check_mode=check_mode)
    assert refused["msg"].startswith(f"billing_mode: table {memory} has the vector index by_meaning")
    assert [call.operation for call in bench.calls if call.writes] == []


def test_whoever_reads_the_table_is_told_of_it(bench: Bench, memory: str) -> None:
    read = bench.run({"name": memory}, module=dynamodb_table_info)
    assert [warning for warning in read["warnings"] if "vector indexes (by_meaning)" in warning] != []

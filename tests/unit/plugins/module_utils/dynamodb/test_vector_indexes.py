# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A table that has vector indexes: nothing is planned that AWS refuses, and a run waits until they are built."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.module_utils.dynamodb import description, service
from plugins.module_utils.dynamodb.table import Table
from plugins.module_utils.plan import Impossible
from tests.declaring import GSI1, SEED
from tests.unit import wire
from tests.unit.declaring import PROVISIONED, planned, sentences
from tests.unit.stubbing import NAME, at, new_client

VECTORS = {
    "IndexName": "by_meaning",
    "VectorAttribute": {"AttributeName": "embedding"},
    "Dimensions": 1024,
    "DistanceFunction": "COSINE",
    "Projection": {"ProjectionType": "KEYS_ONLY"},
    "SearchSchema": [
        {"AttributeName": "pk", "SearchSchemaElementType": "HASH"},
        {"AttributeName": "year", "SearchSchemaElementType": "INLINE_FILTER"},
    ],
    "IndexStatus": "ACTIVE",
}


def told(**vectors: Any) -> dict[str, Any]:
    """What DescribeTable answers of the memory with a vector index."""
    table = wire.description(SEED)
    definitions = [*table["AttributeDefinitions"], {"AttributeName": "year", "AttributeType": "N"}]
    return {**table, "AttributeDefinitions": definitions, "VectorIndexes": [{**VECTORS, **vectors}]}


def there(**vectors: Any) -> Table:
    return description.table(told(**vectors))


@pytest.mark.parametrize(
    ("vectors", "state"),
    [
        pytest.param({}, "", id="one that is built"),
        pytest.param({"IndexStatus": "CREATING", "Backfilling": False}, "vector index by_meaning CREATING", id="begun"),
        pytest.param(
            {"IndexStatus": "CREATING", "Backfilling": True},
            "vector index by_meaning CREATING and backfilling",
            id="one that is filled",
        ),
        pytest.param({"IndexStatus": "DELETING"}, "vector index by_meaning DELETING", id="one that goes"),
    ],
)
def test_a_table_is_settled_when_its_vector_indexes_are_built(vectors: dict[str, Any], state: str) -> None:
    live = description.live(told(**vectors))
    assert (live.settled, ", ".join(live.parts_in_transition), live.by_data) == (not state, state, bool(state))


def test_what_says_nothing_of_them_changes_nothing() -> None:
    assert planned(SEED, there()) == ()
    assert planned({**SEED, "indexes": [], "purge_indexes": True}, there()) != ()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param(
            {**SEED, **PROVISIONED, "indexes": [{**GSI1, "read_capacity": 1, "write_capacity": 1}]},
            "billing_mode: table mana-memory has the vector index by_meaning, and a PROVISIONED table has none; leave "
            "it out, or delete them first, which this module does not do",
            id="a switch to PROVISIONED",
        ),
        pytest.param(
            {"indexes": [{**GSI1, "name": "by_meaning"}]},
            "indexes[by_meaning].name: the table has a vector index of this name; choose another",
            id="an index of its name",
        ),
        pytest.param(
            {"indexes": [{**GSI1, "name": "gsi2", "hash_key_name": "embedding"}]},
            "indexes[gsi2].hash_key_name, range_key_name: embedding holds the vectors of the vector index by_meaning, "
            "and cannot be a key; choose another attribute",
            id="an index on its vectors",
        ),
        pytest.param(
            {"indexes": [{**GSI1, "name": "gsi2", "hash_key_name": "year", "hash_key_type": "STRING"}]},
            "hash_key_type, range_key_type: the key attribute year is STRING in index gsi2 and NUMBER in vector index "
            "by_meaning; an attribute has one type in the table and all its indexes, so declare the same",
            id="another type of a filter",
        ),
    ],
)
def test_what_aws_refuses_is_refused_before(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        planned(given, there())
    assert str(refusal.value) == sentence


def test_an_index_on_a_filter_has_the_filters_type_and_all_definitions_are_sent() -> None:
    (step,) = planned({"indexes": [{"name": "by_year", "type": "global_all", "hash_key_name": "year"}]}, there())
    assert sentences((step,)) == ["create global index by_year [hash key year (N), projection ALL] on mana-memory"]
    assert {"AttributeName": "year", "AttributeType": "N"} in step.arguments["AttributeDefinitions"]


def test_a_backup_tells_no_types_of_filters() -> None:
    table = description.table({**told(), "AttributeDefinitions": wire.description(SEED)["AttributeDefinitions"]})
    assert [(index.name, len(index.filters)) for index in table.vector_indexes] == [("by_meaning", 1)]


def test_whoever_reads_a_table_is_told_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The options of `tables` cannot declare them, and a copy that lacks them would lack them without a word."""
    monkeypatch.setattr(service, "describe", lambda _client, _name: told())
    monkeypatch.setattr("plugins.module_utils.dynamodb.reading.everything", lambda *_asked: (None, []))
    _table, warnings = service.survey(at(new_client()), NAME)
    assert warnings == [
        "table mana-memory has vector indexes (by_meaning), and dynamodb_table declares none: a copy lacks them"
    ]

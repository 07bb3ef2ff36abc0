# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table in a result, as community.aws returns it, and options without an effect."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.module_utils.dynamodb import description, facts, index_options, options
from plugins.module_utils.dynamodb.table import ON_DEMAND, PROVISIONED, Table
from tests.declaring import GSI1, SEED
from tests.unit import wire
from tests.unit.declaring import declared, planned

GSI2 = {"name": "a_second", "type": "global_include", "hash_key_name": "owner", "includes": ["title"]}
LSI = {"name": "a_local", "type": "keys_only", "range_key_name": "size"}
UNITS = {"read_capacity": 4, "write_capacity": 5}
NO_RANGE = {"hash_key_name": "pk"}


def desired(given: dict[str, Any]) -> Table:
    table = options.desire(declared(**given), None)
    assert table is not None
    return table


def test_a_missing_sort_key_is_null_as_in_community_aws() -> None:
    shown = facts.result(desired(NO_RANGE))
    assert (shown["range_key_name"], shown["range_key_type"], shown["indexes"]) == (None, None, [])


def test_an_index_has_every_key_that_it_has_there() -> None:
    (index,) = facts.result(desired({**SEED, "indexes": [{**GSI1, "range_key_name": None}]}))["indexes"]
    assert index == {
        "name": "gsi1",
        "type": "global_ALL",
        "hash_key_name": "gsi1pk",
        "hash_key_type": "STRING",
        "range_key_name": None,
        "range_key_type": None,
        "includes": [],
        "read_capacity": 0,
        "write_capacity": 0,
    }


def test_a_table_of_several_accounts_is_shown_and_plans_nothing() -> None:
    shown = {
        **wire.description(SEED),
        "GlobalTableSettingsReplicationMode": "ENABLED",
        "Replicas": [
            {"RegionName": "eu-west-1", "ReplicaStatus": "ACTIVE", "GlobalTableSettingsReplicationMode": "ENABLED"}
        ],
    }
    table = description.table(shown)
    assert table.live is not None
    answer = facts.facts(table, table.live)
    assert answer["global_table_settings_replication_mode"] == "ENABLED"
    assert answer["replicas"][0]["global_table_settings_replication_mode"] == "ENABLED"
    assert planned(SEED, table) == ()


def test_global_indexes_come_first_in_the_order_of_dynamodb() -> None:
    table = desired({**SEED, "indexes": [LSI, GSI2, GSI1]})
    shown = {
        "TableName": "t",
        "LocalSecondaryIndexes": [{"IndexName": "a_local"}],
        "GlobalSecondaryIndexes": [{"IndexName": "gsi1"}, {"IndexName": "a_second"}],
    }
    seen = Table(**{**table.__dict__, "live": description.live(shown)})
    assert [index["name"] for index in facts.result(seen)["indexes"]] == ["gsi1", "a_second", "a_local"]
    assert [index["type"] for index in facts.result(seen)["indexes"]] == ["global_ALL", "global_INCLUDE", "KEYS_ONLY"]


def test_an_index_can_be_declared_with_the_type_that_was_returned() -> None:
    table = desired({**SEED, "indexes": [LSI, GSI2, GSI1]})
    shown = facts.result(table)["indexes"]
    # Ansible takes no null where an option has choices.
    returned = [{option: value for option, value in index.items() if value is not None} for index in shown]
    assert desired({**SEED, "indexes": returned}).indexes == tuple(
        index for each in returned for index in table.indexes if index.name == each["name"]
    )


@pytest.mark.parametrize(
    ("indexes", "mode", "sentences"),
    [
        pytest.param([{**GSI1, **UNITS}], PROVISIONED, [], id="an index of a provisioned table has capacity"),
        pytest.param(
            [{**GSI1, **UNITS}],
            ON_DEMAND,
            [
                "indexes[gsi1]: read_capacity and write_capacity ignored, since an on-demand table has no capacity; "
                "remove it"
            ],
            id="an index on demand has none",
        ),
        pytest.param(
            [{**LSI, "write_capacity": 5}],
            PROVISIONED,
            [
                "indexes[a_local]: write_capacity ignored, since a local index shares the capacity of its table; "
                "remove it"
            ],
            id="a local index has none of its own",
        ),
        pytest.param([{**GSI1, "read_capacity": 0}], ON_DEMAND, [], id="0 declares no capacity"),
    ],
)
def test_capacity_without_an_effect_is_reported(indexes: list[Any], mode: str, sentences: list[str]) -> None:
    assert index_options.ignored({"indexes": indexes}, mode) == sentences


@pytest.mark.parametrize(
    ("given", "mode", "capacity"),
    [
        pytest.param({"indexes": [{**GSI1, **UNITS}]}, PROVISIONED, (1, 1), id="of a global index"),
        pytest.param({"indexes": [{**LSI, **UNITS}]}, ON_DEMAND, None, id="of a local index, which counts for nothing"),
        pytest.param(
            {"indexes": [{**GSI1, **UNITS}], "billing_mode": ON_DEMAND}, ON_DEMAND, None, id="of an index on demand"
        ),
    ],
)
def test_a_new_table_whose_indexes_alone_have_capacities(given: dict[str, Any], mode: str, capacity: Any) -> None:
    table = desired({**SEED, **given})
    assert (table.billing_mode, table.throughput) == (mode, capacity)

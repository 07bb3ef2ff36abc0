# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DynamoDB's description of a table, as a value. Names in brackets are rules of docs/rules.md."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from plugins.module_utils.dynamodb import description, facts, options
from plugins.module_utils.dynamodb.parts import time_to_live
from plugins.module_utils.dynamodb.table import Attribute, TimeToLive
from tests.declaring import GSI1, PROVISIONED, SEED
from tests.unit.declaring import declared, live, planned
from tests.unit.stubbing import ARN

ANSWER: dict[str, Any] = {
    "TableName": "mana-memory",
    "TableArn": ARN,
    "TableStatus": "ACTIVE",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    # In no order that counts: they are compared as a set (rule definitions-are-a-set)
    "AttributeDefinitions": [
        {"AttributeName": "sk", "AttributeType": "S"},
        {"AttributeName": "gsi1sk", "AttributeType": "S"},
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "gsi1pk", "AttributeType": "S"},
    ],
    "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
    "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0, "NumberOfDecreasesToday": 0},
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "gsi1",
            "IndexStatus": "ACTIVE",
            "KeySchema": [
                {"AttributeName": "gsi1pk", "KeyType": "HASH"},
                {"AttributeName": "gsi1sk", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
            "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        }
    ],
}


def without(*members: str) -> dict[str, Any]:
    return {key: value for key, value in ANSWER.items() if key not in members}


@pytest.mark.parametrize(
    "described",
    [
        ANSWER,
        {**ANSWER, "TableClassSummary": {"TableClass": "STANDARD"}},
        {**ANSWER, "DeletionProtectionEnabled": False},
        {**ANSWER, "LocalSecondaryIndexes": []},
        without("ProvisionedThroughput"),
    ],
    ids=[
        "as AWS describes it, with throughput that an on-demand table does not have [on-demand-reads-zero-capacity]",
        "with the class that it has anyway [class-absent-is-standard]",
        "with the protection that it does not have",
        "with no local indexes",
        "without throughput, as emulators do [no-member-is-sure]",
    ],
)
def test_the_seeds_table_is_as_declared(described: dict[str, Any]) -> None:
    assert planned({**SEED, "billing_mode": "PAY_PER_REQUEST"}, description.table(described)) == ()


def test_a_replica_without_a_class_has_the_standard_one() -> None:
    """No class is STANDARD (rule class-absent-is-standard)."""
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    replicas = [{"RegionName": "eu-west-1", "ReplicaStatus": "ACTIVE"}]
    described = {**ANSWER, "StreamSpecification": stream, "Replicas": replicas}
    declared = {"replicas": [{"region_name": "eu-west-1", "table_class": "STANDARD"}]}
    assert planned({**SEED, **declared, "billing_mode": "PAY_PER_REQUEST"}, description.table(described)) == ()


def test_a_table_without_a_billing_mode_is_provisioned() -> None:
    """No summary is PROVISIONED (rule billing-absent-is-provisioned)."""
    described = {
        **without("BillingModeSummary"),
        "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
    }
    assert planned({**SEED, **PROVISIONED, "indexes": [GSI1]}, description.table(described)) == ()


def test_a_provisioned_table_has_no_maximum() -> None:
    """Rule provisioned-has-no-maximum: what an endpoint keeps of it counts for nothing."""
    described = {**without("BillingModeSummary"), "OnDemandThroughput": {"MaxReadRequestUnits": 5}}
    assert "on_demand_throughput" not in options.from_table(description.table(described))


def test_a_table_needs_none_of_what_emulators_leave_out() -> None:
    """Emulators leave members out (rule no-member-is-sure)."""
    table = description.table({"TableName": "abc", "KeySchema": ANSWER["KeySchema"]})
    assert table.live
    assert facts.facts(table, table.live)["id"] is None
    assert table.live.settled


def test_an_index_on_its_way_out_is_gone_and_the_table_not_settled() -> None:
    described = {
        **ANSWER,
        "GlobalSecondaryIndexes": [{**ANSWER["GlobalSecondaryIndexes"][0], "IndexStatus": "DELETING"}],
    }
    table = description.table(described)
    assert table.indexes == ()
    assert table.live
    assert not table.live.settled
    assert table.live.state == "ACTIVE (index gsi1 DELETING)"


WARM = {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000}
RAISED = {"read_units_per_second": 13000}


@pytest.mark.parametrize(
    ("status", "calls", "state"),
    [("UPDATING", [], "ACTIVE (warm throughput UPDATING, warm throughput of index gsi1 UPDATING)"),
     ("ACTIVE", ["UpdateTable", "UpdateTable"], "")],
    ids=["under way", "settled"],
)  # fmt: skip
def test_warm_throughput_that_is_being_raised_shows_old_values_and_is_not_raised_again(
    status: str, calls: list[str], state: str
) -> None:
    """Rule warm-throughput-settles-late."""
    warm = {"WarmThroughput": {**WARM, "Status": status}}
    described = {**ANSWER, **warm, "GlobalSecondaryIndexes": [{**ANSWER["GlobalSecondaryIndexes"][0], **warm}]}
    table = description.table(described)
    given = {"warm_throughput": RAISED, "indexes": [{**GSI1, "warm_throughput": RAISED}]}
    assert [step.call for step in planned(given, table)] == calls
    assert table.live
    assert table.live.settled
    assert table.live.state_of_warming == state


def test_a_key_of_several_attributes_keeps_them_all_in_order() -> None:
    """Keys of several attributes stand in an order (rules hash-before-range and keys-may-be-many)."""
    keys = [("b", "HASH"), ("a", "HASH"), ("d", "RANGE"), ("c", "RANGE")]
    schema = [{"AttributeName": name, "KeyType": role} for name, role in keys]
    described = {**ANSWER, "GlobalSecondaryIndexes": [{"IndexName": "i", "KeySchema": schema}]}
    index = description.table(described).index("i")
    assert index
    assert index.key_schema.hash == (Attribute("b", "S"), Attribute("a", "S"))
    assert index.key_schema.range == (Attribute("d", "S"), Attribute("c", "S"))


@pytest.mark.parametrize(
    ("described", "value"),
    [
        ({"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}, TimeToLive(True, "ttl")),
        ({"TimeToLiveStatus": "ENABLING", "AttributeName": "ttl"}, TimeToLive(True, "ttl")),
        ({"TimeToLiveStatus": "DISABLING", "AttributeName": "ttl"}, TimeToLive(False)),
        ({"TimeToLiveStatus": "DISABLED"}, TimeToLive(False)),
        ({}, TimeToLive(False)),
    ],
)
def test_time_to_live_is_read_by_what_it_is_going_to_be(described: dict[str, str], value: TimeToLive) -> None:
    """A status on the way counts as its end (rule expiry-shows-what-comes)."""
    assert time_to_live.from_api({"TimeToLiveDescription": described}) == value


def test_facts_have_the_short_names_of_community_aws_and_no_python_types() -> None:
    described = {**ANSWER, "TableId": "i", "TableSizeBytes": 7, "CreationDateTime": datetime.datetime(2026, 1, 2)}
    table = description.table(described, description.Parts(tags={"a": "b"}))
    assert table.live
    result = facts.facts(table, table.live)
    expected = {
        "arn": ARN,
        "name": "mana-memory",
        "status": "ACTIVE",
        "id": "i",
        "size": 7,
        "billing_mode": "PAY_PER_REQUEST",
        "table_class": "STANDARD",
        "tags": {"a": "b"},
        "table_name": "mana-memory",
        "creation_date_time": "2026-01-02T00:00:00",
    }
    assert {key: result[key] for key in expected} == expected
    assert json.loads(json.dumps(result)) == result


@pytest.mark.parametrize(
    "given",
    [
        SEED,
        {**SEED, **PROVISIONED, "indexes": [{**GSI1, "read_capacity": 2, "write_capacity": 3}]},
        {
            **SEED,
            "table_class": "STANDARD_INFREQUENT_ACCESS",
            "deletion_protection_enabled": True,
            "tags": {"a": "b"},
            "time_to_live": {"attribute_name": "ttl"},
            "point_in_time_recovery": {"enabled": True},
        },
        {
            "hash_key_name": "pk",
            "hash_key_type": "NUMBER",
            "range_key_name": "sk",
            "range_key_type": "BINARY",
            "indexes": [
                {"name": "lsi", "type": "include", "range_key_name": "x", "includes": ["b", "a"]},
                {"name": "gsi", "type": "global_include", "hash_key_name": "x", "includes": ["c"]},
            ],
        },
    ],
    ids=["the seed's", "a provisioned table", "a table with everything beside it", "a table with all kinds of indexes"],
)
def test_a_table_in_option_names_can_be_declared_again(given: dict[str, Any]) -> None:
    there = live(**given)
    assert planned(options.from_table(there), there) == ()
    made_anew = options.desire(declared(**options.from_table(there)), None)
    assert made_anew
    assert options.from_table(made_anew) == options.from_table(there)

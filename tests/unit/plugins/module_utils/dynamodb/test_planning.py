"""The plan from what is there to what is declared. Numbers in brackets are lessons of the design's rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plugins.module_utils.dynamodb import options, planning
from plugins.module_utils.plan import Impossible
from tests.unit.declaring import ARN, GSI1, PROVISIONED, SEED, assert_valid, declared, live, planned, sentences

GSI2 = {"name": "gsi2", "type": "global_keys_only", "hash_key_name": "gsi2pk"}
GSI3 = {"name": "gsi3", "type": "global_include", "hash_key_name": "gsi1pk", "includes": ["b", "a"]}
LSI1 = {"name": "lsi1", "type": "keys_only", "range_key_name": "created", "range_key_type": "NUMBER"}
CAPACITY = {"read_capacity": 2, "write_capacity": 3}

# title, the table that is there, what is declared, the calls, the sentences
CHANGES: list[tuple[str, dict[str, Any] | None, dict[str, Any], list[str], list[str]]] = [
    (
        "a table that is not there is created with its indexes in one call",
        None,
        SEED,
        ["CreateTable"],
        [
            "create table mana-memory with hash key pk (S), range key sk (S), on demand, "
            "global index gsi1 [hash key gsi1pk (S), range key gsi1sk (S), projection ALL]"
        ],
    ),
    (
        "what CreateTable cannot carry follows it, time to live before recovery [66]",
        None,
        {
            **SEED,
            "time_to_live": {"attribute_name": "ttl"},
            "point_in_time_recovery": {"enabled": True},
            "tags": {"team": "a"},
            "table_class": "STANDARD_INFREQUENT_ACCESS",
            "deletion_protection_enabled": True,
        },
        ["CreateTable", "UpdateTimeToLive", "UpdateContinuousBackups"],
        [
            "create table mana-memory with hash key pk (S), range key sk (S), on demand, "
            "global index gsi1 [hash key gsi1pk (S), range key gsi1sk (S), projection ALL], "
            "table class STANDARD_INFREQUENT_ACCESS, protected against deletion, tags team=a",
            "expire items of mana-memory by ttl",
            "keep mana-memory recoverable to any point in time",
        ],
    ),
    (
        "declared capacities alone make a new table provisioned",
        None,
        {"hash_key_name": "id", "hash_key_type": "NUMBER", "read_capacity": 5},
        ["CreateTable"],
        ["create table mana-memory with hash key id (N), by provisioned capacity, 5 read and 1 write units"],
    ),
    ("an equal table is left alone", SEED, SEED, [], []),
    ("what is not declared is left alone", {**SEED, **PROVISIONED, "tags": {"a": "b"}}, {}, [], []),
    ("an empty list of indexes takes none away", SEED, {"indexes": []}, [], []),
    (
        "an index that is not declared stays",
        SEED,
        {"indexes": [GSI2]},
        ["UpdateTable"],
        ["create global index gsi2 [hash key gsi2pk (S), projection KEYS_ONLY] on mana-memory"],
    ),
    (
        "indexes are deleted before others are created, one in a call [19, 22]",
        {**SEED, "indexes": [GSI1, GSI2]},
        {"indexes": [GSI3, {**GSI2, "name": "gsi4"}], "purge_indexes": True},
        ["UpdateTable"] * 4,
        [
            "delete global index gsi1 of mana-memory",
            "delete global index gsi2 of mana-memory",
            "create global index gsi3 [hash key gsi1pk (S), projection INCLUDE of a, b] on mana-memory",
            "create global index gsi4 [hash key gsi2pk (S), projection KEYS_ONLY] on mana-memory",
        ],
    ),
    (
        "a switch to PROVISIONED carries the capacity of every index that stays [23]",
        {**SEED, "indexes": [GSI1, GSI2]},
        {**PROVISIONED, "indexes": [{**GSI1, **CAPACITY}], "purge_indexes": True},
        ["UpdateTable", "UpdateTable"],
        [
            "delete global index gsi2 of mana-memory",
            "bill table mana-memory by provisioned capacity, "
            "provision table mana-memory with 5 read and 5 write units, "
            "provision index gsi1 with 2 read and 3 write units",
        ],
    ),
    (
        "a switch to on-demand carries no capacity, and the index created after it none either [6, 7]",
        {**SEED, **PROVISIONED},
        {"billing_mode": "PAY_PER_REQUEST", "indexes": [GSI1, GSI2]},
        ["UpdateTable", "UpdateTable"],
        [
            "bill table mana-memory on demand",
            "create global index gsi2 [hash key gsi2pk (S), projection KEYS_ONLY] on mana-memory",
        ],
    ),
    (
        "capacities of table and indexes change in one call, and one capacity left out stays [21]",
        {**SEED, **PROVISIONED, "indexes": [{**GSI1, **CAPACITY}, {**GSI2, **CAPACITY}]},
        {"read_capacity": 7, "indexes": [{**GSI1, "read_capacity": 9}, GSI2]},
        ["UpdateTable"],
        [
            "provision table mana-memory with 7 read and 5 write units, "
            "provision index gsi1 with 9 read and 3 write units"
        ],
    ),
    ("0 leaves a capacity alone", {**SEED, **PROVISIONED}, {"read_capacity": 0, "write_capacity": 0}, [], []),
    (
        "the table class travels alone [45]",
        {**SEED, **PROVISIONED},
        {"table_class": "STANDARD_INFREQUENT_ACCESS", "read_capacity": 6},
        ["UpdateTable", "UpdateTable"],
        [
            "move table mana-memory to the table class STANDARD_INFREQUENT_ACCESS",
            "provision table mana-memory with 6 read and 5 write units",
        ],
    ),
    ("STANDARD is what a table has that was never moved [46]", SEED, {"table_class": "STANDARD"}, [], []),
    (
        "protection comes before anything else, and goes with the other settings",
        {**SEED, **PROVISIONED},
        {"deletion_protection_enabled": True, "read_capacity": 6},
        ["UpdateTable", "UpdateTable"],
        [
            "protect table mana-memory against deletion",
            "provision table mana-memory with 6 read and 5 write units",
        ],
    ),
    (
        "protection is taken away together with other settings",
        {**SEED, **PROVISIONED, "deletion_protection_enabled": True},
        {"deletion_protection_enabled": False, "read_capacity": 6},
        ["UpdateTable"],
        [
            "provision table mana-memory with 6 read and 5 write units, "
            "no longer protect table mana-memory against deletion"
        ],
    ),
    (
        "changed tags are overwritten before others are removed [69]",
        {**SEED, "tags": {"a": "1", "b": "2", "aws:cloudformation:stack-name": "s"}},
        {"tags": {"a": "3", "c": "4"}},
        ["TagResource", "UntagResource"],
        ["tag mana-memory with a=3, c=4", "remove from mana-memory the tags b"],
    ),
    ("AWS's own tags are never removed", {**SEED, "tags": {"aws:a": "b"}}, {"tags": {}}, [], []),
    ("AWS's own tags may be declared as they are", {**SEED, "tags": {"aws:a": "b"}}, {"tags": {"aws:a": "b"}}, [], []),
    (
        "without purge_tags no tag is removed",
        {**SEED, "tags": {"a": "1", "b": "2"}},
        {"tags": {"a": "3"}, "purge_tags": False},
        ["TagResource"],
        ["tag mana-memory with a=3"],
    ),
    (
        "time to live is turned off by the attribute that is live [60]",
        {**SEED, "time_to_live": {"attribute_name": "ttl"}},
        {"time_to_live": {"enabled": False, "attribute_name": "whatever"}},
        ["UpdateTimeToLive"],
        ["no longer expire items of mana-memory by ttl"],
    ),
    (
        "time to live that is off stays off, whatever the attribute [60]",
        SEED,
        {"time_to_live": {"enabled": False, "attribute_name": "ttl"}},
        [],
        [],
    ),
    (
        "time to live that is on may leave the attribute out",
        {**SEED, "time_to_live": {"attribute_name": "ttl"}},
        {"time_to_live": {}},
        [],
        [],
    ),
    (
        "recovery is turned off",
        {**SEED, "point_in_time_recovery": {"enabled": True}},
        {"point_in_time_recovery": {"enabled": False}},
        ["UpdateContinuousBackups"],
        ["no longer keep mana-memory recoverable to any point in time"],
    ),
    ("a table is deleted", SEED, {"state": "absent"}, ["DeleteTable"], ["delete table mana-memory"]),
    ("a table that is not there is not deleted", None, {"state": "absent"}, [], []),
    (
        "local indexes come with the table, and take its partition key",
        None,
        {"hash_key_name": "pk", "range_key_name": "sk", "indexes": [LSI1]},
        ["CreateTable"],
        [
            "create table mana-memory with hash key pk (S), range key sk (S), on demand, "
            "local index lsi1 [hash key pk (S), range key created (N), projection KEYS_ONLY]"
        ],
    ),
    (
        "an index may leave out what it has already, the order of includes has no meaning [26]",
        {**SEED, "indexes": [GSI3]},
        {"indexes": [{"name": "gsi3", "type": "global_include", "includes": ["a", "b"]}]},
        [],
        [],
    ),
]

# title, the table that is there, what is declared, the words that name the option and the remedy
REFUSALS: list[tuple[str, dict[str, Any] | None, dict[str, Any], list[str]]] = [
    ("a new table needs a partition key", None, {}, ["hash_key_name", "does not exist"]),
    ("the name of a partition key", SEED, {"hash_key_name": "id"}, ["hash_key_name", "pk (S)", "another name"]),
    ("the type of a partition key", SEED, {"hash_key_type": "NUMBER"}, ["hash_key_type", "pk (S)"]),
    ("the name of a sort key", SEED, {"range_key_name": "id"}, ["range_key_name", "sk (S)"]),
    ("a sort key for a table without", {"hash_key_name": "pk"}, {"range_key_name": "sk"}, ["range_key_name"]),
    (
        "the projection of an index [28]",
        SEED,
        {"indexes": [{**GSI1, "type": "global_keys_only"}]},
        ["indexes[gsi1].type", "ALL", "another name", "purge_indexes"],
    ),
    (
        "the attributes an index includes [28]",
        {**SEED, "indexes": [GSI3]},
        {"indexes": [{**GSI3, "includes": ["c"]}]},
        ["indexes[gsi3].includes", "a, b", "another name"],
    ),
    (
        "the partition key of an index [28]",
        SEED,
        {"indexes": [{**GSI1, "hash_key_name": "other"}]},
        ["indexes[gsi1].hash_key_name", "gsi1pk", "another name"],
    ),
    (
        "the sort key of an index [28]",
        SEED,
        {"indexes": [{**GSI1, "range_key_name": "other"}]},
        ["indexes[gsi1].range_key_name", "gsi1sk"],
    ),
    (
        "a local index on a live table",
        SEED,
        {"indexes": [LSI1]},
        ["indexes[lsi1].type", "local", "global type"],
    ),
    (
        "a local index that is not declared any more",
        {"hash_key_name": "pk", "range_key_name": "sk", "indexes": [LSI1]},
        {"indexes": [], "purge_indexes": True},
        ["indexes[lsi1]", "purge_indexes: false"],
    ),
    (
        "a global index in place of a local one",
        {"hash_key_name": "pk", "range_key_name": "sk", "indexes": [LSI1]},
        {"indexes": [{**LSI1, "type": "global_keys_only", "hash_key_name": "pk"}]},
        ["indexes[lsi1].type", "local", "global"],
    ),
    (
        "a local index on a table without a sort key [38]",
        None,
        {"hash_key_name": "pk", "indexes": [LSI1]},
        ["indexes[lsi1]", "range_key_name"],
    ),
    (
        "a local index with another partition key [38]",
        None,
        {"hash_key_name": "pk", "range_key_name": "sk", "indexes": [{**LSI1, "hash_key_name": "id"}]},
        ["indexes[lsi1].hash_key_name", "pk"],
    ),
    (
        "a local index without a sort key",
        None,
        {"hash_key_name": "pk", "range_key_name": "sk", "indexes": [{"name": "lsi1", "type": "all"}]},
        ["indexes[lsi1].range_key_name"],
    ),
    (
        "a switch to PROVISIONED without the table's capacity",
        SEED,
        {"billing_mode": "PROVISIONED", "read_capacity": 1},
        ["read_capacity, write_capacity", "PROVISIONED"],
    ),
    (
        "a switch to PROVISIONED without the capacity of a declared index [23]",
        SEED,
        {**PROVISIONED, "indexes": [GSI1]},
        ["indexes[gsi1].read_capacity, write_capacity", "PROVISIONED"],
    ),
    (
        "a switch to PROVISIONED without the capacity of an index that stays undeclared [23]",
        SEED,
        PROVISIONED,
        ["indexes[gsi1].read_capacity, write_capacity", "PROVISIONED"],
    ),
    (
        "capacity of an on-demand table [6]",
        SEED,
        {"write_capacity": 5},
        ["write_capacity", "on-demand", "billing_mode: PROVISIONED"],
    ),
    (
        "capacity of an index of an on-demand table [7]",
        None,
        {**SEED, "indexes": [{**GSI1, "read_capacity": 5}]},
        ["indexes[gsi1].read_capacity", "on-demand"],
    ),
    (
        "capacity of a local index",
        None,
        {**SEED, **PROVISIONED, "indexes": [{**LSI1, "read_capacity": 5}]},
        ["indexes[lsi1].read_capacity", "shares the capacity"],
    ),
    (
        "another attribute of time to live in one run [62]",
        {**SEED, "time_to_live": {"attribute_name": "ttl"}},
        {"time_to_live": {"attribute_name": "expires"}},
        ["time_to_live.attribute_name", "ttl", "enabled: false", "an hour later"],
    ),
    (
        "time to live without an attribute",
        SEED,
        {"time_to_live": {"enabled": True}},
        ["time_to_live.attribute_name"],
    ),
    (
        "time to live without an attribute, on a new table, before the table is made [14]",
        None,
        {**SEED, "time_to_live": {"enabled": True}},
        ["time_to_live.attribute_name"],
    ),
    (
        "the deletion of a protected table [79]",
        {**SEED, "deletion_protection_enabled": True},
        {"state": "absent"},
        ["state", "protected", "deletion_protection_enabled: false"],
    ),
    (
        "a new global index without a partition key",
        SEED,
        {"indexes": [{"name": "gsi9", "type": "global_all"}]},
        ["indexes[gsi9].hash_key_name"],
    ),
    ("a tag of AWS's own", SEED, {"tags": {"aws:a": "b"}}, ["tags", "aws:a", "choose another"]),
    (
        "one attribute with two types",
        None,
        {**SEED, "indexes": [{**GSI1, "hash_key_name": "pk", "hash_key_type": "NUMBER"}], "hash_key_type": "STRING"},
        ["pk", "two types"],
    ),
]


@pytest.mark.parametrize(("there", "given", "calls", "said"), [pytest.param(*c[1:], id=c[0]) for c in CHANGES])
def test_a_plan_says(there: dict[str, Any] | None, given: dict[str, Any], calls: list[str], said: list[str]) -> None:
    plan = planned(given, live(**there) if there else None)
    assert sentences(plan) == said
    assert [step.call for step in plan] == calls


@pytest.mark.parametrize(("there", "given"), [pytest.param(*c[1:3], id=c[0]) for c in CHANGES])
def test_every_step_is_valid_for_the_service(there: dict[str, Any] | None, given: dict[str, Any]) -> None:
    for step in planned(given, live(**there) if there else None):
        assert_valid(step)


@pytest.mark.parametrize(("there", "given"), [pytest.param(*c[1:3], id=c[0]) for c in CHANGES])
def test_what_is_reached_needs_no_plan(there: dict[str, Any] | None, given: dict[str, Any]) -> None:
    observed = live(**there) if there else None
    desired = options.desire(declared(**given), observed)
    assert planning.plan(desired, desired) == ()
    if desired is not None:
        assert planned(given, desired) == ()


@pytest.mark.parametrize(("there", "given", "words"), [pytest.param(*c[1:], id=c[0]) for c in REFUSALS])
def test_is_refused(there: dict[str, Any] | None, given: dict[str, Any], words: list[str]) -> None:
    observed = live(**there) if there else None
    with pytest.raises(Impossible) as refusal:
        planned(given, observed)
    sentence = str(refusal.value)
    assert sentence.startswith(words[0]) or words[0] in sentence
    assert [word for word in words if word not in sentence] == []
    assert "\n" not in sentence


def test_tags_are_addressed_by_the_arn_of_the_table() -> None:
    (step,) = planned({"tags": {"a": "b"}}, live(**SEED))
    assert step.arguments == {"ResourceArn": ARN, "Tags": [{"Key": "a", "Value": "b"}]}


def test_an_index_is_created_with_the_attributes_of_all_keys_there_are_by_then() -> None:
    """Lesson 29: current and new ones, none of an index that went before."""
    steps = planned({"indexes": [GSI2, GSI3], "purge_indexes": True}, live(**SEED))
    defined = [[each["AttributeName"] for each in s.arguments.get("AttributeDefinitions", [])] for s in steps]
    assert defined == [[], ["gsi2pk", "pk", "sk"], ["gsi1pk", "gsi2pk", "pk", "sk"]]


def test_a_new_table_defines_no_attribute_that_is_not_a_key() -> None:
    """Lesson 2."""
    (step,) = planned({**SEED, "indexes": [GSI3]}, None)
    assert [each["AttributeName"] for each in step.arguments["AttributeDefinitions"]] == ["gsi1pk", "pk", "sk"]


def test_an_on_demand_table_is_created_without_any_throughput() -> None:
    """Lessons 6 and 7."""
    (step,) = planned(SEED, None)
    assert "Throughput" not in str(step.arguments)


def test_a_deletion_says_how_many_items_go_with_the_table() -> None:
    table = live(**SEED)
    assert table.live
    counted = replace(table, live=replace(table.live, description={"ItemCount": 12}))
    assert sentences(planned({"state": "absent"}, counted)) == [
        "delete table mana-memory and the 12 items counted in it"
    ]


def test_only_steps_that_leave_the_table_in_transition_are_lengthy() -> None:
    given = {**SEED, "time_to_live": {"attribute_name": "t"}, "point_in_time_recovery": {"enabled": True}}
    assert [(step.call, step.lengthy) for step in planned(given, None)] == [
        ("CreateTable", True),
        ("UpdateTimeToLive", False),
        ("UpdateContinuousBackups", False),
    ]
    assert all(step.lengthy for step in planned({"indexes": [GSI2]}, live(**SEED)))


def test_the_type_of_a_key_is_known_from_where_it_is_used_already() -> None:
    table = live(hash_key_name="id", hash_key_type="NUMBER")
    (step,) = planned({"indexes": [{"name": "by_id", "type": "global_all", "hash_key_name": "id"}]}, table)
    assert step.arguments["AttributeDefinitions"] == [{"AttributeName": "id", "AttributeType": "N"}]

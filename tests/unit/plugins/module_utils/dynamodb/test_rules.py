"""Declarations that no table could satisfy, refused before anything is read."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import Stubber

from plugins.module_utils.plan import Impossible
from plugins.modules import dynamodb_table
from tests.unit.declaring import GSI1, SEED, declared, live, planned


def indexes(count: int, kind: str, **more: Any) -> list[dict[str, Any]]:
    return [{"name": f"i{n:02}", "type": kind, "range_key_name": f"r{n}", **more} for n in range(count)]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param(
            {"name": "no spaces"}, ["name", "'no spaces'", "3 to 255"], id="a name with a space [names-have-a-form]"
        ),
        pytest.param({"name": "ab"}, ["name", "3 to 255"], id="a name that is too short [names-have-a-form]"),
        pytest.param({"name": "a" * 256}, ["name", "3 to 255"], id="a name that is too long [names-have-a-form]"),
        pytest.param({"name": "abc\n"}, ["name", "3 to 255"], id="a name that ends in a line break"),
        pytest.param(
            {"indexes": [{**GSI1, "name": "g!"}]},
            ["indexes[g!].name", "3 to 255"],
            id="the name of an index [names-have-a-form]",
        ),
        pytest.param({"read_capacity": -1}, ["read_capacity", "-1"], id="a capacity below zero"),
        pytest.param({"write_capacity": 2**63}, ["write_capacity"], id="a capacity that no number of AWS's holds"),
        pytest.param(
            {"indexes": [{**GSI1, "write_capacity": -5}]},
            ["indexes[gsi1].write_capacity", "-5"],
            id="the capacity of an index below zero",
        ),
        pytest.param(
            {"indexes": [GSI1, GSI1]},
            ["indexes", "gsi1", "2 times"],
            id="an index declared twice [check-mode-refuses-all]",
        ),
        pytest.param(
            {"time_to_live": {"attribute_name": "a" * 256}},
            ["time_to_live.attribute_name", "255"],
            id="the attribute of time to live too long",
        ),
        pytest.param(
            {"replicas": [{"region_name": "eu-west-1", "max_read_request_units": -1}]},
            ["replicas[eu-west-1].max_read_request_units: ", "-1", "leave it out"],
            id="no maximum for a replica",
        ),
        pytest.param(
            {"replicas": [{"region_name": "eu-west-1", "read_capacity": 0}]},
            ["replicas[eu-west-1].read_capacity: ", "0", "leave it out"],
            id="no capacity for a replica",
        ),
        pytest.param(
            {"replicas": [{"region_name": "eu-west-1", "read_capacity": 2**63}]},
            ["replicas[eu-west-1].read_capacity: "],
            id="the capacity of a replica that no number of AWS's holds",
        ),
    ],
)
def test_options_are_refused(given: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(Impossible) as refusal:
        declared(**given)
    assert str(refusal.value).startswith(words[0])
    assert [word for word in words if word not in str(refusal.value)] == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param(
            {"indexes": indexes(21, "global_all", hash_key_name="h")}, ["indexes", "21 global", "20"], id="21 global"
        ),
        pytest.param({"indexes": indexes(6, "all")}, ["indexes", "6 local", "5"], id="6 local indexes"),
        pytest.param(
            {"indexes": [{**GSI1, "type": "global_include"}]},
            ["indexes[gsi1].includes"],
            id="nothing to include [projections-have-limits]",
        ),
        pytest.param(
            {"indexes": [{**GSI1, "includes": ["a"]}]},
            ["indexes[gsi1].includes"],
            id="includes beside ALL [projections-have-limits]",
        ),
        pytest.param(
            {"indexes": [{**GSI1, "type": "global_keys_only", "includes": ["a"]}]},
            ["indexes[gsi1].includes"],
            id="includes beside KEYS_ONLY [projections-have-limits]",
        ),
        pytest.param(
            {"indexes": [{**GSI1, "type": "global_include", "includes": [f"a{n}" for n in range(21)]}]},
            ["indexes[gsi1].includes", "21", "20"],
            id="more included attributes than an index takes [projections-have-limits]",
        ),
        pytest.param(
            {
                "indexes": [
                    {**index, "includes": [f"a{n}" for n in range(20)]}
                    for index in indexes(6, "global_include", hash_key_name="h")
                ]
            },
            ["indexes", "120", "100"],
            id="more included attributes than a table takes, counted as often as they stand [projections-have-limits]",
        ),
        pytest.param({"range_key_name": "pk"}, ["range_key_name", "same attribute"], id="one attribute for both keys"),
        pytest.param(
            {"indexes": [{**GSI1, "range_key_name": "gsi1pk"}]},
            ["indexes[gsi1].range_key_name", "same attribute"],
            id="one attribute for both keys of an index",
        ),
        pytest.param({"hash_key_name": "k" * 256}, ["hash_key_name", "255"], id="the name of a key too long"),
    ],
)
def test_a_new_table_is_refused(given: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(Impossible) as refusal:
        planned({**SEED, **given}, None)
    assert words[0] in str(refusal.value)
    assert [word for word in words if word not in str(refusal.value)] == []


@pytest.mark.parametrize("count", [20, 5], ids=["20 global indexes", "5 local indexes"])
def test_as_many_indexes_as_aws_takes_are_planned(count: int) -> None:
    given = indexes(count, "global_all", hash_key_name="h") if count == 20 else indexes(count, "all")
    assert len(planned({**SEED, "indexes": given}, None)) == 1


def test_a_replica_where_the_table_itself_is_is_refused_before_anything_is_read(client: Any, stub: Stubber) -> None:
    given = {**SEED, "replicas": [{"region_name": "eu-west-1"}, {"region_name": client.meta.region_name}]}
    with pytest.raises(Impossible, match=r"^replicas\[us-east-1\]\.region_name: the table itself is there; remove it$"):
        dynamodb_table.run(declared(**given), lambda service, region=None: client, check_mode=False)


def test_a_witness_where_the_table_itself_is_is_refused_before_anything_is_read(client: Any, stub: Stubber) -> None:
    """Rule a-witness-stands-apart."""
    given = {**SEED, "replicas": [{"region_name": "us-east-2"}], "multi_region_consistency": "STRONG"}
    with pytest.raises(Impossible, match=r"^witness_region: the table itself is in us-east-1; give another region$"):
        dynamodb_table.run(
            declared(**given, witness_region="us-east-1"), lambda service, region=None: client, check_mode=False
        )


@pytest.mark.parametrize(
    "count", [20, 21, 22], ids=["fewer than there are", "as many as there are", "more than there are"]
)
def test_a_table_with_more_global_indexes_than_aws_takes_shows_that_the_quota_was_raised(count: int) -> None:
    many = indexes(22, "global_all", hash_key_name="h")
    described = live(**{**SEED, "indexes": many[:21]})
    assert planned({"tags": {"a": "b"}, "purge_indexes": True, "indexes": many[:count]}, described)


def test_more_global_indexes_than_aws_takes_are_refused() -> None:
    many = indexes(21, "global_all", hash_key_name="h")
    with pytest.raises(Impossible, match=r"^indexes: 21 global indexes; a table can have 20$"):
        planned({"indexes": many}, live(**{**SEED, "indexes": many[:20]}))

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Vector indexes on a real endpoint: promised, performed, and performed already."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from plugins.modules import dynamodb_table_info
from tests.convergence.bench import Bench, set_up
from tests.declaring import GSI1
from tools.endpoint import Endpoint

KEYS = {"hash_key_name": "pk"}
MEANING: dict[str, Any] = {
    "name": "by_meaning",
    "vector_attribute": "embedding",
    "dimensions": 4,
    "distance_function": "COSINE",
    "projection": "keys_only",
    "hash_key_name": "owner",
    "filters": [{"name": "year", "type": "NUMBER"}],
}
IMAGE = {
    "name": "by_image",
    "vector_attribute": "image",
    "dimensions": 2,
    "distance_function": "EUCLIDEAN",
    "projection": "include",
    "includes": ["title"],
}
NONE = {"vector_indexes": [], "purge_vector_indexes": True}


@pytest.fixture
def bench(ministack: Endpoint) -> Iterator[Bench]:
    with set_up(ministack) as bench:
        yield bench


@pytest.fixture
def name() -> str:
    return f"vectors-{uuid.uuid4().hex[:8]}"


def vectors(bench: Bench, table: str) -> dict[str, dict[str, Any]]:
    described: Any = bench.dynamodb.describe_table(TableName=table)["Table"]
    return {index["IndexName"]: index for index in described.get("VectorIndexes") or []}


def declare(bench: Bench, **given: Any) -> dict[str, Any]:
    """Declare it in check mode, for real and again; returns what the real run answered."""
    promised = bench.run(given, check_mode=True)
    done = bench.run(given)
    again = bench.run(given)
    assert not done.get("failed"), done
    assert done["plan"] == promised["plan"]
    assert (again["plan"], again["changed"]) == ([], False)
    assert again["vector_indexes"] == done["vector_indexes"] == promised["vector_indexes"]
    return done


def test_vector_indexes_come_with_the_table_and_one_by_one_and_go(bench: Bench, name: str) -> None:
    assert len(declare(bench, name=name, **KEYS, vector_indexes=[MEANING])["plan"]) == 1
    assert len(declare(bench, name=name, vector_indexes=[IMAGE], indexes=[GSI1])["plan"]) == 2
    assert {each: index["Dimensions"] for each, index in vectors(bench, name).items()} == {
        "by_meaning": 4,
        "by_image": 2,
    }
    other = {**MEANING, "dimensions": 8, "filters": []}
    declare(bench, name=name, vector_indexes=[other], recreate_indexes=True)
    assert vectors(bench, name)["by_meaning"]["Dimensions"] == 8
    declare(bench, name=name, **NONE)
    assert vectors(bench, name) == {}


def test_vector_indexes_stay_while_the_rest_of_the_table_changes(bench: Bench, name: str) -> None:
    declare(bench, name=name, **KEYS, vector_indexes=[MEANING])
    by_year = {"name": "by_year", "type": "global_keys_only", "hash_key_name": "year"}
    for given in (
        {"tags": {"team": "a"}},
        {"indexes": [GSI1, by_year]},
        {"indexes": [GSI1], "purge_indexes": True},
        {"stream_specification": {"stream_view_type": "NEW_IMAGE"}},
    ):
        assert declare(bench, name=name, **given)["plan"] != []
        assert list(vectors(bench, name)) == ["by_meaning"]


def test_a_switch_to_provisioned_takes_them_away_first(bench: Bench, name: str) -> None:
    declare(bench, name=name, **KEYS, vector_indexes=[MEANING])
    provisioned = {"billing_mode": "PROVISIONED", "read_capacity": 1, "write_capacity": 1}
    for check_mode in (True, False):
        refused = bench.run({"name": name, **provisioned, "tags": {"a": "b"}}, check_mode=check_mode)
        assert refused["msg"].startswith(f"billing_mode: table {name} has the vector index by_meaning")
        assert [call.operation for call in bench.calls if call.writes] == []
    declare(bench, name=name, **provisioned, **NONE)
    declare(bench, name=name, billing_mode="PAY_PER_REQUEST", vector_indexes=[MEANING])


def test_vector_indexes_as_read_make_the_same_table_again(bench: Bench, name: str) -> None:
    declare(bench, name=name, **KEYS, vector_indexes=[MEANING, IMAGE])
    (read,) = bench.run({"name": name}, module=dynamodb_table_info)["tables"]
    assert bench.run(read, check_mode=True)["plan"] == []
    declare(bench, **{**read, "name": f"{name}-again"})
    assert list(vectors(bench, f"{name}-again")) == list(vectors(bench, name))


@pytest.mark.parametrize("given", [{}, NONE], ids=["with them", "without them"])
def test_a_copy_has_them_or_leaves_them_out(bench: Bench, name: str, given: dict[str, Any]) -> None:
    declare(bench, name=name, **KEYS, vector_indexes=[MEANING], point_in_time_recovery={"enabled": True})
    copy = f"{name}-copy"
    done = declare(bench, name=copy, restore_from_table={"table_name": name}, **given)
    assert list(vectors(bench, copy)) == ([] if given else ["by_meaning"])
    assert done["plan"][0]["sentence"].endswith("without its vector index by_meaning") == bool(given)


@pytest.fixture
def slow(gate: Endpoint) -> Iterator[Bench]:
    """An endpoint on which an index of a live table takes its phases, as on AWS."""
    with set_up(gate) as bench:
        yield bench


@pytest.fixture
def building(slow: Bench, name: str) -> str:
    """A table whose vector index somebody else has just begun to build."""
    declare(slow, name=name, **KEYS)
    (step,) = slow.run({"name": name, "vector_indexes": [MEANING]}, check_mode=True)["plan"]
    slow.dynamodb.update_table(**step["arguments"])
    return name


def test_a_run_waits_until_it_is_built(slow: Bench, building: str) -> None:
    done = slow.run({"name": building, "vector_indexes": [MEANING], "tags": {"a": "b"}})
    assert [step["call"] for step in done["plan"]] == ["TagResource"]
    (index,) = done["table"]["vector_indexes"]
    assert (index["index_status"], "backfilling" in index) == ("ACTIVE", False)


@pytest.mark.parametrize(
    ("given", "calls"),
    [
        pytest.param(NONE, ["UpdateTable"], id="not wanted"),
        pytest.param(
            {"vector_indexes": [{"name": "by_meaning", "dimensions": 8}], "recreate_indexes": True},
            ["UpdateTable", "UpdateTable"],
            id="wanted otherwise",
        ),
        pytest.param({"state": "absent"}, ["UpdateTable", "DeleteTable"], id="on a table that is not wanted"),
    ],
)
def test_an_index_built_in_vain_is_deleted_before_it_is_built(
    slow: Bench, building: str, given: dict[str, Any], calls: list[str]
) -> None:
    done = slow.run({"name": building, **given})
    assert not done.get("failed"), done
    looks = list(itertools.takewhile(lambda call: not call.writes, slow.calls))
    assert [look.answer["Table"]["VectorIndexes"][0]["IndexStatus"] for look in looks if look.answer] == ["CREATING"]
    assert [step["call"] for step in done["plan"]] == calls
    assert slow.run({"name": building, **given})["changed"] is False


def test_check_mode_shows_the_deletion_and_no_wait(slow: Bench, building: str) -> None:
    promised = slow.run({"name": building, **NONE}, check_mode=True)
    assert [step["sentence"] for step in promised["plan"]] == [
        f"delete vector index by_meaning of {building}, which is still being built"
    ]
    assert "warnings" not in promised


def forget_vector_indexes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make of the installed model of the service one as it was before vector indexes."""
    shapes = bench.dynamodb.meta.service_model._service_description["shapes"]
    for shape in ("TableDescription", "SourceTableFeatureDetails", "CreateTableInput", "UpdateTableInput"):
        members = {
            member: each for member, each in shapes[shape]["members"].items() if not member.startswith("VectorIndex")
        }
        monkeypatch.setitem(shapes[shape], "members", members)


def test_an_old_botocore_hides_no_vector_index(
    ministack: Endpoint, bench: Bench, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = declare(bench, name=name, **KEYS, vector_indexes=[MEANING])
    forget_vector_indexes(bench, monkeypatch)
    with set_up(ministack) as older:
        assert "VectorIndexes" not in older.dynamodb.meta.service_model.shape_for("TableDescription").members
        assert older.run({"name": name, **KEYS})["vector_indexes"] == made["vector_indexes"]
        refused = older.run({"name": name, "billing_mode": "PROVISIONED", "read_capacity": 1, "write_capacity": 1})
        assert refused["msg"].startswith(f"billing_mode: table {name} has the vector index by_meaning")
        refused = older.run({"name": name, **NONE})
        assert refused["msg"] == "vector_indexes: the installed botocore is too old for it; install 1.43.64 or newer"

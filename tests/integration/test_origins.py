# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tables that are imported or restored, behind the gate and before it: check mode, for real, and again."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Client
from tests.declaring import SEED
from tests.integration.test_tables import Apply, counting, three_ways
from tools.endpoint import Endpoint

BUCKETS = itertools.count()
ITEMS = [{"pk": {"S": str(number)}, "sk": {"S": "a"}, "gsi1pk": {"S": "x"}, "gsi1sk": {"S": "y"}} for number in (1, 2)]
PARTS: dict[str, Any] = {
    "tags": {"a": "b"},
    "time_to_live": {"attribute_name": "ttl"},
    "point_in_time_recovery": {"enabled": True},
    "deletion_protection_enabled": True,
    "table_class": "STANDARD_INFREQUENT_ACCESS",
    "stream_specification": {"stream_view_type": "KEYS_ONLY"},
}
PART_CALLS = ["TagResource", *["UpdateTable"] * 3, "UpdateTimeToLive", "UpdateContinuousBackups"]


@pytest.fixture(params=["ministack", "gate"])
def endpoint(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    found: Endpoint = request.getfixturevalue(request.param)
    if found.kind == "gate":
        monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return found


@pytest.fixture
def counted(endpoint: Endpoint) -> Iterator[tuple[Apply, list[str]]]:
    yield from counting(endpoint)


@pytest.fixture
def apply(counted: tuple[Apply, list[str]]) -> Apply:
    return counted[0]


@pytest.fixture
def bucket(endpoint: Endpoint, client: Client) -> str:
    """A bucket with items."""
    name = f"origins-{next(BUCKETS)}"
    s3 = client("s3", endpoint)
    s3.create_bucket(Bucket=name)
    lines = "\n".join(json.dumps({"Item": item}) for item in ITEMS)
    s3.put_object(Bucket=name, Key="items/1.json", Body=lines.encode())
    return name


@pytest.fixture
def source(endpoint: Endpoint) -> Iterator[tuple[Apply, str]]:
    """A table with items, and all that a copy of it does not have."""
    for apply, _calls in counting(endpoint):
        made = apply(**SEED, **PARTS)
        assert made["changed"], made
        yield apply, made["table"]["name"]


def of_files(bucket: str) -> dict[str, Any]:
    return {"import_from_s3": {"s3_bucket": bucket, "s3_key_prefix": "items/", "input_format": "DYNAMODB_JSON"}}


def test_a_table_is_imported_with_what_an_import_does_not_bring(
    apply: Apply, endpoint: Endpoint, client: Client, bucket: str
) -> None:
    three_ways(apply, {**SEED, **of_files(bucket), **PARTS}, ["ImportTable", *PART_CALLS])
    found = client("dynamodb", endpoint).scan(TableName=apply()["table"]["name"])["Items"]
    assert sorted(found, key=lambda item: item["pk"]["S"]) == ITEMS


def test_a_run_that_finds_an_import_under_way_begins_no_other(
    counted: tuple[Apply, list[str]], endpoint: Endpoint, bucket: str
) -> None:
    apply, calls = counted
    begun = apply(**SEED, **of_files(bucket), wait=False)
    assert calls.count("ImportTable") == 1
    assert begun["changed"]
    done = apply(**SEED, **of_files(bucket), tags={"a": "b"})
    assert [step["call"] for step in done["plan"]] == ["TagResource"]


def test_an_import_that_leaves_some_items_is_told_by_the_next_run_too(
    counted: tuple[Apply, list[str]], endpoint: Endpoint, client: Client, bucket: str
) -> None:
    """Rule a-failed-import-leaves-a-table."""
    client("s3", endpoint).put_object(Bucket=bucket, Key="items/2.json", Body=b'{"Item": {"sk": {"S": "a"}}}')
    apply, calls = counted
    for made in (1, 0):
        failed = apply(**SEED, **of_files(bucket))
        assert (failed["failed"], calls.count("ImportTable")) == (True, made)
        assert "ItemValidationError" in failed["msg"]


def test_an_import_that_leaves_no_table_is_told_and_can_be_tried_again(
    counted: tuple[Apply, list[str]], bucket: str
) -> None:
    """Rule a-failed-import-leaves-a-table."""
    apply, calls = counted
    failed = apply(**SEED, **of_files("there-is-no-such-bucket"))
    assert (failed["failed"], calls.count("ImportTable")) == (True, 1)
    assert "S3NoSuchBucket" in failed["msg"]
    assert apply(**SEED, **of_files(bucket))["changed"]


@pytest.mark.parametrize("declared", [{}, PARTS], ids=["bare", "with all that its source has"])
def test_a_table_is_restored_from_another_ones_past(
    apply: Apply, source: tuple[Apply, str], declared: dict[str, Any]
) -> None:
    """Rule restored-tables-start-bare."""
    given = {"restore_from_table": {"table_name": source[1]}, **declared}
    three_ways(apply, given, ["RestoreTableToPointInTime", *(PART_CALLS if declared else [])])


def test_a_table_is_restored_from_a_backup(
    apply: Apply, source: tuple[Apply, str], endpoint: Endpoint, client: Client
) -> None:
    backed_up = client("dynamodb", endpoint).create_backup(TableName=source[1], BackupName="one")
    origin = {"restore_from_backup": {"backup_arn": backed_up["BackupDetails"]["BackupArn"]}}
    three_ways(apply, {**SEED, **origin, **PARTS}, ["RestoreTableFromBackup", *PART_CALLS])

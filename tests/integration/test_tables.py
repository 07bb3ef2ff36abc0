# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tables on real endpoints: each change in check mode, for real, and again."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from plugins.module_utils import front
from plugins.module_utils.connection import connector
from plugins.modules import dynamodb_table, dynamodb_table_info
from tests.clock import later
from tests.declaring import GSI1, PROVISIONED, SEED, options_of
from tools.endpoint import Endpoint

GSI2 = {"name": "gsi2", "type": "global_keys_only", "hash_key_name": "gsi2pk", "hash_key_type": "NUMBER"}
GSI3 = {"name": "gsi3", "type": "global_include", "hash_key_name": "gsi1pk", "includes": ["b", "a"]}
LSI1 = {"name": "lsi1", "type": "keys_only", "range_key_name": "created"}
CAPACITY = {"read_capacity": 2, "write_capacity": 3}
COUNTER = itertools.count()
IMAGES = {"stream_specification": {"stream_view_type": "NEW_AND_OLD_IMAGES"}}
ALLOWED: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
    "Action": ["dynamodb:GetItem"],
    "Resource": "*",
}
POLICY: dict[str, Any] = {"Version": "2012-10-17", "Statement": [ALLOWED]}

# title, the table that is there, then what is declared one after the other with the calls that each takes
STORIES: list[tuple[str, list[tuple[dict[str, Any], list[str]]]]] = [
    ("the seed's table", [(SEED, ["CreateTable"])]),
    (
        "indexes come and go, any number in a run",
        [
            ({"indexes": [GSI1, GSI2, GSI3]}, ["UpdateTable"] * 2),
            ({"indexes": [GSI2], "purge_indexes": True}, ["UpdateTable"] * 2),
            ({"indexes": [GSI1], "purge_indexes": True}, ["UpdateTable"] * 2),
            ({"indexes": [], "purge_indexes": True}, ["UpdateTable"]),
        ],
    ),
    (
        "billing both ways, with capacities of table and index",
        [
            ({**PROVISIONED, "indexes": [{**GSI1, **CAPACITY}]}, ["UpdateTable"]),
            ({"read_capacity": 6}, ["UpdateTable"]),
            ({"indexes": [{**GSI1, "write_capacity": 8}]}, ["UpdateTable"]),
            ({"indexes": [GSI1, {**GSI2, **CAPACITY}]}, ["UpdateTable"]),
            ({"billing_mode": "PAY_PER_REQUEST"}, ["UpdateTable"]),
            (
                {**PROVISIONED, "indexes": [{**GSI1, **CAPACITY}], "purge_indexes": True},
                ["UpdateTable", "UpdateTable"],
            ),
        ],
    ),
    (
        "tags",
        [
            ({"tags": {"a": "1", "b": "2"}}, ["TagResource"]),
            ({"tags": {"a": "3", "c": "4"}, "purge_tags": False}, ["TagResource"]),
            ({"tags": {"a": "3", "d": "5"}}, ["TagResource", "UntagResource"]),
            ({"tags": {}}, ["UntagResource"]),
        ],
    ),
    (
        "time to live",
        [
            ({"time_to_live": {"attribute_name": "ttl"}}, ["UpdateTimeToLive"]),
            ({"time_to_live": {"enabled": False}}, ["UpdateTimeToLive"]),
        ],
    ),
    (
        "recovery",
        [
            ({"point_in_time_recovery": {"enabled": True}}, ["UpdateContinuousBackups"]),
            ({"point_in_time_recovery": {"enabled": False}}, ["UpdateContinuousBackups"]),
        ],
    ),
    (
        "protection",
        [
            ({"deletion_protection_enabled": True}, ["UpdateTable"]),
            ({"deletion_protection_enabled": False}, ["UpdateTable"]),
        ],
    ),
    (
        "table class",
        [
            ({"table_class": "STANDARD_INFREQUENT_ACCESS"}, ["UpdateTable"]),
            ({"table_class": "STANDARD"}, ["UpdateTable"]),
        ],
    ),
    ("deletion", [({"state": "absent"}, ["DeleteTable"])]),
]
STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/changes"
# What LocalStack of this version accepts without doing it, or does not know, is proved on ministack alone.
WIDER_STORIES: list[tuple[str, list[tuple[dict[str, Any], list[str]]]]] = [
    (
        "streams and their views",
        [
            ({"stream_specification": {"stream_view_type": "NEW_IMAGE"}}, ["UpdateTable"]),
            ({"stream_specification": {"stream_view_type": "KEYS_ONLY"}}, ["UpdateTable"] * 2),
            ({"stream_specification": {"stream_enabled": False}}, ["UpdateTable"]),
        ],
    ),
    (
        "encryption",
        [
            ({"sse_specification": {"enabled": True}}, ["UpdateTable"]),
            ({"sse_specification": {"enabled": False}}, ["UpdateTable"]),
        ],
    ),
    (
        "a maximum on demand",
        [
            ({"on_demand_throughput": {"max_read_request_units": 5}}, ["UpdateTable"]),
            ({"on_demand_throughput": {"max_write_request_units": 6}}, ["UpdateTable"]),
            (
                {"on_demand_throughput": {"max_read_request_units": -1, "max_write_request_units": -1}},
                ["UpdateTable"],
            ),
        ],
    ),
    (
        "contributor insights of table and index",
        [
            ({"contributor_insights": {}}, ["UpdateContributorInsights"]),
            ({"indexes": [{**GSI1, "contributor_insights": {"enabled": True}}]}, ["UpdateContributorInsights"]),
            (
                {
                    "contributor_insights": {"enabled": False},
                    "indexes": [{**GSI1, "contributor_insights": {"enabled": False}}],
                },
                ["UpdateContributorInsights"] * 2,
            ),
        ],
    ),
    (
        "a resource policy",
        [
            ({"resource_policy": POLICY}, ["PutResourcePolicy"]),
            (
                {"resource_policy": {**POLICY, "Statement": [{**ALLOWED, "Action": ["dynamodb:Query"]}]}},
                ["PutResourcePolicy"],
            ),
            ({"resource_policy": {}}, ["DeleteResourcePolicy"]),
        ],
    ),
    (
        "a Kinesis data stream",
        [
            ({"kinesis_streaming_destination": {"stream_arn": STREAM}}, ["EnableKinesisStreamingDestination"]),
            (
                {
                    "kinesis_streaming_destination": {
                        "stream_arn": STREAM,
                        "approximate_creation_date_time_precision": "MICROSECOND",
                    }
                },
                ["UpdateKinesisStreamingDestination"],
            ),
            ({"kinesis_streaming_destination": {"enabled": False}}, ["DisableKinesisStreamingDestination"]),
        ],
    ),
    (
        "replicas with tags, recovery and protection of their own",
        [
            (
                {
                    **IMAGES,
                    "replicas": [
                        {
                            "region_name": "eu-west-1",
                            "tags": {"a": "b"},
                            "point_in_time_recovery": {"enabled": True},
                            "deletion_protection_enabled": True,
                        }
                    ],
                },
                ["UpdateTable", "UpdateTable", "UpdateTable", "UpdateContinuousBackups", "TagResource"],
            ),
            (
                {
                    "replicas": [
                        {"region_name": "eu-west-1", "tags": {"c": "d"}, "deletion_protection_enabled": False},
                        {"region_name": "us-west-2"},
                    ]
                },
                ["UpdateTable", "UpdateTable", "TagResource", "UntagResource"],
            ),
            ({"replicas": [{"region_name": "eu-west-1"}], "purge_replicas": True}, ["UpdateTable"]),
            ({"replicas": [], "purge_replicas": True}, ["UpdateTable"]),
        ],
    ),
    (
        "an index with several attributes in its keys",
        [
            (
                {
                    "indexes": [
                        {
                            "name": "multi",
                            "type": "global_all",
                            "key_schema": [
                                {"attribute_name": "b", "key_type": "HASH"},
                                {"attribute_name": "a", "key_type": "HASH", "attribute_type": "NUMBER"},
                                {"attribute_name": "d", "key_type": "RANGE"},
                            ],
                        }
                    ]
                },
                ["UpdateTable"],
            ),
        ],
    ),
    (
        "an index that may be recreated",
        [
            (
                {"indexes": [{**GSI1, "type": "global_keys_only"}], "recreate_indexes": True},
                ["UpdateTable", "UpdateTable"],
            ),
            (
                {
                    "indexes": [{**GSI1, "hash_key_name": "other"}],
                    "recreate_indexes": True,
                },
                ["UpdateTable", "UpdateTable"],
            ),
        ],
    ),
    (
        "capacities that are left to autoscaling",
        [
            ({**PROVISIONED, "indexes": [{**GSI1, **CAPACITY}], "ignore_capacity": True}, ["UpdateTable"]),
            (
                {
                    "read_capacity": 99,
                    "write_capacity": 98,
                    "indexes": [{**GSI1, "read_capacity": 97}],
                    "ignore_capacity": True,
                },
                [],
            ),
        ],
    ),
    (
        "a last backup",
        [({"state": "absent", "final_backup_name": "last-one"}, ["CreateBackup", "DeleteTable"])],
    ),
]
NEW_TABLES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("provisioned", {"hash_key_name": "id", "hash_key_type": "NUMBER", **PROVISIONED}, ["CreateTable"]),
    ("provisioned by its capacity alone", {"hash_key_name": "id", "read_capacity": 2}, ["CreateTable"]),
    (
        "with every kind of index",
        {**SEED, "indexes": [LSI1, {**LSI1, "name": "lsi2", "type": "include", "includes": ["x"]}, GSI1, GSI2, GSI3]},
        ["CreateTable"],
    ),
    (
        "with everything",
        {
            **SEED,
            "tags": {"a": "b"},
            "time_to_live": {"attribute_name": "ttl"},
            "point_in_time_recovery": {"enabled": True},
            "deletion_protection_enabled": True,
            "table_class": "STANDARD_INFREQUENT_ACCESS",
        },
        ["CreateTable", "UpdateTimeToLive", "UpdateContinuousBackups"],
    ),
]

Apply = Callable[..., dict[str, Any]]


@pytest.fixture(params=["ministack", "gate", "localstack"])
def endpoint(request: pytest.FixtureRequest) -> Endpoint:
    found: Endpoint = request.getfixturevalue(request.param)
    if found.kind == "gate":
        request.getfixturevalue("impatient")
    return found


@pytest.fixture(params=["ministack", "gate"])
def wide(request: pytest.FixtureRequest) -> Iterator[Apply]:
    """On the endpoint with the most features, and behind the gate."""
    if request.param == "gate":
        request.getfixturevalue("impatient")
    for apply, _calls in counting(request.getfixturevalue(request.param)):
        yield apply


@pytest.fixture
def counted(endpoint: Endpoint) -> Iterator[tuple[Apply, list[str]]]:
    """Runs the engine of a module on a table of its own, and counts the API calls."""
    yield from counting(endpoint)


def counting(endpoint: Endpoint) -> Iterator[tuple[Apply, list[str]]]:
    """Runs the engine of a module on a table of its own, and counts the API calls."""
    name = f"table-{next(COUNTER)}"
    connection = endpoint.connection
    connect = connector(connection)
    calls: list[str] = []
    connect("dynamodb").meta.events.register("before-call.dynamodb", lambda model, **_event: calls.append(model.name))

    def apply(module: Any = dynamodb_table, check_mode: bool = False, **given: Any) -> dict[str, Any]:
        parameters = options_of(module, {"name": name, **given, **connection})
        calls.clear()
        if endpoint.kind == "gate" and not check_mode:
            later(endpoint.url)
        return front.answer(module.run, parameters, connect, check_mode)

    yield apply, calls
    connect("dynamodb").meta.events.unregister("before-call.dynamodb")
    apply(deletion_protection_enabled=False)
    apply(state="absent")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the gate moves by looks, so that nobody has to sleep."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


@pytest.fixture
def apply(counted: tuple[Apply, list[str]]) -> Apply:
    return counted[0]


def three_ways(apply: Apply, given: dict[str, Any], calls: list[str]) -> None:
    """A real run takes the steps that check mode promised, and a second run has nothing to do."""
    promised = apply(check_mode=True, **given)
    assert not promised.get("failed"), promised["msg"]
    assert [step["call"] for step in promised["plan"]] == calls
    assert promised["changed"] is bool(calls)
    done = apply(**given)
    assert not done.get("failed"), done["msg"]
    assert done["plan"] == promised["plan"]
    assert done["changed"] == promised["changed"]
    if calls:
        assert done["diff"]["before"] == promised["diff"]["before"]
        assert _as_declared(done["diff"]["after"]) == promised["diff"]["after"]
    again = apply(**given)
    assert (again["changed"], again["plan"]) == (False, [])


def _as_declared(after: dict[str, Any]) -> dict[str, Any]:
    """A description without the period of recovery, which nobody declares here and AWS adds by itself."""
    recovery = after.get("point_in_time_recovery") or {}
    kept = {option: value for option, value in recovery.items() if option != "recovery_period_in_days"}
    return {**after, "point_in_time_recovery": kept} if recovery else after


@pytest.mark.parametrize("story", [pytest.param(story, id=title) for title, story in STORIES])
def test_a_live_table_changes_as_declared(apply: Apply, story: list[tuple[dict[str, Any], list[str]]]) -> None:
    if story[0][0] is not SEED:
        assert apply(**SEED)["changed"]
    for given, calls in story:
        three_ways(apply, given, calls)


@pytest.mark.parametrize("story", [pytest.param(story, id=title) for title, story in WIDER_STORIES])
def test_a_live_table_changes_as_declared_in_every_part(
    wide: Apply, story: list[tuple[dict[str, Any], list[str]]]
) -> None:
    assert wide(**SEED)["changed"]
    for given, calls in story:
        three_ways(wide, given, calls)
        if "state" not in given:
            (read,) = wide(dynamodb_table_info)["tables"]
            assert wide(**read)["plan"] == []


@pytest.mark.parametrize(("given", "calls"), [pytest.param(*case[1:], id=case[0]) for case in NEW_TABLES])
def test_a_new_table_is_made_as_declared(apply: Apply, given: dict[str, Any], calls: list[str]) -> None:
    three_ways(apply, given, calls)


@pytest.mark.parametrize("given", [pytest.param(case[1], id=case[0]) for case in NEW_TABLES])
def test_a_table_as_read_can_be_declared_again_and_changes_nothing(
    apply: Apply, endpoint: Endpoint, given: dict[str, Any]
) -> None:
    apply(**given)
    read = apply(dynamodb_table_info, check_mode=False)
    (table,) = read["tables"]
    assert read["table"]["status"] == "ACTIVE"
    # LocalStack of this version has no contributor insights and no resource policies, and the module says so.
    unread = [part for part in ("contributor insights", "resource policy") for w in read["warnings"] if part in w]
    assert len(unread) == len(read["warnings"])
    assert endpoint.kind != "ministack" or not unread
    assert apply(**table)["plan"] == []


def test_items_outlive_every_change(apply: Apply, endpoint: Endpoint, client: Any) -> None:
    """No step replaces a table to change it, so that no item is lost."""
    made = apply(**SEED)["table"]
    at = client("dynamodb", endpoint)
    for number in range(25):
        at.put_item(TableName=made["name"], Item={"pk": {"S": str(number)}, "sk": {"S": "a"}, "gsi1pk": {"S": "x"}})
    for given in (
        {**PROVISIONED, "indexes": [{**GSI1, **CAPACITY}, {**GSI3, **CAPACITY}]},
        {"indexes": [{**GSI3}], "purge_indexes": True, "tags": {"a": "b"}},
        {"billing_mode": "PAY_PER_REQUEST", "table_class": "STANDARD_INFREQUENT_ACCESS"},
    ):
        assert apply(**given)["changed"]
    assert at.scan(TableName=made["name"], Select="COUNT")["Count"] == 25
    assert apply()["table"]["creation_date_time"] == made["creation_date_time"]


def test_an_undeclared_part_is_left_alone(apply: Apply) -> None:
    """Absent is never empty."""
    everything = NEW_TABLES[3][1]
    apply(**everything)
    assert apply(hash_key_name="pk")["plan"] == []
    assert apply(**everything)["plan"] == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (SEED, ["DescribeTable"]),
        ({**SEED, "tags": {}}, ["DescribeTable", "ListTagsOfResource"]),
        ({**SEED, "time_to_live": {"enabled": False}}, ["DescribeTable", "DescribeTimeToLive"]),
        ({**SEED, "point_in_time_recovery": {"enabled": False}}, ["DescribeContinuousBackups", "DescribeTable"]),
        (
            {**SEED, "tags": {}, "time_to_live": {"enabled": False}, "point_in_time_recovery": {"enabled": False}},
            ["DescribeContinuousBackups", "DescribeTable", "DescribeTimeToLive", "ListTagsOfResource"],
        ),
    ],
    ids=["the table alone", "tags", "time to live", "recovery", "all of them"],
)
def test_a_run_without_changes_calls_once_and_once_for_each_part(
    counted: tuple[Apply, list[str]], given: dict[str, Any], expected: list[str]
) -> None:
    apply, calls = counted
    apply(**SEED)
    apply(**given)
    assert sorted(calls) == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"hash_key_name": "id"}, "hash_key_name: "),
        ({"indexes": [{**GSI1, "type": "global_keys_only"}]}, "indexes[gsi1].type: "),
        ({"state": "absent"}, "state: "),
        ({"billing_mode": "PROVISIONED"}, "read_capacity, write_capacity: "),
    ],
    ids=["another key", "another projection", "deletion of a protected table", "no capacity"],
)
@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_an_impossible_declaration_is_refused_before_any_write(
    counted: tuple[Apply, list[str]], given: dict[str, Any], words: str, check_mode: bool
) -> None:
    apply, calls = counted
    apply(**SEED, deletion_protection_enabled=True)
    refused = apply(check_mode=check_mode, **given)
    assert refused["failed"]
    assert refused["msg"].startswith(words)
    assert calls == ["DescribeTable"]


def test_all_tables_are_read(apply: Apply) -> None:
    name = apply(**SEED)["table_name"]
    assert name in [table["name"] for table in apply(dynamodb_table_info, name=None)["tables"]]


def test_a_table_that_is_not_there_is_read_as_none(apply: Apply) -> None:
    read = apply(dynamodb_table_info)
    assert (read["tables"], read["table"], read["changed"]) == ([], {}, False)


def test_without_waiting_the_next_run_goes_on(apply: Apply) -> None:
    given = {**SEED, "indexes": [GSI1, GSI2, GSI3]}
    apply(**SEED)
    runs = 0
    while apply(**given, wait=False)["changed"]:
        runs += 1
        assert runs < 50
    assert {index["name"] for index in apply(**given)["indexes"]} == {"gsi1", "gsi2", "gsi3"}

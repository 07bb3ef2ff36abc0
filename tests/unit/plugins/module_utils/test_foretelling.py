# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Foretells what a step will come to, before it is taken."""

from __future__ import annotations

import ast
import math
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils import foretelling
from plugins.module_utils.plan import Step
from tests.law.course import TIMES
from tests.law.permissions import needed

PLUGINS = Path(__file__).parents[4] / "plugins"
RECOVERY = {"point_in_time_recovery": {"enabled": True, "recovery_period_in_days": 35}}
SHORTER = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7}}
NO_RECOVERY = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}}
UNITS: Any = {"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}
DECREASE = "spends one of 4 decreases of capacity a UTC day"


HERE, THERE = "us-east-1", "eu-west-1"


def step(call: str, region: str = HERE, **arguments: Any) -> Step:
    return Step("dynamodb", call, arguments, "do it", region=region)


def foretold(call: str, arguments: Any, parts: Any) -> foretelling.Foretold:
    return foretelling.foretell(step(call, **arguments), foretelling.Found(parts))


@pytest.mark.parametrize(
    ("call", "arguments", "observed", "effects", "longest", "words"),
    [
        pytest.param("CreateTable", {}, {}, ["create"], 15, "takes no other change", id="a table"),
        pytest.param(
            "CreateTable", {"GlobalSecondaryIndexes": []}, {}, ["create"], 27, "no other change", id="an indexed table"
        ),
        pytest.param(
            "DeleteTable", {}, {}, ["delete", "irreversible", "lossy"], 16, "loses all items", id="a table that goes"
        ),
        pytest.param(
            "DeleteTable",
            {},
            RECOVERY,
            ["delete", "irreversible", "lossy"],
            16,
            "loses all items, but for the backup of 35 days that recovery leaves",
            id="a table with recovery that goes",
        ),
        pytest.param(
            "UpdateTable",
            {"GlobalSecondaryIndexUpdates": [{"Create": {}}]},
            {},
            ["create"],
            1008,
            "DeleteTable and changes of other indexes are refused",
            id="an index [an-index-keeps-others-waiting]",
        ),
        pytest.param(
            "UpdateTable",
            {"GlobalSecondaryIndexUpdates": [{"Delete": {}}]},
            {},
            ["delete"],
            11,
            "queries on it fail until it is built anew",
            id="an index that goes",
        ),
        pytest.param(
            "UpdateTable",
            UNITS,
            {"read_capacity": 6},
            ["change"],
            5,
            DECREASE,
            id="fewer reads [decreases-are-counted]",
        ),
        pytest.param(
            "UpdateTable", UNITS, {"read_capacity": 4, "write_capacity": 5}, ["change"], 5, "", id="more reads"
        ),
        pytest.param(
            "UpdateTable",
            {"GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "a", **UNITS}}]},
            {"index a": {"write_capacity": 6}},
            ["change"],
            11,
            DECREASE,
            id="fewer writes of an index",
        ),
        pytest.param(
            "UpdateTable",
            {"BillingMode": "PAY_PER_REQUEST"},
            {},
            ["change"],
            177,
            "spends one of 4 switches to on demand in 24 hours, AWS does not tell how many are left",
            id="on demand [switches-to-on-demand-are-counted]",
        ),
        pytest.param(
            "UpdateTable",
            {"WarmThroughput": {}},
            {},
            ["change", "irreversible"],
            519,
            "cannot be taken back: warm throughput cannot be lowered",
            id="warmth [warm-throughput-only-grows]",
        ),
        pytest.param(
            "UpdateTable",
            {"TableClass": "STANDARD"},
            {},
            ["change"],
            51,
            "spends one of 2 changes of the class in 30 days, AWS does not tell how many are left",
            id="a class [class-changes-are-counted]",
        ),
        pytest.param(
            "UpdateTable",
            {"StreamSpecification": {"StreamEnabled": False}},
            {},
            ["delete", "irreversible", "lossy"],
            12,
            "loses what readers did not read",
            id="a stream that ends",
        ),
        pytest.param(
            "UpdateTable",
            {"ReplicaUpdates": [{"Create": {}}], "MultiRegionConsistency": "STRONG"},
            {},
            ["create", "irreversible"],
            91,
            "keeps its regions",
            id="strong consistency [strong-regions-are-frozen]",
        ),
        pytest.param(
            "UpdateTimeToLive",
            {"TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}},
            {},
            ["change", "lossy"],
            2,
            "loses items whose ttl has passed",
            id="expiry",
        ),
        pytest.param(
            "UpdateContinuousBackups",
            NO_RECOVERY,
            RECOVERY,
            ["delete", "irreversible", "lossy"],
            2,
            "loses every earlier point of recovery",
            id="recovery that ends",
        ),
        pytest.param(
            "UpdateContinuousBackups",
            SHORTER,
            RECOVERY,
            ["change", "irreversible", "lossy"],
            2,
            "loses what is older than the new period",
            id="a shorter period",
        ),
        pytest.param("UpdateTable", {"SomethingNew": 1}, {}, ["change"], 9, "", id="a member that nobody knows yet"),
    ],
)
def test_a_step_is_foretold(call: str, arguments: Any, observed: Any, effects: Any, longest: int, words: str) -> None:
    each = foretold(call, arguments, observed)
    assert list(each.effects) == effects
    assert each.seconds.longest == longest
    assert words in "; ".join(foretelling.told(each))
    if not words:
        assert each.spends == ""


KEY = {"SSESpecification": {"Enabled": True, "KMSMasterKeyId": "arn:aws:kms:us-east-1:1:key/k"}}
WITNESS = {"GlobalTableWitnessUpdates": [{"Create": {"RegionName": "us-east-2"}}]}
# What a run reads while it waits for a step.
WAITS = {
    "CreateBackup": {"dynamodb:ListBackups"},
    "ImportTable": {"dynamodb:ListImports", "dynamodb:DescribeImport"},
}


@pytest.mark.parametrize(
    ("call", "arguments", "one"),
    [
        ("CreateTable", {}, "dynamodb:CreateTable"),
        ("CreateTable", {"Tags": [{}]}, "dynamodb:TagResource"),
        ("CreateTable", {"ResourcePolicy": "{}"}, "dynamodb:PutResourcePolicy"),
        ("CreateTable", KEY, "kms:CreateGrant"),
        ("UpdateTable", KEY, "kms:DescribeKey"),
        ("UpdateTable", {"ReplicaUpdates": [{"Create": {"RegionName": "eu-west-1"}}]}, "dynamodb:Scan"),
        ("UpdateTable", {"ReplicaUpdates": [{"Create": {"KMSMasterKeyId": "k"}}]}, "kms:CreateGrant"),
        ("UpdateTable", {"ReplicaUpdates": [{"Delete": {}}]}, "dynamodb:DeleteTableReplica"),
        ("UpdateTable", {"ReplicaUpdates": [{"Update": {}}]}, "dynamodb:UpdateTable"),
        ("UpdateTable", {"ReplicaUpdates": [{"Create": {}}], **WITNESS}, "dynamodb:CreateGlobalTableWitness"),
        ("UpdateTable", {"GlobalTableWitnessUpdates": [{"Delete": {}}]}, "dynamodb:DeleteGlobalTableWitness"),
        ("RestoreTableFromBackup", {}, "dynamodb:BatchWriteItem"),
        ("RestoreTableToPointInTime", {}, "dynamodb:PutItem"),
        ("ImportTable", {}, "s3:GetObject"),
        ("CreateBackup", {}, "dynamodb:ListBackups"),
        ("EnableKinesisStreamingDestination", {}, "kinesis:PutRecords"),
        ("DisableKinesisStreamingDestination", {}, "dynamodb:DisableKinesisStreamingDestination"),
        ("CreatePolicy", {"Tags": [{}]}, "iam:TagPolicy"),
        ("CreatePolicy", {}, "iam:CreatePolicy"),
    ],
)
def test_permissions_are_those_that_aws_asks_for(call: str, arguments: Any, one: str) -> None:
    """Rule a-call-takes-more-than-its-own-permission."""
    service = "iam" if call == "CreatePolicy" else "dynamodb"
    told = foretelling.foretell(Step(service, call, arguments, "")).permissions
    assert one in told
    assert set(told) == needed(service, call, arguments) | WAITS.get(call, set())
    assert len(told) == len(set(told))


def test_every_call_that_a_step_makes_is_known() -> None:
    planned = set()
    for path in PLUGINS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Step":
                call = node.args[1] if len(node.args) > 1 else None
                planned |= {call.value} if isinstance(call, ast.Constant) else set()
    assert {"CreateTable", "PutRolePolicy", "PutItem"} <= planned
    assert planned - set(foretelling._CALLS) == set()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        ((0, 0), "0 s"),
        ((0, 2), "0 to 2 s"),
        ((14, 22), "14 to 22 s"),
        ((480, 1020), "8 to 17 min"),
        ((2, 520), "2 s to 9 min"),
    ],
)
def test_times_are_written_as_people_say_them(seconds: Any, words: str) -> None:
    assert str(foretelling.Seconds(*seconds)) == words


@pytest.mark.parametrize(
    ("taken", "parts"),
    [
        (Step("dynamodb", "TagResource", {}, ""), {"tags"}),
        (Step("dynamodb", "TagResource", {}, "", region="eu-west-1"), {"replica eu-west-1"}),
        (Step("dynamodb", "UpdateTimeToLive", {}, "", region="us-east-1"), {"time_to_live"}),
        (Step("dynamodb", "UpdateContributorInsights", {"IndexName": "by_day"}, ""), {"index by_day"}),
        (Step("dynamodb", "UpdateTable", {"TableClass": "STANDARD"}, ""), {"table_class"}),
        (
            Step("dynamodb", "UpdateTable", {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by_day"}}]}, ""),
            {"index by_day"},
        ),
        (
            Step("dynamodb", "UpdateTable", {"VectorIndexUpdates": [{"Create": {"IndexName": "by_meaning"}}]}, ""),
            {"vector index by_meaning"},
        ),
        (
            Step("dynamodb", "UpdateTable", {"ReplicaUpdates": [{"Create": {"RegionName": "eu-west-1"}}]}, ""),
            {"replica eu-west-1"},
        ),
        (Step("iam", "PutRolePolicy", {}, ""), set()),
    ],
)
def test_a_step_names_the_parts_that_it_changes(taken: Step, parts: set[str]) -> None:
    assert foretelling.parts_of(taken, HERE) == parts


NONE_LEFT = "none left today but one an hour"


@pytest.mark.parametrize(
    ("made", "left"),
    [(0, "4 left today"), (1, "3 left today"), (3, "1 left today"), (4, NONE_LEFT), (9, NONE_LEFT)],
)
def test_how_many_decreases_are_left_is_told_where_aws_tells_how_many_were_made(made: int, left: str) -> None:
    before = {"read_capacity": 9, "write_capacity": 5}
    found = foretelling.Found(before, decreases={"": made})
    assert [*foretelling.told(foretelling.foretell(step("UpdateTable", **UNITS), found))][-1] == (f"{DECREASE}, {left}")
    update = step("UpdateTable", GlobalSecondaryIndexUpdates=[{"Update": {"IndexName": "gsi1", **UNITS}}])
    found = foretelling.Found({"index gsi1": before}, decreases={"": 0, "index gsi1": made})
    assert foretelling.foretell(update, found).spends == f"{DECREASE[7:]}, {left}"


ON_DEMAND = step("UpdateTable", BillingMode="PAY_PER_REQUEST")
CAPACITIES = step("UpdateTable", BillingMode="PROVISIONED", **UNITS)
REPLICATE = step("UpdateTable", ReplicaUpdates=[{"Create": {"RegionName": THERE}}])
RECOVER: Any = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
CLASS = step("UpdateTable", TableClass="STANDARD")
MAXIMUM = step("UpdateTable", OnDemandThroughput={"MaxReadRequestUnits": 1})
MORE = {"MaxReadRequestUnits": 1}
WARM = step("UpdateTable", WarmThroughput={"ReadUnitsPerSecond": 13000})
WARM_INDEX = step("UpdateTable", GlobalSecondaryIndexUpdates=[{"Update": {"IndexName": "a", "WarmThroughput": {}}}])
TAG, UNTAG = step("TagResource"), step("UntagResource")
GLOBAL = foretelling.Found(replicas=frozenset({THERE}))
BOTH_MODES = foretelling.Found(had_both_modes=True)
ONE_MODE = foretelling.Found(had_both_modes=False)


@pytest.mark.parametrize(
    ("steps", "found", "last"),
    [
        pytest.param([ON_DEMAND], ONE_MODE, (107, 177), id="on demand for the first time"),
        pytest.param([ON_DEMAND], BOTH_MODES, (2, 9), id="on demand once more [a-mode-comes-back-soon]"),
        pytest.param([ON_DEMAND], foretelling.Found(), (2, 177), id="on demand, for all that AWS tells"),
        pytest.param([CAPACITIES], ONE_MODE, (54, 166), id="provisioned for the first time"),
        pytest.param([CAPACITIES], BOTH_MODES, (2, 9), id="provisioned once more"),
        pytest.param(
            [step("UpdateTable", BillingMode="PAY_PER_REQUEST", OnDemandThroughput=MORE)],
            ONE_MODE,
            (16, 177),
            id="on demand, with a maximum",
        ),
        pytest.param([MAXIMUM], foretelling.Found(), (0, 2), id="a maximum"),
        pytest.param([MAXIMUM], GLOBAL, (30, 63), id="a maximum of a global table [members-are-busy-together]"),
        pytest.param([CLASS], GLOBAL, (30, 63), id="a class of a global table"),
        pytest.param([REPLICATE, MAXIMUM], foretelling.Found(), (30, 63), id="a maximum after the first replica"),
        pytest.param(
            [step("UpdateTable", ReplicaUpdates=[{"Delete": {"RegionName": THERE}}]), MAXIMUM],
            GLOBAL,
            (0, 2),
            id="a maximum after the last replica",
        ),
        pytest.param([WARM], foretelling.Found(), (271, 519), id="warmth for the first time"),
        pytest.param([WARM], foretelling.Found(raised=frozenset({""})), (2, 5), id="more warmth"),
        pytest.param([WARM_INDEX], foretelling.Found(raised=frozenset({""})), (271, 519), id="warmth of an index"),
        pytest.param([REPLICATE], foretelling.Found(items=1), (562, 691), id="a replica of items"),
        pytest.param(
            [REPLICATE], foretelling.Found(items=0), (14, 691), id="a replica of items that nobody counted yet"
        ),
        pytest.param([step("CreateTable"), REPLICATE], foretelling.Found(), (14, 54), id="a replica of a new table"),
        pytest.param([step("CreateTable", VectorIndexes=[])], foretelling.Found(), (14, 27), id="a vector index"),
        pytest.param([step("CreateTable", LocalSecondaryIndexes=[])], foretelling.Found(), (1, 27), id="a local index"),
        pytest.param([step("ImportTable")], foretelling.Found(), (100, 226), id="an import"),
        pytest.param([step("UpdateContinuousBackups", **RECOVER)], foretelling.Found(), (0, 2), id="recovery"),
        pytest.param(
            [step("CreateTable"), step("UpdateContinuousBackups", **RECOVER)],
            foretelling.Found(),
            (0, 8),
            id="recovery of a new table [backups-come-after-the-table]",
        ),
        pytest.param(
            [REPLICATE, step("UpdateContinuousBackups", THERE, **RECOVER)],
            foretelling.Found(),
            (0, 8),
            id="recovery of a new replica",
        ),
        pytest.param([TAG, UNTAG], foretelling.Found(), (2, 9), id="tags again [tags-are-locked-after-a-write]"),
        pytest.param([TAG, step("TagResource", THERE)], foretelling.Found(), (1, 5), id="tags of another region"),
    ],
)
def test_a_time_depends_on_what_a_step_finds(steps: Any, found: Any, last: Any) -> None:
    assert [*foretelling.foretell_all(steps, found)][-1].seconds == last


def test_what_goes_on_alongside_counts_only_as_far_as_it_outlasts_the_next_steps() -> None:
    index = step("UpdateTable", GlobalSecondaryIndexUpdates=[{"Create": {}}])

    def together(*steps: Step) -> foretelling.Seconds:
        return foretelling.together(foretelling.foretell_all(steps, foretelling.Found()))

    assert together(WARM) == (271, 519)
    assert together(WARM, WARM_INDEX) == (271, 519)
    assert together(WARM, index) == together(index) == (506, 1008)
    assert together(CLASS, WARM) == (3 + 271, 51 + 519)
    assert together(WARM, CLASS) == (271, 519)


FRESH = foretelling.Found(had_both_modes=False, had_both_classes=False)
SPENT = foretelling.Found(had_both_modes=True, had_both_classes=True)
ENCRYPT = step("UpdateTable", SSESpecification={"Enabled": True})
UNTOLD = "AWS does not tell how many are left"


@pytest.mark.parametrize(
    ("steps", "found", "left"),
    [
        pytest.param([CLASS], FRESH, "2 left", id="the first change of the class"),
        pytest.param([CLASS], SPENT, UNTOLD, id="another change of the class"),
        pytest.param([ON_DEMAND], FRESH, "4 left", id="the first switch to on demand"),
        pytest.param([ON_DEMAND], SPENT, UNTOLD, id="another switch to on demand"),
        pytest.param([ENCRYPT], FRESH, UNTOLD, id="a change of encryption, of which nothing tells"),
        pytest.param([step("CreateTable"), ENCRYPT], SPENT, "4 left", id="a change of encryption of a new table"),
    ],
)
def test_what_is_left_of_a_quota_is_told_where_it_is_known(steps: Any, found: Any, left: str) -> None:
    assert [*foretelling.foretell_all(steps, found)][-1].spends.endswith(f", {left}")


# By the name in the law of how long it was measured to take: a step that takes so long, and what it finds.
AS_MEASURED: dict[str, tuple[Step, foretelling.Found]] = {
    "creation": (step("CreateTable"), ONE_MODE),
    "creation with GlobalSecondaryIndexes": (step("CreateTable", GlobalSecondaryIndexes=[]), ONE_MODE),
    "deletion": (step("DeleteTable"), ONE_MODE),
    "destination begin": (step("EnableKinesisStreamingDestination"), ONE_MODE),
    "destination end": (step("DisableKinesisStreamingDestination"), ONE_MODE),
    "destination update": (step("UpdateKinesisStreamingDestination"), ONE_MODE),
    "backfill": (step("UpdateTable", VectorIndexUpdates=[{"Create": {}}]), ONE_MODE),
    "index deletion": (step("UpdateTable", VectorIndexUpdates=[{"Delete": {}}]), ONE_MODE),
    "index update": (step("UpdateTable", GlobalSecondaryIndexUpdates=[{"Update": {}}]), ONE_MODE),
    "replication": (MAXIMUM, GLOBAL),
    "encryption": (ENCRYPT, ONE_MODE),
    "class": (CLASS, ONE_MODE),
    "warmth": (WARM, ONE_MODE),
    "warmth again": (WARM, foretelling.Found(raised=frozenset({""}))),
    "to PROVISIONED": (CAPACITIES, ONE_MODE),
    "to PAY_PER_REQUEST": (ON_DEMAND, ONE_MODE),
    "to a mode once more": (CAPACITIES, BOTH_MODES),
    "capacity": (step("UpdateTable", **UNITS), ONE_MODE),
    "stream": (step("UpdateTable", StreamSpecification={"StreamEnabled": True}), ONE_MODE),
    "replica": (REPLICATE, foretelling.Found(is_empty=True)),
    "replica of items": (REPLICATE, foretelling.Found(items=1)),
    "replica deletion": (step("UpdateTable", ReplicaUpdates=[{"Delete": {}}]), GLOBAL),
}


@pytest.mark.parametrize("work", AS_MEASURED)
def test_a_range_is_that_which_was_measured_and_no_wider(work: str) -> None:
    """Rule steps-take-their-time. A run sees the end when it looks the next time."""
    times = [*TIMES[work]]
    shortest, longest = min(each.shortest for each in times), max(each.longest for each in times)
    told = foretelling.foretell(*AS_MEASURED[work]).seconds
    assert told.shortest == math.floor(shortest)
    assert told.longest - min(foretelling.LONGEST_POLL, math.ceil(math.ceil(longest) / 2)) == math.ceil(longest)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Foretells what a step will come to, before it is taken."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils import foretelling
from plugins.module_utils.plan import Step

PLUGINS = Path(__file__).parents[4] / "plugins"
RECOVERY = {"point_in_time_recovery": {"enabled": True, "recovery_period_in_days": 35}}
SHORTER = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7}}
NO_RECOVERY = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}}
UNITS = {"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}
DECREASE = "spends one of 4 decreases of capacity a UTC day"


def foretold(call: str, arguments: Any, observed: Any) -> foretelling.Foretold:
    return foretelling.foretell(Step("dynamodb", call, arguments, "do it"), observed)


@pytest.mark.parametrize(
    ("call", "arguments", "observed", "effects", "longest", "words"),
    [
        pytest.param("CreateTable", {}, {}, ["create"], 10, "takes no other change", id="a table"),
        pytest.param(
            "CreateTable", {"GlobalSecondaryIndexes": []}, {}, ["create"], 22, "no other change", id="an indexed table"
        ),
        pytest.param(
            "DeleteTable", {}, {}, ["delete", "irreversible", "lossy"], 11, "loses all items", id="a table that goes"
        ),
        pytest.param(
            "DeleteTable",
            {},
            RECOVERY,
            ["delete", "irreversible", "lossy"],
            11,
            "loses all items, but for the backup of 35 days that recovery leaves",
            id="a table with recovery that goes",
        ),
        pytest.param(
            "UpdateTable",
            {"GlobalSecondaryIndexUpdates": [{"Create": {}}]},
            {},
            ["create"],
            1020,
            "DeleteTable and changes of other indexes are refused",
            id="an index [an-index-keeps-others-waiting]",
        ),
        pytest.param(
            "UpdateTable",
            {"GlobalSecondaryIndexUpdates": [{"Delete": {}}]},
            {},
            ["delete"],
            40,
            "queries on it fail until it is built anew",
            id="an index that goes",
        ),
        pytest.param(
            "UpdateTable",
            UNITS,
            {"read_capacity": 6},
            ["change"],
            6,
            DECREASE,
            id="fewer reads [decreases-are-counted]",
        ),
        pytest.param(
            "UpdateTable", UNITS, {"read_capacity": 4, "write_capacity": 5}, ["change"], 6, "", id="more reads"
        ),
        pytest.param(
            "UpdateTable",
            {"GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "a", **UNITS}}]},
            {"index a": {"write_capacity": 6}},
            ["change"],
            6,
            DECREASE,
            id="fewer writes of an index",
        ),
        pytest.param(
            "UpdateTable",
            {"BillingMode": "PAY_PER_REQUEST"},
            {},
            ["change"],
            220,
            "spends one of 4 switches to on demand in 24 hours",
            id="on demand [switches-to-on-demand-are-counted]",
        ),
        pytest.param(
            "UpdateTable",
            {"WarmThroughput": {}},
            {},
            ["change", "irreversible"],
            520,
            "cannot be taken back: warm throughput cannot be lowered",
            id="warmth [warm-throughput-only-grows]",
        ),
        pytest.param(
            "UpdateTable",
            {"TableClass": "STANDARD"},
            {},
            ["change"],
            46,
            "spends one of 2 changes of the class in 30 days",
            id="a class [class-changes-are-counted]",
        ),
        pytest.param(
            "UpdateTable",
            {"StreamSpecification": {"StreamEnabled": False}},
            {},
            ["delete", "irreversible", "lossy"],
            8,
            "loses what readers did not read",
            id="a stream that ends",
        ),
        pytest.param(
            "UpdateTable",
            {"ReplicaUpdates": [{"Create": {}}], "MultiRegionConsistency": "STRONG"},
            {},
            ["create", "irreversible"],
            686,
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
            7,
            "loses every earlier point of recovery",
            id="recovery that ends",
        ),
        pytest.param(
            "UpdateContinuousBackups",
            SHORTER,
            RECOVERY,
            ["change", "irreversible", "lossy"],
            7,
            "loses what is older than the new period",
            id="a shorter period",
        ),
        pytest.param("UpdateTable", {"SomethingNew": 1}, {}, ["change"], 6, "", id="a member that nobody knows yet"),
    ],
)
def test_a_step_is_foretold(call: str, arguments: Any, observed: Any, effects: Any, longest: int, words: str) -> None:
    each = foretold(call, arguments, observed)
    assert list(each.effects) == effects
    assert each.seconds.longest == longest
    assert words in "; ".join(foretelling.told(each))
    if not words:
        assert each.spends == ""


def test_permissions_are_those_of_the_call_and_of_what_it_carries() -> None:
    each = foretold("CreateTable", {"Tags": [], "ResourcePolicy": "{}"}, {})
    assert each.permissions == ("dynamodb:CreateTable", "dynamodb:TagResource", "dynamodb:PutResourcePolicy")


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
    ("step", "parts"),
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
def test_a_step_names_the_parts_that_it_changes(step: Step, parts: set[str]) -> None:
    assert foretelling.parts_of(step, "us-east-1") == parts


@pytest.mark.parametrize(("made", "left"), [(0, 4), (1, 3), (4, 0), (9, 0)])
def test_how_many_decreases_are_left_is_told_where_aws_tells_how_many_were_made(made: int, left: int) -> None:
    before = {"read_capacity": 9, "write_capacity": 5}
    assert [*foretelling.told(foretold("UpdateTable", UNITS, {**before, foretelling.DECREASES: {"": made}}))][-1] == (
        f"{DECREASE}, {left} left today"
    )
    update = {"GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "gsi1", **UNITS}}]}
    of_index = {"index gsi1": before, foretelling.DECREASES: {"": 0, "index gsi1": made}}
    assert foretold("UpdateTable", update, of_index).spends == f"{DECREASE[7:]}, {left} left today"

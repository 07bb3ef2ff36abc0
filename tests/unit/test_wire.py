# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The answers that the planner's tests are built on have the shapes of DynamoDB's own model."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.validate import ParamValidator
from hypothesis import HealthCheck, given, settings

from tests.convergence.declarations import Pair, pairs
from tests.unit import wire
from tests.unit.declaring import MODEL, live, planned

ANSWERS = {
    "tags": "ListTagsOfResource",
    "time_to_live": "DescribeTimeToLive",
    "point_in_time_recovery": "DescribeContinuousBackups",
    "contributor_insights": "ListContributorInsights",
    "resource_policy": "GetResourcePolicy",
    "kinesis_streaming_destination": "DescribeKinesisStreamingDestination",
}
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/changes"
INFREQUENT = "STANDARD_INFREQUENT_ACCESS"
# Of each member that a default could hide: the option that declares it, with a value that is not the default.
DECLARED: dict[str, dict[str, Any]] = {
    "RecoveryPeriodInDays": {"point_in_time_recovery": {"enabled": True, "recovery_period_in_days": 7}},
    "ContributorInsightsMode": {"contributor_insights": {"enabled": True, "mode": "THROTTLED_KEYS"}},
    "ApproximateCreationDateTimePrecision": {
        "kinesis_streaming_destination": {
            "stream_arn": STREAM,
            "approximate_creation_date_time_precision": "MICROSECOND",
        }
    },
    "TableClassSummary": {"table_class": INFREQUENT},
    "ReplicaTableClassSummary": {"replicas": [{"region_name": "eu-west-1", "table_class": INFREQUENT}]},
}


def problems(call: str, answer: dict[str, Any]) -> str:
    shape: Any = MODEL.operation_model(call).output_shape
    report: str = ParamValidator().validate(answer, shape).generate_report()
    return report


@settings(max_examples=50, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(pairs("gate"))
def test_random_tables_are_answered_in_shape(pair: Pair) -> None:
    table, _second = pair
    assert problems("DescribeTable", {"Table": wire.description(table)}) == ""
    assert {
        part: wrong for part, answer in wire.answers(table).items() if (wrong := problems(ANSWERS[part], answer))
    } == {}


def test_an_answer_out_of_shape_is_noticed() -> None:
    with pytest.raises(AssertionError):
        assert problems("DescribeTable", {"Table": {"TableName": 5}}) == ""


@pytest.mark.parametrize("member", DECLARED)
def test_a_table_which_is_there_as_declared_needs_no_step(member: str) -> None:
    given = {"hash_key_name": "pk", **DECLARED[member]}
    assert f"'{member}'" in str((wire.description(given), wire.answers(given)))
    assert planned(given, live(**given)) == ()

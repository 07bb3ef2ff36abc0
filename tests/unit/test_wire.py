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
from tests.unit.declaring import MODEL

ANSWERS = {
    "tags": "ListTagsOfResource",
    "time_to_live": "DescribeTimeToLive",
    "point_in_time_recovery": "DescribeContinuousBackups",
    "contributor_insights": "ListContributorInsights",
    "resource_policy": "GetResourcePolicy",
    "kinesis_streaming_destination": "DescribeKinesisStreamingDestination",
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
        part: told for part, answer in wire.answers(table).items() if (told := problems(ANSWERS[part], answer))
    } == {}


def test_an_answer_out_of_shape_is_noticed() -> None:
    with pytest.raises(AssertionError):
        assert problems("DescribeTable", {"Table": {"TableName": 5}}) == ""

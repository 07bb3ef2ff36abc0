# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pace of the gate: rule mutations-are-throttled."""

from __future__ import annotations

import pytest

from tests.law.pace import Pace
from tests.law.state import Call

NOW = 1000.0


def taken(pace: Pace, operation: str, moments: list[float], region: str = "us-east-1") -> list[bool]:
    """Whether the calls at these moments are taken."""
    return [pace.refusal(Call(operation, {"TableName": "a"}, region), each) is None for each in moments]


@pytest.mark.parametrize("operation", ["CreateTable", "DeleteTable", "TagResource"])
def test_of_ten_writes_at_once_four_are_throttled_and_one_retry_a_second_later_cures_it(operation: str) -> None:
    pace = Pace(5)
    assert taken(pace, operation, [NOW] * 10) == [True] * 6 + [False] * 4
    assert taken(pace, operation, [NOW + 1] * 4) == [True] * 4


def test_so_many_a_second_are_taken_for_as_long_as_one_likes() -> None:
    pace = Pace(2)
    moments = [NOW + number / 10 for number in range(1000)]
    assert sum(taken(pace, "CreateTable", moments)) == 6 + 2 * 100 - 1


@pytest.mark.parametrize("operation", ["DescribeTable", "UpdateTimeToLive", "UpdateTable"])
def test_reads_and_other_writes_have_no_pace(operation: str) -> None:
    assert all(taken(Pace(1), operation, [NOW] * 100))


def test_each_region_has_a_pace_of_its_own() -> None:
    pace = Pace(1)
    assert taken(pace, "CreateTable", [NOW] * 7)[-1] is False
    assert taken(pace, "CreateTable", [NOW], "eu-west-1") == [True]


def test_the_answer_is_that_of_aws() -> None:
    pace = Pace(1)
    taken(pace, "CreateTable", [NOW] * 6)
    refusal = pace.refusal(Call("CreateTable", {"TableName": "a"}, "us-east-1"), NOW)
    assert refusal is not None
    assert refusal.code == "ThrottlingException"

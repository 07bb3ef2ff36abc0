# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Quotas in time: foreseen if DescribeTable shows them, explained if only the error does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from plugins.module_utils.dynamodb.quotas import explanation
from plugins.module_utils.dynamodb.table import Table
from plugins.module_utils.plan import Impossible
from tests.declaring import GSI1, PROVISIONED, SEED
from tests.unit.declaring import live, planned

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=timezone.utc)
CAPACITY = {"read_capacity": 5, "write_capacity": 5}


def decreased(times: int, ago: timedelta, index: bool = False) -> Table:
    """A provisioned table, or an index of it, that was decreased so often, the last time so long ago."""
    counted: dict[str, Any] = {
        "ProvisionedThroughput": {"NumberOfDecreasesToday": times, "LastDecreaseDateTime": NOW - ago}
    }
    description = {"GlobalSecondaryIndexes": [{"IndexName": "gsi1", **counted}]} if index else counted
    table = live(**{**SEED, **PROVISIONED, "indexes": [{**GSI1, **CAPACITY}]})
    assert table.live
    return replace(table, live=table.live._replace(description=description, observed_at=NOW))


@pytest.mark.parametrize(
    ("times", "minutes", "given", "refused"),
    [
        (4, 30, {"read_capacity": 4}, True),
        (4, 30, {"write_capacity": 4}, True),
        (4, 61, {"read_capacity": 4}, False),
        (3, 30, {"read_capacity": 4}, False),
        (4, 30, {"read_capacity": 6}, False),
        (4, 30, {"read_capacity": 5}, False),
        (4, 30, {"read_capacity": 4, "ignore_capacity": True}, False),
    ],
    ids=[
        "a fifth decrease of reads within an hour",
        "a fifth decrease of writes within an hour",
        "a fifth decrease after an hour",
        "a fourth decrease",
        "an increase",
        "no change",
        "a decrease that is left to autoscaling",
    ],
)
def test_a_decrease_over_the_quota_is_foreseen(times: int, minutes: int, given: dict[str, Any], refused: bool) -> None:
    """DescribeTable shows how many there were, and when the last one was (rule decreases-are-counted)."""
    table = decreased(times, timedelta(minutes=minutes))
    if not refused:
        planned(given, table)
        return
    with pytest.raises(Impossible) as refusal:
        planned(given, table)
    assert str(refusal.value) == (
        "read_capacity, write_capacity: decreased 4 times today, and DynamoDB takes another decrease only an hour "
        "after the last; run again after 13:00 UTC, or set ignore_capacity: true where autoscaling rules"
    )


def test_the_end_of_a_quota_is_given_in_utc_wherever_the_computer_stands() -> None:
    """The SDK returns times in the zone of the computer."""
    table = decreased(4, timedelta(minutes=30))
    assert table.live
    there = NOW.astimezone(timezone(timedelta(hours=-5, minutes=-30)))
    counted = {"NumberOfDecreasesToday": 4, "LastDecreaseDateTime": there - timedelta(minutes=30)}
    observed = replace(table, live=table.live._replace(description={"ProvisionedThroughput": counted}))
    with pytest.raises(Impossible, match="run again after 13:00 UTC"):
        planned({"read_capacity": 4}, observed)


def test_a_decrease_of_an_index_over_the_quota_is_foreseen() -> None:
    with pytest.raises(Impossible, match=r"^indexes\[gsi1\]\.read_capacity, write_capacity: decreased 4 times"):
        planned({"indexes": [{**GSI1, "read_capacity": 1}]}, decreased(4, timedelta(minutes=30), index=True))


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("Update to PayPerRequest mode are limited to once in 1 day(s). Last update at …", "4 times in 24 hours"),
        ("Time to live has been modified multiple times within a fixed interval", "once an hour"),
        ("Encryption mode changes are limited in the 24h window. After the first 4 change, …", "4 times in 24 hours"),
        ("Subscriber limit exceeded: Updates to TableClass are limited to 2 times in 30 day(s).", "twice in 30 days"),
        (
            "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to it",
            "added last",
        ),
        ("Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day", "UTC day"),
    ],
    ids=[
        "a switch to on-demand [switches-to-on-demand-are-counted]",
        "time to live [expiry-changes-once-an-hour]",
        "encryption [encryption-changes-are-counted]",
        "class [class-changes-are-counted]",
        "a source",
        "decreases [decreases-are-counted]",
    ],
)
def test_the_error_of_a_quota_is_explained(words: str, meaning: str) -> None:
    assert meaning in (explanation(words) or "")


def test_another_error_needs_no_explanation() -> None:
    assert explanation("One or more parameter values were invalid") is None

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Quotas in time: refused in planning where DescribeTable shows them, explained where only AWS's error does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Any

from ..plan import Impossible
from .table import Live, Throughput

DECREASES_A_DAY = 4
FREE_AGAIN = timedelta(hours=1)

# Words of AWS's errors, in lower case, and what they mean (rules switches-to-on-demand-are-counted,
# decreases-are-counted, class-changes-are-counted, encryption-changes-are-counted and expiry-changes-once-an-hour,
# rule a-source-of-replicas-stays).
EXPLANATIONS = (
    (
        "to payperrequest mode are limited",
        "a table can be switched to on-demand 4 times in 24 hours; run again when that has passed",
    ),
    ("multiple times within a fixed interval", "time to live can be changed once an hour; run again an hour later"),
    ("encryption mode changes are limited", "encryption can be changed 4 times in 24 hours, then once in 6 hours"),
    ("tableclass", "the table class can be changed twice in 30 days; run again when that has passed"),
    (
        "acted as a source region",
        "another replica was copied from this one in the last 24 hours; delete first the replicas that were added last",
    ),
    (
        "provisioned throughput decreases",
        "capacity can be decreased 4 times a UTC day, then once in an hour without one",
    ),
)


def refuse_decrease_over_quota(
    desired: Throughput, observed: Throughput | None, live: Live | None, where: str, index: str | None = None
) -> None:
    """Raise Impossible for a decrease that AWS would refuse: the fifth of a UTC day within an hour.

    Rule decreases-are-counted.
    """
    if observed is None or live is None or live.observed_at is None:
        return
    if desired.read >= observed.read and desired.write >= observed.write:
        return
    described = _described(live.description, index)
    last = described.get("LastDecreaseDateTime")
    if described.get("NumberOfDecreasesToday", 0) < DECREASES_A_DAY or last is None:
        return
    free = (last + FREE_AGAIN).astimezone(timezone.utc)
    if live.observed_at < free:
        raise Impossible(
            f"{where}read_capacity, write_capacity: decreased {described['NumberOfDecreasesToday']} times today, and "
            f"DynamoDB takes another decrease only an hour after the last; run again after {free:%H:%M} UTC, "
            "or set ignore_capacity: true where autoscaling rules"
        )


def explanation(words: str) -> str | None:
    """The meaning of an error, if it is that of a quota."""
    lower = words.lower()
    return next((meaning for fragment, meaning in EXPLANATIONS if fragment in lower), None)


def _described(description: Mapping[str, Any], index: str | None) -> Mapping[str, Any]:
    indexes = description.get("GlobalSecondaryIndexes") or []
    holder = description if index is None else next((each for each in indexes if each["IndexName"] == index), {})
    described: Mapping[str, Any] = holder.get("ProvisionedThroughput") or {}
    return described

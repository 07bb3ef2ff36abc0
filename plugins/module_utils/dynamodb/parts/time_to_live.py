# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Time to live: by which attribute items expire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...plan import Impossible, Step
from ..names import misnamed_attribute
from ..part import Read
from ..table import NEW, Table, TimeToLive


def mistakes(options: Mapping[str, Any]) -> Iterator[str]:
    """An attribute has a name of a length."""
    declared = options.get("time_to_live") or {}
    if declared.get("attribute_name") is not None:
        yield from misnamed_attribute("time_to_live.attribute_name", declared["attribute_name"])


def desire(options: Mapping[str, Any], live: TimeToLive | None) -> TimeToLive | None:
    """An attribute that is left out stays."""
    declared = options["time_to_live"]
    if not declared["enabled"]:
        return NEW.time_to_live
    return TimeToLive(True, declared.get("attribute_name") or (live.attribute_name if live else None))


def to_options(value: TimeToLive) -> dict[str, Any]:
    """Time to live as its option takes it."""
    attribute = {"attribute_name": value.attribute_name} if value.attribute_name is not None else {}
    return {"enabled": value.enabled, **attribute}


def read(name: str, _arn: str) -> Read:
    """DescribeTimeToLive."""
    return Read("DescribeTimeToLive", {"TableName": name}, f"read the time to live of table {name}")


def from_api(answer: Mapping[str, Any]) -> TimeToLive:
    """ENABLING counts as enabled, DISABLING as disabled (rule expiry-shows-what-comes)."""
    described = answer.get("TimeToLiveDescription") or {}
    if described.get("TimeToLiveStatus") in ("ENABLED", "ENABLING"):
        return TimeToLive(True, described.get("AttributeName"))
    return TimeToLive(False)


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """On or off; another attribute takes two runs (rule expiry-changes-once-an-hour)."""
    wanted, live = desired.time_to_live, observed.time_to_live
    if wanted is None or live is None or wanted == live:
        return
    if wanted.enabled and not wanted.attribute_name:
        raise Impossible("time_to_live.attribute_name: name the attribute that holds the time of expiry")
    if wanted.enabled and live.enabled:
        raise Impossible(
            f"time_to_live.attribute_name: items of {observed.name} expire by {live.attribute_name}, and DynamoDB "
            f"cannot change that in one run; first run with time_to_live.enabled: false, and an hour later with "
            f"{wanted.attribute_name}"
        )
    attribute = wanted.attribute_name if wanted.enabled else live.attribute_name
    specification = {"Enabled": wanted.enabled, "AttributeName": attribute}
    verb = "expire items" if wanted.enabled else "no longer expire items"
    yield Step(
        "dynamodb",
        "UpdateTimeToLive",
        {"TableName": observed.name, "TimeToLiveSpecification": specification},
        f"{verb} of {observed.name} by {attribute}",
    )

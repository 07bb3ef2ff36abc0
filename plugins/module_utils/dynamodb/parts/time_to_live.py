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
    """An attribute whose name has a wrong length."""
    declared = options.get("time_to_live") or {}
    if declared.get("attribute_name") is not None:
        yield from misnamed_attribute("time_to_live.attribute_name", declared["attribute_name"])


def desire(options: Mapping[str, Any], observed: TimeToLive | None) -> TimeToLive | None:
    """An attribute that is left out stays."""
    declared = options["time_to_live"]
    if not declared["enabled"]:
        return NEW.time_to_live
    return TimeToLive(True, declared.get("attribute_name") or (observed.attribute_name if observed else None))


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
    after, before = desired.time_to_live, observed.time_to_live
    if after is None or before is None or after == before:
        return
    if after.enabled and not after.attribute_name:
        raise Impossible("time_to_live.attribute_name: name the attribute that holds the time of expiry")
    if after.enabled and before.enabled:
        raise Impossible(
            f"time_to_live.attribute_name: items of {observed.name} expire by {before.attribute_name}, and DynamoDB "
            f"cannot change that in one run; first run with time_to_live.enabled: false, and an hour later with "
            f"{after.attribute_name}"
        )
    attribute = after.attribute_name if after.enabled else before.attribute_name
    specification = {"Enabled": after.enabled, "AttributeName": attribute}
    verb = "expire items" if after.enabled else "no longer expire items"
    yield Step(
        "dynamodb",
        "UpdateTimeToLive",
        {"TableName": observed.name, "TimeToLiveSpecification": specification},
        f"{verb} of {observed.name} by {attribute}",
    )

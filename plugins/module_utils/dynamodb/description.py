# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From DynamoDB's descriptions to a table as a value. No optional member is relied on (lesson 15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict

from .table import (
    GLOBAL,
    LOCAL,
    ON_DEMAND,
    PROVISIONED,
    STANDARD,
    Attribute,
    Index,
    KeySchema,
    Live,
    PointInTimeRecovery,
    Projection,
    Table,
    Throughput,
    TimeToLive,
)


def table(
    description: Mapping[str, Any],
    tags: Mapping[str, str] | None = None,
    time_to_live: TimeToLive | None = None,
    point_in_time_recovery: PointInTimeRecovery | None = None,
) -> Table:
    """The table that DescribeTable tells of, with what other calls told of the rest."""
    types = {item["AttributeName"]: item["AttributeType"] for item in description.get("AttributeDefinitions", [])}
    mode = _billing_mode(description)
    provisioned = mode == PROVISIONED
    indexes = [
        _index(index, scope, types, provisioned and scope == GLOBAL)
        for scope, member in ((LOCAL, "LocalSecondaryIndexes"), (GLOBAL, "GlobalSecondaryIndexes"))
        for index in description.get(member) or []
        if index.get("IndexStatus") != "DELETING"
    ]
    return Table(
        name=description["TableName"],
        key_schema=_key_schema(description["KeySchema"], types),
        indexes=tuple(sorted(indexes, key=lambda index: index.name)),
        billing_mode=mode,
        throughput=_throughput(description) if provisioned else None,
        table_class=(description.get("TableClassSummary") or {}).get("TableClass") or STANDARD,
        deletion_protection_enabled=bool(description.get("DeletionProtectionEnabled")),
        tags=tags,
        time_to_live=time_to_live,
        point_in_time_recovery=point_in_time_recovery,
        live=live(description),
    )


def live(description: Mapping[str, Any]) -> Live:
    """What only an existing table has."""
    in_transition = [
        f"{index['IndexName']} {index['IndexStatus']}" + (" and backfilling" if index.get("Backfilling") else "")
        for index in description.get("GlobalSecondaryIndexes") or []
        if index.get("IndexStatus", "ACTIVE") != "ACTIVE"
    ]
    return Live(
        arn=description.get("TableArn", ""),
        status=description.get("TableStatus", "ACTIVE"),
        description=description,
        indexes_in_transition=tuple(sorted(in_transition)),
    )


def time_to_live(description: Mapping[str, Any]) -> TimeToLive:
    """ENABLING counts as enabled, DISABLING as disabled (lesson 63)."""
    if description.get("TimeToLiveStatus") in ("ENABLED", "ENABLING"):
        return TimeToLive(True, description.get("AttributeName"))
    return TimeToLive(False)


def point_in_time_recovery(description: Mapping[str, Any]) -> PointInTimeRecovery:
    """Whether DescribeContinuousBackups tells of recovery to any second."""
    recovery = description.get("PointInTimeRecoveryDescription") or {}
    return PointInTimeRecovery(recovery.get("PointInTimeRecoveryStatus") == "ENABLED")


def facts(observed: Table) -> dict[str, Any]:
    """What DescribeTable answered in snake_case, with the short names that community.aws adds."""
    assert observed.live is not None
    result: dict[str, Any] = camel_dict_to_snake_dict(_plain(observed.live.description))
    result.update(
        arn=observed.live.arn,
        name=observed.name,
        status=observed.live.status,
        id=observed.live.description.get("TableId"),
        size=observed.live.description.get("TableSizeBytes"),
        billing_mode=observed.billing_mode,
        table_class=observed.table_class,
    )
    if observed.tags is not None:
        result["tags"] = dict(observed.tags)
    return result


def _billing_mode(description: Mapping[str, Any]) -> str:
    """A table that was never on-demand has no BillingModeSummary (lesson 4)."""
    mode = (description.get("BillingModeSummary") or {}).get("BillingMode")
    return ON_DEMAND if mode == ON_DEMAND else PROVISIONED


def _key_schema(elements: Iterable[Mapping[str, str]], types: Mapping[str, str]) -> KeySchema:
    def of(key_type: str) -> Any:
        names = (element["AttributeName"] for element in elements if element["KeyType"] == key_type)
        return tuple(Attribute(name, types.get(name, "S")) for name in names)

    elements = list(elements)
    return KeySchema(of("HASH"), of("RANGE"))


def _index(index: Mapping[str, Any], scope: str, types: Mapping[str, str], provisioned: bool) -> Index:
    projection = index.get("Projection") or {}
    return Index(
        name=index["IndexName"],
        scope=scope,
        key_schema=_key_schema(index["KeySchema"], types),
        projection=Projection(
            projection.get("ProjectionType", "ALL"), frozenset(projection.get("NonKeyAttributes") or [])
        ),
        throughput=_throughput(index) if provisioned else None,
    )


def _throughput(description: Mapping[str, Any]) -> Throughput:
    told = description.get("ProvisionedThroughput") or {}
    return Throughput(told.get("ReadCapacityUnits", 0), told.get("WriteCapacityUnits", 0))


def _plain(value: Any) -> Any:
    """Without the dates that botocore makes of time stamps."""
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value.isoformat() if hasattr(value, "isoformat") else value

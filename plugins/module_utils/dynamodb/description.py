# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""From DynamoDB's descriptions to a table as a value. No optional member is relied on (rule no-member-is-sure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from ..plan import region_of
from .parts import (
    deletion_protection_enabled,
    disassociation_protection_enabled,
    sse_specification,
    stream_specification,
    table_class,
)
from .table import (
    EVENTUAL,
    GLOBAL,
    LOCAL,
    NEW,
    NO_MAXIMUM,
    ON_DEMAND,
    PROVISIONED,
    Attribute,
    ContributorInsights,
    Index,
    KeySchema,
    KinesisDestination,
    Live,
    OnDemandThroughput,
    PointInTimeRecovery,
    Projection,
    Replica,
    Table,
    Throughput,
    TimeToLive,
    VectorIndex,
    WarmThroughput,
)

Insights = Mapping[str, ContributorInsights]


class Parts(NamedTuple):
    """The parts of a table that other calls than DescribeTable answer. ``None``: not read."""

    tags: Mapping[str, str] | None = None
    time_to_live: TimeToLive | None = None
    point_in_time_recovery: PointInTimeRecovery | None = None
    contributor_insights: Insights | None = None
    resource_policy: Mapping[str, Any] | None = None
    kinesis_streaming_destination: frozenset[KinesisDestination] | None = None
    replicas: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


def table(description: Mapping[str, Any], read: Parts | None = None, observed: Live | None = None) -> Table:
    """The table in an answer of DescribeTable, with the parts that other calls answered.

    ``observed``: what ``live`` says of the answer, where somebody asked before.
    """
    parts = read or Parts()
    types = {item["AttributeName"]: item["AttributeType"] for item in description.get("AttributeDefinitions", [])}
    mode = _billing_mode(description)
    indexes = [
        _index(index, scope, types, mode, parts.contributor_insights)
        for scope, member in ((LOCAL, "LocalSecondaryIndexes"), (GLOBAL, "GlobalSecondaryIndexes"))
        for index in description.get(member) or []
        if index.get("IndexStatus") != "DELETING"
    ]
    witnesses = [each["RegionName"] for each in description.get("GlobalTableWitnesses") or []]
    return Table(
        name=description["TableName"],
        key_schema=_key_schema(description["KeySchema"], types),
        indexes=tuple(sorted(indexes, key=lambda index: index.name)),
        vector_indexes=_vector_indexes(description, types),
        billing_mode=mode,
        throughput=_throughput(description) if mode == PROVISIONED else None,
        table_class=table_class.from_api(description),
        deletion_protection_enabled=deletion_protection_enabled.from_api(description),
        tags=parts.tags,
        time_to_live=parts.time_to_live,
        point_in_time_recovery=parts.point_in_time_recovery,
        stream=stream_specification.from_api(description),
        encryption=sse_specification.from_api(description),
        on_demand_throughput=_on_demand_throughput(description, mode),
        warm_throughput=_warm_throughput(description),
        contributor_insights=_insights(parts.contributor_insights, ""),
        resource_policy=parts.resource_policy,
        kinesis_streaming_destination=parts.kinesis_streaming_destination,
        replicas=_replicas(description, mode, parts.replicas),
        multi_region_consistency=description.get("MultiRegionConsistency") or EVENTUAL,
        witness_region=witnesses[0] if witnesses else None,
        disassociation_protection_enabled=disassociation_protection_enabled.from_api(description),
        live=observed or live(description),
    )


def live(description: Mapping[str, Any], observed_at: datetime | None = None) -> Live:
    """The part of an existing table that cannot be declared, as observed at a time."""
    parts = [
        _state(index)
        for index in description.get("GlobalSecondaryIndexes") or []
        if index.get("IndexStatus", "ACTIVE") != "ACTIVE"
    ]
    # rule a-vector-index-is-built-late
    parts += [
        f"vector {_state(each)}"
        for each in description.get("VectorIndexes") or []
        if each.get("IndexStatus", "ACTIVE") != "ACTIVE" or each.get("Backfilling")
    ]
    parts += [
        f"replica in {replica['RegionName']} {replica['ReplicaStatus']}"
        for replica in description.get("Replicas") or []
        if replica.get("ReplicaStatus") in ("CREATING", "UPDATING", "DELETING")
    ]
    parts += [
        f"witness in {witness['RegionName']} {witness['WitnessStatus']}"
        for witness in description.get("GlobalTableWitnesses") or []
        if witness.get("WitnessStatus", "ACTIVE") != "ACTIVE"
    ]
    by_data = bool(parts) or (description.get("RestoreSummary") or {}).get("RestoreInProgress", False)
    encryption = (description.get("SSEDescription") or {}).get("Status")  # rule encryption-settles-on-its-own
    if encryption in ("ENABLING", "DISABLING", "UPDATING"):
        parts.append(f"encryption {encryption}")
    return Live(
        arn=description.get("TableArn", ""),
        status=description.get("TableStatus", "ACTIVE"),
        description=description,
        parts_in_transition=tuple(sorted(parts)),
        observed_at=observed_at,
        warming=frozenset(
            holder.get("IndexName", "")
            for holder in (description, *(description.get("GlobalSecondaryIndexes") or []))
            if (holder.get("WarmThroughput") or {}).get("Status") == "UPDATING"
        ),
        by_data=by_data,
        building=frozenset(
            index["IndexName"]
            for member in ("GlobalSecondaryIndexes", "VectorIndexes")
            for index in description.get(member) or []
            if index.get("IndexStatus") == "CREATING" and description.get("TableStatus") in ("ACTIVE", "UPDATING")
        ),
    )


def _billing_mode(description: Mapping[str, Any]) -> str:
    """The billing mode; a table that was never on-demand has no summary of it (rule billing-absent-is-provisioned)."""
    mode = (description.get("BillingModeSummary") or {}).get("BillingMode")
    return ON_DEMAND if mode == ON_DEMAND else PROVISIONED


def _key_schema(elements: Iterable[Mapping[str, str]], types: Mapping[str, str]) -> KeySchema:
    def of(key_type: str) -> Any:
        names = (element["AttributeName"] for element in elements if element["KeyType"] == key_type)
        return tuple(Attribute(name, types.get(name, "S")) for name in names)

    elements = list(elements)
    return KeySchema(of("HASH"), of("RANGE"))


def _index(
    index: Mapping[str, Any],
    scope: str,
    types: Mapping[str, str],
    mode: str,
    insights: Insights | None,
) -> Index:
    in_global = scope == GLOBAL
    return Index(
        name=index["IndexName"],
        scope=scope,
        key_schema=_key_schema(index["KeySchema"], types),
        projection=_projection(index),
        throughput=_throughput(index) if in_global and mode == PROVISIONED else None,
        on_demand_throughput=_on_demand_throughput(index, mode),
        warm_throughput=_warm_throughput(index) if in_global else None,
        contributor_insights=_insights(insights, index["IndexName"]) if in_global else None,
    )


def _state(index: Mapping[str, Any]) -> str:
    """The status of an index that is in transition, in words."""
    filled = " and backfilling" if index.get("Backfilling") else ""
    return f"index {index['IndexName']} {index.get('IndexStatus', 'ACTIVE')}{filled}"


def _vector_indexes(description: Mapping[str, Any], types: Mapping[str, str]) -> tuple[VectorIndex, ...]:
    """The vector indexes; a table without them imports nothing for them."""
    described = [each for each in description.get("VectorIndexes") or [] if each.get("IndexStatus") != "DELETING"]
    if not described:
        return ()
    from . import vector_options

    return tuple(sorted(vector_options.from_api(each, _projection(each), types) for each in described))


def _replicas(description: Mapping[str, Any], mode: str, parts: Mapping[str, Mapping[str, Any]]) -> tuple[Replica, ...]:
    """The replicas, with the parts that their regions answered; a table without them imports nothing for them."""
    described = [
        each
        for each in description.get("Replicas") or []
        if each.get("ReplicaStatus") != "DELETING" and _region(description) != each["RegionName"]
    ]
    if not described:
        return ()
    from . import global_options

    throughput = _throughput(description) if mode == PROVISIONED else None
    maximum = _on_demand_throughput(description, mode)
    replicas = [
        replace(global_options.from_api(each, throughput, maximum), **parts.get(each["RegionName"], {}))
        for each in described
    ]
    return tuple(sorted(replicas, key=lambda replica: replica.region_name))


def _projection(index: Mapping[str, Any]) -> Projection:
    described = index.get("Projection") or {}
    return Projection(described.get("ProjectionType", "ALL"), frozenset(described.get("NonKeyAttributes") or []))


def _insights(insights: Insights | None, name: str) -> ContributorInsights | None:
    return None if insights is None else insights.get(name, NEW.contributor_insights)


def _on_demand_throughput(described: Mapping[str, Any], mode: str) -> OnDemandThroughput:
    """The maximum, which is absent if there is none (rule maximum-cleared-by-minus-one); PROVISIONED has none."""
    maximum = described.get("OnDemandThroughput")
    if not maximum or mode == PROVISIONED:
        return NO_MAXIMUM
    return OnDemandThroughput(maximum.get("MaxReadRequestUnits", -1), maximum.get("MaxWriteRequestUnits", -1))


def _warm_throughput(described: Mapping[str, Any]) -> WarmThroughput | None:
    warm = described.get("WarmThroughput")
    return WarmThroughput(warm.get("ReadUnitsPerSecond", 0), warm.get("WriteUnitsPerSecond", 0)) if warm else None


def _region(description: Mapping[str, Any]) -> str:
    """The region in the table's ARN; some endpoints list the table itself among its replicas."""
    return region_of(description.get("TableArn", ""))


def _throughput(description: Mapping[str, Any]) -> Throughput:
    described = description.get("ProvisionedThroughput") or {}
    return Throughput(described.get("ReadCapacityUnits", 0), described.get("WriteCapacityUnits", 0))

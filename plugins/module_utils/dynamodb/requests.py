# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The arguments of DynamoDB's calls, made of values, and the step of UpdateTable that most changes share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..plan import Step
from .parts import (
    deletion_protection_enabled,
    resource_policy,
    sse_specification,
    stream_specification,
    table_class,
    tags,
)
from .table import (
    NO_MAXIMUM,
    Attribute,
    Index,
    KeySchema,
    OnDemandThroughput,
    Projection,
    Replica,
    Table,
    Throughput,
    VectorIndex,
    WarmThroughput,
    warm_anyway,
)


def update_table(
    observed: Table, change: Mapping[str, Any], sentence: str, *, look_first: bool = False, at_once: bool = False
) -> Step:
    """The step of one UpdateTable, after which the table is in transition."""
    arguments = {"TableName": observed.name, **change}
    return Step("dynamodb", "UpdateTable", arguments, sentence, lengthy=True, look_first=look_first, at_once=at_once)


def create_table(table: Table) -> dict[str, Any]:
    """The arguments of CreateTable: everything that it can carry; the rest takes steps of its own."""
    arguments: dict[str, Any] = {
        "TableName": table.name,
        "AttributeDefinitions": attribute_definitions(table.attributes),
        "KeySchema": key_schema(table.key_schema),
        "BillingMode": table.billing_mode,
    }
    if table.throughput:
        arguments["ProvisionedThroughput"] = throughput(table.throughput)
    if table.global_indexes:
        arguments["GlobalSecondaryIndexes"] = [index(each) for each in table.global_indexes]
    if table.local_indexes:
        arguments["LocalSecondaryIndexes"] = [index(each) for each in table.local_indexes]
    if table.vector_indexes:
        arguments["VectorIndexes"] = [vector_index(each) for each in table.vector_indexes]
    arguments.update(table_class.to_api(table.table_class))
    arguments.update(deletion_protection_enabled.to_api(table.deletion_protection_enabled))
    if table.on_demand_throughput != NO_MAXIMUM:
        arguments["OnDemandThroughput"] = on_demand_throughput(table.on_demand_throughput)
    warm = warm_throughput(table.warm_throughput, warm_anyway(table.throughput)) if table.warm_throughput else {}
    if warm:
        arguments["WarmThroughput"] = warm
    if table.stream.enabled:
        arguments["StreamSpecification"] = stream_specification.to_api(table.stream)
    if table.encryption.key:
        arguments["SSESpecification"] = sse_specification.to_api(table.encryption)
    if table.resource_policy:
        arguments["ResourcePolicy"] = resource_policy.to_api(table.resource_policy)
    if table.tags:
        arguments["Tags"] = tags.to_api(table.tags)
    return arguments


def table_creation_parameters(table: Table) -> dict[str, Any]:
    """The table as ImportTable takes it: without local indexes, tags, class, protection and stream."""
    taken = ("TableName", "AttributeDefinitions", "KeySchema", "BillingMode", "ProvisionedThroughput")
    also = ("OnDemandThroughput", "SSESpecification", "GlobalSecondaryIndexes", "VectorIndexes")
    arguments = create_table(table)
    return {member: arguments[member] for member in (*taken, *also) if member in arguments}


def attribute_definitions(attributes: frozenset[Attribute]) -> list[dict[str, str]]:
    """The key attributes with their types, in a stable order."""
    return [
        {"AttributeName": attribute.name, "AttributeType": attribute.type}
        for attribute in sorted(attributes, key=lambda attribute: attribute.name)
    ]


def key_schema(schema: KeySchema) -> list[dict[str, str]]:
    """The key schema, all HASH elements before the RANGE elements (rule hash-before-range)."""
    return [
        *({"AttributeName": attribute.name, "KeyType": "HASH"} for attribute in schema.hash),
        *({"AttributeName": attribute.name, "KeyType": "RANGE"} for attribute in schema.range),
    ]


def index(described: Index) -> dict[str, Any]:
    """An index, as CreateTable and the Create of an UpdateTable take it."""
    arguments: dict[str, Any] = {
        "IndexName": described.name,
        "KeySchema": key_schema(described.key_schema),
        "Projection": projection(described.projection),
    }
    if described.throughput:
        arguments["ProvisionedThroughput"] = throughput(described.throughput)
    if described.on_demand_throughput != NO_MAXIMUM:
        arguments["OnDemandThroughput"] = on_demand_throughput(described.on_demand_throughput)
    warm = described.warm_throughput
    more = warm_throughput(warm, warm_anyway(described.throughput)) if warm else {}
    if more:
        arguments["WarmThroughput"] = more
    return arguments


def vector_index(described: VectorIndex) -> dict[str, Any]:
    """A vector index, as CreateTable, the Create of an UpdateTable and a restore take it."""
    elements = [
        *({"AttributeName": each.name, "SearchSchemaElementType": "HASH"} for each in described.hash),
        *(
            {"AttributeName": each.name, "SearchSchemaElementType": "INLINE_FILTER"}
            for each in sorted(described.filters)
        ),
    ]
    return {
        "IndexName": described.name,
        "VectorAttribute": {"AttributeName": described.vector_attribute},
        "Dimensions": described.dimensions,
        "DistanceFunction": described.distance_function,
        "Projection": projection(described.projection),
        **({"SearchSchema": elements} if elements else {}),
    }


def projection(projected: Projection) -> dict[str, Any]:
    """The projection of an index: what it holds beside its keys."""
    arguments: dict[str, Any] = {"ProjectionType": projected.type}
    if projected.non_key_attributes:
        arguments["NonKeyAttributes"] = sorted(projected.non_key_attributes)
    return arguments


def throughput(capacity: Throughput) -> dict[str, int]:
    """Provisioned capacity, in units."""
    return {"ReadCapacityUnits": capacity.read, "WriteCapacityUnits": capacity.write}


def on_demand_throughput(maximum: OnDemandThroughput, observed: OnDemandThroughput = NO_MAXIMUM) -> dict[str, int]:
    """The maximum, in request units; -1 removes an existing one, and is not sent if there is none.

    Rules maximum-cleared-by-minus-one, no-maximum-on-creation.
    """
    members = (
        ("MaxReadRequestUnits", maximum.read, observed.read),
        ("MaxWriteRequestUnits", maximum.write, observed.write),
    )
    return {member: units for member, units, before in members if units != -1 or before != -1}


def warm_throughput(warm: WarmThroughput, observed: WarmThroughput) -> dict[str, int]:
    """Warm throughput, in units a second, if it is more than observed (rule warm-throughput-has-a-floor)."""
    members = (("ReadUnitsPerSecond", warm.read, observed.read), ("WriteUnitsPerSecond", warm.write, observed.write))
    return {member: units for member, units, before in members if units > before}


def create_replica(replica: Replica) -> dict[str, Any]:
    """A replica, as a Create among ReplicaUpdates takes it."""
    key = {"KMSMasterKeyId": replica.kms_master_key} if replica.kms_master_key else {}
    table_class = {"TableClassOverride": replica.table_class} if replica.table_class else {}
    return {"RegionName": replica.region_name, **key, **table_class, **_overrides(replica)}


def update_replica(replica: Replica, observed: Replica, table: Table) -> dict[str, Any]:
    """The difference from the observed replica, as an Update among ReplicaUpdates takes it; empty if there is none.

    Units equal to the table's remove the replica's own (rule replica-units-of-the-table-are-none).
    """
    changed: dict[str, Any] = {}
    if replica.table_class and replica.table_class != observed.table_class:
        changed["TableClassOverride"] = replica.table_class
    if replica.read_capacity != observed.read_capacity and table.throughput:
        units = replica.read_capacity or table.throughput.read
        changed["ProvisionedThroughputOverride"] = {"ReadCapacityUnits": units}
    if replica.max_read_request_units != observed.max_read_request_units and not table.throughput:
        units = replica.max_read_request_units or table.on_demand_throughput.read
        changed["OnDemandThroughputOverride"] = {"MaxReadRequestUnits": units}
    return {"RegionName": replica.region_name, **changed} if changed else {}


def _overrides(replica: Replica) -> dict[str, Any]:
    overrides: dict[str, Any] = {}
    if replica.read_capacity:
        overrides["ProvisionedThroughputOverride"] = {"ReadCapacityUnits": replica.read_capacity}
    if replica.max_read_request_units:
        overrides["OnDemandThroughputOverride"] = {"MaxReadRequestUnits": replica.max_read_request_units}
    return overrides

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From values to the arguments of DynamoDB's calls."""

from __future__ import annotations

from typing import Any

from .. import tags
from .table import STANDARD, Attribute, Index, KeySchema, Projection, Table, Throughput


def create_table(table: Table) -> dict[str, Any]:
    """CreateTable with everything that it can carry; what it cannot comes in steps of its own."""
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
    if table.table_class != STANDARD:
        arguments["TableClass"] = table.table_class
    if table.deletion_protection_enabled:
        arguments["DeletionProtectionEnabled"] = True
    if table.tags:
        arguments["Tags"] = tags.to_api(table.tags)
    return arguments


def attribute_definitions(attributes: frozenset[Attribute]) -> list[dict[str, str]]:
    """The key attributes with their types, in a stable order."""
    return [
        {"AttributeName": attribute.name, "AttributeType": attribute.type}
        for attribute in sorted(attributes, key=lambda attribute: attribute.name)
    ]


def key_schema(schema: KeySchema) -> list[dict[str, str]]:
    """All HASH elements stand before the RANGE elements (lesson 36)."""
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
    return arguments


def projection(projected: Projection) -> dict[str, Any]:
    """What an index holds beside its keys."""
    arguments: dict[str, Any] = {"ProjectionType": projected.type}
    if projected.non_key_attributes:
        arguments["NonKeyAttributes"] = sorted(projected.non_key_attributes)
    return arguments


def throughput(capacity: Throughput) -> dict[str, int]:
    """Provisioned capacity, in units."""
    return {"ReadCapacityUnits": capacity.read, "WriteCapacityUnits": capacity.write}

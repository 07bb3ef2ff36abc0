# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DynamoDB's answers about a declared table, in the forms of its API.

Written from the API reference, without the code under test: so a wrong mapping of that code cannot agree with itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.unit.stubbing import ARN, NAME

SHORT = {"STRING": "S", "NUMBER": "N", "BINARY": "B"}
OFF = {"enabled": False}
Given = Mapping[str, Any]


def description(given: Given) -> dict[str, Any]:
    """The answer of DescribeTable."""
    holders = [given, *(given.get("indexes") or []), *(given.get("vector_indexes") or [])]
    provisioned = given.get("billing_mode") == "PROVISIONED" or bool(given.get("read_capacity"))
    answer: dict[str, Any] = {
        "TableName": given.get("name", NAME),
        "TableArn": ARN,
        "TableStatus": "ACTIVE",
        "ItemCount": 0,
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in sorted(_types(holders).items())
        ],
        "KeySchema": _keys(given),
        "BillingModeSummary": {"BillingMode": "PROVISIONED" if provisioned else "PAY_PER_REQUEST"},
        **_capacity(given, provisioned),
        "DeletionProtectionEnabled": bool(given.get("deletion_protection_enabled")),
    }
    indexes = [(each, _index(each, given, provisioned)) for each in given.get("indexes") or []]
    for member, is_global in (("GlobalSecondaryIndexes", True), ("LocalSecondaryIndexes", False)):
        of_kind = [index for each, index in indexes if each["type"].startswith("global") == is_global]
        if of_kind:
            answer[member] = of_kind
    if given.get("vector_indexes"):
        answer["VectorIndexes"] = [_vector_index(each) for each in given["vector_indexes"]]
    if given.get("table_class"):
        answer["TableClassSummary"] = {"TableClass": given["table_class"]}
    stream = given.get("stream_specification")
    if stream and stream.get("stream_enabled", True):
        answer["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": stream["stream_view_type"]}
    encryption = given.get("sse_specification")
    if encryption and encryption.get("enabled", True):
        key = encryption.get("kms_master_key_id") or "alias/aws/dynamodb"
        arn = key if key.startswith("arn:") else f"arn:aws:kms:us-east-1:123456789012:{key}"
        answer["SSEDescription"] = {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": arn}
    if given.get("replicas"):
        answer["Replicas"] = [_replica(each) for each in given["replicas"]]
    if given.get("disassociation_protection_enabled") is not None:
        answer["DisassociationProtectionEnabled"] = given["disassociation_protection_enabled"]
    if given.get("multi_region_consistency"):
        answer["MultiRegionConsistency"] = given["multi_region_consistency"]
    if given.get("witness_region"):
        answer["GlobalTableWitnesses"] = [{"RegionName": given["witness_region"], "WitnessStatus": "ACTIVE"}]
    return answer


def answers(given: Given) -> dict[str, dict[str, Any]]:
    """The answers of the calls that read one part each, by part: those that the planner's tests read."""
    expiry, recovery = given.get("time_to_live") or OFF, given.get("point_in_time_recovery") or OFF
    answer: dict[str, dict[str, Any]] = {
        "tags": {"Tags": [{"Key": key, "Value": str(value)} for key, value in (given.get("tags") or {}).items()]},
        "time_to_live": {"TimeToLiveDescription": _expiry(expiry)},
        "point_in_time_recovery": {
            "ContinuousBackupsDescription": {
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": _recovery(recovery),
            }
        },
    }
    holders = [given, *(given.get("indexes") or [])]
    if any(holder.get("contributor_insights") is not None for holder in holders):
        answer["contributor_insights"] = {"ContributorInsightsSummaries": list(_insights(holders))}
    if given.get("resource_policy") is not None:
        answer["resource_policy"] = {"Policy": json.dumps(given["resource_policy"])} if given["resource_policy"] else {}
    destination = given.get("kinesis_streaming_destination")
    if destination is not None:
        answer["kinesis_streaming_destination"] = {"KinesisDataStreamDestinations": list(_destinations(destination))}
    return answer


def of_regions(given: Given) -> dict[str, dict[str, Any]]:
    """The answers of each region about the declared parts of its replica, by region and part."""
    answer: dict[str, dict[str, Any]] = {}
    for each in given.get("replicas") or []:
        parts = answers(each)
        answer[each["region_name"]] = {part: parts[part] for part in ("tags", "point_in_time_recovery") if part in each}
        if "deletion_protection_enabled" in each:
            answer[each["region_name"]]["deletion_protection_enabled"] = {
                "DeletionProtectionEnabled": each["deletion_protection_enabled"]
            }
    return answer


def _types(holders: list[Given]) -> dict[str, str]:
    types: dict[str, str] = {}
    for holder in holders:
        for role in ("hash", "range"):
            if holder.get(f"{role}_key_name"):
                kind = holder.get(f"{role}_key_type")
                types[holder[f"{role}_key_name"]] = SHORT[kind] if kind else types.get(holder[f"{role}_key_name"], "S")
        for element in holder.get("key_schema") or []:
            types[element["attribute_name"]] = SHORT[element.get("attribute_type") or "STRING"]
        for element in holder.get("filters") or []:
            types[element["name"]] = SHORT[element.get("type") or "STRING"]
    return types


def _keys(holder: Given) -> list[dict[str, str]]:
    elements = holder.get("key_schema") or [
        {"attribute_name": holder[f"{role.lower()}_key_name"], "key_type": role}
        for role in ("HASH", "RANGE")
        if holder.get(f"{role.lower()}_key_name")
    ]
    return [{"AttributeName": each["attribute_name"], "KeyType": each["key_type"]} for each in elements]


def _index(index: Given, table: Given, provisioned: bool) -> dict[str, Any]:
    is_global = index["type"].startswith("global")
    projection: dict[str, Any] = {"ProjectionType": index["type"].removeprefix("global_").upper()}
    if index.get("includes"):
        projection["NonKeyAttributes"] = list(index["includes"])
    keys = index if is_global else {**index, "hash_key_name": table["hash_key_name"]}
    answer = {"IndexName": index["name"], "KeySchema": _keys(keys), "Projection": projection}
    return {**answer, "IndexStatus": "ACTIVE", **_capacity(index, provisioned)} if is_global else answer


def _vector_index(index: Given) -> dict[str, Any]:
    projection: dict[str, Any] = {"ProjectionType": index["projection"].upper()}
    if index.get("includes"):
        projection["NonKeyAttributes"] = list(index["includes"])
    schema = [
        {"AttributeName": each["name"], "SearchSchemaElementType": "INLINE_FILTER"}
        for each in index.get("filters") or []
    ]
    if index.get("hash_key_name"):
        schema.insert(0, {"AttributeName": index["hash_key_name"], "SearchSchemaElementType": "HASH"})
    return {
        "IndexName": index["name"],
        "VectorAttribute": {"AttributeName": index["vector_attribute"]},
        "Dimensions": index["dimensions"],
        "DistanceFunction": index["distance_function"],
        "Projection": projection,
        **({"SearchSchema": schema} if schema else {}),
        "IndexStatus": "ACTIVE",
        "IndexArn": f"{ARN}/index/{index['name']}",
    }


def _capacity(holder: Given, provisioned: bool) -> dict[str, Any]:
    read, write = (holder.get(option) or 1 if provisioned else 0 for option in ("read_capacity", "write_capacity"))
    answer: dict[str, Any] = {"ProvisionedThroughput": {"ReadCapacityUnits": read, "WriteCapacityUnits": write}}
    maximum = holder.get("on_demand_throughput")
    if maximum:
        members = {"MaxReadRequestUnits": "max_read_request_units", "MaxWriteRequestUnits": "max_write_request_units"}
        answer["OnDemandThroughput"] = {member: maximum.get(option) or -1 for member, option in members.items()}
    warm = holder.get("warm_throughput")
    if warm:
        anyway = (read, write) if provisioned else (12000, 4000)
        answer["WarmThroughput"] = {
            "ReadUnitsPerSecond": max(warm.get("read_units_per_second") or 0, anyway[0]),
            "WriteUnitsPerSecond": max(warm.get("write_units_per_second") or 0, anyway[1]),
            "Status": "ACTIVE",
        }
    return answer


def _replica(replica: Given) -> dict[str, Any]:
    answer: dict[str, Any] = {"RegionName": replica["region_name"], "ReplicaStatus": "ACTIVE"}
    if replica.get("kms_master_key_id"):
        answer["KMSMasterKeyId"] = replica["kms_master_key_id"]
    if replica.get("table_class"):
        answer["ReplicaTableClassSummary"] = {"TableClass": replica["table_class"]}
    if replica.get("read_capacity"):
        answer["ProvisionedThroughputOverride"] = {"ReadCapacityUnits": replica["read_capacity"]}
    if replica.get("max_read_request_units"):
        answer["OnDemandThroughputOverride"] = {"MaxReadRequestUnits": replica["max_read_request_units"]}
    return answer


def _expiry(given: Given) -> dict[str, Any]:
    if not given.get("enabled", True):
        return {"TimeToLiveStatus": "DISABLED"}
    return {"TimeToLiveStatus": "ENABLED", "AttributeName": given["attribute_name"]}


def _recovery(given: Given) -> dict[str, Any]:
    if not given.get("enabled", True):
        return {"PointInTimeRecoveryStatus": "DISABLED"}
    days = given.get("recovery_period_in_days")
    return {"PointInTimeRecoveryStatus": "ENABLED", **({"RecoveryPeriodInDays": days} if days else {})}


def _insights(holders: list[Given]) -> Iterator[dict[str, Any]]:
    for holder in holders:
        insights = holder.get("contributor_insights") or OFF
        if insights.get("enabled", True):
            index = {"IndexName": holder["name"]} if "type" in holder else {}
            mode = {"ContributorInsightsMode": insights["mode"]} if insights.get("mode") else {}
            yield {"TableName": NAME, "ContributorInsightsStatus": "ENABLED", **index, **mode}


def _destinations(given: Given) -> Iterator[dict[str, Any]]:
    if given.get("enabled", True):
        precision = given.get("approximate_creation_date_time_precision")
        shown = {"ApproximateCreationDateTimePrecision": precision} if precision else {}
        yield {"StreamArn": given["stream_arn"], "DestinationStatus": "ACTIVE", **shown}

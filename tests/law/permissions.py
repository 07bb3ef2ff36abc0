# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The permissions that AWS asks for when a call is made (rule a-call-takes-more-than-its-own-permission)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.law.state import RESTORES

Arguments = Mapping[str, Any]
ITEMS = ("Scan", "Query", "GetItem", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")


def needed(service: str, operation: str, arguments: Arguments) -> frozenset[str]:
    """Every permission of a call."""
    return frozenset({f"{service}:{operation}", *_besides(operation, arguments)})


def _besides(operation: str, arguments: Arguments) -> Iterator[str]:
    if operation == "CreateTable":
        yield from ["dynamodb:TagResource"] if arguments.get("Tags") else []
        yield from ["dynamodb:PutResourcePolicy"] if arguments.get("ResourcePolicy") else []
    if operation == "CreatePolicy" and arguments.get("Tags"):
        yield "iam:TagPolicy"
    if operation == "EnableKinesisStreamingDestination":
        yield from ("kinesis:ListStreams", "kinesis:PutRecords", "kinesis:DescribeStream")
    if operation in RESTORES:
        yield from (f"dynamodb:{item}" for item in ITEMS)
    if operation == "ImportTable":
        yield from ("s3:GetObject", "s3:ListBucket", "logs:CreateLogGroup", "logs:CreateLogStream")
        yield from ("logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents", "logs:PutRetentionPolicy")
    for update in arguments.get("ReplicaUpdates") or []:
        if "Create" in update:
            yield from ("dynamodb:CreateTable", "dynamodb:CreateTableReplica")
            yield from (f"dynamodb:{item}" for item in ITEMS)
        if "Delete" in update:
            yield from ("dynamodb:DeleteTable", "dynamodb:DeleteTableReplica")
    for update in arguments.get("GlobalTableWitnessUpdates") or []:
        yield from (f"dynamodb:{verb}GlobalTableWitness" for verb in update)
    if _names_a_key(arguments):
        yield from ("kms:CreateGrant", "kms:DescribeKey")


def _names_a_key(value: Any) -> bool:
    """Whether a key of one's own is among the arguments."""
    if isinstance(value, Mapping):
        return "KMSMasterKeyId" in value or any(map(_names_a_key, value.values()))
    return isinstance(value, list) and any(map(_names_a_key, value))

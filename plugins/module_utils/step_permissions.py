# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The permissions that a step takes: that of its call, and others.

Knows neither Ansible nor AWS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .plan import Step

# What a copy of the items takes on the table that they are copied to.
_COPIES = tuple(
    f"dynamodb:{call}" for call in ("Scan", "Query", "GetItem", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")
)
# What calls take besides their own permission, by call.
_MORE: dict[str, tuple[str, ...]] = {
    "RestoreTableFromBackup": _COPIES,
    "RestoreTableToPointInTime": _COPIES,
    "ImportTable": (
        "s3:GetObject", "s3:ListBucket", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups",
        "logs:DescribeLogStreams", "logs:PutLogEvents", "logs:PutRetentionPolicy", "dynamodb:ListImports",
        "dynamodb:DescribeImport",
    ),
    "CreateBackup": ("dynamodb:ListBackups",),
    "EnableKinesisStreamingDestination": ("kinesis:ListStreams", "kinesis:PutRecords", "kinesis:DescribeStream"),
}  # fmt: skip
# The same by call and argument, and by what is done to replicas and witnesses.
_OF_ARGUMENTS = {
    ("CreateTable", "Tags"): "dynamodb:TagResource",
    ("CreateTable", "ResourcePolicy"): "dynamodb:PutResourcePolicy",
    ("CreatePolicy", "Tags"): "iam:TagPolicy",
}
_OF_UPDATES = {
    ("ReplicaUpdates", "Create"): ("dynamodb:CreateTable", "dynamodb:CreateTableReplica", *_COPIES),
    ("ReplicaUpdates", "Delete"): ("dynamodb:DeleteTable", "dynamodb:DeleteTableReplica"),
    ("GlobalTableWitnessUpdates", "Create"): ("dynamodb:CreateGlobalTableWitness",),
    ("GlobalTableWitnessUpdates", "Delete"): ("dynamodb:DeleteGlobalTableWitness",),
}
_OF_KEYS = ("kms:CreateGrant", "kms:DescribeKey")


def permissions_of(step: Step) -> Iterator[str]:
    """The permission of the call, and those that it takes besides (rule a-call-takes-more-than-its-own-permission)."""
    yield f"{step.service}:{step.call}"
    yield from _MORE.get(step.call, ())
    for (call, argument), permission in _OF_ARGUMENTS.items():
        if step.call == call and step.arguments.get(argument) is not None:
            yield permission
    found: dict[str, None] = {}
    for (member, verb), permissions in _OF_UPDATES.items():
        if any(verb in update for update in step.arguments.get(member) or ()):
            found.update(dict.fromkeys(permissions))
    yield from found
    if _names_a_key(step.arguments):
        yield from _OF_KEYS


def _names_a_key(value: Any) -> bool:
    """Whether a key of one's own is named somewhere in arguments."""
    if isinstance(value, Mapping):
        return "KMSMasterKeyId" in value or any(_names_a_key(each) for each in value.values())
    return isinstance(value, (list, tuple)) and any(_names_a_key(each) for each in value)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Whether an answer is AWS's, and whole. Pure: no Ansible, no AWS.

botocore takes half an answer for a whole one, and an answer that it cannot read for an empty one. A table, a variable
or an item that was not read would then count as missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from xml.etree import ElementTree

LONGEST_NOTHING = len("{ }\r\n")  # bytes
# Calls that change nothing, so that they can be made once more.
READS = ("Describe", "Get", "List", "Query", "Search", "Simulate", "Assume")


class Answer(NamedTuple):
    """The members that AWS's answer to a call always has, by their paths, and the members that repeat an argument."""

    members: tuple[str, ...] = ()
    repeats: Mapping[str, str] = {}


TABLE = Answer(("TableDescription.TableStatus",), {"TableDescription.TableName": "TableName"})
RESTORED = Answer(("TableDescription.TableStatus",), {"TableDescription.TableName": "TargetTableName"})
STREAMING = Answer(("DestinationStatus",), {"TableName": "TableName", "StreamArn": "StreamArn"})
FUNCTION = Answer(("Role",), {"FunctionName": "FunctionName"})
RECOVERY = Answer(("ContinuousBackupsDescription.ContinuousBackupsStatus",))

ANSWERS: Mapping[str, Answer] = {
    # DynamoDB
    "ListTables": Answer(("TableNames",)),
    "DescribeTable": Answer(("Table.TableStatus",), {"Table.TableName": "TableName"}),
    "CreateTable": TABLE,
    "UpdateTable": TABLE,
    "DeleteTable": TABLE,
    "RestoreTableFromBackup": RESTORED,
    "RestoreTableToPointInTime": RESTORED,
    "ImportTable": Answer(("ImportTableDescription.ImportStatus",)),
    "ListImports": Answer(("ImportSummaryList",)),
    "CreateBackup": Answer(("BackupDetails.BackupArn",), {"BackupDetails.BackupName": "BackupName"}),
    "ListBackups": Answer(("BackupSummaries",)),
    "DescribeBackup": Answer(
        ("BackupDescription.SourceTableDetails",), {"BackupDescription.BackupDetails.BackupArn": "BackupArn"}
    ),
    "ListTagsOfResource": Answer(("Tags",)),
    "UpdateTimeToLive": Answer(("TimeToLiveSpecification",)),
    "DescribeContinuousBackups": RECOVERY,
    "UpdateContinuousBackups": RECOVERY,
    "ListContributorInsights": Answer(("ContributorInsightsSummaries",)),
    "UpdateContributorInsights": Answer(("ContributorInsightsStatus",), {"TableName": "TableName"}),
    "GetResourcePolicy": Answer(("Policy",)),
    "DescribeKinesisStreamingDestination": Answer(("KinesisDataStreamDestinations",), {"TableName": "TableName"}),
    "EnableKinesisStreamingDestination": STREAMING,
    "DisableKinesisStreamingDestination": STREAMING,
    "UpdateKinesisStreamingDestination": STREAMING,
    # For an item that is not there, AWS answers GetItem with nothing but the capacity, if it is asked for.
    "GetItem": Answer((), {"ConsumedCapacity.TableName": "TableName"}),
    "Query": Answer(("Items",)),
    # IAM and STS
    "GetRole": Answer(("Role.Arn",), {"Role.RoleName": "RoleName"}),
    "GetRolePolicy": Answer(("PolicyDocument",), {"RoleName": "RoleName", "PolicyName": "PolicyName"}),
    "GetPolicy": Answer(("Policy.DefaultVersionId",), {"Policy.Arn": "PolicyArn"}),
    "GetPolicyVersion": Answer(("PolicyVersion.Document",), {"PolicyVersion.VersionId": "VersionId"}),
    "ListPolicyVersions": Answer(("Versions",)),
    "ListAttachedRolePolicies": Answer(("AttachedPolicies",)),
    "ListRolePolicies": Answer(("PolicyNames",)),
    "CreatePolicy": Answer(("Policy.Arn",), {"Policy.PolicyName": "PolicyName"}),
    "CreatePolicyVersion": Answer(("PolicyVersion.VersionId",)),
    "SimulatePrincipalPolicy": Answer(("EvaluationResults",)),
    "GetCallerIdentity": Answer(("Account", "Arn")),
    "AssumeRole": Answer(
        (
            "Credentials.AccessKeyId",
            "Credentials.SecretAccessKey",
            "Credentials.SessionToken",
            "Credentials.Expiration",
        ),
        {"AssumedRoleUser.Arn": "RoleArn"},
    ),
    # Lambda and KMS
    "GetFunctionConfiguration": FUNCTION,
    "UpdateFunctionConfiguration": FUNCTION,
    "DescribeKey": Answer(("KeyMetadata.Arn",)),
}


# The members of answers that supported versions of botocore do not know, and drop without a word.
NEWER: Mapping[str, tuple[str, ...]] = {
    "DescribeTable": (
        "Table.VectorIndexes",
        "Table.DisassociationProtectionEnabled",
        "Table.MultiRegionConsistency",
        "Table.GlobalTableWitnesses",
    ),
    "DescribeBackup": ("BackupDescription.SourceTableFeatureDetails.VectorIndexes",),
}


def is_read(operation: str) -> bool:
    """Whether a call changes nothing."""
    return operation.startswith(READS)


def body_fault(protocol: str, status: int, headers: Mapping[str, str], body: bytes) -> str:
    """Why the body of an answer cannot be AWS's, in words; empty if it can.

    AWS's own gateways answer 5xx in any form, and an answer without a body may mean success.
    """
    length, encoding = headers.get("content-length", ""), headers.get("content-encoding", "identity")
    if length.isdigit() and int(length) != len(body):
        return f"{len(body)} of {length} bytes"
    if status >= 500 or encoding != "identity":
        return ""
    if "json" in protocol:
        return "" if not body or _is_json_object(body) else f"no JSON{_as_a_page(body)}"
    if protocol == "query":
        return "" if _is_response(body) else f"no answer in XML{_as_a_page(body)}"
    return ""


def fault(operation: str, arguments: Mapping[str, Any], answer: Mapping[str, Any], output: Any) -> str:
    """Why an answer cannot be AWS's answer to this call, in words; empty if it can.

    ``output`` is the shape of the answer in the operation's model, ``None`` where AWS answers nothing.
    """
    required: Iterable[str] = output.required_members if output else ()
    length = _length(answer)
    if output and length == 0:
        return "it is empty"
    if length > LONGEST_NOTHING and not answer.keys() - {"ResponseMetadata"}:
        return "it has nothing that AWS answers"
    expected = ANSWERS.get(operation, Answer())
    for path in (*expected.repeats, *expected.members, *required):
        if _member(answer, path) is None:
            return f"it has no {path.rpartition('.')[2]}"
    for path, argument in expected.repeats.items():
        answered, asked = _member(answer, path), arguments[argument]
        if not _is_same(answered, asked):
            return f"it is about {answered}"
    return ""


def complete(answer: dict[str, Any], paths: Iterable[str], body: bytes) -> None:
    """Add to a parsed answer the members of its body that botocore does not know."""
    whole = json.loads(body)
    for path in paths:
        parent, _dot, member = path.rpartition(".")
        value, holder = _member(whole, path), _member(answer, parent)
        if value is not None and isinstance(holder, dict):
            holder.setdefault(member, value)


def _length(answer: Mapping[str, Any]) -> int:
    """The bytes of an answer in JSON; if no header says, 2, the size of an empty object."""
    headers = _member(answer, "ResponseMetadata.HTTPHeaders") or {}
    length = headers.get("content-length", "")
    return int(length) if length.isdigit() and "json" in headers.get("content-type", "json") else 2


def _member(answer: Any, path: str) -> Any:
    for name in path.split("."):
        answer = answer.get(name) if isinstance(answer, Mapping) else None
    return answer


def _is_same(answered: Any, asked: Any) -> bool:
    """Whether both name the same thing. A name equals an ARN that contains the name, with or without a version.

    A role equals itself with any path, and a session of the role.
    """
    name = asked.rpartition("/")[2] if ":role/" in str(asked) else str(asked)
    longer, shorter = sorted((str(answered), name), key=len, reverse=True)
    return longer == shorter or shorter in re.split("[:/]", longer)


def _is_json_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def _is_response(body: bytes) -> bool:
    """Whether the body is an element such as GetRoleResponse, as all answers of IAM and STS are, errors too."""
    try:
        return ElementTree.fromstring(body).tag.endswith("Response")
    except (ElementTree.ParseError, ValueError):
        return False


def _as_a_page(body: bytes) -> str:
    return ", but HTML" if b"<html" in body[:1000].lower() else ""

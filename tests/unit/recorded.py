# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Answers of AWS itself that public repositories hold, and clients that give them again.

``recorded_answers.json`` has the answers, each beside its source and the source's licence. ``recorded`` is what AWS
answered somebody, and ``documented`` what AWS's own documentation shows, there also as the answer of CreateTable or
UpdateTable. Account ids are replaced, and times and sizes are left out.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.unit.stubbing import new_client

Answers = Mapping[str, Mapping[str, Any]]


class Recorded(NamedTuple):
    """What AWS answered about one table, by operation."""

    source: str
    licence: str
    kind: str
    answers: Answers


def read() -> list[Recorded]:
    """All that is recorded."""
    text = Path(__file__).with_name("recorded_answers.json").read_text(encoding="utf-8")
    return [Recorded(**each) for each in json.loads(text)]


ALL = read()
TABLES = [each for each in ALL if "DescribeTable" in each.answers]
KEY = "00000000-0000-0000-0000-000000000001"
# What AWS answers about a part that a table never had.
WITHOUT: Answers = {
    "DescribeTimeToLive": {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}},
    "DescribeContinuousBackups": {
        "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"},
        }
    },
    "ListTagsOfResource": {"Tags": []},
    "ListContributorInsights": {"ContributorInsightsSummaries": []},
    "DescribeKinesisStreamingDestination": {"TableName": "", "KinesisDataStreamDestinations": []},
    "GetResourcePolicy": {"Error": {"Code": "PolicyNotFoundException", "Message": "Resource-based policy not found"}},
    "DescribeKey": {"KeyMetadata": {"KeyId": KEY, "Arn": f"arn:aws:kms:us-west-2:123456789012:key/{KEY}"}},
}


def mixed(table: Recorded) -> Iterator[Answers]:
    """The table with parts that AWS answered of any table, brought into its region: until each was there once."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in ALL:
        for operation, answer in each.answers.items():
            if operation != "DescribeTable" and answer not in found.setdefault(operation, []):
                found[operation].append(answer)
    region = region_of(table.answers)
    for number in range(max(map(len, found.values()))):
        parts = {operation: answers[number % len(answers)] for operation, answers in found.items()}
        yield {**table.answers, **json.loads(json.dumps(parts).replace(":us-east-1:", f":{region}:"))}


def region_of(answers: Answers) -> str:
    """The region of the table."""
    region: str = answers["DescribeTable"]["Table"]["TableArn"].split(":")[3]
    return region


def declaration(answers: Answers) -> dict[str, Any]:
    """The table as somebody would declare it who knows AWS's answers, and nothing of the code that reads them."""
    table, of_part = answers["DescribeTable"]["Table"], {**WITHOUT, **answers}
    provisioned = (table.get("BillingModeSummary") or {}).get("BillingMode", "PROVISIONED") == "PROVISIONED"
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    expiry = of_part["DescribeTimeToLive"]["TimeToLiveDescription"]
    recovery = of_part["DescribeContinuousBackups"]["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    streams = of_part["DescribeKinesisStreamingDestination"]["KinesisDataStreamDestinations"]
    watched = of_part["ListContributorInsights"]["ContributorInsightsSummaries"]
    given = {
        "name": table["TableName"],
        **_keys(table, types),
        "billing_mode": "PROVISIONED" if provisioned else "PAY_PER_REQUEST",
        **_capacity(table, provisioned),
        "indexes": [
            {
                "name": each["IndexName"],
                "type": f"{prefix}{each['Projection']['ProjectionType'].lower()}",
                "includes": each["Projection"].get("NonKeyAttributes"),
                **(_keys(each, types) if prefix else {"range_key_name": each["KeySchema"][1]["AttributeName"]}),
                **(_capacity(each, provisioned) if prefix else {}),
            }
            for prefix, member in (("global_", "GlobalSecondaryIndexes"), ("", "LocalSecondaryIndexes"))
            for each in table.get(member) or []
        ],
        "table_class": (table.get("TableClassSummary") or {}).get("TableClass", "STANDARD"),
        "deletion_protection_enabled": table.get("DeletionProtectionEnabled", False),
        "stream_specification": _stream(table.get("StreamSpecification")),
        "sse_specification": _encryption(table.get("SSEDescription")),
        "replicas": [{"region_name": each["RegionName"]} for each in table.get("Replicas") or []],
        "purge_indexes": True,
        "purge_replicas": True,
    }
    if table["TableStatus"] == "CREATING":  # its parts are not there yet
        return given
    return {
        **given,
        "time_to_live": {"enabled": True, "attribute_name": expiry["AttributeName"]}
        if expiry["TimeToLiveStatus"] == "ENABLED"
        else {"enabled": False},
        "point_in_time_recovery": {
            "enabled": recovery["PointInTimeRecoveryStatus"] == "ENABLED",
            "recovery_period_in_days": recovery.get("RecoveryPeriodInDays"),
        },
        "tags": {each["Key"]: each["Value"] for each in of_part["ListTagsOfResource"]["Tags"]},
        "kinesis_streaming_destination": {"stream_arn": streams[0]["StreamArn"]} if streams else {"enabled": False},
        "contributor_insights": {"enabled": any("IndexName" not in each for each in watched)},
        "resource_policy": json.loads(of_part["GetResourcePolicy"].get("Policy") or "{}"),
    }


def _keys(holder: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, str]:
    kinds = {"S": "STRING", "N": "NUMBER", "B": "BINARY"}
    keys = [(each["KeyType"].lower(), each["AttributeName"]) for each in holder["KeySchema"]]
    return {
        **{f"{role}_key_name": name for role, name in keys},
        **{f"{role}_key_type": kinds[types[name]] for role, name in keys},
    }


def _capacity(holder: Mapping[str, Any], provisioned: bool) -> dict[str, int]:
    bought = holder["ProvisionedThroughput"]
    units = {"read_capacity": bought["ReadCapacityUnits"], "write_capacity": bought["WriteCapacityUnits"]}
    return units if provisioned else {}


def _stream(described: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"stream_view_type": described["StreamViewType"]} if described else {"stream_enabled": False}


def _encryption(described: Mapping[str, Any] | None) -> dict[str, Any]:
    key = (described or {}).get("KMSMasterKeyArn")
    return {"enabled": bool(described), **({"kms_master_key_id": key} if key else {})}


class Aws:
    """AWS as it once answered, for an engine to connect to: botocore reads each answer as one from the wire."""

    def __init__(self) -> None:
        self.answers: Answers = {}
        self._clients: dict[tuple[str, str], Any] = {}

    def __call__(self, service: str, region: str | None = None) -> Any:
        place = service, region or region_of(self.answers)
        if place not in self._clients:
            self._clients[place] = new_client(*place)
            self._clients[place].meta.events.register("before-send", self._send)
        return self._clients[place]

    def _send(self, request: Any, **_event: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        answer = {**WITHOUT, **self.answers}[operation]
        if "TableName" in answer:
            answer = {**answer, "TableName": json.loads(request.body)["TableName"]}
        error = answer.get("Error")
        content = {"__type": error["Code"], "message": error["Message"]} if error else answer
        return AWSResponse(request.url, 400 if error else 200, HTTPHeaders(), _Raw(json.dumps(content).encode()))


class _Raw(io.BytesIO):
    """A body, as botocore reads one."""

    def stream(self, **_arguments: Any) -> Iterator[bytes]:
        yield self.read()

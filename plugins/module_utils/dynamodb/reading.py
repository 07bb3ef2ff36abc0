# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The parts of a table that DescribeTable does not answer: one call for each, made at once where there are several."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Callable, NamedTuple

from .. import tags
from ..connection import CallFailed, Client, Connect, call
from . import description as told
from .description import Concerns
from .table import KinesisDestination, Live, PointInTimeRecovery, TimeToLive

Read = Callable[[], Any]


class Asked(NamedTuple):
    """The concerns to read: of the table, and of its replica in each region; ``others`` of those that are not named.

    ``warm``: whether the warm throughput of the table, or of an index, is asked for; ``imported``: its import.
    """

    concerns: frozenset[str] = frozenset()
    replicas: Mapping[str, frozenset[str]] = MappingProxyType({})
    others: frozenset[str] = frozenset()
    warm: bool = False
    imported: bool = False


NOTHING_ASKED = Asked()


def concerns(connect: Connect, name: str, live: Live, asked: Asked) -> Concerns:
    """Read what is asked for. Raises CallFailed, naming the part and the missing permission."""
    reads = _reads(connect, name, live, asked)
    if len(reads) < 2:
        return _gather({key: read() for key, read in reads.items()})
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(len(reads), 8)) as pool:
        answers = {key: pool.submit(read) for key, read in reads.items()}
        return _gather({key: answer.result() for key, answer in answers.items()})


def everything(connect: Connect, name: str, live: Live, regions: list[str]) -> tuple[Concerns, list[str]]:
    """Read all there is to read, and say what could not be."""
    own = _region(live.arn)
    asked = Asked(frozenset(READERS), {region: frozenset(REGIONAL) for region in regions if region != own})
    found: dict[tuple[str, str], Any] = {}
    warnings: list[str] = []
    for key, read in _reads(connect, name, live, asked).items():
        try:
            found[key] = read()
        except CallFailed as failure:
            warnings.append(failure.sentence)
    return _gather(found), warnings


def pages(
    client: Client, operation: str, arguments: Mapping[str, str], purpose: str, arn: str
) -> Iterator[Mapping[str, Any]]:
    """The answers to a call that answers in pages."""
    token: dict[str, str] = {}
    while True:
        answer = call(client, operation, {**arguments, **token}, purpose, arn)
        yield answer
        if not answer.get("NextToken"):
            return
        token = {"NextToken": answer["NextToken"]}


def _reads(connect: Connect, name: str, live: Live, asked: Asked) -> dict[tuple[str, str], Read]:
    """By region ("" is the table's own) and concern, how to read it."""
    if live.status == "CREATING":
        # What belongs to a table cannot be read, and is not there, while the table is being made
        # (rule children-of-a-new-table-are-unseen);
        # but CreateTable may have carried some of it, which is unknown then.
        carried = () if "RestoreSummary" in live.description else CARRIED
        return {
            ("", concern): partial(_unknown if concern in carried else READERS[concern].none, None, name, live.arn)
            for concern in asked.concerns
        }
    client = connect("dynamodb")
    reads: dict[tuple[str, str], Read] = {
        ("", concern): partial(READERS[concern].read, client, name, live.arn) for concern in sorted(asked.concerns)
    }
    statuses = {each["RegionName"]: each.get("ReplicaStatus") for each in live.description.get("Replicas") or []}
    for region in sorted(statuses.keys() - {_region(live.arn)}):
        arn = live.arn.replace(f":{_region(live.arn)}:", f":{region}:", 1)
        for part in sorted(asked.replicas.get(region, asked.others)):
            if statuses[region] in NOT_THERE:
                reads[region, part] = partial(REGIONAL[part].none, None, name, arn)
            else:
                reads[region, part] = partial(REGIONAL[part].read, connect("dynamodb", region), name, arn)
    return reads


def _gather(answers: Mapping[tuple[str, str], Any]) -> Concerns:
    own = {CONCERN_FIELDS.get(concern, concern): value for (region, concern), value in answers.items() if not region}
    replicas: dict[str, dict[str, Any]] = {}
    for (region, part), value in answers.items():
        if region:
            replicas.setdefault(region, {})[part] = value
    return Concerns(**own, replicas=replicas)


def _tags(client: Client, name: str, arn: str) -> dict[str, str]:
    answers = pages(client, "ListTagsOfResource", {"ResourceArn": arn}, f"read the tags of table {name}", arn)
    return tags.from_api(tag for page in answers for tag in page.get("Tags", []))


def _time_to_live(client: Client, name: str, arn: str) -> TimeToLive:
    purpose = f"read the time to live of table {name}"
    answer = call(client, "DescribeTimeToLive", {"TableName": name}, purpose, arn)
    return told.time_to_live(answer.get("TimeToLiveDescription") or {})


def _point_in_time_recovery(client: Client, name: str, arn: str) -> PointInTimeRecovery:
    purpose = f"read the point-in-time recovery of table {name}"
    try:
        answer = call(client, "DescribeContinuousBackups", {"TableName": name}, purpose, arn)
    except CallFailed as failure:
        if failure.code == "TableNotFoundException":  # an archived table (rule an-archived-table-has-no-backups)
            return PointInTimeRecovery(False)
        raise
    return told.point_in_time_recovery(answer.get("ContinuousBackupsDescription") or {})


def _contributor_insights(client: Client, name: str, arn: str) -> told.Insights:
    purpose = f"read the contributor insights of table {name}"
    answers = pages(client, "ListContributorInsights", {"TableName": name}, purpose, arn)
    return told.contributor_insights(
        summary for page in answers for summary in page.get("ContributorInsightsSummaries", [])
    )


def _resource_policy(client: Client, name: str, arn: str) -> dict[str, Any]:
    try:
        answer = call(
            client, "GetResourcePolicy", {"ResourceArn": arn}, f"read the resource policy of table {name}", arn
        )
    except CallFailed as failure:
        if failure.code == "PolicyNotFoundException":
            return {}
        raise
    policy: dict[str, Any] = json.loads(answer["Policy"])
    return policy


def _kinesis_destinations(client: Client, name: str, arn: str) -> frozenset[KinesisDestination]:
    purpose = f"read the Kinesis streaming destinations of table {name}"
    answer = call(client, "DescribeKinesisStreamingDestination", {"TableName": name}, purpose, arn)
    return told.kinesis_destinations(answer.get("KinesisDataStreamDestinations", []))


def _deletion_protection(client: Client, name: str, arn: str) -> bool:
    purpose = f"read the deletion protection of {arn}"
    answer = call(client, "DescribeTable", {"TableName": name}, purpose, arn)
    return bool(answer["Table"].get("DeletionProtectionEnabled"))


def _unknown(_client: Client, _name: str, _arn: str) -> None:
    return None


def _region(arn: str) -> str:
    return (arn.split(":") + [""] * 4)[3]


class Reader(NamedTuple):
    """How a concern is read, and what there is of it on a table or replica that is being made."""

    read: Callable[[Client, str, str], Any]
    none: Callable[[Client, str, str], Any]


READERS: Mapping[str, Reader] = {
    "tags": Reader(_tags, lambda *_of: {}),
    "time_to_live": Reader(_time_to_live, lambda *_of: TimeToLive(False)),
    "point_in_time_recovery": Reader(_point_in_time_recovery, lambda *_of: PointInTimeRecovery(False)),
    "contributor_insights": Reader(_contributor_insights, lambda *_of: {}),
    "resource_policy": Reader(_resource_policy, lambda *_of: {}),
    "kinesis_streaming_destination": Reader(_kinesis_destinations, lambda *_of: frozenset()),
}
# What CreateTable takes of them.
CARRIED = ("tags", "resource_policy")
# What a replica's own region answers.
REGIONAL: Mapping[str, Reader] = {
    "tags": READERS["tags"],
    "point_in_time_recovery": READERS["point_in_time_recovery"],
    "deletion_protection_enabled": Reader(_deletion_protection, lambda *_of: False),
}
# A replica whose region does not know it (yet, or any more): what it will have is what a new one has
# (rule children-of-a-new-table-are-unseen).
NOT_THERE = ("CREATING", "CREATION_FAILED", "DELETING", "REGION_DISABLED")
# Concerns whose option is called otherwise than the value.
CONCERN_FIELDS = {"kinesis_streaming_destination": "kinesis_destinations"}

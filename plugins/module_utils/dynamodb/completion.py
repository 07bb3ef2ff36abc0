# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Whether a step is complete whose end DescribeTable does not show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ..connection import CallFailed, Client, call
from ..plan import Step
from . import imports
from .passing import DATA_WAIT, WAIT
from .table import Live


class Missing(NamedTuple):
    """Work that is still to come, in words, and the option that says for how long to wait for it."""

    words: str = ""
    option: str = WAIT


NOTHING = Missing()


def what_is_missing(client: Client, after: Step | None, live: Live | None) -> str:
    """The rest of the step ``after``, in words; nothing when it is complete.

    Raises CallFailed where it ended badly.
    """
    if after is None:
        return ""
    if live is not None:
        _raise_for_failed_replicas(after, live)
    if after.call.endswith("KinesisStreamingDestination"):
        return _kinesis(client, after)
    if after.call == "CreateBackup":
        return _backup(client, after)
    return ""


def of_import(client: Client, name: str, after: Step | None, live: Live | None, since: datetime) -> Missing:
    """The rest of the import that makes a table, before and after the table can be seen."""
    found = imports.find(client, name, live.description.get("TableId", "") if live else None, since)
    if found and found.under_way:
        return Missing(f"its import {found.status}", DATA_WAIT)
    if found and found.failed:
        begun = after.sentence if after else f"import table {name}"
        raise CallFailed(f"could not {begun}: the import is {found.status}: {found.reason}", found.status)
    return NOTHING


def _raise_for_failed_replicas(after: Step, live: Live) -> None:
    """Raise CallFailed for a replica that AWS could not make (rule a-failed-replica-is-no-replica)."""
    made = {
        update["Create"]["RegionName"] for update in after.arguments.get("ReplicaUpdates", []) if "Create" in update
    }
    for each in live.description.get("Replicas") or []:
        if each["RegionName"] in made and each.get("ReplicaStatus") == "CREATION_FAILED":
            reason = each.get("ReplicaStatusDescription") or "AWS could not make it, and does not say why"
            raise CallFailed(f"could not {after.sentence}: {reason}", "CREATION_FAILED")


def _kinesis(client: Client, after: Step) -> str:
    """The rest of a change of a destination, which takes one change at a time and shows it late.

    Rule kinesis-is-told-late.
    """
    name, arn = after.arguments["TableName"], after.arguments["StreamArn"]
    purpose = f"read the Kinesis streaming destinations of table {name}"
    answer = call(client, "DescribeKinesisStreamingDestination", {"TableName": name}, purpose, f"table {name}")
    described = {each["StreamArn"]: each for each in answer.get("KinesisDataStreamDestinations", [])}.get(arn, {})
    status = described.get("DestinationStatus", "")
    if status == "ENABLE_FAILED" and not after.call.startswith("Disable"):
        reason = described.get("DestinationStatusDescription") or status
        raise CallFailed(f"could not {after.sentence}: {reason}", status)
    ended = ("", "DISABLED", "ENABLE_FAILED") if after.call.startswith("Disable") else ("ACTIVE",)
    return "" if status in ended else f"its destination {arn} {status or 'not to be seen'}"


def _backup(client: Client, after: Step) -> str:
    """The rest of a backup. An older backup of the same name does not count for the new one."""
    statuses = {each.get("BackupStatus") for each in _backups(client, after)}
    made = "AVAILABLE" in statuses and "CREATING" not in statuses
    return "" if made else f"its backup {after.arguments['BackupName']} not yet available"


def backups(client: Client, step: Step) -> frozenset[str]:
    """The ARNs of the backups that have the name of the one that a step makes."""
    return frozenset(each["BackupArn"] for each in _backups(client, step))


def _backups(client: Client, after: Step) -> Iterator[Mapping[str, Any]]:
    name, backup = after.arguments["TableName"], after.arguments["BackupName"]
    arguments = {"TableName": name}
    while True:
        answer = call(client, "ListBackups", arguments, f"list the backups of table {name}", f"table {name}")
        yield from (each for each in answer.get("BackupSummaries", []) if each.get("BackupName") == backup)
        if not answer.get("LastEvaluatedBackupArn"):
            return
        arguments = {"TableName": name, "ExclusiveStartBackupArn": answer["LastEvaluatedBackupArn"]}

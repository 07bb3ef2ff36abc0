# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The edge to DynamoDB's control plane: read a table, take a step, wait until it is done."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from .. import tags
from ..connection import CallFailed, Client, call
from ..plan import Step
from ..reconcile import Observation, Overtaken
from . import description as told
from .table import Live, PointInTimeRecovery, Table, TimeToLive

# Words of errors that pass by themselves: other work on the table or the account is going on
# (lessons 9, 19, 43, 65, 66, 81). Other LimitExceededExceptions are daily quotas, which do not.
PASSING = ("simultaneously", "table is being", "resource which is still in use", "while indexes are being")
BACKUPS_COMING = "backups are being enabled"
SILENT_POLLS = 3
LONGEST_POLL = 5.0


def observe(client: Client, name: str, concerns: frozenset[str]) -> Observation[Table]:
    """The table as it is: one DescribeTable, and one call more for each of ``concerns``, those at once.

    A table that is being deleted counts as gone, and as not settled.
    """
    described = describe(client, name)
    if described is None:
        return Observation(None)
    live = told.live(described)
    if live.status == "DELETING":
        return Observation(None, settled=False)
    return Observation(told.table(described, **_read(client, name, live, concerns)), live.settled)


def survey(client: Client, name: str) -> tuple[Table | None, list[str]]:
    """The table with all that can be declared of it, and a warning for each part that could not be read."""
    described = describe(client, name)
    if described is None or told.live(described).status == "DELETING":
        return None, []
    parts: dict[str, Any] = {}
    warnings: list[str] = []
    for concern in READERS:
        try:
            parts.update(_read(client, name, told.live(described), frozenset({concern})))
        except CallFailed as failure:
            warnings.append(failure.sentence)
    return told.table(described, **parts), warnings


def names(client: Client) -> list[str]:
    """The names of all tables of the region."""
    found: list[str] = []
    arguments: dict[str, Any] = {}
    while True:
        answer = call(client, "ListTables", arguments, "list the tables")
        found.extend(answer.get("TableNames", []))
        if not answer.get("LastEvaluatedTableName"):
            return found
        arguments = {"ExclusiveStartTableName": answer["LastEvaluatedTableName"]}


def describe(client: Client, name: str) -> Mapping[str, Any] | None:
    """DescribeTable's answer; ``None`` where there is no such table."""
    try:
        answer = call(client, "DescribeTable", {"TableName": name}, f"read table {name}", f"table {name}")
    except CallFailed as failure:
        if failure.code == "ResourceNotFoundException":
            return None
        raise
    described: Mapping[str, Any] = answer["Table"]
    return described


def perform(client: Client, step: Step, wait_timeout: float) -> None:
    """Take a step, again while other work on the table stands in its way, for at most ``wait_timeout`` s."""
    deadline = time.monotonic() + wait_timeout
    for delay in _delays():
        try:
            call(client, step.call, step.arguments, step.sentence, _resource(step))
            return
        except CallFailed as failure:
            if _was_overtaken(step, failure):
                raise Overtaken from failure
            if not _passes(failure) or time.monotonic() + delay > deadline:
                raise
        time.sleep(delay)


def settle(client: Client, name: str, after: Step | None, wait: bool, wait_timeout: float) -> bool:
    """Poll until the table and every index of it hold still, for at most ``wait_timeout`` seconds.

    Without ``wait``: one look. A new table may not be seen at once (lesson 1), an old one not be gone at once.
    """
    started, silent = time.monotonic(), 0
    for delay in _delays():
        try:
            described = describe(client, name)
            silent = 0
        except CallFailed as failure:
            silent += 1
            if failure.code != "NoAnswer" or silent >= SILENT_POLLS:
                raise
            continue
        live = told.live(described) if described else None
        if _is_reached(live, after):
            return True
        if not wait:
            return False
        if time.monotonic() + delay - started > wait_timeout:
            raise CallFailed(_still(name, live, after, wait_timeout), "TimedOut")
        time.sleep(delay)
    return False


def _is_reached(live: Live | None, after: Step | None) -> bool:
    if after is not None and after.call == "DeleteTable":
        return live is None
    if live is None:
        return after is None
    return live.settled


def _still(name: str, live: Live | None, after: Step | None, wait_timeout: float) -> str:
    state = live.status if live else "not to be seen"
    indexes = f" (index {', index '.join(live.indexes_in_transition)})" if live and live.indexes_in_transition else ""
    begun = f"could not see the end of '{after.sentence}'" if after else f"could not take a step on table {name}"
    return (
        f"{begun}: table {name} is {state}{indexes} after {wait_timeout:g} s; run again to go on from there, "
        "or give a longer wait_timeout"
    )


def _read(client: Client, name: str, live: Live, concerns: frozenset[str]) -> dict[str, Any]:
    readers = {concern: READERS[concern] for concern in sorted(concerns)}
    if live.status == "CREATING":
        # What belongs to a table cannot be read, and is not there, while the table is being made (lesson 11).
        return {concern: absent for concern, (read, absent) in readers.items()}
    if len(readers) < 2:
        return {concern: read(client, name, live.arn) for concern, (read, absent) in readers.items()}
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (only a run that needs it pays for it)

    with ThreadPoolExecutor(len(readers)) as pool:
        answers = {concern: pool.submit(read, client, name, live.arn) for concern, (read, absent) in readers.items()}
        return {concern: answer.result() for concern, answer in answers.items()}


def _read_tags(client: Client, name: str, arn: str) -> dict[str, str]:
    found: dict[str, str] = {}
    arguments = {"ResourceArn": arn}
    while True:
        answer = call(client, "ListTagsOfResource", arguments, f"read the tags of table {name}", arn)
        found.update(tags.from_api(answer.get("Tags", [])))
        if not answer.get("NextToken"):
            return dict(sorted(found.items()))
        arguments = {"ResourceArn": arn, "NextToken": answer["NextToken"]}


def _read_time_to_live(client: Client, name: str, arn: str) -> TimeToLive:
    purpose = f"read the time to live of table {name}"
    answer = call(client, "DescribeTimeToLive", {"TableName": name}, purpose, arn)
    return told.time_to_live(answer.get("TimeToLiveDescription") or {})


def _read_point_in_time_recovery(client: Client, name: str, arn: str) -> PointInTimeRecovery:
    purpose = f"read the point-in-time recovery of table {name}"
    answer = call(client, "DescribeContinuousBackups", {"TableName": name}, purpose, arn)
    return told.point_in_time_recovery(answer.get("ContinuousBackupsDescription") or {})


READERS: Mapping[str, Any] = {
    "tags": (_read_tags, {}),
    "time_to_live": (_read_time_to_live, TimeToLive(False)),
    "point_in_time_recovery": (_read_point_in_time_recovery, PointInTimeRecovery(False)),
}


def _was_overtaken(step: Step, failure: CallFailed) -> bool:
    """Lesson 8, and its mirror image; but where an answer was lost it may have been this very step."""
    if failure.unsure:
        return False
    if step.call == "CreateTable":
        return failure.code == "ResourceInUseException"
    return step.call == "DeleteTable" and failure.code == "ResourceNotFoundException"


def _passes(failure: CallFailed) -> bool:
    words = failure.words.lower()
    busy = failure.code in ("LimitExceededException", "ResourceInUseException") and any(w in words for w in PASSING)
    return busy or BACKUPS_COMING in words or failure.code == "ContinuousBackupsUnavailableException"


def _resource(step: Step) -> str:
    return str(step.arguments.get("ResourceArn") or f"table {step.arguments['TableName']}")


def _delays() -> Iterator[float]:
    """Seconds between polls: short at first, since most steps are, and then longer."""
    delay = 0.1
    while True:
        yield delay
        delay = min(delay * 1.5, LONGEST_POLL)

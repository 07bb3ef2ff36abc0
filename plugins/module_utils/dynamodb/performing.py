# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The writing edge to DynamoDB's control plane: take a step, wait until it is done."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..connection import CallFailed, Client, Connect, call
from ..plan import Step
from ..reconcile import Busy, Overtaken
from . import completion, quotas
from . import description as told
from .service import describe
from .table import Live

# Words of errors that pass by themselves: other work on the table or the account is going on
# (lessons 9, 19, 43, 65, 66, 81). Other LimitExceededExceptions are daily quotas, which do not.
PASSING = ("simultaneously", "table is being", "resource which is still in use", "while indexes are being")
BACKUPS_COMING = "backups are being enabled"
SILENT_POLLS = 3
LONGEST_POLL = 5.0


def perform(connect: Connect, step: Step, wait_timeout: float) -> None:
    """Take a step. Raises Busy, for ``wait_timeout`` seconds, where other work on the table stands in its way."""
    client = connect("dynamodb", step.region) if step.region else connect("dynamodb")
    try:
        call(client, step.call, _with_arn(client, step.arguments), step.sentence, _resource(step))
    except CallFailed as failure:
        if _was_overtaken(step, failure):
            raise Overtaken from failure
        if _passes(failure):
            raise Busy(failure, wait_timeout) from failure
        meaning = quotas.explanation(failure.words)
        raise failure.with_remedy(meaning) if meaning else failure from failure


class Patience(NamedTuple):
    """Whether to wait for a step, and for how long: seconds for the table, and for its indexes."""

    wait: bool = True
    table: float = 900
    indexes: float = 3600


def settle(connect: Connect, name: str, after: Step | None, patience: Patience) -> bool:
    """Poll until the table and every part of it hold still, and say whether they do.

    Without waiting: one look. A new table may not be seen at once (lesson 1), an old one not be gone at once.
    """
    client = connect("dynamodb", after.region) if after and after.region else connect("dynamodb")
    started, silent = time.monotonic(), 0
    for delay in _delays():
        try:
            described = describe(client, name)
            live = told.live(described) if described else None
            missing = _what_is_missing(live, after) or completion.what_is_missing(client, after, live)
            silent = 0
        except CallFailed as failure:
            silent += 1
            if failure.code not in ("NoAnswer", "NotAws") or silent >= SILENT_POLLS:
                raise
            continue
        if not missing:
            return True
        if not patience.wait:
            return False
        index = "index " in missing
        longest = patience.indexes if index else patience.table
        if time.monotonic() + delay - started > longest:
            option = "index_wait_timeout" if index else "wait_timeout"
            raise CallFailed(_still(name, missing, after, longest, option), "TimedOut")
        time.sleep(delay)
    return False


def _what_is_missing(live: Live | None, after: Step | None) -> str:
    """What of the table is not yet as it has to be for another step, in words; nothing when all is."""
    if after is not None and after.call == "DeleteTable":
        return "" if live is None else live.state
    if live is None:
        return "not to be seen" if after else ""
    return "" if live.settled else live.state


def _still(name: str, missing: str, after: Step | None, longest: float, option: str) -> str:
    begun = f"could not see the end of '{after.sentence}'" if after else f"could not take a step on table {name}"
    return (
        f"{begun}: table {name} is {missing} after {longest:g} s; run again to go on from there, "
        f"or give a longer {option}"
    )


def _with_arn(client: Client, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """A table that this run made has an ARN only by now: its plan has the name in that place."""
    name = arguments.get("ResourceArn")
    if not name or name.startswith("arn:"):
        return arguments
    described = describe(client, name)
    return {**arguments, "ResourceArn": told.live(described).arn} if described else arguments


def _was_overtaken(step: Step, failure: CallFailed) -> bool:
    """Lesson 8, and its mirror image; but where an answer was lost it may have been this very step."""
    if failure.unsure:
        return False
    if step.call in ("CreateTable", "RestoreTableFromBackup", "RestoreTableToPointInTime", "ImportTable"):
        return failure.code in ("ResourceInUseException", "TableAlreadyExistsException", "TableInUseException")
    return step.call == "DeleteTable" and failure.code == "ResourceNotFoundException"


def _passes(failure: CallFailed) -> bool:
    words = failure.words.lower()
    busy = failure.code in ("LimitExceededException", "ResourceInUseException") and any(w in words for w in PASSING)
    return busy or BACKUPS_COMING in words or failure.code == "ContinuousBackupsUnavailableException"


def _resource(step: Step) -> str:
    name = step.arguments.get("TableName") or step.arguments.get("TargetTableName") or "that it makes"
    return str(step.arguments.get("ResourceArn") or f"table {name}")


def _delays() -> Iterator[float]:
    """Seconds between polls: short at first, since most steps are, and then longer."""
    delay = 0.1
    while True:
        yield delay
        delay = min(delay * 1.5, LONGEST_POLL)

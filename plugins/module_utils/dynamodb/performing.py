# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The writing edge to DynamoDB's control plane: take a step, wait until it is done."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from ..connection import CallFailed, Client, Connect, call
from ..plan import MAKING, Step
from ..resource import Busy, Course, Overtaken, Wait
from . import completion, description, quotas
from .completion import NOTHING, Missing
from .passing import DATA_WAIT, WAIT, Patience, passes
from .reading import NOTHING_ASKED, Asked
from .service import describe
from .table import Live

# How much the clocks of AWS and of this machine may differ: AWS refuses calls of machines that are further off.
CLOCKS_DIFFER = timedelta(minutes=5)
SILENT_POLLS = 3
LONGEST_POLL = 5.0


def perform(connect: Connect, step: Step, patience: Patience) -> None:
    """Take a step. Raises Busy, for as long as that may take, where other work on the table stands in its way."""
    client = connect("dynamodb", step.region) if step.region else connect("dynamodb")
    before = completion.backups(client, step) if step.call == "CreateBackup" else frozenset()
    try:
        call(client, step.call, _with_arn(client, step.arguments), step.sentence, _resource(step))
    except CallFailed as failure:
        if failure.unsure and step.call == "CreateBackup" and completion.backups(client, step) - before:
            return
        if _was_overtaken(step, failure):
            raise Overtaken from failure
        passing = passes(failure)
        if passing:
            raise Busy(failure, passing.longest(patience)) from failure
        meaning = quotas.explanation(failure.words)
        raise failure.with_remedy(meaning) if meaning else failure from failure


def settle(
    connect: Connect, name: str, after: Step | None, patience: Patience, asked: Asked = NOTHING_ASKED
) -> Course[bool]:
    """Poll until the table and every part of it hold still, and say whether they do.

    Without waiting: one look. A new table may not be seen at once (rule a-new-table-may-be-unseen), an old one not be
    gone at once. No step waits for warm throughput that is being raised, but the run does (``after`` is None).
    """
    regions = [after.region, None] if after and after.region else [None]
    clients = [connect("dynamodb", region) if region else connect("dynamodb") for region in regions]
    since = datetime.now(timezone.utc) - CLOCKS_DIFFER
    started, silent = time.monotonic(), 0
    for delay in _delays():
        try:
            missing = _of_all(clients, name, after, asked if patience.wait else asked._replace(warm=False), since)
            silent = 0
        except CallFailed as failure:
            silent += 1
            if failure.code not in ("NoAnswer", "NotAws") or silent >= SILENT_POLLS:
                raise
            yield Wait(delay, "giving no answer")
            continue
        if not missing.words:
            return True
        if not patience.wait:
            return False
        longest = patience.of(missing.option)
        if time.monotonic() + delay - started > longest:
            raise CallFailed(_still(name, missing, after, longest), "TimedOut")
        yield Wait(delay, missing.words)
    return False


def _of_all(clients: list[Client], name: str, after: Step | None, asked: Asked, since: datetime) -> Missing:
    """The missing work in the step's region, and then in the table's own region, which a replica keeps busy too."""
    for client in clients:
        missing = _of_one(client, name, after if client is clients[0] else None, asked, since)
        if missing.words:
            return missing
    return NOTHING


def _of_one(client: Client, name: str, after: Step | None, asked: Asked, since: datetime) -> Missing:
    described = describe(client, name)
    live = description.live(described) if described else None
    imported = asked.imported if after is None else after.call == "ImportTable"
    missing = completion.of_import(client, name, after, live, since) if imported else NOTHING
    if not missing.words:
        missing = _of_the_table(live, after)
    if not missing.words:
        missing = Missing(completion.what_is_missing(client, after, live))
    if not missing.words and live and after is None and asked.warm:
        missing = Missing(live.state_of_warming)
    return missing


def _of_the_table(live: Live | None, after: Step | None) -> Missing:
    """Say why the table cannot take the next step yet; empty if it can."""
    if after is not None and after.call == "DeleteTable":
        return NOTHING if live is None else Missing(live.state)
    if live is None:  # another than a new one was deleted by somebody else, as the next look will show
        return Missing("not to be seen") if after and after.call in MAKING else NOTHING
    return NOTHING if live.settled else Missing(live.state, DATA_WAIT if live.by_data else WAIT)


def _still(name: str, missing: Missing, after: Step | None, longest: float) -> str:
    begun = f"could not see the end of '{after.sentence}'" if after else f"could not take a step on table {name}"
    again = after is not None and after.call == "DeleteTable" and not missing.words.startswith("DELETING")
    made = ", so that somebody else may have made it again" if again else ""
    return (
        f"{begun}: table {name} is {missing.words} after {longest:g} s{made}; run again to go on from there, "
        f"or give a longer {missing.option}"
    )


def _with_arn(client: Client, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """A table that this run made has an ARN only by now: its plan has the name in that place."""
    name = arguments.get("ResourceArn")
    if not name or name.startswith("arn:"):
        return arguments
    described = describe(client, name)
    return {**arguments, "ResourceArn": description.live(described).arn} if described else arguments


def _was_overtaken(step: Step, failure: CallFailed) -> bool:
    """Rule a-name-is-taken-once, and its mirror image; but where an answer was lost it may have been this very step."""
    if failure.unsure:
        return False
    if step.call in MAKING:
        return failure.code in ("ResourceInUseException", "TableAlreadyExistsException", "TableInUseException")
    if step.call == "DeleteTable":
        return failure.code == "ResourceNotFoundException"
    updates = ("GlobalSecondaryIndexUpdates", "VectorIndexUpdates")
    verbs = [verb for member in updates for update in step.arguments.get(member) or () for verb in update]
    if verbs == ["Delete"]:
        return failure.code == "ResourceNotFoundException"
    return verbs == ["Create"] and any(words in failure.words for words in ("already exists", "duplicate index"))


def _resource(step: Step) -> str:
    name = step.arguments.get("TableName") or step.arguments.get("TargetTableName") or "that it makes"
    return str(step.arguments.get("ResourceArn") or f"table {name}")


def _delays() -> Iterator[float]:
    """Seconds between polls: short at first, since most steps are, and then longer."""
    delay = 0.1
    while True:
        yield delay
        delay = min(delay * 1.5, LONGEST_POLL)

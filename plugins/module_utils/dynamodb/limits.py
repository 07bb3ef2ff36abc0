# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What may go on at once in an account and region, and how a fleet that waits is told. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..plan import Step
from ..summary import duration

# Rule so-many-tables-at-once: 500 operations, 250 of tables with indexes, 50 restores, 50 imports. A table counts two
# of 500 where it may have indexes.
LIMITS: Mapping[str, int] = {"operations": 500, "restores": 50, "imports": 50}
INDEXES = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes", "VectorIndexes")
UPDATES = ("GlobalSecondaryIndexUpdates", "VectorIndexUpdates")


def load(step: Step) -> Mapping[str, int]:
    """What of ``LIMITS`` a step takes for as long as it goes on."""
    if not step.lengthy:
        return {}
    if step.call.startswith("RestoreTable"):
        return {"operations": 2, "restores": 1}
    if step.call == "ImportTable":
        return {"operations": 2, "imports": 1}
    bare = step.call == "CreateTable" and not any(step.arguments.get(member) for member in INDEXES)
    return {"operations": 1 if bare else 2}


class Waiting(NamedTuple):
    """A table that waits: for what it was told to do, and since how many seconds."""

    step: Step | None
    seconds: float


# What a waiting table does, by the call; and how long AWS takes for it, where that was measured.
DOING: Mapping[str, str] = {
    "CreateTable": "being created",
    "DeleteTable": "being deleted",
    "RestoreTableFromBackup": "being restored",
    "RestoreTableToPointInTime": "being restored",
    "ImportTable": "being imported",
}
INDEX = "building an index"
MINUTES: Mapping[str, str] = {INDEX: "8 to 17 min"}  # rule an-index-keeps-others-waiting


def doing(step: Step | None) -> str:
    """What a table does that waits for the end of a step."""
    if step is None:
        return "at work of somebody else"
    if any("Create" in update for member in UPDATES for update in step.arguments.get(member) or ()):
        return INDEX
    return DOING.get(step.call, "being changed")


def progress(done: int, total: int, in_line: int, waiting: Sequence[Waiting]) -> str:
    """How far a fleet is, in one line."""
    told = [f"{done} of {total} done"]
    if in_line:
        told.append(f"{in_line} wait for their turn")
    if waiting:
        kinds = Counter(doing(each.step) for each in waiting)
        parts = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
        longest = max(waiting, key=lambda each: each.seconds)
        usual = MINUTES.get(doing(longest.step))
        told.append(
            f"{len(waiting)} in transition: {parts}, longest {duration(longest.seconds)}"
            + (f" of {usual}" if usual else "")
        )
    return "; ".join(told)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What may go on at once in an account and region, and how a fleet that waits is told. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..plan import Step
from ..progress import Progress
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


# What one waiting table does, and what several do, by the call.
DOING: Mapping[str, tuple[str, str]] = {
    "CreateTable": ("is being created", "are being created"),
    "DeleteTable": ("is being deleted", "are being deleted"),
    "RestoreTableFromBackup": ("is being restored", "are being restored"),
    "RestoreTableToPointInTime": ("is being restored", "are being restored"),
    "ImportTable": ("is being imported", "are being imported"),
}
INDEX = ("builds an index", "build an index")
CHANGED = ("is being changed", "are being changed")
ELSEWHERE = ("is busy with work of somebody else", "are busy with work of somebody else")
USUAL: Mapping[tuple[str, str], str] = {INDEX: "8 to 17 min"}  # rule an-index-keeps-others-waiting


def doing(step: Step | None) -> tuple[str, str]:
    """What a table does that waits for the end of a step, and what several do."""
    if step is None:
        return ELSEWHERE
    if any("Create" in update for member in UPDATES for update in step.arguments.get(member) or ()):
        return INDEX
    return DOING.get(step.call, CHANGED)


def progress(done: int, total: int, to_come: int, waiting: Sequence[Waiting]) -> Progress:
    """How far a fleet is, in one line; how long a table waits is no change of it."""
    kinds = Counter(doing(each.step) for each in waiting)
    told = [f"{done} of {total} done"]
    if to_come:
        told.append(f"{to_come} to come")
    if waiting:
        parts = [f"{number} {kind[number > 1]}" for kind, number in kinds.most_common()]
        longest = max(waiting, key=lambda each: each.seconds)
        usual = USUAL.get(doing(longest.step))
        wait = f"longest {duration(longest.seconds)}" + (f" of {usual}" if usual else "")
        told.append(f"{len(waiting)} wait{'s' * (len(waiting) == 1)}: {', '.join([*parts, wait])}")
    return Progress((done, total, to_come, kinds), "; ".join(told))

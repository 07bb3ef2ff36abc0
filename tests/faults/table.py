# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of the faults: how many were injected, and how the runs ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

CELLS = "cells"  # the property of a test's report that holds a part of the table
ENDS = {
    "survived": "the run succeeded",
    "failed": "failed with a sentence",
    "lost": "lost",
    "duplicated": "duplicated",
    "leaked": "leaked",
    "untrue": "says what is not so",
    "unclear": "says it in no clear sentence",
    "stuck": "did not converge afterwards",
}

Part = tuple[str, str, Mapping[str, int]]  # of a scenario and a kind, how many cells ended how


class Outcome(NamedTuple):
    """How a cell ended: whether the run succeeded, and in words, by their kind, the promises that were broken."""

    survived: bool
    flaws: Mapping[str, str]


def counted(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How cells ended. One with several flaws counts for each."""
    ends: Counter[str] = Counter()
    for outcome in outcomes:
        ends["injected"] += 1
        ends.update(list(outcome.flaws) or ["survived" if outcome.survived else "failed"])
    return dict(ends)


def written(parts: list[Part]) -> str:
    """Two tables in Markdown: by the kind of the fault, and by the scenario."""
    return _table("fault", parts, lambda part: part[1]) + "\n" + _table("scenario", parts, lambda part: part[0])


def _table(title: str, parts: list[Part], row_of: Callable[[Part], str]) -> str:
    rows: dict[str, Counter[str]] = {}
    for part in parts:
        for row in (row_of(part), "**all**"):
            rows.setdefault(row, Counter()).update(part[2])
    rows["**all**"] = rows.pop("**all**")
    columns = ("injected", *ENDS)
    lines = [[title, "injected", *ENDS.values()], ["---", *("---:" for _column in columns)]]
    lines += [[row, *(f"{counts[column]:,}" for column in columns)] for row, counts in rows.items()]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def parts_of(report: Any) -> list[Part]:
    """The part of the table that a test's report holds."""
    return [tuple(value) for name, value in report.user_properties if name == CELLS]

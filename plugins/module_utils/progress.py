# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""When a long run tells how far it is. Pure: the time is told by whoever asks."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Callable, NamedTuple

SILENT_AT_FIRST = 5.0  # seconds
BETWEEN_LINES = 10.0
LONGEST_SILENCE = 14.0  # so that a line comes within 15 s, however busy the machine


class Progress(NamedTuple):
    """How far a run is: its counts, and the same in words, which also have times."""

    counts: Hashable
    words: str


class Clock:
    """Tells how far a run is: nothing in the first seconds, then each change of the counts, ten seconds apart.

    Where nothing changes, a line still comes before the silence gets long.
    """

    def __init__(self, tell: Callable[[str], None], began: float) -> None:
        self._tell = tell
        self._told: Hashable = None
        self._due = self._overdue = began + SILENT_AT_FIRST

    def tell(self, now: float, progress: Callable[[], Progress]) -> None:
        """Tell it, if it is time."""
        if now < self._due:
            return
        found = progress()
        if found.counts != self._told or now >= self._overdue:
            self._told, self._due, self._overdue = found.counts, now + BETWEEN_LINES, now + LONGEST_SILENCE
            self._tell(found.words)

    def next(self, now: float) -> float:
        """When a line may be due without any event; an event may make one due earlier."""
        return self._due if now < self._due else self._overdue

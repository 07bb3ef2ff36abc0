# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""How much a fleet may do at once in one account and region. Pure: the time is told by whoever asks."""

from __future__ import annotations

import itertools
import threading
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any, Callable

from .plan import Step

FIRST_RATE = 5.0  # writes a second (rule mutations-are-throttled)
SLOWEST, FASTEST = 0.5, 50.0  # writes a second
FASTER, SLOWER = 0.02, 0.8  # writes a second more for each write that AWS takes; times as fast when it throttles
NEVER = float("inf")


class Rate:
    """Writes a second: a little more with each one that AWS takes, a good deal fewer when it throttles one."""

    def __init__(self, a_second: float = FIRST_RATE) -> None:
        self.a_second = a_second
        self._next = 0.0
        self._slowed = -NEVER
        self._lock = threading.Lock()  # throttling is met in the threads that write

    def free_at(self) -> float:
        """When the next write may begin."""
        return self._next

    def take(self, now: float) -> None:
        """A write begins."""
        with self._lock:
            self._next = max(now, self._next) + 1 / self.a_second
            self.a_second = min(self.a_second + FASTER, FASTEST)

    def throttled(self, now: float) -> None:
        """AWS throttled a write, which the SDK sends anew: that takes a turn. Many within a second slow down once."""
        with self._lock:
            if now - self._slowed >= 1:
                self._slowed = now
                self.a_second = max(self.a_second * SLOWER, SLOWEST)
            self._next = max(now, self._next) + 1 / self.a_second


Load = tuple[tuple[str, int], ...]


class Budget:
    """The writes of one account and region: so many a second, and within AWS's limits of what goes on at once.

    ``load`` tells what of which limit a step takes for as long as it goes on. Those whose step has to wait stand in
    line. One that waits for a limit keeps only those behind it waiting that need the same limit.
    """

    def __init__(self, limits: Mapping[str, int], load: Callable[[Step], Mapping[str, int]]) -> None:
        self.rate = Rate()
        self._limits = limits
        self._load = load
        self._going_on: Counter[str] = Counter()
        self._order = itertools.count()
        self._lines: dict[Load, deque[tuple[int, Any]]] = {}  # one for each load, since equal loads wait alike

    def join(self, step: Step, who: Any) -> None:
        """Stand in line with a step."""
        load = tuple(self._load(step).items())
        self._lines.setdefault(load, deque()).append((next(self._order), who))

    def begin(self, now: float) -> Any:
        """The first in line whose step may begin: it begins now. ``None`` where none may."""
        load = self._next()
        if load is None or self.rate.free_at() > now:
            return None
        self.rate.take(now)
        self._going_on.update(dict(load))
        return self._lines[load].popleft()[1]

    def wait(self, now: float) -> float:
        """The seconds until a step may begin: ``NEVER`` where another has to end first, or none is in line."""
        return NEVER if self._next() is None else max(0.0, self.rate.free_at() - now)

    def end(self, step: Step) -> None:
        """A step has ended, with all that it set going."""
        self._going_on.subtract(self._load(step))

    def keep(self, stays: Callable[[Any], bool]) -> None:
        """Let only some stay in line."""
        for line in self._lines.values():
            staying = [each for each in line if stays(each[1])]
            line.clear()
            line.extend(staying)

    def _next(self) -> Load | None:
        """The load of the first in line that the limits let begin."""
        held: set[str] = set()  # limits that somebody further in front waits for
        heads = sorted((line[0][0], load) for load, line in self._lines.items() if line)
        for _order, load in heads:
            full = {kind for kind, more in load if self._going_on[kind] + more > self._limits[kind]}
            if not full and not held.intersection(dict(load)):
                return load
            held |= full
        return None

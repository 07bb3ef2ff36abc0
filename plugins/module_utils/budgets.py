# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""How much a fleet may do at once in one account and region. Pure: the time is told by whoever asks."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Callable

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


class Budget:
    """The writes of one account and region: so many a second, and within AWS's limits of what goes on at once.

    ``load`` tells what of which limit a step takes for as long as it goes on.
    """

    def __init__(self, limits: Mapping[str, int], load: Callable[[Step], Mapping[str, int]]) -> None:
        self.rate = Rate()
        self._limits = limits
        self._load = load
        self._going_on: Counter[str] = Counter()

    def wait(self, step: Step, now: float) -> float:
        """The seconds until a step may begin: none, a few, or ``NEVER`` where another has to end first."""
        if any(self._going_on[kind] + more > self._limits[kind] for kind, more in self._load(step).items()):
            return NEVER
        return max(0.0, self.rate.free_at() - now)

    def begin(self, step: Step, now: float) -> None:
        """A step begins."""
        self.rate.take(now)
        self._going_on.update(self._load(step))

    def end(self, step: Step) -> None:
        """A step has ended, with all that it set going."""
        self._going_on.subtract(self._load(step))

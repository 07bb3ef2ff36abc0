# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Many resources at once: all are read and planned before the first is written, and their waits overlap.

Each resource goes its course (``reconcile.course``). A course that waits, for AWS or for its turn, holds no thread.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import queue
import time
from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, NamedTuple, Union

from .budgets import NEVER, Budget
from .connection import CallFailed
from .plan import Impossible, Plan, Step
from .resource import Course, Failed, Planned, Wait, Writing, mistake

PAUSE_OF_PROGRESS = 10.0  # seconds
SILENT_AT_FIRST = 5.0
LOOKS_A_SECOND = 50


class Member(NamedTuple):
    """One resource of a fleet: where it counts against a budget, and its course, which ends with what is told of it."""

    name: str
    place: Hashable
    course: Callable[[], Course[dict[str, Any]]]


class Broken(NamedTuple):
    """Why a course did not come to its end, and what a task tells of it."""

    sentence: str
    details: Mapping[str, Any]
    refused: bool = False


class NotStarted(NamedTuple):
    """A course that nobody started, since others had failed."""


End = Union[dict[str, Any], Broken, NotStarted]


class Travel:
    """How far a course has come."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.steps: Plan = ()
        self.end: End | None = None
        self.going: Course[dict[str, Any]] | None = None
        self.written = False
        self.step: Step | None = None  # that waits for its turn, or goes on
        self.waits_for = ""
        self.waits_since = 0.0

    def look(self) -> None:
        """Read and plan; a course without a step and a wait ends here."""
        self.going = self.member.course()
        event = self.resume()
        if isinstance(event, Planned):
            self.steps = event.steps
            if not event.steps and not event.going_on:
                self.resume()

    def resume(self) -> Planned | Writing | Wait | None:
        """Go on to the next event; ``None`` at the end of the course."""
        try:
            if self.going:
                return next(self.going)
        except StopIteration as end:
            self.end = end.value
        except Impossible as refusal:
            self.end = Broken(str(refusal), {}, refused=True)
        except CallFailed as failure:
            self.end = Broken(failure.sentence, {})
        except Failed as failure:
            self.end = Broken(str(failure), failure.details)
        except Exception as error:
            self.end = Broken(mistake(error), {})
        self.going = None
        return None

    def withdraw(self) -> None:
        """Leave it as it is."""
        if self.going:
            self.going.close()
        self.going, self.end = None, NotStarted()


def look(members: Sequence[Member], concurrency: int, tell: Callable[[str], None]) -> list[Travel]:
    """Read and plan all of them; no failure keeps another from being read."""
    travels = [Travel(member) for member in members]
    clock = Clock(tell)
    with ThreadPoolExecutor(concurrency) as pool:
        for number, _done in enumerate(pool.map(Travel.look, travels), 1):
            clock.tell(lambda number=number: f"{number} of {len(travels)} read")  # type: ignore[misc]
    return travels


class Clock:
    """Tells how far a run has come: nothing in the first seconds, and then a line every ten."""

    def __init__(self, tell: Callable[[str], None], began: float | None = None) -> None:
        self._tell = tell
        self.due = (time.monotonic() if began is None else began) + SILENT_AT_FIRST

    def tell(self, words: Callable[[], str]) -> None:
        """Tell it, if it is time."""
        now = time.monotonic()
        if now >= self.due:
            self.due = now + PAUSE_OF_PROGRESS
            self._tell(words())


class Convoy:
    """Courses that go on at the same time: a few threads resume those that neither wait for AWS nor for their turn."""

    def __init__(
        self,
        travels: Sequence[Travel],
        budgets: Mapping[Hashable, Budget],
        concurrency: int,
        max_fail_percentage: float,
        words: Callable[[], str],
        clock: Clock,
    ) -> None:
        self._travels = travels
        self._budgets = budgets
        self._concurrency = concurrency
        self._tolerated = max_fail_percentage * len(travels) / 100
        self._words = words
        self._clock = clock
        self._failed = 0
        self._active = 0
        self._running = 0
        self._order = itertools.count()
        self._asleep: list[tuple[float, int, Travel]] = []
        self._ready: deque[Travel] = deque(travels)
        self._in_line: dict[Hashable, deque[tuple[Travel, Step]]] = {}
        self._events: queue.SimpleQueue[tuple[Travel, Any]] = queue.SimpleQueue()

    def drive(self) -> bool:
        """Take all to their ends; whether so many failed that some were not started."""
        self._active = len(self._travels)
        with ThreadPoolExecutor(self._concurrency) as pool:
            while self._active:
                for travel in self._due():
                    self._running += 1
                    pool.submit(self._resume, travel)
                self._clock.tell(self._words)
                with contextlib.suppress(queue.Empty):
                    self._handle(*self._events.get(timeout=self._pause() if self._active else 0))
        return self._stopped

    @property
    def _stopped(self) -> bool:
        return self._failed > self._tolerated

    def _resume(self, travel: Travel) -> None:
        self._events.put((travel, travel.resume()))

    def _due(self) -> Iterable[Travel]:
        """Those that can go on now."""
        now = time.monotonic()
        while self._asleep and self._asleep[0][0] <= now:
            self._ready.append(heapq.heappop(self._asleep)[2])
        for place, line in self._in_line.items():
            budget = self._budgets[place]
            while line:
                travel, step = line[0]
                if self._stopped and not travel.written:
                    self._leave(travel)
                elif budget.wait(step, now) > 0:
                    break
                else:
                    budget.begin(step, now)
                    travel.written = True
                    self._ready.append(travel)
                line.popleft()
        while self._ready and self._running < self._concurrency:
            yield self._ready.popleft()

    def _leave(self, travel: Travel) -> None:
        travel.withdraw()
        self._active -= 1

    def _pause(self) -> float:
        """The seconds until something can go on, or is to be told."""
        now = time.monotonic()
        times = [self._clock.due]
        if self._asleep and self._running < self._concurrency:
            times.append(self._asleep[0][0])
        for place, line in self._in_line.items():
            if line:
                wait = self._budgets[place].wait(line[0][1], now)
                times.append(now + wait if wait < NEVER else self._clock.due)
        return max(0.0, min(times) - now)

    def _handle(self, travel: Travel, event: Planned | Writing | Wait | None) -> None:
        self._running -= 1
        if isinstance(event, Wait):
            now = time.monotonic()
            if not travel.waits_for:
                travel.waits_since = now
            travel.waits_for = event.words
            due = now + max(event.seconds, len(self._asleep) / LOOKS_A_SECOND)
            heapq.heappush(self._asleep, (due, next(self._order), travel))
            return
        if travel.step and travel.written:
            self._budgets[travel.member.place].end(travel.step)
        travel.step = None
        if isinstance(event, Writing):
            travel.step, travel.waits_for = event.step, ""
            self._in_line.setdefault(travel.member.place, deque()).append((travel, event.step))
        elif travel.end is None:
            self._ready.append(travel)
        else:
            self._active -= 1
            self._failed += isinstance(travel.end, Broken)


def drive(
    travels: Sequence[Travel],
    budgets: Mapping[Hashable, Budget],
    concurrency: int,
    first: int,
    max_fail_percentage: float,
    words: Callable[[], str],
    clock: Clock,
) -> None:
    """Take those that have not ended to their ends: a few first, then the rest.

    Where more of a batch fail than is tolerated, nothing new starts, and what runs is finished.
    """
    batches = [travels[:first], travels[first:]] if first else [travels]
    stopped = False
    for batch in batches:
        if stopped:
            for travel in batch:
                travel.withdraw()
        elif batch:
            stopped = Convoy(batch, budgets, concurrency, max_fail_percentage, words, clock).drive()

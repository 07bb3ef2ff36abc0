# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Many resources at once: all are read and planned before the first is written, and their waits overlap.

Each resource goes its course (``reconcile.course``). A course that waits, for AWS or for its turn, holds no thread.
"""

from __future__ import annotations

import contextlib
import functools
import heapq
import itertools
import queue
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, Callable, NamedTuple, Union

from .budgets import Budget
from .connection import CallFailed
from .plan import Impossible, Plan, Step
from .progress import Clock, Progress
from .resource import Course, Failed, Planned, Wait, Writing, mistake

LOOKS_A_SECOND = 50


class Member(NamedTuple):
    """One resource of a fleet: its course, which ends with what is told of it, and the budget that a step counts in."""

    name: str
    course: Callable[[], Course[dict[str, Any]]]
    budget: Callable[[Step], Budget]


class Broken(NamedTuple):
    """Why a course did not come to its end, and what a task tells of it."""

    sentence: str
    details: Mapping[str, Any]
    refused: bool = False


class NotStarted(NamedTuple):
    """A course that nobody started, since others had failed."""


End = Union[dict[str, Any], Broken, NotStarted]


class Turn(NamedTuple):
    """A step that waits for its turn, or goes on, and the budget that it counts in."""

    step: Step
    budget: Budget


Event = Union[Planned, Turn, Wait, None]


class Travel:
    """How far a course has come."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.steps: Plan = ()
        self.going_on = ""
        self.end: End | None = None
        self.going: Course[dict[str, Any]] | None = None
        self.written = False  # whether its first step has begun
        self.turn: Turn | None = None
        self.waits_for = ""
        self.waits_since = 0.0

    def look(self) -> None:
        """Read and plan; a course without a step and a wait ends here."""
        self.going = self.member.course()
        event = self.resume()
        if isinstance(event, Planned):
            self.steps, self.going_on = event
            if not event.steps and not event.going_on:
                self.resume()

    def resume(self) -> Event:
        """Go on to the next event; ``None`` at the end of the course."""
        try:
            if self.going:
                event = next(self.going)
                return Turn(event.step, self.member.budget(event.step)) if isinstance(event, Writing) else event
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


def look(members: Sequence[Member], concurrency: int, clock: Clock) -> list[Travel]:
    """Read and plan all of them; no failure keeps another from being read."""
    travels = [Travel(member) for member in members]
    with ThreadPoolExecutor(concurrency) as pool:
        left = {pool.submit(travel.look) for travel in travels}
        while left:
            left = wait(left, timeout=1).not_done
            number = len(travels) - len(left)
            clock.tell(time.monotonic(), functools.partial(_looked, number, len(travels)))
    return travels


def _looked(number: int, total: int) -> Progress:
    return Progress(number, f"{number} of {total} read")


class Convoy:
    """Courses that go on at the same time: a few threads resume those that neither wait for AWS nor for their turn."""

    def __init__(
        self,
        travels: Sequence[Travel],
        concurrency: int,
        max_fail_percentage: float,
        progress: Callable[[], Progress],
        clock: Clock,
    ) -> None:
        self._travels = travels
        self._concurrency = concurrency
        self._tolerated = max_fail_percentage * len(travels) / 100
        self._progress = progress
        self._clock = clock
        self._failed = 0
        self._left = len(travels)
        self._running: set[Travel] = set()
        self._order = itertools.count()
        self._asleep: list[tuple[float, int, Travel]] = []
        self._ready: deque[Travel] = deque(travels)
        self._budgets: dict[Budget, None] = {}  # those in which somebody stood in line
        self._events: queue.SimpleQueue[tuple[Travel, Event]] = queue.SimpleQueue()

    def drive(self) -> bool:
        """Take all to their ends; whether so many failed that nothing new may start."""
        with ThreadPoolExecutor(self._concurrency) as pool:
            while self._left:
                for travel in self._due():
                    pool.submit(self._resume, travel)
                self._clock.tell(time.monotonic(), self._progress)
                with contextlib.suppress(queue.Empty):
                    self._handle(*self._events.get(timeout=self._pause()))
        return self._is_stopped

    @property
    def _is_stopped(self) -> bool:
        return self._failed > self._tolerated

    def _resume(self, travel: Travel) -> None:
        self._events.put((travel, travel.resume()))

    def _due(self) -> Iterator[Travel]:
        """Those that can go on now, as far as there are threads for them."""
        now = time.monotonic()
        while self._asleep and self._asleep[0][0] <= now:
            self._ready.append(heapq.heappop(self._asleep)[2])
        while len(self._running) < self._concurrency:
            travel = self._next(now)
            if travel is None:
                return
            self._running.add(travel)
            yield travel

    def _next(self, now: float) -> Travel | None:
        if self._ready:
            return self._ready.popleft()
        for budget in self._budgets:
            travel: Travel | None = budget.begin(now)
            if travel:
                travel.written = True
                return travel
        return None

    def _pause(self) -> float:
        """The seconds until something can go on, or is to be told."""
        now = time.monotonic()
        times = [self._clock.next(now)]
        if len(self._running) < self._concurrency:
            times += [due for due, _order, _travel in self._asleep[:1]]
            times += [now + budget.wait(now) for budget in self._budgets]
        return max(0.0, min(times) - now)

    def _handle(self, travel: Travel, event: Event) -> None:
        self._running.remove(travel)
        if self._is_stopped and not travel.written and travel.end is None:
            self._leave(travel)
        elif isinstance(event, Wait):
            self._sleep(travel, event)
        else:
            if travel.turn:
                travel.turn.budget.end(travel.turn.step)
            travel.turn, travel.waits_for = None, ""
            if isinstance(event, Turn):
                travel.turn = event
                self._budgets[event.budget] = None
                event.budget.join(event.step, travel)
            elif travel.end is None:
                self._ready.append(travel)
            else:
                self._left -= 1
                self._count(travel.end)

    def _sleep(self, travel: Travel, event: Wait) -> None:
        now = time.monotonic()
        if not travel.waits_for:
            travel.waits_since = now
        travel.waits_for = event.words
        due = now + max(event.seconds, len(self._asleep) / LOOKS_A_SECOND)
        heapq.heappush(self._asleep, (due, next(self._order), travel))

    def _count(self, end: End) -> None:
        """Count a failure; at one too many, nothing new starts, and nobody waits for what did not begin."""
        if self._is_stopped or not isinstance(end, Broken):
            return
        self._failed += 1
        if self._is_stopped:
            self._ready = deque(travel for travel in self._ready if travel.written)
            self._asleep = [each for each in self._asleep if each[2].written]
            heapq.heapify(self._asleep)
            for budget in self._budgets:
                budget.keep(lambda travel: travel.written)
            for travel in self._travels:
                if travel.end is None and not travel.written and travel not in self._running:
                    self._leave(travel)

    def _leave(self, travel: Travel) -> None:
        travel.withdraw()
        self._left -= 1


def drive(
    travels: Sequence[Travel],
    concurrency: int,
    first: int,
    max_fail_percentage: float,
    progress: Callable[[], Progress],
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
            stopped = Convoy(batch, concurrency, max_fail_percentage, progress, clock).drive()

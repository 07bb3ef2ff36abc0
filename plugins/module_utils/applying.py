# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Takes the steps of a plan, past whoever else changes the resource. A run without changes does not load it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from .call_faults import BAD_CREDENTIALS, DENIED
from .connection import CallFailed
from .plan import Impossible, Plan, Step
from .resource import (
    Busy,
    Course,
    Failed,
    Observation,
    Overtaken,
    Resource,
    T,
    Wait,
    Writing,
    begins_at_once,
    mistake,
    observe,
    plan,
    settle,
)

# AWS shows some changes (tags, recovery) only seconds after it accepted them (rules expiry-shows-what-comes,
# recovery-keeps-its-period and tags-are-read-late).
READ_BACK_DELAYS = (0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)

# How often somebody else may change the resource during a run without making the plan shorter.
OVERTAKEN = 3
LONGEST_PAUSE = 5.0  # seconds


class Applied(NamedTuple):
    """The end of a plan: the resource before and after, the steps, and the steps that are left."""

    before: Any
    after: Any
    steps: Plan
    pending: Plan
    going_on: str


def apply(resource: Resource[T], observation: Observation[T], steps: Plan) -> Course[Applied]:
    """Take the steps one by one, each when the one before it has come to rest."""
    performed: Plan = ()
    left, settled, obstacles, before = steps, observation.settled, _Obstacles(), observation.value
    while left:
        step, rest = left[0], left[1:]
        with _failing(resource, performed, left):
            settled = settled or step.at_once or (yield from settle(resource, performed[-1] if performed else None))
        if not settled:
            break
        if step.look_first and _is_done(resource, step, performed):
            left = tuple(rest)
            continue
        yield Writing(step)
        try:
            resource.perform(step)
        except (Overtaken, Busy, CallFailed) as obstacle:
            if not (getattr(obstacle, "unsure", False) and _is_done(resource, step, performed)):
                if isinstance(obstacle, CallFailed) and not _is_planned_otherwise(resource, performed, left, obstacle):
                    raise Failed(obstacle.sentence, resource.where, performed, step, rest) from obstacle
                yield from obstacles.pause(obstacle)
                with _failing(resource, performed, left):
                    observation, anew = yield from _look_again(resource, performed)
                if not obstacles.are_passable(obstacle, left, anew):
                    raise Failed(_in_the_way(resource, obstacle), resource.where, performed, step, rest) from obstacle
                left, settled = anew, observation.settled
                before = before if performed else observation.value
                continue
        except Exception as error:
            raise Failed(mistake(error), resource.where, performed, step, rest) from error
        performed, left, settled = (*performed, step), rest, not step.lengthy
    if not performed:
        return Applied(before, observation.value, left, left, observation.going_on)
    with _failing(resource, performed, left):
        settled = settled or (yield from settle(resource, performed[-1]))
        after = observe(resource) if left or not settled else (yield from _read_back(resource, performed))
    return Applied(before, after.value, (*performed, *left), left, after.going_on)


class _Obstacles:
    """The obstacles that a run has met: how often somebody else was quicker, and since when AWS is busy."""

    def __init__(self) -> None:
        self._overtaken = 0
        self._busy_since: float | None = None
        self._delay = 0.1

    def pause(self, obstacle: Exception) -> Course[None]:
        """Let other work go on for a moment, a longer one each time."""
        if isinstance(obstacle, Busy):
            self._busy_since = time.monotonic() if self._busy_since is None else self._busy_since
            yield Wait(min(self._delay, obstacle.patience), str(obstacle))
            self._delay = min(self._delay * 1.5, LONGEST_PAUSE)

    def are_passable(self, obstacle: Exception, left: Plan, anew: Plan) -> bool:
        """Whether to go on with the new plan. A shorter plan shows that somebody else did a part of it."""
        if isinstance(obstacle, Busy):
            return len(anew) < len(left) or time.monotonic() - (self._busy_since or 0) < obstacle.patience
        self._busy_since, self._delay = None, 0.1
        self._overtaken += len(anew) >= len(left)
        return self._overtaken < OVERTAKEN


def _look_again(resource: Resource[T], performed: Plan) -> Course[tuple[Observation[T], Plan]]:
    """Observe and plan again, after a wait for the transition if the task waits."""
    observation = observe(resource)
    steps = plan(resource, observation, performed)
    if not observation.settled and not begins_at_once(steps) and (yield from settle(resource, None)):
        observation = observe(resource)
        steps = plan(resource, observation, performed)
    return observation, steps


def _is_planned_otherwise(resource: Resource[T], performed: Plan, left: Plan, refusal: CallFailed) -> bool:
    """Whether a step was refused because somebody else has changed the resource since it was planned."""
    if refusal.code in DENIED or refusal.code in BAD_CREDENTIALS:
        return False
    try:
        anew = plan(resource, observe(resource), performed)
    except (CallFailed, Impossible):
        return False
    return [step.identity for step in anew] != [step.identity for step in left]


def _in_the_way(resource: Resource[T], obstacle: Exception) -> str:
    if isinstance(obstacle, Overtaken):
        return f"{resource.title}: somebody else keeps changing it at the same time; run this again"
    return str(obstacle)


@contextlib.contextmanager
def _failing(resource: Resource[T], performed: Plan, left: Plan) -> Iterator[None]:
    """Let an error between the steps of a run become Failed, which lists the steps done and left, once one is done."""
    try:
        yield
    except Failed:
        raise
    except Exception as error:
        if not performed:
            raise
        sentence = str(error) if isinstance(error, (CallFailed, Impossible)) else mistake(error)
        raise Failed(sentence, resource.where, performed, None, left) from error


def _is_done(resource: Resource[T], step: Step, performed: Plan) -> bool:
    """Whether a step took effect or is not needed: a new plan no longer contains the step."""
    try:
        return step.identity not in [left.identity for left in plan(resource, observe(resource), performed)]
    except (CallFailed, Impossible):
        return False


def _read_back(resource: Resource[T], performed: Plan) -> Course[Observation[T]]:
    """Look again until what was done can be seen; what stays undone is an error that names it."""
    for delay in READ_BACK_DELAYS:
        if delay:
            yield Wait(delay, "done, and not yet to be seen")
        try:
            observation = observe(resource)
            if observation.under_way and (yield from settle(resource, None)):
                observation = observe(resource)
            left = plan(resource, observation, performed)
        except Impossible as refusal:  # the plan was possible before, so this read is stale: look again
            left, unseen = (), str(refusal)
            continue
        if not left:
            return observation
        unseen = "; ".join(step.sentence for step in left)
    undone = f"{resource.title}: AWS accepted every step, and yet this is not done: {unseen}"
    sentence = f"{undone}; either somebody else is changing it at the same time, or AWS did not do it"
    raise Failed(sentence, resource.where, performed, None, left)

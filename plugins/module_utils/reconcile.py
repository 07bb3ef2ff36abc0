# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The one way through for everything that is declared: observe, desire, plan, apply, report."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable, Generic, NamedTuple, TypeVar

from .connection import CallFailed
from .plan import Impossible, Plan, Step

T = TypeVar("T")

# AWS shows some changes (tags, recovery) only seconds after it accepted them (lessons 63, 67, 68).
READ_BACK_DELAYS = (0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)


class Overtaken(Exception):
    """Somebody else did first what a step was about to do: look again, plan again."""


class Failed(Exception):
    """A run that stopped on the way, with what is done, what failed and what is left."""

    def __init__(self, sentence: str, done: Plan = (), failed: Step | None = None, left: Plan = ()) -> None:
        super().__init__(sentence)
        self.details: dict[str, Any] = {
            "done": _shown(done),
            "failed": _shown((failed,))[0] if failed else None,
            "left": _shown(left),
        }


@dataclass(frozen=True)
class Observation(Generic[T]):
    """What is there now (``None``: nothing), and whether it holds still enough to take a step."""

    value: T | None
    settled: bool = True


@dataclass(frozen=True)
class Resource(Generic[T]):
    """What the engine has to be told of a resource, as functions.

    ``settle(after)`` waits, where it was told to wait, until the resource can take another step after the
    step ``after`` (``None``: the resource was found in transition) and says whether it can.
    ``describe`` gives a value in option names, for the diff.
    """

    title: str
    observe: Callable[[], Observation[T]]
    desire: Callable[[T | None], T | None]
    plan: Callable[[T | None, T | None], Plan]
    perform: Callable[[Step], None]
    describe: Callable[[T | None], Mapping[str, Any]]
    settle: Callable[[Step | None], bool] = lambda _after: True


class Outcome(NamedTuple):
    """What a run did, or in check mode would do: the value afterwards, and the keys every result has."""

    value: Any
    report: dict[str, Any]


def reconcile(resource: Resource[T], check_mode: bool) -> Outcome:
    """Bring ``resource`` to what was declared, or in check mode say what that takes.

    Raises Impossible for what was declared wrong, CallFailed for a read that failed and Failed for a run
    that stopped on the way.
    """
    observation = resource.observe()
    desired = resource.desire(observation.value)
    steps = resource.plan(desired, observation.value)
    if check_mode:
        return _report(resource, observation.value, desired, steps)
    try:
        return _apply(resource, observation)
    except Overtaken:
        observation = resource.observe()
    try:
        return _apply(resource, observation)
    except Overtaken as again:
        raise Failed(f"{resource.title}: somebody else keeps changing it at the same time; run this again") from again


def _apply(resource: Resource[T], observation: Observation[T]) -> Outcome:
    settled = observation.settled
    if not settled and resource.settle(None):
        observation, settled = resource.observe(), True
    desired = resource.desire(observation.value)
    steps = resource.plan(desired, observation.value)
    performed: list[Step] = []
    for step in steps:
        try:
            settled = settled or resource.settle(performed[-1] if performed else None)
            if not settled:
                break
            resource.perform(step)
        except CallFailed as failure:
            if not (failure.unsure and _is_done(resource, step)):
                position = len(performed)
                raise Failed(failure.sentence, steps[:position], step, steps[position + 1 :]) from failure
        performed.append(step)
        settled = not step.lengthy
    pending = steps[len(performed) :]
    try:
        settled = settled or resource.settle(performed[-1] if performed else None)
    except CallFailed as failure:
        raise Failed(failure.sentence, tuple(performed), None, pending) from failure
    after = _read_back(resource, tuple(performed)) if settled and performed and not pending else observation.value
    if performed and (pending or not settled):
        after = resource.observe().value
    return _report(resource, observation.value, after, steps, pending)


def _is_done(resource: Resource[T], step: Step) -> bool:
    """Whether a step whose answer was lost took effect all the same: then nobody would plan it any more."""
    try:
        observation = resource.observe()
        return step not in resource.plan(resource.desire(observation.value), observation.value)
    except (CallFailed, Impossible):
        return False


def _read_back(resource: Resource[T], performed: Plan) -> T | None:
    """Look again until what was done can be seen; what stays undone is an error that names it."""
    for delay in READ_BACK_DELAYS:
        time.sleep(delay)
        try:
            observation = resource.observe()
            left = resource.plan(resource.desire(observation.value), observation.value)
        except Impossible as refusal:  # it was possible before the steps, so that is not to be seen everywhere yet
            left, unseen = (), str(refusal)
            continue
        except CallFailed as failure:
            raise Failed(failure.sentence, performed) from failure
        if not left:
            return observation.value
        unseen = "; ".join(step.sentence for step in left)
    raise Failed(f"{resource.title}: AWS accepted every step and yet did not do this: {unseen}", performed, None, left)


def _report(resource: Resource[T], before: T | None, after: T | None, steps: Plan, pending: Plan = ()) -> Outcome:
    report: dict[str, Any] = {"changed": bool(steps), "plan": _shown(steps)}
    if pending:
        report["pending"] = _shown(pending)
    if steps:
        report["diff"] = {
            "before_header": resource.title,
            "after_header": resource.title,
            "before": resource.describe(before),
            "after": resource.describe(after),
            "prepared": "".join(f"{number}. {step.sentence}\n" for number, step in enumerate(steps, 1)),
        }
    return Outcome(after, report)


def _shown(steps: Plan) -> list[dict[str, str]]:
    return [{"call": step.call, "sentence": step.sentence} for step in steps]

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The one way through for everything that is declared: observe, desire, plan, apply, report."""

from __future__ import annotations

import base64
import contextlib
import datetime
import os
import time
import traceback
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Callable, Generic, NamedTuple, TypeVar, Union

from .connection import BAD_CREDENTIALS, DENIED, CallFailed
from .plan import Impossible, Plan, Step, Where

T = TypeVar("T")


class Planned(NamedTuple):
    """A course has read and planned: all that comes from here on may write, unless it is in check mode."""

    steps: Plan
    going_on: str


class Writing(NamedTuple):
    """A course is about to perform a step."""

    step: Step


class Wait(NamedTuple):
    """A course has nothing to do for so many seconds; ``words``: what it waits for."""

    seconds: float
    words: str = ""


# The way of one resource, as a generator that holds no thread where it waits: whoever drives it sleeps, or takes other
# courses in the meantime. What it returns is its outcome.
Course = Generator[Union[Planned, Writing, Wait], None, T]

# The option by which a module is held to steps.
APPROVAL: dict[str, dict[str, Any]] = {"approved_steps": {"type": "list", "elements": "dict"}}

# AWS shows some changes (tags, recovery) only seconds after it accepted them (rules expiry-shows-what-comes,
# recovery-keeps-its-period and tags-are-read-late).
READ_BACK_DELAYS = (0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)


# How often somebody else may change the resource during a run without making the plan shorter.
OVERTAKEN = 3
LONGEST_PAUSE = 5.0  # seconds
VANISHED = ("NoSuchEntity", "ResourceNotFoundException", "TableNotFoundException")


class Overtaken(Exception):
    """Somebody else did first what a step was about to do: observe and plan again."""


class Busy(Exception):
    """Other work stands in the way of a step, for at most ``patience`` seconds: look again then, plan again.

    ``unsure``: an earlier try of the same call, whose answer was lost, may be this other work.
    """

    def __init__(self, failure: CallFailed, patience: float) -> None:
        super().__init__(failure.sentence)
        self.patience = patience
        self.unsure = failure.unsure


class Failed(Exception):
    """A run that stopped on the way, with the steps that are done, the step that failed and the steps that are left."""

    def __init__(
        self, sentence: str, where: Where, done: Plan = (), failed: Step | None = None, left: Plan = ()
    ) -> None:
        super().__init__(sentence)
        self.details: dict[str, Any] = {
            "changed": bool(done),
            "done": _shown(done, where),
            "failed_step": _shown((failed,), where)[0] if failed else None,
            "left": _shown(left, where),
            **_place(where),
        }


@dataclass(frozen=True)
class Observation(Generic[T]):
    """The resource as it is now (``None``: it does not exist), and in words the transition that it is in.

    ``under_way`` says in words what AWS accepted and still does without keeping a step waiting. Its result cannot be
    read yet, so nothing is planned from it.
    """

    value: T | None
    transition: str = ""
    under_way: str = ""

    @property
    def settled(self) -> bool:
        """Whether the resource can take a step."""
        return not self.transition

    @property
    def going_on(self) -> str:
        """The transition, or else what is under way, in words."""
        return self.transition or self.under_way


@dataclass(frozen=True)
class Resource(Generic[T]):
    """A resource, as the functions that the engine needs.

    ``account`` returns the account of a value, if the value shows its account.
    ``warn`` returns warnings about a value and a plan that are valid and may be unintended.
    ``settle(after)`` waits, where it was told to wait, until the resource can take another step after the
    step ``after`` and says whether it can. With ``None`` it also waits for the end of what is under way. It answers
    at once, or is a course of waits.
    ``describe`` gives a value in option names, for the diff.
    """

    title: str
    where: Where
    observe: Callable[[], Observation[T]]
    desire: Callable[[T | None], T | None]
    plan: Callable[[T | None, T | None], Plan]
    perform: Callable[[Step], None]
    describe: Callable[[T | None], Mapping[str, Any]]
    account: Callable[[T], str] = lambda _value: ""
    settle: Callable[[Step | None], bool | Course[bool]] = lambda _after: True
    warn: Callable[[T, Plan], list[str]] = lambda _value, _plan: []


class Outcome(NamedTuple):
    """The outcome of a run, in check mode the one it would have: the value afterwards, and the keys of every result."""

    value: Any
    report: dict[str, Any]


def _only(resource: Resource[T], approved: Sequence[Mapping[str, Any]]) -> Resource[T]:
    """The resource, to which nothing is done but these steps: whenever it is planned, another step is refused."""
    known = [_identity(step) for step in approved]

    def plan(desired: T | None, observed: T | None) -> Plan:
        steps = resource.plan(desired, observed)
        for step, shown in zip(steps, _shown(steps, resource.where)):
            if _identity(shown) not in known:
                raise Impossible(
                    f"approved_steps: to {step.sentence} is not one of the approved steps; plan anew, and have that "
                    "approved"
                )
        return steps

    return replace(resource, plan=plan)


def _identity(shown: Mapping[str, Any]) -> Any:
    """What is the same in two steps of results."""
    try:
        return Step(shown["service"], shown["call"], shown["arguments"], "", region=shown["region"]).identity
    except (KeyError, TypeError) as error:
        raise Impossible("approved_steps: these are no steps; give the plan of a result in check mode") from error


def reconcile(resource: Resource[T], check_mode: bool, approved: Sequence[Mapping[str, Any]] | None = None) -> Outcome:
    """Bring ``resource`` to what was declared, or in check mode say what that takes.

    Nothing is done but the ``approved`` steps, as the ``plan`` of a result in check mode tells them; ``None`` approves
    all.

    Raises Impossible for what was declared wrong, CallFailed for a read that failed and Failed for a run
    that stopped on the way.
    """
    return taken(course(resource if approved is None else _only(resource, approved), check_mode))


def taken(going: Course[T]) -> T:
    """What a course comes to, if it is the only one: wherever it waits, sleep."""
    ends: list[T] = []

    def ended() -> Course[None]:
        ends.append((yield from going))

    for event in ended():
        if isinstance(event, Wait):
            time.sleep(event.seconds)
    return ends[0]


def for_real(check_mode: bool, act: Callable[[], None]) -> None:
    """Do what belongs to a run and is no step, such as ending its journal, unless in check mode."""
    if not check_mode:
        act()


def course(resource: Resource[T], check_mode: bool) -> Course[Outcome]:
    """The way of ``reconcile``, one event after the other; the first is what is planned."""
    observation = _observe(resource)
    steps = _plan(resource, observation)
    yield Planned(steps, observation.going_on)
    if check_mode:
        outcome = _report(resource, observation.value, resource.desire(observation.value), steps)
        if observation.going_on and not _begins_at_once(steps):
            message = f"{resource.title} is {observation.going_on}; a real run waits for that first"
            outcome.report["warnings"] = [message, *outcome.report.get("warnings", [])]
        return outcome
    if observation.going_on and not _begins_at_once(steps) and (yield from _settle(resource, None)):
        observation = _observe(resource)
        steps = _plan(resource, observation)
    return (yield from _apply(resource, observation, steps))


def _settle(resource: Resource[T], after: Step | None) -> Course[bool]:
    told = resource.settle(after)
    return told if isinstance(told, bool) else (yield from told)


def _observe(resource: Resource[T]) -> Observation[T]:
    """Observe the resource; once more if it vanished, or was made again, between two reads."""
    try:
        return resource.observe()
    except CallFailed as failure:
        if failure.code not in VANISHED:
            raise
        return resource.observe()


def _plan(resource: Resource[T], observation: Observation[T], performed: Plan = ()) -> Plan:
    """The steps that are left to a run that has performed these steps."""
    taken = [step.identity for step in performed if step.once]
    planned = resource.plan(resource.desire(observation.value), observation.value)
    return tuple(step for step in planned if step.identity not in taken) if taken else planned


def _apply(resource: Resource[T], observation: Observation[T], steps: Plan) -> Course[Outcome]:
    """Take the steps one by one, each when the one before it has come to rest."""
    performed: Plan = ()
    left, settled, obstacles, before = steps, observation.settled, _Obstacles(), observation.value
    while left:
        step, rest = left[0], left[1:]
        with _telling(resource, performed, left):
            settled = settled or step.at_once or (yield from _settle(resource, performed[-1] if performed else None))
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
                with _telling(resource, performed, left):
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
        return _report(resource, before, observation.value, left, left, observation.going_on)
    with _telling(resource, performed, left):
        settled = settled or (yield from _settle(resource, performed[-1]))
        after = _observe(resource) if left or not settled else (yield from _read_back(resource, performed))
    return _report(resource, before, after.value, (*performed, *left), left, after.going_on)


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
    """What is there now, once it holds still if it may be waited for, and what is to be done to it."""
    observation = _observe(resource)
    steps = _plan(resource, observation, performed)
    if not observation.settled and not _begins_at_once(steps) and (yield from _settle(resource, None)):
        observation = _observe(resource)
        steps = _plan(resource, observation, performed)
    return observation, steps


def _begins_at_once(steps: Plan) -> bool:
    """Whether the first step itself ends the transition of the resource."""
    return bool(steps) and steps[0].at_once


def _is_planned_otherwise(resource: Resource[T], performed: Plan, left: Plan, refusal: CallFailed) -> bool:
    """Whether a step was refused because somebody else has changed the resource since it was planned."""
    if refusal.code in DENIED or refusal.code in BAD_CREDENTIALS:
        return False
    try:
        anew = _plan(resource, _observe(resource), performed)
    except (CallFailed, Impossible):
        return False
    return [step.identity for step in anew] != [step.identity for step in left]


def _in_the_way(resource: Resource[T], obstacle: Exception) -> str:
    if isinstance(obstacle, Overtaken):
        return f"{resource.title}: somebody else keeps changing it at the same time; run this again"
    return str(obstacle)


@contextlib.contextmanager
def _telling(resource: Resource[T], performed: Plan, left: Plan) -> Iterator[None]:
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


def mistake(error: Exception) -> str:
    """A sentence for an unforeseen error, without its words if it comes from other code: they may hold secrets."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    words = f": {error}" if os.path.abspath(place.filename).startswith(own) else ""
    error_words = f"{type(error).__name__}{words} ({os.path.basename(place.filename)}, line {place.lineno})"
    return f"this is a mistake in mana.memory, please report it: {error_words}"


def _is_done(resource: Resource[T], step: Step, performed: Plan) -> bool:
    """Whether a step took effect or is not needed: a new plan no longer contains the step."""
    try:
        return step.identity not in [left.identity for left in _plan(resource, _observe(resource), performed)]
    except (CallFailed, Impossible):
        return False


def _read_back(resource: Resource[T], performed: Plan) -> Course[Observation[T]]:
    """Look again until what was done can be seen; what stays undone is an error that names it."""
    for delay in READ_BACK_DELAYS:
        if delay:
            yield Wait(delay, "done, and not yet to be seen")
        try:
            observation = _observe(resource)
            if observation.under_way and (yield from _settle(resource, None)):
                observation = _observe(resource)
            left = _plan(resource, observation, performed)
        except Impossible as refusal:  # the plan was possible before, so this read is stale: look again
            left, unseen = (), str(refusal)
            continue
        if not left:
            return observation
        unseen = "; ".join(step.sentence for step in left)
    undone = f"{resource.title}: AWS accepted every step, and yet this is not done: {unseen}"
    sentence = f"{undone}; either somebody else is changing it at the same time, or AWS did not do it"
    raise Failed(sentence, resource.where, performed, None, left)


def _report(
    resource: Resource[T], before: T | None, after: T | None, steps: Plan, pending: Plan = (), going_on: str = ""
) -> Outcome:
    shown = _shown(steps, resource.where)
    report: dict[str, Any] = {"changed": bool(steps), "plan": shown, **_place(resource.where)}
    account = next((resource.account(value) for value in (before, after) if value is not None), "")
    if account:
        report["account_id"] = account
    if pending:
        report["pending"] = _shown(pending, resource.where)
    if going_on:
        report["under_way"] = going_on
    warnings = resource.warn(after, steps) if after is not None else []
    if warnings:
        report["warnings"] = warnings
    if steps:
        header = f"{resource.title} in {resource.where}"
        report["diff"] = {
            "before_header": header,
            "after_header": header,
            "before": resource.describe(before),
            "after": resource.describe(after),
            "prepared": "".join(f"{number}. {step.sentence}\n" for number, step in enumerate(steps, 1)),
        }
    return Outcome(after, report)


def _shown(steps: Plan, where: Where) -> list[dict[str, Any]]:
    """Steps as a result shows them; steps that do different things never look equal."""
    return [
        {
            "service": step.service,
            "call": step.call,
            "region": step.region or where.region,
            "arguments": _plain(step.arguments),
            "sentence": step.sentence,
        }
        for step in steps
    ]


def _plain(value: Any) -> Any:
    """An argument in JSON's types: bytes in base64, times in ISO 8601."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime.date) else value


def _place(where: Where) -> dict[str, str]:
    return {"region": where.region, **({"endpoint_url": where.endpoint_url} if where.endpoint_url else {})}

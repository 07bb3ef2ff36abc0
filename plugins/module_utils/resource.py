# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""A resource, as the functions that bring it to what is declared, and the events and errors on the way."""

from __future__ import annotations

import base64
import datetime
import os
import traceback
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Callable, Generic, NamedTuple, TypeVar, Union

from .connection import CallFailed
from .plan import Plan, Step, Where

T = TypeVar("T")
VANISHED = ("NoSuchEntity", "ResourceNotFoundException", "TableNotFoundException")


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
            "done": shown(done, where),
            "failed_step": shown((failed,), where)[0] if failed else None,
            "left": shown(left, where),
            **place(where),
        }


@dataclass(frozen=True, eq=False, repr=False)
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


@dataclass(frozen=True, eq=False, repr=False)
class Resource(Generic[T]):
    """A resource, as the functions that the engine needs.

    ``account`` returns the account of a value, if the value shows its account.
    ``warn`` returns warnings about a value and a plan that are valid and may be unintended.
    ``settle(after)`` waits, if the task waits, until the resource can take another step after the
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


def observe(resource: Resource[T]) -> Observation[T]:
    """Observe the resource; once more if it vanished, or was made again, between two reads."""
    try:
        return resource.observe()
    except CallFailed as failure:
        if failure.code not in VANISHED:
            raise
        return resource.observe()


def settle(resource: Resource[T], after: Step | None) -> Course[bool]:
    """Wait until the resource can take another step after this one, and return whether it can."""
    answer = resource.settle(after)
    return answer if isinstance(answer, bool) else (yield from answer)


def plan(resource: Resource[T], observation: Observation[T], performed: Plan = ()) -> Plan:
    """The steps that are left to a run that has performed these steps."""
    taken = [step.identity for step in performed if step.once]
    planned = resource.plan(resource.desire(observation.value), observation.value)
    return tuple(step for step in planned if step.identity not in taken) if taken else planned


def begins_at_once(steps: Plan) -> bool:
    """Whether the first step itself ends the transition of the resource."""
    return bool(steps) and steps[0].at_once


def mistake(error: Exception) -> str:
    """A sentence for an unforeseen error, without its words if it comes from other code: they may hold secrets."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    words = f": {error}" if os.path.abspath(place.filename).startswith(own) else ""
    error_words = f"{type(error).__name__}{words} ({os.path.basename(place.filename)}, line {place.lineno})"
    return f"this is a mistake in mana.memory, please report it: {error_words}"


def shown(steps: Plan, where: Where) -> list[dict[str, Any]]:
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


def place(where: Where) -> dict[str, str]:
    """The place of a resource, as a result shows it."""
    return {"region": where.region, **({"endpoint_url": where.endpoint_url} if where.endpoint_url else {})}

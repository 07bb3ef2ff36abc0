# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The one way through for everything that is declared: observe, desire, plan, apply, report."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Callable, NamedTuple

from .plan import Impossible, Plan, Step
from .resource import Course, Planned, Resource, T, Wait, begins_at_once, observe, place, plan, settle, shown

# The option by which a module is held to steps.
APPROVAL: dict[str, dict[str, Any]] = {"approved_steps": {"type": "list", "elements": "dict"}}


class Outcome(NamedTuple):
    """The outcome of a run, in check mode the one it would have: the value afterwards, and the keys of every result."""

    value: Any
    report: dict[str, Any]


def only(
    resource: Resource[T], approved: Sequence[Mapping[str, Any]] | None, option: str = "approved_steps"
) -> Resource[T]:
    """The resource, to which nothing is done but these steps: whenever it is planned, another step is refused.

    ``None`` approves all.
    """
    if approved is None:
        return resource
    known = [_identity(step, option) for step in approved]

    def held(desired: T | None, observed: T | None) -> Plan:
        steps = resource.plan(desired, observed)
        for step, as_shown in zip(steps, shown(steps, resource.where)):
            if _identity(as_shown, option) not in known:
                raise Impossible(
                    f"{option}: to {step.sentence} is not one of the approved steps; plan anew, and have that approved"
                )
        return steps

    return replace(resource, plan=held)


def _identity(step: Mapping[str, Any], option: str) -> Any:
    """The part of a result's step that is equal whenever the same step is planned."""
    try:
        return Step(step["service"], step["call"], step["arguments"], "", region=step["region"]).identity
    except (KeyError, TypeError, AttributeError) as error:
        raise Impossible(f"{option}: these are no steps; give the plan of a result in check mode") from error


def reconcile(resource: Resource[T], check_mode: bool, approved: Sequence[Mapping[str, Any]] | None = None) -> Outcome:
    """Bring ``resource`` to what was declared, or in check mode say what that takes.

    Nothing is done but the ``approved`` steps, as in ``plan`` of a result in check mode; ``None`` approves all.

    Raises Impossible for what was declared wrong, CallFailed for a read that failed and Failed for a run
    that stopped on the way.
    """
    return taken(course(only(resource, approved), check_mode))


def taken(going: Course[T]) -> T:
    """Run the only course, sleeping wherever it waits, and return its outcome."""
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
    observation = observe(resource)
    steps = plan(resource, observation)
    yield Planned(steps, observation.going_on)
    if check_mode:
        outcome = _report(resource, observation.value, resource.desire(observation.value), steps)
        if observation.going_on and not begins_at_once(steps):
            message = f"{resource.title} is {observation.going_on}; a real run waits for that first"
            outcome.report["warnings"] = [message, *outcome.report.get("warnings", [])]
        return outcome
    if observation.going_on and not begins_at_once(steps) and (yield from settle(resource, None)):
        observation = observe(resource)
        steps = plan(resource, observation)
    if not steps:
        return _report(resource, observation.value, observation.value, (), (), observation.going_on)
    from . import applying

    return _report(resource, *(yield from applying.apply(resource, observation, steps)))


def _report(
    resource: Resource[T], before: T | None, after: T | None, steps: Plan, pending: Plan = (), going_on: str = ""
) -> Outcome:
    report: dict[str, Any] = {"changed": bool(steps), "plan": shown(steps, resource.where), **place(resource.where)}
    account = next((resource.account(value) for value in (before, after) if value is not None), "")
    if account:
        report["account_id"] = account
    if pending:
        report["pending"] = shown(pending, resource.where)
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

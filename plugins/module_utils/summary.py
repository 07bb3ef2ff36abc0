# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What is told of many resources: equal plans and equal sentences once, with those that they are of. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from .json_values import plain
from .plan import Plan, Step

NAME = "{name}"  # stands for the name of each resource in what is told of many
NAMES_SHOWN = 3
LINES = 12
T = TypeVar("T")


class Group(NamedTuple):
    """What several resources have in common, and their names."""

    told: Any
    names: tuple[str, ...]


def plans(planned: Iterable[tuple[str, Plan, str]]) -> list[Group]:
    """The plans of resources, given as name, steps and region; the most common first, and equal ones once."""
    return _groups((name, [shared(step, name, region) for step in steps]) for name, steps, region in planned)


def sentences(told: Iterable[tuple[str, str]]) -> list[Group]:
    """The sentences of resources, given as name and sentence; equal ones once."""
    return _groups((name, template(sentence, name)) for name, sentence in told)


def _groups(told: Iterable[tuple[str, Any]]) -> list[Group]:
    return [Group(what, names) for what, names in alike(told)]


def alike(told: Iterable[tuple[T, Any]]) -> list[tuple[Any, tuple[T, ...]]]:
    """What is told of things, equal values once, each with the things that it is of; the most common first."""
    found: dict[str, tuple[Any, list[T]]] = {}
    for thing, what in told:
        found.setdefault(json.dumps(what, sort_keys=True), (what, []))[1].append(thing)
    return sorted(((what, tuple(things)) for what, things in found.values()), key=lambda each: -len(each[1]))


def template(sentence: str, name: str) -> str:
    """A sentence with ``{name}`` in place of the name of what it is about."""
    return re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w.-]*\w)", NAME, sentence) if name else sentence


def shared(step: Step, name: str, region: str) -> dict[str, Any]:
    """A step as others have it too: with ``{name}`` in place of the name of what it is about."""
    service, call, elsewhere, arguments = step.identity
    return {
        "service": service,
        "call": call,
        "region": elsewhere or region,
        "arguments": _without(arguments, name),
        "sentence": template(step.sentence, name),
    }


def _without(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return {member: _without(each, name) for member, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_without(each, name) for each in value]
    return NAME if value == name else plain(value)


def plan_lines(groups: Sequence[Group], rate: float) -> list[str]:
    """Plans as lines for people, at most ``LINES`` of them."""
    shown = groups if len(groups) <= LINES else groups[: LINES - 1]
    lines = [_plan_line(group, rate) for group in shown]
    if len(shown) < len(groups):
        hidden = groups[len(shown) :]
        lines.append(f"and {len(hidden)} more plans, of {sum(len(each.names) for each in hidden)} tables")
    return lines


def _plan_line(group: Group, rate: float) -> str:
    told = "; then ".join(step["sentence"] for step in group.told)
    number, calls = len(group.names), len(group.told)
    if number == 1:
        return told.replace(NAME, group.names[0])
    seconds = number * calls / rate
    cost = f"{calls} call{'s' if calls > 1 else ''} each, about {duration(seconds)} at {rate:g} a second"
    return f"{number} tables: {told} ({some(group.names)}; {cost})"


def sentence_lines(groups: Sequence[Group]) -> list[str]:
    """Sentences as lines for people, with those that they are of."""
    return [f"{some(group.names)}: {group.told}".replace(NAME, _one(group.names)) for group in groups]


def _one(names: Sequence[str]) -> str:
    return names[0] if len(set(names)) == 1 else NAME


def some(names: Sequence[str]) -> str:
    """The first few names, each once, and how many more there are."""
    distinct = list(dict.fromkeys(names))
    shown = ", ".join(distinct[:NAMES_SHOWN])
    return shown if len(distinct) <= NAMES_SHOWN else f"{shown} and {len(distinct) - NAMES_SHOWN} more"


def duration(seconds: float) -> str:
    """A time in words: 8 s, 6 min 10 s, 2 h 5 min."""
    whole = max(1, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = ((hours, "h"), (minutes, "min"), (0 if hours else rest, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)

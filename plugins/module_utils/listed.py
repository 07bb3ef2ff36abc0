# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The members of a list, each checked as the arguments of a task of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from . import argument_types, connection
from .plan import placed

Arguments = Mapping[str, Any]


class Wrong(NamedTuple):
    """The fault of a member, as a sentence."""

    sentence: str


class Read(NamedTuple):
    """A member: the name that it is told by, its options or their fault, and which of them the defaults give."""

    name: str
    options: Arguments | Wrong
    inherited: frozenset[str]


def read(
    members: Sequence[Arguments], defaults: Arguments, spec: Mapping[str, Any], option: str = "tables"
) -> list[Read]:
    """The options of each member of an option, laid over the defaults, as a task of its own would have them.

    An option of a member takes the place of the whole option of the defaults. What differs in its ``name`` alone is
    checked once.
    """
    names = _aliases(spec["argument_spec"])
    below = _by_name(defaults, names)
    check = _Check(spec)
    found = []
    for number, member in enumerate(members):
        own = _by_name(member, names)
        given = {**below, **own}
        checked, inherited = check(given), frozenset(below.keys() - own.keys())
        if isinstance(checked, Wrong):
            checked = Wrong(placed(checked.sentence, "defaults", inherited))
        found.append(Read(str(given.get("name") or f"{option}[{number}]"), checked, inherited))
    return found


def _aliases(options: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {alias: name for name, option in options.items() for alias in option.get("aliases", ())}


def _by_name(given: Arguments, names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(option, option): value for option, value in given.items()}


class _Check:
    """Ansible's own checks of the arguments of a task, and those of this collection."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self._options = spec["argument_spec"]
        self._validator = ArgumentSpecValidator(self._options, mutually_exclusive=spec.get("mutually_exclusive"))
        self._known: dict[str, Arguments | Wrong] = {}

    def __call__(self, given: dict[str, Any]) -> Arguments | Wrong:
        name = given.get("name")
        if not isinstance(name, str):
            return self._checked(given)
        rest = json.dumps({**given, "name": ""}, sort_keys=True, default=repr)
        if rest not in self._known:
            self._known[rest] = self._checked(given)
        known = self._known[rest]
        return known if isinstance(known, Wrong) else {**known, "name": name}

    def _checked(self, given: dict[str, Any]) -> Arguments | Wrong:
        for option in given:
            if option not in self._options:
                return Wrong(_unknown(str(option)))
        arguments, mistake = argument_types.read(self._options, given)
        if mistake:
            return Wrong(mistake)
        checked = self._validator.validate(arguments)
        if not checked.error_messages:
            return {**arguments, **checked.validated_parameters}
        words = "; ".join(error.msg for error in checked.errors.errors if not isinstance(error, UnsupportedError))
        return Wrong(words or "; ".join(checked.error_messages))


def _unknown(option: str) -> str:
    names = {written for name, each in connection.OPTIONS.items() for written in (name, *each.get("aliases", ()))}
    if option in names:
        return f"{option}: it is said for all tables at once; give it beside tables"
    return f"{option}: a table has no such option; see the options of dynamodb_table"

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Values of a wrong type for every option of a module: what people and templates write in place of the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.corpus.row import Row

Spec = Mapping[str, Mapping[str, Any]]
Within = Callable[[Any], dict[str, Any]]

# By the type that is wanted: what is given, and what is said of it.
WRONG: Mapping[str, Mapping[str, tuple[Any, str]]] = {
    "str": {
        "a list": (["a"], "a list is not text; write "),
        "a mapping": ({"a": "b"}, "a mapping is not text; write "),
    },
    "int": {
        "an empty text": ("", "'' is not a whole number; write one such as 5"),
        "what a template makes of nothing": ("None", "'None' is not a whole number; write one such as 5"),
        "a switch": (True, "true is not a whole number; write one such as 5"),
        "a part of a number": (0.5, "0.5 is not a whole number; write one such as 5"),
    },
    "bool": {
        "an empty text": ("", "'' is neither true nor false; write one of these"),
        "another word": ("enabled", "'enabled' is neither true nor false; write one of these"),
        "a mapping": ({"enabled": True}, "a mapping is neither true nor false; write one of these"),
    },
    "dict": {
        "a switch": (True, "true is not a mapping; write {"),
        "a name": ("mana", "'mana' is not a mapping; write {"),
        "a list": ([{"a": "b"}], "a list is not a mapping; write {"),
    },
    "list of str": {
        "a switch": (True, "true is not a list; write [a, b]"),
        "a mapping": ({"a": "b"}, "a mapping is not a list; write [a, b]"),
    },
    "list of raw": {
        "a switch": (True, "true is not a list; write ["),
        "a mapping": ({"a": "b"}, "a mapping is not a list; write ["),
    },
    "list of dict": {
        "a switch": (True, "true is not a list of mappings; write [{"),
        "a name": ("mana", "'mana' is not a list of mappings; write [{"),
        "one mapping": ({"a": "b"}, "a mapping is not a list of mappings; write [{"),
    },
}
BYTES = (b"mana", "bytes have no form here; write them as text, for instance with the filter b64encode")
# And among the members of a list.
WRONG_MEMBERS: Mapping[str, Mapping[str, tuple[Any, str]]] = {
    "list of str": {
        "nothing among names": ([None], "[0]: it has no value; give one"),
        "a list among names": ([["a"]], "[0]: a list is not text; write one "),
    },
    "list of raw": {"nothing among members": ([None], "[0]: it has no value; give one")},
    "list of dict": {
        "nothing among mappings": ([None], "[0]: it has no value; give one"),
        "a name among mappings": (["mana"], "[0]: 'mana' is not a mapping; write {"),
    },
}
NOT_TEXT = "true is not text; write it in quotes, as yes, no, on and off too, if it is meant so"
NO_VALUE = "it has no value; give one"


def rows(spec: Spec, path: str = "", within: Within = lambda given: given) -> Iterator[Row]:
    """Each option with each wrong value, those of mappings and of lists of mappings too."""
    for name, option in spec.items():
        where, kind = f"{path}{name}", _kind(option)
        for title, (value, words) in _wrong(option, kind).items():
            yield Row(f"{where} is {title}", within({name: value}), f"{where}: {words}")
        for title, (value, words) in WRONG_MEMBERS.get(kind, {}).items():
            yield Row(f"{where} has {title}", within({name: value}), f"{where}{words}")
        if "options" in option:
            yield from _below(name, option, where, within)


def _below(name: str, option: Mapping[str, Any], where: str, within: Within) -> Iterator[Row]:
    if option["type"] == "list":
        yield from rows(option["options"], f"{where}[0].", lambda given: within({name: [given]}))
    else:
        yield from rows(option["options"], f"{where}.", lambda given: within({name: given}))


def _wrong(option: Mapping[str, Any], kind: str) -> dict[str, tuple[Any, str]]:
    wrong = {**WRONG[kind], "bytes": BYTES}
    if kind == "str" and "choices" not in option:  # Ansible knows which choice a boolean may be
        wrong["a switch"] = (True, NOT_TEXT)
    if any(name.endswith("enabled") for name in option.get("options", ())):  # such a mapping has a switch of its own
        del wrong["a switch"]
    if option.get("required") or option.get("default") is not None:
        wrong["null"] = (None, NO_VALUE)
    return wrong


def _kind(option: Mapping[str, Any]) -> str:
    kind = option.get("type", "str")
    if kind == "list":
        return f"list of {option['elements']}"
    return "str" if kind == "path" else str(kind)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Values of YAML and templates as JSON has them: a module is given JSON.

Ansible itself writes dates and times in ISO 8601, and sets as lists. A date without a time then equals the text in the
playbook; a date with a time may differ from its text, and an item would keep the difference. Bytes become ``$binary``
in an item, and have no form elsewhere.
"""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any

TIMES = (datetime.date, datetime.time)
SETS = (set, frozenset)
INFINITY = float("inf")


def plain(value: Any) -> Any:
    """The value as it would come out of JSON: without Ansible's own types, with lists for tuples and text as names.

    Text stays the same object, so that the results of a loop share their common texts in memory.
    """
    if value is None or type(value) in (str, bool, int, float):
        return value
    if isinstance(value, str):
        return str.__str__(value)  # isoformat of Ansible's own date may be text marked as unsafe
    if isinstance(value, Mapping):
        return {_name(name): plain(member) for name, member in value.items()}
    if isinstance(value, (list, tuple, *SETS)):
        members: list[Any] = [plain(member) for member in value]
        return members
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, bytes):
        return {"$binary": base64.b64encode(value).decode("ascii")}
    return value.isoformat() if isinstance(value, TIMES) else str(value)


def unwritable(value: Any, path: str, of_item: bool) -> Iterator[str]:
    """A sentence for each part of the value at ``path`` that JSON has no form for; no sentence quotes a value.

    ``of_item``: the value is DynamoDB's, which knows bytes, and would keep a text or an order that JSON changes.
    """
    if isinstance(value, Mapping):
        for name, member in value.items():
            if not _has_name(name):
                yield f"{path}: a name in it is {_kind(name)}; write it in quotes"
            yield from unwritable(member, f"{path}.{name}", of_item)
    elif isinstance(value, (list, tuple)):
        for position, member in enumerate(value):
            yield from unwritable(member, f"{path}[{position}]", of_item)
    elif isinstance(value, bytes):
        if not of_item:
            yield f"{path}: bytes have no form here; write them as text, for instance with the filter b64encode"
    elif isinstance(value, datetime.datetime):
        if of_item:
            yield f"{path}: DynamoDB has no type for {_kind(value)}; write it in quotes, as a string"
    elif isinstance(value, SETS):
        if of_item:
            yield f"{path}: a set of YAML has no order; write {{$string_set: [a, b]}}, or a list"
    elif isinstance(value, float):
        if not of_item and not -INFINITY < value < INFINITY:
            yield f"{path}: it is no finite number; write another, or text in quotes"
    elif not (value is None or isinstance(value, (str, int, *TIMES)) or _is_encrypted(value)):
        yield f"{path}: JSON has no form for {_kind(value)}; write it as text"


def _name(key: Any) -> str:
    """The name of a mapping's member as JSON has it: true, not True."""
    return json.dumps(key) if key is None or isinstance(key, (bool, int, float)) else str.__str__(str(key))


def _has_name(key: Any) -> bool:
    return key is None or isinstance(key, (str, int, float)) or _is_encrypted(key)


def _is_encrypted(value: Any) -> bool:
    """Whether a value is text of Ansible's vault, which is decrypted when it is read."""
    return hasattr(value, "_ciphertext")


def _kind(value: Any) -> str:
    """The kind of a value, in words. Types of Ansible that only mark a value count as the type that they mark."""
    kinds = (
        (bytes, "bytes"),
        (datetime.datetime, "a date with a time"),
        (datetime.date, "a date"),
        (datetime.time, "a time"),
        (tuple, "a list"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), f"a {type(value).__name__}")

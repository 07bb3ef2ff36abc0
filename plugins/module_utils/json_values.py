# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Values that YAML and templates make, as JSON has them, since that is what a module is given.

Ansible itself writes dates and times in the form of ISO 8601, and sets as lists. A date is then the text that it was
written as; a date with a time may be another, and an item would keep that. Bytes are the form ``$binary`` of an item,
and have no form elsewhere.
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
    """What the other side of JSON would have: none of Ansible's own types, lists for tuples, names that are text.

    Text stays the same object, so that the results of a loop share what they have in common.
    """
    if value is None or type(value) in (str, bool, int, float):
        return value
    if isinstance(value, str):
        return str.__str__(value)  # its own may answer with text that is marked as unsafe
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
    """What JSON has no form for in the value at ``path``, each as a sentence that tells no value.

    ``of_item``: the value is DynamoDB's, which has bytes, and keeps any other text or order that is made of a value.
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
    """A mapping's name as JSON has it: true rather than True."""
    return json.dumps(key) if key is None or isinstance(key, (bool, int, float)) else str.__str__(str(key))


def _has_name(key: Any) -> bool:
    return key is None or isinstance(key, (str, int, float)) or _is_encrypted(key)


def _is_encrypted(value: Any) -> bool:
    """Whether it is text of Ansible's vault, which is decrypted when it is read."""
    return hasattr(value, "_ciphertext")


def _kind(value: Any) -> str:
    """What a value is, in words; the types of Ansible that only mark a value are called as what they mark."""
    kinds = (
        (bytes, "bytes"),
        (datetime.datetime, "a date with a time"),
        (datetime.date, "a date"),
        (datetime.time, "a time"),
        (tuple, "a list"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), f"a {type(value).__name__}")

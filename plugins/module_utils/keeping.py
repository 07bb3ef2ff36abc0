# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What plans and audits take from outside: their files, and the account that a plan is for."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from typing import Any

from .connection import CallFailed, Connect, call
from .plan import Impossible

DEEPEST = 8  # spaces before the line of a step or a part: things, a thing, its parts, a part
as_text = json.JSONEncoder(ensure_ascii=False).encode


def read(path: str, option: str, kind: str) -> Any:
    """The value of a JSON file."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except OSError as error:
        raise Impossible(
            f"{option}: {path} cannot be read: {error.strerror}; give the file of an earlier {kind}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise Impossible(f"{option}: {path} is not JSON; give the file of an earlier {kind}") from error


def as_json(value: Mapping[str, Any]) -> str:
    """A value as the text of a file: a line for each step and each part, so that two reports compare line by line."""
    return f"{_lines(value, '')}\n"


def _lines(value: Any, indent: str) -> str:
    """A value over several lines down to the members of a thing's lists, and these in one line."""
    if not value or not isinstance(value, (dict, list)) or len(indent) == DEEPEST:
        return as_text(value)
    inner = f"{indent}  "
    if isinstance(value, list):
        members = [f"{inner}{_lines(member, inner)}" for member in value]
    else:
        members = [f"{inner}{as_text(name)}: {_lines(member, inner)}" for name, member in value.items()]
    begin, end = "[]" if isinstance(value, list) else "{}"
    return f"{begin}\n" + ",\n".join(members) + f"\n{indent}{end}"


def write(path: str, text: str, option: str) -> None:
    """Write a file whole or not at all: into a draft beside it, which takes its place.

    A failure leaves no draft; a killed process may leave one, ``.mana-…``, which nothing reads.
    """
    try:
        handle, draft = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)), prefix=".mana-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
            os.chmod(draft, 0o644)
            os.replace(draft, path)
        except BaseException:
            os.unlink(draft)
            raise
    except OSError as error:
        raise Impossible(f"{option}: {path} cannot be written: {error.strerror}; give another") from error


def write_all(folder: str, files: Mapping[str, str], option: str) -> None:
    """Write files into a folder, which is made where it is not there."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise Impossible(f"{option}: {folder} cannot be made: {error.strerror}; give another") from error
    for name, text in files.items():
        write(os.path.join(folder, name), text, option)


def account(connect: Connect) -> tuple[str, str]:
    """The account of the caller, and a warning for the plan where it cannot be known."""
    try:
        return str(call(connect("sts"), "GetCallerIdentity", {}, "ask for the account")["Account"]), ""
    except (CallFailed, KeyError) as failure:
        return "", f"the plan does not tell its account, so that no run can be held to it: {failure}"

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""A line before and after each write of a run, so that the next run can say where an interrupted one was.

Ansible kills a run that is interrupted at once: no result and no message of it comes through.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, Callable, NamedTuple, TextIO

from .connection import CallFailed
from .json_values import plain
from .plan import Impossible, Step

try:
    import fcntl
except ImportError:  # on a machine without it a run that goes on looks like one that was interrupted
    fcntl = None  # type: ignore[assignment]

ENDING = ".journal"


def check(folder: str) -> None:
    """Raise Impossible for a folder that can be neither written nor made."""
    there = os.path.abspath(folder)
    while not os.path.exists(there):
        there = os.path.dirname(there)
    if not (os.path.isdir(there) and os.access(there, os.W_OK)):
        raise Impossible(f"journal: {folder} is not a folder that can be written; name one")


class Unsure(NamedTuple):
    """A write of which nobody knows whether it had its effect."""

    member: str
    identity: str
    sentence: str


class Interrupted(NamedTuple):
    """A run that did not come to its end."""

    path: str
    begun: str
    done: tuple[str, ...]
    unsure: tuple[Unsure, ...]
    left: tuple[str, ...]


class GoesOn(NamedTuple):
    """A run that has not ended: another one, or one whose Ansible was ended without it."""

    begun: str


class Journal:
    """The journal of a run: a file that is made with the first write."""

    def __init__(self, folder: str, prefix: str) -> None:
        self._folder = folder
        self._prefix = prefix
        self._lock = threading.Lock()
        self._file: TextIO | None = None
        self._planned: Mapping[str, int] = {}

    def plan(self, planned: Mapping[str, int]) -> None:
        """What the run is going to change, and in how many steps each."""
        self._planned = planned

    def kept(self, member: str, perform: Callable[[Step], None]) -> Callable[[Step], None]:
        """``perform``, with a line before and one after it."""

        def performed(step: Step) -> None:
            try:
                self._write({"before": identity(step), "member": member, "sentence": step.sentence})
            except OSError as error:
                raise CallFailed(f"journal: {self._folder} cannot be written: {error.strerror}") from error
            sure = True
            try:
                perform(step)
            except Exception as error:
                sure = not getattr(error, "unsure", False)
                self._write_after(step, member, {"done": False, "sure": sure})
                raise
            self._write_after(step, member, {"done": True})

        return performed

    def end(self) -> None:
        """The run came to its end: nobody needs its journal any more."""
        if self._file:
            with contextlib.suppress(OSError):
                self._file.close()
            remove(self._file.name)

    def _write_after(self, step: Step, member: str, end: Mapping[str, Any]) -> None:
        """Without this line the write counts as unsure, which is less harm than a step that is called failed."""
        with contextlib.suppress(OSError):
            self._write({"after": identity(step), "member": member, **end})

    def _write(self, line: Mapping[str, Any]) -> None:
        with self._lock:
            if self._file is None:
                self._file = self._begun()
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def _begun(self) -> TextIO:
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        os.makedirs(self._folder, exist_ok=True)
        name = f"{self._prefix}-{now.replace(':', '')}-{os.getpid()}{ENDING}"
        file = open(os.path.join(self._folder, name), "a", encoding="utf-8")  # noqa: SIM115 - it lasts for the run
        if fcntl:
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.write(json.dumps({"begun": now, "planned": self._planned}) + "\n")
        return file


def identity(step: Step) -> str:
    """What makes two steps the same, as text."""
    return json.dumps([*step.identity[:3], plain(step.identity[3])], sort_keys=True)


def others(folder: str, prefix: str) -> list[Interrupted | GoesOn]:
    """The runs that were interrupted or go on, as their journals tell."""
    found: list[Interrupted | GoesOn] = []
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if name.startswith(f"{prefix}-") and name.endswith(ENDING):
            path = os.path.join(folder, name)
            with contextlib.suppress(OSError), open(path, encoding="utf-8") as file:  # its run may have ended just now
                lines = list(_lines(file))
                if lines and "planned" in lines[0]:
                    found.append(GoesOn(lines[0]["begun"]) if _is_held(file) else _interrupted(path, lines))
    return found


def remove(path: str) -> None:
    """Remove a journal; another run may have done it already."""
    with contextlib.suppress(OSError):
        os.unlink(path)


def _is_held(file: TextIO) -> bool:
    """Whether the run that writes a journal is there."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        return False
    return False


def _interrupted(path: str, lines: Sequence[Any]) -> Interrupted:
    done: dict[str, int] = {}
    unsure: dict[str, Unsure] = {}
    for line in lines[1:]:
        member = line["member"]
        if "before" in line:
            unsure[member] = Unsure(member, line["before"], line["sentence"])
        else:
            if line["done"] or line["sure"]:
                unsure.pop(member, None)
            done[member] = done.get(member, 0) + line["done"]
    planned: Mapping[str, int] = lines[0]["planned"]
    whole = tuple(member for member, steps in planned.items() if done.get(member, 0) >= steps)
    left = tuple(member for member in planned if member not in whole and member not in unsure)
    return Interrupted(path, lines[0]["begun"], whole, tuple(unsure.values()), left)


def _lines(file: TextIO) -> Iterator[Any]:
    """The last line may be cut off."""
    for line in file:
        try:
            yield json.loads(line)
        except ValueError:
            return

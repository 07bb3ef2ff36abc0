# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a call of the role says comes from that call, also where a play enters the role twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

TASKS = Path(__file__).parents[2] / "roles/mana_memory/tasks"
# Where a user enters the role.
ENTRY_POINTS = ("main", "verify", "audit", "destroy")


def tasks_of(name: str) -> list[Mapping[str, Any]]:
    tasks: list[Mapping[str, Any]] = yaml.safe_load((TASKS / f"{name}.yml").read_text())
    return tasks


def every_task(tasks: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Each of these tasks, and those of their blocks."""
    for task in tasks:
        yield task
        for part in ("block", "rescue", "always"):
            yield from every_task(task.get(part, []))


def test_each_entry_begins_with_the_variables() -> None:
    first = [tasks_of(name)[0]["ansible.builtin.import_tasks"] for name in ENTRY_POINTS]
    assert set(first) == {"check.yml"}


def test_what_an_earlier_call_registered_is_forgotten_first() -> None:
    forgotten = tasks_of("check")[0]["ansible.builtin.set_fact"]
    registered = {
        task["register"]
        for path in TASKS.glob("*.yml")
        for task in every_task(tasks_of(path.stem))
        if "register" in task
    }
    assert forgotten == {name: {} for name in registered}

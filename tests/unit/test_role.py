# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a call of the role says comes from that call, also where a play enters the role twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLE = Path(__file__).parents[2] / "roles/mana_memory"
TASKS = ROLE / "tasks"
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


# What a variable of the role comes to


def valued(name: str, variables: Mapping[str, Any]) -> Any:
    """A variable of the role's own, where these are a user's."""
    own = yaml.safe_load((ROLE / "vars/main.yml").read_text())
    return Templar(DataLoader(), variables=dict(variables)).template(trust_as_template(own[name]))


@pytest.mark.parametrize(
    ("said", "attribute"),
    [
        (False, ""),
        ("false", ""),
        ("no", ""),
        (0, ""),
        (True, "ttl"),
        ("true", "ttl"),
        ("Yes", "ttl"),
        (1, "ttl"),
        ("ttl", "ttl"),
        ("expiresAt", "expiresAt"),
        ("True Expiry", "True Expiry"),
    ],
)
def test_items_expire_by_ttl_where_that_is_a_yes_and_else_by_what_is_named(said: Any, attribute: str) -> None:
    assert valued("_mana_memory_expiry_attribute", {"mana_memory_time_to_live": said}) == attribute


def test_the_item_of_a_proof_expires_by_ttl_and_by_the_attribute_that_is_named() -> None:
    given = {"_mana_memory_probe_expiry": 7, "_mana_memory_probe_attributes": ["gsi1pk"], "_mana_memory_probe": "key"}
    item = {"ttl": 7, "gsi1pk": "key"}
    for attribute in ("", "ttl"):
        assert valued("_mana_memory_probe_item", {**given, "_mana_memory_expiry_attribute": attribute}) == item
    named = valued("_mana_memory_probe_item", {**given, "_mana_memory_expiry_attribute": "expiresAt"})
    assert named == {**item, "expiresAt": 7}

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lock files of npm: what they never bring."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {path.parent.name: path for path in ROOT.glob("requirements/*/package-lock.json")}

# Releases that somebody else than their authors made.
COMPROMISED = {("@mastra/core", "1.42.1"), ("@mastra/memory", "1.20.4"), ("@mastra/dynamodb", "1.0.9")}


def packages(lock: str) -> Any:
    found = json.loads(LOCKS[lock].read_text())["packages"]
    return {name.rpartition("node_modules/")[2]: package for name, package in found.items() if name}


@pytest.mark.parametrize("lock", LOCKS)
def test_no_compromised_release_is_locked(lock: str) -> None:
    assert {(name, package["version"]) for name, package in packages(lock).items()} & COMPROMISED == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_its_hash_and_names_no_registry(lock: str) -> None:
    assert [name for name, package in packages(lock).items() if "integrity" not in package] == []
    assert [name for name, package in packages(lock).items() if "resolved" in package] == []


@pytest.mark.parametrize("lock", ["client", "client-newest"])
def test_the_client_is_locked(lock: str) -> None:
    assert {name for name, _version in COMPROMISED} <= set(packages(lock))

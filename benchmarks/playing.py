# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plays that are timed: on the bench's own Ansible, at an endpoint of this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.endpoint import CACHE, Endpoint, without_aws

ROOT = Path(__file__).resolve().parent.parent
BIN = CACHE / "bench/bin"
HELPERS = ROOT / "benchmarks/helpers"

OURS, THEIRS = "mana.memory.dynamodb_table", "community.aws.dynamodb_table"
TABLE = {"name": "bench-{{ item }}", "hash_key_name": "pk", "range_key_name": "sk", "billing_mode": "PAY_PER_REQUEST"}
FORCED = {"vars": {"mana_memory_in_process": False}}

# A task by the name of its contender. The action that does nothing gets the same options, which Ansible templates.
TASKS: dict[str, dict[str, Any]] = {
    "nothing": {"nothing": TABLE},
    "in process": {OURS: TABLE},
    "ping": {"ansible.builtin.ping": {}},
    "as a module": {OURS: TABLE, **FORCED},
    "community.aws": {THEIRS: TABLE},
}

Samples = dict[str, list[float]]


class Bench:
    """Runs playbooks against an endpoint, and measures them."""

    def __init__(self, folder: Path, endpoint: Endpoint, rounds: int) -> None:
        self.folder = folder
        self.endpoint = endpoint
        self.rounds = rounds
        link = folder / "ansible_collections/mana/memory"
        if not link.exists():
            link.parent.mkdir(parents=True)
            link.symlink_to(ROOT)

    def environment(self, **settings: str) -> dict[str, str]:
        """The endpoint's environment, with our collection, and no other than the bench's own."""
        return {
            **without_aws(os.environ),
            **self.endpoint.environment,
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder),
            "ANSIBLE_ACTION_PLUGINS": str(HELPERS / "action"),
            "ANSIBLE_CALLBACK_PLUGINS": str(HELPERS / "callback"),
            "ANSIBLE_CALLBACKS_ENABLED": "timing",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "BENCH_TIMES": str(self.folder / "times.json"),
            **settings,
        }

    def play(self, tasks: list[dict[str, Any]], **settings: str) -> dict[str, Any]:
        """The seconds of each task, those of the whole run, and the memory of its workers."""
        playbook = self.folder / "playbook.json"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        return self.command([str(BIN / "ansible-playbook"), str(playbook)], **settings)

    def command(self, words: list[str], **settings: str) -> dict[str, Any]:
        """Run any command of Ansible, as ``play`` does."""
        begin = time.monotonic()
        run(words, self.environment(**settings), self.folder)
        whole = time.monotonic() - begin
        return {**json.loads((self.folder / "times.json").read_text()), "whole": whole}

    def in_turn(self, contenders: dict[str, Callable[[], float]]) -> Samples:
        """The samples of each contender, taken in turn, so that a busy moment hits all of them."""
        samples: Samples = {name: [] for name in contenders}
        for _round in range(self.rounds):
            for name, measure in contenders.items():
                samples[name].append(measure())
        return samples

    def loop(self, contender: str, items: int) -> Callable[[], float]:
        """Measures the milliseconds of an item, all that a loop costs included."""
        task = {"name": contender, **TASKS[contender], "loop": list(range(items))}
        return lambda: self.play([task])["seconds"][contender] / items * 1000

    def python(self, helper: str, *words: object, **settings: str) -> str:
        """What a helper prints, on the same Python and botocore."""
        command = [str(BIN / "python"), str(HELPERS / helper), *map(str, words)]
        return run(command, self.environment(**settings), self.folder)


def run(words: list[str], environment: dict[str, str], folder: Path) -> str:
    """The output of a command that has to succeed."""
    finished = subprocess.run(words, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(words)}\n{finished.stdout}{finished.stderr}")
    return finished.stdout

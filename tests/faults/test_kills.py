"""A run of ansible-playbook that is killed at any moment harms nothing, and the next run finishes the rest.

Three kills are in `make test`, a hundred in `make test-kills`.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults import account
from tests.faults.bench import Bench, Cell, damage, unlike
from tests.faults.scenarios import Scenario
from tests.integration.playbook import prepared
from tests.proxy import Answer, HandOn, Request, Reset

PROCESSES = Path("/proc")
LATENCY = 0.1  # seconds a call
LONGEST_ORPHAN = 30  # seconds
MARK = "MANA_MEMORY_KILLED"
pytestmark = pytest.mark.skipif(not PROCESSES.exists(), reason="there is no /proc to find processes in")

PLAYS = {
    "site": Scenario(
        "playbooks/site.yml",
        {
            "mana_memory_table_name": "NAME",
            "mana_memory_lambda_function_name": "NAME",
            "mana_memory_set_environment": True,
            "mana_memory_time_to_live": True,
        },
        account.all_of(account.nothing, account.role(), account.function()),
        account.everything,
    ),
    "all indexes": Scenario(
        "playbooks/site.yml",
        {
            "mana_memory_table_name": "NAME",
            "mana_memory_lambda_role_name": "NAME",
            "mana_memory_all_indexes": True,
        },
        account.memory,
        account.everything,
    ),
    "destroy": Scenario(
        "playbooks/destroy.yml",
        {
            "mana_memory_table_name": "NAME",
            "mana_memory_destroy": "NAME",
            "mana_memory_lambda_function_name": "NAME",
            "mana_memory_set_environment": True,
        },
        account.all_of(account.memory, account.function(MANA_MEMORY_TABLE="old")),
        account.everything,
    ),
    "modules": Scenario(
        "tests/faults/modules.yml",
        {"name": "NAME", "document": json.loads(account.document("new")), "mana_memory_in_process": False},
        account.all_of(
            account.table("gsi1", "gsi2"), account.managed("old", "last"), account.function(MANA_MEMORY_TABLE="old")
        ),
        account.everything,
    ),
}
MOMENTS = ("before a call", "during a call", "leaving its worker alone")
KILLS = [pytest.param(seed, marks=[pytest.mark.matrix] if seed > 2 else []) for seed in range(100)]


class Kill:
    """Decides: each call takes its time, and at one of them ansible-playbook dies with all its processes.

    Or without them: its worker then goes on to the end of its task.
    """

    def __init__(self, cell: Cell, moment: str, name: str) -> None:
        self.cell = cell
        self.moment = moment
        self.name = name
        self.process: subprocess.Popen[bytes] | None = None
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, request: Request, hand_on: HandOn) -> Answer:
        with self._lock:
            self._seen[request.operation] += 1
            here = (request.operation, self._seen[request.operation]) == self.cell[:2]
        time.sleep(LATENCY)
        if here:
            self.kill()
        if here and self.moment == "before a call":
            raise Reset
        return hand_on()

    def kill(self) -> None:
        """The workers of ansible-core 2.19 are in sessions of their own, and known by their environment alone."""
        assert self.process
        self.process.kill()
        while self.moment != MOMENTS[-1] and (pids := alive(self.name)):
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def alive(name: str) -> list[int]:
    """The processes that a cell's run has started, apart from those that are dead and not yet buried."""
    found = []
    for process in PROCESSES.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"{MARK}={name}\0".encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found


def killed(bench: Bench, scenario: Scenario, name: str, cell: Cell, moment: str) -> None:
    """Run a playbook to the moment at which it is killed."""
    kill = Kill(cell, moment, name)
    environment = {**bench.endpoint.environment, "AWS_ENDPOINT_URL": bench.proxy.url, MARK: name}
    bench.proxy.decide = kill
    started = prepared(str(scenario.runs), environment, **scenario.declare(name))
    kill.process = subprocess.Popen(**started, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert kill.process.wait(120) == -signal.SIGKILL, f"there was no {cell}"


@pytest.mark.parametrize("seed", KILLS)
def test_a_killed_run_harms_nothing_and_the_next_one_finishes_it(bench: Bench, seed: int) -> None:
    chance = random.Random(seed)
    title, scenario = list(PLAYS.items())[seed % len(PLAYS)]
    recording = bench.recording(title, scenario)
    cell = chance.choice([cell for cell in recording.cells if not cell.on])
    moment = chance.choice(MOMENTS)
    name = bench.prepared(scenario)
    killed(bench, scenario, name, cell, moment)
    what = f"{title} killed at {cell}, {moment}"
    assert dict(damage(recording, bench.seen(scenario, name))) == {}, what
    rerun = bench.run(scenario, name)
    assert not rerun.get("failed"), f"{what}: {rerun['msg']}"
    deadline = time.monotonic() + LONGEST_ORPHAN
    while alive(name):
        assert time.monotonic() < deadline, f"{what}: a worker goes on for ever"
        time.sleep(0.1)
    assert not bench.run(scenario, name)["changed"], what
    assert dict(unlike(recording, bench.seen(scenario, name))) == {}, what
    if "destroy" not in title:
        left = [item["pk"]["S"] for item in account.probes(bench.account, name) if "ttl" not in item]
        assert left == [], f"{what}: the proof leaves items for ever"

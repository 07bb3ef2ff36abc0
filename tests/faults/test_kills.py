# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A run of ansible-playbook that is killed at any moment harms nothing, and the next run finishes the rest.

Three kills are in `make test`, a hundred in `make test-kills`.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults import account
from tests.faults.promises import damage, unlike
from tests.faults.scenarios import PLAYS, Scenario
from tests.faults.stage import Cell, Counting, Stage
from tests.integration.playbook import prepared
from tests.proxy import Answer, HandOn, Request, Reset

PROCESSES = Path("/proc")
LATENCY = 0.1  # seconds a call
LONGEST_ORPHAN = 30  # seconds
MARK = "MANA_MEMORY_KILLED"
pytestmark = pytest.mark.skipif(not PROCESSES.exists(), reason="there is no /proc to find processes in")

MOMENTS = ("before a call", "during a call", "leaving its worker alone")
KILLS = [pytest.param(seed, marks=[pytest.mark.matrix] if seed > 2 else []) for seed in range(100)]


def killed(stage: Stage, scenario: Scenario, name: str, cell: Cell, moment: str) -> None:
    """Run a playbook, every call of which takes its time, until it is killed at one of them."""
    environment = {**stage.endpoint.environment, "AWS_ENDPOINT_URL": stage.proxy.url, MARK: name}
    started = prepared(str(scenario.runs), environment, **scenario.declare(name))
    counting = Counting()

    def decide(request: Request, hand_on: HandOn) -> Answer:
        here = counting.next(request.operation) == cell
        time.sleep(LATENCY)
        if here:
            process.kill()
        if here and moment != MOMENTS[-1]:
            end(name)
        if here and moment == MOMENTS[0]:
            raise Reset
        return hand_on()

    stage.proxy.decide = decide
    process = subprocess.Popen(**started, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert process.wait(120) == -signal.SIGKILL, f"there was no {cell}"


def end(name: str) -> None:
    """Kill all that a run has started. The workers of ansible-core 2.19 are in sessions of their own."""
    while pids := alive(name):
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


@pytest.mark.parametrize("seed", KILLS)
def test_a_killed_run_harms_nothing_and_the_next_one_finishes_it(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    title, scenario = list(PLAYS.items())[seed % len(PLAYS)]
    recording = stage.recording(title)
    cell = chance.choice(recording.cells)
    moment = chance.choice(MOMENTS)
    name = stage.prepared(scenario)
    killed(stage, scenario, name, cell, moment)
    what = f"{title} killed at {cell}, {moment}"
    assert dict(damage(recording, stage.seen(scenario, name))) == {}, what
    rerun = stage.run(scenario, name)
    assert not rerun.get("failed"), f"{what}: {rerun['msg']}"
    deadline = time.monotonic() + LONGEST_ORPHAN
    while alive(name):
        assert time.monotonic() < deadline, f"{what}: a worker goes on for ever"
        time.sleep(0.1)
    second = stage.run(scenario, name)
    assert (second.get("failed"), second["changed"]) == (None, False), what
    assert dict(unlike(recording, stage.seen(scenario, name))) == {}, what
    assert account.left_for_ever(stage.account, name) == [], what

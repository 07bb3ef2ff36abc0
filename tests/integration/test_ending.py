# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tests that are ended leave no server behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.integration.playbook import ROOT
from tools.endpoint import is_held

BUSY = """
import time


def test_that_takes_its_time(ministack):
    time.sleep(100)
"""


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["one process", "a worker"])
def test_a_terminated_run_stops_its_servers(tmp_path: Path, workers: Any) -> None:
    (tmp_path / "test_busy.py").write_text(BUSY)
    base, options = tmp_path / "base", ["-p", "tests.conftest", "-p", "no:cacheprovider"]
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", *workers, *options, f"--basetemp={base}", tmp_path / "test_busy.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        state = waited_for(lambda: next(base.glob("**/endpoint.json"), None)).parent
        assert is_held(state)
    finally:
        run.terminate()
        output = run.communicate(timeout=60)[0]
    assert "ended by SIGTERM" in output
    waited_for(lambda: not is_held(state))


def waited_for(ask: Any) -> Any:
    """An answer, as soon as there is one."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.1)
    raise AssertionError("nothing happened")

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run suites of tests, all of them even when one fails, and say in one line how many passed and failed.

    run_tests.py lint unit integration molecule acceptance

A linter counts as one test, and so does a molecule scenario.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
BIN = Path(sys.prefix) / "bin"

LINTERS = {
    "ansible-test sanity": "tools/sanity",  # the longest begins first
    "ruff format": "ruff format --check .",
    "ruff check": "ruff check .",
    "mypy plugins": "mypy -p ansible_collections.mana.memory.plugins",
    "mypy tools": "mypy tools benchmarks",
    "mypy tests": "mypy tests",
    "yamllint": "yamllint --strict .",
    "ansible-lint": "ansible-lint",
    "antsibull-docs": "antsibull-docs lint-collection-docs --plugin-docs .",
}


@dataclasses.dataclass(frozen=True)
class Tally:
    """How many tests passed and failed."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.passed + other.passed, self.failed + other.failed)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"


def lint() -> Tally:
    """Run every linter, two at a time; what one prints stays together."""
    failed = []
    with ThreadPoolExecutor(2) as pool:
        for name, process in zip(LINTERS, pool.map(_told, LINTERS.values())):
            print(heading(name), process.stdout, sep="\n", flush=True)
            if process.returncode:
                failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return Tally(passed=len(LINTERS) - len(failed), failed=len(failed))


def _told(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command.split(),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def pytest(suite: str, *others: str) -> Tally:
    """Run the tests below tests/<suite>, counted by pytest's own report: two files at a time, each with its servers."""
    folders = [f"tests/{name}" for name in (suite, *others)]
    report = CACHE / "reports" / f"{suite}.xml"
    report.unlink(missing_ok=True)
    workers = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    status = run(suite, ["pytest", *workers, *folders, f"--junitxml={report}"])
    tally = Tally()
    if report.exists():
        counts = [
            {name: int(test_suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
            for test_suite in xml.etree.ElementTree.parse(report).iter("testsuite")
        ]
        for count in counts:
            failed = count["failures"] + count["errors"]
            tally += Tally(passed=count["tests"] - failed - count["skipped"], failed=failed)
    return at_least_one_failure(tally) if status else tally


def molecule() -> Tally:
    """Run every scenario, two at a time on the one server that the default scenario creates.

    Start from an empty state directory: a killed run or another checkout may have left a stale one.
    """
    state = CACHE / "molecule"
    shutil.rmtree(state, ignore_errors=True)
    command = "molecule test --all --shared-state --workers 2 --continue-on-failure --report"
    print(heading("molecule"), flush=True)
    process = subprocess.Popen(
        command.split(),
        cwd=ROOT,
        env={**environment(), "NO_COLOR": "1", "MOLECULE_EPHEMERAL_DIRECTORY": str(state)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    lines = []
    for line in process.stdout:
        print(line, end="", flush=True)
        lines.append(line)
    recap = re.findall(r"^(\S+) +: actions=\d+ .*missing=(\d+) +failed=(\d+)", "".join(lines), re.MULTILINE)
    scenarios = {path.parent.name for path in ROOT.glob("extensions/molecule/*/molecule.yml")}
    ran = {name for name, *counts in recap}
    failed = {name for name, *counts in recap if counts != ["0", "0"]} | (scenarios - ran)
    tally = Tally(passed=len(scenarios - failed), failed=len(failed))
    return at_least_one_failure(tally) if process.wait() or not scenarios else tally


def at_least_one_failure(tally: Tally) -> Tally:
    """The tally of a suite that did not end well, whatever it counted."""
    return dataclasses.replace(tally, failed=max(tally.failed, 1))


def run(title: str, command: list[str]) -> int:
    """Run a command under a heading; its output goes where ours goes."""
    print(heading(title), flush=True)
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode


def environment() -> dict[str, str]:
    """The environment with this Python's tools first on the search path."""
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


def heading(title: str) -> str:
    """A line between suites in the output."""
    return f"\n== {title} ".ljust(80, "=")


SUITES: dict[str, Callable[[], Tally]] = {
    "lint": lint,
    "unit": lambda: pytest("unit"),
    "integration": lambda: pytest("integration", "convergence", "corpus", "faults"),
    "molecule": molecule,
    "acceptance": lambda: pytest("acceptance"),
}


def main() -> int:
    """Run the suites that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="+", choices=SUITES)
    tallies = {suite: SUITES[suite]() for suite in parser.parse_args().suites}
    print(heading("summary"))
    for suite, tally in tallies.items():
        print(f"{suite}: {tally}")
    total = sum(tallies.values(), Tally())
    print(f"\n{total}")
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())

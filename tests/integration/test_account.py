# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tests of a real account, `make test-aws`, held against the gate and, as an account that differs, ministack."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Client
from tools.endpoint import Endpoint

ROOT = Path(__file__).parents[2]
SOME = "travels or protected or frozen or nothing_is_left"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the tests: their exit code, what they print, and their report."""

    def run(endpoint: Endpoint, *more: str, confirmed: str = "make tables") -> tuple[int, str, str]:
        report = tmp_path / "aws.md"
        settings = {"MANA_MEMORY_AWS_CONFIRM": confirmed, "MANA_MEMORY_AWS_REPORT": str(report)}
        command = [sys.executable, "-m", "pytest", "tests/aws", "-rs", "-s", "-q", "-p", "no:cacheprovider", *more]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **endpoint.environment, "AWS_ENDPOINT_URL": endpoint.url, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, report.read_text() if report.exists() else ""

    return run


def tables(client: Client, endpoint: Endpoint) -> list[str]:
    """The tables that the tests have left."""
    names: list[str] = client("dynamodb", endpoint).list_tables()["TableNames"]
    return [name for name in names if name.startswith("mana-memory-test-")]


def test_without_the_confirmation_they_say_what_they_would_make_and_make_nothing(run: Run, gate: Endpoint) -> None:
    code, printed, report = run(gate, confirmed="yes")
    assert (code, report) == (0, "")
    assert "passed" not in printed
    assert "tables, mana-memory-test-" in printed
    assert "less than a dollar" in " ".join(printed.split())


def test_the_gate_answers_as_the_law_has_it_in_every_case(run: Run, gate: Endpoint, client: Client) -> None:
    code, printed, report = run(gate)
    assert code == 0, printed
    assert printed.index("less than a dollar") < printed.index("0 differences")
    assert "It answers alike." in report
    assert tables(client, gate) == []


def test_where_an_account_answers_otherwise_the_report_says_so_and_nothing_is_left(
    run: Run, ministack: Endpoint, client: Client
) -> None:
    code, printed, report = run(ministack, "-k", SOME)
    assert code == 1, printed
    assert "| protection-travels-alone | ValidationException: … DeletionProtection … | accepted |" in report
    assert tables(client, ministack) == []

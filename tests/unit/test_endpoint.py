# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command line of the endpoint of this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools import endpoint

HERE = endpoint.Endpoint("ministack", "http://127.0.0.1:4566", 1, {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"})


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["endpoint.py", "run", *arguments])
    monkeypatch.setattr(endpoint, "current", lambda _state: HERE)
    return endpoint.main()


def test_the_status_of_a_command_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, sys.executable, "-c", "raise SystemExit(3)") == 3


def test_a_command_that_is_missing_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "no-such-command", "--check") == 127
    assert capfd.readouterr().err == "no-such-command: there is no such command; give one of the PATH, or its path\n"


def test_a_command_that_is_no_program_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, str(tmp_path)) == 126
    assert capfd.readouterr().err == f"{tmp_path}: it cannot be run; give a program\n"


def test_no_command_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch) == 1
    assert capfd.readouterr().err == "run: it takes a command; give one\n"

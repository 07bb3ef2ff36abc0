# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The README's first playbook prints what the README shows."""

from __future__ import annotations

import re
from pathlib import Path

from tests.integration.playbook import ROOT, play
from tools.endpoint import Endpoint


def first(language: str, text: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found.group(1)


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def test_what_the_readme_shows_is_what_comes_out(ministack: Endpoint, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    playbook = tmp_path / "threads.yml"
    playbook.write_text(first("yaml", readme))
    environment = {**ministack.environment, "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}
    printed = lines(play(str(playbook), environment, "--check", "--diff").output.replace(f" at {ministack.url}", ""))
    _command, *shown = lines(first("console", readme))
    begin = printed.index(shown[0])
    assert printed[begin : begin + len(shown)] == shown

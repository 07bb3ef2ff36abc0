# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run a playbook as a user does: ansible-playbook in a process of its own, with nothing but the endpoint's settings."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.endpoint import without_aws

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.prefix) / "bin"

# What a shell, or make, may say of the memory of whoever runs the tests.
OWN = ("MANA_MEMORY_TABLE", "MANA_MEMORY_COMMAND")

# The front end of plays that do not choose one, as in Molecule's inventory: `make test FRONT_END=module`.
FRONT_END = {"mana_memory_in_process": json.loads(os.environ.get("MANA_MEMORY_IN_PROCESS") or "true")}


@dataclasses.dataclass(frozen=True)
class Run:
    """How a playbook ended: its exit status, and all that it said."""

    status: int
    output: str

    @property
    def changed(self) -> int:
        """How many tasks changed something, by the recap."""
        return sum(int(count) for count in re.findall(r"^\S+ +: ok=.* changed=(\d+)", self.output, re.MULTILINE))

    @property
    def messages(self) -> list[Any]:
        """The results of the role's tasks."""
        decoder = json.JSONDecoder()
        starts = re.finditer(r'^    "msg": ', self.output, re.MULTILINE)
        return [decoder.raw_decode(self.output, start.end())[0] for start in starts]

    @property
    def result(self) -> Any:
        """The lines of `site` at its end: of the table, of the policy, of the proof."""
        return self.messages[-1]

    @property
    def errors(self) -> list[str]:
        """The sentences of the tasks that failed."""
        return re.findall(
            r"^\[ERROR\]: (?:Task failed: )?(?:Action failed: |Module failed: )?(.*)$", self.output, re.MULTILINE
        )


def play(playbook: str, environment: Mapping[str, str], *arguments: str, **variables: Any) -> Run:
    """Run a playbook, as a file or by its full name, with an environment and extra variables."""
    with started(playbook, environment, *arguments, **variables) as process:
        try:
            output, _errors = process.communicate(timeout=120)
        finally:
            process.kill()
    return Run(process.returncode, output)


def started(playbook: str, environment: Mapping[str, str], *arguments: str, **variables: Any) -> subprocess.Popen[str]:
    """The process of a playbook, which runs."""
    return subprocess.Popen(
        **prepared(playbook, environment, *arguments, **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def prepared(playbook: str, environment: Mapping[str, str], *arguments: str, **variables: Any) -> dict[str, Any]:
    """The arguments and environment of a process that runs a playbook."""
    command = [f"{BIN}/ansible-playbook", playbook, *arguments, "--extra-vars", json.dumps({**FRONT_END, **variables})]
    inherited = {name: value for name, value in without_aws(os.environ).items() if name not in OWN}
    shown = {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
    return {"args": command, "cwd": ROOT, "env": {**inherited, **shown, **environment}}

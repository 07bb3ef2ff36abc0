# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run the real client: Mastra Memory on its DynamoDB store, in a process of its own, as it is pinned or the newest."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.endpoint import CACHE

SCRIPT = Path(__file__).with_suffix(".mjs")
# The packages, each with a lock file of its own in requirements/, and the Node that they ask for.
CLIENTS = {"pinned": CACHE / "client", "newest": CACHE / "client-newest"}
NODE = CACHE / "node/node_modules/.bin"


@dataclasses.dataclass(frozen=True)
class Answer:
    """The value that a function of the client returned, or the messages of its error and of the causes."""

    result: Any = None
    error: str = ""


class Mastra:
    """A process of a client, with this environment alone: its own credentials, and its own view of the table."""

    def __init__(self, client: str, environment: Mapping[str, str], **config: object) -> None:
        # Its packages are found from the folder in which it runs.
        self.process = subprocess.Popen(
            ["node", "--input-type=module", "--eval", SCRIPT.read_text(), json.dumps(config)],
            cwd=CLIENTS[client],
            env={"PATH": f"{NODE}{os.pathsep}{os.environ['PATH']}", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Mastra:
        return self

    def __exit__(self, *_error: object) -> None:
        with self.process:
            self.process.kill()

    def call(self, function: str) -> Answer:
        """Call a function of the client by its name."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{function}\n")
        self.process.stdin.flush()
        return Answer(**json.loads(self.process.stdout.readline()))


def versions(client: str) -> dict[str, str]:
    """The packages of a client that mana names, and the version of each that is installed."""
    declared = json.loads((CLIENTS[client] / "package.json").read_text())["dependencies"]
    manifests = {name: CLIENTS[client] / "node_modules" / name / "package.json" for name in declared}
    return {name: json.loads(path.read_text())["version"] for name, path in manifests.items()}

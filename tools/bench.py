"""Time a play that declares many tables, and the same play again, with this collection and with community.aws.

Both run on the same Ansible, the same boto3 and a fresh endpoint of this machine. An endpoint that answers at
once shows what the module itself costs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from endpoint import CACHE, Endpoint, running, without_aws

MODULES = ("community.aws.dynamodb_table", "mana.memory.dynamodb_table")
TABLES = 20


def play(module: str) -> list[dict[str, object]]:
    """The play, which differs in the name of the module alone."""
    table = {
        "name": "bench-{{ item }}",
        "hash_key_name": "pk",
        "range_key_name": "sk",
        "billing_mode": "PAY_PER_REQUEST",
        "tags": {"purpose": "bench"},
    }
    task = {"name": "The tables are there", module: table, "loop": list(range(TABLES))}
    return [{"name": module, "hosts": "localhost", "gather_facts": False, "tasks": [task]}]


def seconds(playbook: Path, endpoint: Endpoint) -> float:
    """How long a run of the playbook takes, from a user's view: Ansible's own start included."""
    command = [CACHE / "bench/bin/ansible-playbook", playbook]
    environment = {**without_aws(os.environ), **endpoint.environment}
    begin = time.monotonic()
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(finished.stdout + finished.stderr)
    return time.monotonic() - begin


def main() -> None:
    """Print one row for each module."""
    print(f"{TABLES} tables in one loop, seconds  {'create':>8} {'no change':>10}")
    for module in MODULES:
        with tempfile.TemporaryDirectory() as folder, running("ministack", Path(folder)) as endpoint:
            playbook = Path(folder, "play.yml")
            playbook.write_text(json.dumps(play(module)))
            print(f"{module:<32} {seconds(playbook, endpoint):>8.1f} {seconds(playbook, endpoint):>10.1f}")


if __name__ == "__main__":
    main()

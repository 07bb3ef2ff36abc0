# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module's own part: what it hands to the engine, and what it leaves out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from plugins.module_utils.dynamodb.finding import ASKED

ROOT = Path(__file__).parents[4]
UTILS = "ansible_collections.mana.memory.plugins.module_utils"
FOLDER = f"{UTILS}.dynamodb"
FILES = ROOT / "plugins/module_utils/dynamodb"
FOR_CHANGES = (
    "completion",
    "global_options",
    "imports",
    "keys",
    "origin",
    "origin_rules",
    "passing",
    "performing",
    "planning",
    "region_rules",
    "replica_rules",
    "requests",
    "table_rules",
    "vector_options",
    "vector_rules",
    "wording",
)
# What only a run with steps, or one that fails, needs of the files that all modules share.
SHARED = ("applying", "call_faults", "credential_faults", "policy_document", "report", "tags")

# A run without changes, in an interpreter that nothing else was imported into: it prints what it has imported.
RUN = """
import sys

from botocore.stub import Stubber

from ansible_collections.mana.memory.plugins.modules import dynamodb_table
from tests.declaring import options_of
from tests.unit.stubbing import NAME, at, described, new_client

client = new_client()
parameters = options_of(dynamodb_table, {"name": NAME, "hash_key_name": "pk"})
with Stubber(client) as stub:
    stub.add_response("describe_table", described(), {"TableName": NAME})
    result = dynamodb_table.run(parameters, at(client), check_mode=sys.argv[1] == "True")
assert (result["changed"], result["plan"]) == (False, []), result
print(*sys.modules)
"""


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_run_without_changes_imports_nothing_that_plans_or_writes(check_mode: bool) -> None:
    """A module starts anew for each task, and compiles whatever it imports."""
    assert [name for name in FOR_CHANGES if not (FILES / f"{name}.py").exists()] == []
    assert [name for name in SHARED if not (FILES.parent / f"{name}.py").exists()] == []
    run = subprocess.run(
        [sys.executable, "-c", RUN, str(check_mode)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert run.returncode == 0, run.stderr
    imported = run.stdout.split()
    assert f"{FOLDER}.service" in imported
    assert [name for name in FOR_CHANGES if f"{FOLDER}.{name}" in imported] == []
    assert [name for name in SHARED if f"{UTILS}.{name}" in imported] == []
    assert f"{FOLDER}.part" not in imported, "what only types and parts need"
    assert [part for part in ASKED if f"{FOLDER}.parts.{part}" in imported] == [], "a part that is not declared"

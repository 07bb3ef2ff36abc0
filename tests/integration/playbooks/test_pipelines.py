# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pipelines of docs/pipelines.md do what they say: their commands are run, one job after the other."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import xml.etree.ElementTree
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.playbook import ROOT, prepared
from tools.endpoint import Endpoint

PAGE = (ROOT / "docs/pipelines.md").read_text()
KNOWN = set(yaml.safe_load((ROOT / "roles/mana_memory/vars/main.yml").read_text())["_mana_memory_variables"])


def pipeline(title: str) -> dict[str, Any]:
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    found: dict[str, Any] = yaml.safe_load(section.partition("```yaml\n")[2].partition("```")[0])
    return found


def commands(job: Any) -> list[str]:
    """The playbooks that a job runs."""
    lines = job.get("script") or [step.get("run", "") for step in job["steps"]]
    return [line for line in lines if line.startswith("ansible-playbook ")]


GITHUB, GITLAB = pipeline("GitHub Actions")["jobs"], pipeline("GitLab")
PIPELINES = {"github": GITHUB, "gitlab": GITLAB}


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_plans_applies_what_was_planned_and_audits(
    name: str, ministack: Endpoint, client: Any, table: str, tmp_path: Path
) -> None:
    (tmp_path / "memory.yml").write_text(
        yaml.safe_dump({"mana_memory_table_name": table, "mana_memory_tags": {"a": "b"}})
    )

    def run(job: str) -> int:
        (command,) = commands(PIPELINES[name][job])
        playbook, *arguments = shlex.split(command)[1:]
        done = subprocess.run(**{**prepared(playbook, ministack.environment, *arguments), "cwd": tmp_path}, check=False)
        return done.returncode

    assert run("plan") == 0
    assert json.loads((tmp_path / "review/gitlab.json").read_text()) == {"create": 1, "update": 0, "delete": 0}
    assert table not in client("dynamodb", ministack).list_tables()["TableNames"]
    assert run("audit") == 2
    assert run("apply") == 0
    assert run("apply") == 0
    assert run("audit") == 0
    suite = xml.etree.ElementTree.fromstring((tmp_path / "reports/audit.xml").read_text())
    assert [suite.get(each) for each in ("failures", "errors")] == ["0", "0"]


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_gives_no_variable_that_the_role_does_not_have(name: str) -> None:
    reported = {
        each
        for job in PIPELINES[name].values()
        if isinstance(job, dict)
        for each in re.findall(r"mana_memory_\w+", str(job))
    }
    assert reported
    assert reported - KNOWN == set()


def test_an_apply_waits_for_an_approval() -> None:
    assert GITHUB["apply"]["environment"] == GITLAB["apply"]["environment"] == "production"
    assert GITHUB["apply"]["needs"] == "plan"
    assert GITLAB["apply"]["rules"][0]["when"] == "manual"

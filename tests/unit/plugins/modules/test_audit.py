# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the module tells besides its verdicts: by whom, and at which endpoints."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Any

import pytest

from plugins.modules import audit
from tests.declaring import options_of

AT_HOME = {"plan": [], "name": "threads", "region": "eu-west-1", "declared": ["name"]}
ELSEWHERE = {**AT_HOME, "endpoint_url": "http://127.0.0.1:4566"}
UNREAD = {"failed": True, "msg": "denied", "not_read": {"tags": "denied"}, "compared": ELSEWHERE}


def no_connection(service: str, region: str | None = None) -> Any:
    raise AssertionError(f"an audit asks {service} nothing")


def about(results: dict[str, Any], folder: Path) -> str:
    """The line of the Markdown page that tells when, by whom and where."""
    given = {"results": results, "report": str(folder), "fail_on": []}
    assert not audit.run(options_of(audit, given), no_connection, True).get("failed")
    (line,) = [line for line in (folder / "audit.md").read_text().splitlines() if line.startswith("Audited")]
    assert line.partition(" by ")[2].partition(" in ")[0].replace("\\", "") in (folder / "audit.html").read_text()
    return line.replace("\\", "")


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in audit.PIPELINE_USERS:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", audit.PIPELINE_USERS)
def test_in_a_pipeline_an_audit_is_by_whom_the_pipeline_names(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(name, "ada_l")
    assert about({"table": AT_HOME}, tmp_path).endswith(" by ada_l in eu-west-1 at AWS.")


def test_elsewhere_an_audit_is_by_the_user_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "grace")
    assert f" by grace on {os.uname().nodename} in " in about({"table": AT_HOME}, tmp_path)


@pytest.mark.parametrize("error", [KeyError, OSError])
def test_a_user_without_a_name_has_a_number(error: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nameless() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert f" by user {os.getuid()} on " in about({"table": AT_HOME}, tmp_path)


def test_each_endpoint_is_told_once(tmp_path: Path) -> None:
    results = {"a": AT_HOME, "b": UNREAD, "c": AT_HOME, "d": {"failed": True, "msg": "denied"}}
    assert about(results, tmp_path).endswith(" in eu-west-1 at AWS and http://127.0.0.1:4566.")


STEP = {"service": "dynamodb", "call": "TagResource", "region": "us-east-1", "arguments": {}, "sentence": "tag threads"}
DRIFTED = {**AT_HOME, "plan": [STEP], "diff": {"before": {"tags": {}}, "after": {"tags": {"a": "b"}}}}


@pytest.mark.parametrize(
    ("results", "ends_with"),
    [
        ({"a": AT_HOME}, set()),
        ({"a": DRIFTED}, {"drift"}),
        ({"a": UNREAD}, {"incomplete"}),
        ({"a": DRIFTED, "b": UNREAD}, {"drift", "incomplete"}),
    ],
    ids=["in sync", "drifted", "not read", "both"],
)
def test_each_kind_of_fault_ends_an_audit_that_is_to_end_with_it(results: dict[str, Any], ends_with: set[str]) -> None:
    for kinds in ([], ["drift"], ["incomplete"], ["drift", "incomplete"]):
        answer = audit.run(options_of(audit, {"results": results, "fail_on": kinds}), no_connection, True)
        assert answer.get("failed", False) is bool(ends_with & {*kinds}), kinds

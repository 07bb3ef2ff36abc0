# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The stage of the matrices, and the table of the faults at their end."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Client
from tests.faults.account import Account
from tests.faults.stage import Stage
from tests.faults.table import Part, parts_of, written
from tests.proxy import proxied
from tools.endpoint import CACHE, Endpoint

TABLE = CACHE / "reports/faults.md"


@pytest.fixture(scope="session")
def account(client: Client, ministack: Endpoint) -> Account:
    """Clients of the endpoint itself."""
    return Account(client("dynamodb", ministack), client("iam", ministack), client("lambda", ministack))


@pytest.fixture(scope="session")
def stage(ministack: Endpoint, account: Account) -> Iterator[Stage]:
    """A stage for all cells."""
    with proxied(ministack) as proxy:
        yield Stage(ministack, proxy, account)


@pytest.fixture(scope="module")
def impatient() -> Iterator[None]:
    """Let nobody sleep: neither botocore between its tries nor a module between its looks."""
    sleep = time.sleep
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.005)))
        yield


@pytest.fixture(autouse=True)
def tidy() -> Iterator[None]:
    """A module freezes all that there is, as its process ends soon. This one does not."""
    yield
    gc.unfreeze()
    gc.collect()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Write the table, of a full run where it can be kept. The reports of all workers are here."""
    reports = [report for result in ("passed", "failed") for report in terminalreporter.stats.get(result, [])]
    parts: list[Part] = [part for report in reports if report.when == "call" for part in parts_of(report)]
    if not parts:
        return
    terminalreporter.write_line("")
    terminalreporter.write(written(parts))
    if "matrix" in terminalreporter.config.option.markexpr:
        TABLE.parent.mkdir(parents=True, exist_ok=True)
        TABLE.write_text(written(parts))

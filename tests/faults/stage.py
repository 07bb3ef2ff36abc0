# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs scenarios behind a proxy, and looks at what they leave."""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from plugins.module_utils import front
from plugins.module_utils.connection import connector
from tests.declaring import options_of
from tests.faults.account import Account
from tests.faults.scenarios import PLAYS, SCENARIOS, Scenario
from tests.integration.playbook import play
from tests.proxy import Answer, Call, Decide, Proxy, transparent
from tools.endpoint import Endpoint

# Of the client, beside the secret key.
PASSWORD, TOKEN = "Pz3-improbable-password-of-a-url", "Ts8-improbable-token-of-a-session"
PATIENCE = 30  # seconds to wait for an answer

# What differs from run to run: whole parts of a result, and times and ids in the others.
PASSING = ("diff", "output", "sts_creds", "warnings")
GIVEN = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:[+-]\d\d:\d\d|Z)?|[0-9a-f]{8}-[0-9a-f-]{27}|AROA[0-9A-Z]+")


class Cell(NamedTuple):
    """The call at which something happens: the ``nth`` of an operation, and with ``on`` each call from there."""

    operation: str
    nth: int
    on: bool = False

    def __str__(self) -> str:
        return f"{self.operation} {self.nth}" + (" and all that follow" if self.on else "")


class Recording(NamedTuple):
    """A run without faults: its calls, its result, and what there was to see before and after it."""

    name: str
    calls: list[Call]
    result: Any
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def cells(self) -> list[Cell]:
        """Each call. Of equal calls in a row the third and later ones are polls like the second."""
        seen: Counter[str] = Counter()
        cells = []
        sent = [(call.operation, call.request.path, call.request.body) for call in self.calls]
        for position, call in enumerate(self.calls):
            seen[call.operation] += 1
            if position < 2 or sent[position - 2 : position] != [sent[position]] * 2:
                cells.append(Cell(call.operation, seen[call.operation]))
        return cells

    def answer(self, cell: Cell) -> Answer | None:
        """The endpoint's answer there, or to the last call like it. An error says too little to be taken."""
        answers = [call.answer for call in self.calls if call.operation == cell.operation and call.succeeded]
        return answers[min(cell.nth, len(answers)) - 1] if answers else None


class Counting:
    """Gives each call, as it comes, its cell."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def next(self, operation: str) -> Cell:
        """The cell of the next call of an operation."""
        with self._lock:
            self._seen[operation] += 1
            return Cell(operation, self._seen[operation])


class Stage:
    """An endpoint, a proxy before it, and a way to the endpoint itself."""

    def __init__(self, endpoint: Endpoint, proxy: Proxy, account: Account) -> None:
        self.endpoint = endpoint
        self.proxy = proxy
        self.account = account
        self._numbers = itertools.count()
        self._recordings: dict[str, Recording] = {}

    def recording(self, title: str) -> Recording:
        """A run of a scenario without faults, from which everything else is generated."""
        if title not in self._recordings:
            self._recordings[title] = self._record({**SCENARIOS, **PLAYS}[title])
        return self._recordings[title]

    def _record(self, scenario: Scenario) -> Recording:
        name = self.prepared(scenario)
        before = self.seen(scenario, name)
        result = self.run(scenario, name)
        calls = self.proxy.taken()
        assert not result.get("failed"), result
        again = self.run(scenario, name)
        assert (again.get("failed"), again["changed"]) == (None, False), again
        return Recording(name, calls, stable(result, name), before, self.seen(scenario, name))

    def prepared(self, scenario: Scenario) -> str:
        """The name of a new cell, for which everything is there."""
        name = f"cell-{next(self._numbers):06}"
        scenario.prepare(self.account, name)
        return name

    def run(self, scenario: Scenario, name: str, decide: Decide = transparent, read_timeout: float = PATIENCE) -> Any:
        """The result of the scenario. Its calls are at the proxy."""
        self.proxy.taken()
        self.proxy.decide = decide
        try:
            return run(scenario, name, self.endpoint, self.proxy.url, read_timeout)
        finally:
            self.proxy.decide = transparent

    def seen(self, scenario: Scenario, name: str) -> dict[str, Any]:
        """The visible state of a cell: a value for each path, with NAME in place of the cell's name."""
        state = json.dumps(scenario.look(self.account, name), default=str)
        return dict(_flat(json.loads(state.replace(name, "NAME")), ""))


def run(scenario: Scenario, name: str, endpoint: Endpoint, url: str, read_timeout: float = PATIENCE) -> Any:
    """The answer of a module's engine, or of a playbook in the same form."""
    settings = endpoint.environment
    url = url.replace("http://", f"http://mana:{PASSWORD}@")
    if isinstance(scenario.runs, str):
        environment = {**settings, "AWS_ENDPOINT_URL": url, "AWS_SESSION_TOKEN": TOKEN}
        done = play(scenario.runs, environment, **scenario.declare(name))
        result = {"changed": bool(done.changed), "output": done.output}
        return (
            {**result, "failed": True, "msg": "; ".join(done.errors), "errors": done.errors} if done.status else result
        )
    given = {
        "endpoint_url": url,
        "region": settings["AWS_REGION"],
        "access_key": settings["AWS_ACCESS_KEY_ID"],
        "secret_key": settings["AWS_SECRET_ACCESS_KEY"],
        "session_token": TOKEN,
        "aws_config": {"read_timeout": read_timeout},
        **scenario.declare(name),
    }
    parameters = options_of(scenario.runs, given)
    return front.answer(scenario.runs.run, parameters, connector(parameters), False)


def stable(result: Any, name: str) -> Any:
    """A result without what differs from run to run, so that those of two cells can be compared."""
    kept = {key: value for key, value in result.items() if key not in PASSING}
    return json.loads(GIVEN.sub("-", json.dumps(kept, default=str).replace(name, "NAME")))


def _flat(state: Any, path: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(state, dict):
        yield path, state
        return
    for key, value in state.items():
        yield from _flat(value, f"{path}/{key}")

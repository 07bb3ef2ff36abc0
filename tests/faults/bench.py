"""Runs scenarios behind a proxy, and holds what happens to what was promised."""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, NamedTuple

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from plugins.module_utils import front
from plugins.module_utils.connection import connector
from tests.faults.account import OTHERS, Account, State
from tests.faults.kinds import KINDS, Fault
from tests.faults.scenarios import Scenario
from tests.integration.playbook import play
from tests.proxy import Answer, Call, Decide, HandOn, Proxy, Request, transparent
from tools.endpoint import CREDENTIALS, Endpoint

PASSWORD, TOKEN = "Pz3-improbable-password-of-a-url", "Ts8-improbable-token-of-a-session"
FRESH = re.compile(rb"<(?:SecretAccessKey|SessionToken)>([^<]+)")
LONGEST = 600  # characters of a sentence
ANEW = "/NAME/backups/"  # a rerun backs up anew what may have changed meanwhile
NUMBERS = itertools.count()


class Cell(NamedTuple):
    """Where a fault hits: at the ``nth`` call of an operation, and with ``on`` at each call from there."""

    operation: str
    nth: int
    on: bool

    def __str__(self) -> str:
        return f"{self.operation} {self.nth}" + (" and all that follow" if self.on else "")


class Recording(NamedTuple):
    """A run without faults: its calls, what it told, and what there was to see before and after it."""

    name: str
    calls: list[Call]
    told: Any
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def cells(self) -> list[Cell]:
        """Each call, once with a fault that passes and once with one that stays. A third poll is like the second."""
        seen: Counter[str] = Counter()
        cells = []
        requests = [call.request[:2] + call.request[3:] for call in self.calls]
        for position, call in enumerate(self.calls):
            seen[call.operation] += 1
            if position < 2 or requests[position - 2 : position] != [requests[position]] * 2:
                cells += [Cell(call.operation, seen[call.operation], on) for on in (False, True)]
        return cells

    def answer(self, operation: str, nth: int) -> Answer | None:
        """What the endpoint answered to a call that succeeded, or to the last one like it."""
        answers = [call.answer for call in self.calls if call.operation == operation and succeeded(call)]
        return answers[min(nth, len(answers)) - 1] if answers else None


class Outcome(NamedTuple):
    """How a cell ended: whether the run succeeded, and by their kind the promises that were broken."""

    survived: bool
    flaws: Mapping[str, str]


class Injection:
    """Decides what becomes of calls: the fault, where it hits."""

    def __init__(self, cell: Cell, fault: Fault, recording: Recording) -> None:
        self.cell = cell
        self.fault = fault
        self.recording = recording
        self.fired = False
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, request: Request, hand_on: HandOn) -> Answer:
        with self._lock:
            self._seen[request.operation] += 1
            nth = self._seen[request.operation]
            here = (request.operation, nth) == self.cell[:2]
            hit = here or (self.cell.on and self.fired)
            self.fired = self.fired or here
        another = self.recording.answer(request.operation, nth)
        return self.fault(request, hand_on, lambda: another or hand_on()) if hit else hand_on()


class Bench:
    """An endpoint, a proxy before it, and the engines of the modules behind that."""

    def __init__(self, endpoint: Endpoint, proxy: Proxy, account: Account) -> None:
        self.endpoint = endpoint
        self.proxy = proxy
        self.account = account
        self._recordings: dict[str, Recording] = {}

    def recording(self, title: str, scenario: Scenario) -> Recording:
        """A run of the scenario without faults, from which everything else is generated."""
        if title not in self._recordings:
            self._recordings[title] = self._record(scenario)
        return self._recordings[title]

    def _record(self, scenario: Scenario) -> Recording:
        name = self.prepared(scenario)
        before = self.seen(scenario, name)
        told = self.run(scenario, name)
        calls = self.proxy.taken()
        assert not told.get("failed"), told
        again = self.run(scenario, name)
        assert (again.get("failed"), again["changed"]) == (None, False), again
        return Recording(name, calls, stable(told, name), before, self.seen(scenario, name))

    def prepared(self, scenario: Scenario) -> str:
        """The name of a cell for which everything is there."""
        name = f"cell-{next(NUMBERS):06}"
        scenario.prepare(self.account, name)
        return name

    def run(self, scenario: Scenario, name: str, decide: Decide = transparent, read_timeout: float = 30) -> Any:
        """What the scenario tells; its calls are at the proxy."""
        self.proxy.taken()
        self.proxy.decide = decide
        try:
            return run(scenario, name, self.endpoint, self.proxy.url, read_timeout)
        finally:
            self.proxy.decide = transparent

    def seen(self, scenario: Scenario, name: str) -> dict[str, Any]:
        """What there is to see of a cell, with NAME in place of its name."""
        return flat(scenario.look(self.account, name), name)

    def suffer(self, title: str, scenario: Scenario, kind: str, cell: Cell) -> Outcome:
        """A run with a fault, and two without one."""
        recording = self.recording(title, scenario)
        name = self.prepared(scenario)
        injection = Injection(cell, KINDS[kind], recording)
        told = self.run(scenario, name, injection, read_timeout=0.5 if kind == "slow answer" else 30)
        calls = self.proxy.taken()
        assert injection.fired, f"there was no {cell}"
        flaws = dict(
            itertools.chain(
                unclear(told),
                leaked(told, calls),
                untrue(told, calls, cell.on) if isinstance(scenario.runs, ModuleType) else (),
                other_than(recording, told, name) if isinstance(scenario.runs, ModuleType) else (),
                damage(recording, self.seen(scenario, name)),
                strayed(calls, recording.name),
            )
        )
        flaws |= {kind: words for kind, words in self.converges(scenario, name, recording, told) if not flaws}
        return Outcome(not told.get("failed"), flaws)

    def converges(self, scenario: Scenario, name: str, recording: Recording, told: Any) -> Iterator[tuple[str, str]]:
        """What is wrong with a plain rerun, and with a second one."""
        first = self.run(scenario, name)
        if first.get("failed"):
            yield "stuck", f"the rerun fails: {first['msg']}"
        elif first["changed"] and not told.get("failed"):
            yield "untrue", "the rerun has something to do after a success"
        elif first["changed"] and self.run(scenario, name)["changed"]:
            yield "stuck", "the second rerun changes something"
        else:
            yield from unlike(recording, self.seen(scenario, name))


def run(scenario: Scenario, name: str, endpoint: Endpoint, url: str, read_timeout: float = 30) -> Any:
    """What a module's engine answers, or a playbook as if it were one."""
    url = url.replace("http://", f"http://mana:{PASSWORD}@")
    settings = endpoint.environment
    if isinstance(scenario.runs, str):
        environment = {**settings, "AWS_ENDPOINT_URL": url, "AWS_SESSION_TOKEN": TOKEN}
        done = play(scenario.runs, environment, **scenario.declare(name))
        told = {"changed": bool(done.changed), "output": done.output}
        return {**told, "failed": True, "msg": "; ".join(done.errors), "errors": done.errors} if done.status else told
    given = {
        "endpoint_url": url,
        "region": settings["AWS_REGION"],
        "access_key": settings["AWS_ACCESS_KEY_ID"],
        "secret_key": settings["AWS_SECRET_ACCESS_KEY"],
        "session_token": TOKEN,
        "aws_config": {"read_timeout": read_timeout},
        **scenario.declare(name),
    }
    checked = ArgumentSpecValidator(**front.specification(scenario.runs.SPEC)).validate(given)
    assert not checked.error_messages, checked.error_messages
    parameters = checked.validated_parameters
    return front.answer(scenario.runs.run, parameters, connector(parameters), False)


# What is wrong with a run, if anything is: the kind of the flaw, and words


def unclear(told: Any) -> Iterator[tuple[str, str]]:
    """A run succeeds, or fails with one sentence."""
    text = told.get("output", "")
    words = told.get("errors") or [told["msg"]] if told.get("failed") else []
    for sentence in [*words, *told.get("warnings", [])]:
        if "\n" in sentence or len(sentence) > LONGEST or not sentence:
            yield "unclear", f"not one sentence: {sentence[:LONGEST]}"
        text += sentence
    for sign in ("a mistake in mana.memory", "Traceback", "Exception ignored"):
        if sign in text:
            yield "unclear", text[text.index(sign) :][:LONGEST]


def leaked(told: Any, calls: list[Call]) -> Iterator[tuple[str, str]]:
    """Nobody tells the credentials of the client or of the role, nor what is in the variables of others."""
    fresh = [each.decode() for call in calls if call.answer for each in FRESH.findall(call.answer.content)]
    # The credentials are what a success of sts_assume_role is for; there Ansible censors them.
    text = json.dumps({key: value for key, value in told.items() if key != "sts_creds"}, default=str)
    for secret in (PASSWORD, TOKEN, CREDENTIALS["AWS_SECRET_ACCESS_KEY"], *OTHERS.values(), *fresh):
        if secret in text:
            yield "leaked", f"it tells {secret}"


def untrue(told: Any, calls: list[Call], on: bool) -> Iterator[tuple[str, str]]:
    """What is told to be done is what the endpoint did: a call that is sent again at once counts once.

    Under a fault that stays, nobody can know whether the call that it hit was performed.
    """
    performed: Counter[str] = Counter()
    for (operation, _body), tries in itertools.groupby(calls, lambda call: (call.operation, call.request.body)):
        attempts = list(tries)
        performed[operation] += attempts[0].request.writes and any(map(succeeded, attempts))
    performed = +performed
    if told.get("failed"):
        steps = told.get("done", [])
        if performed and not {"done", "left"} <= told.keys():
            yield "untrue", f"it does not tell what is done and what is left after {dict(performed)}"
            return
    else:
        pending = len(told.get("pending", []))
        steps = told.get("plan", [])[: -pending or None]
    claimed = Counter(step["call"] for step in steps)
    if on and told.get("failed_step") and performed == claimed + Counter([told["failed_step"]["call"]]):
        return
    if claimed != performed:
        yield "untrue", f"it tells that it did {dict(claimed)}, and it did {dict(performed)}"
    elif told["changed"] != bool(claimed) if "changed" in told else claimed:
        yield "untrue", f"changed is {told.get('changed')} after {dict(claimed)}"


def succeeded(call: Call) -> bool:
    """Whether the endpoint did what was asked."""
    return call.status in (200, 201, 202, 204)


def other_than(recording: Recording, told: Any, name: str) -> Iterator[tuple[str, str]]:
    """A success tells what it tells without a fault, or warns of what it could not find out."""
    if told.get("failed"):
        return
    before, now = recording.told, stable(told, name)
    if now != before and set(told.get("warnings", [])) <= set(before.get("warnings", [])):
        yield "untrue", f"it tells {differing(now, before)} and not {differing(before, now)}"


def differing(one: Any, other: Any) -> Any:
    """The part of a result that another one has not."""
    return {key: value for key, value in one.items() if other.get(key) != value}


def damage(recording: Recording, now: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """All there is to see is as it was, or as it shall be."""
    before, after = recording.before, recording.after
    for path in sorted(now.keys() | before.keys() | after.keys()):
        if now.get(path) not in (before.get(path), after.get(path)):
            kind = "lost" if path in before else "duplicated"
            yield kind, f"{path} was {before.get(path)}, shall be {after.get(path)}, and is {now.get(path)}"


def unlike(recording: Recording, now: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """In the end all is as a run without faults leaves it."""
    for path in sorted(now.keys() | recording.after.keys()):
        if now.get(path) != recording.after.get(path) and not path.startswith(ANEW):
            yield "stuck", f"{path} is {now.get(path)} and not {recording.after.get(path)}"


def strayed(calls: list[Call], other: str) -> Iterator[tuple[str, str]]:
    """Nothing is written to another resource, whose answer a call may have got."""
    for call in calls:
        if call.request.writes and other in call.request.path + call.request.body.decode():
            yield "lost", f"it sends {call.operation} to another's {other}"


# Results and states, so that those of two cells can be compared


def flat(state: State, name: str) -> dict[str, Any]:
    """What is at each path of a state, with NAME in place of the cell's."""
    return dict(_flat(json.loads(json.dumps(state, default=str).replace(name, "NAME")), ""))


def _flat(state: Any, path: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(state, dict):
        yield path, state
        return
    for key, value in state.items():
        yield from _flat(value, f"{path}/{key}")


PASSING = ("sts_creds", "diff", "warnings")
GIVEN = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:[+-]\d\d:\d\d|Z)?|[0-9a-f]{8}-[0-9a-f-]{27}|AROA[0-9A-Z]+")


def stable(told: Any, name: str) -> Any:
    """A result without what differs from run to run."""
    kept = {key: value for key, value in told.items() if key not in (*PASSING, "output")}
    return json.loads(GIVEN.sub("-", json.dumps(kept, default=str).replace(name, "NAME")))

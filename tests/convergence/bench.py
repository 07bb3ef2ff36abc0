# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Applies declarations to an endpoint, and holds what happens to what was promised."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import event

from plugins.module_utils import applying, audit, front, report
from plugins.module_utils.connection import connector
from plugins.module_utils.dynamodb import performing
from plugins.module_utils.plan import Impossible
from plugins.modules import dynamodb_table, dynamodb_table_info
from tests import referee
from tests.clock import Clock, later
from tests.convergence.declarations import REGIONS, STREAMS, Pair
from tests.declaring import options_of
from tests.law.state import Call
from tools.endpoint import Endpoint

ITEMS = 3
FAR_FUTURE = "4102444800"
PATIENCE = {"wait_timeout": 20, "index_wait_timeout": 40}
PASSING = ("ResourceInUseException", "LimitExceededException", "ThrottlingException")
PATIENT = 30
NUMBERS = itertools.count()
SALT = "00" * 16
LOOKS = 10
CALL = 0.02  # seconds of a call, as AWS's control plane was seen to answer
NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)


class Killed(BaseException):
    """The end of a run in the middle, which nobody in it can catch."""


class Bench:
    """An endpoint, the engine of the modules, and every call between them.

    With a clock, which is for the gate, time passes as on AWS, and ``moments`` has that of each call.
    """

    def __init__(self, endpoint: Endpoint, clock: Clock | None = None) -> None:
        self.clock = clock
        self.moments: list[float] = []
        self._patience = {} if clock else PATIENCE
        self._connection = {
            **endpoint.connection,
            # LocalStack starts the server of a service at its first call, which may take its time.
            "aws_config": {"read_timeout": 60},
        }
        self._connect = connector(self._connection)
        self._gate = endpoint.url if endpoint.kind == "gate" else None
        self.calls: list[Call] = []
        self._writes_left: int | None = None
        for region in (None, *REGIONS):
            self._record(self._connect("dynamodb", region) if region else self._connect("dynamodb"))

    @property
    def dynamodb(self) -> Any:
        """A client."""
        return self._connect("dynamodb")

    def region(self, name: str) -> Any:
        """A client of another region."""
        return self._connect("dynamodb", name)

    def run(self, given: Mapping[str, Any], check_mode: bool = False, module: Any = dynamodb_table) -> dict[str, Any]:
        """The answer of a task; its calls are in ``calls``."""
        patience = self._patience if module is dynamodb_table else {}
        parameters = options_of(module, {**patience, **given, **self._connection})
        self.calls.clear()
        self.moments.clear()
        return front.answer(module.run, parameters, self._connect, check_mode)

    def make_streams(self) -> None:
        """The Kinesis data streams that declarations name."""
        kinesis = self._connect("kinesis")
        for name in STREAMS:
            with contextlib.suppress(kinesis.exceptions.ResourceInUseException):
                kinesis.create_stream(StreamName=name, ShardCount=1)

    def converge(self, pair: Pair, killed_after: int | None = None) -> None:
        """The property: a table of the first declaration becomes one of the second, as promised and by the rules.

        Also after another run towards the second, which is killed when it has written ``killed_after`` times.
        """
        first, second = ({"name": f"pair-{next(NUMBERS)}", **each} for each in pair)
        second["name"] = first["name"]
        try:
            table = self._declare(first, None)
            assert table is not None, "the first declaration has to be possible"
            items = self.put_items(first["name"])
            self.let_time_pass()
            approved = self._approved(second)
            if killed_after is not None:
                table = self._kill(second, table, killed_after)
            self._bind(approved, second)
            after = self._declare(second, table, interrupted=killed_after is not None)
            event("refused" if after is None else "changed" if after is not table else "equal")
            if first.get("vector_indexes") or second.get("vector_indexes"):
                event("with vector indexes")
            assert self._items(first["name"]) == items, "items changed"
        finally:
            self.remove(first["name"])

    def describe_itself(self, given: Mapping[str, Any]) -> None:
        """The property: a table that is declared from its own description is in sync, and plans nothing."""
        name = f"alone-{next(NUMBERS)}"
        try:
            made = self.run({**given, "name": name})
            assert not made.get("failed"), made
            self._feed_back(name)
        finally:
            self.remove(name)

    def _declare(
        self, given: Mapping[str, Any], before: referee.Seen | None, interrupted: bool = False
    ) -> referee.Seen | None:
        """Declare three times: in check mode, for real, and again. ``None``: refused."""
        promised = self.run(given, check_mode=True)
        assert not _writes(self.calls), "check mode writes"
        done = self.run(given)
        if promised.get("refused"):
            assert promised["msg"].startswith(tuple(dynamodb_table.OPTIONS)), "a refusal names the option"
            assert (done.get("failed"), done["msg"]) == (True, promised["msg"]), "the refusals differ"
            assert not _writes(self.calls), "a write before a refusal"
            return None
        assert (promised.get("failed"), done.get("failed")) == (None, None), done
        assert _audited(promised).status == (2 if promised["plan"] else 0), "the audit differs from the plan"
        if interrupted and self._gate:
            # What a killed run did just now may be shown as it was before; the real run comes a moment later.
            assert [step for step in _named(done) if step not in _named(promised)] == [], "more than was promised"
        else:
            assert _named(done) == _named(promised), "performed is not what was promised"
            assert done["changed"] == promised["changed"]
        assert done["changed"] == bool(done["plan"])
        sent = [(call.operation, call.region) for call in _writes(self.calls) if call.answer is not None]
        home = self.dynamodb.meta.region_name
        planned = [(step["call"], step.get("region", home)) for step in done["plan"]]
        assert sent == planned, "the calls are not those of the plan"
        after, findings = referee.judge(before.later() if before else None, self.calls)
        assert not findings, "\n".join(findings)
        again = self.run(given)
        assert not again.get("failed"), again
        assert again["plan"] == [], "the next run has something to do"
        self._feed_back(given["name"])
        return before if before and not done["plan"] else after

    def _approved(self, given: Mapping[str, Any]) -> report.Report | None:
        """The plan of a declaration, to be approved; ``None`` where it is refused."""
        promised = self.run(given, check_mode=True)
        if promised.get("failed"):
            return None
        return report.Report("plan", NOW, SALT, report.from_results({"table": promised}, SALT))

    def _bind(self, approved: report.Report | None, given: Mapping[str, Any]) -> None:
        """Hold the rest of a plan to it without a refusal, also after a run that was killed.

        AWS may still show the state before a killed run's last write, so that a later look counts.
        """
        for tries_left in reversed(range(LOOKS)):
            promised = self.run(given, check_mode=True)
            if approved is None or promised.get("failed"):
                return
            try:
                report.bind(approved, report.from_results({"table": promised}, SALT), NOW, 24, "approved")
            except Impossible:
                if not tries_left:
                    raise
            else:
                return

    def let_time_pass(self) -> None:
        """Until every quota has passed: only the gate counts them."""
        if self._gate:
            now = later(self._gate)
            if self.clock:
                self.clock.now = max(self.clock.now, now)

    def _kill(self, given: Mapping[str, Any], before: referee.Seen, writes: int) -> referee.Seen:
        """A run that ends in the middle, and how it leaves the table."""
        self._writes_left = writes
        try:
            self.run(given)
        except Killed:
            event("killed on the way")
        finally:
            self._writes_left = None
        after, findings = referee.judge(before.later(), self.calls)
        assert not findings, "\n".join(findings)
        assert after is not None
        return after

    def _feed_back(self, name: str) -> None:
        """Check that the table as read can be declared, and plans nothing."""
        read = self.run({"name": name}, module=dynamodb_table_info)
        assert not read.get("failed"), read
        (table,) = read["tables"]
        fed = self.run(table, check_mode=True)
        assert not fed.get("failed"), fed
        assert fed["plan"] == [], "what was read plans something"
        found = _audited(fed)
        assert found.status == 0, "false drift"
        assert found.counts[audit.IN_SYNC] > 1, "nothing was compared"

    def put_items(self, name: str) -> list[Any]:
        """Some items with every attribute that an index may have as a key."""
        for number in range(ITEMS):
            item = {
                **{attribute: {"S": f"{attribute}{number}"} for attribute in ("pk", "sk", "a", "c", "e", "x", "y")},
                "b": {"N": str(number)},
                "d": {"B": b"\0" * (number + 1)},
                "expires": {"N": FAR_FUTURE},
            }
            self.dynamodb.put_item(TableName=name, Item=item)
        return self._items(name)

    def _items(self, name: str) -> list[Any]:
        items = self.dynamodb.scan(TableName=name, ConsistentRead=True)["Items"]
        assert len(items) == ITEMS, "items are lost"
        return sorted(items, key=lambda item: str(item["pk"]))

    def _record(self, client: Any) -> None:
        """Keep every call of a client as it goes over the wire, with its answer."""

        def before(model: Any, params: Any, context: Any, **_event: Any) -> None:
            call = context["call"] = Call(model.name, json.loads(params["body"]), client.meta.region_name)
            context["moment"] = self.clock.now if self.clock else 0.0
            if call.writes and self._writes_left is not None:
                if not self._writes_left:
                    raise Killed
                self._writes_left -= 1

        def after(parsed: Any, context: Any, **_event: Any) -> None:
            self.calls.append(replace(context["call"], answer=None if "Error" in parsed else parsed))
            self.moments.append(context["moment"])

        def sent(request: Any, **_event: Any) -> None:
            if self.clock:
                self.clock.sleep(CALL)
                request.headers["X-Gate-Clock"] = repr(self.clock.now)

        client.meta.events.register("before-call.dynamodb", before)
        client.meta.events.register("after-call.dynamodb", after)
        client.meta.events.register("before-send.dynamodb", sent)

    def remove(self, name: str) -> None:
        """Without the engine, which is what is tested."""
        try:
            answer = self.dynamodb.describe_table(TableName=name)["Table"]
        except self.dynamodb.exceptions.ResourceNotFoundException:
            return
        home = self.dynamodb
        regions = [each["RegionName"] for each in answer.get("Replicas") or []]
        for region in regions:
            if region != home.meta.region_name:
                _insist(self._connect("dynamodb", region).update_table, TableName=name, DeletionProtectionEnabled=False)
                _insist(home.update_table, TableName=name, ReplicaUpdates=[{"Delete": {"RegionName": region}}])
        _insist(home.update_table, TableName=name, DeletionProtectionEnabled=False)
        _insist(home.delete_table, TableName=name)


@contextlib.contextmanager
def set_up_in_time(endpoint: Endpoint) -> Iterator[Bench]:
    """A bench behind the gate: waits and calls move its clock on, and nobody sleeps."""
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", clock.sleep)
        for module in (applying, performing):
            patch.setattr(module, "time", clock)
        bench = Bench(endpoint, clock)
        bench.make_streams()
        bench.let_time_pass()
        yield bench


def _named(result: Mapping[str, Any]) -> list[Any]:
    """The plan of a result, its tables by name: a new one has no ARN until a plan is made anew on the way."""

    def named(arguments: Mapping[str, Any]) -> dict[str, Any]:
        return {key: value.rpartition("/")[2] if key == "ResourceArn" else value for key, value in arguments.items()}

    return [{**step, "arguments": named(step["arguments"])} for step in result["plan"]]


def _audited(result: Mapping[str, Any]) -> audit.Audit:
    """The verdicts over a table, which add up."""
    found = audit.audit({"table": result}, None, [], NOW.date(), SALT)
    assert sum(found.counts.values()) == len(found.things[0].parts)
    return found


def _insist(call: Any, **arguments: Any) -> None:
    """Call until nothing that passes by itself is in the way."""
    for _try in range(PATIENT):
        try:
            call(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] not in PASSING:
                raise
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{arguments} is refused after {PATIENT} tries")


@contextlib.contextmanager
def set_up(endpoint: Endpoint) -> Iterator[Bench]:
    """A bench with all that declarations name. What an endpoint here does not show at once, it never does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(applying, "READ_BACK_DELAYS", (0.0, 0.1))
        if endpoint.kind == "gate":  # its clock moves by looks, so that nobody has to sleep
            patch.setattr(time, "sleep", lambda _seconds: None)
        bench = Bench(endpoint)
        bench.make_streams()
        yield bench


def _writes(calls: list[Call]) -> list[Call]:
    return [call for call in calls if call.writes]

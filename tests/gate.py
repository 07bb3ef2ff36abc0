# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gate: it stands between a client and ministack, in the same server, and answers as AWS was measured to answer.

Ministack does at once whatever it is asked. The gate refuses what the rules of ``tests.law`` refuse, with AWS's code
and text, and shows what is accepted in the course that AWS takes: a table is CREATING, an index backfills, tags read
back as before for a while, an import is told before its table. Tables that were made by other services pass it unseen.

Time does not pass by itself. Whoever looks at something that is under way, or is refused because of it, sees it as it
is; then the clock moves on to the next change there. So a wait takes some looks, and always as many. A client that
keeps the clock itself says in the header ``X-Gate-Clock`` of each call how late it is; looks then move nothing, and all
takes a time that is drawn from those that were measured. ``POST /_gate/later`` lets a month pass, and every quota with
it, as between two runs, and answers how late it is. Only the pace of writes, where one is asked for, is kept by the
clock on the wall.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import replace
from random import Random
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.law import state
from tests.law.course import SHOWN_BY, Span, Took, begun, drawn, made_otherwise, shown_table, usual
from tests.law.pace import Pace
from tests.law.rules import OF_A_LIVE_TABLE, Refusal, refusals
from tests.law.state import ON_DEMAND, RESTORES, Call, Table

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TARGET = "DynamoDB_20120810."
CREDENTIAL = re.compile(r"Credential=[^/]+/\d+/([a-z0-9-]+)/dynamodb/")
MADE_OTHERWISE = ("ImportTable", *RESTORES)
JUDGED = ("CreateTable", *MADE_OTHERWISE, "PutItem", *OF_A_LIVE_TABLE, *SHOWN_BY)
MONTH = 31 * 24 * 3600.0
CLOCK = b"x-gate-clock"
CREATED, SWITCHED, CLASSED, FILLED = "creation", "switch to on-demand", "change of table class", "item"
COUNTED_AFTER = 6 * 3600.0  # seconds; rule items-are-counted-late
# What is read before a write, to be shown for a while after it.
READ_BEFORE = {
    "TagResource": "ListTagsOfResource",
    "UntagResource": "ListTagsOfResource",
    "PutResourcePolicy": "GetResourcePolicy",
    "DeleteResourcePolicy": "GetResourcePolicy",
}


class Answer(NamedTuple):
    """An answer of DynamoDB."""

    status: int
    body: Mapping[str, Any]


class Entry(NamedTuple):
    """The gate's record of a table: its state in the end, the work under way until then, and the moments that count.

    These are, by name: ``CREATED``, the last ``FILLED`` (an item was put), and the last spending of each quota.
    """

    table: Table | None = None
    spans: tuple[Span, ...] = ()
    moments: Mapping[str, float] = MappingProxyType({})

    def going_on(self, now: float, region: str) -> list[Span]:
        """The work that is under way now, as seen in a region."""
        return [span for span in self.spans if span.begin <= now < span.end and span.region in (None, region)]

    def seen(self, now: float, region: str) -> Table | None:
        """The table with what is under way now."""
        going_on = frozenset(span.work for span in self.going_on(now, region))
        return self.table and replace(self.table, under_way=going_on)

    def next_change(self, now: float, region: str, kinds: tuple[str, ...] | None = None) -> float:
        """When something of these kinds (None: of any), as it is seen in a region, next begins or ends."""
        moments = [
            moment
            for span in self.spans
            if (kinds is None or span.work.kind in kinds)
            and (span.work.kind != "replica remains" or kinds is None or span.work.what == region)
            for moment in (span.begin, span.end)
        ]
        return min((moment for moment in moments if moment > now), default=now)

    def without_the_past(self, now: float) -> Entry:
        """The same, without what has ended: a table whose deletion has is none."""
        gone = any(span.work.kind == "deletion" and span.end <= now for span in self.spans)
        return Entry() if gone else self._replace(spans=tuple(span for span in self.spans if span.end > now))


class Gate:
    """The middleware: its clock, and the tables that were made through it, by region and name."""

    def __init__(self, app: App, pace: Pace | None = None) -> None:
        self._app = app
        self._pace = pace
        self._now = 0.0
        self._entries: dict[tuple[str, str], Entry] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the calls of DynamoDB's control plane, and hand on all others."""
        if scope["type"] == "http" and scope["path"] == "/_gate/later":
            self._now += MONTH
            spent = {key: entry.table and replace(entry.table, spent={}) for key, entry in self._entries.items()}
            self._entries = {key: self._entries[key]._replace(table=table) for key, table in spent.items()}
            await _give(send, Answer(200, {"now": self._now}))
            return
        headers = dict(scope["headers"]) if scope["type"] == "http" else {}
        target = headers.get(b"x-amz-target", b"").decode()
        region = CREDENTIAL.search(headers.get(b"authorization", b"").decode())
        operation = target.removeprefix(TARGET)
        if not target.startswith(TARGET) or not region or operation not in JUDGED:
            await self._app(scope, receive, send)
            return
        body = await _body(receive)
        call = Call(operation, json.loads(body), region[1])
        refusal = self._pace.refusal(call, time.monotonic()) if self._pace else None
        if refusal:
            await _give(send, _refused(refusal))
            return
        took: Took | None = None
        if CLOCK in headers:
            self._now = max(self._now, float(headers[CLOCK]))
            took = drawn(Random(f"{operation} {call.table_name} {self._now:.1f}"))

        async def ask(operation: str, arguments: Mapping[str, Any]) -> Answer:
            """Ask ministack as the same client."""
            return await _asked(self._app, scope, operation, json.dumps(arguments).encode())

        key = self._key(call)
        if operation == "ListImports":
            await _give(send, await self._imports(call, ask, took))
        elif key in self._entries or operation in ("CreateTable", "ImportTable", *RESTORES):
            await _give(send, await self._answer(key, call, ask, took))
        else:
            await self._app(scope, _replayed(body), send)

    def _key(self, call: Call) -> tuple[str, str]:
        """Under which key a table is known, which may be a replica of it."""
        for (region, name), entry in self._entries.items():
            members = entry.table.replicas | {span.region for span in entry.spans} if entry.table else set()
            if name == call.table_name and call.region in members:
                return region, name
        return call.region, call.table_name

    async def _answer(
        self, key: tuple[str, str], call: Call, ask: Callable[..., Awaitable[Answer]], took: Took | None
    ) -> Answer:
        """Judge a call, hand it on, and show what AWS would show. Without ``took`` a look moves the clock."""
        entry = self._entries.get(key, Entry()).without_the_past(self._now)
        if key in self._entries:
            self._entries[key] = entry
        table, now = entry.seen(self._now, call.region), self._now
        refusal = next(refusals(table, call), None)
        if refusal:
            if refusal != next(refusals(entry.table, call), None):  # it is because of what is under way
                self._now = now if took else entry.next_change(now, call.region)
            return _refused(refusal)
        if not call.writes:
            answer = await ask(call.operation, call.arguments)
            self._now = now if took else entry.next_change(now, call.region, SHOWN_BY[call.operation])
            gone = call.operation == "DescribeTable" and answer.status != 200 and key[0] == call.region
            if gone and not entry.going_on(now, call.region):  # its import failed
                self._entries.pop(key, None)
            return _shown(entry, now, call, answer)
        if call.operation == "PutItem":
            self._entries[key] = entry._replace(moments={**entry.moments, FILLED: now})
            return await ask(call.operation, call.arguments)
        if call.operation in MADE_OTHERWISE:
            return await self._made(call, ask, took or usual)
        before = await ask("DescribeTable", {"TableName": call.table_name}) if table else Answer(200, {})
        found = {
            **_shown(entry, now, replace(call, operation="DescribeTable"), before).body.get("Table", {}),
            "ItemCount": before.body.get("Table", {}).get("ItemCount", 0),
        }
        earlier = await self._earlier(entry, now, call, ask)
        answer = await ask(call.operation, call.arguments)
        if answer.status == 200:
            spans = [span.since(now) for span in begun(table, call, found, earlier, took or usual)]
            # Work of the same kind begins anew.
            works = {span.work for span in spans}
            kept = [span for span in entry.spans if span.work not in works or span.region not in (None, call.region)]
            after = state.after(entry.table, call) if call.operation != "DeleteTable" else entry.table
            entry = self._entries[key] = Entry(after, (*kept, *spans), {**entry.moments, **_moments(table, call, now)})
            if entry.table and "TableDescription" in answer.body:
                going_on = entry.going_on(now, call.region)
                described = shown_table(entry.table, call.region, answer.body["TableDescription"], going_on)
                return Answer(200, {"TableDescription": described and _dated(entry, entry.table, now, described)})
        return answer

    async def _made(self, call: Call, ask: Callable[..., Awaitable[Answer]], took: Took) -> Answer:
        """Restore or import a table, and follow it from then on."""
        answer = await ask(call.operation, call.arguments)
        if answer.status != 200:
            return answer
        name = call.arguments.get("TargetTableName") or call.table_name
        described = (await ask("DescribeTable", {"TableName": name})).body.get("Table")
        now = self._now
        spans = [span.since(now) for span in made_otherwise(call, took)]
        if described:  # an import that failed at once has left no table
            table = state.described(described, call.region)
            entry = self._entries[call.region, name] = Entry(table, tuple(spans), _moments(None, call, now))
            if "TableDescription" in answer.body:
                going_on = entry.going_on(now, call.region)
                return Answer(200, {"TableDescription": shown_table(table, call.region, described, going_on)})
        return answer

    async def _imports(self, call: Call, ask: Callable[..., Awaitable[Answer]], took: Took | None) -> Answer:
        """The list of imports, those under way as such; then the clock moves on to the next change of one."""
        answer = await ask(call.operation, call.arguments)
        going_on = {
            name: entry.next_change(self._now, region, SHOWN_BY["ListImports"])
            for (region, name), entry in self._entries.items()
            if region == call.region
            and call.table_name in ("", name)
            and any(span.work.kind == "import" for span in entry.going_on(self._now, region))
        }
        summaries = answer.body.get("ImportSummaryList") or []
        shown = [
            {**each, "ImportStatus": "IN_PROGRESS"} if each["TableArn"].rpartition("/")[2] in going_on else each
            for each in summaries
        ]
        self._now = self._now if took else min(going_on.values(), default=self._now)
        return Answer(answer.status, {**answer.body, "ImportSummaryList": shown} if summaries else answer.body)

    async def _earlier(
        self, entry: Entry, now: float, call: Call, ask: Callable[..., Awaitable[Answer]]
    ) -> Answer | None:
        """The answer of a read until a write of tags or of a policy can be seen."""
        operation = READ_BEFORE.get(call.operation)
        if operation is None:
            return None
        arguments = {"ResourceArn": call.arguments["ResourceArn"]}
        return _shown(entry, now, Call(operation, arguments, call.region), await ask(operation, arguments))


def _shown(entry: Entry, now: float, call: Call, answer: Answer) -> Answer:
    """AWS's answer in place of this answer of ministack."""
    spans = entry.going_on(now, call.region)
    late = {span.work.kind: span.before for span in spans}
    if call.operation == "DescribeTable" and entry.table:
        described = shown_table(entry.table, call.region, answer.body.get("Table"), spans)
        return Answer(200, {"Table": _dated(entry, entry.table, now, described)}) if described else answer
    if call.operation == "ListTagsOfResource" and "late tags" in late:
        return late["late tags"] or answer
    if call.operation == "GetResourcePolicy" and "late policy" in late:
        return late["late policy"] or answer
    if answer.status != 200 or entry.table is None:
        return answer
    if call.operation == "DescribeImport" and "import" in late:
        described = {**answer.body["ImportTableDescription"], "ImportStatus": "IN_PROGRESS"}
        return Answer(200, {"ImportTableDescription": described})
    if call.operation == "DescribeKinesisStreamingDestination":
        return Answer(200, {**answer.body, "KinesisDataStreamDestinations": _destinations(answer.body, spans)})
    if call.operation == "DescribeContributorInsights":
        index = call.arguments.get("IndexName", "")
        going_on = any(span.work == ("insights", index) for span in spans)
        return Answer(200, _insight(answer.body)) if going_on else answer
    if call.operation == "ListContributorInsights":
        moving = {span.work.what for span in spans if span.work.kind == "insights"}
        summaries = answer.body.get("ContributorInsightsSummaries") or []
        shown = [_insight(each) if each.get("IndexName", "") in moving else each for each in summaries]
        return Answer(200, {**answer.body, "ContributorInsightsSummaries": shown})
    if call.operation == "DescribeContinuousBackups" and call.region == entry.table.region and entry.table.recovery:
        backups = answer.body["ContinuousBackupsDescription"]
        recovery = {**backups["PointInTimeRecoveryDescription"], "RecoveryPeriodInDays": entry.table.recovery}
        return Answer(200, {"ContinuousBackupsDescription": {**backups, "PointInTimeRecoveryDescription": recovery}})
    return answer


def _moments(table: Table | None, call: Call, now: float) -> dict[str, float]:
    """The moments that an accepted call sets to now: those that DescribeTable tells."""
    if table is None:
        return {CREATED: now, SWITCHED: now}
    return dict.fromkeys((name for name, share in state.spends(table, call).items() if share), now)


def _dated(entry: Entry, table: Table, now: float, described: Mapping[str, Any]) -> Mapping[str, Any]:
    """A description with today's decreases and the moments, which ministack forgets, and without the newest items.

    Rules decreases-are-counted, a-mode-comes-back-soon, items-are-counted-late.
    """
    created = described.get("CreationDateTime", 0) - entry.moments.get(CREATED, 0)

    def counted(holder: Mapping[str, Any], quota: str) -> Mapping[str, Any]:
        made = table.spent.get(quota, 0)
        last = {"LastDecreaseDateTime": created + entry.moments[quota]} if made else {}
        units = {**(holder.get("ProvisionedThroughput") or {}), "NumberOfDecreasesToday": made, **last}
        return {**holder, "ProvisionedThroughput": units}

    shown = dict(counted(described, "decrease of capacity"))
    if now < entry.moments.get(FILLED, -COUNTED_AFTER) + COUNTED_AFTER:
        shown["ItemCount"] = 0
    if "GlobalSecondaryIndexes" in shown:
        indexes = shown["GlobalSecondaryIndexes"]
        shown["GlobalSecondaryIndexes"] = [
            counted(each, f"decrease of capacity of index {each['IndexName']}") for each in indexes
        ]
    if "TableClassSummary" in shown:  # rule class-absent-is-standard
        changed = {"LastUpdateDateTime": created + entry.moments[CLASSED]} if CLASSED in entry.moments else {}
        shown["TableClassSummary"] = {"TableClass": shown["TableClassSummary"]["TableClass"], **changed}
    shown.pop("BillingModeSummary", None)
    if ON_DEMAND in (table.billing_mode, *table.modes):
        switched = {"LastUpdateToPayPerRequestDateTime": created + entry.moments.get(SWITCHED, 0)}
        shown["BillingModeSummary"] = {"BillingMode": table.billing_mode, **switched}
    return shown


def _destinations(described: Mapping[str, Any], spans: list[Span]) -> list[Mapping[str, Any]]:
    """The Kinesis streams with the status that they have on the way."""
    statuses = {"destination begin": "ENABLING", "destination end": "DISABLING", "destination update": "UPDATING"}
    moving = {span.work.what: statuses[span.work.kind] for span in spans if span.work.kind in statuses}
    destinations = described.get("KinesisDataStreamDestinations") or []
    return [
        {**each, "DestinationStatus": moving.get(each["StreamArn"], each["DestinationStatus"])} for each in destinations
    ]


def _insight(described: Mapping[str, Any]) -> Mapping[str, Any]:
    """Insights on the way to what was asked for."""
    on_the_way = {"ENABLED": "ENABLING", "DISABLED": "DISABLING"}
    status = described["ContributorInsightsStatus"]
    return {**described, "ContributorInsightsStatus": on_the_way.get(status, status)}


def _refused(refusal: Refusal) -> Answer:
    namespace = (
        "com.amazon.coral.validate" if refusal.code == "ValidationException" else "com.amazonaws.dynamodb.v20120810"
    )
    status = 500 if refusal.code == "InternalServerError" else 400
    return Answer(status, {"__type": f"{namespace}#{refusal.code}", "message": refusal.message})


async def _asked(app: App, scope: Scope, operation: str, body: bytes) -> Answer:
    """The answer of the application to a call."""
    given = {b"x-amz-target": (TARGET + operation).encode(), b"content-length": str(len(body)).encode()}
    headers = [(name, given.get(name, value)) for name, value in scope["headers"]]
    status, chunks = 0, []

    async def take(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    await app({**scope, "headers": headers}, _replayed(body), take)
    return Answer(status, json.loads(b"".join(chunks) or b"{}"))


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


def _replayed(body: bytes) -> Receive:
    """A request's body for another reader."""
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        return next(messages, {"type": "http.disconnect"})

    return receive


async def _give(send: Send, answer: Answer) -> None:
    body = json.dumps(answer.body).encode()
    headers = [(b"content-type", b"application/x-amz-json-1.0"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

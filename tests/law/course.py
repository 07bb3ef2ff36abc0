# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The course that AWS takes after a call: what is under way, for how many seconds, and what is shown meanwhile.

The seconds are those that were measured on empty tables (rule steps-take-their-time): always the usual ones, or drawn
from all that were measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from tests.law import state
from tests.law.rules import UPDATING
from tests.law.state import PROVISIONED, Call, Index, Table, Work

Description = Mapping[str, Any]
# The reads that show what is under way, and what of it.
SHOWN_BY = {
    "DescribeTable": (
        *UPDATING, "unseen import", "creation", "deletion", "backfill", "index update", "encryption", "warmth",
        "unlisted replica", "replica creation", "replica deletion", "replica remains",
    ),
    "SearchVectors": ("creation", "allocation", "backfill", "deletion"),
    "DescribeTimeToLive": ("creation", "deletion"),
    "DescribeContinuousBackups": ("creation", "backups", "deletion"),
    "DescribeContributorInsights": ("creation", "insights", "deletion"),
    "ListContributorInsights": ("creation", "insights", "deletion"),
    "DescribeKinesisStreamingDestination": ("creation", "destination begin", "destination end", "destination update"),
    "ListTagsOfResource": ("creation", "late tags", "deletion"),
    "GetResourcePolicy": ("creation", "late policy", "deletion"),
    "DescribeImport": ("import", "unseen import", "creation"),
    "ListImports": ("import", "unseen import", "creation"),
    "Query": (),
    "Scan": (),
}  # fmt: skip


INDEXES = ("GlobalSecondaryIndexes", "VectorIndexes")


class Time(NamedTuple):
    """Seconds as they were measured, in so many trials."""

    shortest: float
    usual: float
    longest: float
    trials: int = 1


# How long work takes. Of times that lie apart each has a line, the usual one first.
TIMES: dict[str, tuple[Time, ...]] = {
    "first seconds": (Time(1, 2.6, 3.1),),
    "creation": (Time(1, 6, 9.5),),
    "creation with GlobalSecondaryIndexes": (Time(14, 16, 22),),
    "creation with VectorIndexes": (Time(20, 20, 20),),
    "backups": (Time(0, 2, 6.2),),  # after the creation
    "ImportTable": (Time(100, 111, 215),),
    "RestoreTableFromBackup": (Time(81, 212, 721, 12), Time(767, 767, 767)),
    "RestoreTableToPointInTime": (Time(81, 212, 721),),
    "deletion": (Time(3.8, 5, 7.4, 20), Time(10.1, 10.1, 10.1)),
    "tags": (Time(1.5, 1.7, 1.8, 15), Time(3.4, 3.4, 3.4)),
    "late tags": (Time(1.3, 2, 3),),
    "pending policy": (Time(1, 1, 2),),
    "late policy": (Time(0.8, 1.5, 2.7),),
    "insights": (Time(1, 2, 3.1, 25), Time(16.2, 16.2, 16.2)),
    "destination begin": (Time(2, 4, 7.1),),
    "destination end": (Time(1, 1.5, 2),),
    "destination update": (Time(124, 130, 152),),
    "allocation": (Time(24.2, 40, 56.3),),
    "backfill": (Time(506, 510, 539, 7), Time(990, 1000, 1003, 4)),  # from the call on
    "index deletion": (Time(2.6, 5, 6.1),),
    "index update": (Time(2, 2, 4, 8), Time(6.1, 6.1, 6.1)),
    "replication": (Time(30, 35, 40, 9), Time(58, 58, 58)),
    "encryption": (Time(21.3, 22, 23.4),),
    "class": (Time(3.1, 4, 6.1, 15), Time(46, 46, 46)),
    "warmth": (Time(271.6, 400, 513.9),),
    "warmth again": (Time(2, 2, 3),),
    "to PROVISIONED": (Time(54.8, 90, 160.6),),
    "to PAY_PER_REQUEST": (Time(107.2, 130, 171.6),),
    "to PAY_PER_REQUEST with more in the call": (Time(16.2, 130, 147.5),),
    "to a mode once more": (Time(2, 3.5, 5.1),),
    "to PAY_PER_REQUEST with a replica": (Time(218, 218, 218),),
    "capacity": (Time(1, 2, 2.3),),
    "stream": (Time(3, 4, 5.3, 15), Time(7.1, 7.1, 7.1)),
    "replica": (Time(14, 30, 49),),
    "replica of items": (Time(562, 600, 686),),
    "replica deletion": (Time(121, 150, 244, 7), Time(97, 97, 97)),
    "replica remains": (Time(10, 25, 35),),  # after the deletion
}
COOLDOWN = 15.0  # of protection and policies
Took = Callable[[str], float]


def usual(work: str) -> float:
    """The seconds that work usually takes."""
    return TIMES[work][0].usual


def drawn(random: Random) -> Took:
    """Draws the seconds that work takes from those that were measured."""

    def draw(work: str) -> float:
        (time,) = random.choices(TIMES[work], [each.trials for each in TIMES[work]])
        return random.triangular(time.shortest, time.longest, time.usual)

    return draw


class Span(NamedTuple):
    """Work from one moment to another, in a region (None: in all), and what was shown until then."""

    work: Work
    begin: float
    end: float
    region: str | None = None
    before: Any = None

    def since(self, now: float) -> Span:
        """The same work, where the call that begins it comes now."""
        return self._replace(begin=now + self.begin, end=now + self.end)


def begun(table: Table | None, call: Call, before: Description, shown: Any, took: Took = usual) -> Iterator[Span]:
    """The work that an accepted call begins, in seconds from then.

    ``before`` is the description of the table until then, and ``shown`` what a read of tags or policy answered.
    """
    if call.operation == "CreateTable":
        # Rule a-vector-index-comes-with-its-table.
        kinds = ["creation", *(f"creation with {each}" for each in INDEXES if call.arguments.get(each))]
        yield from _creation(max(map(took, kinds[1:] or kinds)), None, took)
    elif table is None:
        return
    elif call.operation == "DeleteTable":
        yield Span(Work("deletion"), 0, took("deletion"), call.region, before)
    elif call.operation == "UpdateTable":
        yield from _update(table, call, before, took)
    elif call.operation in ("TagResource", "UntagResource"):
        if call.region != table.region or state.after(table, call) != table:
            yield Span(Work("tags"), 0, took("tags"), call.region)
            yield Span(Work("late tags"), 0, took("late tags"), call.region, shown)
    elif call.operation in ("PutResourcePolicy", "DeleteResourcePolicy"):
        yield Span(Work("pending policy"), 0, took("pending policy"), call.region)
        yield Span(Work("policy cooldown"), 0, COOLDOWN, call.region)
        yield Span(Work("late policy"), 0, took("late policy"), call.region, shown)
    elif call.operation == "UpdateContributorInsights":
        yield Span(Work("insights", call.arguments.get("IndexName", "")), 0, took("insights"), call.region)
    elif call.operation.endswith("KinesisStreamingDestination"):
        kind = f"destination {({'E': 'begin', 'D': 'end', 'U': 'update'})[call.operation[0]]}"
        yield Span(Work(kind, call.arguments["StreamArn"]), 0, took(kind), call.region)


def made_otherwise(call: Call, took: Took = usual) -> Iterator[Span]:
    """The course of a restore or of an import, in seconds from the call (rule an-import-is-told-apart)."""
    seconds = took(call.operation)
    if call.operation == "ImportTable":
        yield Span(Work("import"), 0, seconds + 6)
        yield Span(Work("unseen import"), 0, 31)
        yield Span(Work("creation"), 31, seconds)
        yield Span(Work("backups"), 31, seconds + 2)
    else:
        yield Span(Work("first seconds"), 0, seconds)
        yield Span(Work("restore"), 0, seconds)
        yield Span(Work("creation"), 0, seconds)
        yield Span(Work("backups"), 0, seconds + 2)


def _creation(seconds: float, region: str | None, took: Took) -> Iterator[Span]:
    yield Span(Work("first seconds"), 0, min(took("first seconds"), seconds), region)
    yield Span(Work("creation"), 0, seconds, region)
    yield Span(Work("backups"), 0, seconds + took("backups"), region)


def _built(index: str, took: Took) -> Iterator[Span]:
    """An index of a live table (rules an-index-keeps-others-waiting and a-vector-index-is-built-late)."""
    allocated = took("allocation")
    yield Span(Work("allocation", index), 0, allocated)
    yield Span(Work("backfill", index), allocated, took("backfill"))


def _unbuilt(index: str, before: Description, took: Took) -> Iterator[Span]:
    """An index that goes, which ends its backfill at once (rule a-vector-index-goes-late)."""
    yield Span(Work("backfill", index), 0, 0)
    yield Span(Work("index deletion", index), 0, took("index deletion"), None, before)


def _update(table: Table, call: Call, before: Description, took: Took) -> Iterator[Span]:
    arguments, after = call.arguments, state.after(table, call)
    assert after is not None
    if table.replicas and not call.replica_updates and "SSESpecification" not in arguments:
        yield Span(Work("replication"), 0, took("replication"))
    if "SSESpecification" in arguments:
        yield Span(Work("encryption"), 0, took("encryption"), None, before)
    if after.table_class != table.table_class:
        yield Span(Work("class"), 0, took("class"), None, before)
    if (after.protected, after.protected_replicas) != (table.protected, table.protected_replicas):
        yield Span(Work("protection cooldown"), 0, COOLDOWN, call.region)
    if call.region != table.region:
        return
    if "WarmThroughput" in arguments and after.warm != table.warm:
        yield Span(Work("warmth"), 0, _warming_time(table, "", took), None, before)
    if after.billing_mode != table.billing_mode:
        yield Span(Work("billing"), 0, _billing_time(table, call, after.billing_mode, took), None, before)
    elif after.throughput != table.throughput:
        yield Span(Work("capacity"), 0, took("capacity"), None, before)
    if "StreamSpecification" in arguments:
        yield Span(Work("stream"), 0, took("stream"))
    for verb, index in call.index_updates:
        name = index["IndexName"]
        if verb == "Create":
            yield from _built(name, took)
        elif verb == "Delete":
            yield from _unbuilt(name, before, took)
        elif "WarmThroughput" in index and after.global_indexes[name].warm != table.global_indexes[name].warm:
            yield Span(Work("warmth", name), 0, _warming_time(table, name, took), None, before)
        elif "BillingMode" not in arguments:
            yield Span(Work("index update", name), 0, took("index update"), None, before)
    for verb, index in call.vector_updates:
        name = index["IndexName"]
        yield from _built(name, took) if verb == "Create" else _unbuilt(name, before, took)
    for verb, replica in call.replica_updates:
        region = replica["RegionName"]
        if verb == "Create":
            # The content decides: with one item the table is ACTIVE for minutes before the last step.
            unlisted, seconds = (27, took("replica of items")) if before.get("ItemCount") else (6, took("replica"))
            yield Span(Work("replication"), 0, min(30, seconds))
            yield Span(Work("replication"), max(seconds - 30, 0), seconds)
            yield Span(Work("unlisted replica", region), 0, unlisted)
            yield Span(Work("replica creation", region), 0, seconds)
            yield from _creation(seconds, region, took)
        elif verb == "Delete":
            seconds = took("replica deletion")
            yield Span(Work("replication"), 0, took("replication"))
            yield Span(Work("replica deletion", region), 0, seconds, None, before)
            yield Span(Work("replica remains", region), 0, seconds + took("replica remains"), None, before)
        else:
            yield Span(Work("replication"), 0, took("replication"))


def _warming_time(table: Table, index: str, took: Took) -> float:
    """A table, or an index, that was raised before takes no time (rule warm-throughput-settles-late)."""
    return took("warmth again" if index in table.raised else "warmth")


def _billing_time(table: Table, call: Call, mode: str, took: Took) -> float:
    """A mode that the table has had before comes back soon (rule a-mode-comes-back-soon)."""
    if table.replicas and mode != PROVISIONED:
        return took("to PAY_PER_REQUEST with a replica")
    if mode in table.modes:
        return took("to a mode once more")
    with_more = mode != PROVISIONED and state.others(call, "BillingMode")
    return took(f"to {mode} with more in the call" if with_more else f"to {mode}")


def shown_table(table: Table, region: str, final: Description | None, going_on: list[Span]) -> Description | None:
    """The description of a table in a region, as AWS shows it. ``final`` is the description in the end."""
    spans = {(span.work.kind, span.work.what): span for span in going_on if span.region in (None, region)}
    kinds = {kind for kind, _what in spans}
    if "deletion" in kinds:
        return {**spans["deletion", ""].before, "TableStatus": "DELETING"}
    if ("replica remains", region) in spans:
        return {**spans["replica remains", region].before, "TableStatus": "DELETING"}
    if final is None:
        return None
    shown = {**final, "TableStatus": "UPDATING" if kinds & set(UPDATING) else "ACTIVE"}
    if region != table.region:
        return {**shown, "TableStatus": "CREATING"} if "creation" in kinds else shown
    shown.pop("OnDemandThroughput", None)
    summary = shown.pop("RestoreSummary", {"RestoreInProgress": True})
    if "restore" in kinds:
        shown["RestoreSummary"] = summary
    shown.update(_limits(table))
    for kind, member in (("capacity", "ProvisionedThroughput"), ("class", "TableClassSummary")):
        if (kind, "") in spans:
            _put(shown, member, spans[kind, ""].before.get(member))
    if ("encryption", "") in spans:
        shown["SSEDescription"] = {**(spans["encryption", ""].before.get("SSEDescription") or {}), "Status": "UPDATING"}
    if ("warmth", "") in spans:
        shown["WarmThroughput"] = _warming(spans["warmth", ""].before)
    for member in INDEXES:
        shown[member] = list(_shown_indexes(table, member, final, spans))
    shown["Replicas"] = list(_shown_replicas(final, spans))
    if "creation" in kinds:
        shown["TableStatus"] = "CREATING"
        for member in INDEXES:
            shown[member] = [{**each, "IndexStatus": "CREATING"} for each in _of(shown, member)]
    return {member: value for member, value in shown.items() if value != []}


def _of(description: Description, member: str = "GlobalSecondaryIndexes") -> list[Description]:
    return list(description.get(member) or [])


def _put(shown: dict[str, Any], member: str, value: Any) -> None:
    if value is None:
        shown.pop(member, None)
    else:
        shown[member] = value


def _limits(holder: Table | Index) -> dict[str, Any]:
    """Maximum on demand and warm throughput of a table or an index, which ministack forgets."""
    units = dict(zip(("ReadUnitsPerSecond", "WriteUnitsPerSecond"), holder.warm))
    limits: dict[str, Any] = {"WarmThroughput": {**units, "Status": "ACTIVE"}}
    if holder.maximum != state.NO_MAXIMUM:
        limits["OnDemandThroughput"] = dict(zip(("MaxReadRequestUnits", "MaxWriteRequestUnits"), holder.maximum))
    return limits


def _warming(before: Description) -> Description:
    return {**(before.get("WarmThroughput") or {}), "Status": "UPDATING"}


def _named(parts: Iterable[Description], member: str, name: str) -> Description:
    """The part that has this name."""
    return next(part for part in parts if part[member] == name)


def _shown_indexes(
    table: Table, member: str, final: Description, spans: Mapping[tuple[str, str], Span]
) -> Iterator[Description]:
    for each in _of(final, member):
        name = each["IndexName"]
        known = table.global_indexes.get(name)
        shown = {**each, "IndexStatus": "ACTIVE"}
        shown.pop("OnDemandThroughput", None)
        shown.update(_limits(known) if known else {})
        if ("allocation", name) in spans or ("backfill", name) in spans:
            shown.update(IndexStatus="CREATING", Backfilling=("backfill", name) in spans)
        if ("index update", name) in spans:
            shown["IndexStatus"] = "UPDATING"
        if ("warmth", name) in spans:
            before = _named(_of(spans["warmth", name].before), "IndexName", name)
            shown["WarmThroughput"] = _warming(before)
        yield shown
    for (kind, name), span in spans.items():
        if kind == "index deletion":
            gone = [each for each in _of(span.before, member) if each["IndexName"] == name]
            yield from ({**each, "IndexStatus": "DELETING"} for each in gone)


def _shown_replicas(final: Description, spans: Mapping[tuple[str, str], Span]) -> Iterator[Description]:
    for each in final.get("Replicas") or []:
        if ("unlisted replica", each["RegionName"]) in spans:
            continue
        making = ("replica creation", each["RegionName"]) in spans
        yield {**each, "ReplicaStatus": "CREATING" if making else each.get("ReplicaStatus", "ACTIVE")}
    for (kind, region), span in spans.items():
        if kind == "replica deletion":
            gone = _named(span.before["Replicas"], "RegionName", region)
            yield {**gone, "ReplicaStatus": "DELETING"}

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The course that AWS takes after a call: what is under way, for how many seconds, and what is shown meanwhile.

The seconds are those that were measured on empty tables, each rule in docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


class Span(NamedTuple):
    """Work from one moment to another, in a region (None: in all), and what was shown until then."""

    work: Work
    begin: float
    end: float
    region: str | None = None
    before: Any = None


def begun(table: Table | None, call: Call, before: Description, shown: Any) -> Iterator[Span]:
    """The work that an accepted call begins, in seconds from then.

    ``before`` is the description of the table until then, and ``shown`` what a read of tags or policy answered.
    """
    if call.operation == "CreateTable":
        # Rule a-vector-index-comes-with-its-table.
        longest = {"GlobalSecondaryIndexes": 16.0, "VectorIndexes": 20.0}
        yield from _creation(max((longest[each] for each in longest if call.arguments.get(each)), default=6.0), None)
    elif table is None:
        return
    elif call.operation == "DeleteTable":
        yield Span(Work("deletion"), 0, 5, call.region, before)
    elif call.operation == "UpdateTable":
        yield from _update(table, call, before)
    elif call.operation in ("TagResource", "UntagResource"):
        if call.region != table.region or state.after(table, call) != table:
            yield Span(Work("tags"), 0, 1.7, call.region)
            yield Span(Work("late tags"), 0, 2, call.region, shown)
    elif call.operation in ("PutResourcePolicy", "DeleteResourcePolicy"):
        yield Span(Work("pending policy"), 0, 1, call.region)
        yield Span(Work("policy cooldown"), 0, 15, call.region)
        yield Span(Work("late policy"), 0, 1.5, call.region, shown)
    elif call.operation == "UpdateContributorInsights":
        yield Span(Work("insights", call.arguments.get("IndexName", "")), 0, 2, call.region)
    elif call.operation.endswith("KinesisStreamingDestination"):
        kind, seconds = {"E": ("begin", 4), "D": ("end", 1.5), "U": ("update", 130)}[call.operation[0]]
        yield Span(Work(f"destination {kind}", call.arguments["StreamArn"]), 0, seconds, call.region)


def made_otherwise(call: Call) -> Iterator[Span]:
    """The course of a restore or of an import, in seconds from the call (rule an-import-is-told-apart)."""
    if call.operation == "ImportTable":
        yield Span(Work("import"), 0, 117)
        yield Span(Work("unseen import"), 0, 31)
        yield Span(Work("creation"), 31, 111)
        yield Span(Work("backups"), 31, 113)
    else:
        yield Span(Work("first seconds"), 0, 212)
        yield Span(Work("restore"), 0, 212)
        yield Span(Work("creation"), 0, 212)
        yield Span(Work("backups"), 0, 214)


def _creation(seconds: float, region: str | None) -> Iterator[Span]:
    yield Span(Work("first seconds"), 0, 2.6, region)
    yield Span(Work("creation"), 0, seconds, region)
    yield Span(Work("backups"), 0, seconds + 2, region)


def _built(index: str) -> Iterator[Span]:
    """An index of a live table (rules an-index-keeps-others-waiting and a-vector-index-is-built-late)."""
    yield Span(Work("allocation", index), 0, 40)
    yield Span(Work("backfill", index), 40, 510)


def _unbuilt(index: str, before: Description) -> Iterator[Span]:
    """An index that goes, which ends its backfill at once (rule a-vector-index-goes-late)."""
    yield Span(Work("backfill", index), 0, 0)
    yield Span(Work("index deletion", index), 0, 5, None, before)


def _update(table: Table, call: Call, before: Description) -> Iterator[Span]:
    arguments, after = call.arguments, state.after(table, call)
    assert after is not None
    if table.replicas and not call.replica_updates and "SSESpecification" not in arguments:
        yield Span(Work("replication"), 0, 35)
    if "SSESpecification" in arguments:
        yield Span(Work("encryption"), 0, 22, None, before)
    if after.table_class != table.table_class:
        yield Span(Work("class"), 0, 4, None, before)
    if (after.protected, after.protected_replicas) != (table.protected, table.protected_replicas):
        yield Span(Work("protection cooldown"), 0, 15, call.region)
    if call.region != table.region:
        return
    if "WarmThroughput" in arguments and after.warm != table.warm:
        yield Span(Work("warmth"), 0, 400, None, before)
    if after.billing_mode != table.billing_mode:
        yield Span(Work("billing"), 0, 90 if after.billing_mode == PROVISIONED else 130, None, before)
    elif after.throughput != table.throughput:
        yield Span(Work("capacity"), 0, 2, None, before)
    if "StreamSpecification" in arguments:
        yield Span(Work("stream"), 0, 4)
    for verb, index in call.index_updates:
        name = index["IndexName"]
        if verb == "Create":
            yield from _built(name)
        elif verb == "Delete":
            yield from _unbuilt(name, before)
        elif "WarmThroughput" in index and after.global_indexes[name].warm != table.global_indexes[name].warm:
            yield Span(Work("warmth", name), 0, 400, None, before)
        elif "BillingMode" not in arguments:
            yield Span(Work("index update", name), 0, 2, None, before)
    for verb, index in call.vector_updates:
        yield from _built(index["IndexName"]) if verb == "Create" else _unbuilt(index["IndexName"], before)
    for verb, replica in call.replica_updates:
        region = replica["RegionName"]
        if verb == "Create":
            # The content decides: with one item the table is ACTIVE for minutes before the last step.
            unlisted, seconds = (27, 600) if before.get("ItemCount") else (6, 30)
            yield Span(Work("replication"), 0, 30)
            yield Span(Work("replication"), seconds - 30, seconds)
            yield Span(Work("unlisted replica", region), 0, unlisted)
            yield Span(Work("replica creation", region), 0, seconds)
            yield from _creation(seconds, region)
        elif verb == "Delete":
            yield Span(Work("replication"), 0, 35)
            yield Span(Work("replica deletion", region), 0, 150, None, before)
            yield Span(Work("replica remains", region), 0, 175, None, before)
        else:
            yield Span(Work("replication"), 0, 35)


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

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Judges the calls that a run made, afterwards: by AWS's rules, and by what is prudent.

Endpoints on this machine are laxer than AWS. What AWS refuses stands in ``tests.law``. What is prudent stands here, as
articles, each with its source, a rule of docs/rules.md by its name, or a page of AWS's API reference: what a run has to
have looked at before it writes, and what is needless to send. ``judge(seen, calls)`` follows a table through the
recorded calls, and gives what the run has seen of it, and a sentence for all that is broken.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.law import state
from tests.law.rules import KINESIS, OF_A_LIVE_TABLE, refusals
from tests.law.state import Call, Table

# What holds still: it may be changed, though not all of it is well (rule unwell-is-settled).
AT_REST = (
    "ACTIVE", "ENABLED", "DISABLED", "INACCESSIBLE_ENCRYPTION_CREDENTIALS", "REPLICATION_NOT_AUTHORIZED", "ARCHIVED"
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """A table, and what one run has seen and done there so far."""

    table: Table
    # The regions whose table this run has seen at rest since it last set it in motion, and those where it is made.
    at_rest: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    # Kinesis streams whose change has not been seen to end, and the table or the indexes seen to be warmed.
    busy: frozenset[str] = frozenset()
    warming: frozenset[str] = frozenset()
    untagged: frozenset[str] = frozenset()
    # The indexes that the last look has shown CREATING.
    building: frozenset[str] = frozenset()

    def later(self) -> Seen:
        """The table when another run comes, after every quota has passed: that run has seen nothing yet."""
        return Seen(replace(self.table, spent={}), made=self.made)


Check = Callable[[Any, Call], Iterator[str]]


@dataclass(frozen=True)
class Article:
    """An article: its source, the calls that it is about, and its objections to a call."""

    source: str
    operations: tuple[str, ...]
    check: Check

    @property
    def name(self) -> str:
        """The name of the article."""
        return self.check.__name__


def article(source: str, *operations: str) -> Callable[[Check], Article]:
    """Make an article of a check."""
    return lambda check: Article(source, operations, check)


def judge(seen: Seen | None, calls: Iterable[Call]) -> tuple[Seen | None, list[str]]:
    """Follow a table (None: there is none) through the calls of one run: how it is then, and what is broken."""
    findings: list[str] = []
    for call in calls:
        if not call.writes:
            seen = _read(seen, call)
            continue
        broken = list(_broken(seen, call))
        arguments = json.dumps(call.arguments, sort_keys=True)
        findings += [f"{sentence} -- {call.operation} {arguments}" for sentence in broken]
        if call.answer is not None and not broken:
            seen = _written(seen, call)
    return seen, findings


def _broken(seen: Seen | None, call: Call) -> Iterator[str]:
    """AWS's objections to a call, and if there is a table, whatever is imprudent."""
    yield from (f"{refusal.rule}: {refusal.message}" for refusal in refusals(seen.table if seen else None, call))
    if call.operation not in ("CreateTable", *OF_A_LIVE_TABLE):
        yield f"the referee has no rules for {call.operation}"
    for each in ARTICLES if seen else ():
        if call.operation in each.operations:
            yield from (f"{each.name} ({each.source}): {sentence}" for sentence in each.check(seen, call))


# -- what a run has to have seen


@article(
    "rules an-active-table-may-be-busy, busy-passes-but-for-three, an-index-keeps-others-waiting and "
    "unwell-is-settled; API reference of UpdateTable: status UPDATING",
    "UpdateTable",
    "DeleteTable",
)
def table_and_indexes_are_at_rest(seen: Seen, call: Call) -> Iterator[str]:
    if call.region not in seen.at_rest and not _is_given_up(seen, call):
        yield f"no DescribeTable has shown the table in {call.region} and its indexes ACTIVE since the last change"


def _is_given_up(seen: Seen, call: Call) -> bool:
    """Whether a call does nothing but delete an index that is being built (rule an-index-in-allocation-stays)."""
    alone = not state.others(call, "GlobalSecondaryIndexUpdates", "VectorIndexUpdates")
    updates = [*call.index_updates, *call.vector_updates]
    return alone and [verb for verb, _index in updates] == ["Delete"] and updates[0][1]["IndexName"] in seen.building


@article(
    "rules children-of-a-new-table-are-unseen and backups-come-after-the-table; API reference: "
    "ResourceInUseException, ResourceNotFoundException while CREATING",
    *OF_A_LIVE_TABLE[2:],
)
def the_table_is_made(seen: Seen, call: Call) -> Iterator[str]:
    if call.region not in seen.made:
        yield f"no DescribeTable has shown that the table in {call.region} is no longer CREATING"


@article(
    "rule kinesis-is-told-late; API reference of the KinesisStreamingDestination calls: ResourceInUseException",
    *KINESIS,
)
def a_destination_is_at_rest(seen: Seen, call: Call) -> Iterator[str]:
    if call.arguments["StreamArn"] in seen.busy:
        yield "no DescribeKinesisStreamingDestination has shown the end of the last change"


@article("rule warm-throughput-settles-late", "UpdateTable")
def what_is_being_warmed_is_left_alone(seen: Seen, call: Call) -> Iterator[str]:
    for holder in state.holders(call):
        if "WarmThroughput" in holder and holder.get("IndexName", "") in seen.warming:
            yield "its warm throughput is UPDATING"


# -- what is needless, or loses something


@article("API reference of UpdateTable: AttributeDefinitions", "UpdateTable")
def an_attribute_keeps_its_type(seen: Seen, call: Call) -> Iterator[str]:
    table = seen.table
    for name, kind in state.types(call).items():
        if name in table.roles and table.types[name] != kind:
            yield f"{name} is {table.types[name]}, not {kind}"


@article("rule maximum-cleared-by-minus-one", "UpdateTable")
def a_maximum_that_stays_is_not_sent(seen: Seen, call: Call) -> Iterator[str]:
    for holder, live in state.with_live(seen.table, call):
        if "OnDemandThroughput" in holder and state.maximum(holder, live.maximum) == live.maximum:
            yield f"the maximum of {holder.get('IndexName', 'the table')} will not change"


@article("rule class-absent-is-standard", "UpdateTable")
def a_class_that_stays_is_not_sent(seen: Seen, call: Call) -> Iterator[str]:
    if call.arguments.get("TableClass") == seen.table.table_class:
        yield f"the table class is {seen.table.table_class} already"


@article("rules encryption-absent-is-owned and keys-are-told-by-arn", "UpdateTable")
def encryption_changes_to_another_key(seen: Seen, call: Call) -> Iterator[str]:
    specification = call.arguments.get("SSESpecification")
    if specification and state.encryption(specification) == seen.table.encryption:
        yield "the table is encrypted so already"


@article("rule replicas-freeze-the-stream", "UpdateTable")
def replicas_keep_the_stream(seen: Seen, call: Call) -> Iterator[str]:
    if seen.table.replicas and "StreamSpecification" in call.arguments:
        yield f"the stream feeds the replicas in {sorted(seen.table.replicas)}"


@article("rule recovery-keeps-its-period", "UpdateContinuousBackups")
def recovery_does_not_lose_its_period(seen: Seen, call: Call) -> Iterator[str]:
    specification = call.arguments["PointInTimeRecoverySpecification"]
    goes_on = call.region == seen.table.region and specification["PointInTimeRecoveryEnabled"]
    if goes_on and "RecoveryPeriodInDays" not in specification and seen.table.recovery not in (None, 35):
        yield f"without a period, that of {seen.table.recovery} days becomes 35"


@article("rule tags-are-overwritten", "TagResource")
def a_tag_is_overwritten_not_removed_first(seen: Seen, call: Call) -> Iterator[str]:
    for key in sorted(seen.untagged & state.tags(call).keys() if call.region == seen.table.region else ()):
        yield f"{key} was removed to be put again"


ARTICLES: tuple[Article, ...] = tuple(each for each in vars().values() if isinstance(each, Article))


# -- what reads show, and what writes do


def _read(seen: Seen | None, call: Call) -> Seen | None:
    """The run's knowledge of the table after a read."""
    if seen is None or call.answer is None:
        return seen
    if call.operation == "DescribeKinesisStreamingDestination":
        moving = {
            each["StreamArn"]
            for each in call.answer.get("KinesisDataStreamDestinations") or []
            if each.get("DestinationStatus") in ("ENABLING", "DISABLING", "UPDATING")
        }
        return replace(seen, busy=seen.busy & moving)
    if call.operation != "DescribeTable":
        return seen
    described = call.answer["Table"]
    home = seen.table.region
    indexes = described.get("GlobalSecondaryIndexes") or []
    # Ready is ACTIVE without Backfilling, which is false at first and absent in the end.
    vectors = described.get("VectorIndexes") or []
    replicas = described.get("Replicas") or []
    ready = {each["RegionName"] for each in replicas if each.get("ReplicaStatus", "ACTIVE") == "ACTIVE"}
    reached = (ready if call.region == home else set()) | {call.region}
    encryption = described.get("SSEDescription") or {}
    statuses = [described.get("TableStatus", "ACTIVE"), encryption.get("Status", "ENABLED")]
    statuses += [each.get("IndexStatus", "ACTIVE") for each in (*indexes, *vectors)]
    statuses += ["CREATING" for each in vectors if each.get("Backfilling")]
    statuses += [each.get("ReplicaStatus", "ACTIVE") for each in replicas]
    warming = {
        each.get("IndexName", "")
        for each in (described, *indexes)
        if (each.get("WarmThroughput") or {}).get("Status") == "UPDATING"
    }
    return replace(
        seen,
        made=seen.made | (reached if statuses[0] != "CREATING" else set()),
        at_rest=seen.at_rest | (reached if set(statuses) <= set(AT_REST) else set()),
        warming=frozenset(warming) if call.region == home else seen.warming,
        building=frozenset(
            each.get("IndexName", "") for each in (*indexes, *vectors) if each.get("IndexStatus") == "CREATING"
        ),
    )


def _written(seen: Seen | None, call: Call) -> Seen | None:
    """The same after a write that was accepted."""
    table = state.after(seen.table if seen else None, call)
    if table is None or seen is None:
        return Seen(table) if table else None
    seen = replace(seen, table=table, made=seen.made & {table.region, *table.replicas})
    if call.operation == "UpdateTable":
        return replace(seen, at_rest=seen.at_rest - {call.region})
    if call.operation in KINESIS:
        return replace(seen, busy=seen.busy | {call.arguments["StreamArn"]})
    if call.operation == "UntagResource" and call.region == table.region:
        return replace(seen, untagged=seen.untagged | set(call.arguments["TagKeys"]))
    return seen

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What a step will come to: the permissions it takes, how long, what waits meanwhile, what it spends, what is lost.

Times are those that AWS was measured to take on empty tables (rule steps-take-their-time). Knows neither Ansible nor
AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .plan import Step

CREATE, CHANGE, DELETE, IRREVERSIBLE, LOSSY = "create", "change", "delete", "irreversible", "lossy"
EFFECTS = (CREATE, CHANGE, DELETE, IRREVERSIBLE, LOSSY)
# Observed values by the name of their part, of the thing that a step is for.
Observed = Mapping[str, Any]
# The name under which these have how often capacity was decreased today: of the table under "", and of each index.
DECREASES = "decreases today"
DECREASES_A_DAY = 4
# The name under which these have whether the thing is there before the plan.
IS_THERE = "is there"


class Seconds(NamedTuple):
    """The shortest and the longest time that was measured."""

    shortest: int
    longest: int

    def __str__(self) -> str:
        """In words, as a reviewer reads it."""
        low, high = self
        if high < 60:
            return f"{low} to {high} s" if low < high else f"{high} s"
        first = f"{low} s" if low < 60 else f"{round(low / 60)}"
        return f"{first} to {-(-high // 60)} min"


class Foretold(NamedTuple):
    """What a step will come to. ``blocks``, ``spends``, ``final`` and ``loses`` are sentences, or empty."""

    effects: tuple[str, ...]
    permissions: tuple[str, ...]
    seconds: Seconds
    blocks: str = ""
    spends: str = ""
    final: str = ""
    loses: str = ""


def foretell_all(steps: Iterable[Step], observed: Observed) -> Iterator[Foretold]:
    """What each step of a plan will come to. A table that the plan creates has no items to lose."""
    empty = False
    for step in steps:
        yield foretell(step, observed, empty)
        empty = empty or step.call == "CreateTable"


def foretell(step: Step, observed: Observed, empty: bool = False) -> Foretold:
    """What a step will come to, by its call and by what it finds; ``empty`` is a table without items."""
    kind, seconds, blocks, spends, final, loses = _CALLS.get(step.call, _other)(step.arguments, observed)
    if empty:
        loses = ""
    effects = (kind, *((IRREVERSIBLE,) if final else ()), *((LOSSY,) if loses else ()))
    return Foretold(effects, tuple(_permissions(step)), seconds, blocks, spends, final, loses)


def parts_of(step: Step, region: str) -> frozenset[str]:
    """The parts of a thing in this region that a step changes, as reports name them; none where that is not known."""
    if step.region and step.region != region:
        return frozenset({f"replica {step.region}"})
    parts = set(_PARTS_OF_CALLS.get(step.call, ()))
    for member, names in _PARTS_OF_MEMBERS.items():
        if member in step.arguments:
            parts.update(names)
    for member, (word, key) in _LISTED.items():
        for update in step.arguments.get(member) or ():
            parts.update(f"{word} {each.get(key)}" for each in update.values())
    if step.call == "UpdateContributorInsights" and "IndexName" in step.arguments:
        return frozenset({f"index {step.arguments['IndexName']}"})
    return frozenset(parts)


def together(foretold: Iterable[Foretold]) -> Seconds:
    """How long steps take one after the other."""
    times = [each.seconds for each in foretold]
    return Seconds(sum(each.shortest for each in times), sum(each.longest for each in times))


def told(foretold: Foretold) -> Iterator[str]:
    """What a reviewer has to know of a step, each as a sentence."""
    if foretold.final:
        yield f"cannot be taken back: {foretold.final}"
    if foretold.loses:
        yield f"loses {foretold.loses}"
    if foretold.blocks:
        yield f"meanwhile {foretold.blocks}"
    if foretold.spends:
        yield f"spends {foretold.spends}"


class _Kind(NamedTuple):
    effect: str
    seconds: Seconds
    blocks: str = ""
    spends: str = ""
    final: str = ""
    loses: str = ""


Arguments = Mapping[str, Any]

AT_ONCE = Seconds(0, 2)
TABLE_WAITS = "other changes of the table and its deletion wait"


def _other(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(CHANGE, AT_ONCE)


def _create_table(arguments: Arguments, _observed: Observed) -> _Kind:
    indexed = "GlobalSecondaryIndexes" in arguments or "LocalSecondaryIndexes" in arguments
    seconds = Seconds(14, 22) if indexed else Seconds(1, 10)
    return _Kind(CREATE, seconds, "the table takes no other change")


def _made_from_elsewhere(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(CREATE, Seconds(81, 767), "the table takes no other change; many items take longer")


def _delete_table(_arguments: Arguments, observed: Observed) -> _Kind:
    recovery = observed.get("point_in_time_recovery") or {}
    kept = ", but for the backup of 35 days that recovery leaves" if recovery.get("enabled") else ""
    return _Kind(
        DELETE, Seconds(3, 11), "the name is taken", "", "a deleted table does not come back", f"all items{kept}"
    )


def _update_table(arguments: Arguments, observed: Observed) -> _Kind:
    """Each concern has a call of its own, but for billing, capacities and the maximum."""
    for member, kind in _CONCERNS.items():
        if member in arguments:
            return kind(arguments, observed)
    return _Kind(CHANGE, Seconds(1, 6), TABLE_WAITS)


def _indexes(arguments: Arguments, observed: Observed) -> _Kind:
    updates = [*arguments.get("GlobalSecondaryIndexUpdates", []), *arguments.get("VectorIndexUpdates", [])]
    if any("Create" in update for update in updates):
        # rules an-index-keeps-others-waiting, a-vector-index-is-built-late
        blocks = "DeleteTable and changes of other indexes are refused; many items take longer"
        return _Kind(CREATE, Seconds(480, 1020), blocks)
    if any("Delete" in update for update in updates):
        # rule an-index-keeps-its-shape
        blocks = "changes of other indexes and DeleteTable are refused; queries on it fail until it is built anew"
        return _Kind(DELETE, Seconds(2, 40), blocks)
    return _capacity(arguments, observed)


def _capacity(arguments: Arguments, observed: Observed) -> _Kind:
    """Rules billing-carries-capacities, decreases-are-counted, switches-to-on-demand-are-counted."""
    spends = [_decrease(arguments, observed)]
    seconds = Seconds(1, 6)
    if "BillingMode" in arguments:
        seconds = Seconds(2, 220)
        if arguments["BillingMode"] == "PAY_PER_REQUEST":
            spends.append("one of 4 switches to on demand in 24 hours")
    return _Kind(CHANGE, seconds, TABLE_WAITS, " and ".join(filter(None, spends)))


def _decrease(arguments: Arguments, observed: Observed) -> str:
    """A decrease, and how many are left where AWS tells how many were made; the table and each index have their own."""
    lower = [""] if _lowers(arguments.get("ProvisionedThroughput", {}), observed) else []
    for update in arguments.get("GlobalSecondaryIndexUpdates", []):
        change = update.get("Update", {})
        index = f"index {change.get('IndexName')}"
        lower += [index] if _lowers(change.get("ProvisionedThroughput", {}), observed.get(index) or {}) else []
    made = [observed[DECREASES][each] for each in lower if each in observed.get(DECREASES, {})]
    left = f", {max(DECREASES_A_DAY - max(made), 0)} left today" if made else ""
    return f"one of {DECREASES_A_DAY} decreases of capacity a UTC day{left}" if lower else ""


def _lowers(units: Mapping[str, int], observed: Mapping[str, Any]) -> bool:
    pairs = (("ReadCapacityUnits", "read_capacity"), ("WriteCapacityUnits", "write_capacity"))
    return any(units[unit] < (observed.get(part) or 0) for unit, part in pairs if unit in units)


def _replicas(arguments: Arguments, _observed: Observed) -> _Kind:
    updates = arguments.get("ReplicaUpdates", [])
    blocks = "changes of all members are refused"  # rule members-are-busy-together
    if any("Delete" in update for update in updates):
        return _Kind(DELETE, Seconds(97, 244), blocks, "", "", "the items of that region, which the others keep")
    if any("Create" in update for update in updates):
        final = ""
        if arguments.get("MultiRegionConsistency") == "STRONG":
            final = "a strongly consistent table keeps its regions"  # rule strong-regions-are-frozen
        return _Kind(CREATE, Seconds(14, 686), f"{blocks}; many items take longer", "", final)
    return _Kind(CHANGE, Seconds(34, 58), blocks)


def _warmth(_arguments: Arguments, _observed: Observed) -> _Kind:
    """Rules warm-throughput-only-grows, warm-throughput-settles-late."""
    return _Kind(
        CHANGE, Seconds(2, 520), "DeleteTable is refused", "", "warm throughput cannot be lowered, and is paid"
    )


def _class(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(CHANGE, Seconds(3, 46), TABLE_WAITS, "one of 2 changes of the class in 30 days")


def _encryption(_arguments: Arguments, _observed: Observed) -> _Kind:
    """Rules encryption-settles-on-its-own, encryption-changes-are-counted."""
    return _Kind(CHANGE, Seconds(21, 24), "DeleteTable is refused", "one of 4 changes of encryption in 24 hours")


def _stream(arguments: Arguments, _observed: Observed) -> _Kind:
    if arguments["StreamSpecification"].get("StreamEnabled"):
        return _Kind(CHANGE, Seconds(3, 8), TABLE_WAITS)
    # rule another-view-is-another-stream
    final = "the stream that comes next has another ARN"
    return _Kind(DELETE, Seconds(3, 8), TABLE_WAITS, "", final, "what readers did not read within 24 hours")


def _protection(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(CHANGE, AT_ONCE, "protection cannot change again for 15 s")


def _expiry(arguments: Arguments, _observed: Observed) -> _Kind:
    """Rule expiry-changes-once-an-hour."""
    blocks = "time to live cannot change again for up to an hour"
    specification = arguments.get("TimeToLiveSpecification") or {}
    if not specification.get("Enabled"):
        return _Kind(CHANGE, AT_ONCE, blocks)
    return _Kind(CHANGE, AT_ONCE, blocks, "", "", f"items whose {specification.get('AttributeName')} has passed")


def _recovery(arguments: Arguments, observed: Observed) -> _Kind:
    wanted = arguments.get("PointInTimeRecoverySpecification") or {}
    seconds = Seconds(0, 7)  # rule backups-come-after-the-table
    if wanted.get("PointInTimeRecoveryEnabled"):
        before = (observed.get("point_in_time_recovery") or {}).get("recovery_period_in_days") or 0
        shorter = wanted.get("RecoveryPeriodInDays", 35) < before
        final, loses = ("earlier days do not come back", "what is older than the new period") if shorter else ("", "")
        return _Kind(CHANGE, seconds, "", "", final, loses)
    return _Kind(DELETE, seconds, "", "", "recovery that is on again begins anew", "every earlier point of recovery")


def _insights(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(CHANGE, Seconds(1, 16))


def _tags(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(CHANGE, Seconds(0, 4), "tags and DeleteTable wait for 2 s")  # rule tags-are-locked-after-a-write


def _untag(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(DELETE, Seconds(0, 4), "tags and DeleteTable wait for 2 s")


def _policy(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(CHANGE, Seconds(0, 3), "the policy cannot change again for 15 s")  # rule policy-cools-down


def _policy_goes(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(DELETE, Seconds(0, 3), "the policy cannot change again for 15 s")


def _kinesis(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(CHANGE, Seconds(1, 152), "the destination takes no other change")


def _kinesis_goes(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(DELETE, Seconds(1, 152), "the destination takes no other change")


def _creation(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(CREATE, AT_ONCE)


def _removal(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(DELETE, AT_ONCE)


def _version_goes(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(DELETE, AT_ONCE, "", "", "IAM keeps no deleted version", "the words of that version")


def _put_item(_arguments: Arguments, observed: Observed) -> _Kind:
    is_there = observed.get(IS_THERE, bool(observed))
    return _Kind(CHANGE, AT_ONCE, "", "", "", "the item that is there now") if is_there else _Kind(CREATE, AT_ONCE)


def _delete_item(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(DELETE, AT_ONCE, "", "", "a deleted item does not come back", "the item")


def _environment(_arguments: Arguments, _observed: Observed) -> _Kind:
    return _Kind(CHANGE, Seconds(1, 60), "the function takes no other update")


_PARTS_OF_CALLS = {
    "UpdateTimeToLive": ("time_to_live",),
    "UpdateContinuousBackups": ("point_in_time_recovery",),
    "UpdateContributorInsights": ("contributor_insights",),
    "TagResource": ("tags",),
    "UntagResource": ("tags",),
    "TagPolicy": ("tags",),
    "UntagPolicy": ("tags",),
    "PutResourcePolicy": ("resource_policy",),
    "DeleteResourcePolicy": ("resource_policy",),
    "EnableKinesisStreamingDestination": ("kinesis_streaming_destination",),
    "UpdateKinesisStreamingDestination": ("kinesis_streaming_destination",),
    "DisableKinesisStreamingDestination": ("kinesis_streaming_destination",),
}
_CAPACITIES = ("read_capacity", "write_capacity")
# By the argument of UpdateTable. A switch of billing drops what the other mode has.
_PARTS_OF_MEMBERS = {
    "BillingMode": ("billing_mode", *_CAPACITIES, "on_demand_throughput"),
    "ProvisionedThroughput": _CAPACITIES,
    "OnDemandThroughput": ("on_demand_throughput",),
    "WarmThroughput": ("warm_throughput",),
    "TableClass": ("table_class",),
    "SSESpecification": ("sse_specification",),
    "StreamSpecification": ("stream_specification",),
    "DeletionProtectionEnabled": ("deletion_protection_enabled",),
    "DisassociationProtectionEnabled": ("disassociation_protection_enabled",),
    "MultiRegionConsistency": ("multi_region_consistency",),
    "GlobalTableWitnessUpdates": ("witness_region",),
}
# What has a part for each member: the word before its name, and what tells the member.
_LISTED = {
    "GlobalSecondaryIndexUpdates": ("index", "IndexName"),
    "VectorIndexUpdates": ("vector index", "IndexName"),
    "ReplicaUpdates": ("replica", "RegionName"),
}


Telling = Callable[[Arguments, Observed], _Kind]
_CONCERNS: dict[str, Telling] = {
    "ReplicaUpdates": _replicas,
    "GlobalTableWitnessUpdates": _replicas,
    "WarmThroughput": _warmth,
    "TableClass": _class,
    "SSESpecification": _encryption,
    "StreamSpecification": _stream,
    "DeletionProtectionEnabled": _protection,
    "BillingMode": _capacity,
    "ProvisionedThroughput": _capacity,
    "GlobalSecondaryIndexUpdates": _indexes,
    "VectorIndexUpdates": _indexes,
}
_CALLS: dict[str, Telling] = {
    "CreateTable": _create_table,
    "RestoreTableFromBackup": _made_from_elsewhere,
    "RestoreTableToPointInTime": _made_from_elsewhere,
    "ImportTable": _made_from_elsewhere,
    "UpdateTable": _update_table,
    "DeleteTable": _delete_table,
    "CreateBackup": _creation,
    "UpdateTimeToLive": _expiry,
    "UpdateContinuousBackups": _recovery,
    "UpdateContributorInsights": _insights,
    "TagResource": _tags,
    "UntagResource": _untag,
    "PutResourcePolicy": _policy,
    "DeleteResourcePolicy": _policy_goes,
    "EnableKinesisStreamingDestination": _kinesis,
    "UpdateKinesisStreamingDestination": _kinesis,
    "DisableKinesisStreamingDestination": _kinesis_goes,
    "CreatePolicy": _creation,
    "CreatePolicyVersion": _other,
    "PutRolePolicy": _other,
    "AttachRolePolicy": _other,
    "TagPolicy": _other,
    "DeleteRolePolicy": _removal,
    "DeletePolicy": _removal,
    "DetachRolePolicy": _removal,
    "UntagPolicy": _removal,
    "DeletePolicyVersion": _version_goes,
    "PutItem": _put_item,
    "UpdateItem": _put_item,
    "DeleteItem": _delete_item,
    "UpdateFunctionConfiguration": _environment,
}


def _permissions(step: Step) -> Iterator[str]:
    """The permission of the call, and those that its arguments take besides."""
    yield f"{step.service}:{step.call}"
    if step.call == "CreateTable" and "Tags" in step.arguments:
        yield "dynamodb:TagResource"
    if step.call == "CreateTable" and "ResourcePolicy" in step.arguments:
        yield "dynamodb:PutResourcePolicy"
    for update in step.arguments.get("ReplicaUpdates", []):
        if "Create" in update:
            yield "dynamodb:CreateTableReplica"
        if "Delete" in update:
            yield "dynamodb:DeleteTableReplica"

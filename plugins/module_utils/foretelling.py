# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What a step will come to: the permissions it takes, how long, what waits meanwhile, what it spends, what is lost.

Times are those that AWS was measured to take on empty tables (rule steps-take-their-time). Knows neither Ansible nor
AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from .plan import MAKING, Step
from .step_permissions import permissions_of

CREATE, CHANGE, DELETE, IRREVERSIBLE, LOSSY = "create", "change", "delete", "irreversible", "lossy"
EFFECTS = (CREATE, CHANGE, DELETE, IRREVERSIBLE, LOSSY)
DECREASES_A_DAY = 4
LONGEST_POLL = 5
CAME_AND_WENT = ("Create", "Delete")


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


class Found(NamedTuple):
    """What a step finds of the thing that its plan is for. ``None`` is what AWS does not tell."""

    parts: Mapping[str, Any] = MappingProxyType({})  # the observed values of the parts that change
    is_there: bool = True
    decreases: Mapping[str, int] = MappingProxyType({})  # of capacity today, by part; the table's under ""
    replicas: frozenset[str] = frozenset()  # their regions
    items: int | None = None  # as AWS counted them, some hours ago
    had_both_modes: bool | None = None  # whether the table was billed in the other mode before
    had_both_classes: bool | None = None  # whether it was of the other class before
    raised: frozenset[str] = frozenset()  # the parts whose warm throughput was raised before; the table's is ""
    # What the steps before this one did:
    is_empty: bool = False  # they made the table, so that it has no items
    made: frozenset[str | None] = frozenset()  # the regions in which they made the table or a replica
    tagged: frozenset[str | None] = frozenset()  # the regions in which they changed tags

    def after(self, step: Step) -> Found:
        """What the next step of the plan finds."""
        changes = [change for update in step.arguments.get("ReplicaUpdates") or () for change in update.items()]
        come, gone = ({what.get("RegionName", "") for verb, what in changes if verb == each} for each in CAME_AND_WENT)
        return self._replace(
            replicas=(self.replicas | come) - gone,
            is_empty=self.is_empty or step.call == "CreateTable",
            had_both_modes=False if step.call == "CreateTable" else self.had_both_modes,
            had_both_classes=False if step.call == "CreateTable" else self.had_both_classes,
            made=self.made | come | ({step.region} if step.call in MAKING else set()),
            tagged=self.tagged | ({step.region} if step.call in ("TagResource", "UntagResource") else set()),
        )


class Foretold(NamedTuple):
    """What a step will come to. ``blocks``, ``spends``, ``final`` and ``loses`` are sentences, or empty.

    ``alongside``: the next steps do not wait for its end, but the run does.
    """

    effects: tuple[str, ...]
    permissions: tuple[str, ...]
    seconds: Seconds
    alongside: bool = False
    blocks: str = ""
    spends: str = ""
    final: str = ""
    loses: str = ""


def foretell_all(steps: Iterable[Step], found: Found) -> Iterator[Foretold]:
    """What each step of a plan will come to, after those before it."""
    for step in steps:
        yield foretell(step, found)
        found = found.after(step)


def foretell(step: Step, found: Found = Found()) -> Foretold:  # noqa: B008
    """What a step will come to, by its call and by what it finds. Of an empty table nothing is lost."""
    kind = _CALLS.get(step.call, _other)(step, found)
    if found.is_empty:
        kind = kind._replace(loses="")
    effects = (kind.effect, *((IRREVERSIBLE,) if kind.final else ()), *((LOSSY,) if kind.loses else ()))
    return Foretold(effects, tuple(permissions_of(step)), *kind[1:])


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
    """How long steps take one after the other, until the end of the last and of each that goes on alongside."""
    sequence = ends = Seconds(0, 0)
    for each in foretold:
        end = Seconds(sequence.shortest + each.seconds.shortest, sequence.longest + each.seconds.longest)
        ends = Seconds(max(ends.shortest, end.shortest), max(ends.longest, end.longest))
        sequence = sequence if each.alongside else end
    return ends


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
    alongside: bool = False
    blocks: str = ""
    spends: str = ""
    final: str = ""
    loses: str = ""


def _looked(shortest: int, longest: int) -> Seconds:
    """As long as AWS was measured to take, and until a run sees that: it looks again after half of its wait, or 5 s."""
    return Seconds(shortest, longest + min(LONGEST_POLL, -(-longest // 2)))


Arguments = Mapping[str, Any]

AT_ONCE = Seconds(0, 2)
SEEN_LATE = Seconds(1, 5)  # rule tags-are-read-late; a policy is too
AMONG_MEMBERS = _looked(30, 58)  # rule members-are-busy-together
TABLE_WAITS = "other changes of the table and its deletion wait"


def _other(_step: Step, _found: Found) -> _Kind:
    return _Kind(CHANGE, AT_ONCE)


def _create_table(step: Step, _found: Found) -> _Kind:
    """How long local indexes take was not measured: as none, or as global ones."""
    is_indexed = "GlobalSecondaryIndexes" in step.arguments or "VectorIndexes" in step.arguments
    most = 22 if is_indexed or "LocalSecondaryIndexes" in step.arguments else 10
    seconds = _looked(14 if is_indexed else 1, most)
    return _Kind(CREATE, seconds, blocks="the table takes no other change")


def _made_from_elsewhere(step: Step, _found: Found) -> _Kind:
    seconds = _looked(100, 221) if step.call == "ImportTable" else _looked(81, 767)
    return _Kind(CREATE, seconds, blocks="the table takes no other change; many items take longer")


def _delete_table(_step: Step, found: Found) -> _Kind:
    recovery = found.parts.get("point_in_time_recovery") or {}
    kept = ", but for the backup of 35 days that recovery leaves" if recovery.get("enabled") else ""
    return _Kind(
        DELETE,
        _looked(3, 11),
        blocks="the name is taken",
        final="a deleted table does not come back",
        loses=f"all items{kept}",
    )


def _update_table(step: Step, found: Found) -> _Kind:
    """Each concern has a call of its own, but for billing, capacities and the maximum.

    A change of a table with replicas keeps all members busy (rule members-are-busy-together).
    """
    concern = next((each for member, each in _CONCERNS.items() if member in step.arguments), None)
    kind = concern(step, found) if concern else _Kind(CHANGE, _looked(1, 6), blocks=TABLE_WAITS)
    alone = "SSESpecification" in step.arguments or "ReplicaUpdates" in step.arguments or kind.alongside
    if not found.replicas or alone:
        return kind
    seconds = Seconds(*map(max, zip(kind.seconds, AMONG_MEMBERS)))
    return kind._replace(seconds=seconds, blocks=kind.blocks or "changes of all members are refused")


def _indexes(step: Step, found: Found) -> _Kind:
    arguments = step.arguments
    updates = [*arguments.get("GlobalSecondaryIndexUpdates", []), *arguments.get("VectorIndexUpdates", [])]
    if any("Create" in update for update in updates):
        # rules an-index-keeps-others-waiting, a-vector-index-is-built-late
        blocks = "DeleteTable and changes of other indexes are refused; many items take longer"
        return _Kind(CREATE, _looked(506, 1003), blocks=blocks)
    if any("Delete" in update for update in updates):
        # rule an-index-keeps-its-shape
        blocks = "changes of other indexes and DeleteTable are refused; queries on it fail until it is built anew"
        return _Kind(DELETE, _looked(2, 7), blocks=blocks)
    warmed = [update["Update"] for update in updates if "WarmThroughput" in update.get("Update", {})]
    if warmed:
        return _warmth_of(f"index {warmed[0].get('IndexName')}", found)
    return _capacity(step, found)


def _capacity(step: Step, found: Found) -> _Kind:
    """Rules billing-carries-capacities, decreases-are-counted, switches-to-on-demand-are-counted."""
    arguments = step.arguments
    spends = [_decrease(arguments, found)]
    seconds = _looked(2, 7) if "GlobalSecondaryIndexUpdates" in arguments else _looked(1, 3)
    if "BillingMode" in arguments:
        seconds = _billing(arguments, found)
        if arguments["BillingMode"] == "PAY_PER_REQUEST":
            spends.append(_spends(4, "switches to on demand in 24 hours", found.had_both_modes))
    return _Kind(CHANGE, seconds, blocks=TABLE_WAITS, spends=" and ".join(filter(None, spends)))


def _billing(arguments: Arguments, found: Found) -> Seconds:
    """Rule a-mode-comes-back-soon."""
    if found.had_both_modes:
        return _looked(2, 6)
    if arguments["BillingMode"] != "PAY_PER_REQUEST":
        first = _looked(54, 161)
    elif found.replicas:
        first = _looked(107, 218)
    else:
        first = _looked(107 if arguments.keys() <= {"TableName", "BillingMode"} else 16, 172)
    return first if found.had_both_modes is False else first._replace(shortest=2)


def _decrease(arguments: Arguments, found: Found) -> str:
    """A decrease, and how many are left where AWS tells how many were made; the table and each index have their own."""
    lower = [""] if _lowers(arguments.get("ProvisionedThroughput", {}), found.parts) else []
    for update in arguments.get("GlobalSecondaryIndexUpdates", []):
        change = update.get("Update", {})
        index = f"index {change.get('IndexName')}"
        lower += [index] if _lowers(change.get("ProvisionedThroughput", {}), found.parts.get(index) or {}) else []
    made = [found.decreases[each] for each in lower if each in found.decreases]
    number = DECREASES_A_DAY - max(made, default=0)
    left = f", {number} left today" if number > 0 else ", none left today but one an hour"
    left = left if made else ""
    return f"one of {DECREASES_A_DAY} decreases of capacity a UTC day{left}" if lower else ""


def _lowers(units: Mapping[str, int], observed: Mapping[str, Any]) -> bool:
    pairs = (("ReadCapacityUnits", "read_capacity"), ("WriteCapacityUnits", "write_capacity"))
    return any(units[unit] < (observed.get(part) or 0) for unit, part in pairs if unit in units)


def _replicas(step: Step, found: Found) -> _Kind:
    arguments = step.arguments
    updates = arguments.get("ReplicaUpdates", [])
    blocks = "changes of all members are refused"  # rule members-are-busy-together
    strong = len(updates) > 1 or "GlobalTableWitnessUpdates" in arguments
    if any("Delete" in update for update in updates):
        seconds = _looked(55, 70) if strong else _looked(97, 244)
        return _Kind(DELETE, seconds, blocks=blocks, loses="the items of that region, which the others keep")
    if any("Create" in update for update in updates):
        blocks = f"{blocks}; many items take longer"
        if arguments.get("MultiRegionConsistency") == "STRONG":
            final = "a strongly consistent table keeps its regions"  # rule strong-regions-are-frozen
            return _Kind(CREATE, _looked(15, 86), blocks=blocks, final=final)
        return _Kind(CREATE, _replication(found), blocks=blocks)
    return _Kind(CHANGE, AMONG_MEMBERS, blocks=blocks)


def _replication(found: Found) -> Seconds:
    """One item takes minutes. No item is sure for a new table alone (rule items-are-counted-late)."""
    if found.items:
        return _looked(562, 686)
    return _looked(14, 49 if found.is_empty else 686)


def _warmth(_step: Step, found: Found) -> _Kind:
    return _warmth_of("", found)


def _warmth_of(part: str, found: Found) -> _Kind:
    """Rules warm-throughput-only-grows, warm-throughput-settles-late."""
    seconds = _looked(2, 3) if part in found.raised else _looked(271, 514)
    final = "warm throughput cannot be lowered, and is paid"
    return _Kind(CHANGE, seconds, alongside=True, blocks="DeleteTable is refused", final=final)


def _class(_step: Step, found: Found) -> _Kind:
    """Rule class-changes-are-counted."""
    spends = _spends(2, "changes of the class in 30 days", found.had_both_classes)
    return _Kind(CHANGE, _looked(3, 46), blocks=TABLE_WAITS, spends=spends)


def _spends(number: int, quota: str, some_are_spent: bool | None) -> str:
    """One of a quota of which DescribeTable shows no more than that nothing was spent yet."""
    left = "AWS does not tell how many are left" if some_are_spent in (None, True) else f"{number} left"
    return f"one of {number} {quota}, {left}"


def _encryption(_step: Step, found: Found) -> _Kind:
    """Rules encryption-settles-on-its-own, encryption-changes-are-counted."""
    spends = _spends(4, "changes of encryption in 24 hours", None if not found.made else False)
    return _Kind(CHANGE, _looked(21, 24), blocks="DeleteTable is refused", spends=spends)


def _stream(step: Step, _found: Found) -> _Kind:
    if step.arguments["StreamSpecification"].get("StreamEnabled"):
        return _Kind(CHANGE, _looked(3, 8), blocks=TABLE_WAITS)
    # rule another-view-is-another-stream
    final, loses = "the stream that comes next has another ARN", "what readers did not read within 24 hours"
    return _Kind(DELETE, _looked(3, 8), blocks=TABLE_WAITS, final=final, loses=loses)


def _protection(_step: Step, _found: Found) -> _Kind:
    return _Kind(CHANGE, AT_ONCE, blocks="protection cannot change again for 15 s")


def _expiry(step: Step, _found: Found) -> _Kind:
    """Rule expiry-changes-once-an-hour."""
    blocks = "time to live cannot change again for up to an hour"
    specification = step.arguments.get("TimeToLiveSpecification") or {}
    if not specification.get("Enabled"):
        return _Kind(CHANGE, AT_ONCE, blocks=blocks)
    return _Kind(CHANGE, AT_ONCE, blocks=blocks, loses=f"items whose {specification.get('AttributeName')} has passed")


def _recovery(step: Step, found: Found) -> _Kind:
    """Rule backups-come-after-the-table."""
    wanted = step.arguments.get("PointInTimeRecoverySpecification") or {}
    seconds = Seconds(0, 8) if step.region in found.made else AT_ONCE
    if wanted.get("PointInTimeRecoveryEnabled"):
        before = (found.parts.get("point_in_time_recovery") or {}).get("recovery_period_in_days") or 0
        shorter = wanted.get("RecoveryPeriodInDays", 35) < before
        final, loses = ("earlier days do not come back", "what is older than the new period") if shorter else ("", "")
        return _Kind(CHANGE, seconds, final=final, loses=loses)
    return _Kind(
        DELETE, seconds, final="recovery that is on again begins anew", loses="every earlier point of recovery"
    )


def _tags(step: Step, found: Found) -> _Kind:
    """Rule tags-are-locked-after-a-write. The tags of a region that the plan has just changed are still locked."""
    seconds = Seconds(2, 9) if step.region in found.tagged else SEEN_LATE
    effect = DELETE if step.call == "UntagResource" else CHANGE
    return _Kind(effect, seconds, alongside=True, blocks="tags and DeleteTable wait for 2 s")


def _policy(step: Step, _found: Found) -> _Kind:
    """Rule policy-cools-down."""
    effect = DELETE if step.call == "DeleteResourcePolicy" else CHANGE
    return _Kind(effect, SEEN_LATE, alongside=True, blocks="the policy cannot change again for 15 s")


def _kinesis(step: Step, _found: Found) -> _Kind:
    seconds = _looked(124, 152) if step.call.startswith("Update") else _looked(2, 8)
    return _Kind(CHANGE, seconds, blocks="the destination takes no other change")


def _kinesis_goes(_step: Step, _found: Found) -> _Kind:
    return _Kind(DELETE, _looked(1, 2), blocks="the destination takes no other change")


def _creation(_step: Step, _found: Found) -> _Kind:
    return _Kind(CREATE, AT_ONCE)


def _removal(_step: Step, _found: Found) -> _Kind:
    return _Kind(DELETE, AT_ONCE)


def _version_goes(_step: Step, _found: Found) -> _Kind:
    return _Kind(DELETE, AT_ONCE, final="IAM keeps no deleted version", loses="the words of that version")


def _put_item(_step: Step, found: Found) -> _Kind:
    return _Kind(CHANGE, AT_ONCE, loses="the item that is there now") if found.is_there else _Kind(CREATE, AT_ONCE)


def _delete_item(_step: Step, _found: Found) -> _Kind:
    return _Kind(DELETE, AT_ONCE, final="a deleted item does not come back", loses="the item")


def _environment(_step: Step, _found: Found) -> _Kind:
    return _Kind(CHANGE, Seconds(1, 60), blocks="the function takes no other update")


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


Telling = Callable[[Step, Found], _Kind]
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
    "OnDemandThroughput": _other,
    "DisassociationProtectionEnabled": _other,
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
    "UpdateContributorInsights": _other,
    "TagResource": _tags,
    "UntagResource": _tags,
    "PutResourcePolicy": _policy,
    "DeleteResourcePolicy": _policy,
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

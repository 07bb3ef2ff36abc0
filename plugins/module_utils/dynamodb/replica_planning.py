# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Steps for the replicas of a global table, one after the other (rule one-replica-at-a-time)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .. import tags
from ..plan import Step
from . import replica_rules, requests, wording
from .parts import point_in_time_recovery
from .replica_options import REGIONAL, RESET_BY_THE_TABLE
from .table import NEW, STRONG, Replica, Table


def delete(desired: Table, observed: Table) -> Iterator[Step]:
    """Before the rest, which replicas may forbid (rule replicas-freeze-the-stream)."""
    gone = [live for live in observed.replicas if desired.replica(live.region_name) is None]
    if gone and observed.multi_region_consistency == STRONG:
        yield _delete_all(observed)
    else:
        for live in gone:
            change = [{"Delete": {"RegionName": live.region_name}}]
            yield _update(observed, change, f"delete the replica of {observed.name} in {live.region_name}")


def replicas(desired: Table, observed: Table) -> Iterator[Step]:
    """New ones first, then what differs, then what each region keeps for itself."""
    new = replica_rules.new(desired, observed)
    if new and desired.multi_region_consistency == STRONG:
        yield _create_all(desired, observed, new)
    else:
        for replica in new:
            sentence = f"replicate {observed.name} {wording.replica(replica)}"
            yield _update(observed, [{"Create": requests.create_replica(replica)}], sentence)
    for replica in desired.replicas:
        there = observed.replica(replica.region_name)
        if there:
            by_then = _after_the_table(replica, there, desired, observed)
            change = requests.update_replica(replica, by_then, desired)
            if change:
                yield _update(
                    observed,
                    [{"Update": change}],
                    f"change the replica of {observed.name} {_words(replica, by_then)}",
                    look_first=by_then != there,
                )
        yield from _regional(replica, there or _new(replica), observed)


def keys(desired: Table, observed: Table) -> Iterator[Step]:
    """Keys of one's own in one call that names every member (rule keys-of-a-global-table-change-together)."""
    pairs = replica_rules.staying(desired, observed)
    others = any(replica.kms_master_key != live.kms_master_key for replica, live in pairs)
    if not (others or desired.encryption != observed.encryption):
        return
    members = [(_region(observed), desired.encryption.key)]
    members += [(replica.region_name, replica.kms_master_key) for replica, _live in pairs]
    changes = [{"Update": {"RegionName": region, "KMSMasterKeyId": key}} for region, key in members]
    told = ", ".join(f"in {region} with the key {key}" for region, key in members)
    yield _update(observed, changes, f"encrypt {observed.name} {told}")


def _after_the_table(replica: Replica, live: Replica, desired: Table, observed: Table) -> Replica:
    """The live replica when the table has changed, which gives it the table's units and class.

    AWS documents that (rule table-resets-replicas): what nobody declared then stays as AWS makes it.
    """
    reads = desired.throughput and observed.throughput and desired.throughput.read != observed.throughput.read
    maximum = desired.on_demand_throughput.read != observed.on_demand_throughput.read
    if desired.table_class != observed.table_class and "table_class" in replica.declared:
        live = replace(live, table_class=desired.table_class)
    if reads and "read_capacity" in replica.declared:
        live = replace(live, read_capacity=None)
    if maximum and "max_read_request_units" in replica.declared:
        live = replace(live, max_read_request_units=None)
    return live


def _words(replica: Replica, live: Replica) -> str:
    """Where the replica is, and what of it changes."""
    changed = {option: getattr(replica, option) for option in RESET_BY_THE_TABLE}
    changed = {option: value for option, value in changed.items() if value != getattr(live, option)}
    cleared = replica.read_capacity is None and live.read_capacity is not None
    cleared = cleared or (replica.max_read_request_units is None and live.max_read_request_units is not None)
    told = wording.replica(Replica(replica.region_name, **changed))
    return told + (", with the read units of the table" if cleared else "")


def _new(replica: Replica) -> Replica:
    """What a region keeps of a replica that was just made (rule regions-keep-their-own)."""
    return Replica(replica.region_name, **{part: getattr(NEW, part) for part in REGIONAL})


def _regional(wanted: Replica, live: Replica, observed: Table) -> Iterator[Step]:
    region, name = wanted.region_name, observed.name
    protected = wanted.deletion_protection_enabled
    if protected is not None and protected != live.deletion_protection_enabled:
        verb = "protect" if protected else "no longer protect"
        arguments = {"TableName": name, "DeletionProtectionEnabled": protected}
        sentence = f"{verb} the replica of {name} in {region} against deletion"
        yield Step("dynamodb", "UpdateTable", arguments, sentence, lengthy=True, region=region)
    recovery = wanted.point_in_time_recovery
    if recovery is not None and recovery != live.point_in_time_recovery:
        yield point_in_time_recovery.step(name, recovery, region)
    yield from tags.steps(_arn(observed, region), f"{name} in {region}", wanted.tags, live.tags, region)


def _region(observed: Table) -> str:
    """The region of a live table, which is in its ARN."""
    return observed.arn.split(":")[3]


def _arn(observed: Table, region: str) -> str:
    """A replica has its table's ARN, but for the region."""
    parts = observed.arn.split(":")
    return ":".join([*parts[:3], region, *parts[4:]]) if observed.live else observed.arn


def _create_all(desired: Table, observed: Table, new: list[Replica]) -> Step:
    """Strong consistency takes all replicas and the witness in one call (rule strong-consistency-is-born-whole)."""
    arguments: dict[str, Any] = {
        "TableName": observed.name,
        "ReplicaUpdates": [{"Create": requests.create_replica(replica)} for replica in new],
        "MultiRegionConsistency": STRONG,
    }
    told = " and ".join(wording.replica(replica) for replica in new)
    if desired.witness_region:
        arguments["GlobalTableWitnessUpdates"] = [{"Create": {"RegionName": desired.witness_region}}]
        told += f", with a witness in {desired.witness_region}"
    return Step(
        "dynamodb", "UpdateTable", arguments, f"replicate {observed.name} {told}, strongly consistent", lengthy=True
    )


def _delete_all(observed: Table) -> Step:
    """As they came: a strongly consistent table loses all its regions in one call."""
    arguments: dict[str, Any] = {
        "TableName": observed.name,
        "ReplicaUpdates": [{"Delete": {"RegionName": replica.region_name}} for replica in observed.replicas],
    }
    told = f"delete the replicas of {observed.name} in {', '.join(each.region_name for each in observed.replicas)}"
    if observed.witness_region:
        arguments["GlobalTableWitnessUpdates"] = [{"Delete": {"RegionName": observed.witness_region}}]
        told += f", and the witness in {observed.witness_region}"
    return Step("dynamodb", "UpdateTable", arguments, told, lengthy=True)


def _update(observed: Table, change: Sequence[Mapping[str, Any]], sentence: str, look_first: bool = False) -> Step:
    arguments = {"TableName": observed.name, "ReplicaUpdates": change}
    return Step("dynamodb", "UpdateTable", arguments, sentence, lengthy=True, look_first=look_first)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Steps for the replicas of a global table, one after the other (rule one-replica-at-a-time)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .. import tags
from ..plan import Step, in_region, region_of
from . import replica_rules, requests, wording
from .parts import point_in_time_recovery
from .replica_options import REGIONAL, RESET_BY_THE_TABLE
from .table import NEW, STRONG, Replica, Table


def delete(desired: Table, observed: Table) -> Iterator[Step]:
    """Deletions, which come before steps that replicas may forbid (rule replicas-freeze-the-stream)."""
    gone = [replica for replica in observed.replicas if desired.replica(replica.region_name) is None]
    if gone and observed.multi_region_consistency == STRONG:
        yield _delete_all(observed)
    else:
        for replica in gone:
            sentence = f"delete the replica of {observed.name} in {replica.region_name}"
            yield _update_replicas(observed, [{"Delete": {"RegionName": replica.region_name}}], sentence)


def replicas(desired: Table, observed: Table) -> Iterator[Step]:
    """New replicas first, then what differs in others; of each, also what its region keeps for itself."""
    new = replica_rules.new(desired, observed)
    if new and desired.multi_region_consistency == STRONG:
        yield _create_all(desired, observed, new)
    else:
        for replica in new:
            sentence = f"replicate {observed.name} {wording.replica(replica)}"
            yield _update_replicas(observed, [{"Create": requests.create_replica(replica)}], sentence)
    for replica in desired.replicas:
        before = observed.replica(replica.region_name)
        if before:
            by_then = _after_the_table(replica, before, desired, observed)
            change = requests.update_replica(replica, by_then, desired)
            if change:
                yield _update_replicas(
                    observed,
                    [{"Update": change}],
                    f"change the replica of {observed.name} {_words(replica, by_then)}",
                    look_first=by_then != before,
                )
        yield from _regional(replica, before or _new(replica), observed)


def keys(desired: Table, observed: Table) -> Iterator[Step]:
    """Keys of one's own in one call that names every member (rule keys-of-a-global-table-change-together)."""
    pairs = replica_rules.staying(desired, observed)
    others = any(replica.kms_master_key != before.kms_master_key for replica, before in pairs)
    if not (others or desired.encryption != observed.encryption):
        return
    members = [(region_of(observed.arn), desired.encryption.key)]
    members += [(replica.region_name, replica.kms_master_key) for replica, _before in pairs]
    changes = [{"Update": {"RegionName": region, "KMSMasterKeyId": key}} for region, key in members]
    places = ", ".join(f"in {region} with the key {key}" for region, key in members)
    yield _update_replicas(observed, changes, f"encrypt {observed.name} {places}")


def _after_the_table(replica: Replica, before: Replica, desired: Table, observed: Table) -> Replica:
    """The observed replica once the table has changed, which gives the table's units and class to the replica.

    AWS documents this (rule table-resets-replicas). A part that nobody declared then stays as AWS makes it.
    """
    reads = desired.throughput and observed.throughput and desired.throughput.read != observed.throughput.read
    maximum = desired.on_demand_throughput.read != observed.on_demand_throughput.read
    if desired.table_class != observed.table_class and "table_class" in replica.declared:
        before = replace(before, table_class=desired.table_class)
    if reads and "read_capacity" in replica.declared:
        before = replace(before, read_capacity=None)
    if maximum and "max_read_request_units" in replica.declared:
        before = replace(before, max_read_request_units=None)
    return before


def _words(replica: Replica, before: Replica) -> str:
    """Words for where the replica is, and for what of it changes."""
    changed = {option: getattr(replica, option) for option in RESET_BY_THE_TABLE}
    changed = {option: value for option, value in changed.items() if value != getattr(before, option)}
    cleared = replica.read_capacity is None and before.read_capacity is not None
    cleared = cleared or (replica.max_read_request_units is None and before.max_read_request_units is not None)
    words = wording.replica(Replica(replica.region_name, **changed))
    return words + (", with the read units of the table" if cleared else "")


def _new(replica: Replica) -> Replica:
    """The parts that a region keeps of a replica that was just made (rule regions-keep-their-own)."""
    return Replica(replica.region_name, **{part: getattr(NEW, part) for part in REGIONAL})


def _regional(after: Replica, before: Replica, observed: Table) -> Iterator[Step]:
    """The steps that a replica takes in its own region."""
    region, name = after.region_name, observed.name
    protected = after.deletion_protection_enabled
    if protected is not None and protected != before.deletion_protection_enabled:
        verb = "protect" if protected else "no longer protect"
        arguments = {"TableName": name, "DeletionProtectionEnabled": protected}
        sentence = f"{verb} the replica of {name} in {region} against deletion"
        yield Step("dynamodb", "UpdateTable", arguments, sentence, lengthy=True, region=region)
    recovery = after.point_in_time_recovery
    if recovery is not None and recovery != before.point_in_time_recovery:
        yield point_in_time_recovery.step(name, recovery, region)
    yield from tags.steps(_arn(observed, region), f"{name} in {region}", after.tags, before.tags, region)


def _arn(observed: Table, region: str) -> str:
    """The ARN of a replica: that of its table, but for the region."""
    return in_region(observed.arn, region) if observed.live else observed.arn


def _create_all(desired: Table, observed: Table, new: list[Replica]) -> Step:
    """The one call for all replicas and the witness (rule strong-consistency-is-born-whole)."""
    change: dict[str, Any] = {
        "ReplicaUpdates": [{"Create": requests.create_replica(replica)} for replica in new],
        "MultiRegionConsistency": STRONG,
    }
    words = " and ".join(wording.replica(replica) for replica in new)
    if desired.witness_region:
        change["GlobalTableWitnessUpdates"] = [{"Create": {"RegionName": desired.witness_region}}]
        words += f", with a witness in {desired.witness_region}"
    return requests.update_table(observed, change, f"replicate {observed.name} {words}, strongly consistent")


def _delete_all(observed: Table) -> Step:
    """The one call for all regions of a strongly consistent table, which loses them together."""
    change: dict[str, Any] = {
        "ReplicaUpdates": [{"Delete": {"RegionName": replica.region_name}} for replica in observed.replicas],
    }
    sentence = f"delete the replicas of {observed.name} in {', '.join(each.region_name for each in observed.replicas)}"
    if observed.witness_region:
        change["GlobalTableWitnessUpdates"] = [{"Delete": {"RegionName": observed.witness_region}}]
        sentence += f", and the witness in {observed.witness_region}"
    return requests.update_table(observed, change, sentence)


def _update_replicas(
    observed: Table, changes: Sequence[Mapping[str, Any]], sentence: str, look_first: bool = False
) -> Step:
    return requests.update_table(observed, {"ReplicaUpdates": changes}, sentence, look_first=look_first)

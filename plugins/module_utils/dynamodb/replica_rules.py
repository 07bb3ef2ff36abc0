# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Rules for the replicas of a global table, given the observed table.

Each rule yields a sentence for each fault of a change; a task is refused with the first one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable

from ..plan import Impossible
from .table import MANAGED_KEY, PROVISIONED, STRONG, Replica, Table


def refuse(desired: Table, observed: Table) -> None:
    """Raise Impossible for what DynamoDB cannot do with replicas."""
    for rule in RULES:
        for sentence in rule(desired, observed):
            raise Impossible(sentence)


def staying(desired: Table, observed: Table) -> list[tuple[Replica, Replica]]:
    """The replicas that are there and stay, each as desired and as observed."""
    pairs = [(desired.replica(before.region_name), before) for before in observed.replicas]
    return [(replica, before) for replica, before in pairs if replica]


def new(desired: Table, observed: Table) -> list[Replica]:
    """The replicas that are not there yet."""
    return [replica for replica in desired.replicas if observed.replica(replica.region_name) is None]


def has_key_of_ones_own(table: Table) -> bool:
    """Whether a key of one's own may encrypt the table: its ARN looks like that of AWS's key of the account."""
    return table.encryption.key not in (None, MANAGED_KEY)


def _protected(desired: Table, observed: Table) -> Iterator[str]:
    """Deletion of a protected replica (rule a-protected-replica-stays)."""
    for replica in observed.replicas:
        if replica.deletion_protection_enabled and desired.replica(replica.region_name) is None:
            yield (
                f"purge_replicas: the replica in {replica.region_name} is protected against deletion; first declare it "
                "with deletion_protection_enabled: false"
            )


def _partly_strong(desired: Table, observed: Table) -> Iterator[str]:
    """Some other regions for a strongly consistent table (rule strong-regions-are-frozen)."""
    if observed.multi_region_consistency != STRONG or not observed.replicas or not desired.replicas:
        return
    regions = {replica.region_name for replica in desired.replicas}
    if regions != {replica.region_name for replica in observed.replicas}:
        yield (
            "replicas: a strongly consistent table cannot change some of its regions; first remove all of them with "
            "replicas: [] and purge_replicas: true"
        )


def _another_consistency(desired: Table, observed: Table) -> Iterator[str]:
    """Another consistency, or another witness, for a table with replicas (rule strong-regions-are-frozen)."""
    if not observed.replicas or observed.multi_region_consistency != STRONG or not desired.replicas:
        return
    if desired.multi_region_consistency != STRONG:
        yield (
            f"multi_region_consistency: {observed.name} is strongly consistent, and stays so while it has replicas; "
            "first remove all of them with replicas: [] and purge_replicas: true"
        )
    elif desired.witness_region != observed.witness_region:
        place = f"in {observed.witness_region}" if observed.witness_region else "in no region"
        yield (
            f"witness_region: {observed.name} has its witness {place}, and keeps that while it has replicas; "
            "first remove all of them with replicas: [] and purge_replicas: true"
        )


def _weak(desired: Table, observed: Table) -> Iterator[str]:
    """Strong consistency of a table with replicas, or with too few (rule strong-consistency-is-born-whole)."""
    if desired.multi_region_consistency != STRONG:
        return
    if observed.replicas and observed.multi_region_consistency != STRONG:
        yield (
            "multi_region_consistency: only a table without replicas can become strongly consistent; remove them first "
            "with purge_replicas: true"
        )
    if len(desired.replicas) + (1 if desired.witness_region else 0) != 2:
        yield (
            "multi_region_consistency: STRONG takes exactly two replicas, or one and a witness_region, and "
            f"{len(desired.replicas)} replicas are declared; declare those, or leave it out"
        )


def _becoming_strong(desired: Table, observed: Table) -> Iterator[str]:
    """Strong consistency of a table with local indexes or items (rule strong-consistency-begins-empty)."""
    if desired.multi_region_consistency != STRONG or observed.multi_region_consistency == STRONG:
        return
    if desired.local_indexes:
        yield (
            f"multi_region_consistency: {desired.name} has the local index {desired.local_indexes[0].name}, and a "
            "strongly consistent table has none; leave it out"
        )
    items = observed.live.description.get("ItemCount") if observed.live else 0
    if items:
        yield (
            f"multi_region_consistency: {observed.name} has items ({items} were counted), and only an empty table can "
            "become strongly consistent; declare another table, and copy the items"
        )


def _expiry(desired: Table, observed: Table) -> Iterator[str]:
    """Expiry of the items of a strongly consistent table (rule strong-consistency-without-expiry)."""
    before = observed.time_to_live if observed.multi_region_consistency == STRONG else None
    after = desired.time_to_live
    if desired.multi_region_consistency == STRONG and after and after.enabled and after != before:
        yield "time_to_live: items of a strongly consistent table do not expire; declare time_to_live.enabled: false"


def _witness(desired: Table, _observed: Table) -> Iterator[str]:
    """A witness in a replica's region, or of a table that is not strongly consistent (rule a-witness-stands-apart)."""
    if desired.witness_region and desired.multi_region_consistency != STRONG:
        yield "witness_region: only a table of multi_region_consistency: STRONG has a witness; remove it"
    if desired.witness_region and desired.replica(desired.witness_region):
        yield f"witness_region: there is a replica in {desired.witness_region}; give a region without one"


def _stream(desired: Table, observed: Table) -> Iterator[str]:
    """Another stream of a global table, which DynamoDB begins itself (rule replicas-freeze-the-stream)."""
    if observed.multi_region_consistency == STRONG or desired.stream == observed.stream:
        return
    regions = [replica.region_name for replica, _before in staying(desired, observed)]
    if regions:
        view = observed.stream.view_type if observed.stream.enabled else "no stream"
        yield (
            f"stream_specification: {observed.name} has replicas in {', '.join(regions)}, and keeps its stream "
            f"({view}) while it has them; declare it so, or leave it out"
        )


def _keys(desired: Table, observed: Table) -> Iterator[str]:
    """Keys of one's own for some members of a global table (rule keys-of-a-global-table-change-together)."""
    pairs = staying(desired, observed)
    others = any(replica.kms_master_key != before.kms_master_key for replica, before in pairs)
    if not has_key_of_ones_own(desired) or not (others or desired.encryption != observed.encryption):
        return
    for replica, _before in pairs:
        if not replica.kms_master_key:
            yield (
                f"replicas[{replica.region_name}].kms_master_key_id: the keys of a table and of all its replicas "
                "change together; declare that of this replica too"
            )


def _capacity(desired: Table, observed: Table) -> Iterator[str]:
    """New replicas of a table whose writes nothing scales, since this run makes it, or makes it PROVISIONED.

    Rule replicas-need-write-scaling.
    """
    scaled = observed.live and observed.billing_mode == PROVISIONED
    if desired.billing_mode == PROVISIONED and new(desired, observed) and not scaled:
        yield (
            "replicas: DynamoDB replicates a PROVISIONED table only where Application Auto Scaling scales its writes, "
            "which cannot be before the table is there; declare billing_mode: PAY_PER_REQUEST, or the replicas later"
        )


def _leaving(desired: Table, _observed: Table) -> Iterator[str]:
    """No protection of a table that cannot leave its replicas (rule leaving-is-protected-by-default)."""
    if desired.disassociation_protection_enabled:
        return
    if not desired.replicas:
        yield (
            f"disassociation_protection_enabled: table {desired.name} has no replicas, and nothing to leave; declare "
            "them, or leave it out"
        )
    elif desired.multi_region_consistency == STRONG:
        yield ("disassociation_protection_enabled: a strongly consistent table cannot leave its replicas; leave it out")


RULES: tuple[Callable[[Table, Table], Iterator[str]], ...] = (
    _protected,
    _partly_strong,
    _another_consistency,
    _weak,
    _becoming_strong,
    _expiry,
    _witness,
    _stream,
    _keys,
    _capacity,
    _leaving,
)

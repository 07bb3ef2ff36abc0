# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The steps from the observed table to the desired one, in an order that AWS accepts.

Pure: no Ansible, no AWS. What DynamoDB cannot do is refused here, before any call that writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..plan import Impossible, Plan, Step
from . import finding, index_planning, replica_planning, replica_rules, requests, vector_planning, wording
from .parts import (
    contributor_insights,
    deletion_protection_enabled,
    disassociation_protection_enabled,
    sse_specification,
    stream_specification,
    table_class,
)
from .quotas import refuse_decrease_over_quota
from .table import COMES_LATER, ON_DEMAND, Attribute, Origin, Table, warm_anyway, warmest
from .table_rules import check_table


def plan(
    desired: Table | None, observed: Table | None, recreate_indexes: bool = False, final_backup_name: str | None = None
) -> Plan:
    """Every step that turns ``observed`` into ``desired``; none if they are equal.

    Raises Impossible, naming the option and the remedy, for what DynamoDB cannot do.
    """
    if desired is None:
        return tuple(_delete(observed, final_backup_name)) if observed else ()
    check_table(desired, observed)
    if observed:
        return tuple(_update(desired, observed, recreate_indexes))
    return tuple(_restore(desired, desired.origin) if desired.origin else _create(desired))


def _create(desired: Table) -> Iterator[Step]:
    """CreateTable, then the steps for what it cannot carry."""
    sentence = f"create table {desired.name} with {wording.table(desired)}"
    yield Step("dynamodb", "CreateTable", requests.create_table(desired), sentence, lengthy=True)
    created = desired.as_new(COMES_LATER)
    yield from _update(desired, created, recreate_indexes=False)


def _restore(desired: Table, origin: Origin) -> Iterator[Step]:
    """A restore or an import, then the steps for what it does not bring (rule restored-tables-start-bare).

    A vector index that is not desired is left out: it would be built in vain
    (rule restored-vector-indexes-are-those-of-the-source).
    """
    vector_planning.refuse(desired, origin.table, recreate_indexes=False)
    arguments, sentence = dict(origin.arguments), origin.sentence
    left_out = [index.name for index in vector_planning.going(desired, origin.table)]
    staying = vector_planning.staying(desired, origin.table)
    if left_out:
        arguments["VectorIndexOverride"] = [requests.vector_index(index) for index in staying]
        sentence = f"{sentence}, without its vector index{'' if len(left_out) == 1 else 'es'} {', '.join(left_out)}"
    yield Step("dynamodb", origin.call, arguments, sentence, lengthy=True)
    yield from _update(desired, replace(origin.table, vector_indexes=staying), recreate_indexes=False)


def _update(desired: Table, observed: Table, recreate_indexes: bool) -> Iterator[Step]:
    """The steps in their order: what must be alone in its call is alone, and slow steps come late."""
    _refuse_changed_keys(desired, observed)
    index_planning.refuse(desired, observed, recreate_indexes)
    vector_planning.refuse(desired, observed, recreate_indexes)
    replica_rules.refuse(desired, observed)
    # An index that is being built keeps other steps waiting, unless it is deleted first.
    yield from index_planning.cancel(desired, observed)
    yield from _part("tags", desired, observed)
    yield from _part("resource_policy", desired, observed)
    # Protection comes before slow steps, its removal after them.
    if desired.deletion_protection_enabled:
        yield from deletion_protection_enabled.steps(desired, observed)
    yield from replica_planning.delete(desired, observed)
    # Deletions free index slots, and spare a switch to PROVISIONED the capacity of an index about to go
    # (rule deletions-come-first).
    yield from index_planning.delete(desired, observed)
    yield from vector_planning.delete(desired, observed)
    yield from table_class.steps(desired, observed)
    yield from stream_specification.steps(desired, observed)
    yield from _settings(desired, observed)
    yield from index_planning.maximums(desired, observed)
    if not desired.deletion_protection_enabled:
        yield from deletion_protection_enabled.steps(desired, observed)
    yield from index_planning.warm(desired, observed)
    yield from _warm(desired, observed)
    yield from index_planning.create(desired, observed)
    yield from vector_planning.create(desired, observed)
    yield from _encryption(desired, observed)
    # Recovery that was just enabled refuses a change of time to live for a while (rule expiry-before-recovery).
    yield from _part("time_to_live", desired, observed)
    yield from _part("point_in_time_recovery", desired, observed)
    yield from contributor_insights.steps(desired, observed)
    yield from _part("kinesis_streaming_destination", desired, observed)
    yield from replica_planning.replicas(desired, observed)
    yield from disassociation_protection_enabled.steps(desired, observed)


def _delete(observed: Table, final_backup_name: str | None) -> Iterator[Step]:
    """A last backup, then DeleteTable. Raises Impossible for a table that AWS would not delete.

    Rules a-table-with-replicas-stays and a-protected-table-stays.
    """
    if observed.deletion_protection_enabled:
        raise Impossible(
            f"state: table {observed.name} is protected against deletion; first run with state: present and "
            "deletion_protection_enabled: false"
        )
    if observed.replicas:
        regions = ", ".join(replica.region_name for replica in observed.replicas)
        raise Impossible(
            f"state: table {observed.name} has replicas in {regions}; first run with state: present, replicas: [] and "
            "purge_replicas: true"
        )
    if final_backup_name:
        arguments = {"TableName": observed.name, "BackupName": final_backup_name}
        sentence = f"back up table {observed.name} as {final_backup_name}"
        yield Step("dynamodb", "CreateBackup", arguments, sentence, lengthy=True, once=True)
    else:  # a backup would lack an index that is not built yet
        yield from index_planning.cancel(None, observed)
    items = observed.live.description.get("ItemCount") if observed.live else None
    held = f" and the {items} items counted in it" if items else ""
    yield Step(
        "dynamodb", "DeleteTable", {"TableName": observed.name}, f"delete table {observed.name}{held}", lengthy=True
    )


def _refuse_changed_keys(desired: Table, observed: Table) -> None:
    for role, after, before in (
        ("hash", desired.key_schema.hash, observed.key_schema.hash),
        ("range", desired.key_schema.range, observed.key_schema.range),
    ):
        if after != before:
            option = f"{role}_key_type" if _names(after) == _names(before) else f"{role}_key_name"
            raise Impossible(
                f"{option}: table {observed.name} has {wording.keys(observed.key_schema)}, and DynamoDB cannot change "
                "the keys of a table; declare these, or a table under another name"
            )


def _part(option: str, desired: Table, observed: Table) -> Iterator[Step]:
    """The steps of a part that differs."""
    if getattr(desired, option) != getattr(observed, option):
        yield from finding.asked(option).steps(desired, observed)


def _settings(desired: Table, observed: Table) -> Iterator[Step]:
    """The settings that share a call: billing with capacities of table and indexes, or with the maximum of the table.

    Rules billing-carries-capacities, maximum-travels-with-billing.
    """
    change: dict[str, Any] = {}
    clauses: list[str] = []
    name = f"table {observed.name}"
    if desired.billing_mode != observed.billing_mode:
        change["BillingMode"] = desired.billing_mode
        clauses.append(f"bill {name} {wording.mode(desired.billing_mode)}")
    if desired.throughput and desired.throughput != observed.throughput:
        refuse_decrease_over_quota(desired.throughput, observed.throughput, observed.live, "")
        change["ProvisionedThroughput"] = requests.throughput(desired.throughput)
        clauses.append(f"provision {name} with {wording.units(desired.throughput)}")
    updates, sentences = index_planning.capacities(desired, observed)
    if updates:
        change["GlobalSecondaryIndexUpdates"] = updates
        clauses.extend(sentences)
    after, before = desired.on_demand_throughput, observed.on_demand_throughput
    if desired.billing_mode == ON_DEMAND and after != before:  # the switch to PROVISIONED drops it
        change["OnDemandThroughput"] = requests.on_demand_throughput(after, before)
        clauses.append(f"give {name} {wording.maximum(after)}")
    if change:
        yield requests.update_table(observed, change, ", ".join(clauses))


def _warm(desired: Table, observed: Table) -> Iterator[Step]:
    """A raise of warm throughput, alone in its call. None while a raise is under way: reads show the old values.

    Rules warm-throughput-travels-alone, warm-throughput-settles-late.
    """
    after, before = desired.warm_throughput, warmest(warm_anyway(desired.throughput), observed.warm_throughput)
    more = requests.warm_throughput(after, before) if after else {}
    if more and after and "" not in observed.warming:
        sentence = f"warm table {observed.name} for {wording.warmth(after)}"
        yield requests.update_table(observed, {"WarmThroughput": more}, sentence)


def _encryption(desired: Table, observed: Table) -> Iterator[Step]:
    """Another key. Keys of one's own of a table with replicas change in replica_planning."""
    if replica_rules.staying(desired, observed) and replica_rules.has_key_of_ones_own(desired):
        yield from replica_planning.keys(desired, observed)
    else:
        yield from sse_specification.steps(desired, observed)


def _names(attributes: tuple[Attribute, ...]) -> list[str]:
    return [attribute.name for attribute in attributes]

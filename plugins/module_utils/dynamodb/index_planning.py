# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Steps for the indexes of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..plan import Impossible, Step
from . import requests, vector_planning, wording
from .quotas import refuse_decrease_over_quota
from .table import LOCAL, ON_DEMAND, Index, Table, warm_anyway, warmest


def refuse(desired: Table, observed: Table, recreate_indexes: bool) -> None:
    """Raise Impossible for changes that DynamoDB cannot make to an index, unless it may be recreated.

    Rule an-index-keeps-its-shape.
    """
    for index in observed.local_indexes:
        if desired.index(index.name) is None:
            raise Impossible(
                f"indexes[{index.name}]: a local index lives as long as its table; declare it, or set "
                "purge_indexes: false"
            )
    for index in desired.indexes:
        old = observed.index(index.name)
        if old is None and index.scope == LOCAL:
            raise Impossible(
                f"indexes[{index.name}].type: a local index can only be made together with its table; "
                "choose a global type"
            )
        if old is None or index.shape == old.shape:
            continue
        option, had, wants = _difference(index, old)
        if index.scope == LOCAL:
            raise Impossible(
                f"indexes[{index.name}].{option}: the index has {had}, {wants} was declared, and DynamoDB cannot "
                "change that, since a local index lives as long as its table; declare another index beside it"
            )
        if not recreate_indexes:
            raise Impossible(
                f"indexes[{index.name}].{option}: the index has {had}, {wants} was declared, and DynamoDB cannot "
                "change that; declare the new one under another name and remove this one with purge_indexes: true "
                "once nobody queries it, or let it be deleted and created again with recreate_indexes: true"
            )


def cancel(desired: Table | None, observed: Table) -> Iterator[Step]:
    """Delete an index that is still being built and is not desired as it is, in place of waiting for it.

    Rule an-index-in-allocation-stays. The table itself may have to go.
    """
    for name in sorted(observed.building):
        old, vectors = observed.index(name), observed.vector_index(name)
        if desired and (old is None or _stays(old, desired)) and vectors == desired.vector_index(name):
            continue
        kind = "vector index" if vectors else "global index"
        purpose = "" if desired else ", so that the table can be deleted"
        sentence = f"delete {kind} {name} of {observed.name}, which is still being built{purpose}"
        if vectors:
            yield vector_planning.deletion(name, observed, sentence, at_once=True)
        else:
            yield _delete(name, observed, sentence)._replace(at_once=True)


def delete(desired: Table, observed: Table) -> Iterator[Step]:
    """Deletions, one in a call (rule one-index-at-a-time), also of an index that is recreated."""
    for old in observed.global_indexes:
        index = desired.index(old.name)
        if old.name in observed.building:
            continue
        if index is None:
            yield _delete(old.name, observed, f"delete global index {old.name} of {observed.name}")
        elif index.shape != old.shape:
            sentence = (
                f"delete global index {old.name} of {observed.name} to create it anew: queries on it fail in between"
            )
            yield _delete(old.name, observed, sentence)


def create(desired: Table, observed: Table) -> Iterator[Step]:
    """Creations, one in a call, with the attributes of all keys so far (rule new-indexes-define-their-keys)."""
    staying = tuple(index for index in observed.indexes if _stays(index, desired))
    present = replace(observed, indexes=staying, vector_indexes=vector_planning.staying(desired, observed))
    for index in desired.global_indexes:
        if present.index(index.name) is None:
            present = replace(present, indexes=(*present.indexes, index))
            change = {
                "AttributeDefinitions": requests.attribute_definitions(present.attributes),
                "GlobalSecondaryIndexUpdates": [{"Create": requests.index(index)}],
            }
            sentence = f"create global index {wording.index(index)} on {observed.name}"
            yield requests.update_table(observed, change, sentence)


def capacities(desired: Table, observed: Table) -> tuple[list[dict[str, Any]], list[str]]:
    """Capacities of indexes, which share one call with those of the table (rule billing-carries-capacities)."""
    updates: list[dict[str, Any]] = []
    clauses: list[str] = []
    for index, old in _staying(desired, observed):
        if index.throughput and index.throughput != old.throughput:
            where = f"indexes[{index.name}]."
            refuse_decrease_over_quota(index.throughput, old.throughput, observed.live, where, index.name)
            change = {"ProvisionedThroughput": requests.throughput(index.throughput)}
            updates.append({"Update": {"IndexName": index.name, **change}})
            clauses.append(f"provision index {index.name} with {wording.units(index.throughput)}")
    return updates, clauses


def maximums(desired: Table, observed: Table) -> Iterator[Step]:
    """Maximums of all indexes in one call, apart from the table's (rule maximum-travels-with-billing)."""
    updates: list[dict[str, Any]] = []
    clauses: list[str] = []
    for index, old in _staying(desired, observed):
        after, before = index.on_demand_throughput, old.on_demand_throughput
        if desired.billing_mode == ON_DEMAND and after != before:
            change = {"OnDemandThroughput": requests.on_demand_throughput(after, before)}
            updates.append({"Update": {"IndexName": index.name, **change}})
            clauses.append(f"give index {index.name} of {observed.name} {wording.maximum(after)}")
    if updates:
        yield requests.update_table(observed, {"GlobalSecondaryIndexUpdates": updates}, ", ".join(clauses))


def warm(desired: Table, observed: Table) -> Iterator[Step]:
    """Raises of warm throughput, each alone in its call (rule warm-throughput-travels-alone), one at a time."""
    for index, old in _staying(desired, observed):
        after, before = index.warm_throughput, warmest(warm_anyway(index.throughput), old.warm_throughput)
        more = requests.warm_throughput(after, before) if after else {}
        if more and after and index.name not in observed.warming:
            update = {"IndexName": index.name, "WarmThroughput": more}
            sentence = f"warm index {index.name} of {observed.name} for {wording.warmth(after)}"
            yield requests.update_table(observed, {"GlobalSecondaryIndexUpdates": [{"Update": update}]}, sentence)


def _staying(desired: Table, observed: Table) -> Iterator[tuple[Index, Index]]:
    for old in observed.global_indexes:
        index = desired.index(old.name)
        if index is not None and index.shape == old.shape:
            yield index, old


def _stays(old: Index, desired: Table) -> bool:
    index = desired.index(old.name)
    return index is not None and index.shape == old.shape


def _difference(desired: Index, observed: Index) -> tuple[str, str, str]:
    """The option that differs, with its observed and its desired value."""
    if desired.projection.type != observed.projection.type:
        return "type", f"projection {observed.projection.type}", desired.projection.type
    if desired.projection != observed.projection:
        return "includes", wording.projection(observed), wording.projection(desired)
    role = "hash" if desired.key_schema.hash != observed.key_schema.hash else "range"
    same_names = [each.name for each in desired.key_schema.attributes] == [
        each.name for each in observed.key_schema.attributes
    ]
    option = f"{role}_key_type" if same_names else f"{role}_key_name"
    if len(desired.key_schema.attributes) > 2 or len(observed.key_schema.attributes) > 2:
        option = "key_schema"
    return option, wording.keys(observed.key_schema), wording.keys(desired.key_schema)


def _delete(name: str, observed: Table, sentence: str) -> Step:
    return requests.update_table(observed, {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": name}}]}, sentence)

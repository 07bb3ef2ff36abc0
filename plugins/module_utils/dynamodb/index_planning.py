# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Steps for the indexes of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
        live = observed.index(index.name)
        if live is None and index.scope == LOCAL:
            raise Impossible(
                f"indexes[{index.name}].type: a local index can only be made together with its table; "
                "choose a global type"
            )
        if live is None or index.shape == live.shape:
            continue
        option, had, wants = _difference(index, live)
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
        live, vectors = observed.index(name), observed.vector_index(name)
        if desired and (live is None or _stays(live, desired)) and vectors == desired.vector_index(name):
            continue
        kind = "vector index" if vectors else "global index"
        purpose = "" if desired else ", so that the table can be deleted"
        sentence = f"delete {kind} {name} of {observed.name}, which is still being built{purpose}"
        if vectors:
            yield vector_planning.deletion(name, observed, sentence, at_once=True)
        else:
            yield replace(_delete(name, observed, sentence), at_once=True)


def delete(desired: Table, observed: Table) -> Iterator[Step]:
    """Deletions, one in a call (rule one-index-at-a-time), also of an index that is recreated."""
    for live in observed.global_indexes:
        index = desired.index(live.name)
        if live.name in observed.building:
            continue
        if index is None:
            yield _delete(live.name, observed, f"delete global index {live.name} of {observed.name}")
        elif index.shape != live.shape:
            sentence = (
                f"delete global index {live.name} of {observed.name} to create it anew: queries on it fail in between"
            )
            yield _delete(live.name, observed, sentence)


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
            yield _update(observed, change, f"create global index {wording.index(index)} on {observed.name}")


def capacities(desired: Table, observed: Table) -> tuple[list[dict[str, Any]], list[str]]:
    """Capacities of indexes, which share one call with those of the table (rule billing-carries-capacities)."""
    updates: list[dict[str, Any]] = []
    told: list[str] = []
    for index, live in _staying(desired, observed):
        if index.throughput and index.throughput != live.throughput:
            where = f"indexes[{index.name}]."
            refuse_decrease_over_quota(index.throughput, live.throughput, observed.live, where, index.name)
            change = {"ProvisionedThroughput": requests.throughput(index.throughput)}
            updates.append({"Update": {"IndexName": index.name, **change}})
            told.append(f"provision index {index.name} with {wording.units(index.throughput)}")
    return updates, told


def maximums(desired: Table, observed: Table) -> Iterator[Step]:
    """Maximums of all indexes in one call, apart from the table's (rule maximum-travels-with-billing)."""
    updates: list[dict[str, Any]] = []
    told: list[str] = []
    for index, live in _staying(desired, observed):
        wanted, there = index.on_demand_throughput, live.on_demand_throughput
        if desired.billing_mode == ON_DEMAND and wanted != there:
            change = {"OnDemandThroughput": requests.on_demand_throughput(wanted, there)}
            updates.append({"Update": {"IndexName": index.name, **change}})
            told.append(f"give index {index.name} of {observed.name} {wording.maximum(wanted)}")
    if updates:
        yield _update(observed, {"GlobalSecondaryIndexUpdates": updates}, ", ".join(told))


def warm(desired: Table, observed: Table) -> Iterator[Step]:
    """Raises of warm throughput, each alone in its call (rule warm-throughput-travels-alone), one at a time."""
    for index, live in _staying(desired, observed):
        wanted, there = index.warm_throughput, warmest(warm_anyway(index.throughput), live.warm_throughput)
        more = requests.warm_throughput(wanted, there) if wanted else {}
        if more and wanted and index.name not in observed.warming:
            update = {"IndexName": index.name, "WarmThroughput": more}
            sentence = f"warm index {index.name} of {observed.name} for {wording.warmth(wanted)}"
            yield _update(observed, {"GlobalSecondaryIndexUpdates": [{"Update": update}]}, sentence)


def _staying(desired: Table, observed: Table) -> Iterator[tuple[Index, Index]]:
    for live in observed.global_indexes:
        index = desired.index(live.name)
        if index is not None and index.shape == live.shape:
            yield index, live


def _stays(live: Index, desired: Table) -> bool:
    index = desired.index(live.name)
    return index is not None and index.shape == live.shape


def _difference(wanted: Index, live: Index) -> tuple[str, str, str]:
    """The option that differs, with its observed and its desired value."""
    if wanted.projection.type != live.projection.type:
        return "type", f"projection {live.projection.type}", wanted.projection.type
    if wanted.projection != live.projection:
        return "includes", wording.projection(live), wording.projection(wanted)
    role = "hash" if wanted.key_schema.hash != live.key_schema.hash else "range"
    same_names = [each.name for each in wanted.key_schema.attributes] == [
        each.name for each in live.key_schema.attributes
    ]
    option = f"{role}_key_type" if same_names else f"{role}_key_name"
    if len(wanted.key_schema.attributes) > 2 or len(live.key_schema.attributes) > 2:
        option = "key_schema"
    return option, wording.keys(live.key_schema), wording.keys(wanted.key_schema)


def _delete(name: str, observed: Table, sentence: str) -> Step:
    return _update(observed, {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": name}}]}, sentence)


def _update(observed: Table, change: Mapping[str, Any], sentence: str) -> Step:
    return Step("dynamodb", "UpdateTable", {"TableName": observed.name, **change}, sentence, lengthy=True)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Between the module's options and a table as a value.

An option left out leaves that part of the table alone: absent is never empty (rule absent-is-not-empty).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..plan import Impossible
from . import index_options, replica_options, shared_options
from .finding import ASKED, asked
from .holders import of_table_and_indexes
from .parts import (
    deletion_protection_enabled,
    disassociation_protection_enabled,
    sse_specification,
    stream_specification,
    table_class,
)
from .table import (
    EVENTUAL,
    NEW,
    NO_MAXIMUM,
    ON_DEMAND,
    PROVISIONED,
    KeySchema,
    OnDemandThroughput,
    Origin,
    Replica,
    Table,
    Throughput,
    VectorIndex,
)


def declared_parts(options: Mapping[str, Any]) -> frozenset[str]:
    """The declared parts that DescribeTable does not answer."""
    if options["state"] == "absent":
        return frozenset()
    holders = [holder for _where, holder in of_table_and_indexes(options)]
    return frozenset(part for part in ASKED if any(holder.get(part) is not None for holder in holders))


def without(
    options: Mapping[str, Any], unread: Iterable[tuple[str, str]]
) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
    """The options without these parts, by region ("" is the table's own), and the names in a report that they have."""
    rest, names = dict(options), {}
    for region, part in unread:
        if region:
            rest["replicas"] = [
                {**each, part: None} if each["region_name"] == region else each for each in rest["replicas"] or []
            ]
            names[f"replica {region}"] = (region, part)
            continue
        if rest.get(part) is not None:
            names[part] = (region, part)
        rest[part] = None
        for index in rest["indexes"] or []:
            if index.get(part) is not None:
                names[f"index {index['name']}"] = (region, part)
        if rest["indexes"]:
            rest["indexes"] = [{**index, **({part: None} if part in index else {})} for index in rest["indexes"]]
    return rest, names


def declares_warmth(options: Mapping[str, Any]) -> bool:
    """Whether warm throughput is declared, of the table or of an index."""
    return any(holder.get("warm_throughput") for _where, holder in of_table_and_indexes(options))


def desire(
    options: Mapping[str, Any],
    observed: Table | None,
    resolve_key: shared_options.ResolveKey = shared_options.key_as_given,
    origin: Origin | None = None,
) -> Table | None:
    """The desired table; ``None`` for ``state: absent``."""
    return None if options["state"] == "absent" else present(options, observed, resolve_key, origin)


def present(
    options: Mapping[str, Any],
    observed: Table | None,
    resolve_key: shared_options.ResolveKey = shared_options.key_as_given,
    origin: Origin | None = None,
) -> Table:
    """The desired table of ``state: present``: the options laid over the observed table.

    ``resolve_key`` gives the ARN of a KMS key, whatever it is called by (rule keys-are-told-by-arn). ``origin`` is
    what a table that does not exist is made from.
    """
    before = observed or (origin.table if origin else None)
    described = before or NEW
    types = shared_options.key_types(options, before)
    keys = _keys(options, before, types)
    mode = _billing_mode(options, before)
    throughput = _desired_throughput(options, before, mode)
    maximum = shared_options.on_demand_throughput(
        options, before.on_demand_throughput if before else NO_MAXIMUM, mode, ""
    )
    replicas, consistency, witness = _regions(options, before, resolve_key, throughput, maximum)
    return Table(
        name=options["name"],
        key_schema=keys,
        indexes=index_options.desire(options, before, keys, types, mode),
        vector_indexes=_vector_indexes(options, before, types),
        billing_mode=mode,
        throughput=throughput,
        table_class=table_class.desire(options, described.table_class),
        deletion_protection_enabled=deletion_protection_enabled.desire(options, described.deletion_protection_enabled),
        stream=stream_specification.desire(options, described.stream),
        encryption=sse_specification.desire(options, described.encryption, resolve_key),
        on_demand_throughput=maximum,
        warm_throughput=shared_options.warm_throughput(options, before.warm_throughput if before else None, throughput),
        replicas=replicas,
        multi_region_consistency=consistency,
        witness_region=witness,
        disassociation_protection_enabled=disassociation_protection_enabled.desire(
            options, described.disassociation_protection_enabled
        ),
        origin=None if observed else origin,
        live=observed.live if observed else None,
        **{part: _part(part, options, before) for part in ASKED},
    )


def from_table(table: Table | None) -> dict[str, Any]:
    """A table in option names, so that it can be shown, compared and declared again."""
    if table is None:
        return {}
    indexes = sorted(table.indexes, key=lambda index: index.name)
    return {
        "name": table.name,
        **shared_options.key_options(table.key_schema),
        "billing_mode": table.billing_mode,
        **shared_options.throughput_options(table.throughput),
        **shared_options.on_demand_options(table.on_demand_throughput),
        **shared_options.warm_options(table.warm_throughput, table.throughput),
        "indexes": [index_options.from_index(index) for index in indexes],
        **_vector_options(table),
        "table_class": table.table_class,
        "deletion_protection_enabled": table.deletion_protection_enabled,
        "stream_specification": stream_specification.to_options(table.stream),
        "sse_specification": sse_specification.to_options(table.encryption),
        **{part: asked(part).to_options(getattr(table, part)) for part in ASKED if getattr(table, part) is not None},
        **_global_options(table),
        **({} if table.disassociation_protection_enabled else {"disassociation_protection_enabled": False}),
    }


def _regions(
    options: Mapping[str, Any],
    observed: Table | None,
    resolve_key: shared_options.ResolveKey,
    throughput: Throughput | None,
    maximum: OnDemandThroughput,
) -> tuple[tuple[Replica, ...], str, str | None]:
    """The desired replicas, with their consistency and the region of the witness; for most tables there are none."""
    if not replica_options.are_of_a_global_table(options, observed):
        return (), EVENTUAL, None
    from . import global_options

    replicas = global_options.desire(options, observed, resolve_key, throughput, maximum)
    consistency = global_options.consistency(options, observed, replicas)
    return replicas, consistency, global_options.witness(options, observed, replicas)


def _global_options(table: Table) -> dict[str, Any]:
    if not table.replicas and not table.witness_region:
        return {}
    from . import global_options

    return global_options.from_table(table)


def _vector_indexes(
    options: Mapping[str, Any], observed: Table | None, types: Mapping[str, str]
) -> tuple[VectorIndex, ...]:
    """The declared vector indexes laid over the observed ones; a table without them imports nothing for them."""
    if options.get("vector_indexes") is None:
        return observed.vector_indexes if observed else ()
    from . import vector_options

    return vector_options.desire(options, observed, types)


def _vector_options(table: Table) -> dict[str, Any]:
    if not table.vector_indexes:
        return {}
    from . import vector_options

    return {"vector_indexes": [vector_options.from_index(index) for index in table.vector_indexes]}


def _part(option: str, options: Mapping[str, Any], observed: Table | None) -> Any:
    """A declared part laid over the observed one; an undeclared part as observed, which mostly means unknown."""
    before = getattr(observed, option, None)
    return before if options.get(option) is None else asked(option).desire(options, before)


def _keys(options: Mapping[str, Any], observed: Table | None, types: Mapping[str, str]) -> KeySchema:
    keys = shared_options.keys(options, observed.key_schema if observed else KeySchema(()), types)
    if not keys.hash:
        raise Impossible(
            f"hash_key_name: table {options['name']} does not exist, and a new table needs a partition key"
        )
    return keys


def _billing_mode(options: Mapping[str, Any], observed: Table | None) -> str:
    """The billing mode. A new table is on-demand, unless capacities are declared for it or for a global index."""
    declared = options.get("billing_mode")
    if declared:
        return str(declared)
    if observed:
        return observed.billing_mode
    capacity = options.get("read_capacity") or options.get("write_capacity")
    return PROVISIONED if capacity or index_options.declares_capacity(options) else ON_DEMAND


def _desired_throughput(options: Mapping[str, Any], observed: Table | None, mode: str) -> Throughput | None:
    before = observed.throughput if observed else Throughput(1, 1)
    if observed and before and mode == PROVISIONED and options.get("ignore_capacity"):
        return before
    capacity = shared_options.throughput(options, before, mode, "")
    if mode == PROVISIONED and capacity is None:
        raise Impossible(
            "read_capacity, write_capacity: both must be declared when an on-demand table becomes PROVISIONED, "
            "so that nobody's traffic is throttled by a default"
        )
    return capacity

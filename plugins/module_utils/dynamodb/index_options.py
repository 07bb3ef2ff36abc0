# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Between the option ``indexes`` and indexes as values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..plan import Impossible
from . import shared_options
from .finding import asked
from .table import (
    GLOBAL,
    LOCAL,
    NEW,
    NO_MAXIMUM,
    ON_DEMAND,
    PROVISIONED,
    ContributorInsights,
    Index,
    KeySchema,
    Projection,
    Table,
    Throughput,
)

KINDS = {
    "all": (LOCAL, "ALL"),
    "keys_only": (LOCAL, "KEYS_ONLY"),
    "include": (LOCAL, "INCLUDE"),
    "global_all": (GLOBAL, "ALL"),
    "global_keys_only": (GLOBAL, "KEYS_ONLY"),
    "global_include": (GLOBAL, "INCLUDE"),
}
KIND_NAMES = {kind: name for name, kind in KINDS.items()}
CAPACITIES = ("read_capacity", "write_capacity")
GLOBAL_ONLY = ("on_demand_throughput", "warm_throughput", "contributor_insights", "key_schema")


def desire(
    options: Mapping[str, Any], observed: Table | None, table_keys: KeySchema, types: Mapping[str, str], mode: str
) -> tuple[Index, ...]:
    """The declared indexes laid over the observed ones; without ``purge_indexes`` the others stay.

    They are in the order of the declaration, so that a run that was interrupted goes on with the same steps; but where
    nothing differs in that of the table, to be equal to it.
    """
    before = observed.indexes if observed else ()
    if options.get("indexes") is None:
        return tuple(_kept(index, mode) for index in before)
    declared = {
        each["name"]: _declared(each, options, observed, table_keys, types, mode) for each in options["indexes"]
    }
    others = {
        index.name: _kept(index, mode)
        for index in before
        if index.name not in declared and not options.get("purge_indexes")
    }
    wanted = {**others, **declared}
    return before if set(wanted.values()) == set(before) else tuple(wanted.values())


def kind(holder: Mapping[str, Any]) -> tuple[str, str]:
    """The scope and the projection of a declared index, whose type may have the form of results."""
    return KINDS[holder["type"].lower()]


def declares_capacity(options: Mapping[str, Any]) -> bool:
    """Whether a global index is declared with capacity of its own."""
    indexes = [index for index in options.get("indexes") or [] if kind(index)[0] == GLOBAL]
    return any(index.get(option) for index in indexes for option in CAPACITIES)


def ignored(options: Mapping[str, Any], mode: str) -> list[str]:
    """A sentence for each option of an index that has no effect, which community.aws ignores silently."""
    found = []
    for index in options.get("indexes") or []:
        declared = " and ".join(option for option in CAPACITIES if index.get(option))
        is_local = kind(index)[0] == LOCAL
        if declared and (is_local or mode == ON_DEMAND):
            has = "a local index shares the capacity of its table" if is_local else "an on-demand table has no capacity"
            found.append(f"indexes[{index['name']}]: {declared} ignored, since {has}; remove it")
    return found


def from_index(index: Index) -> dict[str, Any]:
    """An index in option names."""
    described: dict[str, Any] = {
        "name": index.name,
        "type": KIND_NAMES[(index.scope, index.projection.type)],
        **shared_options.key_options(index.key_schema),
        **shared_options.throughput_options(index.throughput),
        **shared_options.on_demand_options(index.on_demand_throughput),
        **shared_options.warm_options(index.warm_throughput, index.throughput),
    }
    if index.contributor_insights is not None:
        described["contributor_insights"] = asked("contributor_insights").to_options(index.contributor_insights)
    if index.projection.non_key_attributes:
        described["includes"] = sorted(index.projection.non_key_attributes)
    return described


def _declared(
    holder: Mapping[str, Any],
    options: Mapping[str, Any],
    observed: Table | None,
    table_keys: KeySchema,
    types: Mapping[str, str],
    mode: str,
) -> Index:
    name = holder["name"]
    scope, projected = kind(holder)
    called_so = observed.index(name) if observed else None
    old = called_so if called_so and called_so.scope == scope else None  # an index of the other scope is another index
    known = old.key_schema if old else KeySchema(table_keys.hash if called_so or scope == LOCAL else ())
    keys = shared_options.keys(holder, known, types, f"indexes[{name}].")
    if not keys.hash:
        raise Impossible(f"indexes[{name}].hash_key_name: a new global index needs a partition key")
    index = Index(name, scope, keys, _projection(holder, projected, old))
    if old and index.shape != old.shape and options.get("recreate_indexes"):
        _refuse_half_a_key(holder, old)
    if scope == LOCAL:
        _refuse_global_options(holder)
        return index
    where = f"indexes[{name}]."
    throughput = _desired_throughput(holder, options, old, mode)
    # One that is made anew is not bought the warmth that the old one grew by itself.
    warmth = old.warm_throughput if old and old.shape == index.shape else None
    return index._replace(
        throughput=throughput,
        on_demand_throughput=shared_options.on_demand_throughput(
            holder, old.on_demand_throughput if old else NO_MAXIMUM, mode, where
        ),
        warm_throughput=shared_options.warm_throughput(holder, warmth, throughput),
        contributor_insights=_insights(holder, old, observed),
    )


def _refuse_half_a_key(holder: Mapping[str, Any], old: Index) -> None:
    """An index that is made anew gets the declared keys: once the old one is deleted nobody knows what else it had."""
    if old.key_schema.range and holder.get("range_key_name") is None and not holder.get("key_schema"):
        raise Impossible(
            f"indexes[{old.name}].range_key_name: the index is to be created anew, and has the sort key "
            f"{old.key_schema.range[0].name}; declare it too, or all keys as key_schema"
        )


def _insights(holder: Mapping[str, Any], old: Index | None, observed: Table | None) -> ContributorInsights | None:
    """The desired insights. A new index of a table whose insights were read has none."""
    known = NEW.contributor_insights if observed and observed.contributor_insights else None
    before = old.contributor_insights if old else known
    if holder.get("contributor_insights") is None:
        return before
    insights: ContributorInsights = asked("contributor_insights").desire(holder, before)
    return insights


def _refuse_global_options(holder: Mapping[str, Any]) -> None:
    where = f"indexes[{holder['name']}]."
    for option in GLOBAL_ONLY:
        if holder.get(option) is not None:
            raise Impossible(f"{where}{option}: only a global index has it; remove it, or choose a global type")


def _projection(holder: Mapping[str, Any], projected: str, observed: Index | None) -> Projection:
    included = holder.get("includes")
    if included is None and observed and observed.projection.type == projected:
        return observed.projection
    return Projection(projected, frozenset(included or ()))


def _desired_throughput(
    holder: Mapping[str, Any], options: Mapping[str, Any], observed: Index | None, mode: str
) -> Throughput | None:
    if mode == ON_DEMAND:
        return None
    own = holder.get("ignore_capacity")
    untouched = options.get("ignore_capacity") if own is None else own
    if untouched and observed and observed.throughput:
        return observed.throughput
    units = observed.throughput if observed else Throughput(1, 1)
    capacity = shared_options.throughput(holder, units, mode, f"indexes[{holder['name']}].")
    if capacity is None:
        raise _needs_capacity(holder["name"])
    return capacity


def _kept(index: Index, mode: str) -> Index:
    """An index that is not declared, as observed. Raises Impossible if a switch to PROVISIONED needs its capacity.

    Rule provisioned-needs-every-capacity.
    """
    if mode == PROVISIONED and index.scope == GLOBAL and index.throughput is None:
        raise _needs_capacity(index.name)
    if mode == PROVISIONED:
        return index._replace(on_demand_throughput=NO_MAXIMUM)
    return index._replace(throughput=None)


def _needs_capacity(name: str) -> Impossible:
    return Impossible(
        f"indexes[{name}].read_capacity, write_capacity: both must be declared when an on-demand table becomes "
        "PROVISIONED, as for every index of it"
    )

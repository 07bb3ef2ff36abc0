# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Between the module's options and a table as a value.

An option left out leaves that part of the table alone: absent is never empty (lesson 74).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import tags
from ..plan import Impossible
from .table import (
    GLOBAL,
    LOCAL,
    ON_DEMAND,
    PROVISIONED,
    Attribute,
    Index,
    KeySchema,
    PointInTimeRecovery,
    Projection,
    Table,
    Throughput,
    TimeToLive,
)

TYPES = {"STRING": "S", "NUMBER": "N", "BINARY": "B"}
TYPE_NAMES = {short: long for long, short in TYPES.items()}
INDEX_TYPES = {
    "all": (LOCAL, "ALL"),
    "keys_only": (LOCAL, "KEYS_ONLY"),
    "include": (LOCAL, "INCLUDE"),
    "global_all": (GLOBAL, "ALL"),
    "global_keys_only": (GLOBAL, "KEYS_ONLY"),
    "global_include": (GLOBAL, "INCLUDE"),
}
INDEX_TYPE_NAMES = {kind: name for name, kind in INDEX_TYPES.items()}
# What DescribeTable does not answer, so that reading it takes a call more.
CONCERNS = ("tags", "time_to_live", "point_in_time_recovery")


def declared_concerns(options: Mapping[str, Any]) -> frozenset[str]:
    """The parts of the table, beyond DescribeTable's, that the options say something of."""
    if options["state"] == "absent":
        return frozenset()
    return frozenset(concern for concern in CONCERNS if options.get(concern) is not None)


def desire(options: Mapping[str, Any], observed: Table | None) -> Table | None:
    """The options laid over the table that is there; ``None`` where none is wanted."""
    if options["state"] == "absent":
        return None
    types = _key_types(options, observed)
    mode = _billing_mode(options, observed)
    throughput = _table_throughput(options, observed, mode)
    return Table(
        name=options["name"],
        key_schema=_table_keys(options, observed, types),
        indexes=_indexes(options, observed, types, mode),
        billing_mode=mode,
        throughput=throughput,
        table_class=_first(options.get("table_class"), observed and observed.table_class, Table.table_class),
        deletion_protection_enabled=_first(
            options.get("deletion_protection_enabled"), observed and observed.deletion_protection_enabled, False
        ),
        tags=_tags(options, observed),
        time_to_live=_time_to_live(options, observed),
        point_in_time_recovery=_point_in_time_recovery(options, observed),
        live=observed.live if observed else None,
    )


def from_table(table: Table | None) -> dict[str, Any]:
    """A table in option names, so that it can be shown, compared and declared again."""
    if table is None:
        return {}
    described: dict[str, Any] = {
        "name": table.name,
        **_key_options(table.key_schema),
        "billing_mode": table.billing_mode,
        **_throughput_options(table.throughput),
        "indexes": [_index_options(index) for index in sorted(table.indexes, key=lambda index: index.name)],
        "table_class": table.table_class,
        "deletion_protection_enabled": table.deletion_protection_enabled,
    }
    if table.tags is not None:
        described["tags"] = dict(table.tags)
    if table.time_to_live is not None:
        described["time_to_live"] = {"enabled": table.time_to_live.enabled}
        if table.time_to_live.attribute_name is not None:
            described["time_to_live"]["attribute_name"] = table.time_to_live.attribute_name
    if table.point_in_time_recovery is not None:
        described["point_in_time_recovery"] = {"enabled": table.point_in_time_recovery.enabled}
    return described


def _first(*choices: Any) -> Any:
    return next((choice for choice in choices if choice is not None), None)


def _key_types(options: Mapping[str, Any], observed: Table | None) -> dict[str, str]:
    """What is known of each key attribute's type: as declared, else as it is on the live table."""
    types = {attribute.name: attribute.type for attribute in observed.attributes} if observed else {}
    for holder in (options, *(options.get("indexes") or [])):
        for role in ("hash", "range"):
            name, kind = holder.get(f"{role}_key_name"), holder.get(f"{role}_key_type")
            if name and kind:
                types[name] = TYPES[kind]
    return types


def _key(holder: Mapping[str, Any], role: str, live: tuple[Attribute, ...], types: Mapping[str, str]) -> Any:
    name = holder.get(f"{role}_key_name") or None
    kind = holder.get(f"{role}_key_type")
    if name:
        return (Attribute(name, TYPES[kind] if kind else types.get(name, "S")),)
    if kind and live:
        return tuple(Attribute(attribute.name, TYPES[kind]) for attribute in live)
    return live


def _table_keys(options: Mapping[str, Any], observed: Table | None, types: Mapping[str, str]) -> KeySchema:
    live = observed.key_schema if observed else KeySchema(())
    keys = KeySchema(_key(options, "hash", live.hash, types), _key(options, "range", live.range, types))
    if not keys.hash:
        raise Impossible(
            f"hash_key_name: table {options['name']} does not exist, and a new table needs a partition key"
        )
    return keys


def _billing_mode(options: Mapping[str, Any], observed: Table | None) -> str:
    """A new table is on-demand, unless capacities are declared for it."""
    declared = options.get("billing_mode")
    if declared:
        return str(declared)
    if observed:
        return observed.billing_mode
    return PROVISIONED if options.get("read_capacity") or options.get("write_capacity") else ON_DEMAND


def _table_throughput(options: Mapping[str, Any], observed: Table | None, mode: str) -> Throughput | None:
    live = observed.throughput if observed else Throughput(1, 1)
    throughput = _throughput(options, live, mode, "")
    if mode == PROVISIONED and throughput is None:
        raise Impossible(
            "read_capacity, write_capacity: both must be declared when an on-demand table becomes PROVISIONED, "
            "so that nobody's traffic is throttled by a default"
        )
    return throughput


def _throughput(holder: Mapping[str, Any], live: Throughput | None, mode: str, where: str) -> Throughput | None:
    """Capacities as declared; 0 and left out both leave the live ones alone, as in community.aws."""
    read, write = holder.get("read_capacity") or None, holder.get("write_capacity") or None
    if mode == ON_DEMAND:
        if read or write:
            option = "read_capacity" if read else "write_capacity"
            raise Impossible(
                f"{where}{option}: an on-demand table has no provisioned capacity; remove it, "
                "or declare billing_mode: PROVISIONED"
            )
        return None
    if live:
        return Throughput(read or live.read, write or live.write)
    return Throughput(read, write) if read and write else None


def _indexes(
    options: Mapping[str, Any], observed: Table | None, types: Mapping[str, str], mode: str
) -> tuple[Index, ...]:
    live = observed.indexes if observed else ()
    if options.get("indexes") is None:
        return tuple(_kept_index(index, mode) for index in live)
    declared = {each["name"]: _index(each, options, observed, types, mode) for each in options["indexes"]}
    kept = {
        index.name: _kept_index(index, mode)
        for index in live
        if index.name not in declared and not options.get("purge_indexes")
    }
    return tuple({**kept, **declared}.values())


def _index(
    holder: Mapping[str, Any],
    options: Mapping[str, Any],
    observed: Table | None,
    types: Mapping[str, str],
    mode: str,
) -> Index:
    name = holder["name"]
    scope, projected = INDEX_TYPES[holder["type"]]
    live = observed.index(name) if observed else None
    table_keys = _table_keys(options, observed, types)
    live_keys = live.key_schema if live else KeySchema(table_keys.hash if scope == LOCAL else ())
    keys = KeySchema(_key(holder, "hash", live_keys.hash, types), _key(holder, "range", live_keys.range, types))
    if not keys.hash:
        raise Impossible(f"indexes[{name}].hash_key_name: a new global index needs a partition key")
    return Index(name, scope, keys, _projection(holder, projected, live), _index_throughput(holder, live, mode))


def _projection(holder: Mapping[str, Any], projected: str, live: Index | None) -> Projection:
    included = holder.get("includes")
    if included is None and live and live.projection.type == projected:
        return live.projection
    return Projection(projected, frozenset(included or ()))


def _index_throughput(holder: Mapping[str, Any], live: Index | None, mode: str) -> Throughput | None:
    where = f"indexes[{holder['name']}]."
    if INDEX_TYPES[holder["type"]][0] == LOCAL:
        if holder.get("read_capacity") or holder.get("write_capacity"):
            raise Impossible(f"{where}read_capacity: a local index shares the capacity of its table; remove it")
        return None
    throughput = _throughput(holder, live.throughput if live else Throughput(1, 1), mode, where)
    if mode == PROVISIONED and throughput is None:
        raise _needs_capacity(holder["name"])
    return throughput


def _kept_index(index: Index, mode: str) -> Index:
    """An index that is not declared stays as it is; on a switch to PROVISIONED it cannot (lesson 23)."""
    if mode == PROVISIONED and index.scope == GLOBAL and index.throughput is None:
        raise _needs_capacity(index.name)
    return index if mode == PROVISIONED else Index(index.name, index.scope, index.key_schema, index.projection)


def _needs_capacity(name: str) -> Impossible:
    return Impossible(
        f"indexes[{name}].read_capacity, write_capacity: both must be declared when an on-demand table becomes "
        "PROVISIONED, as for every index of it"
    )


def _tags(options: Mapping[str, Any], observed: Table | None) -> Mapping[str, str] | None:
    if options.get("tags") is None:
        return observed.tags if observed else None
    live = (observed.tags if observed else None) or {}
    return tags.over(live, tags.from_option(options["tags"]), options["purge_tags"])


def _time_to_live(options: Mapping[str, Any], observed: Table | None) -> TimeToLive | None:
    declared = options.get("time_to_live")
    live = observed.time_to_live if observed else None
    if declared is None:
        return live
    if not declared["enabled"]:
        return TimeToLive(False)
    return TimeToLive(True, declared.get("attribute_name") or (live.attribute_name if live else None))


def _point_in_time_recovery(options: Mapping[str, Any], observed: Table | None) -> PointInTimeRecovery | None:
    declared = options.get("point_in_time_recovery")
    if declared is None:
        return observed.point_in_time_recovery if observed else None
    return PointInTimeRecovery(declared["enabled"])


def _key_options(keys: KeySchema) -> dict[str, Any]:
    described: dict[str, Any] = {}
    for role, attributes in (("hash", keys.hash), ("range", keys.range)):
        for attribute in attributes[:1]:
            described[f"{role}_key_name"] = attribute.name
            described[f"{role}_key_type"] = TYPE_NAMES[attribute.type]
    return described


def _throughput_options(throughput: Throughput | None) -> dict[str, Any]:
    return {"read_capacity": throughput.read, "write_capacity": throughput.write} if throughput else {}


def _index_options(index: Index) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": index.name,
        "type": INDEX_TYPE_NAMES[(index.scope, index.projection.type)],
        **_key_options(index.key_schema),
        **_throughput_options(index.throughput),
    }
    if index.projection.non_key_attributes:
        included: list[str] = sorted(index.projection.non_key_attributes)
        described["includes"] = included
    return described

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The options that a table has in common with its indexes or its replicas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from ..plan import Impossible
from .holders import of_table_and_indexes, of_vector_indexes
from .table import (
    NO_MAXIMUM,
    ON_DEMAND,
    PROVISIONED,
    Attribute,
    KeySchema,
    OnDemandThroughput,
    Table,
    Throughput,
    WarmThroughput,
    warm_anyway,
    warmest,
)

TYPES = {"STRING": "S", "NUMBER": "N", "BINARY": "B"}
# Returns the ARN of a KMS key by any of its names, in a region or in the table's own; None if there is none.
ResolveKey = Callable[[str, "str | None"], "str | None"]
TYPE_NAMES = {short: long for long, short in TYPES.items()}


def key_as_given(key: str, _region: str | None) -> str | None:
    """The key as given, for keys that are given by their ARNs."""
    return key


def key_types(options: Mapping[str, Any], observed: Table | None) -> dict[str, str]:
    """The types of the attributes that keys and searches use, as far as known: as declared, else as observed."""
    types = {attribute.name: attribute.type for attribute in observed.attributes} if observed else {}
    for _where, holder in (*of_table_and_indexes(options), *of_vector_indexes(options)):
        for role in ("hash", "range"):
            name, kind = holder.get(f"{role}_key_name"), holder.get(f"{role}_key_type")
            if name and kind:
                types[name] = TYPES[kind]
        for element in holder.get("key_schema") or []:
            if element.get("attribute_type"):
                types[element["attribute_name"]] = TYPES[element["attribute_type"]]
        for element in holder.get("filters") or []:
            if element.get("type"):
                types[element["name"]] = TYPES[element["type"]]
    return types


def keys(holder: Mapping[str, Any], observed: KeySchema, types: Mapping[str, str], where: str = "") -> KeySchema:
    """The declared keys laid over the observed ones; a role that is left out stays."""
    if holder.get("key_schema"):
        return KeySchema(_elements(holder, "HASH", types), _elements(holder, "RANGE", types))
    return KeySchema(
        _key(holder, "hash", observed.hash, types, where), _key(holder, "range", observed.range, types, where)
    )


def key_options(schema: KeySchema) -> dict[str, Any]:
    """Keys in option names: two names, or a list if there are more than two keys."""
    if len(schema.hash) > 1 or len(schema.range) > 1:
        return {
            "key_schema": [
                {"attribute_name": each.name, "attribute_type": TYPE_NAMES[each.type], "key_type": role}
                for role, attributes in (("HASH", schema.hash), ("RANGE", schema.range))
                for each in attributes
            ]
        }
    described: dict[str, Any] = {}
    for role, attributes in (("hash", schema.hash), ("range", schema.range)):
        for attribute in attributes:
            described[f"{role}_key_name"] = attribute.name
            described[f"{role}_key_type"] = TYPE_NAMES[attribute.type]
    return described


def throughput(holder: Mapping[str, Any], observed: Throughput | None, mode: str, where: str) -> Throughput | None:
    """The declared capacities; 0 and left out both keep the observed ones, as in community.aws.

    With autoscaling (``ignore_capacity``), declared capacities count only until there are observed ones
    (rule autoscaling-moves-capacities).
    """
    read, write = holder.get("read_capacity") or None, holder.get("write_capacity") or None
    if mode == ON_DEMAND:
        if read or write:
            option = "read_capacity" if read else "write_capacity"
            raise Impossible(
                f"{where}{option}: an on-demand table has no provisioned capacity; remove it, "
                "or declare billing_mode: PROVISIONED"
            )
        return None
    if observed:
        return Throughput(read or observed.read, write or observed.write)
    return Throughput(read, write) if read and write else None


def throughput_options(capacity: Throughput | None) -> dict[str, Any]:
    """Capacities in option names."""
    return {"read_capacity": capacity.read, "write_capacity": capacity.write} if capacity else {}


def on_demand_throughput(
    holder: Mapping[str, Any], observed: OnDemandThroughput, mode: str, where: str
) -> OnDemandThroughput:
    """The declared maximum; -1 removes it, and a part left out stays (rule maximum-cleared-by-minus-one).

    A switch to PROVISIONED drops the maximum (rule provisioned-has-no-maximum).
    """
    declared = holder.get("on_demand_throughput") or {}
    read, write = declared.get("max_read_request_units"), declared.get("max_write_request_units")
    if mode == PROVISIONED:
        if not {read, write} <= {None, -1}:
            raise Impossible(
                f"{where}on_demand_throughput: a table with provisioned capacity has no maximum on demand; remove it, "
                "or declare billing_mode: PAY_PER_REQUEST"
            )
        return NO_MAXIMUM
    return OnDemandThroughput(observed.read if read is None else read, observed.write if write is None else write)


def on_demand_options(maximum: OnDemandThroughput) -> dict[str, Any]:
    """The maximum in option names, if there is one."""
    if maximum == NO_MAXIMUM:
        return {}
    units = {"max_read_request_units": maximum.read, "max_write_request_units": maximum.write}
    return {"on_demand_throughput": units}


def warm_throughput(
    holder: Mapping[str, Any], observed: WarmThroughput | None, throughput: Throughput | None
) -> WarmThroughput | None:
    """The declared warm throughput, or more if more is observed, or comes with the capacity anyway.

    Rules warm-throughput-only-grows, warm-throughput-has-a-floor.
    """
    declared = holder.get("warm_throughput")
    if declared is None:
        return observed
    desired = WarmThroughput(declared.get("read_units_per_second") or 0, declared.get("write_units_per_second") or 0)
    return warmest(desired, observed, warm_anyway(throughput))


def warm_options(warm: WarmThroughput | None, throughput: Throughput | None) -> dict[str, Any]:
    """Warm throughput in option names, if it is more than a table or index has anyway."""
    anyway = warm_anyway(throughput)
    if warm is None or warmest(warm, anyway) == anyway:
        return {}
    return {"warm_throughput": {"read_units_per_second": warm.read, "write_units_per_second": warm.write}}


def _elements(holder: Mapping[str, Any], role: str, types: Mapping[str, str]) -> tuple[Attribute, ...]:
    names = [each["attribute_name"] for each in holder["key_schema"] if each["key_type"] == role]
    return tuple(Attribute(name, types.get(name, "S")) for name in names)


def _key(
    holder: Mapping[str, Any], role: str, observed: tuple[Attribute, ...], types: Mapping[str, str], where: str
) -> tuple[Attribute, ...]:
    """The key of a role. A declared type alone counts for the observed key; Impossible if there is none."""
    name = holder.get(f"{role}_key_name")
    kind = holder.get(f"{role}_key_type")
    if name:
        return (Attribute(name, TYPES[kind] if kind else types.get(name, "S")),)
    if kind and not observed:
        raise Impossible(f"{where}{role}_key_name: {role}_key_type is declared for a key that has no name; give it one")
    return tuple(Attribute(attribute.name, TYPES[kind] if kind else attribute.type) for attribute in observed)

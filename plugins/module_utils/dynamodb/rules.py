# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What DynamoDB accepts of a table, whatever table is there now.

Each rule yields the sentences it has against a declaration; the first one is told. Sources: the API
reference (CreateTable, GlobalSecondaryIndex, Projection) and the quotas page of the developer guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..plan import Impossible
from .table import Index, Table

NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
GLOBAL_INDEXES = 20
LOCAL_INDEXES = 5
INCLUDED_PER_INDEX = 20
INCLUDED_PER_TABLE = 100
LARGEST_CAPACITY = 2**63 - 1


def check_options(options: Mapping[str, Any]) -> None:
    """Raise Impossible for what is wrong in the options alone, before anything is read."""
    for sentence in (*_names(options), *_capacities(options), *_index_names(options), *_time_to_live(options)):
        raise Impossible(sentence)


def check_table(table: Table) -> None:
    """Raise Impossible for what is wrong in a whole table, options laid over what is there."""
    for sentence in (*_key_types(table), *_key_names(table), *_index_counts(table), *_projections(table)):
        raise Impossible(sentence)
    for index in table.local_indexes:
        for sentence in _local_index(index, table):
            raise Impossible(sentence)


def _names(options: Mapping[str, Any]) -> Iterator[str]:
    names = {"name": options["name"]}
    names.update((f"indexes[{index['name']}].name", index["name"]) for index in options.get("indexes") or [])
    for option, name in names.items():
        if not NAME.fullmatch(name):
            yield f"{option}: '{name}' is not a name that DynamoDB takes; use 3 to 255 of a-z, A-Z, 0-9, '_', '-', '.'"


def _capacities(options: Mapping[str, Any]) -> Iterator[str]:
    for where, holder in (("", options), *((f"indexes[{i['name']}].", i) for i in options.get("indexes") or [])):
        for option in ("read_capacity", "write_capacity"):
            units = holder.get(option)
            if units is not None and not 0 <= units <= LARGEST_CAPACITY:
                yield f"{where}{option}: {units} is not a capacity; give 1 or more units, or leave it out"


def _index_names(options: Mapping[str, Any]) -> Iterator[str]:
    names: list[str] = [index["name"] for index in options.get("indexes") or []]
    for name in names:
        if names.count(name) > 1:
            yield f"indexes: {name} is declared {names.count(name)} times; give every index a name of its own"


def _time_to_live(options: Mapping[str, Any]) -> Iterator[str]:
    declared = options.get("time_to_live") or {}
    attribute = declared.get("attribute_name")
    if attribute is not None and not 1 <= len(attribute.encode()) <= 255:
        yield "time_to_live.attribute_name: give a name of 1 to 255 bytes"


def _key_types(table: Table) -> Iterator[str]:
    types: dict[str, str] = {}
    for attribute in sorted(table.attributes, key=lambda attribute: (attribute.name, attribute.type)):
        if types.setdefault(attribute.name, attribute.type) != attribute.type:
            yield (
                f"hash_key_type, range_key_type: the key attribute {attribute.name} is declared with two types; "
                "an attribute has one type in the table and all its indexes"
            )


def _key_names(table: Table) -> Iterator[str]:
    for where, schema in (("", table.key_schema), *((f"indexes[{i.name}].", i.key_schema) for i in table.indexes)):
        names = [attribute.name for attribute in schema.attributes]
        if len(set(names)) < len(names):
            yield f"{where}range_key_name: it is the same attribute as hash_key_name; give another, or leave it out"
        for name in names:
            if not 1 <= len(name.encode()) <= 255:
                yield f"{where}hash_key_name, range_key_name: a key attribute's name takes 1 to 255 bytes"


def _index_counts(table: Table) -> Iterator[str]:
    if len(table.global_indexes) > GLOBAL_INDEXES:
        yield f"indexes: {len(table.global_indexes)} global indexes; a table can have {GLOBAL_INDEXES}"
    if len(table.local_indexes) > LOCAL_INDEXES:
        yield f"indexes: {len(table.local_indexes)} local indexes; a table can have {LOCAL_INDEXES}"


def _projections(table: Table) -> Iterator[str]:
    for index in table.indexes:
        included = index.projection.non_key_attributes
        if index.projection.type == "INCLUDE" and not included:
            yield f"indexes[{index.name}].includes: name the attributes to include, or choose a type without 'include'"
        if index.projection.type != "INCLUDE" and included:
            yield f"indexes[{index.name}].includes: only a type with 'include' takes it; remove it, or change type"
        if len(included) > INCLUDED_PER_INDEX:
            yield f"indexes[{index.name}].includes: {len(included)} attributes; an index takes {INCLUDED_PER_INDEX}"
    total = sum(len(index.projection.non_key_attributes) for index in table.indexes)
    if total > INCLUDED_PER_TABLE:
        yield f"indexes: {total} included attributes in all; a table's indexes take {INCLUDED_PER_TABLE} together"


def _local_index(index: Index, table: Table) -> Iterator[str]:
    """Lesson 38."""
    if not table.key_schema.range:
        yield f"indexes[{index.name}]: a local index needs a table with range_key_name; declare one, or a global type"
    if index.key_schema.hash != table.key_schema.hash:
        own = table.key_schema.hash[0].name
        yield f"indexes[{index.name}].hash_key_name: a local index has its table's, {own}; leave it out"
    if not index.key_schema.range:
        yield f"indexes[{index.name}].range_key_name: a local index needs one"

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Rules for vector indexes: for the option alone, and for a whole table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .holders import of_vector_indexes
from .names import misnamed, misnamed_attribute
from .table import PROVISIONED, Attribute, Table, VectorIndex

VECTOR_INDEXES = 5
LARGEST_DIMENSIONS = 4096
FILTERS = 18
PROJECTED = 20  # the vectors and the filters count, the partition key does not


def mistakes(options: Mapping[str, Any]) -> Iterator[str]:
    """Faults of the options alone, a sentence each; a task is refused with the first one."""
    names = [index["name"] for index in options.get("vector_indexes") or []]
    for name in names:
        if names.count(name) > 1:
            yield f"vector_indexes: {name} is declared {names.count(name)} times; give every index a name of its own"
    for where, index in of_vector_indexes(options):
        yield from misnamed(f"{where}name", index["name"])
        for option in ("vector_attribute", "hash_key_name"):
            if index.get(option) is not None:
                yield from misnamed_attribute(f"{where}{option}", index[option])
        for option, named in (
            ("includes", index.get("includes") or []),
            ("filters", [each["name"] for each in index.get("filters") or []]),
        ):
            for name in named:
                yield from misnamed_attribute(f"{where}{option}", name)
                if named.count(name) > 1:
                    yield f"{where}{option}: {name} is in it {named.count(name)} times; name every attribute once"
        dimensions = index.get("dimensions")
        if dimensions is not None and not 1 <= dimensions <= LARGEST_DIMENSIONS:  # rule vectors-have-a-length
            yield f"{where}dimensions: {dimensions} is out of range; give 1 to {LARGEST_DIMENSIONS}"


def of_table(table: Table) -> Iterator[str]:
    """Faults of the desired table as a whole, a sentence each."""
    yield from _billing(table)
    yield from _count(table)
    yield from _dimensions(table)
    for index in table.vector_indexes:
        yield from _name(index, table)
        yield from _vectors(index, table)
        yield from _search_schema(index)
        yield from _projection(index)


def _billing(table: Table) -> Iterator[str]:
    """Vector indexes of a PROVISIONED table (rule vector-indexes-are-on-demand)."""
    if table.vector_indexes and table.billing_mode == PROVISIONED:
        names = [index.name for index in table.vector_indexes]
        yield (
            f"billing_mode: table {table.name} has the vector index{'' if len(names) == 1 else 'es'} "
            f"{', '.join(names)}, and a PROVISIONED table has none; declare PAY_PER_REQUEST, or remove "
            f"{'it' if len(names) == 1 else 'them'} with vector_indexes: [] and purge_vector_indexes: true"
        )


def _count(table: Table) -> Iterator[str]:
    """Too many vector indexes (rule vector-indexes-are-few)."""
    if len(table.vector_indexes) > VECTOR_INDEXES:
        yield f"vector_indexes: {len(table.vector_indexes)} vector indexes; a table can have {VECTOR_INDEXES}"


def _dimensions(table: Table) -> Iterator[str]:
    """Two sizes of the vectors of one attribute (rule vectors-of-an-attribute-are-alike)."""
    first: dict[str, VectorIndex] = {}
    for index in table.vector_indexes:
        other = first.setdefault(index.vector_attribute, index)
        if other.dimensions != index.dimensions:
            yield (
                f"vector_indexes[{index.name}].dimensions: {index.vector_attribute} has {index.dimensions} dimensions "
                f"here and {other.dimensions} in vector index {other.name}; declare the same, or another "
                "vector_attribute"
            )


def _name(index: VectorIndex, table: Table) -> Iterator[str]:
    """An index with the name of a vector index (rule index-names-are-shared)."""
    other = table.index(index.name)
    if other:
        yield (
            f"indexes[{index.name}].name, vector_indexes[{index.name}].name: an index and a vector index of this name "
            "are both declared or there; choose another name for one, since all indexes of a table share their names"
        )


def _vectors(index: VectorIndex, table: Table) -> Iterator[str]:
    """Vectors that are a key or a filter too (rule a-vector-is-no-key)."""
    name = index.vector_attribute
    if name in _names(table.key_schema.attributes):
        yield f"vector_indexes[{index.name}].vector_attribute: {name} is a key of the table; choose another attribute"
    for other in table.indexes:
        if name in _names(other.key_schema.attributes):
            yield (
                f"indexes[{other.name}].hash_key_name, range_key_name: {name} holds the vectors of the vector index "
                f"{index.name}, and cannot be a key; choose another attribute"
            )
    for another in table.vector_indexes:
        if name in _names(another.search_schema):
            yield (
                f"vector_indexes[{another.name}].hash_key_name, filters: {name} holds the vectors of the vector index "
                f"{index.name}, and no search can name it; choose another attribute"
            )


def _search_schema(index: VectorIndex) -> Iterator[str]:
    """Attributes that a search would name twice, or too many (rule search-schemas-have-limits)."""
    where = f"vector_indexes[{index.name}]."
    names = _names(index.search_schema)
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{where}filters: {name} is the partition key of the index already; remove it from one of the two"
    if len(index.filters) > FILTERS:
        yield f"{where}filters: {len(index.filters)} filters; a vector index takes {FILTERS}"


def _projection(index: VectorIndex) -> Iterator[str]:
    """Included attributes that are missing, have no effect, or are too many (rule vector-projections-have-limits)."""
    where = f"vector_indexes[{index.name}]."
    included = index.projection.non_key_attributes
    if index.projection.type == "INCLUDE" and not included:
        yield f"{where}includes: name the attributes to include, or choose the projection all or keys_only"
    if index.projection.type != "INCLUDE" and included:
        yield f"{where}includes: only the projection include takes it; remove it, or declare projection: include"
    projected = 1 + len(index.filters) + len(included - {index.vector_attribute} - set(_names(index.search_schema)))
    if included and projected > PROJECTED:
        yield (
            f"{where}includes: {projected} attributes with the vectors and the filters; a vector index takes "
            f"{PROJECTED}"
        )


def _names(attributes: tuple[Attribute, ...]) -> list[str]:
    return [attribute.name for attribute in attributes]

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Rules for a whole table, the options laid over the observed table.

Each rule yields a sentence for each fault of a table; a task is refused with the first one. Sources: the API reference
(CreateTable, GlobalSecondaryIndex, Projection) and the quotas page of the developer guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..plan import refuse
from . import vector_rules
from .shared_options import TYPE_NAMES
from .table import Index, Table

GLOBAL_INDEXES = 20
LOCAL_INDEXES = 5
INCLUDED_PER_INDEX = 20
INCLUDED_PER_TABLE = 100
KEY_ATTRIBUTES = 4


def check_table(table: Table, observed: Table | None = None) -> None:
    """Raise Impossible for faults of the desired table as a whole."""
    refuse(sentence for rule in (_scopes, _key_types) for sentence in rule(table, observed))
    refuse(
        sentence
        for rule in (_key_names, _key_counts, _local_count, _projections, _stream, _unbounded_access)
        for sentence in rule(table)
    )
    refuse(vector_rules.of_table(table))
    refuse(_global_count(table, observed))
    refuse(sentence for index in table.local_indexes for sentence in _local_index(index, table))


def _stream(table: Table) -> Iterator[str]:
    if table.stream.enabled and not table.stream.view_type:
        yield "stream_specification.stream_view_type: say what the stream shows, for instance NEW_AND_OLD_IMAGES"


def _unbounded_access(table: Table) -> Iterator[str]:
    """A policy that grants access to everybody (rule a-policy-grants-bounded-access); AWS judges its conditions."""
    statements = (table.resource_policy or {}).get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        if not isinstance(statement, Mapping) or statement.get("Condition"):
            continue
        principal = statement.get("Principal")
        named = principal.get("AWS") if isinstance(principal, Mapping) else principal
        everybody = "*" in (named if isinstance(named, list) else [named])
        if everybody and str(statement.get("Effect")).lower() == "allow":
            yield (
                "resource_policy: a statement allows everybody, and AWS takes none that does; name the principals, or "
                "bound them by a Condition"
            )


def _key_counts(table: Table) -> Iterator[str]:
    """Too many attributes in a key (rule hash-before-range)."""
    for index in table.indexes:
        for role, attributes in (("HASH", index.key_schema.hash), ("RANGE", index.key_schema.range)):
            most = KEY_ATTRIBUTES if index in table.global_indexes else 1
            if len(attributes) > most:
                yield f"indexes[{index.name}].key_schema: {len(attributes)} {role} attributes; an index takes {most}"


def _scopes(table: Table, observed: Table | None) -> Iterator[str]:
    """Indexes that were global and are declared local, or the reverse (rule an-index-keeps-its-shape)."""
    for index in table.indexes:
        before = observed.index(index.name) if observed else None
        if before and before.scope != index.scope:
            other = (
                f"indexes[{index.name}].type: the index is {before.scope}, {index.scope} was declared, and DynamoDB "
            )
            yield f"{other}cannot change that, since a local index lives as long as its table; declare another name"


def _key_types(table: Table, observed: Table | None) -> Iterator[str]:
    """Attributes with two types. The sentence names each place, and an index that could be removed."""
    places: dict[str, dict[str, str]] = {}
    holders = [("the table", table.key_schema.attributes)]
    holders += [(f"index {index.name}", index.key_schema.attributes) for index in table.indexes]
    for index in table.vector_indexes:
        named = tuple(attribute for attribute in index.search_schema if attribute.type)
        holders.append((f"vector index {index.name}", named))
    for where, attributes in holders:
        for attribute in attributes:
            places.setdefault(attribute.name, {}).setdefault(attribute.type, where)
    old = {f"index {index.name}" for index in (observed.indexes if observed else ()) if index in table.indexes}
    for name, types in sorted(places.items()):
        if len(types) > 1:
            both = " and ".join(f"{TYPE_NAMES[kind]} in {where}" for kind, where in types.items())
            gone = next(
                (f", or remove {where} with purge_indexes: true" for where in types.values() if where in old), ""
            )
            yield (
                f"hash_key_type, range_key_type: the key attribute {name} is {both}; an attribute has one type in the "
                f"table and all its indexes, so declare the same{gone}"
            )


def _key_names(table: Table) -> Iterator[str]:
    for where, schema in (("", table.key_schema), *((f"indexes[{i.name}].", i.key_schema) for i in table.indexes)):
        names = [attribute.name for attribute in schema.attributes]
        if len(set(names)) < len(names):
            yield f"{where}range_key_name: it is the same attribute as hash_key_name; give another, or leave it out"


def _global_count(table: Table, observed: Table | None) -> Iterator[str]:
    """Too many global indexes. A table that has more already shows that AWS has raised the quota."""
    raised = observed is not None and len(observed.global_indexes) > GLOBAL_INDEXES
    if len(table.global_indexes) > GLOBAL_INDEXES and not raised:
        yield f"indexes: {len(table.global_indexes)} global indexes; a table can have {GLOBAL_INDEXES}"


def _local_count(table: Table) -> Iterator[str]:
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
    """A local index without a sort key, or with another partition key (rule a-local-index-shares-the-hash-key)."""
    if not table.key_schema.range:
        yield f"indexes[{index.name}]: a local index needs a table with range_key_name; declare one, or a global type"
    if index.key_schema.hash != table.key_schema.hash:
        own = table.key_schema.hash[0].name
        yield f"indexes[{index.name}].hash_key_name: a local index has its table's, {own}; leave it out"
    if not index.key_schema.range:
        yield f"indexes[{index.name}].range_key_name: a local index needs one"

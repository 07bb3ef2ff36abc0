# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The words for values in a plan's sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .parts import sse_specification, tags
from .table import (
    NO_MAXIMUM,
    ON_DEMAND,
    PROVISIONED,
    Attribute,
    Index,
    KeySchema,
    OnDemandThroughput,
    Replica,
    Table,
    Throughput,
    VectorIndex,
    WarmThroughput,
)


def table(created: Table) -> str:
    """A new table, with all that comes with it in one call."""
    return ", ".join(_traits(created))


def index(described: Index) -> str:
    """An index, with its keys and what it projects."""
    return f"{described.name} [{', '.join(_index_traits(described))}]"


def keys(schema: KeySchema) -> str:
    """The keys with their types."""
    described = f"hash key {_attributes(schema.hash)}"
    return f"{described}, range key {_attributes(schema.range)}" if schema.range else described


def attribute(name: str) -> str:
    """An attribute's name, in quotes where a comma or a space in it would look like two."""
    return f"'{name}'" if "," in name or " " in name else name


def vector_index(described: VectorIndex) -> str:
    """A vector index, with its vectors, what it projects and what a search can name."""
    return f"{described.name} [{', '.join(_vector_traits(described))}]"


def vectors(described: VectorIndex) -> str:
    """The vectors of an index."""
    return f"{described.dimensions} dimensions of {attribute(described.vector_attribute)}"


def hash_key(described: VectorIndex) -> str:
    """The partition key that each search names."""
    return f"hash key {_attributes(described.hash)}" if described.hash else "no hash key"


def filters(described: VectorIndex) -> str:
    """The attributes that a search can name beside the partition key."""
    return f"filters {_attributes(sorted(described.filters))}" if described.filters else "no filters"


def projection(described: Index | VectorIndex) -> str:
    """The projection of an index."""
    included = ", ".join(map(attribute, sorted(described.projection.non_key_attributes)))
    return f"projection {described.projection.type}" + (f" of {included}" if included else "")


def mode(billing_mode: str) -> str:
    """The billing mode of a table."""
    return {ON_DEMAND: "on demand", PROVISIONED: "by provisioned capacity"}[billing_mode]


def units(throughput: Throughput | None) -> str:
    """Provisioned capacity."""
    return f"{throughput.read} read and {throughput.write} write units" if throughput else "no capacity"


def maximum(limit: OnDemandThroughput) -> str:
    """The maximum on demand."""
    parts = [f"{value} {kind}" for kind, value in (("read", limit.read), ("write", limit.write)) if value != -1]
    return f"a maximum of {' and '.join(parts)} request units" if parts else "no maximum"


def warmth(warm: WarmThroughput) -> str:
    """Warm throughput."""
    return f"{warm.read} read and {warm.write} write units a second"


def replica(described: Replica) -> str:
    """A replica, with its settings at creation."""
    parts = [f"in {described.region_name}"]
    if described.kms_master_key:
        parts.append(f"encrypted with the key {described.kms_master_key}")
    if described.table_class:
        parts.append(f"of table class {described.table_class}")
    if described.read_capacity:
        parts.append(f"with {described.read_capacity} read units")
    if described.max_read_request_units:
        parts.append(f"with a maximum of {described.max_read_request_units} read request units")
    return ", ".join(parts)


def _traits(created: Table) -> Iterator[str]:
    yield keys(created.key_schema)
    yield mode(created.billing_mode)
    if created.throughput:
        yield units(created.throughput)
    if created.on_demand_throughput != NO_MAXIMUM:
        yield maximum(created.on_demand_throughput)
    if created.warm_throughput:
        yield f"warm for {warmth(created.warm_throughput)}"
    for each in created.indexes:
        yield f"{each.scope} index {index(each)}"
    for vectorial in created.vector_indexes:
        yield f"vector index {vector_index(vectorial)}"
    if created.table_class != Table.table_class:
        yield f"table class {created.table_class}"
    if created.encryption.key:
        yield f"encrypted with {sse_specification.words(created.encryption)}"
    if created.stream.enabled:
        yield f"a stream of {created.stream.view_type}"
    if created.deletion_protection_enabled:
        yield "protected against deletion"
    if created.resource_policy:
        yield "a resource policy"
    if created.tags:
        yield f"tags {tags.words(created.tags)}"


def _index_traits(described: Index) -> Iterator[str]:
    yield keys(described.key_schema)
    yield projection(described)
    if described.throughput:
        yield units(described.throughput)
    if described.on_demand_throughput != NO_MAXIMUM:
        yield maximum(described.on_demand_throughput)
    if described.warm_throughput:
        yield f"warm for {warmth(described.warm_throughput)}"


def _vector_traits(described: VectorIndex) -> Iterator[str]:
    yield vectors(described)
    yield described.distance_function
    yield projection(described)
    if described.hash:
        yield hash_key(described)
    if described.filters:
        yield filters(described)


def _attributes(attributes: Iterable[Attribute]) -> str:
    return " + ".join(f"{attribute(each.name)} ({each.type or 'type unknown'})" for each in attributes)

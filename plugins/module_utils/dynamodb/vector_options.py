# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Between the option ``vector_indexes``, AWS's descriptions, and vector indexes as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..plan import Impossible
from . import shared_options
from .table import Attribute, KeySchema, Projection, Table, VectorIndex

NEEDED = ("vector_attribute", "dimensions", "distance_function", "projection")


def desire(options: Mapping[str, Any], observed: Table | None, types: Mapping[str, str]) -> tuple[VectorIndex, ...]:
    """The declared vector indexes laid over those that are observed; the others stay without ``purge_vector_indexes``.

    ``types`` are the types of attributes, as far as they are known.
    """
    before = observed.vector_indexes if observed else ()
    staying = {} if options.get("purge_vector_indexes") else {index.name: index for index in before}
    declared = {
        each["name"]: _declared(each, observed.vector_index(each["name"]) if observed else None, types)
        for each in options["vector_indexes"]
    }
    return tuple(sorted({**staying, **declared}.values()))


def from_index(index: VectorIndex) -> dict[str, Any]:
    """A vector index in option names."""
    described: dict[str, Any] = {
        "name": index.name,
        "vector_attribute": index.vector_attribute,
        "dimensions": index.dimensions,
        "distance_function": index.distance_function,
        "projection": index.projection.type.lower(),
    }
    if index.projection.non_key_attributes:
        described["includes"] = sorted(index.projection.non_key_attributes)
    for attribute in index.hash:
        described.update({f"hash_key_{option}": value for option, value in _named(attribute).items()})
    if index.filters:
        described["filters"] = [_named(attribute) for attribute in sorted(index.filters)]
    return described


def from_api(index: Mapping[str, Any], projection: Projection, types: Mapping[str, str]) -> VectorIndex:
    """A vector index as AWS describes it; the types of its filters are known unless it is that of a backup."""

    def of(kind: str) -> Iterable[Attribute]:
        names = (
            element["AttributeName"]
            for element in index.get("SearchSchema") or []
            if element.get("SearchSchemaElementType") == kind
        )
        return (Attribute(name, types.get(name, "")) for name in names)

    return VectorIndex(
        name=index["IndexName"],
        vector_attribute=(index.get("VectorAttribute") or {}).get("AttributeName", ""),
        dimensions=index.get("Dimensions", 0),
        distance_function=index.get("DistanceFunction", ""),
        projection=projection,
        hash=tuple(of("HASH")),
        filters=frozenset(of("INLINE_FILTER")),
    )


def _named(attribute: Attribute) -> dict[str, str]:
    known = {"type": shared_options.TYPE_NAMES[attribute.type]} if attribute.type else {}
    return {"name": attribute.name, **known}


def _declared(holder: Mapping[str, Any], observed: VectorIndex | None, types: Mapping[str, str]) -> VectorIndex:
    where = f"vector_indexes[{holder['name']}]."
    missing = [option for option in NEEDED if holder.get(option) is None]
    if observed is None and missing:
        raise Impossible(f"{where}{missing[0]}: a new vector index needs {', '.join(NEEDED)}; declare {missing[0]}")
    filters = holder.get("filters")
    return VectorIndex(
        name=holder["name"],
        vector_attribute=_or_observed(holder, "vector_attribute", observed),
        dimensions=_or_observed(holder, "dimensions", observed),
        distance_function=_or_observed(holder, "distance_function", observed),
        projection=_projection(holder, observed),
        hash=shared_options.keys(holder, KeySchema(observed.hash if observed else ()), types, where).hash,
        filters=(observed.filters if observed else frozenset())
        if filters is None
        else frozenset(Attribute(each["name"], types.get(each["name"], "S")) for each in filters),
    )


def _or_observed(holder: Mapping[str, Any], option: str, observed: VectorIndex | None) -> Any:
    return getattr(observed, option) if holder.get(option) is None else holder[option]


def _projection(holder: Mapping[str, Any], observed: VectorIndex | None) -> Projection:
    """The desired projection. Included attributes stay if INCLUDE stays and no others are declared."""
    before = observed.projection if observed else Projection("")
    projected = (holder.get("projection") or before.type).upper()
    included = holder.get("includes")
    if included is None and projected == before.type:
        return before
    return Projection(projected, frozenset(included or ()))

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Steps for the vector indexes of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..plan import Impossible, Step
from . import requests, wording
from .table import Table, VectorIndex

# Rule a-vector-index-is-built-late.
MEANWHILE = "searches on it fail until it is built, mostly for 8 to 17 minutes"


def refuse(desired: Table, observed: Table, recreate_indexes: bool) -> None:
    """Raise Impossible for changes that DynamoDB cannot make to a vector index, unless it may be recreated.

    Rule a-vector-index-keeps-its-shape.
    """
    for index in desired.vector_indexes:
        old = observed.vector_index(index.name)
        if old is None or old == index or recreate_indexes:
            continue
        option, had, wants = _difference(index, old)
        raise Impossible(
            f"vector_indexes[{index.name}].{option}: the index has {had}, {wants} was declared, and DynamoDB cannot "
            "change that; declare the new one under another name and remove this one with purge_vector_indexes: true "
            "once nobody searches it, or let it be deleted and created again with recreate_indexes: true"
        )


def delete(desired: Table, observed: Table) -> Iterator[Step]:
    """Deletions, one in a call (rule one-index-at-a-time), also of an index that is recreated."""
    for old in going(desired, observed):
        if old.name not in observed.building:
            again = f" to create it anew: {MEANWHILE}" if desired.vector_index(old.name) else ""
            yield deletion(old.name, observed, f"delete vector index {old.name} of {observed.name}{again}")


def create(desired: Table, observed: Table) -> Iterator[Step]:
    """Creations, one in a call, with the attributes of all indexes so far (rule filters-are-defined)."""
    present = replace(observed, indexes=desired.indexes, vector_indexes=staying(desired, observed))
    for index in desired.vector_indexes:
        if present.vector_index(index.name) is None:
            present = replace(present, vector_indexes=(*present.vector_indexes, index))
            change = {
                "AttributeDefinitions": requests.attribute_definitions(present.attributes),
                "VectorIndexUpdates": [{"Create": requests.vector_index(index)}],
            }
            sentence = f"create vector index {wording.vector_index(index)} on {observed.name}"
            yield requests.update_table(observed, change, sentence)


def staying(desired: Table, observed: Table) -> tuple[VectorIndex, ...]:
    """The observed vector indexes that are as desired."""
    return tuple(index for index in observed.vector_indexes if desired.vector_index(index.name) == index)


def going(desired: Table, observed: Table) -> tuple[VectorIndex, ...]:
    """The observed vector indexes that are not desired, or not as they are."""
    return tuple(index for index in observed.vector_indexes if desired.vector_index(index.name) != index)


def deletion(name: str, observed: Table, sentence: str, at_once: bool = False) -> Step:
    """The step that deletes a vector index; ``at_once``, while it is being built."""
    change = {"VectorIndexUpdates": [{"Delete": {"IndexName": name}}]}
    return requests.update_table(observed, change, sentence, at_once=at_once)


def _difference(desired: VectorIndex, observed: VectorIndex) -> tuple[str, str, str]:
    """The option that differs, with its observed and its desired value."""
    if desired.vector_attribute != observed.vector_attribute:
        return "vector_attribute", f"the vectors of {observed.vector_attribute}", desired.vector_attribute
    if desired.dimensions != observed.dimensions:
        return "dimensions", f"{observed.dimensions} dimensions", str(desired.dimensions)
    if desired.distance_function != observed.distance_function:
        return "distance_function", f"the distance function {observed.distance_function}", desired.distance_function
    if desired.projection.type != observed.projection.type:
        return "projection", f"projection {observed.projection.type}", desired.projection.type
    if desired.projection != observed.projection:
        return "includes", wording.projection(observed), wording.projection(desired)
    if desired.hash != observed.hash:
        same_name = [each.name for each in desired.hash] == [each.name for each in observed.hash]
        option = "hash_key_type" if same_name else "hash_key_name"
        return option, wording.hash_key(observed), wording.hash_key(desired)
    return "filters", wording.filters(observed), wording.filters(desired)

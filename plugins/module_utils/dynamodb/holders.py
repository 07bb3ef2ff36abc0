# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The options of the table, of its indexes and of its replicas, each with its place for sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Holder = tuple[str, Mapping[str, Any]]


def of_table_and_indexes(options: Mapping[str, Any]) -> Iterator[Holder]:
    """The options of the table, and those of each index as ``indexes[NAME].``."""
    yield "", options
    for index in options.get("indexes") or []:
        yield f"indexes[{index['name']}].", index


def of_vector_indexes(options: Mapping[str, Any]) -> Iterator[Holder]:
    """The options of each vector index, as ``vector_indexes[NAME].``."""
    for index in options.get("vector_indexes") or []:
        yield f"vector_indexes[{index['name']}].", index


def of_replicas(options: Mapping[str, Any]) -> Iterator[Holder]:
    """The options of each replica, as ``replicas[REGION].``."""
    for replica in options.get("replicas") or []:
        yield f"replicas[{replica['region_name']}].", replica


def of_table_and_replicas(options: Mapping[str, Any]) -> Iterator[Holder]:
    """The options of the table and of each replica."""
    yield "", options
    yield from of_replicas(options)

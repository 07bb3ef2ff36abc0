# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pairs that once failed, or failed where the planner was spoilt on purpose, shrunk: they are tried first."""

from __future__ import annotations

from typing import Any

from hypothesis import example

from tests.convergence.declarations import BOTH_IMAGES, KEYS, Pair

CAPACITY = {"billing_mode": "PROVISIONED", "read_capacity": 1, "write_capacity": 1}
GSI1 = {"name": "gsi1", "type": "global_all", "hash_key_name": "a", "hash_key_type": "STRING"}
GSI2 = {**GSI1, "name": "gsi2", "hash_key_name": "c"}
ON_DEMAND = {**KEYS, "billing_mode": "PAY_PER_REQUEST", "indexes": []}
GLOBAL = {**ON_DEMAND, "stream_specification": BOTH_IMAGES, "replicas": [{"region_name": "eu-west-1"}]}
WITHOUT_REPLICAS = {"replicas": [], "purge_replicas": True}
WATCHED = {**GSI1, "contributor_insights": {"enabled": True}}
VECTORS = {
    "name": "vectors1",
    "vector_attribute": "v",
    "dimensions": 2,
    "distance_function": "COSINE",
    "projection": "keys_only",
    "hash_key_name": "a",
    "filters": [{"name": "b", "type": "NUMBER"}],
}

# By what was wrong: the endpoints where it can be seen, and the pair.
ONCE_FAILED: dict[str, tuple[tuple[str, ...], Pair]] = {
    "a new table has no ARN yet when the tags of its replica are planned": (
        ("ministack", "gate", "localstack"),
        ({**GLOBAL, "replicas": [{"region_name": "eu-west-1", "tags": {"team": "a"}}]}, {}),
    ),
    "the stream ended before the replicas that need it": (
        ("ministack", "gate", "localstack"),
        (GLOBAL, {**WITHOUT_REPLICAS, "stream_specification": {"stream_enabled": False}}),
    ),
    "the key changed before the replicas that share it were gone": (
        ("ministack", "gate"),
        (GLOBAL, {**WITHOUT_REPLICAS, "sse_specification": {"enabled": True}}),
    ),
    "the key changed under replicas that stay": (
        ("ministack", "gate"),
        (GLOBAL, {"sse_specification": {"enabled": True}}),
    ),
    "a stream began in the call that changed the capacity": (
        ("ministack", "gate", "localstack"),
        (
            {**KEYS, **CAPACITY, "indexes": []},
            {**CAPACITY, "read_capacity": 2, "stream_specification": BOTH_IMAGES},
        ),
    ),
    "an index about to go needs no capacity when the others do": (
        ("ministack", "gate", "localstack"),
        (
            {**ON_DEMAND, "indexes": [GSI1, GSI2]},
            {**CAPACITY, "indexes": [{**GSI1, "read_capacity": 1, "write_capacity": 1}], "purge_indexes": True},
        ),
    ),
    "the table became PROVISIONED before its vector index was gone": (
        ("ministack", "gate"),
        (
            {**ON_DEMAND, "vector_indexes": [VECTORS]},
            {**CAPACITY, "vector_indexes": [], "purge_vector_indexes": True},
        ),
    ),
    "a vector index took the name of a global one that was still there": (
        ("ministack", "gate"),
        (
            {**ON_DEMAND, "indexes": [GSI1]},
            {"indexes": [], "purge_indexes": True, "vector_indexes": [{**VECTORS, "name": "gsi1"}]},
        ),
    ),
    "a vector index was made anew beside a new global one": (
        ("ministack", "gate"),
        (
            {**ON_DEMAND, "vector_indexes": [VECTORS]},
            {"indexes": [GSI1], "vector_indexes": [{**VECTORS, "dimensions": 3}], "recreate_indexes": True},
        ),
    ),
    "an index that was recreated lost its insights": (
        ("ministack", "gate"),
        (
            {**ON_DEMAND, "indexes": [WATCHED]},
            {"indexes": [{**WATCHED, "type": "global_keys_only"}], "recreate_indexes": True},
        ),
    ),
}


def once_failed(endpoint: str) -> Any:
    """Decorates a property with the examples that can be tried on an endpoint."""

    def decorate(test: Any) -> Any:
        for endpoints, pair in ONCE_FAILED.values():
            if endpoint in endpoints:
                test = example(pair, None)(test)
        return test

    return decorate

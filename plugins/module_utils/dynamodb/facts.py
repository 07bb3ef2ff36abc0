# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The results of the table modules, made of DescribeTable's answer."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict

from . import options
from .index_options import from_index
from .table import GLOBAL, Index, Live, Table


def result(table: Table) -> dict[str, Any]:
    """The table in option names, as community.aws.dynamodb_table returns it, with null, [] and 0 for missing values."""
    return {
        "range_key_name": None,
        "range_key_type": None,
        "vector_indexes": [],
        **options.from_table(table),
        "indexes": [_index(index) for index in _in_order(table)],
        "table_name": table.name,
    }


def _in_order(table: Table) -> list[Index]:
    """Global indexes before local ones, in DynamoDB's order; indexes that it does not show yet come last."""
    description = table.live.description if table.live else {}
    members = [*(description.get("GlobalSecondaryIndexes") or []), *(description.get("LocalSecondaryIndexes") or [])]
    places = {index["IndexName"]: place for place, index in enumerate(members)}
    return sorted(table.indexes, key=lambda index: (index.scope != GLOBAL, places.get(index.name, len(places))))


def _index(index: Index) -> dict[str, Any]:
    is_global = index.scope == GLOBAL
    return {
        "range_key_name": None,
        "range_key_type": None,
        "includes": [],
        **({"read_capacity": 0, "write_capacity": 0} if is_global else {}),
        **from_index(index),
        "type": f"{'global_' if is_global else ''}{index.projection.type}",
    }


def facts(observed: Table, live: Live) -> dict[str, Any]:
    """DescribeTable's answer in snake_case, with the short names that community.aws adds."""
    answer: dict[str, Any] = _snake_case(live.description)
    answer.update(
        arn=live.arn,
        name=observed.name,
        status=live.status,
        id=live.description.get("TableId"),
        size=live.description.get("TableSizeBytes"),
        billing_mode=observed.billing_mode,
        table_class=observed.table_class,
    )
    if observed.tags is not None:
        answer["tags"] = dict(observed.tags)
    return answer


def _snake_case(value: Any) -> Any:
    """A description with names in Ansible's form, and times as text in place of botocore's dates."""
    if isinstance(value, Mapping):
        return {_snake_case_name(name): _snake_case(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_snake_case(member) for member in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


@functools.cache
def _snake_case_name(name: str) -> str:
    return str(*camel_dict_to_snake_dict({name: None}))

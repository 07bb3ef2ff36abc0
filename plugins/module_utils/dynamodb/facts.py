# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What a table's module returns of DescribeTable's answer."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict

from .table import Live, Table


def facts(observed: Table, live: Live) -> dict[str, Any]:
    """What DescribeTable answered in snake_case, with the short names that community.aws adds."""
    result: dict[str, Any] = _snake_case(live.description)
    result.update(
        arn=live.arn,
        name=observed.name,
        status=live.status,
        id=live.description.get("TableId"),
        size=live.description.get("TableSizeBytes"),
        billing_mode=observed.billing_mode,
        table_class=observed.table_class,
    )
    if observed.tags is not None:
        result["tags"] = dict(observed.tags)
    return result


def _snake_case(value: Any) -> Any:
    """With names as Ansible has them, and without the dates that botocore makes of time stamps."""
    if isinstance(value, Mapping):
        return {_snake_case_name(name): _snake_case(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_snake_case(member) for member in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


@functools.cache
def _snake_case_name(name: str) -> str:
    return str(*camel_dict_to_snake_dict({name: None}))

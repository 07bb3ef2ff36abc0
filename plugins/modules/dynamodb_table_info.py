#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_table_info
version_added: 1.0.0
short_description: Read DynamoDB tables as they are
description:
  - Reads one table, or all of a region, in the option names of M(mana.memory.dynamodb_table), so that what it returns
    can be declared again and then changes nothing.
  - A part that cannot be read is left out, with a warning that names the missing permission.
  - Warm throughput is in RV(table) alone. It grows by itself, and declared elsewhere it would be bought.
extends_documentation_fragment:
  - mana.memory.connection
  - mana.memory.attributes
  - mana.memory.attributes.reads
author:
  - The mana.memory authors (@mana)
seealso:
  - module: mana.memory.dynamodb_table
options:
  name:
    description:
      - The name of the table, or its ARN. Without it, all tables of the region are read.
    type: str
"""

EXAMPLES = r"""
- name: Read a table
  mana.memory.dynamodb_table_info:
    name: mana-memory
  register: memory

- name: Make the same table in another region
  mana.memory.dynamodb_table:
    region: eu-west-1
    name: "{{ memory.tables[0].name }}"
    hash_key_name: "{{ memory.tables[0].hash_key_name }}"
    range_key_name: "{{ memory.tables[0].range_key_name }}"
    indexes: "{{ memory.tables[0].indexes }}"

- name: Read all tables of a region
  mana.memory.dynamodb_table_info:
    region: us-east-1
"""

RETURN = r"""
tables:
  description:
    - The tables, each in the option names of M(mana.memory.dynamodb_table).
    - Empty where O(name) does not exist.
  returned: success
  type: list
  elements: dict
  sample:
    - name: mana-memory
      hash_key_name: pk
      hash_key_type: STRING
      billing_mode: PAY_PER_REQUEST
      indexes: []
table:
  description:
    - What DescribeTable answers of O(name), in snake_case, as in M(community.aws.dynamodb_table_info).
    - Empty where it does not exist.
  returned: when O(name) was given
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.mana.memory.plugins.module_utils.connection import Connect
from ansible_collections.mana.memory.plugins.module_utils.dynamodb import facts, names, options, service
from ansible_collections.mana.memory.plugins.module_utils.front import run_module
from ansible_collections.mana.memory.plugins.module_utils.plan import refuse

OPTIONS = {"name": {"type": "str"}}

SPEC = {"argument_spec": OPTIONS}


def run(parameters: Mapping[str, Any], connect: Connect, _check_mode: bool) -> dict[str, Any]:
    """Read the tables. Raises CallFailed where one cannot be read at all."""
    name = parameters["name"]
    if name is not None:
        refuse(names.misnamed_or_arn("name", name))
    client = connect("dynamodb")
    surveys = [service.survey(connect, each) for each in ([name] if name else service.names(client))]
    tables = [table for table, warnings in surveys if table]
    result: dict[str, Any] = {
        "changed": False,
        "tables": [options.from_table(table.without_warmth()) for table in tables],
        "warnings": [warning for table, warnings in surveys for warning in warnings],
    }
    if name:
        result["table"] = next((facts.facts(table, table.live) for table in tables if table.live), {})
    return result


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()

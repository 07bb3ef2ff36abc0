#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_table_info
version_added: 1.0.0
short_description: Read DynamoDB tables as they are
description:
  - Reads one table, or some or all tables of a region, in the option names of M(mana.memory.dynamodb_table). What the
    module returns can be declared again, and then changes nothing.
  - A part that cannot be read is left out, with a warning that names the missing permission.
  - Warm throughput is in RV(table) alone. It grows by itself, and whoever declared it again would buy it.
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
      - The name of the table, or its ARN. Without it, all tables of the region are read, or those that the other
        options leave.
      - Mutually exclusive with O(names) and O(prefix).
    type: str
  names:
    description:
      - The names of tables. One that does not exist is left out.
      - Mutually exclusive with O(prefix).
    type: list
    elements: str
    version_added: 1.1.0
  prefix:
    description:
      - What the names of the tables begin with.
    type: str
    version_added: 1.1.0
  tags:
    description:
      - Tags that the tables have, among others. V(null) stands for any value.
      - Of the other tables nothing is read but their tags, ten a second, which is as many as AWS answers. A table whose
        tags cannot be read is left out, with a warning.
    type: dict
    version_added: 1.1.0
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

- name: Read the tables of a team that have an owner, whoever that is
  mana.memory.dynamodb_table_info:
    prefix: prod-
    tags:
      team: assistants
      owner: null
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
    - Empty if the table does not exist.
  returned: when O(name) was given
  type: dict
"""

import functools
from collections.abc import Collection, Mapping
from typing import Any, Callable, TypeVar

from ansible_collections.mana.memory.plugins.module_utils import summary
from ansible_collections.mana.memory.plugins.module_utils.connection import CallFailed, Client, Connect
from ansible_collections.mana.memory.plugins.module_utils.dynamodb import facts, names, options, reading, service
from ansible_collections.mana.memory.plugins.module_utils.front import run_module
from ansible_collections.mana.memory.plugins.module_utils.plan import refuse

OPTIONS = {
    "name": {"type": "str"},
    "names": {"type": "list", "elements": "str"},
    "prefix": {"type": "str"},
    "tags": {"type": "dict"},
}

SPEC = {"argument_spec": OPTIONS, "mutually_exclusive": [("name", "names", "prefix")]}
AT_ONCE = 16  # tables, each of which takes several reads
T = TypeVar("T")


def run(parameters: Mapping[str, Any], connect: Connect, _check_mode: bool) -> dict[str, Any]:
    """Read the tables. Raises CallFailed where one cannot be read at all."""
    name = parameters["name"]
    if name is not None:
        refuse(names.misnamed_or_arn("name", name))
    for each in parameters.get("names") or ():
        refuse(names.misnamed_or_arn("names", each))
    client = connect("dynamodb")
    found = _named(parameters, client)
    wanted = parameters.get("tags") or {}
    tags = _at_once(functools.partial(_tags, client), service.arns(client, found).items()) if wanted else []
    known = {name: {"tags": each} for name, each, _warnings in tags if each is not None and _has(each, wanted)}
    surveys = _at_once(
        lambda name: (name, *service.survey(connect, name, known.get(name, {}))), [*known] if wanted else found
    )
    tables = [table for _name, table, _warnings in surveys if table]
    result: dict[str, Any] = {
        "changed": False,
        "tables": [options.from_table(table.without_warmth()) for table in tables],
        "warnings": _told(found, [(name, warning) for name, _found, each in (*tags, *surveys) for warning in each]),
    }
    if name:
        result["table"] = next((facts.facts(table, table.live) for table in tables if table.live), {})
    return result


def _named(parameters: Mapping[str, Any], client: Client) -> list[str]:
    """The names of the tables to read."""
    if parameters["name"]:
        return [parameters["name"]]
    if parameters.get("names") is not None:
        return list(dict.fromkeys(parameters["names"]))
    return [each for each in service.names(client) if each.startswith(parameters.get("prefix") or "")]


def _tags(client: Client, table: tuple[str, str]) -> tuple[str, Mapping[str, str] | None, list[str]]:
    """A table's name, its tags, and a warning where they cannot be read, unless there is no such table."""
    name, arn = table
    try:
        return name, reading.tags(client, name, arn), []
    except CallFailed as failure:
        return name, None, [failure.sentence] if service.describe(client, name) else []


def _at_once(read: Callable[[Any], T], found: Collection[Any]) -> list[T]:
    if len(found) < 2:
        return [read(each) for each in found]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(len(found), AT_ONCE)) as pool:
        return list(pool.map(read, found))


def _has(tags: Mapping[str, str], wanted: Mapping[str, Any]) -> bool:
    """Whether a table has these tags; null is any value. Values are text, however they were written."""
    return all(key in tags and (value is None or tags[key] == str(value)) for key, value in wanted.items())


def _told(found: list[str], warnings: list[tuple[str, str]]) -> list[str]:
    """The warnings of one table as they are, and those of many once where they are equal."""
    if len(found) < 2:
        return [warning for _name, warning in warnings]
    return summary.sentence_lines(summary.sentences(warnings))


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_table
version_added: 1.0.0
short_description: Declare a DynamoDB table
description:
  - Creates, updates or deletes one DynamoDB table so that it is as declared.
  - An option that is left out leaves that part of the table alone.
  - No step ever replaces or deletes a table to change it. What DynamoDB cannot change is refused before any write,
    in check mode too.
  - Takes the options of M(community.aws.dynamodb_table), so that its tasks run with only the module's name changed.
extends_documentation_fragment:
  - mana.memory.connection
  - mana.memory.attributes
  - mana.memory.attributes.writes
author:
  - The mana.memory authors (@mana)
seealso:
  - module: mana.memory.dynamodb_table_info
  - module: mana.memory.dynamodb_item
options:
  name:
    description:
      - The name of the table.
    type: str
    required: true
  state:
    description:
      - Whether the table is there.
      - V(absent) refuses a table that is protected against deletion.
    type: str
    choices: [present, absent]
    default: present
  hash_key_name:
    description:
      - The partition key. A new table needs one.
    type: str
  hash_key_type:
    description:
      - The type of the partition key.
      - V(STRING) for a new table, unless an index says another type of the same attribute.
    type: str
    choices: [STRING, NUMBER, BINARY]
  range_key_name:
    description:
      - The sort key.
    type: str
  range_key_type:
    description:
      - The type of the sort key.
      - V(STRING) for a new table, unless an index says another type of the same attribute.
    type: str
    choices: [STRING, NUMBER, BINARY]
  billing_mode:
    description:
      - How the table is billed.
      - A new table is V(PAY_PER_REQUEST), or V(PROVISIONED) where capacities are declared.
    type: str
    choices: [PROVISIONED, PAY_PER_REQUEST]
  read_capacity:
    description:
      - Provisioned capacity, in read units. V(0) leaves it alone.
      - V(1) for a new table. To change an on-demand table to V(PROVISIONED), both capacities must be declared, for the
        table and each of its global indexes.
    type: int
  write_capacity:
    description:
      - Provisioned capacity, in write units. V(0) leaves it alone.
      - V(1) for a new table.
    type: int
  indexes:
    description:
      - The secondary indexes. Global ones can be added and removed at any time, local ones are made with the table.
      - A live index that is not in the list stays, unless O(purge_indexes=true).
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the index.
        type: str
        required: true
      type:
        description:
          - Global or local index, and what it projects.
          - V(global_all), V(global_keys_only) and V(global_include) are global indexes; V(all), V(keys_only) and
            V(include) are local ones.
        type: str
        required: true
        choices: [all, global_all, global_include, global_keys_only, include, keys_only]
      hash_key_name:
        description:
          - The partition key. A new global index needs one; a local index has that of its table.
        type: str
      hash_key_type:
        description:
          - The type of the partition key.
          - V(STRING) for a new index, unless the same attribute is declared with another type elsewhere.
        type: str
        choices: [STRING, NUMBER, BINARY]
      range_key_name:
        description:
          - The sort key.
        type: str
      range_key_type:
        description:
          - The type of the sort key.
          - V(STRING) for a new index, unless the same attribute is declared with another type elsewhere.
        type: str
        choices: [STRING, NUMBER, BINARY]
      includes:
        description:
          - The attributes that are projected beside the keys, in any order. For V(global_include) and V(include) only.
        type: list
        elements: str
      read_capacity:
        description:
          - Provisioned capacity of a global index, in read units. V(0) leaves it alone. V(1) for a new index.
        type: int
      write_capacity:
        description:
          - Provisioned capacity of a global index, in write units. V(0) leaves it alone. V(1) for a new index.
        type: int
  purge_indexes:
    description:
      - Whether global indexes that are not in O(indexes) are deleted. Without O(indexes), nothing is.
    type: bool
    default: false
  table_class:
    description:
      - The storage class. V(STANDARD) for a new table.
    type: str
    choices: [STANDARD, STANDARD_INFREQUENT_ACCESS]
  deletion_protection_enabled:
    description:
      - Whether the table is protected against deletion.
    type: bool
  tags:
    description:
      - The tags of the table.
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description:
      - Whether tags that are not in O(tags) are removed. Those whose keys begin with V(aws:) never are.
    type: bool
    default: true
  time_to_live:
    description:
      - Expiry of items.
      - DynamoDB takes one change an hour. To expire by another attribute, turn it off, and on again an hour later.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether items expire.
        type: bool
        default: true
      attribute_name:
        description:
          - The attribute with the time of expiry, in seconds since 1970. Needed to turn expiry on.
        type: str
  point_in_time_recovery:
    description:
      - Continuous backups, from which the table can be restored as it was at any second.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether the backups are kept.
        type: bool
        default: true
  wait:
    description:
      - Whether to wait until the table and all its indexes are ready after the last step.
      - V(false) does what can be done without waiting and returns the rest as RV(pending); the next run goes on.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long to wait for a step, in seconds. It counts for each step anew.
    type: int
    default: 900
    aliases: [wait_for_active_timeout]
"""

EXAMPLES = r"""
- name: A table for a single-table design, on demand
  mana.memory.dynamodb_table:
    name: mana-memory
    hash_key_name: pk
    range_key_name: sk
    indexes:
      - name: gsi1
        type: global_all
        hash_key_name: gsi1pk
        range_key_name: gsi1sk

- name: Items of it expire, it can be recovered, and nobody deletes it by mistake
  mana.memory.dynamodb_table:
    name: mana-memory
    time_to_live:
      attribute_name: ttl
    point_in_time_recovery:
      enabled: true
    deletion_protection_enabled: true

- name: Exactly these indexes and tags, and no others
  mana.memory.dynamodb_table:
    name: mana-memory
    indexes:
      - name: gsi1
        type: global_all
        hash_key_name: gsi1pk
        range_key_name: gsi1sk
      - name: by_day
        type: global_keys_only
        hash_key_name: day
        hash_key_type: NUMBER
    purge_indexes: true
    tags:
      team: assistants

- name: A table with provisioned capacity
  mana.memory.dynamodb_table:
    name: orders
    hash_key_name: id
    billing_mode: PROVISIONED
    read_capacity: 20
    write_capacity: 5

- name: No table
  mana.memory.dynamodb_table:
    name: orders
    state: absent
"""

RETURN = r"""
plan:
  description:
    - The steps that were performed, in order, or in check mode those that would be.
    - RV(ignore:changed) is true when there is one.
  returned: success
  type: list
  elements: dict
  contains:
    call:
      description: The API call.
      type: str
      sample: UpdateTable
    sentence:
      description: What it does, in words.
      type: str
      sample: delete global index by_day of mana-memory
pending:
  description: The steps that O(wait=false) left for the next run.
  returned: when there are any
  type: list
  elements: dict
  contains:
    call:
      description: The API call.
      type: str
    sentence:
      description: What it does, in words.
      type: str
done:
  description: The steps of RV(plan) that a failed run performed, in the same form.
  returned: when a step failed
  type: list
  elements: dict
left:
  description: The steps of RV(plan) after the one that failed, in the same form.
  returned: when a step failed
  type: list
  elements: dict
table:
  description:
    - What DescribeTable answers, in snake_case, with C(arn), C(id), C(name), C(size), C(status), C(billing_mode) and
      C(table_class) at its top, and with C(tags) where O(tags) was declared.
  returned: when there is a table
  type: dict
  sample:
    arn: arn:aws:dynamodb:us-east-1:123456789012:table/mana-memory
    name: mana-memory
    status: ACTIVE
table_name:
  description: The name of the table.
  returned: when there is a table
  type: str
  sample: mana-memory
table_status:
  description: The status of the table.
  returned: when there is a table
  type: str
  sample: ACTIVE
region:
  description: The region of the table.
  returned: when there is a table
  type: str
  sample: us-east-1
hash_key_name:
  description:
    - The partition key. As this one, the options O(hash_key_type), O(range_key_name), O(range_key_type),
      O(billing_mode), O(read_capacity), O(write_capacity), O(indexes), O(table_class),
      O(deletion_protection_enabled), and those of O(tags), O(time_to_live) and O(point_in_time_recovery) that were
      declared are returned as they are afterwards, or in check mode as they would be.
  returned: when there is a table, or in check mode would be
  type: str
  sample: pk
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils.connection import Connect
from ..module_utils.dynamodb import description, options, planning, rules, service
from ..module_utils.front import run_module
from ..module_utils.reconcile import Resource, reconcile

KEY_TYPE = {"type": "str", "choices": ["STRING", "NUMBER", "BINARY"]}

INDEX = {
    "name": {"type": "str", "required": True},
    "type": {
        "type": "str",
        "required": True,
        "choices": ["all", "global_all", "global_include", "global_keys_only", "include", "keys_only"],
    },
    "hash_key_name": {"type": "str"},
    "hash_key_type": KEY_TYPE,
    "range_key_name": {"type": "str"},
    "range_key_type": KEY_TYPE,
    "includes": {"type": "list", "elements": "str"},
    "read_capacity": {"type": "int"},
    "write_capacity": {"type": "int"},
}

OPTIONS = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "hash_key_name": {"type": "str"},
    "hash_key_type": KEY_TYPE,
    "range_key_name": {"type": "str"},
    "range_key_type": KEY_TYPE,
    "billing_mode": {"type": "str", "choices": ["PROVISIONED", "PAY_PER_REQUEST"]},
    "read_capacity": {"type": "int"},
    "write_capacity": {"type": "int"},
    "indexes": {"type": "list", "elements": "dict", "options": INDEX},
    "purge_indexes": {"type": "bool", "default": False},
    "table_class": {"type": "str", "choices": ["STANDARD", "STANDARD_INFREQUENT_ACCESS"]},
    "deletion_protection_enabled": {"type": "bool"},
    "tags": {"type": "dict", "aliases": ["resource_tags"]},
    "purge_tags": {"type": "bool", "default": True},
    "time_to_live": {
        "type": "dict",
        "options": {"enabled": {"type": "bool", "default": True}, "attribute_name": {"type": "str"}},
    },
    "point_in_time_recovery": {"type": "dict", "options": {"enabled": {"type": "bool", "default": True}}},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 900, "aliases": ["wait_for_active_timeout"]},
}

SPEC = {"argument_spec": OPTIONS}


def run(parameters: Mapping[str, Any], connect: Connect, check_mode: bool) -> dict[str, Any]:
    """Bring the table to what ``parameters`` declare. Raises Impossible, CallFailed and Failed."""
    rules.check_options(parameters)
    client = connect("dynamodb")
    name, wait, wait_timeout = parameters["name"], parameters["wait"], parameters["wait_timeout"]
    concerns = options.declared_concerns(parameters)
    after, report = reconcile(
        Resource(
            title=f"table {name}",
            observe=lambda: service.observe(client, name, concerns),
            desire=lambda observed: options.desire(parameters, observed),
            plan=planning.plan,
            perform=lambda step: service.perform(client, step, wait_timeout),
            describe=options.from_table,
            settle=lambda after: service.settle(client, name, after, wait, wait_timeout),
        ),
        check_mode,
    )
    if after is None:
        return report
    report.update(options.from_table(after), region=client.meta.region_name, table_name=name)
    if after.live is not None:
        report.update(table=description.facts(after), table_status=after.live.status)
    return report


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()

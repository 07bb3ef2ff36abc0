#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_item
short_description: Puts or deletes one item of a DynamoDB table
version_added: 1.0.0
description:
  - Puts one item of a table as declared, or deletes it.
  - The item is declared whole. Attributes of the item that are not declared are removed.
  - Reads the item first, and writes only if it differs by DynamoDB's own measure. C(1) and C(1.0) are the same
    number, sets have no order, and the string C("1") is not a number.
  - Needs C(dynamodb:GetItem), and C(dynamodb:PutItem) or C(dynamodb:DeleteItem) to write. Never describes the table.
author: the mana.memory authors (@mana)
options:
  table_name:
    description: The name of the table, or its ARN.
    type: str
    required: true
  key:
    description:
      - The primary key of the item in plain values, that is the table's hash key and, if it has one, its range key.
      - >-
        Each is a string, a number or, for bytes, C({"$binary": "<base64>"}), and not empty.
      - It has up to 2048 bytes, as a range key 1024.
    type: dict
    required: true
  item:
    description:
      - The other attributes of the item in plain values. They may repeat those of O(key).
      - Required with O(state=present). For an item that is only its key, give C({}). Ignored with O(state=absent).
      - Strings, numbers, booleans, null, lists and maps are written as YAML has them. What YAML lacks is written as a
        map with exactly one of these keys.
      - C($binary) takes bytes in base64, and so does C(!!binary) of YAML.
      - C($string_set), C($number_set) and C($binary_set) take a list of strings, of numbers, of bytes in base64.
      - C($number) takes in quotes, as decimal text, a number that a float does not hold exactly. DynamoDB keeps 38
        digits. It takes whole numbers without quotes too.
      - C($map) takes any map as it is, also a map that looks like one of these. Without C($map), a map whose key is
        nearly one of these, such as C($bianry), is refused.
    type: dict
  state:
    description:
      - V(present) puts the item, V(absent) deletes it. Deleting what is not there changes nothing.
    type: str
    choices: [present, absent]
    default: present
  overwrite:
    description:
      - Whether an item that exists and differs is replaced.
      - With V(false) an item that exists is left as it is, whatever it holds, also if somebody else puts it between
        this module's look and its own write. Meant for defaults that a service or a person changes later.
    type: bool
    default: true
notes:
  - >-
    Write C({$number: "{{ count }}"}) for a number that a template gives. Before ansible-core 2.19 a template gives a
    string, C("{{ count | int }}") too.
  - Results and diffs show the item. Set C(no_log) on the task if the item holds a secret.
seealso:
  - module: mana.memory.dynamodb_item_info
  - module: mana.memory.dynamodb_table
extends_documentation_fragment:
  - mana.memory.connection
  - mana.memory.attributes
  - mana.memory.attributes.writes
"""

EXAMPLES = r"""
- name: A settings item is as described
  mana.memory.dynamodb_item:
    table_name: mana-memory
    key: {pk: settings, sk: retention}
    item:
      days: 30
      strict: true
      languages: {$string_set: [de, en]}
      exceptions: [audit, billing]

- name: A counter exists, and keeps its value once it does
  mana.memory.dynamodb_item:
    table_name: mana-memory
    key: {pk: counter, sk: threads}
    item: {value: 0}
    overwrite: false

- name: An item of bytes and of a number with many digits
  mana.memory.dynamodb_item:
    table_name: mana-memory
    key: {pk: model, sk: fingerprint}
    item:
      digest: {$binary: rXCz9Te3l6fbFC2DZ2A7bQ==}
      pi: {$number: "3.1415926535897932384626433832795028842"}

- name: An item is gone
  mana.memory.dynamodb_item:
    table_name: mana-memory
    key: {pk: settings, sk: obsolete}
    state: absent
"""

RETURN = r"""
item:
  description:
    - The item as it is afterwards, or in check mode would be, in plain values that O(item) takes back.
    - Null when it is not there.
  type: dict
  returned: success
  sample: {"days": 30, "languages": {"$string_set": ["de", "en"]}, "pk": "settings", "sk": "retention"}
plan:
  description: What was done, or in check mode would be.
  type: list
  elements: dict
  returned: success
  contains:
    service:
      description: The service that is called.
      type: str
      sample: dynamodb
    call:
      description: The API call.
      type: str
      sample: PutItem
    region:
      description: The region that is called.
      type: str
      sample: us-east-1
    arguments:
      description:
        - The arguments of the call, as the API names them, with values as the API writes them; binary ones in base64.
      type: dict
    sentence:
      description: The same in words.
      type: str
      sample: put the item pk=settings, sk=retention into table mana-memory
region:
  description: The region that was called.
  returned: success, or when a step failed
  type: str
  sample: us-east-1
endpoint_url:
  description: The address of the endpoint.
  returned: when it is not AWS's
  type: str
  sample: http://127.0.0.1:4566
declared:
  description: The names of the options that have a value, for M(mana.memory.audit). Each index and replica has its own.
  returned: in check mode
  type: list
  elements: str
reads:
  description: What the task calls in check mode, each as an C(action) and a C(resource), for M(mana.memory.audit).
  returned: in check mode
  type: list
  elements: dict
declared_at:
  description: The file and the line that declare each of these, for M(mana.memory.audit).
  returned: in check mode
  type: dict
check_mode:
  description: Whether this ran in check mode, so that nothing was changed.
  returned: in check mode
  type: bool
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from ansible_collections.mana.memory.plugins.module_utils import items
from ansible_collections.mana.memory.plugins.module_utils.connection import Connect, where
from ansible_collections.mana.memory.plugins.module_utils.dynamodb import names
from ansible_collections.mana.memory.plugins.module_utils.front import run_module
from ansible_collections.mana.memory.plugins.module_utils.plan import Impossible, refuse
from ansible_collections.mana.memory.plugins.module_utils.reconcile import reconcile
from ansible_collections.mana.memory.plugins.module_utils.resource import Observation, Resource

OPTIONS: dict[str, Any] = {
    "table_name": {"type": "str", "required": True},
    "key": {"type": "dict", "required": True, "no_log": False},
    "item": {"type": "dict"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "overwrite": {"type": "bool", "default": True},
}
OF_ITEMS = ("key", "item")  # the options whose values are DynamoDB's, which knows bytes
SPEC: dict[str, Any] = {"argument_spec": OPTIONS, "required_if": [("state", "present", ["item"])]}


def run(parameters: Mapping[str, Any], connect: Connect, check_mode: bool) -> dict[str, Any]:
    """Bring the item to what the options declare."""
    declaration = declared(parameters)
    client = connect("dynamodb")
    resource = Resource(
        title=f"item {items.key_text(declaration.key)} of table {declaration.table_name}",
        where=where(client),
        observe=lambda: Observation(items.get(client, declaration.table_name, declaration.key, ConsistentRead=True)),
        desire=partial(items.desire, declaration),
        plan=partial(items.plan, declaration),
        perform=partial(items.perform, client, declaration),
        describe=lambda item: items.plain_attributes(item or {}),
        warn=lambda _item, steps: items.warnings(declaration) if steps else [],
    )
    item, report = reconcile(resource, check_mode)
    return {**report, "item": None if item is None else items.plain_attributes(item)}


def declared(parameters: Mapping[str, Any]) -> items.Declaration:
    """The declared item. Refuses values that DynamoDB cannot hold."""
    refuse(names.misnamed_or_arn("table_name", parameters["table_name"]))
    key = items.declared_key(parameters["key"])
    table_name, overwrite = parameters["table_name"], parameters.get("overwrite") is not False
    if parameters.get("state") == "absent":
        return items.Declaration(table_name, key, None, overwrite)
    if parameters.get("item") is None:
        raise Impossible("item: it is needed to put an item; give its attributes, {} for none but the key")
    return items.Declaration(table_name, key, items.declared_item(key, parameters["item"]), overwrite)


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()

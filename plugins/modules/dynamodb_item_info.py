#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_item_info
short_description: Gets, queries or searches items of a DynamoDB table
version_added: 1.0.0
description:
  - Gets one item by its primary key, queries the items that share a hash key, or searches a vector index for what is
    near to a vector, in plain values.
  - Needs C(dynamodb:GetItem) with O(key), C(dynamodb:Query) with O(key_condition_expression), or
    C(dynamodb:SearchVectors) with O(search_vector). Never describes the table, and never scans it.
author: the mana.memory authors (@mana)
options:
  table_name:
    description: The name of the table, or its ARN.
    type: str
    required: true
  key:
    description:
      - The primary key of the one item to get, in plain values.
      - Exactly one of O(key), O(key_condition_expression) and O(search_vector) is needed.
    type: dict
  key_condition_expression:
    description:
      - The condition of a query in DynamoDB's own syntax, for instance V(pk = :pk AND begins_with(sk, :prefix\)).
    type: str
  search_vector:
    description:
      - The vector to look for in the vector index O(index_name), as many numbers as the index has dimensions.
      - AWS answers approximately, and does not see yet what was just written.
      - Needs botocore 1.43.64.
    type: list
    version_added: 1.1.0
    elements: raw
  top_k:
    description:
      - How many items a search returns at most, 1 to 100. By default 10.
      - AWS returns no more than these, since a search has no further pages.
    type: int
    version_added: 1.1.0
  search_condition_expression:
    description:
      - The condition that items of a search have to meet, in DynamoDB's own syntax, for instance
        C(tenant = :tenant AND written_in = :year).
      - It takes C(=) and C(AND) alone, on the hash key and the filters of the index.
      - If the index has a hash key, AWS needs a condition on it.
    type: str
    version_added: 1.1.0
  expression_attribute_values:
    description:
      - The values that the expressions of a query or a search name, in plain values as
        M(mana.memory.dynamodb_item) takes them. Their names begin with C(:). Each is named in an expression.
    type: dict
  expression_attribute_names:
    description:
      - Names of attributes that the expressions cannot hold themselves, such as reserved words. Their placeholders
        begin with C(#). Each is named in an expression.
    type: dict
  filter_expression:
    description:
      - A further condition on the items of a query. DynamoDB reads, and bills, also the items that do not meet it.
    type: str
  projection_expression:
    description: The attributes to return, by default all. A query of an index returns the attributes that it holds.
    type: str
  index_name:
    description: The secondary index to query in place of the table, or the vector index to search.
    type: str
  consistent_read:
    description:
      - Whether the result holds every write that ended before, at twice the price of a read that may lag behind.
      - By default V(true), so that a task sees what the one before it wrote, except with O(index_name), where it is
        V(false).
      - A local index can be read so. AWS refuses a consistent read of a global index or a vector index.
    type: bool
  limit:
    description:
      - How many items to return at most. By default all, page after page. A search takes O(top_k) in its place.
    type: int
  scan_index_forward:
    description:
      - Whether the items of a query come in ascending order of the range key. DynamoDB's default is V(true).
    type: bool
notes:
  - Results show the items. Set C(no_log) on the task if they hold a secret.
seealso:
  - module: mana.memory.dynamodb_item
  - module: mana.memory.dynamodb_table_info
extends_documentation_fragment:
  - mana.memory.connection
  - mana.memory.attributes
  - mana.memory.attributes.reads
"""

EXAMPLES = r"""
- name: Get one item
  mana.memory.dynamodb_item_info:
    table_name: mana-memory
    key: {pk: settings, sk: retention}
  register: retention

- name: Show what it says
  ansible.builtin.debug:
    msg: "{{ retention.found | map(attribute='days') | first | default('no such item') }}"

- name: The ten newest messages of a thread, by a global index
  mana.memory.dynamodb_item_info:
    table_name: mana-memory
    index_name: gsi1
    key_condition_expression: gsi1pk = :thread
    expression_attribute_values:
      ":thread": thread#42
    scan_index_forward: false
    limit: 10

- name: All settings that are strict, by name alone
  mana.memory.dynamodb_item_info:
    table_name: mana-memory
    key_condition_expression: pk = :pk
    filter_expression: "#strict = :yes"
    projection_expression: sk
    expression_attribute_names:
      "#strict": strict
    expression_attribute_values:
      ":pk": settings
      ":yes": true

- name: The three notes of a tenant of 2026 that are nearest to what was asked
  mana.memory.dynamodb_item_info:
    table_name: notes
    index_name: by_meaning
    search_vector: "{{ lookup('file', 'question.json') | from_json }}"
    top_k: 3
    search_condition_expression: tenant = :tenant AND written_in = :year
    expression_attribute_values:
      ":tenant": acme
      ":year": 2026
    projection_expression: id, content
  register: near

- name: What was said about it, and how near that is
  ansible.builtin.debug:
    msg: "{{ item.1 }}: {{ item.0.content }}"
  loop: "{{ near.found | zip(near.scores) }}"
"""

RETURN = r"""
found:
  description:
    - The items in plain values, as M(mana.memory.dynamodb_item) takes them. Empty when there is none.
  type: list
  elements: dict
  returned: success
  sample: [{"days": 30, "languages": {"$string_set": ["de", "en"]}, "pk": "settings", "sk": "retention"}]
count:
  description: How many items there are in RV(found).
  type: int
  returned: success
  sample: 1
scores:
  description:
    - The score of each item of RV(found), in the same order, the nearest first.
    - With the distance functions C(COSINE), from 0 to 2, and C(EUCLIDEAN) a score is a distance, less is nearer.
      With C(DOT_PRODUCT) more is nearer, and a score may be below 0.
  type: list
  elements: float
  returned: with O(search_vector)
  sample: [0.0123, 0.25]
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.mana.memory.plugins.module_utils import items
from ansible_collections.mana.memory.plugins.module_utils.connection import Client, Connect
from ansible_collections.mana.memory.plugins.module_utils.dynamodb import features, names
from ansible_collections.mana.memory.plugins.module_utils.front import run_module
from ansible_collections.mana.memory.plugins.module_utils.plan import refuse

WAYS = ("key", "key_condition_expression", "search_vector")
OPTIONS: dict[str, Any] = {
    "table_name": {"type": "str", "required": True},
    "key": {"type": "dict", "no_log": False},
    "key_condition_expression": {"type": "str", "no_log": False},
    "search_vector": {"type": "list", "elements": "raw"},
    "top_k": {"type": "int"},
    "search_condition_expression": {"type": "str"},
    "expression_attribute_values": {"type": "dict"},
    "expression_attribute_names": {"type": "dict"},
    "filter_expression": {"type": "str"},
    "projection_expression": {"type": "str"},
    "index_name": {"type": "str"},
    "consistent_read": {"type": "bool"},
    "limit": {"type": "int"},
    "scan_index_forward": {"type": "bool"},
}
OF_ITEMS = ("key", "search_vector", "expression_attribute_values")  # these hold values of DynamoDB, bytes among them
SPEC: dict[str, Any] = {
    "argument_spec": OPTIONS,
    "mutually_exclusive": [WAYS],
    "required_one_of": [WAYS],
}
FOR_QUERIES = ("index_name", "filter_expression", "expression_attribute_values", "limit", "scan_index_forward")
# What a search has otherwise, and what of a search a query has otherwise.
NOT_FOR_SEARCHES = {
    "filter_expression": "say search_condition_expression",
    "limit": "say top_k",
    "scan_index_forward": "leave it out, the nearest come first",
}
FOR_SEARCHES = {"top_k": "say limit", "search_condition_expression": "say filter_expression"}
EXPRESSIONS = ("key_condition_expression", "filter_expression", "search_condition_expression", "projection_expression")
LARGEST_LIMIT = 2**31 - 1
LARGEST_TOP_K = 100  # (rule searches-find-a-hundred)
USUAL_TOP_K = 10


def run(parameters: Mapping[str, Any], connect: Connect, _check_mode: bool) -> dict[str, Any]:
    """The items that the options ask for. Check mode makes no difference to a read."""
    refuse(_mistakes(parameters))
    if parameters.get("search_vector") is not None:
        return _search(parameters, connect)
    ask = _get if parameters.get("key") is not None else _query
    found = [items.plain_attributes(item) for item in ask(parameters, connect)]
    return {"changed": False, "found": found, "count": len(found)}


def _mistakes(parameters: Mapping[str, Any]) -> Iterator[str]:
    """Sentences for the faults of the options alone."""
    yield from names.misnamed_or_arn("table_name", parameters["table_name"])
    if parameters.get("index_name") is not None:
        yield from names.misnamed("index_name", parameters["index_name"])
    if all(parameters.get(way) is None for way in WAYS):
        yield f"{', '.join(WAYS)}: none of them has a value; give one"
    for option in FOR_QUERIES if parameters.get("key") is not None else ():
        if parameters.get(option) is not None:
            yield f"{option}: it goes with key_condition_expression, and not with key, which names one item; drop one"
    if parameters.get("search_vector") is not None:
        yield from _mistakes_of_a_search(parameters)
    else:
        for option, remedy in FOR_SEARCHES.items():
            if parameters.get(option) is not None:
                yield f"{option}: it goes with search_vector; {remedy}, or drop it"
    for option in EXPRESSIONS:
        if parameters.get(option) is not None and not parameters[option].strip():
            yield f"{option}: it is empty; give an expression, or leave it out"
    limit = parameters.get("limit")
    if limit is not None and not 1 <= limit <= LARGEST_LIMIT:
        yield f"limit: {limit} items cannot be asked for; give 1 or more, or leave it out for all"
    for option, sign in (("expression_attribute_values", ":"), ("expression_attribute_names", "#")):
        yield from _placeholders(parameters, option, sign)


def _mistakes_of_a_search(parameters: Mapping[str, Any]) -> Iterator[str]:
    if parameters.get("index_name") is None:
        yield "search_vector: it is looked for in a vector index; give its name with index_name"
    for option, remedy in NOT_FOR_SEARCHES.items():
        if parameters.get(option) is not None:
            yield f"{option}: it goes with key_condition_expression, and not with search_vector; {remedy}"
    if parameters.get("consistent_read"):
        yield "consistent_read: a vector index cannot be read consistently; leave it out, or make it false"
    top_k = parameters.get("top_k")
    if top_k is not None and not 1 <= top_k <= LARGEST_TOP_K:
        yield f"top_k: {top_k} items cannot be asked for; give 1 to {LARGEST_TOP_K}"


def _placeholders(parameters: Mapping[str, Any], option: str, sign: str) -> Iterator[str]:
    """DynamoDB refuses what the expressions name and is not given, and what is given and not named."""
    form = re.compile(rf"{sign}\w+", re.ASCII)
    given = parameters.get(option) or {}
    for name, value in given.items():
        if not form.fullmatch(str(name)):
            right = sign + (re.sub(r"\W+", "_", str(name), flags=re.ASCII).strip("_") or "name")
            yield f"{option}: '{name}' is not a placeholder; write '{right}'"
        if sign == "#" and (not isinstance(value, str) or not value):
            yield f"{option}.{name}: it takes the name of an attribute; write it in quotes"
    named = {name for each in EXPRESSIONS for name in form.findall(parameters.get(each) or "")}
    for name in sorted(named - given.keys()):
        yield f"{option}: an expression names {name}, which is not there; give it"
    for name in sorted(given.keys() - named):
        yield f"{option}: no expression names {name}; remove it, or name it in one"


def _get(parameters: Mapping[str, Any], connect: Connect) -> Sequence[items.Attributes]:
    key, options = items.declared_key(parameters["key"]), _common(parameters)
    item = items.get(connect("dynamodb"), parameters["table_name"], key, **options)
    return [] if item is None else [item]


def _query(parameters: Mapping[str, Any], connect: Connect) -> Sequence[items.Attributes]:
    values = parameters.get("expression_attribute_values") or {}
    arguments = {
        "TableName": parameters["table_name"],
        "IndexName": parameters.get("index_name"),
        "KeyConditionExpression": parameters.get("key_condition_expression"),
        "FilterExpression": parameters.get("filter_expression"),
        "ExpressionAttributeValues": items.declared_attributes(values, "expression_attribute_values"),
        "ScanIndexForward": parameters.get("scan_index_forward"),
        **_common(parameters),
    }
    client: Client = connect("dynamodb")
    return items.query(client, _given(arguments), parameters.get("limit"))


def _search(parameters: Mapping[str, Any], connect: Connect) -> dict[str, Any]:
    """The items that a search finds, and their scores beside them."""
    top_k = parameters.get("top_k")
    values = parameters.get("expression_attribute_values") or {}
    arguments = {
        "TableName": parameters["table_name"],
        "IndexName": parameters["index_name"],
        "SearchVector": items.declared_vector(parameters["search_vector"], "search_vector"),
        "TopK": USUAL_TOP_K if top_k is None else top_k,
        "SearchConditionExpression": parameters.get("search_condition_expression"),
        "ExpressionAttributeValues": items.declared_attributes(values, "expression_attribute_values"),
        "ExpressionAttributeNames": parameters.get("expression_attribute_names"),
        "ProjectionExpression": parameters.get("projection_expression"),
    }
    client: Client = connect("dynamodb")
    features.check(parameters, client)
    hits = items.search(client, _given(arguments))
    found = [items.plain_attributes(hit.item) for hit in hits]
    return {"changed": False, "found": found, "count": len(found), "scores": [hit.score for hit in hits]}


def _common(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that both calls take."""
    consistent = parameters.get("consistent_read")
    return _given(
        {
            "ConsistentRead": not parameters.get("index_name") if consistent is None else consistent,
            "ProjectionExpression": parameters.get("projection_expression"),
            "ExpressionAttributeNames": parameters.get("expression_attribute_names"),
        }
    )


def _given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """DynamoDB takes what is left out for its default, and refuses what is empty."""
    return {name: value for name, value in arguments.items() if value is not None and value != {}}


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()

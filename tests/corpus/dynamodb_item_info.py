# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in tasks of dynamodb_item_info."""

from __future__ import annotations

from typing import Any

from plugins.modules import dynamodb_item_info as module
from tests.corpus.row import LEFT_OUT, LIVE, Row

__all__ = ["ROWS", "SOUND", "module"]

SOUND: dict[str, Any] = {
    "table_name": LIVE,
    "key_condition_expression": "pk = :pk",
    "expression_attribute_values": {":pk": "a"},
}
GET = {
    "key_condition_expression": LEFT_OUT,
    "expression_attribute_values": LEFT_OUT,
    "key": {"pk": "a", "sk": "b"},
}
SEARCH = {
    "key_condition_expression": LEFT_OUT,
    "index_name": "gsi1",
    "search_vector": [0.1, 0.2],
    "search_condition_expression": "tenant = :pk",
}
ROWS = [
    Row("no table", {"table_name": LEFT_OUT}, "table_name", by_ansible=True),
    Row("an empty name of a table", {"table_name": ""}, "table_name: '' is not a name that DynamoDB takes; use 3 to"),
    Row("a table with a space", {"table_name": "a b"}, "table_name: 'a b' is not a name that DynamoDB takes"),
    Row("a table that is not there", {"table_name": "nowhere"}, "table_name: there is no table nowhere in", True),
    Row("an empty name of an index", {"index_name": ""}, "index_name: '' is not a name that DynamoDB takes; use"),
    Row("an index with a space", {"index_name": "by day"}, "index_name: 'by day' is not a name that DynamoDB takes"),
    Row("neither key nor condition", {"key_condition_expression": LEFT_OUT}, "key_condition_exp", by_ansible=True),
    Row("both key and condition", {"key": {"pk": "a", "sk": "b"}}, "key|key_condition_expression", by_ansible=True),
    Row(
        "a condition of a template that gave nothing",
        {"key_condition_expression": None},
        "key, key_condition_expression, search_vector: none of them has a value; give one",
    ),
    Row(
        "a key that a template gave nothing",
        {**GET, "key": None},
        "key, key_condition_expression, search_vector: none of them has a value; give one",
    ),
    Row("an empty condition", {"key_condition_expression": ""}, "key_condition_expression: it is empty; give an"),
    Row("a condition of spaces", {"key_condition_expression": "  "}, "key_condition_expression: it is empty; give"),
    Row(
        "an empty filter", {"filter_expression": ""}, "filter_expression: it is empty; give an expression, or leave it"
    ),
    Row("an empty projection", {"projection_expression": ""}, "projection_expression: it is empty; give an expression"),
    Row("a value that is not given", {"expression_attribute_values": {}}, "expression_attribute_values: an expression"),
    Row(
        "a value that is not named",
        {"expression_attribute_values": {":pk": "a", ":sk": "b"}},
        "expression_attribute_values: no expression names :sk; remove it, or name it in one",
    ),
    Row("a value without its colon", {"expression_attribute_values": {"pk": "a"}}, "expression_attribute_values: 'pk'"),
    Row("a value that is a colon", {"expression_attribute_values": {":": "a"}}, "expression_attribute_values: ':' is"),
    Row(
        "a value with a dash", {"expression_attribute_values": {":p-k": "a"}}, "expression_attribute_values: ':p-k' is"
    ),
    Row(
        "a value that is no number",
        {"expression_attribute_values": {":pk": float("nan")}},
        "expression_attribute_values.:pk: ",
    ),
    Row(
        "a value in a misspelt form",
        {"expression_attribute_values": {":pk": {"$bin": "AA=="}}},
        "expression_attribute_values.:pk.$bin: ",
    ),
    Row("a name without its hash", {"expression_attribute_names": {"n": "name"}}, "expression_attribute_names: 'n' is"),
    Row(
        "a name that is not given", {"filter_expression": "#n = :pk"}, "expression_attribute_names: an expression names"
    ),
    Row("a name that is not named", {"expression_attribute_names": {"#n": "name"}}, "expression_attribute_names: no"),
    Row(
        "a name that is a number", {"expression_attribute_names": {"#n": 5}}, "expression_attribute_names.#n: it takes"
    ),
    Row(
        "an empty name", {"expression_attribute_names": {"#n": ""}}, "expression_attribute_names.#n: it takes the name"
    ),
    Row("a limit of none", {"limit": 0}, "limit: 0 items cannot be asked for; give 1 or more, or leave it out for all"),
    Row("a limit below zero", {"limit": -1}, "limit: -1 items cannot be asked for; give 1 or more"),
    Row("a limit that is no limit", {"limit": 2**31}, "limit: 2147483648 items cannot be asked for"),
    Row("an infinite limit", {"limit": float("inf")}, "limit: inf is not a whole number; write one such as 5"),
    Row("a key and a filter", {**GET, "filter_expression": "a = b"}, "filter_expression: it goes with"),
    Row("a key and an index", {**GET, "index_name": "gsi1"}, "index_name: it goes with key_condition_expression, and"),
    Row("a key and a limit", {**GET, "limit": 1}, "limit: it goes with key_condition_expression, and not with key"),
    Row("a key and an order", {**GET, "scan_index_forward": False}, "scan_index_forward: it goes with"),
    Row("a key and values", {**GET, "expression_attribute_values": {":a": 1}}, "expression_attribute_values: it goes"),
    Row("an empty key", {**GET, "key": {}}, "key: a primary key has one or two attributes, 0 were given; give the"),
    Row("an empty value of a key", {**GET, "key": {"pk": "", "sk": "b"}}, "key.pk: a key cannot be empty; give it a"),
    Row("a boolean as key", {**GET, "key": {"pk": True, "sk": "b"}}, "key.pk: a key is a string, a number or binary"),
    Row(
        "a key of 3 KB", {**GET, "key": {"pk": "a" * 3072, "sk": "b"}}, "key.pk: it has 3072 bytes, and a hash key can"
    ),
    Row(
        "an index that is not there", {"index_name": "gsi9"}, "could not query index gsi9 of table corpus-live: ", True
    ),
    Row(
        "a search of no index", {**SEARCH, "index_name": LEFT_OUT}, "search_vector: it is looked for in a vector index;"
    ),
    Row(
        "a search of an index that is none of vectors",
        {**SEARCH, "index_name": "gsi9"},
        "could not search index gsi9 of table corpus-live: ",
        True,
    ),
    Row("a search in a misspelt table", {**SEARCH, "table_name": "nowhere"}, "table_name: there is no table now", True),
    Row("a search and a key", {**SEARCH, "key": {"pk": "a"}}, "key|key_condition_expression|search", by_ansible=True),
    Row("a search and a query", {"search_vector": [0.1]}, "key|key_condition_expression|search", by_ansible=True),
    Row(
        "a vector that a template gave nothing",
        {**SEARCH, "search_vector": None},
        "key, key_condition_expression, search_vector: none of them has a value; give one",
    ),
    Row("an empty vector", {**SEARCH, "search_vector": []}, "search_vector: it is empty; give as many numbers as the"),
    Row(
        "a vector of an empty text", {**SEARCH, "search_vector": ""}, "search_vector[0]: a vector has numbers alone, th"
    ),
    Row("a vector as JSON text", {**SEARCH, "search_vector": "[0.1, 0.2]"}, "search_vector[0]: a vector has numbers"),
    Row("a vector of words", {**SEARCH, "search_vector": ["near"]}, "search_vector[0]: a vector has numbers alone, th"),
    Row("a vector of switches", {**SEARCH, "search_vector": [1, True]}, "search_vector[1]: a vector has numbers alone"),
    Row(
        "a vector in DynamoDB's own JSON",
        {**SEARCH, "search_vector": [{"N": "0.1"}]},
        "search_vector[0]: a vector has numbers alone, this is a map; write a number",
    ),
    Row(
        "a vector of vectors", {**SEARCH, "search_vector": [[0.1]]}, "search_vector[0]: a vector has numbers alone, th"
    ),
    Row(
        "a vector with bytes", {**SEARCH, "search_vector": [b"0"]}, "search_vector[0]: a vector has numbers alone, this"
    ),
    Row(
        "a vector with NaN",
        {**SEARCH, "search_vector": [0.1, float("nan")]},
        "search_vector[1]: a vector has finite numbers of 32 bits, up to 3.4028235E+38; give such a number",
    ),
    Row(
        "a vector with infinity",
        {**SEARCH, "search_vector": [float("-inf")]},
        "search_vector[0]: a vector has finite numbers of 32 bits",
    ),
    Row("a vector with 1e39", {**SEARCH, "search_vector": [1e39]}, "search_vector[0]: a vector has finite numbers of"),
    Row(
        "a vector of 4097 numbers",
        {**SEARCH, "search_vector": [0.1] * 4097},
        "search_vector: it has 4097 numbers, and a vector index has up to 4096 dimensions; give as many",
    ),
    Row("a search for none", {**SEARCH, "top_k": 0}, "top_k: 0 items cannot be asked for; give 1 to 100"),
    Row("a search for 101", {**SEARCH, "top_k": 101}, "top_k: 101 items cannot be asked for; give 1 to 100"),
    Row(
        "a limit of a search", {**SEARCH, "limit": 5}, "limit: it goes with key_condition_expression, and not with sea"
    ),
    Row(
        "a filter of a search",
        {**SEARCH, "filter_expression": "a = :pk"},
        "filter_expression: it goes with key_condition_expression, and not with search_vector; say search_condition",
    ),
    Row(
        "an order of a search", {**SEARCH, "scan_index_forward": True}, "scan_index_forward: it goes with key_condition"
    ),
    Row("a consistent search", {**SEARCH, "consistent_read": True}, "consistent_read: a vector index cannot be read"),
    Row(
        "an empty condition of a search",
        {**SEARCH, "search_condition_expression": " "},
        "search_condition_expression: it is empty; give an expression",
    ),
    Row("how many, of a query", {"top_k": 5}, "top_k: it goes with search_vector; say limit, or drop it"),
    Row("how many, with a key", {**GET, "top_k": 5}, "top_k: it goes with search_vector; say limit, or drop it"),
    Row(
        "a condition of a search for a query",
        {"search_condition_expression": "tenant = :pk"},
        "search_condition_expression: it goes with search_vector; say filter_expression, or drop it",
    ),
    Row("an option of the API", {"ScanIndexForward": False}, "ScanIndexForward", by_ansible=True),
]

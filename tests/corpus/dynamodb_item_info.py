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
        "key_condition_expression: it has no value; give it, or key",
    ),
    Row("a key that a template gave nothing", {**GET, "key": None}, "key_condition_expression: it has no value; give"),
    Row("an empty condition", {"key_condition_expression": ""}, "key_condition_expression: it is empty; give an expre"),
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
    Row("a value that is no number", {"expression_attribute_values": {":pk": float("nan")}}, "expression_attribute_v"),
    Row("a value in a misspelt form", {"expression_attribute_values": {":pk": {"$bin": "AA=="}}}, "expression_attrib"),
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
    Row(
        "a key and a filter", {**GET, "filter_expression": "a = b"}, "filter_expression: it goes with key_condition_ex"
    ),
    Row("a key and an index", {**GET, "index_name": "gsi1"}, "index_name: it goes with key_condition_expression, and"),
    Row("a key and a limit", {**GET, "limit": 1}, "limit: it goes with key_condition_expression, and not with key"),
    Row(
        "a key and an order", {**GET, "scan_index_forward": False}, "scan_index_forward: it goes with key_condition_ex"
    ),
    Row("a key and values", {**GET, "expression_attribute_values": {":a": 1}}, "expression_attribute_values: it goes"),
    Row("an empty key", {**GET, "key": {}}, "key: a primary key has one or two attributes, 0 were given; give the"),
    Row("an empty value of a key", {**GET, "key": {"pk": "", "sk": "b"}}, "key.pk: a key cannot be empty; give it a"),
    Row("a boolean as key", {**GET, "key": {"pk": True, "sk": "b"}}, "key.pk: a key is a string, a number or binary"),
    Row(
        "a key of 3 KB", {**GET, "key": {"pk": "a" * 3072, "sk": "b"}}, "key.pk: it has 3072 bytes, and a hash key can"
    ),
    Row("an option of the API", {"ScanIndexForward": False}, "ScanIndexForward", by_ansible=True),
]

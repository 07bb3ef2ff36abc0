# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""dynamodb_item_info: from its options to the one call, and back to its result."""

from __future__ import annotations

import functools
from typing import Any

import botocore.session
import pytest
import yaml
from botocore.stub import Stubber

from plugins.module_utils.plan import Impossible
from plugins.modules import dynamodb_item_info

GET = {"table_name": "mana-memory", "key": {"pk": "a", "sk": 1}}
QUERY = {
    "table_name": "mana-memory",
    "key_condition_expression": "pk = :pk",
    "expression_attribute_values": {":pk": "a"},
}
ASKED_TO_GET = {
    "TableName": "mana-memory",
    "Key": {"pk": {"S": "a"}, "sk": {"N": "1"}},
    "ConsistentRead": True,
    "ReturnConsumedCapacity": "TOTAL",
}
ASKED = {"ConsumedCapacity": {"TableName": "mana-memory"}}
ASKED_TO_QUERY = {
    "TableName": "mana-memory",
    "KeyConditionExpression": "pk = :pk",
    "ExpressionAttributeValues": {":pk": {"S": "a"}},
    "ConsistentRead": True,
}

GETS = [
    pytest.param(GET, ASKED_TO_GET, id="a key alone, read consistently"),
    pytest.param(
        {**GET, "consistent_read": False}, {**ASKED_TO_GET, "ConsistentRead": False}, id="a read that may lag behind"
    ),
    pytest.param(
        {**GET, "projection_expression": "#n", "expression_attribute_names": {"#n": "name"}},
        {**ASKED_TO_GET, "ProjectionExpression": "#n", "ExpressionAttributeNames": {"#n": "name"}},
        id="some attributes of it",
    ),
    pytest.param({**GET, "expression_attribute_names": {}}, ASKED_TO_GET, id="names that are none"),
]
QUERIES = [
    pytest.param(QUERY, ASKED_TO_QUERY, id="the table, read consistently"),
    pytest.param(
        {**QUERY, "consistent_read": False},
        {**ASKED_TO_QUERY, "ConsistentRead": False},
        id="a read that may lag behind",
    ),
    pytest.param(
        {**QUERY, "index_name": "gsi1"},
        {**ASKED_TO_QUERY, "IndexName": "gsi1", "ConsistentRead": False},
        id="an index, which may be one that cannot be read consistently",
    ),
    pytest.param(
        {**QUERY, "index_name": "lsi1", "consistent_read": True},
        {**ASKED_TO_QUERY, "IndexName": "lsi1", "ConsistentRead": True},
        id="a local index, read consistently",
    ),
    pytest.param(
        {**QUERY, "scan_index_forward": False}, {**ASKED_TO_QUERY, "ScanIndexForward": False}, id="the last items first"
    ),
    pytest.param({**QUERY, "limit": 1}, {**ASKED_TO_QUERY, "Limit": 1}, id="one item"),
    pytest.param(
        {
            **QUERY,
            "filter_expression": "#n IN (:pk, :set, :bytes)",
            "projection_expression": "#n, x",
            "expression_attribute_names": {"#n": "name"},
            "expression_attribute_values": {":pk": "a", ":set": {"$string_set": ["b"]}, ":bytes": {"$binary": "AA=="}},
            "limit": 1,
        },
        {
            **ASKED_TO_QUERY,
            "FilterExpression": "#n IN (:pk, :set, :bytes)",
            "ProjectionExpression": "#n, x",
            "ExpressionAttributeNames": {"#n": "name"},
            "ExpressionAttributeValues": {":pk": {"S": "a"}, ":set": {"SS": ["b"]}, ":bytes": {"B": b"\x00"}},
        },
        id="with a filter, in some attributes",
    ),
]
ITEM = {"sk": {"N": "1.50"}, "pk": {"S": "a"}}
PLAIN = {"pk": "a", "sk": 1.5}


@functools.cache
def connect(service: Any) -> Any:
    session = botocore.session.Session()
    session.set_credentials("NOBODYSKEYINTHESETESTS", "good-for-nothing-but-these-tests")
    return session.create_client(service, region_name="eu-central-1")


def run(method: Any, options: Any, expected: Any, answer: Any, check_mode: Any = False) -> Any:
    """Runs the module against one call and its answer."""
    absent = dict.fromkeys(dynamodb_item_info.OPTIONS)
    with Stubber(connect("dynamodb")) as stubber:
        stubber.add_response(method, answer, expected)
        result = dynamodb_item_info.run({**absent, **options}, connect, check_mode)
        stubber.assert_no_pending_responses()
    return result


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(("options", "expected"), GETS)
def test_a_get_asks_for(options: Any, expected: Any, check_mode: Any) -> None:
    result = run("get_item", options, expected, {**ASKED, "Item": ITEM}, check_mode)
    assert result == {"changed": False, "found": [PLAIN], "count": 1}


def test_a_get_may_find_nothing() -> None:
    assert run("get_item", GET, ASKED_TO_GET, ASKED) == {"changed": False, "found": [], "count": 0}


def test_a_get_may_find_an_item_that_has_nothing_of_what_is_projected() -> None:
    options, expected = {**GET, "projection_expression": "x"}, {**ASKED_TO_GET, "ProjectionExpression": "x"}
    assert run("get_item", options, expected, {**ASKED, "Item": {}}) == {"changed": False, "found": [{}], "count": 1}


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(("options", "expected"), QUERIES)
def test_a_query_asks_for(options: Any, expected: Any, check_mode: Any) -> None:
    result = run("query", options, expected, {"Items": [ITEM]}, check_mode)
    assert result == {"changed": False, "found": [PLAIN], "count": 1}


def test_a_query_may_find_nothing() -> None:
    assert run("query", QUERY, ASKED_TO_QUERY, {"Items": []}) == {"changed": False, "found": [], "count": 0}


REFUSED = [
    pytest.param(
        {**GET, "index_name": "gsi1"},
        "index_name: it goes with key_condition_expression, and not with key, which names one item; drop one",
        id="an index with a key",
    ),
    pytest.param({**GET, "limit": 1}, "limit: it goes with key_condition_expression", id="a limit with a key"),
    pytest.param({**GET, "filter_expression": "a = b"}, "filter_expression: it goes with", id="a filter with a key"),
    pytest.param(
        {**GET, "expression_attribute_values": {":a": 1}},
        "expression_attribute_values: it goes with",
        id="values with a key",
    ),
    pytest.param({**GET, "scan_index_forward": True}, "scan_index_forward: it goes with", id="an order with a key"),
    pytest.param({**GET, "key": {"pk": ""}}, "key.pk: a key cannot be empty", id="an empty key"),
    pytest.param({**GET, "key": {}}, "key: a primary key has one or two attributes", id="no key"),
    pytest.param({**QUERY, "limit": 0}, "limit: 0 items cannot be asked for; give 1 or more", id="a limit of nothing"),
    pytest.param(
        {**QUERY, "expression_attribute_values": {"pk": "a"}},
        "expression_attribute_values: 'pk' is not a placeholder; write ':pk'",
        id="a value without colon",
    ),
    pytest.param(
        {**QUERY, "expression_attribute_values": {":pk": [float("inf")]}},
        "expression_attribute_values.:pk[0]: DynamoDB has neither NaN nor infinity",
        id="a bad value",
    ),
    pytest.param(
        {**QUERY, "expression_attribute_names": {"n": "name"}},
        "expression_attribute_names: 'n' is not a placeholder; write '#n'",
        id="a placeholder without hash",
    ),
    pytest.param(
        {**QUERY, "expression_attribute_names": {"#a-b.c": "name"}},
        "expression_attribute_names: '#a-b.c' is not a placeholder; write '#a_b_c'",
        id="a placeholder with other signs",
    ),
    pytest.param(
        {**QUERY, "expression_attribute_values": {":": 1}},
        "expression_attribute_values: ':' is not a placeholder; write ':name'",
        id="a placeholder without a name",
    ),
    pytest.param(
        {**QUERY, "expression_attribute_values": {}},
        "expression_attribute_values: an expression names :pk, which is not there; give it",
        id="a value that is not given",
    ),
    pytest.param(
        {**QUERY, "filter_expression": "#n = :pk"},
        "expression_attribute_names: an expression names #n, which is not there; give it",
        id="a name that is not given",
    ),
    pytest.param(
        {**QUERY, "expression_attribute_values": {":pk": "a", ":sk": "b"}},
        "expression_attribute_values: no expression names :sk; remove it, or name it in one",
        id="a value that no expression names",
    ),
    pytest.param(
        {**GET, "expression_attribute_names": {"#n": ""}},
        "expression_attribute_names.#n: it takes the name of an attribute",
        id="an empty name",
    ),
    pytest.param(
        {**GET, "key": None, "key_condition_expression": None},
        "key, key_condition_expression: none of them has a value; give one",
        id="neither a key nor a condition",
    ),
    pytest.param(
        {**QUERY, "key_condition_expression": " "},
        "key_condition_expression: it is empty; give an expression, or leave it out",
        id="an empty condition",
    ),
    pytest.param({**QUERY, "filter_expression": ""}, "filter_expression: it is empty; ", id="an empty filter"),
    pytest.param({**GET, "projection_expression": ""}, "projection_expression: it is empty; ", id="no projection"),
    pytest.param({**GET, "table_name": ""}, "table_name: '' is not a name that DynamoDB takes; use ", id="no table"),
    pytest.param({**GET, "table_name": "a b"}, "table_name: 'a b' is not a name", id="a table with a space"),
    pytest.param({**QUERY, "index_name": ""}, "index_name: '' is not a name that DynamoDB takes; use ", id="no index"),
    pytest.param({**QUERY, "limit": 2**31}, "limit: 2147483648 items cannot be asked for", id="a limit without end"),
    pytest.param(
        {**GET, "expression_attribute_names": {"#n": 1}},
        "expression_attribute_names.#n: it takes the name of an attribute; write it in quotes",
        id="a name that is a number",
    ),
]


@pytest.mark.parametrize(("options", "sentence"), REFUSED)
def test_bad_input_is_refused_before_there_is_even_a_client_for(options: Any, sentence: str) -> None:
    def refuse(_service: Any) -> None:
        raise AssertionError("a client was asked for")

    with pytest.raises(Impossible) as refused:
        dynamodb_item_info.run(options, refuse, False)
    assert str(refused.value).startswith(sentence)


def test_the_documentation_is_of_the_options() -> None:
    documented = yaml.safe_load(dynamodb_item_info.DOCUMENTATION)["options"]
    for option in documented.values():
        option.pop("description")
    assert documented == {
        name: {fact: value for fact, value in spec.items() if fact != "no_log"}
        for name, spec in dynamodb_item_info.OPTIONS.items()
    }

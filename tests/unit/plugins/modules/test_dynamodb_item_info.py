# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""dynamodb_item_info: from its options to the one call, and back to its result."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from botocore.stub import Stubber

from plugins.module_utils.plan import Impossible
from plugins.modules import dynamodb_item_info
from tests.unit.stubbing import new_client

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
CAPACITY = {"ConsumedCapacity": {"VectorSearchRequestBytes": 12.0}}
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
SEARCH = {
    "table_name": "mana-memory",
    "index_name": "by-meaning",
    "search_vector": [0.1, 2, 1e-05],
}
ASKED_TO_SEARCH = {
    "TableName": "mana-memory",
    "IndexName": "by-meaning",
    "SearchVector": [{"N": "0.1"}, {"N": "2.0"}, {"N": "0.00001"}],
    "TopK": 10,
    "ReturnConsumedCapacity": "TOTAL",
}
SEARCHES = [
    pytest.param(SEARCH, ASKED_TO_SEARCH, id="the ten nearest items"),
    pytest.param({**SEARCH, "top_k": 1}, {**ASKED_TO_SEARCH, "TopK": 1}, id="the nearest item"),
    pytest.param({**SEARCH, "top_k": 100}, {**ASKED_TO_SEARCH, "TopK": 100}, id="the most that AWS gives"),
    pytest.param({**SEARCH, "consistent_read": False}, ASKED_TO_SEARCH, id="a read that may lag behind"),
    pytest.param(
        {**SEARCH, "search_vector": ["0.1", {"$number": "2"}, "1e-05"]},
        {**ASKED_TO_SEARCH, "SearchVector": [{"N": "0.1"}, {"N": "2.0"}, {"N": "0.00001"}]},
        id="numbers as templates and items have them",
    ),
    pytest.param(
        {
            **SEARCH,
            "search_condition_expression": "tenant = :tenant AND #k = :kind",
            "projection_expression": "#k, x",
            "expression_attribute_names": {"#k": "kind"},
            "expression_attribute_values": {":tenant": "acme", ":kind": 1},
        },
        {
            **ASKED_TO_SEARCH,
            "SearchConditionExpression": "tenant = :tenant AND #k = :kind",
            "ProjectionExpression": "#k, x",
            "ExpressionAttributeNames": {"#k": "kind"},
            "ExpressionAttributeValues": {":tenant": {"S": "acme"}, ":kind": {"N": "1"}},
        },
        id="of one tenant, in some attributes",
    ),
]
ITEM = {"sk": {"N": "1.50"}, "pk": {"S": "a"}}
PLAIN = {"pk": "a", "sk": 1.5}


@functools.cache
def connect(service: Any) -> Any:
    return new_client(service, "eu-central-1")


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


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(("options", "expected"), SEARCHES)
def test_a_search_asks_for(options: Any, expected: Any, check_mode: Any) -> None:
    answer = {**CAPACITY, "SearchResults": [{"Item": ITEM, "Score": 0.25}, {"Item": {}, "Score": 1.5}]}
    result = run("search_vectors", options, expected, answer, check_mode)
    assert result == {"changed": False, "found": [PLAIN, {}], "count": 2, "scores": [0.25, 1.5]}


@pytest.mark.parametrize(
    "answer", [{"SearchResults": []}, {}], ids=["with an empty list", "without one [no-member-is-sure]"]
)
def test_a_search_may_find_nothing(answer: Any) -> None:
    result = run("search_vectors", SEARCH, ASKED_TO_SEARCH, {**CAPACITY, **answer})
    assert result == {"changed": False, "found": [], "count": 0, "scores": []}


def test_a_search_needs_a_botocore_that_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    known = SimpleNamespace(operation_names=["GetItem", "Query"])
    client = SimpleNamespace(meta=SimpleNamespace(service_model=known))
    with pytest.raises(Impossible) as refused:
        dynamodb_item_info.run({**dict.fromkeys(dynamodb_item_info.OPTIONS), **SEARCH}, lambda _service: client, False)
    assert str(refused.value) == "search_vector: the installed botocore is too old for it; install 1.43.64 or newer"


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
        "key, key_condition_expression, search_vector: none of them has a value; give one",
        id="neither a key nor a condition nor a vector",
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
    pytest.param(
        {**SEARCH, "index_name": None},
        "search_vector: it is looked for in a vector index; give its name with index_name",
        id="a search without an index",
    ),
    pytest.param(
        {**SEARCH, "consistent_read": True},
        "consistent_read: a vector index cannot be read consistently; leave it out, or make it false",
        id="a consistent search",
    ),
    pytest.param(
        {**SEARCH, "scan_index_forward": True},
        "scan_index_forward: it goes with key_condition_expression, and not with search_vector; leave it out, the "
        "nearest come first",
        id="an order with a search",
    ),
    pytest.param(
        {**SEARCH, "limit": 5},
        "limit: it goes with key_condition_expression, and not with search_vector; say top_k",
        id="a limit with a search",
    ),
    pytest.param(
        {**SEARCH, "filter_expression": "a = b"},
        "filter_expression: it goes with key_condition_expression, and not with search_vector; "
        "say search_condition_expression",
        id="a filter with a search",
    ),
    pytest.param(
        {**QUERY, "top_k": 5}, "top_k: it goes with search_vector; say limit, or drop it", id="a top_k with a query"
    ),
    pytest.param({**GET, "top_k": 5}, "top_k: it goes with search_vector; say limit", id="a top_k with a key"),
    pytest.param(
        {**QUERY, "search_condition_expression": "a = :pk"},
        "search_condition_expression: it goes with search_vector; say filter_expression, or drop it",
        id="a condition of a search with a query",
    ),
    pytest.param({**SEARCH, "top_k": 0}, "top_k: 0 items cannot be asked for; give 1 to 100", id="a search of nothing"),
    pytest.param({**SEARCH, "top_k": 101}, "top_k: 101 items cannot be asked for; give 1 to 100", id="101 of a search"),
    pytest.param(
        {**SEARCH, "search_condition_expression": " "},
        "search_condition_expression: it is empty; give an expression, or leave it out",
        id="an empty condition of a search",
    ),
    pytest.param(
        {**SEARCH, "search_condition_expression": "a = :a"},
        "expression_attribute_values: an expression names :a, which is not there; give it",
        id="a value of a search that is not given",
    ),
    pytest.param(
        {**SEARCH, "search_vector": []},
        "search_vector: it is empty; give as many numbers as the index has dimensions",
        id="a vector without numbers",
    ),
    pytest.param(
        {**SEARCH, "search_vector": [0.5] * 4097},
        "search_vector: it has 4097 numbers, and a vector index has up to 4096 dimensions; give as many numbers as ",
        id="a vector of more numbers than any index has",
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
        option.pop("version_added", None)
    assert documented == {
        name: {fact: value for fact, value in spec.items() if fact != "no_log"}
        for name, spec in dynamodb_item_info.OPTIONS.items()
    }

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""dynamodb_item and dynamodb_item_info on real endpoints: changes, races, pages and refusals."""

from __future__ import annotations

import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from plugins.module_utils.connection import CallFailed, connector
from plugins.module_utils.resource import Failed
from plugins.modules import dynamodb_item, dynamodb_item_info
from tests.integration.playbook import play
from tools.endpoint import Endpoint

ATTRIBUTES = {"pk": "S", "sk": "N", "gsi1pk": "S", "gsi1sk": "S", "day": "S"}


@pytest.fixture(params=["ministack", "localstack"], scope="module")
def endpoint(request: pytest.FixtureRequest) -> Any:
    """The endpoints of this file: each test runs once on each."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def connection(endpoint: Endpoint) -> Any:
    """The connection options that lead to the endpoint."""
    return endpoint.connection


@pytest.fixture(scope="module")
def dynamodb(connection: Any) -> Any:
    """A client beside the modules: somebody else."""
    return connector(connection)("dynamodb")


@pytest.fixture(scope="module")
def table(dynamodb: Any) -> Any:
    """A table with a range key that is a number, a local and a global index."""
    name = f"items-{uuid.uuid4()}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind} for key, kind in ATTRIBUTES.items()],
        KeySchema=schema("pk", "sk"),
        LocalSecondaryIndexes=[
            {"IndexName": "lsi1", "KeySchema": schema("pk", "day"), "Projection": {"ProjectionType": "ALL"}}
        ],
        GlobalSecondaryIndexes=[
            {"IndexName": "gsi1", "KeySchema": schema("gsi1pk", "gsi1sk"), "Projection": {"ProjectionType": "ALL"}}
        ],
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name)
    yield name
    dynamodb.delete_table(TableName=name)


def schema(hash_key: Any, range_key: Any) -> Any:
    return [{"AttributeName": hash_key, "KeyType": "HASH"}, {"AttributeName": range_key, "KeyType": "RANGE"}]


@pytest.fixture
def key() -> Any:
    """The key of an item that only one test knows, in plain values."""
    return {"pk": str(uuid.uuid4()), "sk": 1}


def wire(key: Any, **others: Any) -> Any:
    return {"pk": {"S": key["pk"]}, "sk": {"N": str(key["sk"])}, **others}


@pytest.fixture
def declare(connection: Any, table: str, key: Any) -> Any:
    """Runs dynamodb_item on that item."""

    def declare(check_mode: Any = False, connect: Any = None, **options: Any) -> Any:
        parameters = {"state": "present", "overwrite": True, "table_name": table, "key": key, **connection, **options}
        return dynamodb_item.run(parameters, connect or connector(parameters), check_mode)

    return declare


@pytest.fixture
def ask(connection: Any, table: str) -> Any:
    """Runs dynamodb_item_info."""

    def ask(**options: Any) -> Any:
        parameters = {**dict.fromkeys(dynamodb_item_info.OPTIONS), "table_name": table, **connection, **options}
        return dynamodb_item_info.run(parameters, connector(parameters), False)

    return ask


NESTED: list[Any] = []
for _ in range(30):
    NESTED = [NESTED]

EVERYTHING = {
    "string": "Grüße 🌍",
    "empty": "",
    "integer": -7,
    "float": 0.1,
    "large": 10**125,
    "small": 1e-130,
    "long": {"$number": "3.1415926535897932384626433832795028842"},
    "true": True,
    "null": None,
    "bytes": {"$binary": "AAH/"},
    "strings": {"$string_set": ["", "a", "b"]},
    "numbers": {"$number_set": [-1, 0.5, 10, 10**40]},
    "many bytes": {"$binary_set": ["", "AA=="]},
    "list": ["a", [], {}, {"$number_set": [1]}],
    "map": {"$map": {"name.with": {"dots": "$binary"}, "$binary": "and another"}},
    "lookalike": {"$map": {"$binary": {"$map": {"$map": 5}}}},
    "$string_set": ["an attribute may be named so"],
    "nested": NESTED,
}
CHANGES = [
    pytest.param(None, {"item": {"x": 1}}, "put", {"x": 1}, id="an item is put"),
    pytest.param(None, {"item": {}}, "put", {}, id="an item that is only its key is put"),
    pytest.param(None, {"item": EVERYTHING}, "put", EVERYTHING, id="an item of every type is put"),
    pytest.param({"x": 1, "y": 2}, {"item": {"x": True}}, "replace", {"x": True}, id="an item is replaced as a whole"),
    pytest.param({"x": 1}, {"item": {"x": "1"}}, "replace", {"x": "1"}, id="a number becomes a string"),
    pytest.param(
        {"x": {"$string_set": ["a", "b"]}},
        {"item": {"x": {"$string_set": ["a"]}}},
        "replace",
        {"x": {"$string_set": ["a"]}},
        id="a set loses a member",
    ),
    pytest.param(
        None, {"item": {"x": 1}, "overwrite": False}, "put", {"x": 1}, id="an item is put where there is none"
    ),
    pytest.param({"x": 1}, {"state": "absent"}, "delete", None, id="an item is deleted"),
]


@pytest.mark.parametrize(("before", "options", "verb", "after"), CHANGES)
def test_in_check_mode_then_for_real_then_again(
    declare: Any, ask: Any, key: Any, table: str, before: Any, options: Any, verb: Any, after: Any
) -> None:
    if before is not None:
        declare(item=before)
    whole = None if after is None else {**after, **key}
    was = [] if before is None else [{**before, **key}]

    promised = declare(check_mode=True, **options)
    assert ask(key=key)["found"] == was, "check mode changes nothing"
    done = declare(**options)
    again = declare(**options)

    assert promised == done
    assert done["changed"] is True
    assert done["item"] == whole
    (step,) = done["plan"]
    assert step["sentence"].startswith(f"{verb} the item pk={key['pk']}, sk=1 ")
    assert step["sentence"].endswith(f" table {table}")
    assert (again["changed"], again["plan"], again["item"]) == (False, [], whole)
    assert ask(key=key) == {"changed": False, "found": [whole] if whole else [], "count": int(whole is not None)}


UNCHANGED = [
    pytest.param({"x": 1}, {"item": {"x": 1.0}}, id="a number written in another way"),
    pytest.param(
        {"x": {"$string_set": ["a", "b"]}}, {"item": {"x": {"$string_set": ["b", "a"]}}}, id="a set in another order"
    ),
    pytest.param({"x": 0}, {"item": {"x": -0.0}}, id="zero"),
    pytest.param({"x": 1}, {"item": {"x": 2}, "overwrite": False}, id="an item that is not to be overwritten"),
]


@pytest.mark.parametrize(("before", "options"), UNCHANGED)
@pytest.mark.parametrize("check_mode", [True, False])
def test_an_item_that_is_as_declared_is_left_alone(
    declare: Any, key: Any, before: Any, options: Any, check_mode: Any
) -> None:
    declare(item=before)
    result = declare(check_mode=check_mode, **options)
    assert (result["changed"], result["plan"], result["item"]) == (False, [], {**before, **key})


def test_deleting_what_is_not_there_changes_nothing(declare: Any) -> None:
    result = declare(state="absent")
    assert (result["changed"], result["plan"], result["item"]) == (False, [], None)


def test_an_item_of_400_kb_fits(declare: Any, key: Any) -> None:
    room = 400 * 1024 - len("pksk") - len(key["pk"]) - len("1x") - len("x")
    assert declare(item={"x": "a" * room})["changed"] is True


def before_every_put(connection: Any, interfere: Any) -> Any:
    """Gives a way to the endpoint on which ``interfere`` runs between the module's look and its write."""

    def handler(**_: Any) -> None:
        interfere()

    connect = connector(connection)
    connect("dynamodb").meta.events.register("before-call.dynamodb.PutItem", handler)
    return connect


def test_a_race_lost_leaves_the_others_item(declare: Any, connection: Any, dynamodb: Any, table: str, key: Any) -> None:
    theirs = wire(key, x={"S": "theirs"})
    connect = before_every_put(connection, lambda: dynamodb.put_item(TableName=table, Item=theirs))
    result = declare(connect=connect, item={"x": "mine"}, overwrite=False)
    assert (result["changed"], result["plan"], result["item"]) == (False, [], {**key, "x": "theirs"})
    assert dynamodb.get_item(TableName=table, Key=wire(key))["Item"] == theirs


def test_a_race_with_overwrite_is_won(declare: Any, connection: Any, dynamodb: Any, table: str, key: Any) -> None:
    theirs = wire(key, x={"S": "theirs"})
    connect = before_every_put(connection, lambda: dynamodb.put_item(TableName=table, Item=theirs))
    result = declare(connect=connect, item={"x": "mine"})
    assert result["changed"] is True
    assert result["item"] == {**key, "x": "mine"}


def test_of_many_at_once_one_puts_the_item_and_all_see_it(declare: Any, dynamodb: Any, table: str, key: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda number: declare(item={"x": number}, overwrite=False), range(8)))
    held = int(dynamodb.get_item(TableName=table, Key=wire(key), ConsistentRead=True)["Item"]["x"]["N"])
    assert [result["changed"] for result in results] == [number == held for number in range(8)]
    assert [result["item"]["x"] for result in results] == [held] * 8


LARGE = 30


@pytest.fixture(scope="module")
def thread(dynamodb: Any, table: str) -> Any:
    """A hash key, of the table and of its indexes, whose 30 items have 1.8 MB: more than one page each way."""
    name = f"thread#{uuid.uuid4()}"
    for number in range(LARGE):
        item = {
            "pk": {"S": name},
            "sk": {"N": str(number)},
            "gsi1pk": {"S": name},
            "gsi1sk": {"S": f"{LARGE - number:03}"},
            "day": {"S": f"{number:03}"},
            "even": {"BOOL": number % 2 == 0},
            "text": {"S": "x" * 60_000},
        }
        dynamodb.put_item(TableName=table, Item=item)
    return name


UP, DOWN = list(range(LARGE)), list(reversed(range(LARGE)))
EVEN = {"filter_expression": "even = :yes"}
QUERIES = [
    pytest.param({}, UP, id="all of the table, in order"),
    pytest.param({"scan_index_forward": False}, DOWN, id="all of the table, the last first"),
    pytest.param({"limit": 25}, UP[:25], id="a limited number of the table's items"),
    pytest.param({"limit": 1000}, UP, id="all of the table where there are fewer than asked for"),
    pytest.param(EVEN, UP[::2], id="items of the table that a filter leaves"),
    pytest.param({**EVEN, "limit": 12}, UP[::2][:12], id="a limited number of the items that a filter leaves"),
    pytest.param({"index_name": "gsi1"}, DOWN, id="all of a global index, in its order"),
    pytest.param({"index_name": "gsi1", "limit": 25}, DOWN[:25], id="a limited number of a global index's items"),
    pytest.param(
        {"index_name": "lsi1", "consistent_read": True}, UP, id="all of a local index, which can be read consistently"
    ),
]


@pytest.mark.parametrize(("options", "numbers"), QUERIES)
def test_a_query_gives(ask: Any, thread: Any, options: Any, numbers: Any) -> None:
    hash_key = "gsi1pk" if options.get("index_name") == "gsi1" else "pk"
    values = {":thread": thread, **({":yes": True} if "filter_expression" in options else {})}
    result = ask(
        key_condition_expression=f"{hash_key} = :thread",
        expression_attribute_values=values,
        projection_expression="#number",
        expression_attribute_names={"#number": "sk"},
        **options,
    )
    assert result["found"] == [{"sk": number} for number in numbers]
    assert result["count"] == len(numbers)


def test_a_condition_may_name_a_number_and_a_range(ask: Any, thread: Any) -> None:
    result = ask(
        key_condition_expression="pk = :thread AND sk BETWEEN :first AND :last",
        expression_attribute_values={":thread": thread, ":first": 3, ":last": {"$number": "4.0"}},
        projection_expression="sk",
    )
    assert result["found"] == [{"sk": 3}, {"sk": 4}]


def test_a_query_may_find_nothing(ask: Any) -> None:
    result = ask(key_condition_expression="pk = :pk", expression_attribute_values={":pk": "nobody"})
    assert result == {"changed": False, "found": [], "count": 0}


def test_a_global_index_is_not_read_consistently(ask: Any, thread: Any) -> None:
    with pytest.raises(CallFailed) as failed:
        ask(
            index_name="gsi1",
            consistent_read=True,
            key_condition_expression="gsi1pk = :pk",
            expression_attribute_values={":pk": thread},
        )
    assert failed.value.sentence.startswith("could not query index gsi1 of table ")
    assert "leave consistent_read out, or make it false" in failed.value.sentence


NOT_THE_TABLES = [
    pytest.param({"pk": "a"}, id="a part of the key"),
    pytest.param({"pk": "a", "sk": "1"}, id="a string for a number"),
    pytest.param({"pk": "a", "other": 1}, id="another attribute"),
]


@pytest.mark.parametrize("other_key", NOT_THE_TABLES)
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_key_that_is_not_the_tables_is_refused_with_the_remedy(declare: Any, other_key: Any, check_mode: Any) -> None:
    with pytest.raises(CallFailed) as failed:
        declare(check_mode=check_mode, key=other_key, item={"x": 1})
    assert "give key every attribute of the table's primary key" in failed.value.sentence


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("options", [{"item": {}}, {"state": "absent"}])
def test_a_missing_table_is_one_sentence(declare: Any, options: Any, check_mode: Any) -> None:
    with pytest.raises(CallFailed) as failed:
        declare(check_mode=check_mode, table_name="no-such-table", **options)
    assert failed.value.sentence.startswith("table_name: there is no table no-such-table in us-east-1, or")


@pytest.mark.parametrize(
    "options",
    [{"key": {"pk": "a"}}, {"key_condition_expression": "pk = :a", "expression_attribute_values": {":a": "a"}}],
)
def test_nothing_can_be_asked_of_a_missing_table(ask: Any, options: Any) -> None:
    with pytest.raises(CallFailed) as failed:
        ask(table_name="no-such-table", **options)
    assert failed.value.sentence.startswith("table_name: there is no table no-such-table in us-east-1, or")


def test_a_put_that_the_table_refuses_says_which(declare: Any, key: Any) -> None:
    with pytest.raises(Failed) as failed:
        declare(item={"gsi1pk": 5})
    assert str(failed.value).startswith(f"could not put the item pk={key['pk']}, sk=1 into table ")
    assert failed.value.details["failed_step"]["call"] == "PutItem"


VECTORS = {"near": [0.1, 0.2, 0.3], "far": [-0.5, 1, 1e-05], "other": [0.1, 0.2, 0.3]}


def with_vectors(name: str) -> Any:
    """A table with a vector index, as CreateTable takes it."""
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "tenant", "kind")],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "VectorIndexes": [
            {
                "IndexName": "by-meaning",
                "VectorAttribute": {"AttributeName": "embedding"},
                "Dimensions": 3,
                "DistanceFunction": "COSINE",
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["embedding", "text"]},
                "SearchSchema": [
                    {"AttributeName": "tenant", "SearchSchemaElementType": "HASH"},
                    {"AttributeName": "kind", "SearchSchemaElementType": "INLINE_FILTER"},
                ],
            }
        ],
    }


def put_task(pk: str, **attributes: Any) -> dict[str, Any]:
    item = {"tenant": "acme", "kind": "message", "text": f"what is {pk}", "unseen": True, **attributes}
    return {"mana.memory.dynamodb_item": {"table_name": "{{ table }}", "key": {"pk": pk}, "item": item}}


def search_task(**options: Any) -> dict[str, Any]:
    search = {"index_name": "by-meaning", "search_vector": [0.1, 0.2, 0.31], **options}
    return {"mana.memory.dynamodb_item_info": {"table_name": "{{ table }}", **OF_ACME, **search}}


OF_ACME = {"search_condition_expression": "tenant = :tenant", "expression_attribute_values": {":tenant": "acme"}}
A_NOTE = {
    "search_condition_expression": "tenant = :tenant AND #kind = :kind",
    "expression_attribute_names": {"#kind": "kind"},
    "expression_attribute_values": {":tenant": "acme", ":kind": "note"},
}
PUTS = {
    "near": put_task("near", embedding=VECTORS["near"]),
    "far": put_task("far", embedding=VECTORS["far"], kind="note"),
    "other": put_task("other", embedding=VECTORS["other"], tenant="somebody else"),
    "bare": put_task("bare"),
    "short": {**put_task("short", embedding=[0.1, 0.2]), "ignore_errors": True},
}
SEARCHES = {
    "all": search_task(),
    "checked": {**search_task(), "check_mode": True},
    "nearest": search_task(top_k=1, search_vector=["0.1", "{{ 0.2 }}", {"$number": "0.31"}]),
    "notes": search_task(**A_NOTE),
    "vectors": search_task(projection_expression="pk, embedding, unseen"),
    "none": search_task(expression_attribute_values={":tenant": "nobody"}),
    "dimension": {**search_task(search_vector=[0.1, 0.2]), "ignore_errors": True},
    "index": {**search_task(index_name="by-day"), "ignore_errors": True},
    "hash": {
        **search_task(search_condition_expression=None, expression_attribute_values=None),
        "ignore_errors": True,
    },
    "query": {
        "mana.memory.dynamodb_item_info": {
            "table_name": "{{ table }}",
            "index_name": "by-meaning",
            "key_condition_expression": "tenant = :tenant",
            "expression_attribute_values": {":tenant": "acme"},
        },
        "ignore_errors": True,
    },
}


FIRST, AGAIN = "{} in check mode", "{} again"
TASKS: dict[str, dict[str, Any]] = {
    **{FIRST.format(name): {**task, "check_mode": True} for name, task in PUTS.items()},
    **PUTS,
    **{AGAIN.format(name): task for name, task in PUTS.items()},
    **SEARCHES,
}


@pytest.fixture(scope="module", params=[True, False], ids=["in the controller's process", "as a module"])
def played(request: Any, ministack: Endpoint, client: Any, tmp_path_factory: Any) -> Any:
    """The results of a play that puts items and searches them, by the names of its tasks.

    It runs on ministack, which alone of the endpoints has vector indexes.
    """
    table, dynamodb = f"vectors-{uuid.uuid4()}", client("dynamodb", ministack)
    dynamodb.create_table(**with_vectors(table))
    playbook, kept = (tmp_path_factory.mktemp("search") / name for name in ("play.yml", "results.json"))
    tasks = [{"register": f"told_{number}", **task} for number, task in enumerate(TASKS.values())]
    results = {name: f"{{{{ told_{number} }}}}" for number, name in enumerate(TASKS)}
    keep = {"content": "{{ results | to_json }}", "dest": str(kept), "mode": "0600"}
    tasks.append({"ansible.builtin.copy": keep, "vars": {"results": results}})
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    run = play(str(playbook), ministack.environment, table=table, mana_memory_in_process=request.param)
    assert run.status == 0, run.output
    yield {"table": table, **json.loads(kept.read_text())}
    dynamodb.delete_table(TableName=table)


@pytest.mark.parametrize("name", VECTORS)
def test_an_item_with_a_vector_is_put_once(played: Any, name: str) -> None:
    promised, done, again = played[FIRST.format(name)], played[name], played[AGAIN.format(name)]
    assert promised["plan"] == done["plan"] != []
    assert (done["changed"], again["changed"], again["plan"]) == (True, False, [])
    assert done["item"]["embedding"] == again["item"]["embedding"] == VECTORS[name]


def test_a_vector_of_another_length_is_refused_in_the_words_of_aws_with_the_remedy(played: Any) -> None:
    assert re.fullmatch(
        r"could not put the item pk=short into table \S+: One or more parameter values were invalid. Invalid size for "
        "parameter embedding, Expected: 3, Actual: 2 IndexName: by-meaning; give the vector as many numbers as the "
        "vector index has dimensions",
        played["short"]["msg"],
    )


def test_a_search_finds_the_nearest_first(played: Any) -> None:
    found = played["all"]
    assert [item["pk"] for item in found["found"]] == ["near", "far"]
    assert (found["count"], len(found["scores"]), found["changed"]) == (2, 2, False)
    assert 0 <= found["scores"][0] < 0.01 < found["scores"][1] <= 2, "distances [scores-differ-in-direction]"


def test_a_search_in_check_mode_finds_the_same(played: Any) -> None:
    assert {**played["checked"], "invocation": None} == {**played["all"], "invocation": None}


def test_a_search_is_bounded_by_top_k_and_by_its_condition(played: Any) -> None:
    assert [[item["pk"] for item in played[name]["found"]] for name in ("nearest", "notes", "none")] == [
        ["near"],
        ["far"],
        [],
    ]
    assert played["none"]["scores"] == []


def test_a_search_gives_what_the_index_holds_and_the_vector_where_it_is_asked_for(played: Any) -> None:
    # (rules a-search-gives-what-is-projected and what-does-not-fit-is-not-found)
    assert played["all"]["found"][0] == {"pk": "near", "tenant": "acme", "kind": "message", "text": "what is near"}
    assert played["vectors"]["found"] == [{"pk": name, "embedding": VECTORS[name]} for name in ("near", "far")]


FAILED_SEARCHES = {
    "dimension": "could not search index by-meaning of table {}: Input search vector dimension 2 does not match vector "
    "index dimension 3; give search_vector as many numbers as the index has dimensions",
    "index": "could not search index by-day of table {}: The table does not have the specified index: by-day; "
    "give index_name the name of a vector index of the table; if the index is new, try again later",
    "hash": "could not search index by-meaning of table {}: SearchConditionExpression must be provided when "
    "SearchSchema has a HASH key; give search_condition_expression a condition on the hash key of the index, "
    "such as tenant = :tenant",
    "query": "could not query index by-meaning of table {}: The table does not have the specified index: by-meaning; "
    "give index_name the name of an index of the table, and search_vector where it is a vector index",
}


@pytest.mark.parametrize("name", FAILED_SEARCHES)
def test_a_search_fails_in_one_sentence_for(played: Any, name: str) -> None:
    assert played[name]["msg"] == FAILED_SEARCHES[name].format(played["table"])

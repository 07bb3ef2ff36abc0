# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""dynamodb_item: from its options to the calls, and back to its result."""

from __future__ import annotations

import functools
from typing import Any

import pytest
import yaml
from botocore.stub import Stubber

from plugins.module_utils.plan import Impossible
from plugins.module_utils.resource import Failed
from plugins.modules import dynamodb_item
from tests.unit.stubbing import new_client

KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}
READ = (
    "get_item",
    {"TableName": "mana-memory", "Key": KEY, "ConsistentRead": True, "ReturnConsumedCapacity": "TOTAL"},
)
ASKED = {"ConsumedCapacity": {"TableName": "mana-memory"}}
TITLE = "item pk=a, sk=b of table mana-memory in eu-central-1"


def parameters(**options: Any) -> Any:
    return {
        "table_name": "mana-memory",
        "key": {"pk": "a", "sk": "b"},
        "state": "present",
        "overwrite": True,
        **options,
    }


@functools.cache
def connect(service: Any) -> Any:
    return new_client(service, "eu-central-1")


def run(options: Any, *exchanges: Any, check_mode: Any = False) -> Any:
    """Runs the module against calls and answers in this order, and no others."""
    with Stubber(connect("dynamodb")) as stubber:
        for (method, expected), answer in exchanges:
            if isinstance(answer, str):
                stubber.add_client_error(method, answer, expected_params=expected)
            else:
                stubber.add_response(method, {**ASKED, **answer}, expected)
        result = dynamodb_item.run(options, connect, check_mode)
        stubber.assert_no_pending_responses()
    return result


def whole(**attributes: Any) -> Any:
    return {**KEY, **attributes}


def put(item: Any, **condition: Any) -> Any:
    return "put_item", {"TableName": "mana-memory", "Item": item, **condition}


UNLESS_THERE = {"ConditionExpression": "attribute_not_exists(#key)", "ExpressionAttributeNames": {"#key": "pk"}}
DELETE = ("delete_item", {"TableName": "mana-memory", "Key": KEY})
ONE, TRUE = whole(x={"N": "1"}), whole(x={"BOOL": True})
PLAIN_ONE, PLAIN_TRUE = {"pk": "a", "sk": "b", "x": 1}, {"pk": "a", "sk": "b", "x": True}


def test_an_item_that_looks_like_the_wires_json_brings_a_warning() -> None:
    item = whole(x={"M": {"S": {"S": "a"}}})
    there = {"Item": item}
    done = run(parameters(item={"x": {"S": "a"}}), (READ, {}), (put(item), {}), (READ, there))
    assert [sentence.partition(":")[0] for sentence in done["warnings"]] == ["item.x"]
    assert "warnings" not in run(parameters(item={"x": {"S": "a"}}), (READ, there))


CHANGES = [
    pytest.param(
        parameters(item={"x": 1}),
        {},
        put(ONE),
        {"Item": ONE},
        "put the item pk=a, sk=b into table mana-memory",
        ({}, PLAIN_ONE),
        id="an item that is not there is put",
    ),
    pytest.param(
        parameters(item={"x": 1}),
        {"Item": TRUE},
        put(ONE),
        {"Item": ONE},
        "replace the item pk=a, sk=b in table mana-memory",
        (PLAIN_TRUE, PLAIN_ONE),
        id="an item that differs is replaced",
    ),
    pytest.param(
        parameters(item={}),
        {"Item": ONE},
        put(KEY),
        {"Item": KEY},
        "replace the item pk=a, sk=b in table mana-memory",
        (PLAIN_ONE, {"pk": "a", "sk": "b"}),
        id="attributes that are not declared go",
    ),
    pytest.param(
        parameters(item={"x": 1}, overwrite=False),
        {},
        put(ONE, **UNLESS_THERE),
        {"Item": ONE},
        "put the item pk=a, sk=b into table mana-memory",
        ({}, PLAIN_ONE),
        id="an item not to be overwritten is put on a condition",
    ),
    pytest.param(
        parameters(state="absent"),
        {"Item": ONE},
        DELETE,
        {},
        "delete the item pk=a, sk=b from table mana-memory",
        (PLAIN_ONE, {}),
        id="an item is deleted",
    ),
]


@pytest.mark.parametrize(("options", "before", "write", "after", "sentence", "shown"), CHANGES)
def test_an_item_is_planned_in_check_mode_then_put_and_then_unchanged(
    options: Any, before: Any, write: Any, after: Any, sentence: str, shown: Any
) -> None:
    promised = run(options, (READ, before), check_mode=True)
    done = run(options, (READ, before), (write, {}), (READ, after))
    again = run(options, (READ, after))
    assert promised == expected(write, sentence, shown)
    assert done == promised
    assert again == {"changed": False, "plan": [], "region": "eu-central-1", "item": shown[1] or None}


def expected(write: Any, sentence: Any, shown: Any) -> Any:
    before, after = shown
    operation, arguments = write
    step = {
        "service": "dynamodb",
        "call": {"put_item": "PutItem", "delete_item": "DeleteItem"}[operation],
        "region": "eu-central-1",
        "arguments": arguments,
        "sentence": sentence,
    }
    return {
        "changed": True,
        "plan": [step],
        "region": "eu-central-1",
        "diff": {
            "before_header": TITLE,
            "after_header": TITLE,
            "before": before,
            "after": after,
            "prepared": f"1. {sentence}\n",
        },
        "item": after or None,
    }


@pytest.mark.parametrize("check_mode", [False, True])
def test_an_item_not_to_be_overwritten_stays_and_is_given(check_mode: Any) -> None:
    result = run(parameters(item={"x": 1}, overwrite=False), (READ, {"Item": TRUE}), check_mode=check_mode)
    assert result == {"changed": False, "plan": [], "region": "eu-central-1", "item": PLAIN_TRUE}


def test_a_lost_race_leaves_the_other_item() -> None:
    result = run(
        parameters(item={"x": 1}, overwrite=False),
        (READ, {}),
        (put(ONE, **UNLESS_THERE), "ConditionalCheckFailedException"),
        (READ, {"Item": TRUE}),
    )
    assert result == {"changed": False, "plan": [], "region": "eu-central-1", "item": PLAIN_TRUE}


def test_a_race_lost_three_times_to_an_item_that_is_gone_again_is_reported() -> None:
    lost: Any = (READ, {}), (put(ONE, **UNLESS_THERE), "ConditionalCheckFailedException")
    with pytest.raises(Failed, match="somebody else keeps changing it at the same time; run this again"):
        run(parameters(item={"x": 1}, overwrite=False), *lost, *lost, *lost, (READ, {}))


def test_a_write_that_fails_says_what_is_left_undone() -> None:
    with pytest.raises(Failed) as failed:
        run(parameters(item={"x": 1}), (READ, {}), (put(ONE), "AccessDeniedException"))
    assert str(failed.value).startswith("could not put the item pk=a, sk=b into table mana-memory: ")
    assert "dynamodb:PutItem on table/mana-memory" in str(failed.value)
    assert failed.value.details["failed_step"]["call"] == "PutItem"


def test_the_item_given_back_can_be_declared() -> None:
    held = whole(s={"SS": ["b", "a"]}, b={"B": b"\x00"}, m={"M": {"$binary": {"S": "x"}}}, n={"N": "0." + "3" * 38})
    given = run(parameters(item={}, overwrite=False), (READ, {"Item": held}))["item"]
    assert run(parameters(item=given), (READ, {"Item": held}))["changed"] is False


REFUSED = [
    pytest.param(
        parameters(table_name="", item={}),
        "table_name: '' is not a name that DynamoDB takes; use 3 to 255",
        id="no table",
    ),
    pytest.param(
        parameters(table_name="arn:aws:s3:::files", item={}), "table_name: 'arn:aws:s3:::files' is not", id="an ARN"
    ),
    pytest.param(parameters(item={"x": {"$bianry": "AA=="}}), "item.x.$bianry: there is no such form", id="a form"),
    pytest.param(parameters(key={"pk": "a" * 2049}, item={}), "key.pk: it has 2049 bytes, ", id="a long key"),
    pytest.param(parameters(item=None), "item: it is needed to put an item", id="no item"),
    pytest.param(parameters(key={"pk": ""}, item={}), "key.pk: a key cannot be empty", id="an empty key"),
    pytest.param(
        parameters(key={"pk": ""}, state="absent"), "key.pk: a key cannot be empty", id="an empty key to delete"
    ),
    pytest.param(parameters(item={"x": [float("nan")]}), "item.x[0]: DynamoDB has neither NaN", id="a value"),
    pytest.param(parameters(item={"pk": "c"}), "item.pk: it is not the value of key.pk", id="another key's value"),
]


@pytest.mark.parametrize(("options", "sentence"), REFUSED)
@pytest.mark.parametrize("check_mode", [False, True])
def test_bad_input_is_refused_before_there_is_even_a_client_for(options: Any, sentence: str, check_mode: Any) -> None:
    def refuse(_service: Any) -> None:
        raise AssertionError("a client was asked for")

    with pytest.raises(Impossible) as refused:
        dynamodb_item.run(options, refuse, check_mode)
    assert str(refused.value).startswith(sentence)


def test_an_item_is_not_looked_at_where_it_shall_not_be() -> None:
    assert run(parameters(state="absent", item={"x": float("nan")}), (READ, {}))["changed"] is False


def test_the_documentation_is_of_the_options() -> None:
    documented = yaml.safe_load(dynamodb_item.DOCUMENTATION)["options"]
    for option in documented.values():
        option.pop("description")
    assert documented == {
        name: {fact: value for fact, value in spec.items() if fact != "no_log"}
        for name, spec in dynamodb_item.OPTIONS.items()
    }


@pytest.mark.parametrize("task", yaml.safe_load(dynamodb_item.EXAMPLES), ids=lambda task: task["name"])
def test_the_example_can_be_declared(task: Any) -> None:
    declared = dynamodb_item.declared(task["mana.memory.dynamodb_item"])
    assert declared.table_name == "mana-memory"

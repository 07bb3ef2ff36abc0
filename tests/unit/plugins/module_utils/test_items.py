# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Items: what they are on the wire and in YAML, which are equal, what is refused, planned, read and written."""

from __future__ import annotations

import base64
import datetime
import functools
import math
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, cast

import botocore.session
import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from plugins.module_utils import items
from plugins.module_utils.connection import CallFailed
from plugins.module_utils.plan import Impossible, Step
from plugins.module_utils.resource import Overtaken
from tests.unit.stubbing import new_client

KEY = {"pk": {"S": "a"}, "sk": {"N": "1"}}
PI = "3.1415926535897932384626433832795028842"


@functools.cache
def service() -> Any:
    return botocore.session.get_session().get_service_model("dynamodb")


@functools.cache
def client() -> Any:
    return new_client(region="eu-central-1")


def refusal(function: Any, *arguments: Any) -> Any:
    with pytest.raises(Impossible) as refused:
        function(*arguments)
    return str(refused.value)


# Values that are written in one way in YAML and on the wire: each way leads to the other.
NORMAL = [
    pytest.param(
        {"$map": {"$bianry": "AA=="}},
        {"M": {"$bianry": {"S": "AA=="}}},
        id="a map that looks like a misspelt form is in the $map form",
    ),
    pytest.param(
        {"$map": {"$binary": "AA==", "b": 1}},
        {"M": {"$binary": {"S": "AA=="}, "b": {"N": "1"}}},
        id="a map that looks like a form beside a name is in the $map form",
    ),
    pytest.param("a", {"S": "a"}, id="a string is itself"),
    pytest.param("", {"S": ""}, id="a string may be empty"),
    pytest.param("1", {"S": "1"}, id="a string of digits stays a string"),
    pytest.param("true", {"S": "true"}, id="the word true stays a string"),
    pytest.param("Grüße 🌍", {"S": "Grüße 🌍"}, id="a string is Unicode"),
    pytest.param(1, {"N": "1"}, id="an integer is a number"),
    pytest.param(-7, {"N": "-7"}, id="an integer may be negative"),
    pytest.param(0, {"N": "0"}, id="zero is a number"),
    pytest.param(10**37, {"N": str(10**37)}, id="an integer may have 38 digits"),
    pytest.param(0.1, {"N": "0.1"}, id="a float is the number that it is written as"),
    pytest.param(-2.5e-7, {"N": "-2.5E-7"}, id="a float may be small and negative"),
    pytest.param(1e-130, {"N": "1E-130"}, id="a float may be as small as DynamoDB goes"),
    pytest.param({"$number": PI}, {"N": PI}, id="a number that no float holds is in the $number form"),
    pytest.param(True, {"BOOL": True}, id="true is a boolean and not 1"),
    pytest.param(False, {"BOOL": False}, id="false is a boolean and not 0"),
    pytest.param(None, {"NULL": True}, id="null is null"),
    pytest.param({"$binary": "AAH/"}, {"B": b"\x00\x01\xff"}, id="bytes are in the $binary form"),
    pytest.param({"$binary": ""}, {"B": b""}, id="bytes may be none"),
    pytest.param({"$string_set": ["a", "b"]}, {"SS": ["a", "b"]}, id="a set of strings has its form"),
    pytest.param({"$string_set": ["", "a"]}, {"SS": ["", "a"]}, id="a set may hold the empty string"),
    pytest.param({"$number_set": [1, 2.5]}, {"NS": ["1", "2.5"]}, id="a set of numbers has its form"),
    pytest.param({"$number_set": [3, {"$number": PI}]}, {"NS": ["3", PI]}, id="a set may hold long numbers"),
    pytest.param({"$binary_set": ["AA==", "/w=="]}, {"BS": [b"\x00", b"\xff"]}, id="a set of bytes has its form"),
    pytest.param([], {"L": []}, id="a list may be empty"),
    pytest.param(
        ["a", 1, None, [True]],
        {"L": [{"S": "a"}, {"N": "1"}, {"NULL": True}, {"L": [{"BOOL": True}]}]},
        id="a list holds values of any type",
    ),
    pytest.param({}, {"M": {}}, id="a map may be empty"),
    pytest.param({"a": {"b": 1}}, {"M": {"a": {"M": {"b": {"N": "1"}}}}}, id="a map holds maps"),
    pytest.param({"$ref": "a"}, {"M": {"$ref": {"S": "a"}}}, id="a map of one key that is no form means itself"),
    pytest.param(
        {"$map": {"$binary": "no bytes"}},
        {"M": {"$binary": {"S": "no bytes"}}},
        id="a map that looks like a form is in the $map form",
    ),
    pytest.param(
        {"$map": {"$map": {"$map": {"$map": 5}}}},
        {"M": {"$map": {"M": {"$map": {"N": "5"}}}}},
        id="a map that looks like the $map form is in it too, and its content again",
    ),
]

# Values that may be written in several ways in YAML.
OTHER_WAYS = [
    pytest.param(1.0, {"N": "1"}, 1, id="a float without fraction comes back as an integer"),
    pytest.param(-0.0, {"N": "0"}, 0, id="minus zero is zero"),
    pytest.param({"$number": "1.50"}, {"N": "1.5"}, 1.5, id="a $number that a float holds comes back as a float"),
    pytest.param({"$number": "+5"}, {"N": "5"}, 5, id="a $number may have a sign"),
    pytest.param({"$number": 30}, {"N": "30"}, 30, id="a $number may be a whole number, as a template makes it"),
    pytest.param({"$number": "0e-999"}, {"N": "0"}, 0, id="zero has no exponent"),
    pytest.param(10**125, {"N": "1E+125"}, 10**125, id="an integer may be large when its digits are few"),
    pytest.param({"$binary": "AAH\n  /\n"}, {"B": b"\x00\x01\xff"}, {"$binary": "AAH/"}, id="base64 may be folded"),
    pytest.param({"$map": {"a": 1}}, {"M": {"a": {"N": "1"}}}, {"a": 1}, id="any map may be in the $map form"),
    pytest.param(
        {"$string_set": ["b", "a"]}, {"SS": ["a", "b"]}, {"$string_set": ["a", "b"]}, id="a set comes back sorted"
    ),
    pytest.param(
        {"$number_set": [10, 9]}, {"NS": ["9", "10"]}, {"$number_set": [9, 10]}, id="a set of numbers sorts as such"
    ),
    pytest.param(("a",), {"L": [{"S": "a"}]}, ["a"], id="a tuple is a list"),
    pytest.param(
        {"$binary": {"$binary": "AA=="}}, {"B": b"\x00"}, {"$binary": "AA=="}, id="bytes of YAML may be in the form"
    ),
    pytest.param(
        {"$binary_set": [{"$binary": "AA=="}]}, {"BS": [b"\x00"]}, {"$binary_set": ["AA=="]}, id="and in a set of them"
    ),
]


@pytest.mark.parametrize(("plain", "wire"), NORMAL)
def test_values_are_written(plain: Any, wire: Any) -> None:
    assert items.canonical(items.to_wire(plain, "item.x")) == items.canonical(wire)


@pytest.mark.parametrize(("plain", "wire"), NORMAL)
def test_values_are_read(plain: Any, wire: Any) -> None:
    assert exactly(items.to_plain(wire)) == exactly(plain)


@pytest.mark.parametrize(("plain", "wire", "back"), OTHER_WAYS)
def test_values_written_in_another_way_come_back_in_the_usual_one(plain: Any, wire: Any, back: Any) -> None:
    written = items.to_wire(plain, "item.x")
    assert items.canonical(written) == items.canonical(wire)
    assert exactly(items.to_plain(written)) == exactly(back)


def exactly(plain: Any) -> Any:
    """Values with their types, since True == 1 == 1.0 in Python."""
    if isinstance(plain, dict):
        return {name: exactly(value) for name, value in plain.items()}
    if isinstance(plain, list):
        return [exactly(value) for value in plain]
    return type(plain), plain


NESTED: Any = functools.reduce(lambda inner, _: [inner], range(30), cast("Any", []))

REFUSED = [
    pytest.param({"x": math.nan}, "item.x: DynamoDB has neither NaN nor infinity", id="NaN"),
    pytest.param({"x": -math.inf}, "item.x: DynamoDB has neither NaN nor infinity", id="infinity"),
    pytest.param({"x": {"$number": "NaN"}}, "item.x.$number: it takes a decimal number", id="NaN as text"),
    pytest.param({"x": {"$number": "1_0"}}, "item.x.$number: it takes a decimal number", id="Python's own digits"),
    pytest.param(
        {"x": {"$number": "\u0661"}}, "item.x.$number: it takes a decimal number", id="digits of other scripts"
    ),
    pytest.param({"x": {"$number": 3.14}}, "item.x.$number: it takes a decimal number in quotes", id="a bare $number"),
    pytest.param({"x": {"$number": True}}, "item.x.$number: it takes a decimal number", id="a switch as $number"),
    pytest.param({"x": {"$number": 2**200}}, "item.x.$number: a number has up to 38 digits", id="a long bare $number"),
    pytest.param({"x": int("1" * 39)}, "item.x: a number has up to 38 digits, this one has 39", id="39 digits"),
    pytest.param({"x": {"$number": "1." + "1" * 38}}, "up to 38 digits, this one has 39", id="39 digits as text"),
    pytest.param({"x": 10**126}, "item.x: the number is out of DynamoDB's range", id="a number too large"),
    pytest.param({"x": 10**5000}, "item.x: the number is out of DynamoDB's range", id="a number of 5001 digits"),
    pytest.param({"x": -1e126}, "item.x: the number is out of DynamoDB's range", id="a float too large"),
    pytest.param({"x": 1e-131}, "item.x: the number is out of DynamoDB's range", id="a float too small"),
    pytest.param({"x": {"$number": "1e" + "9" * 30}}, "item.x.$number: the number is out of", id="an absurd exponent"),
    pytest.param({"x": {"$string_set": []}}, "item.x.$string_set: DynamoDB has no empty set", id="an empty set"),
    pytest.param({"x": {"$string_set": "a"}}, "item.x.$string_set: it takes a list", id="a set that is no list"),
    pytest.param(
        {"x": {"$string_set": ["a", 1]}},
        "item.x.$string_set[1]: all members of this set are strings, this is a number; write it in quotes",
        id="a number in a set of strings",
    ),
    pytest.param(
        {"x": {"$number_set": [1, "2"]}},
        "item.x.$number_set[1]: all members of this set are numbers, this is a string",
        id="a string in a set of numbers",
    ),
    pytest.param({"x": {"$number_set": [True]}}, "this is a boolean", id="a boolean in a set of numbers"),
    pytest.param({"x": {"$number_set": [math.nan]}}, "item.x.$number_set[0]: DynamoDB has neither", id="NaN in a set"),
    pytest.param(
        {"x": {"$binary_set": ["AA==", 1]}}, "item.x.$binary_set[1]: it is not base64", id="a number as bytes"
    ),
    pytest.param(
        {"x": {"$string_set": ["a", "b", "a"]}},
        "item.x.$string_set[2]: it is in the set already, as [0]; leave one of them out",
        id="a string twice in a set",
    ),
    pytest.param({"x": {"$number_set": [1, 1.0]}}, "$number_set[1]: it is in the set already", id="a number twice"),
    pytest.param({"x": {"$binary_set": ["AA==", "A A=="]}}, "[1]: it is in the set already", id="the same bytes twice"),
    pytest.param({"x": {"$binary": "a"}}, "item.x.$binary: it is not base64; encode", id="base64 cut off"),
    pytest.param({"x": {"$binary": "ä==="}}, "item.x.$binary: it is not base64", id="base64 of other letters"),
    pytest.param({"x": {"$binary": "AAAA-_"}}, "item.x.$binary: it is not base64", id="base64 for addresses"),
    pytest.param({"x": {"$binary": 5}}, "item.x.$binary: it is not base64", id="a number as base64"),
    pytest.param({"x": {"$map": [1]}}, "item.x.$map: it takes a map", id="a list as $map"),
    pytest.param(
        {"x": {"$bianry": "AA=="}},
        "item.x.$bianry: there is no such form of a value; did you mean $binary, or {$map: …} around the map as it is?",
        id="a form that is misspelt",
    ),
    pytest.param({"x": {"$Binary": "AA=="}}, "did you mean $binary, or", id="a form with a capital letter"),
    pytest.param({"x": {"$set": ["a"]}}, "did you mean $string_set, or", id="a form that is called otherwise"),
    pytest.param({"x": {"a": 1, "$stringset": []}}, "did you mean $string_set, or", id="a form beside a name"),
    pytest.param({"x": [{"$map": {"y": {"$numbr": "1"}}}]}, "item.x[0].$map.y.$numbr: ", id="a form inside $map"),
    pytest.param(
        {"x": {"$binary": "AA==", "b": 1}},
        "item.x.$binary: it stands alone in its map, and here are others beside it; write {$map: …} around",
        id="a name beside a form",
    ),
    pytest.param({"x": [{"y": [0, math.nan]}]}, "item.x[0].y[1]: DynamoDB has neither", id="a bad value deep inside"),
    pytest.param({1: "a"}, "item: the attribute name 1 is not a string; write it in quotes", id="a name that is 1"),
    pytest.param({"x": {True: "a"}}, "item.x: the attribute name True is not a string", id="a name that is true"),
    pytest.param({"": "a"}, "item: an attribute has an empty name", id="an empty name"),
    pytest.param({"x": {"": "a"}}, "item.x: an attribute has an empty name", id="an empty name in a map"),
    pytest.param(
        {"x": datetime.date(2026, 1, 1)},
        "item.x: DynamoDB has no type for a date; write it in quotes",
        id="a bare date",
    ),
    pytest.param({"x": "\udc80"}, "item.x: it is not text in UTF-8", id="a string of stray bytes"),
    pytest.param(
        {"x": {"$string_set": ["\udc80"]}}, "item.x.$string_set[0]: it is not text", id="stray bytes in a set"
    ),
    pytest.param({"x": {"\udc80": 1}}, "item.x: it is not text in UTF-8", id="a name of stray bytes"),
    pytest.param({"x": [NESTED]}, "[0]: an item has up to 32 levels, this is deeper; flatten it", id="33 levels"),
    pytest.param({"pk": "b"}, "item.pk: it is not the value of key.pk; leave it out here", id="another key's value"),
    pytest.param({"sk": True}, "item.sk: it is not the value of key.sk", id="true where the key is 1"),
    pytest.param({"sk": "1"}, "item.sk: it is not the value of key.sk", id="a string where the key is a number"),
]


@pytest.mark.parametrize(("item", "sentence"), REFUSED)
def test_an_item_is_refused_for(item: Any, sentence: str) -> None:
    refused = refusal(items.declared_item, KEY, item)
    assert sentence in refused
    assert "\n" not in refused
    assert ";" in refused, "a remedy follows"


ACCEPTED = [
    pytest.param({"pk": "a", "sk": 1.0}, KEY, id="the key's own values, once more"),
    pytest.param({}, KEY, id="an item that is only its key"),
    pytest.param({"$binary": "x"}, {**KEY, "$binary": {"S": "x"}}, id="an attribute named as a form"),
    pytest.param({"$bianry": "x"}, {**KEY, "$bianry": {"S": "x"}}, id="an attribute named nearly as a form"),
    pytest.param(
        {"x": {"$ref": "#/a"}}, {**KEY, "x": {"M": {"$ref": {"S": "#/a"}}}}, id="a name with $ that is like none"
    ),
    pytest.param(
        {"x": {"$map": {"$bianry": "x", "$set": "y"}}},
        {**KEY, "x": {"M": {"$bianry": {"S": "x"}, "$set": {"S": "y"}}}},
        id="names nearly as forms, in the form $map",
    ),
    pytest.param({"x": NESTED}, {**KEY, "x": items.to_wire(NESTED, "")}, id="32 levels"),
    pytest.param(
        {"x": [{"$string_set": ["a"]}]}, {**KEY, "x": {"L": [{"SS": ["a"]}]}}, id="a set in a list, in its form"
    ),
]


@pytest.mark.parametrize(("item", "whole"), ACCEPTED)
def test_an_item_may_be(item: Any, whole: Any) -> None:
    assert items.same(items.declared_item(KEY, item), whole)


KEYS_REFUSED = [
    pytest.param({}, "key: a primary key has one or two attributes, 0 were given", id="no attribute"),
    pytest.param({"a": 1, "b": 2, "c": 3}, "key: a primary key has one or two attributes, 3 were given", id="three"),
    pytest.param({"pk": ""}, "key.pk: a key cannot be empty; give it a value", id="an empty string"),
    pytest.param({"pk": {"$binary": ""}}, "key.pk: a key cannot be empty", id="no bytes"),
    pytest.param({"pk": True}, "key.pk: a key is a string, a number or binary, this is a boolean", id="a boolean"),
    pytest.param({"pk": None}, "key.pk: a key is a string, a number or binary, this is null", id="null"),
    pytest.param({"pk": ["a"]}, "key.pk: a key is a string, a number or binary, this is a list", id="a list"),
    pytest.param({"pk": {"a": 1}}, "this is a map", id="a map"),
    pytest.param({"pk": {"$string_set": ["a"]}}, "this is a set", id="a set"),
    pytest.param({"pk": "a", "sk": math.nan}, "key.sk: DynamoDB has neither NaN", id="NaN"),
    pytest.param(
        {"pk": "ä" * 1025},
        "key.pk: it has 2050 bytes, and a hash key can have 2048, a range key 1024; shorten it",
        id="longer than any key",
    ),
    pytest.param(
        {"pk": "a", "sk": {"$binary": "AAAA" * 700}}, "key.sk: it has 2100 bytes", id="bytes longer than any key"
    ),
    pytest.param(
        {"pk": "a" * 1025, "sk": "b" * 1025},
        "key: pk and sk have more than 1024 bytes each, and one of them is the range key, which can have no more; "
        "shorten that",
        id="both longer than a range key",
    ),
    pytest.param(
        {"pk": {"S": "a"}}, "key.pk: this is DynamoDB's own JSON; write the value alone", id="the wire's JSON"
    ),
    pytest.param({"pk": {"N": "1"}}, "key.pk: this is DynamoDB's own JSON", id="a number of the wire's JSON"),
    pytest.param({"pk": {"S": 1}}, "key.pk: a key is a string, a number or binary, this is a map", id="another map"),
]


@pytest.mark.parametrize(
    ("value", "looks_like_it"),
    [
        ({"S": "a"}, True),
        ({"N": "1.5"}, True),
        ({"BOOL": True}, True),
        ({"NULL": True}, True),
        ({"L": [{"S": "a"}]}, True),
        ({"M": {"a": {"S": "b"}}}, True),
        ({"SS": ["a"]}, True),
        ({"S": 5}, False),
        ({"S": "a", "M": "b"}, False),
        ({"s": "a"}, False),
        ({}, False),
        ("S", False),
    ],
)
def test_the_json_of_the_wire_is_kept_as_a_map_with_a_word_on_that(value: Any, looks_like_it: Any) -> None:
    key = items.declared_key({"pk": "a"})
    refused = items.warnings(items.Declaration("mana-memory", key, items.declared_item(key, {"x": value})))
    assert [sentence.partition(":")[0] for sentence in refused] == (["item.x"] if looks_like_it else [])


@pytest.mark.parametrize(("key", "sentence"), KEYS_REFUSED)
def test_a_key_is_refused_for(key: Any, sentence: str) -> None:
    assert sentence in refusal(items.declared_key, key)


@pytest.mark.parametrize(
    "key", [{"pk": "a" * 2048}, {"pk": "a" * 2048, "sk": "b" * 1024}], ids=["a hash key", "a hash key and a range key"]
)
def test_a_key_may_be_as_long_as(key: Any) -> None:
    assert items.declared_key(key).keys() == key.keys()


def test_a_key_is_of_strings_numbers_and_bytes() -> None:
    assert items.declared_key({"pk": 0, "sk": {"$binary": "AA=="}}) == {"pk": {"N": "0"}, "sk": {"B": b"\x00"}}


SIZES = [
    # What DynamoDB Local counts beside a string that fills the item.
    pytest.param({"S": "ä"}, 2, id="a string has the bytes of its UTF-8"),
    pytest.param({"N": "12"}, 2, id="a number has a byte for two digits and one more"),
    pytest.param({"N": "-123"}, 3, id="an odd digit counts as two"),
    pytest.param({"N": "1E+125"}, 2, id="zeros do not count"),
    pytest.param({"B": b"abc"}, 3, id="bytes count as they are"),
    pytest.param({"NULL": True}, 1, id="null is one byte"),
    pytest.param({"BOOL": False}, 1, id="a boolean is one byte"),
    pytest.param({"L": []}, 3, id="a list has three bytes of its own"),
    pytest.param({"L": [{"NULL": True}]}, 5, id="a list has one byte for each member"),
    pytest.param({"M": {"a": {"NULL": True}}}, 6, id="a map has a byte for each member, and its name"),
    pytest.param({"SS": ["a", "b"]}, 2, id="a set has what its members have"),
    pytest.param({"NS": ["1"]}, 2, id="a set of numbers too"),
    pytest.param({"BS": [b"a"]}, 1, id="a set of bytes too"),
]


@pytest.mark.parametrize(("value", "size"), SIZES)
def test_an_item_has_up_to_400_kb_where(value: Any, size: Any) -> None:
    plain, key = items.to_plain(value), {"p": {"S": "k"}}
    room = 400 * 1024 - len("p" + "k" + "f" + "v") - size
    items.declared_item(key, {"f": "x" * room, "v": plain})
    refused = refusal(items.declared_item, key, {"f": "x" * (room + 1), "v": plain})
    assert refused.startswith("item: it has 409601 bytes and an item can have 409600 (400 KB)")
    assert "S3" in refused


EQUAL = [
    pytest.param({"N": "1"}, {"N": "1.0"}, id="1 and 1.0"),
    pytest.param({"N": "100"}, {"N": "1E+2"}, id="100 and 1E+2"),
    pytest.param({"N": "0"}, {"N": "-0.0"}, id="0 and -0.0"),
    pytest.param({"SS": ["a", "b"]}, {"SS": ["b", "a"]}, id="sets of strings in another order"),
    pytest.param({"NS": ["1", "2"]}, {"NS": ["2.0", "1"]}, id="sets of numbers in another order and form"),
    pytest.param({"BS": [b"a", b"b"]}, {"BS": [b"b", b"a"]}, id="sets of bytes in another order"),
    pytest.param({"M": {"a": {"N": "1"}, "b": {"S": ""}}}, {"M": {"b": {"S": ""}, "a": {"N": "1.0"}}}, id="maps"),
    pytest.param({"L": [{"N": "1"}]}, {"L": [{"N": "1.0"}]}, id="lists of equal values"),
]
DIFFERENT = [
    pytest.param({"BOOL": True}, {"N": "1"}, id="true and 1"),
    pytest.param({"BOOL": False}, {"N": "0"}, id="false and 0"),
    pytest.param({"S": "1"}, {"N": "1"}, id="the string 1 and the number 1"),
    pytest.param({"S": "a"}, {"S": "A"}, id="strings in other case"),
    pytest.param({"S": "a"}, {"B": b"a"}, id="a string and its bytes"),
    pytest.param({"NULL": True}, {"S": ""}, id="null and the empty string"),
    pytest.param({"NULL": True}, {"BOOL": True}, id="null and true"),
    pytest.param({"L": [{"S": "a"}]}, {"SS": ["a"]}, id="a list and a set"),
    pytest.param({"L": [{"S": "a"}, {"S": "b"}]}, {"L": [{"S": "b"}, {"S": "a"}]}, id="lists in another order"),
    pytest.param({"L": [{"BOOL": True}]}, {"L": [{"N": "1"}]}, id="lists of true and 1"),
    pytest.param({"M": {"a": {"N": "1"}}}, {"M": {"a": {"BOOL": True}}}, id="maps to 1 and true"),
    pytest.param({"M": {}}, {"L": []}, id="an empty map and an empty list"),
    pytest.param({"NS": ["1"]}, {"SS": ["1"]}, id="sets of the number and the string 1"),
    pytest.param({"N": PI}, {"N": PI[:-1]}, id="numbers that differ beyond a float"),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_these_are_equal(one: Any, other: Any) -> None:
    assert items.same({"x": one}, {"x": other})


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_these_are_not_equal(one: Any, other: Any) -> None:
    assert not items.same({"x": one}, {"x": other})


def test_an_attribute_more_makes_a_difference() -> None:
    assert not items.same({"x": {"NULL": True}}, {"x": {"NULL": True}, "y": {"NULL": True}})


# Any value on the wire as DynamoDB may give it.
DIGITS = Context(prec=38, rounding=ROUND_HALF_EVEN)
NUMBERS = st.one_of(
    st.integers(-(10**38) + 1, 10**38 - 1).map(Decimal),
    st.decimals(allow_nan=False, allow_infinity=False).map(DIGITS.plus),
    st.builds(
        lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(-999, 999), st.integers(-130, 123)
    ),
).filter(lambda number: not number or -130 <= number.adjusted() <= 125)
NUMBER_TEXTS = st.builds(format, NUMBERS, st.sampled_from(["", "f", "E"]))
TEXTS = st.one_of(st.text(max_size=8), st.sampled_from([*items.FORMS, "$map", "$bianry", "$set", "$ref"]))
SCALARS = st.one_of(
    st.just({"NULL": True}),
    st.booleans().map(lambda value: {"BOOL": value}),
    TEXTS.map(lambda value: {"S": value}),
    NUMBER_TEXTS.map(lambda value: {"N": value}),
    st.binary(max_size=8).map(lambda value: {"B": value}),
    st.lists(TEXTS, min_size=1, max_size=4, unique=True).map(lambda value: {"SS": value}),
    st.lists(NUMBER_TEXTS, min_size=1, max_size=4, unique_by=Decimal).map(lambda value: {"NS": value}),
    st.lists(st.binary(max_size=4), min_size=1, max_size=4, unique=True).map(lambda value: {"BS": value}),
)
NAMES = TEXTS.filter(bool)
WIRES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda value: {"L": value}),
        st.dictionaries(NAMES, inner, max_size=3).map(lambda value: {"M": value}),
    ),
    max_leaves=12,
)
# Any value as YAML gives it, without the forms, which are those of WIRES when read.
PLAINS = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.text(max_size=8),
        st.integers(-(10**38) + 1, 10**38 - 1),
        st.floats(-1e125, 1e125, allow_nan=False).filter(lambda number: not 0 < abs(number) < 1e-130),
        st.binary(max_size=8).map(lambda value: {"$binary": base64.b64encode(value).decode()}),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(NAMES, inner, max_size=3).map(lambda value: {"$map": value}),
        st.dictionaries(NAMES.filter(lambda name: name == "$ref" or name[0] != "$"), inner, max_size=3),
    ),
    max_leaves=12,
)


@given(WIRES)
def test_an_item_read_and_written_again_is_the_same(wire: Any) -> None:
    assert items.canonical(items.to_wire(items.to_plain(wire), "x")) == items.canonical(wire)


@given(st.dictionaries(NAMES, WIRES, max_size=4))
def test_a_whole_item_that_is_read_and_declared_again_is_the_same(attributes: Any) -> None:
    assert items.same(items.declared_item({}, items.plain_attributes(attributes)), attributes)


@given(PLAINS)
def test_a_value_written_and_read_again_means_the_same_and_then_stays(plain: Any) -> None:
    read = items.to_plain(items.to_wire(plain, "x"))
    assert meaning(read) == meaning(plain)
    assert exactly(items.to_plain(items.to_wire(read, "x"))) == exactly(read)


def meaning(plain: Any) -> Any:
    """A plain value without the choices that YAML leaves: 1 or 1.0, a map as it is or in the $map form."""
    if isinstance(plain, dict):
        if list(plain) == ["$binary"]:
            return "bytes", plain["$binary"]
        if list(plain) == ["$number"]:
            return "number", Decimal(plain["$number"])
        content = plain["$map"] if list(plain) == ["$map"] else plain
        return "map", {name: meaning(value) for name, value in content.items()}
    if isinstance(plain, list):
        return "list", [meaning(value) for value in plain]
    if isinstance(plain, (int, float)) and not isinstance(plain, bool):
        return "number", Decimal(repr(plain))
    return type(plain), plain


@given(WIRES)
def test_boto3_and_this_write_the_same_item(wire: Any) -> None:
    """Except for whole numbers of more than 38 places, which boto3 refuses, however few digits they need."""
    short = items.to_wire(items.to_plain(wire), "x")
    try:
        theirs = TypeSerializer().serialize(TypeDeserializer().deserialize(cast("Any", short)))
    except ArithmeticError:
        return
    assert items.canonical(theirs) == items.canonical(short)


@given(WIRES, WIRES)
def test_two_values_are_equal_exactly_when_boto3_reads_the_same_types_and_values(one: Any, other: Any) -> None:
    try:
        theirs = [typed(TypeDeserializer().deserialize(wire)) for wire in (one, other)]
    except ArithmeticError:
        return
    assert (items.canonical(one) == items.canonical(other)) == (theirs[0] == theirs[1])


def typed(value: Any) -> Any:
    if isinstance(value, dict):
        return dict, {name: typed(member) for name, member in value.items()}
    if isinstance(value, list):
        return list, [typed(member) for member in value]
    if isinstance(value, set):
        return set, frozenset(map(typed, value))
    return type(value), value


def declaration(item: Any, overwrite: Any = True) -> Any:
    return items.Declaration("mana-memory", KEY, item, overwrite)


HERE = {**KEY, "x": {"N": "1"}}
EQUALLY = {**KEY, "x": {"N": "1.0"}}
OTHERWISE = {**KEY, "x": {"BOOL": True}}

PLANS = [
    pytest.param(
        declaration(HERE), None, ["put the item pk=a, sk=1 into table mana-memory"], id="an item that is not there"
    ),
    pytest.param(declaration(HERE), HERE, [], id="an item that is there"),
    pytest.param(declaration(HERE), EQUALLY, [], id="an item that is there and looks different"),
    pytest.param(
        declaration(HERE),
        OTHERWISE,
        ["replace the item pk=a, sk=1 in table mana-memory"],
        id="an item that holds something else",
    ),
    pytest.param(
        declaration(KEY),
        HERE,
        ["replace the item pk=a, sk=1 in table mana-memory"],
        id="an attribute no longer declared",
    ),
    pytest.param(
        declaration(None), HERE, ["delete the item pk=a, sk=1 from table mana-memory"], id="an item to be deleted"
    ),
    pytest.param(declaration(None), None, [], id="an item to be deleted that is not there"),
    pytest.param(
        declaration(HERE, overwrite=False),
        None,
        ["put the item pk=a, sk=1 into table mana-memory"],
        id="an item not to be overwritten that is not there",
    ),
    pytest.param(declaration(HERE, overwrite=False), OTHERWISE, [], id="an item not to be overwritten that is there"),
    pytest.param(
        declaration(None, overwrite=False),
        HERE,
        ["delete the item pk=a, sk=1 from table mana-memory"],
        id="an item to be deleted, since overwrite is about putting",
    ),
]


@pytest.mark.parametrize(("declared", "observed", "sentences"), PLANS)
def test_the_plan_for(declared: Any, observed: Any, sentences: list[str]) -> None:
    desired = items.desire(declared, observed)
    steps = items.plan(declared, desired, observed)
    assert [step.sentence for step in steps] == sentences
    for step in steps:
        report = ParamValidator().validate(step.arguments, service().operation_model(step.call).input_shape)
        assert not report.has_errors(), report.generate_report()
    assert items.plan(declared, items.desire(declared, desired), desired) == (), "nothing is left to do after it"


def test_a_put_that_shall_not_overwrite_says_so_to_dynamodb() -> None:
    (step,) = items.plan(declaration(HERE, overwrite=False), HERE, None)
    assert step.arguments == {
        "TableName": "mana-memory",
        "Item": HERE,
        "ConditionExpression": "attribute_not_exists(#key)",
        "ExpressionAttributeNames": {"#key": "pk"},
    }


def test_a_put_that_may_overwrite_has_no_condition() -> None:
    (step,) = items.plan(declaration(HERE), HERE, None)
    assert step.arguments == {"TableName": "mana-memory", "Item": HERE}


KEY_TEXTS = [
    pytest.param({"pk": {"S": "a"}, "sk": {"S": "b"}}, "pk=a, sk=b", id="strings as they are"),
    pytest.param({"pk": {"N": "1"}}, "pk=1", id="a number as it is"),
    pytest.param({"pk": {"B": b"\x00"}}, "pk=AA==", id="bytes in base64"),
    pytest.param({"pk": {"S": "a\nb"}}, 'pk="a\\nb"', id="a line break, escaped"),
    pytest.param({"pk": {"S": "ä, sk=b"}}, 'pk="ä, sk=b"', id="a value that looks like two keys, in quotes"),
    pytest.param({"a,b": {"S": "c"}}, '"a,b"=c', id="a name that would look like two, in quotes"),
]


@pytest.mark.parametrize(("key", "text"), KEY_TEXTS)
def test_a_sentence_names_a_key_with(key: Any, text: Any) -> None:
    assert items.key_text(key) == text


PUT = Step("dynamodb", "PutItem", {"TableName": "mana-memory", "Item": HERE}, "put the item")
UNLESS_THERE = items.plan(declaration(HERE, overwrite=False), HERE, None)[0]
READ = {"TableName": "mana-memory", "Key": KEY, "ConsistentRead": True, "ReturnConsumedCapacity": "TOTAL"}
CAPACITY = {"ConsumedCapacity": {"TableName": "mana-memory"}}


@pytest.fixture
def stubbed() -> Any:
    """A client that answers what a test says, and in the end was asked just that."""
    dynamodb = client()
    with Stubber(dynamodb) as stubber:
        yield dynamodb, stubber
        stubber.assert_no_pending_responses()


def test_an_item_is_read(stubbed: Any) -> None:
    dynamodb, stubber = stubbed
    stubber.add_response("get_item", {**CAPACITY, "Item": HERE}, READ)
    assert items.get(dynamodb, "mana-memory", KEY, ConsistentRead=True) == HERE


def test_a_missing_item_is_none(stubbed: Any) -> None:
    dynamodb, stubber = stubbed
    stubber.add_response(
        "get_item", CAPACITY, {"TableName": "mana-memory", "Key": KEY, "ReturnConsumedCapacity": "TOTAL"}
    )
    assert items.get(dynamodb, "mana-memory", KEY) is None


FAILURES = [
    pytest.param(
        "ResourceNotFoundException",
        "Requested resource not found",
        "table_name: there is no table mana-memory in eu-central-1, or it is not active yet; "
        "check the name and region, or create it with mana.memory.dynamodb_table, which check mode only plans",
        id="a table that is not there",
    ),
    pytest.param(
        "ValidationException",
        "The provided key element does not match the schema",
        "could not read the item pk=a, sk=1 from table mana-memory: The provided key element does not match the schema"
        "; give key every attribute of the table's primary key, in its type, and no other",
        id="a key that is not the table's",
    ),
    pytest.param(
        "AccessDeniedException",
        "User mana is not authorized",
        "could not read the item pk=a, sk=1 from table mana-memory: User mana is not authorized; "
        "the missing permission is dynamodb:GetItem on table/mana-memory",
        id="a missing permission",
    ),
    pytest.param(
        "ThrottlingException",
        "Slow down",
        "could not read the item pk=a, sk=1 from table mana-memory: Slow down",
        id="anything else",
    ),
]


@pytest.mark.parametrize(("code", "words", "sentence"), FAILURES)
def test_a_failed_read_is_one_sentence_for(stubbed: Any, code: Any, words: Any, sentence: str) -> None:
    dynamodb, stubber = stubbed
    stubber.add_client_error("get_item", code, words)
    with pytest.raises(CallFailed) as failed:
        items.get(dynamodb, "mana-memory", KEY)
    assert failed.value.sentence == sentence
    assert failed.value.code == code


def test_a_step_is_performed(stubbed: Any) -> None:
    dynamodb, stubber = stubbed
    stubber.add_response("put_item", {}, PUT.arguments)
    items.perform(dynamodb, declaration(HERE), PUT)


def test_a_lost_race_is_handed_to_the_engine(stubbed: Any) -> None:
    dynamodb, stubber = stubbed
    stubber.add_client_error("put_item", "ConditionalCheckFailedException", expected_params=UNLESS_THERE.arguments)
    with pytest.raises(Overtaken):
        items.perform(dynamodb, declaration(HERE, overwrite=False), UNLESS_THERE)


RETRIED = {"RetryAttempts": 1}


def test_a_put_sent_again_that_finds_its_own_item_is_done(stubbed: Any) -> None:
    dynamodb, stubber = stubbed
    stubber.add_client_error("put_item", "ConditionalCheckFailedException", response_meta=RETRIED)
    stubber.add_response("get_item", {**CAPACITY, "Item": EQUALLY}, READ)
    items.perform(dynamodb, declaration(HERE, overwrite=False), UNLESS_THERE)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"Item": OTHERWISE}, id="finds another's item"),
        pytest.param({}, id="finds nothing any more"),
    ],
)
def test_a_put_sent_again_is_a_lost_race_when_it(stubbed: Any, answer: Any) -> None:
    dynamodb, stubber = stubbed
    stubber.add_client_error("put_item", "ConditionalCheckFailedException", response_meta=RETRIED)
    stubber.add_response("get_item", {**CAPACITY, **answer}, READ)
    with pytest.raises(Overtaken):
        items.perform(dynamodb, declaration(HERE, overwrite=False), UNLESS_THERE)


def test_a_failed_step_fails(stubbed: Any) -> None:
    dynamodb, stubber = stubbed
    stubber.add_client_error("put_item", "ValidationException", "No")
    with pytest.raises(CallFailed, match="could not put the item: No"):
        items.perform(dynamodb, declaration(HERE), PUT)


ASKED = {
    "TableName": "mana-memory",
    "KeyConditionExpression": "pk = :pk",
    "ExpressionAttributeValues": {":pk": {"S": "a"}},
}
FILTERED = {**ASKED, "FilterExpression": "x = :pk"}
ONE, TWO, THREE, FOUR = ({"pk": {"S": "a"}, "sk": {"N": str(number)}} for number in range(1, 5))


def page(*found: Any, more: Any = True) -> Any:
    return {
        "Items": list(found),
        "Count": len(found),
        **({"LastEvaluatedKey": found[-1] if found else ONE} if more else {}),
    }


QUERIES = [
    pytest.param(ASKED, None, [({}, page(ONE, TWO, more=False))], [ONE, TWO], id="all items of one page"),
    pytest.param(
        ASKED,
        None,
        [
            ({}, page(ONE)),
            ({"ExclusiveStartKey": ONE}, page(TWO)),
            ({"ExclusiveStartKey": TWO}, page(THREE, more=False)),
        ],
        [ONE, TWO, THREE],
        id="all items of three pages",
    ),
    pytest.param(
        ASKED,
        None,
        [({}, page()), ({"ExclusiveStartKey": ONE}, page(TWO, more=False))],
        [TWO],
        id="items behind an empty page",
    ),
    pytest.param(ASKED, None, [({}, page(more=False))], [], id="no items"),
    pytest.param(ASKED, 2, [({"Limit": 2}, page(ONE, TWO))], [ONE, TWO], id="as many as the limit, and no page more"),
    pytest.param(
        ASKED,
        3,
        [({"Limit": 3}, page(ONE, TWO)), ({"Limit": 1, "ExclusiveStartKey": TWO}, page(THREE))],
        [ONE, TWO, THREE],
        id="the rest of the limit from the next page",
    ),
    pytest.param(ASKED, 9, [({"Limit": 9}, page(ONE, more=False))], [ONE], id="fewer than the limit"),
    pytest.param(
        FILTERED,
        3,
        [({}, page(ONE, TWO)), ({"ExclusiveStartKey": TWO}, page(THREE, FOUR))],
        [ONE, TWO, THREE],
        id="the limit of what a filter leaves, from whole pages",
    ),
]


@pytest.mark.parametrize(("arguments", "limit", "pages", "found"), QUERIES)
def test_a_query_gives(stubbed: Any, arguments: Any, limit: Any, pages: Any, found: Any) -> None:
    dynamodb, stubber = stubbed
    for more, answer in pages:
        stubber.add_response("query", answer, {**arguments, **more})
    assert items.query(dynamodb, arguments, limit) == tuple(found)


def test_a_failed_query_names_the_index(stubbed: Any) -> None:
    dynamodb, stubber = stubbed
    stubber.add_client_error(
        "query", "ValidationException", "Consistent reads are not supported on global secondary indexes"
    )
    with pytest.raises(CallFailed) as failed:
        items.query(dynamodb, {**ASKED, "IndexName": "gsi1", "ConsistentRead": True})
    assert failed.value.sentence == (
        "could not query index gsi1 of table mana-memory: Consistent reads are not supported on global secondary "
        "indexes; leave consistent_read out, or make it false: a global index cannot be read consistently"
    )


VECTORS = [
    pytest.param([0.1, -2, 0], ["0.1", "-2", "0"], id="numbers as YAML has them"),
    pytest.param(["1e-05", "-.5", {"$number": "0.1"}], ["0.00001", "-0.5", "0.1"], id="numbers as text and items do"),
    pytest.param([3.4028235e38, -3.4028235e38], ["3.4028235E+38", "-3.4028235E+38"], id="the largest of 32 bits"),
    pytest.param([1e-45, 1e-60, -1e-200], ["1E-45", "0", "0"], id="the smallest of 32 bits, and what they cannot hold"),
    pytest.param([2**127, 0.1 + 0.2], [repr(2.0**127), "0.30000000000000004"], id="numbers of many digits"),
    pytest.param([16777217], ["16777217"], id="a number of more digits than 32 bits keep"),
    pytest.param([1] * 4096, ["1"] * 4096, id="as many numbers as an index can have"),
]


@pytest.mark.parametrize(("vector", "numbers"), VECTORS)
def test_a_vector_of_a_search_has(vector: Any, numbers: Any) -> None:
    wire = items.declared_vector(vector, "search_vector")
    assert [Decimal(member["N"]) for member in wire] == [Decimal(number) for number in numbers]
    assert {name for member in wire for name in member} == {"N"}


OUT_OF_RANGE = "search_vector[1]: a vector has finite numbers of 32 bits, up to 3.4028235E+38; give such a number"
NO_NUMBER = "search_vector[1]: a vector has numbers alone, this is {}; write a number, and give JSON text through the "
NO_VECTORS = [
    pytest.param([0, math.nan], OUT_OF_RANGE, id="NaN [vectors-have-single-precision]"),
    pytest.param([0, -math.inf], OUT_OF_RANGE, id="infinity"),
    pytest.param([0, 3.5e38], OUT_OF_RANGE, id="a number of more than 32 bits"),
    pytest.param([0, -3.5e38], OUT_OF_RANGE, id="a number as far below zero"),
    pytest.param([0, -(10**39)], OUT_OF_RANGE, id="a whole number of more than 32 bits"),
    pytest.param([0, 10**5000], OUT_OF_RANGE, id="a number of 5001 digits"),
    pytest.param([0, "1e" + "9" * 30], OUT_OF_RANGE, id="an absurd exponent"),
    pytest.param([0, "1e9999999"], OUT_OF_RANGE, id="an exponent that Python takes"),
    pytest.param([0, "many"], NO_NUMBER.format("a string"), id="a word"),
    pytest.param([0, "nan"], NO_NUMBER.format("a string"), id="NaN as text"),
    pytest.param([0, ""], NO_NUMBER.format("a string"), id="an empty text"),
    pytest.param([0, True], NO_NUMBER.format("a boolean"), id="a switch"),
    pytest.param([0, None], NO_NUMBER.format("null"), id="nothing"),
    pytest.param([0, [1]], NO_NUMBER.format("a list"), id="a list within"),
    pytest.param([0, {"N": "1"}], NO_NUMBER.format("a map"), id="DynamoDB's own JSON"),
    pytest.param([0, {"$number": True}], NO_NUMBER.format("a boolean"), id="a switch as a number"),
    pytest.param([], "search_vector: it is empty; give as many numbers as the index has", id="no number"),
    pytest.param(
        [1] * 4097, "search_vector: it has 4097 numbers, and a vector index has up to 4096", id="4097 numbers"
    ),
]


@pytest.mark.parametrize(("vector", "sentence"), NO_VECTORS)
def test_a_vector_of_a_search_is_refused_for(vector: Any, sentence: str) -> None:
    assert refusal(items.declared_vector, vector, "search_vector").startswith(sentence)


def test_a_vector_of_an_item_is_a_plain_list_that_comes_back_as_it_is() -> None:
    vector = [0.1, -0.0456, 1e-05, 3, 1e20]
    wire = items.to_wire(vector, "item.embedding")
    assert wire == {"L": [{"N": text} for text in ("0.1", "-0.0456", "0.00001", "3", "1E+20")]}
    assert items.to_plain(wire) == vector
    assert items.canonical(items.to_wire(items.to_plain(wire), "item")) == items.canonical(wire)


TO_SEARCH = {"TableName": "mana-memory", "IndexName": "by-meaning", "SearchVector": [{"N": "1"}], "TopK": 2}


def test_a_search_gives_items_and_their_scores(stubbed: Any) -> None:
    dynamodb, stubber = stubbed
    answer = {"SearchResults": [{"Item": ONE, "Score": 0.5}, {"Score": 1.5}, {"Item": TWO}]}
    stubber.add_response("search_vectors", answer, {**TO_SEARCH, "ReturnConsumedCapacity": "TOTAL"})
    assert items.search(dynamodb, TO_SEARCH) == ((ONE, 0.5), ({}, 1.5), (TWO, None))


NOT_FOUND = "The table does not have the specified index: by-meaning"
FAILED_SEARCHES = [
    pytest.param(
        "AccessDeniedException",
        "User mana is not authorized",
        "the missing permission is dynamodb:SearchVectors on table/mana-memory/index/by-meaning",
        id="a missing permission",
    ),
    pytest.param(
        "ValidationException",
        "Input search vector dimension 1 does not match vector index dimension 3",
        "give search_vector as many numbers as the index has dimensions",
        id="another dimension",
    ),
    pytest.param(
        "ValidationException",
        NOT_FOUND,
        "give index_name the name of a vector index of the table; if the index is new, try again later",
        id="an index that is not there, or not yet [searches-wait-for-the-index, active-is-not-yet-searched]",
    ),
    pytest.param(
        "ValidationException",
        "Cannot search backfilling vector index: by-meaning",
        "DynamoDB is still building the index, which takes 8 to 17 minutes on a table that was there before; try again",
        id="an index that is being built",
    ),
    pytest.param(
        "ValidationException",
        "SearchConditionExpression must be provided when SearchSchema has a HASH key",
        "give search_condition_expression a condition on the hash key of the index, such as tenant = :tenant",
        id="no condition on the hash [searches-are-bounded-by-equality]",
    ),
    pytest.param(
        "ValidationException",
        "Invalid SearchConditionExpression: Invalid comparator used in SearchConditionExpression",
        "search_condition_expression takes = and AND alone, on the hash key and the filters of the index",
        id="another comparison",
    ),
]


@pytest.mark.parametrize(("code", "words", "remedy"), FAILED_SEARCHES)
def test_a_failed_search_is_one_sentence_for(stubbed: Any, code: Any, words: Any, remedy: str) -> None:
    dynamodb, stubber = stubbed
    stubber.add_client_error("search_vectors", code, words)
    with pytest.raises(CallFailed) as failed:
        items.search(dynamodb, TO_SEARCH)
    assert failed.value.sentence == f"could not search index by-meaning of table mana-memory: {words}; {remedy}"


def test_a_search_of_a_missing_table_names_the_table(stubbed: Any) -> None:
    dynamodb, stubber = stubbed
    stubber.add_client_error("search_vectors", "ResourceNotFoundException", "Requested resource not found")
    with pytest.raises(CallFailed, match=r"^table_name: there is no table mana-memory in eu-central-1, or"):
        items.search(dynamodb, TO_SEARCH)


QUERIES_OF_VECTORS = [
    pytest.param(
        "Query operation not supported on this index type",
        "it is a vector index: give search_vector in place of key_condition_expression",
        id="in AWS's words [vector-indexes-are-searched-alone]",
    ),
    pytest.param(
        NOT_FOUND,
        "give index_name the name of an index of the table, and search_vector where it is a vector index",
        id="in the words of an emulator",
    ),
]


@pytest.mark.parametrize(("words", "remedy"), QUERIES_OF_VECTORS)
def test_a_query_of_a_vector_index_is_refused_with_the_way_to_search(stubbed: Any, words: Any, remedy: str) -> None:
    dynamodb, stubber = stubbed
    stubber.add_client_error("query", "ValidationException", f"{words}.")
    with pytest.raises(CallFailed) as failed:
        items.query(dynamodb, {**ASKED, "IndexName": "by-meaning"})
    assert failed.value.sentence == f"could not query index by-meaning of table mana-memory: {words}; {remedy}"


REFUSED_VECTORS = [
    "Invalid type for parameter embedding[1], Expected: 32-bit floating point number, Actual: S. IndexName: by-meaning",
    "Invalid type for parameter embedding, Expected: 32-bit floating point number list IndexName: by-meaning",
]


@pytest.mark.parametrize("words", REFUSED_VECTORS, ids=["a text among numbers", "a set of numbers"])
def test_a_put_says_how_a_vector_is_written_in_place_of(stubbed: Any, words: str) -> None:
    dynamodb, stubber = stubbed
    whole = f"One or more parameter values were invalid. {words}"
    stubber.add_client_error("put_item", "ValidationException", whole)
    with pytest.raises(CallFailed) as failed:
        items.perform(dynamodb, declaration(HERE), PUT)
    assert failed.value.sentence == (
        f"could not put the item: {whole}; write the vector as a list of numbers without quotes, and 1e-05 as 1.0e-05: "
        "YAML takes the former for text"
    )


IN_ITS_TYPE = (
    "give this attribute the type that the index declares, text (S) in quotes and a number (N) without, or leave it out"
)
UNFIT = [
    pytest.param(
        "Invalid size for parameter embedding, Expected: 3, Actual: 2 IndexName: by_meaning",
        "give the vector as many numbers as the vector index has dimensions",
        id="a vector of another length [items-fit-their-vector-indexes]",
    ),
    pytest.param(
        "Attribute 'user' type mismatch. Expected: S, Actual: N. IndexName: by_meaning",
        IN_ITS_TYPE,
        id="a hash key of a vector index in another type",
    ),
    pytest.param(
        "Type mismatch for Index Key user Expected: S Actual: N IndexName: by_user",
        IN_ITS_TYPE,
        id="a key of an index in another type",
    ),
]


@pytest.mark.parametrize(("words", "remedy"), UNFIT)
def test_a_put_that_an_index_refuses_says_what_helps_against(stubbed: Any, words: str, remedy: str) -> None:
    dynamodb, stubber = stubbed
    whole = f"One or more parameter values were invalid. {words}"
    stubber.add_client_error("put_item", "ValidationException", whole)
    with pytest.raises(CallFailed) as failed:
        items.perform(dynamodb, declaration(HERE), PUT)
    assert failed.value.sentence == f"could not put the item: {whole}; {remedy}"


UNREACHED = [
    pytest.param(
        None,
        "no answer from https://search-dynamodb.eu-central-1.amazonaws.com (",
        "; a search goes to a host of its own, which the network has to let through",
        id="AWS [searches-have-hosts-of-their-own]",
    ),
    pytest.param("http://127.0.0.1:4566", "no answer from http://127.0.0.1:4566 (", "in seconds)", id="an endpoint"),
]


@pytest.mark.parametrize(("endpoint_url", "asked", "end"), UNREACHED)
def test_a_search_that_reaches_nobody_names_the_host_at(endpoint_url: Any, asked: str, end: str) -> None:
    dynamodb = new_client(region="eu-central-1", url=endpoint_url)

    def refuse(request: Any, **_event: Any) -> None:
        raise EndpointConnectionError(endpoint_url=request.url)

    dynamodb.meta.events.register("before-send.dynamodb.SearchVectors", refuse)
    with pytest.raises(CallFailed) as failed:
        items.search(dynamodb, TO_SEARCH)
    assert asked in failed.value.sentence
    assert failed.value.sentence.endswith(end)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in tasks of dynamodb_item."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import reduce
from typing import Any, cast

from plugins.modules import dynamodb_item as module
from tests.corpus.row import LEFT_OUT, LIVE, Row

__all__ = ["ROWS", "SOUND", "module"]

SOUND: dict[str, Any] = {"table_name": LIVE, "key": {"pk": "a", "sk": "b"}, "item": {"n": 1}}
DEEP: Any = reduce(lambda inner, _: [inner], range(40), cast("Any", "a"))


def value(of: Any) -> dict[str, Any]:
    return {"item": {"x": of}}


def key(of: Any) -> dict[str, Any]:
    return {"key": {"pk": of, "sk": "b"}}


TABLES = [
    Row("no table", {"table_name": LEFT_OUT}, "table_name", by_ansible=True),
    Row(
        "an empty name of a table",
        {"table_name": ""},
        "table_name: '' is not a name that DynamoDB takes; use 3 to 255 of",
    ),
    Row("a name with a space", {"table_name": "a b"}, "table_name: 'a b' is not a name that DynamoDB takes"),
    Row("a name of two letters", {"table_name": "ab"}, "table_name: 'ab' is not a name that DynamoDB takes"),
    Row("a name with a line break", {"table_name": "abc\n"}, "table_name: 'abc\\n' is not a name"),
    Row("the ARN of a bucket", {"table_name": "arn:aws:s3:::files"}, "table_name: 'arn:aws:s3:::files' is not"),
    Row(
        "the ARN of an index",
        {"table_name": "arn:aws:dynamodb:us-east-1:000000000000:table/corpus-live/index/gsi1"},
        "table_name: 'arn:aws:dynamodb:us-east-1:000000000000:table/corpus-live/index/gsi1' is not a name",
    ),
    Row("a table that is not there", {"table_name": "nowhere"}, "table_name: there is no table nowhere in", True),
    Row("the option of another module", {"name": LIVE}, "name", by_ansible=True),
    Row("an unknown state", {"state": "deleted"}, "state", by_ansible=True),
]

KEYS = [
    Row("no key", {"key": LEFT_OUT}, "key", by_ansible=True),
    Row("an empty key", {"key": {}}, "key: a primary key has one or two attributes, 0 were given; give the table's"),
    Row("a key of three", {"key": {"a": 1, "b": 2, "c": 3}}, "key: a primary key has one or two attributes, 3 were"),
    Row("an empty text", key(""), "key.pk: a key cannot be empty; give it a value"),
    Row("no bytes", key({"$binary": ""}), "key.pk: a key cannot be empty; give it a value"),
    Row("no value", key(None), "key.pk: a key is a string, a number or binary, this is null; write it in quotes"),
    Row("a boolean", key(True), "key.pk: a key is a string, a number or binary, this is a boolean; write it in quotes"),
    Row("a list", key(["a"]), "key.pk: a key is a string, a number or binary, this is a list"),
    Row("a map", key({"a": 1}), "key.pk: a key is a string, a number or binary, this is a map"),
    Row("a set", key({"$string_set": ["a"]}), "key.pk: a key is a string, a number or binary, this is a set"),
    Row("the wire's own form", key({"S": "a"}), "key.pk: this is DynamoDB's own JSON; write the value alone, such as"),
    Row(
        "a misspelt form of a key",
        key({"$bin": "AA=="}),
        "key.pk.$bin: there is no such form of a value; did you mean $binary",
    ),
    Row(
        "no number as key",
        key(float("nan")),
        "key.pk: DynamoDB has neither NaN nor infinity; leave it out, or write it",
    ),
    Row(
        "a text of 2049 bytes", key("a" * 2049), "key.pk: it has 2049 bytes, and a hash key can have 2048, a range key"
    ),
    Row("letters of 2050 bytes", key("ä" * 1025), "key.pk: it has 2050 bytes, and a hash key can have 2048"),
    Row(
        "two texts of 1025 bytes",
        {"key": {"pk": "a" * 1025, "sk": "b" * 1025}},
        "key: pk and sk have more than 1024 bytes each, and one of them is the range key",
    ),
    Row("an empty name", {"key": {"": "a"}}, "key: an attribute has an empty name; give it one"),
    Row("a key of one", {"key": {"pk": "a"}}, "could not read the item pk=a from table corpus-live: ", True),
]

VALUES = [
    Row("no item", {"item": LEFT_OUT}, "item", by_ansible=True),
    Row("null as item", {"item": None}, "item: it is needed to put an item; give its attributes, {} for none but the"),
    Row("no number", value(float("nan")), "item.x: DynamoDB has neither NaN nor infinity; leave it out"),
    Row("infinity", value(float("-inf")), "item.x: DynamoDB has neither NaN nor infinity"),
    Row("39 digits", value(int("1" * 39)), "item.x: a number has up to 38 digits, this one has 39; round it"),
    Row("a number of 400 digits", value(10**400), "item.x: the number is out of DynamoDB's range, which is 1E-130 to"),
    Row(
        "a number as text", value({"$number": "1,5"}), "item.x.$number: it takes a decimal number in quotes; write one"
    ),
    Row("a bare number in its form", value({"$number": 1.5}), "item.x.$number: it takes a decimal number in quotes"),
    Row(
        "an empty set", value({"$string_set": []}), "item.x.$string_set: DynamoDB has no empty set; leave the attribute"
    ),
    Row(
        "a set of one text", value({"$string_set": "a"}), "item.x.$string_set: it takes a list; write the set's members"
    ),
    Row("a number among texts", value({"$string_set": ["a", 1]}), "item.x.$string_set[1]: all members of this set are"),
    Row("a text among numbers", value({"$number_set": [1, "2"]}), "item.x.$number_set[1]: all members of this set are"),
    Row("a text twice", value({"$string_set": ["a", "a"]}), "item.x.$string_set[1]: it is in the set already, as [0];"),
    Row(
        "1 and 1.0", value({"$number_set": [1, 1.0]}), "item.x.$number_set[1]: it is in the set already, as [0]; leave"
    ),
    Row("no base64", value({"$binary": "not base64!"}), "item.x.$binary: it is not base64; encode the bytes, for"),
    Row("bytes of a number", value({"$binary": 5}), "item.x.$binary: it is not base64; encode the bytes"),
    Row(
        "a misspelt form", value({"$bianry": "AA=="}), "item.x.$bianry: there is no such form of a value; did you mean"
    ),
    Row(
        "a form with a capital", value({"$Binary": "AA=="}), "item.x.$Binary: there is no such form of a value; did you"
    ),
    Row("a set in short", value({"$set": ["a"]}), "item.x.$set: there is no such form of a value; did you mean"),
    Row("a set without its line", value({"$stringset": ["a"]}), "item.x.$stringset: there is no such form of a value;"),
    Row("a number in short", value([{"$num": "1"}]), "item.x[0].$num: there is no such form of a value; did you mean"),
    Row(
        "a form and more",
        value({"$binary": "AA==", "b": 1}),
        "item.x.$binary: it stands alone in its map, and here are",
    ),
    Row(
        "a list in the form of a map",
        value({"$map": ["a"]}),
        "item.x.$map: it takes a map; write {$map: {name: value}}",
    ),
    Row("a misspelt form in a map", value({"$map": {"y": {"$numbr": "1"}}}), "item.x.$map.y.$numbr: there is no such"),
    Row(
        "40 lists in one another", value(DEEP), "item.x" + "[0]" * 31 + ": an item has up to 32 levels, this is deeper"
    ),
    Row("401 KB", value("a" * 401 * 1024), "item: it has "),
    Row("a map with an empty name", value({"": 1}), "item.x: an attribute has an empty name; give it one"),
    Row("another value than the key's", {"item": {"pk": "z"}}, "item.pk: it is not the value of key.pk; leave it out"),
    Row("a number where the key is text", {"key": {"pk": "1", "sk": "b"}, "item": {"pk": 1}}, "item.pk: it is not the"),
    Row("stray bytes", value("\udc80"), "item.x: it is not text in UTF-8; write the bytes in base64, as {$binary: …}"),
]

TYPES_OF_PYTHON = [
    Row(
        "a date with a time", value(datetime.datetime(2026, 11, 27, 12)), "item.x: DynamoDB has no type for a date with"
    ),
    Row("a time as a key", key(datetime.datetime(2026, 11, 27, 12)), "key.pk: DynamoDB has no type for a date with a"),
    Row("a set of YAML", value({"a", "b"}), "item.x: a set of YAML has no order; write {$string_set: [a, b]}, or a"),
    Row("a Decimal", value([Decimal("1.5")]), "item.x[0]: JSON has no form for a Decimal; write it as text"),
    Row("bytes as a name", value({b"a": 1}), "item.x: a name in it is bytes; write it in quotes"),
    Row("a date as a name", {"item": {datetime.date(2026, 11, 27): 1}}, "item: a name in it is a date; write it in"),
    Row("a list as a name", value({("a", "b"): 1}), "item.x: a name in it is a list; write it in quotes"),
]

ROWS = [*TABLES, *KEYS, *VALUES, *TYPES_OF_PYTHON]

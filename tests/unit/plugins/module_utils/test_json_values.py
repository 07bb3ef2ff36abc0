# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Values of YAML and templates as JSON has them, and those that it has no form for."""

from __future__ import annotations

import datetime
import decimal
from typing import Any

import pytest

from plugins.module_utils import json_values

DAY = datetime.date(2026, 1, 1)
NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ({1: {None: True}}, {"1": {"null": True}}),
        ({True: 1.5, 2.5: False}, {"true": 1.5, "2.5": False}),
        ([(1, "a"), {"b"}], [[1, "a"], ["b"]]),
        (datetime.date(2024, 5, 6), "2024-05-06"),
        (datetime.datetime(2024, 5, 6, 7, 8, 9), "2024-05-06T07:08:09"),
        (b"hello", {"$binary": "aGVsbG8="}),
        ({"deep": [b"\xff\x00"]}, {"deep": [{"$binary": "/wA="}]}),
        (None, None),
    ],
)
def test_arguments_are_read_as_json(value: Any, plain: Any) -> None:
    assert json_values.plain(value) == plain


def test_marked_text_becomes_plain_text() -> None:
    class Marked(str):
        def __str__(self) -> str:  # pylint: disable=invalid-str-returned
            return self

    plain = json_values.plain({Marked("name"): [Marked("text")]})
    assert {type(found) for found in (*plain, *plain["name"])} == {str}


class Encrypted:
    """Text of Ansible's vault, which is decrypted when it is read."""

    _ciphertext = b"$ANSIBLE_VAULT"

    def __str__(self) -> str:
        return "decrypted"


@pytest.mark.parametrize("value", [None, True, 1, 1.5, "a", [1, ("a",)], {"a": {1: {None: 2}}}, Encrypted(), DAY])
def test_values_of_json_are_right_everywhere(value: Any) -> None:
    assert [*json_values.unwritable(value, "x", of_item=True), *json_values.unwritable(value, "x", of_item=False)] == []


def test_encrypted_text_is_decrypted() -> None:
    assert json_values.plain({"a": Encrypted()}) == {"a": "decrypted"}


@pytest.mark.parametrize(
    ("value", "elsewhere", "in_an_item"),
    [
        pytest.param(b"hello", "x: bytes have no form here; write them as text", None, id="bytes"),
        pytest.param({"a": [b""]}, "x.a[0]: bytes have no form here", None, id="bytes deep below"),
        pytest.param(
            [datetime.datetime(2026, 1, 1, 12)], None, "x[0]: DynamoDB has no type for a date with a time", id="a time"
        ),
        pytest.param({"a"}, None, "x: a set of YAML has no order; write {$string_set: [a, b]}", id="a set"),
        pytest.param(NAN, "x: it is no finite number; write another", None, id="no number; an item refuses it itself"),
        pytest.param({"a": -INFINITE}, "x.a: it is no finite number", None, id="a number without end"),
        pytest.param({b"a": 1}, "x: a name in it is bytes; write it in quotes", "x: a name", id="bytes as a name"),
        pytest.param({(1, 2): 1}, "x: a name in it is a list; write it", "x: a name", id="a list as a name"),
        pytest.param(
            {datetime.date(2026, 1, 1): 1}, "x: a name in it is a date; write it", "x: a name", id="a date as a name"
        ),
        pytest.param(
            decimal.Decimal("1.5"),
            "x: JSON has no form for a Decimal; write it as text",
            "x: JSON has no form for a Decimal",
            id="a type of Python",
        ),
    ],
)
def test_a_value_without_a_form_in_json_is_refused(value: Any, elsewhere: str | None, in_an_item: str | None) -> None:
    for of_item, words in ((False, elsewhere), (True, in_an_item)):
        refused = next(json_values.unwritable(value, "x", of_item), None)
        assert (refused is None) if words is None else (refused or "").startswith(words)

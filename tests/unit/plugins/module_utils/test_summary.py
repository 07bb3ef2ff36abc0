# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans and sentences that many resources share are listed once."""

from __future__ import annotations

import pytest

from plugins.module_utils import summary
from plugins.module_utils.plan import Plan, Step
from plugins.module_utils.summary import Group


def protect(name: str) -> Plan:
    sentence = f"protect table {name} against deletion"
    arguments = {"TableName": name, "DeletionProtectionEnabled": True}
    return (Step("dynamodb", "UpdateTable", arguments, sentence, lengthy=True),)


def tag(name: str) -> Plan:
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{name}"
    return (Step("dynamodb", "TagResource", {"ResourceArn": arn, "Tags": []}, f"tag {name} with a=b"),)


def test_equal_plans_of_a_thousand_tables_are_one_line() -> None:
    names = [f"orders-{number}" for number in range(1000)]
    planned = [*((name, protect(name), "us-east-1") for name in names), ("threads", tag("threads"), "us-east-1")]
    groups = summary.plans(planned)
    assert [len(group.names) for group in groups] == [1000, 1]
    assert summary.plan_lines(groups, 5) == [
        "1000 tables: protect table {name} against deletion (orders-0, orders-1, orders-2 and 997 more; "
        "1 call each, about 3 min 20 s at 5 a second)",
        "tag threads with a=b",
    ]


def test_plans_are_equal_whatever_the_arn_of_the_table() -> None:
    groups = summary.plans((name, tag(name), "us-east-1") for name in ("abc", "def"))
    assert [group.names for group in groups] == [("abc", "def")]
    assert groups[0].told[0]["arguments"] == {"ResourceArn": "{name}", "Tags": []}


def test_plans_of_two_regions_are_two() -> None:
    assert len(summary.plans([("abc", tag("abc"), "us-east-1"), ("abc", tag("abc"), "eu-west-1")])) == 2


def test_plans_that_differ_in_an_argument_are_listed_apart() -> None:
    other = (Step("dynamodb", "UpdateTable", {"TableName": "b"}, "protect table b against deletion"),)
    assert len(summary.plans([("a", protect("a"), ""), ("b", other, "")])) == 2


def test_many_different_plans_are_twelve_lines() -> None:
    groups = [Group([{"sentence": f"do {number}"}], (f"table-{number}",)) for number in range(30)]
    lines = summary.plan_lines(groups, 5)
    assert len(lines) == 12
    assert lines[-1] == "and 19 more plans, of 19 tables"
    assert len(summary.plan_lines(groups[:12], 5)) == 12
    assert "more plans" not in summary.plan_lines(groups[:12], 5)[-1]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("protect table orders against deletion", "protect table {name} against deletion"),
        ("protect table orders-2 against deletion", "protect table orders-2 against deletion"),
        ("protect table my.orders against deletion", "protect table my.orders against deletion"),
        ("could not read table orders.", "could not read table {name}."),
        ("arn:aws:dynamodb:us-east-1:1:table/orders", "arn:aws:dynamodb:us-east-1:1:table/{name}"),
    ],
)
def test_only_the_whole_name_is_taken_out_of_a_sentence(sentence: str, expected: str) -> None:
    assert summary.template(sentence, "orders") == expected


def test_equal_sentences_are_listed_once_with_their_tables() -> None:
    found = summary.sentences((name, f"could not read table {name}: no") for name in ("abc", "def", "abc"))
    assert summary.sentence_lines(found) == ["abc, def: could not read table {name}: no"]
    alone = summary.sentences([("abc", "could not read table abc: no")])
    assert summary.sentence_lines(alone) == ["abc: could not read table abc: no"]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (60, "1 min"), (370, "6 min 10 s"), (7500, "2 h 5 min")]
)
def test_a_time_in_words(seconds: float, words: str) -> None:
    assert summary.duration(seconds) == words

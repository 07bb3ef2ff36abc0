# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tags as declared, as listed, and laid over each other."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.module_utils import tags
from plugins.module_utils.plan import Impossible


def test_values_become_strings_as_in_community_aws() -> None:
    assert tags.from_option({"b": 1, "a": True, "c": "x"}) == {"a": "True", "b": "1", "c": "x"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param({"a": None}, "the value of 'a' must be a string; write it in quotes", id="no value"),
        pytest.param({"a": ["b"]}, "the value of 'a' must be a string; write it in quotes", id="a list"),
        pytest.param({"a": {"b": "c"}}, "the value of 'a' must be a string; write it in quotes", id="a map"),
        pytest.param({"": "v"}, "a tag has an empty key; give it one", id="no key"),
        pytest.param({"k" * 129: "v"}, f"'{'k' * 129}' is too long; a key takes 1 to 128 ", id="a long key"),
        pytest.param({"k": "v" * 257}, "'k' is too long; a key takes 1 to 128 ", id="a long value"),
        pytest.param({"a<b": "v"}, "'a<b' has the character <; tags take letters, digits, spaces and ", id="a sign"),
        pytest.param({"k": "a#b"}, "'k' has the character #; ", id="a sign in a value"),
        pytest.param({"k": "50%"}, "'k' has the character %; ", id="a percentage"),
        pytest.param({"k": "a, b"}, "'k' has the character ,; ", id="a comma"),
        pytest.param({"k": "\N{ROCKET}"}, "'k' has the character \N{ROCKET}; ", id="a picture"),
        pytest.param({"k": "v\n"}, "'k' has the character \n; ", id="a line break that a block of YAML ends with"),
        pytest.param({str(n): "v" for n in range(51)}, "51 tags were declared; a resource can have 50", id="too many"),
    ],
)
def test_a_tag_that_aws_does_not_take_is_refused(given: dict[str, Any], sentence: str) -> None:
    message = next(tags.mistakes(given, "replicas[eu-west-1].tags"))
    assert message.startswith(f"replicas[eu-west-1].tags: {sentence}")


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"k" * 128: "v" * 256}, id="as long as can be"),
        pytest.param({"team": ""}, id="an empty value"),
        pytest.param({"größe": "四十二 ½"}, id="letters and numbers of any script"),
        pytest.param({"a_.:/=+-@ b": "c d"}, id="all signs"),
        pytest.param({"n": 1, "b": True, "f": 1.5}, id="values that become strings"),
        pytest.param({str(n): "v" for n in range(50)} | {"aws:a": "b"}, id="50 tags, and one of AWS's own"),
    ],
)
def test_a_tag_that_aws_takes_is_no_mistake(given: dict[str, Any]) -> None:
    assert list(tags.mistakes(given)) == []


@pytest.mark.parametrize(
    ("purge", "message"),
    [
        (
            False,
            "tags: with those that are there it would have 51 tags, and a resource can have 50; declare fewer, or ",
        ),
        (True, ""),
    ],
    ids=["with those that stay", "without those that go"],
)
def test_all_tags_of_a_resource_count(purge: bool, message: str) -> None:
    there = {**{str(n): "v" for n in range(50)}, "aws:a": "b"}
    refusal = ""
    try:
        tags.desire({"new": "v"}, there, purge)
    except Impossible as error:
        refusal = str(error)
    assert refusal.startswith(message)
    assert bool(refusal) is bool(message)


@pytest.mark.parametrize(
    ("observed", "declared", "purge", "expected"),
    [
        ({"a": "1", "b": "2"}, {"a": "3"}, True, {"a": "3"}),
        ({"a": "1", "b": "2"}, {"a": "3"}, False, {"a": "3", "b": "2"}),
        ({"aws:x": "1"}, {}, True, {"aws:x": "1"}),
        ({"awsome": "1"}, {}, True, {}),
    ],
    ids=["purged", "kept", "AWS's own are kept", "what only resembles AWS's own is purged"],
)
def test_declared_tags_over_observed_ones(
    observed: dict[str, str], declared: dict[str, str], purge: bool, expected: dict[str, str]
) -> None:
    assert tags.desire(declared, observed, purge) == expected


FIFTY = {str(number): "v" for number in range(50)}


def test_tags_that_are_too_many_already_are_no_mistake_of_the_next_run() -> None:
    """Rule tags-are-counted-after-the-merge."""
    there = {**FIFTY, "one more": "v"}
    assert tags.desire({"one more": "w"}, there, purge=False) == {**there, "one more": "w"}


def test_tags_of_aws_are_not_counted() -> None:
    own = {"aws:a": "b"}
    assert len(tags.desire(tags.from_option({**own, **FIFTY}), {**own, **FIFTY}, purge=False)) == 51


def test_the_lists_of_the_api_are_read_and_written() -> None:
    listed = [{"Key": "b", "Value": "1"}, {"Key": "a", "Value": "2"}]
    assert list(tags.from_api(listed).items()) == [("a", "2"), ("b", "1")]
    assert tags.to_api({"b": "1", "a": "2"}) == listed

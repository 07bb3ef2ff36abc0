"""Tags as declared, as listed, and laid over each other."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.module_utils import tags
from plugins.module_utils.plan import Impossible


def test_values_become_strings_as_in_community_aws() -> None:
    assert tags.from_option({"b": 1, "a": True, "c": "x"}) == {"a": "True", "b": "1", "c": "x"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"a": None}, "'a' must be a string"),
        ({"a": ["b"]}, "'a' must be a string"),
        ({"a": {"b": "c"}}, "'a' must be a string"),
        ({"k" * 129: "v"}, "1 to 128"),
        ({"": "v"}, "1 to 128"),
        ({"k": "v" * 257}, "256"),
        ({str(n): "v" for n in range(51)}, "51 tags"),
    ],
    ids=["no value", "a list", "a map", "a long key", "no key", "a long value", "too many"],
)
def test_what_aws_does_not_take_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(Impossible, match=r"^tags: ") as refusal:
        tags.from_option(given)
    assert words in str(refusal.value)


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
    assert tags.over(observed, declared, purge) == expected


FIFTY = {str(number): "v" for number in range(50)}


def test_tags_are_counted_with_those_that_stay() -> None:
    """Rule tags-are-counted-after-the-merge."""
    with pytest.raises(Impossible, match=r"^tags: 51 tags are there with those that stay; a resource can have 50$"):
        tags.over(FIFTY, {"one more": "v"}, purge=False)
    assert tags.over(FIFTY, {"one more": "v"}, purge=True) == {"one more": "v"}


def test_tags_of_aws_are_not_counted() -> None:
    own = {"aws:a": "b"}
    assert len(tags.over({**own, **FIFTY}, tags.from_option({**own, **FIFTY}), purge=False)) == 51


def test_the_lists_of_the_api_are_read_and_written() -> None:
    listed = [{"Key": "b", "Value": "1"}, {"Key": "a", "Value": "2"}]
    assert list(tags.from_api(listed).items()) == [("a", "2"), ("b", "1")]
    assert tags.to_api({"b": "1", "a": "2"}) == listed

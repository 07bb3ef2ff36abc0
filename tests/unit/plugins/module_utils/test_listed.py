# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The members of a list, each as the arguments of a task of its own."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from plugins.module_utils import listed
from plugins.module_utils.listed import Wrong
from plugins.modules import dynamodb_table, dynamodb_tables

SPEC = dynamodb_tables.TABLE


def read(*members: dict[str, Any], **defaults: Any) -> list[Any]:
    """The options of members, or their faults."""
    return [each.options for each in listed.read(members, defaults, SPEC)]


def test_a_member_has_the_options_of_a_task_of_its_own() -> None:
    given = {"name": "abc", "hash_key_name": "pk", "read_capacity": "5"}
    alone = ArgumentSpecValidator(dynamodb_table.OPTIONS).validate(given).validated_parameters
    del alone["approved_steps"]  # a task of its own is held to steps, a list is not
    places = dict.fromkeys(("region", "profile", "role_arn", "external_id"))
    assert read(given) == [{**alone, **places}]


def test_an_option_of_a_member_takes_the_place_of_the_whole_option_of_the_defaults() -> None:
    first, second = read({"name": "abc"}, {"name": "def", "tags": {"c": "d"}}, tags={"a": "b"}, purge_tags=False)
    assert (first["tags"], first["purge_tags"]) == ({"a": "b"}, False)
    assert (second["tags"], second["purge_tags"]) == ({"c": "d"}, False)


def test_an_option_is_the_same_by_any_of_its_names() -> None:
    (found,) = read({"name": "abc", "resource_tags": {"c": "d"}}, tags={"a": "b"})
    assert found["tags"] == {"c": "d"}


def test_members_that_differ_in_their_name_alone_are_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[Any] = []
    validate = ArgumentSpecValidator.validate
    monkeypatch.setattr(ArgumentSpecValidator, "validate", lambda *a: checked.append(a) or validate(*a))  # type: ignore[func-returns-value]
    found = read(*({"name": f"table-{number}"} for number in range(100)), {"name": "other", "wait": False})
    assert len(checked) == 2
    assert [each["name"] for each in found if isinstance(each, dict)] == [
        *(f"table-{number}" for number in range(100)),
        "other",
    ]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"tags": "b"}, "tags: 'b' is not a mapping; write {team: …}"),
        ({"name": 5, "read_capacity": "many"}, "read_capacity: 'many' is not a whole number; write one such as 5"),
        ({"name": None}, "name: it has no value; give one"),
        ({"purge": True}, "purge: a table has no such option; see the options of dynamodb_table"),
        ({"secret_key": "s3"}, "secret_key: it is said for all tables at once; give it beside tables"),
        ({"aws_access_key": "s3"}, "aws_access_key: it is said for all tables at once; give it beside tables"),
        (
            {"restore_from_backup": {"backup_arn": "a"}, "import_from_s3": {"s3_bucket": "b"}},
            "parameters are mutually exclusive: restore_from_backup|restore_from_table|import_from_s3",
        ),
        ({"indexes": [{"name": "a"}]}, "missing required arguments: type found in indexes"),
    ],
)
def test_a_wrong_member_of_a_list_is_a_sentence(given: dict[str, Any], sentence: str) -> None:
    assert read({"name": "abc", **given}) == [Wrong(sentence)]


@pytest.mark.parametrize(
    ("defaults", "member", "sentence"),
    [
        ({"purge": True}, {}, "defaults.purge: a table has no such option; see the options of dynamodb_table"),
        ({"resource_tags": "b"}, {}, "defaults.tags: 'b' is not a mapping; write {team: …}"),
        (
            {"time_to_live": {"enabled": "maybe"}},
            {},
            "defaults.time_to_live.enabled: 'maybe' is neither true nor false; write one of these",
        ),
        ({"tags": {"a": "b"}}, {"tags": "b"}, "tags: 'b' is not a mapping; write {team: …}"),
        ({"tags": "b"}, {"purge": True}, "purge: a table has no such option; see the options of dynamodb_table"),
    ],
)
def test_a_fault_of_the_defaults_is_named_with_them(
    defaults: dict[str, Any], member: dict[str, Any], sentence: str
) -> None:
    assert Wrong(sentence) in read({"name": "abc", "hash_key_name": "pk", **member}, **defaults)


def test_a_member_is_called_by_its_name_wherever_that_is_given() -> None:
    found = listed.read([{"name": "abc"}, {}], {"name": "def", "purge": True}, SPEC)
    assert [each.name for each in found] == ["abc", "def"]
    assert [each.name for each in listed.read([{"name": "abc"}, {}], {}, SPEC)] == ["abc", "tables[1]"]

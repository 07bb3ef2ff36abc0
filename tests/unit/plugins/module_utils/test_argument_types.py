# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Arguments of a wrong type are refused by the name of their option; what Ansible can convert is right."""

from __future__ import annotations

import copy
import datetime
import json
from typing import Any

import pytest

from plugins.module_utils import argument_types, front
from plugins.modules import (
    audit,
    dynamodb_item,
    dynamodb_item_info,
    dynamodb_table,
    dynamodb_tables,
    iam_policy_simulation_info,
    iam_role_policy,
)
from tests.declaring import validated

SECRET = "a-secret-that-nobody-would-write-by-chance"
INDEX = {"name": "gsi1", "type": "global_all", "hash_key_name": "a"}
TABLE = {"name": "mana-memory"}


def options(module: Any) -> dict[str, Any]:
    spec: dict[str, Any] = front.specification(module.SPEC)["argument_spec"]
    return spec


def mistake(given: dict[str, Any], module: Any = dynamodb_table) -> str | None:
    return argument_types.mistake(options(module), given)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param(
            {"time_to_live": "ttl"},
            "time_to_live: 'ttl' is not a mapping; write {enabled: …, attribute_name: …}",
            id="one value in place of a mapping",
        ),
        pytest.param(
            {"restore_from_backup": "arn:aws:x"},
            "restore_from_backup: 'arn:aws:x' is not a mapping; write {backup_arn: …}",
            id="a value in place of a mapping that needs it",
        ),
        pytest.param(
            {"import_from_s3": ["bucket"]},
            "import_from_s3: a list is not a mapping; write {s3_bucket: …}",
            id="a list in place of a mapping",
        ),
        pytest.param(
            {"tags": ["a"]}, "tags: a list is not a mapping; write {team: …}", id="a list in place of any mapping"
        ),
        pytest.param(
            {"resource_tags": 5},
            "resource_tags: 5 is not a mapping; write {team: …}",
            id="an alias is named as written",
        ),
        pytest.param(
            {"tags": "{a: b}"},
            "tags: '{a: b}' is not a mapping; write {team: …}",
            id="YAML as text, which Ansible does not read",
        ),
        pytest.param(
            {"indexes": "gsi1"},
            "indexes: 'gsi1' is not a list of mappings; write [{name: …, type: …}]",
            id="a name in place of a list of mappings",
        ),
        pytest.param(
            {"indexes": ""},
            "indexes: '' is not a list of mappings; write [{name: …, type: …}]",
            id="no text in place of a list of mappings",
        ),
        pytest.param(
            {"indexes": INDEX},
            "indexes: a mapping is not a list of mappings; write [{name: …, type: …}]",
            id="one mapping in place of a list of them",
        ),
        pytest.param(
            {"indexes": True},
            "indexes: true is not a list of mappings; write [{name: …, type: …}]",
            id="a switch in place of a list",
        ),
        pytest.param(
            {"indexes": [INDEX, "gsi2"]},
            "indexes[1]: 'gsi2' is not a mapping; write {name: …, type: …}",
            id="a name among mappings",
        ),
        pytest.param({"indexes": [None]}, "indexes[0]: it has no value; give one", id="nothing in a list"),
        pytest.param(
            {"indexes": [{**INDEX, "contributor_insights": "on"}]},
            "indexes[gsi1].contributor_insights: 'on' is not a mapping; write {enabled: …, mode: …}",
            id="a suboption, by the name of what has it",
        ),
        pytest.param(
            {"indexes": json.dumps([INDEX])},
            'indexes: \'[{"name": "gsi1", "type": "global_all", "hash_key_name": "a"…\' is not a list of mappings; '
            "write [{name: …, type: …}], without the filter to_json",
            id="a list as JSON text",
        ),
        pytest.param(
            {"indexes": [{"type": "all", "read_capacity": "many"}]},
            "indexes[0].read_capacity: 'many' is not a whole number; write one such as 5",
            id="a suboption of what has no name",
        ),
        pytest.param(
            {"indexes": [{**INDEX, "includes": {"a": "b"}}]},
            "indexes[gsi1].includes: a mapping is not a list; write [a, b]",
            id="a mapping in place of a list of names",
        ),
        pytest.param(
            {"indexes": [{**INDEX, "includes": ["a", {"b": 1}]}]},
            "indexes[gsi1].includes[1]: a mapping is not text; write one text",
            id="a mapping among names",
        ),
        pytest.param(
            {"indexes": [{**INDEX, "includes": [None]}]},
            "indexes[gsi1].includes[0]: it has no value; give one",
            id="nothing among names",
        ),
        pytest.param(
            {"hash_key_name": []}, "hash_key_name: a list is not text; write one text", id="a list in place of a name"
        ),
        pytest.param(
            {"hash_key_name": {}},
            "hash_key_name: a mapping is not text; write one text",
            id="a mapping in place of a name",
        ),
        pytest.param(
            {"range_key_name": False},
            "range_key_name: false is not text; write it in quotes, as yes, no, on and off too, if it is meant so",
            id="a word that YAML takes for a boolean",
        ),
        pytest.param(
            {"range_key_name": "\udc80"},
            "range_key_name: it is not text in UTF-8; write it in another way",
            id="bytes of another encoding",
        ),
        pytest.param(
            {"billing_mode": ["PROVISIONED"]},
            "billing_mode: a list is not text; write one of PROVISIONED, PAY_PER_REQUEST",
            id="a list in place of a choice",
        ),
        pytest.param(
            {"read_capacity": True},
            "read_capacity: true is not a whole number; write one such as 5",
            id="a boolean in place of a number",
        ),
        pytest.param(
            {"read_capacity": 5.5},
            "read_capacity: 5.5 is not a whole number; write one such as 5",
            id="a part of a number",
        ),
        pytest.param(
            {"read_capacity": float("inf")},
            "read_capacity: inf is not a whole number; write one such as 5",
            id="infinity, at which Ansible ends",
        ),
        pytest.param(
            {"read_capacity": float("nan")},
            "read_capacity: nan is not a whole number; write one such as 5",
            id="no number at all",
        ),
        pytest.param(
            {"read_capacity": []}, "read_capacity: a list is not a whole number; write one such as 5", id="a list"
        ),
        pytest.param(
            {"read_capacity": ""}, "read_capacity: '' is not a whole number; write one such as 5", id="no text"
        ),
        pytest.param(
            {"wait_timeout": 10**400},
            "wait_timeout: the number is too large for AWS; write one up to 9223372036854775807",
            id="a number of 400 digits",
        ),
        pytest.param(
            {"wait_timeout": "1e999999999"},
            "wait_timeout: the number is too large for AWS; write one up to 9223372036854775807",
            id="a number that nobody should compute",
        ),
        pytest.param(
            {"purge_tags": "maybe"},
            "purge_tags: 'maybe' is neither true nor false; write one of these",
            id="no boolean",
        ),
        pytest.param(
            {"purge_tags": 10**5000},
            "purge_tags: such a number is neither true nor false; write one of these",
            id="a number that Python does not print",
        ),
        pytest.param(
            {"hash_key_type": "NUMBER", "tags": "a " * 50},
            f"tags: '{('a ' * 50)[:60]}…' is not a mapping; write {{team: …}}",
            id="a long text is quoted in short",
        ),
        pytest.param(
            {"tags": "a\nb"}, r"tags: 'a\nb' is not a mapping; write {team: …}", id="lines are quoted in one line"
        ),
        pytest.param({"name": None}, "name: it has no value; give one", id="no value where one is needed"),
        pytest.param(
            {"purge_tags": None}, "purge_tags: it has no value; give one, or leave it out", id="no value over a default"
        ),
        pytest.param(
            {"point_in_time_recovery": {"enabled": None}},
            "point_in_time_recovery.enabled: it has no value; give one, or leave it out",
            id="no value over the default of a suboption",
        ),
        pytest.param(
            {"tag": {"team": "a"}},
            "tag: there is no such option; did you mean tags?",
            id="a misspelt option",
        ),
        pytest.param(
            {"vector_indexes": [{"name": "by_meaning", "dimension": 3}]},
            "vector_indexes[by_meaning].dimension: there is no such option; did you mean dimensions?",
            id="a misspelt suboption",
        ),
        pytest.param(
            {"aws_config": "x"},
            "aws_config: 'x' is not a mapping; write {connect_timeout: …}",
            id="an option of the connection",
        ),
    ],
)
def test_a_refused_type_comes_with_the_name_of_its_option(given: dict[str, Any], sentence: str) -> None:
    assert mistake({**TABLE, **given}) == sentence


def test_the_arguments_stay_as_they_are() -> None:
    given = {**TABLE, "tags": '{"a": 1}', "indexes": ['{"name": "gsi1"}'], "time_to_live": "enabled=yes"}
    before = copy.deepcopy(given)
    assert mistake(given) is None
    assert given == before


@pytest.mark.parametrize(
    ("module", "given", "sentence"),
    [
        (dynamodb_item, {"item": "a"}, "item: 'a' is not a mapping; write {pk: …}"),
        (dynamodb_item, {"key": "n3"}, "key: 'n3' is not a mapping; write {pk: …}"),
        (
            iam_role_policy,
            {"policy_json": []},
            "policy_json: a list is not a mapping; write {Version: …, Statement: …}",
        ),
        (
            dynamodb_table,
            {"resource_policy": "{"},
            "resource_policy: '{' is not JSON; give {Version: …, Statement: …}",
        ),
        (
            dynamodb_item_info,
            {"search_vector": {"$number_set": [1, 2]}},
            "search_vector: a mapping is not a list; write [0.1, 0.2]",
        ),
        (dynamodb_tables, {"defaults": ["a"]}, "defaults: a list is not a mapping; write {hash_key_name: …}"),
        (audit, {"results": ["a"]}, "results: a list is not a mapping; write {table: …}"),
        (
            iam_policy_simulation_info,
            {"checks": [{"action": [["a"]]}]},
            "checks[0].action[0]: a list is not text; write one text",
        ),
        (
            iam_policy_simulation_info,
            {"checks": [{"actions": None}]},
            "checks[0].actions: it has no value; give one",
        ),
    ],
)
def test_the_options_of_every_module_are_looked_at(module: Any, given: dict[str, Any], sentence: str) -> None:
    assert mistake(given, module) == sentence


CONVERTED: list[dict[str, Any]] = [
    {"tags": '{"a": 1}'},
    {"tags": "{'a': 1}"},
    {"tags": "a=1, b=2"},
    {"time_to_live": "attribute_name=ttl enabled=yes"},
    {"time_to_live": '{"attribute_name": "ttl"}'},
    {"time_to_live": {}},
    {"indexes": []},
    {"indexes": "name=gsi1 type=global_all"},
    {"indexes": ['{"name": "gsi1", "type": "all", "includes": "a,b"}']},
    {"indexes": [{**INDEX, "includes": 5}]},
    {"indexes": [{**INDEX, "includes": ["a", 5]}]},
    {"read_capacity": "5"},
    {"read_capacity": " 5 "},
    {"read_capacity": "5.0"},
    {"read_capacity": 5.0},
    {"read_capacity": "-1"},
    {"purge_tags": "yes"},
    {"purge_tags": 0},
    {"purge_tags": "off"},
    {"name": 123456},
    {"final_backup_name": "2026-05-06"},
    {"hash_key_name": 1.5},
    {"hash_key_name": None, "tags": None, "indexes": None, "read_capacity": None, "wait": "yes"},
    {"colour": ["which", {"Ansible": "refuses"}]},
]


@pytest.mark.parametrize("given", CONVERTED, ids=json.dumps)
def test_a_value_that_ansible_converts_is_right(given: dict[str, Any]) -> None:
    assert mistake({**TABLE, **given}) is None
    checked = validated(dynamodb_table, {**TABLE, **given})
    assert [words for words in checked.error_messages if "colour" not in words] == []


def test_a_choice_that_yaml_takes_for_a_boolean_is_left_to_ansible() -> None:
    assert mistake({**TABLE, "billing_mode": True}) is None


def test_a_secret_in_a_wrong_place_is_not_shown() -> None:
    given = {**TABLE, "aws_secret_access_key": SECRET, "tags": f"x {SECRET}"}
    assert mistake(given) == "tags: 'x ********' is not a mapping; write {team: …}"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"point_in_time_recovery": True}, {"point_in_time_recovery": {"enabled": True}}),
        ({"stream_specification": False}, {"stream_specification": {"stream_enabled": False}}),
        ({"sse_specification": " True\n"}, {"sse_specification": {"enabled": True}}),
        (
            {"indexes": [{**INDEX, "contributor_insights": False}]},
            {"indexes": [{**INDEX, "contributor_insights": {"enabled": False}}]},
        ),
        (
            {"replicas": [{"region_name": "eu-west-1", "point_in_time_recovery": True}]},
            {"replicas": [{"region_name": "eu-west-1", "point_in_time_recovery": {"enabled": True}}]},
        ),
        ({"resource_policy": '\n\n  {"Version": "2012-10-17"}\n'}, {"resource_policy": '{"Version": "2012-10-17"}'}),
        ({"resource_tags": " a=b "}, {"resource_tags": "a=b"}),
        ({"unknown": " {} "}, {"unknown": " {} "}),
        ({"name": " a "}, {"name": " a "}),
    ],
)
def test_arguments_are_read_as_they_are_meant(given: dict[str, Any], meant: dict[str, Any]) -> None:
    assert argument_types.read(options(dynamodb_table), {**TABLE, **given}) == ({**TABLE, **meant}, None)


def test_a_switch_stands_for_no_mapping_without_one() -> None:
    (_arguments, message) = argument_types.read(options(dynamodb_table), {**TABLE, "warm_throughput": True})
    assert message == (
        "warm_throughput: true is not a mapping; write {read_units_per_second: …, write_units_per_second: …}"
    )


def test_bytes_are_for_items_alone() -> None:
    given = {"table_name": "mana-memory", "key": {"pk": b"a"}, "item": {"digest": b"hello"}}
    meant = {**given, "key": {"pk": {"$binary": "YQ=="}}, "item": {"digest": {"$binary": "aGVsbG8="}}}
    assert argument_types.read(options(dynamodb_item), given, dynamodb_item.OF_ITEMS) == (meant, None)
    for wrong in ({"tags": {"a": b"hello"}}, {"hash_key_name": b"hello"}, {"resource_tags": {"a": b"hello"}}):
        (_arguments, message) = argument_types.read(options(dynamodb_table), {**TABLE, **wrong})
        assert "bytes have no form here" in (message or "")


def test_null_for_a_choice_is_as_good_as_nothing() -> None:
    """Results have it, and Ansible takes it for a wrong choice."""
    index = {"name": "gsi1", "type": "global_all", "hash_key_name": "a"}
    given = {"name": "t-1", "range_key_type": None, "indexes": [{**index, "range_key_type": None}]}
    assert argument_types.read(options(dynamodb_table), given) == ({"name": "t-1", "indexes": [index]}, None)


def test_null_for_a_choice_that_has_to_be_made_is_a_mistake() -> None:
    given = {"name": "t-1", "indexes": [{"name": "gsi1", "type": None}]}
    assert argument_types.read(options(dynamodb_table), given)[1] == "indexes[gsi1].type: it has no value; give one"


def test_a_day_that_yaml_reads_as_a_date_is_text_in_an_exception() -> None:
    day = datetime.date(2026, 12, 31)
    given = {"results": {"a": {"when": day}}, "exceptions": [{"until": day, "observed": {"since": day}}]}
    arguments, mistake = argument_types.read(audit.OPTIONS, given)
    assert mistake is None
    assert arguments["exceptions"] == [{"until": "2026-12-31", "observed": {"since": "2026-12-31"}}]
    assert arguments["results"] == {"a": {"when": "2026-12-31"}}

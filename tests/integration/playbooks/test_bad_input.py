# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bad input: one sentence, in check mode as for real, from either front end."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from tests.integration.playbook import play
from tests.integration.playbooks.memory import (
    CREATED,
    TRACES,
    refused,
)
from tools.endpoint import Endpoint

TASKS = {
    "a capacity": (
        "dynamodb_table",
        {"name": "t-1", "hash_key_name": "pk", "read_capacity": -1},
        "read_capacity: -1 is not",
    ),
    "a capacity on demand": (
        "dynamodb_table",
        {"name": "t-1", "hash_key_name": "pk", "billing_mode": "PAY_PER_REQUEST", "read_capacity": 5},
        "read_capacity: an on-demand table has no provisioned capacity",
    ),
    "a table without a key": ("dynamodb_table", {"name": "t-1"}, "hash_key_name: table t-1 does not exist, and a new"),
    "one key for both": (
        "dynamodb_table",
        {"name": "t-1", "hash_key_name": "pk", "range_key_name": "pk"},
        "range_key_name: it is the same attribute as hash_key_name",
    ),
    "an option that is none": ("dynamodb_table", {"name": "t-1", "hash_key": "pk"}, "Unsupported parameters for"),
    "a number that is none": ("dynamodb_table", {"name": "t-1", "read_capacity": "many"}, "read_capacity"),
    "a profile": ("dynamodb_table_info", {"name": "t-1", "profile": "nobodys"}, "profile: "),
    "an address": ("dynamodb_table_info", {"name": "t-1", "endpoint_url": "nowhere"}, "endpoint_url: "),
    "an item's table": (
        "dynamodb_item",
        {"table_name": "t-1", "key": {"pk": "a"}, "item": {}},
        "table_name: there is no table t-1 in us-east-1",
    ),
    "an item's value": (
        "dynamodb_item",
        {"table_name": "t-1", "key": {"pk": "a"}, "item": {"bytes": {"$binary": "?"}}},
        "item",
    ),
    "an item's key": ("dynamodb_item", {"table_name": "t-1", "key": {"pk": ["a"]}, "item": {}}, "key"),
    "neither a key nor a condition": ("dynamodb_item_info", {"table_name": "t-1"}, "key"),
    "a policy of nothing": (
        "iam_role_policy",
        {"role_name": "r", "policy_name": "p", "policy_document": {"Version": "2012-10-17"}},
        "policy_document",
    ),
}


def told_in_order(run: Any, sentences: Any) -> None:
    """Every attempt was refused with its sentence, and no more was said."""
    assert run.status == 0, run.output
    assert not any(trace in run.output for trace in TRACES), run.output
    shown = [message[0] for message in run.messages if isinstance(message, list)]
    missing = [(sentence, got) for sentence, got in zip(sentences, shown) if sentence not in got or "\n" in got]
    assert (len(shown), missing) == (len(sentences), []), run.output


@pytest.mark.parametrize("how", [["--check"], []], ids=["in check mode", "for real"])
def test_bad_options_are_reported_in_one_sentence_each(
    tasks: Any, ministack: Endpoint, front_end: Any, how: str
) -> None:
    attempts = [{f"mana.memory.{module}": options} for module, options, _sentence in TASKS.values()]
    run = play(tasks(attempts), ministack.environment, *how, **front_end)
    told_in_order(run, [sentence for _module, _options, sentence in TASKS.values()])


@pytest.mark.parametrize("playbook", ["site", "audit"])
def test_an_unknown_region_is_reported_with_the_nearest_one(ministack: Endpoint, playbook: Any) -> None:
    environment = {name: value for name, value in ministack.environment.items() if name != "AWS_ENDPOINT_URL"}
    run = play(f"mana.memory.{playbook}", environment, mana_memory_region="eu-wets-1")
    assert run.status == 2
    assert "region: 'eu-wets-1' is not a region that botocore " in run.output
    assert "did you mean eu-west-1?" in run.output
    assert not any(trace in run.output for trace in TRACES), run.output


@pytest.mark.parametrize("how", [["--check"], []], ids=["in check mode", "for real"])
def test_missing_credentials_are_reported_with_the_ways_to_give_them(
    ministack: Endpoint, front_end: Any, how: str
) -> None:
    environment = {
        name: value
        for name, value in ministack.environment.items()
        if name not in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    }
    sentence = refused(play("mana.memory.site", environment, *how, **front_end))
    assert "no AWS credentials were found; give profile, or access_key and secret_key, or set AWS_PROFILE" in sentence


def test_a_wrong_secret_is_reported(user_with: Any) -> None:
    environment = {**user_with("dynamodb:*"), "AWS_SECRET_ACCESS_KEY": "not-the-secret-of-anybody-on-this-machine"}
    sentence = refused(play("mana.memory.site", environment, mana_memory_table_name="memory-of-nobody"))
    assert sentence.endswith("check the credentials (profile, or access_key, secret_key and session_token)")


@pytest.mark.parametrize("how", [["--check"], []], ids=["in check mode", "for real"])
def test_a_denied_action_is_reported_with_the_missing_permission(
    strict: Endpoint, table: str, user_with: Any, front_end: Any, how: str
) -> None:
    variables = {"mana_memory_table_name": table, **front_end}
    sentence = refused(play("mana.memory.site", user_with("dynamodb:ListTables"), *how, **variables))
    assert sentence.startswith(f"could not read table {table}: ")
    assert sentence.endswith(f"; the missing permission is dynamodb:DescribeTable on table {table}")


def test_a_denied_write_is_reported_with_the_missing_permission(strict: Endpoint, table: str, user_with: Any) -> None:
    sentence = refused(play("mana.memory.site", user_with("dynamodb:DescribeTable"), mana_memory_table_name=table))
    assert sentence.startswith(f"could not create table {table} {CREATED}")
    assert sentence.endswith(f"; the missing permission is dynamodb:CreateTable on table {table}")


@pytest.fixture
def silent() -> Any:
    """An address where connections are accepted and nothing is ever answered."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed() -> Any:
    """An address where connections are refused."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"


def test_an_endpoint_that_does_not_answer_is_reported_within_15_seconds(
    ministack: Endpoint, front_end: Any, silent: Any, closed: Any
) -> None:
    seconds = {}
    for address in (closed, silent):
        started = time.monotonic()
        run = play("mana.memory.site", {**ministack.environment, "AWS_ENDPOINT_URL": address}, **front_end)
        seconds[address] = time.monotonic() - started
        sentence = refused(run)
        assert sentence.startswith(f"could not read table mana-memory: no answer from {address}")
        assert "aws_config" in sentence
    # A refused connection fails at once: that run took as long as Ansible takes to start on this machine.
    assert seconds[silent] - seconds[closed] < 15


def test_the_time_out_can_be_set(tasks: Any, ministack: Endpoint, silent: Any) -> None:
    options = {"name": "memory-of-nobody", "endpoint_url": silent, "aws_config": {"read_timeout": 1}}
    started = time.monotonic()
    run = play(tasks([{"mana.memory.dynamodb_table_info": options}]), ministack.environment)
    told_in_order(run, [f"could not read table memory-of-nobody: no answer from {silent}"])
    assert time.monotonic() - started < 8

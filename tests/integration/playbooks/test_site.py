# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`site` makes the memory, and each variable has its effect."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.integration.playbook import FRONT_END, play
from tests.integration.playbooks.memory import (
    CREATED,
    OTHERS,
    SIX,
    declared,
    described,
    items_of,
    made_function,
    policy_of,
    refused,
    tables,
)
from tools.endpoint import Endpoint


def test_plays_go_the_way_that_the_environment_names(ministack: Endpoint, table: str) -> None:
    run = play("mana.memory.audit", ministack.environment, "-vvv", mana_memory_table_name=table)
    ways = re.findall(r"mana\.memory\.\w+: (in the controller process|as a module)", run.output)
    assert set(ways) == {"in the controller process" if FRONT_END["mana_memory_in_process"] else "as a module"}


def test_site_makes_the_memory_once(client: Any, ministack: Endpoint, table: str, role: str, front_end: Any) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": role, **front_end}
    runs = [play("playbooks/site.yml", ministack.environment, *how, **variables) for how in (["--check"], [], [])]
    promised, made, again = runs
    assert [run.status for run in runs] == [0, 0, 0]
    assert [run.changed for run in runs] == [2, 2, 0], [run.output for run in runs]
    assert made.result["table"][0].startswith(f"create table {table} {CREATED}")
    assert [promised.result[part] for part in ("table", "policy")] == [
        made.result[part] for part in ("table", "policy")
    ]
    assert promised.result["proof"] == "none, since nothing was written"
    assert (again.result["table"], again.result["policy"]) == ("unchanged", "unchanged")
    assert made.result["proof"] == again.result["proof"]
    assert "read back, found through gsi1, deleted, and seen to be gone" in made.result["proof"]
    assert items_of(client, ministack, table) == []


def test_a_playbook_runs_by_its_full_name_too(ministack: Endpoint, table: str) -> None:
    variables = {"mana_memory_table_name": table}
    by_path, by_name = (
        play(name, ministack.environment, "--check", **variables) for name in ("playbooks/site.yml", "mana.memory.site")
    )
    assert (by_path.status, by_path.result) == (by_name.status, by_name.result) == (0, by_name.result)
    assert by_path.result["table"] != "unchanged"


def test_the_environment_names_table_and_region(client: Any, ministack: Endpoint, table: str) -> None:
    environment = {**ministack.environment, "MANA_MEMORY_TABLE": table, "AWS_REGION": "eu-west-1"}
    del environment["AWS_DEFAULT_REGION"]
    run = play("mana.memory.site", environment)
    assert run.status == 0, run.output
    assert run.result["table"][0].startswith(f"create table {table} ")
    moved = ministack.__class__(**{**vars(ministack), "environment": environment})
    assert described(client, moved, table)["TableArn"].startswith("arn:aws:dynamodb:eu-west-1:")


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("ap-northeast-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_the_policy_names_the_partition_of_its_region(
    client: Any, ministack: Endpoint, table: str, role: str, region: Any, partition: Any
) -> None:
    run = play(
        "mana.memory.site",
        ministack.environment,
        mana_memory_table_name=table,
        mana_memory_region=region,
        mana_memory_lambda_role_name=role,
    )
    assert run.status == 0, run.output
    arn = f"arn:{partition}:dynamodb:{region}:*:table/{table}"
    data, describe = policy_of(client, ministack, role)["Statement"]
    assert (data["Resource"], describe["Resource"]) == ([arn, f"{arn}/index/*"], [arn])


def test_the_second_statement_can_be_left_out(client: Any, ministack: Endpoint, table: str, role: str) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": role}
    run = play("mana.memory.site", ministack.environment, mana_memory_describe_table=False, **variables)
    assert run.status == 0, run.output
    (data,) = policy_of(client, ministack, role)["Statement"]
    assert "dynamodb:DescribeTable" not in data["Action"]


def test_without_a_role_the_policy_is_skipped_and_site_says_so(ministack: Endpoint, table: str) -> None:
    run = play("mana.memory.site", ministack.environment, mana_memory_table_name=table)
    assert (run.status, run.changed) == (0, 1), run.output
    assert run.result["policy"] == (
        "skipped, since neither mana_memory_lambda_role_name nor mana_memory_lambda_function_name is set"
    )


def test_the_role_can_be_found_by_its_function(
    client: Any, ministack: Endpoint, table: str, role: str, function: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_function_name": function}
    runs = [play("mana.memory.site", ministack.environment, **variables) for _each in range(2)]
    assert [run.changed for run in runs] == [2, 0], runs[0].output
    assert policy_of(client, ministack, role)["Statement"][0]["Resource"][0].endswith(f":table/{table}")


CLIENTS = {
    "specification": [(SIX, ["", "/index/*"])],
    "seed": [(SIX, ["", "/index/*"])],
    "memory": [(SIX[:-1], [""]), (["dynamodb:Query"], ["/index/*"])],
    "everything": [([*SIX, "dynamodb:BatchWriteItem"], [""]), (["dynamodb:Query"], ["/index/*"])],
}


def allowed(client: Any, endpoint: Any, table: Any, role: Any) -> Any:
    """The actions that each statement of the policy allows, and on which part of the table."""
    arn = f"arn:aws:dynamodb:us-east-1:*:table/{table}"
    return [
        (statement["Action"], [resource.removeprefix(arn) for resource in statement["Resource"]])
        for statement in policy_of(client, endpoint, role)["Statement"]
    ]


@pytest.mark.parametrize("choice", CLIENTS)
def test_the_client_is_allowed_what_was_chosen(
    client: Any, ministack: Endpoint, table: str, role: str, choice: Any
) -> None:
    declared(ministack, table, mana_memory_lambda_role_name=role, mana_memory_client=choice)
    assert allowed(client, ministack, table, role) == [*CLIENTS[choice], (["dynamodb:DescribeTable"], [""])]


def test_the_client_is_allowed_actions_written_in_other_ways(
    client: Any, ministack: Endpoint, table: str, role: str
) -> None:
    actions = ["dynamodb:GetItem", "dynamodb:Query"]
    variables = {"mana_memory_client": "everything", "mana_memory_client_actions": actions}
    declared(ministack, table, mana_memory_lambda_role_name=role, **variables)
    data, _describe = allowed(client, ministack, table, role)
    assert data == (actions, ["", "/index/*"])


def test_the_policy_names_one_account(client: Any, ministack: Endpoint, table: str, role: str) -> None:
    declared(ministack, table, mana_memory_lambda_role_name=role, mana_memory_account_id="123456789012")
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{table}"
    data, describe = policy_of(client, ministack, role)["Statement"]
    assert (data["Resource"], describe["Resource"]) == ([arn, f"{arn}/index/*"], [arn])


def test_a_managed_policy_is_attached_changed_and_removed(
    client: Any, ministack: Endpoint, table: str, role: str
) -> None:
    iam = client("iam", ministack)
    # The account has one policy of a name.
    variables = {
        "mana_memory_lambda_role_name": role,
        "mana_memory_policy_type": "managed",
        "mana_memory_policy_name": f"{table}-policy",
    }
    declared(ministack, table, **variables)
    (attached,) = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert attached["PolicyName"] == f"{table}-policy"
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == []
    arn = attached["PolicyArn"]
    declared(ministack, table, mana_memory_client="memory", **variables)
    versions = {
        each["VersionId"]: each["IsDefaultVersion"] for each in iam.list_policy_versions(PolicyArn=arn)["Versions"]
    }
    assert versions == {"v1": False, "v2": True}
    document = iam.get_policy_version(PolicyArn=arn, VersionId="v2")["PolicyVersion"]["Document"]
    assert [statement["Action"] for statement in document["Statement"]] == [
        *(actions for actions, _resources in CLIENTS["memory"]),
        ["dynamodb:DescribeTable"],
    ]
    declared(ministack, table, mana_memory_state="absent", **variables)
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_policy(PolicyArn=arn)


def test_all_indexes_are_those_of_memory_workflows_and_scores(client: Any, ministack: Endpoint, table: str) -> None:
    run = declared(ministack, table, mana_memory_all_indexes=True, mana_memory_verify=True)
    indexes = described(client, ministack, table)["GlobalSecondaryIndexes"]
    names = ["gsi1", "gsi2", "gsi4", "gsi7"]
    assert {index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]] for index in indexes} == {
        name: [f"{name}pk", f"{name}sk"] for name in names
    }
    assert {index["Projection"]["ProjectionType"] for index in indexes} == {"ALL"}
    assert f"found through {', '.join(names)}, deleted" in run.result["proof"]


def test_items_expire_if_declared_and_expiry_is_else_left_alone(client: Any, ministack: Endpoint, table: str) -> None:
    def time_to_live() -> Any:
        return client("dynamodb", ministack).describe_time_to_live(TableName=table)["TimeToLiveDescription"]

    declared(ministack, table)
    assert time_to_live() == {"TimeToLiveStatus": "DISABLED"}
    declared(ministack, table, mana_memory_time_to_live=True)
    assert time_to_live() == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    assert declared(ministack, table, mana_memory_time_to_live=False).changed == 0
    assert time_to_live() == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}


def test_items_expire_by_the_attribute_that_is_named(client: Any, ministack: Endpoint, table: str) -> None:
    def time_to_live() -> Any:
        return client("dynamodb", ministack).describe_time_to_live(TableName=table)["TimeToLiveDescription"]

    named = {"mana_memory_time_to_live": "expiresAt"}
    declared(ministack, table)
    variables = {"mana_memory_table_name": table, "mana_memory_verify": False, **named}
    checked = play("playbooks/site.yml", ministack.environment, "--check", **variables)
    assert time_to_live() == {"TimeToLiveStatus": "DISABLED"}
    done = declared(ministack, table, mana_memory_verify=True, **named)
    assert checked.result["table"] == done.result["table"]
    assert f"expire items of {table} by expiresAt" in done.result["table"]
    assert done.result["proof"].startswith("an item was written")
    assert time_to_live() == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expiresAt"}
    assert declared(ministack, table, **named).changed == 0
    audit = play("mana.memory.audit", ministack.environment, mana_memory_table_name=table, **named)
    assert (audit.status, audit.result["verdict"]) == (0, "Everything is as declared"), audit.output
    assert "time to live" in audit.result["compared"]


def test_another_attribute_of_expiry_is_refused_in_the_words_of_the_role(ministack: Endpoint, table: str) -> None:
    declared(ministack, table, mana_memory_time_to_live=True)
    variables = {"mana_memory_table_name": table, "mana_memory_time_to_live": "expiresAt"}
    run = play("playbooks/site.yml", ministack.environment, **variables)
    assert run.status != 0
    sentence = (
        f"mana_memory_time_to_live: items of {table} expire by ttl, and DynamoDB cannot change that in one run; first "
        "run mana.memory.dynamodb_table with time_to_live.enabled: false, and an hour later with expiresAt"
    )
    assert sentence in run.output


def test_recovery_is_as_declared_and_else_left_alone(client: Any, ministack: Endpoint, table: str) -> None:
    def recovery() -> Any:
        answer = client("dynamodb", ministack).describe_continuous_backups(TableName=table)
        return answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]

    declared(ministack, table, mana_memory_point_in_time_recovery=True)
    assert recovery() == "ENABLED"
    assert declared(ministack, table).changed == 0
    assert recovery() == "ENABLED"
    declared(ministack, table, mana_memory_point_in_time_recovery=False)
    assert recovery() == "DISABLED"


def test_protection_is_as_declared_and_else_left_alone(client: Any, ministack: Endpoint, table: str) -> None:
    def protected() -> Any:
        return described(client, ministack, table)["DeletionProtectionEnabled"]

    declared(ministack, table, mana_memory_deletion_protection_enabled=True)
    assert protected()
    assert declared(ministack, table).changed == 0
    assert protected()
    declared(ministack, table, mana_memory_deletion_protection_enabled=False)
    assert not protected()


def test_the_function_gets_the_table_and_keeps_its_other_variables(
    client: Any, ministack: Endpoint, table: str, function: Any
) -> None:
    def environment() -> Any:
        return client("lambda", ministack).get_function_configuration(FunctionName=function)["Environment"]["Variables"]

    variables = {"mana_memory_lambda_function_name": function}
    assert declared(ministack, table, **variables).result["environment"] == "left alone"
    assert environment() == OTHERS
    run = declared(ministack, table, mana_memory_set_environment=True, **variables)
    assert run.result["environment"] == [
        f"set the environment variable MANA_MEMORY_TABLE of the Lambda function {function}"
    ]
    assert environment() == {**OTHERS, "MANA_MEMORY_TABLE": table}
    declared(ministack, table, mana_memory_set_environment=True, mana_memory_state="absent", **variables)
    assert environment() == OTHERS


def with_defaults(endpoint: Any) -> Any:
    """The variables of an endpoint without credentials, and the defaults of the modules with them."""
    keys = {"AWS_ACCESS_KEY_ID": "access_key", "AWS_SECRET_ACCESS_KEY": "secret_key"}
    environment = {name: value for name, value in endpoint.environment.items() if name not in keys}
    return environment, {option: endpoint.environment[name] for name, option in keys.items()}


@pytest.mark.parametrize("as_role", [False, True], ids=["as whoever runs it", "as the role"])
def test_the_defaults_of_a_play_reach_the_role(
    client: Any, strict: Endpoint, table: str, trusting_role: Any, tmp_path: Path, as_role: Any
) -> None:
    environment, defaults = with_defaults(strict)
    playbook = tmp_path / "site.yml"
    play_of_the_user = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/mana.memory.aws": defaults},
        "tasks": [{"ansible.builtin.import_role": {"name": "mana.memory.mana_memory"}}],
    }
    playbook.write_text(json.dumps([play_of_the_user]))
    run = play(
        str(playbook),
        environment,
        mana_memory_table_name=table,
        mana_memory_lambda_role_name=trusting_role,
        mana_memory_verify_as_role=as_role,
    )
    assert (run.status, run.changed) == (0, 2), run.output
    assert ("with the rights of the Lambda's role" in run.result["proof"]) == as_role
    assert items_of(client, strict, table) == []


@pytest.fixture
def strict_function(client: Any, strict: Endpoint, table: str, strict_role: Any) -> Any:
    return made_function(client, strict, table, strict_role)


UNREADABLE = {
    "a policy": ("role", {}, {"iam:GetRole"}, "iam:GetRolePolicy"),
    "a function": ("function", {}, {"iam:*"}, "lambda:GetFunctionConfiguration"),
    "the role's credentials": ("role", {"mana_memory_verify_as_role": True}, {"iam:*"}, "sts:AssumeRole"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_may_not_be_read_ends_site_before_it_makes_a_table(
    client: Any, strict: Endpoint, table: str, strict_role: Any, strict_function: Any, user_with: Any, what: Any
) -> None:
    of, others, actions, missing = UNREADABLE[what]
    named = {
        "role": {"mana_memory_lambda_role_name": strict_role},
        "function": {"mana_memory_lambda_function_name": table},
    }
    variables = {"mana_memory_table_name": table, **named[of], **others}
    sentence = refused(play("mana.memory.site", user_with("dynamodb:*", *actions), **variables))
    assert f"the missing permission is {missing} on " in sentence
    assert table not in tables(client, strict)


@pytest.mark.parametrize("action", ["iam:GetRolePolicy", "lambda:GetFunctionConfiguration"])
def test_what_may_not_be_read_ends_destroy_before_it_deletes_the_table(
    client: Any, strict: Endpoint, table: str, strict_role: Any, strict_function: Any, user_with: Any, action: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_function_name": strict_function}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    everything = {"dynamodb:*", "iam:GetRolePolicy", "iam:DeleteRolePolicy", "lambda:GetFunctionConfiguration"}
    run = play("mana.memory.destroy", user_with(*everything - {action}), mana_memory_destroy=table, **variables)
    assert f"the missing permission is {action} on " in refused(run)
    assert table in tables(client, strict)
    assert policy_of(client, strict, strict_role)

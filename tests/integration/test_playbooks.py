# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbooks as users run them: site, verify, audit and destroy, and what they say to bad input."""

from __future__ import annotations

import io
import json
import re
import socket
import threading
import time
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.integration.playbook import FRONT_END, play, started
from tests.proxy import Answer, Silence, proxied
from tools.endpoint import Endpoint
from tools.lambda_role import TRUST

FRONT_ENDS = {"in process": True, "as a module": False}

# All that an audit asks for, of the table and the role alone.
AUDIT_PERMISSIONS = ["dynamodb:DescribeTable", "dynamodb:ListTagsOfResource", "iam:GetRolePolicy"]
# All that `site` and `verify` ask for beside it, once table and policy are there.
PROOF_PERMISSIONS = ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:DeleteItem"]

INDEX = {"name": "gsi1", "type": "global_all", "hash_key_name": "gsi1pk", "range_key_name": "gsi1sk"}
OTHERS = {"STAGE": "production"}
CREATED = "with hash key pk (S), range key sk (S), on demand, global index gsi1 "
TRACES = ("Traceback", 'File "', "Exception ignored")


@pytest.fixture(params=FRONT_ENDS)
def front_end(request: pytest.FixtureRequest) -> Any:
    return {"mana_memory_in_process": FRONT_ENDS[request.param]}


@pytest.fixture
def table() -> Any:
    """The name of a table that no other test knows."""
    return f"memory-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def role(client: Any, ministack: Endpoint) -> Any:
    return made_role(client("iam", ministack))


@pytest.fixture
def strict_role(client: Any, strict: Endpoint) -> Any:
    return made_role(client("iam", strict))


@pytest.fixture
def trusting_role(client: Any, strict: Endpoint) -> Any:
    """A role whose trust policy names those who run the playbooks, too."""
    root = client("sts", strict).get_caller_identity()["Arn"]
    trusted = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}
    return made_role(client("iam", strict), {**TRUST, "Statement": [*TRUST["Statement"], trusted]})


def made_role(iam: Any, trust: Any = TRUST) -> Any:
    name = f"lambda-{uuid.uuid4().hex[:12]}"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    return name


@pytest.fixture
def function(client: Any, ministack: Endpoint, table: str, role: str) -> Any:
    return made_function(client, ministack, table, role)


def made_function(client: Any, endpoint: Any, name: Any, role: Any) -> Any:
    """A function with this role and a variable of its own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as code:
        code.writestr("main.py", "def handler(event, context):\n    return None\n")
    client("lambda", endpoint).create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="main.handler",
        Role=client("iam", endpoint).get_role(RoleName=role)["Role"]["Arn"],
        Code={"ZipFile": packed.getvalue()},
        Environment={"Variables": OTHERS},
    )
    return name


@pytest.fixture
def user_with(client: Any, strict: Endpoint) -> Any:
    """The environment of a user who may do these actions alone."""
    iam = client("iam", strict)

    def make_user(*actions: Any) -> Any:
        name = f"user-{uuid.uuid4().hex[:12]}"
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        iam.create_user(UserName=name)
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_user_policy(UserName=name, PolicyName="allowed", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        return {**strict.environment, **keys}

    return make_user


def tables(client: Any, endpoint: Any) -> Any:
    return client("dynamodb", endpoint).list_tables()["TableNames"]


def described(client: Any, endpoint: Any, table: Any) -> Any:
    return client("dynamodb", endpoint).describe_table(TableName=table)["Table"]


def policy_of(client: Any, endpoint: Any, role: Any) -> Any:
    return client("iam", endpoint).get_role_policy(RoleName=role, PolicyName="mana-memory")["PolicyDocument"]


def items_of(client: Any, endpoint: Any, table: Any) -> Any:
    return client("dynamodb", endpoint).scan(TableName=table, ConsistentRead=True)["Items"]


def refused(run: Any) -> Any:
    """The one sentence of a run that was refused."""
    assert run.status == 2, run.output
    assert not any(trace in run.output for trace in TRACES), run.output
    (sentence,) = run.errors
    assert len(sentence) < 600
    return sentence


def test_plays_go_the_way_that_the_environment_names(ministack: Endpoint, table: str) -> None:
    run = play("mana.memory.audit", ministack.environment, "-vvv", mana_memory_table_name=table)
    ways = re.findall(r"mana\.memory\.\w+: (in the controller process|as a module)", run.output)
    assert set(ways) == {"in the controller process" if FRONT_END["mana_memory_in_process"] else "as a module"}


# site


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


# Each variable, as the endpoint tells of its effect


def declared(endpoint: Any, table: Any, **variables: Any) -> Any:
    """What `site` makes of these variables, which a second run finds as declared; proved where a case asks for it."""
    given = {"mana_memory_table_name": table, "mana_memory_verify": False, **variables}
    first, again = (play("mana.memory.site", endpoint.environment, **given) for _run in range(2))
    assert (first.status, again.status) == (0, 0), first.output + again.output
    assert again.changed == 0, again.output
    return first


SIX = [f"dynamodb:{name}" for name in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan")]
CLIENTS = {
    "specification": [(SIX, ["", "/index/*"])],
    "seed": [(SIX, ["", "/index/*"])],
    "memory": [(SIX[:-1], [""]), (["dynamodb:Query"], ["/index/*"])],
    "everything": [([*SIX, "dynamodb:BatchWriteItem"], [""]), (["dynamodb:Query"], ["/index/*"])],
}


def allowed(client: Any, endpoint: Any, table: Any, role: Any) -> Any:
    """What each statement of the policy allows, and on what of the table."""
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


def test_the_client_is_allowed_what_was_said_in_other_words(
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


def test_items_expire_where_that_is_declared_and_else_it_is_left_alone(
    client: Any, ministack: Endpoint, table: str
) -> None:
    def time_to_live() -> Any:
        return client("dynamodb", ministack).describe_time_to_live(TableName=table)["TimeToLiveDescription"]

    declared(ministack, table)
    assert time_to_live() == {"TimeToLiveStatus": "DISABLED"}
    declared(ministack, table, mana_memory_time_to_live=True)
    assert time_to_live() == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    assert declared(ministack, table, mana_memory_time_to_live=False).changed == 0
    assert time_to_live() == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}


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


def test_the_function_is_told_the_table_and_its_other_variables_stay(
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


# What IAM says of the role


def verdicts(run: Any) -> Any:
    """The decision on each action and resource, as the role shows them."""
    (shown,) = (message for message in run.messages if isinstance(message, list) and "  dynamodb:" in message[0])
    return [tuple(line.split("  ")) for line in shown]


def test_the_simulators_verdicts_are_shown(client: Any, ministack: Endpoint, table: str, role: str) -> None:
    variables = {"mana_memory_client": "memory", "mana_memory_verify": True}
    run = declared(ministack, table, mana_memory_lambda_role_name=role, **variables)
    arn = described(client, ministack, table)["TableArn"]
    assert verdicts(run) == [
        *(("allowed", action, arn) for action in [*SIX[:-1], "dynamodb:DescribeTable"]),
        *(("implicitDeny", action, arn) for action in ("dynamodb:DeleteTable", "dynamodb:UpdateTable")),
        ("implicitDeny", "dynamodb:GetItem", f"{arn}-of-somebody-else"),
        ("allowed", "dynamodb:Query", f"{arn}/index/gsi1"),
    ]


def test_a_permission_that_is_not_expected_is_marked(client: Any, ministack: Endpoint, table: str, role: str) -> None:
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    client("iam", ministack).put_role_policy(
        RoleName=role, PolicyName="everything", PolicyDocument=json.dumps(everything)
    )
    run = play(
        "mana.memory.site", ministack.environment, mana_memory_table_name=table, mana_memory_lambda_role_name=role
    )
    arn = described(client, ministack, table)["TableArn"]
    marked = [line for (line,) in (verdict for verdict in verdicts(run) if len(verdict) == 1)]
    assert marked == [
        f"unexpected: dynamodb:DeleteTable on {arn} is allowed, and should be denied",
        f"unexpected: dynamodb:UpdateTable on {arn} is allowed, and should be denied",
        f"unexpected: dynamodb:GetItem on {arn}-of-somebody-else is allowed, and should be denied",
    ], run.output


def test_the_simulator_is_not_asked_where_that_is_declared(ministack: Endpoint, table: str, role: str) -> None:
    variables = {"mana_memory_simulate": False, "mana_memory_verify": True}
    run = declared(ministack, table, mana_memory_lambda_role_name=role, **variables)
    assert "What the role may do" not in run.output.replace("skipping", "")
    assert not any("  dynamodb:" in line for line in run.output.splitlines())


def test_who_may_not_simulate_is_told_so_and_the_proof_goes_on(
    strict: Endpoint, table: str, strict_role: Any, user_with: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": strict_role}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    user = user_with("dynamodb:DescribeTable", "iam:GetRolePolicy", "iam:GetRole", *PROOF_PERMISSIONS)
    run = play("mana.memory.site", user, **variables)
    assert (run.status, run.changed) == (0, 0), run.output
    (reason,) = (message for message in run.messages if "SimulatePrincipalPolicy" in message)
    assert "; the missing permission is iam:SimulatePrincipalPolicy on arn:aws:iam::" in reason
    assert run.result["proof"].endswith("deleted, and seen to be gone")


# The connection of the play


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


# The proof with the rights of the role


def test_the_proof_is_made_with_the_rights_of_the_role(
    client: Any, strict: Endpoint, table: str, trusting_role: Any, user_with: Any
) -> None:
    variables = {"mana_memory_lambda_role_name": trusting_role}
    declared(strict, table, **variables)
    # Whoever runs it may read no item and write none.
    user = user_with("dynamodb:DescribeTable", "iam:GetRolePolicy", "iam:GetRole", "sts:AssumeRole")
    as_user, as_role = (
        play("mana.memory.site", user, mana_memory_table_name=table, mana_memory_verify_as_role=as_role, **variables)
        for as_role in (False, True)
    )
    assert as_user.status == 2
    assert f"the missing permission is dynamodb:GetItem on table/{table}" in as_user.output
    assert (as_role.status, as_role.changed) == (0, 0), as_role.output
    assert as_role.result["proof"].startswith("with the rights of the Lambda's role, an item was written, read back, ")
    assert items_of(client, strict, table) == []


def test_a_role_that_does_not_trust_whoever_runs_the_proof_is_told(
    client: Any, strict: Endpoint, table: str, strict_role: Any, user_with: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": strict_role}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    user = user_with("dynamodb:*", "iam:*", "sts:AssumeRole")
    run = play("mana.memory.verify", user, mana_memory_verify_as_role=True, **variables)
    assert refused(run).endswith("; the role's trust policy has to allow it to the caller too")
    assert items_of(client, strict, table) == []


@pytest.mark.parametrize("denied", PROOF_PERMISSIONS)
def test_the_proof_fails_where_the_role_lacks_a_permission_and_leaves_no_trace(
    client: Any, strict: Endpoint, table: str, trusting_role: Any, denied: Any
) -> None:
    variables = {
        "mana_memory_table_name": table,
        "mana_memory_lambda_role_name": trusting_role,
        "mana_memory_client_actions": sorted({*PROOF_PERMISSIONS} - {denied}),
    }
    # Whoever runs it lacks nothing.
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    run = play("mana.memory.site", strict.environment, mana_memory_verify_as_role=True, **variables)
    assert run.status == 2, run.output
    assert f"the missing permission is {denied} on table/{table}" in run.output
    assert not any(trace in run.output for trace in TRACES), run.output
    assert items_of(client, strict, table) == []


# What a read shows to be impossible is told before anything is written


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


# verify


def test_verify_leaves_no_trace_and_touches_nobodys_item(client: Any, ministack: Endpoint, table: str) -> None:
    variables = {"mana_memory_table_name": table}
    assert play("mana.memory.site", ministack.environment, **variables).status == 0
    proofs, old = {"pk": {"S": "mana-memory-verification"}}, {"ttl": {"N": "1"}}
    somebodys = [
        {**proofs, **old, "sk": {"S": "mana-memory-verification"}},
        {**proofs, "sk": {"S": "mana-memory-verification#1"}},
        {**proofs, "sk": {"S": "mana-memory-verification#2"}, "ttl": {"S": "1"}},
        {**old, "pk": {"S": "mana-memory-verification#3"}, "sk": {"S": "mana-memory-verification#3"}},
        {"pk": {"S": "test"}, "sk": {"S": "test"}, "gsi1pk": {"S": "test"}, "gsi1sk": {"S": "test"}},
    ]
    for item in somebodys:
        client("dynamodb", ministack).put_item(TableName=table, Item=item)
    run = play("mana.memory.verify", ministack.environment, **variables)
    assert (run.status, run.changed) == (0, 0), run.output
    assert sorted(items_of(client, ministack, table), key=str) == sorted(somebodys, key=str)


def left_by_a_killed_proof(client: Any, endpoint: Any, table: Any) -> Any:
    """The item of a proof that was killed before it deleted its item."""
    reached = threading.Event()

    def hold(request: Any, hand_on: Any) -> Any:
        """Hand on everything but DeleteItem, which is never answered."""
        if request.operation != "DeleteItem":
            return hand_on()
        reached.set()
        raise Silence

    with proxied(endpoint, hold) as proxy:
        environment = {**endpoint.environment, "AWS_ENDPOINT_URL": proxy.url}
        with started("mana.memory.verify", environment, mana_memory_table_name=table) as run:
            assert reached.wait(60)
            run.kill()
    (item,) = items_of(client, endpoint, table)
    return item


def as_of(item: Any, hours: Any) -> Any:
    """The item as a proof would have written it so many hours ago."""
    return {**item, "ttl": {"N": str(int(item["ttl"]["N"]) - hours * 3600)}}


def test_what_a_killed_proof_left_is_deleted_by_a_later_one(client: Any, ministack: Endpoint, table: str) -> None:
    variables = {"mana_memory_table_name": table}
    assert play("mana.memory.site", ministack.environment, mana_memory_verify=False, **variables).status == 0
    left = left_by_a_killed_proof(client, ministack, table)
    assert 23 * 3600 < int(left["ttl"]["N"]) - time.time() < 25 * 3600
    # For all that another proof knows, this one is still running.
    run = play("mana.memory.site", ministack.environment, **variables)
    assert (run.status, items_of(client, ministack, table)) == (0, [left]), run.output
    assert run.result["proof"].endswith("deleted, and seen to be gone")
    client("dynamodb", ministack).put_item(TableName=table, Item=as_of(left, hours=1))
    run = play("mana.memory.site", ministack.environment, **variables)
    assert (run.status, run.changed, items_of(client, ministack, table)) == (0, 0, []), run.output
    assert run.result["proof"].endswith("seen to be gone; what earlier proofs left was deleted too (1)")


LEFT = {
    "pk": {"S": "mana-memory-verification"},
    "sk": {"S": "mana-memory-verification#left"},
    "ttl": {"N": "1"},
}


@pytest.mark.parametrize(
    ("rights", "is_left"),
    [
        pytest.param({"mana_memory_client": "memory"}, False, id="a role that may query deletes it"),
        pytest.param(
            {
                "mana_memory_client_actions": sorted({*PROOF_PERMISSIONS} - {"dynamodb:Query"}),
                "mana_memory_indexes": [],
            },
            True,
            id="a role that may not leaves it",
        ),
    ],
)
def test_what_earlier_proofs_left_is_deleted_where_it_may_be_found(
    client: Any, strict: Endpoint, table: str, trusting_role: Any, rights: Any, is_left: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": trusting_role, **rights}
    assert play("mana.memory.site", strict.environment, mana_memory_verify=False, **variables).status == 0
    client("dynamodb", strict).put_item(TableName=table, Item=LEFT)
    run = play("mana.memory.site", strict.environment, mana_memory_verify_as_role=True, **variables)
    assert (run.status, run.changed) == (0, 0), run.output
    assert run.result["proof"].startswith("with the rights of the Lambda's role, an item was written")
    assert items_of(client, strict, table) == ([LEFT] if is_left else [])


ROLE = "mana.memory.mana_memory"
ENTERED = {"ansible.builtin.include_role": {"name": ROLE}}
IMPORTED = {"ansible.builtin.import_role": {"name": ROLE}}
UNPROVED = {"mana_memory_verify": False}
# Plays that make the memory and prove it, and enter the role once more without a proof.
TWICE: dict[str, dict[str, Any]] = {
    "in a loop": {
        "tasks": [{**ENTERED, "loop": [True, False], "vars": {"mana_memory_verify": "{{ item }}"}}],
    },
    "as tasks": {"tasks": [ENTERED, {**ENTERED, "vars": UNPROVED}]},
    "as imported tasks": {"tasks": [IMPORTED, {**IMPORTED, "vars": UNPROVED}]},
    "as roles of the play": {"roles": [{"role": ROLE}, {"role": ROLE, **UNPROVED}]},
    "in a block in check mode": {"tasks": [ENTERED, {"block": [ENTERED], "check_mode": True}]},
    "imported in check mode": {"tasks": [IMPORTED, {"block": [IMPORTED], "check_mode": True}]},
    "to be absent": {"tasks": [ENTERED, {**ENTERED, "vars": {"mana_memory_state": "absent"}}]},
}


@pytest.mark.parametrize("how", TWICE)
def test_a_proof_is_claimed_by_the_call_that_made_it_alone(
    ministack: Endpoint, table: str, tmp_path: Path, how: str
) -> None:
    playbook = tmp_path / "twice.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, **TWICE[how]}]))
    run = play(str(playbook), ministack.environment, mana_memory_table_name=table)
    proofs = [message["proof"] for message in run.messages if isinstance(message, dict) and "proof" in message]
    assert len(proofs) == 2, run.output
    assert proofs[0].startswith("an item was written, read back, found through gsi1, deleted"), run.output
    assert proofs[1] == "none, since nothing was written", run.output


def forging(after: Any, operation: Any, count: Any, forged: Any) -> Any:
    """Answer an operation with a forged document, from the one with this number on after the last write."""
    seen: list[Any] = []

    def decide(request: Any, hand_on: Any) -> Any:
        seen[:] = [request.operation] if request.writes else [*seen, request.operation]
        if request.operation != operation or seen[0] != after or seen.count(operation) < count:
            return hand_on()
        consumed = {"TableName": json.loads(request.body)["TableName"], "CapacityUnits": 1.0}
        content = json.dumps({**forged, "ConsumedCapacity": consumed}).encode()
        return Answer(200, (("Content-Type", "application/x-amz-json-1.0"),), content)

    return decide


SOMEBODYS = {"pk": {"S": "mana-memory-verification"}, "sk": {"S": "somebody-s"}}
# What the endpoint answers in the course of a proof, and what the task that fails tells of it.
UNPROVEN = {
    "an item that is not there once it was written": (
        forging("PutItem", "GetItem", 2, {}),
        r"mana-memory-verification#\w{32}.* was written.*\[\].* read back",
    ),
    "another item than was written": (
        forging("PutItem", "GetItem", 2, {"Item": SOMEBODYS}),
        r"mana-memory-verification#\w{32}.* was written.*somebody-s.* read back",
    ),
    "an index that does not show it": (
        forging("PutItem", "Query", 1, {"Items": [SOMEBODYS], "Count": 1, "ScannedCount": 1}),
        r"mana-memory-verification#\w{32}.* was written.*gsi1.*somebody-s",
    ),
    "an item that stays": (
        forging("DeleteItem", "GetItem", 2, {"Item": SOMEBODYS}),
        r"mana-memory-verification#\w{32}.* was deleted.*somebody-s",
    ),
}


@pytest.mark.parametrize("what", UNPROVEN)
def test_a_proof_that_fails_tells_what_it_compared(ministack: Endpoint, table: str, what: Any) -> None:
    decide, sentence = UNPROVEN[what]
    assert play("mana.memory.site", ministack.environment, mana_memory_table_name=table).status == 0
    with proxied(ministack, decide) as proxy:
        environment = {**ministack.environment, "AWS_ENDPOINT_URL": proxy.url}
        run = play("mana.memory.verify", environment, mana_memory_table_name=table)
    assert run.status == 2, run.output
    assert "Unknown error" not in run.output, run.output
    assert any(re.search(sentence, told) for told in run.errors), run.output


def test_verify_of_what_is_to_be_absent_proves_nothing(ministack: Endpoint, table: str) -> None:
    run = play("mana.memory.verify", ministack.environment, mana_memory_table_name=table, mana_memory_state="absent")
    assert (run.status, run.changed) == (0, 0), run.output


def test_verify_in_check_mode_only_reads(strict: Endpoint, table: str, user_with: Any) -> None:
    variables = {"mana_memory_table_name": table}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    run = play("mana.memory.verify", user_with("dynamodb:DescribeTable"), "--check", **variables)
    assert (run.status, run.changed) == (0, 0), run.output


def test_verify_fails_where_the_table_is_not_as_declared(ministack: Endpoint, table: str) -> None:
    run = play("mana.memory.verify", ministack.environment, mana_memory_table_name=table)
    title = f"table {table} in us-east-1 at {ministack.url}"
    assert refused(run).startswith(f"{title} is not as declared: it would take to create table {table} {CREATED}")
    assert run.changed == 0


@pytest.mark.parametrize("denied", ["dynamodb:GetItem", "dynamodb:Query"])
def test_a_proof_that_fails_on_the_way_leaves_no_trace(
    client: Any, strict: Endpoint, table: str, user_with: Any, denied: Any
) -> None:
    variables = {"mana_memory_table_name": table}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    # The step before the write reads as well, so without GetItem nothing is written; without Query something was.
    allowed = {"dynamodb:DescribeTable", *PROOF_PERMISSIONS} - {denied}
    run = play("mana.memory.verify", user_with(*allowed), **variables)
    assert run.status == 2, run.output
    assert f"the missing permission is {denied} on table/{table}" in run.output
    assert items_of(client, strict, table) == []


def test_the_proof_needs_these_permissions_and_no_more(
    client: Any, strict: Endpoint, table: str, strict_role: Any, user_with: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": strict_role}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    user = user_with("dynamodb:DescribeTable", "iam:GetRolePolicy", *PROOF_PERMISSIONS)
    for playbook in ("mana.memory.verify", "mana.memory.site"):
        run = play(playbook, user, **variables)
        assert (run.status, run.changed) == (0, 0), run.output
    assert items_of(client, strict, table) == []


# audit


@pytest.fixture
def drifted(client: Any, strict: Endpoint, table: str, strict_role: Any) -> Any:
    """A memory on which table, tags and policy differ from what the variables declare."""
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": strict_role}
    assert play("mana.memory.site", strict.environment, mana_memory_tags={"stage": "test"}, **variables).status == 0
    other = {"name": "by_day", "type": "global_all", "hash_key_name": "day", "hash_key_type": "NUMBER"}
    return {
        **variables,
        "mana_memory_tags": {"stage": "production"},
        "mana_memory_indexes": [INDEX, other],
        "mana_memory_describe_table": False,
    }


def test_an_audit_with_read_only_credentials_lists_every_difference(
    client: Any, strict: Endpoint, table: str, drifted: Any, user_with: Any
) -> None:
    before = described(client, strict, table), policy_of(client, strict, drifted["mana_memory_lambda_role_name"])
    auditor = user_with(*AUDIT_PERMISSIONS)
    failing, reporting = (
        play("mana.memory.audit", auditor, mana_memory_audit_report_only=report_only, **drifted)
        for report_only in (False, True)
    )
    assert (failing.status, failing.changed) == (2, 0), failing.output
    assert (reporting.status, reporting.changed) == (0, 0), reporting.output
    told = reporting.result
    listed = told["it would take to"]
    assert (told["verdict"], told["not read"]) == ("3 differences", [])
    assert listed[:2] == [
        f"tag {table} with stage=production",
        f"create global index by_day [hash key day (N), projection ALL] on {table}",
    ]
    assert listed[2].startswith("put the policy mana-memory on role ")
    assert "removes the statement Allow dynamodb:DescribeTable" in listed[2]
    assert len(listed) == 3
    assert told in failing.messages
    title = f"table {table} in us-east-1 of account 000000000000 at {strict.url}"
    assert told["where"] == title
    assert refused(failing) == f"{title} is not as declared: it would take to {'; to '.join(listed)}"
    after = described(client, strict, table), policy_of(client, strict, drifted["mana_memory_lambda_role_name"])
    assert before == after


def test_an_audit_of_what_is_as_declared_succeeds(
    strict: Endpoint, table: str, strict_role: Any, user_with: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": strict_role}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    run = play("mana.memory.audit", user_with(*AUDIT_PERMISSIONS), **variables)
    assert (run.status, run.changed) == (0, 0), run.output
    assert run.result["verdict"] == "Everything is as declared"
    assert run.result["compared"] == ["keys", "billing mode", "index gsi1", "the policy mana-memory"]
    unread = ["tags", "time to live", "point-in-time recovery", "protection against deletion"]
    others = ["what the role has no variable for", "other policies of the role"]
    assert run.result["not compared"] == [*unread, *others]


def test_an_audit_says_what_nobody_declared(client: Any, ministack: Endpoint, table: str) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_tags": {"team": "a"}, "mana_memory_time_to_live": True}
    rogue = {"name": "rogue", "type": "global_all", "hash_key_name": "day"}
    indexes = {"mana_memory_indexes": [INDEX, rogue]}
    assert play("mana.memory.site", ministack.environment, **variables, **indexes).status == 0
    run = play("mana.memory.audit", ministack.environment, **variables)
    assert (run.status, run.result["verdict"]) == (0, "Everything is as declared"), run.output
    assert run.result["compared"] == ["keys", "billing mode", "index gsi1", "tags", "time to live"]
    assert "index rogue, which is not declared" in run.result["not compared"]
    assert "the policy, since no role is named" in run.result["not compared"]


def test_a_refusal_names_the_roles_variable_which_then_mends_it(ministack: Endpoint, table: str) -> None:
    variables = {"mana_memory_table_name": table}
    assert play("mana.memory.site", ministack.environment, **variables).status == 0
    other = {"mana_memory_indexes": [{**INDEX, "type": "global_keys_only"}]}
    run = play("mana.memory.site", ministack.environment, **variables, **other)
    sentence = refused(run)
    assert sentence.startswith("mana_memory_indexes[gsi1].type: the index has projection ALL"), run.output
    assert "mana_memory_recreate_indexes: true" in sentence
    audit = play("mana.memory.audit", ministack.environment, **variables, **other)
    assert (audit.changed, audit.result["not possible"]) == (0, [sentence])
    assert sentence in refused(audit)
    through_make = {**ministack.environment, "MANA_MEMORY_COMMAND": "make audit"}
    audit = play("mana.memory.audit", through_make, **variables, **other)
    assert refused(audit).endswith("created again with make apply ARGS='-e mana_memory_recreate_indexes=true'")
    again = play("mana.memory.site", ministack.environment, mana_memory_recreate_indexes=True, **variables, **other)
    assert again.status == 0, again.output


@pytest.mark.parametrize("missing", AUDIT_PERMISSIONS)
def test_an_audit_names_the_permission_that_it_lacks(drifted: Any, user_with: Any, missing: Any) -> None:
    run = play("mana.memory.audit", user_with(*set(AUDIT_PERMISSIONS) - {missing}), **drifted)
    assert run.status == 2, run.output
    assert f"the missing permission is {missing} on " in run.output
    # The part that could be read is compared all the same.
    readable = "tag " if missing == "iam:GetRolePolicy" else "put the policy mana-memory"
    assert readable in run.output
    assert not any(trace in run.output for trace in TRACES), run.output


def test_an_audit_finds_that_nothing_is_there(client: Any, ministack: Endpoint, table: str) -> None:
    run = play("mana.memory.audit", ministack.environment, mana_memory_table_name=table)
    assert run.status == 2, run.output
    assert f"create table {table} {CREATED}" in run.output
    assert table not in tables(client, ministack)


# destroy


def test_destroy_wants_the_tables_name_said_once_more(client: Any, ministack: Endpoint, table: str, role: str) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": role}
    assert play("mana.memory.site", ministack.environment, **variables).status == 0
    for word in ("", "true", "yes", "another-table"):
        run = play("mana.memory.destroy", ministack.environment, mana_memory_destroy=word, **variables)
        place = f"us-east-1 of account 000000000000 at {ministack.url}"
        assert refused(run) == (
            f"Nothing was deleted. To delete table {table}, in which DescribeTable counts no items, in {place}, "
            f"and the policy mana-memory, run again with -e mana_memory_destroy={table}"
        )
    assert table in tables(client, ministack)
    assert policy_of(client, ministack, role)

    runs = [
        play("mana.memory.destroy", ministack.environment, *how, mana_memory_destroy=table, **variables)
        for how in (["--check"], [], [])
    ]
    assert [(run.status, run.changed) for run in runs] == [(0, 2), (0, 2), (0, 0)], [run.output for run in runs]
    assert runs[0].result == runs[1].result
    assert table not in tables(client, ministack)
    assert client("iam", ministack).list_role_policies(RoleName=role)["PolicyNames"] == []


def test_destroy_counts_the_items_and_is_confirmed_through_make(client: Any, ministack: Endpoint, table: str) -> None:
    assert play("mana.memory.site", ministack.environment, mana_memory_table_name=table).status == 0
    client("dynamodb", ministack).put_item(TableName=table, Item=LEFT)
    through_make = {**ministack.environment, "MANA_MEMORY_COMMAND": "make destroy"}
    run = play("mana.memory.destroy", through_make, mana_memory_table_name=table)
    assert refused(run) == (
        f"Nothing was deleted. To delete table {table} and the 1 items counted in it in us-east-1 of account "
        f"000000000000 at {ministack.url}, run make destroy ARGS='-e mana_memory_destroy={table}'"
    )
    run = play("mana.memory.destroy", through_make, mana_memory_table_name=table, mana_memory_destroy=table)
    assert run.result["where"] == f"us-east-1 of account 000000000000 at {ministack.url}"
    assert run.result["table"] == [f"delete table {table} and the 1 items counted in it"]
    assert "brought to what is declared" not in run.output


def test_destroy_deletes_whatever_the_state_says(client: Any, ministack: Endpoint, table: str) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_state": "present"}
    assert play("mana.memory.site", ministack.environment, **variables).status == 0
    run = play("mana.memory.destroy", ministack.environment, mana_memory_destroy=table, **variables)
    assert (run.status, table in tables(client, ministack)) == (0, False), run.output


def test_destroy_refuses_a_protected_table_and_keeps_its_policy(
    client: Any, ministack: Endpoint, table: str, role: str
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": role}
    assert play("mana.memory.site", ministack.environment, **variables).status == 0
    client("dynamodb", ministack).update_table(TableName=table, DeletionProtectionEnabled=True)
    unconfirmed = play("mana.memory.destroy", ministack.environment, **variables)
    assert refused(unconfirmed).startswith(f"Nothing was deleted. To delete table {table} in us-east-1")
    for how in (["--check"], []):
        run = play("mana.memory.destroy", ministack.environment, *how, mana_memory_destroy=table, **variables)
        assert refused(run) == (
            f"table {table} is protected against deletion; first run the role, or mana.memory.site, with "
            "mana_memory_deletion_protection_enabled: false"
        )
    assert table in tables(client, ministack)
    assert policy_of(client, ministack, role)


# Bad input: one sentence, in check mode as for real, from either front end. Wrong variables have a file of their own.

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


@pytest.fixture
def tasks(tmp_path: Path) -> Any:
    """A playbook that tries tasks, one after the other even where they fail, and tells their sentences."""

    def write(attempts: Any, **play: Any) -> Any:
        told = {"ansible.builtin.debug": {"msg": "{{ [ansible_failed_result.msg] }}"}}
        wrapped = [{"block": [attempt], "rescue": [told]} for attempt in attempts]
        playbook = tmp_path / "attempts.yml"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, **play, "tasks": wrapped}]))
        return str(playbook)

    return write


def told_in_order(run: Any, sentences: Any) -> None:
    """Every attempt was refused with its sentence, and no more was said."""
    assert run.status == 0, run.output
    assert not any(trace in run.output for trace in TRACES), run.output
    told = [message[0] for message in run.messages if isinstance(message, list)]
    missing = [(sentence, got) for sentence, got in zip(sentences, told) if sentence not in got or "\n" in got]
    assert (len(told), missing) == (len(sentences), []), run.output


@pytest.mark.parametrize("how", [["--check"], []], ids=["in check mode", "for real"])
def test_bad_options_are_told_in_one_sentence_each(tasks: Any, ministack: Endpoint, front_end: Any, how: str) -> None:
    attempts = [{f"mana.memory.{module}": options} for module, options, _sentence in TASKS.values()]
    run = play(tasks(attempts), ministack.environment, *how, **front_end)
    told_in_order(run, [sentence for _module, _options, sentence in TASKS.values()])


@pytest.mark.parametrize("playbook", ["site", "audit"])
def test_an_unknown_region_is_told_with_the_nearest_one(ministack: Endpoint, playbook: Any) -> None:
    environment = {name: value for name, value in ministack.environment.items() if name != "AWS_ENDPOINT_URL"}
    run = play(f"mana.memory.{playbook}", environment, mana_memory_region="eu-wets-1")
    assert run.status == 2
    assert "region: 'eu-wets-1' is not a region that botocore " in run.output
    assert "did you mean eu-west-1?" in run.output
    assert not any(trace in run.output for trace in TRACES), run.output


@pytest.mark.parametrize("how", [["--check"], []], ids=["in check mode", "for real"])
def test_missing_credentials_are_told_with_the_ways_to_give_them(ministack: Endpoint, front_end: Any, how: str) -> None:
    environment = {
        name: value
        for name, value in ministack.environment.items()
        if name not in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    }
    sentence = refused(play("mana.memory.site", environment, *how, **front_end))
    assert "no AWS credentials were found; give profile, or access_key and secret_key, or set AWS_PROFILE" in sentence


def test_a_wrong_secret_is_told(user_with: Any) -> None:
    environment = {**user_with("dynamodb:*"), "AWS_SECRET_ACCESS_KEY": "not-the-secret-of-anybody-on-this-machine"}
    sentence = refused(play("mana.memory.site", environment, mana_memory_table_name="memory-of-nobody"))
    assert sentence.endswith("check the credentials (profile, or access_key, secret_key and session_token)")


@pytest.mark.parametrize("how", [["--check"], []], ids=["in check mode", "for real"])
def test_a_denied_action_is_told_with_the_missing_permission(
    strict: Endpoint, table: str, user_with: Any, front_end: Any, how: str
) -> None:
    variables = {"mana_memory_table_name": table, **front_end}
    sentence = refused(play("mana.memory.site", user_with("dynamodb:ListTables"), *how, **variables))
    assert sentence.startswith(f"could not read table {table}: ")
    assert sentence.endswith(f"; the missing permission is dynamodb:DescribeTable on table {table}")


def test_a_denied_write_is_told_with_the_missing_permission(strict: Endpoint, table: str, user_with: Any) -> None:
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


def test_an_endpoint_that_does_not_answer_is_told_within_15_seconds(
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
    # A refused connection is told at once: what that run took is what Ansible takes to start on this machine.
    assert seconds[silent] - seconds[closed] < 15


def test_the_time_out_can_be_set(tasks: Any, ministack: Endpoint, silent: Any) -> None:
    options = {"name": "memory-of-nobody", "endpoint_url": silent, "aws_config": {"read_timeout": 1}}
    started = time.monotonic()
    run = play(tasks([{"mana.memory.dynamodb_table_info": options}]), ministack.environment)
    told_in_order(run, [f"could not read table memory-of-nobody: no answer from {silent}"])
    assert time.monotonic() - started < 8


# Secrets

PASSWORD = "the password of the vault"
SECRET = "Xq7-improbable-secret-that-nobody-says-{}"


@pytest.mark.parametrize("is_wrong", [False, True], ids=["that works", "that is wrong"])
def test_no_secret_is_shown(
    tasks: Any, tmp_path: Path, ministack: Endpoint, user_with: Any, front_end: Any, is_wrong: Any
) -> None:
    settings = user_with("dynamodb:*", "iam:*") if is_wrong else ministack.environment
    # At -vvvv Ansible itself shows the environment of a task that runs as a module: that way is not for secrets.
    ways = ("option", "vault", "process", *(["task"] if front_end["mana_memory_in_process"] else []))
    secrets = {f"{kind}_{way}": SECRET.format(f"{kind}-{way}") for kind in ("secret", "token") for way in ways}
    key = {"access_key": settings["AWS_ACCESS_KEY_ID"]}
    given: dict[str, Any] = {
        "option": {
            "options": {**key, "secret_key": secrets["secret_option"], "session_token": secrets["token_option"]}
        },
        "vault": {"options": {**key, "secret_key": "{{ secret_vault }}", "session_token": "{{ token_vault }}"}},
        "task": {"environment": variables(secrets.get("secret_task"), secrets.get("token_task"))},
        "process": {},
    }
    attempts = [
        {f"mana.memory.{module}": {**options, **way.get("options", {})}, "environment": way.get("environment", {})}
        for way in map(given.__getitem__, ways)
        for module, options in CALLS.items()
    ]
    (tmp_path / "password").write_text(PASSWORD)
    (tmp_path / "vars.yml").write_text(
        vaulted(secret_vault=secrets["secret_vault"], token_vault=secrets["token_vault"])
    )
    run = play(
        tasks(attempts, vars_files=["vars.yml"]),
        {**settings, **variables(secrets["secret_process"], secrets["token_process"])},
        "-vvvv",
        "--diff",
        f"--vault-password-file={tmp_path / 'password'}",
        **front_end,
    )
    assert run.status == 0, run.output
    assert f" rescued={len(attempts) if is_wrong else 0} " in run.output, run.output
    assert [name for name, secret in secrets.items() if secret in run.output] == []


CALLS: dict[str, dict[str, Any]] = {
    "dynamodb_table": {"name": "t-1", "hash_key_name": "pk"},
    "dynamodb_item": {"table_name": "t-1", "key": {"pk": "a"}, "item": {"b": 1}},
    "iam_role_policy": {"role_name": "r", "policy_name": "p", "state": "absent"},
}


def variables(secret: Any, token: Any) -> Any:
    return {"AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}


def vaulted(**variables: Any) -> Any:
    """A file of variables, each encrypted with the password of the vault."""
    password = VaultSecret(PASSWORD.encode())
    vault = VaultLib([("default", password)])
    lines = []
    for name, value in variables.items():
        text = vault.encrypt(value.encode(), password).decode()
        lines += [f"{name}: !vault |", *(f"  {line}" for line in text.splitlines())]
    return "\n".join(lines) + "\n"

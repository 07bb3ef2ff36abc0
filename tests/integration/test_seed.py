# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The seed's own ways to make the table and to try it, word for word from the specification, and `site` agree."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Any

import pytest

from tests.integration.playbook import ROOT, play
from tools.endpoint import CACHE, Endpoint, without_aws
from tools.lambda_role import TRUST

SPECIFICATION = (ROOT / "docs/specification.md").read_text()
TABLE, ROLE = "mana-memory", "mana-memory-seed"


def block(heading: Any, language: Any) -> Any:
    """The one block of code in a language below a heading of the specification."""
    (section,) = re.findall(
        rf"^#+ {heading}\n(.*?)(?=^#+ |\Z)", without_comments(SPECIFICATION), re.MULTILINE | re.DOTALL
    )
    (code,) = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return code


def without_comments(text: Any) -> Any:
    """A comment of the shell would pass for a heading."""
    return re.sub(r"^# (?!mana).*\n", "", text, flags=re.MULTILINE)


@pytest.fixture(scope="module", params=["localstack", "ministack"])
def endpoint(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture
def dynamodb(client: Any, endpoint: Endpoint) -> Any:
    """A client of an endpoint where nobody has a memory, before and after."""
    dynamodb = client("dynamodb", endpoint)
    if TABLE in dynamodb.list_tables()["TableNames"]:
        pytest.skip(f"{endpoint.url} has a table {TABLE} already, which may be somebody's memory")
    yield dynamodb
    if TABLE in dynamodb.list_tables()["TableNames"]:
        dynamodb.delete_table(TableName=TABLE)
        dynamodb.get_waiter("table_not_exists").wait(TableName=TABLE, WaiterConfig={"Delay": 1})


@pytest.fixture
def shell(endpoint: Endpoint) -> Any:
    """Run a block of shell commands of the specification, with the AWS CLI and nothing but the endpoint's settings."""

    def run(commands: Any) -> Any:
        search_path = f"{CACHE}/localstack/venv/bin{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            env={**without_aws(os.environ), **endpoint.environment, "PATH": search_path, "AWS_PAGER": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def role(client: Any, endpoint: Endpoint) -> Any:
    iam = client("iam", endpoint)
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))
    yield ROLE
    for policy in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
        iam.delete_role_policy(RoleName=ROLE, PolicyName=policy)
    iam.delete_role(RoleName=ROLE)


def is_recognised(endpoint: Any) -> None:
    check, real = (play("mana.memory.site", endpoint.environment, *arguments) for arguments in (["--check"], []))
    assert (check.status, check.changed, check.result["table"]) == (0, 0, "unchanged"), check.output
    assert (real.status, real.changed, real.result["table"]) == (0, 0, "unchanged"), real.output
    assert real.result["proof"].startswith("an item was written, read back, found through gsi1, deleted")


def test_a_table_made_with_the_seeds_command_is_recognised(dynamodb: Any, endpoint: Endpoint, shell: Any) -> None:
    shell(block("AWS CLI", "bash"))
    dynamodb.get_waiter("table_exists").wait(TableName=TABLE, WaiterConfig={"Delay": 1})
    is_recognised(endpoint)


@pytest.mark.usefixtures("dynamodb")
def test_a_table_made_with_the_seeds_template_is_recognised(client: Any, endpoint: Endpoint) -> None:
    cloudformation = client("cloudformation", endpoint)
    cloudformation.create_stack(StackName=ROLE, TemplateBody=block("CloudFormation", "yaml"))
    try:
        cloudformation.get_waiter("stack_create_complete").wait(StackName=ROLE, WaiterConfig={"Delay": 1})
        is_recognised(endpoint)
    finally:
        cloudformation.delete_stack(StackName=ROLE)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=ROLE, WaiterConfig={"Delay": 1})


def test_the_seeds_verification_works_on_a_table_that_site_made(dynamodb: Any, endpoint: Endpoint, shell: Any) -> None:
    made = play("mana.memory.site", endpoint.environment)
    assert (made.status, made.changed) == (0, 1), made.output
    answers = answered(shell(block("確認", "bash")))
    assert [sorted(answer) for answer in answers[:2]] == [["Table"], ["Item"]]
    assert answers[0]["Table"]["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert answers[1]["Item"] == {"pk": {"S": "test"}, "sk": {"S": "test"}}
    assert dynamodb.scan(TableName=TABLE)["Count"] == 0


def answered(output: Any) -> Any:
    """The documents that the AWS CLI printed one after the other."""
    decoder, position, answers = json.JSONDecoder(), 0, []
    while output[position:].strip():
        position += len(output[position:]) - len(output[position:].lstrip())
        answer, position = decoder.raw_decode(output, position)
        answers.append(answer)
    return answers


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("describe", [True, False])
def test_the_policy_that_site_puts_has_the_seeds_statement_word_for_word(
    client: Any, endpoint: Endpoint, role: str, describe: Any
) -> None:
    run = play(
        "mana.memory.site",
        endpoint.environment,
        mana_memory_lambda_role_name=role,
        mana_memory_describe_table=describe,
    )
    assert run.status == 0, run.output
    put = client("iam", endpoint).get_role_policy(RoleName=role, PolicyName="mana-memory")["PolicyDocument"]
    seed = json.loads(block("Lambda IAMポリシー", "json"))
    extra = {
        "Effect": "Allow",
        "Action": ["dynamodb:DescribeTable"],
        "Resource": ["arn:aws:dynamodb:us-east-1:*:table/mana-memory"],
    }
    assert put == {**seed, "Statement": seed["Statement"] + ([extra] if describe else [])}

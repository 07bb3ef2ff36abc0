# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rights of a role, as the simulators of real endpoints answer; a wrong simulator is called no authority."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from plugins.module_utils.connection import connector
from plugins.modules import iam_policy_simulation_info
from tools.endpoint import Endpoint

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
TABLES = "arn:aws:dynamodb:us-east-1:000000000000:table"
TABLE = f"{TABLES}/mana-memory"
CLIENT = ["dynamodb:GetItem", "dynamodb:Query"]
CHECKS = [
    {"actions": CLIENT, "resources": [TABLE, f"{TABLE}/index/gsi1"], "expected": "allowed"},
    {"actions": ["dynamodb:DeleteTable", "dynamodb:UpdateTable"], "resources": [TABLE], "expected": "denied"},
    {"actions": CLIENT, "resources": [f"{TABLES}/another"], "expected": "denied"},
]


def document(*resources: Any) -> Any:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": CLIENT, "Resource": list(resources)}]}


@pytest.fixture
def role(request: pytest.FixtureRequest, client: Any) -> Any:
    """Make a role at an endpoint, with an inline policy on these resources. ministack finds no role with a path."""

    def make_role(endpoint: Any, *resources: Any) -> Any:
        iam, name = client("iam", endpoint), f"mana-memory-test-{uuid.uuid4().hex[:8]}"
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(document(*resources)))

        def remove() -> None:
            iam.delete_role_policy(RoleName=name, PolicyName="p")
            iam.delete_role(RoleName=name)

        request.addfinalizer(remove)
        return name

    return make_role


def run(endpoint: Any, credentials: Any = None, **declared: Any) -> Any:
    parameters = {**endpoint.connection, **(credentials or {}), **declared}
    return iam_policy_simulation_info.run(parameters, connector(parameters), False)


def test_least_privilege_is_as_expected_where_the_simulator_matches_wildcards(ministack: Endpoint, role: Any) -> None:
    anywhere = TABLE.replace("000000000000", "*")
    result = run(ministack, role_name=role(ministack, anywhere, f"{anywhere}/index/*"), checks=CHECKS)
    assert result["unexpected"] == []
    assert [each["allowed"] for each in result["results"]] == [True] * 4 + [False] * 4
    assert {each["decision"] for each in result["results"]} == {"allowed", "implicitDeny"}
    assert (result["simulated"], result["authoritative"]) == (True, False)


def test_a_missing_index_is_reported(ministack: Endpoint, role: Any) -> None:
    result = run(ministack, role_name=role(ministack, TABLE), checks=CHECKS)
    assert [each["sentence"] for each in result["unexpected"]] == [
        f"{action} on {TABLE}/index/gsi1 is denied, and should be allowed" for action in CLIENT
    ]


def test_localstack_answers_for_what_it_can_and_is_no_authority(localstack: Endpoint, role: Any) -> None:
    result = run(localstack, role_name=role(localstack, TABLE, f"{TABLE}/index/gsi1"), checks=CHECKS)
    assert result["unexpected"] == []
    assert result["authoritative"] == ("amazonaws" in localstack.url)
    assert bool(result["warnings"]) is not result["authoritative"]


def test_a_denied_simulation_is_reported_and_fails_nothing(strict: Endpoint, client: Any, role: Any) -> None:
    iam = client("iam", strict)
    name = role(strict, TABLE)
    iam.create_user(UserName="reader")
    allowed = {"Effect": "Allow", "Action": "iam:GetRole", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=policy)
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    reader = {"access_key": key["AccessKeyId"], "secret_key": key["SecretAccessKey"]}
    result = run(strict, reader, role_name=name, checks=CHECKS)
    assert not result["simulated"]
    assert "; the missing permission is iam:SimulatePrincipalPolicy on arn:aws:iam::" in result["reason"]

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Missing permissions are named before the first write, if IAM may be asked."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.module_utils.iam import caller
from plugins.module_utils.plan import Step
from tests.unit.stubbing import Stubs

ACCOUNT = "123456789012"
USER = f"arn:aws:iam::{ACCOUNT}:user/ops/me"
TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/threads"
MANA_ELSEWHERE = "arn:aws:lambda:us-east-1:999999999999:function:mana"
STEPS = [
    (
        Step("dynamodb", "UpdateTable", {"TableName": "threads"}, "change it", region="eu-west-1"),
        ["dynamodb:UpdateTable"],
    )
]


class Endpoint(Stubs):
    """STS and IAM, with the calls to expect and the answers to give."""

    def __init__(self) -> None:
        super().__init__("iam", "sts", "dynamodb")

    def is_asked_by(self, arn: str) -> None:
        answer = {"Arn": arn, "Account": ACCOUNT, "UserId": "A"}
        self.stubbers["sts"].add_response("get_caller_identity", answer, {})

    def simulates(self, arn: str, decision: str, missing: Any = ()) -> None:
        result = {"EvalActionName": "dynamodb:UpdateTable", "EvalResourceName": TABLE, "EvalDecision": decision}
        answer = {"EvaluationResults": [{**result, "MissingContextValues": list(missing)}], "IsTruncated": False}
        asked = {"PolicySourceArn": arn, "ActionNames": ["dynamodb:UpdateTable"], "ResourceArns": [TABLE]}
        self.stubbers["iam"].add_response("simulate_principal_policy", answer, asked)

    def lacks(self) -> list[str]:
        with self.asked():
            return caller.lacking(self, STEPS)


@pytest.fixture
def endpoint() -> Any:
    return Endpoint()


@pytest.mark.parametrize(
    ("decision", "missing", "expected"),
    [
        ("allowed", [], []),
        ("implicitDeny", [], [f"IAM's simulator says that dynamodb:UpdateTable on {TABLE} is denied to me"]),
        ("explicitDeny", [], [f"IAM's simulator says that dynamodb:UpdateTable on {TABLE} is denied to me"]),
        ("implicitDeny", ["aws:RequestedRegion"], []),
    ],
    ids=["allowed", "denied", "denied by a statement", "unknown, for want of a condition's key"],
)
def test_a_permission_that_is_denied_is_reported(
    endpoint: Endpoint, decision: str, missing: Any, expected: Any
) -> None:
    endpoint.is_asked_by(USER)
    endpoint.simulates(USER, decision, missing)
    assert endpoint.lacks() == expected


def test_of_a_session_the_role_is_asked_about(endpoint: Endpoint) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/service/ops"
    described = {"Path": "/service/", "RoleName": "ops", "RoleId": "AROA0000000000000", "Arn": role}
    endpoint.is_asked_by(f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/me")
    endpoint.stubbers["iam"].add_response(
        "get_role", {"Role": {**described, "CreateDate": "2026-01-01T00:00:00Z"}}, {"RoleName": "ops"}
    )
    endpoint.simulates(role, "implicitDeny")
    assert endpoint.lacks() == [f"IAM's simulator says that dynamodb:UpdateTable on {TABLE} is denied to ops"]


def test_nothing_is_reported_if_iam_may_not_be_asked(endpoint: Endpoint) -> None:
    endpoint.is_asked_by(USER)
    endpoint.stubbers["iam"].add_client_error("simulate_principal_policy", "AccessDenied")
    assert endpoint.lacks() == []


def test_the_root_of_an_account_is_not_asked_about(endpoint: Endpoint) -> None:
    endpoint.is_asked_by(f"arn:aws:iam::{ACCOUNT}:root")
    assert endpoint.lacks() == []


@pytest.mark.parametrize(
    ("arguments", "resource"),
    [
        ({"TableName": "threads"}, f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/threads"),
        ({"ResourceArn": TABLE}, TABLE),
        ({"ResourceArn": "threads"}, TABLE),
        ({"RoleName": "ops", "PolicyName": "a"}, f"arn:aws:iam::{ACCOUNT}:role/ops"),
        ({"PolicyArn": "arn:aws:iam::aws:policy/A"}, "arn:aws:iam::aws:policy/A"),
        ({"FunctionName": "mana"}, f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:mana"),
        ({"FunctionName": f"{ACCOUNT}:function:mana"}, f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:mana"),
        ({"FunctionName": MANA_ELSEWHERE}, MANA_ELSEWHERE),
        ({"FunctionName": "no name"}, ""),
        ({"PolicyName": "new"}, ""),
    ],
)
def test_the_resource_of_a_call(arguments: Any, resource: str) -> None:
    assert caller.resource_of(arguments, "aws", "eu-west-1", ACCOUNT) == resource


STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/changes"
OTHER = TABLE.replace("eu-west-1", "us-west-2")


@pytest.mark.parametrize(
    ("call", "arguments", "action", "resources"),
    [
        ("UpdateTable", {"TableName": "threads"}, "dynamodb:UpdateTable", [TABLE]),
        ("CreateTable", {"TableName": "threads"}, "dynamodb:TagResource", [TABLE]),
        (
            "UpdateTable",
            {"TableName": "threads", "ReplicaUpdates": [{"Create": {"RegionName": "us-west-2"}}]},
            "dynamodb:Scan",
            [OTHER],
        ),
        (
            "UpdateTable",
            {"TableName": "threads", "ReplicaUpdates": [{"Create": {"RegionName": "us-west-2"}}]},
            "dynamodb:UpdateTable",
            [TABLE],
        ),
        (
            "EnableKinesisStreamingDestination",
            {"TableName": "threads", "StreamArn": STREAM},
            "kinesis:PutRecords",
            [STREAM],
        ),
        ("EnableKinesisStreamingDestination", {"TableName": "threads", "StreamArn": STREAM}, "kinesis:ListStreams", []),
        ("CreateTable", {"TableName": "threads"}, "kms:CreateGrant", []),
        ("RestoreTableFromBackup", {"TargetTableName": "threads"}, "dynamodb:PutItem", []),
    ],
)
def test_what_a_permission_besides_is_asked_for(call: str, arguments: Any, action: str, resources: Any) -> None:
    """Rule a-call-takes-more-than-its-own-permission."""
    step = Step("dynamodb", call, arguments, "do it")
    assert [*caller._resources(step, action, "aws", "eu-west-1", ACCOUNT)] == resources


OF_MANA = f"arn:aws:iam::{ACCOUNT}:policy/mana"


@pytest.mark.parametrize(
    ("arguments", "action", "resources"),
    [
        ({"RoleName": "ops", "PolicyArn": OF_MANA}, "iam:AttachRolePolicy", [f"arn:aws:iam::{ACCOUNT}:role/ops"]),
        ({"RoleName": "ops", "PolicyArn": OF_MANA}, "iam:GetPolicy", [OF_MANA]),
        ({"RoleName": "ops", "PolicyArn": OF_MANA}, "iam:ListEntitiesForPolicy", [OF_MANA]),
        ({"PolicyArn": OF_MANA}, "iam:ListAttachedRolePolicies", []),
        ({"PolicyArn": OF_MANA}, "iam:CreatePolicyVersion", [OF_MANA]),
    ],
)
def test_a_permission_is_asked_for_on_the_role_or_on_the_policy(arguments: Any, action: str, resources: Any) -> None:
    """The first step of a thing is asked with what its reads take."""
    step = Step("iam", "AttachRolePolicy" if "RoleName" in arguments else "CreatePolicyVersion", arguments, "do it")
    assert [*caller._resources(step, action, "aws", "eu-west-1", ACCOUNT)] == resources

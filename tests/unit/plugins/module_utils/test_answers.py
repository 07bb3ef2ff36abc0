# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Signs that an answer is not AWS's, or not whole."""

from __future__ import annotations

import functools
import json
from typing import Any

import botocore.session
import pytest

from plugins.module_utils import answers

PAGE = b"<html><head></head><body>Please log in</body></html>"
ROLE = b'<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult/></GetRoleResponse>'
ERROR = b'<?xml version="1.0"?><ErrorResponse><Error><Code>NoSuchEntity</Code></Error></ErrorResponse>'
TABLE = {"Table": {"TableName": "mana-memory", "TableStatus": "ACTIVE"}}

CREDENTIALS = dict.fromkeys(("AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"), "a")


@pytest.mark.parametrize(
    ("protocol", "status", "headers", "body", "fault"),
    [
        ("json", 200, {"content-length": "2"}, b"{}", ""),
        ("json", 200, {}, b'{"Table": {}}', ""),
        ("json", 200, {"content-length": "0"}, b"", ""),
        ("json", 400, {}, b'{"__type": "ValidationException"}', ""),
        ("json", 200, {"content-length": "20"}, b'{"Table": ', "10 of 20 bytes"),
        ("query", 200, {"content-length": "200"}, ROLE[:100], "100 of 200 bytes"),
        ("json", 200, {"content-length": "10"}, b'{"Table": ', "no JSON"),
        ("json", 200, {}, b'["Table"]', "no JSON"),
        ("json", 200, {}, b"\xff\xfe\xfa", "no JSON"),
        ("json", 200, {}, b"[" * 100_000, "no JSON"),
        ("json", 200, {}, PAGE, "no JSON, but HTML"),
        ("rest-json", 200, {}, PAGE, "no JSON, but HTML"),
        ("json", 302, {}, PAGE, "no JSON, but HTML"),
        ("json", 403, {}, PAGE, "no JSON, but HTML"),
        ("json", 503, {}, PAGE, ""),
        ("query", 200, {}, ROLE, ""),
        ("query", 404, {}, ERROR, ""),
        ("query", 200, {}, ROLE[:-10], "no answer in XML"),
        ("query", 200, {}, b"", "no answer in XML"),
        ("query", 200, {}, PAGE, "no answer in XML, but HTML"),
        ("query", 503, {}, b"", ""),
        ("smithy-rpc-v2-cbor", 200, {}, b"\xa0", ""),
    ],
    ids=[
        "an empty object",
        "an object",
        "nothing, which some calls answer",
        "an error",
        "half a body",
        "half a body of XML",
        "half a body, its length right",
        "another value of JSON",
        "bytes that are no text",
        "JSON that nobody would nest like that",
        "a page",
        "a page from Lambda's address",
        "a page to log in",
        "a page of a firewall",
        "a page of AWS's own gateway, which is asked again",
        "XML",
        "an error in XML",
        "half of XML, its length right",
        "nothing, which IAM never answers",
        "a page, which is XML too",
        "nothing of AWS's own gateway",
        "a protocol that nobody speaks yet",
    ],
)
def test_a_body_is_aws_and_whole(protocol: str, status: int, headers: dict[str, str], body: bytes, fault: str) -> None:
    assert answers.body_fault(protocol, status, headers, body) == fault


def output(service: str, operation: str) -> Any:
    return model(service).operation_model(operation).output_shape


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "answer", "fault"),
    [
        ("dynamodb", "DescribeTable", {"TableName": "mana-memory"}, TABLE, ""),
        ("dynamodb", "DescribeTable", {"TableName": "arn:aws:dynamodb:::table/mana-memory"}, TABLE, ""),
        ("dynamodb", "DescribeTable", {"TableName": "mana-memory"}, {}, "it has no TableName"),
        ("dynamodb", "DescribeTable", {"TableName": "mana-memory"}, {"Table": "junk"}, "it has no TableName"),
        ("dynamodb", "DescribeTable", {"TableName": "memory"}, TABLE, "it is about mana-memory"),
        ("dynamodb", "GetItem", {"TableName": "memory"}, {}, "it has no TableName"),
        ("dynamodb", "GetItem", {"TableName": "m"}, {"ConsumedCapacity": {"TableName": "m"}}, ""),
        ("dynamodb", "GetItem", {"TableName": "m"}, {"ConsumedCapacity": {"TableName": "n"}}, "it is about n"),
        ("dynamodb", "Query", {"TableName": "m"}, {"Items": []}, ""),
        (
            "dynamodb",
            "DescribeTimeToLive",
            {"TableName": "m"},
            {"ResponseMetadata": {"HTTPHeaders": {"content-length": "0"}}},
            "it is empty",
        ),
        (
            "dynamodb",
            "TagResource",
            {"ResourceArn": "a"},
            {"ResponseMetadata": {"HTTPHeaders": {"content-length": "0"}}},
            "",
        ),
        (
            "dynamodb",
            "PutItem",
            {"TableName": "m"},
            {
                "ResponseMetadata": {
                    "HTTPHeaders": {"content-length": "2", "content-type": "application/x-amz-json-1.0"}
                }
            },
            "",
        ),
        (
            "dynamodb",
            "PutItem",
            {"TableName": "m"},
            {"ResponseMetadata": {"HTTPHeaders": {"content-length": "900"}}},
            "it has nothing that AWS answers",
        ),
        (
            "iam",
            "PutRolePolicy",
            {"RoleName": "r"},
            {"ResponseMetadata": {"HTTPHeaders": {"content-length": "900", "content-type": "text/xml"}}},
            "",
        ),
        ("lambda", "GetFunctionConfiguration", {"FunctionName": "mana"}, {}, "it has no FunctionName"),
        (
            "lambda",
            "GetFunctionConfiguration",
            {"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:mana"},
            {"FunctionName": "mana", "Role": "r"},
            "",
        ),
        (
            "lambda",
            "GetFunctionConfiguration",
            {"FunctionName": "mana:live"},
            {"FunctionName": "mana", "Role": "r"},
            "",
        ),
        ("iam", "GetRolePolicy", {"RoleName": "r", "PolicyName": "p"}, {"RoleName": "r"}, "it has no PolicyName"),
        ("iam", "ListAttachedRolePolicies", {"RoleName": "r"}, {}, "it has no AttachedPolicies"),
        (
            "sts",
            "AssumeRole",
            {"RoleArn": "arn:aws:iam::123456789012:role/team/mana"},
            {
                "Credentials": {"AccessKeyId": "a"},
                "AssumedRoleUser": {"Arn": "arn:aws:sts::123456789012:assumed-role/mana/audit"},
            },
            "it has no SecretAccessKey",
        ),
        (
            "sts",
            "AssumeRole",
            {"RoleArn": "arn:aws:iam::123456789012:role/team/mana"},
            {
                "Credentials": CREDENTIALS,
                "AssumedRoleUser": {"Arn": "arn:aws:sts::123456789012:assumed-role/mana/audit"},
            },
            "",
        ),
        (
            "sts",
            "AssumeRole",
            {"RoleArn": "arn:aws:iam::123456789012:role/team/mana"},
            {
                "Credentials": CREDENTIALS,
                "AssumedRoleUser": {"Arn": "arn:aws:sts::123456789012:assumed-role/other/audit"},
            },
            "it is about arn:aws:sts::123456789012:assumed-role/other/audit",
        ),
    ],
    ids=[
        "a table",
        "a table by its ARN",
        "no table",
        "something else in the place of a table",
        "another table, the name of which ends alike",
        "no item, without a word of DynamoDB",
        "no item, said by DynamoDB",
        "no item, of another table",
        "no items",
        "nothing, where an answer has a body",
        "nothing, where an answer has none",
        "an empty object, which is all of an answer",
        "an object of which nothing is known",
        "an answer in XML, which is not quoted",
        "no function",
        "a function by its ARN",
        "a function by its alias",
        "what the model requires",
        "no list",
        "half of the credentials",
        "the credentials of a role with a path",
        "the credentials of another role",
    ],
)
def test_an_answer_has_what_is_relied_on(
    service: str, operation: str, arguments: dict[str, Any], answer: dict[str, Any], fault: str
) -> None:
    assert answers.fault(operation, arguments, answer, output(service, operation)) == fault


@pytest.mark.parametrize("operation", answers.ANSWERS)
def test_members_that_are_relied_on_are_in_the_model(operation: str) -> None:
    service = next(name for name in ("dynamodb", "iam", "sts", "lambda", "kms") if has(name, operation))
    expected, asked = answers.ANSWERS[operation], model(service).operation_model(operation).input_shape
    for path in (*expected.members, *expected.repeats):
        shape = output(service, operation)
        for name in path.split("."):
            shape = shape.members[name]
    assert set(expected.repeats.values()) <= set(asked.members)


@functools.cache
def model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


def has(service: str, operation: str) -> bool:
    return operation in model(service).operation_names


@pytest.mark.parametrize("operation", ["DescribeTable", "GetItem", "Query", "SearchVectors", "SimulatePrincipalPolicy"])
def test_a_read_can_be_made_once_more(operation: str) -> None:
    assert answers.is_read(operation)


@pytest.mark.parametrize("operation", ["PutItem", "CreateTable", "UpdateTable", "DeleteTable"])
def test_a_call_that_changes_something_is_no_read(operation: str) -> None:
    assert not answers.is_read(operation)


def test_an_answer_keeps_what_botocore_does_not_know() -> None:
    """Without these a strongly consistent table would look like another, and its witness would not be there."""
    parsed = {"Table": {"TableName": "a"}}
    whole = {"MultiRegionConsistency": "STRONG", "GlobalTableWitnesses": [{"RegionName": "eu-west-1"}], "Other": 1}
    body = json.dumps({"Table": {"TableName": "a", **whole}}).encode()
    answers.complete(parsed, answers.NEWER["DescribeTable"], body)
    del whole["Other"]
    assert parsed == {"Table": {"TableName": "a", **whole}}

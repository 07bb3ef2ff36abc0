# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an audit calls is told from the options alone, and the policy has that and no more."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.module_utils import audit_permissions
from plugins.modules import dynamodb_item, dynamodb_table, iam_role_policy, lambda_environment
from tests.declaring import options_of

PLACE = {"region": "eu-west-1", "account_id": "123456789012"}
TABLE = "arn:*:dynamodb:eu-west-1:123456789012:table/threads"
MALFORMED = {"table_name": "arn:threads", "key": {"pk": "a"}, "item": {}}
OF_ROLES = {"arn:*:iam::123456789012:role/*"}
POLICY = {"policy_name": "p", "policy_document": {}}


def allowed(module: Any, place: Any = None, **given: Any) -> dict[str, list[str]]:
    """The actions of the policy for an audit of this declaration, by resource."""
    reads = [each._asdict() for each in audit_permissions.permissions(options_of(module, given))]
    statements = audit_permissions.policy([{**(PLACE if place is None else place), "reads": reads}])["Statement"]
    return {each["Resource"]: each["Action"] for each in statements}


def test_a_part_that_nobody_declares_takes_no_permission() -> None:
    assert allowed(dynamodb_table, name="threads") == {TABLE: ["dynamodb:DescribeTable"]}
    assert allowed(dynamodb_table, name="threads", tags={}, time_to_live={"enabled": False}) == {
        TABLE: ["dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive", "dynamodb:ListTagsOfResource"]
    }


def test_a_replica_is_read_in_its_region() -> None:
    there = TABLE.replace("eu-west-1", "us-west-2")
    replicas = [{"region_name": "us-west-2", "tags": {}, "deletion_protection_enabled": True}]
    assert allowed(dynamodb_table, name="threads", replicas=replicas)[there] == [
        "dynamodb:DescribeTable",
        "dynamodb:ListTagsOfResource",
    ]


@pytest.mark.parametrize(
    ("key", "resource"),
    [
        ("alias/own", "arn:*:kms:eu-west-1:123456789012:key/*"),
        (
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:*:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        ),
        ("arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab", None),
    ],
)
def test_a_key_is_looked_up_unless_it_is_named_by_its_arn(key: str, resource: str | None) -> None:
    found = allowed(dynamodb_table, name="threads", sse_specification={"enabled": True, "kms_master_key_id": key})
    assert {each for each in found if ":kms:" in each} == ({resource} if resource else set())


def test_a_place_that_is_not_known_is_any_place() -> None:
    assert allowed(dynamodb_table, {}, name="threads") == {
        "arn:*:dynamodb:*:*:table/threads": ["dynamodb:DescribeTable"]
    }


@pytest.mark.parametrize(
    ("module", "given", "policy"),
    [
        (dynamodb_item, {"table_name": "threads", "key": {"pk": "a"}, "item": {}}, {TABLE: ["dynamodb:GetItem"]}),
        (
            lambda_environment,
            {"function_name": "f", "variables": {}},
            {"arn:*:lambda:eu-west-1:123456789012:function:f": ["lambda:GetFunctionConfiguration"]},
        ),
        (
            iam_role_policy,
            {"role_name": "r", **POLICY},
            {
                "arn:*:iam::123456789012:role/*/r": ["iam:GetRolePolicy"],
                "arn:*:iam::123456789012:role/r": ["iam:GetRolePolicy"],
            },
        ),
    ],
)
def test_other_things_take_the_one_read_that_they_make(module: Any, given: Any, policy: Any) -> None:
    assert allowed(module, **given) == policy


FUNCTION = "arn:*:lambda:eu-west-1:123456789012:function:f"


@pytest.mark.parametrize(
    ("name", "resources"),
    [
        ("f", {FUNCTION}),
        ("f:prod", {FUNCTION, f"{FUNCTION}:prod"}),
        ("f:3", {FUNCTION, f"{FUNCTION}:3"}),
        ("f:$LATEST", {FUNCTION, f"{FUNCTION}:$LATEST"}),
        ("function:f", {FUNCTION}),
        ("123456789012:function:f", {FUNCTION}),
        (
            "999999999999:function:f:prod",
            {each.replace("123456789012", "999999999999") for each in (FUNCTION, f"{FUNCTION}:prod")},
        ),
        (
            "arn:aws-cn:lambda:cn-north-1:123456789012:function:f",
            {"arn:aws-cn:lambda:cn-north-1:123456789012:function:f"},
        ),
        (
            "arn:aws:lambda:us-east-1:123456789012:function:f:prod",
            {f"arn:aws:lambda:us-east-1:123456789012:function:f{each}" for each in ("", ":prod")},
        ),
        ("f g", set()),
    ],
)
def test_a_function_is_the_same_by_any_of_its_names_and_its_version_has_a_resource_too(
    name: str, resources: set[str]
) -> None:
    """Which of the two AWS asks for is not sure (rule a-version-has-an-arn-of-its-own)."""
    assert set(allowed(iam_role_policy, lambda_function_name=name, **POLICY)) - OF_ROLES == resources


def test_a_name_that_aws_refuses_takes_no_permission_and_ends_no_audit() -> None:
    reads = [each._asdict() for each in audit_permissions.permissions(options_of(dynamodb_item, MALFORMED))]
    assert audit_permissions.policy([{**PLACE, "reads": reads}])["Statement"] == []

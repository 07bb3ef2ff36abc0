# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads and steps against a stub of AWS: which calls, and what becomes of each answer."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from plugins.module_utils import roles
from plugins.module_utils.connection import CallFailed
from plugins.module_utils.iam import service
from plugins.module_utils.iam.role_policy import RolePolicy
from plugins.module_utils.plan import Impossible, Step
from plugins.module_utils.resource import Overtaken
from plugins.module_utils.roles import Role
from tests.unit.stubbing import stubbed

DOCUMENT = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}}
ARN = "arn:aws:iam::123456789012:role/service-role/mana"
ROLE = Role("mana", "role_name: there is no role mana", ARN)
NAMES = {"RoleName": "mana", "PolicyName": "memory"}


def denies(stubber: Any, operation: Any, arguments: Any) -> None:
    stubber.add_client_error(operation, "AccessDenied", "You may not.", 403, expected_params=arguments)


def lacks(stubber: Any, operation: Any, arguments: Any, words: Any) -> None:
    stubber.add_client_error(operation, "NoSuchEntity", words, 404, expected_params=arguments)


def answers(stubber: Any, document: Any) -> None:
    stubber.add_response("get_role_policy", {**NAMES, "PolicyDocument": document}, NAMES)


@pytest.mark.parametrize("document", [json.dumps(DOCUMENT), quote(json.dumps(DOCUMENT))], ids=["text", "encoded text"])
def test_a_policy_is_read_with_one_call(document: Any) -> None:
    with stubbed("iam") as (iam, stubber):
        answers(stubber, document)
        assert service.observe(iam, ROLE, "memory", True).value == RolePolicy("mana", "memory", DOCUMENT)


def test_a_policy_that_is_no_json_is_reported() -> None:
    with stubbed("iam") as (iam, stubber):
        answers(stubber, "Allow all")
        with pytest.raises(CallFailed, match=r"^could not read the policy memory on role mana: its document is "):
            service.observe(iam, ROLE, "memory", True)


ROLE_MISSING = ["The role with name mana cannot be found.", "Role mana not found", "Role mana not found."]
POLICY_MISSING = "The role policy with name memory cannot be found."
AMBIGUOUS = "Policy Document memory not attached to role mana"


@pytest.mark.parametrize("words", ROLE_MISSING)
def test_a_missing_role_is_refused_where_the_policy_is_wanted(words: Any) -> None:
    with stubbed("iam") as (iam, stubber):
        lacks(stubber, "get_role_policy", NAMES, words)
        with pytest.raises(Impossible, match=r"^role_name: there is no role mana$"):
            service.observe(iam, ROLE, "memory", role_needed=True)


def test_a_missing_policy_is_nothing() -> None:
    with stubbed("iam") as (iam, stubber):
        lacks(stubber, "get_role_policy", NAMES, POLICY_MISSING)
        assert service.observe(iam, ROLE, "memory", role_needed=True).value is None


def test_words_that_leave_it_open_cost_one_more_call() -> None:
    with stubbed("iam") as (iam, stubber):
        lacks(stubber, "get_role_policy", NAMES, AMBIGUOUS)
        role = {"Path": "/", "RoleName": "mana", "RoleId": "A" * 16, "Arn": ARN, "CreateDate": "2026-01-01T00:00:00Z"}
        stubber.add_response("get_role", {"Role": role}, {"RoleName": "mana"})
        assert service.observe(iam, ROLE, "memory", role_needed=True).value is None


def test_words_that_leave_it_open_may_mean_a_missing_role() -> None:
    with stubbed("iam") as (iam, stubber):
        lacks(stubber, "get_role_policy", NAMES, AMBIGUOUS)
        lacks(stubber, "get_role", {"RoleName": "mana"}, "Something is missing.")
        with pytest.raises(Impossible, match=r"^role_name: there is no role mana$"):
            service.observe(iam, ROLE, "memory", role_needed=True)


def test_words_that_leave_it_open_need_a_permission() -> None:
    with stubbed("iam") as (iam, stubber):
        lacks(stubber, "get_role_policy", NAMES, AMBIGUOUS)
        denies(stubber, "get_role", {"RoleName": "mana"})
        with pytest.raises(CallFailed) as failure:
            service.observe(iam, ROLE, "memory", role_needed=True)
    assert failure.value.sentence == (
        f"could not find the role mana: You may not; the missing permission is iam:GetRole on {ARN}"
    )


@pytest.mark.parametrize("words", [*ROLE_MISSING, POLICY_MISSING, AMBIGUOUS])
def test_a_missing_role_is_no_error_if_the_policy_is_to_be_absent(words: Any) -> None:
    with stubbed("iam") as (iam, stubber):
        lacks(stubber, "get_role_policy", NAMES, words)
        assert service.observe(iam, ROLE, "memory", role_needed=False).value is None


@pytest.mark.parametrize(
    ("role", "resource"),
    [
        pytest.param(ROLE, ARN, id="by its ARN where that is known"),
        pytest.param(Role("mana", "-"), "role mana", id="by its name where that is all"),
    ],
)
def test_a_denied_read_names_the_missing_permission_on_the_role(role: Role, resource: Any) -> None:
    with stubbed("iam") as (iam, stubber):
        denies(stubber, "get_role_policy", NAMES)
        with pytest.raises(CallFailed) as failure:
            service.observe(iam, role, "memory", role_needed=False)
    assert failure.value.sentence == (
        "could not read the policy memory on role mana: You may not; "
        f"the missing permission is iam:GetRolePolicy on {resource}"
    )


def test_a_role_that_is_named_costs_no_call() -> None:
    role = roles.find_role({"role_name": "mana"}, lambda name: pytest.fail(f"{name} was asked"))
    assert (role.name, role.arn) == ("mana", "")
    assert role.if_missing == "role_name: there is no role mana in this account; create it, or name one that is there"


FUNCTION = {"role_name": None, "lambda_function_name": "mana-memory"}


def test_the_role_of_a_function_is_found_with_one_call() -> None:
    with stubbed("lambda", "eu-west-1") as (client, stubber):
        stubber.add_response(
            "get_function_configuration", {"FunctionName": "mana-memory", "Role": ARN}, {"FunctionName": "mana-memory"}
        )
        role = roles.find_role(FUNCTION, {"lambda": client}.__getitem__)
    assert (role.name, role.arn) == ("mana", ARN)
    assert role.if_missing == (
        f"lambda_function_name: its execution role {ARN} does not exist; "
        "create it, or give the function mana-memory another role"
    )


def test_a_missing_function_is_refused_in_one_sentence() -> None:
    with stubbed("lambda", "eu-west-1") as (client, stubber):
        stubber.add_client_error("get_function_configuration", "ResourceNotFoundException", "Function not found: …")
        with pytest.raises(Impossible) as refusal:
            roles.find_role(FUNCTION, {"lambda": client}.__getitem__)
    assert str(refusal.value) == (
        "lambda_function_name: there is no function mana-memory in eu-west-1; name one that is there, or give role_name"
    )


def test_a_denied_look_at_the_function_names_the_missing_permission() -> None:
    with stubbed("lambda", "eu-west-1") as (client, stubber):
        denies(stubber, "get_function_configuration", {"FunctionName": "mana-memory"})
        with pytest.raises(CallFailed) as failure:
            roles.find_role(FUNCTION, {"lambda": client}.__getitem__)
    assert failure.value.sentence == (
        "could not find the execution role of the Lambda function mana-memory: You may not; "
        "the missing permission is lambda:GetFunctionConfiguration on mana-memory"
    )


PUT = Step("iam", "PutRolePolicy", {**NAMES, "PolicyDocument": "{}"}, "put it")
DELETE = Step("iam", "DeleteRolePolicy", NAMES, "remove it")


@pytest.mark.parametrize(("step", "operation"), [(PUT, "put_role_policy"), (DELETE, "delete_role_policy")])
def test_a_step_is_one_call(step: Any, operation: Any) -> None:
    with stubbed("iam") as (iam, stubber):
        stubber.add_response(operation, {}, step.arguments)
        service.perform(iam, ROLE, step)


def test_a_policy_that_somebody_else_removed_first_is_no_error() -> None:
    with stubbed("iam") as (iam, stubber):
        lacks(stubber, "delete_role_policy", NAMES, POLICY_MISSING)
        with pytest.raises(Overtaken):
            service.perform(iam, ROLE, DELETE)


def test_a_role_that_somebody_else_removed_first_is_an_error() -> None:
    with stubbed("iam") as (iam, stubber):
        lacks(stubber, "put_role_policy", PUT.arguments, ROLE_MISSING[0])
        with pytest.raises(CallFailed, match=r"^could not put it: The role with name mana cannot be found$"):
            service.perform(iam, ROLE, PUT)


def test_a_denied_step_names_the_missing_permission() -> None:
    with stubbed("iam") as (iam, stubber):
        denies(stubber, "put_role_policy", PUT.arguments)
        with pytest.raises(CallFailed, match=f"the missing permission is iam:PutRolePolicy on {ARN}$"):
            service.perform(iam, ROLE, PUT)

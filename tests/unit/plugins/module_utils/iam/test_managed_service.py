# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads and steps of managed policies, against a stub of AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plugins.module_utils.connection import CallFailed
from plugins.module_utils.iam import managed_service
from plugins.module_utils.iam.managed_policy import Declared, ManagedPolicy
from plugins.module_utils.plan import Impossible, Step
from plugins.module_utils.resource import Overtaken
from plugins.module_utils.roles import Role
from tests.unit.stubbing import stubbed

DOCUMENT = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}}
OTHER = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:Query", "Resource": "*"}}
ARN = "arn:aws:iam::123456789012:policy/memory"
POLICY = {"PolicyArn": ARN}
ROLE = Role("mana", "role_name: there is no role mana")
PRESENT, ABSENT = Declared(True, document=DOCUMENT), Declared(False)


def attached(stubber: Any, *pages: Any) -> None:
    for number, arns in enumerate(pages, 1):
        listed = [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in arns]
        more = {"IsTruncated": True, "Marker": f"m{number}"} if number < len(pages) else {}
        asked = {"RoleName": "mana", **({"Marker": f"m{number - 1}"} if number > 1 else {})}
        stubber.add_response("list_attached_role_policies", {"AttachedPolicies": listed, **more}, asked)


def there(stubber: Any, document: Any, **parts: Any) -> None:
    answer = {"PolicyName": "memory", "Arn": ARN, "DefaultVersionId": "v10", **parts}
    stubber.add_response("get_policy", {"Policy": answer}, POLICY)
    version = {"PolicyVersion": {"Document": json.dumps(document), "VersionId": "v10"}}
    stubber.add_response("get_policy_version", version, {**POLICY, "VersionId": "v10"})


def versions(stubber: Any) -> None:
    listed = [{"VersionId": f"v{n}", "IsDefaultVersion": n == 10} for n in (10, 9, 11, 2)]
    stubber.add_response("list_policy_versions", {"Versions": listed}, POLICY)


def holders(stubber: Any, usage: Any, **holders: Any) -> None:
    stubber.add_response("list_entities_for_policy", holders, {**POLICY, "PolicyUsageFilter": usage})


def observed(iam: Any, declared: Declared = PRESENT) -> ManagedPolicy:
    policy = managed_service.observe(iam, ROLE, ARN, declared).value
    assert policy is not None
    return policy


def test_a_policy_as_declared_costs_three_calls() -> None:
    with stubbed("iam") as (iam, stubber):
        there(stubber, DOCUMENT, Description="d", Tags=[{"Key": "a", "Value": "b"}])
        attached(stubber, [ARN])
        policy = observed(iam)
    assert (policy.document, policy.description, policy.tags) == (DOCUMENT, "d", {"a": "b"})
    assert policy.attached


def test_an_attachment_is_found_on_any_page() -> None:
    with stubbed("iam") as (iam, stubber):
        there(stubber, DOCUMENT)
        attached(stubber, [f"{ARN}-other"], [ARN])
        assert observed(iam).attached


def test_a_policy_that_will_change_is_read_with_its_versions_and_its_holders() -> None:
    with stubbed("iam") as (iam, stubber):
        there(stubber, OTHER, PermissionsBoundaryUsageCount=1)
        attached(stubber, [])
        versions(stubber)
        holders(
            stubber,
            "PermissionsPolicy",
            PolicyRoles=[{"RoleName": "mana"}, {"RoleName": "r"}],
            PolicyUsers=[{"UserName": "u"}],
            PolicyGroups=[{"GroupName": "g"}],
        )
        holders(stubber, "PermissionsBoundary", PolicyRoles=[{"RoleName": "mana"}])
        policy = observed(iam)
    assert policy.versions == ("v2", "v9", "v11")
    assert policy.others == ("role r", "user u", "group g")
    assert policy.bounded == ("role mana",)
    assert not policy.attached


def test_the_holders_of_a_boundary_are_read_only_for_a_boundary() -> None:
    with stubbed("iam") as (iam, stubber):
        there(stubber, DOCUMENT)
        attached(stubber, [ARN])
        versions(stubber)
        holders(stubber, "PermissionsPolicy", PolicyRoles=[{"RoleName": "mana"}])
        policy = observed(iam, ABSENT)
    assert (policy.others, policy.bounded) == ((), ())


def lacks(stubber: Any, operation: Any, arguments: Any) -> None:
    stubber.add_client_error(operation, "NoSuchEntity", "It is not there.", 404, expected_params=arguments)


def test_a_policy_that_is_not_there_and_not_wanted_costs_one_call() -> None:
    with stubbed("iam") as (iam, stubber):
        lacks(stubber, "get_policy", POLICY)
        assert managed_service.observe(iam, ROLE, ARN, ABSENT).value is None


def test_a_missing_role_is_refused_where_the_policy_is_wanted() -> None:
    with stubbed("iam") as (iam, stubber):
        lacks(stubber, "get_policy", POLICY)
        lacks(stubber, "list_attached_role_policies", {"RoleName": "mana"})
        with pytest.raises(Impossible, match=r"^role_name: there is no role mana$"):
            managed_service.observe(iam, ROLE, ARN, PRESENT)


def test_a_missing_role_has_no_policy_where_none_is_wanted() -> None:
    with stubbed("iam") as (iam, stubber):
        lacks(stubber, "list_attached_role_policies", {"RoleName": "mana"})
        assert not observed(iam, Declared(False, attached_only=True)).attached


def test_a_missing_policy_cannot_be_attached_as_it_is() -> None:
    with stubbed("iam") as (iam, stubber):
        attached(stubber, [])
        lacks(stubber, "get_policy", POLICY)
        with pytest.raises(Impossible, match=f"^policy_arn: there is no policy {ARN}; name one that is there$"):
            managed_service.observe(iam, ROLE, ARN, Declared(True, attached_only=True))


def test_a_denied_read_names_the_missing_permission() -> None:
    with stubbed("iam") as (iam, stubber):
        stubber.add_client_error("get_policy", "AccessDenied", "You may not.", 403)
        with pytest.raises(CallFailed, match=f"the missing permission is iam:GetPolicy on {ARN}$"):
            managed_service.observe(iam, ROLE, ARN, PRESENT)


ATTACHMENT = {"RoleName": "mana", **POLICY}


@pytest.mark.parametrize(
    ("call", "arguments", "code"),
    [
        ("DetachRolePolicy", ATTACHMENT, "NoSuchEntity"),
        ("DeletePolicyVersion", {**POLICY, "VersionId": "v1"}, "NoSuchEntity"),
        ("DeletePolicyVersion", {**POLICY, "VersionId": "v1"}, "DeleteConflict"),
        ("DeletePolicy", POLICY, "NoSuchEntity"),
        ("DeletePolicy", POLICY, "DeleteConflict"),
        ("CreatePolicyVersion", {**POLICY, "PolicyDocument": "{}"}, "LimitExceeded"),
    ],
)
def test_somebody_who_was_quicker_is_no_error(call: Any, arguments: Any, code: Any) -> None:
    operation = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in call).lstrip("_")
    with stubbed("iam") as (iam, stubber):
        stubber.add_client_error(operation, code, "Too late.", 409, expected_params=arguments)
        with pytest.raises(Overtaken):
            managed_service.perform(iam, ROLE, ARN, Step("iam", call, arguments, "do it"))


def test_a_policy_with_another_path_is_reported() -> None:
    step = Step("iam", "CreatePolicy", {"PolicyName": "memory", "PolicyDocument": "{}"}, "create it")
    with stubbed("iam") as (iam, stubber):
        stubber.add_client_error("create_policy", "EntityAlreadyExists", "A policy called memory already exists.", 409)
        with pytest.raises(CallFailed) as failure:
            managed_service.perform(iam, ROLE, ARN, step)
    assert failure.value.sentence == (
        "could not create it: A policy called memory already exists; "
        "there is a policy memory with another path; give its path, or another policy_name"
    )


@pytest.mark.parametrize(
    ("call", "arguments", "resource"),
    [("AttachRolePolicy", ATTACHMENT, "role mana"), ("DeletePolicy", POLICY, ARN)],
)
def test_a_denied_step_names_the_missing_permission(call: Any, arguments: Any, resource: Any) -> None:
    operation = {"AttachRolePolicy": "attach_role_policy", "DeletePolicy": "delete_policy"}[call]
    with stubbed("iam") as (iam, stubber):
        stubber.add_client_error(operation, "AccessDenied", "You may not.", 403)
        with pytest.raises(CallFailed, match=f"the missing permission is iam:{call} on {resource}$"):
            managed_service.perform(iam, ROLE, ARN, Step("iam", call, arguments, "do it"))

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Policies on real endpoints: each change in check mode, for real, and again."""

from __future__ import annotations

import contextlib
import json
import uuid
from typing import Any

import pytest

from plugins.module_utils.connection import CallFailed, connector
from plugins.module_utils.plan import Impossible
from plugins.module_utils.resource import Failed
from plugins.modules import iam_role_policy
from tests.functions import make_function
from tools.endpoint import Endpoint

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
TABLE = "arn:aws:dynamodb:us-east-1:*:table/mana-memory"
READ = {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"], "Resource": [TABLE, f"{TABLE}/index/*"]}
WRITE = {"Sid": "Write", "Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": TABLE}
POLICY = "mana-memory-access"


def document(*statements: Any) -> Any:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.fixture(scope="module", params=["ministack", "localstack"])
def endpoint(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def iam(client: Any, endpoint: Endpoint) -> Any:
    return client("iam", endpoint)


@pytest.fixture
def role(iam: Any) -> Any:
    yield from made_role(iam)


@pytest.fixture
def function(client: Any, endpoint: Endpoint, iam: Any, role: str) -> Any:
    name = f"mana-memory-test-{uuid.uuid4().hex[:8]}"
    functions = client("lambda", endpoint)
    make_function(functions, name, iam.get_role(RoleName=role)["Role"]["Arn"])
    yield functions.get_function_configuration(FunctionName=name)
    # Without a runtime LocalStack deletes the function, answers 500 all the same, and is asked again.
    with contextlib.suppress(functions.exceptions.ResourceNotFoundException):
        functions.delete_function(FunctionName=name)


@pytest.fixture
def run(endpoint: Endpoint) -> Any:
    return runner(endpoint)


def made_role(iam: Any) -> Any:
    name = f"mana-memory-test-{uuid.uuid4().hex[:8]}"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.get_waiter("role_exists").wait(RoleName=name)
    yield name
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


def runner(endpoint: Any, **credentials: Any) -> Any:
    settings = endpoint.environment
    connection = {
        "endpoint_url": endpoint.url,
        "region": settings.get("AWS_REGION", settings.get("AWS_DEFAULT_REGION")),
        "access_key": settings.get("AWS_ACCESS_KEY_ID"),
        "secret_key": settings.get("AWS_SECRET_ACCESS_KEY"),
        "session_token": settings.get("AWS_SESSION_TOKEN"),
        **credentials,
    }

    def run(check_mode: Any = False, **declared: Any) -> Any:
        parameters = {"policy_name": POLICY, "state": "present", **connection, **declared}
        return iam_role_policy.run(parameters, connector(parameters), check_mode)

    return run


def converge(run: Any, sentences: Any, **declared: Any) -> Any:
    """Declare in check mode, which changes nothing, then for real, as foretold, then again; gives the real result."""
    foretold = run(check_mode=True, **declared)
    assert [step["sentence"] for step in foretold["plan"]] == sentences
    assert foretold["changed"] is bool(sentences)
    assert run(check_mode=True, **declared) == foretold
    result = run(**declared)
    assert result == foretold
    for check_mode in (True, False):
        again = run(check_mode=check_mode, **declared)
        assert (again["changed"], again["plan"]) == (False, [])
        assert again.get("policy_document") == result.get("policy_document")
    return result


def put(role: Any, change: Any) -> Any:
    return f"put the policy {POLICY} on role {role} ({change})"


ALLOW_READ = f"Allow dynamodb:GetItem, dynamodb:Query on {TABLE}, {TABLE}/index/*"
ALLOW_WRITE = f"Allow dynamodb:PutItem on {TABLE}"


def test_a_policy_is_put_changed_and_removed_by_the_name_of_its_role(run: Any, iam: Any, role: str) -> None:
    there = {"RoleName": role, "PolicyName": POLICY}

    result = converge(
        run, [put(role, f"adds the statement {ALLOW_READ}")], role_name=role, policy_document=document(READ)
    )
    assert result["role_name"] == role
    assert result["policy_document"] == document(READ)
    assert iam.get_role_policy(**there)["PolicyDocument"] == document(READ)

    both = document(READ, WRITE)
    converge(run, [put(role, f"adds the statement Write: {ALLOW_WRITE}")], role_name=role, policy_document=both)
    assert iam.get_role_policy(**there)["PolicyDocument"] == both

    fewer = document({**READ, "Action": "dynamodb:Query"}, WRITE)
    change = f"changes the statement {ALLOW_READ} (removes from Action dynamodb:GetItem)"
    converge(run, [put(role, change)], role_name=role, policy_document=fewer)

    removal = [f"remove the policy {POLICY} from role {role}"]
    result = converge(run, removal, role_name=role, state="absent")
    assert "policy_document" not in result
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == []


def test_a_policy_is_put_and_removed_by_the_name_and_the_arn_of_a_function(run: Any, role: str, function: Any) -> None:
    by_name = {"lambda_function_name": function["FunctionName"]}
    by_arn = {"lambda_function_name": function["FunctionArn"]}
    adds = [put(role, f"adds the statement {ALLOW_READ}")]
    assert converge(run, adds, **by_name, policy_document=document(READ))["role_name"] == role
    assert converge(run, [], **by_arn, policy_document=document(READ))["role_name"] == role
    converge(run, [f"remove the policy {POLICY} from role {role}"], **by_arn, state="absent")


def test_the_other_policies_of_the_role_stay(run: Any, iam: Any, role: str) -> None:
    other = {"RoleName": role, "PolicyName": "other"}
    iam.put_role_policy(**other, PolicyDocument=json.dumps(document(WRITE)))
    run(role_name=role, policy_document=document(READ))
    run(role_name=role, state="absent")
    assert iam.get_role_policy(**other)["PolicyDocument"] == document(WRITE)


def test_a_policy_that_somebody_else_wrote_in_another_way_is_recognised(run: Any, iam: Any, role: str) -> None:
    written = {
        "Statement": {
            "Sid": "VisualEditor0",
            "Resource": [f"{TABLE}/index/*", TABLE, TABLE],
            "Action": ["dynamodb:query", "DynamoDB:GetItem"],
            "Effect": "Allow",
        },
        "Version": "2012-10-17",
    }
    iam.put_role_policy(RoleName=role, PolicyName=POLICY, PolicyDocument=json.dumps(written, indent=4))
    result = converge(run, [], role_name=role, policy_document=document(READ))
    assert result["policy_document"] == written


def test_a_sid_that_is_declared_is_written(run: Any, role: str) -> None:
    run(role_name=role, policy_document=document(READ))
    named = document({**READ, "Sid": "Read"})
    converge(run, [put(role, f"gives the statement {ALLOW_READ} the Sid Read")], role_name=role, policy_document=named)


def test_policy_variables_and_conditions_arrive_as_they_are(run: Any, iam: Any, role: str) -> None:
    tables = "arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/team}-100%25"
    change = f"adds the statement Deny all but dynamodb:* on all but {tables} under a condition"
    policy = document(
        {
            "Effect": "Deny",
            "NotAction": "dynamodb:*",
            "NotResource": tables,
            "Condition": {
                "Bool": {"aws:SecureTransport": False},
                "StringLike": {"aws:PrincipalTag/name": ["é+ü", "${*}"]},
            },
        }
    )
    converge(run, [put(role, change)], role_name=role, policy_document=policy)
    policy["Statement"][0]["Condition"]["Bool"]["aws:SecureTransport"] = "false"
    assert iam.get_role_policy(RoleName=role, PolicyName=POLICY)["PolicyDocument"] == policy


@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_a_missing_role_is_refused_with_the_remedy(run: Any, check_mode: Any) -> None:
    with pytest.raises(Impossible) as refusal:
        run(check_mode, role_name="nobodys-role", policy_document=document(READ))
    assert str(refusal.value) == (
        "role_name: there is no role nobodys-role in this account; create it, or name one that is there"
    )


def test_a_policy_of_a_missing_role_is_absent(run: Any) -> None:
    converge(run, [], role_name="nobodys-role", state="absent")


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_a_missing_function_is_refused_with_the_remedy(run: Any, check_mode: Any, state: Any) -> None:
    with pytest.raises(Impossible) as refusal:
        run(check_mode, lambda_function_name="nobodys-function", policy_document=document(READ), state=state)
    assert str(refusal.value) == (
        "lambda_function_name: there is no function nobodys-function in us-east-1; "
        "name one that is there, or give role_name"
    )


def test_a_function_whose_role_is_missing_is_refused_with_the_remedy(
    run: Any, iam: Any, role: str, function: Any
) -> None:
    iam.delete_role(RoleName=role)
    name = function["FunctionName"]
    with pytest.raises(Impossible) as refusal:
        run(lambda_function_name=name, policy_document=document(READ))
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(TRUST))
    assert str(refusal.value) == (
        f"lambda_function_name: its execution role {function['Role']} does not exist; "
        f"create it, or give the function {name} another role"
    )


def managed_runner(run: Any, name: Any) -> Any:
    def run_managed(check_mode: Any = False, **declared: Any) -> Any:
        return run(check_mode, **{"type": "managed", "policy_name": name, **declared})

    return run_managed


@pytest.fixture
def managed(run: Any, iam: Any) -> Any:
    name = f"mana-memory-test-{uuid.uuid4().hex[:8]}"
    yield managed_runner(run, name)
    for policy in iam.list_policies(Scope="Local")["Policies"]:
        if policy["PolicyName"] == name:
            dispose(iam, policy["Arn"])


def dispose(iam: Any, arn: Any) -> None:
    holders = iam.list_entities_for_policy(PolicyArn=arn)
    for holder in holders["PolicyRoles"]:
        iam.detach_role_policy(RoleName=holder["RoleName"], PolicyArn=arn)
    for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=arn)


def test_a_managed_policy_is_created_changed_pruned_and_removed(managed: Any, iam: Any, role: str) -> None:
    declared = {"role_name": role, "path": "/mana/", "description": "What mana may do", "tags": {"service": "mana"}}
    result = managed(check_mode=True, **declared, policy_document=document(READ))
    name, arn = result["policy_name"], result["policy_arn"]
    steps = [
        f"create the managed policy {name} (adds the statement {ALLOW_READ})",
        f"attach the managed policy {name} to role {role}",
    ]
    result = converge(managed, steps, **declared, policy_document=document(READ))
    assert result["attached"]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == [
        {"PolicyName": name, "PolicyArn": arn}
    ]

    for number in range(2, 7):
        changed = document({**READ, "Action": ["dynamodb:GetItem", f"dynamodb:Query{number}"]})
        result = managed(**declared, policy_document=changed)
        version = result["plan"][-1]["sentence"]
        assert version.startswith(f"put the managed policy {name} in a new default version (changes the statement ")
        assert len(result["plan"]) == (2 if number == 6 else 1)
    assert result["plan"][0]["sentence"] == f"delete version v1 of the managed policy {name}, the oldest of 5"
    kept = {version["VersionId"] for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]}
    assert kept == {"v2", "v3", "v4", "v5", "v6"}

    declared = {**declared, "tags": {"team": "mana"}, "policy_document": changed}
    steps = [
        f"tag the managed policy {name} with team=mana",
        f"remove from the managed policy {name} the tags service",
    ]
    assert converge(managed, steps, **declared)["tags"] == {"team": "mana"}

    steps = [
        f"detach the managed policy {name} from role {role}",
        *(f"delete version v{number} of the managed policy {name}" for number in (2, 3, 4, 5)),
        f"delete the managed policy {name}",
    ]
    assert converge(managed, steps, role_name=role, path="/mana/", state="absent")["attached"] is False
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_policy(PolicyArn=arn)


@pytest.fixture
def other_role(iam: Any) -> Any:
    yield from made_role(iam)


def test_a_managed_policy_that_another_role_has_stays(managed: Any, iam: Any, role: str, other_role: Any) -> None:
    managed(role_name=role, policy_document=document(READ))
    result = managed(role_name=other_role, policy_document=document(READ))
    name, arn = result["policy_name"], result["policy_arn"]
    assert [step["call"] for step in result["plan"]] == ["AttachRolePolicy"]

    (step,) = managed(role_name=role, policy_document=document(WRITE))["plan"]
    assert step["sentence"].endswith(f", which also counts for role {other_role}")

    steps = [
        f"detach the managed policy {name} from role {role}, "
        f"and leave the policy itself, since it also counts for role {other_role}"
    ]
    converge(managed, steps, role_name=role, state="absent")
    attached = iam.list_attached_role_policies(RoleName=other_role)["AttachedPolicies"]
    assert [each["PolicyArn"] for each in attached] == [arn]


def test_a_managed_policy_that_is_there_is_attached_and_detached_as_it_is(
    run: Any, managed: Any, iam: Any, role: str, other_role: Any
) -> None:
    arn = managed(role_name=other_role, policy_document=document(READ))["policy_arn"]
    name = arn.rpartition("/")[2]
    as_it_is = {"role_name": role, "policy_arn": arn, "policy_name": None}
    converge(run, [f"attach the managed policy {name} to role {role}"], **as_it_is)
    steps = [f"detach the managed policy {name} from role {role}"]
    converge(run, steps, **as_it_is, state="absent")
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1


def test_a_managed_policy_of_a_function_is_found_by_the_account_of_its_role(
    managed: Any, role: str, function: Any
) -> None:
    declared = {"lambda_function_name": function["FunctionName"], "policy_document": document(READ)}
    result = managed(**declared)
    assert (result["role_name"], result["attached"]) == (role, True)
    assert managed(**declared)["plan"] == []


@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_a_managed_policy_is_refused_where_there_is_no_role_or_no_policy(
    run: Any, managed: Any, role: str, check_mode: Any
) -> None:
    with pytest.raises(Impossible, match=r"^role_name: there is no role nobodys-role in this account; "):
        managed(check_mode, role_name="nobodys-role", policy_document=document(READ))
    arn = "arn:aws:iam::aws:policy/NobodysPolicy"
    with pytest.raises(Impossible, match=f"^policy_arn: there is no policy {arn}; "):
        run(check_mode, role_name=role, policy_arn=arn, policy_name=None)


def test_a_managed_policy_that_is_a_boundary_is_named_and_stays(ministack: Endpoint, client: Any) -> None:
    iam = client("iam", ministack)  # LocalStack does not say whose boundary a policy is
    for role in made_role(iam):
        run = managed_runner(runner(ministack), f"{role}-policy")
        arn = run(role_name=role, policy_document=document(READ))["policy_arn"]
        iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=arn)
        result = run(role_name=role, policy_document=document(READ, WRITE))
        assert result["plan"][0]["sentence"].endswith(f", which is the permissions boundary of role {role}")
        (step,) = run(role_name=role, state="absent")["plan"]
        assert step["call"] == "DetachRolePolicy"
        assert step["sentence"].endswith(
            f", and leave the policy itself, since it is the permissions boundary of role {role}"
        )
        assert run(role_name=role, state="absent")["plan"] == []
        iam.delete_role_permissions_boundary(RoleName=role)
        assert [step["call"] for step in run(role_name=role, state="absent")["plan"]] == [
            "DeletePolicyVersion",
            "DeletePolicy",
        ]


@pytest.fixture
def user_with(strict: Endpoint, client: Any) -> Any:
    """Make a user who may do these actions alone, and give what runs as this user."""
    iam, name = client("iam", strict), f"mana-memory-test-{uuid.uuid4().hex[:8]}"

    def make_user(*actions: Any) -> Any:
        iam.create_user(UserName=name)
        allowed = document({"Effect": "Allow", "Action": list(actions), "Resource": "*"})
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(allowed))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return runner(strict, access_key=key["AccessKeyId"], secret_key=key["SecretAccessKey"])

    return make_user


@pytest.fixture
def strict_role(strict: Endpoint, client: Any) -> Any:
    yield from made_role(client("iam", strict))


def test_a_denied_write_names_the_missing_permission_and_what_is_done(user_with: Any, strict_role: Any) -> None:
    run = user_with("iam:GetRolePolicy")
    declared = {"role_name": strict_role, "policy_document": document(READ)}
    (step,) = run(check_mode=True, **declared)["plan"]
    with pytest.raises(Failed) as failure:
        run(**declared)
    assert str(failure.value).startswith(f"could not {step['sentence']}: ")
    assert str(failure.value).endswith(f"; the missing permission is iam:PutRolePolicy on role {strict_role}")
    details = failure.value.details
    assert (details["changed"], details["done"], details["failed_step"], details["left"]) == (False, [], step, [])


def test_a_denied_read_names_the_missing_permission(user_with: Any, strict_role: Any) -> None:
    run = user_with("iam:PutRolePolicy")
    with pytest.raises(CallFailed) as failure:
        run(role_name=strict_role, policy_document=document(READ))
    assert str(failure.value).startswith(f"could not read the policy {POLICY} on role {strict_role}: ")
    assert str(failure.value).endswith(f"; the missing permission is iam:GetRolePolicy on role {strict_role}")


def test_a_policy_takes_two_permissions_to_read_and_to_put_it(user_with: Any, strict_role: Any) -> None:
    run = user_with("iam:GetRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePolicy")
    assert run(role_name=strict_role, policy_document=document(READ))["changed"]
    assert run(role_name=strict_role, state="absent")["changed"]

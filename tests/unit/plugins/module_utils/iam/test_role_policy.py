# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An inline policy: the names and documents it can have, and the plan that brings it there."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from plugins.module_utils.iam import role_policy
from plugins.module_utils.iam.role_policy import RolePolicy
from plugins.module_utils.plan import Impossible

IAM = botocore.session.get_session().get_service_model("iam")


def document(action: Any = "dynamodb:GetItem", **elements: Any) -> Any:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*", **elements}]}


def policy(*args: Any, **elements: Any) -> Any:
    return RolePolicy("mana", "memory", document(*args, **elements))


CASES = [
    ("nothing is wanted and nothing is there", None, None, []),
    (
        "a policy is wanted and nothing is there",
        policy(),
        None,
        [("PutRolePolicy", "put the policy memory on role mana (adds the statement Allow dynamodb:GetItem on *)")],
    ),
    ("the policy is there", policy(), policy(), []),
    ("the policy is there, written in another way", policy("dynamodb:GetItem"), policy(["DynamoDB:getItem"]), []),
    ("the policy is there with a Sid that nobody declared", policy(), policy(Sid="Statement1"), []),
    (
        "another policy is there",
        policy(["dynamodb:GetItem", "dynamodb:Scan"]),
        policy(),
        [
            (
                "PutRolePolicy",
                "put the policy memory on role mana "
                "(changes the statement Allow dynamodb:GetItem on * (adds to Action dynamodb:Scan))",
            )
        ],
    ),
    (
        "true is wanted and 1 is there",
        policy(Condition={"Bool": {"aws:SecureTransport": True}}),
        policy(Condition={"Bool": {"aws:SecureTransport": 1}}),
        [
            (
                "PutRolePolicy",
                "put the policy memory on role mana "
                "(changes the statement Allow dynamodb:GetItem on * under a condition (changes Condition))",
            )
        ],
    ),
    (
        "what is there has an element that no policy has",
        policy(),
        RolePolicy("mana", "memory", {**document(), "Unheard": "of"}),
        [("PutRolePolicy", "put the policy memory on role mana")],
    ),
    (
        "nothing is wanted and a policy is there",
        None,
        policy(),
        [("DeleteRolePolicy", "remove the policy memory from role mana")],
    ),
]
TABLE = [pytest.param(*case[1:], id=case[0]) for case in CASES]


@pytest.mark.parametrize(("desired", "observed", "steps"), TABLE)
def test_plans(desired: Any, observed: Any, steps: Any) -> None:
    assert [(step.call, step.sentence) for step in role_policy.plan(desired, observed)] == steps


@pytest.mark.parametrize(("desired", "observed", "steps"), TABLE)
def test_iam_knows_every_argument(desired: Any, observed: Any, steps: Any) -> None:
    assert len(role_policy.plan(desired, observed)) == len(steps)
    for step in role_policy.plan(desired, observed):
        shape: Any = IAM.operation_model(step.call).input_shape
        report = ParamValidator().validate(step.arguments, shape)
        assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize("desired", [pytest.param(case[1], id=case[0]) for case in CASES])
def test_nothing_is_left_to_do_afterwards(desired: Any) -> None:
    assert role_policy.plan(desired, desired) == ()


def test_the_document_is_put_as_json_text() -> None:
    (step,) = role_policy.plan(policy(), None)
    assert step.arguments["RoleName"] == "mana"
    assert step.arguments["PolicyName"] == "memory"
    assert json.loads(step.arguments["PolicyDocument"]) == document()


@pytest.mark.parametrize(
    ("declared", "observed", "desired"),
    [
        pytest.param(policy(), None, policy(), id="nothing is there"),
        pytest.param(policy(), policy("*"), policy(), id="another policy is there"),
        pytest.param(policy(), policy(["dynamodb:GetItem"]), policy(["dynamodb:GetItem"]), id="it is there already"),
        pytest.param(None, policy(), None, id="the policy is to be removed"),
        pytest.param(None, None, None, id="the policy is missing, as declared"),
    ],
)
def test_desires(declared: Any, observed: Any, desired: Any) -> None:
    assert role_policy.desire(declared, observed) == desired


def test_describes_a_policy_in_option_names() -> None:
    described = {"role_name": "mana", "policy_name": "memory", "policy_document": document()}
    assert role_policy.describe(policy()) == described
    assert role_policy.describe(None) == {}


@pytest.mark.parametrize(
    "names",
    [
        pytest.param({"policy_name": "p" * 128, "role_name": "r" * 64}, id="the longest names"),
        pytest.param({"policy_name": "_+=,.@-aZ9", "role_name": "_+=,.@-aZ9"}, id="every character"),
        pytest.param({"policy_name": "p", "lambda_function_name": "my_Function-1"}, id="a function's name"),
        pytest.param({"policy_name": "p", "lambda_function_name": "f:live"}, id="a function's alias"),
        pytest.param({"policy_name": "p", "lambda_function_name": "f:$LATEST"}, id="a function's latest version"),
        pytest.param({"policy_name": "p", "lambda_function_name": "123456789012:function:f"}, id="half an ARN"),
        pytest.param(
            {"policy_name": "p", "lambda_function_name": "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f"},
            id="a function's ARN",
        ),
    ],
)
def test_a_name_in_form_is_accepted(names: Any) -> None:
    role_policy.check_names(names)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        pytest.param(
            {"policy_name": "my policy", "role_name": "r"},
            "policy_name: 'my policy' is not a name it can have; "
            "give 1 to 128 letters, digits and characters of _+=,.@-",
            id="a policy's name with a space",
        ),
        pytest.param(
            {"policy_name": "p" * 129, "role_name": "r"},
            f"policy_name: '{'p' * 129}' is not a name it can have; "
            "give 1 to 128 letters, digits and characters of _+=,.@-",
            id="a policy's name that is too long",
        ),
        pytest.param(
            {"policy_name": "", "role_name": "r"},
            "policy_name: '' is not a name it can have; give 1 to 128 letters, digits and characters of _+=,.@-",
            id="no policy's name",
        ),
        pytest.param(
            {"policy_name": "p", "role_name": "rôle"},
            "role_name: 'rôle' is not a name it can have; give 1 to 64 letters, digits and characters of _+=,.@-",
            id="a role's name with an accent",
        ),
        pytest.param(
            {"policy_name": "p", "role_name": "arn:aws:iam::123456789012:role/service-role/mana"},
            "role_name: 'arn:aws:iam::123456789012:role/service-role/mana' is not a name it can have; "
            "give its name alone, mana",
            id="a role's ARN",
        ),
        pytest.param(
            {"policy_name": "p", "role_name": ""},
            "role_name: '' is not a name it can have; give 1 to 64 letters, digits and characters of _+=,.@-",
            id="no role's name",
        ),
        pytest.param(
            {"policy_name": "p", "lambda_function_name": "my function"},
            "lambda_function_name: 'my function' is not a name it can have; give the function's name or its ARN",
            id="a function's name with a space",
        ),
        pytest.param(
            {"policy_name": "p", "lambda_function_name": "arn:aws:iam::123456789012:role/mana"},
            "lambda_function_name: 'arn:aws:iam::123456789012:role/mana' is not a name it can have; "
            "give the function's name or its ARN",
            id="another thing's ARN",
        ),
    ],
)
def test_a_name_out_of_form_is_refused_in_one_sentence(names: Any, sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        role_policy.check_names(names)
    assert str(refusal.value) == sentence


def test_a_malformed_document_plays_no_part_where_the_policy_is_to_be_absent() -> None:
    assert role_policy.declared_document({"state": "absent", "policy_document": {"Statement": []}}) is None
    with pytest.raises(Impossible):
        role_policy.declared_document({"state": "present", "policy_document": {"Statement": []}})

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A managed policy: the plan that brings it to a role, changes it and takes it away."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from plugins.module_utils.iam import managed_policy
from plugins.module_utils.iam.managed_policy import Declared, ManagedPolicy
from plugins.module_utils.plan import Impossible

IAM = botocore.session.get_session().get_service_model("iam")
ARN = "arn:aws:iam::123456789012:policy/mana/memory"


def document(action: Any = "dynamodb:GetItem") -> Any:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


THERE = ManagedPolicy(ARN, "mana", attached=True, document=document(), description="", tags={})
WANTED = Declared(present=True, document=document())
OTHER = Declared(present=True, document=document(["dynamodb:GetItem", "dynamodb:Query"]))
GONE = Declared(present=False)
AS_IT_IS = ManagedPolicy(ARN, "mana", attached=True)

ATTACH = ("AttachRolePolicy", "attach the managed policy memory to role mana")
DETACH = ("DetachRolePolicy", "detach the managed policy memory from role mana")
DELETE = ("DeletePolicy", "delete the managed policy memory")
CREATE = ("CreatePolicy", "create the managed policy memory (adds the statement Allow dynamodb:GetItem on *)")
VERSION = (
    "put the managed policy memory in a new default version "
    "(changes the statement Allow dynamodb:GetItem on * (adds to Action dynamodb:Query))"
)


def there(**parts: Any) -> Any:
    return dataclasses.replace(THERE, **parts)


def wanted(**parts: Any) -> Any:
    return dataclasses.replace(WANTED, **parts)


CASES = [
    ("nothing is wanted and nothing is there", GONE, None, []),
    ("a policy is wanted and nothing is there", WANTED, None, [CREATE, ATTACH]),
    ("a policy is wanted with all it can have", wanted(description="d", tags={"a": "b"}), None, [CREATE, ATTACH]),
    ("the policy is there", WANTED, THERE, []),
    ("the policy is there, written in another way", WANTED, there(document=document(["DynamoDB:getitem"])), []),
    ("the policy is there and others have it too", WANTED, there(others=("role r",)), []),
    ("the policy is there and the role has not got it", WANTED, there(attached=False), [ATTACH]),
    ("another meaning is wanted", OTHER, THERE, [("CreatePolicyVersion", VERSION)]),
    (
        "another meaning is wanted and the role has not got the policy",
        OTHER,
        there(attached=False),
        [("CreatePolicyVersion", VERSION), ATTACH],
    ),
    (
        "another meaning is wanted with four versions",
        OTHER,
        there(versions=("v1", "v2", "v3")),
        [("CreatePolicyVersion", VERSION)],
    ),
    (
        "another meaning is wanted at the limit of five versions",
        OTHER,
        there(versions=("v2", "v9", "v10", "v11")),
        [
            ("DeletePolicyVersion", "delete version v2 of the managed policy memory, the oldest of 5"),
            ("CreatePolicyVersion", VERSION),
        ],
    ),
    (
        "another meaning is wanted of a policy that others have too",
        OTHER,
        there(others=("role r", "user u", "group g", "role s")),
        [("CreatePolicyVersion", f"{VERSION}, which also counts for role r, user u, group g, role s")],
    ),
    (
        "another meaning is wanted of a permissions boundary",
        OTHER,
        there(others=("role r",), bounded=("user u",)),
        [
            (
                "CreatePolicyVersion",
                f"{VERSION}, which also counts for role r, which is the permissions boundary of user u",
            )
        ],
    ),
    (
        "tags are wanted, and no others",
        wanted(tags={"a": "1", "b": "2"}),
        there(tags={"a": "0", "c": "3"}),
        [
            ("TagPolicy", "tag the managed policy memory with a=1, b=2"),
            ("UntagPolicy", "remove from the managed policy memory the tags c"),
        ],
    ),
    (
        "tags are wanted, and others stay",
        wanted(tags={"a": "1"}, purge_tags=False),
        there(tags={"a": "0", "c": "3"}),
        [("TagPolicy", "tag the managed policy memory with a=1")],
    ),
    ("tags that nobody declared stay", WANTED, there(tags={"c": "3"}), []),
    ("a description that nobody declared stays", WANTED, there(description="d"), []),
    ("nobody else has the policy that is to go", GONE, THERE, [DETACH, DELETE]),
    (
        "the policy that is to go has versions",
        GONE,
        there(versions=("v1", "v3")),
        [
            DETACH,
            ("DeletePolicyVersion", "delete version v1 of the managed policy memory"),
            ("DeletePolicyVersion", "delete version v3 of the managed policy memory"),
            DELETE,
        ],
    ),
    ("nobody has the policy that is to go", GONE, there(attached=False), [DELETE]),
    (
        "others have the policy that is to go",
        GONE,
        there(others=("role r",), versions=("v1",)),
        [
            (
                "DetachRolePolicy",
                f"{DETACH[1]}, and leave the policy itself, since it also counts for role r",
            )
        ],
    ),
    (
        "the policy that is to go is somebody's boundary",
        GONE,
        there(bounded=("role r",)),
        [
            (
                "DetachRolePolicy",
                f"{DETACH[1]}, and leave the policy itself, since it is the permissions boundary of role r",
            )
        ],
    ),
    ("others alone have the policy that is to go", GONE, there(attached=False, others=("role r",)), []),
    ("a policy as it is is there", Declared(True, attached_only=True), AS_IT_IS, []),
    (
        "a policy as it is is wanted",
        Declared(True, attached_only=True),
        dataclasses.replace(AS_IT_IS, attached=False),
        [ATTACH],
    ),
    ("a policy as it is is to go", Declared(False, attached_only=True), AS_IT_IS, [DETACH]),
    (
        "a policy as it is is not there, as wanted",
        Declared(False, attached_only=True),
        dataclasses.replace(AS_IT_IS, attached=False),
        [],
    ),
]
TABLE = [pytest.param(*case[1:], id=case[0]) for case in CASES]


def plan(declared: Any, observed: Any) -> Any:
    return managed_policy.plan(managed_policy.desire(declared, observed, ARN, "mana"), observed)


@pytest.mark.parametrize(("declared", "observed", "steps"), TABLE)
def test_plans(declared: Any, observed: Any, steps: Any) -> None:
    assert [(step.call, step.sentence) for step in plan(declared, observed)] == steps


@pytest.mark.parametrize(("declared", "observed", "steps"), TABLE)
def test_iam_knows_every_argument(declared: Any, observed: Any, steps: Any) -> None:
    for step in plan(declared, observed):
        assert step.service == "iam"
        shape: Any = IAM.operation_model(step.call).input_shape
        report = ParamValidator().validate(step.arguments, shape)
        assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize(("declared", "observed", "steps"), TABLE)
def test_nothing_is_left_to_do_afterwards(declared: Any, observed: Any, steps: Any) -> None:
    assert plan(declared, managed_policy.desire(declared, observed, ARN, "mana")) == ()


def test_a_new_version_is_the_default_one() -> None:
    (step,) = plan(OTHER, THERE)
    assert step.arguments["SetAsDefault"] is True


@pytest.mark.parametrize("observed", ["", "d"])
def test_another_description_is_refused(observed: Any) -> None:
    with pytest.raises(Impossible, match=r"^description: IAM cannot change that of the managed policy memory "):
        plan(wanted(description="other"), there(description=observed))


def test_a_policy_that_is_too_long_is_refused() -> None:
    actions = [f"dynamodb:{'A' * 60}{number}" for number in range(100)]
    parameters = {"state": "present", "policy_name": "memory", "policy_document": document(actions)}
    with pytest.raises(Impossible, match=r"white space, and a managed policy can have 6144; shorten it"):
        managed_policy.declared(parameters)


@pytest.mark.parametrize(
    ("path", "arn"),
    [
        (None, "arn:aws-cn:iam::123456789012:policy/memory"),
        ("/", "arn:aws-cn:iam::123456789012:policy/memory"),
        ("/a/b/", "arn:aws-cn:iam::123456789012:policy/a/b/memory"),
    ],
)
def test_the_arn_has_partition_account_and_path(path: Path, arn: Any) -> None:
    assert managed_policy.arn_of({"path": path, "policy_name": "memory"}, "aws-cn", "123456789012") == arn
    policy = ManagedPolicy(arn, "mana", attached=True)
    assert (policy.path, policy.name) == (path or "/", "memory")


def test_describes_a_policy_in_option_names() -> None:
    assert managed_policy.describe(there(tags={"a": "b"})) == {
        "role_name": "mana",
        "policy_name": "memory",
        "policy_arn": ARN,
        "path": "/mana/",
        "attached": True,
        "policy_document": document(),
        "description": "",
        "tags": {"a": "b"},
    }
    assert managed_policy.describe(None) == {}

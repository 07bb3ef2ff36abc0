# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module's engine from its parameters to its result, over a stub of AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from plugins.module_utils.plan import Impossible
from plugins.module_utils.reconcile import APPROVAL
from plugins.modules import iam_role_policy
from tests.declaring import options_of, validated
from tests.unit.stubbing import Stubs

DOCUMENT: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}],
}
NAMES = {"RoleName": "mana", "PolicyName": "memory"}
PRESENT = {
    "role_name": "mana",
    "lambda_function_name": None,
    "policy_name": "memory",
    "policy_document": DOCUMENT,
    "state": "present",
}
ABSENT = {**PRESENT, "policy_document": None, "state": "absent"}
HERE = {"region": "aws-global"}  # botocore's word for a service that is the same in all regions
PUT = {
    "service": "iam",
    "call": "PutRolePolicy",
    **HERE,
    "arguments": {"RoleName": "mana", "PolicyName": "memory", "PolicyDocument": json.dumps(DOCUMENT)},
    "sentence": "put the policy memory on role mana (adds the statement Allow dynamodb:GetItem on *)",
}
AFTERWARDS = {"role_name": "mana", "policy_name": "memory", "policy_document": DOCUMENT}


class Endpoint(Stubs):
    """IAM and Lambda, with the calls to expect and the answers to give."""

    def __init__(self) -> None:
        super().__init__("iam", "lambda", "sts")

    def has(self, document: Any) -> None:
        """The policy is there: asked once."""
        answer = {**NAMES, "PolicyDocument": json.dumps(document)}
        self.stubbers["iam"].add_response("get_role_policy", answer, NAMES)

    def has_no(self, words: Any = "The role policy with name memory cannot be found.") -> None:
        """Something is missing: asked once."""
        self.stubbers["iam"].add_client_error("get_role_policy", "NoSuchEntity", words, 404, expected_params=NAMES)

    def accepts(self, operation: Any, **arguments: Any) -> None:
        """A step succeeds: taken once."""
        self.stubbers["iam"].add_response(operation, {}, {**NAMES, **arguments})

    def gives_the_function_a_role(self) -> None:
        """The function is there: asked once."""
        arn = "arn:aws:iam::123456789012:role/mana"
        self.stubbers["lambda"].add_response(
            "get_function_configuration", {"FunctionName": "f", "Role": arn}, {"FunctionName": "f"}
        )

    def run(self, parameters: Any, check_mode: Any = False) -> Any:
        """Run the engine; what was foretold has to happen, in that order, and nothing else."""
        with self.asked():
            return iam_role_policy.run(parameters, self, check_mode)


@pytest.fixture
def endpoint() -> Any:
    return Endpoint()


@pytest.fixture(autouse=True)
def no_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def no_call(service: Any) -> None:
    pytest.fail(f"{service} was asked")


def test_check_mode_reads_once_and_reports_what_would_be(endpoint: Endpoint) -> None:
    endpoint.has_no()
    result = endpoint.run(PRESENT, check_mode=True)
    assert result.pop("diff") == {
        "before_header": "policy memory on role mana in aws-global",
        "after_header": "policy memory on role mana in aws-global",
        "before": {},
        "after": AFTERWARDS,
        "prepared": f"1. {PUT['sentence']}\n",
    }
    assert result == {"changed": True, "plan": [PUT], **HERE, **AFTERWARDS}


def test_a_policy_is_put_and_read_back(endpoint: Endpoint) -> None:
    endpoint.has_no()
    endpoint.accepts("put_role_policy", PolicyDocument=json.dumps(DOCUMENT))
    endpoint.has_no()
    endpoint.has(DOCUMENT)
    result = endpoint.run(PRESENT)
    assert result.pop("diff")["after"] == AFTERWARDS
    assert result == {"changed": True, "plan": [PUT], **HERE, **AFTERWARDS}


@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_a_policy_that_is_there_stays_as_it_is_written(endpoint: Endpoint, check_mode: Any) -> None:
    written = {**DOCUMENT, "Statement": {**DOCUMENT["Statement"][0], "Sid": "VisualEditor0"}}
    endpoint.has(written)
    result = endpoint.run(PRESENT, check_mode)
    assert result == {"changed": False, "plan": [], **HERE, **AFTERWARDS, "policy_document": written}


def test_the_role_of_a_function_gets_the_policy(endpoint: Endpoint) -> None:
    endpoint.gives_the_function_a_role()
    endpoint.has_no()
    result = endpoint.run({**PRESENT, "role_name": None, "lambda_function_name": "f"}, check_mode=True)
    assert result["plan"] == [PUT]


def test_a_policy_is_removed(endpoint: Endpoint) -> None:
    endpoint.has(DOCUMENT)
    endpoint.accepts("delete_role_policy")
    endpoint.has_no()
    result = endpoint.run(ABSENT)
    assert result.pop("diff")["before"] == AFTERWARDS
    sentence = "remove the policy memory from role mana"
    step = {"service": "iam", "call": "DeleteRolePolicy", **HERE, "arguments": NAMES, "sentence": sentence}
    assert result == {"changed": True, "plan": [step], **HERE, "role_name": "mana", "policy_name": "memory"}


def test_a_removal_whose_answer_was_lost_and_that_was_asked_again_is_a_change(endpoint: Endpoint) -> None:
    endpoint.has(DOCUMENT)
    endpoint.stubbers["iam"].add_client_error(
        "delete_role_policy",
        "NoSuchEntity",
        "It is gone.",
        404,
        expected_params=NAMES,
        response_meta={"RetryAttempts": 1},
    )
    endpoint.has_no()
    endpoint.has_no()
    assert endpoint.run(ABSENT)["changed"]


def test_a_policy_that_somebody_else_removed_first_is_unchanged(endpoint: Endpoint) -> None:
    endpoint.has(DOCUMENT)
    endpoint.stubbers["iam"].add_client_error("delete_role_policy", "NoSuchEntity", "It is gone.", 404)
    endpoint.has_no()
    assert endpoint.run(ABSENT) == {"changed": False, "plan": [], **HERE, "role_name": "mana", "policy_name": "memory"}


@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_a_policy_of_a_missing_role_is_absent(endpoint: Endpoint, check_mode: Any) -> None:
    endpoint.has_no("The role with name mana cannot be found.")
    result = endpoint.run(ABSENT, check_mode)
    assert result == {"changed": False, "plan": [], **HERE, "role_name": "mana", "policy_name": "memory"}


@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_a_missing_role_is_refused(endpoint: Endpoint, check_mode: Any) -> None:
    endpoint.has_no("The role with name mana cannot be found.")
    with pytest.raises(Impossible, match=r"^role_name: there is no role mana in this account; create it, or name "):
        endpoint.run(PRESENT, check_mode)


def test_a_role_that_cannot_be_seen_everywhere_yet_is_no_refusal_after_the_step(endpoint: Endpoint) -> None:
    endpoint.has_no()
    endpoint.accepts("put_role_policy", PolicyDocument=json.dumps(DOCUMENT))
    endpoint.has_no("The role with name mana cannot be found.")
    endpoint.has(DOCUMENT)
    assert endpoint.run(PRESENT)["changed"]


@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
@pytest.mark.parametrize(
    ("declared", "option"),
    [
        pytest.param({"policy_name": "a b"}, "policy_name", id="the policy's name"),
        pytest.param({"role_name": "a b"}, "role_name", id="the role's name"),
        pytest.param({"policy_document": {"Version": "2012-10-17"}}, "policy_document", id="the document"),
        pytest.param({"policy_document": {}}, "policy_document", id="an empty document"),
        pytest.param({"path": "/mana/"}, "path", id="a path of an inline policy"),
        pytest.param({"tags": {}}, "tags", id="tags of an inline policy"),
        pytest.param({"type": "managed", "path": "mana"}, "path", id="a path without its slashes"),
        pytest.param({"type": "managed", "policy_document": {}}, "policy_document", id="an empty managed document"),
        pytest.param({"type": "managed", "description": "d" * 1001}, "description", id="a long description"),
        pytest.param(
            {"type": "managed", "description": "what mana may do\n"},
            "description",
            id="a description that ends with a line break",
        ),
        pytest.param({"type": "managed", "tags": {"a": "b#c"}}, "tags", id="a tag that AWS does not take"),
        pytest.param({"policy_name": None, "policy_arn": "AWSLambdaExecute"}, "policy_arn", id="no ARN"),
        pytest.param({"policy_name": None, "policy_arn": ""}, "policy_arn", id="an empty ARN"),
        pytest.param({"role_name": None}, "role_name, lambda_function_name", id="neither a role nor a function"),
        pytest.param({"policy_name": None}, "policy_name, policy_arn", id="neither a name nor an ARN"),
        pytest.param({"policy_document": None}, "policy_document", id="no document"),
        pytest.param({"type": "managed", "policy_document": None}, "policy_document", id="no managed document"),
        pytest.param(
            {"policy_name": None, "policy_arn": "arn:aws:iam::aws:policy/P", "tags": {}},
            "tags",
            id="tags of a policy that is attached as it is",
        ),
        pytest.param(
            {"role_name": None, "lambda_function_name": "a b"}, "lambda_function_name", id="the function's name"
        ),
    ],
)
def test_options_of_a_wrong_form_are_refused_before_any_call(declared: Any, option: str, check_mode: Any) -> None:
    with pytest.raises(Impossible, match=f"^{option}: "):
        iam_role_policy.run({**PRESENT, **declared}, no_call, check_mode)


MANAGED_ARN = "arn:aws:iam::123456789012:policy/mana/memory"
MANAGED = {**PRESENT, "type": "managed", "path": "/mana/", "tags": {"service": "mana"}, "purge_tags": True}


def has_managed(endpoint: Any, document: Any, attached: Any = True, default: Any = "v1") -> None:
    """The managed policy is there: asked once for it, its document and the role's policies."""
    there = {
        "PolicyName": "memory",
        "Arn": MANAGED_ARN,
        "Path": "/mana/",
        "DefaultVersionId": default,
        "Tags": [{"Key": "service", "Value": "mana"}],
    }
    answers = endpoint.stubbers["iam"].add_response
    answers("get_policy", {"Policy": there}, {"PolicyArn": MANAGED_ARN})
    version = {"PolicyVersion": {"Document": json.dumps(document), "VersionId": default}}
    answers("get_policy_version", version, {"PolicyArn": MANAGED_ARN, "VersionId": default})
    lists_attached(endpoint, *([MANAGED_ARN] if attached else []))


def lists_attached(endpoint: Any, *arns: Any) -> None:
    """The role has these managed policies: asked once."""
    listed = {"AttachedPolicies": [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in arns]}
    endpoint.stubbers["iam"].add_response("list_attached_role_policies", listed, {"RoleName": "mana"})


def has_no_managed(endpoint: Any) -> None:
    endpoint.stubbers["iam"].add_client_error("get_policy", "NoSuchEntity", "Policy … not found", 404)


def is_in(endpoint: Any) -> None:
    answer = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/ops", "UserId": "AIDA"}
    endpoint.stubbers["sts"].add_response("get_caller_identity", answer, {})


def test_a_managed_policy_is_created_attached_and_read_back(endpoint: Endpoint) -> None:
    is_in(endpoint)
    has_no_managed(endpoint)
    lists_attached(endpoint)
    created = {
        "PolicyName": "memory",
        "Path": "/mana/",
        "PolicyDocument": json.dumps(DOCUMENT),
        "Tags": [{"Key": "service", "Value": "mana"}],
    }
    endpoint.stubbers["iam"].add_response(
        "create_policy", {"Policy": {"PolicyName": "memory", "Arn": MANAGED_ARN}}, created
    )
    attached = {"RoleName": "mana", "PolicyArn": MANAGED_ARN}
    endpoint.stubbers["iam"].add_response("attach_role_policy", {}, attached)
    has_managed(endpoint, DOCUMENT)
    result = endpoint.run(MANAGED)
    assert [step["call"] for step in result.pop("plan")] == ["CreatePolicy", "AttachRolePolicy"]
    assert result.pop("diff")["before"] == {}
    assert result == {
        **AFTERWARDS,
        **HERE,
        "account_id": "123456789012",
        "changed": True,
        "policy_arn": MANAGED_ARN,
        "attached": True,
        "path": "/mana/",
        "description": "",
        "tags": {"service": "mana"},
    }


def test_a_managed_policy_that_is_there_costs_three_reads_of_iam(endpoint: Endpoint) -> None:
    is_in(endpoint)
    has_managed(endpoint, {**DOCUMENT, "Id": "console"})
    assert endpoint.run(MANAGED)["plan"] == []


def test_a_managed_policy_of_a_functions_role_is_in_the_account_of_that_role(endpoint: Endpoint) -> None:
    endpoint.gives_the_function_a_role()
    has_managed(endpoint, DOCUMENT)
    assert endpoint.run({**MANAGED, "role_name": None, "lambda_function_name": "f"})["plan"] == []


def test_a_policy_that_is_attached_as_it_is_costs_one_read(endpoint: Endpoint) -> None:
    arn = "arn:aws:iam::aws:policy/AWSLambdaExecute"
    lists_attached(endpoint, arn)
    result = endpoint.run({**PRESENT, "policy_name": None, "policy_document": None, "policy_arn": arn})
    assert result == {
        "changed": False,
        "plan": [],
        **HERE,
        "role_name": "mana",
        "policy_name": "AWSLambdaExecute",
        "policy_arn": arn,
        "path": "/",
        "attached": True,
    }


@pytest.mark.parametrize("option", ["policy_document", "policy_json"])
@pytest.mark.parametrize("document", [DOCUMENT, json.dumps(DOCUMENT)], ids=["YAML", "JSON text"])
def test_a_document_is_declared_in_yaml_or_as_json_text(option: str, document: Any) -> None:
    declared = options_of(iam_role_policy, {"role_name": "mana", "policy_name": "memory", option: document})
    assert (declared["policy_document"], declared["state"]) == (DOCUMENT, "present")


@pytest.mark.parametrize(
    ("declared", "complaint"),
    [
        pytest.param(
            {"role_name": "r", "lambda_function_name": "f", "state": "absent"},
            "parameters are mutually exclusive: role_name|lambda_function_name",
            id="a role and a function",
        ),
        pytest.param(
            {"state": "absent"},
            "one of the following is required: role_name, lambda_function_name",
            id="neither a role nor a function",
        ),
        pytest.param(
            {"role_name": "r"},
            "state is present but any of the following are missing: policy_document, policy_arn",
            id="a policy without its document",
        ),
        pytest.param(
            {"role_name": "r", "policy_arn": "arn:aws:iam::aws:policy/P", "state": "absent"},
            "parameters are mutually exclusive: policy_name|policy_arn",
            id="a policy by name and by ARN",
        ),
    ],
)
def test_options_that_do_not_fit_together_are_refused(declared: Any, complaint: Any) -> None:
    assert validated(iam_role_policy, {"policy_name": "memory", **declared}).error_messages == [complaint]


def test_the_options_are_those_that_are_documented() -> None:
    documented = yaml.safe_load(iam_role_policy.DOCUMENTATION)["options"]
    spec = [
        {
            name: {key: value for key, value in option.items() if key not in ("description", "version_added")},
            "described": bool(option["description"]),
        }
        for name, option in documented.items()
    ]
    own = {name: option for name, option in iam_role_policy.OPTIONS.items() if name not in APPROVAL}
    assert spec == [{name: option, "described": True} for name, option in own.items()]


@pytest.mark.parametrize("example", yaml.safe_load(iam_role_policy.EXAMPLES), ids=lambda example: example["name"])
def test_every_example_has_known_options(example: Any) -> None:
    assert set(example["mana.memory.iam_role_policy"]) <= set(iam_role_policy.OPTIONS)

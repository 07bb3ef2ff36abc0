# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module's engine from its questions to its result, over a stub of AWS."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from plugins.module_utils.connection import CallFailed
from plugins.module_utils.plan import Impossible
from plugins.modules import iam_policy_simulation_info
from tests.declaring import options_of
from tests.unit.stubbing import Stubs

ARN = "arn:aws:iam::123456789012:role/service-role/mana"
TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/mana-memory"
INDEX = f"{TABLE}/index/gsi1"
ASKED = {"role_name": "mana", "actions": ["dynamodb:GetItem"], "resources": [TABLE]}


class Endpoint(Stubs):
    """IAM and Lambda, with the calls to expect and the answers to give."""

    def __init__(self, url: str | None = None) -> None:
        super().__init__("iam", "lambda", url=url)

    def has_the_role(self) -> None:
        role = {"Path": "/", "RoleName": "mana", "RoleId": "A" * 16, "Arn": ARN, "CreateDate": "2026-01-01T00:00:00Z"}
        self.stubbers["iam"].add_response("get_role", {"Role": role}, {"RoleName": "mana"})

    def decides(self, resource: Any, decisions: Any, marker: Any = None, more: Any = None) -> None:
        """A page of answers about one resource; a decision may be a whole result."""
        asked = {"PolicySourceArn": ARN, "ResourceArns": [resource]}
        asked["ActionNames"] = list(decisions) if not (marker or more) else ["a:B", "a:C"]
        results = [
            {
                "EvalActionName": action,
                "EvalResourceName": resource,
                **(decision if isinstance(decision, dict) else {"EvalDecision": decision}),
            }
            for action, decision in decisions.items()
        ]
        page = {"EvaluationResults": results, **({"IsTruncated": True, "Marker": more} if more else {})}
        asked.update({"Marker": marker} if marker else {})
        self.stubbers["iam"].add_response("simulate_principal_policy", page, asked)

    def refuses(
        self, code: Any, words: Any, operation: Any = "simulate_principal_policy", service: Any = "iam"
    ) -> None:
        self.stubbers[service].add_client_error(operation, code, words, 403)

    def run(self, **declared: Any) -> Any:
        with self.asked():
            return iam_policy_simulation_info.run(declared, self, False)


@pytest.fixture
def endpoint() -> Any:
    return Endpoint()


def test_each_resource_costs_one_call_and_each_question_has_its_answer(endpoint: Endpoint) -> None:
    endpoint.has_the_role()
    endpoint.decides(TABLE, {"dynamodb:GetItem": "allowed", "dynamodb:DeleteTable": "allowed"})
    endpoint.decides(INDEX, {"dynamodb:GetItem": "implicitDeny"})
    result = endpoint.run(
        role_name="mana",
        checks=[
            {"actions": ["dynamodb:GetItem"], "resources": [TABLE, INDEX], "expected": "allowed"},
            {"actions": ["dynamodb:DeleteTable"], "resources": [TABLE], "expected": "denied"},
        ],
    )
    get = {"action": "dynamodb:GetItem", "resource": TABLE, "decision": "allowed", "allowed": True}
    of_index = {**get, "resource": INDEX, "decision": "implicitDeny", "allowed": False, "expected": "allowed"}
    delete = {**get, "action": "dynamodb:DeleteTable", "expected": "denied"}
    assert result == {
        "changed": False,
        "simulated": True,
        "authoritative": True,
        "role_arn": ARN,
        "results": [{**get, "expected": "allowed"}, of_index, delete],
        "unexpected": [
            {**of_index, "sentence": f"dynamodb:GetItem on {INDEX} is denied, and should be allowed"},
            {**delete, "sentence": f"dynamodb:DeleteTable on {TABLE} is allowed, and should be denied"},
        ],
        "warnings": [],
    }


def test_answers_come_in_pages(endpoint: Endpoint) -> None:
    endpoint.has_the_role()
    endpoint.decides("*", {"a:B": "allowed"}, more="m")
    endpoint.decides("*", {"a:C": "explicitDeny"}, marker="m")
    result = endpoint.run(role_name="mana", actions=["a:B", "a:C"])
    assert [each["decision"] for each in result["results"]] == ["allowed", "explicitDeny"]


def test_the_decision_of_the_resource_counts_before_that_of_all(endpoint: Endpoint) -> None:
    endpoint.has_the_role()
    own = {
        "EvalDecision": "implicitDeny",
        "ResourceSpecificResults": [
            {"EvalResourceName": INDEX, "EvalResourceDecision": "implicitDeny"},
            {"EvalResourceName": TABLE, "EvalResourceDecision": "allowed", "MissingContextValues": ["aws:SourceVpc"]},
        ],
    }
    endpoint.decides(TABLE, {"dynamodb:GetItem": own})
    (result,) = endpoint.run(**ASKED)["results"]
    assert (result["allowed"], result["missing_context_values"]) == (True, ["aws:SourceVpc"])


@pytest.mark.parametrize("named", ["arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}", "*"])
@pytest.mark.parametrize("resource", [TABLE, "*"])
def test_an_answer_may_name_its_resource_by_a_template(endpoint: Endpoint, named: Any, resource: Any) -> None:
    """Rule a-verdict-may-name-a-template."""
    endpoint.has_the_role()
    endpoint.decides(resource, {"dynamodb:GetItem": {"EvalDecision": "allowed", "EvalResourceName": named}})
    (answer,) = endpoint.run(**{**ASKED, "resources": [resource]})["results"]
    assert answer["decision"] == "allowed"


def test_an_answer_about_something_else_is_no_answer(endpoint: Endpoint) -> None:
    endpoint.has_the_role()
    endpoint.decides(TABLE, {"dynamodb:GetItem": {"EvalDecision": "allowed", "EvalResourceName": INDEX}})
    result = endpoint.run(**ASKED, expected="allowed")
    (answer,) = result["results"]
    assert (answer["decision"], answer["allowed"]) == ("unanswered", None)
    (surprise,) = result["unexpected"]
    assert surprise["sentence"] == f"dynamodb:GetItem on {TABLE} got no answer, and should be allowed"


def test_an_action_is_the_same_in_another_case(endpoint: Endpoint) -> None:
    endpoint.has_the_role()
    endpoint.decides(TABLE, {"dynamodb:GetItem": {"EvalDecision": "allowed", "EvalActionName": "DynamoDB:getitem"}})
    assert endpoint.run(**ASKED)["results"][0]["allowed"]


def test_the_role_of_a_function_is_known_by_its_arn(endpoint: Endpoint) -> None:
    endpoint.stubbers["lambda"].add_response(
        "get_function_configuration", {"FunctionName": "f", "Role": ARN}, {"FunctionName": "f"}
    )
    endpoint.decides(TABLE, {"dynamodb:GetItem": "allowed"})
    assert endpoint.run(**{**ASKED, "role_name": None, "lambda_function_name": "f"})["role_arn"] == ARN


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AccessDenied", "You may not."),
        ("InvalidAction", "The action SimulatePrincipalPolicy is not valid for this endpoint."),
        ("InternalFailure", "The SimulatePrincipalPolicy action has not been implemented"),
        ("InternalFailure", "API for service 'iam' not yet implemented or pro feature"),
    ],
)
def test_a_simulator_that_may_not_or_cannot_be_asked_is_no_failure(endpoint: Endpoint, code: Any, words: Any) -> None:
    endpoint.has_the_role()
    endpoint.refuses(code, words)
    result = endpoint.run(**ASKED, expected="allowed")
    assert result["reason"].startswith(f"could not simulate what role mana may do: {words.rstrip('.')}")
    assert result["warnings"] == [f"what the role may do was not simulated: {result['reason']}"]
    assert (result["simulated"], result["authoritative"]) == (False, False)
    assert (result["results"], result["unexpected"]) == ([], [])


def test_a_denied_simulation_names_the_missing_permission(endpoint: Endpoint) -> None:
    endpoint.has_the_role()
    endpoint.refuses("AccessDenied", "You may not.")
    assert endpoint.run(**ASKED)["reason"].endswith(f"the missing permission is iam:SimulatePrincipalPolicy on {ARN}")


def test_a_role_or_a_function_that_may_not_be_read_is_no_failure(endpoint: Endpoint) -> None:
    endpoint.refuses("AccessDenied", "You may not.", "get_role")
    assert endpoint.run(**ASKED)["reason"].endswith("; the missing permission is iam:GetRole on role mana")
    endpoint.refuses("AccessDeniedException", "You may not.", "get_function_configuration", "lambda")
    result = endpoint.run(**{**ASKED, "role_name": None, "lambda_function_name": "f"})
    assert result["reason"].endswith("; the missing permission is lambda:GetFunctionConfiguration on f")


def test_a_missing_role_is_refused(endpoint: Endpoint) -> None:
    endpoint.refuses("NoSuchEntity", "The role with name mana cannot be found.", "get_role")
    with pytest.raises(Impossible, match=r"^role_name: there is no role mana in this account; "):
        endpoint.run(**ASKED)


def test_any_other_failure_is_one(endpoint: Endpoint) -> None:
    endpoint.has_the_role()
    endpoint.refuses("Throttling", "Rate exceeded")
    with pytest.raises(CallFailed, match=r"^could not simulate what role mana may do: Rate exceeded$"):
        endpoint.run(**ASKED)


def test_another_endpoint_than_awss_is_no_authority() -> None:
    endpoint = Endpoint("http://127.0.0.1:4566")
    endpoint.has_the_role()
    endpoint.decides(TABLE, {"dynamodb:GetItem": "allowed"})
    result = endpoint.run(**ASKED)
    assert not result["authoritative"]
    assert result["warnings"] == [
        "the answers are those of http://127.0.0.1:4566, which is not AWS and may decide otherwise than IAM does"
    ]


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        ({"actions": ["dynamodb:*"]}, "actions: 'dynamodb:*' is not an action; "),
        ({"actions": ["GetItem"]}, "actions: 'GetItem' is not an action; "),
        ({"actions": ["a:B"], "resources": ["mana-memory"]}, "resources: 'mana-memory' is not a resource; "),
        ({"actions": []}, "actions: the list is empty; name an action"),
        ({"actions": ["a:B"], "resources": []}, 'resources: the list is empty; name a resource, or "*" for all'),
        ({"checks": [{"actions": ["a:B"]}, {"actions": []}]}, "checks[1].actions: the list is empty; "),
        ({"checks": [{"actions": ["a:B"], "resources": []}]}, "checks[0].resources: the list is empty; "),
        ({"checks": [{"actions": ["GetItem"]}]}, "checks[0].actions: 'GetItem' is not an action; "),
        ({"checks": []}, "actions, checks: nothing is asked; give one of them"),
        ({"actions": ["a:B"], "resources": ["arn:aws:dynamodb"]}, "resources: 'arn:aws:dynamodb' is not a resource; "),
        (
            {"actions": ["a:B"], "expected": "allowed", "checks": [{"actions": ["a:B"], "expected": "denied"}]},
            "checks: a:B on * cannot be both allowed and denied; ",
        ),
        ({"role_name": "a b", "actions": ["a:B"]}, "role_name: 'a b' is not a name it can have; "),
        (
            {"role_name": None, "actions": ["a:B"]},
            "role_name, lambda_function_name: none of them has a value; give one",
        ),
    ],
)
def test_a_question_that_nobody_could_answer_is_refused_before_any_call(declared: Any, sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        iam_policy_simulation_info.run(
            {"role_name": "mana", **declared}, lambda service: pytest.fail(f"{service} was asked"), False
        )
    assert str(refusal.value).startswith(sentence)


def test_a_question_is_asked_once(endpoint: Endpoint) -> None:
    endpoint.has_the_role()
    endpoint.decides(TABLE, {"dynamodb:GetItem": "allowed"})
    assert len(endpoint.run(**ASKED, checks=[{"actions": ["dynamodb:GetItem"], "resources": [TABLE]}])["results"]) == 1


def test_a_check_is_declared_in_the_singular_too() -> None:
    given = {"role_name": "r", "checks": [{"action": "a:B", "resource": "*"}]}
    (check,) = options_of(iam_policy_simulation_info, given)["checks"]
    assert (check["actions"], check["resources"]) == (["a:B"], ["*"])


def test_the_options_are_those_that_are_documented() -> None:
    documented = yaml.safe_load(iam_policy_simulation_info.DOCUMENTATION)["options"]

    def plain(options: Any) -> Any:
        return {
            name: {
                {"suboptions": "options"}.get(key, key): plain(value) if key == "suboptions" else value
                for key, value in option.items()
                if key != "description"
            }
            for name, option in options.items()
        }

    assert plain(documented) == iam_policy_simulation_info.OPTIONS

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module's engine from its parameters to its result, over a stub of Lambda that knows secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from plugins.module_utils import front, waits
from plugins.module_utils.lambda_function import service
from plugins.module_utils.reconcile import APPROVAL
from plugins.modules import lambda_environment
from tests.unit.stubbing import Stubs

NAME = {"FunctionName": "mana"}
SECRETS = {"DATABASE_PASSWORD": 'Zr8#"qv\\ Lw  2é', "SHORT": "x7", "LONG": "q8-" * 60, "EMPTY": ""}
OLD = "the-table-before-9c1f"
HIDDEN = [
    *SECRETS,
    *(value for name, value in SECRETS.items() if name not in ("SHORT", "EMPTY")),
    "'x7'",
    "q8-q8-",
    json.dumps(SECRETS["DATABASE_PASSWORD"])[1:-1],
    OLD,
]
KEY = "arn:aws:kms:eu-west-1:123456789012:key/k"


class Endpoint(Stubs):
    """Lambda, with the calls to expect and the answers to give."""

    def __init__(self) -> None:
        super().__init__("lambda")

    def has(
        self,
        revision: Any = "r1",
        status: Any = "Successful",
        state: Any = "Active",
        error: Any = None,
        **variables: Any,
    ) -> None:
        """The function is there: asked once."""
        answer = {
            "FunctionName": "mana",
            "Role": "arn:aws:iam::123456789012:role/mana",
            "State": state,
            "LastUpdateStatus": status,
            "RevisionId": revision,
            "Environment": {"Variables": {**SECRETS, **variables}, **({"Error": error} if error else {})},
            "KMSKeyArn": KEY,
        }
        if status == "Failed":
            answer["LastUpdateStatusReason"] = "The role cannot be assumed."
        self.stubbers["lambda"].add_response("get_function_configuration", answer, NAME)

    def has_none(self) -> None:
        self.stubbers["lambda"].add_client_error(
            "get_function_configuration", "ResourceNotFoundException", "Not found: mana"
        )

    def takes(self, revision: Any = "r1", **variables: Any) -> None:
        """The whole environment is written: taken once."""
        asked = {**NAME, "RevisionId": revision, "Environment": {"Variables": {**SECRETS, **variables}}}
        answer = {"FunctionName": "mana", "Role": "arn:aws:iam::123456789012:role/mana"}
        self.stubbers["lambda"].add_response("update_function_configuration", answer, asked)

    def refuses(self, code: Any, words: Any = "No.") -> None:
        self.stubbers["lambda"].add_client_error("update_function_configuration", code, words, 400)

    def run(self, check_mode: Any = False, **declared: Any) -> Any:
        """Run the engine as the front ends do. No output holds what was not declared."""
        parameters = {
            "function_name": "mana",
            "variables": {"TABLE": "memory"},
            "state": "present",
            "wait_timeout": 60,
            **declared,
        }
        with self.asked():
            result = front.answer(lambda_environment.run, parameters, self, check_mode)
        shown = json.dumps(result, ensure_ascii=False) + repr(result) + str(result.get("msg"))
        assert [hidden for hidden in HIDDEN if hidden in shown] == []
        return result


@pytest.fixture
def endpoint() -> Any:
    return Endpoint()


@pytest.fixture(autouse=True)
def no_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


SET = {
    "service": "lambda",
    "call": "UpdateFunctionConfiguration",
    "region": "eu-west-1",
    "arguments": {"FunctionName": "mana", "Environment": {"Variables": {"TABLE": "memory"}}},
    "sentence": "set the environment variable TABLE of the Lambda function mana",
}
CHANGE = {**SET, "sentence": "change the environment variable TABLE of the Lambda function mana"}
AFTERWARDS = {"region": "eu-west-1", "function_name": "mana", "variables": {"TABLE": "memory"}, "warnings": []}


def test_check_mode_reads_once_and_reports_what_would_be(endpoint: Endpoint) -> None:
    endpoint.has()
    result = endpoint.run(check_mode=True)
    assert result.pop("diff") == {
        "before_header": "environment of the Lambda function mana in eu-west-1",
        "after_header": "environment of the Lambda function mana in eu-west-1",
        "before": {"function_name": "mana", "variables": {}},
        "after": {"function_name": "mana", "variables": {"TABLE": "memory"}},
        "prepared": f"1. {SET['sentence']}\n",
    }
    given = ["function_name", "variables", "state", "wait_timeout"]
    assert sorted(result.pop("declared")) == sorted(given)
    assert [each["action"] for each in result.pop("reads")] == ["lambda:GetFunctionConfiguration"]
    assert result == {"changed": True, "check_mode": True, "plan": [SET], **AFTERWARDS}


def test_a_variable_is_set_beside_the_others_and_the_update_awaited(endpoint: Endpoint) -> None:
    endpoint.has("r1")
    endpoint.takes("r1", TABLE="memory")
    endpoint.has("r2", "InProgress", TABLE="memory")
    endpoint.has("r3", "Successful", TABLE="memory")
    endpoint.has("r3", TABLE="memory")
    result = endpoint.run()
    assert result.pop("diff")["after"]["variables"] == {"TABLE": "memory"}
    assert result == {"changed": True, "plan": [SET], **AFTERWARDS}


def test_the_value_before_is_not_shown(endpoint: Endpoint) -> None:
    endpoint.has(TABLE=OLD)
    result = endpoint.run(check_mode=True)
    assert result["plan"] == [CHANGE]
    assert result["diff"]["before"]["variables"] == {"TABLE": "(a value that is not declared)"}


@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_a_variable_that_is_there_costs_one_call(endpoint: Endpoint, check_mode: Any) -> None:
    endpoint.has(TABLE="memory")
    result = endpoint.run(check_mode)
    assert result.pop("check_mode", False) is check_mode
    assert bool(result.pop("declared", [])) is bool(result.pop("reads", [])) is check_mode
    assert result == {"changed": False, "plan": [], **AFTERWARDS}


def test_named_variables_are_removed_and_the_others_stay(endpoint: Endpoint) -> None:
    endpoint.has(TABLE=OLD)
    endpoint.takes()
    endpoint.has("r2")
    endpoint.has("r2")
    result = endpoint.run(state="absent", variables={"TABLE": None, "NEVER_THERE": None})
    sentence = "remove the environment variable TABLE of the Lambda function mana"
    arguments = {"FunctionName": "mana", "Environment": {"Variables": {"TABLE": None}}}
    assert (result["plan"], result["variables"]) == ([{**SET, "arguments": arguments, "sentence": sentence}], {})


@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_a_missing_function_is_refused_where_a_variable_is_wanted(endpoint: Endpoint, check_mode: Any) -> None:
    endpoint.has_none()
    assert endpoint.run(check_mode)["msg"] == (
        "function_name: there is no function mana in eu-west-1; create it, or name one that is there"
    )


def test_a_missing_function_has_no_variable(endpoint: Endpoint) -> None:
    endpoint.has_none()
    result = endpoint.run(state="absent")
    assert (result["changed"], result["variables"]) == (False, {})


@pytest.mark.parametrize(
    ("status", "state"),
    [("InProgress", "Active"), ("Successful", "Pending"), ("Successful", "Deactivating"), ("Successful", "Deleting")],
)
def test_a_function_in_transition_is_waited_for(endpoint: Endpoint, status: Any, state: Any) -> None:
    endpoint.has("r1", status, state)
    endpoint.has("r2", status, state)
    endpoint.has("r3")
    endpoint.has("r3")
    endpoint.takes("r3", TABLE="memory")
    endpoint.has("r4", TABLE="memory")
    endpoint.has("r4", TABLE="memory")
    assert endpoint.run()["plan"] == [SET]


@pytest.mark.parametrize("state", ["Inactive", "Deactivated", "ActiveNonInvocable"])
def test_a_function_that_rests_is_not_waited_for(endpoint: Endpoint, state: Any) -> None:
    """Rule a-function-moves-between-states."""
    endpoint.has("r1", "Successful", state)
    endpoint.takes("r1", TABLE="memory")
    endpoint.has("r2", "Successful", state, TABLE="memory")
    endpoint.has("r2", "Successful", state, TABLE="memory")
    assert endpoint.run()["plan"] == [SET]


def test_check_mode_says_that_a_real_run_would_wait(endpoint: Endpoint) -> None:
    endpoint.has(status="InProgress")
    (warning,) = endpoint.run(check_mode=True)["warnings"]
    assert warning == "environment of the Lambda function mana is being updated; a real run waits for that first"


def test_an_update_that_takes_too_long_is_reported(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "SHORTEST", -1)  # over at once
    endpoint.has(status="InProgress")
    endpoint.has(status="InProgress")
    assert endpoint.run(wait_timeout=-1)["msg"] == (
        "the Lambda function mana is still being updated after -1 seconds; "
        "wait longer with wait_timeout, or run this again later"
    )


def test_an_update_that_failed_is_reported_with_its_reason(endpoint: Endpoint) -> None:
    endpoint.has()
    endpoint.takes(TABLE="memory")
    endpoint.has("r2", "Failed", TABLE="memory")
    result = endpoint.run()
    assert result["msg"] == f"could not {SET['sentence']}: The role cannot be assumed"
    assert (result["done"], result["left"]) == ([SET], [])


def test_an_update_that_failed_before_is_a_warning(endpoint: Endpoint) -> None:
    endpoint.has(status="Failed", TABLE="memory")
    result = endpoint.run()
    assert result["warnings"] == ["the last update of the Lambda function mana failed: The role cannot be assumed"]
    assert not result["changed"]


@pytest.mark.parametrize("code", ["PreconditionFailedException", "ResourceConflictException"])
def test_a_function_that_somebody_changed_meanwhile_is_read_and_compared_again(endpoint: Endpoint, code: Any) -> None:
    endpoint.has("r1")
    endpoint.refuses(code)
    endpoint.has("r2", TABLE=OLD)
    endpoint.takes("r2", TABLE="memory")
    endpoint.has("r3", TABLE="memory")
    endpoint.has("r3", TABLE="memory")
    assert endpoint.run()["plan"] == [CHANGE]


def test_a_function_that_somebody_is_changing_is_waited_for_and_written_as_it_is_then(endpoint: Endpoint) -> None:
    endpoint.has("r1")
    endpoint.refuses("ResourceConflictException")
    endpoint.has("r2", "InProgress")
    endpoint.has("r3", "Successful", ADDED="meanwhile")
    endpoint.has("r3", "Successful", ADDED="meanwhile")
    endpoint.takes("r3", TABLE="memory", ADDED="meanwhile")
    endpoint.has("r4", TABLE="memory", ADDED="meanwhile")
    endpoint.has("r4", TABLE="memory", ADDED="meanwhile")
    assert endpoint.run()["plan"] == [SET]


def test_somebody_who_keeps_changing_the_function_is_an_error(endpoint: Endpoint) -> None:
    endpoint.has("r1")
    endpoint.refuses("PreconditionFailedException")
    endpoint.has("r2")
    endpoint.refuses("PreconditionFailedException")
    endpoint.has("r3")
    endpoint.refuses("PreconditionFailedException")
    endpoint.has("r4")
    assert endpoint.run()["msg"].endswith("somebody else keeps changing it at the same time; run this again")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("The role cannot be assumed.", "The role cannot be assumed"),
        (
            f"You exceeded the 4KB limit. String measured: {json.dumps({**SECRETS, 'TABLE': 'memory'})}",
            "You exceeded the 4KB limit",
        ),
        (f"String measured: {SECRETS}", ""),
        (f"Invalid {SECRETS['DATABASE_PASSWORD']}", "InvalidParameterValueException (AWS's words name a variable)"),
        (
            f"Invalid {json.dumps(SECRETS['DATABASE_PASSWORD'])}",
            "InvalidParameterValueException (AWS's words name a variable)",
        ),
        ("Invalid 'x7' given", "InvalidParameterValueException (AWS's words name a variable)"),
        ("Invalid DATABASE_PASSWORD given", "InvalidParameterValueException (AWS's words name a variable)"),
        (f"Invalid {SECRETS['LONG'][:30]}…", "InvalidParameterValueException (AWS's words name a variable)"),
        (f"Invalid {SECRETS!r}", "InvalidParameterValueException (AWS's words name a variable)"),
        ("A flax7 is no x and no 7", "A flax7 is no x and no 7"),
    ],
)
def test_lambdas_own_words_are_quoted_without_the_other_variables(endpoint: Endpoint, words: Any, message: Any) -> None:
    endpoint.has()
    endpoint.refuses("InvalidParameterValueException", words)
    result = endpoint.run()
    assert result["msg"].removeprefix(f"could not {SET['sentence']}").removeprefix(": ") == message
    assert (result["done"], result["failed_step"]) == ([], SET)


def test_a_denied_write_names_the_missing_permission(endpoint: Endpoint) -> None:
    endpoint.has()
    endpoint.refuses("AccessDeniedException", "You may not.")
    assert endpoint.run()["msg"] == (
        f"could not {SET['sentence']}: You may not; "
        "the missing permission is lambda:UpdateFunctionConfiguration on mana"
    )


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("AccessDeniedException", "the missing permission is"), ("KMSDisabledException", "to read it takes")],
)
@pytest.mark.parametrize("state", ["present", "absent"])
def test_an_environment_that_cannot_be_decrypted_is_an_error_and_never_written(
    endpoint: Endpoint, code: Any, meaning: Any, state: Any
) -> None:
    endpoint.has(error={"ErrorCode": code, "Message": "Lambda was unable to decrypt your environment variables."})
    assert endpoint.run(state=state)["msg"] == (
        "could not read the environment of the Lambda function mana: "
        f"Lambda was unable to decrypt your environment variables; {meaning} kms:Decrypt on {KEY}"
    )


def test_the_other_variables_count_for_the_limit_and_only_their_size_is_shown(endpoint: Endpoint) -> None:
    endpoint.has()
    message = endpoint.run(variables={"TABLE": "x" * 4060})["msg"]
    size = len(json.dumps({**SECRETS, "TABLE": "x" * 4060}, ensure_ascii=False, separators=(",", ":")).encode())
    assert message.startswith(f"variables: with them the variables of the function mana would take {size} bytes, ")


def test_a_mistake_of_ours_shows_no_value(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "size", lambda _others: 1 / 0)
    endpoint.has()
    assert endpoint.run()["msg"].startswith("this is a mistake in mana.memory, please report it: ZeroDivisionError")


def test_the_options_are_those_that_are_documented() -> None:
    documented = yaml.safe_load(lambda_environment.DOCUMENTATION)["options"]
    spec = {
        name: {key: value for key, value in option.items() if key != "description"}
        for name, option in documented.items()
    }
    assert {**spec, **APPROVAL} == lambda_environment.OPTIONS


@pytest.mark.parametrize("example", yaml.safe_load(lambda_environment.EXAMPLES), ids=lambda example: example["name"])
def test_every_example_has_known_options(example: Any) -> None:
    assert set(example["mana.memory.lambda_environment"]) <= set(lambda_environment.OPTIONS)

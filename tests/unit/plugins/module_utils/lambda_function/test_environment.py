# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Environment variables of a Lambda function: what can be declared, and the plan."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from plugins.module_utils.lambda_function import environment
from plugins.module_utils.lambda_function.environment import Environment
from plugins.module_utils.plan import Impossible

LAMBDA = botocore.session.get_session().get_service_model("lambda")

CASES = [
    ("a variable is wanted and none is there", {"TABLE": "t"}, {}, "set the environment variable TABLE"),
    ("the variable is there", {"TABLE": "t"}, {"TABLE": "t"}, None),
    ("the variable has another value", {"TABLE": "t"}, {"TABLE": None}, "change the environment variable TABLE"),
    (
        "one is new, two have other values, one is there",
        {"D": "4", "C": "3", "B": "2", "A": "1"},
        {"D": None, "C": None, "A": "1"},
        "set the environment variable B and change the environment variables C, D",
    ),
    ("nothing is named", {}, {}, None),
    ("the declared variables are to be removed", {}, {"A": "", "B": None}, "remove the environment variables A, B"),
    ("no variable is declared and none is there", {}, {}, None),
    ("an empty value is wanted", {"A": ""}, {}, "set the environment variable A"),
]
TABLE = [pytest.param(*case[1:], id=case[0]) for case in CASES]


def plan(wanted: Any, live: Any) -> Any:
    observed = Environment("f", live)
    return environment.plan(environment.desire(wanted, observed), observed)


@pytest.mark.parametrize(("wanted", "live", "sentence"), TABLE)
def test_plans(wanted: Any, live: Any, sentence: str) -> None:
    steps = [("UpdateFunctionConfiguration", f"{sentence} of the Lambda function f")] if sentence else []
    assert [(step.call, step.sentence) for step in plan(wanted, live)] == steps


@pytest.mark.parametrize(("wanted", "live", "sentence"), TABLE)
def test_lambda_knows_every_argument(wanted: Any, live: Any, sentence: str) -> None:
    for step in plan(wanted, live):
        variables = step.arguments["Environment"]["Variables"]
        kept = {name: value for name, value in variables.items() if value is not None}
        assert variables.keys() - kept.keys() == live.keys() - wanted.keys()
        arguments = {**step.arguments, "Environment": {"Variables": kept}}
        shape: Any = LAMBDA.operation_model(step.call).input_shape
        report = ParamValidator().validate(arguments, shape)
        assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize(("wanted", "live", "sentence"), TABLE)
def test_nothing_is_left_to_do_afterwards(wanted: Any, live: Any, sentence: str) -> None:
    desired = environment.desire(wanted, Environment("f", live))
    assert desired is not None
    assert plan(wanted, desired.variables) == ()


def test_a_missing_function_has_no_environment() -> None:
    assert environment.plan(environment.desire({}, None), None) == ()
    assert environment.describe(None) == {}


def test_an_undeclared_value_is_never_shown() -> None:
    variables = environment.declared_alone({"A": "1", "B": "2", "C": "3"}, {"A": "1", "B": "secret", "OTHER": "secret"})
    assert variables == {"A": "1", "B": None}
    shown = {"A": "1", "B": "(a value that is not declared)"}
    assert environment.describe(Environment("f", variables)) == {"function_name": "f", "variables": shown}


@pytest.mark.parametrize("variables", [{"A1": "1"}, {"A1": 'é\n"quoted"', "B1": "x" * 50}, {"A1": "", "B1": ""}])
@pytest.mark.parametrize("others", [{}, {"OTHER": "o"}])
def test_the_size_is_that_of_the_json_text(variables: Any, others: Any) -> None:
    text = json.dumps({**variables, **others}, separators=(",", ":"), ensure_ascii=False)
    assert environment.size(variables) + environment.size(others) + 1 == len(text.encode())


@pytest.mark.parametrize(("length", "refused"), [(4096 - len('{"A1":""}'), False), (4097 - len('{"A1":""}'), True)])
def test_variables_longer_than_lambda_allows_are_refused(length: Any, refused: Any) -> None:
    if not refused:
        assert len(plan({"A1": "x" * length}, {})) == 1
        return
    with pytest.raises(Impossible) as refusal:
        plan({"A1": "x" * length}, {})
    assert str(refusal.value) == (
        "variables: with them the variables of the function f would take 4097 bytes, 0 of which those that are not "
        "declared, and Lambda allows 4096; shorten or remove some, "
        "or keep long values in the Parameter Store or in Secrets Manager"
    )


def declared(variables: Any, state: Any = "present", function_name: Any = "f") -> Any:
    return environment.declared({"variables": variables, "state": state, "function_name": function_name})


@pytest.mark.parametrize(
    ("value", "text"),
    [("t", "t"), ("", ""), (True, "true"), (5, "5"), (1.5, "1.5")],
    ids=["text", "empty text", "a boolean", "a number", "a fraction"],
)
def test_a_plain_value_is_written_as_text(value: Any, text: Any) -> None:
    assert declared({"TABLE": value}) == {"TABLE": text}


def test_the_names_alone_count_where_the_variables_are_to_be_absent() -> None:
    assert declared({"TABLE": None, "INDEX": ["x"]}, "absent") == {"TABLE": "", "INDEX": ""}


@pytest.mark.parametrize("variables", [None, {}])
def test_no_variables_make_an_empty_environment(variables: Any) -> None:
    assert declared(variables) == {}


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"AWS_REGION": "eu-west-1"}, "variables: AWS_REGION is Lambda's own and is set by no one else; leave it out"),
        ({"_HANDLER": "x"}, "variables: _HANDLER is Lambda's own and is set by no one else; leave it out"),
        (
            {"MY-TABLE": "t"},
            "variables: 'MY-TABLE' is not a name that a variable can have; "
            "give at least two letters, digits and underscores, a letter first",
        ),
        (
            {"T": "t"},
            "variables: 'T' is not a name that a variable can have; "
            "give at least two letters, digits and underscores, a letter first",
        ),
        (
            {"TABLE": None},
            "variables: TABLE has no value; give a string, or remove the variable with state: absent",
        ),
        (
            {"TABLE": ["t"]},
            "variables: the value of TABLE is not a string; write it as one, for instance as JSON text",
        ),
    ],
)
def test_a_variable_that_lambda_would_refuse_is_refused_in_one_sentence(variables: Any, sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        declared(variables)
    assert str(refusal.value) == sentence


def test_a_variable_that_only_begins_like_lambdas_own_is_the_users() -> None:
    assert declared({"AWS_LAMBDA_EXEC_WRAPPER": "/opt/w"}) == {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/w"}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "function_name: '' is not a name it can have; give the function's name or its ARN"),
        ("my function", "function_name: 'my function' is not a name it can have; give the function's name or its ARN"),
        (
            "f:live",
            "function_name: 'f:live' names a version or an alias, the variables of which never change; give f",
        ),
        (
            "arn:aws:lambda:eu-west-1:123456789012:function:f:7",
            "function_name: 'arn:aws:lambda:eu-west-1:123456789012:function:f:7' names a version or an alias, "
            "the variables of which never change; give arn:aws:lambda:eu-west-1:123456789012:function:f",
        ),
    ],
)
def test_a_function_that_cannot_be_changed_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        declared({}, function_name=name)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("name", ["f", "arn:aws:lambda:eu-west-1:123456789012:function:f", "123456789012:function:f"])
def test_a_function_is_named_in_three_ways(name: str) -> None:
    assert declared({}, function_name=name) == {}


@pytest.mark.parametrize("seconds", [0, -1, 10**9])
def test_a_time_that_nobody_waits_is_refused(seconds: Any) -> None:
    with pytest.raises(Impossible) as refusal:
        environment.declared({"function_name": "f", "variables": {}, "state": "present", "wait_timeout": seconds})
    assert str(refusal.value) == f"wait_timeout: {seconds} is not a time to wait; give 1 to 31536000 seconds"

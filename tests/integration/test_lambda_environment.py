# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Environment variables on real endpoints: each change in check mode, for real, and again; the others never shown.

LocalStack needs a container to finish an update, so that it proves the reads, and ministack the updates.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils import front
from plugins.module_utils.connection import connector
from plugins.modules import lambda_environment
from tests.functions import make_function
from tests.integration.playbook import BIN, ROOT
from tools.endpoint import Endpoint, running, without_aws

OTHERS = {"DATABASE_PASSWORD": "zT5-improbable-secret-of-the-others-Qw8", "STAGE_OF_OTHERS": "proud-stage-4471"}
OLD = "a-table-that-was-before-3327"
HIDDEN = [*OTHERS, *OTHERS.values(), OLD]
ROLE = "arn:aws:iam::000000000000:role/nobody"


@pytest.fixture(scope="module", params=["ministack", "localstack"])
def endpoint(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def made_function(functions: Any, **variables: Any) -> Any:
    name = f"mana-memory-test-{uuid.uuid4().hex[:8]}"
    make_function(functions, name, ROLE, Environment={"Variables": {**OTHERS, **variables}})
    yield name
    # Without a runtime LocalStack deletes the function, answers 500 all the same, and is asked again.
    with contextlib.suppress(functions.exceptions.ResourceNotFoundException):
        functions.delete_function(FunctionName=name)


@pytest.fixture
def functions(client: Any, endpoint: Endpoint) -> Any:
    return client("lambda", endpoint)


@pytest.fixture
def quick(client: Any, ministack: Endpoint) -> Any:
    """Lambda where an update ends."""
    return client("lambda", ministack)


@pytest.fixture
def function(quick: Any) -> Any:
    yield from made_function(quick, TABLE=OLD)


def runner(endpoint: Any, **credentials: Any) -> Any:
    connection = {**endpoint.connection, **credentials}

    def run(check_mode: Any = False, **declared: Any) -> Any:
        """The answer of the engine, which never holds what was not declared."""
        parameters = {"state": "present", "wait_timeout": 60, **connection, **declared}
        result = front.answer(lambda_environment.run, parameters, connector(parameters), check_mode)
        assert [hidden for hidden in HIDDEN if hidden in json.dumps(result)] == []
        return result

    return run


@pytest.fixture
def run(ministack: Endpoint) -> Any:
    return runner(ministack)


def converge(run: Any, sentences: Any, **declared: Any) -> Any:
    """Declare in check mode, which changes nothing, then for real, as foretold, then again; gives the real result."""
    foretold = run(check_mode=True, **declared)
    assert [step["sentence"] for step in foretold["plan"]] == sentences
    assert run(check_mode=True, **declared)["plan"] == foretold["plan"]
    result = run(**declared)
    for part in ("changed", "plan", "variables", "diff"):
        assert result.get(part) == foretold.get(part)
    for check_mode in (True, False):
        again = run(check_mode, **declared)
        assert (again["changed"], again["plan"], again["variables"]) == (False, [], result["variables"])
    return result


def test_variables_are_set_changed_and_removed_and_the_others_stay(run: Any, quick: Any, function: Any) -> None:
    of = f"of the Lambda function {function}"
    declared = {"function_name": function, "variables": {"TABLE": "memory", "INDEX": "gsi1"}}
    steps = [f"set the environment variable INDEX and change the environment variable TABLE {of}"]
    result = converge(run, steps, **declared)
    assert result["variables"] == {"INDEX": "gsi1", "TABLE": "memory"}
    live = quick.get_function_configuration(FunctionName=function)
    assert live["Environment"]["Variables"] == {**OTHERS, "TABLE": "memory", "INDEX": "gsi1"}
    assert live["LastUpdateStatus"] == "Successful"

    result = converge(run, [f"remove the environment variable INDEX {of}"], state="absent", **{
        **declared, "variables": {"INDEX": None, "NEVER_THERE": None},
    })  # fmt: skip
    assert result["variables"] == {}
    live = quick.get_function_configuration(FunctionName=function)
    assert live["Environment"]["Variables"] == {**OTHERS, "TABLE": "memory"}


def test_the_variables_of_a_function_are_read_on_each_endpoint(endpoint: Endpoint, functions: Any) -> None:
    run = runner(endpoint)
    for function in made_function(functions, TABLE="memory"):
        of = f"of the Lambda function {function}"
        there = {"function_name": function, "variables": {"TABLE": "memory"}}
        assert run(check_mode=True, **there)["plan"] == []
        (step,) = run(check_mode=True, function_name=function, variables={"TABLE": "m", "INDEX": "i"})["plan"]
        sentence = f"set the environment variable INDEX and change the environment variable TABLE {of}"
        assert step["sentence"] == sentence
        (step,) = run(check_mode=True, state="absent", **there)["plan"]
        assert step["sentence"] == f"remove the environment variable TABLE {of}"
    assert run(function_name=function, variables={"TABLE": "m"})["msg"].startswith(
        f"function_name: there is no function {function} in us-east-1; "
    )
    assert run(function_name=function, variables={"TABLE": None}, state="absent")["plan"] == []


def test_a_variable_that_somebody_else_sets_at_the_same_time_is_not_lost(run: Any, quick: Any, function: Any) -> None:
    """Two writers, each of a variable of its own: neither undoes the other."""
    results: list[Any] = []

    def write(name: Any) -> None:
        results.extend(run(function_name=function, variables={name: str(value)}) for value in range(4))

    writers = [threading.Thread(target=write, args=(name,)) for name in ("FIRST", "SECOND")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    # A run that was overtaken twice says so, and had no effect.
    for result in results:
        assert result.get("failed") is None or "somebody else keeps changing it" in result["msg"]
    for name in ("FIRST", "SECOND"):
        run(function_name=function, variables={name: "3"})
    live = quick.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    assert live == {**OTHERS, "TABLE": OLD, "FIRST": "3", "SECOND": "3"}


@pytest.mark.parametrize("front_end", [True, False], ids=["in the controller's process", "as a module"])
def test_no_output_of_a_playbook_shows_another_variable(
    ministack: Endpoint, function: Any, tmp_path: Path, front_end: Any
) -> None:
    playbook = tmp_path / "play.yml"
    task = {"function_name": function, "variables": {"TABLE": "memory"}}
    denied = {**task, "variables": {"TABLE": "x" * 4000}}
    tasks = [
        {"mana.memory.lambda_environment": task, "register": "result"},
        {"ansible.builtin.debug": {"var": "result"}},
        {"mana.memory.lambda_environment": denied, "ignore_errors": True, "register": "refusal"},
        {"ansible.builtin.debug": {"var": "refusal"}},
        {"mana.memory.lambda_environment": {**task, "state": "absent"}},
    ]
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    done = subprocess.run(
        [BIN / "ansible-playbook", playbook, "-vvv", "--diff", "-e", f"mana_memory_in_process={front_end}"],
        cwd=ROOT,
        env={**without_aws(os.environ), **ministack.environment, "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    output = done.stdout + done.stderr
    assert "changed=2" in output, output
    assert "Lambda allows 4096" in output
    assert [hidden for hidden in HIDDEN if hidden in output] == []


def test_a_denied_update_names_the_missing_permission_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, client: Any
) -> None:
    with running("ministack", tmp_path_factory.mktemp("strict"), {"AUTH": "true"}) as strict:
        iam = client("iam", strict)
        iam.create_role(RoleName="nobody", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17"}))
        iam.create_user(UserName="reader")
        allowed = {"Effect": "Allow", "Action": "lambda:GetFunctionConfiguration", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
        iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=document)
        key = iam.create_access_key(UserName="reader")["AccessKey"]
        run = runner(strict, access_key=key["AccessKeyId"], secret_key=key["SecretAccessKey"])
        for function in made_function(client("lambda", strict), TABLE=OLD):
            result = run(function_name=function, variables={"TABLE": "memory"})
            assert result["msg"].endswith(
                f"; the missing permission is lambda:UpdateFunctionConfiguration on {function}"
            )
            assert result["done"] == []

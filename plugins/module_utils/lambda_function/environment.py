# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The named environment variables of a Lambda function, and the plan that sets or removes them.

Knows neither Ansible nor AWS. Undeclared values are replaced by ``None``, so that no sentence, diff or traceback can
leak them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .. import waits
from ..plan import Impossible, Plan, Step, refuse
from ..role_names import FUNCTION

NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")
SIZE = 4096  # bytes of all variables of a function together, as JSON
UNTOLD = "(a value that is not declared)"

# Lambda sets these itself and refuses them. Others that begin alike, such as AWS_LAMBDA_EXEC_WRAPPER, are the user's:
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)


@dataclass(frozen=True)
class Environment:
    """The declared variables that a function has; a value that is not the declared one is ``None``.

    ``rest`` is the size of the function's other variables.
    """

    function_name: str
    variables: Mapping[str, str | None] = field(hash=False)
    rest: int = 0


def declared(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The declared variables, as strings. Refuses what Lambda would refuse, before any call."""
    function = parameters["function_name"]
    form = FUNCTION.fullmatch(function)
    if not form:
        raise Impossible(f"function_name: '{function}' is not a name it can have; give the function's name or its ARN")
    if form["qualifier"]:
        raise Impossible(
            f"function_name: '{function}' names a version or an alias, the variables of which never change; "
            f"give {function[: -len(form['qualifier'])]}"
        )
    refuse(waits.out_of_range(parameters))
    removal = parameters["state"] == "absent"
    return {
        _name(name): "" if removal else _value(name, value) for name, value in (parameters["variables"] or {}).items()
    }


def declared_alone(names: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str | None]:
    """The declared variables that a function has; ``None`` for any value but the declared one."""
    there = ((name, value) for name, value in sorted(names.items()) if name in variables)
    return {name: value if variables[name] == value else None for name, value in there}


def desire(declared: Mapping[str, str], observed: Environment | None) -> Environment | None:
    """The environment with the declared variables in place of all named ones."""
    return replace(observed, variables=dict(sorted(declared.items()))) if observed else None


def plan(desired: Environment | None, observed: Environment | None) -> Plan:
    """The step that makes ``desired`` of ``observed`` (``None``: no function, and none needed).

    The step's arguments hold the declared variables alone, ``None`` for one to remove; performing adds the others.
    """
    if desired is None or observed is None:
        return ()
    clauses = [
        *_clauses("set", [name for name in desired.variables if name not in observed.variables]),
        *_clauses("change", [name for name, value in desired.variables.items() if _differs(observed, name, value)]),
        *_clauses("remove", [name for name in observed.variables if name not in desired.variables]),
    ]
    if not clauses:
        return ()
    _check_size(desired)
    name = observed.function_name
    named = {**dict.fromkeys(observed.variables), **desired.variables}
    arguments = {"FunctionName": name, "Environment": {"Variables": named}}
    sentence = f"{' and '.join(clauses)} of the Lambda function {name}"
    return (Step("lambda", "UpdateFunctionConfiguration", arguments, sentence, lengthy=True),)


def describe(environment: Environment | None) -> dict[str, Any]:
    """The environment in option names, without any value that was not declared."""
    if environment is None:
        return {}
    shown = {name: UNTOLD if value is None else value for name, value in environment.variables.items()}
    return {"function_name": environment.function_name, "variables": shown}


def title(function_name: str) -> str:
    """The name of the environment in sentences."""
    return f"environment of the Lambda function {function_name}"


def size(variables: Mapping[str, str]) -> int:
    """The size of variables as Lambda measures it for its limit: members of a JSON object, in bytes."""
    return sum(_bytes(name) + _bytes(value) + len(":,") for name, value in variables.items())


def _differs(observed: Environment, name: str, value: str | None) -> bool:
    return name in observed.variables and observed.variables[name] != value


def _clauses(verb: str, names: list[str]) -> list[str]:
    if not names:
        return []
    return [f"{verb} the environment variable{'s' if len(names) > 1 else ''} {', '.join(names)}"]


def _check_size(desired: Environment) -> None:
    taken = size({name: value or "" for name, value in desired.variables.items()}) + desired.rest + len("{}") - 1
    if taken > SIZE:
        raise Impossible(
            f"variables: with them the variables of the function {desired.function_name} would take {taken} bytes, "
            f"{desired.rest} of which those that are not declared, and Lambda allows {SIZE}; shorten or remove some, "
            "or keep long values in the Parameter Store or in Secrets Manager"
        )


def _name(name: str) -> str:
    if name in RESERVED:
        raise Impossible(f"variables: {name} is Lambda's own and is set by no one else; leave it out")
    if not NAME.fullmatch(name):
        raise Impossible(
            f"variables: '{name}' is not a name that a variable can have; "
            "give at least two letters, digits and underscores, a letter first"
        )
    return name


def _value(name: str, value: Any) -> str:
    if value is None:
        raise Impossible(f"variables: {name} has no value; give a string, or remove the variable with state: absent")
    if isinstance(value, (Mapping, list)):
        raise Impossible(f"variables: the value of {name} is not a string; write it as one, for instance as JSON text")
    text = value if isinstance(value, str) else json.dumps(value)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Impossible(f"variables: the value of {name} is not text in UTF-8; encode it, as base64") from error
    return text


def _bytes(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode())

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in tasks of lambda_environment."""

from __future__ import annotations

from typing import Any

from plugins.modules import lambda_environment as module
from tests.corpus.row import FUNCTION, LEFT_OUT, Row

__all__ = ["ROWS", "SOUND", "module"]

SOUND: dict[str, Any] = {"function_name": FUNCTION, "variables": {"TABLE": "threads"}}


def variables(**given: Any) -> dict[str, Any]:
    return {"variables": given}


ROWS = [
    Row(
        "bytes as a value", {"variables": {"MANA": b"a"}}, "variables.MANA: bytes have no form here; write them as text"
    ),
    Row("no number as a value", {"variables": {"MANA": float("nan")}}, "variables.MANA: it is no finite number; write"),
    Row("no function", {"function_name": LEFT_OUT}, "function_name", by_ansible=True),
    Row("null as function", {"function_name": None}, "function_name: it has no value; give one"),
    Row("an empty function", {"function_name": ""}, "function_name: '' is not a name it can have; give the function's"),
    Row(
        "a function with a space", {"function_name": "a b"}, "function_name: 'a b' is not a name it can have; give the"
    ),
    Row(
        "a function with a line break",
        {"function_name": "a\n"},
        "function_name: 'a\\n' is not a name it can have; give",
    ),
    Row("an alias of a function", {"function_name": "mana:live"}, "function_name: 'mana:live' names a version or an"),
    Row("a version of a function", {"function_name": "mana:7"}, "function_name: 'mana:7' names a version or an alias"),
    Row("the latest version", {"function_name": "mana:$LATEST"}, "function_name: 'mana:$LATEST' names a version or an"),
    Row("the ARN of a role", {"function_name": "arn:aws:iam::123456789012:role/a"}, "function_name: "),
    Row(
        "a function that is not there", {"function_name": "nobody"}, "function_name: there is no function nobody", True
    ),
    Row("the option of the other modules", {"lambda_function_name": "mana"}, "lambda_function_name", by_ansible=True),
    Row("no variables", {"variables": LEFT_OUT}, "variables", by_ansible=True),
    Row("null as variables", {"variables": None}, "variables: it has no value; give one"),
    Row("variables as a list", {"variables": ["A=1"]}, "variables: a list is not a mapping; write {TABLE_NAME: …}"),
    Row(
        "a variable of Lambda's own",
        variables(AWS_REGION="a"),
        "variables: AWS_REGION is Lambda's own and is set by no",
    ),
    Row("another of Lambda's own", variables(_HANDLER="a"), "variables: _HANDLER is Lambda's own and is set by no one"),
    Row(
        "a name with a dash", variables(**{"MY-TABLE": "a"}), "variables: 'MY-TABLE' is not a name that a variable can"
    ),
    Row(
        "a name of one letter", variables(A="a"), "variables: 'A' is not a name that a variable can have; give at least"
    ),
    Row(
        "a name that begins with a digit", variables(**{"1A": "a"}), "variables: '1A' is not a name that a variable can"
    ),
    Row(
        "an empty name",
        variables(**{"": "a"}),
        "variables: '' is not a name that a variable can have; give at least two",
    ),
    Row("no value", variables(TABLE=None), "variables: TABLE has no value; give a string, or remove the variable with"),
    Row("a list as value", variables(TABLE=["a"]), "variables: the value of TABLE is not a string; write it as one"),
    Row(
        "a mapping as value",
        variables(TABLE={"a": 1}),
        "variables: the value of TABLE is not a string; write it as one",
    ),
    Row("stray bytes", variables(TABLE="\udc80"), "variables: the value of TABLE is not text in UTF-8; encode it"),
    Row("a value of 5 KB", variables(TABLE="a" * 5000), "variables: with them the variables of the function", True),
    Row("no wait", {"wait_timeout": 0}, "wait_timeout: 0 is not a time to wait; give 1 to 31536000 seconds"),
    Row("a wait below zero", {"wait_timeout": -5}, "wait_timeout: -5 is not a time to wait; give 1 to"),
    Row("a wait without end", {"wait_timeout": 10**10}, "wait_timeout: 10000000000 is not a time to wait; give 1 to"),
    Row("a wait of 400 digits", {"wait_timeout": 10**400}, "wait_timeout: the number is too large for AWS; write one"),
    Row("an infinite wait", {"wait_timeout": float("inf")}, "wait_timeout: inf is not a whole number; write one such"),
    Row("an unknown state", {"state": "removed"}, "state", by_ansible=True),
]

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in tasks of iam_policy_simulation_info."""

from __future__ import annotations

from typing import Any

from plugins.modules import iam_policy_simulation_info as module
from tests.corpus.row import FUNCTION, LEFT_OUT, ROLE, Row

__all__ = ["ROWS", "SOUND", "module"]

TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/threads"
SOUND: dict[str, Any] = {"role_name": ROLE, "actions": ["dynamodb:GetItem"], "resources": [TABLE]}
CHECK: dict[str, Any] = {"actions": ["dynamodb:GetItem"], "resources": [TABLE]}


def check(**given: Any) -> dict[str, Any]:
    return {"checks": [CHECK, {name: value for name, value in {**CHECK, **given}.items() if value is not LEFT_OUT}]}


ROWS = [
    Row("neither role nor function", {"role_name": LEFT_OUT}, "role_name, lambda_function_name", by_ansible=True),
    Row("a role and a function", {"lambda_function_name": FUNCTION}, "role_name|lambda_function_name", by_ansible=True),
    Row("null as role", {"role_name": None}, "role_name, lambda_function_name: none of them has a value; give one"),
    Row("an empty role", {"role_name": ""}, "role_name: '' is not a name it can have; give 1 to 64 letters, digits"),
    Row(
        "a role with a space", {"role_name": "a b"}, "role_name: 'a b' is not a name it can have; give 1 to 64 letters"
    ),
    Row(
        "a role that is not there", {"role_name": "nobody"}, "role_name: there is no role nobody in this account", True
    ),
    Row("an empty function", {"role_name": LEFT_OUT, "lambda_function_name": ""}, "lambda_function_name: '' is not a"),
    Row("no question", {"actions": LEFT_OUT, "resources": LEFT_OUT}, "actions, checks", by_ansible=True),
    Row(
        "null as question", {"actions": None, "resources": None}, "actions, checks: nothing is asked; give one of them"
    ),
    Row("no action", {"actions": []}, "actions: the list is empty; name an action"),
    Row(
        "an empty action", {"actions": [""]}, "actions: '' is not an action; give one such as dynamodb:GetItem, without"
    ),
    Row("an action of no value", {"actions": [None]}, "actions[0]: it has no value; give one"),
    Row(
        "an action without its service", {"actions": ["GetItem"]}, "actions: 'GetItem' is not an action; give one such"
    ),
    Row("all actions", {"actions": ["*"]}, "actions: '*' is not an action; give one such as dynamodb:GetItem, without"),
    Row(
        "all actions of a service", {"actions": ["dynamodb:*"]}, "actions: 'dynamodb:*' is not an action; give one such"
    ),
    Row(
        "an action with a space",
        {"actions": "dynamodb:GetItem, dynamodb:Query"},
        "actions: ' dynamodb:Query' is not an",
    ),
    Row(
        "an action of the SDK",
        {"actions": ["dynamodb.get_item"]},
        "actions: 'dynamodb.get_item' is not an action; give",
    ),
    Row("no resource", {"resources": []}, 'resources: the list is empty; name a resource, or "*" for all'),
    Row(
        "an empty resource", {"resources": [""]}, "resources: '' is not a resource; give an ARN, or \"*\" for an action"
    ),
    Row("the name of a table", {"resources": ["threads"]}, "resources: 'threads' is not a resource; give an ARN, or"),
    Row(
        "a part of an ARN", {"resources": ["arn:aws:dynamodb"]}, "resources: 'arn:aws:dynamodb' is not a resource; give"
    ),
    Row(
        "an ARN with a line break", {"resources": [f"{TABLE}\n"]}, f"resources: '{TABLE}\\n' is not a resource; give an"
    ),
    Row("resources without actions", {"actions": LEFT_OUT, **check()}, "resources", by_ansible=True),
    Row("an unknown expectation", {"expected": "maybe"}, "expected", by_ansible=True),
    Row("a boolean as expectation", {"expected": True}, "expected", by_ansible=True),
    Row("a check without actions", check(actions=LEFT_OUT), "actions found in checks", by_ansible=True),
    Row("a check of no action", check(actions=[]), "checks[1].actions: the list is empty; name an action"),
    Row("a check of null", check(actions=None), "checks[1].actions: it has no value; give one"),
    Row("a check of no resource", check(resources=[]), "checks[1].resources: the list is empty; name a resource, or"),
    Row(
        "a check of a wildcard", check(actions=["dynamodb:Get*"]), "checks[1].actions: 'dynamodb:Get*' is not an action"
    ),
    Row("a check of a name", check(resources=["threads"]), "checks[1].resources: 'threads' is not a resource; give an"),
    Row("a check with an unknown expectation", check(expected="yes"), "expected", by_ansible=True),
    Row(
        "two expectations",
        {"expected": "allowed", **check(expected="denied")},
        f"checks: dynamodb:GetItem on {TABLE} cannot be both allowed and denied; expect one",
    ),
    Row("an option of the API", {"action_names": ["dynamodb:GetItem"]}, "action_names", by_ansible=True),
]

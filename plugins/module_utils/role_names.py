# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The names that a role and a Lambda function can have, their ARNs, and the options that name one of the two. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .plan import Impossible

ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
ROLE_ARN = re.compile(r"arn:[^:]+:iam::\d{12}:role/(?:.+/)?([\w+=,.@-]{1,64})", re.ASCII)
FUNCTION = re.compile(
    r"(arn:(?P<partition>aws[a-zA-Z-]*):lambda:)?((?P<region>[a-z]+(-[a-z]+)+-\d):)?((?P<account>\d{12}):)?(function:)?"
    r"(?P<name>[\w.-]{1,140})(?P<qualifier>:(\$LATEST(\.PUBLISHED)?|[\w-]+))?",
    re.ASCII,
)


def refuse_without(parameters: Mapping[str, Any], *options: str) -> None:
    """Refuse a task in which none of the options has a value: Ansible counts an option that is null as given."""
    if all(parameters.get(option) is None for option in options):
        raise Impossible(f"{', '.join(options)}: none of them has a value; give one")


def check_principal(parameters: Mapping[str, Any], *others: str) -> None:
    """Refuse a name that a role or a function could not have, before any call. ``others`` name a role as well."""
    refuse_without(parameters, *others, "role_name", "lambda_function_name")
    role, function = (parameters.get(name) for name in ("role_name", "lambda_function_name"))
    if role is not None and not ROLE_NAME.fullmatch(role):
        arn = ROLE_ARN.fullmatch(role)
        form = "give 1 to 64 letters, digits and characters of _+=,.@-"
        remedy = f"give its name alone, {arn.group(1)}" if arn else form
        raise misnamed("role_name", role, remedy)
    if function is not None and not FUNCTION.fullmatch(function):
        raise misnamed("lambda_function_name", function, "give the function's name or its ARN")


def function_arns(function: str, partition: str = "", region: str = "", account: str = "") -> list[str]:
    """The ARN of a function, by any of its names, and then that of the version or the alias, if the name has one.

    What the name does not tell has the values given. A text that is no name of a function has no ARN.
    """
    form = FUNCTION.fullmatch(function)
    if not form:
        return []
    place = (form["partition"] or partition, "lambda", form["region"] or region, form["account"] or account)
    arn = ":".join(("arn", *place, "function", form["name"]))
    return [arn, f"{arn}{form['qualifier']}"] if form["qualifier"] else [arn]


def misnamed(option: str, given: Any, remedy: str) -> Impossible:
    """The refusal of a name that an option cannot have."""
    return Impossible(f"{option}: '{given or ''}' is not a name it can have; {remedy}")

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The role that a task names: by the role's name, or by a Lambda function that runs with the role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .connection import CallFailed, Connect, call
from .plan import Impossible


@dataclass(frozen=True)
class Role:
    """The role that a task names. ``if_missing`` is the sentence for the case that the role does not exist."""

    name: str
    if_missing: str
    arn: str = ""

    @property
    def resource(self) -> str:
        """The resource that a denied call on the role names."""
        return self.arn or f"role {self.name}"


def find_role(parameters: Mapping[str, Any], connect: Connect) -> Role:
    """The named role, or the execution role of the named function, read with one GetFunctionConfiguration.

    The function, its role and the credentials have to belong to one account.
    """
    name = parameters.get("role_name")
    if name:
        return Role(name, f"role_name: there is no role {name} in this account; create it, or name one that is there")
    function = parameters["lambda_function_name"]
    client = connect("lambda")
    purpose = f"find the execution role of the Lambda function {function}"
    try:
        configuration = call(client, "GetFunctionConfiguration", {"FunctionName": function}, purpose, function)
    except CallFailed as failure:
        if failure.code != "ResourceNotFoundException":
            raise
        raise Impossible(
            f"lambda_function_name: there is no function {function} in {client.meta.region_name}; "
            "name one that is there, or give role_name"
        ) from failure
    arn = configuration["Role"]
    missing = f"its execution role {arn} does not exist; create it, or give the function {function} another role"
    return Role(arn.rpartition("/")[2], f"lambda_function_name: {missing}", arn)

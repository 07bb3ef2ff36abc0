# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Questions to an endpoint about a memory, and its declaration, for the tests of the playbooks."""

from __future__ import annotations

import json
import uuid
from typing import Any

from tests.functions import make_function
from tests.integration.playbook import play
from tools.lambda_role import TRUST

FRONT_ENDS = {"in process": True, "as a module": False}

# All that an audit asks for, of the table and the role alone.
AUDIT_PERMISSIONS = ["dynamodb:DescribeTable", "dynamodb:ListTagsOfResource", "iam:GetRolePolicy"]
# All that `site` and `verify` ask for beside it, once table and policy are there.
PROOF_PERMISSIONS = ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:DeleteItem"]

INDEX = {"name": "gsi1", "type": "global_all", "hash_key_name": "gsi1pk", "range_key_name": "gsi1sk"}
# The actions of the specification.
SIX = [f"dynamodb:{name}" for name in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan")]
OTHERS = {"STAGE": "production"}
CREATED = "with hash key pk (S), range key sk (S), on demand, global index gsi1 "
TRACES = ("Traceback", 'File "', "Exception ignored")


def made_role(iam: Any, trust: Any = TRUST) -> Any:
    name = f"lambda-{uuid.uuid4().hex[:12]}"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    return name


def made_function(client: Any, endpoint: Any, name: Any, role: Any) -> Any:
    """A function with this role and a variable of its own."""
    arn = client("iam", endpoint).get_role(RoleName=role)["Role"]["Arn"]
    make_function(client("lambda", endpoint), name, arn, Environment={"Variables": OTHERS})
    return name


def tables(client: Any, endpoint: Any) -> Any:
    return client("dynamodb", endpoint).list_tables()["TableNames"]


def described(client: Any, endpoint: Any, table: Any) -> Any:
    return client("dynamodb", endpoint).describe_table(TableName=table)["Table"]


def policy_of(client: Any, endpoint: Any, role: Any) -> Any:
    return client("iam", endpoint).get_role_policy(RoleName=role, PolicyName="mana-memory")["PolicyDocument"]


def items_of(client: Any, endpoint: Any, table: Any) -> Any:
    return client("dynamodb", endpoint).scan(TableName=table, ConsistentRead=True)["Items"]


def refused(run: Any) -> Any:
    """The one sentence of a run that was refused."""
    assert run.status == 2, run.output
    assert not any(trace in run.output for trace in TRACES), run.output
    (sentence,) = run.errors
    assert len(sentence) < 600
    return sentence


def declared(endpoint: Any, table: Any, **variables: Any) -> Any:
    """Run `site` with these variables, and again without a change; with the proof if a case asks for it."""
    given = {"mana_memory_table_name": table, "mana_memory_verify": False, **variables}
    first, again = (play("mana.memory.site", endpoint.environment, **given) for _run in range(2))
    assert (first.status, again.status) == (0, 0), first.output + again.output
    assert again.changed == 0, again.output
    return first

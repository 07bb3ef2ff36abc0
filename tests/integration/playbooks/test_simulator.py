# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Verdicts of IAM's simulator, as the role shows them."""

from __future__ import annotations

import json
from typing import Any

from tests.integration.playbook import play
from tests.integration.playbooks.memory import (
    PROOF_PERMISSIONS,
    SIX,
    declared,
    described,
)
from tools.endpoint import Endpoint


def verdicts(run: Any) -> Any:
    """The decision on each action and resource, as the role shows them."""
    (shown,) = (message for message in run.messages if isinstance(message, list) and "  dynamodb:" in message[0])
    return [tuple(line.split("  ")) for line in shown]


def test_the_simulators_verdicts_are_shown(client: Any, ministack: Endpoint, table: str, role: str) -> None:
    variables = {"mana_memory_client": "memory", "mana_memory_verify": True}
    run = declared(ministack, table, mana_memory_lambda_role_name=role, **variables)
    arn = described(client, ministack, table)["TableArn"]
    assert verdicts(run) == [
        *(("allowed", action, arn) for action in [*SIX[:-1], "dynamodb:DescribeTable"]),
        *(("implicitDeny", action, arn) for action in ("dynamodb:DeleteTable", "dynamodb:UpdateTable")),
        ("implicitDeny", "dynamodb:GetItem", f"{arn}-of-somebody-else"),
        ("allowed", "dynamodb:Query", f"{arn}/index/gsi1"),
    ]


def test_a_permission_that_is_not_expected_is_marked(client: Any, ministack: Endpoint, table: str, role: str) -> None:
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    client("iam", ministack).put_role_policy(
        RoleName=role, PolicyName="everything", PolicyDocument=json.dumps(everything)
    )
    run = play(
        "mana.memory.site", ministack.environment, mana_memory_table_name=table, mana_memory_lambda_role_name=role
    )
    arn = described(client, ministack, table)["TableArn"]
    marked = [line for (line,) in (verdict for verdict in verdicts(run) if len(verdict) == 1)]
    assert marked == [
        f"unexpected: dynamodb:DeleteTable on {arn} is allowed, and should be denied",
        f"unexpected: dynamodb:UpdateTable on {arn} is allowed, and should be denied",
        f"unexpected: dynamodb:GetItem on {arn}-of-somebody-else is allowed, and should be denied",
    ], run.output


def test_the_simulator_is_not_asked_where_that_is_declared(ministack: Endpoint, table: str, role: str) -> None:
    variables = {"mana_memory_simulate": False, "mana_memory_verify": True}
    run = declared(ministack, table, mana_memory_lambda_role_name=role, **variables)
    assert "What the role may do" not in run.output.replace("skipping", "")
    assert not any("  dynamodb:" in line for line in run.output.splitlines())


def test_a_denied_simulation_is_reported_and_the_proof_goes_on(
    strict: Endpoint, table: str, strict_role: Any, user_with: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": strict_role}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    user = user_with("dynamodb:DescribeTable", "iam:GetRolePolicy", "iam:GetRole", *PROOF_PERMISSIONS)
    run = play("mana.memory.site", user, **variables)
    assert (run.status, run.changed) == (0, 0), run.output
    (reason,) = (message for message in run.messages if "SimulatePrincipalPolicy" in message)
    assert "; the missing permission is iam:SimulatePrincipalPolicy on arn:aws:iam::" in reason
    assert run.result["proof"].endswith("deleted, and seen to be gone")

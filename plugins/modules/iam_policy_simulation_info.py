#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_policy_simulation_info
version_added: 1.0.0
short_description: Ask IAM's policy simulator what a role may do
description:
  - Asks whether a role, or the execution role of a Lambda function, may do actions on resources, with all its
    policies together, its permissions boundary and the organization's policies.
  - Changes nothing. An answer that is not as expected is listed in RV(unexpected), and the module does not fail.
  - If the caller may not ask, or the endpoint has no simulator, RV(simulated) is V(false), with RV(reason) and a
    warning, and the module does not fail either.
  - The policies of the resources themselves are not taken into account. Conditions are decided without the values
    of a request; the keys that a decision would depend on are listed as RV(results[].missing_context_values).
author: "the mana.memory authors (@mana)"
extends_documentation_fragment:
  - mana.memory.connection
  - mana.memory.attributes
  - mana.memory.attributes.reads
options:
  role_name:
    description:
      - The name of the role, without its path.
      - Exactly one of O(role_name) and O(lambda_function_name) has to be given.
    type: str
  lambda_function_name:
    description:
      - The name or the ARN of the Lambda function whose execution role is meant.
    type: str
  actions:
    description:
      - The actions to ask for, each on each of O(resources).
    type: list
    elements: str
  resources:
    description:
      - The ARNs of the resources. Without them, V(*), which suits actions that have no resource.
    type: list
    elements: str
  expected:
    description:
      - The answer that is expected for O(actions).
    type: str
    choices: [allowed, denied]
  checks:
    description:
      - Further questions, each with its own expectation.
    type: list
    elements: dict
    suboptions:
      actions:
        description:
          - The actions to ask for.
        type: list
        elements: str
        required: true
        aliases: [action]
      resources:
        description:
          - The ARNs of the resources, V(*) without them.
        type: list
        elements: str
        aliases: [resource]
      expected:
        description:
          - The answer that is expected.
        type: str
        choices: [allowed, denied]
notes:
  - It takes C(iam:SimulatePrincipalPolicy), and C(iam:GetRole) or C(lambda:GetFunctionConfiguration).
  - Only AWS's own simulator decides as IAM does. LocalStack takes no wildcard in a policy's resource for a match, and
    calls every denial explicit; ministack knows no policy of a role with a path.
  - At an endpoint that is not AWS's own RV(authoritative) is V(false), with a warning.
"""

EXAMPLES = r"""
- name: Ask whether the policy is least privilege
  mana.memory.iam_policy_simulation_info:
    lambda_function_name: mana
    checks:
      - actions: [dynamodb:GetItem, dynamodb:Query]
        resources:
          - arn:aws:dynamodb:us-east-1:123456789012:table/mana-memory
          - arn:aws:dynamodb:us-east-1:123456789012:table/mana-memory/index/gsi1
        expected: allowed
      - action: dynamodb:DeleteTable
        resource: arn:aws:dynamodb:us-east-1:123456789012:table/mana-memory
        expected: denied
  register: simulation

- name: It is, as far as the simulator can be asked
  ansible.builtin.assert:
    that: simulation.unexpected == []
    fail_msg: "{{ simulation.unexpected | map(attribute='sentence') | join('; ') }}"
  when: simulation.authoritative
"""

RETURN = r"""
simulated:
  description: Whether the simulator answered.
  returned: success
  type: bool
authoritative:
  description: Whether the answers come from AWS itself.
  returned: success
  type: bool
reason:
  description: Why the simulator was not or could not be asked.
  returned: when RV(simulated) is V(false)
  type: str
role_arn:
  description: The ARN of the role.
  returned: when it is known
  type: str
results:
  description: The answers, in the order of the questions.
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: The action.
      type: str
      sample: dynamodb:GetItem
    resource:
      description: The resource.
      type: str
      sample: arn:aws:dynamodb:us-east-1:123456789012:table/mana-memory
    decision:
      description:
        - The simulator's decision, V(allowed), V(implicitDeny) if no statement allows the action, or V(explicitDeny)
          if a statement denies it.
        - V(unanswered) if the endpoint had no answer for this action and resource.
      type: str
      sample: allowed
    allowed:
      description: Whether the action is allowed, null without an answer.
      type: bool
    expected:
      description: The expected decision, if the question has one.
      type: str
      sample: allowed
    missing_context_values:
      description: The condition keys that the decision would depend on, if there are any.
      type: list
      elements: str
unexpected:
  description: The results that are not as expected, each with a sentence.
  returned: success
  type: list
  elements: dict
  sample:
    - action: dynamodb:DeleteTable
      resource: arn:aws:dynamodb:us-east-1:123456789012:table/mana-memory
      decision: allowed
      allowed: true
      expected: denied
      sentence: >-
        dynamodb:DeleteTable on arn:aws:dynamodb:us-east-1:123456789012:table/mana-memory is allowed, and should be
        denied
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.mana.memory.plugins.module_utils import roles
from ansible_collections.mana.memory.plugins.module_utils.call_faults import DENIED
from ansible_collections.mana.memory.plugins.module_utils.connection import CallFailed, Connect, where
from ansible_collections.mana.memory.plugins.module_utils.front import run_module
from ansible_collections.mana.memory.plugins.module_utils.iam import simulation

EXPECTED: dict[str, Any] = {"type": "str", "choices": ["allowed", "denied"]}
CHECK: dict[str, dict[str, Any]] = {
    "actions": {"type": "list", "elements": "str", "required": True, "aliases": ["action"]},
    "resources": {"type": "list", "elements": "str", "aliases": ["resource"]},
    "expected": EXPECTED,
}
OPTIONS: dict[str, dict[str, Any]] = {
    "role_name": {"type": "str"},
    "lambda_function_name": {"type": "str"},
    "actions": {"type": "list", "elements": "str"},
    "resources": {"type": "list", "elements": "str"},
    "expected": EXPECTED,
    "checks": {"type": "list", "elements": "dict", "options": CHECK},
}
SPEC: dict[str, Any] = {
    "argument_spec": OPTIONS,
    "mutually_exclusive": [("role_name", "lambda_function_name")],
    "required_one_of": [("role_name", "lambda_function_name"), ("actions", "checks")],
    "required_by": {"resources": "actions", "expected": "actions"},
}


def run(parameters: Mapping[str, Any], connect: Connect, _check_mode: bool) -> dict[str, Any]:
    """Ask the simulator. Raises Impossible, and CallFailed for failures other than a denial or a missing simulator."""
    asked = simulation.questions(parameters)
    try:
        role = roles.find_role(parameters, connect)
    except CallFailed as failure:
        if failure.code not in DENIED:
            raise
        return _not_simulated(failure.sentence)
    iam, arn = connect("iam"), role.arn
    try:
        arn = simulation.read_role_arn(iam, role)
        answers = simulation.simulate(iam, role, arn, asked)
    except simulation.NotSimulated as reason:
        return _not_simulated(str(reason), arn)
    results, unexpected = [], []
    for question, verdict in answers.items():
        described = simulation.describe(question, verdict)
        results.append(described)
        if sentence := simulation.unexpected(question, verdict):
            unexpected.append({**described, "sentence": sentence})
    another = where(iam).endpoint_url
    authoritative = not another
    doubt = f"the answers are those of {another}, which is not AWS and may decide otherwise than IAM does"
    return {
        "changed": False,
        "simulated": True,
        "authoritative": authoritative,
        "role_arn": arn,
        "results": results,
        "unexpected": unexpected,
        "warnings": [] if authoritative else [doubt],
    }


def _not_simulated(reason: str, arn: str = "") -> dict[str, Any]:
    return {
        "changed": False,
        "simulated": False,
        "authoritative": False,
        "reason": reason,
        **({"role_arn": arn} if arn else {}),
        "results": [],
        "unexpected": [],
        "warnings": [f"what the role may do was not simulated: {reason}"],
    }


def main() -> None:
    """Run as an Ansible module."""
    run_module(SPEC, run)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: lambda_environment
version_added: 1.0.0
short_description: Set environment variables of a Lambda function, and leave the others alone
description:
  - Sets or removes the named environment variables of a Lambda function. All others stay as they are.
  - Neither the names nor the values of the others appear anywhere, not in results, differences, errors, or at any
    verbosity. The same holds for the value that a named variable has before it gets the declared one.
  - Lambda takes all variables at once. The module reads them, and writes them back with the named ones changed, only
    if nobody has changed the function in between; else it reads and compares them once more.
  - A function that is being created or updated is waited for, and so is the end of the update. One that failed is an
    error with Lambda's reason.
author: "the mana.memory authors (@mana)"
extends_documentation_fragment:
  - mana.memory.connection
  - mana.memory.attributes
  - mana.memory.attributes.writes
  - mana.memory.approval
options:
  function_name:
    description:
      - The name or the ARN of the function, without a version or an alias, the variables of which never change.
    type: str
    required: true
  variables:
    description:
      - The variables, each with its value. Numbers and booleans are written as in JSON, V(true) as C(true).
      - With O(state=absent) the names alone count.
      - Variables that Lambda sets itself, such as E(AWS_REGION) and E(AWS_LAMBDA_FUNCTION_NAME), are refused. So are
        values that would make all variables of the function longer than the 4096 bytes that Lambda allows.
      - Ansible shows the declared values like the values of any other option. For a secret, set C(no_log) on the task,
        or better keep it in Secrets Manager and declare its name.
    type: dict
    required: true
  state:
    description:
      - Whether the function has the variables.
      - With V(absent), a function that does not exist is as good as a function without the variables.
    type: str
    choices: [present, absent]
    default: present
  wait_timeout:
    description:
      - How many seconds to wait for Lambda to finish an update, 1 to 31536000.
    type: int
    default: 300
notes:
  - Needs C(lambda:GetFunctionConfiguration) and C(lambda:UpdateFunctionConfiguration). For variables that are encrypted
    with a key of your own, it needs C(kms:Decrypt), and C(kms:Encrypt) to change them.
  - The module sets the variables of C($LATEST). A published version, and an alias of it, keeps the variables that it
    was published with; publish a new version for its callers.
"""

EXAMPLES = r"""
- name: The function knows the table
  mana.memory.lambda_environment:
    function_name: mana
    variables:
      MANA_MEMORY_TABLE: mana-memory

- name: The function no longer has two variables
  mana.memory.lambda_environment:
    function_name: mana
    variables:
      OLD_TABLE:
      OLD_INDEX:
    state: absent
"""

RETURN = r"""
function_name:
  description: The name of the function, as declared.
  returned: success
  type: str
  sample: mana
variables:
  description: The named variables that the function has afterwards, or in check mode would have.
  returned: success
  type: dict
  sample:
    MANA_MEMORY_TABLE: mana-memory
plan:
  description: The steps that were taken, or in check mode would be taken.
  returned: success
  type: list
  elements: dict
  contains:
    service:
      description: The service that is called.
      type: str
      sample: lambda
    call:
      description: The API call.
      type: str
      sample: UpdateFunctionConfiguration
    region:
      description: The region that is called.
      type: str
      sample: us-east-1
    arguments:
      description:
        - The arguments of the call, as the API names them. Only the variables in O(variables) are shown, with null for
          a variable that is removed; the call also carries the function's other variables, unchanged.
      type: dict
    sentence:
      description: The step in words.
      type: str
      sample: set the environment variable MANA_MEMORY_TABLE of the Lambda function mana
region:
  description: The region that was called.
  returned: success, or when a step failed
  type: str
  sample: us-east-1
endpoint_url:
  description: The address of the endpoint.
  returned: when it is not AWS's
  type: str
  sample: http://127.0.0.1:4566
digests:
  description:
    - A digest of the value of each named variable that has another value than the declared one, for
      M(mana.memory.audit) and M(mana.memory.plan). It is made with scrypt and a salt of the region and the function.
  returned: in check mode, where a value differs
  type: dict
  sample:
    MANA_MEMORY_TABLE: 3cba5a0c23b8e2c2c4f7f1d8a3b1e0aa
declared:
  description: The names of the options that have a value, for M(mana.memory.audit). Each index and replica has its own.
  returned: in check mode
  type: list
  elements: str
reads:
  description: What the task calls in check mode, each as an C(action) and a C(resource), for M(mana.memory.audit).
  returned: in check mode
  type: list
  elements: dict
declared_at:
  description: The file and the line that declare each of these, for M(mana.memory.audit).
  returned: in check mode
  type: dict
check_mode:
  description: Whether this ran in check mode, so that nothing was changed.
  returned: in check mode
  type: bool
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from ansible_collections.mana.memory.plugins.module_utils.connection import Connect, where
from ansible_collections.mana.memory.plugins.module_utils.front import run_module
from ansible_collections.mana.memory.plugins.module_utils.lambda_function import environment
from ansible_collections.mana.memory.plugins.module_utils.lambda_function.service import Function
from ansible_collections.mana.memory.plugins.module_utils.reconcile import APPROVAL, reconcile
from ansible_collections.mana.memory.plugins.module_utils.resource import Resource

OPTIONS: dict[str, dict[str, Any]] = {
    "function_name": {"type": "str", "required": True},
    "variables": {"type": "dict", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "wait_timeout": {"type": "int", "default": 300},
    **APPROVAL,
}
SPEC: dict[str, Any] = {"argument_spec": OPTIONS}


def run(parameters: Mapping[str, Any], connect: Connect, check_mode: bool) -> dict[str, Any]:
    """Bring the variables to what ``parameters`` declare. Raises Impossible, CallFailed and Failed."""
    names, name = environment.declared(parameters), parameters["function_name"]
    present = parameters["state"] == "present"
    client = connect("lambda")
    function = Function(client, name, names, present, parameters["wait_timeout"])
    resource = Resource(
        title=environment.title(name),
        where=where(client),
        observe=function.observe,
        desire=partial(environment.desire, names if present else {}),
        plan=environment.plan,
        perform=function.perform,
        describe=environment.describe,
        settle=function.settle,
    )
    outcome = reconcile(resource, check_mode, parameters.get("approved_steps"))
    warnings = outcome.report.pop("warnings", [])
    if function.failure:
        warnings.append(f"the last update of the Lambda function {name} failed: {function.failure}")
    shown = {"function_name": name, "variables": {}, **environment.describe(outcome.value)}
    digests = function.digests()
    return {**outcome.report, **shown, **({"digests": digests} if digests else {}), "warnings": warnings}


def main() -> None:
    """Run as an Ansible module."""
    run_module(SPEC, run)


if __name__ == "__main__":
    main()

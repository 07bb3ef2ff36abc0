#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_role_policy
version_added: 1.0.0
short_description: Put an inline or a managed policy on an IAM role, or remove it
description:
  - Puts an inline policy on a role, or on the execution role of a Lambda function, or removes it from there.
  - With O(type=managed) it creates a managed policy of the account, gives it a new default version when its meaning
    changes, and attaches it to the role; or it detaches the policy, and deletes it unless somebody else has it.
  - With O(policy_arn) it attaches or detaches a managed policy that is there, AWS's own among them, and leaves the
    policy itself alone.
  - Policies are compared by meaning. The order of statements and of list members, repetitions, a string in place of
    a list of one, the case of action names and condition keys, and V(true) in place of V("true") in a condition are
    no difference.
  - A C(Sid) or C(Id) means nothing to IAM. A declared one is written if it is missing; one that is left out stays as
    it is.
  - The role's other policies, its permissions boundary and its trust policy stay as they are, and so do the
    attachments of a managed policy to anybody else.
  - If others have a managed policy too, or have it as their permissions boundary, the sentence of the step that gives
    the policy a new version names them.
author: "the mana.memory authors (@mana)"
extends_documentation_fragment:
  - mana.memory.connection
  - mana.memory.attributes
  - mana.memory.attributes.writes
  - mana.memory.approval
options:
  role_name:
    description:
      - The name of the role, without its path.
      - Exactly one of O(role_name) and O(lambda_function_name) has to be given.
    type: str
  lambda_function_name:
    description:
      - The name or the ARN of the Lambda function whose execution role is meant.
      - The function has to be in the account of the credentials.
    type: str
  type:
    description:
      - Whether the policy O(policy_name) is a part of the role, V(inline), or a thing of its own that is attached to
        the role, V(managed).
      - An inline and a managed policy of the same name are two policies. To change one into the other takes two tasks.
      - Ignored with O(policy_arn), which always is a managed policy.
    type: str
    choices: [inline, managed]
    default: inline
  policy_name:
    description:
      - The name of the policy, 1 to 128 letters, digits and characters of C(_+=,.@-).
      - Exactly one of O(policy_name) and O(policy_arn) has to be given.
    type: str
  policy_arn:
    description:
      - The ARN of a managed policy that is there, for instance one of AWS's own, to be attached as it is.
      - With O(state=absent) it is detached, and never deleted.
    type: str
  policy_document:
    description:
      - The policy, in YAML or as JSON text, which may have white space around it.
      - Required with O(state=present) and O(policy_name), ignored with O(state=absent).
      - It is checked before any call. Each statement has an C(Effect), one of C(Action) and C(NotAction), one of
        C(Resource) and C(NotResource), and no C(Principal).
    type: dict
    aliases: [policy_json]
  path:
    description:
      - The path of a managed policy, by default V(/). It begins and ends with a slash.
      - It is a part of the ARN, so that another path means another policy.
    type: str
  description:
    description:
      - The description of a managed policy, in one line. IAM cannot change it later, so that another one is refused.
    type: str
  tags:
    description:
      - The tags of a managed policy. Without this option, tags stay as they are.
    type: dict
  purge_tags:
    description:
      - Whether tags that O(tags) does not name are removed. Ignored without O(tags).
    type: bool
    default: true
  list_others:
    description:
      - Whether RV(other_policies) tells which other policies the role has. They are compared with nothing, and stay as
        they are. In an audit each of them is V(not_compared).
      - It takes C(iam:ListRolePolicies) and C(iam:ListAttachedRolePolicies).
    type: bool
    default: false
    version_added: 1.1.0
  state:
    description:
      - Whether the policy is there.
      - With V(absent), a managed policy is detached from the role, and then deleted with all its versions unless
        somebody else has it, or has it as permissions boundary; then it stays, and the sentence of the step says why.
      - With V(absent), a role that does not exist is as good as one without the policy. A Lambda function that does
        not exist is an error all the same, since it does not say which role was meant.
    type: str
    choices: [present, absent]
    default: present
"""

EXAMPLES = r"""
- name: The function may read and write the memory
  mana.memory.iam_role_policy:
    lambda_function_name: mana
    policy_name: mana-memory-access
    policy_document:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Action:
            - dynamodb:GetItem
            - dynamodb:PutItem
            - dynamodb:UpdateItem
            - dynamodb:DeleteItem
            - dynamodb:Query
            - dynamodb:Scan
          Resource:
            - arn:aws:dynamodb:us-east-1:*:table/mana-memory
            - arn:aws:dynamodb:us-east-1:*:table/mana-memory/index/*

- name: A role has the policy of a file
  mana.memory.iam_role_policy:
    role_name: mana-lambda
    policy_name: mana-memory-access
    policy_document: "{{ lookup('file', 'policy.json') }}"

- name: A role no longer has the policy
  mana.memory.iam_role_policy:
    role_name: mana-lambda
    policy_name: mana-memory-access
    state: absent

- name: A policy that several roles can have is attached to this one
  mana.memory.iam_role_policy:
    role_name: mana-lambda
    type: managed
    policy_name: mana-memory-access
    path: /mana/
    description: What mana may do with its memory
    policy_document: "{{ lookup('file', 'policy.json') }}"
    tags:
      service: mana

- name: A role has one of AWS's own policies
  mana.memory.iam_role_policy:
    role_name: mana-lambda
    policy_arn: arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
"""

RETURN = r"""
role_name:
  description: The name of the role.
  returned: success
  type: str
  sample: mana-lambda
policy_name:
  description: The name of the policy.
  returned: success
  type: str
  sample: mana-memory-access
policy_document:
  description: The policy as it is afterwards, in check mode as it would be.
  returned: when the policy is there, and is not attached by O(policy_arn)
  type: dict
policy_arn:
  description: The ARN of the managed policy.
  returned: for a managed policy
  type: str
  sample: arn:aws:iam::123456789012:policy/mana/mana-memory-access
attached:
  description: Whether the role has the managed policy.
  returned: for a managed policy
  type: bool
path:
  description: The path of the managed policy.
  returned: for a managed policy that is there
  type: str
  sample: /mana/
description:
  description: The description of the managed policy.
  returned: for a managed policy that is there, and is not attached by O(policy_arn)
  type: str
tags:
  description: The tags of the managed policy.
  returned: for a managed policy that is there, and is not attached by O(policy_arn)
  type: dict
other_policies:
  description: The role's other policies, inline ones by name, managed ones by ARN.
  returned: with O(list_others=true)
  type: list
  elements: dict
  contains:
    name:
      description: The name of an inline policy, the ARN of a managed one.
      type: str
      sample: arn:aws:iam::aws:policy/AdministratorAccess
    type:
      description: V(inline) or V(managed).
      type: str
      sample: managed
plan:
  description: The steps that were taken, in check mode those that would be.
  returned: success
  type: list
  elements: dict
  contains:
    service:
      description: The service that is called.
      type: str
      sample: iam
    call:
      description: The API call.
      type: str
      sample: PutRolePolicy
    region:
      description: The region that is called.
      type: str
      sample: us-east-1
    arguments:
      description: The arguments of the call, as the API names them.
      type: dict
    sentence:
      description: The step in words.
      type: str
      sample: >-
        put the policy mana-memory-access on role mana-lambda (adds the statement Allow dynamodb:GetItem,
        dynamodb:PutItem, dynamodb:DeleteItem, dynamodb:Query on arn:aws:dynamodb:us-east-1:*:table/mana-memory,
        arn:aws:dynamodb:us-east-1:*:table/mana-memory/index/*)
region:
  description: The region that was called. IAM is the same in all regions of a partition.
  returned: success, or when a step failed
  type: str
  sample: us-east-1
endpoint_url:
  description: The address of the endpoint.
  returned: when it is not AWS's
  type: str
  sample: http://127.0.0.1:4566
account_id:
  description: The account of a managed policy. The answers about an inline policy contain no account.
  returned: when the policy is managed, and there or declared
  type: str
  sample: "123456789012"
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

from ansible_collections.mana.memory.plugins.module_utils import roles
from ansible_collections.mana.memory.plugins.module_utils.connection import Connect, where
from ansible_collections.mana.memory.plugins.module_utils.front import run_module
from ansible_collections.mana.memory.plugins.module_utils.iam import (
    managed_policy,
    managed_service,
    role_policy,
    service,
)
from ansible_collections.mana.memory.plugins.module_utils.iam.role_policy import RolePolicy
from ansible_collections.mana.memory.plugins.module_utils.plan import account_of
from ansible_collections.mana.memory.plugins.module_utils.reconcile import APPROVAL, reconcile
from ansible_collections.mana.memory.plugins.module_utils.resource import Resource

OPTIONS: dict[str, dict[str, Any]] = {
    "role_name": {"type": "str"},
    "lambda_function_name": {"type": "str"},
    "type": {"type": "str", "choices": ["inline", "managed"], "default": "inline"},
    "policy_name": {"type": "str"},
    "policy_arn": {"type": "str"},
    "policy_document": {"type": "dict", "aliases": ["policy_json"]},
    "path": {"type": "str"},
    "description": {"type": "str"},
    "tags": {"type": "dict"},
    "purge_tags": {"type": "bool", "default": True},
    "list_others": {"type": "bool", "default": False},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    **APPROVAL,
}
SPEC: dict[str, Any] = {
    "argument_spec": OPTIONS,
    "mutually_exclusive": [
        ("role_name", "lambda_function_name"),
        ("policy_name", "policy_arn"),
        ("policy_document", "policy_arn"),
    ],
    "required_one_of": [("role_name", "lambda_function_name"), ("policy_name", "policy_arn")],
    "required_if": [("state", "present", ("policy_document", "policy_arn"), True)],
}


def run(parameters: Mapping[str, Any], connect: Connect, check_mode: bool) -> dict[str, Any]:
    """Bring the policy to what ``parameters`` declare. Raises Impossible, CallFailed and Failed."""
    role_policy.check_names(parameters)
    managed = parameters.get("type") == "managed" or parameters.get("policy_arn") is not None
    return (_managed if managed else _inline)(parameters, connect, check_mode)


def _inline(parameters: Mapping[str, Any], connect: Connect, check_mode: bool) -> dict[str, Any]:
    managed_policy.refuse_for_inline(parameters)
    document = role_policy.declared_document(parameters)
    role, policy_name = roles.find_role(parameters, connect), parameters["policy_name"]
    declared = None if document is None else RolePolicy(role.name, policy_name, document)
    iam = connect("iam")
    beside = _beside(parameters, connect, check_mode, role, policy_name)
    resource = Resource(
        title=role_policy.title(role.name, policy_name),
        where=where(iam),
        observe=partial(service.observe, iam, role, policy_name, role_needed=declared is not None),
        desire=partial(role_policy.desire, declared),
        plan=role_policy.plan,
        perform=partial(service.perform, iam, role),
        describe=role_policy.describe,
    )
    outcome = reconcile(resource, check_mode, parameters.get("approved_steps"))
    names = {"role_name": role.name, "policy_name": policy_name}
    return {**outcome.report, **names, **role_policy.describe(outcome.value), **beside}


def _managed(parameters: Mapping[str, Any], connect: Connect, check_mode: bool) -> dict[str, Any]:
    declared = managed_policy.declared(parameters)
    role = roles.find_role(parameters, connect)
    arn = managed_service.policy_arn(parameters, connect, role)
    iam = connect("iam")
    beside = _beside(parameters, connect, check_mode, role, arn)
    resource = Resource(
        title=managed_policy.title(arn, role.name),
        where=where(iam),
        account=lambda _policy: account_of(arn),
        observe=partial(managed_service.observe, iam, role, arn, declared),
        desire=partial(managed_policy.desire, declared, arn=arn, role_name=role.name),
        plan=managed_policy.plan,
        perform=partial(managed_service.perform, iam, role, arn),
        describe=managed_policy.describe,
    )
    outcome = reconcile(resource, check_mode, parameters.get("approved_steps"))
    names = {"role_name": role.name, "policy_name": arn.rpartition("/")[2], "policy_arn": arn, "attached": False}
    return {**outcome.report, **names, **managed_policy.describe(outcome.value), **beside}


def _beside(
    parameters: Mapping[str, Any], connect: Connect, check_mode: bool, role: roles.Role, own: str
) -> dict[str, Any]:
    """The role's other policies, if the task asks for them."""
    if not parameters.get("list_others"):
        return {}
    from ansible_collections.mana.memory.plugins.module_utils.iam import others

    rest = {**parameters, "list_others": False}
    return {others.PART: others.others(connect("iam"), role, own, lambda: run(rest, connect, check_mode))}


def main() -> None:
    """Run as an Ansible module."""
    run_module(SPEC, run)


if __name__ == "__main__":
    main()

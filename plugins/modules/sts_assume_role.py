#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: sts_assume_role
version_added: 1.0.0
short_description: Get the credentials of a role for a while
description:
  - Assumes a role, or the execution role of a Lambda function, so that other tasks can do what exactly this role may
    do. Changes nothing, and does the same in check mode.
  - If a profile of the AWS configuration has C(role_arn) and C(source_profile), the option O(profile) of any module
    does the same without this module.
  - The options and results have the names of C(amazon.aws.sts_assume_role).
  - The result is never shown, at no verbosity, as if the task had C(no_log); the result of a failure is shown. A
    registered result holds the credentials, so that a C(debug) of it would show them. No option lets them expire
    before O(duration_seconds).
author: "the mana.memory authors (@mana)"
extends_documentation_fragment:
  - mana.memory.connection
  - mana.memory.attributes
  - mana.memory.attributes.reads
options:
  role_arn:
    description:
      - The ARN of the role.
      - Exactly one of O(role_arn), O(role_name) and O(lambda_function_name) has to be given.
    type: str
  role_name:
    description:
      - The name of a role in the account of the credentials, without its path. It is looked up with C(iam:GetRole).
    type: str
  lambda_function_name:
    description:
      - The name or the ARN of the Lambda function whose execution role to assume.
    type: str
  role_session_name:
    description:
      - The name of the session in CloudTrail.
    type: str
    default: mana-memory
  duration_seconds:
    description:
      - How long the credentials are valid, 900 seconds or more, up to what the role allows.
    type: int
    default: 900
  external_id:
    description:
      - The external ID that the role's trust policy asks for, 2 to 1224 letters, digits and characters of C(_+=,.@:/-).
    type: str
  mfa_serial_number:
    description:
      - The MFA device of the caller, by its serial number or its ARN, if the role's trust policy asks for a code.
      - Required together with O(mfa_token).
    type: str
    version_added: 1.1.0
  mfa_token:
    description:
      - The six digits that the device shows now, in quotes, for instance from C(vars_prompt) or C(--extra-vars). A code
        counts once.
      - Required together with O(mfa_serial_number).
    type: str
    version_added: 1.1.0
  policy:
    description:
      - A policy that limits the session, in YAML or as JSON text. The session may do what both this policy and the
        role's policies allow.
      - Up to 2048 characters.
    type: dict
    version_added: 1.1.0
notes:
  - Needs C(sts:AssumeRole) on the role, and a trust policy of the role that names the caller. The role of a Lambda
    function usually trusts C(lambda.amazonaws.com) alone.
  - LocalStack gives credentials for a role that does not exist too.
"""

EXAMPLES = r"""
- name: Do what the function may do
  block:
    - name: Become the function's role
      mana.memory.sts_assume_role:
        lambda_function_name: mana
      register: session

    - name: Read an item with its rights
      mana.memory.dynamodb_item_info:
        access_key: "{{ session.sts_creds.access_key }}"
        secret_key: "{{ session.sts_creds.secret_key }}"
        session_token: "{{ session.sts_creds.session_token }}"
        table_name: mana-memory
        key: {pk: thread, sk: "1"}

- name: Become a role that asks for a code, as a profile with mfa_serial does
  mana.memory.sts_assume_role:
    profile: base
    role_arn: arn:aws:iam::123456789012:role/operator
    mfa_serial_number: arn:aws:iam::123456789012:mfa/me
    mfa_token: "{{ code }}"
    duration_seconds: 3600
  register: operator

- name: Become a role, to read one table alone
  mana.memory.sts_assume_role:
    role_name: operator
    policy:
      Version: "2012-10-17"
      Statement:
        Effect: Allow
        Action: [dynamodb:GetItem, dynamodb:Query]
        Resource: arn:aws:dynamodb:*:*:table/mana-memory
"""

RETURN = r"""
sts_creds:
  description: The credentials. Each has the name of a connection option of every module of this collection.
  returned: success
  type: dict
  contains:
    access_key:
      description: The access key ID.
      type: str
    secret_key:
      description: The secret access key.
      type: str
    session_token:
      description: The session token.
      type: str
    expiration:
      description: When they expire.
      type: str
      sample: "2026-01-01T12:00:00+00:00"
sts_user:
  description: The identity that the credentials give.
  returned: success
  type: dict
  contains:
    arn:
      description: The ARN of the session.
      type: str
      sample: arn:aws:sts::123456789012:assumed-role/mana-lambda/mana-memory
    assumed_role_id:
      description: The ID of the session.
      type: str
role_arn:
  description: The ARN of the role.
  returned: success
  type: str
  sample: arn:aws:iam::123456789012:role/mana-lambda
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.mana.memory.plugins.module_utils.connection import Connect
from ansible_collections.mana.memory.plugins.module_utils.front import run_module
from ansible_collections.mana.memory.plugins.module_utils.iam import assumption

OPTIONS: dict[str, dict[str, Any]] = {
    "role_arn": {"type": "str"},
    "role_name": {"type": "str"},
    "lambda_function_name": {"type": "str"},
    "role_session_name": {"type": "str", "default": "mana-memory"},
    "duration_seconds": {"type": "int", "default": 900},
    "external_id": {"type": "str"},
    "mfa_serial_number": {"type": "str"},
    "mfa_token": {"type": "str", "no_log": True},
    "policy": {"type": "dict"},
}
SPEC: dict[str, Any] = {
    "argument_spec": OPTIONS,
    "mutually_exclusive": [("role_arn", "role_name", "lambda_function_name")],
    "required_one_of": [("role_arn", "role_name", "lambda_function_name")],
    "required_together": [("mfa_serial_number", "mfa_token")],
}


def run(parameters: Mapping[str, Any], connect: Connect, _check_mode: bool) -> dict[str, Any]:
    """Assume the role. Raises Impossible and CallFailed."""
    assumption.check(parameters)
    arn = assumption.role_arn(parameters, connect)
    answer = assumption.assume(parameters, connect, arn)
    credentials, user = answer["Credentials"], answer.get("AssumedRoleUser", {})
    return {
        "changed": False,
        "role_arn": arn,
        "sts_creds": {
            "access_key": credentials["AccessKeyId"],
            "secret_key": credentials["SecretAccessKey"],
            "session_token": credentials["SessionToken"],
            "expiration": credentials["Expiration"].isoformat(),
        },
        "sts_user": {"arn": user.get("Arn"), "assumed_role_id": user.get("AssumedRoleId")},
    }


def main() -> None:
    """Run as an Ansible module."""
    run_module(SPEC, run)


if __name__ == "__main__":
    main()

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in tasks of sts_assume_role."""

from __future__ import annotations

from typing import Any

from plugins.modules import sts_assume_role as module
from tests.corpus.row import LEFT_OUT, ROLE, Row

__all__ = ["ROWS", "SOUND", "module"]

ARN = f"arn:aws:iam::000000000000:role/{ROLE}"
SOUND: dict[str, Any] = {"role_arn": ARN}
DEVICE = {"mfa_serial_number": "arn:aws:iam::000000000000:mfa/me"}
ALLOW = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}


def by(**given: Any) -> dict[str, Any]:
    return {"role_arn": LEFT_OUT, **given}


ROWS = [
    Row("no role", {"role_arn": LEFT_OUT}, "role_arn, role_name, lambda_function_name", by_ansible=True),
    Row("two roles", {"role_name": ROLE}, "role_arn|role_name", by_ansible=True),
    Row(
        "null as ARN",
        {"role_arn": None},
        "role_arn, role_name, lambda_function_name: none of them has a value; give one",
    ),
    Row(
        "null as name",
        by(role_name=None),
        "role_arn, role_name, lambda_function_name: none of them has a value; give one",
    ),
    Row("an empty ARN", {"role_arn": ""}, "role_arn: '' is not the ARN of a role; give it, or its name as role_name"),
    Row("a name as ARN", {"role_arn": ROLE}, f"role_arn: '{ROLE}' is not the ARN of a role; give it, or its name as"),
    Row(
        "the ARN of a policy", {"role_arn": "arn:aws:iam::aws:policy/P"}, "role_arn: 'arn:aws:iam::aws:policy/P' is not"
    ),
    Row(
        "an ARN with a line break", {"role_arn": f"{ARN}\n"}, f"role_arn: '{ARN}\\n' is not the ARN of a role; give it"
    ),
    Row(
        "an ARN without an account", {"role_arn": "arn:aws:iam:::role/a"}, "role_arn: 'arn:aws:iam:::role/a' is not the"
    ),
    Row("an empty name", by(role_name=""), "role_name: '' is not a name it can have; give 1 to 64 letters, digits and"),
    Row("an ARN as name", by(role_name=ARN), f"role_name: '{ARN}' is not a name it can have; give its name alone"),
    Row("a role that is not there", by(role_name="nobody"), "role_name: there is no role nobody in this account", True),
    Row(
        "an empty function", by(lambda_function_name=""), "lambda_function_name: '' is not a name it can have; give the"
    ),
    Row("a function that is not there", by(lambda_function_name="nobody"), "lambda_function_name: there is no", True),
    Row(
        "null as session", {"role_session_name": None}, "role_session_name: it has no value; give one, or leave it out"
    ),
    Row("an empty session", {"role_session_name": ""}, "role_session_name: '' is not a name it can have; give 2 to 64"),
    Row(
        "a session of one letter", {"role_session_name": "a"}, "role_session_name: 'a' is not a name it can have; give"
    ),
    Row("a session with a space", {"role_session_name": "a b"}, "role_session_name: 'a b' is not a name it can have"),
    Row("a minute", {"duration_seconds": 60}, "duration_seconds: 60 is out of range; give 900 to 43200"),
    Row("a day", {"duration_seconds": 86400}, "duration_seconds: 86400 is out of range; give 900 to 43200"),
    Row("a quarter of an hour in words", {"duration_seconds": "15m"}, "duration_seconds: '15m' is not a whole number"),
    Row("an empty external ID", {"external_id": ""}, "external_id: it is not an ID that a trust policy can ask for"),
    Row(
        "an external ID of one letter", {"external_id": "a"}, "external_id: it is not an ID that a trust policy can ask"
    ),
    Row("an external ID with a space", {"external_id": "a b!"}, "external_id: it is not an ID that a trust policy can"),
    Row("an external ID of 2000", {"external_id": "a" * 2000}, "external_id: it is not an ID that a trust policy can"),
    Row("an external ID of a block of YAML", {"external_id": "secret\n"}, "external_id: it is not an ID that a trust"),
    Row("a code without its device", {"mfa_token": "123456"}, "mfa_serial_number, mfa_token", by_ansible=True),
    Row(
        "a device without its code",
        {"mfa_serial_number": "arn:aws:iam::000000000000:mfa/me"},
        "mfa_serial_number, mfa_token",
        by_ansible=True,
    ),
    Row("an empty code", {**DEVICE, "mfa_token": ""}, "mfa_token: it is not the code of a device; give the six digits"),
    Row("a code of YAML's octal", {**DEVICE, "mfa_token": 5349}, "mfa_token: it is not the code of a device; give the"),
    Row("a code in two parts", {**DEVICE, "mfa_token": "123 456"}, "mfa_token: it is not the code of a device; give"),
    Row(
        "a name as device",
        {"mfa_serial_number": "me", "mfa_token": "123456"},
        "mfa_serial_number: 'me' is not the number of a device; give it, or its ARN such as arn:aws:iam::",
    ),
    Row("an empty policy", {"policy": {}}, "policy: it has no Statement; give one statement or a list of them"),
    Row(
        "a policy that is no JSON",
        {"policy": "{Version"},
        "policy: '{Version' is not JSON; give {Version: …, Statement: …}",
    ),
    Row("a policy with a principal", {"policy": {"Statement": {**ALLOW, "Principal": "*"}}}, "policy: statement 1 has"),
    Row("a policy of 3000", {"policy": {"Statement": {**ALLOW, "Sid": "a" * 3000}}}, "policy: it has 30"),
    Row(
        "a misspelt effect", {"policy": {"Statement": {**ALLOW, "Effect": "allow"}}}, "policy: statement 1 has the Eff"
    ),
    Row("an option of the API", {"policy_arns": []}, "policy_arns", by_ansible=True),
]

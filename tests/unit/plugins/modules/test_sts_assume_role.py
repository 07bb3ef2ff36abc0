# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module's engine from its parameters to its result, over a stub of AWS."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import yaml

from plugins.module_utils.connection import CallFailed
from plugins.module_utils.plan import Impossible
from plugins.modules import sts_assume_role
from tests.unit.stubbing import Stubs

ARN = "arn:aws:iam::123456789012:role/service-role/mana"
SESSION = "arn:aws:sts::123456789012:assumed-role/mana/mana-memory"
CREDENTIALS = {
    "AccessKeyId": "ASIAIMPROBABLE00",
    "SecretAccessKey": "improbable-secret",
    "SessionToken": "improbable-token",
    "Expiration": datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc),
}
DEVICE = "arn:aws:iam::123456789012:mfa/me"
STATEMENT = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}
DEFAULTS = {"role_session_name": "mana-memory", "duration_seconds": 900}
ASKED = {"RoleArn": ARN, "RoleSessionName": "mana-memory", "DurationSeconds": 900}


class Endpoint(Stubs):
    """IAM, Lambda and STS, with the calls to expect and the answers to give."""

    def __init__(self) -> None:
        super().__init__("iam", "lambda", "sts")

    def gives(self, **asked: Any) -> None:
        user = {"Arn": SESSION, "AssumedRoleId": "AROA:mana-memory"}
        answer = {"Credentials": CREDENTIALS, "AssumedRoleUser": user}
        self.stubbers["sts"].add_response("assume_role", answer, {**ASKED, **asked})

    def run(self, check_mode: Any = False, **declared: Any) -> Any:
        with self.asked():
            return sts_assume_role.run({**DEFAULTS, **declared}, self, check_mode)


@pytest.fixture
def endpoint() -> Any:
    return Endpoint()


@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_a_role_is_assumed_with_one_call(endpoint: Endpoint, check_mode: Any) -> None:
    endpoint.gives()
    assert endpoint.run(check_mode, role_arn=ARN) == {
        "changed": False,
        "role_arn": ARN,
        "sts_creds": {
            "access_key": "ASIAIMPROBABLE00",
            "secret_key": "improbable-secret",
            "session_token": "improbable-token",
            "expiration": "2026-01-01T12:00:00+00:00",
        },
        "sts_user": {"arn": SESSION, "assumed_role_id": "AROA:mana-memory"},
    }


def test_everything_that_is_declared_is_asked_for(endpoint: Endpoint) -> None:
    endpoint.gives(
        RoleSessionName="audit",
        DurationSeconds=1800,
        ExternalId="x1",
        SerialNumber=DEVICE,
        TokenCode="012345",
        Policy='{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*"}}',
    )
    endpoint.run(
        role_arn=ARN,
        role_session_name="audit",
        duration_seconds=1800,
        external_id="x1",
        mfa_serial_number=DEVICE,
        mfa_token="012345",
        policy={"Version": datetime.date(2012, 10, 17), "Statement": STATEMENT},
    )


def test_a_wrong_code_is_reported_with_what_helps(endpoint: Endpoint) -> None:
    words = "MultiFactorAuthentication failed with invalid MFA one time pass code."
    endpoint.stubbers["sts"].add_client_error("assume_role", "AccessDenied", words, 403)
    with pytest.raises(CallFailed) as failure:
        endpoint.run(role_arn=ARN, mfa_serial_number=DEVICE, mfa_token="012345")
    assert failure.value.sentence == (
        f"could not assume the role {ARN}: MultiFactorAuthentication failed with invalid MFA one time pass code; "
        "give the code that the device shows now as mfa_token: each counts once"
    )


def test_a_role_is_looked_up_by_its_name(endpoint: Endpoint) -> None:
    role = {"Path": "/", "RoleName": "mana", "RoleId": "A" * 16, "Arn": ARN, "CreateDate": "2026-01-01T00:00:00Z"}
    endpoint.stubbers["iam"].add_response("get_role", {"Role": role}, {"RoleName": "mana"})
    endpoint.gives()
    assert endpoint.run(role_name="mana")["role_arn"] == ARN


def test_a_role_is_looked_up_by_its_function(endpoint: Endpoint) -> None:
    endpoint.stubbers["lambda"].add_response(
        "get_function_configuration", {"FunctionName": "f", "Role": ARN}, {"FunctionName": "f"}
    )
    endpoint.gives()
    assert endpoint.run(lambda_function_name="f")["role_arn"] == ARN


def test_a_missing_role_is_refused(endpoint: Endpoint) -> None:
    endpoint.stubbers["iam"].add_client_error("get_role", "NoSuchEntity", "It cannot be found.", 404)
    with pytest.raises(Impossible, match=r"^role_name: there is no role mana in this account; "):
        endpoint.run(role_name="mana")


def test_a_denied_lookup_names_the_missing_permission_and_the_way_round(endpoint: Endpoint) -> None:
    endpoint.stubbers["iam"].add_client_error("get_role", "AccessDenied", "You may not.", 403)
    with pytest.raises(CallFailed) as failure:
        endpoint.run(role_name="mana")
    assert failure.value.sentence.endswith("; the missing permission is iam:GetRole on role mana; or give role_arn")


def test_a_denied_assumption_names_both_permissions_that_it_takes(endpoint: Endpoint) -> None:
    endpoint.stubbers["sts"].add_client_error("assume_role", "AccessDenied", "You may not.", 403)
    with pytest.raises(CallFailed) as failure:
        endpoint.run(role_arn=ARN)
    assert failure.value.sentence == (
        f"could not assume the role {ARN}: You may not; the missing permission is sts:AssumeRole on {ARN}; "
        "the role's trust policy has to allow it to the caller too"
    )


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        ({"role_arn": "mana"}, "role_arn: 'mana' is not the ARN of a role; "),
        ({"role_name": "a b"}, "role_name: 'a b' is not a name it can have; "),
        ({"role_arn": ARN, "role_session_name": "a"}, "role_session_name: 'a' is not a name it can have; "),
        ({"role_arn": ARN, "duration_seconds": 60}, "duration_seconds: 60 is out of range; give 900 to 43200"),
        ({"role_arn": ARN, "external_id": "a"}, "external_id: it is not an ID that a trust policy can ask for; "),
        ({"role_arn": ARN, "external_id": "a b!"}, "external_id: it is not an ID "),
        ({"role_arn": ARN, "external_id": "a" * 1225}, "external_id: it is not an ID "),
        ({"role_arn": ARN, "mfa_serial_number": "me"}, "mfa_serial_number: 'me' is not the number of a device; "),
        (
            {"role_arn": ARN, "mfa_token": "5349"},
            "mfa_token: it is not the code of a device; give the six digits that ",
        ),
        ({"role_arn": ARN, "policy": {}}, "policy: it has no Statement; "),
        (
            {"role_arn": ARN, "policy": {"Statement": {**STATEMENT, "Principal": "*"}}},
            "policy: statement 1 has a Principal; ",
        ),
        (
            {"role_arn": ARN, "policy": {"Statement": {**STATEMENT, "Action": ["dynamodb:GetItem"] * 200}}},
            "policy: it has 3858 characters, and the policy of a session can have 2048; shorten it with wildcards",
        ),
        ({"role_arn": None}, "role_arn, role_name, lambda_function_name: none of them has a value; "),
    ],
)
def test_options_of_a_wrong_form_are_refused_before_any_call(declared: Any, sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        sts_assume_role.run({**DEFAULTS, **declared}, lambda service: pytest.fail(f"{service} was asked"), False)
    assert str(refusal.value).startswith(sentence)


def test_the_options_are_those_that_are_documented() -> None:
    documented = yaml.safe_load(sts_assume_role.DOCUMENTATION)["options"]
    spec = {
        name: {key: value for key, value in option.items() if key not in ("description", "version_added")}
        for name, option in documented.items()
    }
    options = {
        name: {key: value for key, value in option.items() if key != "no_log"}
        for name, option in sts_assume_role.OPTIONS.items()
    }
    assert spec == options


def test_the_options_are_those_of_amazon_aws() -> None:
    theirs = {"role_arn", "role_session_name", "policy", "duration_seconds", "external_id", "mfa_serial_number"}
    assert theirs | {"mfa_token"} <= set(sts_assume_role.OPTIONS)


def test_the_code_of_a_device_is_secret() -> None:
    assert [name for name, option in sts_assume_role.OPTIONS.items() if option.get("no_log")] == ["mfa_token"]

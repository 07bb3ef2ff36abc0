# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Credentials of a role, for as long as a session lasts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..call_faults import DENIED
from ..connection import CallFailed, Connect, call
from ..plan import Impossible
from ..policy_document import check_session_policy, from_option, to_short_text
from ..role_names import ROLE_ARN, check_principal
from ..roles import find_role
from . import simulation

SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
MFA_DEVICE = re.compile(r"[\w+=/:,.@-]{9,256}", re.ASCII)
MFA_CODE = re.compile(r"\d{6}", re.ASCII)
# The options that a trust policy can ask for, and the arguments that carry them.
ASKED_FOR = {"external_id": "ExternalId", "mfa_serial_number": "SerialNumber", "mfa_token": "TokenCode"}
SHORTEST, LONGEST = 900, 43200  # seconds


def check(parameters: Mapping[str, Any]) -> None:
    """Refuse what STS would refuse, before any call."""
    check_principal(parameters, "role_arn")
    arn, name, seconds = (parameters.get(option) for option in ("role_arn", "role_session_name", "duration_seconds"))
    if arn is not None and not ROLE_ARN.fullmatch(arn):
        raise Impossible(f"role_arn: '{arn}' is not the ARN of a role; give it, or its name as role_name")
    if not SESSION_NAME.fullmatch(name or ""):
        raise Impossible(
            f"role_session_name: '{name or ''}' is not a name it can have; "
            "give 2 to 64 letters, digits and characters of _+=,.@-"
        )
    if seconds is not None and not SHORTEST <= seconds <= LONGEST:
        raise Impossible(f"duration_seconds: {seconds} is out of range; give {SHORTEST} to {LONGEST}")
    external_id = parameters.get("external_id")
    if external_id is not None and not EXTERNAL_ID.fullmatch(external_id):
        raise Impossible(
            "external_id: it is not an ID that a trust policy can ask for; "
            "give 2 to 1224 letters, digits and characters of _+=,.@:/-"
        )
    device, code = parameters.get("mfa_serial_number"), parameters.get("mfa_token")
    if device is not None and not MFA_DEVICE.fullmatch(device):
        raise Impossible(
            f"mfa_serial_number: '{device}' is not the number of a device; "
            "give it, or its ARN such as arn:aws:iam::123456789012:mfa/me"
        )
    if code is not None and not MFA_CODE.fullmatch(code):
        raise Impossible("mfa_token: it is not the code of a device; give the six digits that it shows, in quotes")
    if parameters.get("policy") is not None:
        check_session_policy(from_option(parameters["policy"]), "policy")


def role_arn(parameters: Mapping[str, Any], connect: Connect) -> str:
    """The ARN of the role: given, or read with one call."""
    if parameters.get("role_arn"):
        return str(parameters["role_arn"])
    role = find_role(parameters, connect)
    if role.arn:
        return role.arn
    try:
        return simulation.read_role_arn(connect("iam"), role)
    except simulation.NotSimulated as denial:
        raise CallFailed(f"{denial}; or give role_arn", "AccessDenied") from denial


def assume(parameters: Mapping[str, Any], connect: Connect, arn: str) -> Any:
    """The answer of AssumeRole."""
    arguments: dict[str, Any] = {
        "RoleArn": arn,
        "RoleSessionName": parameters["role_session_name"],
        "DurationSeconds": parameters["duration_seconds"],
    }
    arguments.update({argument: parameters[option] for option, argument in ASKED_FOR.items() if parameters.get(option)})
    if parameters.get("policy") is not None:
        arguments["Policy"] = to_short_text(from_option(parameters["policy"]))
    try:
        return call(connect("sts"), "AssumeRole", arguments, f"assume the role {arn}", arn)
    except CallFailed as failure:
        if "MultiFactorAuthentication" in failure.words:
            remedy = "give the code that the device shows now as mfa_token: each counts once"
            raise CallFailed(f"could not assume the role {arn}: {failure.words}; {remedy}", failure.code) from failure
        if failure.code not in DENIED:
            raise
        raise failure.with_remedy("the role's trust policy has to allow it to the caller too") from failure

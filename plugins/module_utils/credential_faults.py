# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Why the places where credentials can be give none, and what helps. Pure: no Ansible, no AWS.

The words of an error are shown only if they cannot hold a credential: the output of a command and an answer can.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """A place where credentials can be: its name for people, and what to do where it gives none."""

    name: str
    remedy: str


ANY = Place("", "check profile, or AWS_PROFILE, and what it refers to")
FILE = Place("the profile", "give it both aws_access_key_id and aws_secret_access_key")
OLD_FILE = Place("a file of boto's", "remove it, or give profile, or access_key and secret_key")
# By botocore's names for the places.
PLACES = {
    "assume-role": Place(
        "the role of the profile",
        "check its role_arn, and source_profile or credential_source, or give another profile",
    ),
    "assume-role-with-web-identity": Place(
        "the role by web identity",
        "check web_identity_token_file and role_arn of the profile, or AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN",
    ),
    "boto-config": OLD_FILE,
    "config-file": FILE,
    "container-role": Place(
        "the container's credentials",
        "check AWS_CONTAINER_CREDENTIALS_FULL_URI or AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, and the token for it",
    ),
    "custom-process": Place(
        "credential_process",
        "run its command by hand: it has to print JSON with Version 1, AccessKeyId, SecretAccessKey and, for a "
        "session, SessionToken and Expiration",
    ),
    "ec2-credentials-file": OLD_FILE,
    "env": Place(
        "the environment",
        "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_CREDENTIAL_EXPIRATION",
    ),
    "iam-role": Place("the instance's role", "check that the instance has one, or give profile"),
    "login": Place("the login", "log in with `aws login` before the run, or give another profile"),
    "shared-credentials-file": FILE,
    "sso": Place("the single sign-on", "log in with `aws sso login` before the run, or give another profile"),
}
# The names of some places as the credential_source of a profile.
PLACES["EcsContainer"] = PLACES["container-role"]
PLACES["Ec2InstanceMetadata"] = PLACES["iam-role"]
PLACES["Environment"] = PLACES["env"]

NOT_CREDENTIALS = "what it gave is not what credentials look like"
WRONG_SETTING = "a setting of it is wrong"
# The meaning of errors whose own words are not for people, or not safe to show; by kind, the narrowest first.
MEANINGS = {
    "JSONDecodeError": "what it gave is not JSON",
    "UnicodeError": "what it gave is not text",
    "ParserError": "what it gave has an expiry that is no time",
    "OverflowError": "what it gave has an expiry that is no time",
    "RuntimeError": "what it gave has expired",
    "CredentialRetrievalError": "it gave none",
    "MetadataRetrievalError": "it gave none",
    "TokenRetrievalError": "it gave no token",
    "RefreshWithMFAUnsupportedError": "they have expired, and new ones take a code of the MFA device",
    "InvalidIMDSEndpointError": WRONG_SETTING,
    "UnknownCredentialError": WRONG_SETTING,
    "UnknownTokenProviderError": WRONG_SETTING,
    "LookupError": NOT_CREDENTIALS,
    "AttributeError": NOT_CREDENTIALS,
    "TypeError": NOT_CREDENTIALS,
    "ValueError": WRONG_SETTING,
}
NEEDS_CODE = "NeedsCode"
MEANINGS[NEEDS_CODE] = "it asks for a code of the MFA device (mfa_serial), which nobody can type into a task"
SESSION = (
    "get a session with mana.memory.sts_assume_role (mfa_serial_number and mfa_token), and give that as access_key, "
    "secret_key and session_token"
)


def explanation(place: str, kinds: Sequence[str], words: str) -> str:
    """A sentence that says what is wrong and what to do.

    ``place`` is botocore's name of the place where it looked, ``kinds`` are the names of the error's classes, and
    ``words`` are those words of the error that may be shown.
    """
    name, remedy = PLACES.get(place, ANY)
    meanings = [MEANINGS[kind] for kind in kinds if kind in MEANINGS]
    wrong = words or (meanings[0] if meanings else f"it failed with {kinds[0]}")
    sentence = ": ".join(filter(None, ["could not find AWS credentials", name, wrong]))
    return f"{sentence}; {SESSION if NEEDS_CODE in kinds else remedy}"

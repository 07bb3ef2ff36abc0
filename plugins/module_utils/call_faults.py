# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Why a call failed, or a client cannot be made, in sentences. Only a run that fails loads this.

botocore's errors are known here by the names of their classes, so that botocore is imported in one place.
"""

from __future__ import annotations

import os
import re
import traceback
from typing import Any, NamedTuple

DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"})
BAD_CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)

# AWS's words for the permission that is missing: a call may take others than its own.
NOT_ALLOWED = re.compile(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)")

# Errors of a call that no answer came to.
SILENT = frozenset({"HTTPClientError", "ConnectionError"})

# Errors whose words hold names and advice, and neither a body, a header nor a URL.
SPOKEN = frozenset(
    {
        "ConfigNotFound",
        "ConfigParseError",
        "InfiniteLoopConfigError",
        "InvalidConfigError",
        "InvalidIMDSEndpointModeError",
        "InvalidRetryConfigurationError",
        "InvalidRetryModeError",
        "InvalidMaxRetryAttemptsError",
        "MissingDependencyException",
        "ParamValidationError",
        "PartialCredentialsError",
        "ProfileNotFound",
        "SSOTokenLoadError",
        "LoginError",
        "LoginInsufficientPermissions",
        "LoginRefreshRequired",
        "LoginTokenLoadError",
        "UnauthorizedSSOTokenError",
        "UnknownServiceError",
    }
)


class Explained(NamedTuple):
    """A failed call: a sentence for people, AWS's code and words; whether the call may have had its effect."""

    sentence: str
    code: str
    words: str = ""
    unsure: bool = False


def explained(error: Any, address: str, purpose: str, permission: str, version: str) -> Explained:
    """The failure of a call to ``address`` that needs ``permission``; ``version`` is the one of botocore."""
    kinds = _kinds(error)
    if "NotAws" in kinds:
        sentence = f"{address} answered with something that is not AWS's ({error}); is a proxy in between?"
        return Explained(f"could not {purpose}: {sentence}", "NotAws", unsure=True)
    if "ClientError" in kinds:
        return _refused(error, address, purpose, permission)
    if "NoCredentialsError" in kinds:
        return Explained(
            f"could not {purpose}: no AWS credentials were found; give profile, or access_key and secret_key, "
            "or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            "NoCredentials",
        )
    if kinds & SILENT:
        return Explained(
            f"could not {purpose}: no answer from {address} ({_reason(error)}); check endpoint_url "
            "and region, and set other time-outs with aws_config (connect_timeout and read_timeout, in seconds)",
            "NoAnswer",
            unsure=True,
        )
    old = f"; install a newer botocore than {version}" if "Unknown parameter in" in str(error) else ""
    return Explained(f"could not {purpose}: {_words(error)}{old}", type(error).__name__)


def no_client(error: Exception) -> str:
    """Why botocore makes no client of the settings: the option, the fault, the remedy."""
    kinds = _kinds(error)
    if "NoRegionError" in kinds:
        return "region: none was given; give region, or set AWS_REGION"
    if "InvalidRegionError" in kinds:
        return f"region: {one_line(error)}; give one such as us-east-1"
    if "ProfileNotFound" in kinds:
        return f"profile: {one_line(error)}; give one of your AWS configuration"
    if "ConfigParseError" in kinds:
        return f"profile: {one_line(error)}; mend that file, or name others with AWS_CONFIG_FILE"
    if isinstance(error, ValueError):
        return _wrong_value(one_line(error))
    return f"the AWS connection cannot be made: {_words(error)}"


def no_credentials(error: Exception, place: str = "") -> Explained:
    """The failure of a call whose credentials cannot be had, or not be renewed."""
    from . import credential_faults

    kinds = [kind.__name__ for kind in type(error).__mro__]
    places = [place, *(name for name in _askers(error) if name in credential_faults.PLACES)]
    return Explained(credential_faults.explanation(place or places[-1], kinds, _spoken(error)), kinds[0])


def is_of_credentials(error: Exception) -> bool:
    """Whether an error comes from finding or renewing credentials, which can happen in the middle of a call too."""
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_globals.get("__name__") == "botocore.credentials" for frame, _line in frames)


def is_of_parsing(error: BaseException) -> bool:
    """Whether an error comes from botocore's parsers."""
    return "parsers.py" in {os.path.basename(frame.filename) for frame in traceback.extract_tb(error.__traceback__)}


def one_line(text: Any) -> str:
    """The text without line breaks, and without the user and the password of any URL."""
    return re.sub(r"://[^\s/]*@", "://", " ".join(str(text).split()).rstrip("."))


def _kinds(error: BaseException) -> set[str]:
    """The names of the classes of an error; Python has a ConnectionError of its own, which is none of these."""
    return {kind.__name__ for kind in type(error).__mro__ if kind.__module__ != "builtins"}


def _refused(error: Any, address: str, purpose: str, permission: str) -> Explained:
    details, metadata = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
    code, words = str(details.get("Code", "")), _words(error)
    sentence = f"could not {purpose}: {words}"
    if words in ("", code) or code.isdigit():
        sentence = f"could not {purpose}: {address} answered {code} {words}".rstrip()
    if code in DENIED:
        asked = NOT_ALLOWED.search(words)
        other = asked is not None and asked[1] != permission.partition(" ")[0]
        sentence += f"; the missing permission is {asked[1] if asked and other else permission}"
    elif code in BAD_CREDENTIALS:
        sentence += "; check the credentials (profile, or access_key, secret_key and session_token)"
    unsure = bool(metadata.get("RetryAttempts")) or metadata.get("HTTPStatusCode", 0) >= 500
    return Explained(sentence, code, words, unsure)


def _askers(error: Exception) -> list[Any]:
    """Botocore's names of the places that it asked for credentials before an error, the last one at the end."""
    objects = [frame.f_locals.get("self") for frame, _line in traceback.walk_tb(error.__traceback__)]
    names = [getattr(each, "METHOD", None) or getattr(each, "method", None) for each in objects]
    return [*names, getattr(error, "kwargs", {}).get("provider")]


def _wrong_value(words: str) -> str:
    """Guess from botocore's words which setting is wrong: botocore does not name the setting."""
    if re.search(r"Invalid endpoint|URL|netloc|\b[Pp]ort\b", words):
        return "endpoint_url: the one of your AWS configuration is not a URL; give one such as http://127.0.0.1:4566"
    if re.search(r"\b[Tt]imeout\b", words):
        return f"aws_config: {words}; give connect_timeout and read_timeout in seconds"
    return f"the AWS connection cannot be made: {words}"


def _reason(error: Any) -> str:
    """Why there is no answer: of an error whose words may hold a header or a URL, its kind alone."""
    name = type(error).__name__
    if name == "SSLError":
        found = re.search(r"certificate verify failed: ([\w -]+)", str(error))
        return f"its certificate is not valid: {found.group(1).strip()}" if found else "TLS failed"
    inner = type(getattr(error, "kwargs", {}).get("error")).__name__
    return {
        "ConnectTimeoutError": "the connection timed out",
        "ReadTimeoutError": "it timed out",
        "EndpointConnectionError": "the connection was refused or the name is unknown",
        "ConnectionClosedError": "the connection was closed",
        "ProxyConnectionError": "the proxy did not answer",
    }.get(name, name if inner == "NoneType" else inner)


def _words(error: Any) -> str:
    """The words of an error that may be shown: AWS's, botocore's if they hold no secret, or the kind of the error."""
    return _spoken(error) or type(error).__name__


def _spoken(error: Any) -> str:
    """The words of an error that hold no secret; empty where they may hold one."""
    kinds = _kinds(error)
    if "ClientError" in kinds:
        details = error.response.get("Error", {})
        words = one_line(details.get("Message") or error)
        if str(details.get("Code", "")) in BAD_CREDENTIALS:  # AWS may go on to quote what was signed, the token too
            words = words.partition("The Canonical String")[0].rstrip(" .")
        return words
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    if kinds & SILENT:
        return f"no answer from its service ({_reason(error)})"
    return one_line(error) if type(error).__name__ in SPOKEN else ""

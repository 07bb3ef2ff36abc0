# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Credentials that cannot work in a task are one sentence with what helps, and never with what they are."""

from __future__ import annotations

import ast
import builtins
import http.server
import inspect
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import botocore.configloader
import botocore.credentials
import botocore.tokens
import pytest
from botocore import exceptions

from plugins.module_utils import credential_faults
from plugins.module_utils.call_faults import SPOKEN
from plugins.module_utils.connection import CallFailed, call, connector
from plugins.module_utils.plan import Impossible

FOUND_NONE = "could not find AWS credentials: "
ROLE = "role_arn = arn:aws:iam::123456789012:role/r\n"
SOURCE = "[profile base]\naws_access_key_id = a\naws_secret_access_key = HIDDEN\n"
STS = {"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
BY_HAND = "; run its command by hand: it has to print JSON with Version 1, AccessKeyId, SecretAccessKey and, for a "
SILENT = "no answer from its service (the connection was refused or the name is unknown)"
OF_ROLE = "; check its role_arn, and source_profile or credential_source, or give another profile"
WEB = "; check web_identity_token_file and role_arn of the profile, or AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN"
CONTAINER = "; check AWS_CONTAINER_CREDENTIALS_FULL_URI or AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, and the token for it"
VARIABLES = "; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_CREDENTIAL_EXPIRATION"
SSO = "; log in with `aws sso login` before the run, or give another profile"
CODE = (
    "the role of the profile: it asks for a code of the MFA device (mfa_serial), which nobody can type into a task; "
    "get a session with mana.memory.sts_assume_role (mfa_serial_number and mfa_token), and give that as access_key, "
    "secret_key and session_token"
)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide the user's own AWS settings, and use a folder where a token may lie."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "token").write_text("HIDDEN")
    (tmp_path / "bytes").write_bytes(b"\xff\xfeHIDDEN")


def sentence(config: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The sentence for a profile `work`, or for the environment if the file has none."""
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(config)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    profile = {"profile": "work"} if "work" in config else {}
    with pytest.raises((CallFailed, Impossible)) as failed:
        connector({"region": "us-east-1", **profile})("dynamodb")
    assert failed.value.__cause__ is None
    return str(failed.value)


def prints(**answer: Any) -> str:
    return f"credential_process = echo '{json.dumps(answer)}'"


KEYS = {"Version": 1, "AccessKeyId": "HIDDEN", "SecretAccessKey": "HIDDEN"}
LOCAL = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/HIDDEN"}

# Each title, the lines of the profile (with what follows it), the environment, and the sentence.
PROFILES: dict[str, tuple[str, dict[str, str], str]] = {
    "a code of an MFA device": (f"{ROLE}source_profile = base\nmfa_serial = m\n{SOURCE}", {}, CODE),
    "a code for the source of the source": (
        f"{ROLE}source_profile = next\n[profile next]\n{ROLE}source_profile = base\nmfa_serial = m\n{SOURCE}",
        {},
        CODE,
    ),
    "a token of a web identity that is not there": (
        f"{ROLE}web_identity_token_file = /nowhere/token",
        {},
        f"the role by web identity: No such file or directory: /nowhere/token{WEB}",
    ),
    "a token of a web identity that is a folder": (
        f"{ROLE}web_identity_token_file = /tmp",
        {},
        f"the role by web identity: Is a directory: /tmp{WEB}",
    ),
    "a token of a web identity that is no text": (
        f"{ROLE}web_identity_token_file = bytes",
        {},
        f"the role by web identity: what it gave is not text{WEB}",
    ),
    "a web identity without a role": (
        "web_identity_token_file = token",
        {},
        "the role by web identity: The provided profile or the current environment is configured to assume role with ",
    ),
    "a web identity whose service does not answer": (
        f"{ROLE}web_identity_token_file = token",
        STS,
        f"the role by web identity: {SILENT}{WEB}",
    ),
    "a process that is not there": (
        "credential_process = /nowhere/at-all",
        {},
        f"credential_process: No such file or directory: /nowhere/at-all{BY_HAND}",
    ),
    "a process that may not be run": (
        "credential_process = ./token",
        {},
        f"credential_process: Permission denied: ./token{BY_HAND}",
    ),
    "a process that fails": (
        "credential_process = sh -c 'echo HIDDEN >&2; exit 1'",
        {},
        f"credential_process: it gave none{BY_HAND}",
    ),
    "a process that prints no JSON": (
        "credential_process = echo HIDDEN",
        {},
        f"credential_process: what it gave is not JSON{BY_HAND}",
    ),
    "a process that prints nothing": (
        "credential_process = true",
        {},
        f"credential_process: what it gave is not JSON{BY_HAND}",
    ),
    "a process that prints bytes": (
        "credential_process = cat bytes",
        {},
        f"credential_process: what it gave is not text{BY_HAND}",
    ),
    "a process that prints a list": (
        "credential_process = echo '[\"HIDDEN\"]'",
        {},
        f"credential_process: what it gave is not what credentials look like{BY_HAND}",
    ),
    "a process that prints a number for a key": (
        prints(Version=1, AccessKeyId=1, SecretAccessKey=2),
        {},
        f"credential_process: what it gave is not what credentials look like{BY_HAND}",
    ),
    "a process that prints no version": (
        prints(HIDDEN="HIDDEN"),
        {},
        f"credential_process: it gave none{BY_HAND}",
    ),
    "a process that prints half of the keys": (
        prints(Version=1, AccessKeyId="HIDDEN"),
        {},
        f"credential_process: it gave none{BY_HAND}",
    ),
    "a process whose keys have expired": (
        prints(**KEYS, SessionToken="HIDDEN", Expiration="2001-01-01T00:00:00Z"),
        {},
        f"credential_process: what it gave has expired{BY_HAND}",
    ),
    "a process whose expiry is no time": (
        prints(**KEYS, SessionToken="HIDDEN", Expiration="HIDDEN"),
        {},
        f"credential_process: what it gave has an expiry that is no time{BY_HAND}",
    ),
    "a process with half a quotation": (
        "credential_process = echo 'HIDDEN",
        {},
        f"credential_process: a setting of it is wrong{BY_HAND}",
    ),
    "a process without a command": ("credential_process =", {}, "credential_process: what it gave is not what "),
    "a source that is not there": (
        f"{ROLE}source_profile = nobody",
        {},
        'the role of the profile: The source_profile "nobody" referenced in the profile "work" does not exist; check ',
    ),
    "a source without credentials": (
        f"{ROLE}source_profile = base\n[profile base]\nregion = us-east-1",
        {},
        f'the role of the profile: The source profile "base" must have credentials{OF_ROLE}',
    ),
    "sources in a circle": (
        f"{ROLE}source_profile = next\n[profile next]\n{ROLE}source_profile = work",
        {},
        "the role of the profile: Infinite loop in credential configuration detected. Attempting to load from profile ",
    ),
    "two sources": (
        f"{ROLE}source_profile = base\ncredential_source = Environment\n{SOURCE}",
        {},
        f'the role of the profile: The profile "work" contains both source_profile and credential_source{OF_ROLE}',
    ),
    "no source": (
        ROLE,
        {},
        "the role of the profile: Partial credentials found in assume-role, missing: source_profile or "
        f"credential_source{OF_ROLE}",
    ),
    "a source of another kind": (
        f"{ROLE}credential_source = Nowhere",
        {},
        f'the role of the profile: The credential source "Nowhere" referenced in profile "work" is not valid{OF_ROLE}',
    ),
    "a role whose service does not answer": (
        f"{ROLE}source_profile = base\n{SOURCE}",
        STS,
        f"the role of the profile: {SILENT}{OF_ROLE}",
    ),
    "a role whose service has no URL": (
        f"{ROLE}source_profile = base\n{SOURCE}",
        {"AWS_ENDPOINT_URL_STS": "HIDDEN"},
        f"the role of the profile: a setting of it is wrong{OF_ROLE}",
    ),
    "the environment as a source, which has none": (
        f"{ROLE}credential_source = Environment",
        {},
        f"the environment: it gave none{VARIABLES}",
    ),
    "a container's service that does not answer": (
        f"{ROLE}credential_source = EcsContainer",
        LOCAL,
        f"the container's credentials: it gave none{CONTAINER}",
    ),
    "a container's service on another host": (
        f"{ROLE}credential_source = EcsContainer",
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/HIDDEN"},
        f"the container's credentials: a setting of it is wrong{CONTAINER}",
    ),
    "a container's token that no header carries": (
        f"{ROLE}credential_source = EcsContainer",
        {**LOCAL, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "HIDDEN\r\n"},
        f"the container's credentials: a setting of it is wrong{CONTAINER}",
    ),
    "a container's token that is not there": (
        f"{ROLE}credential_source = EcsContainer",
        {**LOCAL, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nowhere/token"},
        f"the container's credentials: No such file or directory: /nowhere/token{CONTAINER}",
    ),
    "an instance without a role": (
        f"{ROLE}credential_source = Ec2InstanceMetadata",
        {"AWS_EC2_METADATA_DISABLED": "true"},
        "the instance's role: it gave none; check that the instance has one, or give profile",
    ),
    "a time-out that is no number": (
        ROLE,
        {"AWS_METADATA_SERVICE_TIMEOUT": "HIDDEN"},
        "a setting of it is wrong; check profile, or AWS_PROFILE, and what it refers to",
    ),
    "a single sign-on that is not logged in": (
        "sso_session = s\nsso_account_id = 1\nsso_role_name = r\n"
        "[sso-session s]\nsso_start_url = https://s\nsso_region = us-east-1",
        {},
        f"the single sign-on: Error loading SSO Token: Token for s does not exist{SSO}",
    ),
    "a single sign-on of old that is not logged in": (
        "sso_start_url = https://s\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r",
        {},
        f"the single sign-on: Error loading SSO Token: Token for https://s does not exist{SSO}",
    ),
    "a single sign-on without its session": (
        "sso_session = nobody\nsso_account_id = 1\nsso_role_name = r",
        {},
        f'the single sign-on: The specified sso-session does not exist: "nobody"{SSO}',
    ),
    "a single sign-on with half of its settings": (
        "sso_start_url = https://s\nsso_account_id = 1",
        {},
        "the single sign-on: ",
    ),
    "half of the keys": (
        "aws_access_key_id = alone",
        {},
        "the profile: Partial credentials found in config-file, missing: aws_secret_access_key; give it both "
        "aws_access_key_id and aws_secret_access_key",
    ),
}  # fmt: skip

VARIABLE = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "HIDDEN"}
ENVIRONMENTS = {
    "half of the keys": (
        {"AWS_ACCESS_KEY_ID": "a"},
        f"the environment: Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY{VARIABLES}",
    ),
    "keys that have expired": (
        {**VARIABLE, "AWS_CREDENTIAL_EXPIRATION": "2001-01-01T00:00:00Z"},
        f"the environment: what it gave has expired{VARIABLES}",
    ),
    "an expiry that is no time": (
        {**VARIABLE, "AWS_CREDENTIAL_EXPIRATION": "HIDDEN"},
        f"the environment: what it gave has an expiry that is no time{VARIABLES}",
    ),
    "a token of a web identity that is not there": (
        {"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/r"},
        f"the role by web identity: No such file or directory: /nowhere/token{WEB}",
    ),
    "a container's service that does not answer": (LOCAL, f"the container's credentials: it gave none{CONTAINER}"),
}


@pytest.mark.parametrize("title", PROFILES)
def test_a_profile_that_cannot_work_is_a_sentence(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines, environment, words = PROFILES[title]
    message = sentence(f"[profile work]\nregion = us-east-1\n{lines}\n", environment, monkeypatch)
    assert message.startswith(FOUND_NONE + words)
    assert "; " in message
    assert "HIDDEN" not in message


@pytest.mark.parametrize("title", ENVIRONMENTS)
def test_an_environment_that_cannot_work_is_a_sentence(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment, words = ENVIRONMENTS[title]
    message = sentence("", environment, monkeypatch)
    assert message == FOUND_NONE + words
    assert "HIDDEN" not in message


@pytest.mark.parametrize(
    "text",
    ["[profile work\n", "aws_secret_access_key = HIDDEN\n[profile work]\n", "[profile work]\nHIDDEN\n",
     "[profile work]\n[profile work]\n", "[profile work]\ns3 =\n  HIDDEN\n"],
    ids=["half a title", "a line before the first title", "a line without a value", "a profile twice", "no mapping"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sentence(text, {}, monkeypatch) == (
        f"profile: Unable to parse config file: {os.environ['AWS_CONFIG_FILE']}; "
        "mend that file, or name others with AWS_CONFIG_FILE"
    )


def test_given_keys_ask_no_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(f"[default]\n{ROLE}source_profile = base\nmfa_serial = m\n{SOURCE}")
    client = connector({"region": "us-east-1", "access_key": "a", "secret_key": "b"})("dynamodb")
    assert client._request_signer._credentials.access_key == "a"


@pytest.fixture
def refusing() -> Iterator[str]:
    """An STS that refuses."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = (
                b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User u is not authorized "
                b"to perform: sts:AssumeRole</Message></Error></ErrorResponse>"
            )
            self.send_response(403)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_role_that_may_not_be_assumed_is_refused_in_awss_words(
    refusing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sentence(
        f"[profile work]\n{ROLE}source_profile = base\n{SOURCE}", {"AWS_ENDPOINT_URL_STS": refusing}, monkeypatch
    )
    words = "the role of the profile: User u is not authorized to perform: sts:AssumeRole"
    assert message == FOUND_NONE + words + OF_ROLE


def expiring(tmp_path: Path, then: str) -> str:
    """A profile whose process gives keys that have nearly expired, and then does something else."""
    script = tmp_path / "process"
    first = json.dumps({**KEYS, "SessionToken": "HIDDEN", "Expiration": "2999-01-01T00:00:00Z"})
    script.write_text(f"#!/bin/sh\nif [ -e again ]; then {then}; else touch again; echo '{first}'; fi\n")
    script.chmod(0o700)
    return f"[profile work]\nregion = us-east-1\ncredential_process = {script}\n"


@pytest.mark.parametrize(
    ("then", "words"),
    [("echo HIDDEN", "what it gave is not JSON"), ("echo HIDDEN >&2; exit 1", "it gave none")],
    ids=["print no JSON", "fail"],
)
def test_credentials_that_cannot_be_renewed_in_the_middle_of_a_run_are_reported_as_such(
    then: str, words: str, tmp_path: Path
) -> None:
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(expiring(tmp_path, then))
    client = connector({"profile": "work", "endpoint_url": "http://127.0.0.1:9"})("dynamodb")
    with (
        mock.patch.object(client._request_signer._credentials, "refresh_needed", return_value=True),
        pytest.raises(CallFailed) as failed,
    ):
        call(client, "DescribeTable", {"TableName": "abc"}, "read table abc")
    assert str(failed.value).startswith(f"{FOUND_NONE}credential_process: {words}{BY_HAND}")
    assert "HIDDEN" not in str(failed.value)
    assert not failed.value.unsure


def raised(*modules: Any) -> set[str]:
    """The names of the errors that modules raise."""
    trees = [ast.parse(inspect.getsource(module)) for module in modules]
    errors = [node.exc for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc]
    called = [each.func if isinstance(each, ast.Call) else each for each in errors]
    return {getattr(each, "id", getattr(each, "attr", "")) for each in called}


def classes(name: str) -> list[str]:
    kind = getattr(exceptions, name, None) or getattr(builtins, name)
    return [each.__name__ for each in kind.__mro__]


RAISED = raised(botocore.credentials, botocore.tokens, botocore.configloader) - {"NotImplementedError"}


@pytest.mark.parametrize("name", sorted(RAISED))
def test_every_error_of_botocores_chain_has_words(name: str) -> None:
    """A newer botocore that raises another error fails here: give it a meaning, or let it speak."""
    assert name in SPOKEN or set(classes(name)) & set(credential_faults.MEANINGS)


def test_every_place_where_botocore_looks_has_a_remedy() -> None:
    modules = (botocore.credentials, botocore.tokens)
    kinds = [kind for module in modules for _name, kind in inspect.getmembers(module, inspect.isclass)]
    names = {method for kind in kinds if (method := getattr(kind, "METHOD", None))}
    assert names <= set(credential_faults.PLACES)


EVERY_ERROR = sorted(
    name
    for name, kind in inspect.getmembers(exceptions, inspect.isclass)
    if issubclass(kind, Exception) and name not in SPOKEN and hasattr(kind, "fmt")
)


@pytest.mark.parametrize("name", EVERY_ERROR)
def test_no_error_shows_what_it_was_given(name: str) -> None:
    """This holds for each of botocore's errors that a place of credentials may raise."""
    kind = getattr(exceptions, name)

    class Anything(dict[str, Any]):
        def __missing__(self, _key: str) -> str:
            return "HIDDEN"

    fields = dict.fromkeys(("error_msg", "endpoint_url", "error", "provider", "msg", "proxy_url"), "HIDDEN")
    error = kind.__new__(kind)
    Exception.__init__(error, kind.fmt.format_map(Anything()))
    error.kwargs = fields
    with mock.patch("botocore.session.Session.get_credentials", side_effect=error):
        with pytest.raises((CallFailed, Impossible)) as failed:
            connector({"region": "us-east-1"})("dynamodb")
        message = str(failed.value)
    assert message.startswith((FOUND_NONE, "region: "))
    assert "; " in message
    assert name == "InvalidRegionError" or "HIDDEN" not in message

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Clients made of the connection options, and calls whose errors are sentences."""

from __future__ import annotations

import contextlib
import gc
import gzip
import http.server
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.loaders import Loader
from botocore.stub import Stubber

from plugins.module_utils.connection import (
    OPTIONS,
    CallFailed,
    _give_up_on_silence,
    _loader,
    call,
    connector,
    doubt,
    watch_throttling,
)
from plugins.module_utils.plan import Impossible
from plugins.modules import dynamodb_table
from tests.unit.stubbing import at

KEYS = {"access_key": "NOBODYSKEYATALL", "secret_key": "no-secret-at-all-of-nobody"}
HERE = {**KEYS, "region": "us-east-1", "endpoint_url": "http://127.0.0.1:9"}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide the user's own AWS settings."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def client(service: str = "dynamodb", **parameters: Any) -> Any:
    return connector(parameters)(service)


def credentials(client: Any) -> tuple[str, str, str | None]:
    found = client._request_signer._credentials
    return found.access_key, found.secret_key, found.token


def test_one_client_serves_all_calls_to_a_service() -> None:
    connect = connector(HERE)
    assert connect("dynamodb") is connect("dynamodb")
    assert connect("dynamodb") is not connect("iam")


@pytest.mark.parametrize("service", ["dynamodb", "iam", "lambda", "sts"])
def test_a_model_is_read_as_botocore_reads_it(service: str) -> None:
    assert _loader(None).load_service_model(service, "service-2") == Loader().load_service_model(service, "service-2")


def test_a_model_of_the_user_is_read_compressed_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Loader().load_service_model("dynamodb", "service-2")
    for name, open_file in (("plain", open), ("packed", gzip.open)):
        folder = tmp_path / name / "2012-08-10"
        folder.mkdir(parents=True)
        with open_file(folder / f"service-2.json{'.gz' if name == 'packed' else ''}", "wt") as file:
            json.dump({**model, "operations": {}}, file)
    loader = _loader(str(tmp_path))
    for name in ("plain", "packed"):
        assert loader.load_service_model(name, "service-2")["operations"] == {}


def test_a_handler_is_registered_on_its_own_client_alone() -> None:
    one, other = client(**HERE), client(**HERE)
    one.meta.events.register("nobody-else-says-this", lambda **_event: "heard")
    assert [answer for _handler, answer in one.meta.events.emit("nobody-else-says-this")] == ["heard"]
    assert other.meta.events.emit("nobody-else-says-this") == []
    assert client(**HERE).meta.events.emit("nobody-else-says-this") == []


def test_the_garbage_collector_is_as_it_was_after_a_client_is_made() -> None:
    client(**HERE)
    assert gc.isenabled()
    gc.disable()
    try:
        client(**HERE)
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("parameters", "environment", "region"),
    [
        ({"region": "eu-west-1"}, {"AWS_REGION": "us-east-2", "AWS_DEFAULT_REGION": "us-west-1"}, "eu-west-1"),
        ({}, {"AWS_REGION": "us-east-2", "AWS_DEFAULT_REGION": "us-west-1"}, "us-east-2"),
        ({}, {"AWS_DEFAULT_REGION": "us-west-1"}, "us-west-1"),
        ({"profile": "work"}, {}, "sa-east-1"),
    ],
    ids=["the option", "AWS_REGION", "AWS_DEFAULT_REGION", "the profile's"],
)
def test_the_region_is_found(
    parameters: dict[str, Any], environment: dict[str, str], region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    Path(os.environ["AWS_CONFIG_FILE"]).write_text("[profile work]\nregion = sa-east-1\n")
    assert client(**parameters).meta.region_name == region


OWN_NAME = f"mana.memory Botocore/{botocore.__version__}"


@pytest.mark.parametrize(
    ("declared", "environment", "beginning", "end"),
    [
        ({}, {}, OWN_NAME, OWN_NAME),
        ({"user_agent_extra": "more"}, {}, OWN_NAME, "more"),
        ({"user_agent": "mine"}, {}, "mine", "mine"),
        ({"user_agent_appid": "memories"}, {}, "Botocore/", " app/memories mana.memory"),
        ({}, {"AWS_SDK_UA_APP_ID": "memories"}, "Botocore/", " app/memories mana.memory"),
    ],
    ids=["by itself", "more", "another", "of an application", "of an application in the environment"],
)
def test_a_call_names_the_collection_and_the_application(
    declared: dict[str, str],
    environment: dict[str, str],
    beginning: str,
    end: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def unsent(request: Any, **_event: Any) -> None:
        raise InterruptedError(request.headers["User-Agent"].decode())

    made = client(**HERE, aws_config=declared)
    made.meta.events.register("before-send", unsent)
    with pytest.raises(InterruptedError) as caught:
        made.list_tables()
    assert str(caught.value).startswith(beginning)
    assert str(caught.value).endswith(end)


def test_keys_of_the_options_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    assert credentials(client(**HERE, session_token="t"))[2] == "t"
    assert credentials(client(**HERE))[:2] == (KEYS["access_key"], KEYS["secret_key"])


def test_a_profile_wins_over_the_environments_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    text = "[work]\naws_access_key_id = mine\naws_secret_access_key = mine-too\n"
    Path(os.environ["AWS_SHARED_CREDENTIALS_FILE"]).write_text(text)
    assert credentials(client(profile="work", region="us-east-1"))[0] == "mine"


def test_the_short_variables_of_community_aws_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY", "short")
    monkeypatch.setenv("AWS_SECRET_KEY", "short-too")
    assert credentials(client(region="us-east-1"))[:2] == ("short", "short-too")


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({**KEYS}, "region: none was given; give region, or set AWS_REGION"),
        ({**KEYS, "region": "us-est-1"}, "region: 'us-est-1' is not a region that botocore "),
        ({**KEYS, "region": "us east"}, "region: "),
        ({"profile": "nobody", "region": "us-east-1"}, "profile: "),
        ({**HERE, "endpoint_url": "nowhere"}, "endpoint_url: "),
        ({**HERE, "endpoint_url": "http://[::1"}, "endpoint_url: 'http://[::1' is not a URL; give one such as http"),
        ({**HERE, "aws_config": {"conect_timeout": 3}}, "aws_config: "),
        ({**HERE, "aws_config": {"retries": {"mode": "no"}}}, "aws_config: "),
        ({**HERE, "aws_config": {"retries": 3}}, "aws_config.retries: it is not a mapping; write a mapping"),
        (
            {**HERE, "aws_config": {"connect_timeout": "ten"}},
            "aws_config.connect_timeout: it is not a number; write a number of seconds",
        ),
        (
            {**HERE, "aws_config": {"read_timeout": 0}},
            "aws_config.read_timeout: 0 is no time to wait; give seconds, more than 0",
        ),
    ],
    ids=[
        "no region",
        "a misspelt region",
        "no name of a region",
        "an unknown profile",
        "no URL",
        "half a URL",
        "an unknown setting",
        "a wrong setting",
        "a setting of a wrong type",
        "no time",
        "no time at all",
    ],
)
def test_a_connection_that_cannot_be_made_is_refused_in_a_sentence(parameters: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        client(**parameters)
    assert str(refusal.value).startswith(sentence)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("AWS_URL", "nowhere", "AWS_URL: 'nowhere' is not a URL; give one such as http://127.0.0.1:4566"),
        ("AWS_ENDPOINT_URL", "nowhere", "AWS_ENDPOINT_URL: 'nowhere' is not a URL; give one such as http://"),
        (
            "AWS_ENDPOINT_URL_DYNAMODB",
            "nowhere",
            "AWS_ENDPOINT_URL_DYNAMODB: 'nowhere' is not a URL; give one such as ",
        ),
        ("AWS_MAX_ATTEMPTS", "many", "the AWS connection cannot be made: invalid literal for int() with base 10"),
    ],
)
def test_a_wrong_setting_of_the_environment_is_refused_in_a_sentence(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Impossible) as refusal:
        client(**KEYS, region="us-east-1", aws_config={"retries": None})
    assert str(refusal.value).startswith(sentence)


def test_a_misspelt_region_is_refused_with_what_was_meant() -> None:
    with pytest.raises(Impossible, match=r"did you mean us-east-1\?"):
        client(**KEYS, region="us-eats-1")


@pytest.mark.parametrize("service", ["dynamodb", "sts", "lambda"])
def test_a_region_that_botocore_does_not_know_yet_is_used_with_a_warning(service: str) -> None:
    at = client(service, **KEYS, region="ca-northeast-9")
    assert at.meta.region_name == "ca-northeast-9"
    assert doubt(at).startswith("region: 'ca-northeast-9' is not a region that botocore ")


def test_another_endpoint_has_any_region() -> None:
    assert doubt(client(**{**HERE, "region": "mars-1"})) == ""


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "eu-central-2"])
def test_every_partition_has_regions(region: str) -> None:
    at = client(**KEYS, region=region)
    assert (at.meta.region_name, doubt(at)) == (region, "")


def test_no_credentials_are_reported_with_what_helps() -> None:
    with pytest.raises(CallFailed) as failed:
        call(client(region="us-east-1"), "DescribeTable", {"TableName": "abc"}, "read table abc")
    assert str(failed.value).startswith("could not read table abc: no AWS credentials were found; give profile, ")


def test_a_denied_call_names_the_permission() -> None:
    at = client(**HERE)
    with Stubber(at) as stub:
        stub.add_client_error("describe_table", "AccessDeniedException", "User x is not authorized.")
        with pytest.raises(CallFailed) as failed:
            call(at, "DescribeTable", {"TableName": "abc"}, "read table abc", "table abc")
    assert str(failed.value) == (
        "could not read table abc: User x is not authorized; "
        "the missing permission is dynamodb:DescribeTable on table abc"
    )
    assert failed.value.code == "AccessDeniedException"


def test_a_call_that_takes_another_permission_names_that_one() -> None:
    """Rule a-call-takes-more-than-its-own-permission."""
    at = client(**HERE)
    words = "User: x is not authorized to perform: dynamodb:Scan on resource: table abc"
    with Stubber(at) as stub:
        stub.add_client_error("update_table", "AccessDeniedException", words)
        with pytest.raises(CallFailed) as failed:
            call(at, "UpdateTable", {"TableName": "abc"}, "replicate table abc", "table abc")
    assert str(failed.value) == f"could not replicate table abc: {words}; the missing permission is dynamodb:Scan"


def test_bad_credentials_are_refused_with_the_options_to_check() -> None:
    at = client(**HERE)
    with Stubber(at) as stub:
        stub.add_client_error("describe_table", "UnrecognizedClientException", "The security token is invalid.")
        with pytest.raises(CallFailed, match=r"check the credentials \(profile, or access_key"):
            call(at, "DescribeTable", {"TableName": "abc"}, "read table abc")


def test_a_wrong_signature_is_reported_without_what_was_signed() -> None:
    """The signed text holds the session token, which Ansible does not mask there."""
    words = (
        "The request signature we calculated does not match the signature you provided. Check your key.\n\n"
        "The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:the-token\n'\n\n"
        "The String-to-Sign should have been\n'AWS4-HMAC-SHA256'\n"
    )
    at = client(**HERE)
    for code in ("InvalidSignatureException", "SignatureDoesNotMatch"):
        with Stubber(at) as stub:
            stub.add_client_error("describe_table", code, words)
            with pytest.raises(CallFailed) as failed:
                call(at, "DescribeTable", {"TableName": "abc"}, "read table abc")
        expected = "The request signature we calculated does not match the signature you provided. Check your key"
        assert failed.value.words == expected
        assert str(failed.value).startswith(f"could not read table abc: {expected}; check the credentials (profile, ")


def test_an_answer_after_a_retry_is_not_the_whole_truth() -> None:
    """The first attempt may have had its effect, its answer lost."""
    at = client(**HERE)
    for attempts, unsure in ((0, False), (2, True)):
        with Stubber(at) as stub:
            stub.add_client_error(
                "delete_table", "ResourceNotFoundException", response_meta={"RetryAttempts": attempts}
            )
            with pytest.raises(CallFailed) as failed:
                call(at, "DeleteTable", {"TableName": "abc"}, "delete table abc")
        assert failed.value.unsure is unsure


def test_arguments_that_botocore_does_not_know_are_a_sentence() -> None:
    with pytest.raises(CallFailed, match="could not read it: Parameter validation failed") as failed:
        call(client(**HERE), "DescribeTable", {"TableName": "abc", "Nonsense": 1}, "read it")
    assert "\n" not in str(failed.value)


@pytest.fixture
def silent() -> Iterator[str]:
    """An endpoint that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def web_page() -> Iterator[str]:
    """An endpoint that is not AWS."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(404)
            self.end_headers()
            self.wfile.write(b"<html>not here</html>")

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_silent_endpoint_is_reported_within_the_time_that_was_set(silent: str) -> None:
    options: dict[str, Any] = {**HERE, "endpoint_url": silent, "aws_config": {"read_timeout": 1}}
    at = client(**options)
    started = time.monotonic()
    with pytest.raises(CallFailed) as failed:
        call(at, "DescribeTable", {"TableName": "abc"}, "read table abc")
    assert time.monotonic() - started < 3
    assert str(failed.value).startswith(f"could not read table abc: no answer from {silent} (it timed out); check ")
    assert failed.value.unsure


def test_an_endpoint_without_a_listener_is_reported_at_once() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(CallFailed, match=r"no answer from http://127.0.0.1:\d+ \(the connection was refused"):
        call(client(**{**HERE, "endpoint_url": f"http://127.0.0.1:{port}"}), "ListTables", {}, "list the tables")


@pytest.mark.parametrize("url", ["http://user:secret@127.0.0.1:9", "http://user:p@secret@a..b"])
def test_a_password_in_the_url_is_not_shown(url: str) -> None:
    with pytest.raises((CallFailed, Impossible)) as failed:
        call(client(**{**HERE, "endpoint_url": url}), "ListTables", {}, "list the tables")
    assert "secret" not in str(failed.value)


def test_an_endpoint_that_is_not_aws_is_named(web_page: str) -> None:
    with pytest.raises(CallFailed) as failed:
        call(client(**{**HERE, "endpoint_url": web_page}), "ListTables", {}, "list the tables")
    assert str(failed.value).startswith("could not list the tables: ")
    assert web_page in str(failed.value)
    assert "\n" not in str(failed.value)


def test_silence_is_reported_within_15_seconds_unless_declared_otherwise() -> None:
    config = client(**HERE).meta.config
    assert 2 * config.connect_timeout + 1 < 15
    assert config.read_timeout < 15


def test_a_missing_answer_is_never_retried_nor_a_connection_more_than_once() -> None:
    with pytest.raises(ReadTimeoutError):
        _give_up_on_silence(1, ReadTimeoutError(endpoint_url="x"))
    _give_up_on_silence(1, ConnectTimeoutError(endpoint_url="x"))
    with pytest.raises(ConnectTimeoutError):
        _give_up_on_silence(2, ConnectTimeoutError(endpoint_url="x"))
    _give_up_on_silence(3, None)


def test_secrets_are_marked_as_such() -> None:
    """A marked secret is masked wherever it stands in a result."""
    assert [name for name, option in OPTIONS.items() if option.get("no_log")] == ["secret_key", "session_token"]


def test_a_modules_own_options_and_those_of_the_connection_are_not_confused() -> None:
    assert not set(OPTIONS) & set(dynamodb_table.OPTIONS)


class Strange(http.server.ThreadingHTTPServer):
    """An endpoint between us and AWS that gives each answer of a list in turn, the last one for ever."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__(("127.0.0.1", 0), StrangeHandler)
        self.answers = list(answers)
        self.asked = 0
        self.url = f"http://127.0.0.1:{self.server_port}"


class StrangeHandler(http.server.BaseHTTPRequestHandler):
    server: Strange

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        answers, self.server.asked = self.server.answers, self.server.asked + 1
        self.wfile.write(answers.pop(0) if len(answers) > 1 else answers[0])
        self.close_connection = True

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def strange() -> Iterator[Any]:
    with contextlib.ExitStack() as stack:

        def serve(*answers: bytes) -> Strange:
            server = stack.enter_context(Strange(*answers))
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            return server

        yield serve


def answered(body: bytes, status: str = "200 OK", length: int | None = None) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {length or len(body)}\r\n\r\n".encode() + body


PAGE = answered(b"<html>SECRET</html>")
TABLE = answered(b'{"Table": {"TableName": "abc", "TableStatus": "ACTIVE"}}')
SESSION = answered(
    b"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>SECRET"
    b"</SecretAccessKey>",
    length=500,
)


@pytest.mark.parametrize(
    "answer",
    [
        PAGE,
        answered(b'{"Table": {"Tab', length=60),
        answered(b'{"Table": {"Tab'),
        answered(b""),
        answered(b"[]"),
        answered(b'{"junk": "' + b"x" * 1_000_000 + b'"}'),
        answered(b'{"Table": "SECRET"}'),
        answered(b'{"Table": {"TableName": "abc", "TableStatus": "ACTIVE", "CreationDateTime": "SECRET"}}'),
        answered(b'{"Table": {"TableName": "xyz", "TableStatus": "ACTIVE"}}'),
        answered(b"<html>SECRET</html>", "302 Found"),
    ],
    ids=[
        "a page",
        "half a body",
        "half a body, its length right",
        "nothing",
        "another value",
        "junk",
        "no table",
        "a time that is none",
        "another table",
        "a page to log in",
    ],
)
def test_an_answer_that_is_not_aws_is_asked_for_once_more_and_then_reported(strange: Any, answer: bytes) -> None:
    server = strange(answer, TABLE)
    assert call(client(**{**HERE, "endpoint_url": server.url}), "DescribeTable", {"TableName": "abc"}, "read it")[
        "Table"
    ]
    assert server.asked == 2
    server = strange(answer)
    with pytest.raises(CallFailed) as failed:
        call(client(**{**HERE, "endpoint_url": server.url}), "DescribeTable", {"TableName": "abc"}, "read table abc")
    assert str(failed.value).startswith(
        f"could not read table abc: {server.url} answered with something that is not AWS's ("
    )
    assert str(failed.value).endswith("); is a proxy in between?")
    assert (failed.value.code, failed.value.unsure, server.asked) == ("NotAws", True, 2)
    assert "SECRET" not in str(failed.value)
    assert failed.value.__cause__ is None


@pytest.mark.parametrize("answer", [PAGE, SESSION], ids=["a page", "half a body, of credentials"])
def test_half_an_answer_never_shows_its_credentials(strange: Any, answer: bytes) -> None:
    arguments = {"RoleArn": "arn:aws:iam::123456789012:role/mana", "RoleSessionName": "mana"}
    with pytest.raises(CallFailed, match="could not assume it: ") as failed:
        call(client("sts", **{**HERE, "endpoint_url": strange(answer).url}), "AssumeRole", arguments, "assume it")
    assert "SECRET" not in str(failed.value)


def test_a_write_whose_answer_is_not_aws_is_made_once_and_unsure(strange: Any) -> None:
    server = strange(PAGE)
    with pytest.raises(CallFailed) as failed:
        call(client(**{**HERE, "endpoint_url": server.url}), "DeleteTable", {"TableName": "abc"}, "delete it")
    assert (server.asked, failed.value.unsure) == (1, True)


CHECKED = b"HTTP/1.1 200 OK\r\nx-amz-crc32: 1\r\nContent-Length: 2\r\n\r\n{}"
VERSION = {"PolicyArn": "arn:aws:iam::123456789012:policy/mana", "PolicyDocument": "{}"}
BACKUP = {"TableName": "abc", "BackupName": "last"}


@pytest.mark.parametrize(
    "answer",
    [b"", answered(b"<html>busy</html>", "503 Busy"), CHECKED],
    ids=["no answer", "503", "another checksum than that of its body"],
)
@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [("iam", "CreatePolicyVersion", VERSION), ("dynamodb", "CreateBackup", BACKUP)],
    ids=["a version", "a backup"],
)
def test_a_call_that_makes_one_more_each_time_is_made_once(
    strange: Any, service: str, operation: str, arguments: dict[str, str], answer: bytes
) -> None:
    server = strange(answer)
    with pytest.raises(CallFailed) as failed:
        call(client(service, **{**HERE, "endpoint_url": server.url}), operation, arguments, "make it")
    assert (server.asked, failed.value.unsure) == (1, True)


@pytest.mark.parametrize(
    ("parameters", "environment", "where"),
    [
        ({**KEYS, "session_token": "HIDDEN\n"}, {}, "session_token"),
        ({"access_key": "HID DEN", "secret_key": "x"}, {}, "access_key"),
        ({"access_key": "a", "secret_key": "HIDDEN\u2026"}, {}, "secret_key"),
        ({}, {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "HIDDEN\n"}, "AWS_SECRET_ACCESS_KEY"),
        ({}, {"AWS_ACCESS_KEY": "a", "AWS_SECRET_KEY": "HIDDEN\r"}, "AWS_SECRET_KEY"),
        (
            {},
            {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SESSION_TOKEN": "HIDDEN\n"},
            "AWS_SESSION_TOKEN",
        ),
        ({"profile": "work"}, {}, "profile"),
    ],
    ids=[
        "a token",
        "an access key",
        "a secret key",
        "a variable",
        "a short variable",
        "a token's variable",
        "a profile",
    ],
)
def test_credentials_that_no_header_carries_are_refused(
    parameters: dict[str, Any], environment: dict[str, str], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Botocore would quote them whole, in its words for a wrong header."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    text = "[work]\naws_access_key_id = a\naws_secret_access_key = HID DEN\n"
    Path(os.environ["AWS_SHARED_CREDENTIALS_FILE"]).write_text(text)
    with pytest.raises(Impossible, match=f"^{where}: a credential there holds white space, or a character") as refused:
        client(region="us-east-1", **parameters)
    assert "HID" not in str(refused.value)


def test_a_call_that_the_installed_botocore_does_not_know_is_reported() -> None:
    with pytest.raises(
        CallFailed, match=r"^could not dance: the installed botocore \S+ does not know Dance; install a"
    ):
        call(client(**HERE), "Dance", {}, "dance")


@pytest.mark.parametrize(
    ("operation", "code", "words", "reports"),
    [
        ("CreateTable", "ThrottlingException", "Rate exceeded", 1),
        ("CreateTable", "ThrottlingException", "Deletion protection was modified. Please try again after", 0),
        ("CreateTable", "ResourceInUseException", "at any rate", 0),
        ("DescribeTable", "ThrottlingException", "Rate exceeded", 0),
    ],
    ids=["a write", "a setting that cools down", "another error", "a read"],
)
def test_a_write_that_aws_throttles_is_reported(
    client: Any, operation: str, code: str, words: str, reports: int
) -> None:
    """Rule mutations-are-throttled."""
    seen: list[str] = []
    client.meta.events.unregister("needs-retry.dynamodb", unique_id="retry-config-dynamodb")  # botocore's own
    connect = watch_throttling(at(client), seen.append)
    assert connect("dynamodb") is connect("dynamodb")
    model = client.meta.service_model.operation_model(operation)
    error = (None, {"Error": {"Code": code, "Message": words}})
    answers: list[Any] = [error, (None, {"Table": {}}), None]
    for response in answers:
        client.meta.events.emit(f"needs-retry.dynamodb.{operation}", response=response, operation=model)
    assert seen == ["us-east-1"] * reports

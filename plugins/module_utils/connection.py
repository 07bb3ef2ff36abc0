# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The way to AWS: the connection options, clients made of them, and calls whose errors are sentences."""

from __future__ import annotations

import contextlib
import functools
import gc
import gzip
import json
import os
import threading
import weakref
from collections.abc import Iterator, Mapping
from typing import Any, Callable, NoReturn
from urllib.parse import urlsplit

from . import answers, connection_rules
from .plan import Impossible, Where


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the garbage collector while objects are loaded that stay: it would take a tenth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # or the collector would look through all of these as soon as it is on again
        if enabled:
            gc.enable()


try:
    with _uncollected():
        import botocore.session
        from botocore import exceptions, xform_name
        from botocore.config import Config
        from botocore.hooks import HierarchicalEmitter
        from botocore.loaders import create_loader
        from botocore.utils import parse_to_aware_datetime
except ImportError:  # the front end says so, in a sentence
    HAS_BOTOCORE = False
else:
    HAS_BOTOCORE = True

OPTIONS: dict[str, dict[str, Any]] = {
    "region": {"type": "str", "aliases": ["aws_region"]},
    "profile": {"type": "str", "aliases": ["aws_profile"]},
    "access_key": {"type": "str", "aliases": ["aws_access_key_id", "aws_access_key"], "no_log": False},
    "secret_key": {"type": "str", "aliases": ["aws_secret_access_key", "aws_secret_key"], "no_log": True},
    "session_token": {"type": "str", "aliases": ["aws_session_token"], "no_log": True},
    "endpoint_url": {"type": "str", "aliases": ["aws_endpoint_url"]},
    "aws_ca_bundle": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "aws_config": {"type": "dict"},
    "debug_botocore_endpoint_logs": {"type": "bool"},
}
MUTUALLY_EXCLUSIVE = [("profile", "access_key"), ("profile", "secret_key"), ("profile", "session_token")]
REQUIRED_TOGETHER = [("access_key", "secret_key")]

# A run fails within 15 s if an endpoint does not answer: a connection is retried once, an answer awaited once.
TIMEOUTS = {"connect_timeout": 4, "read_timeout": 10}
RETRIES = {"mode": "standard", "total_max_attempts": 6}
# As many as the threads that a task may have: a connection over this number would be made anew for each call.
CONNECTIONS = {"max_pool_connections": 64}

THROTTLED = ("ThrottlingException", "Throttling", "RequestLimitExceeded")
# Calls that create another resource each time they are made.
ONCE = ("CreateBackup", "CreatePolicyVersion")

Client = Any
# Makes the client of a service, in a region or in that of the options.
Connect = Callable[..., Client]


class CallFailed(Exception):
    """A call to AWS that failed: ``sentence`` for people, AWS's ``code`` and ``words`` for decisions.

    ``unsure``: the call may have had its effect, since its answer was lost on the way, or was not AWS's.
    """

    def __init__(self, sentence: str, code: str = "", words: str = "", unsure: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.words = words
        self.unsure = unsure

    def with_remedy(self, remedy: str) -> CallFailed:
        """The same failure, with its meaning and a remedy in the sentence."""
        return CallFailed(f"{self.sentence}; {remedy}", self.code, self.words, self.unsure)


class Unread(CallFailed):
    """Reads of some parts that were denied: ``reads`` has the failure of each, by region ("" is the own) and part."""

    def __init__(self, reads: Mapping[tuple[str, str], CallFailed]) -> None:
        first = next(iter(reads.values()))
        sentences = dict.fromkeys(failure.sentence for failure in reads.values())
        super().__init__("; ".join(sentences), first.code, first.words)
        self.reads = reads


class ComparedInPart(CallFailed):
    """The same with the names of these parts, a sentence for each, and what a run finds that leaves them out."""

    def __init__(self, unread: Unread, not_read: Mapping[str, str], find: Callable[[], dict[str, Any]]) -> None:
        super().__init__(unread.sentence, unread.code, unread.words)
        self.not_read = not_read
        self.find = find


def connector(parameters: Mapping[str, Any]) -> Connect:
    """A function that makes, and keeps, a client for a service (and region) from the connection options."""
    clients: dict[tuple[str, str | None], Client] = {}
    lock = threading.Lock()

    def connect(service: str, region: str | None = None) -> Client:
        if (service, region) not in clients:
            with lock:  # or several threads would each make one
                if (service, region) not in clients:
                    where = {**parameters, "region": region} if region else parameters
                    clients[service, region] = _client(service, where)
        return clients[service, region]

    return connect


@functools.cache
def preload(service: str) -> None:
    """Create and discard a client, so that botocore's models are loaded once, before Ansible forks."""
    with contextlib.suppress(Exception):  # the client of a task will say what is wrong
        # With keys: without any, botocore would look for some, on the network too.
        _client(service, {"region": "us-east-1", "access_key": "nobody's", "secret_key": "nobody's"})


def call(client: Client, operation: str, arguments: Mapping[str, Any], purpose: str, resource: str = "") -> Any:
    """Make one API call and return its answer.

    An answer that is not AWS's, or not whole, is thrown away, and a read is made once more.
    Raises CallFailed with the sentence "could not <purpose>: <AWS's words>"; if AWS denied the call, the sentence
    names the missing permission, and the ``resource`` if that is given.
    """
    if operation not in client.meta.service_model.operation_names:
        raise CallFailed(
            f"could not {purpose}: the installed botocore {botocore.__version__} does not know {operation}; "
            "install a newer one",
            "UnknownToBotocore",
        )
    try:
        try:
            return _answer(client, operation, arguments)
        except NotAws:
            if not answers.is_read(operation):
                raise
            return _answer(client, operation, arguments)
    except (NotAws, exceptions.ClientError, exceptions.BotoCoreError) as error:
        from . import call_faults

        permission = f"{client.meta.service_model.signing_name}:{operation}" + (f" on {resource}" if resource else "")
        explained = call_faults.explained(error, _asked(error, client), purpose, permission, botocore.__version__)
        raise CallFailed(*explained) from None


class NotAws(Exception):
    """An answer that is not AWS's, or not whole. The exception's words say why, and quote nothing of the answer."""


def _answer(client: Client, operation: str, arguments: Mapping[str, Any]) -> Any:
    """AWS's answer to a call. Raises NotAws, botocore's errors, and CallFailed if credentials cannot be renewed."""
    try:
        answer = getattr(client, xform_name(operation))(**arguments)
    except Exception as error:
        from . import call_faults

        if call_faults.is_of_credentials(error):
            raise _no_credentials(error) from None
        own = isinstance(error, (NotAws, exceptions.BotoCoreError, exceptions.ClientError))
        if not own and call_faults.is_of_parsing(error):
            raise NotAws("it cannot be parsed") from None  # the parser's words hold the whole answer
        raise
    output = client.meta.service_model.operation_model(operation).output_shape
    wrong = answers.fault(operation, arguments, answer, output)
    if wrong:
        raise NotAws(wrong)
    return answer


def _watch(client: Client) -> None:
    """Check each answer before botocore parses it: botocore takes half an answer for a whole one."""
    session, model = client._endpoint.http_session, client.meta.service_model
    send, protocol = session.send, getattr(model, "resolved_protocol", None) or model.metadata["protocol"]

    def checked(request: Any) -> Any:
        response = send(request)
        wrong = answers.body_fault(protocol, response.status_code, response.headers, response.content)
        if wrong:
            raise NotAws(wrong)
        return response

    session.send = checked


def _complete(client: Client, service: str) -> None:
    """Add to each parsed answer the members of its body that this botocore does not know, and would drop."""

    def take(paths: list[str], http_response: Any, parsed: dict[str, Any], **_event: Any) -> None:
        if http_response.status_code == 200:
            answers.complete(parsed, paths, http_response.content)

    for operation, paths in answers.NEWER.items():
        if operation in client.meta.service_model.operation_names:
            shape = client.meta.service_model.operation_model(operation).output_shape
            unknown = [path for path in paths if not _is_known(shape, path)]
            if unknown:
                client.meta.events.register(f"after-call.{service}.{operation}", functools.partial(take, unknown))


def _is_known(shape: Any, path: str) -> bool:
    """Whether the shape of an answer has the member at a path."""
    for name in path.split("."):
        shape = shape and shape.members.get(name)
    return shape is not None


def _send_some_once(client: Client) -> None:
    """Never resend a call of ONCE: its caller looks whether the call had its effect.

    botocore resends a call after an answer of 5xx, and after an answer whose checksum is not the one in its header.
    """
    endpoint = client._endpoint
    needs_retry = endpoint._needs_retry

    def checked(attempts: int, operation: Any, request: Any, response: Any = None, error: Any = None) -> Any:
        if operation.name in ONCE and response is not None and not 400 <= response[0].status_code < 500:
            return False
        return needs_retry(attempts, operation, request, response, error)

    endpoint._needs_retry = checked


def watch_throttling(connect: Connect, report: Callable[[str], None]) -> Connect:
    """The same way to AWS. ``report`` is called, with the region, for each write that AWS throttles.

    botocore sends such a write anew without a word. Each client that the way ever leads to is watched: that of another
    region, and one that is made anew with other credentials.
    """
    watched: weakref.WeakSet[Client] = weakref.WeakSet()

    def watching(service: str, region: str | None = None) -> Client:
        client = connect(service, region)
        if client not in watched:
            watched.add(client)
            _report_throttling(client, report)
        return client

    return watching


def _report_throttling(client: Client, report: Callable[[str], None]) -> None:
    """Call ``report`` for each write of a client that AWS throttles, and nobody who was told before."""

    def answered(response: Any = None, operation: Any = None, **_event: Any) -> None:
        error = response[1].get("Error", {}) if response else {}
        throttled = error.get("Code") in THROTTLED and "rate" in error.get("Message", "").lower()
        if throttled and not answers.is_read(operation.name):
            report(client.meta.region_name)

    event = f"needs-retry.{client.meta.service_model.service_name}"
    client.meta.events.unregister(event, unique_id=watch_throttling.__name__)
    client.meta.events.register(event, answered, unique_id=watch_throttling.__name__)


def is_time(text: str) -> bool:
    """Whether botocore can send the text as a time: ISO 8601, RFC 822, or seconds since 1970."""
    try:
        parse_to_aware_datetime(text)
    except (AttributeError, RuntimeError, TypeError, ValueError):  # each of botocore's parsers raises another one
        return False
    return True


def address(client: Client) -> str:
    """The address that calls go to, without anything else that a URL can hold."""
    return _bare(client.meta.endpoint_url)


def _asked(error: Any, client: Client) -> str:
    """The address that did not answer: some calls go to hosts of their own (rule searches-have-hosts-of-their-own)."""
    return _bare(getattr(error, "kwargs", {}).get("endpoint_url") or client.meta.endpoint_url)


def _bare(address_with_all: str) -> str:
    url = urlsplit(address_with_all)
    return f"{url.scheme}://{url.netloc.rpartition('@')[2]}"


def doubt(client: Client) -> str:
    """The warning that a client comes with; empty without one."""
    return getattr(client, "doubt", "")


def where(client: Client) -> Where:
    """The region of a client, and the address of its endpoint if that is not AWS's."""
    return _where(client.meta.region_name, client.meta.endpoint_url)


@functools.lru_cache
def _where(region: str, endpoint_url: str) -> Where:
    return Where(region, "" if connection_rules.is_of_aws(endpoint_url) else _bare(endpoint_url))


@_uncollected()
def _client(service: str, parameters: Mapping[str, Any]) -> Client:
    connection_rules.check_botocore(botocore.__version__)
    connection_rules.check(parameters, os.environ, service)
    try:
        session = botocore.session.Session(
            profile=parameters.get("profile") or None, event_hooks=_hooks(), include_builtin_handlers=False
        )
        session.register_component("data_loader", _loader(session.get_config_variable("data_path")))
        region = _region(session, parameters)
        session.set_config_variable("region", region)  # also used for the service that gives credentials
        access_key, secret_key, token = _keys(parameters)
        if access_key:
            session.set_credentials(access_key, secret_key or "", token)
        _check_credentials(session, parameters)
        endpoint_url = parameters.get("endpoint_url") or os.environ.get("AWS_URL") or None
        client: Client = session.create_client(
            service,
            region_name=region,
            endpoint_url=endpoint_url,
            verify=_verify(parameters),
            config=_config(session, parameters),
        )
    except (ValueError, exceptions.BotoCoreError) as error:
        from . import call_faults

        raise Impossible(call_faults.no_client(error)) from None
    client.doubt = _doubt(session, service, client)
    client.meta.events.register_first(f"needs-retry.{service}", _give_up_on_silence)
    _watch(client)
    _send_some_once(client)
    _complete(client, service)
    return client


def _check_credentials(session: Any, parameters: Mapping[str, Any]) -> None:
    """Find the credentials now: in the middle of a call, their source would fail with words that may hold a secret.

    Raises Impossible for credentials that no header could carry, and CallFailed where none can be had.
    """
    try:
        _ask_for_no_code(session)
        credentials = session.get_credentials()
        frozen = credentials and credentials.get_frozen_credentials()
    except (exceptions.ProfileNotFound, exceptions.NoRegionError, exceptions.InvalidRegionError):
        raise
    except Exception as error:  # each place of credentials raises another one
        raise _no_credentials(error) from None
    for kind in ("access_key", "secret_key", "token"):
        value = getattr(frozen, kind, None)
        if value and not isinstance(value, str):
            raise _no_credentials(TypeError(), credentials.method)
        if value and connection_rules.NO_HEADER.search(value):
            where = connection_rules.source(value, parameters, os.environ) or "profile"
            raise Impossible(
                f"{where}: a credential there holds white space, or a character that none can have; "
                "remove it, for instance a line break at its end"
            )


class NeedsCode(Exception):
    """The credentials need a code that somebody would have to type."""


def _ask_for_no_code(session: Any) -> None:
    """Fail if a profile asks for a code of an MFA device: botocore would wait for somebody at a terminal."""
    if session._credentials is not None:  # the options gave the credentials, so no profile is asked
        return

    def prompt(_text: str) -> NoReturn:
        raise NeedsCode

    session.get_component("credential_provider").get_provider("assume-role")._prompter = prompt


def _no_credentials(error: Exception, place: str = "") -> CallFailed:
    """The failure of a call whose credentials cannot be had, or not be renewed."""
    from . import call_faults

    return CallFailed(*call_faults.no_credentials(error, place))


class _Files:
    """Loads botocore's JSON as plain dicts; botocore's own loader builds ordered ones, and takes twice as long."""

    ENDINGS = ((".json", open), (".json.gz", gzip.open))

    def exists(self, file_path: str) -> bool:
        """Whether there is such a file, compressed or not."""
        return any(os.path.isfile(file_path + ending) for ending, _open_file in self.ENDINGS)

    def load_file(self, file_path: str) -> Any:
        """The content of the file; None without one."""
        for ending, open_file in self.ENDINGS:
            with contextlib.suppress(FileNotFoundError), open_file(file_path + ending, "rb") as file:
                return json.load(file)
        return None


@functools.lru_cache
def _hooks() -> Any:
    """Botocore's event handlers, which each client copies; collecting them takes half of a client's time, so once."""
    hooks = HierarchicalEmitter()
    botocore.session.Session(event_hooks=hooks)
    return hooks


@functools.lru_cache
def _loader(data_path: str | None) -> Any:
    """The loader of all clients, so that models of services and endpoints, the bulk of a client's time, load once."""
    loader: Any = create_loader(data_path)
    loader.file_loader = _Files()
    # To find a service, botocore would look into each of four hundred folders; their names are enough.
    services = [name for path in loader.search_paths if os.path.isdir(path) for name in os.listdir(path)]
    loader.list_available_services = lambda _type_name: services
    return loader


def _keys(parameters: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Access keys from the options; without options and profile, from AWS_ACCESS_KEY and AWS_SECRET_KEY."""
    if parameters.get("access_key") or parameters.get("profile") or "AWS_ACCESS_KEY_ID" in os.environ:
        return parameters.get("access_key"), parameters.get("secret_key"), parameters.get("session_token")
    return os.environ.get("AWS_ACCESS_KEY"), os.environ.get("AWS_SECRET_KEY"), os.environ.get("AWS_SESSION_TOKEN")


def _region(session: Any, parameters: Mapping[str, Any]) -> str | None:
    """The region of the options, of AWS_REGION, which the SDK does not read, or of the SDK's own settings."""
    return parameters.get("region") or os.environ.get("AWS_REGION") or session.get_config_variable("region")


def _verify(parameters: Mapping[str, Any]) -> Any:
    """False, the bundle of the options, or None for botocore's own settings, such as AWS_CA_BUNDLE."""
    if parameters.get("validate_certs") is False:
        return False
    return parameters.get("aws_ca_bundle") or None


def _config(session: Any, parameters: Mapping[str, Any]) -> Any:
    declared = parameters.get("aws_config") or {}
    # botocore would put its own name together twice for each call, which takes a fifth of the call's time. It alone
    # adds the name of an application, if there is one.
    application = declared.get("user_agent_appid") or session.get_config_variable("user_agent_appid")
    name = (
        {"user_agent_extra": "mana.memory"}
        if application
        else {"user_agent": f"mana.memory Botocore/{botocore.__version__}"}
    )
    try:
        return Config(**{"retries": RETRIES, **name, **TIMEOUTS, **CONNECTIONS, **declared})
    except (AttributeError, TypeError, exceptions.BotoCoreError) as error:
        from . import call_faults

        raise Impossible(
            f"aws_config: {call_faults.one_line(error)}; its keys are those of botocore's Config"
        ) from error


def _doubt(session: Any, service: str, client: Client) -> str:
    """A warning of the client's region, if botocore does not know it. Raises Impossible for a misspelt one."""
    if service == "iam" or not connection_rules.is_of_aws(client.meta.endpoint_url):
        return ""
    partitions = session.get_available_partitions()
    known = [name for partition in partitions for name in session.get_available_regions("dynamodb", partition)]
    return connection_rules.check_region(client.meta.region_name, known, botocore.__version__)


def _give_up_on_silence(
    attempts: int, caught_exception: Exception | None = None, operation: Any = None, **_event: Any
) -> None:
    """Retry a connection once and a missing answer never; everything else is botocore's to retry."""
    once = operation is not None and operation.name in ONCE
    if isinstance(caught_exception, exceptions.ReadTimeoutError):
        raise caught_exception
    silent = isinstance(caught_exception, (exceptions.HTTPClientError, exceptions.ConnectionError))
    if caught_exception and silent and (once or attempts > 1):
        raise caught_exception

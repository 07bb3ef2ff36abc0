# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Stand between a client of AWS and its endpoint: write down each call, and let a function decide what becomes of it.

Microburst, a library of faults, lacks what the tests need most: another resource's answer, and somebody who acts
between two calls.
"""

from __future__ import annotations

import contextlib
import http.client
import http.server
import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from email.message import Message
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from tools.endpoint import Endpoint

READS = ("Describe", "List", "Get", "Query", "Scan", "Search", "BatchGet", "Simulate", "AssumeRole")
# Lambda names its operations by method and path.
LAMBDA = {"GET": "GetFunctionConfiguration", "PUT": "UpdateFunctionConfiguration"}
PATIENCE = 30  # seconds


class Request(NamedTuple):
    """A request on the wire."""

    method: str
    path: str
    headers: Message  # which finds a name however it is written
    body: bytes

    @property
    def service(self) -> str:
        """The service, by the scope of the signature."""
        return self.headers["Authorization"].split("/")[3]

    @property
    def operation(self) -> str:
        """The API's name for what is asked."""
        if self.service == "lambda":
            return LAMBDA[self.method]
        if "X-Amz-Target" in self.headers:
            return self.headers["X-Amz-Target"].rpartition(".")[2]
        return parse_qs(self.body.decode())["Action"][0]

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return not self.operation.startswith(READS)


class Answer(NamedTuple):
    """An answer on the wire. ``announced`` is its Content-Length, where that is not the truth."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    announced: int | None = None


def refusal(service: str, status: int, code: str, words: str) -> Answer:
    """An error in the protocol of a service."""
    if service in ("iam", "sts"):
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{words}</Message></Error>"
        content = f"<ErrorResponse>{error}<RequestId>0</RequestId></ErrorResponse>"
        return Answer(status, (("Content-Type", "text/xml"),), content.encode())
    headers = (("Content-Type", "application/x-amz-json-1.0"), ("x-amzn-ErrorType", code))
    return Answer(status, headers, json.dumps({"__type": code, "message": words}).encode())


class Call(NamedTuple):
    """A request, and what the endpoint answered; ``None`` where it was not handed on."""

    request: Request
    answer: Answer | None

    @property
    def operation(self) -> str:
        """The API's name for what was asked."""
        return self.request.operation

    @property
    def status(self) -> int | None:
        """How it ended at the endpoint."""
        return self.answer.status if self.answer else None

    @property
    def succeeded(self) -> bool:
        """Whether the endpoint did what was asked."""
        return self.status is not None and 200 <= self.status < 300


class Reset(Exception):
    """In place of an answer: the connection is reset."""


class Silence(Exception):
    """In place of an answer: nothing, until the client goes."""


# Hands a request to the endpoint and gives its answer.
HandOn = Callable[[], Answer]
Decide = Callable[[Request, HandOn], Answer]


def transparent(_request: Request, hand_on: HandOn) -> Answer:
    """Hand a call on, and do nothing else."""
    return hand_on()


class Proxy(http.server.ThreadingHTTPServer):
    """A proxy on the loopback. It hands on every header as it is, the Host too, so that signatures stay valid."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, endpoint: Endpoint, decide: Decide) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.upstream = endpoint.url.removeprefix("http://")
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.decide = decide
        self.calls: list[Call] = []

    def taken(self) -> list[Call]:
        """The calls since this was asked last."""
        calls, self.calls = self.calls, []
        return calls


class Handler(http.server.BaseHTTPRequestHandler):
    """Take a request, and give the client what is decided."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = PATIENCE
    server: Proxy

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the client may end a connection as it likes
            super().handle()

    def do_GET(self) -> None:
        self.do_POST()

    def do_PUT(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        """Take one request, from its arrival to its answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = Request(self.command, self.path, self.headers, body)
        given: list[Answer] = []

        def hand_on() -> Answer:
            given.append(self.ask(request))
            return given[-1]

        answer: Answer | Exception
        try:
            answer = self.server.decide(request, hand_on)
        except (Reset, Silence) as nothing:
            answer = nothing
        self.server.calls.append(Call(request, given[-1] if given else None))
        with contextlib.suppress(OSError):  # the client may have gone meanwhile
            self.give(answer)

    def ask(self, request: Request) -> Answer:
        """The endpoint's answer."""
        with contextlib.closing(http.client.HTTPConnection(self.server.upstream, timeout=PATIENCE)) as upstream:
            upstream.request(request.method, request.path, request.body, dict(request.headers))
            answer = upstream.getresponse()
            content = answer.read()
        dropped = ("content-length", "transfer-encoding", "connection")
        return Answer(
            answer.status, tuple(each for each in answer.getheaders() if each[0].lower() not in dropped), content
        )

    def give(self, answer: Answer | Exception) -> None:
        """Answer the client, or leave it without an answer."""
        if isinstance(answer, Answer):
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            announced = len(answer.content) if answer.announced is None else answer.announced
            self.send_header("Content-Length", str(announced))
            self.end_headers()
            self.wfile.write(answer.content)
            self.close_connection = self.close_connection or answer.announced is not None
            return
        self.close_connection = True
        if isinstance(answer, Silence):
            self.rfile.read(1)
        else:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing: the calls are the record."""


@contextlib.contextmanager
def proxied(endpoint: Endpoint, decide: Decide = transparent) -> Iterator[Proxy]:
    """A proxy for as long as a block lasts."""
    with Proxy(endpoint, decide) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()

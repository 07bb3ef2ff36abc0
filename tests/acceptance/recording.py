# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Stand between a client of AWS and its endpoint, and write down what the client calls."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import json
import threading
import urllib.parse
from collections.abc import Iterator
from typing import NamedTuple

from tools.endpoint import Endpoint


class Call(NamedTuple):
    """One request on the wire, and the status of its answer."""

    operation: str
    index_name: str | None
    status: int


class Recording(http.server.ThreadingHTTPServer):
    """A proxy on the loopback. It hands on every header as it is, the Host too, so that signatures stay valid."""

    daemon_threads = True

    def __init__(self, endpoint: Endpoint, handler: type[Handler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.upstream = endpoint.url.removeprefix("http://")
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.calls: list[Call] = []

    def taken(self) -> list[Call]:
        """The calls since this was asked last."""
        calls, self.calls = self.calls, []
        return calls


class Handler(http.server.BaseHTTPRequestHandler):
    """Hand a request to the endpoint, and its answer back."""

    protocol_version = "HTTP/1.1"
    server: Recording

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        with contextlib.closing(http.client.HTTPConnection(self.server.upstream, timeout=30)) as upstream:
            upstream.request(self.command, self.path, body, dict(self.headers))
            answer = upstream.getresponse()
            content = answer.read()
        self.server.calls.append(Call(*self.named(body), answer.status))
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815

    def named(self, body: bytes) -> tuple[str, str | None]:
        """The operation and its index: from a header of DynamoDB, a form of IAM or STS, or Lambda's method and path."""
        target = self.headers["X-Amz-Target"]
        if target:
            return target.rpartition(".")[2], json.loads(body).get("IndexName")
        form = urllib.parse.parse_qs(body.decode(errors="replace"))
        return form.get("Action", [f"{self.command} {self.path}"])[0], None

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the calls are the record."""


@contextlib.contextmanager
def recording(endpoint: Endpoint, handler: type[Handler] = Handler) -> Iterator[Recording]:
    """A proxy for as long as a block lasts."""
    with Recording(endpoint, handler) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Start and stop the AWS endpoints that serve on this machine.

    endpoint.py start ministack            a small pure-Python AWS, for a first run and for IAM
    endpoint.py start gate                 the same behind the gate, which refuses and waits as AWS does
    endpoint.py start localstack           LocalStack with the real DynamoDB Local, for the scenarios
    endpoint.py start dynalite             a small DynamoDB whose tables take a second to change
    endpoint.py url                        where it answers
    endpoint.py run COMMAND ...            run a command with the endpoint's environment
    endpoint.py stop                       end it, with everything that it started

A state directory (--state) holds one endpoint: its record, its log, its files. The environment of
``start`` reaches the server, so ``AUTH=true`` or ``DYNAMODB_DELAY_TRANSIENT_STATUSES=1`` before it are
its options. `make endpoints` installs the servers.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
CACHE = TOOLS.parent / ".cache"
STATE = CACHE / "endpoint"
START_SECONDS = 120
STOP_SECONDS = 8  # pytest-xdist gives a worker ten

# Long and improbable: Ansible masks a secret's value wherever it stands in the output.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "NOBODYSKEYONTHISMACHINE",
    "AWS_SECRET_ACCESS_KEY": "good-for-nothing-but-the-endpoint-on-this-machine",
}


class EndpointError(Exception):
    """An endpoint cannot be had; the message says why and what helps."""


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """A server that speaks AWS: where it is, and the AWS_* variables that lead a client there."""

    kind: str
    url: str
    pid: int
    environment: Mapping[str, str]

    @property
    def connection(self) -> dict[str, str]:
        """The options of a task that lead there."""
        return {
            "endpoint_url": self.url,
            "region": self.environment["AWS_REGION"],
            "access_key": self.environment["AWS_ACCESS_KEY_ID"],
            "secret_key": self.environment["AWS_SECRET_ACCESS_KEY"],
        }


def without_aws(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without the user's own AWS settings, which must not leak into a local endpoint."""
    return {name: value for name, value in environment.items() if not name.startswith("AWS_")}


def client_environment(url: str) -> dict[str, str]:
    """The AWS_* variables that lead any SDK, and nobody's real credentials, to a local endpoint."""
    return {
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


MINISTACK = "tools.splints.quick_ministack:app"


def ministack(port: int, _state: Path) -> tuple[list[str], dict[str, str]]:
    """The command and the settings of ministack, on the loopback alone."""
    command = [f"{CACHE}/ministack/bin/python", "-m", "hypercorn", MINISTACK]
    # No workers: a process of its own would outlive a server that was killed.
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "0"]
    # Its MQTT and SFTP servers would listen on every interface. Its root credentials are those it was started with.
    settings = {**CREDENTIALS, "GATEWAY_PORT": str(port), "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0"}
    return command, {**settings, "PYTHONPATH": str(TOOLS.parent)}


def gate(port: int, state: Path) -> tuple[list[str], dict[str, str]]:
    """The command and the settings of ministack behind the gate (tests/gate.py), in the same process."""
    command, settings = ministack(port, state)
    command[command.index(MINISTACK)] = "tests.gated:app"
    return command, settings


def localstack(port: int, state: Path) -> tuple[list[str], dict[str, str]]:
    """The command and the settings of LocalStack on this host: no container, no download, the loopback alone."""
    files = state / "localstack"
    packages = files / "var/lib/localstack/lib"
    packages.parent.mkdir(parents=True, exist_ok=True)
    if not packages.is_symlink():
        packages.symlink_to(CACHE / "localstack/lib")
    command = [f"{CACHE}/localstack/venv/bin/python", "-m", "localstack.runtime.main"]
    settings = {
        "FILESYSTEM_ROOT": str(files),
        "OVERRIDE_IN_DOCKER": "0",  # a host that resembles a container would send its files to system folders
        "GATEWAY_SERVER": "hypercorn",  # the default server listens on every interface
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "NODE_OPTIONS": f'--require "{TOOLS}/splints/loopback.cjs"',  # Kinesis would listen on every interface
        "PROVIDER_OVERRIDE_DYNAMODB": "v2",  # streams by DynamoDB Local, and twice as fast
        "DYNAMODB_IN_MEMORY": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DISABLE_EVENTS": "1",
    }
    return command, settings


def dynalite(port: int, _state: Path) -> tuple[list[str], dict[str, str]]:
    """The command and the settings of dynalite, on the loopback alone.

    A table takes a second to be changed, so that a test can look at it meanwhile.
    """
    command = [f"{CACHE}/dynalite/node_modules/dynalite/cli.js", "--host", "127.0.0.1", "--port", str(port)]
    return [*command, "--updateTableMs", "1000"], {}


SERVERS: dict[str, Callable[[int, Path], tuple[list[str], dict[str, str]]]] = {
    "ministack": ministack,
    "gate": gate,
    "localstack": localstack,
    "dynalite": dynalite,
}


def start(kind: str, state: Path = STATE, options: Mapping[str, str] | None = None) -> Endpoint:
    """The endpoint of this state directory, started unless it is there already, once DynamoDB answers."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("a") as lock:
        if acquire(lock.fileno()):
            launch(kind, state.resolve(), options or {}, lock.fileno())
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and is_held(state):
        endpoint = current(state)
        if endpoint and endpoint.kind != kind:
            raise EndpointError(f"{state} holds a {endpoint.kind}: stop it first, or name another --state")
        if endpoint and answers(endpoint):
            return endpoint
        time.sleep(0.1)
    stop(state)
    raise EndpointError(f"{kind} did not start; {state / 'log'} says why")


def launch(kind: str, state: Path, options: Mapping[str, str], lock: int) -> None:
    """Start a server in a session of its own and record it. It inherits the lock: held means that it lives."""
    port = free_port()
    command, settings = SERVERS[kind](port, state)
    if not Path(command[0]).exists():
        raise EndpointError(f"{kind} is not installed: run `make endpoints`")
    with (state / "log").open("w") as log:
        server = subprocess.Popen(
            command,
            env={**without_aws(os.environ), **settings, **options},
            cwd=state,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[lock],
        )
    url = f"http://127.0.0.1:{port}"
    endpoint = Endpoint(kind, url, server.pid, client_environment(url))
    written = state / "endpoint.json.new"
    written.write_text(json.dumps(dataclasses.asdict(endpoint), indent=2))
    written.replace(state / "endpoint.json")


def stop(state: Path = STATE) -> None:
    """End the server that was started here, and only that: its process group, first gently."""
    if endpoint := current(state):
        os.killpg(endpoint.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and is_held(state):
            time.sleep(0.05)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(endpoint.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(endpoint.pid, 0)
    (state / "endpoint.json").unlink(missing_ok=True)


@contextlib.contextmanager
def running(kind: str, state: Path, options: Mapping[str, str] | None = None) -> Iterator[Endpoint]:
    """An endpoint for as long as a block lasts, stopped however the block ends."""
    try:
        yield start(kind, state, options)
    finally:
        stop(state)


def current(state: Path = STATE) -> Endpoint | None:
    """The endpoint recorded here, if it lives; a record whose lock nobody holds is stale."""
    try:
        record = json.loads((state / "endpoint.json").read_text())
    except FileNotFoundError:
        return None
    return Endpoint(**record) if is_held(state) else None


def acquire(lock: int) -> bool:
    """Take the lock, unless a live server has it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(state: Path) -> bool:
    """Whether a live server holds the lock, which makes the recorded process id its own and no stranger's."""
    try:
        with (state / "lock").open() as lock:
            return not acquire(lock.fileno())
    except FileNotFoundError:
        return False


def answers(endpoint: Endpoint) -> bool:
    """Whether DynamoDB answers ListTables. Unsigned, it is refused where IAM is enforced: that is an answer too."""
    key = endpoint.environment["AWS_ACCESS_KEY_ID"]
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": "DynamoDB_20120810.ListTables",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20000101/us-east-1/dynamodb/aws4_request, "
        "SignedHeaders=host, Signature=0",
    }
    connection = http.client.HTTPConnection(endpoint.url.removeprefix("http://"), timeout=30)
    try:
        connection.request("POST", "/", body="{}", headers=headers)
        return connection.getresponse().status in (200, 400, 403)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """The status that a command ends with: of one that cannot be run, that of a shell."""
    if not command:
        raise EndpointError("run: it takes a command; give one")
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    except FileNotFoundError:
        print(f"{command[0]}: there is no such command; give one of the PATH, or its path", file=sys.stderr)
        return 127
    except OSError:
        print(f"{command[0]}: it cannot be run; give a program", file=sys.stderr)
        return 126


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("start", "stop", "url", "run"):
        command = commands.add_parser(name)
        command.add_argument("--state", type=Path, default=STATE, help="the state directory")
        if name == "start":
            command.add_argument("kind", choices=sorted(SERVERS))
        if name == "run":
            command.add_argument("arguments", nargs=argparse.REMAINDER, metavar="COMMAND ...")
    options = parser.parse_args()
    try:
        if options.command == "start":
            print(start(options.kind, options.state).url)
            return 0
        if options.command == "stop":
            endpoint = current(options.state)
            stop(options.state)
            print(f"stopped {endpoint.url}" if endpoint else "no endpoint was running")
            return 0
        endpoint = current(options.state)
        if endpoint is None:
            raise EndpointError(f"no endpoint is running in {options.state}; run make apply")
        if options.command == "url":
            print(endpoint.url)
            return 0
        return run(options.arguments, {**without_aws(os.environ), **endpoint.environment})
    except EndpointError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Endpoints for the tests that need one, started when the first test asks and stopped at the end."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from tools.endpoint import Endpoint, running

Client = Callable[[str, Endpoint], Any]


def name_plugins() -> None:
    """Make `plugins.…` the same modules that the collection's modules import, in place of a second copy."""
    root = Path(__file__).parents[1]
    paths = [path for path in root.glob("plugins/**/*.py") if path.parent.name != "action"]  # an action makes clients
    files = [path.relative_to(root).with_suffix("") for path in paths]
    for name in {".".join(part.parts) for file in files for part in (file, *file.parents)} - {""}:
        sys.modules[name] = importlib.import_module(f"ansible_collections.mana.memory.{name}")


name_plugins()


def pytest_configure() -> None:
    """End the tests on SIGTERM as on an interrupt, so that no server outlives them; pytest-xdist ends its workers."""
    signal.signal(signal.SIGTERM, end)


def end(number: int, _frame: Any) -> None:
    """End the tests; a second SIGTERM is ignored, since it would interrupt the cleaning up."""
    signal.signal(number, signal.SIG_IGN)
    pytest.exit("ended by SIGTERM", returncode=128 + number)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest file first, so that the other worker runs all others meanwhile."""
    items.sort(key=lambda item: item.path.parent.name != "playbooks")


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """A small AWS that starts quickly and has the most features."""
    with running("ministack", tmp_path_factory.mktemp("ministack")) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """A small AWS that refuses what AWS refuses, and takes as long."""
    with running("gate", tmp_path_factory.mktemp("gate")) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def dynalite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """A small DynamoDB whose tables take half a second to be made or deleted, and one to be changed."""
    with running("dynalite", tmp_path_factory.mktemp("dynalite")) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """A small AWS that denies what no policy allows."""
    with running("ministack", tmp_path_factory.mktemp("strict"), {"AUTH": "true"}) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def localstack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """LocalStack with the real DynamoDB Local, or the endpoint that the user names."""
    url = os.environ.get("AWS_ENDPOINT_URL")
    if url:
        settings = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
        yield Endpoint(kind="given", url=url, pid=0, environment=settings)
    else:
        with running("localstack", tmp_path_factory.mktemp("localstack")) as endpoint:
            yield endpoint


@pytest.fixture(scope="session")
def client() -> Client:
    """Make a client of a service at an endpoint: ``client("dynamodb", localstack)``."""

    def make_client(service: str, endpoint: Endpoint) -> Any:
        settings = endpoint.environment
        return botocore.session.get_session().create_client(
            service,
            endpoint_url=endpoint.url,
            region_name=settings.get("AWS_REGION", settings.get("AWS_DEFAULT_REGION")),
            aws_access_key_id=settings.get("AWS_ACCESS_KEY_ID"),
            aws_secret_access_key=settings.get("AWS_SECRET_ACCESS_KEY"),
            aws_session_token=settings.get("AWS_SESSION_TOKEN"),
        )

    return make_client

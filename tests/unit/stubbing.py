# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Clients that a stub answers, and an answer of DescribeTable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.session
from botocore.stub import Stubber

SESSION = botocore.session.get_session()
NAME = "mana-memory"
ARN = f"arn:aws:dynamodb:us-east-1:123456789012:table/{NAME}"


def new_client(service: str = "dynamodb", region: str = "us-east-1", url: str | None = None) -> Any:
    """A client for a stub: it never sends a request."""
    return SESSION.create_client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id="NOBODYSKEYATALL",
        aws_secret_access_key="no secret at all, of nobody",
    )


@contextmanager
def stubbed(service: str = "dynamodb", region: str = "us-east-1") -> Iterator[tuple[Any, Stubber]]:
    """A client with its stub; in the end, every expected call must have been made, and no other."""
    client = new_client(service, region)
    with Stubber(client) as stubber:
        yield client, stubber
        stubber.assert_no_pending_responses()


class Stubs:
    """Stubbed services, each with its expected calls and their answers."""

    def __init__(self, *services: str, url: str | None = None) -> None:
        self.clients = {name: new_client(name, "eu-west-1", url) for name in services}
        self.stubbers = {name: Stubber(client) for name, client in self.clients.items()}

    def __call__(self, service: str) -> Any:
        """Connect to a service, as an engine does."""
        return self.clients[service]

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Check that exactly the expected calls are made in here, in their order."""
        for stubber in self.stubbers.values():
            stubber.activate()
        yield
        for stubber in self.stubbers.values():
            stubber.assert_no_pending_responses()


def at(client: Any) -> Any:
    """A function that connects to this client, for any service and region."""
    return lambda service, region=None: client


def described(status: str = "ACTIVE", *indexes: tuple[str, str]) -> dict[str, Any]:
    return {
        "Table": {
            "TableName": NAME,
            "TableArn": ARN,
            "TableStatus": status,
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": name,
                    "IndexStatus": index_status,
                    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                }
                for name, index_status in indexes
            ],
        }
    }

"""What DescribeTable answers, and the way to a client that is told it."""

from __future__ import annotations

from typing import Any

import botocore.session

NAME = "mana-memory"
ARN = f"arn:aws:dynamodb:us-east-1:123456789012:table/{NAME}"


def new_client() -> Any:
    """A client that a stub answers: it never sends."""
    return botocore.session.get_session().create_client(
        "dynamodb",
        region_name="us-east-1",
        aws_access_key_id="NOBODYSKEYATALL",
        aws_secret_access_key="no secret at all, of nobody",
    )


def at(client: Any) -> Any:
    """Connect to this client, whatever the service and the region."""
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

"""What DescribeTable answers, and the way to a client that is told it."""

from __future__ import annotations

from typing import Any

from tests.unit.declaring import ARN

NAME = "mana-memory"


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

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Calls of DynamoDB's control plane, and tables, as the tests of the law and of the referee take them."""

from __future__ import annotations

from typing import Any

from tests.law.state import Call, Index, Table, VectorIndex

NAME = "mana-memory"
ARN = f"arn:aws:dynamodb:us-east-1:123456789012:table/{NAME}"
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/changes"
PK, SK = {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}
BOTH = "NEW_AND_OLD_IMAGES"


def table(**parts: Any) -> Table:
    """A table on demand with one global index, made long ago."""
    given: dict[str, Any] = {
        "region": "us-east-1",
        "types": {"pk": "S", "sk": "S", "a": "S"},
        "keys": (("pk", "HASH"), ("sk", "RANGE")),
        "name": NAME,
        "global_indexes": {"gsi1": Index((("a", "HASH"),))},
    }
    return Table(**{**given, **parts})


def provisioned(**parts: Any) -> Table:
    """The same with capacities."""
    index = Index((("a", "HASH"),), throughput=(2, 2))
    given = {"billing_mode": "PROVISIONED", "throughput": (5, 5), "global_indexes": {"gsi1": index}}
    return table(**{**given, **parts})


def seen(status: str = "ACTIVE", region: str = "us-east-1", **parts: Any) -> Call:
    """A look at the table."""
    return Call("DescribeTable", {"TableName": NAME}, region, {"Table": {"TableStatus": status, **parts}})


def settled(*calls: Call) -> list[Call]:
    """Calls with a look at the table before each."""
    return [each for call in calls for each in (seen(), call)]


def call(operation: str, **arguments: Any) -> Call:
    return Call(operation, {"TableName": NAME, **arguments})


def update(**arguments: Any) -> Call:
    return call("UpdateTable", **arguments)


def create(*attributes: str, **arguments: Any) -> Call:
    """CreateTable, on demand with both keys unless said otherwise."""
    given = {"KeySchema": [PK, SK], "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": definitions(*attributes)}
    return call("CreateTable", **{**given, **arguments})


def definitions(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", *names)]


def keys(*names: str) -> list[dict[str, str]]:
    """A key schema: those in capitals are range keys."""
    return [{"AttributeName": name.lower(), "KeyType": "RANGE" if name.isupper() else "HASH"} for name in names]


def index(name: str, *names: str, **more: Any) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": keys(*names), "Projection": {"ProjectionType": "ALL"}, **more}


def including(*names: str) -> dict[str, Any]:
    return {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(names)}


def indexes(**updates: Any) -> dict[str, Any]:
    return {"GlobalSecondaryIndexUpdates": [{verb: what} for verb, what in updates.items()]}


def search_schema(hash_key: str | None = None, *filters: str) -> list[dict[str, str]]:
    """A SearchSchema."""
    hashed = [{"AttributeName": hash_key, "SearchSchemaElementType": "HASH"}] if hash_key else []
    return [*hashed, *({"AttributeName": name, "SearchSchemaElementType": "INLINE_FILTER"} for name in filters)]


def vector(name: str = "meaning", attribute: str = "embedding", **more: Any) -> dict[str, Any]:
    """A vector index of four numbers. None leaves a member out."""
    given = {
        "VectorAttribute": {"AttributeName": attribute},
        "Dimensions": 4,
        "DistanceFunction": "COSINE",
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }
    return {"IndexName": name, **{key: value for key, value in {**given, **more}.items() if value is not None}}


def vectors(*updates: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {"VectorIndexUpdates": [{verb: what} for verb, what in updates]}


def search(length: int = 4, most: int = 3, condition: str = "", **more: Any) -> Call:
    """A search for what is near (1, 1, …)."""
    given = {"IndexName": "meaning", "SearchVector": [{"N": "1"}] * length, "TopK": most}
    values = {":v": {"S": "x"}}
    bounds = {"SearchConditionExpression": condition, "ExpressionAttributeValues": values} if condition else {}
    return call("SearchVectors", **{**given, **bounds, **more})


def put(*vector: dict[str, str], **attributes: dict[str, Any]) -> Call:
    """An item with a vector, and whatever else."""
    return call("PutItem", Item={"pk": {"S": "1"}, "sk": {"S": "1"}, "embedding": {"L": [*vector]}, **attributes})


def searched(**parts: Any) -> Table:
    """The table on demand with two vector indexes in place of the global one: one is bounded by attribute a."""
    bounded = VectorIndex("picture", 4, schema=(("a", "HASH"),))
    given = {"global_indexes": {}, "vector_indexes": {"meaning": VectorIndex("embedding", 4), "looks": bounded}}
    return table(**{**given, **parts})


def replicas(*actions: tuple[str, str]) -> dict[str, Any]:
    return {"ReplicaUpdates": [{verb: {"RegionName": region}} for verb, region in actions]}


def units(read: int, write: int) -> dict[str, int]:
    return {"ReadCapacityUnits": read, "WriteCapacityUnits": write}


def warm(read: int) -> dict[str, int]:
    return {"ReadUnitsPerSecond": read}


def stream(view: str | None) -> dict[str, Any]:
    return {
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": view} if view else {"StreamEnabled": False}
    }


def sse(enabled: bool, **more: str) -> dict[str, Any]:
    return {"SSESpecification": {"Enabled": enabled, **more}}


def expire(enabled: bool, attribute: str) -> Call:
    return call("UpdateTimeToLive", TimeToLiveSpecification={"Enabled": enabled, "AttributeName": attribute})


def recover(enabled: bool, **more: int) -> Call:
    specification = {"PointInTimeRecoveryEnabled": enabled, **more}
    return call("UpdateContinuousBackups", PointInTimeRecoverySpecification=specification)


def tag(**tags: str) -> Call:
    return Call("TagResource", {"ResourceArn": ARN, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]})


def untag(*names: str) -> Call:
    return Call("UntagResource", {"ResourceArn": ARN, "TagKeys": list(names)})


def kinesis(verb: str) -> Call:
    return call(f"{verb}KinesisStreamingDestination", StreamArn=STREAM)


def kinesis_seen(status: str) -> Call:
    destinations = [{"StreamArn": STREAM, "DestinationStatus": status}]
    answer = {"KinesisDataStreamDestinations": destinations}
    return Call("DescribeKinesisStreamingDestination", {"TableName": NAME}, answer=answer)


def insights(action: str, **more: str) -> Call:
    return call("UpdateContributorInsights", ContributorInsightsAction=action, **more)


ONE = {"N": "1"}
GSI2 = index("gsi2", "a", "SK")
CREATE_GSI2 = update(AttributeDefinitions=definitions("a"), **indexes(Create=GSI2))
DELETE_GSI1 = update(**indexes(Delete={"IndexName": "gsi1"}))
BY_LOOKS = vector("looks", "picture", SearchSchema=search_schema("a"))
CREATE_SOUND = update(**vectors(("Create", vector("sound", "noise"))))
DELETE_MEANING = update(**vectors(("Delete", {"IndexName": "meaning"})))
PROTECT = update(DeletionProtectionEnabled=True)
ON_DEMAND = update(BillingMode="PAY_PER_REQUEST")
INFREQUENT = update(TableClass="STANDARD_INFREQUENT_ACCESS")
GLOBAL: dict[str, Any] = {"replicas": frozenset({"eu-west-1"}), "stream": BOTH}

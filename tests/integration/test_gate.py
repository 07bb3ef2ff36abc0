"""The gate answers a bare client as AWS does: each rule of the law is broken once, and the course of things is seen."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.law.rules import RULES
from tests.law.state import Call
from tests.unit.broken import CASES, KEY, STATEMENT
from tests.unit.calling import (
    BOTH,
    DELETE_GSI1,
    INFREQUENT,
    NAME,
    ON_DEMAND,
    PROTECT,
    STREAM,
    call,
    create,
    definitions,
    expire,
    index,
    indexes,
    kinesis,
    replicas,
    sse,
    stream,
    tag,
    units,
    update,
    warm,
)
from tools.endpoint import Endpoint

NUMBERS = itertools.count()
MADE = create("a", GlobalSecondaryIndexes=[index("gsi1", "a")])
CAPACITIES = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": units(5, 5)}
INDEX_CAPACITY = indexes(Update={"IndexName": "gsi1", "ProvisionedThroughput": units(2, 2)})
ADDED = update(AttributeDefinitions=definitions("a"), **indexes(Create=index("gsi0", "a")))
ADDED_AGAIN = update(AttributeDefinitions=definitions("a"), **indexes(Create=index("gsi1", "a")))
PROVISIONED = create(
    "a",
    BillingMode="PROVISIONED",
    ProvisionedThroughput=units(5, 5),
    GlobalSecondaryIndexes=[index("gsi1", "a", ProvisionedThroughput=units(2, 2))],
)
LOOK = call("DescribeTable")
# In place of a call: look until the table and all parts of it hold still.
SETTLE = call("Settle")
EUROPE = Call("UpdateTable", {"TableName": NAME, "DeletionProtectionEnabled": True}, "eu-west-1")
REPLICATED = [MADE, SETTLE, update(**replicas(("Create", "eu-west-1"))), SETTLE]
ALLOWED = STATEMENT % '{"AWS": "arn:aws:iam::000000000000:root"}'
THERE_AND_BACK = [update(**CAPACITIES, **INDEX_CAPACITY), SETTLE, ON_DEMAND, SETTLE]
ENCRYPTED_AND_NOT = [update(**sse(True)), SETTLE, update(**sse(False)), SETTLE]

# What has to be done before a rule can be broken, where that is more than a table on demand with an index.
BEFORE: dict[str, list[Call]] = {
    "a-missing-table-is-not-found": [],
    "streams-travel-without-capacities": [PROVISIONED, SETTLE],
    "indexes-come-and-go-without-capacity": [PROVISIONED, SETTLE],
    "a-name-is-taken-once": [MADE, SETTLE],
    "a-table-on-its-way-out-is-none": [MADE, SETTLE, call("DeleteTable")],
    "children-of-a-new-table-are-unseen": [MADE],
    "one-index-at-a-time": [MADE, SETTLE, ADDED],
    "provisioned-has-no-maximum": [PROVISIONED, SETTLE],
    "equal-capacity-is-refused": [PROVISIONED, SETTLE],
    "warm-throughput-only-grows": [MADE, SETTLE, update(WarmThroughput=warm(13000)), SETTLE],
    "a-protected-table-stays": [MADE, SETTLE, PROTECT],
    "a-table-with-replicas-stays": REPLICATED,
    "protection-cools-down": [MADE, SETTLE, PROTECT],
    "replicas-freeze-the-stream": REPLICATED,
    "a-stream-begins-when-off": [MADE, SETTLE, update(**stream(BOTH)), SETTLE],
    "keys-are-told-by-arn": [MADE, SETTLE, update(**sse(True, **KEY)), SETTLE],
    "keys-of-a-global-table-change-together": REPLICATED,
    "replicas-are-those-there-are": REPLICATED,
    "a-replica-leaves-its-table-behind": [*REPLICATED, update(**replicas(("Delete", "eu-west-1"))), SETTLE],
    "a-protected-replica-stays": [*REPLICATED, EUROPE, SETTLE],
    "replicas-need-write-scaling": [PROVISIONED, SETTLE],
    "replicas-share-the-kind-of-key": [MADE, SETTLE, update(**sse(True, **KEY)), SETTLE],
    "strong-regions-are-frozen": [
        MADE,
        SETTLE,
        update(MultiRegionConsistency="STRONG", **replicas(("Create", "us-east-2"), ("Create", "eu-west-1"))),
        SETTLE,
    ],
    "members-are-busy-together": REPLICATED[:-1],
    "an-active-table-may-be-busy": [MADE, SETTLE, INFREQUENT],
    "an-index-keeps-others-waiting": [MADE, SETTLE, ADDED],
    "warmth-waits-for-allocation": [MADE, SETTLE, ADDED],
    "encryption-settles-on-its-own": [MADE, SETTLE, update(**sse(True))],
    "busy-passes-but-for-three": [MADE, SETTLE, update(**CAPACITIES, **INDEX_CAPACITY)],
    "warm-throughput-settles-late": [MADE, SETTLE, update(WarmThroughput=warm(13000))],
    "tags-are-locked-after-a-write": [MADE, SETTLE, tag(a="b")],
    "class-changes-are-counted": [MADE, SETTLE, INFREQUENT, SETTLE, update(TableClass="STANDARD"), SETTLE],
    "encryption-changes-are-counted": [MADE, SETTLE, *ENCRYPTED_AND_NOT * 2],
    "decreases-are-counted": [
        PROVISIONED,
        SETTLE,
        *(each for write in (9, 8, 7, 6, 5) for each in (update(ProvisionedThroughput=units(5, write)), SETTLE)),
    ],
    "switches-to-on-demand-are-counted": [MADE, SETTLE, *THERE_AND_BACK * 4, *THERE_AND_BACK[:2]],
    "expiry-keeps-its-attribute": [MADE, SETTLE, expire(True, "ttl")],
    "expiry-changes-once-an-hour": [MADE, SETTLE, expire(True, "ttl")],
    "tags-are-counted-after-the-merge": [MADE, SETTLE, tag(a="b"), call("ListTagsOfResource")],
    "policy-cools-down": [MADE, SETTLE, call("PutResourcePolicy", Policy=ALLOWED), call("GetResourcePolicy")],
    "insights-need-rest": [MADE, SETTLE, DELETE_GSI1, SETTLE, ADDED_AGAIN, LOOK],
    "one-kinesis-destination": [
        MADE,
        SETTLE,
        call("EnableKinesisStreamingDestination", StreamArn=f"{STREAM}-of-others"),
        call("DescribeKinesisStreamingDestination"),
    ],
    "a-precision-is-updated": [MADE, SETTLE, kinesis("Enable")],
    "kinesis-is-told-late": [MADE, SETTLE, kinesis("Enable")],
}
BUSY = ("CREATING", "UPDATING", "DELETING")
Send = Callable[[Call], dict[str, Any]]


@pytest.fixture
def send(gate: Endpoint) -> Send:
    """Sends the calls of a case as they are, about a table of its own."""
    name = f"gate-{next(NUMBERS)}"
    session = botocore.session.get_session()
    clients = {
        region: session.create_client(
            "dynamodb",
            endpoint_url=gate.url,
            region_name=region,
            aws_access_key_id=gate.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=gate.environment["AWS_SECRET_ACCESS_KEY"],
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
        )
        for region in ("us-east-1", "eu-west-1")
    }

    def send(call: Call) -> dict[str, Any]:
        if call is SETTLE:
            return settle()
        arguments = {**call.arguments, "TableName": name}
        if call.operation.endswith(("Resource", "ResourcePolicy")):
            arguments["ResourceArn"] = f"arn:aws:dynamodb:{call.region}:000000000000:table/{arguments.pop('TableName')}"
        told: dict[str, Any] = getattr(clients[call.region], xform_name(call.operation))(**arguments)
        return told

    def settle() -> dict[str, Any]:
        for _look in range(20):
            table = send(LOOK)["Table"]
            parts = [table.get("SSEDescription") or {}, table["WarmThroughput"]]
            parts += [*(table.get("GlobalSecondaryIndexes") or []), *(table.get("Replicas") or [])]
            statuses = [part.get(status) for part in parts for status in ("Status", "IndexStatus", "ReplicaStatus")]
            if not {table["TableStatus"], *statuses} & set(BUSY):
                return table
        raise AssertionError(f"{name} does not settle: {table}")

    return send


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_who_breaks_a_rule_gets_the_answer_of_aws(send: Send, rule: Any) -> None:
    _table, _legal, illegal, words = CASES[rule.name]
    for step in BEFORE.get(rule.name, [] if illegal.operation == "CreateTable" else [MADE, SETTLE]):
        with contextlib.nullcontext() if step.writes else contextlib.suppress(ClientError):
            send(step)
    with pytest.raises(ClientError) as refused:
        send(illegal)
    assert words in re.sub(r"gate-\d+", NAME, refused.value.response["Error"]["Message"])


def status(answer: dict[str, Any]) -> Any:
    return answer["Table"]["TableStatus"]


def index_status(answer: dict[str, Any]) -> Any:
    table = answer["Table"]
    indexes = table.get("GlobalSecondaryIndexes") or []
    return [
        table["TableStatus"],
        *(part for each in indexes for part in (each["IndexStatus"], each.get("Backfilling"))),
    ]


def warmth(answer: dict[str, Any]) -> Any:
    return [*answer["Table"]["WarmThroughput"].values()]


def replica_status(answer: dict[str, Any]) -> Any:
    table = answer["Table"]
    return [table["TableStatus"], *(each["ReplicaStatus"] for each in table.get("Replicas") or [])]


BARE = [create(), SETTLE]
TAGS = call("ListTagsOfResource")
DESTINATIONS = call("DescribeKinesisStreamingDestination")
INSIGHTS = call("DescribeContributorInsights")
CREATE_EUROPE = update(**replicas(("Create", "eu-west-1")))

# What is done before, a call, and what one look after the other shows of it.
COURSES: list[tuple[str, list[Call], Call, Call, Callable[[dict[str, Any]], Any], list[Any]]] = [
    ("a new table", [], create(), LOOK, status, ["CREATING", "ACTIVE"]),
    ("a switch of billing", BARE, update(**CAPACITIES), LOOK, status, ["UPDATING", "ACTIVE"]),
    ("a stream", BARE, update(**stream(BOTH)), LOOK, status, ["UPDATING", "ACTIVE"]),
    (
        "a new index, which backfills while the table is ACTIVE",
        BARE,
        ADDED,
        LOOK,
        index_status,
        [["UPDATING", "CREATING", False], ["ACTIVE", "CREATING", True], ["ACTIVE", "ACTIVE", None]],
    ),
    (
        "an index that goes",
        [MADE, SETTLE],
        DELETE_GSI1,
        LOOK,
        index_status,
        [["UPDATING", "DELETING", None], ["ACTIVE"]],
    ),
    (
        "encryption, while the table is ACTIVE",
        BARE,
        update(**sse(True)),
        LOOK,
        lambda answer: (status(answer), answer["Table"]["SSEDescription"]["Status"]),
        [("ACTIVE", "UPDATING"), ("ACTIVE", "ENABLED")],
    ),
    (
        "warm throughput, with its old values",
        BARE,
        update(WarmThroughput=warm(13000)),
        LOOK,
        warmth,
        [[12000, 4000, "UPDATING"], [13000, 4000, "ACTIVE"]],
    ),
    (
        "a table class",
        BARE,
        INFREQUENT,
        LOOK,
        lambda answer: answer["Table"].get("TableClassSummary", {}).get("TableClass"),
        [None, "STANDARD_INFREQUENT_ACCESS"],
    ),
    ("tags, read as before", BARE, tag(a="b"), TAGS, lambda answer: answer["Tags"], [[], [{"Key": "a", "Value": "b"}]]),
    (
        "a Kinesis stream",
        BARE,
        kinesis("Enable"),
        DESTINATIONS,
        lambda answer: answer["KinesisDataStreamDestinations"][0]["DestinationStatus"],
        ["ENABLING", "ACTIVE"],
    ),
    (
        "insights",
        BARE,
        call("UpdateContributorInsights", ContributorInsightsAction="ENABLE"),
        INSIGHTS,
        lambda answer: answer["ContributorInsightsStatus"],
        ["ENABLING", "ENABLED"],
    ),
    (
        "a replica",
        BARE,
        CREATE_EUROPE,
        LOOK,
        replica_status,
        [["UPDATING"], ["UPDATING", "CREATING"], ["ACTIVE", "ACTIVE"]],
    ),
    (
        "a replica that goes",
        [*BARE, CREATE_EUROPE, SETTLE],
        update(**replicas(("Delete", "eu-west-1"))),
        LOOK,
        replica_status,
        [["UPDATING", "DELETING"], ["ACTIVE", "DELETING"], ["ACTIVE"]],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "write", "look", "shown", "course"), [pytest.param(*case[1:], id=case[0]) for case in COURSES]
)
def test_things_take_their_course(
    send: Send, before: list[Call], write: Call, look: Call, shown: Callable[[dict[str, Any]], Any], course: list[Any]
) -> None:
    for step in before:
        send(step)
    send(write)
    assert [shown(send(look)) for _each in course] == course


def test_a_deleted_table_is_deleting_and_then_gone(send: Send) -> None:
    for step in (*BARE, call("DeleteTable")):
        send(step)
    assert status(send(LOOK)) == "DELETING"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        send(LOOK)


def test_a_lock_passes_by_itself(send: Send) -> None:
    for step in (*BARE, tag(a="b")):
        send(step)
    with pytest.raises(ClientError, match="Table tags are being updated"):
        send(tag(c="d"))
    send(tag(c="d"))


def test_a_refusal_that_never_passes_moves_no_clock(send: Send) -> None:
    for step in (*BARE, PROTECT):
        send(step)
    for _try in range(3):
        with pytest.raises(ClientError, match="protected against deletion"):
            send(call("DeleteTable"))
    with pytest.raises(ClientError, match="previous 15000 milliseconds"):
        send(update(DeletionProtectionEnabled=False))

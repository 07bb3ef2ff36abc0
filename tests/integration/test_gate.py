"""The gate answers a bare client as AWS does: each rule of the law is broken once, and the course of things is seen."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.breaking import ADDED, CAPACITIES, LOOK, MADE, SETTLE, Send, broken, sender
from tests.law.rules import RULES
from tests.law.state import Call
from tests.unit.broken import CASES
from tests.unit.calling import (
    BOTH,
    DELETE_GSI1,
    INFREQUENT,
    NAME,
    PROTECT,
    call,
    create,
    kinesis,
    replicas,
    sse,
    stream,
    tag,
    update,
    warm,
)
from tools.endpoint import Endpoint

NUMBERS = itertools.count()


@pytest.fixture
def send(gate: Endpoint) -> Send:
    """Sends the calls of a case as they are, about a table of its own."""

    def connect(region: str) -> Any:
        return botocore.session.get_session().create_client(
            "dynamodb",
            endpoint_url=gate.url,
            region_name=region,
            aws_access_key_id=gate.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=gate.environment["AWS_SECRET_ACCESS_KEY"],
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
        )

    return sender(connect, f"gate-{next(NUMBERS)}")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_who_breaks_a_rule_gets_the_answer_of_aws(send: Send, rule: Any) -> None:
    _code, message = broken(send, rule.name)
    assert CASES[rule.name][3] in re.sub(r"gate-\d+", NAME, message)


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

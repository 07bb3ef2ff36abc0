# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
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
from tests.unit.broken import CASES, restore
from tests.unit.calling import (
    BOTH,
    CREATE_SOUND,
    DELETE_GSI1,
    DELETE_MEANING,
    INFREQUENT,
    NAME,
    ONE,
    PROTECT,
    call,
    create,
    definitions,
    index,
    indexes,
    kinesis,
    put,
    replicas,
    search,
    search_schema,
    sse,
    stream,
    tag,
    update,
    vector,
    vectors,
    warm,
)
from tools.endpoint import Endpoint

NUMBERS = itertools.count()


@pytest.fixture
def connect(gate: Endpoint) -> Callable[[str], Any]:
    """Makes clients that send each call as given, and once."""

    def connect(region: str) -> Any:
        return botocore.session.get_session().create_client(
            "dynamodb",
            endpoint_url=gate.url,
            region_name=region,
            aws_access_key_id=gate.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=gate.environment["AWS_SECRET_ACCESS_KEY"],
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
        )

    return connect


@pytest.fixture
def send(connect: Callable[[str], Any]) -> Send:
    """Sends the calls of a case as they are, about a table of its own."""
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


def vector_status(answer: dict[str, Any]) -> Any:
    table = answer["Table"]
    vectors = table.get("VectorIndexes") or []
    return [
        table["TableStatus"],
        *(part for each in vectors for part in (each["IndexName"], each["IndexStatus"], each.get("Backfilling"))),
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
        "a vector index of a new table, which is made with it [a-vector-index-comes-with-its-table]",
        [],
        create(VectorIndexes=[vector()]),
        LOOK,
        vector_status,
        [["CREATING", "meaning", "CREATING", None], ["ACTIVE", "meaning", "ACTIVE", None]],
    ),
    (
        "a vector index of a live table, which backfills while the table is ACTIVE [a-vector-index-is-built-late]",
        BARE,
        CREATE_SOUND,
        LOOK,
        vector_status,
        [
            ["UPDATING", "sound", "CREATING", False],
            ["ACTIVE", "sound", "CREATING", True],
            ["ACTIVE", "sound", "ACTIVE", None],
        ],
    ),
    (
        "a vector index that comes with a switch to on demand",
        [create(**CAPACITIES), SETTLE],
        update(BillingMode="PAY_PER_REQUEST", **vectors(("Create", vector()))),
        LOOK,
        vector_status,
        [
            ["UPDATING", "meaning", "CREATING", False],
            ["UPDATING", "meaning", "CREATING", True],
            ["ACTIVE", "meaning", "CREATING", True],
            ["ACTIVE", "meaning", "ACTIVE", None],
        ],
    ),
    (
        "a vector index that goes [a-vector-index-goes-late]",
        [create(VectorIndexes=[vector()]), SETTLE],
        DELETE_MEANING,
        LOOK,
        vector_status,
        [["UPDATING", "meaning", "DELETING", None], ["ACTIVE"]],
    ),
    (
        "a vector index that goes while it backfills, and lets others come at once",
        [*BARE, CREATE_SOUND, LOOK, update(**vectors(("Delete", {"IndexName": "sound"}))), LOOK],
        update(**vectors(("Create", vector()))),
        LOOK,
        vector_status,
        [
            ["UPDATING", "meaning", "CREATING", False],
            ["ACTIVE", "meaning", "CREATING", True],
            ["ACTIVE", "meaning", "ACTIVE", None],
        ],
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


YEAR = {"AttributeName": "year", "AttributeType": "N"}
BY_YEAR = vector(SearchSchema=search_schema(None, "year"))
SONG = {"pk": {"S": "song"}, "sk": {"S": "1"}, "noise": {"L": [{"N": "1"}] * 4}}
WITH_MEANING = [create(VectorIndexes=[vector()]), SETTLE]
# What ministack takes, or refuses in other words: what is done before, the call, AWS's code, and its words.
LAXER: list[tuple[str, list[Call], Call, str, str]] = [
    (
        "a switch to PROVISIONED together with the deletion of the last vector index",
        WITH_MEANING,
        update(**CAPACITIES, **vectors(("Delete", {"IndexName": "meaning"}))),
        "ValidationException",
        "PAY_PER_REQUEST",
    ),
    (
        "a global index while a vector index is allocated",
        [*BARE, CREATE_SOUND],
        ADDED,
        "LimitExceededException",
        "Only 1 online index can be created or deleted simultaneously per table",
    ),
    (
        "a stream while a vector index is allocated",
        [*BARE, CREATE_SOUND],
        update(**stream(BOTH)),
        "ResourceInUseException",
        "Can't change stream status when an index is being created",
    ),
    (
        "a global index by the name of a vector index",
        WITH_MEANING,
        update(AttributeDefinitions=definitions("a"), **indexes(Create=index("meaning", "a"))),
        "ValidationException",
        "Attempting to create an index which already exists",
    ),
    (
        "a vector index by the name of one that is being created",
        [*BARE, CREATE_SOUND],
        CREATE_SOUND,
        "ResourceInUseException",
        "Index is being created.  Table: mana-memory Index: sound",
    ),
    (
        "a global index by a filter, as another type",
        [create(AttributeDefinitions=[*definitions(), YEAR], VectorIndexes=[BY_YEAR]), SETTLE],
        update(AttributeDefinitions=definitions("year"), **indexes(Create=index("by_year", "year"))),
        "ValidationException",
        "Attributes cannot be redefined. Please check that your attribute has the same type as previously defined.",
    ),
    (
        "KEYS_ONLY with attributes",
        [],
        create(VectorIndexes=[vector(Projection={"ProjectionType": "KEYS_ONLY", "NonKeyAttributes": ["title"]})]),
        "ValidationException",
        "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified",
    ),
    (
        "a key of the table as a vector",
        [],
        create(VectorIndexes=[vector(attribute="sk")]),
        "ValidationException",
        "Conflicting attribute definition for 'sk'. An attribute cannot be defined in AttributeDefinitions when used",
    ),
    (
        "19 filters",
        [],
        create(
            *(f"f{n}" for n in range(19)),
            VectorIndexes=[vector(SearchSchema=search_schema(None, *(f"f{n}" for n in range(19))))],
        ),
        "ValidationException",
        "Value '19' at 'SearchSchema' failed to satisfy constraint: Member must have INLINE_FILTER count less than",
    ),
    (
        "the deletion of a vector index that is not there",
        BARE,
        DELETE_MEANING,
        "ResourceNotFoundException",
        "Requested resource not found: Index meaning for table mana-memory",
    ),
    (
        "an item whose filter has another type than is defined",
        [create("a", VectorIndexes=[vector(SearchSchema=search_schema(None, "a"))]), SETTLE],
        put(ONE, ONE, ONE, ONE, a=ONE),
        "ValidationException",
        "Attribute 'a' type mismatch. Expected: S, Actual: N. IndexName: meaning",
    ),
    (
        "a search in allocation",
        [*BARE, CREATE_SOUND],
        search(IndexName="sound"),
        "ValidationException",
        "The table does not have the specified index: sound",
    ),
    (
        "a copy of a table with a vector index into PROVISIONED",
        WITH_MEANING,
        restore(BillingModeOverride="PROVISIONED"),
        "ValidationException",
        "Vector indexes are only supported for PAY_PER_REQUEST tables",
    ),
]


@pytest.mark.parametrize(("before", "call", "code", "words"), [pytest.param(*case[1:], id=case[0]) for case in LAXER])
def test_the_gate_refuses_of_vector_indexes_what_aws_refuses(
    send: Send, before: list[Call], call: Call, code: str, words: str
) -> None:
    for step in before:
        send(step)
    with pytest.raises(ClientError) as refused:
        send(call)
    error = refused.value.response["Error"]
    assert (error["Code"], words in re.sub(r"gate-\d+", NAME, error["Message"])) == (code, True), error


def test_a_search_is_served_when_the_index_is_ready(send: Send) -> None:
    for step in (*BARE, CREATE_SOUND, SETTLE, call("PutItem", Item=SONG)):
        send(step)
    (found,) = send(search(IndexName="sound"))["SearchResults"]
    assert found["Item"]["pk"] == {"S": "song"}


def test_a_copy_without_the_vector_indexes_of_its_source_is_made(send: Send) -> None:
    for step in WITH_MEANING:
        send(step)
    restored = send(restore(VectorIndexOverride=[], TargetTableName=f"copy-{next(NUMBERS)}"))["TableDescription"]
    assert (restored["TableStatus"], restored.get("VectorIndexes")) == ("ACTIVE", None)


def test_a_copy_may_take_the_name_of_a_table_that_is_gone(send: Send, connect: Callable[[str], Any]) -> None:
    name = f"copy-{next(NUMBERS)}"
    copy = sender(connect, name)
    for step in (*BARE, call("DeleteTable"), LOOK):
        copy(step)
    for step in WITH_MEANING:
        send(step)
    send(restore(TargetTableName=name))
    copy(PROTECT)
    assert copy(LOOK)["Table"]["DeletionProtectionEnabled"] is True

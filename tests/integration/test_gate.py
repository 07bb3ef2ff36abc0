# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gate answers a bare client as AWS does: each rule of the law is broken once, and the course of things is seen."""

from __future__ import annotations

import functools
import itertools
import json
import re
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.breaking import (
    ADDED,
    ALLOWED,
    BUCKET,
    CAPACITIES,
    IMPORTED,
    LOOK,
    MADE,
    PROVISIONED,
    SETTLE,
    Send,
    broken,
    sender,
)
from tests.clock import later
from tests.conftest import Client
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
    ON_DEMAND,
    ONE,
    PROTECT,
    STREAM,
    call,
    create,
    definitions,
    expire,
    index,
    indexes,
    insights,
    kinesis,
    put,
    recover,
    replicas,
    search,
    search_schema,
    sse,
    stream,
    tag,
    units,
    update,
    vector,
    vectors,
    warm,
)
from tools.endpoint import Endpoint

NUMBERS = itertools.count()
SONG = {"pk": {"S": "song"}, "sk": {"S": "1"}, "noise": {"L": [{"N": "1"}] * 4}}


@pytest.fixture(scope="module")
def connect(gate: Endpoint) -> Callable[[str], Any]:
    """Clients that send each call as given, and once."""

    @functools.cache
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


@pytest.fixture(scope="module", autouse=True)
def files(gate: Endpoint, client: Client) -> None:
    """A bucket with an item to import."""
    s3 = client("s3", gate)
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="items.json", Body=json.dumps({"Item": SONG}).encode())


@pytest.fixture
def send(connect: Callable[[str], Any]) -> Send:
    """Sends the calls of a case as they are, about a table of its own."""
    return sender(connect, f"gate-{next(NUMBERS)}")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_who_breaks_a_rule_gets_the_answer_of_aws(send: Send, rule: Any) -> None:
    case = CASES[rule.name]
    code, message = broken(send, rule.name)
    assert (code, case.words in re.sub(r"gate-\d+", NAME, message)) == (case.code, True), message


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


def policy(answer: dict[str, Any]) -> Any:
    return json.loads(answer["Policy"])["Statement"][0]["Effect"]


def insight(answer: dict[str, Any]) -> Any:
    return answer["ContributorInsightsStatus"]


def destination(answer: dict[str, Any]) -> Any:
    return [each["DestinationStatus"] for each in answer["KinesisDataStreamDestinations"]]


def looked(send: Send, look: Call, shown: Callable[[dict[str, Any]], Any]) -> Any:
    """What a look shows; AWS's code where it is refused."""
    try:
        return shown(send(look))
    except ClientError as refused:
        return refused.response["Error"]["Code"]


def settled_after(*calls: Call) -> list[Call]:
    return [each for call in calls for each in (call, SETTLE)]


BARE = [create(), SETTLE]
INDEX_CAPACITY_RAISED = indexes(Update={"IndexName": "gsi1", "ProvisionedThroughput": units(3, 3)})
TAGS = call("ListTagsOfResource")
DESTINATIONS = call("DescribeKinesisStreamingDestination")
INSIGHTS = call("DescribeContributorInsights")
CREATE_EUROPE = update(**replicas(("Create", "eu-west-1")))

# What is done before, a call, and what one look after the other shows of it.
COURSES: list[tuple[str, list[Call], Call, Call, Callable[[dict[str, Any]], Any], list[Any]]] = [
    ("a new table [steps-take-their-time]", [], create(), LOOK, status, ["CREATING", "ACTIVE"]),
    ("a switch of billing", BARE, update(**CAPACITIES), LOOK, status, ["UPDATING", "ACTIVE"]),
    ("a stream", BARE, update(**stream(BOTH)), LOOK, status, ["UPDATING", "ACTIVE"]),
    (
        "a new index, which backfills while the table is ACTIVE [an-index-keeps-others-waiting]",
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
        "encryption, while the table is ACTIVE [encryption-settles-on-its-own]",
        BARE,
        update(**sse(True)),
        LOOK,
        lambda answer: (status(answer), answer["Table"]["SSEDescription"]["Status"]),
        [("ACTIVE", "UPDATING"), ("ACTIVE", "ENABLED")],
    ),
    (
        "warm throughput, with its old values [warm-throughput-settles-late]",
        BARE,
        update(WarmThroughput=warm(13000)),
        LOOK,
        warmth,
        [[12000, 4000, "UPDATING"], [13000, 4000, "ACTIVE"]],
    ),
    (
        "a table class [class-absent-is-standard]",
        BARE,
        INFREQUENT,
        LOOK,
        lambda answer: answer["Table"].get("TableClassSummary", {}).get("TableClass"),
        [None, "STANDARD_INFREQUENT_ACCESS"],
    ),
    (
        "tags, read as before [tags-are-read-late]",
        BARE,
        tag(a="b"),
        TAGS,
        lambda answer: answer["Tags"],
        [[], [{"Key": "a", "Value": "b"}]],
    ),
    (
        "the time to live of a new table, which is not found at first [children-of-a-new-table-are-unseen]",
        [],
        create(),
        call("DescribeTimeToLive"),
        lambda answer: answer["TimeToLiveDescription"]["TimeToLiveStatus"],
        ["ResourceNotFoundException", "ValidationException", "DISABLED"],
    ),
    (
        "the tags of a new table, which are not found until it is made [children-of-a-new-table-are-unseen]",
        [],
        create(Tags=[{"Key": "a", "Value": "b"}]),
        TAGS,
        lambda answer: len(answer["Tags"]),
        ["ResourceNotFoundException", "ResourceNotFoundException", 1],
    ),
    (
        "the backups of a new table, by another name of the error [a-missing-table-is-not-found]",
        [],
        create(),
        call("DescribeContinuousBackups"),
        lambda answer: answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"][
            "PointInTimeRecoveryStatus"
        ],
        ["TableNotFoundException", "DISABLED"],
    ),
    (
        "a capacity, with its old value",
        [PROVISIONED, SETTLE],
        update(ProvisionedThroughput=units(6, 6)),
        LOOK,
        lambda answer: (status(answer), answer["Table"]["ProvisionedThroughput"]["ReadCapacityUnits"]),
        [("UPDATING", 5), ("ACTIVE", 6)],
    ),
    (
        "the capacity of an index, while the table is ACTIVE",
        [PROVISIONED, SETTLE],
        update(**INDEX_CAPACITY_RAISED),
        LOOK,
        index_status,
        [["ACTIVE", "UPDATING", None], ["ACTIVE", "ACTIVE", None]],
    ),
    (
        "warm throughput of an index, with its old values [warm-throughput-settles-late]",
        [MADE, SETTLE],
        update(**indexes(Update={"IndexName": "gsi1", "WarmThroughput": warm(13000)})),
        LOOK,
        lambda answer: [*answer["Table"]["GlobalSecondaryIndexes"][0]["WarmThroughput"].values()],
        [[12000, 4000, "UPDATING"], [13000, 4000, "ACTIVE"]],
    ),
    (
        "a policy, not found as before [policies-are-read-late]",
        BARE,
        call("PutResourcePolicy", Policy=ALLOWED),
        call("GetResourcePolicy"),
        policy,
        ["PolicyNotFoundException", "Allow"],
    ),
    ("a Kinesis stream", BARE, kinesis("Enable"), DESTINATIONS, destination, [["ENABLING"], ["ACTIVE"]]),
    (
        "another precision of a Kinesis stream [a-precision-is-updated]",
        [*BARE, kinesis("Enable"), *[DESTINATIONS] * 2],
        call(
            "UpdateKinesisStreamingDestination",
            StreamArn=STREAM,
            UpdateKinesisStreamingConfiguration={"ApproximateCreationDateTimePrecision": "MICROSECOND"},
        ),
        DESTINATIONS,
        destination,
        [["UPDATING"], ["ACTIVE"]],
    ),
    (
        "a Kinesis stream that ends, and stays listed [kinesis-is-told-late]",
        [*BARE, kinesis("Enable"), *[DESTINATIONS] * 2],
        kinesis("Disable"),
        DESTINATIONS,
        destination,
        [["DISABLING"], ["DISABLED"]],
    ),
    ("insights", BARE, insights("ENABLE"), INSIGHTS, insight, ["ENABLING", "ENABLED"]),
    (
        "insights that end",
        [*BARE, insights("ENABLE"), *[INSIGHTS] * 2],
        insights("DISABLE"),
        INSIGHTS,
        insight,
        ["DISABLING", "DISABLED"],
    ),
    (
        "an import, of which the table is not found at first [an-import-is-told-apart]",
        [],
        IMPORTED,
        LOOK,
        status,
        ["ResourceNotFoundException", "CREATING", "ACTIVE"],
    ),
    (
        "an import, which is listed from the first second [an-import-is-told-apart]",
        [],
        IMPORTED,
        call("ListImports"),
        lambda answer: [each["ImportStatus"] for each in answer["ImportSummaryList"]],
        [["IN_PROGRESS"], ["IN_PROGRESS"], ["IN_PROGRESS"], ["COMPLETED"]],
    ),
    (
        "a replica, while all members are busy [members-are-busy-together]",
        BARE,
        CREATE_EUROPE,
        LOOK,
        replica_status,
        [["UPDATING"], ["UPDATING", "CREATING"], ["ACTIVE", "ACTIVE"]],
    ),
    (
        "a replica of a table with an item, which is ACTIVE on the way [steps-take-their-time]",
        [*BARE, put(ONE)],
        CREATE_EUROPE,
        LOOK,
        replica_status,
        [
            ["UPDATING"],
            ["UPDATING", "CREATING"],
            ["ACTIVE", "CREATING"],
            ["UPDATING", "CREATING"],
            ["ACTIVE", "ACTIVE"],
        ],
    ),
    (
        "a replica, in its own region",
        BARE,
        CREATE_EUROPE,
        Call("DescribeTable", {}, "eu-west-1"),
        status,
        ["CREATING", "CREATING", "ACTIVE"],
    ),
    (
        "the tags of a new replica, in its own region [children-of-a-new-table-are-unseen]",
        BARE,
        CREATE_EUROPE,
        Call("ListTagsOfResource", {}, "eu-west-1"),
        lambda answer: answer["Tags"],
        [*["ResourceNotFoundException"] * 3, []],
    ),
    (
        "a replica that goes, while all members are busy [members-are-busy-together]",
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
    assert [looked(send, look, shown) for _each in course] == course


def test_a_deleted_table_is_deleting_and_then_gone(send: Send) -> None:
    """Rule a-table-on-its-way-out-is-none."""
    for step in (*BARE, call("DeleteTable")):
        send(step)
    assert status(send(LOOK)) == "DELETING"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        send(LOOK)


CREATE_AGAIN = [*BARE, CREATE_EUROPE, SETTLE, update(**replicas(("Delete", "eu-west-1"))), SETTLE]
# What is done before, a call that stands in the way of another, that one, and AWS's answers to it until it is taken.
LOCKS: list[tuple[str, list[Call], Call, list[str]]] = [
    ("tags [tags-are-locked-after-a-write]", [*BARE, tag(a="b")], tag(c="d"), ["LimitExceededException"]),
    ("tags, and the end of the table", [*BARE, tag(a="b")], call("DeleteTable"), ["ResourceInUseException"]),
    (
        "protection [protection-cools-down]",
        [*BARE, PROTECT],
        update(DeletionProtectionEnabled=False),
        ["ThrottlingException"],
    ),
    (
        "a policy [policy-cools-down]",
        [*BARE, call("PutResourcePolicy", Policy=ALLOWED)],
        call("DeleteResourcePolicy"),
        ["ResourceInUseException", "ThrottlingException"],
    ),
    (
        "backups of a new table [backups-come-after-the-table]",
        BARE,
        recover(True),
        ["ContinuousBackupsUnavailableException"],
    ),
    ("encryption", [*BARE, update(**sse(True))], update(**sse(False)), ["ResourceInUseException"]),
    ("a Kinesis stream", [*BARE, kinesis("Enable")], kinesis("Disable"), ["ValidationException"]),
    (
        "billing [an-active-table-may-be-busy]",
        [*BARE, update(**CAPACITIES)],
        update(**stream(BOTH)),
        ["ResourceInUseException"],
    ),
    ("an index [one-index-at-a-time]", [MADE, SETTLE, ADDED], DELETE_GSI1, ["LimitExceededException"]),
    (
        "an index in allocation [warmth-waits-for-allocation]",
        [*BARE, ADDED],
        update(WarmThroughput=warm(13000)),
        ["InternalServerError"],
    ),
    ("warm throughput", [*BARE, update(WarmThroughput=warm(13000))], call("DeleteTable"), ["ResourceInUseException"]),
    ("a replica", [*BARE, CREATE_EUROPE], PROTECT, ["ResourceInUseException"]),
    (
        "a replica that is gone [a-replica-leaves-its-table-behind]",
        CREATE_AGAIN,
        CREATE_EUROPE,
        ["ValidationException"],
    ),
]


@pytest.mark.parametrize(("before", "call", "codes"), [pytest.param(*case[1:], id=case[0]) for case in LOCKS])
def test_a_lock_passes_by_itself(send: Send, before: list[Call], call: Call, codes: list[str]) -> None:
    for step in before:
        send(step)
    answers: list[str] = []
    while (answer := looked(send, call, lambda _answer: "taken")) != "taken":
        answers.append(answer)
        assert len(answers) < 20, answers
    assert [code for code, _same in itertools.groupby(answers)] == codes


# What is done before, the call that a quota ends, AWS's words, and a call of the same kind that has a quota of its own.
SPENT: list[tuple[str, list[Call], Call, str, Call | None]] = [
    (
        "decreases of a table, apart from those of its index [decreases-are-counted]",
        [PROVISIONED, SETTLE, *settled_after(*(update(ProvisionedThroughput=units(5, n)) for n in (4, 3, 2, 1)))],
        update(ProvisionedThroughput=units(4, 1)),
        "decreases are limited within a given UTC day",
        update(**indexes(Update={"IndexName": "gsi1", "ProvisionedThroughput": units(1, 2)})),
    ),
    (
        "changes of the class [class-changes-are-counted]",
        [*BARE, *settled_after(INFREQUENT, update(TableClass="STANDARD"))],
        INFREQUENT,
        "2 times in 30 day(s)",
        None,
    ),
    (
        "changes of encryption [encryption-changes-are-counted]",
        [*BARE, *settled_after(*[update(**sse(True)), update(**sse(False))] * 2)],
        update(**sse(True)),
        "Encryption mode changes are limited",
        None,
    ),
    (
        "switches to on demand [switches-to-on-demand-are-counted]",
        [*BARE, *settled_after(*[update(**CAPACITIES), ON_DEMAND] * 4, update(**CAPACITIES))],
        ON_DEMAND,
        "4 times in 24 hours",
        None,
    ),
    (
        "time to live [expiry-changes-once-an-hour]",
        [*BARE, expire(True, "ttl")],
        expire(False, "ttl"),
        "within a fixed interval",
        None,
    ),
]


@pytest.mark.parametrize(("before", "call", "words", "apart"), [pytest.param(*case[1:], id=case[0]) for case in SPENT])
def test_a_quota_is_spent_until_its_time_has_passed(
    send: Send, gate: Endpoint, before: list[Call], call: Call, words: str, apart: Call | None
) -> None:
    for step in before:
        send(step)
    for _try in range(3):
        with pytest.raises(ClientError, match=re.escape(words)):
            send(call)
    if apart:
        send(apart)
    later(gate.url)
    send(call)


def test_a_restored_table_is_seen_and_takes_nothing_until_it_is_there(
    send: Send, connect: Callable[[str], Any]
) -> None:
    """Rule restored-tables-start-bare."""
    for step in [*BARE, PROTECT, update(**stream(BOTH)), SETTLE]:
        send(step)
    changed, seen = (f"copy-{next(NUMBERS)}" for _each in range(2))
    send(restore(TargetTableName=changed))
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        sender(connect, changed)(PROTECT)
    sender(connect, changed)(PROTECT)
    send(restore(TargetTableName=seen))
    shown = [sender(connect, seen)(LOOK)["Table"] for _each in range(2)]
    assert [(each["TableStatus"], "RestoreSummary" in each) for each in shown] == [
        ("CREATING", True),
        ("ACTIVE", False),
    ]
    assert (shown[-1]["DeletionProtectionEnabled"], shown[-1].get("StreamSpecification")) == (False, None)


YEAR = {"AttributeName": "year", "AttributeType": "N"}
BY_YEAR = vector(SearchSchema=search_schema(None, "year"))
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
    assert (restored["TableStatus"], restored.get("VectorIndexes")) == ("CREATING", None)


def test_a_copy_may_take_the_name_of_a_table_that_is_gone(send: Send, connect: Callable[[str], Any]) -> None:
    name = f"copy-{next(NUMBERS)}"
    copy = sender(connect, name)
    for step in (*BARE, call("DeleteTable"), LOOK):
        copy(step)
    for step in WITH_MEANING:
        send(step)
    send(restore(TargetTableName=name))
    copy(SETTLE)
    copy(PROTECT)
    assert copy(LOOK)["Table"]["DeletionProtectionEnabled"] is True


def test_items_are_counted_hours_later(send: Send, gate: Endpoint) -> None:
    """Rule items-are-counted-late."""
    for step in (*BARE, call("PutItem", Item=SONG)):
        send(step)
    assert send(LOOK)["Table"]["ItemCount"] == 0
    later(gate.url)
    assert send(LOOK)["Table"]["ItemCount"] == 1


def test_who_keeps_the_clock_waits_as_long_as_aws_was_measured_to_take(
    connect: Callable[[str], Any], gate: Endpoint
) -> None:
    """Rule a-mode-comes-back-soon. A look moves nothing on."""
    now = [later(gate.url)]

    def keep_the_clock(request: Any, **_event: Any) -> None:
        request.headers["X-Gate-Clock"] = repr(now[0])

    def client(region: str) -> Any:
        made = connect(region)
        made.meta.events.register("before-send.dynamodb", keep_the_clock)
        return made

    send = sender(client, f"gate-{next(NUMBERS)}")

    def statuses(*seconds: float) -> list[str]:
        found = []
        for each in seconds:
            now[0] += each
            found += [status(send(LOOK)), status(send(LOOK))]
        return found

    send(create())
    assert statuses(1, 9) == ["CREATING", "CREATING", "ACTIVE", "ACTIVE"]
    send(update(**CAPACITIES))
    assert statuses(50, 115) == ["UPDATING", "UPDATING", "ACTIVE", "ACTIVE"]
    send(update(BillingMode="PAY_PER_REQUEST"))
    assert statuses(1, 5) == ["UPDATING", "UPDATING", "ACTIVE", "ACTIVE"]

"""Every article of the referee, by what it lets pass and what it finds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.referee import RULES, Call, Index, Table, judge

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
        "global_indexes": {"gsi1": Index((("a", "HASH"),))},
        "made": frozenset({"us-east-1"}),
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


GSI2 = index("gsi2", "a", "SK")
CREATE_GSI2 = update(AttributeDefinitions=definitions("a"), **indexes(Create=GSI2))
DELETE_GSI1 = update(**indexes(Delete={"IndexName": "gsi1"}))
PROTECT = update(DeletionProtectionEnabled=True)
ON_DEMAND = update(BillingMode="PAY_PER_REQUEST")
INFREQUENT = update(TableClass="STANDARD_INFREQUENT_ACCESS")
GLOBAL = {"replicas": frozenset({"eu-west-1"}), "stream": BOTH}

# By the article's name: the table before, calls that it lets pass, and calls that it has something against.
CASES: dict[str, tuple[Table | None, list[Call], list[Call]]] = {
    "there_is_a_table": (None, [create()], [create(), seen(), create()]),
    "names_have_3_to_255_characters": (
        None,
        [create("a", GlobalSecondaryIndexes=[index("gsi", "a")])],
        [create("a", GlobalSecondaryIndexes=[index("g1", "a")])],
    ),
    "definitions_are_the_attributes_of_all_keys": (
        table(),
        settled(CREATE_GSI2),
        settled(update(**indexes(Create=GSI2))),
    ),
    "an_attribute_keeps_its_type": (
        table(),
        settled(CREATE_GSI2),
        settled(
            update(
                AttributeDefinitions=[*definitions(), {"AttributeName": "a", "AttributeType": "N"}],
                **indexes(Create=GSI2),
            )
        ),
    ),
    "hash_keys_stand_before_range_keys": (
        table(),
        settled(update(AttributeDefinitions=definitions("a", "b"), **indexes(Create=index("gsi2", "a", "b", "SK")))),
        settled(update(AttributeDefinitions=definitions("a", "b"), **indexes(Create=index("gsi2", "a", "SK", "b")))),
    ),
    "a_local_index_shares_the_hash_key": (
        None,
        [create("a", LocalSecondaryIndexes=[index("lsi1", "pk", "A")])],
        [create("a", LocalSecondaryIndexes=[index("lsi1", "a", "SK")])],
    ),
    "only_include_projects_attributes": (
        None,
        [create("a", GlobalSecondaryIndexes=[index("gsi1", "a", Projection=including("x", "y"))])],
        [create("a", GlobalSecondaryIndexes=[index("gsi1", "a", Projection=including())])],
    ),
    "indexes_are_few": (
        None,
        [create("a", GlobalSecondaryIndexes=[index(f"gsi{n}", "a") for n in range(20)])],
        [create("a", GlobalSecondaryIndexes=[index(f"gsi{n}", "a") for n in range(21)])],
    ),
    "a_new_table_has_the_capacity_of_its_mode": (
        None,
        [create(BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1))],
        [create(ProvisionedThroughput=units(1, 1))],
    ),
    "table_and_indexes_are_at_rest": (
        table(),
        settled(DELETE_GSI1, PROTECT),
        [seen(), DELETE_GSI1, seen(GlobalSecondaryIndexes=[{"IndexStatus": "DELETING"}]), PROTECT],
    ),
    "the_table_is_made": (None, [create(), seen(), tag(a="b")], [create(), seen("CREATING"), tag(a="b")]),
    "a_protected_table_stays": (
        table(protected=True),
        settled(update(DeletionProtectionEnabled=False), call("DeleteTable")),
        settled(call("DeleteTable")),
    ),
    "a_table_with_replicas_stays": (
        table(**GLOBAL),
        settled(update(**replicas(("Delete", "eu-west-1"))), call("DeleteTable")),
        settled(call("DeleteTable")),
    ),
    "an_update_changes_something": (table(), settled(PROTECT), settled(update())),
    "an_index_comes_or_goes_alone": (
        table(),
        settled(DELETE_GSI1, CREATE_GSI2),
        settled(update(AttributeDefinitions=definitions("a"), **indexes(Delete={"IndexName": "gsi1"}, Create=GSI2))),
    ),
    "the_table_class_travels_alone": (
        table(),
        settled(INFREQUENT, PROTECT),
        settled(update(TableClass="STANDARD_INFREQUENT_ACCESS", DeletionProtectionEnabled=True)),
    ),
    "encryption_travels_alone": (
        table(),
        settled(update(**sse(True)), PROTECT),
        settled(update(**sse(True), DeletionProtectionEnabled=True)),
    ),
    "warm_throughput_travels_alone": (
        table(),
        settled(update(WarmThroughput=warm(9)), PROTECT),
        settled(update(WarmThroughput=warm(9), DeletionProtectionEnabled=True)),
    ),
    "a_stream_travels_without_capacities": (
        provisioned(),
        settled(update(**stream(BOTH)), update(ProvisionedThroughput=units(6, 6))),
        settled(update(**stream(BOTH), ProvisionedThroughput=units(6, 6))),
    ),
    "replicas_travel_alone": (
        table(stream=BOTH),
        settled(update(**replicas(("Create", "eu-west-1"))), update(**replicas(("Create", "us-west-2")))),
        settled(update(**replicas(("Create", "eu-west-1"), ("Create", "us-west-2")))),
    ),
    "each_index_is_updated_once": (
        provisioned(),
        settled(update(**indexes(Update={"IndexName": "gsi1", "ProvisionedThroughput": units(3, 3)}))),
        settled(
            update(
                GlobalSecondaryIndexUpdates=[
                    {"Update": {"IndexName": "gsi1", "ProvisionedThroughput": units(3, 3)}},
                    {"Update": {"IndexName": "gsi1", "OnDemandThroughput": {"MaxReadRequestUnits": 1}}},
                ]
            )
        ),
    ),
    "indexes_are_those_there_are": (
        table(),
        settled(DELETE_GSI1),
        settled(update(**indexes(Delete={"IndexName": "gsi2"}))),
    ),
    "a_switch_to_provisioned_carries_every_capacity": (
        table(),
        settled(
            update(
                BillingMode="PROVISIONED",
                ProvisionedThroughput=units(1, 1),
                **indexes(Update={"IndexName": "gsi1", "ProvisionedThroughput": units(1, 1)}),
            )
        ),
        settled(update(BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1))),
    ),
    "an_on_demand_table_has_no_capacity": (
        provisioned(),
        settled(ON_DEMAND),
        settled(update(BillingMode="PAY_PER_REQUEST", ProvisionedThroughput=units(1, 1))),
    ),
    "a_maximum_is_one_unit_or_more": (
        table(),
        settled(update(OnDemandThroughput={"MaxReadRequestUnits": 1})),
        settled(update(OnDemandThroughput={"MaxReadRequestUnits": 1, "MaxWriteRequestUnits": 0})),
    ),
    "a_capacity_that_stays_is_not_sent": (
        provisioned(),
        settled(update(ProvisionedThroughput=units(5, 6))),
        settled(update(ProvisionedThroughput=units(5, 5))),
    ),
    "a_maximum_that_stays_is_not_sent": (
        table(maximum=(5, -1)),
        settled(update(OnDemandThroughput={"MaxReadRequestUnits": -1})),
        settled(update(OnDemandThroughput={"MaxReadRequestUnits": 5, "MaxWriteRequestUnits": -1})),
    ),
    "warm_throughput_only_grows": (
        table(warm=(9, 9)),
        settled(update(WarmThroughput=warm(10))),
        settled(update(WarmThroughput=warm(8))),
    ),
    "a_class_that_stays_is_not_sent": (table(), settled(INFREQUENT), settled(update(TableClass="STANDARD"))),
    "a_stream_begins_when_off_and_ends_when_on": (
        table(stream="KEYS_ONLY"),
        settled(update(**stream(None)), update(**stream(BOTH))),
        settled(update(**stream(BOTH))),
    ),
    "a_stream_that_is_on_has_a_view": (
        table(),
        settled(update(**stream(BOTH))),
        settled(update(StreamSpecification={"StreamEnabled": True})),
    ),
    "encryption_changes_to_another_key": (
        table(),
        settled(update(**sse(True)), update(**sse(True, KMSMasterKeyId="k"))),
        settled(update(**sse(True)), update(**sse(True))),
    ),
    "replicas_keep_the_key": (
        table(**GLOBAL),
        settled(update(**sse(True))),
        settled(update(**sse(True, KMSMasterKeyId="alias/mine"))),
    ),
    "replicas_are_those_there_are": (
        table(**GLOBAL),
        settled(update(**replicas(("Create", "us-west-2")))),
        settled(update(**replicas(("Create", "eu-west-1")))),
    ),
    "replicas_need_a_stream_of_both_images": (
        table(),
        settled(update(**replicas(("Create", "eu-west-1")))),
        settled(update(**replicas(("Create", "eu-west-1"))), update(**stream(None))),
    ),
    "strong_consistency_takes_three_regions": (
        table(),
        settled(
            update(
                MultiRegionConsistency="STRONG",
                GlobalTableWitnessUpdates=[{"Create": {"RegionName": "us-west-2"}}],
                **replicas(("Create", "us-east-2")),
            )
        ),
        settled(update(MultiRegionConsistency="STRONG", **replicas(("Create", "us-east-2")))),
    ),
    "expiry_keeps_its_attribute": (table(expiry="ttl"), [expire(False, "ttl")], [expire(True, "expires")]),
    "expiry_changes_before_recovery": (
        table(),
        [expire(True, "ttl"), recover(True)],
        [recover(True), expire(True, "ttl")],
    ),
    "recovery_that_is_on_has_a_period": (
        table(recovery=7),
        [recover(True, RecoveryPeriodInDays=8), recover(False)],
        [recover(False, RecoveryPeriodInDays=8)],
    ),
    "a_tag_is_overwritten_not_removed_first": (
        table(tags={"a": "1", "b": "2"}),
        [tag(a="3"), untag("b")],
        [untag("a"), tag(a="3")],
    ),
    "tags_are_few_and_ones_own": (table(), [tag(a="b")], [tag(**{f"tag{number}": "" for number in range(51)})]),
    "a_policy_has_20_kilobytes": (
        table(),
        [call("PutResourcePolicy", Policy="x" * 20480)],
        [call("PutResourcePolicy", Policy="x" * 20481)],
    ),
    "insights_that_end_have_no_mode": (
        table(),
        [insights("ENABLE", ContributorInsightsMode="THROTTLED_KEYS", IndexName="gsi1"), insights("DISABLE")],
        [insights("DISABLE", ContributorInsightsMode="THROTTLED_KEYS")],
    ),
    "a_destination_begins_once": (
        table(),
        [kinesis("Enable")],
        [kinesis("Enable"), kinesis_seen("ACTIVE"), kinesis("Enable")],
    ),
    "a_destination_changes_while_it_is_there": (
        table(kinesis=frozenset({STREAM})),
        [kinesis("Update"), kinesis_seen("ACTIVE"), kinesis("Disable")],
        [kinesis("Disable"), kinesis_seen("DISABLED"), kinesis("Update")],
    ),
    "a_destination_is_at_rest": (
        table(),
        [kinesis("Enable"), kinesis_seen("ACTIVE"), kinesis("Update")],
        [kinesis("Enable"), kinesis_seen("ENABLING"), kinesis("Update")],
    ),
    "quotas_are_kept": (
        table(),
        [expire(True, "ttl")],
        [expire(True, "ttl"), expire(False, "ttl")],
    ),
    "the_call_is_known": (table(), [call("ListTagsOfResource")], [call("EnableEverything")]),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_an_article_lets_the_legal_pass_and_finds_the_illegal(rule: Any) -> None:
    before, legal, illegal = CASES[rule.name]
    assert judge(before, legal)[1] == []
    found = judge(before, illegal)[1]
    assert [sentence for sentence in found if sentence.startswith(f"{rule.name} ({rule.source}): ")]


def test_every_article_has_a_source_and_a_case() -> None:
    assert {rule.name for rule in RULES} == CASES.keys()
    assert all(rule.source for rule in RULES)


MORE: list[tuple[str, Table | None, list[Call], str]] = [
    ("a definition that no key uses", None, [create("a")], "Some AttributeDefinitions are not used: ['a']"),
    ("more than four hash keys", None, [create(*"abcde", GlobalSecondaryIndexes=[index("gsi1", *"abcde")])], "maximum"),
    ("two keys of the same attribute", None, [create(KeySchema=keys("pk", "PK"))], "stands twice"),
    ("a key without a hash key", None, [create(KeySchema=keys("SK", "PK"))], "must precede"),
    ("a write to a table that is not there", None, [PROTECT], "there is no table"),
    ("a first write without a look", table(), [PROTECT], "no DescribeTable"),
    ("a look at a table that is UPDATING", table(), [seen("UPDATING"), PROTECT], "no DescribeTable"),
    ("a look in another region", table(), [seen(region="eu-west-1"), PROTECT], "no DescribeTable"),
    (
        "a look while the key changes",
        table(),
        [seen(SSEDescription={"Status": "UPDATING"}), PROTECT],
        "no DescribeTable",
    ),
    ("a recovery that loses its period", table(recovery=7), [recover(True)], "7 days becomes 35"),
    (
        "a replica in the table's own region",
        table(stream=BOTH),
        settled(update(**replicas(("Create", "us-east-1")))),
        "us-east-1",
    ),
    ("the end of a stream that replicas need", table(**GLOBAL), settled(update(**stream(None))), "feeds the replicas"),
    (
        "the fifth switch to on-demand",
        provisioned(spent={"switch to on-demand": 4}),
        settled(ON_DEMAND),
        "rule switches-to-on-demand-are-counted",
    ),
    (
        "the fifth decrease of a day",
        provisioned(spent={"decrease of capacity": 4}),
        settled(update(ProvisionedThroughput=units(4, 5))),
        "rule decreases-are-counted",
    ),
    ("AWS's own tag", table(), [tag(**{"aws:x": "y"})], "aws:"),
    ("time to live that is off already", table(), [expire(False, "ttl")], "already disabled"),
    (
        "an index's insights after the index",
        table(),
        [*settled(DELETE_GSI1), insights("ENABLE", IndexName="gsi1")],
        "gsi1",
    ),
]


@pytest.mark.parametrize(("before", "calls", "words"), [pytest.param(*case[1:], id=case[0]) for case in MORE])
def test_it_finds(before: Table | None, calls: list[Call], words: str) -> None:
    found = judge(before, calls)[1]
    assert [sentence for sentence in found if words in sentence]


def test_a_call_that_was_refused_changes_nothing() -> None:
    refused = Call("UpdateTable", {"TableName": NAME, "DeletionProtectionEnabled": True}, answer=None)
    after, found = judge(table(), [seen(), refused])
    assert after is not None
    assert (after.protected, found) == (False, [])


def test_a_later_run_has_seen_nothing_and_spent_nothing() -> None:
    after, found = judge(table(), settled(INFREQUENT))
    assert (after is not None, found) == (True, [])
    later = after.later() if after else table()
    assert (later.table_class, later.at_rest, later.spent) == ("STANDARD_INFREQUENT_ACCESS", frozenset(), {})


def test_a_replica_is_reached_when_the_table_shows_it_active() -> None:
    regional = Call("UpdateTable", {"TableName": NAME, "DeletionProtectionEnabled": True}, "eu-west-1")
    replicated = settled(update(**replicas(("Create", "eu-west-1"))))
    for status, findings in (("CREATING", 1), ("ACTIVE", 0)):
        look = seen(Replicas=[{"RegionName": "eu-west-1", "ReplicaStatus": status}])
        assert len(judge(table(stream=BOTH), [*replicated, look, regional])[1]) == findings

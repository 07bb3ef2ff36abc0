# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every article of the referee, by what it lets pass and what it finds; and that it finds what AWS refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.law.state import Call, Table
from tests.referee import ARTICLES, Seen, judge
from tests.unit.calling import (
    BOTH,
    CREATE_GSI2,
    CREATE_SOUND,
    DELETE_GSI1,
    DELETE_MEANING,
    GLOBAL,
    GSI2,
    INFREQUENT,
    NAME,
    PROTECT,
    call,
    create,
    definitions,
    expire,
    indexes,
    insights,
    kinesis,
    kinesis_seen,
    provisioned,
    recover,
    replicas,
    searched,
    seen,
    settled,
    sse,
    stream,
    table,
    tag,
    untag,
    update,
    vectors,
    warm,
)

BUILDING = seen("UPDATING", VectorIndexes=[{"IndexName": "meaning", "IndexStatus": "CREATING", "Backfilling": False}])
DELETE_SOUND = update(**vectors(("Delete", {"IndexName": "sound"})))


def watched(there: Table) -> Seen:
    """A table made long ago, of which a run has seen nothing yet."""
    return Seen(there, made=frozenset({"us-east-1"}))


# By the article's name: the table before, calls that it lets pass, and calls that it has something against.
CASES: dict[str, tuple[Seen | None, list[Call], list[Call]]] = {
    "an_attribute_keeps_its_type": (
        watched(table()),
        settled(CREATE_GSI2),
        settled(
            update(
                AttributeDefinitions=[*definitions(), {"AttributeName": "a", "AttributeType": "N"}],
                **indexes(Create=GSI2),
            )
        ),
    ),
    "table_and_indexes_are_at_rest": (
        watched(table()),
        settled(DELETE_GSI1, PROTECT),
        [seen(), DELETE_GSI1, seen(GlobalSecondaryIndexes=[{"IndexStatus": "DELETING"}]), PROTECT],
    ),
    "the_table_is_made": (None, [create(), seen(), tag(a="b")], [create(), seen("CREATING"), tag(a="b")]),
    "a_maximum_that_stays_is_not_sent": (
        watched(table(maximum=(5, -1))),
        settled(update(OnDemandThroughput={"MaxReadRequestUnits": -1})),
        settled(update(OnDemandThroughput={"MaxReadRequestUnits": 5, "MaxWriteRequestUnits": -1})),
    ),
    "a_class_that_stays_is_not_sent": (watched(table()), settled(INFREQUENT), settled(update(TableClass="STANDARD"))),
    "encryption_changes_to_another_key": (
        watched(table()),
        settled(update(**sse(True)), update(**sse(True, SSEType="KMS", KMSMasterKeyId="k"))),
        settled(update(**sse(True)), update(**sse(True))),
    ),
    "a_tag_is_overwritten_not_removed_first": (
        watched(table(tags={"a": "1", "b": "2"})),
        [tag(a="3"), untag("b")],
        [untag("a"), tag(a="3")],
    ),
    "a_destination_is_at_rest": (
        watched(table()),
        [kinesis("Enable"), kinesis_seen("ACTIVE"), kinesis("Update")],
        [kinesis("Enable"), kinesis_seen("ENABLING"), kinesis("Update")],
    ),
    "replicas_keep_the_stream": (
        watched(table(**GLOBAL)),
        settled(update(**replicas(("Delete", "eu-west-1"))), update(**stream(None))),
        settled(update(**stream("KEYS_ONLY"))),
    ),
    "recovery_does_not_lose_its_period": (
        watched(table(recovery=7)),
        [recover(True, RecoveryPeriodInDays=8), recover(False)],
        [recover(True)],
    ),
    "what_is_being_warmed_is_left_alone": (
        watched(table()),
        settled(update(WarmThroughput=warm(13000))),
        [seen(WarmThroughput={"Status": "UPDATING"}), update(WarmThroughput=warm(13000))],
    ),
}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.name)
def test_an_article_lets_the_legal_pass_and_finds_the_illegal(article: Any) -> None:
    before, legal, illegal = CASES[article.name]
    assert judge(before, legal)[1] == []
    found = judge(before, illegal)[1]
    assert [sentence for sentence in found if sentence.startswith(f"{article.name} ({article.source}): ")]


def test_every_article_has_a_source_and_a_case() -> None:
    assert {article.name for article in ARTICLES} == CASES.keys()
    assert all(article.source for article in ARTICLES)


MORE: list[tuple[str, Seen | None, list[Call], str]] = [
    ("a call that AWS refuses, by the name of its rule", None, [create("a")], "definitions-are-the-keys: "),
    ("a write to a table that is not there", None, [PROTECT], "a-missing-table-is-not-found: "),
    ("a first write without a look", watched(table()), [PROTECT], "no DescribeTable"),
    ("a look at a table that is UPDATING", watched(table()), [seen("UPDATING"), PROTECT], "no DescribeTable"),
    (
        "a look while a vector index goes",
        watched(searched()),
        [seen(), DELETE_MEANING, seen(VectorIndexes=[{"IndexStatus": "DELETING"}]), PROTECT],
        "no DescribeTable",
    ),
    (
        "a look while a vector index backfills, whatever its status",
        watched(searched()),
        [seen(), CREATE_SOUND, seen(VectorIndexes=[{"IndexStatus": "ACTIVE", "Backfilling": True}]), PROTECT],
        "no DescribeTable",
    ),
    (
        "the deletion of another index than the one that is being built",
        watched(searched()),
        [BUILDING, update(**vectors(("Delete", {"IndexName": "looks"})))],
        "no DescribeTable",
    ),
    (
        "the end of an index that is being built, with something else",
        watched(searched()),
        [BUILDING, update(**stream(BOTH), **vectors(("Delete", {"IndexName": "meaning"})))],
        "no DescribeTable",
    ),
    (
        "something else after the end of an index that is being built",
        watched(searched()),
        [BUILDING, DELETE_MEANING, PROTECT],
        "no DescribeTable",
    ),
    (
        "a vector index for a PROVISIONED table",
        watched(provisioned()),
        settled(CREATE_SOUND),
        "vector-indexes-are-on-demand: ",
    ),
    (
        "another type for a filter",
        watched(searched(types={"pk": "S", "sk": "S", "a": "N"})),
        settled(update(AttributeDefinitions=definitions("a"), **stream(BOTH))),
        "a is N, not S",
    ),
    ("a look in another region", watched(table()), [seen(region="eu-west-1"), PROTECT], "no DescribeTable"),
    (
        "a look while the key changes",
        watched(table()),
        [seen(SSEDescription={"Status": "UPDATING"}), PROTECT],
        "no DescribeTable",
    ),
    ("a call that nobody knows", watched(table()), [call("EnableEverything")], "no rules for EnableEverything"),
    ("a second change of time to live", watched(table()), [expire(True, "ttl"), expire(False, "ttl")], "once-an-hour"),
    (
        "an index's insights after the index",
        watched(table()),
        [*settled(DELETE_GSI1), insights("ENABLE", IndexName="gsi1")],
        "gsi1",
    ),
]


@pytest.mark.parametrize(("before", "calls", "words"), [pytest.param(*case[1:], id=case[0]) for case in MORE])
def test_the_referee_finds(before: Seen | None, calls: list[Call], words: str) -> None:
    found = judge(before, calls)[1]
    assert [sentence for sentence in found if words in sentence]


def test_a_table_whose_key_cannot_be_used_is_at_rest() -> None:
    """[unwell-is-settled]."""
    assert judge(watched(table()), [seen("INACCESSIBLE_ENCRYPTION_CREDENTIALS"), PROTECT])[1] == []


def test_a_call_that_was_refused_changes_nothing() -> None:
    refused = Call("UpdateTable", {"TableName": NAME, "DeletionProtectionEnabled": True}, answer=None)
    after, found = judge(watched(table()), [seen(), refused])
    assert after is not None
    assert (after.table.protected, found) == (False, [])


def test_a_later_run_has_seen_nothing_and_spent_nothing() -> None:
    after, found = judge(watched(table()), settled(INFREQUENT))
    assert (after is not None, found) == (True, [])
    later = after.later() if after else watched(table())
    assert (later.table.table_class, later.at_rest, later.table.spent) == (
        "STANDARD_INFREQUENT_ACCESS",
        frozenset(),
        {},
    )


def test_a_replica_is_reached_when_the_table_shows_it_active() -> None:
    regional = Call("UpdateTable", {"TableName": NAME, "DeletionProtectionEnabled": True}, "eu-west-1")
    replicated = settled(update(**replicas(("Create", "eu-west-1"))))
    for status, findings in (("CREATING", 1), ("ACTIVE", 0)):
        look = seen(Replicas=[{"RegionName": "eu-west-1", "ReplicaStatus": status}])
        assert len(judge(watched(table(stream=BOTH)), [*replicated, look, regional])[1]) == findings


def test_an_index_that_is_being_built_may_be_deleted_at_once() -> None:
    refused = replace(DELETE_MEANING, answer=None)
    assert judge(watched(searched()), [BUILDING, refused, DELETE_MEANING, seen(), PROTECT])[1] == []
    global_one = seen(GlobalSecondaryIndexes=[{"IndexName": "gsi1", "IndexStatus": "CREATING"}])
    assert judge(watched(table()), [global_one, DELETE_GSI1])[1] == []


def test_a_vector_index_may_be_added_though_it_could_have_come_with_the_table() -> None:
    later = seen(VectorIndexes=[{"IndexStatus": "ACTIVE"}])
    after, found = judge(None, [create(), seen(), CREATE_SOUND, later, DELETE_SOUND, seen(), PROTECT])
    assert (after is not None, found) == (True, [])

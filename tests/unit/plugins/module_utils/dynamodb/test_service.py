# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads from a Stubber, which checks order, arguments and answers against the service's model."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import Stubber

from plugins.module_utils.connection import CallFailed
from plugins.module_utils.dynamodb import reading, replica_options, service
from plugins.module_utils.dynamodb.reading import Asked
from plugins.module_utils.dynamodb.table import PointInTimeRecovery, Replica, TimeToLive
from tests.unit.declaring import declared, planned
from tests.unit.stubbing import ARN, NAME, at, described, new_client


def test_a_table_alone_costs_one_call(client: Any, stub: Stubber) -> None:
    stub.add_response("describe_table", described(), {"TableName": NAME})
    observation = service.observe(at(client), NAME, Asked())
    assert observation.settled
    assert observation.value
    assert (observation.value.tags, observation.value.time_to_live) == (None, None)


@pytest.mark.parametrize(
    ("part", "method", "answer", "expected"),
    [
        ("tags", "list_tags_of_resource", {"Tags": [{"Key": "a", "Value": "b"}]}, {"a": "b"}),
        (
            "time_to_live",
            "describe_time_to_live",
            {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLING", "AttributeName": "ttl"}},
            TimeToLive(True, "ttl"),
        ),
        ("time_to_live", "describe_time_to_live", {}, TimeToLive(False)),
        (
            "point_in_time_recovery",
            "describe_continuous_backups",
            {
                "ContinuousBackupsDescription": {
                    "ContinuousBackupsStatus": "ENABLED",
                    "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"},
                }
            },
            PointInTimeRecovery(True),
        ),
    ],
    ids=[
        "tags",
        "time to live that is being enabled [expiry-shows-what-comes]",
        "time to live that is not shown yet [expiry-shows-what-comes]",
        "recovery",
    ],
)
def test_a_declared_part_costs_one_call_more(
    client: Any, stub: Stubber, part: str, method: str, answer: dict[str, Any], expected: object
) -> None:
    stub.add_response("describe_table", described(), {"TableName": NAME})
    stub.add_response(method, answer)
    value = service.observe(at(client), NAME, Asked(frozenset({part}))).value
    assert value
    assert getattr(value, part) == expected


def test_tags_are_read_to_the_last_page(client: Any, stub: Stubber) -> None:
    stub.add_response("describe_table", described())
    stub.add_response("list_tags_of_resource", {"Tags": [{"Key": "b", "Value": "1"}], "NextToken": "more"})
    stub.add_response(
        "list_tags_of_resource", {"Tags": [{"Key": "a", "Value": "2"}]}, {"ResourceArn": ARN, "NextToken": "more"}
    )
    value = service.observe(at(client), NAME, Asked(frozenset({"tags"}))).value
    assert value
    assert value.tags == {"a": "2", "b": "1"}


POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "dynamodb:DeleteTable", "Resource": ARN}],
}


@pytest.mark.parametrize(
    ("more", "known", "calls"),
    [
        ({}, None, []),
        (
            {"RestoreSummary": {"RestoreDateTime": 1, "RestoreInProgress": True}},
            {},
            ["TagResource", "PutResourcePolicy"],
        ),
    ],
    ids=["what CreateTable carried is unknown, and not done again", "what a restore did not carry is not there"],
)
def test_a_table_in_the_making_is_not_asked_for_its_parts(
    client: Any, stub: Stubber, more: dict[str, Any], known: dict[str, Any] | None, calls: list[str]
) -> None:
    """Parts of a new table cannot be read yet (rule children-of-a-new-table-are-unseen)."""
    answer = described("CREATING")
    answer["Table"] = {**answer["Table"], "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}, **more}
    stub.add_response("describe_table", answer)
    observation = service.observe(at(client), NAME, Asked(frozenset({"tags", "time_to_live", "resource_policy"})))
    value = observation.value
    assert not observation.settled
    assert value
    assert (value.tags, value.resource_policy, value.time_to_live) == (known, known, TimeToLive(False))
    given = {"tags": {"a": "b"}, "resource_policy": POLICY, "time_to_live": {"attribute_name": "ttl"}}
    assert [step.call for step in planned(given, value)] == [*calls, "UpdateTimeToLive"]


@pytest.mark.parametrize(
    ("status", "replicas"),
    [
        ("CREATING", (Replica("eu-west-1", None, "STANDARD", None, None, False, PointInTimeRecovery(False), {}),)),
        (
            "CREATION_FAILED",
            (Replica("eu-west-1", None, "STANDARD", None, None, False, PointInTimeRecovery(False), {}),),
        ),
        ("DELETING", ()),
    ],
    ids=["in the making", "that could not be made", "on its way out"],
)
def test_the_region_of_a_replica_that_is_not_there_is_not_asked(
    client: Any, stub: Stubber, status: str, replicas: tuple[Replica, ...]
) -> None:
    """Parts of a new table cannot be read yet (rule children-of-a-new-table-are-unseen)."""
    answer = described()
    answer["Table"]["Replicas"] = [{"RegionName": "eu-west-1", "ReplicaStatus": status}]
    stub.add_response("describe_table", answer)
    asked = Asked(replicas={"eu-west-1": frozenset(replica_options.REGIONAL)})
    value = service.observe(at(client), NAME, asked).value
    assert value
    assert value.replicas == replicas


def test_a_replica_that_goes_is_asked_whether_it_is_protected(client: Any, stub: Stubber) -> None:
    """Rule a-protected-replica-stays."""
    answer = described()
    answer["Table"]["Replicas"] = [
        {"RegionName": region, "ReplicaStatus": "ACTIVE"} for region in ("eu-west-1", "us-west-2")
    ]
    there = described()
    there["Table"]["DeletionProtectionEnabled"] = True
    stub.add_response("describe_table", answer)
    stub.add_response("describe_table", there)
    asked = Asked(replicas={"us-west-2": frozenset()}, others=frozenset({"deletion_protection_enabled"}))
    value = service.observe(at(client), NAME, asked).value
    assert value
    assert [(each.region_name, each.deletion_protection_enabled) for each in value.replicas] == [
        ("eu-west-1", True),
        ("us-west-2", None),
    ]


@pytest.mark.parametrize(
    ("given", "others"),
    [
        ({"replicas": [], "purge_replicas": True}, {"deletion_protection_enabled"}),
        ({"replicas": []}, set()),
        ({"purge_replicas": True}, set()),
        ({"state": "absent", "replicas": [], "purge_replicas": True}, set()),
    ],
    ids=["where some may go", "without purge_replicas", "without replicas", "of a table that is to go"],
)
def test_replicas_that_are_not_declared_are_asked_for_their_protection(given: dict[str, Any], others: set[str]) -> None:
    assert replica_options.parts_of_others(declared(**given)) == others


def test_no_table_is_nothing_and_nothing_else_is_asked(client: Any, stub: Stubber) -> None:
    stub.add_client_error("describe_table", "ResourceNotFoundException")
    observation = service.observe(at(client), NAME, Asked(frozenset({"tags"})))
    assert (observation.value, observation.settled) == (None, True)


def test_a_table_on_its_way_out_is_nothing_yet_not_settled(client: Any, stub: Stubber) -> None:
    """A table that is being deleted is waited for, and not changed (rule a-table-on-its-way-out-is-none)."""
    stub.add_response("describe_table", described("DELETING"))
    observation = service.observe(at(client), NAME, Asked(frozenset({"tags"})))
    assert (observation.value, observation.settled) == (None, False)


def test_an_active_table_whose_index_is_in_transition_is_not_settled(client: Any, stub: Stubber) -> None:
    """TableStatus alone does not say so (rule an-active-table-may-be-busy)."""
    stub.add_response("describe_table", described("ACTIVE", ("gsi1", "CREATING")))
    assert not service.observe(at(client), NAME, Asked()).settled


@pytest.mark.parametrize("asked", [True, False], ids=["declared", "not declared"])
def test_warm_throughput_that_is_being_raised_is_under_way_if_declared(client: Any, stub: Stubber, asked: bool) -> None:
    answer = described()
    warm = {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "UPDATING"}
    stub.add_response("describe_table", {"Table": {**answer["Table"], "WarmThroughput": warm}})
    observation = service.observe(at(client), NAME, Asked(warm=asked))
    assert observation.settled
    assert observation.under_way == ("ACTIVE (warm throughput UPDATING)" if asked else "")


def test_a_read_that_is_denied_names_the_missing_permission(client: Any, stub: Stubber) -> None:
    """Rule denied-is-not-none: denied is never the same as none."""
    stub.add_response("describe_table", described())
    stub.add_client_error("list_tags_of_resource", "AccessDeniedException", "not authorized")
    with pytest.raises(CallFailed, match="could not read the tags of table mana-memory: not authorized; ") as failed:
        service.observe(at(client), NAME, Asked(frozenset({"tags"})))
    assert f"the missing permission is dynamodb:ListTagsOfResource on {ARN}" in str(failed.value)


def test_a_survey_leaves_out_what_it_may_not_read_and_says_so(client: Any, stub: Stubber) -> None:
    stub.add_response("describe_table", described())
    stub.add_response("list_contributor_insights", {"ContributorInsightsSummaries": []})
    stub.add_response(
        "describe_kinesis_streaming_destination", {"TableName": NAME, "KinesisDataStreamDestinations": []}
    )
    stub.add_response(
        "describe_continuous_backups", {"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "ENABLED"}}
    )
    stub.add_client_error("get_resource_policy", "PolicyNotFoundException")
    stub.add_client_error("list_tags_of_resource", "AccessDeniedException", "no")
    stub.add_response("describe_time_to_live", {})
    table, warnings = service.survey(at(client), NAME)
    assert table
    assert table.tags is None
    assert table.time_to_live == TimeToLive(False)
    (warning,) = warnings
    assert "dynamodb:ListTagsOfResource" in warning


def test_tables_are_listed_to_the_last_page(client: Any, stub: Stubber) -> None:
    stub.add_response("list_tables", {"TableNames": ["abc"], "LastEvaluatedTableName": "abc"})
    stub.add_response("list_tables", {"TableNames": ["def"]}, {"ExclusiveStartTableName": "abc"})
    assert service.names(client) == ["abc", "def"]


@pytest.mark.parametrize(
    ("code", "warned"),
    [
        pytest.param("AccessDeniedException", False, id="whoever may not is not warned"),
        pytest.param("ResourceNotFoundException", True, id="a failure brings a warning"),
    ],
)
def test_tags_that_nobody_declared_are_left_out_where_they_cannot_be_read(code: str, warned: bool) -> None:
    client = new_client()
    with Stubber(client) as stub:
        stub.add_client_error("list_tags_of_resource", code, "No.", 400)
        tags, warnings = reading.tags_where_allowed(client, NAME, ARN)
    assert tags is None
    assert [warning.startswith(f"could not read the tags of table {NAME}: ") for warning in warnings] == [True] * warned

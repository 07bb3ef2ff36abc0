"""Reads told by a Stubber, which checks order, arguments and answers against the service's model; waits on a clock."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import Stubber

from plugins.module_utils.connection import CallFailed
from plugins.module_utils.dynamodb import reading, service
from plugins.module_utils.dynamodb.reading import Asked
from plugins.module_utils.dynamodb.service import Patience
from plugins.module_utils.dynamodb.table import PointInTimeRecovery, Replica, TimeToLive
from plugins.module_utils.plan import Step
from plugins.module_utils.reconcile import Overtaken
from tests.unit.declaring import ARN, planned

NAME = "mana-memory"
UPDATE = Step("UpdateTable", {"TableName": NAME}, "change it", lengthy=True)
CREATE = Step("CreateTable", {"TableName": NAME}, "create it", lengthy=True)
DELETE = Step("DeleteTable", {"TableName": NAME}, "delete it", lengthy=True)


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


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(service, "time", clock)
    return clock


def test_a_table_alone_costs_one_call(client: Any, stub: Stubber) -> None:
    stub.add_response("describe_table", described(), {"TableName": NAME})
    observation = service.observe(at(client), NAME, Asked())
    assert observation.settled
    assert observation.value
    assert (observation.value.tags, observation.value.time_to_live) == (None, None)


@pytest.mark.parametrize(
    ("concern", "method", "answer", "expected"),
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
    ids=["tags", "time to live that is being enabled [63]", "time to live not yet told of [63]", "recovery"],
)
def test_a_declared_concern_costs_one_call_more(
    client: Any, stub: Stubber, concern: str, method: str, answer: dict[str, Any], expected: object
) -> None:
    stub.add_response("describe_table", described(), {"TableName": NAME})
    stub.add_response(method, answer)
    value = service.observe(at(client), NAME, Asked(frozenset({concern}))).value
    assert value
    assert getattr(value, concern) == expected


def test_tags_are_read_to_the_last_page(client: Any, stub: Stubber) -> None:
    stub.add_response("describe_table", described())
    stub.add_response("list_tags_of_resource", {"Tags": [{"Key": "b", "Value": "1"}], "NextToken": "more"})
    stub.add_response(
        "list_tags_of_resource", {"Tags": [{"Key": "a", "Value": "2"}]}, {"ResourceArn": ARN, "NextToken": "more"}
    )
    value = service.observe(at(client), NAME, Asked(frozenset({"tags"}))).value
    assert value
    assert value.tags == {"a": "2", "b": "1"}


POLICY: dict[str, Any] = {"Version": "2012-10-17", "Statement": []}


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
def test_what_a_table_in_the_making_cannot_tell_is_not_asked(
    client: Any, stub: Stubber, more: dict[str, Any], known: dict[str, Any] | None, calls: list[str]
) -> None:
    """Lesson 11."""
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
        ("CREATING", (Replica("eu-west-1", None, None, None, None, False, PointInTimeRecovery(False), {}),)),
        ("CREATION_FAILED", (Replica("eu-west-1", None, None, None, None, False, PointInTimeRecovery(False), {}),)),
        ("DELETING", ()),
    ],
    ids=["in the making", "that could not be made", "on its way out"],
)
def test_the_region_of_a_replica_that_is_not_there_is_not_asked(
    client: Any, stub: Stubber, status: str, replicas: tuple[Replica, ...]
) -> None:
    """Lesson 11."""
    answer = described()
    answer["Table"]["Replicas"] = [{"RegionName": "eu-west-1", "ReplicaStatus": status}]
    stub.add_response("describe_table", answer)
    asked = Asked(replicas={"eu-west-1": frozenset(reading.REGIONAL)})
    value = service.observe(at(client), NAME, asked).value
    assert value
    assert value.replicas == replicas


def test_no_table_is_nothing_and_nothing_else_is_asked(client: Any, stub: Stubber) -> None:
    stub.add_client_error("describe_table", "ResourceNotFoundException")
    observation = service.observe(at(client), NAME, Asked(frozenset({"tags"})))
    assert (observation.value, observation.settled) == (None, True)


def test_a_table_on_its_way_out_is_nothing_yet_not_settled(client: Any, stub: Stubber) -> None:
    """Lesson 82."""
    stub.add_response("describe_table", described("DELETING"))
    observation = service.observe(at(client), NAME, Asked(frozenset({"tags"})))
    assert (observation.value, observation.settled) == (None, False)


def test_an_active_table_whose_index_is_in_transition_is_not_settled(client: Any, stub: Stubber) -> None:
    """Lesson 20."""
    stub.add_response("describe_table", described("ACTIVE", ("gsi1", "CREATING")))
    assert not service.observe(at(client), NAME, Asked()).settled


def test_a_read_that_is_denied_names_the_missing_permission(client: Any, stub: Stubber) -> None:
    """Lesson 12: denied is never the same as none."""
    stub.add_response("describe_table", described())
    stub.add_client_error("list_tags_of_resource", "AccessDeniedException", "not authorized")
    with pytest.raises(CallFailed, match="could not read the tags of table mana-memory: not authorized; ") as failed:
        service.observe(at(client), NAME, Asked(frozenset({"tags"})))
    assert f"the missing permission is dynamodb:ListTagsOfResource on {ARN}" in str(failed.value)


def test_waiting_ends_when_the_table_and_every_index_hold_still(client: Any, stub: Stubber, clock: Clock) -> None:
    stub.add_response("describe_table", described("UPDATING", ("gsi1", "ACTIVE")))
    stub.add_response("describe_table", described("ACTIVE", ("gsi1", "CREATING")))
    stub.add_response("describe_table", described("ACTIVE", ("gsi1", "ACTIVE")))
    assert service.settle(at(client), NAME, UPDATE, Patience(table=60, indexes=60))
    assert clock.now < 1


def test_a_new_table_may_not_be_seen_at_once(client: Any, stub: Stubber, clock: Clock) -> None:
    """Lesson 1."""
    stub.add_client_error("describe_table", "ResourceNotFoundException")
    stub.add_response("describe_table", described("CREATING"))
    stub.add_response("describe_table", described("ACTIVE"))
    assert service.settle(at(client), NAME, CREATE, Patience(table=60, indexes=60))
    assert clock.now > 0


def test_a_deleted_table_may_still_be_seen_for_a_while(client: Any, stub: Stubber, clock: Clock) -> None:
    stub.add_response("describe_table", described("ACTIVE"))
    stub.add_response("describe_table", described("DELETING"))
    stub.add_client_error("describe_table", "ResourceNotFoundException")
    assert service.settle(at(client), NAME, DELETE, Patience(table=60, indexes=60))
    assert clock.now > 0


def test_without_waiting_there_is_one_look(client: Any, stub: Stubber, clock: Clock) -> None:
    stub.add_response("describe_table", described("UPDATING"))
    assert not service.settle(at(client), NAME, UPDATE, Patience(wait=False))
    assert clock.now == 0


def test_a_wait_that_is_too_long_says_what_it_waited_for_and_what_helps(
    client: Any, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    answer = described("ACTIVE", ("gsi1", "CREATING"))["Table"]
    monkeypatch.setattr(service, "describe", lambda client, name: answer)
    with pytest.raises(CallFailed) as failed:
        service.settle(at(client), NAME, UPDATE, Patience(table=30, indexes=30))
    assert str(failed.value) == (
        "could not see the end of 'change it': table mana-memory is ACTIVE (index gsi1 CREATING) after 30 s; "
        "run again to go on from there, or give a longer index_wait_timeout"
    )
    assert 20 < clock.now <= 30


def test_a_wait_outlives_a_moment_of_silence(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    answers = iter([CallFailed("silence", "NoAnswer"), CallFailed("silence", "NoAnswer"), described()["Table"]])

    def describe(client: Any, name: str) -> Any:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(service, "describe", describe)
    assert service.settle(at(None), NAME, UPDATE, Patience(table=60, indexes=60))


def test_a_wait_does_not_outlive_the_endpoint(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    def describe(client: Any, name: str) -> Any:
        raise CallFailed("silence", "NoAnswer")

    monkeypatch.setattr(service, "describe", describe)
    with pytest.raises(CallFailed, match="silence"):
        service.settle(at(None), NAME, UPDATE, Patience(table=60, indexes=60))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("LimitExceededException", "indexed tables that can be created simultaneously"),
        ("LimitExceededException", "Subscriber limit exceeded: Only 1 online index can be created or deleted "
         "simultaneously per table"),
        ("ResourceInUseException", "Attempt to change a resource which is still in use: Table is being updated: x"),
        ("ResourceInUseException", "Cannot delete table while indexes are being created, updated, or deleted"),
        ("ContinuousBackupsUnavailableException", "Backups are being enabled for the table: x. Please retry later"),
        ("ValidationException", "Backups are being enabled for the table: x. Please retry later"),
    ],
    ids=["another table's indexes [9]", "another index [19]", "the table [80]", "its indexes [81]", "recovery [65]",
         "time to live after recovery [66]"],
)  # fmt: skip
def test_other_work_in_the_way_is_waited_for(client: Any, stub: Stubber, clock: Clock, code: str, words: str) -> None:
    stub.add_client_error("update_table", code, words)
    stub.add_response("update_table", {})
    service.perform(at(client), UPDATE, 60)
    assert clock.now > 0


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("LimitExceededException", "Update to PayPerRequest mode are limited to once in 1 day(s)"),
        ("ValidationException", "Time to live has been modified multiple times within a fixed interval"),
        ("ResourceInUseException", "Resource cannot be deleted as it is currently protected against deletion. "
         "Disable deletion protection first."),
    ],
    ids=["a daily quota [9, 40]", "an hourly quota [61]", "protection [79]"],
)  # fmt: skip
def test_what_does_not_pass_is_told_at_once(client: Any, stub: Stubber, clock: Clock, code: str, words: str) -> None:
    stub.add_client_error("update_table", code, words)
    with pytest.raises(CallFailed, match="could not change it: ") as failed:
        service.perform(at(client), UPDATE, 600)
    assert words.rstrip(".") in str(failed.value)
    assert clock.now == 0


def test_other_work_is_waited_for_no_longer_than_told(client: Any, stub: Stubber, clock: Clock) -> None:
    for _attempt in range(4):
        stub.add_client_error("update_table", "ResourceInUseException", "Table is being updated: x")
    with pytest.raises(CallFailed, match="Table is being updated"):
        service.perform(at(client), UPDATE, 0.6)


@pytest.mark.parametrize(
    ("step", "method", "code"),
    [
        (CREATE, "create_table", "ResourceInUseException"),
        (DELETE, "delete_table", "ResourceNotFoundException"),
    ],
    ids=["creating what is there by now [8]", "deleting what is gone by now"],
)
def test_somebody_else_was_first(client: Any, step: Step, method: str, code: str, clock: Clock) -> None:
    given = {
        "TableName": NAME,
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    }
    arguments = given if step is CREATE else step.arguments
    with Stubber(client) as stubber:
        stubber.add_client_error(method, code, "Table already exists: mana-memory")
        with pytest.raises(Overtaken):
            service.perform(at(client), Step(step.call, arguments, step.sentence), 60)


def test_a_survey_leaves_out_what_it_may_not_read_and_says_so(client: Any, stub: Stubber) -> None:
    stub.add_response("describe_table", described())
    stub.add_response("list_contributor_insights", {})
    stub.add_response("describe_kinesis_streaming_destination", {})
    stub.add_response("describe_continuous_backups", {})
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


def test_a_table_that_this_run_made_is_called_by_its_arn(client: Any, stub: Stubber, clock: Clock) -> None:
    """Its plan, made before it, has its name in that place."""
    tags = [{"Key": "a", "Value": "b"}]
    stub.add_response("describe_table", described(), {"TableName": NAME})
    stub.add_response("tag_resource", {}, {"ResourceArn": ARN, "Tags": tags})
    service.perform(at(client), Step("TagResource", {"ResourceArn": NAME, "Tags": tags}, "tag it"), 60)
    stub.assert_no_pending_responses()

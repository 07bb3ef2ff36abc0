"""Steps and waits, told by a Stubber and on a clock of their own."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import Stubber

from plugins.module_utils.connection import CallFailed
from plugins.module_utils.dynamodb import performing
from plugins.module_utils.dynamodb.performing import Patience
from plugins.module_utils.plan import Step
from plugins.module_utils.reconcile import Busy, Overtaken
from tests.unit.declaring import ARN
from tests.unit.stubbing import NAME, at, described

UPDATE = Step("UpdateTable", {"TableName": NAME}, "change it", lengthy=True)
CREATE = Step("CreateTable", {"TableName": NAME}, "create it", lengthy=True)
DELETE = Step("DeleteTable", {"TableName": NAME}, "delete it", lengthy=True)


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
    monkeypatch.setattr(performing, "time", clock)
    return clock


def test_waiting_ends_when_the_table_and_every_index_hold_still(client: Any, stub: Stubber, clock: Clock) -> None:
    stub.add_response("describe_table", described("UPDATING", ("gsi1", "ACTIVE")))
    stub.add_response("describe_table", described("ACTIVE", ("gsi1", "CREATING")))
    stub.add_response("describe_table", described("ACTIVE", ("gsi1", "ACTIVE")))
    assert performing.settle(at(client), NAME, UPDATE, Patience(table=60, indexes=60))
    assert clock.now < 1


def test_a_new_table_may_not_be_seen_at_once(client: Any, stub: Stubber, clock: Clock) -> None:
    """Lesson 1."""
    stub.add_client_error("describe_table", "ResourceNotFoundException")
    stub.add_response("describe_table", described("CREATING"))
    stub.add_response("describe_table", described("ACTIVE"))
    assert performing.settle(at(client), NAME, CREATE, Patience(table=60, indexes=60))
    assert clock.now > 0


def test_a_deleted_table_may_still_be_seen_for_a_while(client: Any, stub: Stubber, clock: Clock) -> None:
    stub.add_response("describe_table", described("ACTIVE"))
    stub.add_response("describe_table", described("DELETING"))
    stub.add_client_error("describe_table", "ResourceNotFoundException")
    assert performing.settle(at(client), NAME, DELETE, Patience(table=60, indexes=60))
    assert clock.now > 0


def test_without_waiting_there_is_one_look(client: Any, stub: Stubber, clock: Clock) -> None:
    stub.add_response("describe_table", described("UPDATING"))
    assert not performing.settle(at(client), NAME, UPDATE, Patience(wait=False))
    assert clock.now == 0


def test_a_wait_that_is_too_long_says_what_it_waited_for_and_what_helps(
    client: Any, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    answer = described("ACTIVE", ("gsi1", "CREATING"))["Table"]
    monkeypatch.setattr(performing, "describe", lambda client, name: answer)
    with pytest.raises(CallFailed) as failed:
        performing.settle(at(client), NAME, UPDATE, Patience(table=30, indexes=30))
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

    monkeypatch.setattr(performing, "describe", describe)
    assert performing.settle(at(None), NAME, UPDATE, Patience(table=60, indexes=60))


def test_a_wait_does_not_outlive_the_endpoint(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    def describe(client: Any, name: str) -> Any:
        raise CallFailed("silence", "NoAnswer")

    monkeypatch.setattr(performing, "describe", describe)
    with pytest.raises(CallFailed, match="silence"):
        performing.settle(at(None), NAME, UPDATE, Patience(table=60, indexes=60))


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
def test_other_work_in_the_way_passes(client: Any, stub: Stubber, clock: Clock, code: str, words: str) -> None:
    stub.add_client_error("update_table", code, words)
    with pytest.raises(Busy, match="could not change it: ") as busy:
        performing.perform(at(client), UPDATE, 60)
    assert busy.value.patience == 60


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
        performing.perform(at(client), UPDATE, 600)
    assert words.rstrip(".") in str(failed.value)
    assert clock.now == 0


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
            performing.perform(at(client), Step(step.call, arguments, step.sentence), 60)


def test_a_table_that_this_run_made_is_called_by_its_arn(client: Any, stub: Stubber, clock: Clock) -> None:
    """Its plan, made before it, has its name in that place."""
    tags = [{"Key": "a", "Value": "b"}]
    stub.add_response("describe_table", described(), {"TableName": NAME})
    stub.add_response("tag_resource", {}, {"ResourceArn": ARN, "Tags": tags})
    performing.perform(at(client), Step("TagResource", {"ResourceArn": NAME, "Tags": tags}, "tag it"), 60)
    stub.assert_no_pending_responses()

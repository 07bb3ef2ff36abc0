# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Steps and waits, with the answers of a Stubber, and on a clock of their own."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from botocore.stub import Stubber

from plugins.module_utils import reconcile
from plugins.module_utils.connection import CallFailed
from plugins.module_utils.dynamodb import completion, performing
from plugins.module_utils.dynamodb.passing import Patience
from plugins.module_utils.dynamodb.reading import Asked
from plugins.module_utils.plan import Step
from plugins.module_utils.resource import Busy, Overtaken
from tests.clock import Clock
from tests.unit.stubbing import ARN, NAME, at, described

BACKUP = Step("dynamodb", "CreateBackup", {"TableName": NAME, "BackupName": "last"}, "back it up", once=True)
UPDATE = Step("dynamodb", "UpdateTable", {"TableName": NAME}, "change it", lengthy=True)
CREATE = Step("dynamodb", "CreateTable", {"TableName": NAME}, "create it", lengthy=True)
DELETE = Step("dynamodb", "DeleteTable", {"TableName": NAME}, "delete it", lengthy=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(performing, "time", clock)
    monkeypatch.setattr(reconcile, "time", clock)
    return clock


def settle(*arguments: Any) -> bool:
    """Wait as the run of one table does: by sleeping."""
    return reconcile.taken(performing.settle(*arguments))


def test_waiting_ends_when_the_table_and_every_index_hold_still(client: Any, stub: Stubber, clock: Clock) -> None:
    stub.add_response("describe_table", described("UPDATING", ("gsi1", "ACTIVE")))
    stub.add_response("describe_table", described("ACTIVE", ("gsi1", "CREATING")))
    stub.add_response("describe_table", described("ACTIVE", ("gsi1", "ACTIVE")))
    assert settle(at(client), NAME, UPDATE, Patience(table=60, indexes=60))
    assert clock.now < 1


def test_a_new_table_may_not_be_seen_at_once(client: Any, stub: Stubber, clock: Clock) -> None:
    """A read right after the creation may find nothing (rule a-new-table-may-be-unseen)."""
    stub.add_client_error("describe_table", "ResourceNotFoundException")
    stub.add_response("describe_table", described("CREATING"))
    stub.add_response("describe_table", described("ACTIVE"))
    assert settle(at(client), NAME, CREATE, Patience(table=60, indexes=60))
    assert clock.now > 0


def test_a_deleted_table_may_still_be_seen_for_a_while(client: Any, stub: Stubber, clock: Clock) -> None:
    stub.add_response("describe_table", described("ACTIVE"))
    stub.add_response("describe_table", described("DELETING"))
    stub.add_client_error("describe_table", "ResourceNotFoundException")
    assert settle(at(client), NAME, DELETE, Patience(table=60, indexes=60))
    assert clock.now > 0


WARM = Asked(warm=True)
WARMING = {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "UPDATING"}


def warming() -> dict[str, Any]:
    return {"Table": {**described()["Table"], "WarmThroughput": WARMING}}


def test_a_run_waits_for_warm_throughput_that_it_declares(client: Any, stub: Stubber, clock: Clock) -> None:
    """Rule warm-throughput-settles-late."""
    stub.add_response("describe_table", warming())
    stub.add_response("describe_table", described())
    assert settle(at(client), NAME, None, Patience(), WARM)
    assert clock.now > 0


@pytest.mark.parametrize(
    ("after", "patience", "warm"),
    [(UPDATE, Patience(), True), (None, Patience(), False), (None, Patience(wait=False), True)],
    ids=["the next step", "a run that does not declare it", "a run that does not wait"],
)
def test_warm_throughput_that_is_being_raised_keeps_nobody_else_waiting(
    client: Any, stub: Stubber, clock: Clock, after: Step | None, patience: Patience, warm: bool
) -> None:
    stub.add_response("describe_table", warming())
    assert settle(at(client), NAME, after, patience, Asked(warm=warm))
    assert clock.now == 0


def test_a_raise_that_takes_too_long_says_so(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(performing, "describe", lambda client, name: warming()["Table"])
    with pytest.raises(
        CallFailed, match=r"is ACTIVE \(warm throughput UPDATING\) after 60 s; .* a longer wait_timeout"
    ):
        settle(at(None), NAME, None, Patience(table=60), WARM)


def test_without_waiting_there_is_one_look(client: Any, stub: Stubber, clock: Clock) -> None:
    stub.add_response("describe_table", described("UPDATING"))
    assert not settle(at(client), NAME, UPDATE, Patience(wait=False))
    assert clock.now == 0


def test_a_wait_that_is_too_long_says_what_it_waited_for_and_what_helps(
    client: Any, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    answer = described("ACTIVE", ("gsi1", "CREATING"))["Table"]
    monkeypatch.setattr(performing, "describe", lambda client, name: answer)
    with pytest.raises(CallFailed) as failed:
        settle(at(client), NAME, UPDATE, Patience(table=30, indexes=30))
    assert str(failed.value) == (
        "could not see the end of 'change it': table mana-memory is ACTIVE (index gsi1 CREATING) after 30 s; "
        "run again to go on from there, or give a longer index_wait_timeout"
    )
    assert 20 < clock.now <= 30


def test_a_step_in_another_region_keeps_the_tables_own_busy_too(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Rule members-are-busy-together."""
    looks: list[str | None] = []

    def describe(region: str | None, name: str) -> Any:
        looks.append(region)
        return described("UPDATING" if looks in (["eu-west-1"], ["eu-west-1", "eu-west-1", None]) else "ACTIVE")[
            "Table"
        ]

    monkeypatch.setattr(performing, "describe", describe)
    step = Step("dynamodb", "UpdateTable", {"TableName": NAME}, "protect it", lengthy=True, region="eu-west-1")
    assert settle(lambda service, region=None: region, NAME, step, Patience())
    assert looks == ["eu-west-1", "eu-west-1", None, "eu-west-1", None]


def test_a_wait_outlives_a_moment_of_silence(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    answers = iter([CallFailed("silence", "NoAnswer"), CallFailed("silence", "NoAnswer"), described()["Table"]])

    def describe(client: Any, name: str) -> Any:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(performing, "describe", describe)
    assert settle(at(None), NAME, UPDATE, Patience(table=60, indexes=60))
    assert clock.now == pytest.approx(0.25)


def test_a_wait_does_not_outlive_the_endpoint(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    def describe(client: Any, name: str) -> Any:
        raise CallFailed("silence", "NoAnswer")

    monkeypatch.setattr(performing, "describe", describe)
    with pytest.raises(CallFailed, match="silence"):
        settle(at(None), NAME, UPDATE, Patience(table=60, indexes=60))
    assert clock.now == pytest.approx(0.25)


def test_other_work_in_the_way_is_no_failure(client: Any, stub: Stubber, clock: Clock) -> None:
    stub.add_client_error("update_table", "ResourceInUseException", "Table IOPS are currently being updated. Table: x")
    with pytest.raises(Busy, match="could not change it: Table IOPS are currently being updated"):
        performing.perform(at(client), UPDATE, Patience())
    assert clock.now == 0


def test_an_error_that_does_not_pass_is_reported_at_once(client: Any, stub: Stubber, clock: Clock) -> None:
    words = "Time to live has been modified multiple times within a fixed interval"
    stub.add_client_error("update_table", "ValidationException", words)
    with pytest.raises(CallFailed, match=f"could not change it: {words}; time to live can be changed once an hour"):
        performing.perform(at(client), UPDATE, Patience())
    assert clock.now == 0


@pytest.mark.parametrize(
    ("code", "words", "longest"),
    [
        ("LimitExceededException", "Only 1 online index can be created or deleted simultaneously per table", 40),
        ("LimitExceededException", "Subscriber limit exceeded: Table tags are being updated: x", 5),
        ("ResourceInUseException", "The resource which you are attempting to change is in use.", 30),
    ],
    ids=["as long as an index may take", "as long as tags are locked", "as long as a table may take"],
)
def test_other_work_is_in_the_way_for_as_long_as_it_may_take(
    monkeypatch: pytest.MonkeyPatch, code: str, words: str, longest: float
) -> None:
    def call(*_of: Any) -> Any:
        raise CallFailed(f"could not change it: {words}", code, words)

    monkeypatch.setattr(performing, "call", call)
    with pytest.raises(Busy) as busy:
        performing.perform(at(None), UPDATE, Patience(table=30, indexes=40))
    assert busy.value.patience == longest


@pytest.mark.parametrize(
    ("step", "method", "code"),
    [
        (CREATE, "create_table", "ResourceInUseException"),
        (DELETE, "delete_table", "ResourceNotFoundException"),
    ],
    ids=["creating what is there by now [a-name-is-taken-once]", "deleting what is gone by now"],
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
            performing.perform(at(client), Step("dynamodb", step.call, arguments, step.sentence), Patience())


def test_a_table_that_this_run_made_is_called_by_its_arn(client: Any, stub: Stubber, clock: Clock) -> None:
    """Its plan, made before it, has its name in that place."""
    tags = [{"Key": "a", "Value": "b"}]
    stub.add_response("describe_table", described(), {"TableName": NAME})
    stub.add_response("tag_resource", {}, {"ResourceArn": ARN, "Tags": tags})
    performing.perform(
        at(client), Step("dynamodb", "TagResource", {"ResourceArn": NAME, "Tags": tags}, "tag it"), Patience()
    )
    stub.assert_no_pending_responses()


def test_a_table_that_somebody_else_deleted_is_not_waited_for(client: Any, stub: Stubber, clock: Clock) -> None:
    stub.add_client_error("describe_table", "ResourceNotFoundException")
    assert settle(at(client), NAME, UPDATE, Patience())
    assert clock.now == 0


def test_a_deleted_table_that_stays_may_be_another_one(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(performing, "describe", lambda client, name: described("ACTIVE")["Table"])
    with pytest.raises(
        CallFailed, match="is ACTIVE after 3 s, so that somebody else may have made it again; run again"
    ):
        settle(at(None), NAME, DELETE, Patience(table=3))


@pytest.mark.parametrize(
    ("update", "code", "words"),
    [
        ({"Delete": {"IndexName": "gsi1"}}, "ResourceNotFoundException", "Requested resource not found: Index: gsi1"),
        ({"Create": {"IndexName": "gsi1"}}, "ValidationException", "Attempting to create a duplicate index: gsi1"),
        ({"Create": {"IndexName": "gsi1"}}, "ValidationException", "the index already exists: gsi1"),
    ],
    ids=["removing what is gone by now", "creating what is there by now", "in AWS's words"],
)
def test_somebody_else_changed_the_index_first(
    monkeypatch: pytest.MonkeyPatch, update: dict[str, Any], code: str, words: str
) -> None:
    def call(*_of: Any) -> Any:
        raise CallFailed(f"could not change it: {words}", code, words)

    monkeypatch.setattr(performing, "call", call)
    step = Step("dynamodb", "UpdateTable", {"TableName": NAME, "GlobalSecondaryIndexUpdates": [update]}, "change it")
    with pytest.raises(Overtaken):
        performing.perform(at(None), step, Patience())


@pytest.mark.parametrize("made", [True, False], ids=["made", "not made"])
def test_a_backup_whose_answer_was_lost_is_looked_for_among_those_of_its_name(
    monkeypatch: pytest.MonkeyPatch, made: bool
) -> None:
    """Names of backups repeat, so one of the same name from before does not count."""
    lists = iter([["old"], ["old", "new"] if made else ["old"]])

    def call(client: Any, operation: str, *_rest: Any) -> Any:
        if operation == "ListBackups":
            return {"BackupSummaries": [{"BackupName": "last", "BackupArn": arn} for arn in next(lists)]}
        raise CallFailed("could not back it up: no answer", "NoAnswer", unsure=True)

    monkeypatch.setattr(performing, "call", call)
    monkeypatch.setattr(completion, "call", call)
    with contextlib.nullcontext() if made else pytest.raises(CallFailed, match="no answer"):
        performing.perform(at(None), BACKUP, Patience())

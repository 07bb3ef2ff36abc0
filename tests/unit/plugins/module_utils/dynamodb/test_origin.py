# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tables that come from elsewhere: what is read, what is planned, and that an existing table is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber

from plugins.module_utils.connection import CallFailed
from plugins.module_utils.dynamodb import completion, keys, options, origin, planning
from plugins.module_utils.dynamodb.description import live as live_of
from plugins.module_utils.plan import Impossible, Step
from tests.declaring import GSI1, SEED
from tests.unit.declaring import assert_valid, declared, live, sentences
from tests.unit.stubbing import ARN, stubbed

KEY = "arn:aws:kms:us-east-1:123456789012:key/k"
MANAGED_ARN = "arn:aws:kms:us-east-1:123456789012:key/of-aws"
BACKUP = f"{ARN}/backup/01234567890123-abcdefgh"
KEY_SCHEMA = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
GSI = {
    "IndexName": "gsi1",
    "KeySchema": [{"AttributeName": "gsi1pk", "KeyType": "HASH"}, {"AttributeName": "gsi1sk", "KeyType": "RANGE"}],
    "Projection": {"ProjectionType": "ALL"},
}
BACKUP_TOLD = {
    "BackupDetails": {
        "BackupArn": BACKUP,
        "BackupName": "monday",
        "BackupStatus": "AVAILABLE",
        "BackupType": "USER",
        "BackupCreationDateTime": 1,
    },
    "SourceTableDetails": {
        "TableName": "lost",
        "TableId": "i",
        "KeySchema": KEY_SCHEMA,
        "TableCreationDateTime": 1,
        "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
        "BillingMode": "PAY_PER_REQUEST",
    },
    "SourceTableFeatureDetails": {"GlobalSecondaryIndexes": [GSI]},
}
LATER = {"tags": {"a": "b"}, "time_to_live": {"attribute_name": "ttl"}, "deletion_protection_enabled": True}


def plan_from(client: Any, given: dict[str, Any]) -> Any:
    parameters = declared(**given)
    source = origin.find(lambda service: client, parameters)
    return planning.plan(options.desire(parameters, None, origin=source), None)


def test_a_table_is_restored_from_a_backup_and_gets_what_did_not_come_along(client: Any, stub: Stubber) -> None:
    """Keys, indexes, billing and encryption come along, and nothing else (rule restored-tables-start-bare)."""
    stub.add_response("describe_backup", {"BackupDescription": BACKUP_TOLD}, {"BackupArn": BACKUP})
    plan = plan_from(client, {**SEED, **LATER, "restore_from_backup": {"backup_arn": BACKUP}})
    assert sentences(plan) == [
        "restore table mana-memory from the backup monday of lost",
        "tag mana-memory with a=b",
        "protect table mana-memory against deletion",
        "expire items of mana-memory by ttl",
    ]
    assert plan[0].arguments == {"TargetTableName": "mana-memory", "BackupArn": BACKUP}
    for step in plan:
        assert_valid(step)


@pytest.mark.parametrize(
    "given",
    [
        {"hash_key_name": "pk", "hash_key_type": "NUMBER"},
        {"hash_key_type": "NUMBER", "range_key_type": "BINARY"},
        {"indexes": [{**GSI1, "hash_key_type": "NUMBER"}]},
        {"indexes": [{"name": "gsi1", "type": "global_all", "range_key_type": "NUMBER"}]},
        {"range_key_name": "sk"},
    ],
    ids=[
        "declared with the name of the key",
        "declared without a name",
        "declared with the key of an index",
        "declared with an index alone",
        "not declared",
    ],
)
def test_a_backup_has_no_types_of_keys_so_they_are_as_declared(
    client: Any, stub: Stubber, given: dict[str, Any]
) -> None:
    stub.add_response("describe_backup", {"BackupDescription": BACKUP_TOLD})
    plan = plan_from(client, {**given, "restore_from_backup": {"backup_arn": BACKUP}})
    assert sentences(plan) == ["restore table mana-memory from the backup monday of lost"]


OF_TABLE = {"TableName": "mana-memory"}


def described(name: str) -> dict[str, Any]:
    types = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "gsi1pk", "gsi1sk")]
    return {
        "Table": {
            "TableName": name,
            "TableArn": ARN,
            "TableStatus": "ACTIVE",
            "KeySchema": KEY_SCHEMA,
            "AttributeDefinitions": types,
            "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
            "GlobalSecondaryIndexes": [{**GSI, "IndexStatus": "ACTIVE"}],
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
            "DeletionProtectionEnabled": True,
        }
    }


@pytest.mark.parametrize(
    ("when", "arguments", "sentence"),
    [
        ({}, {"UseLatestRestorableTime": True}, "restore table mana-memory from table orders as it was just now"),
        (
            {"restore_date_time": "2025-11-01T12:00:00Z"},
            {"RestoreDateTime": "2025-11-01T12:00:00Z"},
            "restore table mana-memory from table orders as it was at 2025-11-01T12:00:00Z",
        ),
    ],
    ids=["just now", "at a moment"],
)
def test_a_table_is_restored_from_anothers_past(
    client: Any, stub: Stubber, when: dict[str, str], arguments: dict[str, Any], sentence: str
) -> None:
    stub.add_response("describe_table", described("orders"), {"TableName": "orders"})
    given = {"deletion_protection_enabled": True, "restore_from_table": {"table_name": "orders", **when}}
    plan = plan_from(client, given)
    assert sentences(plan) == [sentence, "protect table mana-memory against deletion"]
    assert plan[0].arguments == {"SourceTableName": "orders", "TargetTableName": "mana-memory", **arguments}


def test_a_restored_table_has_neither_class_nor_warm_throughput_of_its_source(client: Any, stub: Stubber) -> None:
    """Rule restored-tables-start-bare."""
    warm = {"WarmThroughput": {"ReadUnitsPerSecond": 20000, "WriteUnitsPerSecond": 9000, "Status": "ACTIVE"}}
    source = described("orders")["Table"]
    source = {**source, **warm, "TableClassSummary": {"TableClass": "STANDARD_INFREQUENT_ACCESS"}}
    source["GlobalSecondaryIndexes"] = [{**source["GlobalSecondaryIndexes"][0], **warm}]
    stub.add_response("describe_table", {"Table": source})
    given = {
        "table_class": "STANDARD_INFREQUENT_ACCESS",
        "warm_throughput": {"read_units_per_second": 20000},
        "indexes": [{**GSI1, "warm_throughput": {"read_units_per_second": 20000}}],
        "restore_from_table": {"table_name": "orders"},
    }
    plan = plan_from(client, given)
    assert sentences(plan)[1:] == [
        "move table mana-memory to the table class STANDARD_INFREQUENT_ACCESS",
        "warm index gsi1 of mana-memory for 20000 read and 4000 write units a second",
        "warm table mana-memory for 20000 read and 4000 write units a second",
    ]
    for step in plan:
        assert_valid(step)


def test_what_cannot_be_changed_of_a_restored_table_is_refused_before_it_is_restored(
    client: Any, stub: Stubber
) -> None:
    stub.add_response("describe_table", described("orders"))
    with pytest.raises(Impossible, match="hash_key_name"):
        plan_from(client, {"hash_key_name": "id", "restore_from_table": {"table_name": "orders"}})


def test_a_source_that_is_not_there_is_named(client: Any, stub: Stubber) -> None:
    stub.add_client_error("describe_table", "ResourceNotFoundException")
    with pytest.raises(Impossible, match=r"^restore_from_table.table_name: table orders does not exist"):
        plan_from(client, {"restore_from_table": {"table_name": "orders"}})


@pytest.mark.parametrize("time", ["yesterday", "9" * 30], ids=["a word", "a time beyond all calendars"])
def test_a_text_that_is_no_time_is_refused_before_any_call(client: Any, stub: Stubber, time: str) -> None:
    given = {**SEED, "restore_from_table": {"table_name": "orders", "restore_date_time": time}}
    with pytest.raises(Impossible, match=rf"^restore_from_table\.restore_date_time: '{time}' is not a time; give one"):
        plan_from(client, given)


@pytest.mark.parametrize("time", ["2999-01-01T00:00:00Z", "2999-01-01", "2999-01-01 00:00:00+02:00"])
def test_a_time_to_come_is_refused_before_any_call(client: Any, stub: Stubber, time: str) -> None:
    given = {**SEED, "restore_from_table": {"table_name": "orders", "restore_date_time": time}}
    with pytest.raises(Impossible) as refusal:
        plan_from(client, given)
    sentence = f"restore_from_table.restore_date_time: {time} is in the future; give a time that is past, or leave it "
    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize(
    "time",
    [
        "2025-11-01T12:00:00Z",
        "2025-11-01T12:00:00+01:00",
        "2025-11-01 12:00:00+00:00",
        "20251101T120000Z",
        "1761998400",
    ],
)
def test_a_time_to_restore_is_taken_as_botocore_takes_it(client: Any, stub: Stubber, time: str) -> None:
    source = {"TableName": "orders", "TableStatus": "ACTIVE", "KeySchema": KEY_SCHEMA, "AttributeDefinitions": []}
    stub.add_response("describe_table", {"Table": source}, {"TableName": "orders"})
    given = {**SEED, "restore_from_table": {"table_name": "orders", "restore_date_time": time}}
    restore = plan_from(client, given)[0]
    assert restore.arguments["RestoreDateTime"] == time
    assert_valid(restore)


def test_a_table_is_imported_and_gets_what_an_import_does_not_make(client: Any) -> None:
    given = {
        **SEED,
        **LATER,
        "table_class": "STANDARD_INFREQUENT_ACCESS",
        "import_from_s3": {
            "s3_bucket": "files",
            "s3_key_prefix": "orders/",
            "input_format": "CSV",
            "input_compression_type": "GZIP",
            "csv_delimiter": ";",
            "csv_header_list": ["pk", "sk"],
        },
    }
    plan = plan_from(client, given)
    assert sentences(plan) == [
        "import table mana-memory from s3://files/orders/",
        "tag mana-memory with a=b",
        "protect table mana-memory against deletion",
        "move table mana-memory to the table class STANDARD_INFREQUENT_ACCESS",
        "expire items of mana-memory by ttl",
    ]
    assert_valid(plan[0])
    taken = plan[0].arguments["TableCreationParameters"]
    assert sorted(taken) == ["AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema", "TableName"]


WATCHED = {"contributor_insights": {"enabled": True}}


@pytest.mark.parametrize(
    "source",
    [{"import_from_s3": {"s3_bucket": "files"}}, {"restore_from_table": {"table_name": "orders"}}],
    ids=["imported", "restored"],
)
def test_a_table_that_comes_from_elsewhere_is_not_watched_yet(
    client: Any, stub: Stubber, source: dict[str, Any]
) -> None:
    if "restore_from_table" in source:
        stub.add_response("describe_table", described("orders"))
    plan = plan_from(client, {**SEED, "indexes": [{**GSI1, **WATCHED}], **WATCHED, **source})
    assert sentences(plan)[1:] == [
        "watch the keys of table mana-memory",
        "watch the keys of index gsi1 of mana-memory",
    ]


def test_an_imported_table_has_its_key_from_the_beginning_whatever_it_is_called_by(client: Any) -> None:
    """AWS answers with the ARN of a key, by whichever name the key is declared (rule keys-are-told-by-arn)."""
    given = declared(
        **SEED, sse_specification={"kms_master_key_id": "alias/mana"}, import_from_s3={"s3_bucket": "files"}
    )

    def resolve(key: str, region: str | None) -> str | None:
        return KEY

    source = origin.find(lambda service: client, given, resolve)
    (step,) = planning.plan(options.desire(given, None, resolve, source), None)
    sse = step.arguments["TableCreationParameters"]["SSESpecification"]
    assert sse == {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}


def test_an_import_makes_no_local_index(client: Any) -> None:
    local = {"name": "lsi1", "type": "all", "range_key_name": "created"}
    given = {
        "hash_key_name": "pk",
        "range_key_name": "sk",
        "indexes": [local],
        "import_from_s3": {"s3_bucket": "files"},
    }
    with pytest.raises(Impossible, match=r"^indexes\[lsi1\]\.type: an import makes no local index"):
        plan_from(client, given)


def test_an_existing_table_comes_from_nowhere() -> None:
    given = declared(**SEED, restore_from_backup={"backup_arn": BACKUP})
    assert planning.plan(options.desire(given, live(**SEED)), live(**SEED)) == ()


def test_an_absent_table_comes_from_nowhere() -> None:
    given = declared(state="absent", restore_from_backup={"backup_arn": BACKUP})
    assert origin.find(lambda service: None, given) is None


LIVE = live_of({"TableName": "mana-memory", "TableArn": ARN})
ENABLE = Step(
    "dynamodb", "EnableKinesisStreamingDestination", {"TableName": "mana-memory", "StreamArn": "s" * 37}, "send it"
)
DISABLE = Step(
    "dynamodb", "DisableKinesisStreamingDestination", {"TableName": "mana-memory", "StreamArn": "s" * 37}, "end it"
)
CREATE_BACKUP = Step("dynamodb", "CreateBackup", {"TableName": "mana-memory", "BackupName": "last"}, "back it up")


@pytest.mark.parametrize(
    ("step", "method", "answer", "missing"),
    [
        (
            ENABLE,
            "describe_kinesis_streaming_destination",
            {**OF_TABLE, "KinesisDataStreamDestinations": [{"StreamArn": "s" * 37, "DestinationStatus": "ENABLING"}]},
            f"its destination {'s' * 37} ENABLING",
        ),
        (
            ENABLE,
            "describe_kinesis_streaming_destination",
            {**OF_TABLE, "KinesisDataStreamDestinations": [{"StreamArn": "s" * 37, "DestinationStatus": "ACTIVE"}]},
            "",
        ),
        (
            ENABLE,
            "describe_kinesis_streaming_destination",
            {**OF_TABLE, "KinesisDataStreamDestinations": []},
            f"its destination {'s' * 37} not to be seen",
        ),
        (
            DISABLE,
            "describe_kinesis_streaming_destination",
            {**OF_TABLE, "KinesisDataStreamDestinations": [{"StreamArn": "s" * 37, "DestinationStatus": "ACTIVE"}]},
            f"its destination {'s' * 37} ACTIVE",
        ),
        (
            DISABLE,
            "describe_kinesis_streaming_destination",
            {**OF_TABLE, "KinesisDataStreamDestinations": [{"StreamArn": "s" * 37, "DestinationStatus": "DISABLED"}]},
            "",
        ),
        (CREATE_BACKUP, "list_backups", {"BackupSummaries": []}, "its backup last not yet available"),
        (
            CREATE_BACKUP,
            "list_backups",
            {"BackupSummaries": [{"BackupName": "last", "BackupStatus": "CREATING"}]},
            "its backup last not yet available",
        ),
        (
            CREATE_BACKUP,
            "list_backups",
            {"BackupSummaries": [{"BackupName": "last", "BackupStatus": "AVAILABLE"}]},
            "",
        ),
        (
            CREATE_BACKUP,
            "list_backups",
            {
                "BackupSummaries": [
                    {"BackupName": "last", "BackupStatus": "AVAILABLE"},
                    {"BackupName": "last", "BackupStatus": "CREATING"},
                ]
            },
            "its backup last not yet available",
        ),
        (
            CREATE_BACKUP,
            "list_backups",
            {
                "BackupSummaries": [
                    {"BackupName": "last", "BackupStatus": "AVAILABLE"},
                    {"BackupName": "another", "BackupStatus": "CREATING"},
                ]
            },
            "",
        ),
    ],
    ids=[
        "a destination on its way [kinesis-is-told-late]",
        "a destination that is there",
        "a destination that is not shown yet",
        "a destination that is shown as before it ended",
        "a destination that has ended",
        "a backup not yet to be seen",
        "a backup in the making",
        "a backup that is there",
        "a backup in the making beside an older one of the same name",
        "a backup that is there, and another in the making",
    ],
)
def test_a_step_is_complete_when_its_own_call_says_so(
    client: Any, stub: Stubber, step: Step, method: str, answer: dict[str, Any], missing: str
) -> None:
    stub.add_response(method, answer)
    assert completion.what_is_missing(client, step, LIVE) == missing


@pytest.mark.parametrize(
    ("step", "method", "answer", "words"),
    [
        (
            ENABLE,
            "describe_kinesis_streaming_destination",
            {
                **OF_TABLE,
                "KinesisDataStreamDestinations": [
                    {
                        "StreamArn": "s" * 37,
                        "DestinationStatus": "ENABLE_FAILED",
                        "DestinationStatusDescription": "no such stream",
                    }
                ],
            },
            "could not send it: no such stream",
        ),
    ],
    ids=[
        "a destination that cannot be",
    ],
)
def test_a_step_that_ended_badly_says_so(
    client: Any, stub: Stubber, step: Step, method: str, answer: dict[str, Any], words: str
) -> None:
    stub.add_response(method, answer)
    with pytest.raises(CallFailed, match=words):
        completion.what_is_missing(client, step, LIVE)


@pytest.mark.parametrize("region", ["eu-west-1", "us-west-2"])
def test_a_replica_that_could_not_be_made_is_reported_with_aws_words(region: str) -> None:
    """Rule a-failed-replica-is-no-replica."""
    step = Step(
        "dynamodb", "UpdateTable", {"ReplicaUpdates": [{"Create": {"RegionName": "eu-west-1"}}]}, "replicate it"
    )
    failed = {"RegionName": region, "ReplicaStatus": "CREATION_FAILED", "ReplicaStatusDescription": "no key"}
    there = live_of({"TableName": "mana-memory", "TableArn": ARN, "Replicas": [failed]})
    if region == "us-west-2":  # which failed before
        assert completion.what_is_missing(None, step, there) == ""
        return
    with pytest.raises(CallFailed, match="could not replicate it: no key"):
        completion.what_is_missing(None, step, there)


def test_a_backup_may_stand_on_a_later_page(client: Any, stub: Stubber) -> None:
    first = {"BackupSummaries": [{"BackupName": "other"}], "LastEvaluatedBackupArn": BACKUP}
    stub.add_response("list_backups", first, {"TableName": "mana-memory"})
    second = {"BackupSummaries": [{"BackupName": "last", "BackupStatus": "AVAILABLE"}]}
    stub.add_response("list_backups", second, {"TableName": "mana-memory", "ExclusiveStartBackupArn": BACKUP})
    assert completion.what_is_missing(client, CREATE_BACKUP, LIVE) == ""


def test_most_steps_are_complete_when_the_table_is() -> None:
    assert completion.what_is_missing(None, Step("dynamodb", "UpdateTable", {}, "x"), LIVE) == ""
    assert completion.what_is_missing(None, None, LIVE) == ""


@pytest.fixture
def kms() -> Iterator[tuple[Any, Stubber]]:
    with stubbed("kms") as both:
        yield both


def test_a_key_is_found_by_its_alias(kms: tuple[Any, Stubber]) -> None:
    """AWS answers with the ARN of a key, by whichever name the key is declared (rule keys-are-told-by-arn)."""
    at, stubber = kms
    stubber.add_response("describe_key", {"KeyMetadata": {"KeyId": "k", "Arn": KEY}}, {"KeyId": "alias/mana"})
    assert keys.resolve(lambda service: at, "alias/mana", None) == KEY


def test_a_key_called_by_its_arn_is_not_looked_up() -> None:
    assert keys.resolve(lambda service: None, KEY, None) == KEY


@pytest.mark.parametrize(
    ("region", "option"),
    [(None, "sse_specification.kms_master_key_id"), ("eu-west-1", "replicas[eu-west-1].kms_master_key_id")],
)
def test_a_key_of_another_region_is_refused(region: str | None, option: str) -> None:
    """Rule a-key-is-of-its-region."""
    key = KEY.replace("us-east-1", "us-west-2")
    with pytest.raises(Impossible) as refusal:
        keys.resolve(lambda service: None, key, region, "us-east-1")
    assert str(refusal.value) == f"{option}: the key {key} is of another region; give one of {region or 'us-east-1'}"


def test_a_key_that_is_not_there_is_named(kms: tuple[Any, Stubber]) -> None:
    at, stubber = kms
    stubber.add_client_error("describe_key", "NotFoundException")
    with pytest.raises(Impossible, match=r"^sse_specification\.kms_master_key_id: there is no key alias/mana; "):
        keys.resolve(lambda service: at, "alias/mana", None)


def test_the_key_of_a_replica_that_is_not_there_is_named(kms: tuple[Any, Stubber]) -> None:
    at, stubber = kms
    stubber.add_client_error("describe_key", "NotFoundException")
    with pytest.raises(Impossible, match=r"^replicas\[eu-west-1\]\.kms_master_key_id: .*; .* in eu-west-1$"):
        keys.resolve(lambda service, region: at, "alias/mana", "eu-west-1")


def test_the_managed_key_may_not_have_been_made_yet(kms: tuple[Any, Stubber]) -> None:
    at, stubber = kms
    stubber.add_client_error("describe_key", "NotFoundException")
    assert keys.resolve(lambda service: at, "alias/aws/dynamodb", None) is None


@pytest.mark.parametrize(
    ("live_key", "resolved", "changes"),
    [(KEY, KEY, 0), (KEY, MANAGED_ARN, 1), (KEY, None, 1)],
    ids=["the managed key", "another key", "another key, and no managed one yet"],
)
def test_the_managed_key_is_known_by_its_arn(live_key: str, resolved: str | None, changes: int) -> None:
    """Rule encryption-absent-is-owned: AWS's own key is declared without a name, and described by one."""
    observed = live(**SEED, sse_specification={"kms_master_key_id": live_key})
    given = declared(sse_specification={"enabled": True})
    desired = options.desire(given, observed, lambda key, region: resolved)
    assert len(planning.plan(desired, observed)) == changes

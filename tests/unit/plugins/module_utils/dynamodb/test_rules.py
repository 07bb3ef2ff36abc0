# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Declarations that no table could satisfy, refused before anything is read."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from plugins.module_utils.dynamodb import rules
from plugins.module_utils.plan import Impossible
from plugins.modules import dynamodb_table
from tests.declaring import GSI1, SEED
from tests.unit.declaring import declared, live, planned

MULTI = {"name": "multi", "type": "global_all", "key_schema": [{"attribute_name": "a", "key_type": "HASH"}]}
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/changes"


def indexes(count: int, kind: str, **more: Any) -> list[dict[str, Any]]:
    return [{"name": f"i{n:02}", "type": kind, "range_key_name": f"r{n}", **more} for n in range(count)]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param(
            {"name": "no spaces"}, ["name", "'no spaces'", "3 to 255"], id="a name with a space [names-have-a-form]"
        ),
        pytest.param({"name": "ab"}, ["name", "3 to 255"], id="a name that is too short [names-have-a-form]"),
        pytest.param({"name": "a" * 256}, ["name", "3 to 255"], id="a name that is too long [names-have-a-form]"),
        pytest.param({"name": "abc\n"}, ["name", "3 to 255"], id="a name that ends in a line break"),
        pytest.param(
            {"indexes": [{**GSI1, "name": "g!"}]},
            ["indexes[g!].name", "3 to 255"],
            id="the name of an index [names-have-a-form]",
        ),
        pytest.param({"read_capacity": -1}, ["read_capacity", "-1"], id="a capacity below zero"),
        pytest.param({"write_capacity": 2**63}, ["write_capacity"], id="a capacity that no number of AWS's holds"),
        pytest.param(
            {"indexes": [{**GSI1, "write_capacity": -5}]},
            ["indexes[gsi1].write_capacity", "-5"],
            id="the capacity of an index below zero",
        ),
        pytest.param(
            {"indexes": [GSI1, GSI1]},
            ["indexes", "gsi1", "2 times"],
            id="an index declared twice [check-mode-refuses-all]",
        ),
        pytest.param(
            {"time_to_live": {"attribute_name": "a" * 256}},
            ["time_to_live.attribute_name", "255"],
            id="the attribute of time to live too long",
        ),
        pytest.param(
            {"replicas": [{"region_name": "eu-west-1", "max_read_request_units": -1}]},
            ["replicas[eu-west-1].max_read_request_units: ", "-1", "leave it out"],
            id="no maximum for a replica",
        ),
        pytest.param(
            {"replicas": [{"region_name": "eu-west-1", "read_capacity": 0}]},
            ["replicas[eu-west-1].read_capacity: ", "0", "leave it out"],
            id="no capacity for a replica",
        ),
        pytest.param(
            {"replicas": [{"region_name": "eu-west-1", "read_capacity": 2**63}]},
            ["replicas[eu-west-1].read_capacity: "],
            id="the capacity of a replica that no number of AWS's holds",
        ),
        pytest.param({"name": ""}, ["name: '' is not a name"], id="no name"),
        pytest.param({"restore_from_table": {"table_name": ""}}, ["restore_from_table.table_name: ''"], id="no source"),
        pytest.param({"hash_key_name": ""}, ["hash_key_name: it is empty; ", "255"], id="an empty key"),
        pytest.param({"range_key_name": ""}, ["range_key_name: it is empty; "], id="an empty sort key"),
        pytest.param({"hash_key_name": "k" * 256}, ["hash_key_name: it has 256 bytes; "], id="a key that is too long"),
        pytest.param(
            {"indexes": [{**GSI1, "hash_key_name": ""}]},
            ["indexes[gsi1].hash_key_name: it is empty; "],
            id="an empty key of an index",
        ),
        pytest.param(
            {"indexes": [{**MULTI, "key_schema": [{"attribute_name": "", "key_type": "HASH"}]}]},
            ["indexes[multi].key_schema: it is empty; "],
            id="an empty attribute in a key schema",
        ),
        pytest.param(
            {"indexes": [{**GSI1, "type": "global_include", "includes": ""}]},
            ["indexes[gsi1].includes: it is empty; "],
            id="an empty attribute to include",
        ),
        pytest.param(
            {"indexes": [{**GSI1, "type": "global_include", "includes": ["a", "b" * 256]}]},
            ["indexes[gsi1].includes: it has 256 bytes; "],
            id="an attribute to include that is too long",
        ),
        pytest.param(
            {"time_to_live": {"attribute_name": ""}},
            ["time_to_live.attribute_name: it is empty; "],
            id="an empty attribute of time to live",
        ),
        pytest.param(
            {"indexes": [{**MULTI, "hash_key_type": "NUMBER"}]},
            ["indexes[multi].key_schema: ", "remove hash_key_type"],
            id="a type beside a key schema",
        ),
        pytest.param(
            {"indexes": [{**MULTI, "range_key_name": "r", "range_key_type": "NUMBER"}]},
            ["indexes[multi].key_schema: ", "remove range_key_name and range_key_type"],
            id="a key beside a key schema",
        ),
        pytest.param(
            {
                "indexes": [
                    {
                        **MULTI,
                        "key_schema": [
                            {"attribute_name": "a", "key_type": "HASH"},
                            {"attribute_name": "a", "key_type": "RANGE"},
                        ],
                    }
                ]
            },
            ["indexes[multi].key_schema: a is in it 2 times; "],
            id="one attribute twice in a key schema",
        ),
        pytest.param({"tags": {"a#b": "c"}}, ["tags: 'a#b' has the character #; "], id="a tag that AWS does not take"),
        pytest.param(
            {"replicas": [{"region_name": "eu-west-1", "tags": {"a": None}}]},
            ["replicas[eu-west-1].tags: the value of 'a' must be a string; "],
            id="a tag of a replica",
        ),
        pytest.param(
            {"replicas": [{"region_name": "eu-west-1", "point_in_time_recovery": {"recovery_period_in_days": 36}}]},
            ["replicas[eu-west-1].point_in_time_recovery.recovery_period_in_days: 36 is no period; "],
            id="the period of a replica's recovery",
        ),
        pytest.param(
            {
                "replicas": [
                    {
                        "region_name": "eu-west-1",
                        "point_in_time_recovery": {"enabled": False, "recovery_period_in_days": 7},
                    }
                ]
            },
            ["replicas[eu-west-1].point_in_time_recovery.recovery_period_in_days: recovery that is off has no period"],
            id="the period of a replica's recovery that is off",
        ),
        pytest.param(
            {"stream_specification": {"stream_enabled": False, "stream_view_type": "NEW_IMAGE"}},
            ["stream_specification.stream_view_type: a stream that is off has no view; ", "stream_enabled: true"],
            id="the view of a stream that is off",
        ),
        pytest.param(
            {"sse_specification": {"kms_master_key_id": ""}},
            ["sse_specification.kms_master_key_id: '' is not a key; ", "leave it out"],
            id="no key, which would be that of AWS",
        ),
        pytest.param(
            {"sse_specification": {"kms_master_key_id": "x:key/y"}},
            ["sse_specification.kms_master_key_id: 'x:key/y' is not a key; "],
            id="a part of the ARN of a key",
        ),
        pytest.param(
            {"replicas": [{"region_name": "eu-west-1", "kms_master_key_id": "a b"}]},
            ["replicas[eu-west-1].kms_master_key_id: 'a b' is not a key; "],
            id="no key of a replica",
        ),
        pytest.param(
            {"resource_policy": {"Version": "2012-10-17", "Statement": []}},
            ["resource_policy: it has no Statement; "],
            id="a policy without a statement [a-policy-is-equal-by-meaning]",
        ),
        pytest.param(
            {"resource_policy": {"Statement": {"Effect": "Allow", "Action": "a:B", "Resource": "*"}}},
            ["resource_policy: statement 1 has neither Principal nor NotPrincipal; "],
            id="a policy that is about nobody",
        ),
        pytest.param(
            {"kinesis_streaming_destination": {"stream_arn": "mystream"}},
            ["kinesis_streaming_destination.stream_arn: 'mystream' is not the ARN of a Kinesis data stream; "],
            id="the name of a Kinesis data stream",
        ),
        pytest.param(
            {"kinesis_streaming_destination": {"stream_arn": "arn:aws:s3:::files"}},
            ["kinesis_streaming_destination.stream_arn: 'arn:aws:s3:::files' is not the ARN of"],
            id="the ARN of something else",
        ),
        pytest.param(
            {
                "kinesis_streaming_destination": {
                    "enabled": False,
                    "approximate_creation_date_time_precision": "MICROSECOND",
                }
            },
            ["kinesis_streaming_destination.approximate_creation_date_time_precision: ", "off", "remove it"],
            id="the precision of a destination that is off",
        ),
        pytest.param(
            {"replicas": [{"region_name": "Ireland"}]},
            ["replicas[Ireland].region_name: 'Ireland' is not a region; "],
            id="a region by its common name",
        ),
        pytest.param({"witness_region": ""}, ["witness_region: '' is not a region; "], id="no region of a witness"),
        pytest.param(
            {"replicas": [{"region_name": "eu-west-1"}], "witness_region": "eu-west-1"},
            ["witness_region: eu-west-1 has a replica; "],
            id="a witness where a replica is [one-replica-at-a-time]",
        ),
        pytest.param(
            {"final_backup_name": "x", "state": "absent"}, ["final_backup_name: 'x'"], id="a short backup name"
        ),
        pytest.param(
            {"final_backup_name": "last-one"},
            ["final_backup_name: only a table that is deleted", "state: absent"],
            id="a last backup of a table that stays",
        ),
        pytest.param(
            {"restore_from_backup": {"backup_arn": "my-backup"}},
            ["restore_from_backup.backup_arn: 'my-backup' is not the ARN of a backup; "],
            id="the name of a backup",
        ),
        pytest.param(
            {"restore_from_backup": {"backup_arn": "arn:aws:dynamodb:us-east-1:123456789012:table/orders"}},
            ["restore_from_backup.backup_arn: "],
            id="the ARN of a table in place of that of a backup",
        ),
        pytest.param(
            {"import_from_s3": {"s3_bucket": ""}},
            ["import_from_s3.s3_bucket: '' is not a bucket's name; "],
            id="no bucket",
        ),
        pytest.param(
            {"import_from_s3": {"s3_bucket": "s3://files/orders"}},
            ["import_from_s3.s3_bucket: 's3://files/orders' is not a bucket's name; "],
            id="the address of a bucket",
        ),
        pytest.param(
            {"import_from_s3": {"s3_bucket": "files", "s3_bucket_owner": "1402433619"}},
            ["import_from_s3.s3_bucket_owner: '1402433619' is not an account; ", "12 digits, in quotes"],
            id="an account whose number YAML read as octal",
        ),
        pytest.param(
            {"import_from_s3": {"s3_bucket": "files", "s3_key_prefix": "a" * 1025}},
            ["import_from_s3.s3_key_prefix: "],
            id="a prefix that is too long",
        ),
        pytest.param(
            {"import_from_s3": {"s3_bucket": "files", "csv_delimiter": ","}},
            ["import_from_s3.csv_delimiter: only CSV files have it; ", "input_format: CSV"],
            id="a delimiter of files that are not CSV",
        ),
        pytest.param(
            {"import_from_s3": {"s3_bucket": "files", "input_format": "ION", "csv_header_list": ["a"]}},
            ["import_from_s3.csv_header_list: only CSV files have it; "],
            id="columns of files that are not CSV",
        ),
        pytest.param(
            {"import_from_s3": {"s3_bucket": "files", "input_format": "CSV", "csv_delimiter": "ab"}},
            ["import_from_s3.csv_delimiter: 'ab' is none; "],
            id="a delimiter of two signs",
        ),
        pytest.param(
            {"import_from_s3": {"s3_bucket": "files", "input_format": "CSV", "csv_header_list": []}},
            ["import_from_s3.csv_header_list: give 1 to 255 names"],
            id="no columns",
        ),
        pytest.param(
            {"import_from_s3": {"s3_bucket": "files", "input_format": "CSV", "csv_header_list": ["a", ""]}},
            ["import_from_s3.csv_header_list: give 1 to 255 names"],
            id="a column without a name",
        ),
        pytest.param(
            {"restore_from_table": {"table_name": "orders", "restore_date_time": ""}},
            ["restore_from_table.restore_date_time: '' is not a time; ", "leave it out"],
            id="no moment, which would be the latest",
        ),
        pytest.param({"wait_timeout": 0}, ["wait_timeout: 0 is not a time to wait; ", "31536000"], id="no wait"),
        pytest.param({"index_wait_timeout": -1}, ["index_wait_timeout: -1 "], id="a wait that is over before"),
        pytest.param({"wait_timeout": 10**12}, ["wait_timeout: 1000000000000 "], id="a wait without end"),
    ],
)
def test_options_are_refused(given: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(Impossible) as refusal:
        declared(**given)
    assert str(refusal.value).startswith(words[0])
    assert [word for word in words if word not in str(refusal.value)] == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param(
            {"indexes": indexes(21, "global_all", hash_key_name="h")}, ["indexes", "21 global", "20"], id="21 global"
        ),
        pytest.param({"indexes": indexes(6, "all")}, ["indexes", "6 local", "5"], id="6 local indexes"),
        pytest.param(
            {"indexes": [{**GSI1, "type": "global_include"}]},
            ["indexes[gsi1].includes"],
            id="nothing to include [projections-have-limits]",
        ),
        pytest.param(
            {"indexes": [{**GSI1, "includes": ["a"]}]},
            ["indexes[gsi1].includes"],
            id="includes beside ALL [projections-have-limits]",
        ),
        pytest.param(
            {"indexes": [{**GSI1, "type": "global_keys_only", "includes": ["a"]}]},
            ["indexes[gsi1].includes"],
            id="includes beside KEYS_ONLY [projections-have-limits]",
        ),
        pytest.param(
            {"indexes": [{**GSI1, "type": "global_include", "includes": [f"a{n}" for n in range(21)]}]},
            ["indexes[gsi1].includes", "21", "20"],
            id="more included attributes than an index takes [projections-have-limits]",
        ),
        pytest.param(
            {
                "indexes": [
                    {**index, "includes": [f"a{n}" for n in range(20)]}
                    for index in indexes(6, "global_include", hash_key_name="h")
                ]
            },
            ["indexes", "120", "100"],
            id="more included attributes than a table takes, counted as often as they stand [projections-have-limits]",
        ),
        pytest.param({"range_key_name": "pk"}, ["range_key_name", "same attribute"], id="one attribute for both keys"),
        pytest.param(
            {"indexes": [{**GSI1, "range_key_name": "gsi1pk"}]},
            ["indexes[gsi1].range_key_name", "same attribute"],
            id="one attribute for both keys of an index",
        ),
        pytest.param(
            {"range_key_name": None, "range_key_type": "NUMBER", "indexes": None},
            ["range_key_name: range_key_type is declared for a key that has no name; give it one"],
            id="the type of a sort key that there will never be",
        ),
        pytest.param(
            {"hash_key_name": None, "hash_key_type": "NUMBER"},
            ["hash_key_name: hash_key_type is declared for a key that has no name; give it one"],
            id="the type of a partition key without its name",
        ),
        pytest.param(
            {"indexes": [{"name": "gsi1", "type": "global_all", "hash_key_name": "a", "range_key_type": "NUMBER"}]},
            ["indexes[gsi1].range_key_name: range_key_type is declared for a key that has no name; give it one"],
            id="the type of an index's sort key that there is not",
        ),
        pytest.param(
            {"witness_region": "us-west-2"},
            ["witness_region: only a table of multi_region_consistency: STRONG has a witness; remove it"],
            id="a witness alone",
        ),
    ],
)
def test_a_new_table_is_refused(given: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(Impossible) as refusal:
        planned({**SEED, **given}, None)
    assert words[0] in str(refusal.value)
    assert [word for word in words if word not in str(refusal.value)] == []


@pytest.mark.parametrize("count", [20, 5], ids=["20 global indexes", "5 local indexes"])
def test_as_many_indexes_as_aws_takes_are_planned(count: int) -> None:
    given = indexes(count, "global_all", hash_key_name="h") if count == 20 else indexes(count, "all")
    assert len(planned({**SEED, "indexes": given}, None)) == 1


def test_a_replica_where_the_table_itself_is_is_refused_before_anything_is_read(client: Any, stub: Stubber) -> None:
    given = {**SEED, "replicas": [{"region_name": "eu-west-1"}, {"region_name": client.meta.region_name}]}
    with pytest.raises(Impossible, match=r"^replicas\[us-east-1\]\.region_name: the table itself is there; remove it$"):
        dynamodb_table.run(declared(**given), lambda service, region=None: client, check_mode=False)


def test_a_witness_where_the_table_itself_is_is_refused_before_anything_is_read(client: Any, stub: Stubber) -> None:
    """Rule a-witness-stands-apart."""
    given = {**SEED, "replicas": [{"region_name": "us-east-2"}], "multi_region_consistency": "STRONG"}
    with pytest.raises(Impossible, match=r"^witness_region: the table itself is in us-east-1; choose another region$"):
        dynamodb_table.run(
            declared(**given, witness_region="us-east-1"), lambda service, region=None: client, check_mode=False
        )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param(
            {"witness_region": "us-east-1"},
            "witness_region: the table itself is in us-east-1; choose another region",
            id="a witness where the table is",
        ),
        pytest.param(
            {
                "multi_region_consistency": "STRONG",
                "replicas": [{"region_name": "us-east-2"}, {"region_name": "us-west-1"}],
            },
            "replicas[us-west-1].region_name: AWS has no strong consistency there; choose another region",
            id="a strongly consistent replica where AWS has none [strong-consistency-leaves-regions-out]",
        ),
        pytest.param(
            {
                "multi_region_consistency": "STRONG",
                "replicas": [{"region_name": "us-east-2"}],
                "witness_region": "us-west-1",
            },
            "witness_region: AWS has no strong consistency in us-west-1; choose another region",
            id="a witness where AWS has none [strong-consistency-leaves-regions-out]",
        ),
        pytest.param(
            {"kinesis_streaming_destination": {"stream_arn": STREAM.replace("us-east-1", "eu-west-1")}},
            "kinesis_streaming_destination.stream_arn: the stream is in eu-west-1, and the table in us-east-1; give a "
            "stream of the table's region",
            id="a Kinesis data stream of another region [a-precision-is-updated]",
        ),
    ],
)
def test_a_resource_in_a_wrong_region_is_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        rules.check_region(declared(**given), "us-east-1")
    assert str(refusal.value) == sentence


def test_strong_consistency_of_a_table_where_aws_has_none_is_refused() -> None:
    """Rule strong-consistency-leaves-regions-out."""
    strong = {
        "multi_region_consistency": "STRONG",
        "replicas": [{"region_name": "us-east-2"}, {"region_name": "us-west-2"}],
    }
    with pytest.raises(
        Impossible, match=r"^multi_region_consistency: .* in us-west-1, where the table is; leave it out$"
    ):
        rules.check_region(declared(**strong), "us-west-1")
    rules.check_region(declared(**strong), "us-east-1")
    rules.check_region(declared(replicas=[{"region_name": "us-west-1"}]), "us-east-1")


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"hash_key_type": "STRING"}, id="the type alone of a key that is there"),
        pytest.param(
            {"indexes": [{"name": "gsi1", "type": "global_all", "hash_key_type": "STRING"}]}, id="of an index"
        ),
        pytest.param({"range_key_name": "s" * 255}, id="a key of 255 bytes"),
        pytest.param(
            {"time_to_live": {"enabled": False, "attribute_name": "ttl"}}, id="the attribute of an expiry that is off"
        ),
        pytest.param({"stream_specification": {"stream_enabled": False}}, id="no stream"),
        pytest.param({"resource_policy": {}}, id="no policy"),
        pytest.param({"kinesis_streaming_destination": {"enabled": False}}, id="no destination"),
        pytest.param({"kinesis_streaming_destination": {"enabled": False, "stream_arn": STREAM}}, id="one fewer"),
        pytest.param({"replicas": [{"region_name": "us-gov-west-1"}]}, id="a region of a long name"),
        pytest.param({"wait_timeout": 1, "index_wait_timeout": 31536000}, id="a second and a year"),
        *(
            pytest.param({"sse_specification": {"kms_master_key_id": key}}, id=f"the key {key}")
            for key in (
                "alias/aws/dynamodb",
                "alias/mana_1",
                "1234abcd-12ab-34cd-56ef-1234567890ab",
                "mrk-1234abcd12ab34cd56ef1234567890ab",
                "arn:aws-cn:kms:cn-north-1:123456789012:key/1234abcd",
                "arn:aws:kms:us-east-1:123456789012:alias/mana",
            )
        ),
        pytest.param(
            {
                "import_from_s3": {
                    "s3_bucket": "my.files-1",
                    "s3_bucket_owner": 123456789012,
                    "input_format": "CSV",
                    "csv_delimiter": "\t",
                    "csv_header_list": ["a", "b c"],
                }
            },
            id="files in full",
        ),
        pytest.param(
            {
                "restore_from_backup": {
                    "backup_arn": "arn:aws:dynamodb:us-east-1:123456789012:table/a.b/backup/01489602797149-73d8d5bc"
                }
            },
            id="the ARN of a backup",
        ),
        pytest.param({"state": "absent", "final_backup_name": "last-one"}, id="a last backup"),
    ],
)
def test_options_that_dynamodb_takes_are_not_refused(given: dict[str, Any]) -> None:
    rules.check_region(declared(**given), "us-east-1")


def test_the_type_alone_of_a_key_that_is_there_is_no_change() -> None:
    given = {"hash_key_type": "STRING", "range_key_type": "STRING"}
    assert planned({**given, "indexes": [{"name": "gsi1", "type": "global_all", **given}]}, live(**SEED)) == ()


@pytest.mark.parametrize(
    "count", [20, 21, 22], ids=["fewer than there are", "as many as there are", "more than there are"]
)
def test_a_table_with_more_global_indexes_than_aws_takes_shows_that_the_quota_was_raised(count: int) -> None:
    many = indexes(22, "global_all", hash_key_name="h")
    described = live(**{**SEED, "indexes": many[:21]})
    assert planned({"tags": {"a": "b"}, "purge_indexes": True, "indexes": many[:count]}, described)


def test_more_global_indexes_than_aws_takes_are_refused() -> None:
    many = indexes(21, "global_all", hash_key_name="h")
    with pytest.raises(Impossible, match=r"^indexes: 21 global indexes; a table can have 20$"):
        planned({"indexes": many}, live(**{**SEED, "indexes": many[:20]}))


def test_a_version_that_yaml_takes_for_a_date_is_right() -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "dynamodb:*", "Resource": "*"}
    policy = {"Version": datetime.date(2012, 10, 17), "Statement": [statement]}
    rules.check_options({**declared(**SEED), "resource_policy": policy})

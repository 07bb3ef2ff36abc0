# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan from what is there to what is declared. Names in brackets are rules of docs/rules.md."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from plugins.module_utils.dynamodb import options, planning, rules
from plugins.module_utils.plan import Impossible
from tests.declaring import GSI1, PROVISIONED, SEED
from tests.unit.declaring import assert_valid, declared, live, planned, sentences
from tests.unit.stubbing import ARN

GSI2 = {"name": "gsi2", "type": "global_keys_only", "hash_key_name": "gsi2pk"}
GSI3 = {"name": "gsi3", "type": "global_include", "hash_key_name": "gsi1pk", "includes": ["b", "a"]}
CAPABLE = {"hash_key_name": "pk", **PROVISIONED}
LSI1 = {"name": "lsi1", "type": "keys_only", "range_key_name": "created", "range_key_type": "NUMBER"}
CAPACITY = {"read_capacity": 2, "write_capacity": 3}
MAXIMUMS = {"on_demand_throughput": {"max_read_request_units": 50, "max_write_request_units": 60}}
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234"
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/changes"
MILLISECONDS = {"stream_arn": STREAM, "approximate_creation_date_time_precision": "MILLISECOND"}
IMAGES = {"stream_specification": {"stream_view_type": "NEW_AND_OLD_IMAGES"}}
STRONG = {
    **IMAGES,
    "replicas": [{"region_name": "us-east-2"}],
    "multi_region_consistency": "STRONG",
    "witness_region": "us-west-2",
}
POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": ["dynamodb:GetItem"],
            "Resource": ARN,
        }
    ],
}
GLOBAL = {"replicas": [{"region_name": "eu-west-1"}]}
ENCRYPTED = {"sse_specification": {"kms_master_key_id": KEY}}
ENCRYPTED_TOO: dict[str, Any] = {
    **ENCRYPTED,
    "replicas": [{"region_name": "eu-west-1", "kms_master_key_id": f"{KEY}-there"}],
}
MULTI = {
    "name": "multi",
    "type": "global_all",
    "key_schema": [
        {"attribute_name": "b", "key_type": "HASH"},
        {"attribute_name": "a", "key_type": "HASH", "attribute_type": "NUMBER"},
        {"attribute_name": "d", "key_type": "RANGE"},
        {"attribute_name": "c", "key_type": "RANGE"},
    ],
}

# title, the table that is there, what is declared, the calls, the sentences
CHANGES: list[tuple[str, dict[str, Any] | None, dict[str, Any], list[str], list[str]]] = [
    (
        "a table that is not there is created with its indexes in one call",
        None,
        SEED,
        ["CreateTable"],
        [
            "create table mana-memory with hash key pk (S), range key sk (S), on demand, "
            "global index gsi1 [hash key gsi1pk (S), range key gsi1sk (S), projection ALL]"
        ],
    ),
    (
        "protection against leaving the replicas goes alone, after they are there [leaving-protection-travels-alone]",
        {**SEED, **IMAGES},
        {**GLOBAL, "disassociation_protection_enabled": False},
        ["UpdateTable", "UpdateTable"],
        [
            "replicate mana-memory in eu-west-1",
            "no longer protect table mana-memory against leaving its replicas",
        ],
    ),
    (
        "and comes back",
        {**SEED, **IMAGES, **GLOBAL, "disassociation_protection_enabled": False},
        {"disassociation_protection_enabled": True},
        ["UpdateTable"],
        ["protect table mana-memory against leaving its replicas"],
    ),
    (
        "it is on by default [leaving-is-protected-by-default]",
        {**SEED, **IMAGES, **GLOBAL},
        {"disassociation_protection_enabled": True},
        [],
        [],
    ),
    (
        "what CreateTable cannot carry follows it, time to live before recovery [expiry-before-recovery]",
        None,
        {
            **SEED,
            "time_to_live": {"attribute_name": "ttl"},
            "point_in_time_recovery": {"enabled": True},
            "tags": {"team": "a"},
            "table_class": "STANDARD_INFREQUENT_ACCESS",
            "deletion_protection_enabled": True,
        },
        ["CreateTable", "UpdateTimeToLive", "UpdateContinuousBackups"],
        [
            "create table mana-memory with hash key pk (S), range key sk (S), on demand, "
            "global index gsi1 [hash key gsi1pk (S), range key gsi1sk (S), projection ALL], "
            "table class STANDARD_INFREQUENT_ACCESS, protected against deletion, tags team=a",
            "expire items of mana-memory by ttl",
            "keep mana-memory recoverable to any point in time",
        ],
    ),
    (
        "declared capacities alone make a new table provisioned",
        None,
        {"hash_key_name": "id", "hash_key_type": "NUMBER", "read_capacity": 5},
        ["CreateTable"],
        ["create table mana-memory with hash key id (N), by provisioned capacity, 5 read and 1 write units"],
    ),
    ("an equal table is left alone", SEED, SEED, [], []),
    ("undeclared parts are left alone", {**SEED, **PROVISIONED, "tags": {"a": "b"}}, {}, [], []),
    ("an empty list of indexes takes none away", SEED, {"indexes": []}, [], []),
    (
        "an index that is not declared stays",
        SEED,
        {"indexes": [GSI2]},
        ["UpdateTable"],
        ["create global index gsi2 [hash key gsi2pk (S), projection KEYS_ONLY] on mana-memory"],
    ),
    (
        "indexes are deleted before others are created, one in a call [one-index-at-a-time, deletions-come-first]",
        {**SEED, "indexes": [GSI1, GSI2]},
        {"indexes": [GSI3, {**GSI2, "name": "gsi4"}], "purge_indexes": True},
        ["UpdateTable"] * 4,
        [
            "delete global index gsi1 of mana-memory",
            "delete global index gsi2 of mana-memory",
            "create global index gsi3 [hash key gsi1pk (S), projection INCLUDE of a, b] on mana-memory",
            "create global index gsi4 [hash key gsi2pk (S), projection KEYS_ONLY] on mana-memory",
        ],
    ),
    (
        "a switch to PROVISIONED carries the capacity of every index that stays [provisioned-needs-every-capacity]",
        {**SEED, "indexes": [GSI1, GSI2]},
        {**PROVISIONED, "indexes": [{**GSI1, **CAPACITY}], "purge_indexes": True},
        ["UpdateTable", "UpdateTable"],
        [
            "delete global index gsi2 of mana-memory",
            "bill table mana-memory by provisioned capacity, "
            "provision table mana-memory with 5 read and 5 write units, "
            "provision index gsi1 with 2 read and 3 write units",
        ],
    ),
    (
        "a switch to on-demand carries no capacity, and the index created after it none either "
        "[on-demand-has-no-capacity]",
        {**SEED, **PROVISIONED},
        {"billing_mode": "PAY_PER_REQUEST", "indexes": [GSI1, GSI2]},
        ["UpdateTable", "UpdateTable"],
        [
            "bill table mana-memory on demand",
            "create global index gsi2 [hash key gsi2pk (S), projection KEYS_ONLY] on mana-memory",
        ],
    ),
    (
        "capacities of table and indexes change in one call, and one capacity left out stays "
        "[billing-carries-capacities]",
        {**SEED, **PROVISIONED, "indexes": [{**GSI1, **CAPACITY}, {**GSI2, **CAPACITY}]},
        {"read_capacity": 7, "indexes": [{**GSI1, "read_capacity": 9}, GSI2]},
        ["UpdateTable"],
        [
            "provision table mana-memory with 7 read and 5 write units, "
            "provision index gsi1 with 9 read and 3 write units"
        ],
    ),
    ("0 leaves a capacity alone", {**SEED, **PROVISIONED}, {"read_capacity": 0, "write_capacity": 0}, [], []),
    (
        "the table class travels alone [class-travels-alone]",
        {**SEED, **PROVISIONED},
        {"table_class": "STANDARD_INFREQUENT_ACCESS", "read_capacity": 6},
        ["UpdateTable", "UpdateTable"],
        [
            "move table mana-memory to the table class STANDARD_INFREQUENT_ACCESS",
            "provision table mana-memory with 6 read and 5 write units",
        ],
    ),
    (
        "STANDARD is what a table has that was never moved [class-absent-is-standard]",
        SEED,
        {"table_class": "STANDARD"},
        [],
        [],
    ),
    (
        "protection comes before anything else, alone in its call [protection-travels-alone]",
        {**SEED, **PROVISIONED},
        {"deletion_protection_enabled": True, "read_capacity": 6},
        ["UpdateTable", "UpdateTable"],
        [
            "protect table mana-memory against deletion",
            "provision table mana-memory with 6 read and 5 write units",
        ],
    ),
    (
        "protection is taken away after the other settings, alone in its call [protection-travels-alone]",
        {**SEED, **PROVISIONED, "deletion_protection_enabled": True},
        {"deletion_protection_enabled": False, "read_capacity": 6},
        ["UpdateTable", "UpdateTable"],
        [
            "provision table mana-memory with 6 read and 5 write units",
            "no longer protect table mana-memory against deletion",
        ],
    ),
    (
        "changed tags are overwritten before others are removed [tags-are-overwritten]",
        {**SEED, "tags": {"a": "1", "b": "2", "aws:cloudformation:stack-name": "s"}},
        {"tags": {"a": "3", "c": "4"}},
        ["TagResource", "UntagResource"],
        ["tag mana-memory with a=3, c=4", "remove from mana-memory the tags b"],
    ),
    ("AWS's own tags are never removed", {**SEED, "tags": {"aws:a": "b"}}, {"tags": {}}, [], []),
    ("AWS's own tags may be declared as they are", {**SEED, "tags": {"aws:a": "b"}}, {"tags": {"aws:a": "b"}}, [], []),
    (
        "without purge_tags no tag is removed",
        {**SEED, "tags": {"a": "1", "b": "2"}},
        {"tags": {"a": "3"}, "purge_tags": False},
        ["TagResource"],
        ["tag mana-memory with a=3"],
    ),
    (
        "time to live is turned off by the attribute that is live [expiry-off-forgets-its-attribute]",
        {**SEED, "time_to_live": {"attribute_name": "ttl"}},
        {"time_to_live": {"enabled": False, "attribute_name": "whatever"}},
        ["UpdateTimeToLive"],
        ["no longer expire items of mana-memory by ttl"],
    ),
    (
        "time to live that is off stays off, whatever the attribute [expiry-off-forgets-its-attribute]",
        SEED,
        {"time_to_live": {"enabled": False, "attribute_name": "ttl"}},
        [],
        [],
    ),
    (
        "time to live that is on may leave the attribute out",
        {**SEED, "time_to_live": {"attribute_name": "ttl"}},
        {"time_to_live": {}},
        [],
        [],
    ),
    (
        "recovery is turned off",
        {**SEED, "point_in_time_recovery": {"enabled": True}},
        {"point_in_time_recovery": {"enabled": False}},
        ["UpdateContinuousBackups"],
        ["no longer keep mana-memory recoverable to any point in time"],
    ),
    ("a table is deleted", SEED, {"state": "absent"}, ["DeleteTable"], ["delete table mana-memory"]),
    ("a table that is not there is not deleted", None, {"state": "absent"}, [], []),
    (
        "local indexes come with the table, and take its partition key",
        None,
        {"hash_key_name": "pk", "range_key_name": "sk", "indexes": [LSI1]},
        ["CreateTable"],
        [
            "create table mana-memory with hash key pk (S), range key sk (S), on demand, "
            "local index lsi1 [hash key pk (S), range key created (N), projection KEYS_ONLY]"
        ],
    ),
    (
        "names with a comma are in quotes",
        {"hash_key_name": "pk"},
        {
            "indexes": [
                {"name": "gsi1", "type": "global_include", "hash_key_name": "a, b", "includes": ["c", "d,e"]},
            ]
        },
        ["UpdateTable"],
        ["create global index gsi1 [hash key 'a, b' (S), projection INCLUDE of c, 'd,e'] on mana-memory"],
    ),
    (
        "an index may leave out what it has already, the order of includes has no meaning "
        "[included-attributes-are-a-set]",
        {**SEED, "indexes": [GSI3]},
        {"indexes": [{"name": "gsi3", "type": "global_include", "includes": ["a", "b"]}]},
        [],
        [],
    ),
    (
        "another view is another stream [another-view-is-another-stream]",
        {**SEED, "stream_specification": {"stream_view_type": "NEW_IMAGE"}},
        {"stream_specification": {"stream_view_type": "KEYS_ONLY"}},
        ["UpdateTable", "UpdateTable"],
        [
            "end the stream of NEW_IMAGE of mana-memory: its consumers have to move to the ARN of the next one",
            "begin a stream of KEYS_ONLY of mana-memory",
        ],
    ),
    (
        "a stream ends",
        {**SEED, "stream_specification": {"stream_view_type": "NEW_IMAGE"}},
        {"stream_specification": {"stream_enabled": False}},
        ["UpdateTable"],
        ["end the stream of mana-memory"],
    ),
    (
        "a stream that is off stays off [a-stream-begins-when-off]",
        SEED,
        {"stream_specification": {"stream_enabled": False}},
        [],
        [],
    ),
    (
        "a stream that is on may leave the view out [a-stream-begins-when-off]",
        {**SEED, "stream_specification": {"stream_view_type": "NEW_IMAGE"}},
        {"stream_specification": {"stream_enabled": True}},
        [],
        [],
    ),
    (
        "a maximum on demand, of the table and of its indexes in calls of their own [maximum-travels-with-billing]",
        SEED,
        {
            "on_demand_throughput": {"max_read_request_units": 50},
            "indexes": [{**GSI1, "on_demand_throughput": {"max_write_request_units": 7}}],
        },
        ["UpdateTable", "UpdateTable"],
        [
            "give table mana-memory a maximum of 50 read request units",
            "give index gsi1 of mana-memory a maximum of 7 write request units",
        ],
    ),
    (
        "the maximums of several indexes share a call",
        {**SEED, "indexes": [GSI1, GSI2]},
        {
            "indexes": [
                {**GSI1, "on_demand_throughput": {"max_write_request_units": 7}},
                {**GSI2, "on_demand_throughput": {"max_read_request_units": 8}},
            ],
        },
        ["UpdateTable"],
        [
            "give index gsi1 of mana-memory a maximum of 7 write request units, "
            "give index gsi2 of mana-memory a maximum of 8 read request units"
        ],
    ),
    (
        "a switch to PROVISIONED drops the maximums of table and indexes [provisioned-has-no-maximum]",
        {**SEED, **MAXIMUMS, "indexes": [{**GSI1, **MAXIMUMS}]},
        {**PROVISIONED, "indexes": [{**GSI1, **CAPACITY}]},
        ["UpdateTable"],
        [
            "bill table mana-memory by provisioned capacity, "
            "provision table mana-memory with 5 read and 5 write units, "
            "provision index gsi1 with 2 read and 3 write units"
        ],
    ),
    (
        "-1 takes a maximum away [maximum-cleared-by-minus-one]",
        {**SEED, "on_demand_throughput": {"max_read_request_units": 50, "max_write_request_units": 60}},
        {"on_demand_throughput": {"max_read_request_units": -1}},
        ["UpdateTable"],
        ["give table mana-memory a maximum of 60 write request units"],
    ),
    (
        "-1 where there is no maximum is no change [maximum-cleared-by-minus-one]",
        SEED,
        {"on_demand_throughput": {"max_read_request_units": -1, "max_write_request_units": -1}},
        [],
        [],
    ),
    (
        "a table becomes on-demand with its maximum in one call, then its indexes [maximum-travels-with-billing]",
        {**SEED, **PROVISIONED},
        {
            "billing_mode": "PAY_PER_REQUEST",
            "on_demand_throughput": {"max_read_request_units": 50},
            "indexes": [{**GSI1, "on_demand_throughput": {"max_read_request_units": 7}}],
        },
        ["UpdateTable", "UpdateTable"],
        [
            "bill table mana-memory on demand, give table mana-memory a maximum of 50 read request units",
            "give index gsi1 of mana-memory a maximum of 7 read request units",
        ],
    ),
    (
        "warm throughput goes alone, the indexes' before the table's, and never down "
        "[warm-throughput-travels-alone, warm-throughput-only-grows]",
        {**SEED, "warm_throughput": {"read_units_per_second": 12000, "write_units_per_second": 9000}},
        {
            "warm_throughput": {"read_units_per_second": 20000, "write_units_per_second": 5000},
            "indexes": [{**GSI1, "warm_throughput": {"read_units_per_second": 13000}}],
        },
        ["UpdateTable", "UpdateTable"],
        [
            "warm index gsi1 of mana-memory for 13000 read and 4000 write units a second",
            "warm table mana-memory for 20000 read and 9000 write units a second",
        ],
    ),
    (
        "what is warm enough is left alone [warm-throughput-only-grows]",
        {**SEED, "warm_throughput": {"read_units_per_second": 12000, "write_units_per_second": 4000}},
        {"warm_throughput": {"read_units_per_second": 9000}},
        [],
        [],
    ),
    (
        "encryption goes alone, after the indexes",
        SEED,
        {"sse_specification": {"enabled": True}, "indexes": [GSI1, GSI2]},
        ["UpdateTable", "UpdateTable"],
        [
            "create global index gsi2 [hash key gsi2pk (S), projection KEYS_ONLY] on mana-memory",
            "encrypt table mana-memory with the AWS managed key",
        ],
    ),
    (
        "a key of one's own",
        {**SEED, "sse_specification": {"enabled": True}},
        {"sse_specification": {"kms_master_key_id": KEY}},
        ["UpdateTable"],
        [f"encrypt table mana-memory with the key {KEY}"],
    ),
    (
        "back to a key that AWS owns",
        {**SEED, "sse_specification": {"kms_master_key_id": KEY}},
        {"sse_specification": {"enabled": False}},
        ["UpdateTable"],
        ["encrypt table mana-memory with a key that AWS owns"],
    ),
    (
        "a key that AWS owns is what a table has anyway [encryption-absent-is-owned]",
        SEED,
        {"sse_specification": {"enabled": False}},
        [],
        [],
    ),
    (
        "recovery keeps its period where none is declared [recovery-keeps-its-period]",
        {**SEED, "point_in_time_recovery": {"enabled": True, "recovery_period_in_days": 7}},
        {"point_in_time_recovery": {"enabled": True}},
        [],
        [],
    ),
    (
        "recovery for another period",
        {**SEED, "point_in_time_recovery": {"enabled": True, "recovery_period_in_days": 7}},
        {"point_in_time_recovery": {"recovery_period_in_days": 14}},
        ["UpdateContinuousBackups"],
        ["keep mana-memory recoverable to any point in time of the last 14 days"],
    ),
    (
        "insights for table and index, after the index is there [insights-need-rest]",
        {**SEED, "contributor_insights": {"enabled": False}},
        {
            "contributor_insights": {"mode": "THROTTLED_KEYS"},
            "indexes": [GSI1, {**GSI2, "contributor_insights": {"enabled": True}}],
        },
        ["UpdateTable", "UpdateContributorInsights", "UpdateContributorInsights"],
        [
            "create global index gsi2 [hash key gsi2pk (S), projection KEYS_ONLY] on mana-memory",
            "watch the throttled keys of table mana-memory",
            "watch the keys of index gsi2 of mana-memory",
        ],
    ),
    (
        "insights end without a mode [insights-off-have-no-mode]",
        {**SEED, "contributor_insights": {"mode": "THROTTLED_KEYS"}},
        {"contributor_insights": {"enabled": False}},
        ["UpdateContributorInsights"],
        ["no longer watch the keys of table mana-memory"],
    ),
    (
        "a resource policy follows the tags",
        {**SEED, "resource_policy": {}},
        {"resource_policy": POLICY, "tags": {"a": "b"}},
        ["TagResource", "PutResourcePolicy"],
        ["tag mana-memory with a=b", "put the resource policy of mana-memory (there was none)"],
    ),
    (
        "a resource policy is removed by an empty one",
        {**SEED, "resource_policy": POLICY},
        {"resource_policy": {}},
        ["DeleteResourcePolicy"],
        ["remove the resource policy of mana-memory"],
    ),
    (
        "a resource policy that means the same is left alone [a-policy-is-equal-by-meaning]",
        {**SEED, "resource_policy": POLICY},
        {"resource_policy": {**POLICY, "Statement": {**POLICY["Statement"][0], "Action": "dynamodb:GetItem"}}},
        [],
        [],
    ),
    (
        "the effect of a statement is written as Allow, however it is declared [a-policy-is-equal-by-meaning]",
        {**SEED, "resource_policy": POLICY},
        {"resource_policy": {**POLICY, "Statement": {**POLICY["Statement"][0], "Effect": "allow"}}},
        [],
        [],
    ),
    (
        "an account that YAML made a number is the account [a-policy-is-equal-by-meaning]",
        {**SEED, "resource_policy": POLICY},
        {"resource_policy": {**POLICY, "Statement": [{**POLICY["Statement"][0], "Principal": {"AWS": 123456789012}}]}},
        [],
        [],
    ),
    (
        "changes go to a Kinesis data stream",
        {**SEED, "kinesis_streaming_destination": {"enabled": False}},
        {"kinesis_streaming_destination": {"stream_arn": STREAM}},
        ["EnableKinesisStreamingDestination"],
        [f"send changes of mana-memory to {STREAM}"],
    ),
    (
        "another precision is an update: off and on would lose what happens in between [a-precision-is-updated]",
        {**SEED, "kinesis_streaming_destination": MILLISECONDS},
        {"kinesis_streaming_destination": {**MILLISECONDS, "approximate_creation_date_time_precision": "MICROSECOND"}},
        ["UpdateKinesisStreamingDestination"],
        [f"change the precision of what is sent of mana-memory to {STREAM}, in microseconds"],
    ),
    (
        "a destination that is on is left alone, whatever its precision [a-precision-is-updated]",
        {**SEED, "kinesis_streaming_destination": MILLISECONDS},
        {"kinesis_streaming_destination": {"stream_arn": STREAM}},
        [],
        [],
    ),
    (
        "changes go to another stream in place of the one before [one-kinesis-destination]",
        {**SEED, "kinesis_streaming_destination": MILLISECONDS},
        {"kinesis_streaming_destination": {"stream_arn": f"{STREAM}-too"}},
        ["DisableKinesisStreamingDestination", "EnableKinesisStreamingDestination"],
        [
            f"no longer send changes of mana-memory to {STREAM}, but to {STREAM}-too: changes in between are lost",
            f"send changes of mana-memory to {STREAM}-too",
        ],
    ),
    (
        "changes no longer go anywhere",
        {**SEED, "kinesis_streaming_destination": MILLISECONDS},
        {"kinesis_streaming_destination": {"enabled": False}},
        ["DisableKinesisStreamingDestination"],
        [f"no longer send changes of mana-memory to {STREAM}"],
    ),
    (
        "replicas come one by one, and then what each region keeps for itself "
        "[one-replica-at-a-time, regions-keep-their-own]",
        {**SEED, **IMAGES},
        {
            "replicas": [
                {"region_name": "eu-west-1", "tags": {"a": "b"}, "point_in_time_recovery": {"enabled": True}},
                {"region_name": "us-west-2", "table_class": "STANDARD_INFREQUENT_ACCESS"},
            ]
        },
        ["UpdateTable", "UpdateTable", "UpdateContinuousBackups", "TagResource"],
        [
            "replicate mana-memory in eu-west-1",
            "replicate mana-memory in us-west-2, of table class STANDARD_INFREQUENT_ACCESS",
            "keep mana-memory in eu-west-1 recoverable to any point in time",
            "tag mana-memory in eu-west-1 with a=b",
        ],
    ),
    (
        "a new table has its stream before its replicas",
        None,
        {**SEED, **IMAGES, "replicas": [{"region_name": "eu-west-1"}]},
        ["CreateTable", "UpdateTable"],
        [
            "create table mana-memory with hash key pk (S), range key sk (S), on demand, "
            "global index gsi1 [hash key gsi1pk (S), range key gsi1sk (S), projection ALL], "
            "a stream of NEW_AND_OLD_IMAGES",
            "replicate mana-memory in eu-west-1",
        ],
    ),
    (
        "strong consistency takes replica and witness in one call [strong-consistency-is-born-whole]",
        {**SEED, **IMAGES},
        {
            "replicas": [{"region_name": "us-east-2"}],
            "multi_region_consistency": "STRONG",
            "witness_region": "us-west-2",
        },
        ["UpdateTable"],
        ["replicate mana-memory in us-east-2, with a witness in us-west-2, strongly consistent"],
    ),
    (
        "strong consistency needs no stream [replicas-freeze-the-stream]",
        SEED,
        {
            "replicas": [{"region_name": "us-east-2"}, {"region_name": "us-west-2"}],
            "multi_region_consistency": "STRONG",
        },
        ["UpdateTable"],
        ["replicate mana-memory in us-east-2 and in us-west-2, strongly consistent"],
    ),
    (
        "the stream of a strongly consistent table may end [replicas-freeze-the-stream]",
        {**SEED, **STRONG},
        {"stream_specification": {"stream_enabled": False}},
        ["UpdateTable"],
        ["end the stream of mana-memory"],
    ),
    (
        "a strongly consistent table loses all its regions in one call",
        {**SEED, **STRONG},
        {"replicas": [], "purge_replicas": True},
        ["UpdateTable"],
        ["delete the replicas of mana-memory in us-east-2, and the witness in us-west-2"],
    ),
    ("a strongly consistent table is left alone", {**SEED, **STRONG}, STRONG, [], []),
    (
        "a replica that is not declared stays [absent-is-not-empty]",
        {**SEED, **IMAGES, "replicas": [{"region_name": "eu-west-1"}]},
        {"replicas": []},
        [],
        [],
    ),
    (
        "replicas left out are not managed [absent-is-not-empty]",
        {**SEED, **IMAGES, "replicas": [{"region_name": "eu-west-1"}]},
        {"purge_replicas": True},
        [],
        [],
    ),
    (
        "with purge_replicas, one that is not declared goes",
        {**CAPABLE, **IMAGES, "replicas": [{"region_name": "eu-west-1"}, {"region_name": "us-west-2"}]},
        {"replicas": [{"region_name": "us-west-2", "read_capacity": 7}], "purge_replicas": True},
        ["UpdateTable", "UpdateTable"],
        [
            "delete the replica of mana-memory in eu-west-1",
            "change the replica of mana-memory in us-west-2, with 7 read units",
        ],
    ),
    (
        "replicas need no stream: DynamoDB begins it [replicas-freeze-the-stream]",
        SEED,
        GLOBAL,
        ["UpdateTable"],
        ["replicate mana-memory in eu-west-1"],
    ),
    (
        "replicas take the stream that there is [replicas-freeze-the-stream]",
        {**SEED, "stream_specification": {"stream_view_type": "KEYS_ONLY"}},
        {**GLOBAL, "tags": {"a": "b"}},
        ["TagResource", "UpdateTable"],
        ["tag mana-memory with a=b", "replicate mana-memory in eu-west-1"],
    ),
    (
        "a table with replicas of which another view is live can be changed [replicas-freeze-the-stream]",
        {**SEED, **GLOBAL, "stream_specification": {"stream_view_type": "KEYS_ONLY"}},
        {"tags": {"a": "b"}},
        ["TagResource"],
        ["tag mana-memory with a=b"],
    ),
    (
        "AWS's keys change for a table and its replicas at once [keys-of-a-global-table-change-together]",
        {**SEED, **GLOBAL},
        {"sse_specification": {"enabled": True}},
        ["UpdateTable"],
        ["encrypt table mana-memory with the AWS managed key"],
    ),
    (
        "keys of one's own change in one call for all members [keys-of-a-global-table-change-together]",
        {**SEED, **ENCRYPTED_TOO},
        {"sse_specification": {"kms_master_key_id": f"{KEY}-new"}},
        ["UpdateTable"],
        [f"encrypt mana-memory in us-east-1 with the key {KEY}-new, in eu-west-1 with the key {KEY}-there"],
    ),
    (
        "the key of one replica changes in a call that names all members [keys-of-a-global-table-change-together]",
        {**SEED, **ENCRYPTED_TOO},
        {**ENCRYPTED, "replicas": [{"region_name": "eu-west-1", "kms_master_key_id": f"{KEY}-new"}]},
        ["UpdateTable"],
        [f"encrypt mana-memory in us-east-1 with the key {KEY}, in eu-west-1 with the key {KEY}-new"],
    ),
    (
        "a table whose replicas all go has its key as a table without [keys-of-a-global-table-change-together]",
        {**SEED, **ENCRYPTED_TOO},
        {"sse_specification": {"kms_master_key_id": f"{KEY}-new"}, "replicas": [], "purge_replicas": True},
        ["UpdateTable", "UpdateTable"],
        ["delete the replica of mana-memory in eu-west-1", f"encrypt table mana-memory with the key {KEY}-new"],
    ),
    (
        "a replica may be declared with AWS's key, which it has anyway",
        {**SEED, "sse_specification": {"enabled": True}},
        {"replicas": [{"region_name": "eu-west-1", "kms_master_key_id": "alias/aws/dynamodb"}]},
        ["UpdateTable"],
        ["replicate mana-memory in eu-west-1"],
    ),
    (
        "replicas come to a PROVISIONED table that is there, which may be scaled [replicas-need-write-scaling]",
        CAPABLE,
        GLOBAL,
        ["UpdateTable"],
        ["replicate mana-memory in eu-west-1"],
    ),
    (
        "units of a replica that are those of the table are none of its own [replica-units-of-the-table-are-none]",
        {**CAPABLE, **IMAGES, "replicas": [{"region_name": "us-west-2"}]},
        {"replicas": [{"region_name": "us-west-2", "read_capacity": 5}]},
        [],
        [],
    ),
    (
        "the units of the table take away those of a replica [replica-units-of-the-table-are-none]",
        {**CAPABLE, **IMAGES, "replicas": [{"region_name": "us-west-2", "read_capacity": 7}]},
        {"replicas": [{"region_name": "us-west-2", "read_capacity": 5}]},
        ["UpdateTable"],
        ["change the replica of mana-memory in us-west-2, with the read units of the table"],
    ),
    (
        "the maximum of the table takes away that of a replica [replica-units-of-the-table-are-none]",
        {**SEED, **IMAGES, **MAXIMUMS, "replicas": [{"region_name": "us-west-2", "max_read_request_units": 7}]},
        {"replicas": [{"region_name": "us-west-2", "max_read_request_units": 50}]},
        ["UpdateTable"],
        ["change the replica of mana-memory in us-west-2, with the read units of the table"],
    ),
    (
        "what a change of the table resets of a replica is declared again [table-resets-replicas]",
        {
            **CAPABLE,
            **IMAGES,
            "replicas": [
                {"region_name": "eu-west-1", "table_class": "STANDARD"},
                {"region_name": "us-west-2", "read_capacity": 7},
            ],
        },
        {
            "read_capacity": 6,
            "table_class": "STANDARD_INFREQUENT_ACCESS",
            "replicas": [
                {"region_name": "eu-west-1", "table_class": "STANDARD"},
                {"region_name": "us-west-2", "read_capacity": 7},
            ],
        },
        ["UpdateTable"] * 4,
        [
            "move table mana-memory to the table class STANDARD_INFREQUENT_ACCESS",
            "provision table mana-memory with 6 read and 5 write units",
            "change the replica of mana-memory in eu-west-1, of table class STANDARD",
            "change the replica of mana-memory in us-west-2, with 7 read units",
        ],
    ),
    (
        "a stream begins apart from a change of capacity",
        {**SEED, **PROVISIONED, "indexes": []},
        {**IMAGES, "read_capacity": 6},
        ["UpdateTable", "UpdateTable"],
        [
            "begin a stream of NEW_AND_OLD_IMAGES of mana-memory",
            "provision table mana-memory with 6 read and 5 write units",
        ],
    ),
    (
        "the insights of an index that is recreated end with it [an-index-keeps-its-shape, insights-need-rest]",
        {**SEED, "indexes": [{**GSI1, "contributor_insights": {"enabled": True}}]},
        {
            "indexes": [{**GSI1, "type": "global_keys_only", "contributor_insights": {"enabled": True}}],
            "recreate_indexes": True,
        },
        ["UpdateTable", "UpdateTable", "UpdateContributorInsights"],
        [
            "delete global index gsi1 of mana-memory to create it anew: queries on it fail in between",
            "create global index gsi1 [hash key gsi1pk (S), range key gsi1sk (S), projection KEYS_ONLY] on mana-memory",
            "watch the keys of index gsi1 of mana-memory",
        ],
    ),
    (
        "a replica goes before the stream that it needs [replicas-freeze-the-stream]",
        {**SEED, **IMAGES, "replicas": [{"region_name": "eu-west-1"}]},
        {"replicas": [], "purge_replicas": True, "stream_specification": {"stream_enabled": False}},
        ["UpdateTable", "UpdateTable"],
        ["delete the replica of mana-memory in eu-west-1", "end the stream of mana-memory"],
    ),
    (
        "a replica goes before the key that it shares [keys-of-a-global-table-change-together]",
        {**SEED, **IMAGES, "replicas": [{"region_name": "eu-west-1"}]},
        {"replicas": [], "purge_replicas": True, "sse_specification": {"enabled": True}},
        ["UpdateTable", "UpdateTable"],
        [
            "delete the replica of mana-memory in eu-west-1",
            "encrypt table mana-memory with the AWS managed key",
        ],
    ),
    (
        "an index may have up to four attributes in each key [hash-before-range]",
        SEED,
        {"indexes": [GSI1, MULTI]},
        ["UpdateTable"],
        ["create global index multi [hash key b (S) + a (N), range key d (S) + c (S), projection ALL] on mana-memory"],
    ),
    (
        "an index that may be recreated goes before the others come [an-index-keeps-its-shape]",
        SEED,
        {"indexes": [{**GSI1, "type": "global_keys_only"}], "recreate_indexes": True},
        ["UpdateTable", "UpdateTable"],
        [
            "delete global index gsi1 of mana-memory to create it anew: queries on it fail in between",
            "create global index gsi1 [hash key gsi1pk (S), range key gsi1sk (S), projection KEYS_ONLY] on mana-memory",
        ],
    ),
    (
        "an index that is created anew without its sort key says all its keys",
        SEED,
        {
            "indexes": [
                {
                    "name": "gsi1",
                    "type": "global_all",
                    "key_schema": [{"attribute_name": "other", "key_type": "HASH"}],
                }
            ],
            "recreate_indexes": True,
        },
        ["UpdateTable", "UpdateTable"],
        [
            "delete global index gsi1 of mana-memory to create it anew: queries on it fail in between",
            "create global index gsi1 [hash key other (S), projection ALL] on mana-memory",
        ],
    ),
    (
        "an index that stays as it is may leave its sort key out",
        SEED,
        {"indexes": [{"name": "gsi1", "type": "global_all", "hash_key_name": "gsi1pk"}], "recreate_indexes": True},
        [],
        [],
    ),
    (
        "where autoscaling rules, capacities count only at the beginning [autoscaling-moves-capacities]",
        {**SEED, **PROVISIONED, "indexes": [{**GSI1, **CAPACITY}]},
        {
            **PROVISIONED,
            "read_capacity": 99,
            "ignore_capacity": True,
            "indexes": [{**GSI1, "read_capacity": 98, "write_capacity": 97}],
        },
        [],
        [],
    ),
    (
        "one index may be left to autoscaling, and one not [autoscaling-moves-capacities]",
        {**SEED, **PROVISIONED, "indexes": [{**GSI1, **CAPACITY}, {**GSI2, **CAPACITY}]},
        {"indexes": [{**GSI1, "read_capacity": 98, "ignore_capacity": True}, {**GSI2, "read_capacity": 98}]},
        ["UpdateTable"],
        ["provision index gsi2 with 98 read and 3 write units"],
    ),
    (
        "capacities count at a switch, also where autoscaling rules afterwards [autoscaling-moves-capacities]",
        {**SEED, "indexes": []},
        {**PROVISIONED, "ignore_capacity": True},
        ["UpdateTable"],
        ["bill table mana-memory by provisioned capacity, provision table mana-memory with 5 read and 5 write units"],
    ),
    (
        "a last backup comes before the deletion",
        SEED,
        {"state": "absent", "final_backup_name": "last"},
        ["CreateBackup", "DeleteTable"],
        ["back up table mana-memory as last", "delete table mana-memory"],
    ),
]

# title, the table that is there, what is declared, the words that name the option and the remedy
REFUSALS: list[tuple[str, dict[str, Any] | None, dict[str, Any], list[str]]] = [
    (
        "a table without replicas has nothing to leave",
        SEED,
        {"disassociation_protection_enabled": False},
        ["disassociation_protection_enabled: table mana-memory has no replicas, and nothing to leave; declare them"],
    ),
    (
        "a strongly consistent table leaves nothing",
        {**SEED, **STRONG},
        {"disassociation_protection_enabled": False},
        ["disassociation_protection_enabled: a strongly consistent table cannot leave its replicas; leave it out"],
    ),
    ("a new table needs a partition key", None, {}, ["hash_key_name", "does not exist"]),
    ("the name of a partition key", SEED, {"hash_key_name": "id"}, ["hash_key_name", "pk (S)", "another name"]),
    ("the type of a partition key", SEED, {"hash_key_type": "NUMBER"}, ["hash_key_type", "pk (S)"]),
    ("the name of a sort key", SEED, {"range_key_name": "id"}, ["range_key_name", "sk (S)"]),
    ("a sort key for a table without", {"hash_key_name": "pk"}, {"range_key_name": "sk"}, ["range_key_name"]),
    (
        "the projection of an index [an-index-keeps-its-shape]",
        SEED,
        {"indexes": [{**GSI1, "type": "global_keys_only"}]},
        ["indexes[gsi1].type", "ALL", "another name", "purge_indexes"],
    ),
    (
        "the attributes an index includes [an-index-keeps-its-shape]",
        {**SEED, "indexes": [GSI3]},
        {"indexes": [{**GSI3, "includes": ["c"]}]},
        ["indexes[gsi3].includes", "a, b", "another name"],
    ),
    (
        "the partition key of an index [an-index-keeps-its-shape]",
        SEED,
        {"indexes": [{**GSI1, "hash_key_name": "other"}]},
        ["indexes[gsi1].hash_key_name", "gsi1pk", "another name"],
    ),
    (
        "the sort key of an index [an-index-keeps-its-shape]",
        SEED,
        {"indexes": [{**GSI1, "range_key_name": "other"}]},
        ["indexes[gsi1].range_key_name", "gsi1sk"],
    ),
    (
        "a local index on a live table",
        SEED,
        {"indexes": [LSI1]},
        ["indexes[lsi1].type", "local", "global type"],
    ),
    (
        "a local index that is not declared any more",
        {"hash_key_name": "pk", "range_key_name": "sk", "indexes": [LSI1]},
        {"indexes": [], "purge_indexes": True},
        ["indexes[lsi1]", "purge_indexes: false"],
    ),
    (
        "a global index in place of a local one",
        {"hash_key_name": "pk", "range_key_name": "sk", "indexes": [LSI1]},
        {"indexes": [{**LSI1, "type": "global_keys_only", "hash_key_name": "pk"}]},
        ["indexes[lsi1].type", "local", "global"],
    ),
    (
        "a global index in place of a local one, whose sort key would become the partition key",
        {"hash_key_name": "pk", "range_key_name": "sk", "indexes": [LSI1]},
        {"indexes": [{"name": "lsi1", "type": "global_all", "hash_key_name": "created"}], "recreate_indexes": True},
        ["indexes[lsi1].type", "the index is local, global was declared", "another name"],
    ),
    (
        "a global index in place of a local one of a table with capacities",
        {**SEED, **PROVISIONED, "indexes": [LSI1]},
        {"indexes": [{"name": "lsi1", "type": "global_all"}]},
        ["indexes[lsi1].type", "the index is local, global was declared"],
    ),
    (
        "a local index in place of a global one",
        SEED,
        {"indexes": [{"name": "gsi1", "type": "all", "range_key_name": "gsi1sk"}]},
        ["indexes[gsi1].type", "the index is global, local was declared"],
    ),
    (
        "half the key of an index that is to be created anew, which an interruption would lose",
        SEED,
        {"indexes": [{"name": "gsi1", "type": "global_all", "hash_key_name": "other"}], "recreate_indexes": True},
        [
            "indexes[gsi1].range_key_name",
            "the index is to be created anew, and has the sort key gsi1sk; declare it too",
        ],
    ),
    (
        "another type of the partition key of an index",
        SEED,
        {"indexes": [{**GSI1, "hash_key_type": "NUMBER"}]},
        ["indexes[gsi1].hash_key_type", "gsi1pk (N)", "recreate_indexes"],
    ),
    (
        "another type of the sort key of an index",
        SEED,
        {"indexes": [{**GSI1, "range_key_type": "NUMBER"}]},
        ["indexes[gsi1].range_key_type", "gsi1sk (N)"],
    ),
    (
        "a type that is another in an index that is there and not declared",
        {**SEED, "indexes": [GSI1]},
        {"indexes": [{**GSI2, "key_schema": None, "hash_key_name": "gsi1pk", "hash_key_type": "NUMBER"}]},
        ["gsi1pk is STRING in index gsi1 and NUMBER in index gsi2", "or remove index gsi1 with purge_indexes: true"],
    ),
    (
        "a local index on a table without a sort key [a-local-index-shares-the-hash-key]",
        None,
        {"hash_key_name": "pk", "indexes": [LSI1]},
        ["indexes[lsi1]", "range_key_name"],
    ),
    (
        "a local index with another partition key [a-local-index-shares-the-hash-key]",
        None,
        {"hash_key_name": "pk", "range_key_name": "sk", "indexes": [{**LSI1, "hash_key_name": "id"}]},
        ["indexes[lsi1].hash_key_name", "pk"],
    ),
    (
        "a local index without a sort key",
        None,
        {"hash_key_name": "pk", "range_key_name": "sk", "indexes": [{"name": "lsi1", "type": "all"}]},
        ["indexes[lsi1].range_key_name"],
    ),
    (
        "a switch to PROVISIONED without the table's capacity",
        SEED,
        {"billing_mode": "PROVISIONED", "read_capacity": 1},
        ["read_capacity, write_capacity", "PROVISIONED"],
    ),
    (
        "a switch to PROVISIONED without the capacity of a declared index [provisioned-needs-every-capacity]",
        SEED,
        {**PROVISIONED, "indexes": [GSI1]},
        ["indexes[gsi1].read_capacity, write_capacity", "PROVISIONED"],
    ),
    (
        "a switch to PROVISIONED without the capacity of an index that stays undeclared "
        "[provisioned-needs-every-capacity]",
        SEED,
        PROVISIONED,
        ["indexes[gsi1].read_capacity, write_capacity", "PROVISIONED"],
    ),
    (
        "capacity of an on-demand table [on-demand-has-no-capacity]",
        SEED,
        {"write_capacity": 5},
        ["write_capacity", "on-demand", "billing_mode: PROVISIONED"],
    ),
    (
        "another attribute of time to live in one run [expiry-keeps-its-attribute]",
        {**SEED, "time_to_live": {"attribute_name": "ttl"}},
        {"time_to_live": {"attribute_name": "expires"}},
        ["time_to_live.attribute_name", "ttl", "enabled: false", "an hour later"],
    ),
    (
        "time to live without an attribute",
        SEED,
        {"time_to_live": {"enabled": True}},
        ["time_to_live.attribute_name"],
    ),
    (
        "time to live without an attribute, on a new table, before the table is made [check-mode-refuses-all]",
        None,
        {**SEED, "time_to_live": {"enabled": True}},
        ["time_to_live.attribute_name"],
    ),
    (
        "the deletion of a protected table [a-protected-table-stays]",
        {**SEED, "deletion_protection_enabled": True},
        {"state": "absent"},
        ["state", "protected", "deletion_protection_enabled: false"],
    ),
    (
        "a new global index without a partition key",
        SEED,
        {"indexes": [{"name": "gsi9", "type": "global_all"}]},
        ["indexes[gsi9].hash_key_name"],
    ),
    ("a tag of AWS's own", SEED, {"tags": {"aws:a": "b"}}, ["tags", "aws:a", "choose another"]),
    ("a stream without a view", SEED, {"stream_specification": {}}, ["stream_specification.stream_view_type"]),
    (
        "a maximum for a provisioned table",
        {**SEED, **PROVISIONED},
        {"on_demand_throughput": {"max_read_request_units": 5}},
        ["on_demand_throughput", "billing_mode: PAY_PER_REQUEST"],
    ),
    (
        "provisioned units of a replica of an on-demand table [replica-units-fit-the-mode]",
        {**SEED, **IMAGES},
        {"replicas": [{"region_name": "eu-west-1", "read_capacity": 5}]},
        ["replicas[eu-west-1].read_capacity: ", "on-demand", "remove it"],
    ),
    (
        "a maximum of a replica of a provisioned table [replica-units-fit-the-mode]",
        {**CAPABLE, **IMAGES},
        {"replicas": [{"region_name": "eu-west-1", "max_read_request_units": 5}]},
        ["replicas[eu-west-1].max_read_request_units: ", "provisioned capacity", "remove it"],
    ),
    (
        "a policy for everybody [a-policy-grants-bounded-access]",
        None,
        {**SEED, "resource_policy": {**POLICY, "Statement": [{**POLICY["Statement"][0], "Principal": "*"}]}},
        ["resource_policy: ", "everybody", "Condition"],
    ),
    (
        "a policy for all of AWS's principals [a-policy-grants-bounded-access]",
        {**SEED, "resource_policy": {}},
        {"resource_policy": {**POLICY, "Statement": {**POLICY["Statement"][0], "Principal": {"AWS": ["*"]}}}},
        ["resource_policy: ", "everybody", "Condition"],
    ),
    (
        "a maximum that stays declared through a switch to PROVISIONED [provisioned-has-no-maximum]",
        {**SEED, **MAXIMUMS, "indexes": []},
        {**PROVISIONED, **MAXIMUMS},
        ["on_demand_throughput", "remove it", "billing_mode: PAY_PER_REQUEST"],
    ),
    (
        "the end of the stream of a table with replicas [replicas-freeze-the-stream]",
        {**SEED, **IMAGES, **GLOBAL},
        {"stream_specification": {"stream_enabled": False}},
        ["stream_specification: ", "eu-west-1", "NEW_AND_OLD_IMAGES", "leave it out"],
    ),
    (
        "another view of the stream of a table with replicas [replicas-freeze-the-stream]",
        {**SEED, **IMAGES, **GLOBAL},
        {"stream_specification": {"stream_view_type": "KEYS_ONLY"}},
        ["stream_specification: ", "eu-west-1", "NEW_AND_OLD_IMAGES", "leave it out"],
    ),
    (
        "new replicas of a table that is to have no stream [replicas-freeze-the-stream]",
        SEED,
        {**GLOBAL, "stream_specification": {"stream_enabled": False}},
        ["stream_specification.stream_enabled: ", "remove it"],
    ),
    (
        "another key of the table without that of its replica [keys-of-a-global-table-change-together]",
        {**SEED, **GLOBAL, "sse_specification": {"enabled": True}},
        {"sse_specification": {"kms_master_key_id": KEY}},
        ["replicas[eu-west-1].kms_master_key_id: ", "change together", "declare"],
    ),
    (
        "a new replica without a key beside a table that has one [replicas-share-the-kind-of-key]",
        {**SEED, **ENCRYPTED},
        {**ENCRYPTED, **GLOBAL},
        ["replicas[eu-west-1].kms_master_key_id: ", "of its region", "declare it"],
    ),
    (
        "a new replica with AWS's key beside a table that has one's own [replicas-share-the-kind-of-key]",
        None,
        {**SEED, **ENCRYPTED, "replicas": [{"region_name": "eu-west-1", "kms_master_key_id": "alias/aws/dynamodb"}]},
        ["replicas[eu-west-1].kms_master_key_id: ", "of its region", "declare it"],
    ),
    (
        "a replica with a key beside a table without [replicas-share-the-kind-of-key]",
        None,
        {**SEED, "replicas": [{"region_name": "eu-west-1", "kms_master_key_id": KEY}]},
        ["replicas[eu-west-1].kms_master_key_id: ", "remove it", "sse_specification.kms_master_key_id"],
    ),
    (
        "a replica that keeps its key when the table gives up its own [replicas-share-the-kind-of-key]",
        {**SEED, **ENCRYPTED_TOO},
        {"sse_specification": {"enabled": True}, "replicas": ENCRYPTED_TOO["replicas"]},
        ["replicas[eu-west-1].kms_master_key_id: ", "remove it", "sse_specification.kms_master_key_id"],
    ),
    (
        "replicas of a table that is made PROVISIONED [replicas-need-write-scaling]",
        None,
        {**CAPABLE, **GLOBAL},
        ["replicas: ", "Auto Scaling", "PAY_PER_REQUEST"],
    ),
    (
        "replicas of a table that becomes PROVISIONED [replicas-need-write-scaling]",
        {**SEED, "indexes": []},
        {**PROVISIONED, **GLOBAL},
        ["replicas: ", "Auto Scaling", "PAY_PER_REQUEST"],
    ),
    (
        "strong consistency with a local index [strong-consistency-begins-empty]",
        None,
        {**SEED, **STRONG, "indexes": [LSI1]},
        ["multi_region_consistency: ", "lsi1", "leave it out"],
    ),
    (
        "strong consistency with expiry [strong-consistency-without-expiry]",
        None,
        {**SEED, **STRONG, "time_to_live": {"attribute_name": "ttl"}},
        ["time_to_live: ", "do not expire", "enabled: false"],
    ),
    (
        "expiry of a strongly consistent table [strong-consistency-without-expiry]",
        {**SEED, **STRONG},
        {"time_to_live": {"attribute_name": "ttl"}},
        ["time_to_live: ", "do not expire", "enabled: false"],
    ),
    (
        "a witness where there is a replica [a-witness-stands-apart]",
        None,
        {**SEED, **STRONG, "witness_region": "us-east-2"},
        ["witness_region: ", "us-east-2", "choose another region"],
    ),
    (
        "strong consistency of one replica alone [strong-consistency-is-born-whole]",
        {**SEED, **IMAGES},
        {"replicas": [{"region_name": "us-east-2"}], "multi_region_consistency": "STRONG"},
        ["multi_region_consistency", "two replicas", "witness_region"],
    ),
    (
        "strong consistency of replicas that are there already [strong-consistency-is-born-whole]",
        {**SEED, **IMAGES, "replicas": [{"region_name": "us-east-2"}]},
        {
            "replicas": [{"region_name": "us-east-2"}, {"region_name": "us-west-2"}],
            "multi_region_consistency": "STRONG",
        },
        ["multi_region_consistency", "purge_replicas: true"],
    ),
    (
        "eventual consistency of a strongly consistent table [strong-regions-are-frozen]",
        {**SEED, **STRONG},
        {**STRONG, "multi_region_consistency": "EVENTUAL"},
        ["multi_region_consistency: ", "strongly consistent", "purge_replicas: true"],
    ),
    (
        "another witness of a strongly consistent table [strong-regions-are-frozen]",
        {**SEED, **STRONG},
        {**STRONG, "witness_region": "eu-west-1"},
        ["witness_region: ", "us-west-2", "purge_replicas: true"],
    ),
    (
        "strong consistency of a table without replicas [strong-consistency-is-born-whole]",
        {**SEED, **IMAGES},
        {"multi_region_consistency": "STRONG"},
        ["multi_region_consistency: ", "0 replicas", "leave it out"],
    ),
    (
        "strong consistency of a new table without replicas [strong-consistency-is-born-whole]",
        None,
        {**SEED, **IMAGES, "multi_region_consistency": "STRONG"},
        ["multi_region_consistency: ", "0 replicas", "leave it out"],
    ),
    (
        "strong consistency of a table that loses its replicas",
        {**SEED, **STRONG},
        {"multi_region_consistency": "STRONG", "replicas": [], "purge_replicas": True},
        ["multi_region_consistency: ", "0 replicas", "leave it out"],
    ),
    (
        "some other regions of a strongly consistent table",
        {**SEED, **STRONG},
        {"replicas": [{"region_name": "eu-west-1"}], "purge_replicas": True},
        ["replicas", "first remove all of them"],
    ),
    (
        "a witness of a table that is not strongly consistent",
        {**SEED, **IMAGES},
        {"replicas": [{"region_name": "us-east-2"}], "witness_region": "us-west-2"},
        ["witness_region", "STRONG"],
    ),
    (
        "the deletion of a table with replicas [a-table-with-replicas-stays]",
        {**SEED, **IMAGES, "replicas": [{"region_name": "eu-west-1"}]},
        {"state": "absent"},
        ["state", "eu-west-1", "purge_replicas: true"],
    ),
    (
        "an option of global indexes on a local one",
        None,
        {**SEED, "indexes": [{**LSI1, "warm_throughput": {"read_units_per_second": 1}}]},
        ["indexes[lsi1].warm_throughput", "global"],
    ),
    (
        "another projection of a local index, even where indexes may be recreated",
        {**SEED, "indexes": [LSI1]},
        {"indexes": [{**LSI1, "type": "all"}], "recreate_indexes": True},
        ["indexes[lsi1].type", "as long as its table"],
    ),
    (
        "more attributes in a key than an index takes [hash-before-range]",
        SEED,
        {"indexes": [{**MULTI, "key_schema": [{"attribute_name": f"a{n}", "key_type": "HASH"} for n in range(5)]}]},
        ["indexes[multi].key_schema", "5 HASH", "4"],
    ),
    (
        "one attribute with two types",
        None,
        {**SEED, "indexes": [{**GSI1, "hash_key_name": "pk", "hash_key_type": "NUMBER"}], "hash_key_type": "STRING"},
        ["hash_key_type, range_key_type", "pk is STRING in the table and NUMBER in index gsi1", "so declare the same"],
    ),
]


@pytest.mark.parametrize("declared_warmth", [{}, {"warm_throughput": {"read_units_per_second": 13000}}])
def test_an_index_that_is_made_anew_is_bought_no_warmth_that_nobody_declares(declared_warmth: dict[str, Any]) -> None:
    warm = {"warm_throughput": {"read_units_per_second": 20000, "write_units_per_second": 9000}}
    given = {"indexes": [{**GSI2, **declared_warmth, "hash_key_name": "b"}], "recreate_indexes": True}
    steps = planned(given, live(**{**SEED, "indexes": [GSI1, {**GSI2, **warm}]}))
    create = steps[1].arguments["GlobalSecondaryIndexUpdates"][0]["Create"]
    assert create.get("WarmThroughput") == ({"ReadUnitsPerSecond": 13000} if declared_warmth else None)
    assert [step.identity for step in planned(given, live(**SEED))] == [step.identity for step in steps[1:]]


def test_a_run_goes_on_with_the_steps_that_an_interrupted_one_left() -> None:
    """Whatever is there by then, the indexes are made in the order of the declaration, with the same definitions."""
    anew = {**GSI2, "range_key_name": "b", "range_key_type": "NUMBER"}
    given = {"indexes": [GSI3, anew], "recreate_indexes": True}
    steps = planned(given, live(**{**SEED, "indexes": [GSI1, GSI2]}))
    after_the_first = planned(given, live(**SEED))
    assert [step.identity for step in after_the_first] == [step.identity for step in steps[1:]]
    assert len(steps) == 3


@pytest.mark.parametrize(("there", "given", "calls", "said"), [pytest.param(*c[1:], id=c[0]) for c in CHANGES])
def test_a_change_takes_these_steps(
    there: dict[str, Any] | None, given: dict[str, Any], calls: list[str], said: list[str]
) -> None:
    plan = planned(given, live(**there) if there else None)
    assert sentences(plan) == said
    assert [step.call for step in plan] == calls


@pytest.mark.parametrize(("there", "given"), [pytest.param(*c[1:3], id=c[0]) for c in CHANGES])
def test_every_step_is_valid_for_the_service(there: dict[str, Any] | None, given: dict[str, Any]) -> None:
    for step in planned(given, live(**there) if there else None):
        assert_valid(step)


@pytest.mark.parametrize(("there", "given"), [pytest.param(*c[1:3], id=c[0]) for c in CHANGES])
def test_the_desired_table_needs_no_plan(there: dict[str, Any] | None, given: dict[str, Any]) -> None:
    observed = live(**there) if there else None
    desired = options.desire(declared(**given), observed)
    assert planning.plan(desired, desired) == ()
    if desired is not None:
        assert planned(given, desired) == ()


@pytest.mark.parametrize(("there", "given", "words"), [pytest.param(*c[1:], id=c[0]) for c in REFUSALS])
def test_a_change_that_dynamodb_cannot_make_is_refused(
    there: dict[str, Any] | None, given: dict[str, Any], words: list[str]
) -> None:
    observed = live(**there) if there else None
    with pytest.raises(Impossible) as refusal:
        planned(given, observed)
    sentence = str(refusal.value)
    assert sentence.startswith(words[0]) or words[0] in sentence
    assert [word for word in words if word not in sentence] == []
    assert "\n" not in sentence


def test_tags_are_addressed_by_the_arn_of_the_table() -> None:
    (step,) = planned({"tags": {"a": "b"}}, live(**SEED))
    assert step.arguments == {"ResourceArn": ARN, "Tags": [{"Key": "a", "Value": "b"}]}


def test_an_index_is_created_with_the_attributes_of_all_keys_there_are_by_then() -> None:
    """Rule new-indexes-define-their-keys: current and new ones, none of an index that went before."""
    steps = planned({"indexes": [GSI2, GSI3], "purge_indexes": True}, live(**SEED))
    defined = [[each["AttributeName"] for each in s.arguments.get("AttributeDefinitions", [])] for s in steps]
    assert defined == [[], ["gsi2pk", "pk", "sk"], ["gsi1pk", "gsi2pk", "pk", "sk"]]


def test_a_new_table_defines_no_attribute_that_is_not_a_key() -> None:
    """No other attribute is defined (rule definitions-are-the-keys)."""
    (step,) = planned({**SEED, "indexes": [GSI3]}, None)
    assert [each["AttributeName"] for each in step.arguments["AttributeDefinitions"]] == ["gsi1pk", "pk", "sk"]


def test_an_on_demand_table_is_created_without_any_throughput() -> None:
    """Neither the table nor an index has a capacity (rule on-demand-has-no-capacity)."""
    (step,) = planned(SEED, None)
    assert "Throughput" not in str(step.arguments)


MAXIMUM = {"on_demand_throughput": {"max_read_request_units": 100}}


@pytest.mark.parametrize(
    "given",
    [MAXIMUM, {"indexes": [{**GSI2, **MAXIMUM}]}],
    ids=["a new table", "an index of a new table"],
)
def test_a_maximum_that_is_not_declared_is_left_out_of_what_is_new(given: dict[str, Any]) -> None:
    """Rule no-maximum-on-creation."""
    (step,) = planned({**SEED, **given}, None)
    holder = step.arguments if "indexes" not in given else step.arguments["GlobalSecondaryIndexes"][0]
    assert holder["OnDemandThroughput"] == {"MaxReadRequestUnits": 100}


def test_a_maximum_that_is_not_declared_is_left_out_of_a_new_index() -> None:
    """Rule no-maximum-on-creation."""
    (step,) = planned({"indexes": [{**GSI2, **MAXIMUM}]}, live(**SEED))
    (update,) = step.arguments["GlobalSecondaryIndexUpdates"]
    assert update["Create"]["OnDemandThroughput"] == {"MaxReadRequestUnits": 100}


@pytest.mark.parametrize(
    ("there", "wanted", "sent"),
    [
        ({}, {"max_read_request_units": 100}, {"MaxReadRequestUnits": 100}),
        ({"max_read_request_units": 5}, {"max_read_request_units": -1}, {"MaxReadRequestUnits": -1}),
        (
            {"max_read_request_units": 5, "max_write_request_units": 6},
            {"max_read_request_units": -1},
            {"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 6},
        ),
    ],
    ids=["one where there was none", "the only one taken away", "one of two taken away"],
)
def test_minus_one_is_sent_only_where_it_takes_a_maximum_away(
    there: dict[str, int], wanted: dict[str, int], sent: dict[str, int]
) -> None:
    (step,) = planned({"on_demand_throughput": wanted}, live(**SEED, on_demand_throughput=there))
    assert step.arguments["OnDemandThroughput"] == sent


@pytest.mark.parametrize(
    ("override", "left"),
    [(None, ["change the replica of mana-memory in us-west-2, with 7 read units"]), (7, [])],
    ids=["reset by AWS", "kept by AWS"],
)
def test_what_a_change_of_the_table_may_reset_is_looked_at_before_it_is_declared_again(
    override: int | None, left: list[str]
) -> None:
    """Rule table-resets-replicas."""
    replicas = {"replicas": [{"region_name": "us-west-2", "read_capacity": 7}]}
    given = {"read_capacity": 6, **replicas}
    provision, again = planned(given, live(**CAPABLE, **replicas))
    assert (provision.look_first, again.look_first) == (False, True)
    there = live(**{**CAPABLE, "read_capacity": 6}, **replicas)
    there = replace(there, replicas=(replace(there.replicas[0], read_capacity=override),))
    assert sentences(planned(given, there)) == left


WARM = {"warm_throughput": {"read_units_per_second": 13000, "write_units_per_second": 3000}}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (WARM, {"ReadUnitsPerSecond": 13000}),
        ({"warm_throughput": {"read_units_per_second": 12000}}, None),
        ({**PROVISIONED, "read_capacity": 20000, **WARM}, {"WriteUnitsPerSecond": 3000}),
        ({**PROVISIONED, "warm_throughput": {"read_units_per_second": 5}}, None),
    ],
    ids=["on demand", "on demand, no more than there is anyway", "provisioned", "provisioned, no more than there is"],
)
def test_a_new_table_is_given_only_more_warmth_than_it_has_anyway(
    given: dict[str, Any], sent: dict[str, int] | None
) -> None:
    """Rule warm-throughput-has-a-floor."""
    (step,) = planned({**SEED, "indexes": [], **given}, None)
    assert step.arguments.get("WarmThroughput") == sent
    holder = {key: given[key] for key in ("read_capacity", "write_capacity", "warm_throughput") if key in given}
    (step,) = planned({"indexes": [{**GSI2, **holder}]}, live(**{**SEED, **given, "warm_throughput": None}))
    assert step.arguments["GlobalSecondaryIndexUpdates"][0]["Create"].get("WarmThroughput") == sent


@pytest.mark.parametrize(
    ("there", "given", "calls"),
    [
        ({**PROVISIONED, "warm_throughput": {"read_units_per_second": 6}},
         {"billing_mode": "PAY_PER_REQUEST", "warm_throughput": {"read_units_per_second": 7}}, 1),
        ({**PROVISIONED}, {"read_capacity": 70, "warm_throughput": {"read_units_per_second": 60}}, 1),
        ({}, {"warm_throughput": {"read_units_per_second": 60}}, 0),
    ],
    ids=["a switch to on-demand", "a raise of the capacity", "an endpoint that shows none"],
)  # fmt: skip
def test_what_is_warm_by_another_change_is_not_warmed(there: dict[str, Any], given: dict[str, Any], calls: int) -> None:
    """Rule warm-throughput-has-a-floor."""
    plan = planned(given, live(**{**SEED, "indexes": [], **there}))
    assert ["WarmThroughput" in step.arguments for step in plan] == [False] * calls


def test_only_what_rises_is_sent_of_warm_throughput() -> None:
    (step,) = planned(WARM, live(**SEED, warm_throughput={"write_units_per_second": 5000}))
    assert step.arguments["WarmThroughput"] == {"ReadUnitsPerSecond": 13000}


@pytest.mark.parametrize(
    ("protected", "given", "refused"),
    [
        (True, {"replicas": [], "purge_replicas": True}, True),
        (False, {"replicas": [], "purge_replicas": True}, False),
        (True, {"replicas": []}, False),
    ],
    ids=["a protected one that is to go", "one that is to go", "a protected one that stays"],
)
def test_a_protected_replica_stays(protected: bool, given: dict[str, Any], refused: bool) -> None:
    """Rule a-protected-replica-stays."""
    there = live(**SEED, **GLOBAL)
    there = replace(there, replicas=(replace(there.replicas[0], deletion_protection_enabled=protected),))
    if not refused:
        planned(given, there)
        return
    with pytest.raises(Impossible, match=r"^purge_replicas: the replica in eu-west-1 is protected against deletion; "):
        planned(given, there)


@pytest.mark.parametrize(
    ("given", "refused"),
    [(GLOBAL, True), ({"replicas": [], "purge_replicas": True}, False), ({"tags": {"a": "b"}}, False)],
    ids=["declared", "to be removed", "not declared"],
)
def test_a_replica_that_could_not_be_made_does_not_count(given: dict[str, Any], refused: bool) -> None:
    """Rule a-failed-replica-is-no-replica."""
    there = live(**SEED, **GLOBAL)
    failed = replace(there.replicas[0], status="CREATION_FAILED", reason="no key", declared=frozenset())
    there = replace(there, replicas=(failed,))
    if not refused:
        assert planned(given, there)
        return
    with pytest.raises(Impossible, match=r"^replicas\[eu-west-1\]: AWS could not make it \(no key\); first remove it"):
        planned(given, there)


def test_only_an_empty_table_becomes_strongly_consistent() -> None:
    """Rule strong-consistency-begins-empty."""
    table = live(**SEED)
    assert table.live
    counted = replace(table, live=table.live._replace(description={"ItemCount": 12}))
    with pytest.raises(Impossible, match=r"^multi_region_consistency: mana-memory has items \(12 were counted\)"):
        planned(STRONG, counted)
    assert planned(STRONG, table)


@pytest.mark.parametrize(("there", "count"), [(CAPABLE, 1), (SEED, 0)], ids=["provisioned", "on demand"])
def test_a_replica_of_a_provisioned_table_may_need_more_than_can_be_seen(there: dict[str, Any], count: int) -> None:
    """Rule replicas-need-write-scaling."""
    table = live(**there)
    assert len(rules.warnings(table, planned(GLOBAL, table))) == count


@pytest.mark.parametrize(
    ("encryption", "count"),
    [({"kms_master_key_id": "key/1"}, 1), ({}, 0), ({"enabled": False}, 0)],
    ids=["a key that may be one's own", "AWS's key by its alias", "a key that AWS owns"],
)
def test_a_replica_without_a_key_is_warned_of_where_the_table_may_have_one(
    encryption: dict[str, Any], count: int
) -> None:
    """Rule replicas-share-the-kind-of-key: DescribeTable tells AWS's key of the account and one's own alike."""
    table = live(**SEED, sse_specification=encryption)
    found = rules.warnings(table, planned({"replicas": [{"region_name": "eu-west-1"}]}, table))
    assert len(found) == count
    assert [
        each for each in found if "if that is a key of your own, AWS makes no replica without one" not in each
    ] == []


@pytest.mark.parametrize("status", ["INACCESSIBLE_ENCRYPTION_CREDENTIALS", "REPLICATION_NOT_AUTHORIZED", "ARCHIVED"])
def test_a_state_that_does_not_pass_is_reported_and_not_waited_for(status: str) -> None:
    """Rule unwell-is-settled."""
    table = live(**SEED, **GLOBAL)
    assert table.live
    sick = table.live._replace(status=status)
    replicas = (replace(table.replicas[0], status="CREATION_FAILED", reason="no key"),)
    there = replace(table, live=sick, replicas=replicas)
    assert sick.settled
    assert not sick._replace(parts_in_transition=("index gsi1 CREATING",)).settled
    of_the_table, of_the_replica = rules.warnings(there, ())
    assert of_the_table.startswith(f"table mana-memory is {status}: AWS ")
    assert of_the_replica == "the replica in eu-west-1 is CREATION_FAILED: AWS could not make it (no key)"


@pytest.mark.parametrize("status", ["CREATING", "UPDATING", "DELETING", "ARCHIVING"])
def test_a_state_that_passes_is_waited_for(status: str) -> None:
    table = live(**SEED)
    assert table.live
    assert not table.live._replace(status=status).settled
    assert rules.warnings(table, ()) == []


def test_a_policy_says_its_version_and_names_accounts_by_strings() -> None:
    """Rule a-policy-says-its-version."""
    statement = {**POLICY["Statement"][0], "Principal": {"AWS": 123456789012}}
    (put,) = planned({"resource_policy": {"Statement": [statement]}}, live(**SEED, resource_policy={}))
    document = json.loads(put.arguments["Policy"])
    assert document["Version"] == "2008-10-17"
    assert document["Statement"][0]["Principal"] == {"AWS": "123456789012"}


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Deny", "Principal": "*"},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
    ],
    ids=["denied", "under a condition"],
)
def test_everybody_may_be_named_where_that_grants_nothing_unbounded(statement: dict[str, Any]) -> None:
    """Rule a-policy-grants-bounded-access."""
    policy = {**POLICY, "Statement": [{**POLICY["Statement"][0], **statement}]}
    assert planned({"resource_policy": policy}, live(**SEED, resource_policy={}))


def test_a_deletion_says_how_many_items_go_with_the_table() -> None:
    table = live(**SEED)
    assert table.live
    counted = replace(table, live=table.live._replace(description={"ItemCount": 12}))
    assert sentences(planned({"state": "absent"}, counted)) == [
        "delete table mana-memory and the 12 items counted in it"
    ]


def test_only_steps_that_leave_the_table_in_transition_are_lengthy() -> None:
    given = {**SEED, "time_to_live": {"attribute_name": "t"}, "point_in_time_recovery": {"enabled": True}}
    assert [(step.call, step.lengthy) for step in planned(given, None)] == [
        ("CreateTable", True),
        ("UpdateTimeToLive", False),
        ("UpdateContinuousBackups", False),
    ]
    assert all(step.lengthy for step in planned({"indexes": [GSI2]}, live(**SEED)))


def test_the_type_of_a_key_is_known_from_where_it_is_used_already() -> None:
    table = live(hash_key_name="id", hash_key_type="NUMBER")
    (step,) = planned({"indexes": [{"name": "by_id", "type": "global_all", "hash_key_name": "id"}]}, table)
    assert step.arguments["AttributeDefinitions"] == [{"AttributeName": "id", "AttributeType": "N"}]


@pytest.mark.parametrize(
    ("there", "given", "count"),
    [
        ({**SEED, "sse_specification": {"kms_master_key_id": KEY}}, {"contributor_insights": {}}, 1),
        (SEED, {"contributor_insights": {}}, 0),
        ({**SEED, "sse_specification": {"kms_master_key_id": KEY}}, {"tags": {"a": "b"}}, 0),
    ],
    ids=["insights into an encrypted table", "insights into another", "no insights"],
)
def test_insights_show_keys_in_plain_text(there: dict[str, Any], given: dict[str, Any], count: int) -> None:
    """Encryption does not hide the keys from insights (rule insights-show-keys)."""
    observed = live(**{**there, "contributor_insights": {"enabled": False}})
    desired = options.desire(declared(**given), observed)
    assert desired
    assert len(rules.warnings(desired, planned(given, observed))) == count

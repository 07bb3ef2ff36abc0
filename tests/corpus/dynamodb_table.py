# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in tasks of dynamodb_table."""

from __future__ import annotations

from typing import Any

from plugins.modules import dynamodb_table as module
from tests.corpus.row import LEFT_OUT, LIVE, PLAIN, PROTECTED, PROVISIONED, Row

__all__ = ["ROWS", "SOUND", "module"]

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/corpus-new"
SOUND = {"name": "corpus-new", "hash_key_name": "pk", "range_key_name": "sk"}
GSI = {"name": "gsi1", "type": "global_all", "hash_key_name": "gsi1pk"}
MEANING = {
    "name": "by_meaning",
    "vector_attribute": "embedding",
    "dimensions": 4,
    "distance_function": "COSINE",
    "projection": "keys_only",
}
LSI = {"name": "lsi1", "type": "all", "range_key_name": "day"}
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/changes"
STATEMENT = {"Effect": "Allow", "Principal": "*", "Action": "dynamodb:GetItem", "Resource": ARN}
KEYS = [{"attribute_name": "a", "key_type": "HASH"}, {"attribute_name": "b", "key_type": "RANGE"}]
BUCKET = {"s3_bucket": "files"}


def index(**given: Any) -> dict[str, Any]:
    """The options of a table with one index, which is sound but for these."""
    return {"indexes": [{name: value for name, value in {**GSI, **given}.items() if value is not LEFT_OUT}]}


def replica(**given: Any) -> dict[str, Any]:
    return {"replicas": [{"region_name": "eu-west-1", **given}]}


def policy(**given: Any) -> dict[str, Any]:
    """The options of a table with a policy of one statement, which is sound but for these."""
    statement = {name: value for name, value in {**STATEMENT, **given}.items() if value is not LEFT_OUT}
    return {"resource_policy": {"Version": "2012-10-17", "Statement": [statement]}}


def vectors(**given: Any) -> dict[str, Any]:
    """The options of a table with one vector index, which is sound but for these."""
    return {"vector_indexes": [{name: value for name, value in {**MEANING, **given}.items() if value is not LEFT_OUT}]}


def six() -> dict[str, Any]:
    return {"vector_indexes": [{**MEANING, "name": f"vectors{number}"} for number in range(6)]}


def many(count: int, **given: Any) -> dict[str, Any]:
    return {"indexes": [{**GSI, "name": f"index{number}", **given} for number in range(count)]}


NAMES = [
    Row("no name at all", {"name": LEFT_OUT}, "name", by_ansible=True),
    Row("an empty name", {"name": ""}, "name: '' is not a name that DynamoDB takes; use 3 to 255 of"),
    Row("a name of two letters", {"name": "ab"}, "name: 'ab' is not a name"),
    Row("a name with a space", {"name": "my table"}, "name: 'my table' is not a name"),
    Row("a name with a slash", {"name": "team/table"}, "name: 'team/table' is not a name"),
    Row("a name in other letters", {"name": "größen"}, "name: 'größen' is not a name"),
    Row("a name of a template that failed", {"name": "{{ table }}"}, "name: '{{ table }}' is not a name"),
    Row("a name that ends with a line break", {"name": "threads\n"}, "name: 'threads\\n' is not a name"),
    Row("an ARN as name", {"name": ARN}, f"name: '{ARN}' is not a name"),
    Row("a name of 256 letters", {"name": "a" * 256}, f"name: '{'a' * 256}' is not a name"),
    Row("an index without a name", index(name=LEFT_OUT), "name found in indexes", by_ansible=True),
    Row("an empty name of an index", index(name=""), "indexes[].name: '' is not a name"),
    Row("an index whose name has a space", index(name="by day"), "indexes[by day].name: 'by day' is not a name"),
    Row("an index of two letters", index(name="i1"), "indexes[i1].name: 'i1' is not a name"),
    Row("two indexes of one name", {"indexes": [GSI, GSI]}, "indexes: gsi1 is declared 2 times; give every index"),
    Row("a local and a global index of one name", {"indexes": [GSI, {**LSI, "name": "gsi1"}]}, "indexes: gsi1 is"),
    Row("an option that does not exist", {"hash_key": "pk"}, "hash_key", by_ansible=True),
    Row("an option of Terraform's", {"billing": "PAY_PER_REQUEST"}, "billing", by_ansible=True),
    Row("an option of an index that does not exist", index(hash_key="a"), "indexes.hash_key", by_ansible=True),
    Row(
        "a suboption of the API's",
        {"time_to_live": {"AttributeName": "a"}},
        "time_to_live.AttributeName: there is no such option; did you mean attribute_name?",
    ),
    Row("a state of another module", {"state": "deleted"}, "state", by_ansible=True),
    Row("a billing mode in other words", {"billing_mode": "on_demand"}, "billing_mode", by_ansible=True),
    Row("a billing mode in small letters", {"billing_mode": "provisioned"}, "billing_mode", by_ansible=True),
    Row("a type of the API's", {"hash_key_type": "S"}, "hash_key_type", by_ansible=True),
    Row("a type in small letters", {"range_key_type": "string"}, "range_key_type", by_ansible=True),
    Row("a class in short", {"table_class": "IA"}, "table_class", by_ansible=True),
    Row("an unknown kind of index", index(type="gsi"), "type", by_ansible=True),
    Row("an index without a kind", index(type=LEFT_OUT), "type found in indexes", by_ansible=True),
    Row("a view in small letters", {"stream_specification": {"stream_view_type": "new"}}, "view", by_ansible=True),
]

ATTRIBUTES = [
    Row("an empty partition key", {"hash_key_name": ""}, "hash_key_name: it is empty; give a name of 1 to 255 bytes"),
    Row("an empty sort key", {"range_key_name": ""}, "range_key_name: it is empty; give a name"),
    Row("a key of 256 bytes", {"hash_key_name": "ä" * 128}, "hash_key_name: it has 256 bytes; give a name"),
    Row("a key of stray bytes", {"hash_key_name": "\udc80"}, "hash_key_name: it is not text in UTF-8; write it in"),
    Row("one attribute for both keys", {"range_key_name": "pk"}, "range_key_name: it is the same attribute", True),
    Row("no key of a new table", {"hash_key_name": LEFT_OUT, "range_key_name": LEFT_OUT}, "hash_key_name: table", True),
    Row(
        "the type of a partition key alone",
        {"hash_key_name": LEFT_OUT, "range_key_name": LEFT_OUT, "hash_key_type": "NUMBER"},
        "hash_key_name: hash_key_type is declared for a key that has no name; give it one",
        reads=True,
    ),
    Row(
        "the type of a sort key alone, which would be missed for ever",
        {"range_key_name": LEFT_OUT, "range_key_type": "NUMBER"},
        "range_key_name: range_key_type is declared for a key that has no name; give it one",
        reads=True,
    ),
    Row(
        "the type of a sort key that a live table does not have",
        {"name": PLAIN, "range_key_name": LEFT_OUT, "range_key_type": "NUMBER"},
        "range_key_name: range_key_type is declared for a key that has no name; give it one",
        reads=True,
    ),
    Row(
        "one attribute with two types",
        {"hash_key_type": "STRING", **index(hash_key_name="pk", hash_key_type="NUMBER")},
        "hash_key_type, range_key_type: the key attribute pk is STRING in the table and NUMBER in index",
        reads=True,
    ),
    Row("another key of a live table", {"name": LIVE, "hash_key_name": "id"}, "hash_key_name: table corpus-live", True),
    Row("another sort key", {"name": LIVE, "range_key_name": "id"}, "range_key_name: table corpus-live has", True),
    Row("a sort key for a table without", {"name": PLAIN}, "range_key_name: table corpus-plain has", True),
    Row("another type of a live key", {"name": LIVE, "hash_key_type": "NUMBER"}, "hash_key_type: table", True),
]

INDEXES = [
    Row("an index without a key", index(hash_key_name=LEFT_OUT), "indexes[gsi1].hash_key_name: a new global", True),
    Row("an empty key of an index", index(hash_key_name=""), "indexes[gsi1].hash_key_name: it is empty; give a name"),
    Row("an empty sort key of an index", index(range_key_name=""), "indexes[gsi1].range_key_name: it is empty"),
    Row(
        "one attribute for both keys of an index",
        index(range_key_name="gsi1pk"),
        "indexes[gsi1].range_key_name: it is the",
        True,
    ),
    Row(
        "the type of an index's sort key alone",
        index(range_key_type="NUMBER"),
        "indexes[gsi1].range_key_name: range_key_type is declared for a key that has no name; give it one",
        reads=True,
    ),
    Row(
        "a key schema beside keys", index(key_schema=KEYS), "indexes[gsi1].key_schema: it says all of the keys; remove"
    ),
    Row(
        "a key schema beside a type",
        index(hash_key_name=LEFT_OUT, hash_key_type="NUMBER", key_schema=KEYS),
        "indexes[gsi1].key_schema: it says all of the keys; remove hash_key_type",
    ),
    Row(
        "a key schema with one attribute twice",
        index(hash_key_name=LEFT_OUT, key_schema=[KEYS[0], {**KEYS[1], "attribute_name": "a"}]),
        "indexes[gsi1].key_schema: a is in it 2 times; name every attribute once",
    ),
    Row(
        "a key schema in the wrong order",
        index(hash_key_name=LEFT_OUT, key_schema=KEYS[::-1]),
        "indexes[gsi1].key_schema: every HASH element stands before the first RANGE element; reorder them",
    ),
    Row(
        "a key schema without a partition key",
        index(hash_key_name=LEFT_OUT, key_schema=KEYS[1:]),
        "indexes[gsi1].key_schema: an index needs a partition key",
    ),
    Row(
        "an empty key schema", index(hash_key_name=LEFT_OUT, key_schema=[]), "indexes[gsi1].key_schema: an index needs"
    ),
    Row(
        "a key schema with an empty name",
        index(hash_key_name=LEFT_OUT, key_schema=[{**KEYS[0], "attribute_name": ""}]),
        "indexes[gsi1].key_schema: it is empty; give a name",
    ),
    Row(
        "a key schema of five",
        index(
            hash_key_name=LEFT_OUT,
            key_schema=[{"attribute_name": f"a{number}", "key_type": "HASH"} for number in range(5)],
        ),
        "indexes[gsi1].key_schema: 5 HASH attributes; an index takes 4",
        reads=True,
    ),
    Row(
        "a key schema of the API's",
        index(hash_key_name=LEFT_OUT, key_schema=[{"AttributeName": "a", "KeyType": "HASH"}]),
        "indexes[gsi1].key_schema[0].AttributeName: there is no such option; did you mean attribute_name?",
    ),
    Row("nothing to include", index(type="global_include"), "indexes[gsi1].includes: name the attributes to", True),
    Row("an empty list to include", index(type="global_include", includes=[]), "indexes[gsi1].includes: name", True),
    Row("an empty text to include", index(type="global_include", includes=""), "indexes[gsi1].includes: it is empty"),
    Row("an empty name to include", index(type="global_include", includes=["a", ""]), "indexes[gsi1].includes: it is"),
    Row("a long name to include", index(type="global_include", includes=["a" * 256]), "indexes[gsi1].includes: it has"),
    Row("no value to include", index(type="global_include", includes=[None]), "indexes[gsi1].includes[0]: it has no"),
    Row("includes of an index that holds all", index(includes=["a"]), "indexes[gsi1].includes: only a type with", True),
    Row(
        "21 attributes to include",
        index(type="global_include", includes=[f"a{number}" for number in range(21)]),
        "indexes[gsi1].includes: 21 attributes; an index takes 20",
        reads=True,
    ),
    Row(
        "101 attributes to include in all",
        many(6, type="global_include", includes=[f"a{number}" for number in range(17)]),
        "indexes: 102 included attributes in all; a table's indexes take 100 together",
        reads=True,
    ),
    Row("21 global indexes", many(21), "indexes: 21 global indexes; a table can have 20", True),
    Row(
        "6 local indexes",
        many(6, type="all", hash_key_name="pk", range_key_name="r"),
        "indexes: 6 local indexes;",
        True,
    ),
    Row(
        "a local index without a sort key",
        {"indexes": [{**LSI, "range_key_name": None}]},
        "indexes[lsi1].range_key_name: ",
        True,
    ),
    Row(
        "a local index of a table without a sort key",
        {"range_key_name": LEFT_OUT, "indexes": [LSI]},
        "indexes[lsi1]: a local index needs a table with range_key_name",
        reads=True,
    ),
    Row(
        "a local index with a key of its own",
        {"indexes": [{**LSI, "hash_key_name": "id"}]},
        "indexes[lsi1].hash_key_name: a local index has its table's, pk; leave it out",
        reads=True,
    ),
    Row(
        "a local index with a maximum",
        {"indexes": [{**LSI, "on_demand_throughput": {"max_read_request_units": 5}}]},
        "indexes[lsi1].on_demand_throughput: only a global index has it",
        reads=True,
    ),
    Row(
        "a local index with insights",
        {"indexes": [{**LSI, "contributor_insights": {}}]},
        "indexes[lsi1].contributor_insights: only a global index has it",
        reads=True,
    ),
    Row(
        "a local index on a live table", {"name": LIVE, "indexes": [LSI]}, "indexes[lsi1].type: a local index can", True
    ),
    Row(
        "another key of a live index",
        {"name": LIVE, **index(hash_key_name="other")},
        "indexes[gsi1].hash_key_name: the index has",
        reads=True,
    ),
    Row(
        "another projection of a live index",
        {"name": LIVE, **index(type="global_keys_only")},
        "indexes[gsi1].type: ",
        True,
    ),
]

CAPACITIES = [
    Row("a capacity below zero", {"read_capacity": -1}, "read_capacity: -1 is not a capacity; give 1 or more units"),
    Row("a capacity of an index below zero", index(write_capacity=-5), "indexes[gsi1].write_capacity: -5 is not a"),
    Row("a capacity of 400 digits", {"read_capacity": 10**400}, "read_capacity: the number is too large for AWS"),
    Row("a capacity as text of 400 digits", {"read_capacity": "1" + "0" * 400}, "read_capacity: the number is too"),
    Row("infinite capacity", {"read_capacity": float("inf")}, "read_capacity: inf is not a whole number; write"),
    Row("infinite capacity as text", {"write_capacity": "inf"}, "write_capacity: 'inf' is not a whole number"),
    Row("no number as capacity", {"write_capacity": float("nan")}, "write_capacity: nan is not a whole number"),
    Row("a capacity with a unit", {"read_capacity": "5 RCU"}, "read_capacity: '5 RCU' is not a whole number; write"),
    Row(
        "a capacity on demand",
        {"billing_mode": "PAY_PER_REQUEST", "read_capacity": 5},
        "read_capacity: an on-demand table has no provisioned capacity; remove it",
        reads=True,
    ),
    Row("a capacity of a live table on demand", {"name": LIVE, "write_capacity": 5}, "write_capacity: an", True),
    Row(
        "a live table that becomes PROVISIONED without capacities",
        {"name": LIVE, "billing_mode": "PROVISIONED"},
        "read_capacity, write_capacity: both must be declared when an on-demand table becomes PROVISIONED",
        reads=True,
    ),
    Row(
        "a live table that becomes PROVISIONED without one of them",
        {"name": LIVE, "billing_mode": "PROVISIONED", "read_capacity": 5},
        "read_capacity, write_capacity: both must be declared",
        reads=True,
    ),
    Row(
        "a live table that becomes PROVISIONED without those of its index",
        {"name": LIVE, "billing_mode": "PROVISIONED", "read_capacity": 5, "write_capacity": 5},
        "indexes[gsi1].read_capacity, write_capacity: both must be declared",
        reads=True,
    ),
    Row(
        "no maximum",
        {"on_demand_throughput": {"max_read_request_units": 0}},
        "on_demand_throughput.max_read_request_units: ",
    ),
    Row(
        "a maximum below -1",
        {"on_demand_throughput": {"max_write_request_units": -2}},
        "on_demand_throughput.max_write_request_units: ",
    ),
    Row(
        "no maximum of an index",
        index(on_demand_throughput={"max_read_request_units": 0}),
        "indexes[gsi1].on_demand_throughput.max_read_request_units: 0 is no maximum; give 1 or more, or -1 for none",
    ),
    Row(
        "a maximum of a provisioned table",
        {"name": PROVISIONED, "on_demand_throughput": {"max_read_request_units": 5}},
        "on_demand_throughput: a table with provisioned capacity has no maximum on demand; remove it",
        reads=True,
    ),
    Row(
        "a maximum of a new provisioned table",
        {"read_capacity": 5, "write_capacity": 5, "on_demand_throughput": {"max_read_request_units": 5}},
        "on_demand_throughput: a table with provisioned capacity has no maximum on demand; remove it",
        reads=True,
    ),
    Row(
        "no warmth", {"warm_throughput": {"read_units_per_second": 0}}, "warm_throughput.read_units_per_second: 0 is no"
    ),
    Row(
        "warmth below zero",
        {"warm_throughput": {"write_units_per_second": -1}},
        "warm_throughput.write_units_per_second: ",
    ),
    Row(
        "no warmth of an index",
        index(warm_throughput={"read_units_per_second": 0}),
        "indexes[gsi1].warm_throughput.read_units_per_second: ",
    ),
]

PARTS = [
    Row("a tag without a value", {"tags": {"team": None}}, "tags: the value of 'team' must be a string; write it in"),
    Row("a tag that is a list", {"tags": {"team": ["a"]}}, "tags: the value of 'team' must be a string"),
    Row("a tag that is a mapping", {"resource_tags": {"team": {"a": "b"}}}, "tags: the value of 'team' must be"),
    Row("a tag without a key", {"tags": {"": "a"}}, "tags: a tag has an empty key; give it one"),
    Row("a tag with a long key", {"tags": {"k" * 129: "a"}}, f"tags: '{'k' * 129}' is too long; a key takes 1 to 128"),
    Row("a tag with a long value", {"tags": {"team": "a" * 257}}, "tags: 'team' is too long; a key takes 1 to 128"),
    Row("a tag with <", {"tags": {"a<b": "c"}}, "tags: 'a<b' has the character <; tags take letters, digits, spaces"),
    Row("a tag with #", {"tags": {"colour": "#ff0000"}}, "tags: 'colour' has the character #; tags take"),
    Row("a tag with a comma", {"tags": {"owners": "a,b"}}, "tags: 'owners' has the character ,; tags take"),
    Row("a tag with a picture", {"tags": {"team": "\N{ROCKET}"}}, "tags: 'team' has the character \N{ROCKET}; tags"),
    Row("a tag that ends with a line break", {"tags": {"team": "a\n"}}, "tags: 'team' has the character \\n; tags"),
    Row("a tag of AWS's own", {"tags": {"aws:team": "a"}}, "tags: the key 'aws:team' is AWS's own", True),
    Row("51 tags", {"tags": {f"t{number}": "a" for number in range(51)}}, "tags: 51 tags were declared; a resource"),
    Row(
        "51 tags with those that are there",
        {"name": LIVE, "purge_tags": False, "tags": {f"t{number}": "a" for number in range(50)}},
        "tags: with those that are there it would have 51 tags, and a resource can have 50",
        reads=True,
    ),
    Row("expiry without an attribute", {"time_to_live": {}}, "time_to_live.attribute_name: name the attribute", True),
    Row("expiry by an empty attribute", {"time_to_live": {"attribute_name": ""}}, "time_to_live.attribute_name: it is"),
    Row(
        "expiry by a long attribute", {"time_to_live": {"attribute_name": "a" * 256}}, "time_to_live.attribute_name: it"
    ),
    Row(
        "expiry by another attribute at once",
        {"name": LIVE, "time_to_live": {"attribute_name": "other"}},
        "time_to_live.attribute_name: items of corpus-live expire by ttl",
        reads=True,
    ),
    Row(
        "recovery of no day",
        {"point_in_time_recovery": {"recovery_period_in_days": 0}},
        "point_in_time_recovery.recovery_period_in_days: ",
    ),
    Row(
        "recovery of 36 days",
        {"point_in_time_recovery": {"recovery_period_in_days": 36}},
        "point_in_time_recovery.recovery_period_in_days: ",
    ),
    Row(
        "a period of no recovery",
        {"point_in_time_recovery": {"enabled": False, "recovery_period_in_days": 7}},
        "point_in_time_recovery.recovery_period_in_days: recovery that is off has no period; remove it",
    ),
    Row(
        "a stream without a view", {"stream_specification": {}}, "stream_specification.stream_view_type: say what", True
    ),
    Row(
        "the view of no stream",
        {"stream_specification": {"stream_enabled": False, "stream_view_type": "NEW_IMAGE"}},
        "stream_specification.stream_view_type: a stream that is off has no view; remove it, or set",
    ),
    Row("an empty key", {"sse_specification": {"kms_master_key_id": ""}}, "sse_specification.kms_master_key_id: '' is"),
    Row(
        "a key with a space",
        {"sse_specification": {"kms_master_key_id": "my key"}},
        "sse_specification.kms_master_key_id: ",
    ),
    Row(
        "a part of a key's ARN",
        {"sse_specification": {"kms_master_key_id": "x:key/y"}},
        "sse_specification.kms_master_key_id: ",
    ),
    Row(
        "the key of no encryption",
        {"sse_specification": {"enabled": False, "kms_master_key_id": "alias/mana"}},
        "sse_specification.kms_master_key_id: a key that AWS owns has no name; remove it, or set enabled: true",
    ),
    Row(
        "a key that is not there",
        {"sse_specification": {"kms_master_key_id": "alias/nobody"}},
        "sse_specification.kms_master_key_id: there is no key alias/nobody; give the alias, id or ARN",
        reads=True,
    ),
    Row(
        "the mode of no insights",
        {"contributor_insights": {"enabled": False, "mode": "THROTTLED_KEYS"}},
        "contributor_insights.mode: insights that are off have no mode; remove it",
    ),
    Row(
        "the mode of no insights of an index",
        index(contributor_insights={"enabled": False, "mode": "THROTTLED_KEYS"}),
        "indexes[gsi1].contributor_insights.mode: insights that are off have no mode",
    ),
    Row(
        "a destination without a stream",
        {"kinesis_streaming_destination": {}},
        "kinesis_streaming_destination.stream_arn: ",
    ),
    Row(
        "an empty stream",
        {"kinesis_streaming_destination": {"stream_arn": ""}},
        "kinesis_streaming_destination.stream_arn: ",
    ),
    Row(
        "the name of a stream",
        {"kinesis_streaming_destination": {"stream_arn": "mystream"}},
        "kinesis_streaming_destination.stream_arn: 'mystream' is not the ARN of a Kinesis data stream; give one such",
    ),
    Row(
        "the ARN of a bucket as stream",
        {"kinesis_streaming_destination": {"stream_arn": "arn:aws:s3:::files"}},
        "kinesis_streaming_destination.stream_arn: 'arn:aws:s3:::files' is not the ARN",
    ),
    Row(
        "the ARN of a table's own stream",
        {"kinesis_streaming_destination": {"stream_arn": f"{ARN}/stream/2026-11-01T00:00:00.000"}},
        "kinesis_streaming_destination.stream_arn: ",
    ),
    Row(
        "a stream of another region",
        {"kinesis_streaming_destination": {"stream_arn": STREAM.replace("us-east-1", "eu-west-1")}},
        "kinesis_streaming_destination.stream_arn: the stream is in eu-west-1, and the table in us-east-1",
    ),
    Row(
        "the precision of no destination",
        {
            "kinesis_streaming_destination": {
                "enabled": False,
                "approximate_creation_date_time_precision": "MICROSECOND",
            }
        },
        "kinesis_streaming_destination.approximate_creation_date_time_precision: a destination that is off has no",
    ),
]

POLICIES = [
    Row("a policy without statements", {"resource_policy": {"Version": "2012-10-17"}}, "resource_policy: it has no"),
    Row("an empty list of statements", {"resource_policy": {"Statement": []}}, "resource_policy: it has no Statement;"),
    Row(
        "text as statements", {"resource_policy": {"Statement": "Allow"}}, "resource_policy: it has no Statement; give"
    ),
    Row(
        "text as a statement", {"resource_policy": {"Statement": ["Allow"]}}, "resource_policy: statement 1 is 'Allow'"
    ),
    Row("no statement", {"resource_policy": {"Statement": [None]}}, "resource_policy: statement 1 is null; give a"),
    Row("a misspelt Statement", {"resource_policy": {"Statment": [STATEMENT]}}, "resource_policy: the document has an"),
    Row("another Version", {"resource_policy": {"Version": "2020-01-01", "Statement": STATEMENT}}, "resource_policy: "),
    Row(
        "a Version of no day",
        {"resource_policy": {"Version": 1, "Statement": STATEMENT}},
        "resource_policy: Version is",
    ),
    Row("no principal", policy(Principal=LEFT_OUT), "resource_policy: statement 1 has neither Principal nor"),
    Row("a principal and all but one", policy(NotPrincipal="*"), "resource_policy: statement 1 has both Principal and"),
    Row(
        "a principal without its kind", policy(Principal="arn:aws:iam::123456789012:root"), "resource_policy: statement"
    ),
    Row(
        "the name of a role as principal", policy(Principal={"AWS": "mana"}), "resource_policy: statement 1 has 'mana'"
    ),
    Row(
        "a principal of no kind", policy(Principal={"Role": "*"}), "resource_policy: statement 1, in Principal, has an"
    ),
    Row(
        "no principal of a kind", policy(Principal={"AWS": None}), "resource_policy: statement 1 has null in Principal"
    ),
    Row("an effect of its own", policy(Effect="Maybe"), "resource_policy: statement 1 has the Effect 'Maybe'; give"),
    Row("another effect", policy(Effect="Permit"), "resource_policy: statement 1 has the Effect 'Permit'; give Allow"),
    Row("no effect", policy(Effect=LEFT_OUT), "resource_policy: statement 1 has no Effect; give Allow or Deny"),
    Row("a misspelt element", policy(Efect="Allow"), "resource_policy: statement 1 has an element 'Efect', which IAM"),
    Row("an action without its service", policy(Action="GetItem"), "resource_policy: statement 1 has 'GetItem' in"),
    Row(
        "no action", policy(Action=LEFT_OUT), "resource_policy: statement 1 has neither Action nor NotAction; give one"
    ),
    Row(
        "an empty list of actions", policy(Action=[]), "resource_policy: statement 1 has no member in Action; give one"
    ),
    Row("no resource", policy(Resource=LEFT_OUT), "resource_policy: statement 1 has neither Resource nor NotResource;"),
    Row("the name of a table as resource", policy(Resource="threads"), "resource_policy: statement 1 has 'threads' in"),
    Row("a condition of text", policy(Condition="x"), "resource_policy: statement 1 has the Condition 'x'; give a"),
    Row("an unknown operator", policy(Condition={"Equals": {"a": "b"}}), "resource_policy: statement 1 has the"),
    Row("a policy of 20 KB", policy(Resource=[f"{ARN}/{n}" for n in range(400)]), "resource_policy: it is larger than"),
]

REPLICAS = [
    Row("a replica without a region", {"replicas": [{}]}, "region_name found in replicas", by_ansible=True),
    Row("the common name of a region", {"replicas": [{"region_name": "Ireland"}]}, "replicas[Ireland].region_name: "),
    Row("an empty region", {"replicas": [{"region_name": ""}]}, "replicas[].region_name: '' is not a region; give one"),
    Row(
        "a zone in place of a region",
        {"replicas": [{"region_name": "eu-west-1a"}]},
        "replicas[eu-west-1a].region_name: ",
    ),
    Row("a region twice", {"replicas": [{"region_name": "eu-west-1"}] * 2}, "replicas: eu-west-1 is declared 2 times"),
    Row("the table's own region", {"replicas": [{"region_name": "us-east-1"}]}, "replicas[us-east-1].region_name: the"),
    Row("no capacity of a replica", replica(read_capacity=0), "replicas[eu-west-1].read_capacity: 0 is out of range"),
    Row(
        "no maximum of a replica", replica(max_read_request_units=-1), "replicas[eu-west-1].max_read_request_units: -1"
    ),
    Row(
        "a tag of a replica without a value",
        replica(tags={"team": None}),
        "replicas[eu-west-1].tags: the value of 'team' must be",
    ),
    Row(
        "a tag of a replica with a picture",
        replica(tags={"team": "\N{ROCKET}"}),
        "replicas[eu-west-1].tags: 'team' has the",
    ),
    Row("an empty key of a replica", replica(kms_master_key_id=""), "replicas[eu-west-1].kms_master_key_id: '' is not"),
    Row(
        "too long a recovery of a replica",
        replica(point_in_time_recovery={"recovery_period_in_days": 400}),
        "replicas[eu-west-1].point_in_time_recovery.recovery_period_in_days: 400 is no period; give 1 to 35 days",
    ),
    Row(
        "the period of no recovery of a replica",
        replica(point_in_time_recovery={"enabled": False, "recovery_period_in_days": 7}),
        "replicas[eu-west-1].point_in_time_recovery.recovery_period_in_days: recovery that is off has no period",
    ),
    Row("a witness alone", {"witness_region": "us-west-2"}, "witness_region: only a table of", True),
    Row("an empty region of a witness", {"witness_region": ""}, "witness_region: '' is not a region; give one such as"),
    Row("a witness where the table is", {"witness_region": "us-east-1"}, "witness_region: the table itself is in"),
    Row(
        "a witness where a replica is",
        {**replica(), "multi_region_consistency": "STRONG", "witness_region": "eu-west-1"},
        "witness_region: eu-west-1 has a replica; choose another region",
    ),
    Row("strong consistency alone", {"multi_region_consistency": "STRONG"}, "multi_region_consistency: STRONG", True),
    Row(
        "strong consistency in one region more",
        {**replica(), "multi_region_consistency": "STRONG"},
        "multi_region_consistency: STRONG takes exactly two replicas, or one and a witness_region",
        reads=True,
    ),
]

BACKUP = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/backup/01489602797149-73d8d5bc"
ORIGINS = [
    Row(
        "two origins",
        {"import_from_s3": BUCKET, "restore_from_table": {"table_name": LIVE}},
        "import_f",
        by_ansible=True,
    ),
    Row("a backup without its ARN", {"restore_from_backup": {}}, "backup_arn", by_ansible=True),
    Row(
        "an empty ARN of a backup", {"restore_from_backup": {"backup_arn": ""}}, "restore_from_backup.backup_arn: '' is"
    ),
    Row(
        "the name of a backup",
        {"restore_from_backup": {"backup_arn": "last-one"}},
        "restore_from_backup.backup_arn: ",
    ),
    Row("the ARN of a table", {"restore_from_backup": {"backup_arn": ARN}}, f"restore_from_backup.backup_arn: '{ARN}'"),
    Row(
        "an empty name of a source", {"restore_from_table": {"table_name": ""}}, "restore_from_table.table_name: '' is"
    ),
    Row(
        "the ARN of a source",
        {"restore_from_table": {"table_name": ARN}},
        "restore_from_table.table_name: it is the name of a table in the same account and region; give",
    ),
    Row("a source with a space", {"restore_from_table": {"table_name": "my table"}}, "restore_from_table.table_name: "),
    Row(
        "a source that is not there",
        {"restore_from_table": {"table_name": "nowhere"}},
        "restore_from_table.table_name: ",
        True,
    ),
    Row(
        "a day in words",
        {"restore_from_table": {"table_name": LIVE, "restore_date_time": "yesterday"}},
        "restore_from_table.restore_date_time: 'yesterday' is not a time; give one such as",
    ),
    Row(
        "no time, and a table that is there",
        {"name": LIVE, "restore_from_table": {"table_name": PLAIN, "restore_date_time": ""}},
        "restore_from_table.restore_date_time: '' is not a time; give one such as",
    ),
    Row(
        "a time of no calendar",
        {"restore_from_table": {"table_name": LIVE, "restore_date_time": "2026-13-45"}},
        "restore_from_table.restore_date_time: '2026-13-45' is not a time; give one such as",
        reads=True,
    ),
    Row(
        "a time to come",
        {"restore_from_table": {"table_name": LIVE, "restore_date_time": "2999-01-01T00:00:00Z"}},
        "restore_from_table.restore_date_time: 2999-01-01T00:00:00Z is in the future; give a time that is past",
        reads=True,
    ),
    Row(
        "another key than that of the source",
        {"hash_key_name": "id", "restore_from_table": {"table_name": LIVE}},
        "hash_key_name: table corpus-new has hash key pk (S)",
        reads=True,
    ),
    Row("files without a bucket", {"import_from_s3": {}}, "s3_bucket", by_ansible=True),
    Row(
        "an empty bucket", {"import_from_s3": {"s3_bucket": ""}}, "import_from_s3.s3_bucket: '' is not a bucket's name"
    ),
    Row("a bucket with a space", {"import_from_s3": {"s3_bucket": "BAD BUCKET"}}, "import_from_s3.s3_bucket: 'BAD"),
    Row(
        "the address of a bucket", {"import_from_s3": {"s3_bucket": "s3://files/a"}}, "import_from_s3.s3_bucket: 's3:/"
    ),
    Row(
        "the ARN of a bucket", {"import_from_s3": {"s3_bucket": "arn:aws:s3:::files"}}, "import_from_s3.s3_bucket: 'arn"
    ),
    Row(
        "an owner by name", {"import_from_s3": {**BUCKET, "s3_bucket_owner": "me"}}, "import_from_s3.s3_bucket_owner: "
    ),
    Row(
        "an owner read as octal",
        {"import_from_s3": {**BUCKET, "s3_bucket_owner": 0o12345670123}},
        "import_from_s3.s3_bucket_owner: ",
    ),
    Row(
        "a long prefix", {"import_from_s3": {**BUCKET, "s3_key_prefix": "a" * 1025}}, "import_from_s3.s3_key_prefix: it"
    ),
    Row("an unknown format", {"import_from_s3": {**BUCKET, "input_format": "JSON"}}, "input_format", by_ansible=True),
    Row(
        "an unknown compression",
        {"import_from_s3": {**BUCKET, "input_compression_type": "ZIP"}},
        "inp",
        by_ansible=True,
    ),
    Row(
        "a delimiter of two",
        {"import_from_s3": {**BUCKET, "input_format": "CSV", "csv_delimiter": "||"}},
        "import_from_s3.csv_delimiter: ",
    ),
    Row(
        "no delimiter",
        {"import_from_s3": {**BUCKET, "input_format": "CSV", "csv_delimiter": ""}},
        "import_from_s3.csv_delimiter: '' is none; give one of",
    ),
    Row(
        "a delimiter of JSON",
        {"import_from_s3": {**BUCKET, "csv_delimiter": ";"}},
        "import_from_s3.csv_delimiter: only",
    ),
    Row(
        "columns of JSON", {"import_from_s3": {**BUCKET, "csv_header_list": ["a"]}}, "import_from_s3.csv_header_list: "
    ),
    Row(
        "no columns",
        {"import_from_s3": {**BUCKET, "input_format": "CSV", "csv_header_list": []}},
        "import_from_s3.csv_header_list: give 1 to 255 names",
    ),
    Row("files for a local index", {"import_from_s3": BUCKET, "indexes": [LSI]}, "indexes[lsi1].type: an import", True),
]

ENDS = [
    Row(
        "a last backup of a table that stays", {"final_backup_name": "last-one"}, "final_backup_name: only a table that"
    ),
    Row(
        "an empty name of a backup", {"state": "absent", "final_backup_name": ""}, "final_backup_name: '' is not a name"
    ),
    Row(
        "a backup with a space",
        {"state": "absent", "final_backup_name": "last one"},
        "final_backup_name: 'last one' is",
    ),
    Row(
        "the end of a protected table", {"name": PROTECTED, "state": "absent"}, "state: table corpus-protected is", True
    ),
    Row("no wait", {"wait_timeout": 0}, "wait_timeout: 0 is not a time to wait; give 1 to 31536000 seconds"),
    Row("a wait below zero", {"wait_timeout": -1}, "wait_timeout: -1 is not a time to wait; give 1 to"),
    Row("a wait by its other name", {"wait_for_active_timeout": -1}, "wait_timeout: -1 is not a time to wait"),
    Row("no wait for an index", {"index_wait_timeout": 0}, "index_wait_timeout: 0 is not a time to wait"),
    Row(
        "a wait without end", {"index_wait_timeout": 10**12}, "index_wait_timeout: 1000000000000 is not a time to wait"
    ),
    Row(
        "a wait of 400 digits", {"wait_timeout": 10**400}, "wait_timeout: the number is too large for AWS; write one up"
    ),
    Row(
        "a wait with its unit", {"wait_timeout": "10m"}, "wait_timeout: '10m' is not a whole number; write one such as"
    ),
    Row(
        "an infinite wait", {"wait_timeout": float("inf")}, "wait_timeout: inf is not a whole number; write one such as"
    ),
]

VECTORS = [
    Row("a vector index in two letters", vectors(name="v1"), "vector_indexes[v1].name: 'v1' is not a name"),
    Row("a vector index without a name", vectors(name=LEFT_OUT), "name found in vector_indexes", by_ansible=True),
    Row(
        "two vector indexes of one name",
        {"vector_indexes": [MEANING, MEANING]},
        "vector_indexes: by_meaning is declared 2 times; give every index a name of its own",
    ),
    Row("no dimensions", vectors(dimensions=0), "vector_indexes[by_meaning].dimensions: 0 is out of range; give 1 to"),
    Row(
        "the dimensions of nothing there is", vectors(dimensions=4097), "vector_indexes[by_meaning].dimensions: 4097 is"
    ),
    Row("a distance in small letters", vectors(distance_function="cosine"), "distance_function", by_ansible=True),
    Row("a distance of another store", vectors(distance_function="MANHATTAN"), "distance_function", by_ansible=True),
    Row("a filter that is text", vectors(filters=["year"]), "vector_indexes[by_meaning].filters[0]: 'year' is not a"),
    Row(
        "a filter twice", vectors(filters=[{"name": "a"}] * 2), "vector_indexes[by_meaning].filters: a is in it 2 times"
    ),
    Row("an empty filter", vectors(filters=[{"name": ""}]), "vector_indexes[by_meaning].filters: it is empty; give a"),
    Row("no attribute for vectors", vectors(vector_attribute=""), "vector_indexes[by_meaning].vector_attribute: it is"),
    Row(
        "a new vector index without its size",
        vectors(dimensions=LEFT_OUT),
        "vector_indexes[by_meaning].dimensions: a new vector index needs vector_attribute, dimensions,",
        True,
    ),
    Row(
        "vectors in the partition key",
        vectors(vector_attribute="pk"),
        "vector_indexes[by_meaning].vector_attribute: pk is a key of the table; choose another attribute",
        True,
    ),
    Row(
        "vectors in the key of an index",
        {**vectors(vector_attribute="gsi1pk"), **index()},
        "indexes[gsi1].hash_key_name, range_key_name: gsi1pk holds the vectors of the vector index by_meaning",
        True,
    ),
    Row(
        "a global and a vector index of one name",
        {**vectors(name="gsi1"), **index()},
        "indexes[gsi1].name, vector_indexes[gsi1].name: an index and a vector index of this name are both",
        True,
    ),
    Row(
        "a filter of two types",
        {**vectors(filters=[{"name": "sk", "type": "NUMBER"}]), "range_key_type": "STRING"},
        "hash_key_type, range_key_type: the key attribute sk is STRING in the table and NUMBER in vector index",
        True,
    ),
    Row(
        "a vector index on provisioned capacity",
        {**vectors(), "billing_mode": "PROVISIONED"},
        "billing_mode: table corpus-new has the vector index by_meaning, and a PROVISIONED table has none",
        True,
    ),
    Row(
        "a vector index of a live table on provisioned capacity",
        {"name": PROVISIONED, **vectors()},
        "billing_mode: table corpus-provisioned has the vector index by_meaning",
        True,
    ),
    Row("six vector indexes", six(), "vector_indexes: 6 vector indexes; a table can have 5", True),
    Row(
        "included attributes of none",
        vectors(projection="include"),
        "vector_indexes[by_meaning].includes: name the attributes to include, or choose the projection all",
        True,
    ),
    Row(
        "protection against leaving no replicas",
        {"disassociation_protection_enabled": False},
        "disassociation_protection_enabled: table corpus-new has no replicas, and nothing to leave",
        True,
    ),
]

BYTES = [
    Row("bytes as a tag", {"tags": {"of": b"a"}}, "tags.of: bytes have no form here; write them as text, for instance"),
    Row("infinity as a tag", {"tags": {"of": float("inf")}}, "tags.of: it is no finite number; write another, or text"),
    Row("bytes in a policy", policy(Action=b"a"), "resource_policy.Statement[0].Action: bytes have no form here"),
    Row(
        "bytes as the name of an index", index(name=b"gsi1"), "indexes[0].name: bytes have no form here; write them as"
    ),
]

ROWS = [*BYTES, *NAMES, *ATTRIBUTES, *INDEXES, *CAPACITIES, *PARTS, *POLICIES, *REPLICAS, *ORIGINS, *VECTORS, *ENDS]

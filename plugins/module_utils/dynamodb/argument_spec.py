# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The options of dynamodb_table, in the order of its documentation."""

from __future__ import annotations

from typing import Any

UNITS = {
    "type": "dict",
    "options": {"max_read_request_units": {"type": "int"}, "max_write_request_units": {"type": "int"}},
}
WARMTH = {
    "type": "dict",
    "options": {"read_units_per_second": {"type": "int"}, "write_units_per_second": {"type": "int"}},
}
INSIGHTS = {
    "type": "dict",
    "options": {
        "enabled": {"type": "bool", "default": True},
        "mode": {"type": "str", "choices": ["ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"]},
    },
}
RECOVERY = {
    "type": "dict",
    "options": {"enabled": {"type": "bool", "default": True}, "recovery_period_in_days": {"type": "int"}},
}
TABLE_CLASS = {"type": "str", "choices": ["STANDARD", "STANDARD_INFREQUENT_ACCESS"]}
KEY_TYPE = {"type": "str", "choices": ["STRING", "NUMBER", "BINARY"]}

INDEX = {
    "name": {"type": "str", "required": True},
    "type": {
        "type": "str",
        "required": True,
        "choices": [
            *("all", "global_all", "global_include", "global_keys_only", "include", "keys_only"),
            *("ALL", "global_ALL", "global_INCLUDE", "global_KEYS_ONLY", "INCLUDE", "KEYS_ONLY"),
        ],
    },
    "hash_key_name": {"type": "str"},
    "hash_key_type": KEY_TYPE,
    "range_key_name": {"type": "str"},
    "range_key_type": KEY_TYPE,
    "includes": {"type": "list", "elements": "str"},
    "read_capacity": {"type": "int"},
    "write_capacity": {"type": "int"},
    "ignore_capacity": {"type": "bool"},
    "key_schema": {
        "type": "list",
        "elements": "dict",
        "no_log": False,
        "options": {
            "attribute_name": {"type": "str", "required": True},
            "attribute_type": KEY_TYPE,
            "key_type": {"type": "str", "required": True, "choices": ["HASH", "RANGE"]},
        },
    },
    "on_demand_throughput": UNITS,
    "warm_throughput": WARMTH,
    "contributor_insights": INSIGHTS,
}

REPLICA = {
    "region_name": {"type": "str", "required": True},
    "kms_master_key_id": {"type": "str", "no_log": False},
    "table_class": TABLE_CLASS,
    "read_capacity": {"type": "int"},
    "max_read_request_units": {"type": "int"},
    "deletion_protection_enabled": {"type": "bool"},
    "point_in_time_recovery": RECOVERY,
    "tags": {"type": "dict"},
    "purge_tags": {"type": "bool", "default": True},
}

S3_SOURCE = {
    "s3_bucket": {"type": "str", "required": True},
    "s3_key_prefix": {"type": "str", "no_log": False},
    "s3_bucket_owner": {"type": "str"},
    "input_format": {"type": "str", "choices": ["CSV", "DYNAMODB_JSON", "ION"], "default": "DYNAMODB_JSON"},
    "input_compression_type": {"type": "str", "choices": ["GZIP", "ZSTD", "NONE"]},
    "csv_delimiter": {"type": "str"},
    "csv_header_list": {"type": "list", "elements": "str"},
}

VECTOR_INDEX = {
    "name": {"type": "str", "required": True},
    "vector_attribute": {"type": "str"},
    "dimensions": {"type": "int"},
    "distance_function": {"type": "str", "choices": ["COSINE", "DOT_PRODUCT", "EUCLIDEAN"]},
    "projection": {"type": "str", "choices": ["all", "keys_only", "include", "ALL", "KEYS_ONLY", "INCLUDE"]},
    "includes": {"type": "list", "elements": "str"},
    "hash_key_name": {"type": "str"},
    "hash_key_type": KEY_TYPE,
    "filters": {
        "type": "list",
        "elements": "dict",
        "options": {"name": {"type": "str", "required": True}, "type": KEY_TYPE},
    },
}

OPTIONS = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "hash_key_name": {"type": "str"},
    "hash_key_type": KEY_TYPE,
    "range_key_name": {"type": "str"},
    "range_key_type": KEY_TYPE,
    "billing_mode": {"type": "str", "choices": ["PROVISIONED", "PAY_PER_REQUEST"]},
    "read_capacity": {"type": "int"},
    "write_capacity": {"type": "int"},
    "indexes": {"type": "list", "elements": "dict", "options": INDEX},
    "purge_indexes": {"type": "bool", "default": False},
    "recreate_indexes": {"type": "bool", "default": False},
    "vector_indexes": {"type": "list", "elements": "dict", "options": VECTOR_INDEX},
    "purge_vector_indexes": {"type": "bool", "default": False},
    "ignore_capacity": {"type": "bool", "default": False},
    "on_demand_throughput": UNITS,
    "warm_throughput": WARMTH,
    "table_class": TABLE_CLASS,
    "deletion_protection_enabled": {"type": "bool"},
    "tags": {"type": "dict", "aliases": ["resource_tags"]},
    "purge_tags": {"type": "bool", "default": True},
    "time_to_live": {
        "type": "dict",
        "options": {"enabled": {"type": "bool", "default": True}, "attribute_name": {"type": "str"}},
    },
    "point_in_time_recovery": RECOVERY,
    "stream_specification": {
        "type": "dict",
        "options": {
            "stream_enabled": {"type": "bool", "default": True},
            "stream_view_type": {
                "type": "str",
                "choices": ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"],
            },
        },
    },
    "sse_specification": {
        "type": "dict",
        "options": {
            "enabled": {"type": "bool", "default": True},
            "kms_master_key_id": {"type": "str", "no_log": False},
        },
    },
    "contributor_insights": INSIGHTS,
    "resource_policy": {"type": "dict"},
    "kinesis_streaming_destination": {
        "type": "dict",
        "options": {
            "enabled": {"type": "bool", "default": True},
            "stream_arn": {"type": "str"},
            "approximate_creation_date_time_precision": {"type": "str", "choices": ["MILLISECOND", "MICROSECOND"]},
        },
    },
    "replicas": {"type": "list", "elements": "dict", "options": REPLICA},
    "purge_replicas": {"type": "bool", "default": False},
    "multi_region_consistency": {"type": "str", "choices": ["EVENTUAL", "STRONG"]},
    "witness_region": {"type": "str"},
    "disassociation_protection_enabled": {"type": "bool"},
    "restore_from_backup": {"type": "dict", "options": {"backup_arn": {"type": "str", "required": True}}},
    "restore_from_table": {
        "type": "dict",
        "options": {"table_name": {"type": "str", "required": True}, "restore_date_time": {"type": "str"}},
    },
    "import_from_s3": {"type": "dict", "options": S3_SOURCE},
    "final_backup_name": {"type": "str"},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 900, "aliases": ["wait_for_active_timeout"]},
    "index_wait_timeout": {"type": "int", "default": 3600},
}

ORIGINS = ("restore_from_backup", "restore_from_table", "import_from_s3")

SPEC: dict[str, Any] = {"argument_spec": OPTIONS, "mutually_exclusive": [ORIGINS]}

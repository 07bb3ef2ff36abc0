# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Finds the origin of a new table: a backup, another table's past, or files in S3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ..connection import CallFailed, Connect, call, is_time
from ..plan import Impossible
from . import description, options, requests, shared_options
from .finding import ASKED
from .holders import of_table_and_indexes, of_vector_indexes
from .table import COMES_LATER, COMES_WITH_CREATION, Origin, Table


def find(
    connect: Connect, declared: Mapping[str, Any], resolve_key: shared_options.ResolveKey = shared_options.key_as_given
) -> Origin | None:
    """The declared origin, with the table that it will make.

    A restored table does not get its source's tags, stream, expiry, recovery, policy and destination, nor its class,
    protection and warm throughput (rule restored-tables-start-bare).
    Raises CallFailed if the source cannot be read.
    """
    if declared["state"] == "absent":
        return None
    if declared.get("restore_from_backup"):
        origin = _from_backup(connect, declared)
    elif declared.get("restore_from_table"):
        origin = _from_table(connect, declared["name"], declared["restore_from_table"])
    elif declared.get("import_from_s3"):
        origin = _from_s3(declared, resolve_key)
    else:
        return None
    return origin._replace(table=_as_read(origin.table, options.declared_parts(declared)))


def _from_backup(connect: Connect, declared: Mapping[str, Any]) -> Origin:
    name, arn = declared["name"], declared["restore_from_backup"]["backup_arn"]
    try:
        answer = call(connect("dynamodb"), "DescribeBackup", {"BackupArn": arn}, f"read the backup {arn}", arn)
    except CallFailed as failure:
        if failure.code == "BackupNotFoundException":
            raise Impossible(
                f"restore_from_backup.backup_arn: there is no backup {arn}; name one that is there"
            ) from failure
        raise
    backup = answer["BackupDescription"]
    details, features = backup["SourceTableDetails"], backup.get("SourceTableFeatureDetails") or {}
    described = {
        "TableName": name,
        "KeySchema": details["KeySchema"],
        "BillingModeSummary": {"BillingMode": details.get("BillingMode", "PROVISIONED")},
        "ProvisionedThroughput": details.get("ProvisionedThroughput"),
        "OnDemandThroughput": details.get("OnDemandThroughput"),
        "GlobalSecondaryIndexes": features.get("GlobalSecondaryIndexes"),
        "LocalSecondaryIndexes": features.get("LocalSecondaryIndexes"),
        "VectorIndexes": features.get("VectorIndexes"),
        "SSEDescription": features.get("SSEDescription"),
    }
    described["AttributeDefinitions"] = [
        {"AttributeName": attribute, "AttributeType": kind} for attribute, kind in _types(declared, described).items()
    ]
    sentence = f"restore table {name} from the backup {backup['BackupDetails']['BackupName']} of {details['TableName']}"
    arguments = {"TargetTableName": name, "BackupArn": arn}
    return Origin("RestoreTableFromBackup", arguments, sentence, _restored(description.table(described)))


def _types(declared: Mapping[str, Any], described: Mapping[str, Any]) -> dict[str, str]:
    """Take the types of keys and filters from the options, by name or by role: a backup does not contain them."""
    types = shared_options.key_types(declared, None)
    indexes = [*(described["GlobalSecondaryIndexes"] or []), *(described["LocalSecondaryIndexes"] or [])]
    schemas = {index["IndexName"]: index["KeySchema"] for index in indexes}
    for where, holder in of_table_and_indexes(declared):
        for element in schemas.get(holder["name"], []) if where else described["KeySchema"]:
            role = element["KeyType"].lower()
            kind = holder.get(f"{role}_key_type")
            if kind and not holder.get(f"{role}_key_name"):
                types[element["AttributeName"]] = shared_options.TYPES[kind]
    for _where, index in of_vector_indexes(declared):
        for name in (index.get("hash_key_name"), *(each["name"] for each in index.get("filters") or [])):
            if name:
                types.setdefault(name, "S")
    return types


def _from_table(connect: Connect, name: str, source: Mapping[str, Any]) -> Origin:
    table, time = source["table_name"], source.get("restore_date_time")
    if time and not is_time(time):
        raise Impossible(
            f"restore_from_table.restore_date_time: '{time}' is not a time; give one such as 2026-11-01T12:00:00Z"
        )
    if time and _is_to_come(time):
        raise Impossible(
            f"restore_from_table.restore_date_time: {time} is in the future; give a time that is past, or leave it out "
            "for the latest there is"
        )
    try:
        answer = call(
            connect("dynamodb"), "DescribeTable", {"TableName": table}, f"read table {table}", f"table {table}"
        )
    except CallFailed as failure:
        if failure.code == "ResourceNotFoundException":
            raise Impossible(
                f"restore_from_table.table_name: table {table} does not exist; name the table to restore from"
            ) from failure
        raise
    arguments: dict[str, Any] = {"SourceTableName": table, "TargetTableName": name}
    if time:
        arguments["RestoreDateTime"] = time
        moment = f"as it was at {time}"
    else:
        arguments["UseLatestRestorableTime"] = True
        moment = "as it was just now"
    sentence = f"restore table {name} from table {table} {moment}"
    made = replace(_restored(description.table(answer["Table"])), name=name)
    return Origin("RestoreTableToPointInTime", arguments, sentence, made)


def _is_to_come(time: str) -> bool:
    """Whether a time in the usual form is in the future; AWS checks other forms."""
    try:
        return datetime.fromisoformat(time.replace("Z", "+00:00")).astimezone() > datetime.now(timezone.utc)
    except (OverflowError, ValueError):
        return False


def _from_s3(declared: Mapping[str, Any], resolve_key: shared_options.ResolveKey) -> Origin:
    source = declared["import_from_s3"]
    created = options.present(declared, None, resolve_key)
    if created.local_indexes:
        name = created.local_indexes[0].name
        raise Impossible(f"indexes[{name}].type: an import makes no local index; choose a global type")
    bucket = {
        "S3Bucket": source["s3_bucket"],
        "S3KeyPrefix": source.get("s3_key_prefix"),
        "S3BucketOwner": source.get("s3_bucket_owner"),
    }
    arguments: dict[str, Any] = {
        "S3BucketSource": {member: value for member, value in bucket.items() if value},
        "InputFormat": source["input_format"],
        "TableCreationParameters": requests.table_creation_parameters(created),
    }
    if source.get("input_compression_type"):
        arguments["InputCompressionType"] = source["input_compression_type"]
    if source.get("csv_delimiter") or source.get("csv_header_list"):
        csv = {"Delimiter": source.get("csv_delimiter"), "HeaderList": source.get("csv_header_list")}
        arguments["InputFormatOptions"] = {"Csv": {member: value for member, value in csv.items() if value}}
    place = f"s3://{source['s3_bucket']}/{source.get('s3_key_prefix') or ''}"
    return Origin("ImportTable", arguments, f"import table {declared['name']} from {place}", _restored(created))


def _as_read(table: Table, parts: frozenset[str]) -> Table:
    """The table as a run will read it: of the parts that DescribeTable does not answer, these alone."""
    unread = [part for part in ASKED if part not in parts]
    if "contributor_insights" in unread:
        table = replace(table, indexes=tuple(index._replace(contributor_insights=None) for index in table.indexes))
    none: dict[str, Any] = dict.fromkeys(unread)
    return replace(table, **none)


def _restored(source: Table) -> Table:
    """The table right after a restore or an import: keys, indexes, billing and encryption of the source alone."""
    return replace(source.without_warmth().as_new((*COMES_WITH_CREATION, *COMES_LATER)), live=None)

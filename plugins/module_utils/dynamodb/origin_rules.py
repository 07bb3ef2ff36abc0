# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Rules for the origin of a new table, whatever table exists. Tasks without an origin do not load it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .names import ACCOUNT, BACKUP_ARN, BUCKET, TABLE_ARN, misnamed

DELIMITERS = (",", ";", ":", "|", "\t", " ")
LONGEST_PREFIX = 1024
COLUMNS = 255


def mistakes(options: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each fault of a declared origin."""
    yield from _backup(options)
    yield from _moment(options)
    yield from _files(options)


def source_name(origin: Mapping[str, Any]) -> Iterator[str]:
    """A sentence if the name of the table to restore from is wrong."""
    source = origin["table_name"]
    if re.fullmatch(TABLE_ARN, source):
        name = source.rpartition("/")[2]
        yield (
            f"restore_from_table.table_name: it is the name of a table in the same account and region; give {name} "
            "in place of the ARN, or a backup of a table elsewhere as restore_from_backup"
        )
    else:
        yield from misnamed("restore_from_table.table_name", source)


def _backup(options: Mapping[str, Any]) -> Iterator[str]:
    source = options.get("restore_from_backup")
    if source and not re.fullmatch(BACKUP_ARN, source["backup_arn"]):
        yield (
            f"restore_from_backup.backup_arn: '{source['backup_arn']}' is not the ARN of a backup; give one such as "
            "arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/01489602797149-73d8d5bc"
        )


def _moment(options: Mapping[str, Any]) -> Iterator[str]:
    """A time without a digit, even if the table exists and nothing is restored; a restore checks the rest."""
    time = (options.get("restore_from_table") or {}).get("restore_date_time")
    if time is not None and not any(sign.isdigit() for sign in time):
        option = "restore_from_table.restore_date_time"
        yield f"{option}: '{time}' is not a time; give one such as 2026-11-01T12:00:00Z, or leave it out"


def _files(options: Mapping[str, Any]) -> Iterator[str]:
    source = options.get("import_from_s3") or {}
    where, bucket, owner = "import_from_s3.", source.get("s3_bucket"), source.get("s3_bucket_owner")
    if bucket is not None and not re.fullmatch(BUCKET, bucket):
        yield f"{where}s3_bucket: '{bucket}' is not a bucket's name; use 3 to 63 of a-z, 0-9, '-', '.'"
    if owner is not None and not re.fullmatch(ACCOUNT, owner):
        yield f"{where}s3_bucket_owner: '{owner}' is not an account; give its 12 digits, in quotes"
    if len((source.get("s3_key_prefix") or "").encode()) > LONGEST_PREFIX:
        yield f"{where}s3_key_prefix: it is longer than {LONGEST_PREFIX} bytes; shorten it"
    for option in ("csv_delimiter", "csv_header_list"):
        if source.get(option) is not None and source["input_format"] != "CSV":
            yield f"{where}{option}: only CSV files have it; remove it, or declare input_format: CSV"
    if source.get("csv_delimiter") not in (None, *DELIMITERS):
        yield f"{where}csv_delimiter: '{source['csv_delimiter']}' is none; give one of , ; : | a tab or a space"
    columns = source.get("csv_header_list")
    if columns is not None and (not 1 <= len(columns) <= COLUMNS or "" in columns):
        yield f"{where}csv_header_list: give 1 to {COLUMNS} names, none of them empty, or leave it out"

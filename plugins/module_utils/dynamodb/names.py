# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The forms of the names that DynamoDB takes, its own and those of other services.

Sources: the API reference (CreateTable, RestoreTableFromBackup, ImportTable, EnableKinesisStreamingDestination) and
those of KMS and Kinesis.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
TABLE_ARN = re.compile(rf"arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{{12}}:table/{NAME.pattern}", re.ASCII)
BACKUP_ARN = re.compile(rf"{TABLE_ARN.pattern}/backup/[\w-]+", re.ASCII)
STREAM_ARN = re.compile(r"arn:aws[a-z-]*:kinesis:([a-z0-9-]+):\d{12}:stream/[\w.-]{1,128}", re.ASCII)
KEY = re.compile(r"(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/|alias/)?[\w/-]+", re.ASCII)
REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+", re.ASCII)
BUCKET = re.compile(r"[a-zA-Z0-9][\w.-]{1,253}[a-zA-Z0-9]", re.ASCII)
ACCOUNT = re.compile(r"\d{12}", re.ASCII)

FORM = "use 3 to 255 of a-z, A-Z, 0-9, '_', '-', '.'"
LONGEST_ATTRIBUTE = 255  # bytes


def misnamed(option: str, name: str) -> Iterator[str]:
    """A sentence if the name of a table or an index is wrong."""
    if not NAME.fullmatch(name):
        yield f"{option}: '{name}' is not a name that DynamoDB takes; {FORM}"


def misnamed_or_arn(option: str, name: str) -> Iterator[str]:
    """A sentence if a table's name is wrong, for options that also take an ARN."""
    if not TABLE_ARN.fullmatch(name):
        yield from misnamed(option, name)


def misnamed_attribute(option: str, name: str) -> Iterator[str]:
    """A sentence if the name of an attribute is wrong: of a key, of a projection, or of time to live."""
    size = len(name.encode())
    if not 1 <= size <= LONGEST_ATTRIBUTE:
        yield f"{option}: {f'it has {size} bytes' if size else 'it is empty'}; give a name of 1 to 255 bytes"

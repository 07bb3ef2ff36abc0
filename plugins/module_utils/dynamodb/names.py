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

# As text: a pattern is compiled where it is first needed, and most tasks need only one of them.
NAME = r"[a-zA-Z0-9_.-]{3,255}"
TABLE_ARN = rf"arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{{12}}:table/{NAME}"
BACKUP_ARN = rf"{TABLE_ARN}/backup/[a-zA-Z0-9_-]+"
STREAM_ARN = r"arn:aws[a-z-]*:kinesis:([a-z0-9-]+):[0-9]{12}:stream/[a-zA-Z0-9_.-]{1,128}"
KEY = r"(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/|alias/)?[a-zA-Z0-9_/-]+"
REGION = r"[a-z]{2,}(-[a-z]+)+-[0-9]+"
BUCKET = r"[a-zA-Z0-9][a-zA-Z0-9_.-]{1,253}[a-zA-Z0-9]"
ACCOUNT = r"[0-9]{12}"

FORM = "use 3 to 255 of a-z, A-Z, 0-9, '_', '-', '.'"
LONGEST_ATTRIBUTE = 255  # bytes
LARGEST_CAPACITY = 2**63 - 1


def misnamed(option: str, name: str) -> Iterator[str]:
    """A sentence if the name of a table or an index is wrong."""
    if not re.fullmatch(NAME, name):
        yield f"{option}: '{name}' is not a name that DynamoDB takes; {FORM}"


def misnamed_or_arn(option: str, name: str) -> Iterator[str]:
    """A sentence if a table's name is wrong, for options that also take an ARN."""
    if not re.fullmatch(TABLE_ARN, name):
        yield from misnamed(option, name)


def misnamed_attribute(option: str, name: str) -> Iterator[str]:
    """A sentence if the name of an attribute is wrong: of a key, of a projection, or of time to live."""
    size = len(name.encode())
    if not 1 <= size <= LONGEST_ATTRIBUTE:
        yield f"{option}: {f'it has {size} bytes' if size else 'it is empty'}; give a name of 1 to 255 bytes"

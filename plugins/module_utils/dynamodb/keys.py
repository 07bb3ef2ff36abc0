# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""KMS keys: whatever they are called by, DynamoDB tells their ARN."""

from __future__ import annotations

from ..connection import CallFailed, Connect, call
from ..plan import Impossible
from .table import MANAGED_KEY


def resolve(connect: Connect, key: str, region: str | None) -> str | None:
    """The ARN of a key that is called by alias, id or ARN (lesson 49); ``None`` for a managed key not yet made.

    Raises Impossible where there is no such key, and CallFailed where it cannot be read.
    """
    if ":key/" in key:
        return key
    client = connect("kms", region) if region else connect("kms")
    try:
        answer = call(client, "DescribeKey", {"KeyId": key}, f"read the key {key}", key)
    except CallFailed as failure:
        if failure.code != "NotFoundException":
            raise
        if key == MANAGED_KEY:
            return None
        where, place = (f"replicas[{region}]", region) if region else ("sse_specification", "the table's region")
        raise Impossible(
            f"{where}.kms_master_key_id: there is no key {key}; give the alias, id or ARN of a key in {place}"
        ) from failure
    arn: str = answer["KeyMetadata"]["Arn"]
    return arn

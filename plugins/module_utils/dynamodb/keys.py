# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""KMS keys by any of their names; DynamoDB answers with their ARNs."""

from __future__ import annotations

from ..connection import CallFailed, Connect, Unread, call
from ..plan import Impossible, region_of
from .table import MANAGED_KEY


def resolve(connect: Connect, key: str, region: str | None, own_region: str = "") -> str | None:
    """The ARN of a key that is named by alias, id or ARN; ``None`` for a managed key not yet made.

    AWS encrypts anew for another name of the same key, so that names are not compared (rule keys-are-told-by-arn).
    Raises Impossible if there is no such key, and CallFailed if it cannot be read.
    """
    option = f"replicas[{region}].kms_master_key_id" if region else "sse_specification.kms_master_key_id"
    of_key = region_of(key)
    if of_key and (region or own_region) not in ("", of_key):  # rule a-key-is-of-its-region
        raise Impossible(f"{option}: the key {key} is of another region; give one of {region or own_region}")
    if ":key/" in key:
        return key
    client = connect("kms", region) if region else connect("kms")
    try:
        answer = call(client, "DescribeKey", {"KeyId": key}, f"read the key {key}", key)
    except CallFailed as failure:
        from ..call_faults import DENIED

        if failure.code in DENIED:
            raise Unread({(region or "", "kms_master_key_id" if region else "sse_specification"): failure}) from failure
        if failure.code != "NotFoundException":
            raise
        if key == MANAGED_KEY:
            return None
        where = f"in {region}" if region else "in the table's region"
        raise Impossible(f"{option}: there is no key {key}; give the alias, id or ARN of a key {where}") from failure
    arn: str = answer["KeyMetadata"]["Arn"]
    return arn

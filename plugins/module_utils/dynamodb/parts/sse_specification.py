# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Encryption at rest: whose key encrypts a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...plan import Step
from .. import holders
from ..names import KEY
from ..shared_options import ResolveKey, key_as_given
from ..table import MANAGED_KEY, NEW, Encryption, Table, key_of_ones_own


def mistakes(options: Mapping[str, Any]) -> Iterator[str]:
    """A key has a name of a form, and is one's own."""
    declared = options.get("sse_specification") or {}
    if declared.get("kms_master_key_id") is not None and not declared["enabled"]:
        yield "sse_specification.kms_master_key_id: a key that AWS owns has no name; remove it, or set enabled: true"
    for where, holder in (("sse_specification.", declared), *holders.of_replicas(options)):
        key = holder.get("kms_master_key_id")
        if key is not None and not re.fullmatch(KEY, key):
            yield f"{where}kms_master_key_id: '{key}' is not a key; give the alias, id or ARN of one, or leave it out"


def desire(options: Mapping[str, Any], observed: Encryption, resolve_key: ResolveKey = key_as_given) -> Encryption:
    """The declared key by its ARN, which is how DynamoDB names a key whatever it was called by.

    Rules encryption-absent-is-owned and keys-are-told-by-arn.
    """
    declared = options.get("sse_specification")
    if declared is None:
        return observed
    if not declared["enabled"]:
        return NEW.encryption
    own = key_of_ones_own(declared.get("kms_master_key_id"))
    if own is None:
        managed = observed.key and observed.key in (MANAGED_KEY, resolve_key(MANAGED_KEY, None))
        return observed if managed else Encryption(MANAGED_KEY)
    return Encryption(resolve_key(own, None))


def to_options(value: Encryption) -> dict[str, Any]:
    """Encryption as its option takes it."""
    if value.key is None:
        return {"enabled": False}
    return {"enabled": True, **({} if value.key == MANAGED_KEY else {"kms_master_key_id": value.key})}


def from_api(answer: Mapping[str, Any]) -> Encryption:
    """No description is a key that AWS owns (rule encryption-absent-is-owned)."""
    described = answer.get("SSEDescription") or {}
    if described.get("Status") not in ("ENABLING", "ENABLED", "UPDATING"):
        return NEW.encryption
    key = described.get("KMSMasterKeyArn") or MANAGED_KEY
    return Encryption(MANAGED_KEY if key.endswith(f":{MANAGED_KEY}") else key)


def to_api(value: Encryption) -> dict[str, Any]:
    """No key is a key that AWS owns; AWS's key of the account needs no name (rule encryption-absent-is-owned)."""
    if value.key is None:
        return {"Enabled": False}
    return {"Enabled": True, "SSEType": "KMS", **({} if value.key == MANAGED_KEY else {"KMSMasterKeyId": value.key})}


def words(value: Encryption) -> str:
    """Words for the key that encrypts."""
    if value.key is None:
        return "a key that AWS owns"
    return "the AWS managed key" if value.key == MANAGED_KEY else f"the key {value.key}"


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """Another key, alone in its call (rule encryption-travels-alone). Keys of replicas change in replica_planning."""
    if desired.encryption != observed.encryption:
        arguments = {"TableName": observed.name, "SSESpecification": to_api(desired.encryption)}
        sentence = f"encrypt table {observed.name} with {words(desired.encryption)}"
        yield Step("dynamodb", "UpdateTable", arguments, sentence, lengthy=True)

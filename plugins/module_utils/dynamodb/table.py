# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A DynamoDB table as a value: one type for what is there and for what is wanted.

A part that is ``None`` (tags, time to live …) is unknown: nobody declared it, so nobody read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PROVISIONED = "PROVISIONED"
ON_DEMAND = "PAY_PER_REQUEST"
STANDARD = "STANDARD"
GLOBAL = "global"
LOCAL = "local"


@dataclass(frozen=True)
class Attribute:
    """A key attribute. ``type`` is S, N or B."""

    name: str
    type: str


@dataclass(frozen=True)
class KeySchema:
    """Partition and sort key. A global index may have up to four attributes in each (lesson 36)."""

    hash: tuple[Attribute, ...]
    range: tuple[Attribute, ...] = ()

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """All key attributes, those of the partition key first."""
        return self.hash + self.range


@dataclass(frozen=True)
class Projection:
    """``type`` is ALL, KEYS_ONLY or INCLUDE. The order of included attributes has no meaning (lesson 26)."""

    type: str
    non_key_attributes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Throughput:
    """Provisioned capacity, in units."""

    read: int
    write: int


@dataclass(frozen=True)
class Index:
    """A secondary index. ``scope`` is global or local; ``throughput`` is None on an on-demand table."""

    name: str
    scope: str
    key_schema: KeySchema
    projection: Projection
    throughput: Throughput | None = None


@dataclass(frozen=True)
class TimeToLive:
    """While it is off, DynamoDB does not remember the attribute (lesson 60)."""

    enabled: bool
    attribute_name: str | None = None


@dataclass(frozen=True)
class PointInTimeRecovery:
    """Continuous backups, to restore the table as it was at any second."""

    enabled: bool


@dataclass(frozen=True)
class Live:
    """What only an existing table has: it can be read, not declared."""

    arn: str
    status: str
    description: Mapping[str, Any] = field(repr=False)
    indexes_in_transition: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """TableStatus alone does not tell: a table is ACTIVE while its indexes are being built (lesson 20)."""
        return self.status in ("ACTIVE", "ARCHIVED") and not self.indexes_in_transition


@dataclass(frozen=True)
class Table:
    """A table with all that can be declared of it, and in ``live`` what cannot."""

    name: str
    key_schema: KeySchema
    indexes: tuple[Index, ...] = ()
    billing_mode: str = ON_DEMAND
    throughput: Throughput | None = None
    table_class: str = STANDARD
    deletion_protection_enabled: bool = False
    tags: Mapping[str, str] | None = None
    time_to_live: TimeToLive | None = None
    point_in_time_recovery: PointInTimeRecovery | None = None
    live: Live | None = field(default=None, compare=False, repr=False)

    @property
    def global_indexes(self) -> tuple[Index, ...]:
        """The indexes that can come and go."""
        return tuple(index for index in self.indexes if index.scope == GLOBAL)

    @property
    def local_indexes(self) -> tuple[Index, ...]:
        """The indexes that live as long as the table."""
        return tuple(index for index in self.indexes if index.scope == LOCAL)

    @property
    def attributes(self) -> frozenset[Attribute]:
        """Every attribute that a key uses, and no other (lesson 2)."""
        schemas = (self.key_schema, *(index.key_schema for index in self.indexes))
        return frozenset(attribute for schema in schemas for attribute in schema.attributes)

    def index(self, name: str) -> Index | None:
        """The index of this name, if there is one."""
        return next((index for index in self.indexes if index.name == name), None)

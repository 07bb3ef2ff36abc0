# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""A DynamoDB table as a value: one type for the observed and for the desired table.

A part that is ``None`` (tags, time to live …) is unknown: nobody declared it, so nobody read it.

Where every field counts in a comparison, a value is a named tuple: a module starts anew for each task, and Python
makes a named tuple in a fifth of the time of a dataclass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

PROVISIONED = "PROVISIONED"
ON_DEMAND = "PAY_PER_REQUEST"
STANDARD = "STANDARD"
GLOBAL = "global"
LOCAL = "local"
EVENTUAL = "EVENTUAL"
STRONG = "STRONG"
MANAGED_KEY = "alias/aws/dynamodb"
MILLISECOND = "MILLISECOND"


# Statuses that last until somebody acts, and their meaning: waiting ends none of them, and a table or replica still
# takes many steps (rule unwell-is-settled).
UNWELL = {
    "INACCESSIBLE_ENCRYPTION_CREDENTIALS": "AWS cannot use its key, and nobody can read or write its items",
    "ARCHIVED": "AWS could not use its key for a week, and archived its items as a backup",
    "REPLICATION_NOT_AUTHORIZED": "AWS may not replicate its items",
    "REGION_DISABLED": "the account has disabled its region",
    "CREATION_FAILED": "AWS could not make it",
}


class Attribute(NamedTuple):
    """A key attribute. ``type`` is S, N or B."""

    name: str
    type: str


class KeySchema(NamedTuple):
    """Partition and sort key. A global index may have up to four attributes in each (rule hash-before-range)."""

    hash: tuple[Attribute, ...]
    range: tuple[Attribute, ...] = ()

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """All key attributes, those of the partition key first."""
        return self.hash + self.range


class Projection(NamedTuple):
    """``type`` is ALL, KEYS_ONLY or INCLUDE. The order of included attributes has no meaning.

    Rule included-attributes-are-a-set.
    """

    type: str
    non_key_attributes: frozenset[str] = frozenset()


class Throughput(NamedTuple):
    """Provisioned capacity, in units."""

    read: int
    write: int


class OnDemandThroughput(NamedTuple):
    """The most that an on-demand table or index takes, in request units a second; -1 is no maximum.

    Rule maximum-cleared-by-minus-one.
    """

    read: int = -1
    write: int = -1


NO_MAXIMUM = OnDemandThroughput()


class WarmThroughput(NamedTuple):
    """The load that a table or index takes at once, in units a second.

    Warm throughput only grows (rule warm-throughput-only-grows).
    """

    read: int
    write: int


def warmest(first: WarmThroughput, *others: WarmThroughput | None) -> WarmThroughput:
    """The largest reads and the largest writes of all."""
    known = [first, *(other for other in others if other)]
    return WarmThroughput(max(each.read for each in known), max(each.write for each in known))


def warm_anyway(throughput: Throughput | None) -> WarmThroughput:
    """The warm throughput that a table or index has from the beginning (rule warm-throughput-has-a-floor)."""
    return WarmThroughput(*throughput) if throughput else WarmThroughput(12000, 4000)


class ContributorInsights(NamedTuple):
    """Contributor insights: which keys are accessed and throttled most."""

    enabled: bool
    mode: str | None = None


class Index(NamedTuple):
    """A secondary index. ``scope`` is global or local; ``throughput`` is None on an on-demand table."""

    name: str
    scope: str
    key_schema: KeySchema
    projection: Projection
    throughput: Throughput | None = None
    on_demand_throughput: OnDemandThroughput = NO_MAXIMUM
    warm_throughput: WarmThroughput | None = None
    contributor_insights: ContributorInsights | None = None

    @property
    def shape(self) -> tuple[str, KeySchema, Projection]:
        """The part of an index that DynamoDB cannot change (rule an-index-keeps-its-shape)."""
        return self.scope, self.key_schema, self.projection


class VectorIndex(NamedTuple):
    """An index that finds items by the nearness of their vectors. DynamoDB can change nothing of such an index.

    Rule a-vector-index-keeps-its-shape. A search names a value of ``hash``, where there is one, and may name values of
    ``filters``. A type is "" if it is unknown, as in a backup.
    """

    name: str
    vector_attribute: str
    dimensions: int
    distance_function: str
    projection: Projection
    hash: tuple[Attribute, ...] = ()
    filters: frozenset[Attribute] = frozenset()

    @property
    def search_schema(self) -> tuple[Attribute, ...]:
        """The attributes that a search can name, the partition key first."""
        return (*self.hash, *sorted(self.filters))


class TimeToLive(NamedTuple):
    """Time to live. DynamoDB forgets the attribute when it is off (rule expiry-off-forgets-its-attribute)."""

    enabled: bool
    attribute_name: str | None = None


class PointInTimeRecovery(NamedTuple):
    """Continuous backups, to restore the table as it was at any second of the last ``recovery_period_in_days``."""

    enabled: bool
    recovery_period_in_days: int | None = None


class Stream(NamedTuple):
    """The stream of the table's changes; without a view type when it is off (rule a-stream-that-is-off-is-absent)."""

    enabled: bool
    view_type: str | None = None


class Encryption(NamedTuple):
    """``key`` is the ARN of a KMS key, MANAGED_KEY for AWS's key of the account, or None for a key that AWS owns."""

    key: str | None = None


NO_STREAM = Stream(False)
OWNED_KEY = Encryption()


def key_of_ones_own(key: str | None) -> str | None:
    """The key as given; None without one, and for the alias of AWS's key of the account."""
    return None if not key or key == MANAGED_KEY or key.endswith(f":{MANAGED_KEY}") else key


class KinesisDestination(NamedTuple):
    """A Kinesis data stream that the table's changes go to, with the precision of their times."""

    stream_arn: str
    precision: str = MILLISECOND


def own_units(units: int | None, of_the_table: int) -> int | None:
    """The units of a replica; None if they equal the table's (rule replica-units-of-the-table-are-none)."""
    return None if units == of_the_table else units


@dataclass(frozen=True)
class Replica:
    """The table in another region. A part that is None is unknown, as with the table itself.

    ``read_capacity`` and ``max_read_request_units`` are None if the replica has the table's. ``declared`` names the
    options that declare something of the replica; ``reason`` is AWS's reason for ``status``.
    """

    region_name: str
    kms_master_key: str | None = None
    table_class: str | None = None
    read_capacity: int | None = None
    max_read_request_units: int | None = None
    deletion_protection_enabled: bool | None = None
    point_in_time_recovery: PointInTimeRecovery | None = None
    tags: Mapping[str, str] | None = None
    arn: str = field(default="", compare=False)
    declared: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    status: str = field(default="", compare=False)
    reason: str = field(default="", compare=False)


class Origin(NamedTuple):
    """The call that makes a new table in place of CreateTable, and the table that the call makes."""

    call: str
    arguments: Mapping[str, Any]
    sentence: str
    table: Table


class Live(NamedTuple):
    """The part of an existing table that can be read and not declared.

    ``warming`` names the indexes whose warm throughput is being raised, "" the table: raising takes minutes, keeps no
    other step waiting, and reads show the old values meanwhile (rule warm-throughput-settles-late). ``by_data``: the
    transition takes as long as the data, as that of an index. ``building`` names the indexes that are being built on
    the table while it is used.
    """

    arn: str
    status: str
    description: Mapping[str, Any]
    parts_in_transition: tuple[str, ...] = ()
    observed_at: datetime | None = None
    warming: frozenset[str] = frozenset()
    by_data: bool = False
    building: frozenset[str] = frozenset()

    @property
    def settled(self) -> bool:
        """Whether the table can take a step. TableStatus does not say: a table is ACTIVE while its indexes are built.

        Rule an-active-table-may-be-busy.
        """
        return (self.status == "ACTIVE" or self.status in UNWELL) and not self.parts_in_transition

    @property
    def state(self) -> str:
        """The status of the table and of each part that is in transition, in words."""
        return self._with(self.parts_in_transition)

    @property
    def state_of_warming(self) -> str:
        """The state, with the warm throughput that is being raised; empty if none is."""
        raised = [
            f"warm throughput of index {name} UPDATING" if name else "warm throughput UPDATING" for name in self.warming
        ]
        return self._with((*self.parts_in_transition, *sorted(raised))) if raised else ""

    def _with(self, parts: tuple[str, ...]) -> str:
        return f"{self.status} ({', '.join(parts)})" if parts else self.status


@dataclass(frozen=True)
class Table:
    """A table: all that can be declared of it, and in ``live`` all that cannot."""

    name: str
    key_schema: KeySchema
    indexes: tuple[Index, ...] = ()
    vector_indexes: tuple[VectorIndex, ...] = ()
    billing_mode: str = ON_DEMAND
    throughput: Throughput | None = None
    table_class: str = STANDARD
    deletion_protection_enabled: bool = False
    tags: Mapping[str, str] | None = None
    time_to_live: TimeToLive | None = None
    point_in_time_recovery: PointInTimeRecovery | None = None
    stream: Stream = NO_STREAM
    encryption: Encryption = OWNED_KEY
    on_demand_throughput: OnDemandThroughput = NO_MAXIMUM
    warm_throughput: WarmThroughput | None = None
    contributor_insights: ContributorInsights | None = None
    resource_policy: Mapping[str, Any] | None = None
    kinesis_streaming_destination: frozenset[KinesisDestination] | None = None
    replicas: tuple[Replica, ...] = ()
    multi_region_consistency: str = EVENTUAL
    witness_region: str | None = None
    disassociation_protection_enabled: bool = True
    origin: Origin | None = field(default=None, compare=False, repr=False)
    live: Live | None = field(default=None, compare=False, repr=False)

    @property
    def arn(self) -> str:
        """The ARN of an existing table; the name of a table that does not exist yet."""
        return self.live.arn if self.live else self.name

    @property
    def global_indexes(self) -> tuple[Index, ...]:
        """The global indexes, which can be added and deleted."""
        return tuple(index for index in self.indexes if index.scope == GLOBAL)

    @property
    def local_indexes(self) -> tuple[Index, ...]:
        """The local indexes, which live as long as the table."""
        return tuple(index for index in self.indexes if index.scope == LOCAL)

    @property
    def attributes(self) -> frozenset[Attribute]:
        """The attributes that keys and searches use, and no others, as far as their types are known.

        Rules definitions-are-the-keys, filters-are-defined.
        """
        schemas = (self.key_schema, *(index.key_schema for index in self.indexes))
        searched = (attribute for index in self.vector_indexes for attribute in index.search_schema if attribute.type)
        return frozenset((*searched, *(attribute for schema in schemas for attribute in schema.attributes)))

    def without_warmth(self) -> Table:
        """The table with unknown warm throughput, and its indexes alike."""
        indexes = tuple(index._replace(warm_throughput=None) for index in self.indexes)
        return replace(self, warm_throughput=None, indexes=indexes)

    @property
    def warming(self) -> frozenset[str]:
        """The indexes, and "" for the table, whose warm throughput is being raised."""
        return self.live.warming if self.live else frozenset()

    @property
    def building(self) -> frozenset[str]:
        """The indexes that are being built on the table while it is used."""
        return self.live.building if self.live else frozenset()

    def index(self, name: str) -> Index | None:
        """The index of this name, if there is one."""
        return next((index for index in self.indexes if index.name == name), None)

    def vector_index(self, name: str) -> VectorIndex | None:
        """The vector index of this name, if there is one."""
        return next((index for index in self.vector_indexes if index.name == name), None)

    def replica(self, region_name: str) -> Replica | None:
        """The replica in this region, if there is one."""
        return next((replica for replica in self.replicas if replica.region_name == region_name), None)

    def as_new(self, parts: Iterable[str]) -> Table:
        """The table with these parts, and the insights of its indexes, as a new table has them."""
        indexes = (
            index._replace(contributor_insights=NEW.contributor_insights) if index.scope == GLOBAL else index
            for index in self.indexes
        )
        return replace(self, indexes=tuple(indexes), **{part: getattr(NEW, part) for part in parts})


# A table that was just made without any option: a part that is None here is unknown.
NEW = Table(
    name="",
    key_schema=KeySchema(()),
    tags={},
    time_to_live=TimeToLive(False),
    point_in_time_recovery=PointInTimeRecovery(False),
    contributor_insights=ContributorInsights(False),
    resource_policy={},
    kinesis_streaming_destination=frozenset(),
)
# The parts that neither CreateTable nor a restore brings.
COMES_LATER = (
    "time_to_live",
    "point_in_time_recovery",
    "contributor_insights",
    "kinesis_streaming_destination",
    "replicas",
    "multi_region_consistency",
    "witness_region",
    "disassociation_protection_enabled",
)
# The parts that CreateTable brings, and a restore does not (rule restored-tables-start-bare).
COMES_WITH_CREATION = ("tags", "resource_policy", "stream", "table_class", "deletion_protection_enabled")

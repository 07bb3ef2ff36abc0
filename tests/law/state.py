# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A table as AWS's rules see it, the calls that change it, and what they make of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

ON_DEMAND = "PAY_PER_REQUEST"
PROVISIONED = "PROVISIONED"
READS = ("Describe", "List", "Get", "Query", "Scan", "BatchGet", "Search")
RESTORES = ("RestoreTableFromBackup", "RestoreTableToPointInTime")

Units = tuple[int, int]
Keys = tuple[tuple[str, str], ...]
NO_MAXIMUM: Units = (-1, -1)
# What a new table or index on demand takes in a second (rule warm-throughput-has-a-floor).
ON_DEMAND_FLOOR: Units = (12000, 4000)


@dataclass(frozen=True)
class Call:
    """A call as it went over the wire. ``answer`` is None where it was refused."""

    operation: str
    arguments: Mapping[str, Any]
    region: str = "us-east-1"
    answer: Mapping[str, Any] | None = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return not self.operation.startswith(READS)

    @property
    def table_name(self) -> str:
        """The name of the table that it is about: of a restore, the source."""
        members = (
            "TableName",
            "ResourceArn",
            "SourceTableName",
            "SourceTableArn",
            "BackupArn",
            "TableArn",
            "ImportArn",
        )
        named: str = next((declaration(self)[member] for member in members if member in declaration(self)), "")
        return named.partition(":table/")[2].partition("/")[0] if named.startswith("arn:") else named

    @property
    def index_updates(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The entries of GlobalSecondaryIndexUpdates: (Create | Update | Delete, what)."""
        return _entries(self.arguments.get("GlobalSecondaryIndexUpdates"))

    @property
    def vector_updates(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The entries of VectorIndexUpdates: (Create | Delete, what). Rule a-vector-index-keeps-its-shape."""
        return _entries(self.arguments.get("VectorIndexUpdates"))

    @property
    def replica_updates(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The entries of ReplicaUpdates: (Create | Update | Delete, what)."""
        return _entries(self.arguments.get("ReplicaUpdates"))


class Work(NamedTuple):
    """Work under way at a table: its kind, and its index, replica or Kinesis stream."""

    kind: str
    what: str = ""


@dataclass(frozen=True)
class Index:
    """An index, as far as the rules look at it."""

    keys: Keys
    included: tuple[str, ...] = ()
    projection: str = "ALL"
    throughput: Units | None = None
    maximum: Units = NO_MAXIMUM
    warm: Units = (0, 0)


@dataclass(frozen=True)
class VectorIndex:
    """A vector index, as far as the rules look at it. ``schema`` is SearchSchema, sorted, as (attribute, role)."""

    attribute: str
    dimensions: int
    function: str = "COSINE"
    schema: Keys = ()
    projection: str = "KEYS_ONLY"
    included: tuple[str, ...] = ()

    @property
    def hash_key(self) -> str | None:
        """The attribute that every search has to name."""
        return next((name for name, role in self.schema if role == "HASH"), None)


@dataclass(frozen=True)
class Table:
    """A table, as far as AWS's rules look at it. ``warm`` of (0, 0) is not known.

    ``modes`` are the billing modes that it has had before, and ``raised`` names the indexes, "" the table, whose warm
    throughput a call has raised.
    """

    region: str
    types: Mapping[str, str]
    keys: Keys
    name: str = ""
    local_indexes: Mapping[str, Index] = field(default_factory=dict)
    global_indexes: Mapping[str, Index] = field(default_factory=dict)
    vector_indexes: Mapping[str, VectorIndex] = field(default_factory=dict)
    billing_mode: str = ON_DEMAND
    modes: frozenset[str] = frozenset()
    throughput: Units | None = None
    maximum: Units = NO_MAXIMUM
    warm: Units = (0, 0)
    raised: frozenset[str] = frozenset()
    table_class: str = "STANDARD"
    protected: bool = False
    stream: str | None = None
    encryption: str | None = None
    expiry: str | None = None
    recovery: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    kinesis: frozenset[str] = frozenset()
    replicas: frozenset[str] = frozenset()
    protected_replicas: frozenset[str] = frozenset()
    strong: bool = False
    # What is going on there, as far as one can know it, and what is taken of each quota.
    under_way: frozenset[Work] = frozenset()
    spent: Mapping[str, int] = field(default_factory=dict)

    @property
    def indexes(self) -> Mapping[str, Index]:
        """The indexes that have keys."""
        return {**self.local_indexes, **self.global_indexes}

    @property
    def vectors(self) -> dict[str, int]:
        """The attributes of vectors, and how many numbers each has."""
        return {each.attribute: each.dimensions for each in self.vector_indexes.values()}

    @property
    def roles(self) -> dict[str, str]:
        """The roles of an attribute in keys and SearchSchemas, such as HASH."""
        schemas = [self.keys, *(each.keys for each in self.indexes.values())]
        schemas += [each.schema for each in self.vector_indexes.values()]
        return {name: role for schema in reversed(schemas) for name, role in schema}

    def busy_with(self, *kinds: str) -> list[str]:
        """The names of the things, or of the table, at which some kinds of work are under way."""
        return sorted(work.what or self.name for work in self.under_way if work.kind in kinds)


def after(table: Table | None, call: Call) -> Table | None:
    """The table after a write that was accepted."""
    changed = _after(table, call)
    return changed and _warmed(changed)


def _after(table: Table | None, call: Call) -> Table | None:
    if call.operation == "CreateTable":
        return _create(call)
    if call.operation == "DeleteTable" or table is None:
        return None
    if call.operation == "UpdateTable":
        return _update(table, call) if call.region == table.region else _protect_replica(table, call)
    return _part(table, call) if call.region == table.region else table


def spends(table: Table, call: Call) -> Counter[str]:
    """The share that a call takes of each quota."""
    spent: Counter[str] = Counter()
    if call.operation == "UpdateTimeToLive":
        spent["change of time to live"] += 1
    if call.operation != "UpdateTable":
        return spent
    spent["change of table class"] += call.arguments.get("TableClass", table.table_class) != table.table_class
    spent["change of encryption"] += "SSESpecification" in call.arguments
    spent["switch to on-demand"] += switches(table, call, ON_DEMAND)
    for holder, live in with_live(table, call):
        wanted = throughput(holder)
        if wanted and live.throughput and any(new < old for new, old in zip(wanted, live.throughput)):
            of = f" of index {holder['IndexName']}" if "IndexName" in holder else ""
            spent[f"decrease of capacity{of}"] += 1
    return spent


# -- what calls make of a table


def described(description: Mapping[str, Any], region: str) -> Table:
    """A table that was restored or imported, from its description: it has no more (rule restored-tables-start-bare)."""
    given = {
        **description,
        "BillingMode": (description.get("BillingModeSummary") or {}).get("BillingMode", PROVISIONED),
    }
    holders = [given, *(given.get("GlobalSecondaryIndexes") or [])]
    if given["BillingMode"] == ON_DEMAND:  # rule on-demand-reads-zero-capacity
        holders = [{member: each[member] for member in each if member != "ProvisionedThroughput"} for each in holders]
    given = {**holders[0], "GlobalSecondaryIndexes": holders[1:]}
    key = (description.get("SSEDescription") or {}).get("KMSMasterKeyArn")
    return _warmed(replace(_create(Call("CreateTable", given, region)), encryption=key))


def _create(call: Call) -> Table:
    arguments = call.arguments
    table = Table(
        region=call.region,
        name=call.table_name,
        types=types(call),
        keys=keys(arguments),
        local_indexes={each["IndexName"]: index(each) for each in members(call, "LocalSecondaryIndexes")},
        global_indexes={each["IndexName"]: index(each) for each in members(call, "GlobalSecondaryIndexes")},
        vector_indexes={each["IndexName"]: vector_index(each) for each in members(call, "VectorIndexes")},
        billing_mode=arguments.get("BillingMode", PROVISIONED),
        throughput=throughput(arguments),
        maximum=maximum(arguments, NO_MAXIMUM),
        warm=warm(arguments, (0, 0)),
        table_class=arguments.get("TableClass", "STANDARD"),
        encryption=encryption(arguments.get("SSESpecification") or {"Enabled": False}),
        tags=tags(call),
    )
    return _switch(table, arguments)


def _warmed(table: Table) -> Table:
    """Warm throughput grows with what a table takes anyway (rule warm-throughput-has-a-floor), and stays."""
    indexes = {name: replace(each, warm=_warmth(each, table)) for name, each in table.global_indexes.items()}
    return replace(table, warm=_warmth(table, table), global_indexes=indexes)


def _warmth(holder: Table | Index, table: Table) -> Units:
    floor = ON_DEMAND_FLOOR if table.billing_mode == ON_DEMAND else holder.throughput or (0, 0)
    return max(holder.warm[0], floor[0]), max(holder.warm[1], floor[1])


def _switch(table: Table, arguments: Mapping[str, Any]) -> Table:
    """Protection and stream."""
    specification = arguments.get("StreamSpecification")
    stream = specification.get("StreamViewType") if specification else table.stream
    return replace(table, stream=stream, protected=arguments.get("DeletionProtectionEnabled", table.protected))


def _protect_replica(table: Table, call: Call) -> Table:
    if "DeletionProtectionEnabled" not in call.arguments:
        return table
    change = (
        table.protected_replicas.union
        if call.arguments["DeletionProtectionEnabled"]
        else (table.protected_replicas.difference)
    )
    return replace(table, protected_replicas=change({call.region}))


def _update(table: Table, call: Call) -> Table:
    arguments = call.arguments
    spent = Counter(table.spent) + spends(table, call)
    table = replace(_switch(table, arguments), spent=spent)
    mode = arguments.get("BillingMode", table.billing_mode)
    indexes = {name: _of_mode(each, mode) for name, each in table.global_indexes.items()}
    for verb, each in call.index_updates:
        name = each["IndexName"]
        if verb == "Delete":
            del indexes[name]
        elif verb == "Create":
            indexes[name] = index(each)
        else:
            there = indexes[name]
            indexes[name] = replace(
                there,
                throughput=throughput(each) or there.throughput,
                maximum=maximum(each, there.maximum),
                warm=warm(each, there.warm),
            )
    vectors = dict(table.vector_indexes)
    for verb, each in call.vector_updates:
        if verb == "Delete":
            del vectors[each["IndexName"]]
        else:
            vectors[each["IndexName"]] = vector_index(each)
    replicas = set(table.replicas)
    for verb, each in call.replica_updates:
        if each["RegionName"] != table.region:
            (replicas.discard if verb == "Delete" else replicas.add)(each["RegionName"])
    sse = arguments.get("SSESpecification")
    return replace(
        table,
        types={**table.types, **types(call)},
        billing_mode=mode,
        modes=table.modes | {table.billing_mode},
        throughput=(throughput(arguments) or table.throughput) if mode == PROVISIONED else None,
        # Rule provisioned-has-no-maximum.
        maximum=maximum(arguments, table.maximum) if mode == ON_DEMAND else NO_MAXIMUM,
        warm=warm(arguments, table.warm),
        raised=(table.raised | _raised(call)) & {"", *indexes},
        table_class=arguments.get("TableClass", table.table_class),
        encryption=encryption(sse) if sse else table.encryption,
        # Rule replicas-freeze-the-stream.
        stream=table.stream or ("NEW_AND_OLD_IMAGES" if replicas else None),
        global_indexes=indexes,
        vector_indexes=vectors,
        replicas=frozenset(replicas),
        protected_replicas=table.protected_replicas & replicas,
        strong=bool(replicas) and (table.strong or arguments.get("MultiRegionConsistency") == "STRONG"),
    )


def _raised(call: Call) -> set[str]:
    """The indexes, "" the table, whose warm throughput a call raises."""
    return {each.get("IndexName", "") for each in holders(call) if "WarmThroughput" in each}


def _of_mode(index: Index, mode: str) -> Index:
    """An index after a switch of billing."""
    return replace(index, throughput=None) if mode == ON_DEMAND else replace(index, maximum=NO_MAXIMUM)


def _part(table: Table, call: Call) -> Table:
    """Apply a call about a part that has a call of its own."""
    arguments = call.arguments
    if call.operation == "TagResource":
        return replace(table, tags={**table.tags, **tags(call)})
    if call.operation == "UntagResource":
        return replace(table, tags={key: table.tags[key] for key in table.tags if key not in arguments["TagKeys"]})
    if call.operation == "UpdateTimeToLive":
        enabled, attribute = expiry(call)
        spent = Counter(table.spent) + spends(table, call)
        return replace(table, expiry=attribute if enabled else None, spent=spent)
    if call.operation == "UpdateContinuousBackups":
        specification = arguments["PointInTimeRecoverySpecification"]
        enabled = specification["PointInTimeRecoveryEnabled"]
        return replace(table, recovery=specification.get("RecoveryPeriodInDays", 35) if enabled else None)
    if call.operation.endswith("KinesisStreamingDestination"):
        arn = {arguments["StreamArn"]}
        kinesis = table.kinesis - arn if call.operation.startswith("Disable") else table.kinesis | arn
        return replace(table, kinesis=kinesis)
    return table


# -- reading arguments


def _entries(updates: Iterable[Mapping[str, Any]] | None) -> list[tuple[str, Mapping[str, Any]]]:
    return [(verb, what) for entry in updates or [] for verb, what in entry.items()]


def declaration(call: Call) -> Mapping[str, Any]:
    """The parameters of a table in a call; an import has them apart from the source of the items."""
    parameters: Mapping[str, Any] = call.arguments.get("TableCreationParameters") or call.arguments
    return parameters


def members(call: Call, member: str) -> list[Mapping[str, Any]]:
    """A list among the arguments."""
    return list(declaration(call).get(member) or [])


def all_indexes(call: Call) -> list[Mapping[str, Any]]:
    """The indexes of CreateTable."""
    return [*members(call, "GlobalSecondaryIndexes"), *members(call, "LocalSecondaryIndexes")]


def created(call: Call) -> list[Mapping[str, Any]]:
    """The indexes that an UpdateTable creates."""
    return [index for verb, index in call.index_updates if verb == "Create"]


def new_vectors(call: Call) -> list[tuple[str, Mapping[str, Any]]]:
    """The vector indexes that a call creates, each with its place in AWS's words."""
    if call.operation == "UpdateTable":
        entries = enumerate(members(call, "VectorIndexUpdates"), 1)
        return [
            (f"vectorIndexUpdates.{number}.member.create", entry["Create"])
            for number, entry in entries
            if "Create" in entry
        ]
    within = "tableCreationParameters." if call.operation == "ImportTable" else ""
    return [(f"{within}vectorIndexes.{n}.member", each) for n, each in enumerate(members(call, "VectorIndexes"), 1)]


def index_changes(call: Call) -> list[tuple[str, str]]:
    """The indexes of every kind that an UpdateTable creates or deletes: (Create | Delete, name)."""
    updates = [*call.index_updates, *call.vector_updates]
    return [(verb, index["IndexName"]) for verb, index in updates if verb != "Update"]


def witnesses(call: Call) -> list[str]:
    """The regions of the witnesses that an UpdateTable creates."""
    entries = _entries(call.arguments.get("GlobalTableWitnessUpdates"))
    return [witness["RegionName"] for verb, witness in entries if verb == "Create"]


def holders(call: Call) -> list[Mapping[str, Any]]:
    """The parts of an UpdateTable that are about the table and about each live index."""
    return [call.arguments, *(index for verb, index in call.index_updates if verb == "Update")]


def with_live(table: Table, call: Call) -> Iterator[tuple[Mapping[str, Any], Table | Index]]:
    """The same, with what is there now."""
    for holder in holders(call):
        live = table.global_indexes.get(holder["IndexName"]) if "IndexName" in holder else table
        if live is not None and call.region == table.region:
            yield holder, live


def others(call: Call, *taken: str) -> list[str]:
    """The other parts of an UpdateTable."""
    return sorted(call.arguments.keys() - {"TableName", *taken})


def switches(table: Table, call: Call, mode: str) -> bool:
    """Whether the billing mode becomes another one."""
    return call.arguments.get("BillingMode") == mode != table.billing_mode


def types(call: Call) -> dict[str, str]:
    """AttributeDefinitions, by name."""
    return {each["AttributeName"]: each["AttributeType"] for each in members(call, "AttributeDefinitions")}


def keys(holder: Mapping[str, Any]) -> Keys:
    """KeySchema as (attribute, role)."""
    return tuple((each["AttributeName"], each["KeyType"]) for each in holder["KeySchema"])


def index(holder: Mapping[str, Any]) -> Index:
    """An index as a call declares it."""
    projection = holder.get("Projection") or {}
    return Index(
        keys=keys(holder),
        included=tuple(projection.get("NonKeyAttributes") or ()),
        projection=projection.get("ProjectionType", "ALL"),
        throughput=throughput(holder),
        maximum=maximum(holder, NO_MAXIMUM),
        warm=warm(holder, (0, 0)),
    )


def search_schema(holder: Mapping[str, Any]) -> Keys:
    """SearchSchema as (attribute, role)."""
    elements = holder.get("SearchSchema") or []
    return tuple((each["AttributeName"], each["SearchSchemaElementType"]) for each in elements)


def vector_index(holder: Mapping[str, Any]) -> VectorIndex:
    """A vector index as a call declares it. The order of its attributes has no meaning."""
    projection = holder.get("Projection") or {}
    return VectorIndex(
        attribute=holder["VectorAttribute"]["AttributeName"],
        dimensions=int(holder["Dimensions"]),
        function=holder["DistanceFunction"],
        schema=tuple(sorted(search_schema(holder))),
        projection=projection.get("ProjectionType", ""),
        included=tuple(sorted(projection.get("NonKeyAttributes") or ())),
    )


def throughput(holder: Mapping[str, Any]) -> Units | None:
    """The read and write capacity."""
    given = holder.get("ProvisionedThroughput")
    return (given["ReadCapacityUnits"], given["WriteCapacityUnits"]) if given else None


def maximum(holder: Mapping[str, Any], live: Units) -> Units:
    """The maximum on demand of reads and writes, in place of the live one."""
    given = holder.get("OnDemandThroughput") or {}
    return (given.get("MaxReadRequestUnits", live[0]), given.get("MaxWriteRequestUnits", live[1]))


def warm(holder: Mapping[str, Any], live: Units) -> Units:
    """The warm throughput of reads and writes, in place of the live one."""
    given = holder.get("WarmThroughput") or {}
    return (given.get("ReadUnitsPerSecond", live[0]), given.get("WriteUnitsPerSecond", live[1]))


def encryption(specification: Mapping[str, Any]) -> str | None:
    """The key: None is a key that AWS owns, "" is AWS's key of the account."""
    return specification.get("KMSMasterKeyId", "") if specification.get("Enabled") else None


def expiry(call: Call) -> tuple[bool, str]:
    """Whether time to live is to be on, and its attribute."""
    specification = call.arguments["TimeToLiveSpecification"]
    return specification["Enabled"], specification["AttributeName"]


def tags(call: Call) -> dict[str, str]:
    """Tags, by key."""
    return {each["Key"]: each["Value"] for each in members(call, "Tags")}

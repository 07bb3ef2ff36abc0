# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Refusals of AWS, each rule a function under its name in docs/rules.md: ``class_travels_alone``.

A rule looks at a call, at the table as it is, and at what is under way there. It yields what AWS answers, in AWS's
words. The rules stand in the order in which AWS was seen to check them; the first one that refuses is what a client
sees.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.law import state
from tests.law.state import ON_DEMAND, ON_DEMAND_FLOOR, PROVISIONED, RESTORES, Call, Table, VectorIndex

# Regions that were seen to take no strong consistency.
WITHOUT_STRONG_CONSISTENCY = ("us-west-1",)
NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
TAG = re.compile(r"[\w\s+\-=.:/@]*")

# How often in the time that a quota speaks of, and AWS's words.
QUOTAS = {
    "switch to on-demand": (4, "Billing mode can be switched to PAY_PER_REQUEST 4 times in 24 hours"),
    "decrease of capacity": (4, "Provisioned throughput decreases are limited within a given UTC day"),
    "change of table class": (2, "Updates to TableClass are limited to 2 times in 30 day(s)."),
    "change of encryption": (4, "Encryption mode changes are limited in the 24h window"),
}
WRITES_OF_TAGS = ("TagResource", "UntagResource")
WRITES_OF_POLICY = ("PutResourcePolicy", "DeleteResourcePolicy")
WRITES_OF_BACKUPS = ("UpdateContinuousBackups", "CreateBackup")
INSIGHTS, EXPIRY = "UpdateContributorInsights", "UpdateTimeToLive"
KINESIS = tuple(f"{verb}KinesisStreamingDestination" for verb in ("Enable", "Update", "Disable"))
OF_A_LIVE_TABLE = (
    "UpdateTable", "DeleteTable", *WRITES_OF_TAGS, *WRITES_OF_POLICY, *WRITES_OF_BACKUPS, INSIGHTS, EXPIRY, *KINESIS
)  # fmt: skip

QUERIES = ("Query", "Scan")
READS_OF_CHILDREN = (
    "ListTagsOfResource", "GetResourcePolicy", "DescribeTimeToLive", "DescribeContinuousBackups",
    "DescribeContributorInsights", "ListContributorInsights", "DescribeKinesisStreamingDestination",
)  # fmt: skip


class Words(NamedTuple):
    """AWS's answer."""

    code: str
    message: str


class Refusal(NamedTuple):
    """AWS's answer, and the rule by its name in docs/rules.md."""

    code: str
    message: str
    rule: str


Check = Callable[[Any, Call], Iterator[Words]]


@dataclass(frozen=True)
class Rule:
    """A rule: the calls that it is about, and AWS's answer to a call that breaks it."""

    operations: tuple[str, ...]
    check: Check
    final: bool = False

    @property
    def name(self) -> str:
        """The name in docs/rules.md."""
        return self.check.__name__.replace("_", "-")

    def refusals(self, table: Table | None, call: Call) -> Iterator[Refusal]:
        """The objections of the rule to a call."""
        if call.operation in self.operations:
            yield from (Refusal(*words, self.name) for words in self.check(table, call))


def law(*operations: str, final: bool = False) -> Callable[[Check], Rule]:
    """Make a rule of a check. A final one is the last to be asked when it refuses: the others presuppose it."""
    return lambda check: Rule(operations, check, final)


def refusals(table: Table | None, call: Call) -> Iterator[Refusal]:
    """AWS's objections to a call, in the order in which AWS checks."""
    for rule in RULES:
        found = list(rule.refusals(table, call))
        yield from found
        if found and rule.final:
            return


def invalid(message: str) -> Words:
    """A ValidationException."""
    return Words("ValidationException", message)


def wrong(message: str) -> Words:
    """A ValidationException about a parameter."""
    return invalid(f"One or more parameter values were invalid: {message}")


def busy(message: str) -> Words:
    """A ResourceInUseException."""
    return Words("ResourceInUseException", f"Attempt to change a resource which is still in use: {message}")


def limited(message: str) -> Words:
    """A LimitExceededException."""
    return Words("LimitExceededException", f"Subscriber limit exceeded: {message}")


def unknown(message: str) -> Words:
    """A ResourceNotFoundException."""
    return Words("ResourceNotFoundException", f"Requested resource not found: {message}")


def throttled(message: str) -> Words:
    """A ThrottlingException."""
    return Words("ThrottlingException", message)


# -- UpdateTable: what shares a call, which AWS checks before it looks at the table


CHANGES = (
    "ProvisionedThroughput", "BillingMode", "StreamSpecification", "GlobalSecondaryIndexUpdates", "SSESpecification",
    "ReplicaUpdates", "DeletionProtectionEnabled", "OnDemandThroughput", "WarmThroughput", "TableClass",
    "VectorIndexUpdates",
)  # fmt: skip


@law("UpdateTable", final=True)
def an_update_changes_something(_table: Table | None, call: Call) -> Iterator[Words]:
    if not any(call.arguments.get(member) is not None for member in CHANGES):
        yield wrong(
            "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, "
            "SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, "
            "MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is "
            "required"
        )


@law("UpdateTable")
def each_index_is_changed_once(_table: Table | None, call: Call) -> Iterator[Words]:
    names = [index["IndexName"] for _verb, index in call.index_updates]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield wrong(f"Only one global secondary index update per index is allowed simultaneously. Index: {name}")


@law("UpdateTable")
def one_vector_action_an_entry(_table: Table | None, call: Call) -> Iterator[Words]:
    if any(len(entry) > 1 for entry in state.members(call, "VectorIndexUpdates")):
        yield wrong("Only one vector index action is allowed per VectorIndexUpdate object")


@law("UpdateTable")
def encryption_travels_alone(_table: Table | None, call: Call) -> Iterator[Words]:
    if "SSESpecification" in call.arguments and state.others(call, "SSESpecification"):
        yield wrong("Server-Side Encryption modification must be the only operation in the request")


@law("UpdateTable")
def class_travels_alone(_table: Table | None, call: Call) -> Iterator[Words]:
    if "TableClass" in call.arguments and state.others(call, "TableClass"):
        yield wrong("TableClass modification must be the only operation in the request")


@law("UpdateTable")
def protection_travels_alone(_table: Table | None, call: Call) -> Iterator[Words]:
    if "DeletionProtectionEnabled" in call.arguments and state.others(call, "DeletionProtectionEnabled"):
        yield wrong("DeletionProtection modification must be the only operation in the request")


@law("UpdateTable")
def warm_throughput_travels_alone(_table: Table | None, call: Call) -> Iterator[Words]:
    warmed = [index for verb, index in call.index_updates if verb == "Update" and "WarmThroughput" in index]
    crowded = "WarmThroughput" in call.arguments and bool(state.others(call, "WarmThroughput"))
    if warmed:
        crowded = len(call.index_updates) > 1 or bool(state.others(call, "GlobalSecondaryIndexUpdates"))
    if crowded or any("ProvisionedThroughput" in index or "OnDemandThroughput" in index for index in warmed):
        yield wrong("WarmThroughput must be the only operation in the request")


@law("UpdateTable")
def one_replica_at_a_time(_table: Table | None, call: Call) -> Iterator[Words]:
    verbs = [verb for verb, _replica in call.replica_updates if verb != "Update"]
    if call.arguments.get("MultiRegionConsistency") == "STRONG" or "GlobalTableWitnessUpdates" in call.arguments:
        if state.others(call, "ReplicaUpdates", "MultiRegionConsistency", "GlobalTableWitnessUpdates"):
            yield wrong("Requests that modify replicas or witnesses must not also modify other fields")
        return
    if call.replica_updates and state.others(call, "ReplicaUpdates"):
        yield wrong("Replica modification must be the only operation in the request")
    if len(set(verbs)) > 1:
        yield invalid("Update table operation with more than one type of replica actions not allowed.")
    elif len(verbs) > 1:
        yield invalid("Update table operation with more than one create or delete replica actions not allowed")


@law("UpdateTable")
def maximum_travels_with_billing(_table: Table | None, call: Call) -> Iterator[Words]:
    if "OnDemandThroughput" in call.arguments and state.others(call, "OnDemandThroughput", "BillingMode"):
        yield wrong("OnDemandThroughput can only be combined with BillingMode in an UpdateTable request")


@law("UpdateTable")
def streams_travel_without_capacities(_table: Table | None, call: Call) -> Iterator[Words]:
    if "StreamSpecification" not in call.arguments:
        return
    capacities = any("ProvisionedThroughput" in each for each in state.holders(call))
    if capacities or call.arguments.get("BillingMode") == PROVISIONED:
        yield wrong("You cannot modify stream status while updating table IOPS")
    elif state.index_changes(call):
        yield wrong("You cannot create or delete index while changing stream status")


@law("UpdateTable")
def indexes_come_and_go_without_capacity(_table: Table | None, call: Call) -> Iterator[Words]:
    # With a vector index the table is on demand, and the answer is that of vector-indexes-are-on-demand.
    changes = {verb for verb, _index in call.index_updates} & {"Create", "Delete"}
    if changes and "ProvisionedThroughput" in call.arguments:
        yield wrong("You cannot create or delete index while updating table IOPS")


# -- the table itself


@law("CreateTable", "ImportTable", final=True)
def a_name_is_taken_once(table: Table | None, call: Call) -> Iterator[Words]:
    if table is not None and table.busy_with("creation") and call.operation == "CreateTable":
        yield busy(f"Table is being created: {call.table_name}")
    elif table is not None:
        yield Words("ResourceInUseException", f"Table already exists: {call.table_name}")


@law(*OF_A_LIVE_TABLE, final=True)
def a_missing_table_is_not_found(table: Table | None, call: Call) -> Iterator[Words]:
    if table is None:
        yield _missing(call)


@law("DescribeTable", "PutItem", *QUERIES, *OF_A_LIVE_TABLE, *READS_OF_CHILDREN, final=True)
def an_import_is_told_apart(table: Table | None, call: Call) -> Iterator[Words]:
    if table is not None and table.busy_with("unseen import"):
        yield _missing(call)


@law(*OF_A_LIVE_TABLE, final=True)
def a_table_on_its_way_out_is_none(table: Table, call: Call) -> Iterator[Words]:
    if table.busy_with("deletion"):
        in_use = ("UpdateTable", "DeleteTable", "PutResourcePolicy")
        gone = f"Table is being deleted: {call.table_name}"
        yield busy(gone) if call.operation in in_use else _missing(call)


@law(*OF_A_LIVE_TABLE, *READS_OF_CHILDREN, final=True)
def children_of_a_new_table_are_unseen(table: Table, call: Call) -> Iterator[Words]:
    if not table.busy_with("creation"):
        return
    name = call.table_name
    if call.operation == "UpdateTable" and table.busy_with("restore"):
        yield _missing(call)
    elif call.operation in ("UpdateTable", "DeleteTable"):
        yield busy(f"Table is being created: {name}")
    elif table.busy_with("first seconds") or call.operation in (*WRITES_OF_TAGS, "ListTagsOfResource"):
        yield _missing(call)
    elif call.operation == EXPIRY:
        yield busy(f"Table {name} is being created")
    elif call.operation == "DescribeTimeToLive":
        yield invalid("Cannot describe time to live while table is in CREATING state: Current table state is CREATING")


def _missing(call: Call) -> Words:
    """AWS's answer about a table that an API does not see."""
    name = call.table_name
    if call.operation in (*WRITES_OF_BACKUPS, "DescribeContinuousBackups"):
        return Words("TableNotFoundException", f"Table not found: {name}")
    if "ResourceArn" in call.arguments:
        return unknown(f"ResourceArn: {call.arguments['ResourceArn']} not found")
    return unknown(f"Table: {name} not found")


@law("CreateTable", "UpdateTable")
def names_have_a_form(_table: Table | None, call: Call) -> Iterator[Words]:
    indexes = [*state.all_indexes(call), *state.created(call), *_new_vectors(call)]
    for member, name in (("tableName", call.table_name), *(("indexName", index["IndexName"]) for index in indexes)):
        if not NAME.fullmatch(name):
            yield invalid(
                f"1 validation error detected: Value '{name}' at '{member}' failed to satisfy constraint: Member must "
                "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
            )


@law("CreateTable")
def definitions_are_the_keys(_table: None, call: Call) -> Iterator[Words]:
    defined = state.types(call)
    schemas = [state.keys(each) for each in (call.arguments, *state.all_indexes(call))]
    used = {name for schema in schemas for name, _role in schema}
    new = _new_vectors(call)
    searched = {name for vector in new for name, _role in state.search_schema(vector)}
    vectors = {vector["VectorAttribute"]["AttributeName"] for vector in new}
    if len(defined) < len(state.members(call, "AttributeDefinitions")):
        yield invalid("Attribute Name is duplicated")
    if used - defined.keys():
        keys = f"Keys: {sorted(used - defined.keys())}, AttributeDefinitions: {sorted(defined)}"
        yield wrong(f"Some index key attributes are not defined in AttributeDefinitions. {keys}")
    unused = defined.keys() - used - searched - vectors  # rule a-vector-is-no-key has words of its own
    if unused and len(schemas) == 1 and not new:
        yield wrong(
            "Number of attributes in KeySchema does not exactly match number of attributes defined in "
            "AttributeDefinitions"
        )
    elif unused:
        details = f"AttributeDefinitions: {sorted(defined)}, keys used: {sorted(used | searched)}"
        yield wrong(f"Some AttributeDefinitions are not used. {details}")


@law("UpdateTable")
def new_indexes_define_their_keys(_table: Table, call: Call) -> Iterator[Words]:
    defined = state.types(call)
    for index in state.created(call):
        if any(name not in defined for name, _role in state.keys(index)):
            yield wrong(f"AttributeDefinitions is not specified for index: {index['IndexName']}")


@law("CreateTable", "UpdateTable")
def hash_before_range(_table: Table | None, call: Call) -> Iterator[Words]:
    simple = [call.arguments] if call.operation == "CreateTable" else []
    simple += state.members(call, "LocalSecondaryIndexes")
    many = [*state.members(call, "GlobalSecondaryIndexes"), *state.created(call)]
    for most, holders in ((1, simple), (4, many)):
        for holder in holders:
            schema = state.keys(holder)
            roles = [role for _name, role in schema]
            if roles[:1] != ["HASH"]:
                yield wrong("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
            elif most == 1 and len(roles) == 2 and roles[1] != "RANGE":
                yield wrong("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
            elif roles != sorted(roles):
                yield wrong("All HASH key attributes must precede RANGE key attributes in the KeySchema")
            elif max(roles.count("HASH"), roles.count("RANGE")) > most:
                yield wrong(f"The KeySchema exceeds the maximum allowed number of key attributes, {most}")
            if len({name for name, _role in schema}) < len(schema):
                yield wrong("The KeySchema contains multiple key attributes with the same name")


@law("CreateTable")
def a_local_index_shares_the_hash_key(_table: None, call: Call) -> Iterator[Words]:
    own = state.keys(call.arguments)
    for index in state.members(call, "LocalSecondaryIndexes"):
        name, schema = index["IndexName"], state.keys(index)
        if len(own) < 2:
            yield wrong(
                "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"
            )
        if len(schema) < 2:
            yield wrong(f"Index KeySchema does not have a range key for index: {name}")
        if schema[0] != own[0]:
            yield wrong(
                "Index KeySchema does not have the same leading hash key as table KeySchema for index: "
                f"{name}. index hash key: {schema[0][0]}, table hash key: {own[0][0]}"
            )


@law("CreateTable", "UpdateTable")
def projections_have_limits(table: Table | None, call: Call) -> Iterator[Words]:
    new = [state.index(each) for each in (*state.all_indexes(call), *state.created(call))]
    live = list(table.indexes.values()) if table else []
    for index in new:
        if index.projection == "INCLUDE" and not index.included:
            yield wrong("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
        if index.projection != "INCLUDE" and index.included:
            yield wrong(f"ProjectionType is {index.projection}, but NonKeyAttributes is specified")
        if len(index.included) > 20:
            yield invalid("1 validation error detected: Member must have length less than or equal to 20")
    if new and sum(len(index.included) for index in (*live, *new)) > 100:
        yield wrong("Number of NonKeyAttributes exceeds per-table limit of 100")


@law("CreateTable", "UpdateTable")
def indexes_are_few(table: Table | None, call: Call) -> Iterator[Words]:
    names = [each["IndexName"] for each in state.all_indexes(call)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield wrong(f"Duplicate index name: {name}")
    if len(state.members(call, "GlobalSecondaryIndexes")) > 20:
        yield wrong("GlobalSecondaryIndex count exceeds the per-table limit of 20")
    if len(state.members(call, "LocalSecondaryIndexes")) > 5:
        yield wrong("Number of LocalSecondaryIndexes exceeds per-table limit of 5")
    if table and state.created(call) and len(table.global_indexes) + len(state.created(call)) > 20:
        yield limited("Number of global secondary indexes exceeds per-table limit of 20")


@law("CreateTable", "ImportTable", "UpdateTable")
def index_names_are_shared(table: Table | None, call: Call) -> Iterator[Words]:
    if call.operation != "UpdateTable":
        vectors = {vector["IndexName"] for vector in _new_vectors(call)}
        names = [index["IndexName"] for index in (*state.all_indexes(call), *_new_vectors(call))]
        for name in sorted({name for name in vectors if names.count(name) > 1}):
            yield wrong(f"Duplicate index name: {name}")
    elif table is not None:
        taken = [vector["IndexName"] for vector in _new_vectors(call)]
        taken = [name for name in taken if name in table.indexes or name in table.vector_indexes]
        taken += [index["IndexName"] for index in state.created(call) if index["IndexName"] in table.vector_indexes]
        for name in taken:
            if name in table.busy_with("allocation", "backfill"):
                yield busy(f"Index is being created.  Table: {table.name} Index: {name}")
            else:
                yield invalid("Attempting to create an index which already exists")


@law("UpdateTable")
def one_index_at_a_time(table: Table, call: Call) -> Iterator[Words]:
    changed = [name for _verb, name in state.index_changes(call)]
    going_on = set(table.busy_with("allocation", "backfill", "index deletion"))
    own = changed if [verb for verb, _index in (*call.index_updates, *call.vector_updates)] == ["Delete"] else []
    if len(changed) > 1 or (changed and going_on.difference(own)):
        yield limited("Only 1 online index can be created or deleted simultaneously per table")


@law("UpdateTable")
def index_names_are_checked(table: Table, call: Call) -> Iterator[Words]:
    for verb, index in call.index_updates:
        name = index["IndexName"]
        if name in table.busy_with("index deletion"):
            yield busy(f"Index is being deleted. Table: {table.name} Index: {name}")
        elif verb == "Create" and name in table.indexes:
            yield wrong("Attempting to create an index which already exists")
        elif verb != "Create" and name in table.local_indexes:
            yield wrong(f"Cannot {verb.lower()} an index that is not a GlobalSecondaryIndex: {name}")
        elif verb != "Create" and name not in table.global_indexes:
            yield unknown(f"Index {name} for table {table.name}")
    for verb, vector in call.vector_updates:
        name = vector["IndexName"]
        if name in table.busy_with("index deletion"):
            yield busy(f"Index is being deleted. Table: {table.name} Index: {name}")
        elif verb == "Delete" and name not in table.vector_indexes:
            yield unknown(f"Index {name} for table {table.name}")


@law(*QUERIES)
def vector_indexes_are_searched_alone(table: Table | None, call: Call) -> Iterator[Words]:
    if table is not None and call.arguments.get("IndexName") in table.vector_indexes:
        yield invalid(f"{call.operation} operation not supported on this index type")


# -- vector indexes


MAKING_VECTORS = ("CreateTable", "ImportTable", "UpdateTable")
A_TERM = re.compile(r"(#?[\w.-]+)\s*=\s*:\w+")
MOST = 3.4028235e38
AND = re.compile(r"\s+AND\s+", re.IGNORECASE)


def _new_vectors(call: Call) -> list[Any]:
    return [vector for _place, vector in state.new_vectors(call)]


def _redefined(there: str, new: str) -> Words:
    return wrong(
        "Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. "
        f"Existing schema: {there} New schema: {new}"
    )


def _as_key(name: str, kind: str, role: str) -> str:
    return f"Schema:[SchemaElement: key{{{name}:{kind}:{role}}}]"


def _as_vector(name: str, dimensions: int) -> str:
    return f"VectorIndexSchema:[VectorAttribute: key{{{name}:L:{dimensions}}}]"


@law(*MAKING_VECTORS)
def vector_indexes_say_their_projection(_table: Table | None, call: Call) -> Iterator[Words]:
    for place, vector in state.new_vectors(call):
        if not vector.get("Projection"):
            yield invalid(
                f"1 validation error detected: Value null at '{place}.projection' failed to satisfy constraint: Member "
                "must not be null"
            )


@law(*MAKING_VECTORS)
def vectors_have_a_length(_table: Table | None, call: Call) -> Iterator[Words]:
    for place, vector in state.new_vectors(call):
        if vector["Dimensions"] < 1:
            yield invalid(
                f"1 validation error detected: Value '{vector['Dimensions']}' at '{place}.dimensions' failed to "
                "satisfy constraint: Member must have value greater than or equal to 1"
            )
        elif vector["Dimensions"] > 4096:
            yield wrong("Number of dimensions must be between 1 and 4096 inclusive.")


@law("CreateTable", "ImportTable", "UpdateTable", *RESTORES)
def vector_indexes_are_on_demand(table: Table | None, call: Call) -> Iterator[Words]:
    live = table.vector_indexes if table else {}
    mode = state.declaration(call).get("BillingMode", table.billing_mode if table else PROVISIONED)
    if call.operation in RESTORES:
        restored = call.arguments.get("VectorIndexOverride")
        if call.arguments.get("BillingModeOverride") == PROVISIONED and (live if restored is None else restored):
            yield wrong("Vector indexes are only supported for PAY_PER_REQUEST tables")
    elif mode == PROVISIONED and _new_vectors(call):
        yield wrong("Vector indexes are only supported for PAY_PER_REQUEST tables")
    elif mode == PROVISIONED and live:
        yield wrong("Tables with vector indexes must be in PAY_PER_REQUEST mode")


@law("CreateTable", "ImportTable")
def an_empty_list_is_left_out(_table: Table | None, call: Call) -> Iterator[Words]:
    if state.declaration(call).get("VectorIndexes") == []:
        yield wrong("List of VectorIndexes is empty")


@law(*MAKING_VECTORS)
def vector_indexes_are_few(table: Table | None, call: Call) -> Iterator[Words]:
    new = _new_vectors(call)
    if call.operation != "UpdateTable" and len(new) > 5:
        yield wrong("VectorIndex count exceeds the per-table limit of 5")
    # One of the two answers that were measured: the other one is that of CreateTable.
    elif table and new and len(table.vector_indexes) + len(new) > 5:
        yield limited("Number of vector secondary indexes exceeds per-table limit of 5")


@law(*MAKING_VECTORS)
def search_schemas_have_limits(_table: Table | None, call: Call) -> Iterator[Words]:
    for vector in _new_vectors(call):
        schema = state.search_schema(vector)
        roles = [role for _name, role in schema]
        for role, most in (("HASH", 1), ("INLINE_FILTER", 18)):
            if roles.count(role) > most:
                yield wrong(
                    f"Value '{roles.count(role)}' at 'SearchSchema' failed to satisfy constraint: Member must have "
                    f"{role} count less than or equal to {most}"
                )
        if len({name for name, _role in schema}) < len(schema):
            yield wrong("The SearchSchema contains multiple attributes with the same name")


@law(*MAKING_VECTORS)
def a_vector_is_no_key(table: Table | None, call: Call) -> Iterator[Words]:
    defined = state.types(call)
    for vector in _new_vectors(call):
        name = vector["VectorAttribute"]["AttributeName"]
        if name in defined:
            yield wrong(
                f"Conflicting attribute definition for '{name}'. An attribute cannot be defined in "
                "AttributeDefinitions when used as a VectorAttribute."
            )
        elif table and name in table.roles:
            there = _as_key(name, table.types[name], table.roles[name])
            yield _redefined(there, _as_vector(name, vector["Dimensions"]))
    used = [state.keys(index) for index in state.created(call)]
    used += [state.search_schema(vector) for vector in _new_vectors(call)]
    live = table.vectors if table else {}
    for name, role in (each for schema in used for each in schema):
        if name in live:
            yield _redefined(_as_vector(name, live[name]), _as_key(name, defined.get(name, "S"), role))


@law(*MAKING_VECTORS)
def filters_are_defined(table: Table | None, call: Call) -> Iterator[Words]:
    defined = state.types(call)
    new = {name: role for vector in _new_vectors(call) for name, role in state.search_schema(vector)}
    if new.keys() - defined.keys():
        yield wrong("One element in SearchSchema is not defined in attribute definitions")
    if table is None:
        return
    searched = {name for vector in table.vector_indexes.values() for name, _role in vector.schema}
    added = {name: role for index in state.created(call) for name, role in state.keys(index)}
    for name, role in {**{name: added[name] for name in added if name in searched}, **new}.items():
        there = table.types[name] if name in table.roles else None
        if there and defined.get(name, there) != there:
            yield _redefined(_as_key(name, there, table.roles[name]), _as_key(name, defined[name], role))


@law(*MAKING_VECTORS)
def vectors_of_an_attribute_are_alike(table: Table | None, call: Call) -> Iterator[Words]:
    there = dict(table.vectors) if table else {}
    for vector in _new_vectors(call):
        name = vector["VectorAttribute"]["AttributeName"]
        if there.setdefault(name, vector["Dimensions"]) != vector["Dimensions"]:
            yield wrong(
                f"Conflicting attribute definition for '{name}'. All VectorIndexes on the same vector attribute must "
                "use the same dimensions."
            )


@law(*MAKING_VECTORS)
def vector_projections_have_limits(_table: Table | None, call: Call) -> Iterator[Words]:
    for vector in map(state.vector_index, _new_vectors(call)):
        if vector.projection == "INCLUDE" and not vector.included:
            yield wrong("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
        if vector.projection in ("KEYS_ONLY", "ALL") and vector.included:
            yield wrong(f"ProjectionType is {vector.projection}, but NonKeyAttributes is specified")
        filters = {name for name, role in vector.schema if role == "INLINE_FILTER"}
        if len({*vector.included, *filters, vector.attribute}) > 20:
            yield wrong("Number of projected non-key attributes exceeds per-index limit of 20")


@law("RestoreTableToPointInTime")
def restored_vector_indexes_are_those_of_the_source(table: Table | None, call: Call) -> Iterator[Words]:
    for vector in state.members(call, "VectorIndexOverride") if table else ():
        if table and state.vector_index(vector) != table.vector_indexes.get(vector["IndexName"]):
            yield wrong(f"Vector index {vector['IndexName']} does not match a vector index of the source table")


def _searched(table: Table | None, call: Call) -> VectorIndex | None:
    """The vector index that a search is about, once it is there."""
    name = call.arguments["IndexName"]
    return None if table is None or name in table.busy_with("allocation") else table.vector_indexes.get(name)


@law("SearchVectors", final=True)
def searches_find_a_hundred(_table: Table | None, call: Call) -> Iterator[Words]:
    most = call.arguments["TopK"]
    if most < 1:
        yield invalid(
            f"1 validation error detected: Value '{most}' at 'topK' failed to satisfy constraint: Member must have "
            "value greater than or equal to 1"
        )
    elif most > 100:
        yield invalid(
            f"Provided TopK value '{most}' is out of valid range. The value must be between 1 and 100 inclusive"
        )


@law("SearchVectors", final=True)
def searches_wait_for_the_index(table: Table | None, call: Call) -> Iterator[Words]:
    name = call.arguments["IndexName"]
    if table is None or table.busy_with("creation"):
        yield Words("ResourceNotFoundException", "Requested resource not found")
    elif _searched(table, call) is None:
        yield invalid(f"The table does not have the specified index: {name}")
    elif name in table.busy_with("backfill"):
        yield invalid(f"Cannot search backfilling vector index: {name}")


@law("SearchVectors")
def searches_have_the_length_of_the_vectors(table: Table, call: Call) -> Iterator[Words]:
    vector, length = _searched(table, call), len(call.arguments["SearchVector"])
    if vector and vector.dimensions != length:
        yield invalid(
            f"Input search vector dimension {length} does not match vector index dimension {vector.dimensions}"
        )


@law("SearchVectors")
def searches_are_bounded_by_equality(table: Table, call: Call) -> Iterator[Words]:
    condition = call.arguments.get("SearchConditionExpression")
    names = call.arguments.get("ExpressionAttributeNames") or {}
    vector = _searched(table, call)
    if not vector:
        return
    terms = [A_TERM.fullmatch(term.strip()) for term in AND.split(condition)] if condition else []
    if not all(terms):
        yield invalid("Invalid SearchConditionExpression: Invalid comparator used in SearchConditionExpression")
        return
    bounds = {str(names.get(term[1], term[1])) for term in terms if term}
    for name in sorted(bounds - {name for name, _role in vector.schema}):
        yield invalid(
            "SearchConditionExpression must not contain any attributes that is not in SearchSchema. Invalid attribute: "
            f"{name}"
        )
    if vector.hash_key and vector.hash_key not in bounds:
        yield invalid("SearchConditionExpression must be provided when SearchSchema has a HASH key")


@law("PutItem")
def items_fit_their_vector_indexes(table: Table | None, call: Call) -> Iterator[Words]:
    item = call.arguments["Item"]
    for name, vector in table.vector_indexes.items() if table else ():
        if vector.attribute in item:
            yield from (_unfit(f"{words} IndexName: {name}") for words in _misfits(vector, item[vector.attribute]))
        for attribute, _role in vector.schema:
            expected, actual = table.types[attribute] if table else "", next(iter(item.get(attribute, {})), None)
            if actual not in (None, expected):
                yield _unfit(
                    f"Attribute '{attribute}' type mismatch. Expected: {expected}, Actual: {actual}. IndexName: {name}"
                )


def _unfit(message: str) -> Words:
    return invalid(f"One or more parameter values were invalid. {message}")


def _misfits(vector: VectorIndex, value: Any) -> Iterator[str]:
    """The faults of a value that is to be a vector."""
    name, numbers = vector.attribute, value.get("L")
    if numbers is None:
        yield f"Invalid type for parameter {name}, Expected: 32-bit floating point number list"
    elif len(numbers) != vector.dimensions:
        yield f"Invalid size for parameter {name}, Expected: {vector.dimensions}, Actual: {len(numbers)}"
    for place, each in enumerate(numbers or ()):
        ((kind, number),) = each.items()
        if kind != "N":
            yield (
                f"Invalid type for parameter {name}[{place}], Expected: 32-bit floating point number, Actual: {kind}."
            )
        elif abs(float(number)) > MOST:
            yield (
                f"Invalid value for parameter {name}[{place}], Value: {number} is outside valid range "
                "[-3.4028235E38, 3.4028235E38]."
            )


# -- billing, capacity, maximum, warm throughput


@law("CreateTable", "UpdateTable")
def on_demand_has_no_capacity(table: Table | None, call: Call) -> Iterator[Words]:
    live = table.billing_mode if table else PROVISIONED
    if call.arguments.get("BillingMode", live) != ON_DEMAND:
        return
    if "ProvisionedThroughput" in call.arguments and table is None:
        yield wrong(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
        )
    elif "ProvisionedThroughput" in call.arguments:
        yield wrong("ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST")
    for index in [*state.members(call, "GlobalSecondaryIndexes"), *state.created(call)]:
        if "ProvisionedThroughput" in index:
            yield wrong(
                f"ProvisionedThroughput should not be specified for index: {index['IndexName']} when BillingMode is "
                "PAY_PER_REQUEST"
            )
    for verb, index in call.index_updates:
        if verb == "Update" and "ProvisionedThroughput" in index:
            yield wrong(
                f"The only Updates for index: {index['IndexName']} when TableThroughputMode is PAY_PER_REQUEST can be "
                "to OnDemandThroughput, WarmThroughput"
            )


@law("CreateTable", "UpdateTable")
def provisioned_needs_every_capacity(table: Table | None, call: Call) -> Iterator[Words]:
    mode = call.arguments.get("BillingMode", table.billing_mode if table else PROVISIONED)
    if mode != PROVISIONED:
        return
    if table is None:
        if "ProvisionedThroughput" not in call.arguments:
            yield wrong(
                "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
            )
        for index in state.members(call, "GlobalSecondaryIndexes"):
            if "ProvisionedThroughput" not in index:
                yield wrong(f"ProvisionedThroughput is not specified for index: {index['IndexName']}")
        return
    if "BillingMode" in call.arguments and "ProvisionedThroughput" not in call.arguments:
        yield wrong("ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
    for index in state.created(call):
        if "ProvisionedThroughput" not in index:
            yield wrong(
                f"Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: {index['IndexName']}"
            )
    given = {index["IndexName"] for _verb, index in call.index_updates if "ProvisionedThroughput" in index}
    for name in sorted(table.global_indexes.keys() - given if state.switches(table, call, PROVISIONED) else ()):
        yield wrong(f"ProvisionedThroughput must be specified for index: {name}")


@law("CreateTable", "UpdateTable")
def provisioned_has_no_maximum(table: Table | None, call: Call) -> Iterator[Words]:
    mode = call.arguments.get("BillingMode", table.billing_mode if table else PROVISIONED)
    for holder in _declared(call) if mode == PROVISIONED else ():
        if holder.get("OnDemandThroughput"):
            of = f" for index: {holder['IndexName']}" if "IndexName" in holder else ""
            yield wrong(
                f"MaxReadRequestUnits for OnDemandThroughput{of} cannot be specified when the table BillingMode is "
                "PROVISIONED"
            )


@law("CreateTable", "UpdateTable")
def no_maximum_on_creation(_table: Table | None, call: Call) -> Iterator[Words]:
    new = [*state.members(call, "GlobalSecondaryIndexes"), *state.created(call)]
    for holder in (*([call.arguments] if call.operation == "CreateTable" else []), *new):
        yield from _out_of_range(holder, least=1)


@law("UpdateTable")
def maximum_cleared_by_minus_one(_table: Table, call: Call) -> Iterator[Words]:
    for holder in state.holders(call):
        yield from _out_of_range(holder, least=-1)


def _out_of_range(holder: Any, least: int) -> Iterator[Words]:
    """Maximums on demand below ``least``, or of nothing."""
    of = f"index : {holder['IndexName']}" if "IndexName" in holder else "table"
    for member, units in (holder.get("OnDemandThroughput") or {}).items():
        if units < least or units == 0:
            yield wrong(f"Requested {member} for OnDemandThroughput for {of} is outside of valid range")


def _declared(call: Call) -> list[Any]:
    """The parts of a call that are about the table and about its global indexes, new and live."""
    return [*state.holders(call), *state.members(call, "GlobalSecondaryIndexes"), *state.created(call)]


@law("UpdateTable")
def equal_capacity_is_refused(table: Table, call: Call) -> Iterator[Words]:
    for holder, live in state.with_live(table, call):
        wanted = state.throughput(holder)
        if wanted and wanted == live.throughput:
            of = f"index {holder['IndexName']}" if "IndexName" in holder else "table"
            yield invalid(
                f"The provisioned throughput for the {of} will not change. The requested value equals the current "
                f"value. Current ReadCapacityUnits provisioned for the {of}: {wanted[0]}."
            )


@law("CreateTable", "UpdateTable")
def warm_throughput_has_a_floor(table: Table | None, call: Call) -> Iterator[Words]:
    mode = call.arguments.get("BillingMode", table.billing_mode if table else PROVISIONED)
    new = [*state.members(call, "GlobalSecondaryIndexes"), *state.created(call)]
    for holder in (*([call.arguments] if call.operation == "CreateTable" else []), *new):
        floor = ON_DEMAND_FLOOR if mode == ON_DEMAND else state.throughput(holder) or (1, 1)
        of = f"index {holder['IndexName']}" if "IndexName" in holder else "table"
        for member, wanted, least in zip(("Read", "Write"), state.warm(holder, floor), floor):
            if wanted < least:
                than = (
                    "initial throughput for OnDemand"
                    if mode == ON_DEMAND
                    else f"{member}CapacityUnits of ProvisionedThroughput"
                )
                yield wrong(f"Requested {member}UnitsPerSecond for WarmThroughput for {of} is lower than {than}")


@law("UpdateTable")
def warm_throughput_only_grows(table: Table, call: Call) -> Iterator[Words]:
    for holder, live in state.with_live(table, call):
        of = f"index {holder['IndexName']}" if "IndexName" in holder else "table"
        for member, wanted, least in zip(("Read", "Write"), state.warm(holder, live.warm), live.warm):
            if wanted < least:
                yield wrong(
                    f"Requested {member}UnitsPerSecond for WarmThroughput for {of} is lower than current "
                    "WarmThroughput, decreasing WarmThroughput is not supported"
                )


# -- protection, stream, encryption


@law("DeleteTable")
def a_protected_table_stays(table: Table, call: Call) -> Iterator[Words]:
    if table.protected if call.region == table.region else call.region in table.protected_replicas:
        yield invalid(
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
            "first."
        )


@law("DeleteTable")
def a_table_with_replicas_stays(table: Table, call: Call) -> Iterator[Words]:
    if table.replicas and call.region == table.region:
        yield invalid(
            "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the "
            "table in the last 24 hours."
        )


@law("UpdateTable")
def protection_cools_down(table: Table, call: Call) -> Iterator[Words]:
    if "DeletionProtectionEnabled" in call.arguments and table.busy_with("protection cooldown"):
        yield throttled(
            f"Deletion protection setting for table {table.name} modified within the previous 15000 milliseconds. "
            "Please try again after 2026-10-08T22:57:03.204Z"
        )


@law("CreateTable", "UpdateTable")
def another_view_is_another_stream(_table: Table | None, call: Call) -> Iterator[Words]:
    specification = call.arguments.get("StreamSpecification") or {}
    if "StreamEnabled" not in specification:
        return
    if specification["StreamEnabled"] and "StreamViewType" not in specification:
        yield wrong("If stream is being enabled then UpdateViewType is required")
    if not specification["StreamEnabled"] and "StreamViewType" in specification:
        yield wrong("If stream is being disabled, then UpdateViewType must not be specified")


@law("UpdateTable")
def replicas_freeze_the_stream(table: Table, call: Call) -> Iterator[Words]:
    ends = (call.arguments.get("StreamSpecification") or {}).get("StreamEnabled") is False
    if ends and table.replicas:
        yield wrong("Disabling Stream is not allowed for a Global Table replica.")


@law("UpdateTable")
def a_stream_begins_when_off(table: Table, call: Call) -> Iterator[Words]:
    specification = call.arguments.get("StreamSpecification")
    if not specification or call.region != table.region:
        return
    if specification["StreamEnabled"] and table.stream:
        yield invalid(f"Table already has an enabled stream: TableName: {table.name}")
    if not specification["StreamEnabled"] and not table.stream:
        yield invalid(f"Table has no stream to disable: TableName: {table.name}")


@law("CreateTable", "UpdateTable")
def encryption_absent_is_owned(table: Table | None, call: Call) -> Iterator[Words]:
    specification = call.arguments.get("SSESpecification")
    if specification is None:
        return
    if "KMSMasterKeyId" in specification and specification.get("SSEType") != "KMS":
        yield wrong("SSEType KMS is required if KMSMasterKeyId is specified")
    for member in ("SSEType", "KMSMasterKeyId"):
        if member in specification and specification.get("Enabled") is False:
            yield wrong(f"{member} can not be specified if Enabled is false")
    if table and not specification.get("Enabled") and table.encryption is None:
        yield wrong("Table is already encrypted by default")


@law("UpdateTable")
def keys_are_told_by_arn(table: Table, call: Call) -> Iterator[Words]:
    key = (call.arguments.get("SSESpecification") or {}).get("KMSMasterKeyId")
    if key and key == table.encryption:
        yield wrong(
            "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to change "
            "Master Key"
        )


@law("CreateTable", "UpdateTable")
def a_key_is_of_its_region(_table: Table | None, call: Call) -> Iterator[Words]:
    members = [("", call.region, call.arguments.get("SSESpecification") or {})]
    members += [(f" for region {each['RegionName']}", each["RegionName"], each) for _verb, each in call.replica_updates]
    for of, region, member in members:
        there = (str(member.get("KMSMasterKeyId", "")).split(":") + [""] * 4)[3]
        if there not in ("", region):
            yield invalid(
                f"KMS validation error{of}: com.amazonaws.services.kms.model.NotFoundException: Invalid arn {there} "
                "(Service: AWSKMS; Status Code: 400; Error Code: NotFoundException)"
            )


@law("UpdateTable")
def keys_of_a_global_table_change_together(table: Table, call: Call) -> Iterator[Words]:
    if "KMSMasterKeyId" in (call.arguments.get("SSESpecification") or {}) and table.replicas:
        yield invalid(
            "Invalid operation: Customer Managed CMKs on Global Table Version 2019.11.21 replicas cannot be updated "
            "through SSESpecification parameter and can only be updated through ReplicaUpdates parameter"
        )
    named = {each["RegionName"] for verb, each in call.replica_updates if verb == "Update" and "KMSMasterKeyId" in each}
    if named and named != {table.region, *table.replicas}:
        yield wrong("KMSMasterKeyId must be specified for each replica.")


# -- replicas


@law("UpdateTable")
def replicas_are_those_there_are(table: Table, call: Call) -> Iterator[Words]:
    for verb, replica in call.replica_updates:
        region = replica["RegionName"]
        if region == table.region and verb != "Update":
            yield invalid(
                "Cannot add or delete the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or "
                "UpdateTable as required."
            )
        elif verb == "Create" and region in table.replicas:
            yield Words(
                "ResourceInUseException",
                f"Global table with name: '{table.name}' already exists with replicas in regions: {region}",
            )
        elif verb != "Create" and region not in {table.region, *table.replicas}:
            yield invalid(
                "Update global table operation failed because one or more replicas were not part of the global table. "
                f"Please retry the request without these replicas: [{region}]."
            )


@law("UpdateTable")
def a_replica_leaves_its_table_behind(table: Table, call: Call) -> Iterator[Words]:
    for verb, replica in call.replica_updates:
        if verb == "Create" and replica["RegionName"] in table.busy_with("replica deletion", "replica remains"):
            yield invalid(
                f"Failed to create a the new replica of table with name: {table.name} because one or more replicas "
                "already existed as tables."
            )


@law("UpdateTable")
def a_protected_replica_stays(table: Table, call: Call) -> Iterator[Words]:
    for verb, replica in call.replica_updates:
        if verb == "Delete" and replica["RegionName"] in table.protected_replicas:
            yield invalid(
                f"Cannot delete table {table.name} in region {replica['RegionName']} because it has deletion "
                "protection enabled. Disable deletion protection first."
            )


@law("UpdateTable")
def replicas_need_write_scaling(table: Table, call: Call) -> Iterator[Words]:
    created = [replica for verb, replica in call.replica_updates if verb == "Create"]
    if created and table.billing_mode == PROVISIONED:
        yield invalid("Table write capacity should either be Pay-Per-Request or AutoScaled.")


@law("UpdateTable")
def replica_units_fit_the_mode(table: Table, call: Call) -> Iterator[Words]:
    # The Create of a replica was taken so, and a maximum beside capacities was not tried.
    changed = [replica for verb, replica in call.replica_updates if verb == "Update"]
    if table.billing_mode == ON_DEMAND and any("ProvisionedThroughputOverride" in replica for replica in changed):
        yield wrong(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
        )


@law("UpdateTable")
def replicas_share_the_kind_of_key(table: Table, call: Call) -> Iterator[Words]:
    for verb, replica in call.replica_updates:
        if verb == "Create" and bool(table.encryption) != ("KMSMasterKeyId" in replica):
            yield wrong("KMSMasterKeyId must be specified for each replica.")


@law("UpdateTable")
def strong_consistency_is_born_whole(table: Table, call: Call) -> Iterator[Words]:
    witnesses = len(call.arguments.get("GlobalTableWitnessUpdates") or [])
    strong = call.arguments.get("MultiRegionConsistency") == "STRONG"
    if witnesses and not strong and not table.strong:
        yield invalid(
            "MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is present."
        )
    if strong and table.replicas:
        yield invalid("MultiRegionConsistency parameter is unsupported on existing global table")
    elif strong and (len(call.replica_updates), witnesses) not in ((2, 0), (1, 1)):
        yield invalid("Unsupported replica count for global tables with MultiRegionConsistency set to STRONG.")


@law("UpdateTable")
def strong_consistency_leaves_regions_out(_table: Table, call: Call) -> Iterator[Words]:
    members = {call.region, *(replica["RegionName"] for _verb, replica in call.replica_updates), *state.witnesses(call)}
    without = sorted(members & set(WITHOUT_STRONG_CONSISTENCY))
    if call.arguments.get("MultiRegionConsistency") == "STRONG" and without:
        yield invalid(
            "Unsupported Region(s) specified for global tables with MultiRegionConsistency set to STRONG: "
            f"[{', '.join(without)}]."
        )


@law("UpdateTable")
def a_witness_stands_apart(table: Table, call: Call) -> Iterator[Words]:
    replicas = {replica["RegionName"] for verb, replica in call.replica_updates if verb == "Create"}
    for region in state.witnesses(call):
        if region == table.region:
            yield invalid(
                "Cannot add a witness in the same region as an existing replica when creating a global table with "
                "MultiRegionConsistency set to STRONG."
            )
        elif region in replicas:
            yield invalid("Cannot target multiple regions with the same action")


@law("UpdateTable")
def strong_regions_are_frozen(table: Table, call: Call) -> Iterator[Words]:
    if not table.strong:
        return
    verbs = [verb for verb, _replica in call.replica_updates]
    if "Create" in verbs:
        yield invalid("Cannot add replicas to a global table with strong MultiRegionConsistency")
    if "Delete" in verbs and verbs.count("Delete") < len(table.replicas):
        yield invalid(
            "Deletion of only one table replica is not supported for global tables with MultiRegionConsistency set to "
            "STRONG."
        )


# -- what is under way at a table that is there


@law("UpdateTable", "DeleteTable")
def members_are_busy_together(table: Table, call: Call) -> Iterator[Words]:
    if (table.replicas or table.busy_with("replica deletion")) and _moves(table):
        yield Words("ResourceInUseException", "The resource which you are attempting to change is in use.")


def _moves(table: Table) -> bool:
    """Whether a global table shows UPDATING, or makes or deletes a replica."""
    return bool(table.busy_with(*UPDATING, "replica creation", "replica deletion", "replica update"))


# What keeps TableStatus UPDATING.
UPDATING = ("capacity", "billing", "stream", "class", "allocation", "index deletion", "replication")


@law("UpdateTable")
def an_active_table_may_be_busy(table: Table, call: Call) -> Iterator[Words]:
    if table.replicas:
        return
    name = table.name
    capacity = "ProvisionedThroughput" in call.arguments or "BillingMode" in call.arguments
    changes_indexes = state.index_changes(call)
    if table.busy_with("capacity", "billing"):
        if capacity:
            yield busy(f"Table IOPS are currently being updated. Table: {name}")
        if "StreamSpecification" in call.arguments:
            yield busy(f"Can't enable or disable stream while table IOPS are being updated. Table: {name}")
        if changes_indexes:
            yield busy(f"Can't create or delete indexes while table IOPS are being updated. Table: {name}")
        if "OnDemandThroughput" in call.arguments and table.busy_with("billing"):
            yield busy("OnDemandThroughput cannot be updated while BillingMode update is in progress")
    if table.busy_with("stream"):
        if "ProvisionedThroughput" in call.arguments:
            yield busy(f"Can't change table IOPS when stream status is being updated. Table: {name}")
        if "StreamSpecification" in call.arguments:
            yield busy(f"Stream status is being updated. Table: {name}")
        if "OnDemandThroughput" in call.arguments:
            yield busy("OnDemandThroughput cannot be updated while stream status update is in progress")
        if "TableClass" in call.arguments:
            yield busy(f"Can't update table class when stream status is being updated. Table: {name}")
        if changes_indexes:
            yield busy("Can't create or delete an index when stream status is being updated.")
    if table.busy_with("class"):
        if "TableClass" in call.arguments:
            yield busy(f"Can't update table class when a table class update is in progress. Table: {name}")
        if "StreamSpecification" in call.arguments:
            yield busy(f"Can't change stream status when a table class update is in progress. Table: {name}")
        if "OnDemandThroughput" in call.arguments:
            yield busy("OnDemandThroughput cannot be updated while TableClass update is in progress.")
        if changes_indexes:
            yield busy("Can't create or delete an index when a table class update is in progress.")


@law("UpdateTable", "DeleteTable")
def an_index_keeps_others_waiting(table: Table, call: Call) -> Iterator[Words]:
    arguments, name = call.arguments, table.name
    allocated, leaving = table.busy_with("allocation"), table.busy_with("index deletion")
    moving = [*allocated, *leaving, *table.busy_with("backfill", "index update")]
    if call.operation == "DeleteTable":
        if moving:
            yield busy("Cannot delete table while indexes are being created, updated, or deleted.")
        return
    for names, done, doing in ((allocated, "created", "creation"), (leaving, "deleted", "deletion")):
        if names and "ProvisionedThroughput" in arguments:
            yield busy(f"Can't change table IOPS when an index is being {done}. Table: {name} Indexes: {names}")
        if names and "OnDemandThroughput" in arguments:
            yield busy(f"OnDemandThroughput cannot be updated while index {doing} is in progress for indexes: {names}")
    if allocated and "StreamSpecification" in arguments:
        yield busy("Can't change stream status when an index is being created")
    for verb, index in (*call.index_updates, *call.vector_updates):
        own = index["IndexName"]
        if own in allocated and verb == "Update":
            yield busy(f"Index is being created but is not backfilling yet. Table: {name} Index: {own}")
        if own in table.busy_with("index update") and verb == "Update":
            yield busy(f"Index is being updated. Table: {name} Index: {own}")


@law("UpdateTable")
def an_index_in_allocation_stays(table: Table, call: Call) -> Iterator[Words]:
    for verb, name in state.index_changes(call):
        if verb == "Delete" and name in table.busy_with("allocation"):
            yield busy(
                "Index creation is in resource allocation phase. Retry deletion during backfilling phase or when the "
                f"index is active. Table: {table.name} Index: {name}"
            )


@law("UpdateTable")
def warmth_waits_for_allocation(table: Table, call: Call) -> Iterator[Words]:
    if "WarmThroughput" in call.arguments and table.busy_with("allocation"):
        yield Words("InternalServerError", "Table is under system maintenance, please try again later")


@law("UpdateTable")
def encryption_settles_on_its_own(table: Table, call: Call) -> Iterator[Words]:
    if "SSESpecification" in call.arguments and table.busy_with("encryption"):
        yield busy("Server-Side Encryption is still being updated")


@law("DeleteTable")
def busy_passes_but_for_three(table: Table, _call: Call) -> Iterator[Words]:
    name = table.name
    if table.busy_with("capacity", "billing", "class", "encryption"):
        yield busy(f"Table: {name} is in the process of being updated.")
    if table.busy_with("stream"):
        yield busy("Cannot delete table while stream is being enabled/disabled.")
    if table.busy_with("pending policy"):
        yield busy(f"Table: {name} has a pending resource-based policy update.")


@law("DeleteTable")
def warm_throughput_settles_late(table: Table, _call: Call) -> Iterator[Words]:
    if table.busy_with("warmth"):
        yield busy(f"Table: {table.name} is in the process of being updated.")


@law(*WRITES_OF_TAGS, "DeleteTable")
def tags_are_locked_after_a_write(table: Table, call: Call) -> Iterator[Words]:
    if not table.busy_with("tags"):
        return
    words = f"Table tags are being updated: {table.name}"
    yield busy(words) if call.operation == "DeleteTable" else limited(words)


# -- quotas


@law("UpdateTable")
def class_changes_are_counted(table: Table, call: Call) -> Iterator[Words]:
    # Once it is spent the same class is refused too.
    most, words = QUOTAS["change of table class"]
    if "TableClass" in call.arguments and table.spent.get("change of table class", 0) >= most:
        yield limited(words)


@law("UpdateTable")
def encryption_changes_are_counted(table: Table, call: Call) -> Iterator[Words]:
    yield from _spent(table, call, "change of encryption")


@law("UpdateTable")
def decreases_are_counted(table: Table, call: Call) -> Iterator[Words]:
    yield from _spent(table, call, "decrease of capacity")


@law("UpdateTable")
def switches_to_on_demand_are_counted(table: Table, call: Call) -> Iterator[Words]:
    yield from _spent(table, call, "switch to on-demand")


def _spent(table: Table, call: Call, quota: str) -> Iterator[Words]:
    most, words = QUOTAS[quota]
    for each, count in state.spends(table, call).items():
        if each.split(" of index ")[0] == quota and count and table.spent.get(each, 0) + count > most:
            yield limited(words)


# -- time to live, recovery, tags, policy, insights, Kinesis


@law(EXPIRY)
def expiry_keeps_its_attribute(table: Table, call: Call) -> Iterator[Words]:
    enabled, attribute = state.expiry(call)
    if call.region == table.region and table.expiry and attribute != table.expiry:
        yield invalid(f"TimeToLive is active on a different AttributeName: current AttributeName is {table.expiry}")
    elif call.region == table.region and enabled == (table.expiry is not None):
        yield invalid(f"TimeToLive is already {'enabled' if enabled else 'disabled'}")


@law(EXPIRY)
def expiry_changes_once_an_hour(table: Table, call: Call) -> Iterator[Words]:
    if table.spent.get("change of time to live"):
        yield invalid("Time to live has been modified multiple times within a fixed interval")


@law("UpdateContinuousBackups")
def recovery_keeps_its_period(_table: Table, call: Call) -> Iterator[Words]:
    specification = call.arguments["PointInTimeRecoverySpecification"]
    days = specification.get("RecoveryPeriodInDays")
    if days is not None and not specification["PointInTimeRecoveryEnabled"]:
        yield invalid("Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.")
    elif days is not None and not 1 <= days <= 35:
        yield invalid(
            f"1 validation error detected: Value '{days}' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' "
            "failed to satisfy constraint: Member must have value less than or equal to 35"
        )


@law(*WRITES_OF_BACKUPS)
def backups_come_after_the_table(table: Table, call: Call) -> Iterator[Words]:
    if table.busy_with("creation", "backups"):
        yield Words(
            "ContinuousBackupsUnavailableException",
            f"Backups are being enabled for the table: {call.table_name}. Please retry later",
        )


@law("CreateTable", *WRITES_OF_TAGS)
def tags_are_counted_after_the_merge(table: Table | None, call: Call) -> Iterator[Words]:
    tags = state.tags(call)
    live = table.tags if table and call.region == table.region else {}
    for key in (*tags, *state.members(call, "TagKeys")):
        if str(key).lower().startswith("aws:"):
            yield wrong(f"Tag Key cannot be prefixed with aws:, Key: {key}")
    for key in tags:
        if not 1 <= len(key) <= 128 or not TAG.fullmatch(key):
            yield wrong(f"The Tag Key provided is invalid, Key: {key}")
    for value in tags.values():
        if len(value) > 256 or not TAG.fullmatch(value):
            yield wrong(f"The Tag Value provided is invalid, Value: {value}")
    if call.operation == "TagResource" and not tags:
        yield wrong("Atleast one Tag needs to be provided as Input.")
    if len(tags) < len(state.members(call, "Tags")):
        yield wrong("Duplicate Tag Keys provided as input")
    if len({*live, *tags}) > 50 and call.operation != "UntagResource":
        yield wrong("Number of Tags exceed the current limit for the provided ResourceArn")


def _policy(call: Call) -> str:
    policy: str = call.arguments.get("Policy") or call.arguments.get("ResourcePolicy") or ""
    return policy


@law("CreateTable", "PutResourcePolicy")
def a_policy_has_a_size(_table: Table | None, call: Call) -> Iterator[Words]:
    if len(_policy(call).encode()) > 20480:
        yield wrong("Maximum policy size of 20480 bytes exceeded")


@law("CreateTable", "PutResourcePolicy")
def a_policy_grants_bounded_access(_table: Table | None, call: Call) -> Iterator[Words]:
    if not _policy(call):
        return
    try:
        statements = json.loads(_policy(call)).get("Statement") or []
    except (ValueError, AttributeError):
        yield wrong("Invalid policy document: This policy contains invalid Json")
        return
    if not statements:
        yield wrong("Invalid policy document: Could not parse the policy: Statement is empty!")
    for each in [statements] if isinstance(statements, dict) else statements:
        everybody = each.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        if everybody and str(each.get("Effect")).lower() == "allow" and not each.get("Condition"):
            yield wrong(
                "Resource-based policy grants unbounded access in one or more elements. Please revise the policy to "
                "ensure least-privilege form of access"
            )


@law(*WRITES_OF_POLICY)
def policy_cools_down(table: Table, call: Call) -> Iterator[Words]:
    if table.busy_with("pending policy"):
        yield busy(f"Table is pending previous resource-based policy update: {table.name}")
    elif table.busy_with("policy cooldown"):
        yield throttled(
            f"Resource-based policy for table {table.name} modified within the previous 15000 milliseconds. Please "
            "try again after 2026-10-08T22:57:03.204Z."
        )


@law(INSIGHTS)
def insights_need_rest(table: Table, call: Call) -> Iterator[Words]:
    index = call.arguments.get("IndexName")
    enables = call.arguments["ContributorInsightsAction"] == "ENABLE"
    invalid_state = "Table or Index is not in a valid state to update Key Access Insights"
    if index is not None and (index not in table.global_indexes or index in table.busy_with("allocation")):
        yield unknown(f"Index: {index} not found for table: {table.name}")
    elif index is not None and index in table.busy_with("backfill", "index deletion") and enables:
        yield invalid(f"{invalid_state}: IndexStatus must be ACTIVE to enable ContributorInsights.")
    elif enables and table.busy_with("creation"):
        yield invalid(f"{invalid_state}: TableStatus must be ACTIVE to enable ContributorInsights.")


@law(KINESIS[0])
def one_kinesis_destination(table: Table, call: Call) -> Iterator[Words]:
    if call.region == table.region and (table.kinesis or table.busy_with("destination end")):
        yield invalid(
            "Table is not in a valid state to enable Kinesis Streaming Destination: "
            "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation."
        )


@law(KINESIS[1])
def a_precision_is_updated(table: Table, call: Call) -> Iterator[Words]:
    if call.region == table.region and call.arguments["StreamArn"] not in table.kinesis:
        yield invalid(
            "Table is not in a valid state to update Kinesis Streaming Destination: No streaming destination with "
            f"streamArn: {call.arguments['StreamArn']}"
        )


@law(*KINESIS[1:])
def kinesis_is_told_late(table: Table, call: Call) -> Iterator[Words]:
    arn = call.arguments["StreamArn"]
    begins = arn in table.busy_with("destination begin", "destination update")
    if call.operation == KINESIS[1] and begins:
        yield invalid(
            "Table is not in a valid state to update Kinesis Streaming Destination: Kinesis streaming is not in "
            f"ACTIVE state. Updates are only allowed in ACTIVE state. TableName: {table.name}, kdsArn: {arn}"
        )
    if call.operation == KINESIS[2] and (begins or (call.region == table.region and arn not in table.kinesis)):
        yield invalid(
            "Table is not in a valid state to disable Kinesis Streaming Destination: KinesisStreamingDestination must "
            "be ACTIVE to perform DISABLE operation."
        )


RULES: tuple[Rule, ...] = tuple(each for each in vars().values() if isinstance(each, Rule))

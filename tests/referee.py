"""The rules of DynamoDB's control plane as a small executable model, which judges the calls that a run made.

Endpoints on this machine are laxer than AWS. The referee knows what AWS documents, or was measured to do, and
follows a table through the recorded calls: ``judge(table, calls)`` gives the table afterwards and a sentence for
every broken article. An article carries its source: a rule of docs/rules.md by its name, or a page of AWS's API
reference.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

ON_DEMAND = "PAY_PER_REQUEST"
PROVISIONED = "PROVISIONED"
NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
READS = ("Describe", "List", "Get", "Query", "Scan", "BatchGet")

# How often in the time that a quota speaks of; the referee takes a run for a moment.
QUOTAS = {
    "switch to on-demand": (4, "rule switches-to-on-demand-are-counted"),
    "decrease of capacity": (4, "rule decreases-are-counted"),
    "change of table class": (2, "rule class-changes-are-counted"),
    "change of encryption": (4, "rule encryption-changes-are-counted"),
    "change of time to live": (1, "rule expiry-changes-once-an-hour"),
}

Units = tuple[int, int]
Keys = tuple[tuple[str, str], ...]
NO_MAXIMUM: Units = (-1, -1)


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
    def index_updates(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The entries of GlobalSecondaryIndexUpdates: (Create | Update | Delete, what)."""
        return _entries(self.arguments.get("GlobalSecondaryIndexUpdates"))

    @property
    def replica_updates(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The entries of ReplicaUpdates: (Create | Update | Delete, what)."""
        return _entries(self.arguments.get("ReplicaUpdates"))


@dataclass(frozen=True)
class Index:
    """What the rules ask of an index."""

    keys: Keys
    included: tuple[str, ...] = ()
    projection: str = "ALL"
    throughput: Units | None = None
    maximum: Units = NO_MAXIMUM
    warm: Units = (0, 0)


@dataclass(frozen=True)
class Table:
    """What the rules ask of a table, and what this run has seen and done so far."""

    region: str
    types: Mapping[str, str]
    keys: Keys
    local_indexes: Mapping[str, Index] = field(default_factory=dict)
    global_indexes: Mapping[str, Index] = field(default_factory=dict)
    billing_mode: str = ON_DEMAND
    throughput: Units | None = None
    maximum: Units = NO_MAXIMUM
    warm: Units = (0, 0)
    table_class: str = "STANDARD"
    protected: bool = False
    stream: str | None = None
    encryption: str | None = None
    expiry: str | None = None
    recovery: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    kinesis: frozenset[str] = frozenset()
    replicas: frozenset[str] = frozenset()
    strong: bool = False
    # The regions whose table this run has seen at rest since it last set it in motion, and those where it is made.
    at_rest: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    # Kinesis streams whose change has not been seen to end.
    busy: frozenset[str] = frozenset()
    untagged: frozenset[str] = frozenset()
    recovery_begun: bool = False
    spent: Mapping[str, int] = field(default_factory=dict)

    @property
    def indexes(self) -> Mapping[str, Index]:
        """Those of both kinds."""
        return {**self.local_indexes, **self.global_indexes}

    def later(self) -> Table:
        """The table when another run comes, after every quota has passed: that run has seen nothing yet."""
        return replace(
            self, at_rest=frozenset(), busy=frozenset(), untagged=frozenset(), recovery_begun=False, spent={}
        )


Check = Callable[[Any, Call], Iterator[str]]


@dataclass(frozen=True)
class Rule:
    """One article: where it is written, the calls it is about, and what it has against one."""

    source: str
    operations: tuple[str, ...]
    check: Check

    @property
    def name(self) -> str:
        """What the article is called."""
        return self.check.__name__


def article(source: str, *operations: str) -> Callable[[Check], Rule]:
    """Make a rule of a check."""
    return lambda check: Rule(source, operations, check)


def judge(table: Table | None, calls: Iterable[Call]) -> tuple[Table | None, list[str]]:
    """Follow ``table`` (None: there is none) through the calls of one run: how it is then, and what broke a rule."""
    findings: list[str] = []
    for call in calls:
        if not call.writes:
            table = _seen(table, call)
            continue
        broken = [(rule, sentence) for rule in _rules_for(table, call) for sentence in rule.check(table, call)]
        told = json.dumps(call.arguments, sort_keys=True)
        findings += [f"{rule.name} ({rule.source}): {sentence} -- {call.operation} {told}" for rule, sentence in broken]
        if call.answer is not None and not broken:
            table = _after(table, call)
    return table, findings


def _rules_for(table: Table | None, call: Call) -> list[Rule]:
    """The articles about a call. Where the table is not as the call takes for granted, the others say nothing."""
    if any(there_is_a_table.check(table, call)):
        return [there_is_a_table]
    return [rule for rule in RULES if call.operation in rule.operations or not rule.operations]


# -- the table itself


@article("rule a-name-is-taken-once; API reference of DeleteTable and UpdateTable: ResourceNotFoundException")
def there_is_a_table(table: Table | None, call: Call) -> Iterator[str]:
    if call.operation == "CreateTable" and table is not None:
        yield "the table exists"
    if call.operation != "CreateTable" and table is None:
        yield "there is no table"


@article("rule names-have-a-form; API reference of CreateTable: TableName, IndexName", "CreateTable", "UpdateTable")
def names_have_3_to_255_characters(_table: Table | None, call: Call) -> Iterator[str]:
    indexes = [*_members(call, "GlobalSecondaryIndexes"), *_members(call, "LocalSecondaryIndexes"), *_created(call)]
    for name in (call.arguments["TableName"], *(index["IndexName"] for index in indexes)):
        if not NAME.fullmatch(name):
            yield f"{name!r} is no name"


@article("rules definitions-are-the-keys and new-indexes-define-their-keys", "CreateTable", "UpdateTable")
def definitions_are_the_attributes_of_all_keys(table: Table | None, call: Call) -> Iterator[str]:
    defined = _types(call)
    if call.operation == "CreateTable":
        schemas = [_keys(call.arguments), *(_index(each).keys for each in _all_indexes(call))]
    elif _created(call):
        assert table is not None
        schemas = [table.keys, *(index.keys for index in table.indexes.values())]
        schemas += [_index(each).keys for each in _created(call)]
    else:
        schemas = [()]
    used = {name for schema in schemas for name, _role in schema}
    if used - defined.keys():
        yield f"no definition of {sorted(used - defined.keys())}"
    if defined.keys() - used:
        yield f"Some AttributeDefinitions are not used: {sorted(defined.keys() - used)}"


@article("API reference of UpdateTable: AttributeDefinitions", "UpdateTable")
def an_attribute_keeps_its_type(table: Table, call: Call) -> Iterator[str]:
    live = {name for index in (table, *table.indexes.values()) for name, _role in index.keys}
    for name, kind in _types(call).items():
        if name in live and table.types[name] != kind:
            yield f"{name} is {table.types[name]}, not {kind}"


@article("rule hash-before-range", "CreateTable", "UpdateTable")
def hash_keys_stand_before_range_keys(_table: Table | None, call: Call) -> Iterator[str]:
    simple = [call.arguments] if call.operation == "CreateTable" else []
    simple += _members(call, "LocalSecondaryIndexes")
    for most, holders in ((1, simple), (4, [*_members(call, "GlobalSecondaryIndexes"), *_created(call)])):
        for holder in holders:
            roles = [role for _name, role in _keys(holder)]
            if roles[:1] != ["HASH"] or roles != sorted(roles):
                yield f"All HASH key attributes must precede RANGE key attributes in the KeySchema: {roles}"
            if max(roles.count("HASH"), roles.count("RANGE")) > most:
                yield f"The KeySchema exceeds the maximum allowed number of key attributes, {most}: {roles}"
            if len({name for name, _role in _keys(holder)}) < len(roles):
                yield "an attribute stands twice among the keys"


@article("rule a-local-index-shares-the-hash-key", "CreateTable")
def a_local_index_shares_the_hash_key(_table: None, call: Call) -> Iterator[str]:
    for index in _members(call, "LocalSecondaryIndexes"):
        if len(_keys(call.arguments)) < 2:
            yield "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"
        if _keys(index)[0] != _keys(call.arguments)[0] or len(_keys(index)) < 2:
            yield f"{index['IndexName']} needs the hash key of the table, and a range key"


@article("rule projections-have-limits; API reference of Projection", "CreateTable", "UpdateTable")
def only_include_projects_attributes(table: Table | None, call: Call) -> Iterator[str]:
    new = [_index(each) for each in (*_all_indexes(call), *_created(call))]
    live = list(table.indexes.values()) if table else []
    for index in new:
        if (index.projection == "INCLUDE") != bool(index.included):
            yield f"{index.projection} with NonKeyAttributes {list(index.included)}"
        if len(index.included) > 20:
            yield f"{len(index.included)} NonKeyAttributes, an index takes 20"
    if new and sum(len(index.included) for index in (*live, *new)) > 100:
        yield "more than 100 NonKeyAttributes over all indexes"


@article("API reference of CreateTable; quotas: 20 global and 5 local indexes", "CreateTable", "UpdateTable")
def indexes_are_few(table: Table | None, call: Call) -> Iterator[str]:
    names = [each["IndexName"] for each in _all_indexes(call)]
    if len(set(names)) < len(names):
        yield f"two indexes of one name: {names}"
    live = len(table.global_indexes) if table else 0
    if live + len(_members(call, "GlobalSecondaryIndexes")) + len(_created(call)) > 20:
        yield "more than 20 global indexes"
    if len(_members(call, "LocalSecondaryIndexes")) > 5:
        yield "more than 5 local indexes"


@article("rules on-demand-has-no-capacity and provisioned-needs-every-capacity", "CreateTable")
def a_new_table_has_the_capacity_of_its_mode(_table: None, call: Call) -> Iterator[str]:
    provisioned = call.arguments.get("BillingMode", PROVISIONED) == PROVISIONED
    for holder in (call.arguments, *_members(call, "GlobalSecondaryIndexes")):
        if ("ProvisionedThroughput" in holder) != provisioned:
            verb = "must" if provisioned else "should not"
            yield f"ProvisionedThroughput {verb} be specified for {holder.get('IndexName', 'the table')}"
        if provisioned and "OnDemandThroughput" in holder:
            yield f"a maximum on demand for {holder.get('IndexName', 'the table')}, which is PROVISIONED"


@article(
    "rules an-active-table-may-be-busy, busy-passes-but-for-three and an-index-keeps-others-waiting; API reference "
    "of UpdateTable: status UPDATING",
    "UpdateTable",
    "DeleteTable",
)
def table_and_indexes_are_at_rest(table: Table, call: Call) -> Iterator[str]:
    if call.region not in table.at_rest:
        yield f"no DescribeTable has shown the table in {call.region} and its indexes ACTIVE since the last change"


@article(
    "rules children-of-a-new-table-are-unseen and backups-come-after-the-table; API reference: "
    "ResourceInUseException, ResourceNotFoundException while CREATING",
    "TagResource",
    "UntagResource",
    "UpdateTimeToLive",
    "UpdateContinuousBackups",
    "PutResourcePolicy",
    "DeleteResourcePolicy",
    "UpdateContributorInsights",
    "EnableKinesisStreamingDestination",
    "CreateBackup",
)
def the_table_is_made(table: Table, call: Call) -> Iterator[str]:
    if call.region not in table.made:
        yield f"no DescribeTable has shown that the table in {call.region} is no longer CREATING"


@article("rule a-protected-table-stays", "DeleteTable")
def a_protected_table_stays(table: Table, call: Call) -> Iterator[str]:
    if table.protected and call.region == table.region:
        yield "Resource cannot be deleted as it is currently protected against deletion"


@article("rule a-table-with-replicas-stays", "DeleteTable")
def a_table_with_replicas_stays(table: Table, call: Call) -> Iterator[str]:
    if table.replicas and call.region == table.region:
        yield f"replicas in {sorted(table.replicas)}"


# -- UpdateTable: what shares a call


@article("API reference of UpdateTable: 'At least one of' its changes", "UpdateTable")
def an_update_changes_something(_table: Table, call: Call) -> Iterator[str]:
    if not call.arguments.keys() - {"TableName", "AttributeDefinitions"}:
        yield "nothing to change"


@article(
    "rule one-index-at-a-time; API reference of UpdateTable: 'only one global secondary index per UpdateTable'",
    "UpdateTable",
)
def an_index_comes_or_goes_alone(_table: Table, call: Call) -> Iterator[str]:
    verbs = [verb for verb, _index in call.index_updates]
    if not {"Create", "Delete"} & set(verbs):
        return
    if len(verbs) > 1:
        yield f"{verbs} in one call"
    if others := _others(call, "GlobalSecondaryIndexUpdates", "AttributeDefinitions"):
        yield f"together with {others}"


@article("rule class-travels-alone", "UpdateTable")
def the_table_class_travels_alone(_table: Table, call: Call) -> Iterator[str]:
    if "TableClass" in call.arguments and (others := _others(call, "TableClass")):
        yield f"TableClass modification must be the only operation in the request, not with {others}"


@article("rule encryption-travels-alone", "UpdateTable")
def encryption_travels_alone(_table: Table, call: Call) -> Iterator[str]:
    if "SSESpecification" in call.arguments and (others := _others(call, "SSESpecification")):
        yield f"SSESpecification together with {others}"


@article("rule warm-throughput-travels-alone", "UpdateTable")
def warm_throughput_travels_alone(_table: Table, call: Call) -> Iterator[str]:
    warmed = [index for verb, index in call.index_updates if verb == "Update" and "WarmThroughput" in index]
    if "WarmThroughput" in call.arguments and (others := _others(call, "WarmThroughput")):
        yield f"WarmThroughput together with {others}"
    if warmed and (len(call.index_updates) > 1 or _others(call, "GlobalSecondaryIndexUpdates")):
        yield "WarmThroughput of an index together with another change"
    if any("ProvisionedThroughput" in index or "OnDemandThroughput" in index for index in warmed):
        yield "WarmThroughput together with the capacity of the index"


@article(
    "DynamoDB Local: 'Cannot change IOPS and Streams at the same time'; rule streams-travel-without-capacities",
    "UpdateTable",
)
def a_stream_travels_without_capacities(_table: Table, call: Call) -> Iterator[str]:
    if "StreamSpecification" in call.arguments and any("ProvisionedThroughput" in each for each in _holders(call)):
        yield "Cannot change IOPS and Streams at the same time"


@article("rule one-replica-at-a-time; API reference of UpdateTable: ReplicaUpdates", "UpdateTable")
def replicas_travel_alone(_table: Table, call: Call) -> Iterator[str]:
    strong = call.arguments.get("MultiRegionConsistency") == "STRONG"
    if len(call.replica_updates) > 1 and not strong:
        yield f"{len(call.replica_updates)} replica actions in one call"
    taken = ("ReplicaUpdates", *(("MultiRegionConsistency", "GlobalTableWitnessUpdates") if strong else ()))
    if call.replica_updates and (others := _others(call, *taken)):
        yield f"ReplicaUpdates together with {others}"


@article("API reference of UpdateTable: its members", "UpdateTable")
def each_index_is_updated_once(_table: Table, call: Call) -> Iterator[str]:
    names = [index["IndexName"] for _verb, index in call.index_updates]
    if len(set(names)) < len(names):
        yield f"{names} in one call"


# -- UpdateTable: what a change needs


@article("rule index-names-are-checked", "UpdateTable")
def indexes_are_those_there_are(table: Table, call: Call) -> Iterator[str]:
    for verb, index in call.index_updates:
        name = index["IndexName"]
        if verb == "Create" and name in table.indexes:
            yield f"an index {name} exists"
        if verb != "Create" and name not in table.global_indexes:
            yield f"there is no global index {name}"


@article("rule provisioned-needs-every-capacity", "UpdateTable")
def a_switch_to_provisioned_carries_every_capacity(table: Table, call: Call) -> Iterator[str]:
    if not _switches(table, call, PROVISIONED):
        return
    given = {index["IndexName"] for _verb, index in call.index_updates if "ProvisionedThroughput" in index}
    if "ProvisionedThroughput" not in call.arguments:
        yield "ProvisionedThroughput must be specified for the table"
    for name in sorted(table.global_indexes.keys() - given):
        yield f"ProvisionedThroughput must be specified for index: {name}"


@article("rules on-demand-reads-zero-capacity and on-demand-has-no-capacity", "UpdateTable")
def an_on_demand_table_has_no_capacity(table: Table, call: Call) -> Iterator[str]:
    if call.arguments.get("BillingMode", table.billing_mode) != ON_DEMAND:
        return
    for holder in _holders(call):
        if "ProvisionedThroughput" in holder:
            yield f"ProvisionedThroughput should not be specified for {holder.get('IndexName', 'the table')}"


@article("rule maximum-cleared-by-minus-one; API reference of OnDemandThroughput", "CreateTable", "UpdateTable")
def a_maximum_is_one_unit_or_more(table: Table | None, call: Call) -> Iterator[str]:
    for holder in (*_holders(call), *_members(call, "GlobalSecondaryIndexes")):
        for units in (holder.get("OnDemandThroughput") or {}).values():
            if units != -1 and units < 1:
                yield f"{units} is outside of valid range"
    if table and call.arguments.get("BillingMode", table.billing_mode) == PROVISIONED:
        for holder in _holders(call):
            if "OnDemandThroughput" in holder:
                yield "a maximum on demand of a table that is PROVISIONED"


@article("rule equal-capacity-is-refused", "UpdateTable")
def a_capacity_that_stays_is_not_sent(table: Table, call: Call) -> Iterator[str]:
    for holder, live in _with_live(table, call):
        if "ProvisionedThroughput" in holder and _throughput(holder) == live.throughput:
            told = holder.get("IndexName", "the table")
            yield f"The provisioned throughput for {told} will not change. The requested value equals the current value"


@article("rule maximum-cleared-by-minus-one", "UpdateTable")
def a_maximum_that_stays_is_not_sent(table: Table, call: Call) -> Iterator[str]:
    for holder, live in _with_live(table, call):
        if "OnDemandThroughput" in holder and _maximum(holder, live.maximum) == live.maximum:
            yield f"the maximum of {holder.get('IndexName', 'the table')} will not change"


@article("rule warm-throughput-only-grows", "UpdateTable")
def warm_throughput_only_grows(table: Table, call: Call) -> Iterator[str]:
    for holder, live in _with_live(table, call):
        if "WarmThroughput" in holder and any(new < old for new, old in zip(_warm(holder, live.warm), live.warm)):
            yield "decreasing WarmThroughput is not supported"


@article("rule class-absent-is-standard", "UpdateTable")
def a_class_that_stays_is_not_sent(table: Table, call: Call) -> Iterator[str]:
    if call.arguments.get("TableClass") == table.table_class:
        yield f"the table class is {table.table_class} already"


@article("rule a-stream-begins-when-off; API reference of UpdateTable: StreamSpecification", "UpdateTable")
def a_stream_begins_when_off_and_ends_when_on(table: Table, call: Call) -> Iterator[str]:
    specification = call.arguments.get("StreamSpecification")
    if specification and specification["StreamEnabled"] == (table.stream is not None):
        yield f"the stream is {'on' if table.stream else 'off'} already"


@article("rule another-view-is-another-stream; API reference of StreamSpecification", "CreateTable", "UpdateTable")
def a_stream_that_is_on_has_a_view(_table: Table | None, call: Call) -> Iterator[str]:
    specification = call.arguments.get("StreamSpecification")
    if specification and specification["StreamEnabled"] != ("StreamViewType" in specification):
        yield f"{specification}"


@article(
    "rules encryption-absent-is-owned, keys-are-told-by-arn and keys-of-a-global-table-change-together; API "
    "reference of SSESpecification",
    "CreateTable",
    "UpdateTable",
)
def encryption_changes_to_another_key(table: Table | None, call: Call) -> Iterator[str]:
    specification = call.arguments.get("SSESpecification")
    if specification is None:
        return
    if "KMSMasterKeyId" in specification and not (specification["Enabled"] and specification["KMSMasterKeyId"]):
        yield "an empty key, or a key with Enabled: false"
    if table and _encryption(specification) == table.encryption:
        yield "the table is encrypted so already"


@article("rule keys-of-a-global-table-change-together", "UpdateTable")
def replicas_keep_the_key(table: Table, call: Call) -> Iterator[str]:
    if "KMSMasterKeyId" in (call.arguments.get("SSESpecification") or {}) and table.replicas:
        yield f"another key goes through ReplicaUpdates for all regions, {sorted(table.replicas)}"


# -- replicas


@article("rule one-replica-at-a-time; API reference of ReplicationGroupUpdate", "UpdateTable")
def replicas_are_those_there_are(table: Table, call: Call) -> Iterator[str]:
    for verb, replica in call.replica_updates:
        name = replica["RegionName"]
        if name == table.region or (verb == "Create") == (name in table.replicas):
            yield f"{verb} {name}, while there are {sorted({table.region, *table.replicas})}"


@article(
    "rule replicas-freeze-the-stream; CloudFormation's AWS::DynamoDB::GlobalTable: StreamSpecification", "UpdateTable"
)
def replicas_need_a_stream_of_both_images(table: Table, call: Call) -> Iterator[str]:
    if table.strong or call.arguments.get("MultiRegionConsistency") == "STRONG":
        return
    if table.replicas and "StreamSpecification" in call.arguments:
        yield f"the stream feeds the replicas in {sorted(table.replicas)}"


@article("rule strong-consistency-is-born-whole; API reference of UpdateTable: MultiRegionConsistency", "UpdateTable")
def strong_consistency_takes_three_regions(table: Table, call: Call) -> Iterator[str]:
    if "MultiRegionConsistency" not in call.arguments:
        return
    if any(verb != "Create" for verb, _replica in call.replica_updates) or table.replicas:
        yield "MultiRegionConsistency is only valid when a global table is created"
    witnesses = len(call.arguments.get("GlobalTableWitnessUpdates") or [])
    strong = call.arguments["MultiRegionConsistency"] == "STRONG"
    if strong and (len(call.replica_updates), witnesses) not in ((2, 0), (1, 1)):
        yield f"{len(call.replica_updates)} replicas and {witnesses} witnesses"


# -- expiry, recovery, tags, policy, insights, Kinesis


@article("rules expiry-off-forgets-its-attribute and expiry-keeps-its-attribute", "UpdateTimeToLive")
def expiry_keeps_its_attribute(table: Table, call: Call) -> Iterator[str]:
    enabled, attribute = _expiry(call)
    if enabled and table.expiry and attribute != table.expiry:
        yield f"TimeToLive is active on a different AttributeName: {table.expiry}"
    elif enabled == (table.expiry is not None):
        yield f"TimeToLive is already {'enabled' if enabled else 'disabled'}"
    elif not enabled and attribute != table.expiry:
        yield f"TimeToLive is active on {table.expiry}, and {attribute} was named to disable it"


@article("rule expiry-before-recovery", "UpdateTimeToLive")
def expiry_changes_before_recovery(table: Table, _call: Call) -> Iterator[str]:
    if table.recovery_begun:
        yield "Backups are being enabled. Please retry later"


@article("rule recovery-keeps-its-period; API reference of PointInTimeRecoverySpecification", "UpdateContinuousBackups")
def recovery_that_is_on_has_a_period(table: Table, call: Call) -> Iterator[str]:
    specification = call.arguments["PointInTimeRecoverySpecification"]
    days = specification.get("RecoveryPeriodInDays")
    if days is not None and not specification["PointInTimeRecoveryEnabled"]:
        yield "RecoveryPeriodInDays together with recovery that is disabled"
    if days is not None and not 1 <= days <= 35:
        yield f"a period of {days} days"
    in_region = call.region == table.region
    if in_region and specification["PointInTimeRecoveryEnabled"] and days is None and table.recovery not in (None, 35):
        yield f"without a period, that of {table.recovery} days becomes 35"


@article("rule tags-are-overwritten", "TagResource")
def a_tag_is_overwritten_not_removed_first(table: Table, call: Call) -> Iterator[str]:
    for key in sorted(table.untagged & _tags(call).keys() if call.region == table.region else ()):
        yield f"{key} was removed to be put again"


@article("API reference of TagResource: 50 tags, keys of 'aws:' are AWS's", "CreateTable", "TagResource")
def tags_are_few_and_ones_own(table: Table | None, call: Call) -> Iterator[str]:
    live = table.tags if table and call.region == table.region else {}
    if len({*live, *_tags(call)}) > 50:
        yield "more than 50 tags"
    if any(key.lower().startswith("aws:") for key in _tags(call)):
        yield "a key that begins with aws:"


@article("rule a-policy-has-a-size", "CreateTable", "PutResourcePolicy")
def a_policy_has_20_kilobytes(_table: Table | None, call: Call) -> Iterator[str]:
    policy = call.arguments.get("Policy") or call.arguments.get("ResourcePolicy") or ""
    if len(policy.encode()) > 20 * 1024:
        yield f"{len(policy.encode())} bytes"


@article("rule insights-off-have-no-mode; API reference of UpdateContributorInsights", "UpdateContributorInsights")
def insights_that_end_have_no_mode(table: Table, call: Call) -> Iterator[str]:
    if call.arguments["ContributorInsightsAction"] == "DISABLE" and "ContributorInsightsMode" in call.arguments:
        yield "a mode with DISABLE"
    index = call.arguments.get("IndexName")
    if index is not None and index not in table.global_indexes:
        yield f"there is no global index {index}"


@article(
    "rule one-kinesis-destination; API reference of EnableKinesisStreamingDestination",
    "EnableKinesisStreamingDestination",
)
def a_destination_begins_once(table: Table, call: Call) -> Iterator[str]:
    if call.arguments["StreamArn"] in table.kinesis:
        yield "Table is not in a valid state to enable Kinesis Streaming Destination"


@article(
    "rule a-precision-is-updated; API reference of UpdateKinesisStreamingDestination",
    "UpdateKinesisStreamingDestination",
    "DisableKinesisStreamingDestination",
)
def a_destination_changes_while_it_is_there(table: Table, call: Call) -> Iterator[str]:
    if call.arguments["StreamArn"] not in table.kinesis:
        yield "there is no such destination"


@article(
    "rule kinesis-is-told-late; API reference of the KinesisStreamingDestination calls: ResourceInUseException",
    "EnableKinesisStreamingDestination",
    "UpdateKinesisStreamingDestination",
    "DisableKinesisStreamingDestination",
)
def a_destination_is_at_rest(table: Table, call: Call) -> Iterator[str]:
    if call.arguments["StreamArn"] in table.busy:
        yield "no DescribeKinesisStreamingDestination has shown the end of the last change"


@article(
    "rules switches-to-on-demand-are-counted, decreases-are-counted, class-changes-are-counted, "
    "encryption-changes-are-counted and expiry-changes-once-an-hour",
    "UpdateTable",
    "UpdateTimeToLive",
)
def quotas_are_kept(table: Table, call: Call) -> Iterator[str]:
    for quota, count in _spends(table, call).items():
        most, source = QUOTAS[quota.split(" of index ")[0]]
        if table.spent.get(quota, 0) + count > most:
            yield f"more than {most}: {quota} ({source})"


@article("API reference of the calls that the referee knows")
def the_call_is_known(_table: Table | None, call: Call) -> Iterator[str]:
    if not any(call.operation in rule.operations for rule in RULES):
        yield f"the referee has no rules for {call.operation}"


RULES: tuple[Rule, ...] = tuple(each for each in vars().values() if isinstance(each, Rule))


# -- what reads show and writes do


def _seen(table: Table | None, call: Call) -> Table | None:
    """What the run knows of the table after a read."""
    if table is None or call.answer is None:
        return table
    if call.operation == "DescribeKinesisStreamingDestination":
        moving = {
            each["StreamArn"]
            for each in call.answer.get("KinesisDataStreamDestinations") or []
            if each.get("DestinationStatus") in ("ENABLING", "DISABLING", "UPDATING")
        }
        return replace(table, busy=table.busy & moving)
    if call.operation != "DescribeTable":
        return table
    told = call.answer["Table"]
    replicas = told.get("Replicas") or []
    ready = {each["RegionName"] for each in replicas if each.get("ReplicaStatus", "ACTIVE") == "ACTIVE"}
    seen = (ready if call.region == table.region else set()) | {call.region}
    statuses = [told.get("TableStatus", "ACTIVE"), (told.get("SSEDescription") or {}).get("Status", "ENABLED")]
    statuses += [each.get("IndexStatus", "ACTIVE") for each in told.get("GlobalSecondaryIndexes") or []]
    statuses += [each.get("ReplicaStatus", "ACTIVE") for each in replicas]
    made = table.made | (seen if statuses[0] != "CREATING" else set())
    at_rest = table.at_rest | (seen if set(statuses) <= {"ACTIVE", "ENABLED", "DISABLED"} else set())
    return replace(table, made=made, at_rest=at_rest)


def _after(table: Table | None, call: Call) -> Table | None:
    """The table after a write that was accepted."""
    if call.operation == "CreateTable":
        return _create(call)
    assert table is not None
    if call.operation == "DeleteTable":
        return None
    if call.operation == "UpdateTable":
        moved = replace(table, at_rest=table.at_rest - {call.region})
        return _update(moved, call) if call.region == table.region else moved
    if call.region != table.region:
        return table
    return _concern(table, call)


def _create(call: Call) -> Table:
    arguments = call.arguments
    table = Table(
        region=call.region,
        types=_types(call),
        keys=_keys(arguments),
        local_indexes={each["IndexName"]: _index(each) for each in _members(call, "LocalSecondaryIndexes")},
        global_indexes={each["IndexName"]: _index(each) for each in _members(call, "GlobalSecondaryIndexes")},
        billing_mode=arguments.get("BillingMode", PROVISIONED),
        throughput=_throughput(arguments),
        maximum=_maximum(arguments, NO_MAXIMUM),
        warm=_warm(arguments, (0, 0)),
        table_class=arguments.get("TableClass", "STANDARD"),
        encryption=_encryption(arguments.get("SSESpecification") or {"Enabled": False}),
        tags=_tags(call),
    )
    return _switch(table, arguments)


def _switch(table: Table, arguments: Mapping[str, Any]) -> Table:
    """Protection and stream."""
    specification = arguments.get("StreamSpecification")
    stream = specification.get("StreamViewType") if specification else table.stream
    return replace(table, stream=stream, protected=arguments.get("DeletionProtectionEnabled", table.protected))


def _update(table: Table, call: Call) -> Table:
    arguments = call.arguments
    spent = Counter(table.spent)
    spent.update(_spends(table, call))
    table = replace(_switch(table, arguments), spent=spent)
    mode = arguments.get("BillingMode", table.billing_mode)
    kept = {name: replace(index, throughput=None) for name, index in table.global_indexes.items()}
    indexes = dict(table.global_indexes) if mode == PROVISIONED else kept
    for verb, each in call.index_updates:
        name = each["IndexName"]
        if verb == "Delete":
            del indexes[name]
        elif verb == "Create":
            indexes[name] = _index(each)
        else:
            there = indexes[name]
            indexes[name] = replace(
                there,
                throughput=_throughput(each) or there.throughput,
                maximum=_maximum(each, there.maximum),
                warm=_warm(each, there.warm),
            )
    replicas = set(table.replicas)
    for verb, each in call.replica_updates:
        (replicas.discard if verb == "Delete" else replicas.add)(each["RegionName"])
    sse = arguments.get("SSESpecification")
    return replace(
        table,
        types={**table.types, **_types(call)},
        billing_mode=mode,
        throughput=(_throughput(arguments) or table.throughput) if mode == PROVISIONED else None,
        maximum=_maximum(arguments, table.maximum),
        warm=_warm(arguments, table.warm),
        table_class=arguments.get("TableClass", table.table_class),
        encryption=_encryption(sse) if sse else table.encryption,
        global_indexes=indexes,
        replicas=frozenset(replicas),
        strong=bool(replicas) and (table.strong or arguments.get("MultiRegionConsistency") == "STRONG"),
        made=table.made & {table.region, *replicas},
    )


def _concern(table: Table, call: Call) -> Table:
    """What has a call of its own."""
    arguments = call.arguments
    if call.operation == "TagResource":
        return replace(table, tags={**table.tags, **_tags(call)})
    if call.operation == "UntagResource":
        gone = frozenset(arguments["TagKeys"])
        left = {key: value for key, value in table.tags.items() if key not in gone}
        return replace(table, tags=left, untagged=table.untagged | gone)
    if call.operation == "UpdateTimeToLive":
        enabled, attribute = _expiry(call)
        spent = Counter(table.spent)
        spent.update(_spends(table, call))
        return replace(table, expiry=attribute if enabled else None, spent=spent)
    if call.operation == "UpdateContinuousBackups":
        specification = arguments["PointInTimeRecoverySpecification"]
        enabled = specification["PointInTimeRecoveryEnabled"]
        begun = enabled and table.recovery is None
        days = specification.get("RecoveryPeriodInDays", 35) if enabled else None
        return replace(table, recovery=days, recovery_begun=begun or table.recovery_begun)
    if call.operation.endswith("KinesisStreamingDestination"):
        arn = {arguments["StreamArn"]}
        kinesis = table.kinesis - arn if call.operation.startswith("Disable") else table.kinesis | arn
        return replace(table, kinesis=kinesis, busy=table.busy | arn)
    return table


def _spends(table: Table, call: Call) -> Counter[str]:
    """What a call takes of each quota."""
    spent: Counter[str] = Counter()
    if call.operation == "UpdateTimeToLive":
        spent["change of time to live"] += 1
    spent["change of table class"] += "TableClass" in call.arguments
    spent["change of encryption"] += "SSESpecification" in call.arguments
    spent["switch to on-demand"] += call.operation == "UpdateTable" and _switches(table, call, ON_DEMAND)
    if call.operation == "UpdateTable":
        for holder, live in _with_live(table, call):
            wanted = _throughput(holder)
            if wanted and live.throughput and any(new < old for new, old in zip(wanted, live.throughput)):
                of = f" of index {holder['IndexName']}" if "IndexName" in holder else ""
                spent[f"decrease of capacity{of}"] += 1
    return spent


# -- reading arguments


def _entries(updates: Iterable[Mapping[str, Any]] | None) -> list[tuple[str, Mapping[str, Any]]]:
    return [(verb, what) for entry in updates or [] for verb, what in entry.items()]


def _members(call: Call, member: str) -> list[Mapping[str, Any]]:
    return list(call.arguments.get(member) or [])


def _all_indexes(call: Call) -> list[Mapping[str, Any]]:
    return [*_members(call, "GlobalSecondaryIndexes"), *_members(call, "LocalSecondaryIndexes")]


def _created(call: Call) -> list[Mapping[str, Any]]:
    return [index for verb, index in call.index_updates if verb == "Create"]


def _holders(call: Call) -> list[Mapping[str, Any]]:
    """What an UpdateTable says of the table and of each live index."""
    return [call.arguments, *(index for verb, index in call.index_updates if verb == "Update")]


def _with_live(table: Table, call: Call) -> Iterator[tuple[Mapping[str, Any], Table | Index]]:
    """The same, with what is there now."""
    for holder in _holders(call):
        live = table.global_indexes.get(holder["IndexName"]) if "IndexName" in holder else table
        if live is not None and call.region == table.region:
            yield holder, live


def _others(call: Call, *members: str) -> list[str]:
    """What else an UpdateTable carries."""
    return sorted(call.arguments.keys() - {"TableName", *members})


def _switches(table: Table, call: Call, mode: str) -> bool:
    return call.arguments.get("BillingMode") == mode != table.billing_mode


def _types(call: Call) -> dict[str, str]:
    return {each["AttributeName"]: each["AttributeType"] for each in _members(call, "AttributeDefinitions")}


def _keys(holder: Mapping[str, Any]) -> Keys:
    return tuple((each["AttributeName"], each["KeyType"]) for each in holder["KeySchema"])


def _index(holder: Mapping[str, Any]) -> Index:
    projection = holder.get("Projection") or {}
    return Index(
        keys=_keys(holder),
        included=tuple(projection.get("NonKeyAttributes") or ()),
        projection=projection.get("ProjectionType", "ALL"),
        throughput=_throughput(holder),
        maximum=_maximum(holder, NO_MAXIMUM),
        warm=_warm(holder, (0, 0)),
    )


def _throughput(holder: Mapping[str, Any]) -> Units | None:
    given = holder.get("ProvisionedThroughput")
    return (given["ReadCapacityUnits"], given["WriteCapacityUnits"]) if given else None


def _maximum(holder: Mapping[str, Any], live: Units) -> Units:
    given = holder.get("OnDemandThroughput") or {}
    return (given.get("MaxReadRequestUnits", live[0]), given.get("MaxWriteRequestUnits", live[1]))


def _warm(holder: Mapping[str, Any], live: Units) -> Units:
    given = holder.get("WarmThroughput") or {}
    return (given.get("ReadUnitsPerSecond", live[0]), given.get("WriteUnitsPerSecond", live[1]))


def _encryption(specification: Mapping[str, Any]) -> str | None:
    """The key: None is a key that AWS owns, "" is AWS's key of the account."""
    return specification.get("KMSMasterKeyId", "") if specification["Enabled"] else None


def _expiry(call: Call) -> tuple[bool, str]:
    specification = call.arguments["TimeToLiveSpecification"]
    return specification["Enabled"], specification["AttributeName"]


def _tags(call: Call) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in _members(call, "Tags")}

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each rule of the law with a call that it lets pass, and one that breaks it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.law.state import Call, Table, VectorIndex, Work
from tests.unit.calling import (
    BOTH,
    CREATE_SOUND,
    DELETE_GSI1,
    GLOBAL,
    GSI2,
    INFREQUENT,
    NAME,
    ON_DEMAND,
    ONE,
    PROTECT,
    STREAM,
    call,
    create,
    definitions,
    expire,
    including,
    index,
    indexes,
    insights,
    keys,
    kinesis,
    provisioned,
    put,
    recover,
    replicas,
    search,
    search_schema,
    searched,
    sse,
    stream,
    table,
    tag,
    units,
    untag,
    update,
    vector,
    vectors,
    warm,
)


def busy(kind: str, what: str = "", **parts: Any) -> Table:
    """A table with work under way."""
    return replace(table(**parts), under_way=frozenset({Work(kind, what)}))


def restore(**more: Any) -> Call:
    given = {"SourceTableName": NAME, "TargetTableName": f"{NAME}-copy", "UseLatestRestorableTime": True}
    return Call("RestoreTableToPointInTime", {**given, **more})


def search_looks(condition: str = "") -> Call:
    return search(condition=condition, IndexName="looks")


KEY = {"SSEType": "KMS", "KMSMasterKeyId": "key-1"}
STATEMENT = '{"Statement": [{"Effect": "Allow", "Principal": %s, "Action": "dynamodb:GetItem", "Resource": "*"}]}'

# By the rule's name: the table, a call that is taken, one that is refused, and words of AWS's answer.
CASES: dict[str, tuple[Table | None, Call | None, Call, str]] = {
    "an-update-changes-something": (table(), PROTECT, update(), "At least one of"),
    "each-index-is-changed-once": (
        table(),
        DELETE_GSI1,
        update(GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "gsi1"}}, {"Create": index("gsi1", "a")}]),
        "Only one global secondary index update per index",
    ),
    "encryption-travels-alone": (
        table(), update(**sse(True)), update(**sse(True), DeletionProtectionEnabled=True), "Server-Side Encryption"
    ),
    "class-travels-alone": (
        table(), INFREQUENT, update(TableClass="STANDARD", BillingMode="PAY_PER_REQUEST"), "TableClass modification"
    ),
    "protection-travels-alone": (
        table(), PROTECT, update(DeletionProtectionEnabled=False, BillingMode="PAY_PER_REQUEST"), "DeletionProtection"
    ),
    "warm-throughput-travels-alone": (
        table(),
        update(WarmThroughput=warm(13000)),
        update(WarmThroughput=warm(13000), BillingMode="PAY_PER_REQUEST"),
        "WarmThroughput must be the only operation",
    ),
    "one-replica-at-a-time": (
        table(),
        update(**replicas(("Create", "eu-west-1"))),
        update(**replicas(("Create", "eu-west-1"), ("Create", "us-west-2"))),
        "more than one create or delete replica actions",
    ),
    "maximum-travels-with-billing": (
        table(),
        update(OnDemandThroughput={"MaxReadRequestUnits": 5}, BillingMode="PAY_PER_REQUEST"),
        update(
            OnDemandThroughput={"MaxReadRequestUnits": 5},
            **indexes(Update={"IndexName": "gsi1", "OnDemandThroughput": {"MaxReadRequestUnits": 5}}),
        ),
        "can only be combined with BillingMode",
    ),
    "streams-travel-without-capacities": (
        provisioned(),
        update(**stream(BOTH)),
        update(**stream(BOTH), ProvisionedThroughput=units(6, 6)),
        "You cannot modify stream status while updating table IOPS",
    ),
    "indexes-come-and-go-without-capacity": (
        provisioned(),
        DELETE_GSI1,
        update(ProvisionedThroughput=units(6, 6), **indexes(Delete={"IndexName": "gsi1"})),
        "You cannot create or delete index while updating table IOPS",
    ),
    "a-name-is-taken-once": (table(), None, create(), "Table already exists"),
    "a-missing-table-is-not-found": (None, create(), PROTECT, "Table: mana-memory not found"),
    "a-table-on-its-way-out-is-none": (busy("deletion"), None, PROTECT, "Table is being deleted"),
    "children-of-a-new-table-are-unseen": (busy("creation"), None, tag(a="b"), "not found"),
    "names-have-a-form": (
        None,
        create("a", GlobalSecondaryIndexes=[index("gsi", "a")]),
        create("a", GlobalSecondaryIndexes=[index("g1", "a")]),
        "indexName",
    ),
    "definitions-are-the-keys": (None, create(), create("a"), "Number of attributes in KeySchema"),
    "new-indexes-define-their-keys": (
        table(),
        update(AttributeDefinitions=definitions("a")[1:], **indexes(Create=GSI2)),
        update(**indexes(Create=GSI2)),
        "AttributeDefinitions is not specified for index: gsi2",
    ),
    "hash-before-range": (
        None, create(), create(KeySchema=keys("SK", "pk")), "The first KeySchemaElement is not a HASH key type"
    ),
    "a-local-index-shares-the-hash-key": (
        None,
        create("a", LocalSecondaryIndexes=[index("lsi1", "pk", "A")]),
        create("a", LocalSecondaryIndexes=[index("lsi1", "a", "SK")]),
        "does not have the same leading hash key",
    ),
    "projections-have-limits": (
        None,
        create("a", GlobalSecondaryIndexes=[index("gsi1", "a", Projection=including("x", "y"))]),
        create("a", GlobalSecondaryIndexes=[index("gsi1", "a", Projection=including())]),
        "NonKeyAttributes is not specified",
    ),
    "indexes-are-few": (
        None,
        create("a", GlobalSecondaryIndexes=[index(f"gsi{n}", "a") for n in range(20)]),
        create("a", GlobalSecondaryIndexes=[index(f"gsi{n}", "a") for n in range(21)]),
        "exceeds the per-table limit of 20",
    ),
    "one-index-at-a-time": (busy("backfill", "gsi0"), PROTECT, DELETE_GSI1, "Only 1 online index"),
    "index-names-are-checked": (
        table(), DELETE_GSI1, update(**indexes(Delete={"IndexName": "gsi2"})), "Index gsi2 for table mana-memory"
    ),
    "one-vector-action-an-entry": (
        searched(),
        CREATE_SOUND,
        update(VectorIndexUpdates=[{"Create": vector("sound", "noise"), "Delete": {"IndexName": "meaning"}}]),
        "Only one vector index action is allowed per VectorIndexUpdate object",
    ),
    "index-names-are-shared": (
        table(),
        CREATE_SOUND,
        update(**vectors(("Create", vector("gsi1")))),
        "Attempting to create an index which already exists",
    ),
    "vector-indexes-say-their-projection": (
        None,
        create(VectorIndexes=[vector()]),
        create(VectorIndexes=[vector(Projection=None)]),
        "Value null at 'vectorIndexes.1.member.projection'",
    ),
    "vectors-have-a-length": (
        None,
        create(VectorIndexes=[vector(Dimensions=4096)]),
        create(VectorIndexes=[vector(Dimensions=4097)]),
        "Number of dimensions must be between 1 and 4096 inclusive.",
    ),
    "vector-indexes-are-on-demand": (
        searched(),
        PROTECT,
        update(BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1)),
        "Tables with vector indexes must be in PAY_PER_REQUEST mode",
    ),
    "an-empty-list-is-left-out": (
        None, create(), create(VectorIndexes=[]), "List of VectorIndexes is empty"
    ),
    "vector-indexes-are-few": (
        None,
        create(VectorIndexes=[vector(f"vix{n}") for n in range(5)]),
        create(VectorIndexes=[vector(f"vix{n}") for n in range(6)]),
        "VectorIndex count exceeds the per-table limit of 5",
    ),
    "search-schemas-have-limits": (
        None,
        create("a", "b", VectorIndexes=[vector(SearchSchema=search_schema("a", "b"))]),
        create("a", "b", VectorIndexes=[vector(SearchSchema=search_schema("a") + search_schema("b"))]),
        "Value '2' at 'SearchSchema' failed to satisfy constraint: Member must have HASH count less than or equal to 1",
    ),
    "a-vector-is-no-key": (
        searched(),
        CREATE_SOUND,
        update(AttributeDefinitions=definitions("embedding"), **indexes(Create=index("gsi2", "embedding"))),
        "Existing schema: VectorIndexSchema:[VectorAttribute: key{embedding:L:4}] New schema: "
        "Schema:[SchemaElement: key{embedding:S:HASH}]",
    ),
    "filters-are-defined": (
        searched(),
        update(
            AttributeDefinitions=definitions("a"),
            **vectors(("Create", vector("sound", "noise", SearchSchema=search_schema("a")))),
        ),
        update(**vectors(("Create", vector("sound", "noise", SearchSchema=search_schema("a"))))),
        "One element in SearchSchema is not defined in attribute definitions",
    ),
    "vectors-of-an-attribute-are-alike": (
        searched(),
        update(**vectors(("Create", vector("sense", DistanceFunction="DOT_PRODUCT")))),
        update(**vectors(("Create", vector("sense", Dimensions=8)))),
        "All VectorIndexes on the same vector attribute must use the same dimensions.",
    ),
    "vector-projections-have-limits": (
        None,
        create(VectorIndexes=[vector(Projection=including("x"))]),
        create(VectorIndexes=[vector(Projection=including())]),
        "ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
    ),
    "restored-vector-indexes-are-those-of-the-source": (
        searched(),
        restore(VectorIndexOverride=[vector()]),
        restore(VectorIndexOverride=[vector(DistanceFunction="EUCLIDEAN")]),
        "Vector index meaning does not match",
    ),
    "items-fit-their-vector-indexes": (
        searched(), put(ONE, ONE, ONE, ONE), put(ONE, ONE, ONE),
        "Invalid size for parameter embedding, Expected: 4, Actual: 3 IndexName: meaning",
    ),
    "searches-find-a-hundred": (
        searched(), search(most=100), search(most=101), "The value must be between 1 and 100 inclusive"
    ),
    "searches-wait-for-the-index": (
        busy("backfill", "sound", global_indexes={}, vector_indexes={
            "meaning": VectorIndex("embedding", 4), "sound": VectorIndex("noise", 4)}),
        search(),
        search(IndexName="sound"),
        "Cannot search backfilling vector index: sound",
    ),
    "searches-have-the-length-of-the-vectors": (
        searched(), search(), search(3), "Input search vector dimension 3 does not match vector index dimension 4"
    ),
    "searches-are-bounded-by-equality": (
        searched(),
        search_looks("a = :v"),
        search_looks(),
        "SearchConditionExpression must be provided when SearchSchema has a HASH key",
    ),
    "on-demand-has-no-capacity": (None, create(), create(ProvisionedThroughput=units(1, 1)), "Neither ReadCapacity"),
    "provisioned-needs-every-capacity": (
        table(),
        update(
            BillingMode="PROVISIONED",
            ProvisionedThroughput=units(1, 1),
            **indexes(Update={"IndexName": "gsi1", "ProvisionedThroughput": units(1, 1)}),
        ),
        update(BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1)),
        "ProvisionedThroughput must be specified for index: gsi1",
    ),
    "provisioned-has-no-maximum": (
        provisioned(),
        ON_DEMAND,
        update(OnDemandThroughput={"MaxReadRequestUnits": 5}),
        "cannot be specified when the table BillingMode is PROVISIONED",
    ),
    "no-maximum-on-creation": (
        None,
        create(OnDemandThroughput={"MaxReadRequestUnits": 100}),
        create(OnDemandThroughput={"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": -1}),
        "Requested MaxWriteRequestUnits for OnDemandThroughput for table is outside of valid range",
    ),
    "maximum-cleared-by-minus-one": (
        table(),
        update(OnDemandThroughput={"MaxReadRequestUnits": -1}),
        update(OnDemandThroughput={"MaxReadRequestUnits": 0}),
        "outside of valid range",
    ),
    "equal-capacity-is-refused": (
        provisioned(),
        update(ProvisionedThroughput=units(5, 6)),
        update(ProvisionedThroughput=units(5, 5)),
        "The requested value equals the current value",
    ),
    "warm-throughput-has-a-floor": (
        None,
        create(WarmThroughput=warm(12000)),
        create(WarmThroughput=warm(11999)),
        "lower than initial throughput for OnDemand",
    ),
    "warm-throughput-only-grows": (
        table(warm=(13000, 4000)),
        update(WarmThroughput=warm(13000)),
        update(WarmThroughput=warm(12000)),
        "decreasing WarmThroughput is not supported",
    ),
    "a-protected-table-stays": (table(protected=True), PROTECT, call("DeleteTable"), "protected against deletion"),
    "a-table-with-replicas-stays": (table(**GLOBAL), PROTECT, call("DeleteTable"), "acted as a source region"),
    "protection-cools-down": (busy("protection cooldown"), INFREQUENT, PROTECT, "previous 15000 milliseconds"),
    "another-view-is-another-stream": (
        table(),
        update(**stream(BOTH)),
        update(StreamSpecification={"StreamEnabled": True}),
        "UpdateViewType is required",
    ),
    "replicas-freeze-the-stream": (table(**GLOBAL), PROTECT, update(**stream(None)), "Disabling Stream"),
    "a-stream-begins-when-off": (
        table(stream=BOTH), update(**stream(None)), update(**stream("KEYS_ONLY")), "already has an enabled stream"
    ),
    "encryption-absent-is-owned": (table(), update(**sse(True)), update(**sse(False)), "already encrypted by default"),
    "keys-are-told-by-arn": (
        table(encryption="key-1"),
        update(**sse(True, SSEType="KMS", KMSMasterKeyId="key-2")),
        update(**sse(True, **KEY)),
        "already encrypted with given KMSMasterKeyId",
    ),
    "keys-of-a-global-table-change-together": (
        table(**GLOBAL), update(**sse(True)), update(**sse(True, **KEY)), "can only be updated through ReplicaUpdates"
    ),
    "replicas-are-those-there-are": (
        table(**GLOBAL),
        update(**replicas(("Delete", "eu-west-1"))),
        update(**replicas(("Delete", "us-west-2"))),
        "were not part of the global table",
    ),
    "a-replica-leaves-its-table-behind": (
        busy("replica remains", "eu-west-1"),
        update(**replicas(("Create", "us-west-2"))),
        update(**replicas(("Create", "eu-west-1"))),
        "already existed as tables",
    ),
    "a-protected-replica-stays": (
        table(**GLOBAL, protected_replicas=frozenset({"eu-west-1"})),
        PROTECT,
        update(**replicas(("Delete", "eu-west-1"))),
        "because it has deletion protection enabled",
    ),
    "replicas-need-write-scaling": (
        provisioned(), PROTECT, update(**replicas(("Create", "eu-west-1"))), "either be Pay-Per-Request or AutoScaled"
    ),
    "replicas-share-the-kind-of-key": (
        table(encryption="key-1"),
        PROTECT,
        update(**replicas(("Create", "eu-west-1"))),
        "KMSMasterKeyId must be specified for each replica",
    ),
    "strong-consistency-is-born-whole": (
        table(),
        update(MultiRegionConsistency="STRONG", **replicas(("Create", "us-east-2"), ("Create", "us-west-2"))),
        update(MultiRegionConsistency="STRONG", **replicas(("Create", "us-east-2"))),
        "Unsupported replica count",
    ),
    "strong-regions-are-frozen": (
        table(**GLOBAL, strong=True),
        PROTECT,
        update(**replicas(("Create", "us-west-2"))),
        "Cannot add replicas to a global table with strong",
    ),
    "members-are-busy-together": (busy("replication", **GLOBAL), None, PROTECT, "attempting to change is in use"),
    "an-active-table-may-be-busy": (
        busy("class"), PROTECT, update(**stream(BOTH)), "Can't change stream status when a table class update"
    ),
    "an-index-keeps-others-waiting": (
        busy("backfill", "gsi1"), PROTECT, call("DeleteTable"), "Cannot delete table while indexes are being"
    ),
    "warmth-waits-for-allocation": (
        busy("allocation", "gsi1"), PROTECT, update(WarmThroughput=warm(13000)), "under system maintenance"
    ),
    "encryption-settles-on-its-own": (
        busy("encryption"), INFREQUENT, update(**sse(True)), "Server-Side Encryption is still being updated"
    ),
    "busy-passes-but-for-three": (busy("billing"), PROTECT, call("DeleteTable"), "in the process of being updated"),
    "warm-throughput-settles-late": (busy("warmth"), PROTECT, call("DeleteTable"), "process of being updated"),
    "tags-are-locked-after-a-write": (busy("tags"), PROTECT, untag("a"), "Table tags are being updated"),
    "class-changes-are-counted": (
        table(spent={"change of table class": 2}), PROTECT, INFREQUENT, "limited to 2 times in 30 day(s)"
    ),
    "encryption-changes-are-counted": (
        table(spent={"change of encryption": 4}), PROTECT, update(**sse(True)), "Encryption mode changes are limited"
    ),
    "decreases-are-counted": (
        provisioned(spent={"decrease of capacity": 4}),
        update(ProvisionedThroughput=units(5, 6)),
        update(ProvisionedThroughput=units(5, 4)),
        "decreases are limited",
    ),
    "switches-to-on-demand-are-counted": (
        provisioned(spent={"switch to on-demand": 4}), PROTECT, ON_DEMAND, "4 times in 24 hours"
    ),
    "expiry-keeps-its-attribute": (
        table(expiry="ttl"), expire(False, "ttl"), expire(True, "expires"), "current AttributeName is ttl"
    ),
    "expiry-changes-once-an-hour": (
        table(spent={"change of time to live": 1}, expiry="ttl"),
        PROTECT,
        expire(False, "ttl"),
        "within a fixed interval",
    ),
    "backups-come-after-the-table": (busy("backups"), expire(True, "ttl"), recover(True), "Backups are being enabled"),
    "recovery-keeps-its-period": (
        table(recovery=7),
        recover(True, RecoveryPeriodInDays=8),
        recover(False, RecoveryPeriodInDays=8),
        "Cannot specify RecoveryPeriodInDays when disabling",
    ),
    "tags-are-counted-after-the-merge": (
        table(tags={"a": "b"}),
        tag(**{f"tag{number}": "" for number in range(49)}),
        tag(**{f"tag{number}": "" for number in range(50)}),
        "Number of Tags exceed",
    ),
    "a-policy-has-a-size": (
        table(), PROTECT, call("PutResourcePolicy", Policy="x" * 20481), "Maximum policy size of 20480 bytes"
    ),
    "a-policy-grants-bounded-access": (
        table(),
        call("PutResourcePolicy", Policy=STATEMENT % '{"AWS": "123456789012"}'),
        call("PutResourcePolicy", Policy=STATEMENT % '"*"'),
        "grants unbounded access",
    ),
    "policy-cools-down": (
        busy("policy cooldown"), PROTECT, call("DeleteResourcePolicy"), "Resource-based policy for table mana-memory"
    ),
    "insights-need-rest": (
        busy("backfill", "gsi1"),
        insights("ENABLE"),
        insights("ENABLE", IndexName="gsi1"),
        "IndexStatus must be ACTIVE",
    ),
    "one-kinesis-destination": (
        table(kinesis=frozenset({"another"})), PROTECT, kinesis("Enable"), "must be DISABLED or ENABLE_FAILED"
    ),
    "a-precision-is-updated": (
        table(kinesis=frozenset({STREAM})),
        kinesis("Update"),
        call("UpdateKinesisStreamingDestination", StreamArn="another"),
        "No streaming destination with streamArn: another",
    ),
    "kinesis-is-told-late": (
        busy("destination begin", STREAM, kinesis=frozenset({STREAM})),
        PROTECT,
        kinesis("Disable"),
        "must be ACTIVE to perform DISABLE",
    ),
}  # fmt: skip

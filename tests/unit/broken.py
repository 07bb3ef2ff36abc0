# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each rule of the law with a call that it lets pass, and one that breaks it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

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


def witness(region: str) -> dict[str, Any]:
    return {"GlobalTableWitnessUpdates": [{"Create": {"RegionName": region}}]}


def search_looks(condition: str = "") -> Call:
    return search(condition=condition, IndexName="looks")


QUERY = {"KeyConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {"S": "1"}}}
MAXIMUM = {"OnDemandThroughputOverride": {"MaxReadRequestUnits": 5}}
READS = {"ProvisionedThroughputOverride": {"ReadCapacityUnits": 5}}
KEY = {"SSEType": "KMS", "KMSMasterKeyId": "key-1"}
STATEMENT = '{"Statement": [{"Effect": "Allow", "Principal": %s, "Action": "dynamodb:GetItem", "Resource": "*"}]}'

# AWS's codes, as they were measured: written here without the law, so that a wrong code there cannot agree with itself.
INVALID = "ValidationException"
IN_USE = "ResourceInUseException"
LIMITED = "LimitExceededException"
NOT_FOUND = "ResourceNotFoundException"
THROTTLED = "ThrottlingException"
INTERNAL = "InternalServerError"
BACKUPS = "ContinuousBackupsUnavailableException"


class Case(NamedTuple):
    """How a rule is broken: the table, a call that is taken, one that is refused, and AWS's code and words for it."""

    table: Table | None
    legal: Call | None
    illegal: Call
    code: str
    words: str


CASES: dict[str, Case] = {
    "an-update-changes-something": Case(table(), PROTECT, update(), INVALID, "At least one of"),
    "each-index-is-changed-once": Case(
        table(),
        DELETE_GSI1,
        update(GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "gsi1"}}, {"Create": index("gsi1", "a")}]),
        INVALID,
        "Only one global secondary index update per index",
    ),
    "encryption-travels-alone": Case(
        table(),
        update(**sse(True)),
        update(**sse(True), DeletionProtectionEnabled=True),
        INVALID,
        "Server-Side Encryption",
    ),
    "class-travels-alone": Case(
        table(),
        INFREQUENT,
        update(TableClass="STANDARD", BillingMode="PAY_PER_REQUEST"),
        INVALID,
        "TableClass modification",
    ),
    "protection-travels-alone": Case(
        table(),
        PROTECT,
        update(DeletionProtectionEnabled=False, BillingMode="PAY_PER_REQUEST"),
        INVALID,
        "DeletionProtection",
    ),
    "warm-throughput-travels-alone": Case(
        table(),
        update(WarmThroughput=warm(13000)),
        update(WarmThroughput=warm(13000), BillingMode="PAY_PER_REQUEST"),
        INVALID,
        "WarmThroughput must be the only operation",
    ),
    "one-replica-at-a-time": Case(
        table(),
        update(**replicas(("Create", "eu-west-1"))),
        update(**replicas(("Create", "eu-west-1"), ("Create", "us-west-2"))),
        INVALID,
        "more than one create or delete replica actions",
    ),
    "maximum-travels-with-billing": Case(
        table(),
        update(OnDemandThroughput={"MaxReadRequestUnits": 5}, BillingMode="PAY_PER_REQUEST"),
        update(
            OnDemandThroughput={"MaxReadRequestUnits": 5},
            **indexes(Update={"IndexName": "gsi1", "OnDemandThroughput": {"MaxReadRequestUnits": 5}}),
        ),
        INVALID,
        "can only be combined with BillingMode",
    ),
    "streams-travel-without-capacities": Case(
        provisioned(),
        update(**stream(BOTH)),
        update(**stream(BOTH), ProvisionedThroughput=units(6, 6)),
        INVALID,
        "You cannot modify stream status while updating table IOPS",
    ),
    "indexes-come-and-go-without-capacity": Case(
        provisioned(),
        DELETE_GSI1,
        update(ProvisionedThroughput=units(6, 6), **indexes(Delete={"IndexName": "gsi1"})),
        INVALID,
        "You cannot create or delete index while updating table IOPS",
    ),
    "a-name-is-taken-once": Case(table(), None, create(), IN_USE, "Table already exists"),
    "a-missing-table-is-not-found": Case(None, create(), PROTECT, NOT_FOUND, "Table: mana-memory not found"),
    "an-import-is-told-apart": Case(
        busy("unseen import"), None, call("DescribeTable"), NOT_FOUND, "Table: mana-memory not found"
    ),
    "a-table-on-its-way-out-is-none": Case(busy("deletion"), None, PROTECT, IN_USE, "Table is being deleted"),
    "children-of-a-new-table-are-unseen": Case(busy("creation"), None, tag(a="b"), NOT_FOUND, "not found"),
    "names-have-a-form": Case(
        None,
        create("a", GlobalSecondaryIndexes=[index("gsi", "a")]),
        create("a", GlobalSecondaryIndexes=[index("g1", "a")]),
        INVALID,
        "indexName",
    ),
    "definitions-are-the-keys": Case(None, create(), create("a"), INVALID, "Number of attributes in KeySchema"),
    "new-indexes-define-their-keys": Case(
        table(),
        update(AttributeDefinitions=definitions("a")[1:], **indexes(Create=GSI2)),
        update(**indexes(Create=GSI2)),
        INVALID,
        "AttributeDefinitions is not specified for index: gsi2",
    ),
    "hash-before-range": Case(
        None, create(), create(KeySchema=keys("SK", "pk")), INVALID, "The first KeySchemaElement is not a HASH key type"
    ),
    "a-local-index-shares-the-hash-key": Case(
        None,
        create("a", LocalSecondaryIndexes=[index("lsi1", "pk", "A")]),
        create("a", LocalSecondaryIndexes=[index("lsi1", "a", "SK")]),
        INVALID,
        "does not have the same leading hash key",
    ),
    "projections-have-limits": Case(
        None,
        create("a", GlobalSecondaryIndexes=[index("gsi1", "a", Projection=including("x", "y"))]),
        create("a", GlobalSecondaryIndexes=[index("gsi1", "a", Projection=including())]),
        INVALID,
        "NonKeyAttributes is not specified",
    ),
    "indexes-are-few": Case(
        None,
        create("a", GlobalSecondaryIndexes=[index(f"gsi{n}", "a") for n in range(20)]),
        create("a", GlobalSecondaryIndexes=[index(f"gsi{n}", "a") for n in range(21)]),
        INVALID,
        "exceeds the per-table limit of 20",
    ),
    "one-index-at-a-time": Case(busy("backfill", "gsi0"), PROTECT, DELETE_GSI1, LIMITED, "Only 1 online index"),
    "index-names-are-checked": Case(
        table(),
        DELETE_GSI1,
        update(**indexes(Delete={"IndexName": "gsi2"})),
        NOT_FOUND,
        "Index gsi2 for table mana-memory",
    ),
    "vector-indexes-are-searched-alone": Case(
        searched(),
        call("Query", **QUERY, IndexName="gsi1"),
        call("Query", **QUERY, IndexName="meaning"),
        INVALID,
        "Query operation not supported on this index type",
    ),
    "one-vector-action-an-entry": Case(
        searched(),
        CREATE_SOUND,
        update(VectorIndexUpdates=[{"Create": vector("sound", "noise"), "Delete": {"IndexName": "meaning"}}]),
        INVALID,
        "Only one vector index action is allowed per VectorIndexUpdate object",
    ),
    "index-names-are-shared": Case(
        table(),
        CREATE_SOUND,
        update(**vectors(("Create", vector("gsi1")))),
        INVALID,
        "Attempting to create an index which already exists",
    ),
    "vector-indexes-say-their-projection": Case(
        None,
        create(VectorIndexes=[vector()]),
        create(VectorIndexes=[vector(Projection=None)]),
        INVALID,
        "Value null at 'vectorIndexes.1.member.projection'",
    ),
    "vectors-have-a-length": Case(
        None,
        create(VectorIndexes=[vector(Dimensions=4096)]),
        create(VectorIndexes=[vector(Dimensions=4097)]),
        INVALID,
        "Number of dimensions must be between 1 and 4096 inclusive.",
    ),
    "vector-indexes-are-on-demand": Case(
        searched(),
        PROTECT,
        update(BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1)),
        INVALID,
        "Tables with vector indexes must be in PAY_PER_REQUEST mode",
    ),
    "an-empty-list-is-left-out": Case(
        None, create(), create(VectorIndexes=[]), INVALID, "List of VectorIndexes is empty"
    ),
    "vector-indexes-are-few": Case(
        None,
        create(VectorIndexes=[vector(f"vix{n}") for n in range(5)]),
        create(VectorIndexes=[vector(f"vix{n}") for n in range(6)]),
        INVALID,
        "VectorIndex count exceeds the per-table limit of 5",
    ),
    "search-schemas-have-limits": Case(
        None,
        create("a", "b", VectorIndexes=[vector(SearchSchema=search_schema("a", "b"))]),
        create("a", "b", VectorIndexes=[vector(SearchSchema=search_schema("a") + search_schema("b"))]),
        INVALID,
        "Value '2' at 'SearchSchema' failed to satisfy constraint: Member must have HASH count less than or equal to 1",
    ),
    "a-vector-is-no-key": Case(
        searched(),
        CREATE_SOUND,
        update(AttributeDefinitions=definitions("embedding"), **indexes(Create=index("gsi2", "embedding"))),
        INVALID,
        "Existing schema: VectorIndexSchema:[VectorAttribute: key{embedding:L:4}] New schema: "
        "Schema:[SchemaElement: key{embedding:S:HASH}]",
    ),
    "filters-are-defined": Case(
        searched(),
        update(
            AttributeDefinitions=definitions("a"),
            **vectors(("Create", vector("sound", "noise", SearchSchema=search_schema("a")))),
        ),
        update(**vectors(("Create", vector("sound", "noise", SearchSchema=search_schema("a"))))),
        INVALID,
        "One element in SearchSchema is not defined in attribute definitions",
    ),
    "vectors-of-an-attribute-are-alike": Case(
        searched(),
        update(**vectors(("Create", vector("sense", DistanceFunction="DOT_PRODUCT")))),
        update(**vectors(("Create", vector("sense", Dimensions=8)))),
        INVALID,
        "All VectorIndexes on the same vector attribute must use the same dimensions.",
    ),
    "vector-projections-have-limits": Case(
        None,
        create(VectorIndexes=[vector(Projection=including("x"))]),
        create(VectorIndexes=[vector(Projection=including())]),
        INVALID,
        "ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
    ),
    "restored-vector-indexes-are-those-of-the-source": Case(
        searched(),
        restore(VectorIndexOverride=[vector()]),
        restore(VectorIndexOverride=[vector(DistanceFunction="EUCLIDEAN")]),
        INVALID,
        "Vector index meaning does not match",
    ),
    "items-fit-their-vector-indexes": Case(
        searched(),
        put(ONE, ONE, ONE, ONE),
        put(ONE, ONE, ONE),
        INVALID,
        "Invalid size for parameter embedding, Expected: 4, Actual: 3 IndexName: meaning",
    ),
    "searches-find-a-hundred": Case(
        searched(), search(most=100), search(most=101), INVALID, "The value must be between 1 and 100 inclusive"
    ),
    "searches-wait-for-the-index": Case(
        busy(
            "backfill",
            "sound",
            global_indexes={},
            vector_indexes={"meaning": VectorIndex("embedding", 4), "sound": VectorIndex("noise", 4)},
        ),
        search(),
        search(IndexName="sound"),
        INVALID,
        "Cannot search backfilling vector index: sound",
    ),
    "searches-have-the-length-of-the-vectors": Case(
        searched(),
        search(),
        search(3),
        INVALID,
        "Input search vector dimension 3 does not match vector index dimension 4",
    ),
    "searches-are-bounded-by-equality": Case(
        searched(),
        search_looks("a = :v"),
        search_looks(),
        INVALID,
        "SearchConditionExpression must be provided when SearchSchema has a HASH key",
    ),
    "on-demand-has-no-capacity": Case(
        None, create(), create(ProvisionedThroughput=units(1, 1)), INVALID, "Neither ReadCapacity"
    ),
    "provisioned-needs-every-capacity": Case(
        table(),
        update(
            BillingMode="PROVISIONED",
            ProvisionedThroughput=units(1, 1),
            **indexes(Update={"IndexName": "gsi1", "ProvisionedThroughput": units(1, 1)}),
        ),
        update(BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1)),
        INVALID,
        "ProvisionedThroughput must be specified for index: gsi1",
    ),
    "provisioned-has-no-maximum": Case(
        provisioned(),
        ON_DEMAND,
        update(OnDemandThroughput={"MaxReadRequestUnits": 5}),
        INVALID,
        "cannot be specified when the table BillingMode is PROVISIONED",
    ),
    "no-maximum-on-creation": Case(
        None,
        create(OnDemandThroughput={"MaxReadRequestUnits": 100}),
        create(OnDemandThroughput={"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": -1}),
        INVALID,
        "Requested MaxWriteRequestUnits for OnDemandThroughput for table is outside of valid range",
    ),
    "maximum-cleared-by-minus-one": Case(
        table(),
        update(OnDemandThroughput={"MaxReadRequestUnits": -1}),
        update(OnDemandThroughput={"MaxReadRequestUnits": 0}),
        INVALID,
        "outside of valid range",
    ),
    "equal-capacity-is-refused": Case(
        provisioned(),
        update(ProvisionedThroughput=units(5, 6)),
        update(ProvisionedThroughput=units(5, 5)),
        INVALID,
        "The requested value equals the current value",
    ),
    "warm-throughput-has-a-floor": Case(
        None,
        create(WarmThroughput=warm(12000)),
        create(WarmThroughput=warm(11999)),
        INVALID,
        "lower than initial throughput for OnDemand",
    ),
    "warm-throughput-only-grows": Case(
        table(warm=(13000, 4000)),
        update(WarmThroughput=warm(13000)),
        update(WarmThroughput=warm(12000)),
        INVALID,
        "decreasing WarmThroughput is not supported",
    ),
    "a-protected-table-stays": Case(
        table(protected=True), PROTECT, call("DeleteTable"), INVALID, "protected against deletion"
    ),
    "a-table-with-replicas-stays": Case(
        table(**GLOBAL), PROTECT, call("DeleteTable"), INVALID, "acted as a source region"
    ),
    "protection-cools-down": Case(
        busy("protection cooldown"), INFREQUENT, PROTECT, THROTTLED, "previous 15000 milliseconds"
    ),
    "another-view-is-another-stream": Case(
        table(),
        update(**stream(BOTH)),
        update(StreamSpecification={"StreamEnabled": True}),
        INVALID,
        "UpdateViewType is required",
    ),
    "replicas-freeze-the-stream": Case(table(**GLOBAL), PROTECT, update(**stream(None)), INVALID, "Disabling Stream"),
    "a-stream-begins-when-off": Case(
        table(stream=BOTH),
        update(**stream(None)),
        update(**stream("KEYS_ONLY")),
        INVALID,
        "already has an enabled stream",
    ),
    "encryption-absent-is-owned": Case(
        table(), update(**sse(True)), update(**sse(False)), INVALID, "already encrypted by default"
    ),
    "keys-are-told-by-arn": Case(
        table(encryption="key-1"),
        update(**sse(True, SSEType="KMS", KMSMasterKeyId="key-2")),
        update(**sse(True, **KEY)),
        INVALID,
        "already encrypted with given KMSMasterKeyId",
    ),
    "a-key-is-of-its-region": Case(
        table(),
        update(**sse(True, **KEY)),
        update(**sse(True, SSEType="KMS", KMSMasterKeyId="arn:aws:kms:eu-west-1:123456789012:key/1")),
        INVALID,
        "NotFoundException: Invalid arn eu-west-1",
    ),
    "keys-of-a-global-table-change-together": Case(
        table(**GLOBAL),
        update(**sse(True)),
        update(**sse(True, **KEY)),
        INVALID,
        "can only be updated through ReplicaUpdates",
    ),
    "replicas-are-those-there-are": Case(
        table(**GLOBAL),
        update(**replicas(("Delete", "eu-west-1"))),
        update(**replicas(("Delete", "us-west-2"))),
        INVALID,
        "were not part of the global table",
    ),
    "a-replica-leaves-its-table-behind": Case(
        busy("replica remains", "eu-west-1"),
        update(**replicas(("Create", "us-west-2"))),
        update(**replicas(("Create", "eu-west-1"))),
        INVALID,
        "already existed as tables",
    ),
    "a-protected-replica-stays": Case(
        table(**GLOBAL, protected_replicas=frozenset({"eu-west-1"})),
        PROTECT,
        update(**replicas(("Delete", "eu-west-1"))),
        INVALID,
        "because it has deletion protection enabled",
    ),
    "replicas-need-write-scaling": Case(
        provisioned(),
        PROTECT,
        update(**replicas(("Create", "eu-west-1"))),
        INVALID,
        "either be Pay-Per-Request or AutoScaled",
    ),
    "replica-units-fit-the-mode": Case(
        table(**GLOBAL),
        update(ReplicaUpdates=[{"Update": {"RegionName": "eu-west-1", **MAXIMUM}}]),
        update(ReplicaUpdates=[{"Update": {"RegionName": "eu-west-1", **READS}}]),
        INVALID,
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified",
    ),
    "replicas-share-the-kind-of-key": Case(
        table(encryption="key-1"),
        PROTECT,
        update(**replicas(("Create", "eu-west-1"))),
        INVALID,
        "KMSMasterKeyId must be specified for each replica",
    ),
    "strong-consistency-is-born-whole": Case(
        table(),
        update(MultiRegionConsistency="STRONG", **replicas(("Create", "us-east-2"), ("Create", "us-west-2"))),
        update(MultiRegionConsistency="STRONG", **replicas(("Create", "us-east-2"))),
        INVALID,
        "Unsupported replica count",
    ),
    "strong-consistency-leaves-regions-out": Case(
        table(),
        update(MultiRegionConsistency="STRONG", **replicas(("Create", "us-east-2"), ("Create", "us-west-2"))),
        update(MultiRegionConsistency="STRONG", **replicas(("Create", "us-east-2"), ("Create", "us-west-1"))),
        INVALID,
        "with MultiRegionConsistency set to STRONG: [us-west-1].",
    ),
    "a-witness-stands-apart": Case(
        table(),
        update(MultiRegionConsistency="STRONG", **replicas(("Create", "us-east-2")), **witness("us-west-2")),
        update(MultiRegionConsistency="STRONG", **replicas(("Create", "us-east-2")), **witness("us-east-1")),
        INVALID,
        "Cannot add a witness in the same region as an existing replica",
    ),
    "strong-regions-are-frozen": Case(
        table(**GLOBAL, strong=True),
        PROTECT,
        update(**replicas(("Create", "us-west-2"))),
        INVALID,
        "Cannot add replicas to a global table with strong",
    ),
    "members-are-busy-together": Case(
        busy("replication", **GLOBAL), None, PROTECT, IN_USE, "attempting to change is in use"
    ),
    "an-active-table-may-be-busy": Case(
        busy("class"), PROTECT, update(**stream(BOTH)), IN_USE, "Can't change stream status when a table class update"
    ),
    "an-index-keeps-others-waiting": Case(
        busy("backfill", "gsi1"), PROTECT, call("DeleteTable"), IN_USE, "Cannot delete table while indexes are being"
    ),
    "an-index-in-allocation-stays": Case(
        busy("allocation", "gsi1"), PROTECT, DELETE_GSI1, IN_USE, "Index creation is in resource allocation phase"
    ),
    "warmth-waits-for-allocation": Case(
        busy("allocation", "gsi1"), PROTECT, update(WarmThroughput=warm(13000)), INTERNAL, "under system maintenance"
    ),
    "encryption-settles-on-its-own": Case(
        busy("encryption"), INFREQUENT, update(**sse(True)), IN_USE, "Server-Side Encryption is still being updated"
    ),
    "busy-passes-but-for-three": Case(
        busy("billing"), PROTECT, call("DeleteTable"), IN_USE, "in the process of being updated"
    ),
    "warm-throughput-settles-late": Case(
        busy("warmth"), PROTECT, call("DeleteTable"), IN_USE, "process of being updated"
    ),
    "tags-are-locked-after-a-write": Case(busy("tags"), PROTECT, untag("a"), LIMITED, "Table tags are being updated"),
    "class-changes-are-counted": Case(
        table(spent={"change of table class": 2}), PROTECT, INFREQUENT, LIMITED, "limited to 2 times in 30 day(s)"
    ),
    "encryption-changes-are-counted": Case(
        table(spent={"change of encryption": 4}),
        PROTECT,
        update(**sse(True)),
        LIMITED,
        "Encryption mode changes are limited",
    ),
    "decreases-are-counted": Case(
        provisioned(spent={"decrease of capacity": 4}),
        update(ProvisionedThroughput=units(5, 6)),
        update(ProvisionedThroughput=units(5, 4)),
        LIMITED,
        "decreases are limited",
    ),
    "switches-to-on-demand-are-counted": Case(
        provisioned(spent={"switch to on-demand": 4}), PROTECT, ON_DEMAND, LIMITED, "4 times in 24 hours"
    ),
    "expiry-keeps-its-attribute": Case(
        table(expiry="ttl"), expire(False, "ttl"), expire(True, "expires"), INVALID, "current AttributeName is ttl"
    ),
    "expiry-changes-once-an-hour": Case(
        table(spent={"change of time to live": 1}, expiry="ttl"),
        PROTECT,
        expire(False, "ttl"),
        INVALID,
        "within a fixed interval",
    ),
    "backups-come-after-the-table": Case(
        busy("backups"), expire(True, "ttl"), recover(True), BACKUPS, "Backups are being enabled"
    ),
    "recovery-keeps-its-period": Case(
        table(recovery=7),
        recover(True, RecoveryPeriodInDays=8),
        recover(False, RecoveryPeriodInDays=8),
        INVALID,
        "Cannot specify RecoveryPeriodInDays when disabling",
    ),
    "tags-are-counted-after-the-merge": Case(
        table(tags={"a": "b"}),
        tag(**{f"tag{number}": "" for number in range(49)}),
        tag(**{f"tag{number}": "" for number in range(50)}),
        INVALID,
        "Number of Tags exceed",
    ),
    "a-policy-has-a-size": Case(
        table(), PROTECT, call("PutResourcePolicy", Policy="x" * 20481), INVALID, "Maximum policy size of 20480 bytes"
    ),
    "a-policy-grants-bounded-access": Case(
        table(),
        call("PutResourcePolicy", Policy=STATEMENT % '{"AWS": "123456789012"}'),
        call("PutResourcePolicy", Policy=STATEMENT % '"*"'),
        INVALID,
        "grants unbounded access",
    ),
    "policy-cools-down": Case(
        busy("policy cooldown"),
        PROTECT,
        call("DeleteResourcePolicy"),
        THROTTLED,
        "Resource-based policy for table mana-memory",
    ),
    "insights-need-rest": Case(
        busy("backfill", "gsi1"),
        insights("ENABLE"),
        insights("ENABLE", IndexName="gsi1"),
        INVALID,
        "IndexStatus must be ACTIVE",
    ),
    "one-kinesis-destination": Case(
        table(kinesis=frozenset({"another"})), PROTECT, kinesis("Enable"), INVALID, "must be DISABLED or ENABLE_FAILED"
    ),
    "a-precision-is-updated": Case(
        table(kinesis=frozenset({STREAM})),
        kinesis("Update"),
        call("UpdateKinesisStreamingDestination", StreamArn="another"),
        INVALID,
        "No streaming destination with streamArn: another",
    ),
    "kinesis-is-told-late": Case(
        busy("destination begin", STREAM, kinesis=frozenset({STREAM})),
        PROTECT,
        kinesis("Disable"),
        INVALID,
        "must be ACTIVE to perform DISABLE",
    ),
}

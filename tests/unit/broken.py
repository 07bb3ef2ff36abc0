"""Each rule of the law with a call that it lets pass, and one that breaks it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.law.state import Call, Table, Work
from tests.unit.calling import (
    BOTH,
    DELETE_GSI1,
    GLOBAL,
    GSI2,
    INFREQUENT,
    ON_DEMAND,
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
    recover,
    replicas,
    sse,
    stream,
    table,
    tag,
    units,
    untag,
    update,
    warm,
)


def busy(kind: str, what: str = "", **parts: Any) -> Table:
    """A table with work under way."""
    return replace(table(**parts), under_way=frozenset({Work(kind, what)}))


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

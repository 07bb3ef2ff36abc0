# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How each rule of the law is broken with a bare client, behind the gate or at AWS."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from tests.law.state import Call
from tests.unit.broken import CASES, KEY, STATEMENT
from tests.unit.calling import (
    BOTH,
    BY_LOOKS,
    CREATE_SOUND,
    DELETE_GSI1,
    INFREQUENT,
    NAME,
    ON_DEMAND,
    PK,
    PROTECT,
    SK,
    STREAM,
    call,
    create,
    definitions,
    expire,
    index,
    indexes,
    kinesis,
    replicas,
    sse,
    stream,
    tag,
    units,
    update,
    vector,
    warm,
)

MADE = create("a", GlobalSecondaryIndexes=[index("gsi1", "a")])
SEARCHED = create("a", VectorIndexes=[vector(), BY_LOOKS])
CAPACITIES = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": units(5, 5)}
INDEX_CAPACITY = indexes(Update={"IndexName": "gsi1", "ProvisionedThroughput": units(2, 2)})
ADDED = update(AttributeDefinitions=definitions("a"), **indexes(Create=index("gsi0", "a")))
ADDED_AGAIN = update(AttributeDefinitions=definitions("a"), **indexes(Create=index("gsi1", "a")))
PROVISIONED = create(
    "a",
    BillingMode="PROVISIONED",
    ProvisionedThroughput=units(5, 5),
    GlobalSecondaryIndexes=[index("gsi1", "a", ProvisionedThroughput=units(2, 2))],
)
BUCKET = "mana-memory-imports"
IMPORTED = Call(
    "ImportTable",
    {
        "S3BucketSource": {"S3Bucket": BUCKET},
        "InputFormat": "DYNAMODB_JSON",
        "TableCreationParameters": {
            "KeySchema": [PK, SK],
            "AttributeDefinitions": definitions(),
            "BillingMode": "PAY_PER_REQUEST",
        },
    },
)
LOOK = call("DescribeTable")
# In place of calls: the first looks until the table and all its parts hold still; the second lets an index be
# allocated, and then looks once.
SETTLE = call("Settle")
ALLOCATED = call("Allocated")
EUROPE = Call("UpdateTable", {"TableName": NAME, "DeletionProtectionEnabled": True}, "eu-west-1")
REPLICATED = [MADE, SETTLE, update(**replicas(("Create", "eu-west-1"))), SETTLE]
ALLOWED = STATEMENT % '{"AWS": "arn:aws:iam::000000000000:root"}'
THERE_AND_BACK = [update(**CAPACITIES, **INDEX_CAPACITY), SETTLE, ON_DEMAND, SETTLE]
ENCRYPTED_AND_NOT = [update(**sse(True)), SETTLE, update(**sse(False)), SETTLE]

# What has to be done before a rule can be broken, where that is more than a table on demand with an index.
BEFORE: dict[str, list[Call]] = {
    "a-missing-table-is-not-found": [],
    "streams-travel-without-capacities": [PROVISIONED, SETTLE],
    "indexes-come-and-go-without-capacity": [PROVISIONED, SETTLE],
    "a-name-is-taken-once": [MADE, SETTLE],
    "an-import-is-told-apart": [IMPORTED],
    "a-table-on-its-way-out-is-none": [MADE, SETTLE, call("DeleteTable")],
    "children-of-a-new-table-are-unseen": [MADE],
    "vector-indexes-are-searched-alone": [SEARCHED, SETTLE],
    "one-vector-action-an-entry": [SEARCHED, SETTLE],
    "vector-indexes-are-on-demand": [SEARCHED, SETTLE],
    "a-vector-is-no-key": [SEARCHED, SETTLE],
    "filters-are-defined": [SEARCHED, SETTLE],
    "vectors-of-an-attribute-are-alike": [SEARCHED, SETTLE],
    "restored-vector-indexes-are-those-of-the-source": [SEARCHED, SETTLE],
    "items-fit-their-vector-indexes": [SEARCHED, SETTLE],
    "searches-find-a-hundred": [SEARCHED, SETTLE],
    "searches-wait-for-the-index": [SEARCHED, SETTLE, CREATE_SOUND, ALLOCATED],
    "searches-have-the-length-of-the-vectors": [SEARCHED, SETTLE],
    "searches-are-bounded-by-equality": [SEARCHED, SETTLE],
    "one-index-at-a-time": [MADE, SETTLE, ADDED],
    "provisioned-has-no-maximum": [PROVISIONED, SETTLE],
    "equal-capacity-is-refused": [PROVISIONED, SETTLE],
    "warm-throughput-only-grows": [MADE, SETTLE, update(WarmThroughput=warm(13000)), SETTLE],
    "a-protected-table-stays": [MADE, SETTLE, PROTECT],
    "a-table-with-replicas-stays": REPLICATED,
    "protection-cools-down": [MADE, SETTLE, PROTECT],
    "replicas-freeze-the-stream": REPLICATED,
    "a-stream-begins-when-off": [MADE, SETTLE, update(**stream(BOTH)), SETTLE],
    "keys-are-told-by-arn": [MADE, SETTLE, update(**sse(True, **KEY)), SETTLE],
    "keys-of-a-global-table-change-together": REPLICATED,
    "replicas-are-those-there-are": REPLICATED,
    "a-replica-leaves-its-table-behind": [*REPLICATED, update(**replicas(("Delete", "eu-west-1"))), SETTLE],
    "a-protected-replica-stays": [*REPLICATED, EUROPE, SETTLE],
    "replicas-need-write-scaling": [PROVISIONED, SETTLE],
    "replica-units-fit-the-mode": REPLICATED,
    "replicas-share-the-kind-of-key": [MADE, SETTLE, update(**sse(True, **KEY)), SETTLE],
    "strong-regions-are-frozen": [
        MADE,
        SETTLE,
        update(MultiRegionConsistency="STRONG", **replicas(("Create", "us-east-2"), ("Create", "eu-west-1"))),
        SETTLE,
    ],
    "members-are-busy-together": REPLICATED[:-1],
    "an-active-table-may-be-busy": [MADE, SETTLE, INFREQUENT],
    "an-index-keeps-others-waiting": [MADE, SETTLE, ADDED],
    "an-index-in-allocation-stays": [MADE, SETTLE, DELETE_GSI1, SETTLE, ADDED_AGAIN],
    "warmth-waits-for-allocation": [MADE, SETTLE, ADDED],
    "encryption-settles-on-its-own": [MADE, SETTLE, update(**sse(True))],
    "busy-passes-but-for-three": [MADE, SETTLE, update(**CAPACITIES, **INDEX_CAPACITY)],
    "warm-throughput-settles-late": [MADE, SETTLE, update(WarmThroughput=warm(13000))],
    "tags-are-locked-after-a-write": [MADE, SETTLE, tag(a="b")],
    "class-changes-are-counted": [MADE, SETTLE, INFREQUENT, SETTLE, update(TableClass="STANDARD"), SETTLE],
    "encryption-changes-are-counted": [MADE, SETTLE, *ENCRYPTED_AND_NOT * 2],
    "decreases-are-counted": [
        PROVISIONED,
        SETTLE,
        *(each for write in (9, 8, 7, 6, 5) for each in (update(ProvisionedThroughput=units(5, write)), SETTLE)),
    ],
    "switches-to-on-demand-are-counted": [MADE, SETTLE, *THERE_AND_BACK * 4, *THERE_AND_BACK[:2]],
    "expiry-keeps-its-attribute": [MADE, SETTLE, expire(True, "ttl")],
    "expiry-changes-once-an-hour": [MADE, SETTLE, expire(True, "ttl")],
    "tags-are-counted-after-the-merge": [MADE, SETTLE, tag(a="b"), *[call("ListTagsOfResource")] * 2],
    "policy-cools-down": [MADE, SETTLE, call("PutResourcePolicy", Policy=ALLOWED), call("GetResourcePolicy")],
    "insights-need-rest": [MADE, SETTLE, DELETE_GSI1, SETTLE, ADDED_AGAIN, ALLOCATED],
    "one-kinesis-destination": [
        MADE,
        SETTLE,
        call("EnableKinesisStreamingDestination", StreamArn=f"{STREAM}-of-others"),
        call("DescribeKinesisStreamingDestination"),
    ],
    "a-precision-is-updated": [MADE, SETTLE, kinesis("Enable")],
    "kinesis-is-told-late": [MADE, SETTLE, kinesis("Enable")],
}
BUSY = ("CREATING", "UPDATING", "DELETING")
PASSING = ("ResourceInUseException", "LimitExceededException", "ThrottlingException")
REGIONS = ("us-east-1", "eu-west-1", "us-west-2")
LOOKS = 2400
Send = Callable[[Call], dict[str, Any]]


def sender(connect: Callable[[str], Any], name: str, pause: float = 0) -> Send:
    """Sends the calls of a case as they are, about a table of this name. ``pause``: seconds that a read lets pass."""
    clients = {region: connect(region) for region in REGIONS}
    account: list[str] = []

    def send(call: Call) -> dict[str, Any]:
        if call is SETTLE:
            return settle()
        if call is ALLOCATED:
            time.sleep(30 * pause)
            return send(LOOK)
        arguments = {**call.arguments, "TableName": name}
        if "TableCreationParameters" in call.arguments:
            del arguments["TableName"]
            arguments["TableCreationParameters"] = {**call.arguments["TableCreationParameters"], "TableName": name}
        elif call.operation == "ListImports":
            arguments = {"TableArn": f"arn:aws:dynamodb:{call.region}:{account[0]}:table/{name}"}
        elif "SourceTableName" in call.arguments:
            del arguments["TableName"]
            arguments["SourceTableName"] = name
        elif call.operation.endswith(("Resource", "ResourcePolicy")):
            del arguments["TableName"]
            arguments["ResourceArn"] = f"arn:aws:dynamodb:{call.region}:{account[0]}:table/{name}"
        answer: dict[str, Any] = getattr(clients[call.region], xform_name(call.operation))(**arguments)
        if not call.writes and call is not LOOK:
            time.sleep(pause)
        if call.operation in ("CreateTable", "ImportTable"):
            made = answer.get("TableDescription") or answer["ImportTableDescription"]
            account[:] = [made["TableArn"].split(":")[4]]
        return answer

    def settle() -> dict[str, Any]:
        for _look in range(LOOKS):
            table: dict[str, Any] = send(LOOK)["Table"]
            looked_at = [table.get("SSEDescription") or {}, table.get("WarmThroughput") or {}]
            for member in ("GlobalSecondaryIndexes", "VectorIndexes", "Replicas"):
                looked_at += table.get(member) or []
            statuses = [part.get(name) for part in looked_at for name in ("Status", "IndexStatus", "ReplicaStatus")]
            if not {table["TableStatus"], *statuses} & set(BUSY):
                return table
            time.sleep(pause / 4)
        raise AssertionError(f"{name} does not settle: {table}")

    return send


def broken(send: Send, rule: str) -> tuple[str, str]:
    """Break a rule: the code and the words of the answer, empty where the call is taken."""
    illegal = CASES[rule].illegal
    for step in BEFORE.get(rule, [] if illegal.operation == "CreateTable" else [MADE, SETTLE]):
        with contextlib.nullcontext() if step.writes else contextlib.suppress(ClientError):
            send(step)
    try:
        send(illegal)
    except ClientError as refusal:
        return refusal.response["Error"]["Code"], refusal.response["Error"].get("Message", "")
    return "", ""


def remove(send: Send, pause: float = 0) -> None:
    """Delete the table of a case, with its replicas, in whatever state it is, and what outlived it in their region."""
    for region in REGIONS:
        for _try in range(LOOKS):
            try:
                _remove_some(send, region)
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "ResourceNotFoundException":
                    break
                if code not in PASSING:
                    raise
            time.sleep(pause)
        else:
            raise AssertionError(f"the table is still there in {region}")


def _remove_some(send: Send, region: str) -> None:
    """Delete a table in one round: once it holds still in a region, its replicas, and then itself."""
    table = send(Call("DescribeTable", {}, region))["Table"]
    if table["TableStatus"] in BUSY:
        return
    for replica in table.get("Replicas") or () if region == REGIONS[0] else ():
        send(Call("UpdateTable", {"DeletionProtectionEnabled": False}, replica["RegionName"]))
        send(SETTLE)
        send(update(**replicas(("Delete", replica["RegionName"]))))
        send(SETTLE)
    if table.get("DeletionProtectionEnabled"):
        send(Call("UpdateTable", {"DeletionProtectionEnabled": False}, region))
    send(Call("DeleteTable", {}, region))

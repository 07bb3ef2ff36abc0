# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Changes that somebody else makes, of each part in each way that ministack can: that part is drifted, and no other."""

from __future__ import annotations

import datetime
import html
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from plugins.module_utils import audit, audit_pages, report
from plugins.modules import dynamodb_item, dynamodb_table, iam_role_policy, lambda_environment
from tests.convergence.bench import Bench, set_up
from tests.convergence.declarations import BOTH_IMAGES, LACKS
from tests.functions import make_function
from tools.endpoint import Endpoint

TODAY = datetime.date(2026, 11, 1)
SALT = "00" * 16
NUMBERS = itertools.count()
ROOT = "arn:aws:iam::000000000000:root"
STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/"
OTHER_REGION = "eu-west-1"

READS = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": ["dynamodb:GetItem"], "Resource": "*"}
WRITES = {**READS, "Action": ["dynamodb:PutItem"]}
OF_THE_ROLE = {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"], "Resource": [f"{STREAM}a"]}
GSI1 = {
    "name": "gsi1",
    "type": "global_include",
    "hash_key_name": "a",
    "hash_key_type": "STRING",
    "range_key_name": "b",
    "range_key_type": "STRING",
    "includes": ["x"],
}
GSI2 = {"name": "gsi2", "type": "global_all", "hash_key_name": "b"}
# Its keys are declared whole, so that a range key which somebody adds is one too many.
HASHED = {"name": "gsi2", "type": "global_all", "key_schema": [{"attribute_name": "b", "key_type": "HASH"}]}
LSI1 = {"name": "lsi1", "type": "keys_only", "range_key_name": "c"}
VECTORS = {
    "name": "vectors",
    "vector_attribute": "v",
    "dimensions": 2,
    "distance_function": "COSINE",
    "projection": "all",
    "hash_key_name": "a",
    "filters": [{"name": "b", "type": "STRING"}],
}
OTHERS = {**VECTORS, "name": "others", "vector_attribute": "w"}
KEYS = {"hash_key_name": "pk", "hash_key_type": "STRING", "range_key_name": "sk", "range_key_type": "STRING"}
# All that can be declared of a table without replicas, with a value.
FULL: dict[str, Any] = {
    **KEYS,
    "billing_mode": "PAY_PER_REQUEST",
    "indexes": [GSI1, GSI2, LSI1],
    "purge_indexes": True,
    "on_demand_throughput": {"max_read_request_units": 5, "max_write_request_units": 5},
    "table_class": "STANDARD_INFREQUENT_ACCESS",
    "deletion_protection_enabled": True,
    "tags": {"team": "a", "stage": "test"},
    "time_to_live": {"attribute_name": "expires"},
    "point_in_time_recovery": {"enabled": True},
    "stream_specification": {"stream_view_type": "NEW_IMAGE"},
    "sse_specification": {"enabled": True},
    "contributor_insights": {"enabled": True},
    "resource_policy": {"Version": "2012-10-17", "Statement": [READS, WRITES]},
    "kinesis_streaming_destination": {
        "stream_arn": f"{STREAM}changes",
        "approximate_creation_date_time_precision": "MILLISECOND",
    },
}
# The same, each part declared to be off or empty.
BARE: dict[str, Any] = {
    **KEYS,
    "billing_mode": "PAY_PER_REQUEST",
    "indexes": [],
    "purge_indexes": True,
    "vector_indexes": [],
    "purge_vector_indexes": True,
    "on_demand_throughput": {"max_read_request_units": -1, "max_write_request_units": -1},
    "table_class": "STANDARD",
    "deletion_protection_enabled": False,
    "tags": {},
    "time_to_live": {"enabled": False},
    "point_in_time_recovery": {"enabled": False},
    "stream_specification": {"stream_enabled": False},
    "sse_specification": {"enabled": False},
    "contributor_insights": {"enabled": False},
    "resource_policy": {},
    "kinesis_streaming_destination": {"enabled": False},
}
CAPACITY = {"read_capacity": 5, "write_capacity": 5}
PROVISIONED: dict[str, Any] = {
    **KEYS,
    "billing_mode": "PROVISIONED",
    **CAPACITY,
    "indexes": [{**GSI1, **CAPACITY}, {**GSI2, **CAPACITY, "contributor_insights": {"enabled": True}}],
}
VECTORED: dict[str, Any] = {
    **KEYS,
    "billing_mode": "PAY_PER_REQUEST",
    "indexes": [GSI2],
    "vector_indexes": [VECTORS, OTHERS],
    "purge_vector_indexes": True,
}
REGIONAL = {
    "region_name": OTHER_REGION,
    "tags": {"team": "a"},
    "point_in_time_recovery": {"enabled": True},
    "deletion_protection_enabled": True,
}
GLOBAL: dict[str, Any] = {
    **KEYS,
    "billing_mode": "PAY_PER_REQUEST",
    "stream_specification": BOTH_IMAGES,
    "replicas": [REGIONAL],
    "purge_replicas": True,
}
BARE_GLOBAL: dict[str, Any] = {
    **GLOBAL,
    "replicas": [
        {
            "region_name": OTHER_REGION,
            "tags": {},
            "point_in_time_recovery": {"enabled": False},
            "deletion_protection_enabled": False,
        }
    ],
}


class Aws:
    """The hands of somebody else, who changes one thing with a client of AWS."""

    def __init__(self, clients: Callable[[str], Any], regional: Any, name: str) -> None:
        self.clients = clients
        self.regional = regional
        self.name = name

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        """A call of DynamoDB on the table of this name."""
        call = getattr(self.clients("dynamodb"), operation)
        return lambda **arguments: call(TableName=self.name, **arguments)

    def key(self) -> str:
        """The ARN of a new KMS key."""
        return str(self.clients("kms").create_key()["KeyMetadata"]["Arn"])

    def there(self, operation: str, **arguments: Any) -> None:
        """A call that takes the ARN, on the replica."""
        arn = self.regional.describe_table(TableName=self.name)["Table"]["TableArn"]
        getattr(self.regional, operation)(ResourceArn=arn, **arguments)

    @property
    def arn(self) -> str:
        """The ARN of the table."""
        return str(self.describe_table()["Table"]["TableArn"])

    def on_arn(self, operation: str, **arguments: Any) -> None:
        """A call that takes the ARN."""
        getattr(self.clients("dynamodb"), operation)(ResourceArn=self.arn, **arguments)

    def index(self, change: str, **arguments: Any) -> None:
        """Create, update or delete one global index."""
        types = dict.fromkeys("abd", "S") | arguments.pop("types", {})
        definitions = {"AttributeDefinitions": _definitions(types)} if change == "Create" else {}
        self.update_table(GlobalSecondaryIndexUpdates=[{change: arguments}], **definitions)

    def vector_index(self, change: str, **arguments: Any) -> None:
        """Create or delete one vector index."""
        definitions = {"AttributeDefinitions": _definitions(dict.fromkeys("abd", "S"))} if change == "Create" else {}
        self.update_table(VectorIndexUpdates=[{change: arguments}], **definitions)

    def put_policy(self, *statements: Mapping[str, Any]) -> None:
        """Another resource policy of the table."""
        self.on_arn("put_resource_policy", Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))

    def insights(self, switch: str, **index: str) -> None:
        """Contributor insights on or off."""
        self.update_contributor_insights(ContributorInsightsAction=switch, **index)

    def anew(self, hash_key: str = "pk S", range_key: str = "sk S", **others: Any) -> None:
        """Delete the table, and make one of these keys in its place."""
        self.delete_table()
        keys = [key.split() for key in (hash_key, range_key) if key]
        roles = ("HASH", "RANGE")
        self.create_table(
            KeySchema=[{"AttributeName": name, "KeyType": role} for (name, _type), role in zip(keys, roles)],
            AttributeDefinitions=_definitions(dict(keys)),
            BillingMode="PAY_PER_REQUEST",
            **others,
        )


class Cell(NamedTuple):
    """A part as the report names it, what somebody else does to it, and the declaration of before."""

    part: str
    kind: str
    declared: dict[str, Any]
    change: Callable[[Aws], object]


def _definitions(types: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]


def _keys(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": role} for name, role in zip(names, ("HASH", "RANGE"))]


def _rebuilt(
    index: str = "gsi1",
    keys: tuple[str, ...] = ("a", "b"),
    projection: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
) -> Callable[[Aws], object]:
    """Delete a global index, and make another one of its name."""

    def change(aws: Aws) -> None:
        aws.index("Delete", IndexName=index)
        shape = projection or {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]}
        aws.index("Create", IndexName=index, KeySchema=_keys(*keys), Projection=shape, types=types or {})

    return change


def _vectors_rebuilt(**others: Any) -> Callable[[Aws], object]:
    """Delete the second vector index, and make another one of its name."""

    def change(aws: Aws) -> None:
        aws.vector_index("Delete", IndexName="others")
        aws.vector_index("Create", **{**_vector_index("others", "w"), **others})

    return change


def _vector_index(name: str, attribute: str) -> dict[str, Any]:
    return {
        "IndexName": name,
        "VectorAttribute": {"AttributeName": attribute},
        "Dimensions": 2,
        "DistanceFunction": "COSINE",
        "Projection": {"ProjectionType": "ALL"},
        "SearchSchema": [
            {"AttributeName": "a", "SearchSchemaElementType": "HASH"},
            {"AttributeName": "b", "SearchSchemaElementType": "INLINE_FILTER"},
        ],
    }


def _kinesis(*calls: tuple[str, str]) -> Callable[[Aws], object]:
    return lambda aws: [
        getattr(aws, f"{verb}_kinesis_streaming_destination")(StreamArn=f"{STREAM}{name}") for verb, name in calls
    ]


def _recovery(on: bool) -> dict[str, Any]:
    return {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": on}}


def _expiry(on: bool, attribute: str = "expires") -> dict[str, Any]:
    return {"TimeToLiveSpecification": {"Enabled": on, "AttributeName": attribute}}


def _stream(view: str | None = None) -> dict[str, Any]:
    return {"StreamSpecification": {"StreamEnabled": bool(view), **({"StreamViewType": view} if view else {})}}


def _units(read: int, write: int) -> dict[str, Any]:
    return {"ProvisionedThroughput": {"ReadCapacityUnits": read, "WriteCapacityUnits": write}}


def _maximum(read: int, write: int) -> dict[str, Any]:
    return {"OnDemandThroughput": {"MaxReadRequestUnits": read, "MaxWriteRequestUnits": write}}


def _two(*changes: Callable[[Aws], object]) -> Callable[[Aws], object]:
    return lambda aws: [change(aws) for change in changes]


def _expires_by_another(aws: Aws) -> None:
    aws.update_time_to_live(**_expiry(False))
    aws.update_time_to_live(**_expiry(True, "other"))


CHANGED, REMOVED, ADDED = "changed", "removed", "added"
PLAIN = {**KEYS, "billing_mode": "PAY_PER_REQUEST"}
UNPROVISIONED = {"BillingMode": "PROVISIONED", **_units(5, 5)}
IA = "STANDARD_INFREQUENT_ACCESS"
ALL = {"ProjectionType": "ALL"}
INCLUDE = {"ProjectionType": "INCLUDE"}

TABLE_CELLS = (
    Cell("hash_key_name", CHANGED, PLAIN, lambda aws: aws.anew(hash_key="other S")),
    Cell("hash_key_type", CHANGED, PLAIN, lambda aws: aws.anew(hash_key="pk N")),
    Cell("range_key_name", CHANGED, PLAIN, lambda aws: aws.anew(range_key="other S")),
    Cell("range_key_type", CHANGED, PLAIN, lambda aws: aws.anew(range_key="sk B")),
    Cell("range_key_name", REMOVED, PLAIN, lambda aws: aws.anew(range_key="")),
    Cell(
        "existence",
        REMOVED,
        FULL,
        _two(lambda aws: aws.update_table(DeletionProtectionEnabled=False), lambda aws: aws.delete_table()),
    ),
    Cell(
        "existence",
        ADDED,
        {"state": "absent"},
        lambda aws: aws.create_table(
            KeySchema=_keys("pk"), AttributeDefinitions=_definitions({"pk": "S"}), BillingMode="PAY_PER_REQUEST"
        ),
    ),
    Cell("billing_mode", CHANGED, PLAIN, lambda aws: aws.update_table(**UNPROVISIONED)),
    Cell(
        "billing_mode",
        "changed the other way",
        {**KEYS, "billing_mode": "PROVISIONED", **CAPACITY},
        lambda aws: aws.update_table(BillingMode="PAY_PER_REQUEST"),
    ),
    Cell("read_capacity", "raised", PROVISIONED, lambda aws: aws.update_table(**_units(7, 5))),
    Cell("read_capacity", "lowered", PROVISIONED, lambda aws: aws.update_table(**_units(2, 5))),
    Cell("write_capacity", "raised", PROVISIONED, lambda aws: aws.update_table(**_units(5, 7))),
    Cell("write_capacity", "lowered", PROVISIONED, lambda aws: aws.update_table(**_units(5, 2))),
    Cell("on_demand_throughput", "read changed", FULL, lambda aws: aws.update_table(**_maximum(7, 5))),
    Cell("on_demand_throughput", "write changed", FULL, lambda aws: aws.update_table(**_maximum(5, 7))),
    Cell("on_demand_throughput", REMOVED, FULL, lambda aws: aws.update_table(**_maximum(-1, -1))),
    Cell("on_demand_throughput", ADDED, BARE, lambda aws: aws.update_table(**_maximum(5, 5))),
    Cell("table_class", CHANGED, FULL, lambda aws: aws.update_table(TableClass="STANDARD")),
    Cell("table_class", "changed the other way", BARE, lambda aws: aws.update_table(TableClass=IA)),
    Cell("deletion_protection_enabled", REMOVED, FULL, lambda aws: aws.update_table(DeletionProtectionEnabled=False)),
    Cell("deletion_protection_enabled", ADDED, BARE, lambda aws: aws.update_table(DeletionProtectionEnabled=True)),
    Cell("tags", CHANGED, FULL, lambda aws: aws.on_arn("tag_resource", Tags=[{"Key": "team", "Value": "b"}])),
    Cell("tags", REMOVED, FULL, lambda aws: aws.on_arn("untag_resource", TagKeys=["team"])),
    Cell("tags", ADDED, FULL, lambda aws: aws.on_arn("tag_resource", Tags=[{"Key": "third", "Value": ""}])),
    Cell("tags", "the first added", BARE, lambda aws: aws.on_arn("tag_resource", Tags=[{"Key": "a", "Value": "b"}])),
    Cell("tags", "all removed", FULL, lambda aws: aws.on_arn("untag_resource", TagKeys=["team", "stage"])),
    Cell("time_to_live", CHANGED, FULL, _expires_by_another),
    Cell("time_to_live", REMOVED, FULL, lambda aws: aws.update_time_to_live(**_expiry(False))),
    Cell("time_to_live", ADDED, BARE, lambda aws: aws.update_time_to_live(**_expiry(True))),
    Cell("point_in_time_recovery", REMOVED, FULL, lambda aws: aws.update_continuous_backups(**_recovery(False))),
    Cell("point_in_time_recovery", ADDED, BARE, lambda aws: aws.update_continuous_backups(**_recovery(True))),
    Cell(
        "stream_specification",
        CHANGED,
        FULL,
        _two(lambda aws: aws.update_table(**_stream()), lambda aws: aws.update_table(**_stream("OLD_IMAGE"))),
    ),
    Cell("stream_specification", REMOVED, FULL, lambda aws: aws.update_table(**_stream())),
    Cell("stream_specification", ADDED, BARE, lambda aws: aws.update_table(**_stream("NEW_IMAGE"))),
    Cell(
        "sse_specification",
        CHANGED,
        FULL,
        lambda aws: aws.update_table(SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": aws.key()}),
    ),
    Cell("sse_specification", REMOVED, FULL, lambda aws: aws.update_table(SSESpecification={"Enabled": False})),
    Cell("sse_specification", ADDED, BARE, lambda aws: aws.update_table(SSESpecification={"Enabled": True})),
    Cell("contributor_insights", REMOVED, FULL, lambda aws: aws.insights("DISABLE")),
    Cell("contributor_insights", ADDED, BARE, lambda aws: aws.insights("ENABLE")),
    Cell("resource_policy", "all removed", FULL, lambda aws: aws.on_arn("delete_resource_policy")),
    Cell("resource_policy", "the first added", BARE, lambda aws: aws.put_policy(READS)),
    Cell("resource_policy", "statement removed", FULL, lambda aws: aws.put_policy(READS)),
    Cell(
        "resource_policy",
        "statement added",
        FULL,
        lambda aws: aws.put_policy(READS, WRITES, {**READS, "Action": "dynamodb:Scan"}),
    ),
    Cell(
        "resource_policy",
        "action changed",
        FULL,
        lambda aws: aws.put_policy(READS, {**WRITES, "Action": "dynamodb:DeleteItem"}),
    ),
    Cell(
        "resource_policy",
        "action added",
        FULL,
        lambda aws: aws.put_policy(READS, {**WRITES, "Action": ["dynamodb:PutItem", "dynamodb:DeleteItem"]}),
    ),
    Cell("resource_policy", "effect changed", FULL, lambda aws: aws.put_policy(READS, {**WRITES, "Effect": "Deny"})),
    Cell(
        "resource_policy",
        "principal changed",
        FULL,
        lambda aws: aws.put_policy(READS, {**WRITES, "Principal": {"AWS": "arn:aws:iam::111111111111:root"}}),
    ),
    Cell(
        "resource_policy",
        "condition added",
        FULL,
        lambda aws: aws.put_policy(READS, {**WRITES, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
    ),
    Cell("kinesis_streaming_destination", CHANGED, FULL, _kinesis(("disable", "changes"), ("enable", "others"))),
    Cell("kinesis_streaming_destination", REMOVED, FULL, _kinesis(("disable", "changes"))),
    Cell("kinesis_streaming_destination", ADDED, BARE, _kinesis(("enable", "changes"))),
    Cell(
        "kinesis_streaming_destination",
        "precision changed",
        FULL,
        lambda aws: aws.update_kinesis_streaming_destination(
            StreamArn=f"{STREAM}changes",
            UpdateKinesisStreamingConfiguration={"ApproximateCreationDateTimePrecision": "MICROSECOND"},
        ),
    ),
    Cell("index gsi1", REMOVED, FULL, lambda aws: aws.index("Delete", IndexName="gsi1")),
    Cell("index gsi2", REMOVED, FULL, lambda aws: aws.index("Delete", IndexName="gsi2")),
    Cell(
        "index rogue",
        ADDED,
        FULL,
        lambda aws: aws.index("Create", IndexName="rogue", KeySchema=_keys("d"), Projection=ALL),
    ),
    Cell(
        "index rogue",
        "the first added",
        BARE,
        lambda aws: aws.index("Create", IndexName="rogue", KeySchema=_keys("d"), Projection=ALL),
    ),
    Cell("index gsi1", "hash key changed", FULL, _rebuilt(keys=("d", "b"))),
    Cell("index gsi1", "range key changed", FULL, _rebuilt(keys=("a", "d"))),
    Cell("index gsi1", "range key removed", FULL, _rebuilt(keys=("a",))),
    Cell("index gsi1", "type of a key changed", FULL, _rebuilt(types={"a": "N"})),
    Cell("index gsi1", "projection changed", FULL, _rebuilt(projection=ALL)),
    Cell("index gsi1", "attribute added", FULL, _rebuilt(projection={**INCLUDE, "NonKeyAttributes": ["x", "y"]})),
    Cell("index gsi1", "attribute changed", FULL, _rebuilt(projection={**INCLUDE, "NonKeyAttributes": ["y"]})),
    Cell("index gsi2", "hash key changed", FULL, _rebuilt("gsi2", ("d",), ALL)),
    Cell("index gsi2", "range key added", {**PLAIN, "indexes": [HASHED]}, _rebuilt("gsi2", ("b", "d"), ALL)),
    Cell(
        "index gsi1",
        "read_capacity raised",
        PROVISIONED,
        lambda aws: aws.index("Update", IndexName="gsi1", **_units(7, 5)),
    ),
    Cell(
        "index gsi1",
        "write_capacity lowered",
        PROVISIONED,
        lambda aws: aws.index("Update", IndexName="gsi1", **_units(5, 2)),
    ),
    Cell("index gsi2", "insights removed", PROVISIONED, lambda aws: aws.insights("DISABLE", IndexName="gsi2")),
    Cell("vector index vectors", REMOVED, VECTORED, lambda aws: aws.vector_index("Delete", IndexName="vectors")),
    Cell("vector index others", REMOVED, VECTORED, lambda aws: aws.vector_index("Delete", IndexName="others")),
    Cell("vector index rogue", ADDED, VECTORED, lambda aws: aws.vector_index("Create", **_vector_index("rogue", "u"))),
    Cell(
        "vector index others", "attribute changed", VECTORED, _vectors_rebuilt(VectorAttribute={"AttributeName": "u"})
    ),
    Cell("vector index others", "dimensions changed", VECTORED, _vectors_rebuilt(Dimensions=3)),
    Cell("vector index others", "distance changed", VECTORED, _vectors_rebuilt(DistanceFunction="EUCLIDEAN")),
    Cell(
        "vector index others",
        "projection changed",
        VECTORED,
        _vectors_rebuilt(Projection={"ProjectionType": "KEYS_ONLY"}),
    ),
    Cell(
        "vector index others",
        "filter removed",
        VECTORED,
        _vectors_rebuilt(SearchSchema=[{"AttributeName": "a", "SearchSchemaElementType": "HASH"}]),
    ),
    Cell(
        "vector index others",
        "filter changed",
        VECTORED,
        _vectors_rebuilt(
            SearchSchema=[
                {"AttributeName": "a", "SearchSchemaElementType": "HASH"},
                {"AttributeName": "d", "SearchSchemaElementType": "INLINE_FILTER"},
            ]
        ),
    ),
    Cell(
        f"replica {OTHER_REGION}",
        REMOVED,
        GLOBAL,
        _two(
            lambda aws: aws.regional.update_table(TableName=aws.name, DeletionProtectionEnabled=False),
            lambda aws: aws.update_table(ReplicaUpdates=[{"Delete": {"RegionName": OTHER_REGION}}]),
        ),
    ),
    Cell(
        "replica us-west-2",
        ADDED,
        GLOBAL,
        lambda aws: aws.update_table(ReplicaUpdates=[{"Create": {"RegionName": "us-west-2"}}]),
    ),
    Cell(
        f"replica {OTHER_REGION}",
        "tag changed",
        GLOBAL,
        lambda aws: aws.there("tag_resource", Tags=[{"Key": "team", "Value": "b"}]),
    ),
    Cell(f"replica {OTHER_REGION}", "tag removed", GLOBAL, lambda aws: aws.there("untag_resource", TagKeys=["team"])),
    Cell(
        f"replica {OTHER_REGION}",
        "tag added",
        BARE_GLOBAL,
        lambda aws: aws.there("tag_resource", Tags=[{"Key": "team", "Value": "b"}]),
    ),
    Cell(
        f"replica {OTHER_REGION}",
        "recovery removed",
        GLOBAL,
        lambda aws: aws.regional.update_continuous_backups(TableName=aws.name, **_recovery(False)),
    ),
    Cell(
        f"replica {OTHER_REGION}",
        "recovery added",
        BARE_GLOBAL,
        lambda aws: aws.regional.update_continuous_backups(TableName=aws.name, **_recovery(True)),
    ),
    Cell(
        f"replica {OTHER_REGION}",
        "protection removed",
        GLOBAL,
        lambda aws: aws.regional.update_table(TableName=aws.name, DeletionProtectionEnabled=False),
    ),
    Cell(
        f"replica {OTHER_REGION}",
        "protection added",
        BARE_GLOBAL,
        lambda aws: aws.regional.update_table(TableName=aws.name, DeletionProtectionEnabled=True),
    ),
)
# A change that takes others with it: AWS has capacities in this mode alone (rule billing-carries-capacities).
TOGETHER = {"billing_mode": {"billing_mode", "read_capacity", "write_capacity"}}
# What nobody can change from outside on ministack, beside what it lacks.
NOT_INJECTED = {
    "warm_throughput": LACKS["ministack"]["warm_throughput"],
    "disassociation_protection_enabled": LACKS["ministack"]["disassociation_protection_enabled"],
    "multi_region_consistency": "AWS sets it once, when the first replica is made",
    "witness_region": "it goes with strong consistency",
}


@pytest.fixture(scope="module")
def bench(ministack: Endpoint) -> Iterator[Bench]:
    with set_up(ministack) as made:
        yield made


@pytest.fixture
def clients(client: Any, ministack: Endpoint) -> Callable[[str], Any]:
    return lambda service: client(service, ministack)


@pytest.fixture
def aws(clients: Callable[[str], Any], bench: Bench) -> Iterator[Aws]:
    made = Aws(clients, bench.region(OTHER_REGION), f"cell-{next(NUMBERS)}")
    yield made
    bench.remove(made.name)


def make(bench: Bench, declared: Mapping[str, Any]) -> None:
    """Make the table; its policy afterwards, since CreateTable of ministack drops it."""
    for given in ({name: value for name, value in declared.items() if name != "resource_policy"}, declared):
        result = bench.run(given)
        assert not result.get("failed"), result


def verdicts(result: Mapping[str, Any]) -> dict[str, str]:
    """The verdict of each part; their counts add up."""
    found = audit.audit({"thing": result}, None, [], TODAY, SALT)
    (thing,) = found.things
    assert sum(found.counts.values()) == len(thing.parts) == len({part.name for part in thing.parts})
    return {part.name: part.verdict for part in thing.parts}


def drifted(result: Mapping[str, Any]) -> set[str]:
    """The parts that are drifted. What is read besides has no verdict but ``in_sync`` and ``not_compared``."""
    found = verdicts(result)
    assert set(found.values()) <= {audit.IN_SYNC, audit.DRIFTED, audit.NOT_COMPARED}, found
    return {name for name, verdict in found.items() if verdict == audit.DRIFTED}


@pytest.mark.parametrize("cell", TABLE_CELLS, ids=lambda cell: f"{cell.part}: {cell.kind}")
def test_a_change_of_one_part_of_a_table_is_drift_of_that_part_alone(aws: Aws, bench: Bench, cell: Cell) -> None:
    declared = {"name": aws.name, **cell.declared}
    make(bench, declared)
    assert drifted(bench.run(declared, check_mode=True)) == set()
    cell.change(aws)
    assert drifted(bench.run(declared, check_mode=True)) == TOGETHER.get(cell.part, {cell.part})


TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
STATEMENTS = [OF_THE_ROLE, {**OF_THE_ROLE, "Action": ["dynamodb:PutItem"]}]
# What somebody else makes of the statements of an inline policy; None deletes it.
POLICY_CELLS: dict[str, list[dict[str, Any]] | None] = {
    "statement removed": STATEMENTS[:1],
    "statement added": [*STATEMENTS, {**OF_THE_ROLE, "Action": ["dynamodb:Scan"]}],
    "statement changed": [STATEMENTS[0], {**STATEMENTS[1], "Action": ["dynamodb:DeleteItem"]}],
    "action added": [STATEMENTS[0], {**STATEMENTS[1], "Action": ["dynamodb:PutItem", "dynamodb:DeleteItem"]}],
    "action removed": [{**OF_THE_ROLE, "Action": ["dynamodb:GetItem"]}, STATEMENTS[1]],
    "action widened": [STATEMENTS[0], {**STATEMENTS[1], "Action": ["dynamodb:*"]}],
    "resource added": [STATEMENTS[0], {**STATEMENTS[1], "Resource": [f"{STREAM}a", f"{STREAM}b"]}],
    "resource changed": [STATEMENTS[0], {**STATEMENTS[1], "Resource": ["*"]}],
    "effect changed": [STATEMENTS[0], {**STATEMENTS[1], "Effect": "Deny"}],
    "condition added": [STATEMENTS[0], {**STATEMENTS[1], "Condition": {"Bool": {"aws:SecureTransport": "true"}}}],
    "removed": None,
}
MANAGED = {"type": "managed", "description": "test", "tags": {"team": "a"}}
MANAGED_CELLS: dict[str, tuple[str, Callable[[Any, str, str], object]]] = {
    "another version": (
        "policy_document",
        lambda iam, _role, arn: iam.create_policy_version(
            PolicyArn=arn, PolicyDocument=document(STATEMENTS[:1]), SetAsDefault=True
        ),
    ),
    "tag changed": (
        "tags",
        lambda iam, _role, arn: iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "team", "Value": "b"}]),
    ),
    "tag added": ("tags", lambda iam, _role, arn: iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "b", "Value": "b"}])),
    "tag removed": ("tags", lambda iam, _role, arn: iam.untag_policy(PolicyArn=arn, TagKeys=["team"])),
    "detached": ("attached", lambda iam, role, arn: iam.detach_role_policy(RoleName=role, PolicyArn=arn)),
}
VARIABLES = {"TABLE": "mana-memory", "STAGE": "test"}
# What somebody else makes of the variables. One that nobody declares is nobody's to compare.
VARIABLE_CELLS = {
    "changed": ({**VARIABLES, "STAGE": "production"}, "present"),
    "removed": ({"TABLE": "mana-memory"}, "present"),
    "all removed": ({}, "present"),
    "emptied": ({**VARIABLES, "STAGE": ""}, "present"),
    "added": ({"STAGE": "test"}, "absent"),
}
ITEM = {"pk": "a", "sk": "b"}
ITEM_CELLS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "attribute changed": ("item", {"n": {"N": "2"}}),
    "attribute added": ("item", {"n": {"N": "1"}, "m": {"S": ""}}),
    "attribute removed": ("item", {}),
    "type changed": ("item", {"n": {"S": "1"}}),
    "removed": ("existence", None),
}


def document(statements: list[dict[str, Any]]) -> str:
    """A policy of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.fixture
def role(clients: Callable[[str], Any]) -> str:
    name = f"cell-{next(NUMBERS)}"
    clients("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document([TRUST]))
    return name


@pytest.mark.parametrize("kind", POLICY_CELLS)
def test_a_change_of_a_policy_is_drift_of_the_policy_alone(
    bench: Bench, clients: Callable[[str], Any], role: str, kind: str
) -> None:
    declared = {"role_name": role, "policy_name": "p", "policy_document": json.loads(document(STATEMENTS))}
    assert not bench.run(declared, module=iam_role_policy).get("failed")
    assert drifted(bench.run(declared, True, iam_role_policy)) == set()
    statements = POLICY_CELLS[kind]
    if statements is None:
        clients("iam").delete_role_policy(RoleName=role, PolicyName="p")
    else:
        clients("iam").put_role_policy(RoleName=role, PolicyName="p", PolicyDocument=document(statements))
    part = "existence" if statements is None else "policy_document"
    assert drifted(bench.run(declared, True, iam_role_policy)) == {part}


@pytest.mark.parametrize("kind", MANAGED_CELLS)
def test_a_change_of_a_managed_policy_is_drift_of_that_part_alone(
    bench: Bench, clients: Callable[[str], Any], role: str, kind: str
) -> None:
    declared = {"role_name": role, "policy_name": role, "policy_document": json.loads(document(STATEMENTS)), **MANAGED}
    made = bench.run(declared, module=iam_role_policy)
    assert not made.get("failed"), made
    assert drifted(bench.run(declared, True, iam_role_policy)) == set()
    part, change = MANAGED_CELLS[kind]
    change(clients("iam"), role, made["policy_arn"])
    assert drifted(bench.run(declared, True, iam_role_policy)) == {part}


@pytest.mark.parametrize("kind", VARIABLE_CELLS)
def test_a_change_of_the_environment_is_drift_of_the_variables_alone(
    bench: Bench, clients: Callable[[str], Any], kind: str
) -> None:
    variables, state = VARIABLE_CELLS[kind]
    name, functions = f"cell-{next(NUMBERS)}", clients("lambda")
    make_function(functions, name, f"arn:aws:iam::000000000000:role/{name}")
    declared = {"function_name": name, "variables": VARIABLES, "state": state}
    assert not bench.run(declared, module=lambda_environment).get("failed")
    assert drifted(bench.run(declared, True, lambda_environment)) == set()
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    assert drifted(bench.run(declared, True, lambda_environment)) == {"variables"}
    functions.delete_function(FunctionName=name)


@pytest.mark.parametrize("kind", ITEM_CELLS)
def test_a_change_of_an_item_is_drift_of_the_item_alone(aws: Aws, bench: Bench, kind: str) -> None:
    make(bench, {"name": aws.name, **PLAIN})
    declared = {"table_name": aws.name, "key": ITEM, "item": {"n": 1}}
    assert not bench.run(declared, module=dynamodb_item).get("failed")
    assert drifted(bench.run(declared, True, dynamodb_item)) == set()
    part, attributes = ITEM_CELLS[kind]
    key = {name: {"S": value} for name, value in ITEM.items()}
    if attributes is None:
        aws.delete_item(Key=key)
    else:
        aws.put_item(Item={**key, **attributes})
    assert drifted(bench.run(declared, True, dynamodb_item)) == {part}


# What nobody declares, and what somebody else makes there.
UNDECLARED = (
    Cell("index rogue", ADDED, {**PLAIN, "indexes": [GSI2]}, lambda aws: aws.index(
        "Create", IndexName="rogue", KeySchema=_keys("d"), Projection=ALL)),
    Cell("index rogue", "the first added", PLAIN, lambda aws: aws.index(
        "Create", IndexName="rogue", KeySchema=_keys("d"), Projection=ALL)),
    Cell("vector index rogue", ADDED, {**PLAIN, "indexes": [GSI2], "vector_indexes": [VECTORS]},
         lambda aws: aws.vector_index("Create", **_vector_index("rogue", "u"))),
    Cell(f"replica {OTHER_REGION}", ADDED, {**PLAIN, "stream_specification": BOTH_IMAGES},
         lambda aws: aws.update_table(ReplicaUpdates=[{"Create": {"RegionName": OTHER_REGION}}])),
    Cell("stream_specification", ADDED, PLAIN, lambda aws: aws.update_table(**_stream("NEW_IMAGE"))),
    Cell("table_class", CHANGED, PLAIN, lambda aws: aws.update_table(TableClass=IA)),
    Cell("deletion_protection_enabled", ADDED, PLAIN, lambda aws: aws.update_table(DeletionProtectionEnabled=True)),
    Cell("on_demand_throughput", ADDED, PLAIN, lambda aws: aws.update_table(**_maximum(5, 5))),
    Cell("sse_specification", ADDED, PLAIN, lambda aws: aws.update_table(SSESpecification={"Enabled": True})),
)  # fmt: skip


def undeclared(result: Mapping[str, Any]) -> dict[str, Any]:
    """The values that nobody declares, by part; all else is in sync, and the report names each."""
    found = audit.audit({"thing": result}, None, [], TODAY, SALT)
    (thing,) = found.things
    assert found.status == 0
    made = report.Report("audit", datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc), SALT, found.things)
    values = {part.name: part.observed for part in thing.parts if part.verdict == audit.NOT_COMPARED}
    page = audit_pages.page(made, found)
    named = ", ".join(name for name in values if " " in name)
    assert not named or html.escape(f"{named} (nobody declares it)") in page
    return values


@pytest.mark.parametrize("cell", UNDECLARED, ids=lambda cell: f"{cell.part}: {cell.kind}")
def test_what_nobody_declares_is_seen(aws: Aws, bench: Bench, cell: Cell) -> None:
    declared = {"name": aws.name, **cell.declared}
    make(bench, declared)
    before = undeclared(bench.run(declared, check_mode=True))
    cell.change(aws)
    after = undeclared(bench.run(declared, check_mode=True))
    assert after[cell.part] not in (None, before.get(cell.part))
    assert {name for name in after if after[name] != before.get(name)} == {cell.part}


def test_other_policies_of_the_role_are_seen(bench: Bench, clients: Callable[[str], Any], role: str) -> None:
    declared = {"role_name": role, "policy_name": "p", "policy_document": json.loads(document(STATEMENTS))}
    iam, everything = clients("iam"), document([{**OF_THE_ROLE, "Action": ["*"], "Resource": ["*"]}])
    assert not bench.run({**declared, "list_others": True}, module=iam_role_policy).get("failed")
    assert undeclared(bench.run({**declared, "list_others": True}, True, iam_role_policy)) == {}
    iam.put_role_policy(RoleName=role, PolicyName="rogue", PolicyDocument=everything)
    arn = iam.create_policy(PolicyName=role, PolicyDocument=everything)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    result = bench.run({**declared, "list_others": True}, True, iam_role_policy)
    assert {*undeclared(result)} == {"policy rogue", f"policy {arn}"}
    assert "other_policies" not in bench.run(declared, True, iam_role_policy)
    attached = {"role_name": role, "policy_arn": arn, "list_others": True}
    assert {*undeclared(bench.run(attached, True, iam_role_policy))} == {"policy p", "policy rogue"}


def test_every_part_has_its_cells() -> None:
    cells = [cell.part.partition(" ")[0] for cell in TABLE_CELLS]
    lists = {"indexes": "index", "vector_indexes": "vector", "replicas": "replica"}
    parts = {lists.get(option, option) for option in dynamodb_table.OPTIONS if audit._is_part(option)} | {
        *lists.values()
    }
    assert parts - {*cells} == {*NOT_INJECTED}, "name the cells of the part, or why there are none"
    assert len(TABLE_CELLS) >= 60

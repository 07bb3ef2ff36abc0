# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rules on vector indexes, call by call: what AWS takes, and in which words it refuses the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.law.rules import refusals
from tests.law.state import Call, Index, Table, VectorIndex, Work, after
from tests.unit.broken import restore
from tests.unit.calling import (
    BY_LOOKS,
    CREATE_GSI2,
    CREATE_SOUND,
    DELETE_MEANING,
    GSI2,
    NAME,
    ONE,
    PK,
    PROTECT,
    call,
    create,
    definitions,
    including,
    index,
    indexes,
    provisioned,
    put,
    search,
    search_schema,
    searched,
    table,
    units,
    update,
    vector,
    vectors,
)

CAPACITIES = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": units(1, 1)}
INVALID = "One or more parameter values were invalid: "
UNFIT = "One or more parameter values were invalid. "
IN_USE = "Attempt to change a resource which is still in use: "
ONE_AT_A_TIME = "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
ON_DEMAND_ALONE = f"{INVALID}Vector indexes are only supported for PAY_PER_REQUEST tables"
REDEFINED = (
    f"{INVALID}Attributes cannot be redefined. Please check that your attribute has the same type as previously "
    "defined. Existing schema: "
)
FILTERS = [f"f{number}" for number in range(19)]
MEANING = VectorIndex("embedding", 4)
FULL = {f"vix{number}": VectorIndex("embedding", 4) for number in range(5)}


def building(phase: str, name: str = "sound") -> Table:
    """A table that is given another vector index."""
    there = after(searched(), CREATE_SOUND)
    assert there is not None
    return replace(there, under_way=frozenset({Work(phase, name)}))


def bounded(*filters: str, hash_key: str | None = None, **more: Any) -> dict[str, Any]:
    return vector("sound", "noise", SearchSchema=search_schema(hash_key, *filters), **more)


def add(*new: dict[str, Any], defined: tuple[str, ...] = ()) -> Call:
    defining = {"AttributeDefinitions": definitions(*defined)} if defined else {}
    return update(**defining, **vectors(*(("Create", each) for each in new)))


def delete(name: str) -> Call:
    return update(**vectors(("Delete", {"IndexName": name})))


def bring(**parameters: Any) -> Call:
    """An import of a new table."""
    given = {"TableName": NAME, "KeySchema": [PK], "AttributeDefinitions": definitions()[:1]}
    parameters = {**given, "BillingMode": "PAY_PER_REQUEST", **parameters}
    return Call("ImportTable", {"S3BucketSource": {"S3Bucket": "b"}, "TableCreationParameters": parameters})


TAKEN: list[tuple[str, Table | None, Call]] = [
    ("a new table on demand has five vector indexes", None, create(
        VectorIndexes=[vector(f"vix{n}") for n in range(5)])),
    ("a vector index beside a global and a local one", None, create(
        "a",
        VectorIndexes=[vector()],
        GlobalSecondaryIndexes=[index("gsi1", "a")],
        LocalSecondaryIndexes=[index("lsi1", "pk", "A")],
    )),
    ("a HASH and 18 filters, each of them defined", None, create(
        "h", *FILTERS[:18], VectorIndexes=[bounded(*FILTERS[:18], hash_key="h")])),
    ("a vector of 4096 numbers", None, create(VectorIndexes=[vector(Dimensions=4096)])),
    ("two indexes on one attribute, with another function and schema", None, create(
        "a", VectorIndexes=[vector(), vector("other", DistanceFunction="EUCLIDEAN", SearchSchema=search_schema("a"))])),
    ("18 filters, the vector and one attribute, which are 20", None, create(
        *FILTERS[:18], VectorIndexes=[bounded(*FILTERS[:18], Projection=including("x"))])),
    ("a vector index for a table that turns to on demand in the same call", provisioned(), update(
        BillingMode="PAY_PER_REQUEST", **vectors(("Create", vector())))),
    ("a filter that is a key of the table, defined again", table(), add(bounded("sk"), defined=("a",))),
    ("a new filter of a live table", table(), add(bounded("x"), defined=("x",))),
    ("the deletion of a vector index that backfills", building("backfill"), delete("sound")),
    ("another change of the table while a vector index backfills", building("backfill"), PROTECT),
    ("an import with a vector index", None, bring(VectorIndexes=[vector()])),
    ("a copy with one of the vector indexes", searched(), restore(VectorIndexOverride=[BY_LOOKS])),
    ("a copy into PROVISIONED without the vector indexes", searched(), restore(
        VectorIndexOverride=[], BillingModeOverride="PROVISIONED")),
    ("an item without a vector", searched(), call("PutItem", Item={"pk": {"S": "1"}, "sk": {"S": "1"}})),
    ("a search without a bound where there is no HASH", searched(), search()),
    ("a search bounded by HASH and filter, by names of their own", searched(vector_indexes={
        "meaning": VectorIndex("embedding", 4, schema=(("a", "HASH"), ("b", "INLINE_FILTER")))}),
        search(condition="#a = :v AND b = :v", ExpressionAttributeNames={"#a": "a"})),
]  # fmt: skip


@pytest.mark.parametrize(("before", "call"), [pytest.param(*case[1:], id=case[0]) for case in TAKEN])
def test_a_sound_call_is_taken(before: Table | None, call: Call) -> None:
    assert list(refusals(before, call)) == []


REFUSED: list[tuple[str, Table | None, Call, str, str]] = [
    # vector-indexes-are-on-demand
    ("a new table with capacities has a vector index", None, create(
        **CAPACITIES, VectorIndexes=[vector()]), "ValidationException", ON_DEMAND_ALONE),
    ("a new table that does not say how it is billed", None, call(
        "CreateTable", KeySchema=[PK], AttributeDefinitions=definitions()[:1], VectorIndexes=[vector()]),
        "ValidationException", ON_DEMAND_ALONE),
    ("a vector index for a PROVISIONED table", provisioned(), add(vector()), "ValidationException", ON_DEMAND_ALONE),
    ("a switch of a table that has one", searched(), update(**CAPACITIES),
        "ValidationException", f"{INVALID}Tables with vector indexes must be in PAY_PER_REQUEST mode"),
    ("a switch in the call that deletes the last one", searched(vector_indexes={"meaning": MEANING}),
        update(**CAPACITIES, **vectors(("Delete", {"IndexName": "meaning"}))),
        "ValidationException", f"{INVALID}Tables with vector indexes must be in PAY_PER_REQUEST mode"),
    ("an import into a PROVISIONED table", None, bring(BillingMode="PROVISIONED", VectorIndexes=[vector()]),
        "ValidationException", ON_DEMAND_ALONE),
    ("a copy into PROVISIONED with all of them", searched(), restore(BillingModeOverride="PROVISIONED"),
        "ValidationException", ON_DEMAND_ALONE),
    # an-empty-list-is-left-out, vector-indexes-are-few
    ("an empty list", None, create(VectorIndexes=[]),
        "ValidationException", f"{INVALID}List of VectorIndexes is empty"),
    ("six of them", None, create(VectorIndexes=[vector(f"vix{n}") for n in range(6)]),
        "ValidationException", f"{INVALID}VectorIndex count exceeds the per-table limit of 5"),
    ("a sixth one", searched(vector_indexes=FULL), CREATE_SOUND, "LimitExceededException",
        "Subscriber limit exceeded: Number of vector secondary indexes exceeds per-table limit of 5"),
    # vectors-have-a-length, vectors-of-an-attribute-are-alike
    ("a vector of nothing", None, create(VectorIndexes=[vector(Dimensions=0)]), "ValidationException",
        "1 validation error detected: Value '0' at 'vectorIndexes.1.member.dimensions' failed to satisfy constraint: "
        "Member must have value greater than or equal to 1"),
    ("a vector of 4097 numbers", None, create(VectorIndexes=[vector(Dimensions=4097)]),
        "ValidationException", f"{INVALID}Number of dimensions must be between 1 and 4096 inclusive."),
    ("two lengths for one attribute of a new table", None, create(
        VectorIndexes=[vector(), vector("other", Dimensions=8)]),
        "ValidationException", f"{INVALID}Conflicting attribute definition for 'embedding'. All VectorIndexes on the "
        "same vector attribute must use the same dimensions."),
    # search-schemas-have-limits
    ("two HASH attributes", None, create("a", "b", VectorIndexes=[
        vector(SearchSchema=search_schema("a") + search_schema("b"))]), "ValidationException",
        f"{INVALID}Value '2' at 'SearchSchema' failed to satisfy constraint: Member must have HASH count less than or "
        "equal to 1"),
    ("19 filters", None, create(*FILTERS, VectorIndexes=[bounded(*FILTERS)]), "ValidationException",
        f"{INVALID}Value '19' at 'SearchSchema' failed to satisfy constraint: Member must have INLINE_FILTER count "
        "less than or equal to 18"),
    ("a HASH that is a filter too", None, create("a", VectorIndexes=[bounded("a", hash_key="a")]),
        "ValidationException", f"{INVALID}The SearchSchema contains multiple attributes with the same name"),
    # filters-are-defined
    ("a filter that a new table does not define", None, create(VectorIndexes=[bounded("x")]),
        "ValidationException", f"{INVALID}One element in SearchSchema is not defined in attribute definitions"),
    ("a filter that the table defines but the call does not", table(), add(bounded("sk")),
        "ValidationException", f"{INVALID}One element in SearchSchema is not defined in attribute definitions"),
    ("a filter that is a key of another type", table(types={"pk": "S", "sk": "N", "a": "S"}),
        add(bounded("sk"), defined=("a",)), "ValidationException",
        f"{REDEFINED}Schema:[SchemaElement: key{{sk:N:RANGE}}] New schema: Schema:[SchemaElement: "
        "key{sk:S:INLINE_FILTER}]"),
    ("a global index by a filter of another type", searched(types={"pk": "S", "sk": "S", "a": "N"}), update(
        AttributeDefinitions=definitions("a"), **indexes(Create=index("gsi2", "a"))), "ValidationException",
        f"{REDEFINED}Schema:[SchemaElement: key{{a:N:HASH}}] New schema: Schema:[SchemaElement: key{{a:S:HASH}}]"),
    ("a definition that nothing uses", None, create("a", VectorIndexes=[vector()]), "ValidationException",
        f"{INVALID}Some AttributeDefinitions are not used. AttributeDefinitions: ['a', 'pk', 'sk'], keys used: "
        "['pk', 'sk']"),
    # a-vector-is-no-key
    ("a vector that is defined", None, create("embedding", VectorIndexes=[vector()]), "ValidationException",
        f"{INVALID}Conflicting attribute definition for 'embedding'. An attribute cannot be defined in "
        "AttributeDefinitions when used as a VectorAttribute."),
    ("a vector that is a key of a global index of the same call", None, create(
        "embedding", VectorIndexes=[vector()], GlobalSecondaryIndexes=[index("gsi1", "embedding")]),
        "ValidationException", f"{INVALID}Conflicting attribute definition for 'embedding'. An attribute cannot be "
        "defined in AttributeDefinitions when used as a VectorAttribute."),
    ("a vector that is a key of the live table", table(), add(vector(attribute="pk")), "ValidationException",
        f"{REDEFINED}Schema:[SchemaElement: key{{pk:S:HASH}}] New schema: VectorIndexSchema:[VectorAttribute: "
        "key{pk:L:4}]"),
    ("a vector that is a key of a live global index", table(), add(vector(attribute="a")), "ValidationException",
        f"{REDEFINED}Schema:[SchemaElement: key{{a:S:HASH}}] New schema: VectorIndexSchema:[VectorAttribute: "
        "key{a:L:4}]"),
    ("a filter that is a live vector", searched(), add(bounded("embedding"), defined=("embedding",)),
        "ValidationException", f"{REDEFINED}VectorIndexSchema:[VectorAttribute: key{{embedding:L:4}}] New schema: "
        "Schema:[SchemaElement: key{embedding:S:INLINE_FILTER}]"),
    # vector-indexes-say-their-projection, vector-projections-have-limits
    ("no projection in a new table", None, create(VectorIndexes=[vector(Projection=None)]), "ValidationException",
        "1 validation error detected: Value null at 'vectorIndexes.1.member.projection' failed to satisfy constraint: "
        "Member must not be null"),
    ("no projection in a live table", table(), add(vector(Projection=None)), "ValidationException",
        "1 validation error detected: Value null at 'vectorIndexUpdates.1.member.create.projection' failed to satisfy "
        "constraint: Member must not be null"),
    ("KEYS_ONLY with attributes", None, create(VectorIndexes=[
        vector(Projection={"ProjectionType": "KEYS_ONLY", "NonKeyAttributes": ["x"]})]), "ValidationException",
        f"{INVALID}ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified"),
    ("18 filters, the vector and two attributes, which are 21", None, create(
        *FILTERS[:18], VectorIndexes=[bounded(*FILTERS[:18], Projection=including("x", "y"))]), "ValidationException",
        f"{INVALID}Number of projected non-key attributes exceeds per-index limit of 20"),
    # index-names-are-shared, index-names-are-checked, names-have-a-form
    ("a global index of the same name in a new table", None, create(
        "a", VectorIndexes=[vector("gsi1")], GlobalSecondaryIndexes=[index("gsi1", "a")]),
        "ValidationException", f"{INVALID}Duplicate index name: gsi1"),
    ("a vector index by the name of a global one", table(), add(vector("gsi1")),
        "ValidationException", "Attempting to create an index which already exists"),
    ("a global index by the name of a vector index", searched(), update(
        AttributeDefinitions=definitions("a"), **indexes(Create={**GSI2, "IndexName": "meaning"})),
        "ValidationException", "Attempting to create an index which already exists"),
    ("a vector index by the name of one in allocation", building("allocation"), CREATE_SOUND,
        "ResourceInUseException", f"{IN_USE}Index is being created.  Table: {NAME} Index: sound"),
    ("the deletion of one that is not there", searched(), delete("other"),
        "ResourceNotFoundException", f"Requested resource not found: Index other for table {NAME}"),
    ("a name of two letters", None, create(VectorIndexes=[vector("ab")]), "ValidationException",
        "1 validation error detected: Value 'ab' at 'indexName' failed to satisfy constraint: Member must satisfy "
        "regular expression pattern: [a-zA-Z0-9_.-]+"),
    # one-vector-action-an-entry, one-index-at-a-time, an-index-keeps-others-waiting
    ("two vector indexes in a call", table(), add(vector(), vector("sound", "noise")),
        "LimitExceededException", ONE_AT_A_TIME),
    ("a deletion and a creation in a call", searched(), update(
        **vectors(("Delete", {"IndexName": "meaning"}), ("Create", vector("sound", "noise")))),
        "LimitExceededException", ONE_AT_A_TIME),
    ("a vector and a global index in a call", table(), update(
        AttributeDefinitions=definitions("a"), **indexes(Create=GSI2), **vectors(("Create", vector()))),
        "LimitExceededException", ONE_AT_A_TIME),
    ("a vector index while a global one backfills", replace(
        table(), under_way=frozenset({Work("backfill", "gsi1")})), CREATE_SOUND,
        "LimitExceededException", ONE_AT_A_TIME),
    ("a global index while a vector index backfills", building("backfill"), CREATE_GSI2,
        "LimitExceededException", ONE_AT_A_TIME),
    ("the deletion of another one while a vector index backfills", building("backfill"), DELETE_MEANING,
        "LimitExceededException", ONE_AT_A_TIME),
    ("the deletion in allocation [a-vector-index-goes-late]", building("allocation"), delete("sound"),
        "ResourceInUseException", f"{IN_USE}Index creation is in resource allocation phase. Retry deletion during "
        f"backfilling phase or when the index is active. Table: {NAME} Index: sound"),
    ("the table is deleted while a vector index backfills", building("backfill"), call("DeleteTable"),
        "ResourceInUseException", f"{IN_USE}Cannot delete table while indexes are being created, updated, or deleted."),
    ("the table is deleted while a vector index goes", building("index deletion"), call("DeleteTable"),
        "ResourceInUseException", f"{IN_USE}Cannot delete table while indexes are being created, updated, or deleted."),
    # restored-vector-indexes-are-those-of-the-source
    ("a copy with a vector index that the source does not have", searched(),
        restore(VectorIndexOverride=[vector("other")]), "ValidationException",
        f"{INVALID}Vector index other does not match a vector index of the source table"),
    # items-fit-their-vector-indexes
    ("a text where a vector is meant", searched(), put(embedding={"S": "text"}), "ValidationException",
        f"{UNFIT}Invalid type for parameter embedding, Expected: 32-bit floating point number list IndexName: meaning"),
    ("a text in a vector", searched(), put(ONE, {"S": "text"}, ONE, ONE), "ValidationException",
        f"{UNFIT}Invalid type for parameter embedding[1], Expected: 32-bit floating point number, Actual: S. "
        "IndexName: meaning"),
    ("a number that is too large", searched(), put({"N": "1E+39"}, ONE, ONE, ONE), "ValidationException",
        f"{UNFIT}Invalid value for parameter embedding[0], Value: 1E+39 is outside valid range "
        "[-3.4028235E38, 3.4028235E38]. IndexName: meaning"),
    ("a HASH of another type", searched(), put(ONE, ONE, ONE, ONE, a=ONE), "ValidationException",
        f"{UNFIT}Attribute 'a' type mismatch. Expected: S, Actual: N. IndexName: looks"),
    # SearchVectors
    ("a search for nothing", searched(), search(most=0), "ValidationException",
        "1 validation error detected: Value '0' at 'topK' failed to satisfy constraint: Member must have value greater "
        "than or equal to 1"),
    ("a search in a table that is being made", replace(searched(), under_way=frozenset({Work("creation")})), search(),
        "ResourceNotFoundException", "Requested resource not found"),
    ("a search by an index that is not there", searched(), search(IndexName="other"),
        "ValidationException", "The table does not have the specified index: other"),
    ("a search in allocation", building("allocation"), search(IndexName="sound"),
        "ValidationException", "The table does not have the specified index: sound"),
    ("a search bounded by a comparison", searched(), search(condition="a > :v", IndexName="looks"),
        "ValidationException",
        "Invalid SearchConditionExpression: Invalid comparator used in SearchConditionExpression"),
    ("a search bounded by OR", searched(), search(condition="a = :v OR a = :v", IndexName="looks"),
        "ValidationException",
        "Invalid SearchConditionExpression: Invalid comparator used in SearchConditionExpression"),
    ("a search bounded by a filter alone where there is a HASH", searched(vector_indexes={
        "meaning": VectorIndex("embedding", 4, schema=(("a", "HASH"), ("b", "INLINE_FILTER")))}),
        search(condition="b = :v"), "ValidationException",
        "SearchConditionExpression must be provided when SearchSchema has a HASH key"),
    ("a search bounded by what is not in the schema", searched(),
        search(condition="a = :v AND b = :v", IndexName="looks"),
        "ValidationException", "SearchConditionExpression must not contain any attributes that is not in SearchSchema. "
        "Invalid attribute: b"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "call", "code", "words"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED])
def test_a_wrong_call_is_refused_first_in_the_words_of_aws(
    before: Table | None, call: Call, code: str, words: str
) -> None:
    assert next(refusals(before, call), None) is not None, "it is taken"
    first = next(refusals(before, call))
    assert (first.code, first.message) == (code, words)


def test_a_table_has_what_its_calls_left_of_its_vector_indexes() -> None:
    there = after(None, create("a", VectorIndexes=[vector(), BY_LOOKS]))
    there = after(there, CREATE_SOUND)
    there = after(there, DELETE_MEANING)
    assert there is not None
    assert sorted(there.vector_indexes) == ["looks", "sound"]
    assert there.vector_indexes["looks"].hash_key == "a"


def test_the_order_in_a_schema_or_a_projection_makes_no_other_index() -> None:
    def declared(*names: str) -> Call:
        return create(*FILTERS[:2], VectorIndexes=[bounded(*names, Projection=including(*names))])

    there, again = after(None, declared("f0", "f1")), after(None, declared("f1", "f0"))
    assert there is not None
    assert again is not None
    assert there.vector_indexes == again.vector_indexes


def test_an_import_is_about_the_table_that_it_makes_and_a_restore_about_its_source() -> None:
    by_arn = Call("RestoreTableFromBackup", {"BackupArn": f"arn:aws:dynamodb:us-east-1:1:table/{NAME}/backup/01-ab"})
    assert [each.table_name for each in (bring(), restore(), by_arn)] == [NAME] * 3


def test_a_global_index_beside_a_vector_index_keeps_its_own_rules() -> None:
    there = searched(global_indexes={"gsi1": Index((("a", "HASH"),))})
    (refusal,) = refusals(there, update(AttributeDefinitions=definitions("a"), **indexes(Create=index("gsi1", "a"))))
    assert refusal.rule == "index-names-are-checked"

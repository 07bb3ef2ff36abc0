# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Vector indexes: declared, planned, refused, waited for. Names in brackets are rules of docs/rules.md."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plugins.module_utils.dynamodb import description, options, origin, planning
from plugins.module_utils.dynamodb.table import Table
from plugins.module_utils.plan import Impossible, Plan
from tests.declaring import GSI1, PROVISIONED, SEED
from tests.unit import wire
from tests.unit.declaring import assert_valid, declared, live, planned, sentences
from tests.unit.stubbing import NAME, Stubs, at, new_client

EARLIER = "earlier"
MEANING: dict[str, Any] = {
    "name": "by_meaning",
    "vector_attribute": "embedding",
    "dimensions": 1024,
    "distance_function": "COSINE",
    "projection": "keys_only",
    "hash_key_name": "owner",
    "filters": [{"name": "year", "type": "NUMBER"}, {"name": "kind"}],
}
PLAIN: dict[str, Any] = {
    "name": "by_image",
    "vector_attribute": "image",
    "dimensions": 2,
    "distance_function": "EUCLIDEAN",
    "projection": "all",
}
MEMORY: dict[str, Any] = {**SEED, "vector_indexes": [MEANING]}
NONE = {"vector_indexes": [], "purge_vector_indexes": True}
ANEW = "searches on it fail until it is built, mostly for 8 to 17 minutes"
IN_WORDS = (
    "by_meaning [1024 dimensions of embedding, COSINE, projection KEYS_ONLY, hash key owner (S), "
    "filters kind (S) + year (N)]"
)


def index(**given: Any) -> dict[str, Any]:
    """The options of a table with the vector index, declared with these in place of its own."""
    return {"vector_indexes": [{**MEANING, **given}]}


def in_transition(status: str, backfilling: bool | None, table_status: str = "ACTIVE", **given: Any) -> Table:
    """The memory, its vector index in transition."""
    answer = {**wire.description({**MEMORY, **given}), "TableStatus": table_status}
    shown = {} if backfilling is None else {"Backfilling": backfilling}
    answer["VectorIndexes"] = [{**each, "IndexStatus": status, **shown} for each in answer["VectorIndexes"]]
    return description.table(answer)


# title, the table that is there, what is declared, the calls' members, the sentences
CHANGES: list[tuple[str, dict[str, Any] | None, dict[str, Any], list[str], list[str]]] = [
    (
        "a new table has its vector indexes in one call, which takes seconds",
        None,
        MEMORY,
        ["CreateTable VectorIndexes"],
        [
            "create table mana-memory with hash key pk (S), range key sk (S), on demand, "
            "global index gsi1 [hash key gsi1pk (S), range key gsi1sk (S), projection ALL], "
            f"vector index {IN_WORDS}"
        ],
    ),
    ("an index as declared needs no step", MEMORY, MEMORY, [], []),
    ("a projection in the API's letters is the same", MEMORY, index(projection="KEYS_ONLY"), [], []),
    ("options left out of a live index stay", MEMORY, {"vector_indexes": [{"name": "by_meaning"}]}, [], []),
    (
        "filters stand in no order, and neither do included attributes",
        {**SEED, **index(projection="include", includes=["a", "b"])},
        index(projection="include", includes=["b", "a"], filters=MEANING["filters"][::-1]),
        [],
        [],
    ),
    (
        "each is added in a call of its own, the global ones first [one-index-at-a-time]",
        {"hash_key_name": "pk", "range_key_name": "sk"},
        {"indexes": [GSI1], "vector_indexes": [MEANING, PLAIN]},
        [
            "UpdateTable GlobalSecondaryIndexUpdates",
            "UpdateTable VectorIndexUpdates",
            "UpdateTable VectorIndexUpdates",
        ],
        [
            "create global index gsi1 [hash key gsi1pk (S), range key gsi1sk (S), projection ALL] on mana-memory",
            "create vector index by_image [2 dimensions of image, EUCLIDEAN, projection ALL] on mana-memory",
            f"create vector index {IN_WORDS} on mana-memory",
        ],
    ),
    ("without purge_vector_indexes the others stay", MEMORY, {"vector_indexes": []}, [], []),
    ("purge_indexes purges no vector index", MEMORY, {"indexes": [GSI1], "purge_indexes": True}, [], []),
    (
        "with purge_vector_indexes they go",
        MEMORY,
        NONE,
        ["UpdateTable VectorIndexUpdates"],
        ["delete vector index by_meaning of mana-memory"],
    ),
    (
        "an index that is to be another is deleted and created anew, and the plan says what that costs",
        MEMORY,
        {**index(dimensions=512), "recreate_indexes": True},
        ["UpdateTable VectorIndexUpdates", "UpdateTable VectorIndexUpdates"],
        [
            f"delete vector index by_meaning of mana-memory to create it anew: {ANEW}",
            f"create vector index {IN_WORDS.replace('1024', '512')} on mana-memory",
        ],
    ),
    (
        "they go before a switch to PROVISIONED [vector-indexes-are-on-demand]",
        {"hash_key_name": "pk", "vector_indexes": [MEANING]},
        {**PROVISIONED, **NONE},
        ["UpdateTable VectorIndexUpdates", "UpdateTable BillingMode"],
        [
            "delete vector index by_meaning of mana-memory",
            "bill table mana-memory by provisioned capacity, provision table mana-memory with 5 read and 5 write units",
        ],
    ),
    (
        "and come after a switch to PAY_PER_REQUEST",
        {"hash_key_name": "pk", **PROVISIONED},
        {"billing_mode": "PAY_PER_REQUEST", "vector_indexes": [PLAIN]},
        ["UpdateTable BillingMode", "UpdateTable VectorIndexUpdates"],
        [
            "bill table mana-memory on demand",
            "create vector index by_image [2 dimensions of image, EUCLIDEAN, projection ALL] on mana-memory",
        ],
    ),
    (
        "a name passes from a global index to a vector index [index-names-are-shared]",
        SEED,
        {"indexes": [], "purge_indexes": True, "vector_indexes": [{**PLAIN, "name": "gsi1"}]},
        ["UpdateTable GlobalSecondaryIndexUpdates", "UpdateTable VectorIndexUpdates"],
        [
            "delete global index gsi1 of mana-memory",
            "create vector index gsi1 [2 dimensions of image, EUCLIDEAN, projection ALL] on mana-memory",
        ],
    ),
]


@pytest.mark.parametrize(
    ("before", "given", "calls", "said"), [pytest.param(*case[1:], id=case[0]) for case in CHANGES]
)
def test_a_change(before: dict[str, Any] | None, given: dict[str, Any], calls: list[str], said: list[str]) -> None:
    plan = planned(given, None if before is None else live(**before))
    members = ("VectorIndexes", "VectorIndexUpdates", "GlobalSecondaryIndexUpdates", "BillingMode")
    found = [f"{step.call} {next(each for each in members if each in step.arguments)}" for step in plan]
    assert (found, sentences(plan)) == (calls, said)
    for step in plan:
        assert_valid(step)


def test_the_arguments_are_those_of_the_api() -> None:
    (step,) = planned(index(projection="include", includes=["text", "embedding"]), live(**SEED))
    assert step.arguments["VectorIndexUpdates"] == [
        {
            "Create": {
                "IndexName": "by_meaning",
                "VectorAttribute": {"AttributeName": "embedding"},
                "Dimensions": 1024,
                "DistanceFunction": "COSINE",
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["embedding", "text"]},
                "SearchSchema": [
                    {"AttributeName": "owner", "SearchSchemaElementType": "HASH"},
                    {"AttributeName": "kind", "SearchSchemaElementType": "INLINE_FILTER"},
                    {"AttributeName": "year", "SearchSchemaElementType": "INLINE_FILTER"},
                ],
            }
        }
    ]


def test_every_definition_is_sent_with_a_new_index() -> None:
    """[filters-are-defined] Those of keys and of other indexes too, and never that of the vectors."""
    (step,) = planned(MEMORY, live(**SEED))
    assert [each["AttributeName"] for each in step.arguments["AttributeDefinitions"]] == [
        *("gsi1pk", "gsi1sk", "kind", "owner", "pk", "sk", "year")
    ]
    (step,) = planned({"indexes": [{"name": "by_year", "type": "global_all", "hash_key_name": "year"}]}, live(**MEMORY))
    assert sentences((step,)) == ["create global index by_year [hash key year (N), projection ALL] on mana-memory"]
    assert {"AttributeName": "kind", "AttributeType": "S"} in step.arguments["AttributeDefinitions"]


def test_an_empty_list_is_never_sent() -> None:
    (step,) = planned({**SEED, "vector_indexes": []}, None)
    assert "VectorIndexes" not in step.arguments


def test_a_filter_has_the_type_that_its_attribute_has() -> None:
    (step,) = planned(index(filters=[{"name": "year"}], name="newer"), live(**MEMORY))
    assert "filters year (N)" in step.sentence


LARGE = [{**PLAIN, "name": f"index{number}"} for number in range(6)]
REFUSED: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    (
        "a switch to PROVISIONED",
        MEMORY,
        {**PROVISIONED, "indexes": [{**GSI1, "read_capacity": 1, "write_capacity": 1}]},
        "billing_mode: table mana-memory has the vector index by_meaning, and a PROVISIONED table has none; declare "
        "PAY_PER_REQUEST, or remove it with vector_indexes: [] and purge_vector_indexes: true",
    ),
    (
        "one on a table that is PROVISIONED",
        {"hash_key_name": "pk", **PROVISIONED},
        {"vector_indexes": [PLAIN, MEANING]},
        "billing_mode: table mana-memory has the vector indexes by_image, by_meaning, and a PROVISIONED table has "
        "none; declare PAY_PER_REQUEST, or remove them with vector_indexes: [] and purge_vector_indexes: true",
    ),
    (
        "a sixth",
        SEED,
        {"vector_indexes": LARGE},
        "vector_indexes: 6 vector indexes; a table can have 5",
    ),
    (
        "a new one that says too little",
        SEED,
        {"vector_indexes": [{"name": "by_meaning", "vector_attribute": "embedding"}]},
        "vector_indexes[by_meaning].dimensions: a new vector index needs vector_attribute, dimensions, "
        "distance_function, projection; declare dimensions",
    ),
    (
        "two sizes of the vectors of one attribute",
        MEMORY,
        {"vector_indexes": [{**PLAIN, "vector_attribute": "embedding"}]},
        "vector_indexes[by_meaning].dimensions: embedding has 1024 dimensions here and 2 in vector index by_image; "
        "declare the same, or another vector_attribute",
    ),
    (
        "a global index of its name",
        MEMORY,
        {"indexes": [{**GSI1, "name": "by_meaning"}]},
        "indexes[by_meaning].name, vector_indexes[by_meaning].name: an index and a vector index of this name are both "
        "declared or there; choose another name for one, since all indexes of a table share their names",
    ),
    (
        "vectors in a key of the table",
        SEED,
        index(vector_attribute="sk"),
        "vector_indexes[by_meaning].vector_attribute: sk is a key of the table; choose another attribute",
    ),
    (
        "a global index on its vectors",
        MEMORY,
        {"indexes": [{**GSI1, "name": "gsi2", "hash_key_name": "embedding"}]},
        "indexes[gsi2].hash_key_name, range_key_name: embedding holds the vectors of the vector index by_meaning, "
        "and cannot be a key; choose another attribute",
    ),
    (
        "a filter on the vectors of another",
        MEMORY,
        {"vector_indexes": [{**PLAIN, "filters": [{"name": "embedding"}]}]},
        "vector_indexes[by_image].hash_key_name, filters: embedding holds the vectors of the vector index by_meaning, "
        "and no search can name it; choose another attribute",
    ),
    (
        "a partition key that is a filter too",
        SEED,
        index(hash_key_name="kind"),
        "vector_indexes[by_meaning].filters: kind is the partition key of the index already; remove it from one of "
        "the two",
    ),
    (
        "another type of a filter",
        MEMORY,
        {"indexes": [{**GSI1, "name": "gsi2", "hash_key_name": "year", "hash_key_type": "STRING"}]},
        "hash_key_type, range_key_type: the key attribute year is STRING in index gsi2 and NUMBER in vector index "
        "by_meaning; an attribute has one type in the table and all its indexes, so declare the same",
    ),
    (
        "a filter of another type than the key that it is",
        SEED,
        index(filters=[{"name": "gsi1pk", "type": "BINARY"}]),
        "hash_key_type, range_key_type: the key attribute gsi1pk is STRING in index gsi1 and BINARY in vector index "
        "by_meaning; an attribute has one type in the table and all its indexes, so declare the same, or remove index "
        "gsi1 with purge_indexes: true",
    ),
    (
        "too many filters",
        SEED,
        index(filters=[{"name": f"f{number}"} for number in range(19)]),
        "vector_indexes[by_meaning].filters: 19 filters; a vector index takes 18",
    ),
    (
        "include without attributes",
        SEED,
        index(projection="include"),
        "vector_indexes[by_meaning].includes: name the attributes to include, or choose the projection all or "
        "keys_only",
    ),
    (
        "attributes without include",
        SEED,
        index(includes=["a"]),
        "vector_indexes[by_meaning].includes: only the projection include takes it; remove it, or declare projection: "
        "include",
    ),
    (
        "more than twenty attributes with the vectors and the filters",
        SEED,
        index(projection="include", includes=[f"a{number}" for number in range(18)]),
        "vector_indexes[by_meaning].includes: 21 attributes with the vectors and the filters; a vector index takes 20",
    ),
]
CHANGED = [
    ("vector_attribute", "image", "the vectors of embedding, image"),
    ("dimensions", 512, "1024 dimensions, 512"),
    ("distance_function", "DOT_PRODUCT", "the distance function COSINE, DOT_PRODUCT"),
    ("projection", "all", "projection KEYS_ONLY, ALL"),
    ("hash_key_name", "team", "hash key owner (S), hash key team (S)"),
    ("hash_key_type", "BINARY", "hash key owner (S), hash key owner (B)"),
    ("filters", [], "filters kind (S) + year (N), no filters"),
]
REFUSED += [
    (
        f"another {option} of a live one",
        MEMORY,
        {"vector_indexes": [{"name": "by_meaning", option: value}]},
        f"vector_indexes[by_meaning].{option}: the index has {words} was declared, and DynamoDB cannot change that; "
        "declare the new one under another name and remove this one with purge_vector_indexes: true once nobody "
        "searches it, or let it be deleted and created again with recreate_indexes: true",
    )
    for option, value, words in CHANGED
]


@pytest.mark.parametrize(("before", "given", "sentence"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED])
def test_a_declaration_that_aws_refuses_is_refused_before_any_call(
    before: dict[str, Any], given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Impossible) as refusal:
        planned(given, live(**before))
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (index(name="i1"), "vector_indexes[i1].name: 'i1' is not a name"),
        (index(dimensions=0), "vector_indexes[by_meaning].dimensions: 0 is out of range; give 1 to 4096"),
        (index(dimensions=4097), "vector_indexes[by_meaning].dimensions: 4097 is out of range"),
        (index(vector_attribute=""), "vector_indexes[by_meaning].vector_attribute: it is empty"),
        (index(hash_key_name="ä" * 128), "vector_indexes[by_meaning].hash_key_name: it has 256 bytes"),
        (index(filters=[{"name": ""}]), "vector_indexes[by_meaning].filters: it is empty"),
        (
            index(filters=[{"name": "a"}, {"name": "a", "type": "NUMBER"}]),
            "vector_indexes[by_meaning].filters: a is in it 2 times; name every attribute once",
        ),
        (index(includes=["b", "b"]), "vector_indexes[by_meaning].includes: b is in it 2 times"),
        ({"vector_indexes": [MEANING, MEANING]}, "vector_indexes: by_meaning is declared 2 times; give every index"),
    ],
)
def test_a_mistake_in_the_options_is_refused_before_any_read(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        declared(**given)
    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize(
    ("status", "backfilling", "state"),
    [
        pytest.param("ACTIVE", None, "", id="an index that is built"),
        pytest.param("CREATING", False, "vector index by_meaning CREATING", id="an index whose building has begun"),
        pytest.param("CREATING", True, "vector index by_meaning CREATING and backfilling", id="one that is filled"),
        pytest.param("ACTIVE", True, "vector index by_meaning ACTIVE and backfilling", id="one that is hardly built"),
        pytest.param("DELETING", None, "vector index by_meaning DELETING", id="an index that is being deleted"),
    ],
)
def test_a_table_is_settled_when_its_vector_indexes_are_built(
    status: str, backfilling: bool | None, state: str
) -> None:
    observed = in_transition(status, backfilling).live
    assert observed is not None
    assert (observed.settled, ", ".join(observed.parts_in_transition), observed.by_data) == (
        not state,
        state,
        bool(state),
    )


def test_a_vector_index_that_is_being_deleted_is_gone_and_comes_again() -> None:
    observed = in_transition("DELETING", None)
    assert planned(NONE, observed) == ()
    assert sentences(planned(MEMORY, observed)) == [f"create vector index {IN_WORDS} on mana-memory"]


def at_once(plan: Plan) -> list[bool]:
    return [step.at_once for step in plan]


@pytest.mark.parametrize(("table_status", "backfilling"), [("UPDATING", False), ("ACTIVE", True)])
def test_an_index_built_in_vain_is_deleted_before_anything_else(table_status: str, backfilling: bool) -> None:
    """[an-index-in-allocation-stays] The steps after it would wait until it is built."""
    observed = in_transition("CREATING", backfilling, table_status)
    plan = planned({**NONE, "deletion_protection_enabled": True}, observed)
    assert sentences(plan) == [
        "delete vector index by_meaning of mana-memory, which is still being built",
        "protect table mana-memory against deletion",
    ]
    assert at_once(plan) == [True, False]


def test_an_index_that_is_built_as_declared_stays() -> None:
    assert planned(MEMORY, in_transition("CREATING", True)) == ()


def test_a_vector_index_that_comes_with_its_table_is_not_built_in_vain() -> None:
    """While the table is CREATING, AWS refuses every change of it."""
    assert at_once(planned(NONE, in_transition("CREATING", None, "CREATING"))) == [False]


def test_a_table_that_goes_does_not_wait_for_an_index() -> None:
    observed = in_transition("CREATING", True)
    plan = planned({"state": "absent"}, observed)
    assert sentences(plan) == [
        "delete vector index by_meaning of mana-memory, which is still being built, so that the table can be deleted",
        "delete table mana-memory",
    ]
    assert at_once(plan) == [True, False]
    assert len(planned({"state": "absent", "final_backup_name": "last"}, observed)) == 2, "a backup holds the index"


def test_vector_indexes_as_read_can_be_declared() -> None:
    table = live(**MEMORY)
    answer = options.from_table(table)["vector_indexes"]
    assert answer == [
        {**MEANING, "hash_key_type": "STRING", "filters": [{"name": "kind", "type": "STRING"}, MEANING["filters"][0]]}
    ]
    assert planned({"vector_indexes": answer}, table) == ()


def test_a_table_without_any_has_no_such_option() -> None:
    assert "vector_indexes" not in options.from_table(live(**SEED))


SOURCE = {"hash_key_name": "pk", "vector_indexes": [MEANING, PLAIN]}


def restored(given: dict[str, Any], source: dict[str, Any]) -> Plan:
    """The plan that restores a table from another."""
    parameters = declared(name=NAME, restore_from_table={"table_name": EARLIER}, **given)
    stubs = Stubs("dynamodb")
    stubs.stubbers["dynamodb"].add_response("describe_table", {"Table": wire.description({**source, "name": EARLIER})})
    with stubs.asked():
        found = origin.find(stubs, parameters)
    return planning.plan(options.desire(parameters, None, origin=found), None)


def test_a_restored_table_has_the_vector_indexes_of_its_source() -> None:
    (step,) = restored({}, SOURCE)
    assert "VectorIndexOverride" not in step.arguments


@pytest.mark.parametrize("staying", [[], [PLAIN]])
def test_a_restore_leaves_out_what_is_purged(staying: list[dict[str, Any]]) -> None:
    """[restored-vector-indexes-are-those-of-the-source] Also where the copy is to be PROVISIONED."""
    (step,) = restored({"vector_indexes": staying, "purge_vector_indexes": True}, SOURCE)
    assert_valid(step)
    assert [each["IndexName"] for each in step.arguments["VectorIndexOverride"]] == [each["name"] for each in staying]
    names = " by_meaning" if staying else "es by_image, by_meaning"
    assert step.sentence.endswith(f", without its vector index{names}")


def test_a_restore_into_a_provisioned_table_is_refused_unless_they_are_left_out() -> None:
    with pytest.raises(Impossible, match=r"^billing_mode: .* has the vector indexes by_image, by_meaning, and a"):
        restored(PROVISIONED, SOURCE)
    assert [step.call for step in restored({**PROVISIONED, **NONE}, SOURCE)] == [
        "RestoreTableToPointInTime",
        "UpdateTable",
    ]


def test_a_backup_has_no_types_of_filters() -> None:
    answer = wire.description(MEMORY)
    without = [
        each for each in answer["AttributeDefinitions"] if each["AttributeName"] not in ("year", "kind", "owner")
    ]
    table = description.table({**answer, "AttributeDefinitions": without})
    assert {attribute.name for attribute in table.attributes} == {"pk", "sk", "gsi1pk", "gsi1sk"}
    assert options.from_table(table)["vector_indexes"][0]["filters"] == [{"name": "kind"}, {"name": "year"}]


def test_an_import_makes_them() -> None:
    parameters = declared(
        name=NAME, hash_key_name="pk", import_from_s3={"s3_bucket": "files"}, vector_indexes=[MEANING]
    )
    found = origin.find(at(new_client()), parameters)
    (step,) = planning.plan(options.desire(parameters, None, origin=found), None)
    assert_valid(step)
    assert [each["IndexName"] for each in step.arguments["TableCreationParameters"]["VectorIndexes"]] == ["by_meaning"]


def test_vector_indexes_count_in_a_comparison() -> None:
    table = live(**MEMORY)
    assert replace(table, vector_indexes=()) != table

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Random pairs of declarations for one table: how it is made, and what it is to become."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

Declaration = dict[str, Any]
Pair = tuple[Declaration, Declaration]

# What an endpoint does not do, with what it does instead: nobody declares that of it here.
LACKS: dict[str, dict[str, str]] = {
    "ministack": {
        "warm_throughput": "reads back as 0",
        "recovery_period_in_days": "accepted, then forgotten",
        "insights mode": "accepted, then forgotten",
        "resource_policy of a new table": "CreateTable drops it",
        "on_demand_throughput of a live index": "accepted, then forgotten",
        "disassociation_protection_enabled": "unknown to it",
    },
    # Behind the gate ministack remembers more.
    "gate": {
        "insights mode": "accepted, then forgotten",
        "resource_policy of a new table": "CreateTable drops it",
        "disassociation_protection_enabled": "unknown to it",
    },
    "localstack": {
        "warm_throughput": "unknown to DynamoDB Local",
        "recovery_period_in_days": "accepted, then forgotten",
        "on_demand_throughput": "accepted, then forgotten",
        "sse_specification": "accepted, then forgotten after CreateTable",
        "contributor_insights": "not there",
        "resource_policy": "not there",
        "key_schema": "refused: Key Schema too big",
        "approximate_creation_date_time_precision": "accepted, then forgotten",
        "a second Kinesis stream": "refused while there is a first one",
        "deletion_protection_enabled": "lost with the next UpdateTable that does not say it, and one for all replicas",
        "two indexes of the same keys": "one of them that is deleted stays DELETING for ever",
        "disassociation_protection_enabled": "unknown to it",
        "vector_indexes": "accepted with CreateTable, then not there; refused by UpdateTable",
    },
}

KEYS = {"hash_key_name": "pk", "range_key_name": "sk"}
OTHER_KEYS = {"hash_key_name": "pk", "range_key_name": "a"}
# The attributes that indexes have as keys; every item has them all.
TYPES = {"a": "STRING", "b": "NUMBER", "c": "STRING", "d": "BINARY", "e": "STRING"}
PROJECTIONS = ("all", "keys_only", "include")
VIEWS = ("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES")
BOTH_IMAGES = {"stream_view_type": "NEW_AND_OLD_IMAGES"}
REGIONS = ("eu-west-1", "us-west-2")
STREAMS = ("changes", "others")
INDEXES = ("gsi1", "gsi2", "gsi3", "gsi4")
# Of one attribute all vectors have the same size. One name is a global index's too: both cannot be.
VECTOR_INDEXES = {"vectors1": ("v", 2), "vectors2": ("w", 3), "vectors3": ("v", 2), "gsi4": ("u", 4)}
DISTANCES = ("COSINE", "DOT_PRODUCT", "EUCLIDEAN")
ACTIONS = ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem")

UNITS = st.integers(1, 9)
SWITCH = st.fixed_dictionaries({"enabled": st.booleans()})
CAPACITY = st.fixed_dictionaries({"read_capacity": UNITS, "write_capacity": UNITS})
MAXIMUM = st.fixed_dictionaries(
    {}, optional={"max_read_request_units": UNITS | st.just(-1), "max_write_request_units": UNITS | st.just(-1)}
)
WARMTH = st.fixed_dictionaries(
    {}, optional={"read_units_per_second": st.integers(12000, 12002), "write_units_per_second": st.integers(4000, 4002)}
)
TAGS = st.dictionaries(st.sampled_from(["team", "Team", "cost centre", "ünï"]), st.sampled_from(["", "a", "b"]))
POLICIES: st.SearchStrategy[Any] = st.just({}) | st.sets(st.sampled_from(ACTIONS), min_size=1).map(
    lambda actions: {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
                "Action": sorted(actions),
                "Resource": "*",
            }
        ],
    }
)
EXPIRY = st.just({"enabled": False}) | st.sampled_from(["expires", "expires", "expires", "other"]).map(
    lambda attribute: {"enabled": True, "attribute_name": attribute}
)
STREAM = st.just({"stream_enabled": False}) | st.sampled_from(VIEWS).map(lambda view: {"stream_view_type": view})


# After how many writes a run is killed, if it is.
KILLED_AFTER = st.none() | st.integers(0, 5)


def often(strategy: st.SearchStrategy[Any], times: int = 4) -> st.SearchStrategy[Any]:
    """Something of the strategy once in ``times``, else None: not declared."""
    return st.integers(1, times).flatmap(lambda one: strategy if one == times else st.none())


@st.composite
def pairs(draw: st.DrawFn, endpoint: str, replicas: bool = True) -> Pair:
    """Two declarations of one table, the second one mostly possible after the first."""
    lacks = LACKS[endpoint]
    first = draw(_declarations(lacks, replicas, None))
    second = draw(_declarations(lacks, replicas, first))
    return first, second


def tables(endpoint: str) -> st.SearchStrategy[Declaration]:
    """Declarations of a new table."""
    return _declarations(LACKS[endpoint], True, None)


@st.composite
def _declarations(draw: st.DrawFn, lacks: dict[str, str], replicas: bool, before: Declaration | None) -> Declaration:
    """A declaration for a new table, or one to follow ``before``."""
    given: Declaration = dict(KEYS)
    if before and draw(st.integers(0, 24)) == 24:
        given = dict(draw(st.sampled_from([{}, OTHER_KEYS])))
    mode = draw(st.sampled_from(["PAY_PER_REQUEST", "PROVISIONED"]))
    given["billing_mode"] = mode
    if mode == "PROVISIONED":
        given.update(draw(CAPACITY))
    given["indexes"] = draw(_indexes(lacks, mode, before))
    if ("vector_indexes" not in lacks and mode == "PAY_PER_REQUEST") or (before or {}).get("vector_indexes"):
        taken = {index["name"] for index in (*given["indexes"], *(before or {}).get("indexes", []))}
        _add(given, "vector_indexes", draw(often(_vector_indexes(taken, mode, before), 2)))
    parts: dict[str, st.SearchStrategy[Any]] = {
        "table_class": often(st.sampled_from(["STANDARD", "STANDARD_INFREQUENT_ACCESS"])),
        "deletion_protection_enabled": often(st.booleans()),
        "disassociation_protection_enabled": often(st.booleans()),
        "tags": often(TAGS, 3),
        "time_to_live": often(EXPIRY),
        "point_in_time_recovery": often(_recovery(lacks)),
        "stream_specification": often(STREAM),
        "sse_specification": often(SWITCH),
        "contributor_insights": often(SWITCH),
        "resource_policy": often(POLICIES if before else st.just({})),
        "kinesis_streaming_destination": often(_kinesis(lacks)),
        "warm_throughput": often(WARMTH, 6),
    }
    if mode == "PAY_PER_REQUEST":
        parts["on_demand_throughput"] = often(MAXIMUM)
    if before:
        parts["purge_tags"] = often(st.just(False))
        parts["purge_indexes"] = often(st.just(True), 2)
        parts["recreate_indexes"] = often(st.just(True), 3)
        parts["purge_vector_indexes"] = often(st.just(True), 2)
        parts["ignore_capacity"] = often(st.just(True), 6)
    for option, strategy in parts.items():
        value = draw(strategy) if option not in lacks else None
        if value is not None:
            given[option] = value
    if replicas and (before or mode == "PAY_PER_REQUEST"):  # rule replicas-need-write-scaling
        given.update(draw(_replicas(_regions(mode, before), lacks, before)))
    return given


@st.composite
def _indexes(draw: st.DrawFn, lacks: dict[str, str], mode: str, before: Declaration | None) -> list[Declaration]:
    """Those of before, most of them as they were, and new ones."""
    there = {index["name"]: index for index in (before or {}).get("indexes", [])}
    indexes = []
    for name in INDEXES:
        fate = draw(st.integers(0, 5))
        if name not in there and fate > 1:
            continue
        if name in there and fate == 0:
            continue
        index = dict(there[name]) if name in there and fate < 5 else draw(_shapes(lacks, name))
        for option in ("read_capacity", "write_capacity", "on_demand_throughput"):
            index.pop(option, None)
        index["name"] = name
        if mode == "PROVISIONED":
            index.update(draw(CAPACITY))
        elif not lacks.keys() & {"on_demand_throughput", "on_demand_throughput of a live index"} or (
            name not in there and "on_demand_throughput" not in lacks
        ):
            _add(index, "on_demand_throughput", draw(often(MAXIMUM)))
        if "contributor_insights" not in lacks:
            _add(index, "contributor_insights", draw(often(SWITCH, 6)))
        index.pop("warm_throughput", None)
        if "warm_throughput" not in lacks:
            _add(index, "warm_throughput", draw(often(WARMTH, 8)))
        indexes.append(index)
    local = [index for index in there.values() if not index["type"].startswith("global")]
    if before is None and draw(st.integers(0, 3)) == 3:
        kind, attribute = draw(st.sampled_from(PROJECTIONS)), draw(st.sampled_from(sorted(TYPES)))
        index = {"name": "lsi1", "type": kind, "range_key_name": attribute, "range_key_type": TYPES[attribute]}
        local = [{**index, **({"includes": ["x"]} if kind == "include" else {})}]
    return draw(st.permutations([*indexes, *local]))


@st.composite
def _vector_indexes(draw: st.DrawFn, taken: set[str], mode: str, before: Declaration | None) -> list[Declaration]:
    """Those of before, most of them as they were, and new ones; none of a PROVISIONED table, mostly."""
    there = {index["name"]: index for index in (before or {}).get("vector_indexes", [])}
    indexes = []
    for name in VECTOR_INDEXES:
        fate = draw(st.integers(0, 5))
        is_there = name in there
        if (fate == 0 if is_there else fate > 1 or (name in taken and not before)) or (mode == "PROVISIONED" and fate):
            continue
        indexes.append(dict(there[name]) if is_there and fate < 5 else draw(_vectors(name)))
    return draw(st.permutations(indexes))


@st.composite
def _vectors(draw: st.DrawFn, name: str) -> Declaration:
    """The options of a vector index."""
    attribute, dimensions = VECTOR_INDEXES[name]
    index: Declaration = {
        "name": name,
        "vector_attribute": attribute,
        "dimensions": dimensions,
        "distance_function": draw(st.sampled_from(DISTANCES)),
        "projection": draw(st.sampled_from(PROJECTIONS)),
    }
    if index["projection"] == "include":
        index["includes"] = draw(st.permutations(["x", "y", "z"]).map(lambda names: names[:2]))
    searched = draw(st.permutations(sorted(TYPES)))
    if draw(st.booleans()):
        index.update(hash_key_name=searched[0], hash_key_type=TYPES[searched[0]])
    if draw(st.booleans()):
        index["filters"] = [{"name": each, "type": TYPES[each]} for each in searched[1:3]]
    return index


def _add(holder: Declaration, option: str, value: Any) -> None:
    if value is not None:
        holder[option] = value


@st.composite
def _shapes(draw: st.DrawFn, lacks: dict[str, str], name: str) -> Declaration:
    """Keys and projection of a global index."""
    projection = draw(st.sampled_from(PROJECTIONS))
    index: Declaration = {"type": f"global_{projection}"}
    if projection == "include":
        index["includes"] = draw(st.permutations(["x", "y", "z"]).map(lambda names: names[:2]))
    attributes = draw(st.permutations(sorted(TYPES)))
    if "two indexes of the same keys" in lacks:
        own = sorted(TYPES)[INDEXES.index(name)]
        attributes = [own, *(attribute for attribute in attributes if attribute != own)]
    if "key_schema" not in lacks and draw(st.integers(0, 5)) == 5:
        hashes, ranges = draw(st.integers(1, 3)), draw(st.integers(0, 2))
        roles = ["HASH"] * hashes + ["RANGE"] * ranges
        index["key_schema"] = [
            {"attribute_name": name, "attribute_type": TYPES[name], "key_type": role}
            for name, role in zip(attributes, roles)
        ]
        return index
    index.update(hash_key_name=attributes[0], hash_key_type=TYPES[attributes[0]])
    if draw(st.booleans()):
        index.update(range_key_name=attributes[1], range_key_type=TYPES[attributes[1]])
    return index


def _recovery(lacks: dict[str, str]) -> st.SearchStrategy[Declaration]:
    """Recovery that is off, or on with a period or without one."""
    on = st.fixed_dictionaries({"enabled": st.just(True)}, optional={"recovery_period_in_days": st.integers(1, 35)})
    return SWITCH if "recovery_period_in_days" in lacks else st.just({"enabled": False}) | on


def _kinesis(lacks: dict[str, str]) -> st.SearchStrategy[Declaration]:
    """A stream that the table's changes go to, or none."""
    arns = [f"arn:aws:kinesis:us-east-1:000000000000:stream/{name}" for name in STREAMS]
    precision = {"approximate_creation_date_time_precision": st.sampled_from(["MILLISECOND", "MICROSECOND"])}
    return st.just({"enabled": False}) | st.fixed_dictionaries(
        {"stream_arn": st.sampled_from(arns[:1] if "a second Kinesis stream" in lacks else arns)},
        optional={option: strategy for option, strategy in precision.items() if option not in lacks},
    )


@st.composite
def _replicas(draw: st.DrawFn, regions: list[str], lacks: dict[str, str], before: Declaration | None) -> Declaration:
    """Replicas, with the stream that AWS would give them; sometimes none of those that were there."""
    had = bool(before and before.get("replicas"))
    if not regions or draw(st.integers(0, 9)) < (4 if had else 8):
        return {}
    names = draw(st.sets(st.sampled_from(regions), min_size=0 if had else 1))
    replicas = [{"region_name": name, **draw(_regional(lacks))} for name in sorted(names)]
    given: Declaration = {"replicas": replicas}
    if before and draw(st.booleans()):
        given["purge_replicas"] = True
    return {**given, "stream_specification": BOTH_IMAGES} if replicas else given


def _regions(mode: str, before: Declaration | None) -> list[str]:
    """The regions in which replicas may be declared: those that have one, and others where AWS would make one."""
    there = [replica["region_name"] for replica in (before or {}).get("replicas", [])]
    # No endpoint scales the writes of a table (rule replicas-need-write-scaling).
    return sorted(there) if mode == "PROVISIONED" else list(REGIONS)


def _regional(lacks: dict[str, str]) -> st.SearchStrategy[Declaration]:
    """The parts of a replica that its region keeps."""
    parts = {"tags": TAGS, "point_in_time_recovery": SWITCH, "deletion_protection_enabled": st.booleans()}
    return st.fixed_dictionaries({}, optional={part: each for part, each in parts.items() if part not in lacks})


def shown(pair: Pair) -> str:
    """A pair as JSON, to read and to keep."""
    return "\n".join(json.dumps(each) for each in pair)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Items: as YAML writes them, as DynamoDB's wire carries them, and the calls that read and write them.

The wire form is made here and not by boto3's TypeSerializer and TypeDeserializer, whose decimal context refuses
whole numbers such as 10 ** 40 that DynamoDB takes and gives. The tests hold the two against each other.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, Callable, NamedTuple

from .connection import CallFailed, Client, call, where
from .plan import Impossible, Plan, Step
from .resource import Overtaken

Wire = Mapping[str, Any]
"""A value as the wire carries it, for instance ``{"S": "a"}``."""

Attributes = Mapping[str, Wire]
"""A whole item, or its key."""

MAXIMUM_DIGITS = 38
MAXIMUM_EXPONENT, MINIMUM_EXPONENT = 125, -130
MAXIMUM_SIZE = 400 * 1024
MAXIMUM_DEPTH = 32
LONGEST_HASH_KEY, LONGEST_RANGE_KEY = 2048, 1024  # bytes of a value
# (rules vectors-have-a-length and vectors-have-single-precision)
MOST_DIMENSIONS = 4096
LARGEST_OF_32_BITS, SMALLEST_OF_32_BITS = 3.4028235e38, 1e-46  # what is smaller, 32 bits round to nothing

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
KINDS = {
    "S": "a string",
    "N": "a number",
    "B": "binary",
    "BOOL": "a boolean",
    "NULL": "null",
    "L": "a list",
    "M": "a map",
    "SS": "a set",
    "NS": "a set",
    "BS": "a set",
}
# The types of DynamoDB's own JSON, and which type the content of each is of.
WRITTEN_AS = {
    **dict.fromkeys(("S", "N", "B"), "S"),
    **dict.fromkeys(("BOOL", "NULL"), "BOOL"),
    **dict.fromkeys(("L", "SS", "NS", "BS"), "L"),
    "M": "M",
}
# In AWS's words, and in those of DynamoDB Local.
REMEDIES = (
    (
        re.compile("not match the schema|conditions on the keys|ype mismatch for key|required keys"),
        "give key every attribute of the table's primary key, in its type, and no other",
    ),
    (
        re.compile("onsistent read"),
        "leave consistent_read out, or make it false: a global index cannot be read consistently",
    ),
    (
        re.compile("does not have the specified index"),
        "give index_name the name of an index of the table, and search_vector where it is a vector index",
    ),
    # (rule vector-indexes-are-searched-alone)
    (
        re.compile("not supported on this index type"),
        "it is a vector index: give search_vector in place of key_condition_expression",
    ),
    (
        re.compile("32-bit floating point number"),
        "write the vector as a list of numbers without quotes, and 1e-05 as 1.0e-05: YAML takes the former for text",
    ),
    # (rule items-fit-their-vector-indexes)
    (
        re.compile("Invalid size for parameter"),
        "give the vector as many numbers as the vector index has dimensions",
    ),
    (
        re.compile("ype mismatch for Index Key|Attribute '.*' type mismatch"),
        "give this attribute the type that the index declares, text (S) in quotes and a number (N) without, "
        "or leave it out",
    ),
)
# Of what the search for a vector is refused for.
REMEDIES_OF_SEARCHES = (
    # (rules searches-wait-for-the-index and active-is-not-yet-searched)
    (
        re.compile("does not have the specified index"),
        "give index_name the name of a vector index of the table; if the index is new, try again later",
    ),
    (
        re.compile("backfilling vector index"),
        "DynamoDB is still building the index, which takes 8 to 17 minutes on a table that was there before; try again",
    ),
    (
        re.compile("does not match vector index dimension"),
        "give search_vector as many numbers as the index has dimensions",
    ),
    # (rule searches-are-bounded-by-equality)
    (
        re.compile("must be provided when SearchSchema"),
        "give search_condition_expression a condition on the hash key of the index, such as tenant = :tenant",
    ),
    (
        re.compile("Invalid SearchConditionExpression|not in SearchSchema"),
        "search_condition_expression takes = and AND alone, on the hash key and the filters of the index",
    ),
)


@dataclass(frozen=True)
class Declaration:
    """The declaration of an item: ``item`` is the whole item with its key, or ``None`` if the item is to be deleted."""

    table_name: str
    key: Attributes
    item: Attributes | None
    overwrite: bool = True


class Hit(NamedTuple):
    """An item that a search found, and its score by the distance function (rule scores-differ-in-direction)."""

    item: Attributes
    score: float | None


# From YAML to the wire


def declared_key(key: Mapping[Any, Any]) -> Attributes:
    """A primary key as declared. Refuses what cannot be one."""
    if len(key) not in (1, 2):
        raise Impossible(
            f"key: a primary key has one or two attributes, {len(key)} were given; "
            "give the table's hash key, and its range key if it has one"
        )
    attributes = declared_attributes(key, "key")
    for name, value in attributes.items():
        kind, content = next(iter(value.items()))
        if _is_wire_json(value):
            raise Impossible(f"key.{name}: this is DynamoDB's own JSON; write the value alone, such as {name}: a")
        if kind not in ("S", "N", "B"):
            raise Impossible(
                f"key.{name}: a key is a string, a number or binary, this is {KINDS[kind]}; "
                "write it in quotes if it is a string"
            )
        if content in ("", b""):
            raise Impossible(f"key.{name}: a key cannot be empty; give it a value")
        if _size(value) > LONGEST_HASH_KEY:
            raise Impossible(
                f"key.{name}: it has {_size(value)} bytes, and a hash key can have {LONGEST_HASH_KEY}, a range key "
                f"{LONGEST_RANGE_KEY}; shorten it"
            )
    if len(attributes) > 1 and all(_size(value) > LONGEST_RANGE_KEY for value in attributes.values()):
        raise Impossible(
            f"key: {' and '.join(attributes)} have more than {LONGEST_RANGE_KEY} bytes each, and one of them is the "
            "range key, which can have no more; shorten that"
        )
    return attributes


def declared_item(key: Attributes, item: Mapping[Any, Any]) -> Attributes:
    """The whole item: its key and its other attributes, which may repeat the key's."""
    others = declared_attributes(item, "item")
    for name in key:
        if name in others and canonical(others[name]) != canonical(key[name]):
            raise Impossible(
                f"item.{name}: it is not the value of key.{name}; leave it out here, the key belongs to the item anyway"
            )
    whole = {**key, **others}
    size = _attributes_size(whole)
    if size > MAXIMUM_SIZE:
        raise Impossible(
            f"item: it has {size} bytes and an item can have {MAXIMUM_SIZE} (400 KB), names and key included; "
            "split it, or keep the large part in S3 and its address here"
        )
    return whole


def warnings(declaration: Declaration) -> list[str]:
    """Warnings about values that are kept as written, and look as if they were written for another tool."""
    return [
        f"item.{name}: it is kept as a map, and looks like DynamoDB's own JSON; if that is meant, write the value"
        for name, value in (declaration.item or {}).items()
        if _is_wire_json(value)
    ]


def _is_wire_json(value: Wire) -> bool:
    """Whether a value is a map such as ``{S: text}``, as the command line of AWS takes values."""
    members = value.get("M") or {}
    if len(members) != 1:
        return False
    name, content = next(iter(members.items()))
    return name in WRITTEN_AS and WRITTEN_AS[name] in content


def declared_attributes(attributes: Mapping[Any, Any], path: str) -> dict[str, Wire]:
    """Named values of the option ``path``, whose names are never taken for one of the forms such as ``$binary``."""
    return _map_to_wire(attributes, path, 1)


def to_wire(value: Any, path: str, depth: int = 1) -> Wire:
    """A plain value, found at ``path`` within ``depth`` lists and maps (the item is one), as the wire carries it."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, (int, float)):
        return {"N": _number(value, path)}
    if isinstance(value, str):
        return {"S": _text(value, path)}
    if isinstance(value, (list, tuple)):
        below = _one_level_down(path, depth)
        return {"L": [to_wire(member, f"{path}[{position}]", below) for position, member in enumerate(value)]}
    if isinstance(value, Mapping):
        form = _form(value)
        if form in FORMS:
            kind, convert = FORMS[form]
            return {kind: convert(value[form], f"{path}.{form}")}
        if form is None:
            _refuse_misspelt(value, path)
        return {"M": _map_to_wire(*_content(value, path), _one_level_down(path, depth))}
    raise Impossible(f"{path}: DynamoDB has no type for a {type(value).__name__}; write it in quotes, as a string")


def declared_vector(vector: Sequence[Any], path: str) -> list[Wire]:
    """The vector of the option ``path``, as a search takes it. Refuses what no index can have."""
    if not vector:
        raise Impossible(f"{path}: it is empty; give as many numbers as the index has dimensions")
    if len(vector) > MOST_DIMENSIONS:
        raise Impossible(
            f"{path}: it has {len(vector)} numbers, and a vector index has up to {MOST_DIMENSIONS} dimensions; "
            "give as many numbers as the index has"
        )
    return [{"N": _number_of_vector(member, f"{path}[{position}]")} for position, member in enumerate(vector)]


def _number_of_vector(value: Any, path: str) -> str:
    """A number as YAML, a template or an item has it: text such as ``1e-05`` is one to people, and not to YAML."""
    if isinstance(value, Mapping) and _form(value) == "$number":
        value = value["$number"]
    if isinstance(value, bool) or not (
        isinstance(value, (int, float)) or (isinstance(value, str) and NUMBER.fullmatch(value))
    ):
        raise Impossible(
            f"{path}: a vector has numbers alone, this is {_kind(value)}; "
            "write a number, and give JSON text through the filter from_json"
        )
    try:
        number = float(value)  # which keeps more than the 32 bits that the index has
    except OverflowError as error:
        raise _out_of_32_bits(path) from error
    if not -LARGEST_OF_32_BITS <= number <= LARGEST_OF_32_BITS:  # NaN is not in between either
        raise _out_of_32_bits(path)
    return _number(number, path) if abs(number) >= SMALLEST_OF_32_BITS else "0"


def _out_of_32_bits(path: str) -> Impossible:
    return Impossible(f"{path}: a vector has finite numbers of 32 bits, up to 3.4028235E+38; give such a number")


def _one_level_down(path: str, depth: int) -> int:
    if depth >= MAXIMUM_DEPTH:
        raise Impossible(f"{path}: an item has up to {MAXIMUM_DEPTH} levels, this is deeper; flatten it")
    return depth + 1


def _map_to_wire(attributes: Mapping[Any, Any], path: str, depth: int) -> dict[str, Wire]:
    for name in attributes:
        if not isinstance(name, str):
            raise Impossible(f"{path}: the attribute name {name!r} is not a string; write it in quotes")
        if not name:
            raise Impossible(f"{path}: an attribute has an empty name; give it one")
        _text(name, path)
    return {name: to_wire(value, f"{path}.{name}", depth) for name, value in attributes.items()}


def _form(value: Mapping[Any, Any]) -> str | None:
    """The form, such as ``$binary``, that a map is written in; ``None`` for a map that means itself."""
    if len(value) != 1:
        return None
    name = next(iter(value))
    return name if name in FORMS or name == "$map" else None


def _resembled(value: Mapping[Any, Any]) -> tuple[str, str] | None:
    """A name in a map that is none of the forms, and the form that it is taken for by whoever reads it."""
    for name in value:
        if isinstance(name, str) and name.startswith("$"):
            form = _nearest_form(name)
            if form:
                return name, form
    return None


def _nearest_form(name: str) -> str | None:
    import difflib  # only for such a name

    known = ALSO_CALLED.get(name.lower())
    near = difflib.get_close_matches(name.lower(), (*FORMS, "$map"), 1, cutoff=NEARNESS)
    return known or (near[0] if near else None)


def _refuse_misspelt(value: Mapping[Any, Any], path: str) -> None:
    resembled = _resembled(value)
    if resembled is None:
        return
    name, form = resembled
    as_it_is = "{$map: …} around the map as it is"
    if name == form:
        raise Impossible(f"{path}.{name}: it stands alone in its map, and here are others beside it; write {as_it_is}")
    raise Impossible(f"{path}.{name}: there is no such form of a value; did you mean {form}, or {as_it_is}?")


def _content(value: Mapping[Any, Any], path: str) -> tuple[Mapping[Any, Any], str]:
    """The content of a map, and its path: the map itself, unless it is in the form ``$map``."""
    if _form(value) is None:
        return value, path
    content, path = value["$map"], f"{path}.$map"
    if not isinstance(content, Mapping):
        raise Impossible(f"{path}: it takes a map; write {{$map: {{name: value}}}}")
    return content, path


def _members(
    content: Any, path: str, convert: Callable[[Any, str], Any], identity: Callable[[Any], Hashable]
) -> list[Any]:
    """The members of a set. Refuses an empty one, and two members that DynamoDB takes for the same."""
    if not isinstance(content, (list, tuple)):
        raise Impossible(f"{path}: it takes a list; write the set's members as one")
    if not content:
        raise Impossible(f"{path}: DynamoDB has no empty set; leave the attribute out, or make it an empty list")
    members = [convert(member, f"{path}[{position}]") for position, member in enumerate(content)]
    seen: dict[Hashable, int] = {}
    for position, member in enumerate(members):
        first = seen.setdefault(identity(member), position)
        if first != position:
            raise Impossible(f"{path}[{position}]: it is in the set already, as [{first}]; leave one of them out")
    return members


def _string(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise Impossible(f"{path}: all members of this set are strings, this is {_kind(value)}; write it in quotes")
    return _text(value, path)


def _text(value: str, path: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Impossible(f"{path}: it is not text in UTF-8; write the bytes in base64, as {{$binary: …}}") from error
    return value


def _number_member(value: Any, path: str) -> str:
    if isinstance(value, Mapping) and _form(value) == "$number":
        return _number_text(value["$number"], f"{path}.$number")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Impossible(
            f"{path}: all members of this set are numbers, this is {_kind(value)}; "
            'write it without quotes, or as {$number: "…"}'
        )
    return _number(value, path)


def _binary(value: Any, path: str) -> bytes:
    if isinstance(value, Mapping) and _form(value) == "$binary":  # bytes of YAML come in this form already
        value = value["$binary"]
    try:
        if isinstance(value, str):
            return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        pass
    raise Impossible(f"{path}: it is not base64; encode the bytes, for instance with the filter b64encode")


def _number(value: float, path: str) -> str:
    # Through repr, the shortest text that is this float: 0.1 is 0.1 and not 0.1000000000000000055….
    return _decimal_text(Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value), path)


def _number_text(content: Any, path: str) -> str:
    if isinstance(content, int) and not isinstance(content, bool):
        return _number(content, path)
    if not isinstance(content, str) or not NUMBER.fullmatch(content):
        raise Impossible(f'{path}: it takes a decimal number in quotes; write one such as {{$number: "3.14"}}')
    try:
        return _decimal_text(Decimal(content), path)
    except InvalidOperation as error:
        raise _out_of_range(path) from error


def _decimal_text(number: Decimal, path: str) -> str:
    if not number.is_finite():
        raise Impossible(f"{path}: DynamoDB has neither NaN nor infinity; leave it out, or write it as a string")
    if not number:
        return "0"
    if not MINIMUM_EXPONENT <= number.adjusted() <= MAXIMUM_EXPONENT:
        raise _out_of_range(path)
    digits = _significant_digits(number)
    if len(digits) > MAXIMUM_DIGITS:
        raise Impossible(
            f"{path}: a number has up to {MAXIMUM_DIGITS} digits, this one has {len(digits)}; "
            "round it, or write it as a string"
        )
    return str(number)


def _out_of_range(path: str) -> Impossible:
    return Impossible(
        f"{path}: the number is out of DynamoDB's range, which is 1E-130 to 9.99E+125 and the same below zero; "
        "write it as a string"
    )


def _significant_digits(number: Decimal) -> str:
    return "".join(map(str, number.as_tuple().digits)).strip("0")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names = ((bool, "a boolean"), ((int, float), "a number"), (str, "a string"), (Mapping, "a map"), (list, "a list"))
    return next((name for types, name in names if isinstance(value, types)), f"a {type(value).__name__}")


FORMS: Mapping[Any, tuple[str, Callable[[Any, str], Any]]] = {
    "$binary": ("B", _binary),
    "$number": ("N", _number_text),
    "$string_set": ("SS", partial(_members, convert=_string, identity=str)),
    "$number_set": ("NS", partial(_members, convert=_number_member, identity=Decimal)),
    "$binary_set": ("BS", partial(_members, convert=_binary, identity=bytes)),
}
# Other words for the same, and how like a form a name is that is taken for a slip of the pen.
ALSO_CALLED = {
    "$set": "$string_set",
    "$num": "$number",
    "$decimal": "$number",
    "$bin": "$binary",
    "$bytes": "$binary",
    "$base64": "$binary",
}
NEARNESS = 0.76  # MongoDB's $max is no $map


# From the wire to YAML


def plain_attributes(attributes: Attributes) -> dict[str, Any]:
    """A whole item in plain values, its attributes sorted."""
    return {name: to_plain(value) for name, value in sorted(attributes.items())}


def to_plain(wire: Wire) -> Any:
    """A value as YAML writes it; ``to_wire`` gives the same value back."""
    kind, content = next(iter(wire.items()))
    if kind == "NULL":
        return None
    if kind == "N":
        return _plain_number(content)
    if kind == "B":
        return {"$binary": _base64(content)}
    if kind == "SS":
        return {"$string_set": sorted(content)}
    if kind == "NS":
        return {"$number_set": [_plain_number(text) for text in sorted(content, key=Decimal)]}
    if kind == "BS":
        return {"$binary_set": [_base64(member) for member in sorted(map(bytes, content))]}
    if kind == "L":
        return [to_plain(member) for member in content]
    if kind == "M":
        plain = plain_attributes(content)
        return {"$map": plain} if _form(plain) or _resembled(plain) else plain
    return content


def _plain_number(text: str) -> Any:
    number = Decimal(text)
    if number == int(number):
        return int(number)
    nearest = float(number)
    return nearest if Decimal(repr(nearest)) == number else {"$number": str(number)}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


# Equality and size, as DynamoDB has them


def same(one: Attributes, other: Attributes) -> bool:
    """Whether two items are one and the same to DynamoDB."""
    return canonical({"M": one}) == canonical({"M": other})


def canonical(wire: Wire) -> Hashable:
    """A form that is equal for two values that DynamoDB takes for equal, and only for those."""
    kind, content = next(iter(wire.items()))
    if kind == "N":
        return kind, Decimal(content)
    if kind == "NS":
        return kind, frozenset(map(Decimal, content))
    if kind in ("SS", "BS"):
        return kind, frozenset(content)
    if kind == "L":
        return kind, tuple(map(canonical, content))
    if kind == "M":
        return kind, frozenset((name, canonical(value)) for name, value in content.items())
    return kind, content


def _attributes_size(attributes: Attributes) -> int:
    return sum(len(name.encode()) + _size(value) for name, value in attributes.items())


def _size(wire: Wire) -> int:
    """The bytes that a value takes by AWS's rules, which are approximate for numbers: the least it can be."""
    kind, content = next(iter(wire.items()))
    if kind == "S":
        return len(content.encode())
    if kind == "B":
        return len(content)
    if kind == "N":
        return (len(_significant_digits(Decimal(content))) + 1) // 2 + 1
    if kind in ("SS", "NS", "BS"):
        return sum(_size({kind[0]: member}) for member in content)
    if kind == "L":
        return 3 + sum(1 + _size(member) for member in content)
    if kind == "M":
        return 3 + len(content) + _attributes_size(content)
    return 1


# Planning, reading and writing


def plan(declaration: Declaration, desired: Attributes | None, observed: Attributes | None) -> Plan:
    """The one call, if any, that makes the item as desired."""
    table, item = declaration.table_name, f"the item {key_text(declaration.key)}"
    if desired is None:
        if observed is None:
            return ()
        return (
            Step(
                "dynamodb",
                "DeleteItem",
                {"TableName": table, "Key": declaration.key},
                f"delete {item} from table {table}",
            ),
        )
    if observed is not None:
        if same(desired, observed):
            return ()
        return (Step("dynamodb", "PutItem", {"TableName": table, "Item": desired}, f"replace {item} in table {table}"),)
    arguments = {"TableName": table, "Item": desired, **_condition(declaration)}
    return (Step("dynamodb", "PutItem", arguments, f"put {item} into table {table}"),)


def desire(declaration: Declaration, observed: Attributes | None) -> Attributes | None:
    """The desired item: without ``overwrite``, an item that exists stays as it is."""
    if declaration.item is not None and observed is not None and not declaration.overwrite:
        return observed
    return declaration.item


def _condition(declaration: Declaration) -> Mapping[str, Any]:
    """Without ``overwrite``, what closes the gap between reading and writing, in which somebody may put the item."""
    if declaration.overwrite:
        return {}
    return {
        "ConditionExpression": "attribute_not_exists(#key)",
        "ExpressionAttributeNames": {"#key": next(iter(declaration.key))},
    }


def key_text(key: Attributes) -> str:
    """A key as a sentence names it: ``pk=a, sk=b``."""
    return ", ".join(f"{_quoted(name)}={_quoted(_scalar_text(value))}" for name, value in key.items())


def _scalar_text(wire: Wire) -> str:
    kind, content = next(iter(wire.items()))
    return _base64(content) if kind == "B" else str(content)


def _quoted(text: str) -> str:
    """A text as a part of a sentence, in quotes where it would look like more than one."""
    if text.isprintable() and "," not in text:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def get(client: Client, table_name: str, key: Attributes, **options: Any) -> Attributes | None:
    """The item with this key, or what the options project of it; ``None`` when there is none."""
    # The capacity says that DynamoDB was asked: its answer is empty where there is no such item.
    arguments = {"TableName": table_name, "Key": key, "ReturnConsumedCapacity": "TOTAL", **options}
    purpose = f"read the item {key_text(key)} from table {table_name}"
    item: Attributes | None = _call(client, "GetItem", arguments, purpose).get("Item")
    return item


def query(client: Client, arguments: Mapping[str, Any], limit: int | None = None) -> tuple[Attributes, ...]:
    """All items, page after page, that a Query finds, or the first ``limit`` of them."""
    index = arguments.get("IndexName")
    purpose = f"query {f'index {index} of ' if index else ''}table {arguments['TableName']}"
    found: list[Attributes] = []
    start: Mapping[str, Any] = {}
    while True:
        # With a filter a page's Limit counts what is read, not what is found: it would only make small pages.
        page_size = {"Limit": limit - len(found)} if limit and "FilterExpression" not in arguments else {}
        page = _call(client, "Query", {**arguments, **page_size, **start}, purpose)
        found.extend(page["Items"])
        if not page.get("LastEvaluatedKey") or (limit and len(found) >= limit):
            return tuple(found[:limit])
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def search(client: Client, arguments: Mapping[str, Any]) -> tuple[Hit, ...]:
    """The items of a vector index that are near, the nearest first, with the attributes that the index holds.

    Not all that the table has is in the index (rules what-does-not-fit-is-not-found and
    a-search-gives-what-is-projected).
    """
    purpose = f"search index {arguments['IndexName']} of table {arguments['TableName']}"
    # The capacity says that DynamoDB was asked, also where nothing is found (rule no-member-is-sure).
    answer = _call(client, "SearchVectors", {**arguments, "ReturnConsumedCapacity": "TOTAL"}, purpose)
    hits: Iterable[Mapping[str, Any]] = answer.get("SearchResults") or ()
    return tuple(Hit(hit.get("Item") or {}, hit.get("Score")) for hit in hits)


def perform(client: Client, declaration: Declaration, step: Step) -> None:
    """Take one planned step. Raises Overtaken when somebody else put the item in the meantime."""
    try:
        _call(client, step.call, step.arguments, step.sentence)
    except CallFailed as failure:
        if failure.code != "ConditionalCheckFailedException":
            raise
        # A put whose answer was lost is sent again, and then finds the item that it put itself.
        if not (failure.unsure and _is_there(client, declaration)):
            raise Overtaken(failure.sentence) from failure


def _is_there(client: Client, declaration: Declaration) -> bool:
    item = get(client, declaration.table_name, declaration.key, ConsistentRead=True)
    return item is not None and declaration.item is not None and same(item, declaration.item)


def _call(client: Client, operation: str, arguments: Mapping[str, Any], purpose: str) -> Any:
    table = arguments["TableName"]
    path = f"table/{table}" + (f"/index/{arguments['IndexName']}" if "IndexName" in arguments else "")
    try:
        return call(client, operation, arguments, purpose, path)
    except CallFailed as failure:
        sentence = _plainer(client, operation, table, failure)
        if sentence is None:
            raise
        raise CallFailed(sentence, failure.code, failure.words) from failure


def _plainer(client: Client, operation: str, table: str, failure: CallFailed) -> str | None:
    """A refusal in words that name the option and the remedy, where AWS's own do not."""
    if failure.code == "ResourceNotFoundException":
        return (
            f"table_name: there is no table {table} in {client.meta.region_name}, or it is not active yet; "
            "check the name and region, or create it with mana.memory.dynamodb_table, which check mode only plans"
        )
    searches = operation == "SearchVectors"
    if searches and failure.code == "NoAnswer" and not where(client).endpoint_url:
        # (rule searches-have-hosts-of-their-own)
        return f"{failure.sentence}; a search goes to a host of its own, which the network has to let through"
    known = REMEDIES_OF_SEARCHES if searches else REMEDIES
    remedies = (remedy for words, remedy in known if words.search(failure.words))
    return next((f"{failure.sentence}; {remedy}" for remedy in remedies), None)

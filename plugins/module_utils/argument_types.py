# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Whether the arguments of a task have the types of their options.

Ansible does not name the option of a value that is no mapping, and fails with a traceback of its own for some values.
A misspelt option is told with the one that is meant; all other unknown ones are left to Ansible.

Accepted is everything that Ansible converts: JSON text, ``name=value`` text, text with commas, numbers as text. Also
accepted are white space around JSON text, true or false for a mapping with a switch, and null for a choice that can be
left out. Refused are values that nobody means: a boolean as a number or a text, a list or a mapping as a text, a
missing value in a list or for an option that needs one, and values without a form in JSON.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, DecimalException
from typing import Any, Callable

from ansible.module_utils.common.validation import check_type_bool, check_type_dict, check_type_list

from . import json_values
from .masking import masked
from .plan import printable

Option = Mapping[str, Any]
Spec = Mapping[str, Option]

LARGEST = 2**63 - 1  # AWS has no larger number
LONGEST_QUOTE = 60
MEMBERS_SHOWN = 3
NEARNESS = 0.8  # of a misspelt name
POLICY = "{Version: …, Statement: …}"
REPORT = "{format: …, kind: …, things: …}"
# What to write for an option that has no suboptions to name.
EXAMPLES = {
    "approved": REPORT,
    "aws_config": "{connect_timeout: …}",
    "baseline": REPORT,
    "defaults": "{hash_key_name: …}",
    "exceptions": "{thing: …, part: …, reason: …, until: …, observed: …}",
    "expression_attribute_names": "{'#name': …}",
    "expression_attribute_values": "{':value': …}",
    "item": "{pk: …}",
    "key": "{pk: …}",
    "policy": POLICY,
    "policy_document": POLICY,
    "policy_json": POLICY,
    "resource_policy": POLICY,
    "resource_tags": "{team: …}",
    "results": "{table: …}",
    "search_vector": "[0.1, 0.2]",
    "tags": "{team: …}",
    "variables": "{TABLE_NAME: …}",
}


def read(spec: Spec, given: Mapping[str, Any], of_items: Collection[str] = ()) -> tuple[dict[str, Any], str | None]:
    """The arguments of a task as they are meant, and a sentence for the first wrong one.

    ``of_items``: the options whose values are DynamoDB's, written in YAML.
    """
    foreign = (
        sentence
        for name, option in spec.items()
        for written in _names(name, option)
        if written in given and not _is_checked_as_number(given[written], option)
        for sentence in json_values.unwritable(
            given[written], written, of_item=name in of_items and isinstance(given[written], (Mapping, list))
        )
    )
    sentence = next(foreign, None)
    if sentence:
        return {}, printable(sentence)
    arguments = _meant_below(spec, json_values.plain(given))
    return arguments, mistake(spec, arguments)


def mistake(spec: Spec, arguments: Mapping[str, Any]) -> str | None:
    """A sentence for the first argument of a wrong type, without any secret; ``None`` if all types are right."""
    sentence = next(_mistakes(spec, arguments, ""), None)
    secrets = {
        text for name, option in spec.items() if option.get("no_log") for text in _texts(name, option, arguments)
    }
    return printable(masked(sentence, secrets)) if sentence else None


def _is_checked_as_number(value: Any, option: Option) -> bool:
    return isinstance(value, float) and option.get("type") == "int"


def _meant_below(spec: Spec, arguments: Mapping[str, Any]) -> dict[str, Any]:
    options = {written: option for name, option in spec.items() for written in _names(name, option)}
    return {
        name: _meant(value, options[name]) if name in options else value
        for name, value in arguments.items()
        if not (value is None and _may_be_left_out(options.get(name, {})))
    }


def _may_be_left_out(option: Option) -> bool:
    """Whether null counts as left out. Results contain such nulls, and Ansible refuses null as a wrong choice."""
    return bool(option.get("choices")) and not option.get("required") and option.get("default") is None


def _meant(value: Any, option: Option) -> Any:
    """The value in the form that Ansible takes: JSON text without white space around it, a switch in its mapping."""
    options: Spec = option.get("options") or {}
    if option.get("type") == "dict":
        text = value.strip() if isinstance(value, str) else value
        switch = _switch(options)
        flag = {"true": True, "false": False}.get(text.lower()) if isinstance(text, str) else text
        if switch and isinstance(flag, bool):
            return {switch: flag}
        return _meant_below(options, text) if isinstance(text, Mapping) else text
    if options and isinstance(value, list):
        return [_meant_below(options, each) if isinstance(each, Mapping) else each for each in value]
    return value


def _switch(options: Spec) -> str | None:
    """The suboption that switches the option on and off."""
    return next((name for name in options if name.endswith("enabled")), None)


def _mistakes(spec: Spec, arguments: Mapping[str, Any], where: str) -> Iterator[str]:
    yield from _misspelt(spec, arguments, where)
    for name, option in spec.items():
        for written in _names(name, option):
            if written in arguments:
                yield from _mistaken(arguments[written], option, where + written)


def _misspelt(spec: Spec, arguments: Mapping[str, Any], where: str) -> Iterator[str]:
    """Options that there are not, whose names are close to those of others. Ansible refuses all unknown ones."""
    known = {written for name, option in spec.items() for written in _names(name, option)}
    for name in [each for each in arguments if known and each not in known]:
        import difflib  # only for such a name

        near = difflib.get_close_matches(str(name), sorted(known), 1, NEARNESS)
        if near:
            yield f"{where}{name}: there is no such option; did you mean {near[0]}?"


def _mistaken(value: Any, option: Option, path: str) -> Iterator[str]:
    if value is not None:
        check = CHECKS.get(option.get("type", "str"))
        if check:
            yield from check(value, option, path)
    elif option.get("required"):
        yield f"{path}: it has no value; give one"
    elif option.get("default") is not None:
        yield f"{path}: it has no value; give one, or leave it out"


def _boolean(value: Any, _option: Option, path: str) -> Iterator[str]:
    if not _converts(check_type_bool, value):
        yield f"{path}: {_shown(value)} is neither true nor false; write one of these"


def _integer(value: Any, _option: Option, path: str) -> Iterator[str]:
    """Mistakes of an integer. A huge number is never converted: Python would take minutes for some."""
    try:
        number = Decimal(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else None
    except DecimalException:
        number = None
    if number is None or not number.is_finite() or number != number.to_integral_value():
        yield f"{path}: {_shown(value)} is not a whole number; write one such as 5"
    elif not -LARGEST <= number <= LARGEST:
        yield f"{path}: the number is too large for AWS; write one up to {LARGEST}"


def _text(value: Any, option: Option, path: str) -> Iterator[str]:
    """Mistakes of a text. If the option has choices, Ansible itself matches a boolean with one of them."""
    if isinstance(value, (list, Mapping)):
        choices = ", ".join(option.get("choices") or ())
        yield f"{path}: {_shown(value)} is not text; write {f'one of {choices}' if choices else 'one text'}"
    elif isinstance(value, str) and not _is_utf8(value):
        yield f"{path}: it is not text in UTF-8; write it in another way"
    elif isinstance(value, bool) and not option.get("choices"):
        yield f"{path}: {_shown(value)} is not text; write it in quotes, as yes, no, on and off too, if it is meant so"


def _mapping(value: Any, option: Option, path: str) -> Iterator[str]:
    if not _converts(check_type_dict, value):
        example = _example(option, path)
        if example == POLICY and isinstance(value, str) and value.lstrip().startswith("{"):
            yield f"{path}: {_shown(value)} is not JSON; give {example}"
        else:
            yield f"{path}: {_shown(value)} is not a mapping; write {example}"
    else:
        yield from _mistakes(option.get("options") or {}, check_type_dict(value), f"{path}.")


def _list(value: Any, option: Option, path: str) -> Iterator[str]:
    member: Option = {**option, "type": option.get("elements", "raw"), "required": True}
    mappings = member["type"] == "dict"
    listed = _converts(check_type_list, value) and not isinstance(value, bool)
    if not listed or (mappings and not isinstance(value, list) and not _are_mappings(check_type_list(value))):
        form = f"[{_example(option, path)}]" if mappings else EXAMPLES.get(path, "[a, b]")
        if mappings and isinstance(value, str) and value.lstrip().startswith("["):
            form += ", without the filter to_json"
        yield f"{path}: {_shown(value)} is not a list{' of mappings' if mappings else ''}; write {form}"
        return
    for position, each in enumerate(check_type_list(value)):
        yield from _mistaken(each, member, f"{path}[{_label(each, option, position)}]")


CHECKS: Mapping[str, Callable[[Any, Option, str], Iterator[str]]] = {
    "bool": _boolean,
    "dict": _mapping,
    "int": _integer,
    "list": _list,
    "path": _text,
    "str": _text,
}


def _names(name: str, option: Option) -> tuple[str, ...]:
    return (name, *option.get("aliases", ()))


def _texts(name: str, option: Option, arguments: Mapping[str, Any]) -> list[str]:
    return [arguments[each] for each in _names(name, option) if isinstance(arguments.get(each), str)]


def _converts(convert: Callable[[Any], Any], value: Any) -> bool:
    """Whether Ansible can convert a value to a type."""
    try:
        convert(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_utf8(text: str) -> bool:
    """Whether text can be written in UTF-8; Python reads bytes of another encoding as text that it cannot write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _are_mappings(members: list[Any]) -> bool:
    return all(_converts(check_type_dict, member) for member in members)


def _label(member: Any, option: Option, position: int) -> str:
    """The label of a mapping in a list: its name, as in all other sentences, else its position."""
    called = next((name for name, each in (option.get("options") or {}).items() if each.get("required")), None)
    name = member.get(called) if isinstance(member, Mapping) else None
    return name if name and isinstance(name, str) else str(position)


def _example(option: Option, path: str) -> str:
    """An example of the option at ``path``: its required suboptions, else its first ones, else one that is known."""
    options: Spec = option.get("options") or {}
    last = path.rpartition(".")[2].partition("[")[0]
    if not options and last in EXAMPLES:
        return EXAMPLES[last]
    names = [name for name, each in options.items() if each.get("required")] or list(options)[:MEMBERS_SHOWN]
    return "{" + ", ".join(f"{name}: …" for name in names or ["name"]) + "}"


def _shown(value: Any) -> str:
    """A value as a sentence shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and abs(value) > LARGEST:
        return "such a number"
    text = str(value)
    text = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
    return f"'{text}'" if isinstance(value, str) else text

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Policy documents: whether two mean the same, how they differ in words, and whether one is well formed.

Element names are AWS's own: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import datetime
import difflib
import json
import re
from collections.abc import Hashable, Mapping
from typing import Any
from urllib.parse import unquote

from .plan import Impossible

Document = Mapping[str, Any]

VERSIONS = ("2012-10-17", "2008-10-17")
DEFAULT_VERSION = "2008-10-17"  # what IAM assumes where Version is left out
INLINE_SIZE_OF_A_ROLE = 10240  # characters of all inline policies of a role together, white space not counted
SESSION_SIZE = 2048  # characters of the policy of a session
MANAGED_SIZE = 6144  # characters of a managed policy, white space not counted

POLICY_ELEMENTS = ("Version", "Id", "Statement")
STATEMENT_ELEMENTS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
PRINCIPAL_ELEMENTS = ("Principal", "NotPrincipal")
PRINCIPAL_KINDS = ("AWS", "Service", "Federated", "CanonicalUser")
OPERATORS = (
    *(f"String{how}" for how in ("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike")),
    *(f"{kind}{how}" for kind in ("Numeric", "Date") for how in ("Equals", "NotEquals", "LessThan", "LessThanEquals")),
    *(f"{kind}{how}" for kind in ("Numeric", "Date") for how in ("GreaterThan", "GreaterThanEquals")),
    *(f"Arn{how}" for how in ("Equals", "NotEquals", "Like", "NotLike")),
    *("Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "Null"),
)

ROOT_ARN = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):root")
SID = re.compile(r"[A-Za-z0-9]*")
ACTION = re.compile(r"\*|[\w*?-]+:[\w*?-]+", re.ASCII)
RESOURCE = re.compile(r"arn:[^\x00-\x1f]+|[*$][^\x00-\x1f]*")
OPERATOR_OF_SETS = re.compile(r"^For(AllValues|AnyValue):|IfExists$", re.IGNORECASE)
AWS_PRINCIPAL = re.compile(r"\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::\d{12}:\S+|A[A-Z0-9]{15,}", re.ASCII)


def from_option(declared: Any) -> Any:
    """A document declared in YAML, with each scalar as the string that equals it.

    YAML makes a date of an unquoted Version and a boolean of an unquoted true; IAM knows neither, and LocalStack
    refuses the boolean of a condition, which AWS takes.
    """
    if isinstance(declared, Mapping):
        return {str(key): from_option(value) for key, value in declared.items()}
    if isinstance(declared, (list, tuple)):
        return [from_option(member) for member in declared]
    if isinstance(declared, datetime.date):
        return declared.isoformat()
    return _text(declared) if isinstance(declared, (bool, int, float)) else declared


def from_api(document: Any) -> dict[str, Any]:
    """A document as AWS answers: a mapping, or text that may be URL-encoded. Raises ValueError for anything else."""
    if isinstance(document, str):
        document = json.loads(document if document.lstrip().startswith("{") else unquote(document))
    if not isinstance(document, Mapping):
        raise ValueError("not a JSON object")
    return dict(document)


def to_text(document: Document) -> str:
    """A document as AWS takes documents: JSON text."""
    return json.dumps(document)


def to_short_text(document: Document) -> str:
    """The same text without white space, for calls whose limits count white space."""
    return json.dumps(document, separators=(",", ":"))


def canonical(document: Document) -> Hashable:
    """The meaning of a document as a value: two documents mean the same where these are equal.

    Insignificant are: the order and the repetition of statements and of list members, a list of one in place
    of its member, the case of action names and condition keys, quotes around the booleans and numbers of a
    condition, an account's ID in place of its root ARN, "*" in place of {"AWS": "*"} as principal, an empty
    Condition, and Id and Sid, which no evaluation reads (``fulfils`` looks at them).
    """
    others = {name: value for name, value in document.items() if name not in POLICY_ELEMENTS}
    return _version(document), frozenset(map(_meaning, _statements(document))), _frozen(others)


def fulfils(observed: Document, declared: Document) -> bool:
    """Whether ``observed`` needs no change to be what was declared.

    Both have to mean the same, and ``observed`` has to have the declared Id and each declared Sid. As everywhere, what
    the declaration leaves out stays as it is: Sids that the console invents are no difference.
    """
    return canonical(observed) == canonical(declared) and _labels(declared) <= _labels(observed)


def differences(before: Document | None, after: Document) -> tuple[str, ...]:
    """The changes from ``before`` (``None``: no document) to ``after``, in words, by statements."""
    gone, new = _unmatched(before or {}, after), _unmatched(after, before or {})
    pairs = _pairs(gone, new)
    paired = [statement for pair in pairs for statement in pair]
    changes = [f"adds the {_words(statement)}" for statement in new if not _among(statement, paired)]
    changes += [f"removes the {_words(statement)}" for statement in gone if not _among(statement, paired)]
    changes += [f"changes the {_name(old)} ({'; '.join(_changes(old, fresh))})" for old, fresh in pairs]
    if before is not None:
        changes += _relabelled(before, after)
        if _version(before) != _version(after):
            changes.append(f"changes Version from {_version(before)} to {_version(after)}")
    return tuple(changes)


def check_identity_policy(document: Any, managed: bool = False) -> None:
    """Refuse a document that IAM would refuse, or never meant, as an inline or managed policy of a role.

    Policy variables, wildcards and condition keys are IAM's to judge.
    """
    option = "policy_document"
    _check_document(document, option, of_resource=False)
    size = len("".join(to_text(document).split()))
    if managed and size > MANAGED_SIZE:
        raise _malformed(
            f"{option}: it has {size} characters without white space, and a managed policy can have {MANAGED_SIZE}",
            "shorten it with wildcards, or make two policies of it",
        )
    if size > INLINE_SIZE_OF_A_ROLE:
        raise _malformed(
            f"{option}: it has {size} characters without white space, and all inline policies of a role together can "
            f"have {INLINE_SIZE_OF_A_ROLE}",
            "shorten it with wildcards, or move a part of it to a managed policy",
        )


def check_resource_policy(document: Any, option: str) -> None:
    """Refuse a document that AWS would refuse as the policy of a resource, declared as ``option``.

    Such a policy has principals, which the policy of a role has not. The rules of a single service are left to it.
    """
    _check_document(from_option(document), option, of_resource=True)


def check_session_policy(document: Any, option: str) -> None:
    """Refuse a document that STS would refuse as the policy of a session, declared as ``option``."""
    _check_document(document, option, of_resource=False)
    size = len(to_short_text(document))
    if size > SESSION_SIZE:
        raise _malformed(
            f"{option}: it has {size} characters, and the policy of a session can have {SESSION_SIZE}",
            "shorten it with wildcards",
        )


def _check_document(document: Any, option: str, of_resource: bool) -> None:
    if not isinstance(document, Mapping):
        raise _malformed(f"{option}: it has no value", "give the policy, as a mapping with Version and Statement")
    _refuse_unknown(document, POLICY_ELEMENTS, f"{option}: the document")
    if document.get("Version", DEFAULT_VERSION) not in VERSIONS:
        raise _malformed(f"{option}: Version is {_quoted(document['Version'])}", f"give {VERSIONS[0]}")
    statements = document.get("Statement")
    if not isinstance(statements, (Mapping, list)) or not statements:
        raise _malformed(f"{option}: it has no Statement", "give one statement or a list of them")
    sids: dict[str, str] = {}
    for number, statement in enumerate(_listed(statements), 1):
        place = f"statement {number}"
        _check_statement(statement, f"{option}: {place}", of_resource)
        sid = statement.get("Sid")
        if sid and sids.setdefault(sid, place) != place:
            raise _malformed(f"{option}: {sids[sid]} and {place} both have the Sid {sid}", "give each its own")


def _check_statement(statement: Any, place: str, of_resource: bool) -> None:
    if not isinstance(statement, Mapping):
        needed = "Effect, Principal, Action and Resource" if of_resource else "Effect, Action and Resource"
        raise _malformed(f"{place} is {_quoted(statement)}", f"give a mapping with {needed}")
    if of_resource:
        _refuse_unknown(statement, (*STATEMENT_ELEMENTS, *PRINCIPAL_ELEMENTS), place)
        _check_principal(statement, place)
    else:
        for name in PRINCIPAL_ELEMENTS:
            if name in statement:
                raise _malformed(f"{place} has a {name}", "leave it out: the principal of a role's policy is the role")
        _refuse_unknown(statement, STATEMENT_ELEMENTS, place)
    sid = statement.get("Sid", "")
    if not isinstance(sid, str) or not (of_resource or SID.fullmatch(sid)):  # some services take any text
        raise _malformed(f"{place} has the Sid {_quoted(sid)}", "give a string of letters A-Z and a-z and digits only")
    effect = statement.get("Effect")
    if (effect.capitalize() if of_resource and isinstance(effect, str) else effect) not in ("Allow", "Deny"):
        wrong = f"the Effect {_quoted(statement['Effect'])}" if "Effect" in statement else "no Effect"
        raise _malformed(f"{place} has {wrong}", "give Allow or Deny")
    _check_either(statement, "Action", ACTION, "such as dynamodb:GetItem", place)
    _check_either(statement, "Resource", RESOURCE, 'such as "*" or an ARN', place)
    _check_condition(statement.get("Condition", {}), place)


def _check_principal(statement: Document, place: str) -> None:
    name = _either(statement, "Principal", place)
    principal = statement[name]
    remedy = "give one such as {AWS: arn:aws:iam::123456789012:role/mana}"
    if principal == "*":
        return
    if not isinstance(principal, Mapping) or not principal:
        raise _malformed(f"{place} has the {name} {_quoted(principal)}", remedy)
    _refuse_unknown(principal, PRINCIPAL_KINDS, f"{place}, in {name},")
    for kind, members in principal.items():
        for member in _listed(members) or [None]:
            if not isinstance(member, str) or not (AWS_PRINCIPAL.fullmatch(member) if kind == "AWS" else member):
                raise _malformed(f"{place} has {_quoted(member)} in {name}", remedy)


def _check_either(statement: Document, name: str, form: re.Pattern[str], example: str, place: str) -> None:
    given = _either(statement, name, place)
    members = _listed(statement[given])
    if not members:
        raise _malformed(f"{place} has no member in {given}", f"give one {example}")
    for member in members:
        if not isinstance(member, str) or not form.fullmatch(member):
            raise _malformed(f"{place} has {_quoted(member)} in {given}", f"give one {example}")


def _either(statement: Document, name: str, place: str) -> str:
    """The element, or its opposite, that a statement has."""
    given = [element for element in (name, f"Not{name}") if element in statement]
    if len(given) != 1:
        both, none = f"{place} has both {name} and Not{name}", f"{place} has neither {name} nor Not{name}"
        raise _malformed(both if given else none, "give one of the two")
    return given[0]


def _check_condition(condition: Any, place: str) -> None:
    remedy = "give a condition such as {StringEquals: {aws:PrincipalOrgID: o-example}}"
    if not isinstance(condition, Mapping):
        raise _malformed(f"{place} has the Condition {_quoted(condition)}", remedy)
    for operator, keys in condition.items():
        plain = OPERATOR_OF_SETS.sub("", operator)
        if plain.lower() not in [known.lower() for known in OPERATORS]:
            hint = _did_you_mean(plain, OPERATORS) or "give one such as StringEquals"
            raise _malformed(f"{place} has the condition operator {_quoted(operator)}, which IAM does not know", hint)
        if not isinstance(keys, Mapping) or not keys:
            raise _malformed(f"{place} has no condition key under {operator}", remedy)
        for key, values in keys.items():
            if any(value is None or isinstance(value, (Mapping, list)) for value in _listed(values)):
                raise _malformed(f"{place} has no plain value for {key} under {operator}", remedy)


def _refuse_unknown(element: Document, known: tuple[str, ...], place: str) -> None:
    for name in element:
        if name not in known:
            remedy = _did_you_mean(name, known) or f"it can have {', '.join(known)}"
            raise _malformed(f"{place} has an element {_quoted(name)}, which IAM does not know", remedy)


def _did_you_mean(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name.lower(), [one.lower() for one in known], 1)
    meant = [one for one in known if one.lower() in near]
    return f"did you mean {meant[0]}?" if meant else ""


def _malformed(wrong: str, remedy: str) -> Impossible:
    return Impossible(f"{wrong}; {remedy}")


def _quoted(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value, default=str)


def _version(document: Document) -> str:
    return _text(document.get("Version") or DEFAULT_VERSION)


def _statements(document: Document) -> list[Any]:
    return _listed(document.get("Statement", []))


def _labels(document: Document) -> frozenset[tuple[str, Hashable]]:
    named = {(_text(each["Sid"]), _meaning(each)) for each in _statements(document) if _sid(each)}
    return frozenset(named | ({("Id", _text(document["Id"]))} if document.get("Id") else set()))


def _sid(statement: Any) -> str:
    return _text(statement.get("Sid") or "") if isinstance(statement, Mapping) else ""


def _meaning(statement: Any) -> frozenset[tuple[str, Hashable]]:
    elements = statement if isinstance(statement, Mapping) else {"": statement}
    insignificant = {"Sid"} if elements.get("Condition") else {"Sid", "Condition"}
    return frozenset((name, _form(name, value)) for name, value in elements.items() if name not in insignificant)


def _form(name: str, value: Any) -> Hashable:
    """The meaning of one element of a statement."""
    if name.endswith(("Action", "Resource")):
        return frozenset(_folded(name, member) for member in _listed(value))
    if name in ("Principal", "NotPrincipal"):
        kinds = value if isinstance(value, Mapping) else {"AWS": value}
        return frozenset((kind, frozenset(map(_principal, _listed(members)))) for kind, members in kinds.items())
    if name == "Effect":  # DynamoDB accepts "allow", and answers "Allow"
        return _text(value).capitalize()
    if name == "Condition" and isinstance(value, Mapping):
        return frozenset((operator, _keys(keys)) for operator, keys in value.items())
    return _frozen(value)


def _folded(name: str, member: Any) -> str:
    return _text(member).lower() if name.endswith("Action") else _text(member)


def _keys(keys: Any) -> Hashable:
    if not isinstance(keys, Mapping):
        return _frozen(keys)
    return frozenset((key.lower(), frozenset(map(_text, _listed(values)))) for key, values in keys.items())


def _principal(member: Any) -> str:
    return ROOT_ARN.sub(r"\1", _text(member))


def _frozen(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return frozenset((name, _frozen(member)) for name, member in value.items())
    return tuple(map(_frozen, value)) if isinstance(value, list) else _text(value)


def _text(value: Any) -> str:
    """A scalar as the string that equals it: true is "true", 1 is "1"."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _among(statement: Any, others: list[Any]) -> bool:
    return any(statement is other for other in others)


def _unmatched(document: Document, other: Document) -> list[Any]:
    """The statements of ``document`` whose meaning no statement of ``other`` has, each once."""
    known = set(map(_meaning, _statements(other)))
    return list({_meaning(each): each for each in _statements(document) if _meaning(each) not in known}.values())


def _pairs(gone: list[Any], new: list[Any]) -> list[tuple[Any, Any]]:
    """The pairs of one statement before and after: with the same Sid, else equal in all elements but one."""
    pairs: list[tuple[Any, Any]] = []
    gone, new = ([each for each in statements if isinstance(each, Mapping)] for statements in (gone, new))
    for same in (_same_sid, _nearly_equal):
        for old in gone:
            taken = [statement for pair in pairs for statement in pair]
            heirs = [fresh for fresh in new if same(old, fresh) and not _among(fresh, taken)]
            if heirs and not _among(old, taken):
                pairs.append((old, heirs[0]))
    return pairs


def _same_sid(old: Any, fresh: Any) -> bool:
    return bool(_sid(old)) and _sid(old) == _sid(fresh)


def _nearly_equal(old: Any, fresh: Any) -> bool:
    return len({name for name, _form in _meaning(old) ^ _meaning(fresh)}) == 1


def _changes(old: Any, fresh: Any) -> list[str]:
    """The changes from the statement ``old`` to ``fresh``, in words, an element at a time."""
    changes = []
    for name in sorted({name for name, _form in _meaning(old) ^ _meaning(fresh)}):
        if name in old and name in fresh and name.endswith(("Action", "Resource")):
            added, removed = _missing(name, fresh[name], old[name]), _missing(name, old[name], fresh[name])
            changes += [f"adds to {name} {', '.join(added)}"] if added else []
            changes += [f"removes from {name} {', '.join(removed)}"] if removed else []
        elif name == "Effect":
            changes.append(f"{name} becomes {_text(fresh.get(name))}")
        else:
            changes.append(f"{'adds' if name not in old else 'removes' if name not in fresh else 'changes'} {name}")
    if _sid(fresh) and _sid(fresh) != _sid(old):
        changes.append(f"Sid becomes {_sid(fresh)}")
    return changes


def _missing(name: str, members: Any, others: Any) -> list[str]:
    known = {_folded(name, other) for other in _listed(others)}
    return [_text(member) for member in _listed(members) if _folded(name, member) not in known]


def _relabelled(before: Document, after: Document) -> list[str]:
    shared = set(map(_meaning, _statements(before)))
    fresh = _labels(after) - _labels(before)
    changes = [
        f"gives the statement {_in_short(each)} the Sid {_sid(each)}"
        for each in _statements(after)
        if (_sid(each), _meaning(each)) in fresh and _meaning(each) in shared
    ]
    return changes + [f"sets Id to {form}" for label, form in fresh if label == "Id" and isinstance(form, str)]


def _name(statement: Any) -> str:
    return f"statement {_sid(statement) or _in_short(statement)}"


def _words(statement: Any) -> str:
    return f"statement {_sid(statement)}: {_in_short(statement)}" if _sid(statement) else _name(statement)


def _in_short(statement: Any) -> str:
    if not isinstance(statement, Mapping):
        return _quoted(statement)
    words = [_text(statement.get("Effect", ""))]
    for name, before in (("Action", ""), ("Principal", "to "), ("Resource", "on ")):
        for element, but in ((name, ""), (f"Not{name}", "all but ")):
            if element in statement:
                words.append(before + but + ", ".join(_flat(statement[element])))
    return " ".join(words) + (" under a condition" if statement.get("Condition") else "")


def _flat(value: Any) -> list[str]:
    values = value.values() if isinstance(value, Mapping) else [value]
    return [_text(member) for each in values for member in _listed(each)]

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""A plan that is kept: what is to be done to which things, from which values, and whether a later run may still do it.

One format serves plans and audits; ``docs/report.schema.json`` is its JSON schema. Knows neither Ansible nor AWS, nor
the time of day.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from . import foretelling
from .foretelling import Foretold, Found, Seconds
from .plan import Impossible, Plan, Step

FORMAT = "mana.memory report"
VERSION = 1
PLAN = "plan"
ANEW = "make a plan anew, and have it approved"
# How far the clock of the machine that made a plan may be ahead of that of the machine that applies the plan.
CLOCKS_DIFFER = datetime.timedelta(hours=1)
MADE_WITHIN = datetime.timedelta(minutes=1)

# Where the arguments of a call hold what is nobody's to read: the members of these get digests.
SECRET_ARGUMENTS = {
    "UpdateFunctionConfiguration": (("Environment", "Variables"),),
    "PutItem": (("Item",),),
    "UpdateItem": (("Key",), ("ExpressionAttributeValues",)),
    "DeleteItem": (("Key",),),
}
# What a new thing has of a part that nobody declared: nothing, or the part switched off.
BARE = (None, False, "", "STANDARD", "DISABLED")
# The lists of which each member is a part, by the name that the part has and by what tells the member.
LISTED = {
    "indexes": ("index", "name"),
    "vector_indexes": ("vector index", "name"),
    "replicas": ("replica", "region_name"),
    "other_policies": ("policy", "name"),
}
ITEM_CALLS = ("PutItem", "UpdateItem", "DeleteItem")
# What Ansible adds to a result, where a loop also adds its variables; the first two tell what these are called.
OF_ANSIBLE = ("ansible_loop_var", "ansible_index_var", "ansible_loop", "attempts", "failed_when_result")
# Where a result tells what its thing is called.
NAMES = ("name", "function_name", "role_name", "table_name")
STEPS_TOLD = 12
# What dynamodb_tables tells of a table without details, and what it does not.
BRIEF = {"name", "region", "changed"}
DETAILS = {"plan", "msg", "declared", "not_started", "skipped"}
# What is read of a result, where it is there, and its type.
OF_RESULTS: Mapping[str, tuple[type, str]] = MappingProxyType(
    {
        **dict.fromkeys(("plan", "declared", "reads"), (list, "a list")),
        **dict.fromkeys(("diff", "declared_at", "not_read", "compared", "table", "digests"), (Mapping, "a mapping")),
        **dict.fromkeys(("region", "account_id"), (str, "text")),
    }
)
AS_TOLD = "give what a task in check mode returned"
# What reading a value of another shape raises.
MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError)
# What the parts of plans do not have.
OF_AUDITS = ("verdict", "reason", "declared_at")
# What grows by itself (rule warm-throughput-only-grows): nothing that is deleted is bound to it.
GROWS = "warm_throughput"


class Part(NamedTuple):
    """A part of a thing: its value now, and the one that is wanted. ``None`` where there is none.

    A plan has the parts that are to change. An audit has all of them, each with its verdict and the reason for it.
    """

    name: str
    observed: Any
    declared: Any
    verdict: str = ""
    reason: str = ""
    declared_at: str = ""


class Thing(NamedTuple):
    """A table, a policy or an environment: where it is, what is to be done to it, and what that changes."""

    name: str
    region: str
    account_id: str
    steps: Plan
    parts: tuple[Part, ...]
    found: Found = Found()  # without the parts; of a plan that was read from a file, this is not known
    reads: tuple[str, ...] = ()  # the permissions of what a run reads; of a plan from a file, this is not known
    called: str = ""  # its name in AWS, where that is known

    @property
    def foretold(self) -> tuple[Foretold, ...]:
        """What each step will come to."""
        observed = {part.name: part.observed for part in self.parts if part.observed is not None}
        return tuple(foretelling.foretell_all(self.steps, self.found._replace(parts=observed)))


class Report(NamedTuple):
    """Things with their plans, made at one moment. Secrets in them are digests, made with the salt."""

    kind: str
    made_at: datetime.datetime
    salt: str
    things: tuple[Thing, ...]

    @property
    def steps(self) -> Plan:
        """The steps of all things, in order."""
        return tuple(step for thing in self.things for step in thing.steps)

    @property
    def foretold(self) -> tuple[Foretold, ...]:
        """What each of these steps will come to."""
        return tuple(each for thing in self.things for each in thing.foretold)

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions of all steps, and those of what a run of them reads."""
        changing = [thing for thing in self.things if thing.steps]
        named = {each for foretold in self.foretold for each in foretold.permissions}
        return tuple(sorted(named.union(*(thing.reads for thing in changing))))

    @property
    def counts(self) -> dict[str, int]:
        """How many steps create, change and delete something, cannot be taken back, and lose something."""
        effects = [effect for each in self.foretold for effect in each.effects]
        return {effect: effects.count(effect) for effect in foretelling.EFFECTS}

    @property
    def seconds(self) -> Seconds:
        """How long all things take, one after the other."""
        times = [foretelling.together(thing.foretold) for thing in self.things]
        return Seconds(sum(each.shortest for each in times), sum(each.longest for each in times))


def from_results(results: Mapping[str, Any], salt: str) -> tuple[Thing, ...]:
    """The things that these tasks told of in check mode, each by its name; a task that was skipped tells of none.

    Refuses what is no result of a task.
    """
    each_one = one_by_one(results, by_account=False)
    told_of = {name: result for name, result in each_one.items() if not result.get("skipped")}
    return tuple(from_result(name, partial(_thing, name, result, salt)) for name, result in told_of.items())


def one_by_one(results: Mapping[str, Any], by_account: bool) -> dict[str, Mapping[str, Any]]:
    """The results of tasks, each under the name of its thing. Refuses what is no result.

    Of a list each result is a thing, named by the name of the list, its own name, its region and, where things are told
    ``by_account``, its account. A plan does not: the account of a table is not known before the table is there. Equal
    names are numbered, so that none is lost. The result of dynamodb_tables, or of a loop, is the list that it has.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for name, result in ((name, members(result)) for name, result in results.items()):
        for number, given in enumerate(result if isinstance(result, list) else [result]):
            place, each = f"{name}[{number}]" if isinstance(result, list) else name, _own(given)
            check_result(place, each)
            if each.keys() >= BRIEF and not each.keys() & DETAILS:
                raise Impossible(f"results: {place} was returned without details; give dynamodb_tables details: true")
            title = _title(name, each, _turn(given), by_account) if isinstance(result, list) else name
            found[next(free for free in _numbered(title) if free not in found)] = each
    return found


def members(result: Any) -> Any:
    """The list of results that a result has; another result is what it is."""
    if not isinstance(result, Mapping) or "plan" in result or result.get("skipped"):
        return result
    listed = result.get("tables" if "plans" in result else "results")
    return listed if isinstance(listed, list) else result


def _numbered(title: str) -> Iterator[str]:
    yield title
    yield from (f"{title} ({number})" for number in itertools.count(2))


def _own(result: Any) -> Any:
    """A result without what Ansible adds to it. A loop's variables may be called as parts are, and hold secrets."""
    if not isinstance(result, Mapping):
        return result
    added = [*OF_ANSIBLE, *(result.get(name) for name in OF_ANSIBLE[:2])]
    return {name: value for name, value in result.items() if name not in added}


def _turn(result: Any) -> str:
    """The value of a loop's variable for a result, if it is text; empty without a loop."""
    variable = result.get("ansible_loop_var") if isinstance(result, Mapping) else None
    value = result.get(variable) if isinstance(variable, str) else None
    return value if isinstance(value, str) else ""


def _title(name: str, result: Mapping[str, Any], turn: str, by_account: bool) -> str:
    account = result.get("account_id") if by_account else ""
    where = [f"in {result['region']}" if result.get("region") else "", f"of account {account}" if account else ""]
    return " ".join(filter(None, [name, called(result) or turn, *where]))


def check_result(name: str, result: Any) -> None:
    """Refuse what is no result of a task, in a sentence that names the thing."""
    if not isinstance(result, Mapping):
        raise Impossible(f"results: {name} is no result of a task; give what a task registered")
    for member, (kind, word) in OF_RESULTS.items():
        if not isinstance(result.get(member), (kind, type(None))):
            raise Impossible(f"results: the {member} of {name} is not {word}; {AS_TOLD}")
    texts = [*(result.get("declared") or ()), *(result.get("declared_at") or {}).values()]
    texts += [*(result.get("not_read") or {}).values(), *(result.get("digests") or {}).values()]
    for each in result.get("reads") or ():
        texts += [each.get("action"), each.get("resource")] if isinstance(each, Mapping) else [None]
    if not all(isinstance(each, str) for each in texts):
        raise Impossible(f"results: {name} has something else where names and sentences belong; {AS_TOLD}")
    if result.get("not_read"):
        check_result(name, result.get("compared"))


def from_result(name: str, make: Callable[[], Thing]) -> Thing:
    """The thing that a result tells of. Refuses a result of another shape than those that tasks return."""
    try:
        thing = make()
        for step, _foretold in zip(thing.steps, thing.foretold):
            foretelling.parts_of(step, thing.region)
        return thing
    except MISSHAPEN as error:
        raise Impossible(f"results: {name} cannot be read, since it has another shape; {AS_TOLD}") from error


def in_account(things: Iterable[Thing], account_id: str) -> tuple[Thing, ...]:
    """The same things, in this account where their tasks did not tell theirs."""
    return tuple(thing if thing.account_id else thing._replace(account_id=account_id) for thing in things)


def to_json(report: Report) -> dict[str, Any]:
    """A report as a value that JSON, a variable and a file can hold."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "kind": report.kind,
        "made_at": report.made_at.isoformat(timespec="seconds"),
        "salt": report.salt,
        "summary": {"steps": len(report.steps), **report.counts, "seconds": list(report.seconds)},
        "things": [
            {
                "name": thing.name,
                "region": thing.region,
                "account_id": thing.account_id or None,
                "steps": [_shown(step, foretold) for step, foretold in zip(thing.steps, thing.foretold)],
                "parts": [
                    {name: value for name, value in part._asdict().items() if name not in OF_AUDITS or part.verdict}
                    for part in thing.parts
                ],
            }
            for thing in report.things
        ],
    }


def from_json(value: Any, option: str, kind: str = PLAN) -> Report:
    """The plan, or the audit, that a value holds. Refuses what is none, in a sentence that names the option."""
    made_by = "a run in check mode" if kind == PLAN else "an audit"
    if not isinstance(value, Mapping) or value.get("format") != FORMAT:
        raise Impossible(f"{option}: this is no {kind} of mana.memory; give one that {made_by} made")
    if value.get("version") != VERSION:
        raise Impossible(
            f"{option}: the {kind} has version {value.get('version')} of the format, and this release takes version "
            f"{VERSION}; {ANEW if kind == PLAN else 'audit anew'}"
        )
    if value.get("kind") != kind:
        raise Impossible(f"{option}: this is the report of kind {value.get('kind')}; give a report of kind {kind}")
    try:
        made_at = datetime.datetime.fromisoformat(value["made_at"])
        bytes.fromhex(value["salt"])
        if made_at.tzinfo is None:
            raise ValueError("made_at has no time zone")
        things = tuple(_read_thing(thing) for thing in _list(value["things"]))
        return Report(kind, made_at, value["salt"], things)
    except MISSHAPEN as error:
        raise Impossible(
            f"{option}: the {kind} is damaged, so that it cannot be read; {ANEW if kind == PLAN else 'audit anew'}"
        ) from error


def bind(approved: Report, planned: Sequence[Thing], now: datetime.datetime, max_age: int, option: str) -> Plan:
    """The steps that are left of an approved plan. Refuses steps and values that nobody approved.

    The steps of a thing have to be the last ones of those that were approved for the thing: the others are done. What
    they change has to have the value that the plan was made from, or that its own earlier steps made.
    ``planned`` has digests made with the salt of the plan. ``max_age`` is in hours.
    """
    by_name = {thing.name: thing for thing in approved.things}
    for thing in planned:
        for sentence in _differences(by_name.get(thing.name), thing):
            raise Impossible(f"{option}: {sentence}; {ANEW}")
    declared = {thing.name for thing in planned}
    for thing in approved.things:
        if thing.steps and thing.name not in declared:
            raise Impossible(f"{option}: {thing.name} is in the plan, and this run does not declare it; {ANEW}")
    left = tuple(step for thing in planned for step in thing.steps)
    age = now - approved.made_at
    if left and age < -CLOCKS_DIFFER:
        raise Impossible(
            f"{option}: the plan was made in the future, at {_at(approved)}; set the clock right, or {ANEW}"
        )
    if left and age > datetime.timedelta(hours=max_age):
        raise Impossible(
            f"{option}: the plan was made {_hours(age)} ago, at {_at(approved)}, and counts for {max_age}; {ANEW}"
        )
    return left


def refuse_forbidden(things: Iterable[Thing], forbidden: Iterable[str], option: str) -> None:
    """Refuse steps that have an effect which is forbidden, in one sentence that names the first of them."""
    banned = set(forbidden)
    sentences = [
        f"to {step.sentence} ({', '.join(effect for effect in foretold.effects if effect in banned)})"
        for thing in things
        for step, foretold in zip(thing.steps, thing.foretold)
        if banned & set(foretold.effects)
    ]
    rest = len(sentences) - STEPS_TOLD
    if sentences:
        told = [*sentences[:STEPS_TOLD], *([f"{rest} more"] if rest > 0 else [])]
        raise Impossible(f"{option}: forbidden is {'; '.join(told)}; declare it otherwise, or forbid less")


def _differences(approved: Thing | None, planned: Thing) -> Iterator[str]:
    """Why the steps of a thing are not those that were approved, each as a sentence."""
    name = planned.name
    if approved is None:
        if planned.steps:
            yield f"{name} is not in the plan, and it would take to {planned.steps[0].sentence}"
        return
    if planned.region != approved.region:
        yield f"{name} is in {planned.region} now, and the plan is for {approved.region}"
    if not approved.account_id:
        yield f"the plan does not tell the account of {name}"
    elif planned.account_id != approved.account_id:
        yield f"{name} is in account {planned.account_id or 'unknown'} now, and the plan is for {approved.account_id}"
    done = len(approved.steps) - len(planned.steps)
    before = {part.name: part for part in approved.parts}
    yield from _undone(approved, planned, before)
    yield from _other_steps(name, approved.steps, planned.steps)
    for part in planned.parts:
        yield from _moved(name, before.get(part.name), part, done > 0)


def _undone(approved: Thing, planned: Thing, before: Mapping[str, Part]) -> Iterator[str]:
    """The values of a thing made by the plan that somebody changed since, where that takes a step of its own."""
    known = [step.identity for step in approved.steps]
    strange = [step for step in planned.steps if step.identity not in known]
    taken = {part for step in strange for part in foretelling.parts_of(step, planned.region)}
    if any(part.observed is not None for part in approved.parts):
        return
    for part in planned.parts:
        if part.name in taken & before.keys() and part.observed is not None:
            for field, observed, declared in _changes(part):
                if declared is not None and declared == _member(before[part.name].declared, field):
                    path = f"{part.name} {field}".rstrip()
                    was = told(declared)
                    yield f"{planned.name}: {path} is {told(observed)} now, and was {was} after the plan was done"


def _other_steps(name: str, approved: Plan, planned: Plan) -> Iterator[str]:
    """Why these steps are not the last ones of those that were approved: the first step that differs."""
    known = [step.identity for step in approved]
    for step in planned:
        if step.identity not in known:
            for path, new, old in _other_arguments(step, approved):
                yield f"{name}: to {step.sentence}, {path} is {told(new)} now, and {told(old)} was approved"
            yield f"{name}: to {step.sentence} is planned now, and nobody approved that"
    last = approved[len(approved) - len(planned) :] if len(planned) <= len(approved) else approved
    for step, other in zip(planned, last):
        if step.identity != other.identity:
            yield f"{name}: to {step.sentence} is planned now, where to {other.sentence} was approved"


def _other_arguments(step: Step, approved: Plan) -> Iterator[tuple[str, Any, Any]]:
    """Where a step differs from one that was approved and sets the same: the places, each with both values."""
    for other in approved:
        alike = (step.service, step.call, step.region) == (other.service, other.call, other.region)
        if alike and (step.arguments.keys() == other.arguments.keys() or step.call.startswith("Create")):
            yield from _unequal(step.identity[3], other.identity[3], "")


def _moved(name: str, before: Part | None, now: Part, some_are_done: bool) -> Iterator[str]:
    """Where a value that is about to change is not the one that the plan was made from."""
    if before is None:
        yield f"{name}: {now.name} is to change now, and the plan leaves it alone"
        return
    for field, observed, declared in _changes(now):
        member = _member(before.observed, field)
        path = f"{now.name} {field}".rstrip()
        stays = observed == member if declared is not None else _without_growth(observed) == _without_growth(member)
        if not stays and not (some_are_done and is_bare(observed)):
            yield (
                f"{name}: {path} is {told(observed)} now, and was {told(member)} when the plan was made to set it to "
                f"{told(declared)}"
            )
        if declared != _member(before.declared, field):
            yield (
                f"{name}: {path} is to be {told(declared)}, and {told(_member(before.declared, field))} was approved"
            )


def _changes(part: Part) -> Iterator[tuple[str, Any, Any]]:
    """The members of a part that change, each with its two values; the part itself where it has no members."""
    if isinstance(part.observed, Mapping) and isinstance(part.declared, Mapping):
        for field in sorted({*part.observed, *part.declared}):
            if part.observed.get(field) != part.declared.get(field):
                yield field, part.observed.get(field), part.declared.get(field)
    elif part.name != GROWS or part.declared is not None:
        yield "", part.observed, part.declared


def _without_growth(value: Any) -> Any:
    return {name: member for name, member in value.items() if name != GROWS} if isinstance(value, Mapping) else value


def _member(value: Any, field: str) -> Any:
    if not field:
        return value
    return value.get(field) if isinstance(value, Mapping) else None


def is_bare(value: Any) -> bool:
    """Whether a value is what a new thing has, before a later step sets it."""
    if isinstance(value, Mapping):
        return all(is_bare(member) for member in value.values())
    return value in BARE or value == []


def _unequal(new: Any, old: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """The places at which two arguments differ, each with both values."""
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        for field in sorted({*new, *old}):
            yield from _unequal(new.get(field), old.get(field), f"{path}.{field}".lstrip("."))
    elif isinstance(new, list) and isinstance(old, list) and len(new) == len(old):
        for place, (each, other) in enumerate(zip(new, old)):
            yield from _unequal(each, other, f"{path}[{place}]")
    elif new != old:
        yield path, new, old


def told(value: Any) -> str:
    """A value in a sentence: never a secret, since these are digests here."""
    if value is None:
        return "absent"
    if isinstance(value, Mapping) and set(value) == {"digest"}:
        return "a secret with another digest"
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)


def _at(approved: Report) -> str:
    return approved.made_at.isoformat(timespec="seconds")


def _hours(age: datetime.timedelta) -> str:
    return f"{int(age.total_seconds() // 3600)} hours"


def _thing(name: str, result: Mapping[str, Any], salt: str) -> Thing:
    if "plan" not in result:
        words = result.get("msg")
        why = f"its task failed ({words})" if words else "its task tells none"
        if result.get("not_started"):
            why = "others failed, so that it was not looked at"
        raise Impossible(f"results: {name} has no plan, since {why}; {AS_TOLD}")
    steps = read_steps(name, result, salt)
    before, after = both(result)
    parts = tuple(changed_parts(before, after))
    if {step.call for step in steps} & SECRET_ARGUMENTS.keys():
        parts = tuple(with_digests(part, result, salt) for part in parts)
    place = result.get("region") or "", result.get("account_id") or ""
    reads = tuple(sorted({each["action"] for each in result.get("reads") or () if "action" in each}))
    found = _found(result.get("table") or {}, bool(before))
    return Thing(name, *place, steps, parts, found, reads, called(result))


def both(result: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What a thing is and what it is to be, in option names. An item is one part: the names in it are the user's."""
    diff = result.get("diff") or {}
    before, after = diff.get("before") or {}, diff.get("after") or {}
    if _is_item(result):
        before, after = ({"item": each} if each else each for each in (before, after))
    return before, after


def _is_item(result: Mapping[str, Any]) -> bool:
    steps = result.get("plan") or ()
    return any(isinstance(step, Mapping) and step.get("call") in ITEM_CALLS for step in steps)


def called(result: Mapping[str, Any]) -> str:
    """The name that a thing has in AWS, as its task tells it; empty where it tells none, as of an item."""
    before = None if _is_item(result) else (result.get("diff") or {}).get("before")
    names = (told.get(each) for told in (result, before) if isinstance(told, Mapping) for each in NAMES)
    return next((name for name in names if name and isinstance(name, str)), "")


def read_steps(name: str, result: Mapping[str, Any], salt: str) -> Plan:
    """The steps of a result, with digests in place of secrets. Refuses what is none."""
    try:
        return tuple(hidden(read_step(step), salt) for step in result.get("plan") or ())
    except MISSHAPEN as error:
        raise Impossible(f"results: the plan of {name} is none; {AS_TOLD}") from error


def _found(table: Mapping[str, Any], is_there: bool) -> Found:
    """What DescribeTable tells of a table, if it is there, that decides about its steps."""
    holders = {
        "": table,
        **{f"index {each.get('index_name')}": each for each in table.get("global_secondary_indexes") or []},
    }
    units = {name: (each.get("provisioned_throughput") or {}) for name, each in holders.items()}
    decreases = "number_of_decreases_today"
    return Found(
        is_there=is_there,
        decreases={name: each[decreases] for name, each in units.items() if decreases in each},
        replicas=frozenset(each.get("region_name", "") for each in table.get("replicas") or []),
        items=table.get("item_count"),
        had_both_modes=_had_both_modes(table),
        had_both_classes=bool((table.get("table_class_summary") or {}).get("last_update_date_time")) if table else None,
        raised=frozenset(name for name, each in holders.items() if _is_raised(each.get("warm_throughput") or {})),
    )


def _had_both_modes(table: Mapping[str, Any]) -> bool | None:
    """Whether a table was billed in both modes already, where DescribeTable tells.

    Of a table that was made on demand the last switch to on demand is when it was made (rules
    billing-absent-is-provisioned, a-mode-comes-back-soon).
    """
    if not table:
        return None
    summary = table.get("billing_mode_summary") or {}
    if summary.get("billing_mode") != "PAY_PER_REQUEST":
        return bool(summary)
    try:
        made, switched = (
            datetime.datetime.fromisoformat(value)
            for value in (table["creation_date_time"], summary["last_update_to_pay_per_request_date_time"])
        )
    except (KeyError, TypeError, ValueError):
        return None
    return switched - made > MADE_WITHIN


def _is_raised(warmth: Mapping[str, Any]) -> bool:
    """Whether warm throughput is more than a table on demand has (rule warm-throughput-has-a-floor)."""
    reads, writes = warmth.get("read_units_per_second") or 0, warmth.get("write_units_per_second") or 0
    return bool(reads > 12000 or writes > 4000)


def changed_parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Part]:
    """The parts that differ. Of a list of things with names, each is a part."""
    old, new = dict(named(before)), dict(named(after))
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield Part(name, old.get(name), new.get(name))


def named(described: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The parts of a thing, as it is described in option names."""
    for name, value in described.items():
        if name in LISTED and isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
            singular, key = LISTED[name]
            yield from ((f"{singular} {each.get(key)}", each) for each in value)
        else:
            yield name, value


def hidden(step: Step, salt: str) -> Step:
    """A step with digests in place of secrets."""
    arguments = step.arguments
    for path in SECRET_ARGUMENTS.get(step.call, ()):
        arguments = _hidden_at(arguments, path, salt)
    return Step(step.service, step.call, arguments, step.sentence, region=step.region)


def _hidden_at(arguments: Mapping[str, Any], path: Sequence[str], salt: str) -> Mapping[str, Any]:
    if not path:
        return {name: digests(value, salt) for name, value in arguments.items()}
    inner = arguments.get(path[0])
    return {**arguments, path[0]: _hidden_at(inner, path[1:], salt)} if isinstance(inner, Mapping) else arguments


def with_digests(part: Part, result: Mapping[str, Any], salt: str) -> Part:
    """A part with digests in place of its values; of values that its task does not tell, those that the task made."""
    observed, made = digests(part.observed, salt), result.get("digests") or {}
    if part.name == "variables" and isinstance(observed, Mapping):
        observed = {name: {"digest": made[name]} if name in made else value for name, value in observed.items()}
    return part._replace(observed=observed, declared=digests(part.declared, salt))


def digests(value: Any, salt: str) -> Any:
    """A digest for each text or number in a value; the names in it stay."""
    if isinstance(value, Mapping):
        return {name: digests(member, salt) for name, member in value.items()}
    return None if value is None else {"digest": digest(value, salt)}


def digest(value: Any, salt: str) -> str:
    """A digest of a value, by which nobody can tell the value."""
    return _digest(json.dumps(value, sort_keys=True), salt)


def salt_of(*place: str) -> str:
    """The salt of what is at a place: always the same there, and another one elsewhere."""
    return hashlib.sha256("\n".join(("mana.memory", *place)).encode()).hexdigest()[:32]


@functools.lru_cache(maxsize=1024)
def _digest(text: str, salt: str) -> str:
    """A digest that is slow on purpose, so that few values can be tried; each plan and each place has its own salt."""
    return hashlib.scrypt(text.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=16).hex()


def _shown(step: Step, foretold: Foretold) -> dict[str, Any]:
    return {
        "service": step.service,
        "call": step.call,
        "region": step.region,
        "arguments": step.arguments,
        "sentence": step.sentence,
        "foretold": {
            **foretold._asdict(),
            "effects": list(foretold.effects),
            "permissions": list(foretold.permissions),
            "seconds": list(foretold.seconds),
        },
    }


def read_step(step: Mapping[str, Any]) -> Step:
    """A step of a result, or of a report. Raises one of MISSHAPEN for what is none."""
    arguments = step["arguments"]
    if not isinstance(arguments, Mapping):
        raise TypeError("arguments")
    _text(arguments.get("ResourceArn", ""))
    region = step["region"]
    service, call, sentence = (_text(step[name]) for name in ("service", "call", "sentence"))
    return Step(service, call, arguments, sentence, region=region if region is None else _text(region))


def _read_thing(thing: Mapping[str, Any]) -> Thing:
    return Thing(
        _text(thing["name"]),
        _text(thing["region"]),
        _text(thing["account_id"] or ""),
        tuple(read_step(step) for step in _list(thing["steps"])),
        tuple(_read_part(part) for part in _list(thing["parts"])),
    )


def _read_part(part: Mapping[str, Any]) -> Part:
    of_audits = (_text(part.get(name, "")) for name in OF_AUDITS)
    return Part(_text(part["name"]), part["observed"], part["declared"], *of_audits)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value

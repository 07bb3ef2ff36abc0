# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What an audit finds: a verdict for each part of each thing. Knows neither Ansible nor AWS, nor the time of day."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from . import foretelling
from . import report as reports
from .dynamodb.finding import ASKED
from .plan import Impossible, Step
from .report import Part, Thing

AUDIT = "audit"
IN_SYNC, DRIFTED, PENDING, EXCEPTED = "in_sync", "drifted", "pending", "excepted"
NOT_READ, NOT_COMPARED = "not_read", "not_compared"
VERDICTS = (IN_SYNC, DRIFTED, PENDING, EXCEPTED, NOT_READ, NOT_COMPARED)
EXISTENCE = "existence"
KEYS = ("thing", "part", "reason", "until", "observed")
LONGEST = 180  # days that an exception can be for

# What says which thing is meant, or how a task goes about it, and is no part of the thing.
NO_PARTS = (
    *("name", "table_name", "function_name", "role_name", "policy_name", "lambda_function_name", "policy_arn", "path"),
    *("type", "state", "key", "wait", "wait_timeout", "wait_for_active_timeout", "index_wait_timeout", "purge_indexes"),
    *("purge_tags", "purge_replicas", "recreate_indexes", "ignore_capacity", "final_backup_name", "resource_tags"),
    *("restore_from_backup", "restore_from_table", "import_from_s3", "indexes", "replicas", "region", "profile"),
    *("vector_indexes", "purge_vector_indexes"),
    *("approved_steps", "overwrite"),
)
# How the options of the connection begin.
OF_CONNECTION = ("aws_", "endpoint_", "access_", "secret_", "session_", "validate_", "debug_")
# What a result has besides the parts of its thing.
NO_VALUES = (
    *("changed", "plan", "region", "account_id", "endpoint_url", "check_mode", "diff", "failed", "invocation", "table"),
    *(
        "warnings",
        "deprecations",
        "table_status",
        "declared",
        "declared_at",
        "not_read",
        "compared",
        "reads",
        "msg",
        "refused",
        "skipped",
        "under_way",
        "pending",
        "unreachable",
    ),
)
SECRET_PARTS = ("variables", "item")
# What dynamodb_tables tells of a table without details, and what it does not.
BRIEF = {"name", "region", "changed"}
TOLD = {"plan", "msg", "not_started", "skipped"}


class Exempt(NamedTuple):
    """A difference that is let be, until a day and for one observed value."""

    thing: str
    part: str
    reason: str
    until: datetime.date
    observed: Any


class Found(NamedTuple):
    """What became of an exception.

    ``used``, ``unused``, ``expired``, ``moved`` where the value is another, ``no_thing`` where the audit has no such
    thing, or ``no_part`` where the thing has no such part. ``names`` are those that there are.
    """

    exempt: Exempt
    state: str
    days_left: int
    observed: Any = None
    names: tuple[str, ...] = ()


class Audit(NamedTuple):
    """The things with verdicts, and what became of the exceptions."""

    things: tuple[Thing, ...]
    exceptions: tuple[Found, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many parts have which verdict."""
        verdicts = [part.verdict for thing in self.things for part in thing.parts]
        return {verdict: verdicts.count(verdict) for verdict in VERDICTS}

    @property
    def needed(self) -> dict[str, list[str]]:
        """The steps of each thing that a difference takes, as sentences; what is excepted takes none."""
        return {thing.name: [step.sentence for step in _needed(thing)] for thing in self.things}

    @property
    def status(self) -> int:
        """The exit status: 4 where something was not read, else 2 where something differs, else 0."""
        counts = self.counts
        return 4 if counts[NOT_READ] else 2 if counts[DRIFTED] or counts[PENDING] else 0


def audit(
    results: Mapping[str, Mapping[str, Any]],
    baseline: reports.Report | None,
    exempt: Sequence[Exempt],
    today: datetime.date,
    salt: str,
) -> Audit:
    """The verdicts over what tasks returned in check mode, each under the name of its thing."""
    before = {thing.name: {part.name: part for part in thing.parts} for thing in baseline.things} if baseline else None
    things = [_thing(name, result, salt) for name, result in results.items()]
    if before is not None:
        things = [_since(thing, before.get(thing.name, {})) for thing in things]
    found = tuple(_found(each, things, today) for each in exempt)
    allowed = {(each.exempt.thing, each.exempt.part): each.exempt for each in found if each.state == "used"}
    return Audit(tuple(_excepted(thing, allowed) for thing in things), found)


def one_by_one(results: Mapping[str, Any], account_id: str = "") -> dict[str, Mapping[str, Any]]:
    """The results of tasks, each under the name of its thing. Refuses what is no result.

    Of a list each result is a thing, named by the name of the list, its own name, its region and its account, which is
    ``account_id`` where the result tells none. Where the account of several is not known, they are numbered, so that
    none is lost. The result of dynamodb_tables, and that of a loop, is the list that it has.
    """
    found: dict[str, Mapping[str, Any]] = {}
    if not results:
        raise Impossible("results: there is nothing to audit; give what tasks in check mode returned")
    for name, result in ((name, _members(result)) for name, result in results.items()):
        for number, each in enumerate(result if isinstance(result, list) else [result]):
            place = f"{name}[{number}]" if isinstance(result, list) else name
            if not isinstance(each, Mapping):
                raise Impossible(f"results: {place} is no result of a task; give what a task registered")
            if each.keys() >= BRIEF and not each.keys() & TOLD:
                raise Impossible(f"results: {place} was returned without details; give dynamodb_tables details: true")
            title = _title(name, each, account_id) if isinstance(result, list) else name
            found[next(free for free in _numbered(title) if free not in found)] = each
    empty = [name for name, result in results.items() if _members(result) == []]
    if empty:
        raise Impossible(f"results: {empty[0]} is an empty list; give what tasks in check mode returned")
    return found


def _members(result: Any) -> Any:
    """The list of results that a result has; another result is what it is."""
    if not isinstance(result, Mapping) or "plan" in result or result.get("skipped"):
        return result
    listed = result.get("tables" if "plans" in result else "results")
    return listed if isinstance(listed, list) else result


def _numbered(title: str) -> Iterator[str]:
    yield title
    yield from (f"{title} ({number})" for number in itertools.count(2))


def _title(name: str, result: Mapping[str, Any], account_id: str) -> str:
    account = result.get("account_id") or account_id
    where = [f"in {result['region']}" if result.get("region") else "", f"of account {account}" if account else ""]
    item = result.get("item")  # of a loop
    called = reports.called(result) or (item if isinstance(item, str) else "")
    return " ".join(filter(None, [name, called, *where]))


def exceptions(declared: Iterable[Any], today: datetime.date, option: str) -> list[Exempt]:
    """The exceptions as declared. Refuses what is none, in a sentence that names its place."""
    found: list[Exempt] = []
    for place, each in enumerate(declared):
        where = f"{option}[{place}]"
        if not isinstance(each, Mapping):
            raise Impossible(
                f"{where}: it is no mapping; write {{thing: …, part: …, reason: …, until: …, observed: …}}"
            )
        unknown, missing = [name for name in each if name not in KEYS], [name for name in KEYS if name not in each]
        if unknown:
            raise Impossible(f"{where}: {unknown[0]} is no key of an exception; give {', '.join(KEYS)}")
        if missing:
            raise Impossible(f"{where}: {missing[0]} is missing; give {', '.join(KEYS)}")
        for key in ("thing", "part"):
            if not isinstance(each[key], str):
                raise Impossible(f"{where}.{key}: it is no text; write the name that the report gives the {key}")
        if not str(each["reason"] or "").strip():
            raise Impossible(f"{where}.reason: it is empty; say why the difference is let be")
        if each["part"] == EXISTENCE:
            raise Impossible(f"{where}.part: what is gone, or too much, is never excepted; declare it as it is")
        found.append(
            Exempt(each["thing"], each["part"], each["reason"], _day(each["until"], today, where), each["observed"])
        )
    names = [(each.thing, each.part) for each in found]
    for name in names:
        if names.count(name) > 1:
            raise Impossible(f"{option}: {name[1]} of {name[0]} is excepted twice; leave one of them out")
    return found


def to_json(report: reports.Report, found: Audit) -> dict[str, Any]:
    """The report of an audit: that of a plan, with verdicts, their counts, the status and the exceptions."""
    return {
        **reports.to_json(report),
        "verdicts": found.counts,
        "status": found.status,
        "exceptions": [
            {
                **each.exempt._asdict(),
                "until": each.exempt.until.isoformat(),
                "state": each.state,
                "days_left": each.days_left,
            }
            for each in found.exceptions
        ],
    }


def _day(value: Any, today: datetime.date, where: str) -> datetime.date:
    try:
        until = datetime.date.fromisoformat(str(value))
    except ValueError:
        raise Impossible(f"{where}.until: '{value}' is no day; write one such as 2026-12-31, in quotes") from None
    if (until - today).days > LONGEST:
        raise Impossible(f"{where}.until: {until} is more than {LONGEST} days ahead; give an earlier day")
    return until


def _thing(name: str, result: Mapping[str, Any], salt: str) -> Thing:
    """One thing, each of its parts with a verdict."""
    unread = result.get("not_read") or {}
    places = result.get("declared_at") or {}
    declared = result.get("declared") or ()
    if unread:
        result = result["compared"]
    wanted = [part for part in declared if _is_part(part) and part not in unread]
    if result.get("skipped"):
        parts = [Part("all of it", None, None, NOT_COMPARED, "nobody declares it")]
    elif "plan" not in result:
        parts = list(_unknown(wanted, result))
    else:
        parts = list(_compared(wanted, result))
    parts = [part for part in parts if part.name not in unread]
    parts += [Part(part, None, None, NOT_READ, words) for part, words in unread.items()]
    parts = [_masked(part, salt)._replace(declared_at=places.get(part.name, "")) for part in parts]
    steps = tuple(reports.hidden(reports.read_step(step), salt) for step in result.get("plan") or ())
    place = result.get("region") or "", result.get("account_id") or ""
    return Thing(name, *place, steps, tuple(parts), called=reports.called(result))


def _unknown(wanted: Iterable[str], result: Mapping[str, Any]) -> Iterator[Part]:
    """The parts of a thing that could not be read, or the declaration of which was refused."""
    words = result.get("msg") or "its task told nothing"
    if not result.get("refused"):
        for name in (EXISTENCE, *wanted):
            yield Part(name, None, None, NOT_READ, words)
        return
    at_fault = [name for name in wanted if name in {*_named_by(words)}]
    for name in (EXISTENCE, *wanted):
        if name in at_fault or (name == EXISTENCE and not at_fault):
            yield Part(name, None, None, DRIFTED, words)
        else:
            yield Part(name, None, None, NOT_COMPARED, "another part of the declaration is refused")


def _named_by(refusal: str) -> Iterator[str]:
    """The parts that a refusal names before its colon: ``indexes[gsi1].type`` is of the part ``index gsi1``.

    The role names its variables: ``mana_memory_indexes[gsi1].type``.
    """
    for option in refusal.partition(":")[0].split(", "):
        listed, _bracket, rest = option.removeprefix("mana_memory_").partition("[")
        if rest and listed in reports.LISTED:
            yield f"{reports.LISTED[listed][0]} {rest.partition(']')[0]}"
        else:
            yield listed.partition(".")[0]


def _compared(wanted: Sequence[str], result: Mapping[str, Any]) -> Iterator[Part]:
    """The parts of a thing that was read."""
    diff = result.get("diff") or {}
    before, after = diff.get("before") or {}, diff.get("after") or {}
    if (
        "item" in wanted or "item" in result
    ):  # its diff is the item itself, and what its attributes are called is the user's
        before, after = ({"item": each} if each else each for each in (before, after))
    values = dict(reports.named({name: value for name, value in result.items() if name not in NO_VALUES}))
    if bool(before) != bool(after):
        there = "it is there, and is declared absent" if before else "it is not there"
        yield Part(EXISTENCE, bool(before), bool(after), DRIFTED, there)
        yield from (Part(name, None, None, NOT_COMPARED, there) for name in wanted if after)
        return
    if not result["plan"] and not any(_is_part(name) and value not in (None, {}) for name, value in values.items()):
        yield Part(EXISTENCE, False, False, IN_SYNC)
        return
    changed = {part.name: part for part in reports.changed_parts(before, after)}
    steps = mending(changed, [reports.read_step(step) for step in result["plan"]], result.get("region") or "")
    # Nothing that is described may differ, and yet a step be planned.
    unseen = bool(result["plan"]) and not changed
    yield Part(EXISTENCE, True, True, DRIFTED if unseen else IN_SYNC, _takes(steps[EXISTENCE]) if unseen else "")
    for part in changed.values():
        yield part._replace(verdict=DRIFTED, reason=_takes(steps[part.name]))
    for name in wanted:
        if name not in changed:
            yield Part(name, values.get(name), values.get(name), IN_SYNC)
    known = {*wanted, *changed}
    for name, value in values.items():
        if name not in known and _is_part(name):
            yield Part(name, value, None, NOT_COMPARED, "nobody declares it")
    if "hash_key_name" in result:
        for name in ASKED:
            if name not in known and name not in values:
                yield Part(name, None, None, NOT_COMPARED, "nobody declares it, so that it was not read")


def mending(changed: Iterable[str], steps: Sequence[Step], region: str) -> dict[str, list[Step]]:
    """The steps that bring each changed part to what is declared, and all of them for the existence.

    A part of which no step is known to change it has those of which nothing is known, and all of them where each is
    known to change another part.
    """
    parts = {*changed}
    known = [(step, foretelling.parts_of(step, region) & parts) for step in steps]
    others = [step for step, names in known if not names] or [*steps]
    found = {part: [step for step, names in known if part in names] or others for part in parts}
    return {**found, EXISTENCE: [*steps]}


def _needed(thing: Thing) -> list[Step]:
    differing = (DRIFTED, PENDING, EXCEPTED)
    parts = [part for part in thing.parts if part.verdict in differing]
    steps = mending((part.name for part in parts), thing.steps, thing.region)
    wanted = [step for part in parts if part.verdict != EXCEPTED for step in steps[part.name]]
    return [step for step in thing.steps if step in wanted]


def _takes(steps: Iterable[Step]) -> str:
    return f"it would take to {'; '.join(step.sentence for step in steps)}"


def _is_part(name: str) -> bool:
    return name not in NO_PARTS and name not in NO_VALUES and not name.startswith(OF_CONNECTION)


def _masked(part: Part, salt: str) -> Part:
    if part.name not in SECRET_PARTS:
        return part
    return part._replace(observed=reports.digests(part.observed, salt), declared=reports.digests(part.declared, salt))


def _since(thing: Thing, before: Mapping[str, Part]) -> Thing:
    """What differs, told as a change of AWS, of the declaration, or of both, since the baseline."""
    return thing._replace(parts=tuple(_told_since(part, before.get(part.name)) for part in thing.parts))


def _told_since(part: Part, before: Part | None) -> Part:
    if part.verdict != DRIFTED or part.name == EXISTENCE:
        return part
    if before is None:
        return part._replace(reason=f"the declaration changed since the baseline: {part.reason}", verdict=PENDING)
    aws, declaration = not _same(part.observed, before.observed), not _same(part.declared, before.observed)
    if declaration and not aws:
        return part._replace(reason=f"the declaration changed since the baseline: {part.reason}", verdict=PENDING)
    who = "AWS and the declaration changed" if aws and declaration else "AWS changed"
    return part._replace(reason=f"{who} since the baseline: {part.reason}")


def _found(each: Exempt, things: Sequence[Thing], today: datetime.date) -> Found:
    days = (each.until - today).days
    there = {thing.name: {part.name: part for part in thing.parts} for thing in things}
    named = there.get(each.thing)
    if named is None:
        return Found(each, "no_thing", days, names=tuple(there))
    if each.part not in named and _was_read(named):
        return Found(each, "no_part", days, names=tuple(name for name in named if name != EXISTENCE))
    parts = [named[each.part]] if each.part in named else []
    differing = [part for part in parts if part.verdict in (DRIFTED, PENDING)]
    if not differing:
        return Found(each, "unused", days)
    if days < 0:
        return Found(each, "expired", days)
    observed = differing[0].observed
    return Found(each, "used" if _same(observed, each.observed) else "moved", days, observed)


def _was_read(parts: Mapping[str, Part]) -> bool:
    """Whether a thing is there and all of its parts are told."""
    existence = parts.get(EXISTENCE)
    return existence is not None and existence.verdict == IN_SYNC and bool(existence.observed)


def _excepted(thing: Thing, allowed: Mapping[tuple[str, str], Exempt]) -> Thing:
    return thing._replace(parts=tuple(_let_be(part, allowed.get((thing.name, part.name))) for part in thing.parts))


def _let_be(part: Part, exempt: Exempt | None) -> Part:
    if exempt is None or part.verdict not in (DRIFTED, PENDING):
        return part
    return part._replace(verdict=EXCEPTED, reason=f"{exempt.reason} (until {exempt.until})")


def _same(one: Any, other: Any) -> bool:
    """Whether two values of a part mean the same: a member that is left out is one that has nothing."""
    return bool(_essence(one) == _essence(other))


def _essence(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    members = {name: _essence(member) for name, member in value.items()}
    if isinstance(members.get("type"), str):
        members["type"] = members["type"].lower()
    return {name: member for name, member in members.items() if not reports.is_bare(member) and member not in (0, {})}

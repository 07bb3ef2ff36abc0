# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What an audit finds: a verdict for each part of each thing. Knows neither Ansible nor AWS, nor the time of day."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
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
FAULTS = {"drift": (DRIFTED, PENDING), "incomplete": (NOT_READ,)}
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
    *("approved_steps", "overwrite", "list_others"),
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
        "digests",
    ),
)
OTHERS = "other_policies"
SECRET_PARTS = ("variables", "item")
DIGEST = re.compile("[0-9a-f]{32}")


class Exempt(NamedTuple):
    """A difference that is let be, until a day and for one observed value."""

    thing: str
    part: str
    reason: str
    until: datetime.date
    observed: Any


class Found(NamedTuple):
    """What became of an exception.

    ``used``, ``unused`` where the part is as declared, ``expired``, ``moved`` where the value is another, ``refused``
    where the declaration of the part is, ``not_read`` and ``not_compared`` where nothing is known of the part,
    ``no_thing`` where the audit has no such thing, or ``no_part`` where the thing has no such part. ``names`` are those
    that there are. Secrets in the values are digests.
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
        return 4 if self.has("incomplete") else 2 if self.has("drift") else 0

    def has(self, kind: str) -> bool:
        """Whether it has one of FAULTS."""
        return any(self.counts[verdict] for verdict in FAULTS[kind])


def audit(
    results: Mapping[str, Mapping[str, Any]],
    baseline: reports.Report | None,
    exempt: Sequence[Exempt],
    today: datetime.date,
    salt: str,
) -> Audit:
    """The verdicts over what tasks returned in check mode, each under the name of its thing."""
    before = {thing.name: {part.name: part for part in thing.parts} for thing in baseline.things} if baseline else None
    things = [reports.from_result(name, partial(_thing, name, result, salt)) for name, result in results.items()]
    salts = {name: _salt(name, result) for name, result in results.items()}
    if before is not None:
        things = [_since(thing, before.get(thing.name, {})) for thing in things]
    found = tuple(_found(each, things, today, salts.get(each.thing, "")) for each in exempt)
    allowed = {(each.exempt.thing, each.exempt.part): each.exempt for each in found if each.state == "used"}
    return Audit(tuple(_excepted(thing, allowed) for thing in things), found)


def one_by_one(results: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The results of tasks, each under the name of its thing. Refuses what is no result, and where there is none."""
    if not results:
        raise Impossible("results: there is nothing to audit; give what tasks in check mode returned")
    found = reports.one_by_one(results, by_account=True)
    empty = [name for name, result in results.items() if reports.members(result) == []]
    if empty:
        raise Impossible(f"results: {empty[0]} is an empty list; give what tasks in check mode returned")
    return found


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
        reason = "" if each["reason"] is None else each["reason"]
        if not isinstance(reason, str):
            raise Impossible(f"{where}.reason: it is no text; say why the difference is let be")
        if not reason.strip():
            raise Impossible(f"{where}.reason: it is empty; say why the difference is let be")
        if each["part"] == EXISTENCE:
            raise Impossible(f"{where}.part: what is gone, or too much, is never excepted; declare it as it is")
        found.append(Exempt(each["thing"], each["part"], reason, _day(each["until"], today, where), each["observed"]))
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
    unread, told = result.get("not_read") or {}, result
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
    masked = (
        reports.with_digests(part, told, _salt(name, told)) if part.name in SECRET_PARTS else part for part in parts
    )
    parts = [part._replace(declared_at=places.get(part.name, "")) for part in masked]
    steps = reports.read_steps(name, result, salt)
    place = result.get("region") or "", result.get("account_id") or ""
    return Thing(name, *place, steps, tuple(parts), called=reports.called(result))


def _unknown(wanted: Iterable[str], result: Mapping[str, Any]) -> Iterator[Part]:
    """The parts of a thing that could not be read, or the declaration of which was refused."""
    words = str(result.get("msg") or "its task told nothing")
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
    before, after = reports.both(result)
    values = dict(reports.named({name: value for name, value in result.items() if name not in NO_VALUES}))
    if bool(before) != bool(after):
        there = "it is there, and is declared absent" if before else "it is not there"
        yield Part(EXISTENCE, bool(before), bool(after), DRIFTED, there)
        yield from (Part(name, None, None, NOT_COMPARED, there) for name in wanted if after)
        return
    beside = {name for name, _value in reports.named({OTHERS: result.get(OTHERS) or []})}
    own = [value for name, value in values.items() if _is_part(name) and name not in beside]
    if not result["plan"] and not any(value not in (None, {}, False) for value in own):
        yield Part(EXISTENCE, False, False, IN_SYNC)
        yield from (Part(name, values[name], None, NOT_COMPARED, "nobody declares it") for name in sorted(beside))
        return
    if "attached" in values:
        wanted = [*wanted, "attached"]  # a managed policy is declared to be attached
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


def _salt(name: str, result: Mapping[str, Any]) -> str:
    """The salt of a thing's secrets: the same in each audit, so that exceptions and baselines can hold a digest."""
    return reports.salt_of(result.get("region") or "", result.get("function_name") or name)


def _sealed(value: Any, salt: str) -> Any:
    """A value of an exception with digests in place of what is none."""
    if isinstance(value, Mapping) and not _is_digest(value):
        return {name: _sealed(member, salt) for name, member in value.items()}
    return value if _is_digest(value) else reports.digests(value, salt)


def _is_digest(value: Any) -> bool:
    return isinstance(value, Mapping) and [*value] == ["digest"] and bool(DIGEST.fullmatch(str(value["digest"])))


def _since(thing: Thing, then: Mapping[str, Part]) -> Thing:
    """The thing, each difference told by what changed since the baseline, which had these parts of the thing."""
    return thing._replace(parts=tuple(_told_since(part, then) for part in thing.parts))


def _told_since(part: Part, then: Mapping[str, Part]) -> Part:
    """A difference with the verdict that the baseline leads to. What is refused has no values to compare."""
    if part.verdict != DRIFTED or _has_no_values(part):
        return part
    verdict, words = _cause(part, then)
    return part._replace(verdict=verdict, reason=f"{words}: {part.reason}" if words else part.reason)


def _cause(part: Part, then: Mapping[str, Part]) -> tuple[str, str]:
    """The verdict on a difference, and what changed since the baseline, in words.

    ``pending`` is what nobody declared then, and what AWS has as it was declared then. Where the baseline tells no
    value, nobody knows what changed, so that it is ``drifted``.
    """
    before = then.get(part.name) or _left_out(part, then)
    if before is None or (before.verdict == NOT_COMPARED and before.observed is None and _was_read(then)):
        return PENDING, "nobody declared it at the baseline"
    if before.verdict == NOT_READ or (_has_no_values(before) and before.verdict != IN_SYNC):
        return DRIFTED, f"the baseline did not {'read' if before.verdict == NOT_READ else 'compare'} it"
    undeclared = before.verdict == NOT_COMPARED
    aws = not _same(part.observed, before.observed)
    declaration = undeclared or not _same(part.declared, before.declared)
    as_declared = not undeclared and _same(part.observed, before.declared)
    if declaration and (as_declared or (before.verdict in (NOT_COMPARED, PENDING) and not aws)):
        return PENDING, "the declaration changed since the baseline"
    if aws:
        return DRIFTED, f"AWS{' and the declaration' if declaration else ''} changed since the baseline"
    if before.verdict == IN_SYNC:
        return DRIFTED, ""
    also = ", and the declaration changed since" if declaration else ""
    return (PENDING if before.verdict == PENDING else DRIFTED), f"it differed at the baseline already{also}"


def _left_out(part: Part, then: Mapping[str, Part]) -> Part | None:
    """What the baseline knows of a part that it does not name; ``None`` where nobody declared the part."""
    existence = then.get(EXISTENCE)
    if existence is None:
        return None
    listed = any(part.name.startswith(f"{word} ") for word, _key in reports.LISTED.values())
    if existence.observed is False or (listed and _was_read(then)):
        return Part(part.name, None, None, IN_SYNC)  # there was none, and none was declared
    return None if part.declared is not None else Part(part.name, None, None, NOT_READ)


def _has_no_values(part: Part) -> bool:
    return part.observed is None and part.declared is None


def _found(each: Exempt, things: Sequence[Thing], today: datetime.date, salt: str) -> Found:
    days = (each.until - today).days
    there = {thing.name: {part.name: part for part in thing.parts} for thing in things}
    named = there.get(each.thing)
    if named is None:
        return Found(each._replace(observed=None), "no_thing", days, names=tuple(there))
    if each.part not in named and _was_read(named):
        names = tuple(name for name in named if name != EXISTENCE)
        return Found(each._replace(observed=None), "no_part", days, names=names)
    if each.part in SECRET_PARTS:
        each = each._replace(observed=_sealed(each.observed, salt))
    part = named.get(each.part)
    if part is None:
        return Found(each, NOT_READ if NOT_READ in {other.verdict for other in named.values()} else NOT_COMPARED, days)
    if part.verdict not in (DRIFTED, PENDING):
        return Found(each, "unused" if part.verdict == IN_SYNC else part.verdict, days)
    if _has_no_values(part):
        return Found(each, "refused", days)
    if days < 0:
        return Found(each, "expired", days, part.observed)
    return Found(each, "used" if _same(part.observed, each.observed) else "moved", days, part.observed)


def _was_read(parts: Mapping[str, Part]) -> bool:
    """Whether a thing is there, and all of its parts are told."""
    existence = parts.get(EXISTENCE)
    return existence is not None and existence.observed is True and existence.declared is True


def _excepted(thing: Thing, allowed: Mapping[tuple[str, str], Exempt]) -> Thing:
    return thing._replace(parts=tuple(_let_be(part, allowed.get((thing.name, part.name))) for part in thing.parts))


def _let_be(part: Part, exempt: Exempt | None) -> Part:
    if exempt is None or part.verdict not in (DRIFTED, PENDING):
        return part
    return part._replace(verdict=EXCEPTED, reason=f"{exempt.reason} (until {exempt.until})")


def _same(one: Any, other: Any) -> bool:
    """Whether two values of a part mean the same: a value or a member that is left out is one that has nothing."""
    return bool(_essence(one) == _essence(other)) or (reports.is_bare(one) and reports.is_bare(other))


def _essence(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    members = {name: _essence(member) for name, member in value.items()}
    if isinstance(members.get("type"), str):
        members["type"] = members["type"].lower()
    return {name: member for name, member in members.items() if not reports.is_bare(member) and member not in (0, {})}

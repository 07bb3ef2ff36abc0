# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What brings many tables to what is declared of them: the engine of dynamodb_tables."""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Callable, NamedTuple, Union

from .. import connection, fleet, journal, reconcile, summary
from ..budgets import FIRST_RATE
from ..connection import CallFailed, Connect
from ..fleet import Broken, Member, NotStarted, Travel
from ..journal import GoesOn, Interrupted, Journal
from ..plan import Impossible, Where, placed
from ..progress import Clock, Progress
from ..resource import Course
from . import engine, limits, places
from .places import Accounts, Budgets, Place
from .shared_options import ResolveKey

CANARY_FROM = 10
PREFIX = "dynamodb_tables"
Tell = Callable[[str], None]


class Declared(NamedTuple):
    """A table of the list: where it is, and its options, or in a sentence what is wrong with them.

    ``inherited``: the options that the defaults give.
    """

    name: str
    place: Place
    parameters: Mapping[str, Any]
    mistake: str = ""
    inherited: frozenset[str] = frozenset()


class Way(NamedTuple):
    """The way to a place."""

    connect: Connect
    where: Where
    resolve_key: ResolveKey
    doubt: str


NoWay = Union[Impossible, CallFailed]


def run(
    tables: Sequence[Declared], parameters: Mapping[str, Any], connect: Connect, check_mode: bool, tell: Tell
) -> dict[str, Any]:
    """Bring all tables to what is declared of them, after all of them were read and planned."""
    concurrency = parameters["concurrency"]
    folder = parameters["journal"]
    if folder:
        journal.check(folder)
    kept = Journal(folder, PREFIX) if folder else None
    clock = Clock(tell, time.monotonic())
    ways = _ways({table.place for table in tables}, parameters, connect, concurrency)
    accounts = Accounts({place.rights: way.connect for place, way in ways.items() if isinstance(way, Way)})
    budgets = Budgets(accounts)
    ways = {place: _watched(place, way, budgets) for place, way in ways.items()}
    wrong = _twice(tables, ways, accounts)
    members = [
        _member(
            table._replace(mistake=table.mistake or wrong.get(number, "")),
            ways[table.place],
            budgets,
            kept,
            check_mode,
            parameters["details"],
        )
        for number, table in enumerate(tables)
    ]
    travels = fleet.look(members, concurrency, clock)
    others = list(journal.others(folder, PREFIX)) if folder else []
    unseen = {travel.member.name for travel in travels if isinstance(travel.end, Broken)}
    told = [_told(each, travels, unseen) for each in others]
    broken = sum(isinstance(travel.end, Broken) for travel in travels)
    if broken * 100 > parameters["max_fail_percentage"] * len(travels):
        for travel in travels:
            if travel.end is None:
                travel.withdraw()
        return _result(tables, ways, accounts, travels, told, parameters["details"], went_on=False)
    going = sorted((travel for travel in travels if travel.end is None), key=lambda travel: not travel.steps)
    if kept:
        kept.plan({travel.member.name: len(travel.steps) for travel in going if travel.steps})
    fleet.drive(
        going,
        concurrency,
        _first(parameters["first"], sum(bool(travel.steps) for travel in going)),
        parameters["max_fail_percentage"],
        functools.partial(_progress, travels),
        clock,
    )
    if kept:
        reconcile.for_real(check_mode, functools.partial(_close, kept, others, unseen))
    return _result(tables, ways, accounts, travels, told, parameters["details"], went_on=True)


def _first(declared: int | None, changing: int) -> int:
    if declared is not None:
        return declared
    return 1 if changing > CANARY_FROM else 0


def _close(kept: Journal, others: Sequence[Interrupted | GoesOn], unseen: set[str]) -> None:
    """The run came to its end; the journal of an interrupted run goes when all that is unsure in it was looked at."""
    kept.end()
    for each in others:
        if isinstance(each, Interrupted) and not any(write.member in unseen for write in each.unsure):
            journal.remove(each.path)


def _ways(found: set[Place], parameters: Mapping[str, Any], own: Connect, concurrency: int) -> dict[Place, Way | NoWay]:
    options = {option: parameters.get(option) for option in connection.OPTIONS}
    bases = {rights: places.connect(options, own, rights) for rights in {place.rights for place in found}}
    ordered = sorted(found, key=str)
    with ThreadPoolExecutor(min(concurrency, len(ordered)) or 1) as pool:
        return dict(zip(ordered, pool.map(lambda place: _way(bases[place.rights], place), ordered)))


def _way(base: Connect, place: Place) -> Way | NoWay:
    try:
        places.check(place.rights)
        connect = places.within(base, place.region)
        client = connect("dynamodb")
    except (Impossible, CallFailed) as failure:
        return failure
    return Way(connect, connection.where(client), engine.keys_of(connect), connection.doubt(client))


def _watched(place: Place, way: Way | NoWay, budgets: Budgets) -> Way | NoWay:
    return way._replace(connect=budgets.watched(place, way.connect)) if isinstance(way, Way) else way


def _twice(tables: Sequence[Declared], ways: Mapping[Place, Way | NoWay], accounts: Accounts) -> dict[int, str]:
    """What is declared more than once, by its number in the list.

    Two ways to the same region may lead to the same account. It is asked for only where they name the same table.
    """
    numbers: dict[tuple[str, str], list[int]] = {}
    for number, table in enumerate(tables):
        way = ways[table.place]
        if isinstance(way, Way) and not table.mistake:
            numbers.setdefault((table.name, str(way.where)), []).append(number)
    wrong: dict[int, str] = {}
    for (name, where), found in numbers.items():
        rights = [tables[number].place.rights for number in found]
        owners = [accounts.of(each) if len(set(rights)) > 1 else "" for each in rights]
        times = Counter(owners)
        for number, owner in zip(found, owners):
            if times[owner] > 1:
                wrong[number] = f"name: {name} is declared {times[owner]} times in {where}; declare it once"
    return wrong


def _member(
    table: Declared, way: Way | NoWay, budgets: Budgets, kept: Journal | None, check_mode: bool, details: bool
) -> Member:
    where = way.where if isinstance(way, Way) else Where(table.place.region or "")
    title = " ".join([f"{table.name} in {where.region}", *filter(None, table.place.rights)])

    def course() -> Course[dict[str, Any]]:
        if table.mistake:
            raise Impossible(table.mistake)
        if not isinstance(way, Way):
            raise way
        try:
            resource = engine.resource(table.parameters, way.connect, way.resolve_key, in_turn=True)
            resource = reconcile.only(resource, table.parameters.get("approved_steps"), "approved_tables")
            if kept:
                resource = replace(resource, perform=kept.kept(title, resource.perform))
            outcome = yield from reconcile.course(resource, check_mode)
        except Impossible as refusal:
            raise Impossible(placed(str(refusal), "defaults", table.inherited)) from refusal
        return engine.result(table.name, way.connect, outcome) if details else _small(outcome.report)

    return Member(title, course, lambda step: budgets.of(table.place.rights, step.region or where.region))


def _small(report: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of a table without details."""
    told = {name: report[name] for name in ("changed", "warnings", "under_way") if name in report}
    return {**told, "pending": len(report["pending"])} if "pending" in report else told


def _progress(travels: Sequence[Travel]) -> Progress:
    now = time.monotonic()
    waiting = [
        limits.Waiting(travel.turn and travel.turn.step, now - travel.waits_since)
        for travel in travels
        if travel.end is None and travel.waits_for
    ]
    total = sum(bool(travel.steps) for travel in travels)
    done = sum(bool(travel.steps) and isinstance(travel.end, dict) for travel in travels)
    to_come = sum(bool(travel.steps) and travel.end is None and not travel.waits_for for travel in travels)
    return limits.progress(done, total, to_come, waiting)


def _told(found: Interrupted | GoesOn, travels: Sequence[Travel], unseen: set[str]) -> str:
    """What is known of another run, now that its tables were looked at again."""
    if isinstance(found, GoesOn):
        return f"the run of {found.begun} goes on: two at once may get in each other's way; let it end, or end it"
    steps = {travel.member.name: {journal.identity(step) for step in travel.steps} for travel in travels}
    unsure = [
        f"'{each.sentence}' of {each.member} "
        + (
            "was not looked at, since it is not in tables"
            if each.member not in steps
            else "could not be looked at"
            if each.member in unseen
            else "is still to be done"
            if each.identity in steps[each.member]
            else "was done"
        )
        for each in found.unsure
    ]
    return (
        f"the run of {found.begun} was interrupted: {len(found.done)} tables were done, {len(unsure)} unsure, "
        f"{len(found.left)} left" + "".join(f"; {each}" for each in unsure)
    )


def _result(
    tables: Sequence[Declared],
    ways: Mapping[Place, Way | NoWay],
    accounts: Accounts,
    travels: Sequence[Travel],
    told: Sequence[str],
    details: bool,
    went_on: bool,
) -> dict[str, Any]:
    regions = [_region(table.place, ways[table.place]) for table in tables]
    planned = [
        (table.name, travel.steps, region) for table, travel, region in zip(tables, travels, regions) if travel.steps
    ]
    groups = summary.plans(planned)
    entries = [_entry(*each, details) for each in zip(tables, travels, regions)]
    for table, entry in zip(tables, entries):
        # A new table does not tell its account; that of the task itself is asked for by whoever needs it.
        rights = table.place.rights
        named = rights.profile or rights.role_arn
        if named and "plan" in entry and "account_id" not in entry and accounts.told(rights):
            entry["account_id"] = accounts.told(rights)
    failures = summary.sentences(
        (table.name, travel.end.sentence) for table, travel in zip(tables, travels) if isinstance(travel.end, Broken)
    )
    warnings = summary.sentences(
        (table.name, warning) for table, entry in zip(tables, entries) for warning in entry.pop("warnings", ())
    )
    doubts = [way.doubt for way in ways.values() if isinstance(way, Way) and way.doubt]
    result: dict[str, Any] = {
        "changed": any(entry["changed"] for entry in entries),
        "tables": entries,
        "plans": [{"tables": list(group.names), "steps": group.told} for group in groups],
    }
    said = [*told, *dict.fromkeys(doubts), *summary.sentence_lines(warnings)]
    if said:
        result["warnings"] = said
    result.update(_endpoint(ways))
    lines = summary.plan_lines(groups, FIRST_RATE)
    if lines:
        result["diff"] = {"prepared": "".join(f"{number}. {line}\n" for number, line in enumerate(lines, 1))}
    if failures:
        result["failed"] = True
        result["failures"] = [{"msg": group.told, "tables": list(group.names)} for group in failures]
        result["msg"] = _message(travels, failures, went_on)
        if not went_on and all(travel.end.refused for travel in travels if isinstance(travel.end, Broken)):
            result["refused"] = True
    return result


def _endpoint(ways: Mapping[Place, Way | NoWay]) -> dict[str, str]:
    urls = (way.where.endpoint_url for way in ways.values() if isinstance(way, Way))
    return next(({"endpoint_url": url} for url in urls if url), {})


def _region(place: Place, way: Way | NoWay) -> str:
    return way.where.region if isinstance(way, Way) else place.region or ""


def _entry(table: Declared, travel: Travel, region: str, details: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": table.name, "region": region, "changed": False}
    if isinstance(travel.end, NotStarted):
        going_on = {"under_way": travel.going_on} if travel.going_on else {}
        return {**entry, **({"not_started": True} if travel.steps else {}), **going_on}
    if isinstance(travel.end, Broken):
        told = {**entry, "failed": True, **travel.end.details}
        if details:
            told.update(msg=travel.end.sentence, refused=travel.end.refused)
        return told
    return {**entry, **(travel.end or {})}


def _message(travels: Sequence[Travel], failures: Sequence[summary.Group], went_on: bool) -> str:
    failed = f"{sum(isinstance(travel.end, Broken) for travel in travels)} of {len(travels)} tables"
    opening = (
        f"{failed} failed, {_outcome(travels)}"
        if went_on
        else f"{failed} cannot be as declared, or cannot be read, so that nothing was changed"
    )
    lines = summary.sentence_lines(failures)
    if len(lines) > 1:
        lines = [f"({number}) {line}" for number, line in enumerate(lines, 1)]
    return f"{opening}: {'; '.join(lines)}"


def _outcome(travels: Sequence[Travel]) -> str:
    """What became of those that did not fail. Where nothing was written, what would be changed is still to come."""
    changed = sum(isinstance(travel.end, dict) and travel.end["changed"] for travel in travels)
    if not any(travel.written for travel in travels):
        return f"{changed} are to be changed"
    waiting = sum(isinstance(travel.end, NotStarted) and bool(travel.steps) for travel in travels)
    return f"{changed} were changed, {waiting} were not started"

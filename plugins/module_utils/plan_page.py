# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""A plan as a page in Markdown, for the people who approve it. Knows neither Ansible nor AWS."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from . import foretelling, summary
from .foretelling import IRREVERSIBLE, LOSSY, Foretold
from .plan import Step
from .report import Report, Thing

# A comment of GitHub ends at 65,536 characters.
LONGEST = 60_000
LONGEST_WORDS = 300  # of a name
DANGEROUS = {foretelling.DELETE, IRREVERSIBLE, LOSSY}
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~@!&])")
LIST = re.compile(r"^(\d*)([-+.)])")  # what begins a list where a line begins
PLURALS = {"table": "tables", "policy": "policies", "environment": "environments"}


class Entry(NamedTuple):
    """A step as the page numbers it, and the things that take it: those with equal plans take each step together.

    ``where``: the place that a step of one thing is taken in, if the plan has several places.
    """

    number: int
    step: Step
    foretold: Foretold
    things: tuple[Thing, ...]
    where: str


def markdown(report: Report, longest: int = LONGEST) -> str:
    """The page: what all of it comes to, then what is dangerous, then the rest, folded where it is not all.

    Things with equal plans are one entry, and the page ends with their names.
    """
    groups = _groups(report)
    entries = list(_entries(groups))
    dangerous, others = ([entry for entry in entries if _is_dangerous(entry) is each] for each in (True, False))
    page = "\n".join(_head(report, groups)) + "\n"
    if dangerous:
        page += "\n### To look at\n\n"
        page = _with(page, dangerous, longest)
    if others and not dangerous:
        page = _with(f"{page}\n", others, longest)
    elif others:
        steps = count(sum(len(entry.things) for entry in others), "other step")
        page += f"\n<details><summary>{steps}</summary>\n\n"
        page = _with(page, others, longest)
        page += "\n</details>\n"
    return with_names(page, groups, longest, "in the plan itself")


def gitlab(report: Report) -> dict[str, int]:
    """What GitLab's widget of a merge request shows of a plan."""
    counts = report.counts
    return {"create": counts[foretelling.CREATE], "update": counts[foretelling.CHANGE], "delete": counts["delete"]}


def _groups(report: Report) -> list[tuple[Thing, ...]]:
    """Things with equal plans, the most common plan first, and last those with nothing to do."""
    found = [things for _plan, things in summary.alike((thing, _shared(thing)) for thing in report.things)]
    return sorted(found, key=lambda things: not things[0].steps)


def _shared(thing: Thing) -> list[object]:
    """The plan of a thing as others have it too: where it is called for is not of it."""
    steps = [step._replace(region=None) if step.region == thing.region else step for step in thing.steps]
    return [[summary.shared(step, thing.called, ""), foretold] for step, foretold in zip(steps, thing.foretold)]


def _entries(groups: Sequence[tuple[Thing, ...]]) -> Iterator[Entry]:
    number = 0
    several = len({place(thing) for things in groups for thing in things}) > 1
    for things in groups:
        alone = several and len(things) == 1
        for step, foretold in zip(things[0].steps, things[0].foretold):
            number += 1
            called = things[0]._replace(region=step.region or things[0].region)
            yield Entry(number, step, foretold, things, f" in {place(called)}" if alone else "")


def _is_dangerous(entry: Entry) -> bool:
    return bool(DANGEROUS & set(entry.foretold.effects))


def _head(report: Report, groups: Sequence[tuple[Thing, ...]]) -> Iterator[str]:
    changing = [things for things in groups if things[0].steps]
    if not changing:
        yield "## Nothing to do"
    elif len(changing[0]) == 1:
        yield f"## {count(len(report.steps), 'step')}, {report.seconds}"
    else:
        things = [thing for group in changing for thing in group]
        times = [foretelling.together(group[0].foretold) for group in changing]
        each = foretelling.Seconds(min(low for low, _high in times), max(high for _low, high in times))
        yield f"## {count(len(report.steps), 'step')} for {told(things)}, {each} each"
    yield ""
    listed = groups if len(groups) <= summary.LINES else groups[: summary.LINES - 1]
    for group in listed:
        yield f"- {_title(group)}: {count(len(group[0].steps), 'step')}{' each' if len(group) > 1 else ''}"
    rest = [thing for group in groups[len(listed) :] for thing in group]
    if rest:
        yield f"- {len(rest)} more, with {count(sum(len(thing.steps) for thing in rest), 'step')}"
    if report.permissions:
        yield ""
        yield f"It takes {', '.join(f'`{each}`' for each in report.permissions)}."
    yield ""
    yield f"Made at {report.made_at.isoformat(timespec='seconds')}. Times are those that were measured on empty tables."


def _title(things: Sequence[Thing]) -> str:
    if len(things) == 1:
        (thing,) = things
        whose = f" of account {thing.account_id}" if thing.account_id else ""
        # The name of a thing of many has its region already.
        where = [part for part in (f" in {thing.region}", whose) if part not in thing.name]
        return text(shortened(thing.name) + "".join(where))
    return text(f"{told(things)} in {places(things)} ({some(things)})")


def _with(page: str, entries: Iterable[Entry], longest: int) -> str:
    """The page with these entries, or with as many as there is room for, and how many more there are."""
    left = list(entries)
    room = longest - 400  # for the line that says so, and what comes after
    while left:
        entry = _entry(left[0])
        if len(page) + len(entry) > room:
            return f"{page}\n{len(left)} more are in the plan itself.\n"
        page += entry
        del left[0]
    return page


def _entry(entry: Entry) -> str:
    """A step with its number in words: Markdown would count the members of a numbered list anew."""
    number, step, foretold, things, where = entry
    if len(things) == 1:
        words = f"{text(step.sentence + where)} ({foretold.seconds})"
    else:
        sentence = summary.template(step.sentence, things[0].called)
        words = text(f"{told(things)}: {sentence} ({some(things)}; {foretold.seconds} each)")
    lines = [f"- **{number}.** {words}", *(f"  - {text(each)}" for each in foretelling.told(foretold))]
    return "\n".join(lines) + "\n"


def with_names(page: str, groups: Iterable[tuple[Thing, ...]], longest: int, elsewhere: str) -> str:
    """The page with the names that it does not have yet, or with as many as there is room for."""
    folded = [things for things in groups if len(things) > summary.NAMES_SHOWN or len({*map(place, things)}) > 1]
    if not folded:
        return page
    everybody = list({thing.name: thing for things in folded for thing in things}.values())
    page += f"\n<details><summary>The names of {told(everybody)}</summary>\n\n"
    end = "\n</details>\n"
    room = longest - len(page) - len(end) - 100  # for the line that says how many more there are
    lines: list[str] = []
    left = sum(len(things) for things in folded)
    for things in folded:
        for where, there in summary.alike((thing, place(thing)) for thing in things):
            line = f"- {text(where)}:"
            for thing in there:
                name = f" {text(shown(thing))}"
                if len(line) + len(name) + 2 > room:
                    return page + "".join([*lines, f"\n{left} more are {elsewhere}.\n", end])
                line += f"{name}," if thing is not there[-1] else name
                left -= 1
            room -= len(line) + 1
            lines.append(f"{line}\n")
    return page + "".join([*lines, end])


def told(things: Sequence[Thing]) -> str:
    """How many tables, policies or things there are."""
    kinds = {thing.name.partition(" ")[0] for thing in things}
    (kind, *others) = kinds
    word = "thing" if others or kind not in PLURALS else kind
    return f"1 {word}" if len(things) == 1 else f"{len(things)} {PLURALS.get(word, 'things')}"


def some(things: Iterable[Thing]) -> str:
    """The first few names, and how many more there are."""
    return summary.some([shown(thing) for thing in things])


def shown(thing: Thing) -> str:
    """The name of a thing in AWS, if the report's own name for it has that, else the report's."""
    known = summary.template(thing.name, thing.called) != thing.name
    return shortened(thing.called if known else thing.name)


def place(thing: Thing) -> str:
    """Where a thing is."""
    return f"{thing.region} of account {thing.account_id}" if thing.account_id else thing.region


def places(things: Iterable[Thing]) -> str:
    """Where things are; of several regions or accounts, how many they are."""
    found = {(thing.region, thing.account_id) for thing in things}
    regions, accounts = ({each[part] for each in found if each[part]} for part in (0, 1))
    where = min(regions, default="no region") if len(regions) < 2 else f"{len(regions)} regions"
    whose = f"account {min(accounts, default='')}" if len(accounts) < 2 else f"{len(accounts)} accounts"
    return f"{where} of {whose}" if accounts else where


def shortened(words: str) -> str:
    """Words of which the page has room for many."""
    return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]}…"


def text(sentence: str) -> str:
    """A sentence as text in one line: nothing in it is markup, and nobody is called by it."""
    return LIST.sub(r"\1\\\2", MARKUP.sub(r"\\\1", " ".join(sentence.split())))


def count(number: int, word: str) -> str:
    """How many of something there are, in words."""
    return f"{number} {word}{'' if number == 1 else 's'}"

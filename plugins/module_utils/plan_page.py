# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""A plan as a page in Markdown, for the people who approve it. Knows neither Ansible nor AWS."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from . import foretelling
from .foretelling import IRREVERSIBLE, LOSSY, Foretold
from .plan import Step
from .report import Report

# A comment of GitHub ends at 65,536 characters.
LONGEST = 60_000
DANGEROUS = {foretelling.DELETE, IRREVERSIBLE, LOSSY}
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~@!])")
Entry = tuple[int, Step, Foretold]


def markdown(report: Report, longest: int = LONGEST) -> str:
    """The page: what all of it comes to, then what is dangerous, then the rest, folded where it is not all."""
    entries = list(zip(range(1, len(report.steps) + 1), report.steps, report.foretold))
    dangerous = [entry for entry in entries if DANGEROUS & set(entry[2].effects)]
    others = [entry for entry in entries if entry not in dangerous]
    page = "\n".join(_head(report)) + "\n"
    if dangerous:
        page += "\n### To look at\n\n"
        page = _with(page, dangerous, longest)
    if others and not dangerous:
        page = _with(f"{page}\n", others, longest)
    elif others:
        page += f"\n<details><summary>{count(len(others), 'other step')}</summary>\n\n"
        page = _with(page, others, longest)
        page += "\n</details>\n"
    return page


def gitlab(report: Report) -> dict[str, int]:
    """What GitLab's widget of a merge request shows of a plan."""
    counts = report.counts
    return {"create": counts[foretelling.CREATE], "update": counts[foretelling.CHANGE], "delete": counts["delete"]}


def _head(report: Report) -> Iterator[str]:
    if not report.steps:
        yield "## Nothing to do"
    else:
        yield f"## {count(len(report.steps), 'step')}, {report.seconds}"
    yield ""
    for thing in report.things:
        where = f"{thing.region} of account {thing.account_id}" if thing.account_id else thing.region
        yield f"- {text(thing.name)} in {where}: {count(len(thing.steps), 'step')}"
    if report.permissions:
        yield ""
        yield f"It takes {', '.join(f'`{each}`' for each in report.permissions)}."
    yield ""
    yield f"Made at {report.made_at.isoformat(timespec='seconds')}. Times are those that were measured on empty tables."


def _with(page: str, entries: Iterable[Entry], longest: int) -> str:
    """The page with these entries, or with as many as there is room for, and how many more there are."""
    left = list(entries)
    room = longest - 200  # for the line that says so, and what comes after
    while left:
        entry = _entry(*left[0])
        if len(page) + len(entry) > room:
            return f"{page}\n{len(left)} more are in the plan itself.\n"
        page += entry
        del left[0]
    return page


def _entry(number: int, step: Step, foretold: Foretold) -> str:
    lines = [f"{number}. {text(step.sentence)} ({foretold.seconds})"]
    lines += [f"   - {text(each)}" for each in foretelling.told(foretold)]
    return "\n".join(lines) + "\n"


def text(sentence: str) -> str:
    """A sentence as text in one line: nothing in it is markup, and nobody is called by it."""
    return MARKUP.sub(r"\\\1", " ".join(sentence.split()))


def count(number: int, word: str) -> str:
    """How many of something there are, in words."""
    return f"{number} {word}{'' if number == 1 else 's'}"

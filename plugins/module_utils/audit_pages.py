# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""An audit for its readers: JUnit for a pipeline, Markdown for a summary, a page for people.

Knows neither Ansible nor AWS.
"""

from __future__ import annotations

import difflib
import html
import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from . import audit as audits
from . import summary
from .audit import DRIFTED, EXCEPTED, NOT_COMPARED, NOT_READ, PENDING, Audit, Found
from .plan_page import count, place, places, some, text, told, with_names
from .report import Part, Report, Thing, is_bare

LONGEST = 60_000  # characters of Markdown
HEADLINES = {
    0: "Everything that is declared is as declared",
    2: "Not everything is as declared",
    4: "Not everything could be read",
}
WORDS = {
    "in_sync": "in sync",
    "drifted": "drifted",
    "pending": "pending",
    "excepted": "excepted",
    "not_read": "not read",
    "not_compared": "not compared",
}
SECTIONS = (
    (NOT_READ, "Not read"),
    (DRIFTED, "Drifted"),
    (PENDING, "Pending: declared, and not yet applied"),
    (EXCEPTED, "Excepted"),
)
DEFAULTS = ("PAY_PER_REQUEST", "STRING")


def sums(found: Audit) -> str:
    """The counts, and that they add up: ``9 parts = 7 in sync + 1 drifted + …``."""
    counts = found.counts
    return f"{count(sum(counts.values()), 'part')} = " + " + ".join(f"{n} {WORDS[name]}" for name, n in counts.items())


def sentence(found: Audit) -> str:
    """The verdict in one line, with what led to it."""
    names: dict[tuple[str, str, str], tuple[Thing, list[str]]] = {}
    for thing, part in _worst(found):
        names.setdefault((thing.name, part.verdict, part.reason), (thing, []))[1].append(part.name)
    differing = (
        (thing, [parts, WORDS[verdict], summary.template(reason, thing.called)])
        for (_name, verdict, reason), (thing, parts) in names.items()
    )
    said = [
        f"{_whose(things)}: {', '.join(parts)} {'is' if len(parts) == 1 else 'are'} {verdict}: {_of(reason, things)}"
        for (parts, verdict, reason), things in summary.alike(differing)
    ]
    return "; ".join([f"{HEADLINES[found.status]} ({sums(found)})", *said])


def doubts(found: Audit) -> list[str]:
    """What is to be told of the exceptions: those that do not count, and those that nothing needs."""
    return [f"exceptions: {_told(each)}" for each in found.exceptions if each.state != "used"]


def junit(found: Audit) -> str:
    """A test for each part, with names that stay the same whatever the values are."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    counts = found.counts
    failures, skipped = counts[DRIFTED] + counts[PENDING], counts[EXCEPTED] + counts[NOT_COMPARED]
    totals = f'tests="{sum(counts.values())}" failures="{failures}" errors="{counts[NOT_READ]}" skipped="{skipped}"'
    lines += [f"<testsuites {totals}>", f'<testsuite name="mana.memory audit" {totals}>']
    for thing in found.things:
        for part in thing.parts:
            lines.append(
                f"<testcase classname={quoteattr(_printable(thing.name))} name={quoteattr(_printable(part.name))}>"
            )
            lines += _outcome(part)
            lines.append("</testcase>")
    return "\n".join([*lines, "</testsuite>", "</testsuites>"]) + "\n"


def markdown(report: Report, found: Audit, longest: int = LONGEST) -> str:
    """A summary: the verdict, then what differs, then what was not compared, folded."""
    page = f"## {HEADLINES[found.status]}\n\n{sums(found)}\n\n{_made(report)}\n"
    groups: dict[tuple[str, ...], tuple[Thing, ...]] = {}
    for verdict, title in SECTIONS:
        differences = _alike(found, verdict)
        groups.update({tuple(thing.name for thing in things): things for things, _parts in differences})
        page = _filled(page, title, [_line(*each) for each in differences], longest)
    page = _filled(page, "Exceptions", [f"- {text(each)}\n" for each in _exceptions(found)], longest)
    looked = [f"- {text(each)}\n" for each in _not_compared(found)]
    page = _filled(page, "Not compared", looked, longest)
    return with_names(page, groups.values(), longest, "in audit.json")


def page(report: Report, found: Audit) -> str:
    """A page by itself: the verdict first, then what differs before and after, then everything else."""
    tone = {0: "good", 2: "bad", 4: "unsure"}[found.status]
    parts = [f"<h1 class={tone}>{HEADLINES[found.status]}</h1>", f"<p class=sum>{_esc(sums(found))}</p>"]
    parts.append(f"<p>{_esc(_made(report))}</p>")
    for verdict, title in SECTIONS:
        rows = [_row(thing, part) for thing, part in _with(found, verdict)]
        if rows:
            parts.append(f"<h2>{_esc(title)}</h2>" + "".join(rows))
    mend = [f"<li>{_esc(name)}: {_esc(each)}" for name, sentences in found.needed.items() for each in sentences]
    if mend:
        parts.append("<h2>What would mend it</h2><ol>" + "".join(mend) + "</ol>")
    for title, lines in (("Exceptions", _exceptions(found)), ("Not compared", _not_compared(found))):
        items = [f"<li>{_esc(line)}" for line in lines]
        if items:
            parts.append(f"<h2>{title}</h2><ul>" + "".join(items) + "</ul>")
    things = [f"<tr><td>{_esc(thing.name)}<td>{_esc(place(thing))}<td>{_esc(_short(thing))}" for thing in found.things]
    parts.append("<h2>What was audited</h2><table><tr><th>Thing<th>Where<th>Verdict" + "".join(things) + "</table>")
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{HEADLINES[found.status]}</title>{STYLE}"
        + "\n".join(parts)
    )


STYLE = """<meta name=viewport content="width=device-width,initial-scale=1"><style>
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
h1{padding:.6rem 1rem;border-radius:.4rem;color:#fff;font-size:1.5rem}
.good{background:#17663a}.bad{background:#a3271b}.unsure{background:#7a5200}
h2{font-size:1.15rem;margin-top:2rem}
.part{border:1px solid #8888;border-radius:.4rem;padding:.6rem 1rem;margin:.6rem 0;break-inside:avoid}
.part h3{margin:0;font-size:1rem}.part p{margin:.3rem 0}
code{font:.85rem/1.4 ui-monospace,monospace;white-space:pre-wrap}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2rem .6rem .2rem 0;vertical-align:top}
@media print{body{margin:0;max-width:none}h1{print-color-adjust:exact}}
</style>
"""


def github(found: Audit) -> str:
    """A line for each difference that GitHub shows at the line that declares it, or in the log."""
    lines = []
    for thing, part in _told_at(found):
        file, line = _file_and_line(part)
        place = f" file={_property(file)},line={line}" if file else ""
        words = f"{thing.name}: {part.name} is {WORDS[part.verdict]}: {part.reason}"
        lines.append(f"::{'error' if part.verdict == NOT_READ else 'warning'}{place}::{_escaped(words)}")
    return "".join(f"{line}\n" for line in lines)


def sarif(found: Audit) -> dict[str, Any]:
    """The differences in the format of code scanning; each at the line that declares it, where that is known."""
    rules = [{"id": verdict, "shortDescription": {"text": WORDS[verdict]}} for verdict in (DRIFTED, PENDING, NOT_READ)]
    results = []
    for thing, part in _told_at(found):
        result: dict[str, Any] = {
            "ruleId": part.verdict,
            "level": "error" if part.verdict == NOT_READ else "warning",
            "message": {"text": f"{thing.name}: {part.name} is {WORDS[part.verdict]}: {part.reason}"},
        }
        file, line = _file_and_line(part)
        if file:
            place = {"artifactLocation": {"uri": quote(file)}, "region": {"startLine": line}}
            result["locations"] = [{"physicalLocation": place}]
        results.append(result)
    run = {"tool": {"driver": {"name": "mana.memory", "rules": rules}}, "results": results}
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _told_at(found: Audit) -> Iterator[tuple[Thing, Part]]:
    for verdict in (NOT_READ, DRIFTED, PENDING):
        yield from _with(found, verdict)


def _file_and_line(part: Part) -> tuple[str, int]:
    """The place that declares a part, where it is in a file below the working directory."""
    file, _colon, line = part.declared_at.rpartition(":")
    return (file, int(line)) if file and line.isdigit() and not file.startswith("/") else ("", 0)


def _escaped(words: str) -> str:
    """Words as GitHub's commands take them."""
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _escaped(words).replace(":", "%3A").replace(",", "%2C")


def _worst(found: Audit) -> Iterator[tuple[Thing, Part]]:
    """What decides the status."""
    verdicts = (NOT_READ,) if found.status == 4 else (DRIFTED, PENDING)
    for verdict in verdicts:
        yield from _with(found, verdict)


def _with(found: Audit, verdict: str) -> Iterator[tuple[Thing, Part]]:
    yield from ((thing, part) for thing in found.things for part in thing.parts if part.verdict == verdict)


def _alike(found: Audit, verdict: str) -> list[tuple[tuple[Thing, ...], tuple[Part, ...]]]:
    """The parts with a verdict, equal ones of several things together; the most common first."""
    equal = summary.alike(
        ((thing, part), [part.name, summary.template(part.reason, thing.called), part.observed, part.declared])
        for thing, part in _with(found, verdict)
    )
    return [(tuple(thing for thing, _part in each), tuple(part for _thing, part in each)) for _told, each in equal]


def _whose(things: Sequence[Thing]) -> str:
    """A thing by its name, several by how many they are and the first of them."""
    return things[0].name if len(things) == 1 else f"{told(things)} in {places(things)} ({some(things)})"


def _of(sentence: str, things: Sequence[Thing]) -> str:
    """A sentence that several share, or that of the only one."""
    return sentence.replace(summary.NAME, things[0].called) if len(things) == 1 else sentence


def _outcome(part: Part) -> list[str]:
    words = quoteattr(_printable(part.reason))
    if part.verdict == NOT_READ:
        return [f'<error type="{part.verdict}" message={words}/>']
    if part.verdict in (DRIFTED, PENDING):
        values = escape(_printable(f"there: {_value(part.observed)}\ndeclared: {_value(part.declared)}"))
        return [f'<failure type="{part.verdict}" message={words}>{values}</failure>']
    return [f"<skipped message={words}/>"] if part.verdict in (EXCEPTED, NOT_COMPARED) else []


def _line(things: Sequence[Thing], parts: Sequence[Part]) -> str:
    part = parts[0]
    reason = part.reason if len(things) == 1 else summary.template(part.reason, things[0].called)
    line = f"- **{text(_whose(things))}: {text(part.name)}**: {text(reason)}\n"
    lines = [each.declared_at for each in parts if each.declared_at]
    if lines:
        line += f"  - declared in {text(summary.some(lines))}\n"
    if part.verdict == NOT_READ:
        return line
    return line + f"  - there: {text(_value(part.observed))}\n  - declared: {text(_value(part.declared))}\n"


def _filled(page: str, title: str, lines: list[str], longest: int) -> str:
    """The page with a section, or with as much of it as there is room for."""
    if not lines:
        return page
    grown = f"{page}\n### {title}\n\n"
    for number, line in enumerate(lines):
        if len(grown) + len(line) > longest - 600:  # room for the other sections to say how many there are
            return f"{grown}\n{len(lines) - number} more are in audit.json.\n"
        grown += line
    return grown


def _row(thing: Thing, part: Part) -> str:
    row = f"<div class=part><h3>{_esc(thing.name)}: {_esc(part.name)}</h3><p>{_esc(part.reason)}</p>"
    if part.declared_at:
        row += f"<p>declared in {_esc(part.declared_at)}</p>"
    if part.verdict != NOT_READ:
        row += f"<p>there: <code>{_esc(_value(part.observed))}</code>"
        row += f"<p>declared: <code>{_esc(_value(part.declared))}</code>"
    return row + "</div>"


def _exceptions(found: Audit) -> list[str]:
    return [_told(each) for each in found.exceptions]


def _told(found: Found) -> str:
    exempt = found.exempt
    states = {
        "used": f"is let be for {count(found.days_left, 'day')} more: {exempt.reason}",
        "unused": "does not differ, so that the exception can go",
        "not_read": "was not read, so that nobody knows whether it still differs",
        "not_compared": "is not compared, so that nobody knows whether it still differs",
        "refused": "is refused as it is declared, and a refusal has no value to be let be; declare it otherwise",
        "expired": f"was let be until {exempt.until}, and still differs",
        "moved": _moved(found),
    }
    if found.state == "no_thing":
        return f"there is no {exempt.thing} in this audit; {_meant(exempt.thing, found.names)}"
    if found.state == "no_part":
        return f"{exempt.thing}: there is no part {exempt.part}; {_meant(exempt.part, found.names)}"
    return f"{exempt.thing}: {exempt.part} {states[found.state]}"


def _moved(found: Found) -> str:
    there = json.dumps(found.observed, ensure_ascii=False, sort_keys=True)
    declared = _value(found.exempt.observed)
    return f"is {there} now, and the exception is for {declared}; to let it be, write observed: {there}"


def _meant(name: str, names: Sequence[str]) -> str:
    """The name that was probably meant, or all that there are."""
    near = difflib.get_close_matches(name, names, 1)
    near = near or [each for each in names if name in each.split()]
    return f"did you mean {near[0]}?" if near else f"write one of {', '.join(names)}"


def _not_compared(found: Audit) -> list[str]:
    """What nobody declares, for each thing; what has the value of a new thing is only counted."""
    looked = []
    for thing in found.things:
        parts = [part for part in thing.parts if part.verdict == NOT_COMPARED]
        shown = [part for part in parts if not _is_default(part)]
        rest = len(parts) - len(shown)
        said = [f"{part.name} ({part.reason})" for part in shown] + ([f"{rest} with defaults"] if rest else [])
        if said:
            looked.append((thing, [summary.template(each, thing.called) for each in said]))
    return [f"{_whose(things)}: {_of('; '.join(said), things)}" for said, things in summary.alike(looked)]


def _is_default(part: Part) -> bool:
    if part.observed is None:
        return part.reason == "nobody declares it"
    return is_bare(part.observed) or part.observed in DEFAULTS


def _short(thing: Thing) -> str:
    verdicts = [part.verdict for part in thing.parts]
    return ", ".join(f"{verdicts.count(each)} {WORDS[each]}" for each in audits.VERDICTS if each in verdicts)


def _made(report: Report) -> str:
    found = list(dict.fromkeys(place(thing) for thing in report.things if thing.region))
    where = " and ".join(found) if len(found) <= summary.NAMES_SHOWN else places(report.things)
    return f"Audited at {report.made_at.isoformat(timespec='seconds')} in {where or 'no region'}."


def _value(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _printable(words: str) -> str:
    """Without what XML cannot hold."""
    return words if words.isprintable() else "".join(sign for sign in words if sign.isprintable() or sign in "\n\t")


def _esc(words: str) -> str:
    return html.escape(words, quote=False)

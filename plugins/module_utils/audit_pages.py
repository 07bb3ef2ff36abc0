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
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from . import audit as audits
from . import summary
from .audit import DRIFTED, EXCEPTED, IN_SYNC, NOT_COMPARED, NOT_READ, PENDING, Audit, Found
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
MANY = 20  # things that a page lists one by one


class Made(NamedTuple):
    """By whom an audit was made, and at which endpoints."""

    by: str = ""
    endpoints: tuple[str, ...] = ()


NOBODY = Made()


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


def markdown(report: Report, found: Audit, made: Made = NOBODY, longest: int = LONGEST) -> str:
    """A summary: the verdict, then what differs, then what was not compared."""
    page = f"## {HEADLINES[found.status]}\n\n{sums(found)}\n\n{text(_made(report, made))}\n"
    groups: dict[tuple[str, ...], tuple[Thing, ...]] = {}
    for verdict, title in SECTIONS:
        differences = _alike(found, verdict)
        groups.update({tuple(thing.name for thing in things): things for things, _parts in differences})
        page = _filled(page, title, [_line(*each) for each in differences], longest)
    page = _filled(page, "Exceptions", [f"- {text(each)}\n" for each in _exceptions(found)], longest)
    looked = [f"- {text(_whose(things))}: {text(said)}\n" for said, things in _not_compared(found)]
    page = _filled(page, "Not compared", looked, longest)
    return with_names(page, groups.values(), longest, "in audit.json")


def page(report: Report, found: Audit, made: Made = NOBODY) -> str:
    """A page by itself: the verdict first, then what differs before and after, then everything else."""
    tone = {0: "good", 2: "bad", 4: "unsure"}[found.status]
    headline = HEADLINES[found.status]
    sections = [
        *(_section(title, _parts(found, verdict)) for verdict, title in SECTIONS),
        _section("What would mend it", _mending(found)),
        _section("Exceptions", _exempt(found)),
        _section("Not compared", _undeclared(found)),
        _section("What was audited", _audited(found)),
    ]
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">\n<title>{headline}</title>\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n<style>{STYLE}</style>\n</head>\n'
        f'<body>\n<main>\n<h1 class="{tone}">{headline}</h1>\n{_counts(found)}\n<p>{_esc(sums(found))}</p>\n'
        f"{_about(report, made)}\n" + "\n".join(filter(None, sections)) + "\n</main>\n</body>\n</html>\n"
    )


# A test computes the contrast of these colours, and holds the rules for print.
STYLE = """
:root{color-scheme:light dark;--page:#fff;--text:#1c1c1e;--quiet:#55585f;--line:#c4c7ce;--card:#f6f7f9;
--good:#17663a;--bad:#a3271b;--unsure:#7a5200;--other:#3f4a5a;--onto:#fff;--less:#fbe3e0;--more:#dcf2e3}
@media screen and (prefers-color-scheme:dark){:root{--page:#16181c;--text:#e9eaee;--quiet:#a7acb7;--line:#474c56;
--card:#1f2228;--good:#1c7a46;--bad:#b8372a;--unsure:#8a5f08;--other:#505c6e;--less:#512723;--more:#1b4029}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:var(--page);color:var(--text);overflow-wrap:anywhere}
main{max-width:64rem;margin:0 auto;padding:1rem}
h1{margin:.5rem 0 1rem;padding:.7rem 1rem;border-radius:.5rem;color:var(--onto);font-size:1.6rem;line-height:1.25}
.good{background:var(--good)}.bad{background:var(--bad)}.unsure{background:var(--unsure)}
h2{font-size:1.25rem;margin:2rem 0 .5rem;padding-bottom:.2rem;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.2rem 0 .4rem}h4{font-size:1rem;margin:0}
h2,h3,h4{break-after:avoid}p{margin:.3rem 0}ul,ol{margin:.3rem 0;padding-left:1.5rem}
.counts{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0;margin:.8rem 0}
.counts li{padding:.15rem .7rem;border-radius:1rem;background:var(--other);color:var(--onto)}
.counts .in_sync{background:var(--good)}.counts .drifted,.counts .pending{background:var(--bad)}
.counts .not_read{background:var(--unsure)}
.about{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.8rem 0}
dt,.quiet,th{color:var(--quiet)}dd{margin:0}
.part{background:var(--card);border:1px solid var(--line);border-left:.3rem solid var(--other);border-radius:.4rem;
padding:.6rem 1rem;margin:.6rem 0;break-inside:avoid}
.drifted.part,.pending.part{border-left-color:var(--bad)}.not_read.part{border-left-color:var(--unsure)}
.values{display:grid;grid:auto auto/auto-flow minmax(0,1fr);gap:.1rem 1.5rem;margin:.5rem 0}
pre{font:.9rem/1.45 ui-monospace,monospace;margin:0;padding-left:2ch;white-space:pre-wrap}
del,ins{display:block;margin-left:-2ch;padding-left:2ch;text-indent:-2ch;text-decoration:none;font-weight:600}
del{background:var(--less)}ins{background:var(--more)}del::before{content:"- "}ins::before{content:"+ "}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0}
tr{border-bottom:1px solid var(--line);break-inside:avoid}tbody th{color:inherit;font-weight:400;width:65%}
time{white-space:nowrap}summary{cursor:pointer}.plain{list-style:none;padding:0}
.plain li,section>div{margin:.3rem 0}
@media(max-width:40rem){.values{display:block}h1{font-size:1.3rem}}
@media print{main{max-width:none;padding:0 1px}h1,.counts li{background:none!important;color:inherit;border:1px solid}
del,ins{background:none}details::details-content{content-visibility:visible;display:block;height:auto}}
"""


def _section(title: str, content: str) -> str:
    return f"<section>\n<h2>{title}</h2>\n{content}\n</section>" if content else ""


def _counts(found: Audit) -> str:
    counts = [
        f'<li class="{verdict}"><strong>{n}</strong> {WORDS[verdict]}</li>' for verdict, n in found.counts.items() if n
    ]
    return '<ul class="counts">' + "".join(counts) + "</ul>"


def _about(report: Report, made: Made) -> str:
    """When, by whom, and where."""
    moment = report.made_at.isoformat(timespec="seconds")
    facts = [
        ("When", f'<time datetime="{moment}">{report.made_at:%Y-%m-%d %H:%M:%S} {report.made_at.tzname()}</time>'),
        ("By", _esc(made.by)),
        ("Where", "<br>".join(map(_esc, _places(report.things)))),
        ("Endpoint", "<br>".join(map(_esc, made.endpoints))),
    ]
    rows = [f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts if value]
    return '<dl class="about">' + "".join(rows) + "</dl>"


def _parts(found: Audit, verdict: str) -> str:
    """The parts with this verdict, below the thing that they are of."""
    lines: list[str] = []
    above = None
    for thing, part in _with(found, verdict):
        if thing.name != above:
            lines.append(f"<h3>{_esc(thing.name)}</h3>")
            above = thing.name
        lines.append(_card(part))
    return "\n".join(lines)


def _card(part: Part) -> str:
    card = f'<div class="part {part.verdict}"><h4>{_esc(part.name)}</h4><p>{_esc(_begun(part.reason))}</p>'
    if part.verdict != NOT_READ:
        there, declared = _marked(_lines(part.observed), _lines(part.declared))
        card += f'<dl class="values"><dt>There</dt><dd><pre>{there}</pre></dd>'
        card += f"<dt>Declared</dt><dd><pre>{declared}</pre></dd></dl>"
    if part.declared_at:
        card += f'<p class="quiet">declared in {_esc(part.declared_at)}</p>'
    return card + "</div>"


def _lines(value: Any) -> list[str]:
    """A value over as many lines as it has members."""
    if value is None:
        return ["nothing"]
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2).splitlines()


def _marked(there: list[str], declared: list[str]) -> tuple[str, str]:
    """Both values, with the lines marked that the other one has not; where no line is the same, nothing is marked."""
    blocks = difflib.SequenceMatcher(None, there, declared, autojunk=False).get_opcodes()
    marks = any(block[0] == "equal" for block in blocks)
    pairs = [
        (
            _shown(there[first:last], "del" if marks and kind != "equal" else ""),
            _shown(declared[begin:end], "ins" if marks and kind != "equal" else ""),
        )
        for kind, first, last, begin, end in blocks
    ]
    return "".join(one for one, _other in pairs).rstrip("\n"), "".join(other for _one, other in pairs).rstrip("\n")


def _shown(lines: Iterable[str], mark: str) -> str:
    return "".join(f"<{mark}>{_esc(line)}</{mark}>" if mark else f"{_esc(line)}\n" for line in lines)


def _mending(found: Audit) -> str:
    lines = []
    for name, sentences in found.needed.items():
        if sentences:
            steps = "".join(f"<li>{_esc(_begun(each))}</li>" for each in sentences)
            lines.append(f"<h3>{_esc(name)}</h3>\n<ol>{steps}</ol>")
    return "\n".join(lines)


def _exempt(found: Audit) -> str:
    """A row for each exception, with the days that it has left."""
    if not found.exceptions:
        return ""
    rows = [
        f'<tr><th scope="row">{_esc(_told(each))}</th>'
        f"<td><time>{each.exempt.until}</time><br>{_left(each.days_left)}</td></tr>"
        for each in found.exceptions
    ]
    return _table("Exception", "Until", rows)


def _left(days: int) -> str:
    return f"{count(days, 'day')} left" if days >= 0 else "expired"


def _undeclared(found: Audit) -> str:
    """What nobody declares. Things of which the same is told are folded together."""
    items = [f"<li>{_folded(said, [each.name for each in things])}</li>" for said, things in _not_compared(found)]
    return '<ul class="plain">\n' + "\n".join(items) + "\n</ul>" if items else ""


def _folded(told: str, names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{_esc(names[0])}: {_esc(told)}"
    return f"<details><summary>{len(names)} things: {_esc(told)}</summary>{_esc(', '.join(names))}</details>"


def _audited(found: Audit) -> str:
    """A row for each thing. Where there are many, those of which all is as declared are folded."""
    several = len(_places(found.things)) > 1
    folded: dict[str, list[str]] = {}
    rows = []
    for thing in found.things:
        where = place(thing) if several else ""
        if len(found.things) > MANY and _is_quiet(thing):
            folded.setdefault(", ".join(filter(None, [_short(thing), where])), []).append(thing.name)
        else:
            below = f'<br><span class="quiet">{_esc(where)}</span>' if where else ""
            rows.append(f'<tr><th scope="row">{_esc(thing.name)}{below}</th><td>{_esc(_short(thing))}</td></tr>')
    table = _table("Thing", "Verdict", rows) + "\n" if rows else ""
    return table + "\n".join(f"<div>{_folded(told, names)}</div>" for told, names in folded.items())


def _table(first: str, second: str, rows: Iterable[str]) -> str:
    head = f'<tr><th scope="col">{first}</th><th scope="col">{second}</th></tr>'
    return f"<table>\n<thead>{head}</thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table>"


def _is_quiet(thing: Thing) -> bool:
    return all(part.verdict in (IN_SYNC, NOT_COMPARED) for part in thing.parts)


def _begun(words: str) -> str:
    """Words as a sentence begins."""
    begins = "".join(words.split(maxsplit=1)[:1]).isalpha()
    return words[:1].upper() + words[1:] if begins else words


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


def _not_compared(found: Audit) -> list[tuple[str, tuple[Thing, ...]]]:
    """What nobody declares, with the things of which it is told; what has the value of a new thing is only counted."""
    looked: list[tuple[Thing, str]] = []
    for thing in found.things:
        parts = [part for part in thing.parts if part.verdict == NOT_COMPARED]
        reasons: dict[str, list[str]] = {}
        for part in parts:
            if not _is_default(part):
                reasons.setdefault(part.reason, []).append(part.name)
        defaults = len(parts) - sum(map(len, reasons.values()))
        words = [f"{', '.join(names)} ({reason})" for reason, names in reasons.items()]
        if defaults:
            words.append(f"{count(defaults, 'other part' if words else 'part')} that nobody declares")
        if words:
            looked.append((thing, "; ".join(words)))
    return summary.alike(looked)


def _is_default(part: Part) -> bool:
    if part.observed is None:
        return part.reason == "nobody declares it"
    return is_bare(part.observed) or part.observed in DEFAULTS


def _short(thing: Thing) -> str:
    verdicts = [part.verdict for part in thing.parts]
    return ", ".join(f"{verdicts.count(each)} {WORDS[each]}" for each in audits.VERDICTS if each in verdicts)


def _places(things: Iterable[Thing]) -> list[str]:
    """Where the things are. A region stands once, also where not each of its things tells its account."""
    known = {thing.region for thing in things if thing.account_id}
    here = (thing for thing in things if thing.region and (thing.account_id or thing.region not in known))
    return list(dict.fromkeys(map(place, here)))


def _made(report: Report, made: Made) -> str:
    by = f" by {made.by}" if made.by else ""
    at = f" at {' and '.join(made.endpoints)}" if made.endpoints else ""
    found = _places(report.things)
    where = " and ".join(found) if len(found) <= summary.NAMES_SHOWN else places(report.things)
    return f"Audited at {report.made_at.isoformat(timespec='seconds')}{by} in {where or 'no region'}{at}."


def _value(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _printable(words: str) -> str:
    """Without what XML cannot hold."""
    return words if words.isprintable() else "".join(sign for sign in words if sign.isprintable() or sign in "\n\t")


def _esc(words: str) -> str:
    """Words for HTML. A sign that nobody sees, or that turns the direction of others, is told by its number."""
    if not words.isprintable():
        words = "".join(sign if sign.isprintable() or sign in "\n\t" else f"\\u{ord(sign):04x}" for sign in words)
    return html.escape(words, quote=False)

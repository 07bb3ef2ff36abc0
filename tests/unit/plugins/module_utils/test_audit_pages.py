# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The page of an audit, without a browser: it is sound, everybody can read it, and print loses nothing of it."""

from __future__ import annotations

import datetime
import html.parser
import re
from typing import Any

import pytest

from plugins.module_utils import audit_pages
from plugins.module_utils.audit import VERDICTS, Audit, Exempt, Found
from plugins.module_utils.audit_pages import Made
from plugins.module_utils.plan import Step
from plugins.module_utils.report import Part, Report, Thing

NOW = datetime.datetime(2026, 11, 1, 9, 30, tzinfo=datetime.timezone.utc)
VOID = {"meta", "br"}
STEP = Step("dynamodb", "TagResource", {}, "tag threads with team=<a>")
TAGS = Part("tags", {"team": "x", "is": "same"}, {"team": "<a>", "is": "same"}, "drifted", "somebody changed it")
PARTS = (
    Part("existence", True, True, "in_sync"),
    TAGS,
    Part("read_capacity", 5, 12, "pending", "the declaration changed", "vars.yml:7"),
    Part("time_to_live", {"enabled": False}, {"enabled": True}, "excepted", "why (until 2026-11-20)"),
    Part("point_in_time_recovery", None, None, "not_read", "the missing permission is dynamodb:Describe…"),
    Part("index by_day", {"name": "by_day"}, None, "not_compared", "nobody declares it"),
    Part("table_class", "STANDARD", None, "not_compared", "nobody declares it"),
)
EXEMPT = Exempt("table threads", "time_to_live", "why", datetime.date(2026, 11, 20), {"enabled": False})
EXCEPTIONS = (Found(EXEMPT, "used", 19), Found(EXEMPT, "expired", -1), Found(EXEMPT, "unused", 1))
MADE = Made("ada on build-7", ("http://127.0.0.1:4566", "AWS"))


def thing(name: str, *parts: Part, account_id: str = "123456789012") -> Thing:
    return Thing(name, "eu-west-1", account_id, (STEP,), parts)


def page(*things: Thing, exceptions: tuple[Found, ...] = (), made: Made = MADE) -> str:
    return audit_pages.page(Report("audit", NOW, "", things), Audit(things, exceptions), made)


MIXED = page(thing("table threads", *PARTS), thing("policy p", PARTS[0], account_id=""), exceptions=EXCEPTIONS)
IN_SYNC = (PARTS[0], Part("tags", {}, {}, "in_sync"), *PARTS[-2:])
MANY = page(*(thing(f"table threads-{number}", *IN_SYNC) for number in range(200)))


class Reader(html.parser.HTMLParser):
    """Reads a page strictly: each element but the void ones ends where it has to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], "an element does not end"

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        self.words.setdefault(tag, []).append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, "an element ends within another"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.words[self._open[-1]][-1] += data


@pytest.mark.parametrize("text", [MIXED, MANY, page()], ids=["mixed", "many", "nothing"])
def test_a_page_is_sound_and_stands_alone(text: str) -> None:
    read = Reader(text)
    names = [tag for tag, _attributes in read.tags]
    assert text.startswith("<!doctype html>\n")
    assert read.tags[0] == ("html", {"lang": "en"})
    assert names[1:6] == ["head", "meta", "title", "meta", "style"]
    assert not {"script", "link", "img", "iframe"} & {*names}
    assert not [attributes for _tag, attributes in read.tags if {"src", "href", "style", "onclick"} & {*attributes}]
    assert not re.search(r"url\(|@import", audit_pages.STYLE)


@pytest.mark.parametrize("text", [MIXED, MANY, page()], ids=["mixed", "many", "nothing"])
def test_headings_descend_by_one_and_tables_name_their_rows_and_columns(text: str) -> None:
    read = Reader(text)
    levels = [int(tag[1]) for tag, _attributes in read.tags if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))
    assert {attributes.get("scope") for tag, attributes in read.tags if tag == "th"} <= {"row", "col"}


def test_the_verdict_comes_first_then_when_by_whom_and_where() -> None:
    read = Reader(MIXED)
    assert read.words["h1"] == ["Not everything could be read"]
    assert read.words["h2"] == [
        *(title for _verdict, title in audit_pages.SECTIONS),
        *("What would mend it", "Exceptions", "Not compared", "What was audited"),
    ]
    about = dict(zip(read.words["dt"], read.words["dd"]))
    assert about["When"] == ""
    assert read.words["time"][0] == "2026-11-01 09:30:00 UTC"
    assert about["By"] == "ada on build-7"
    assert about["Where"] == "eu-west-1 of account 123456789012"
    assert "<dd>http://127.0.0.1:4566<br>AWS</dd>" in MIXED


def test_a_verdict_is_told_in_words_and_not_by_its_colour_alone() -> None:
    read = Reader(MIXED)
    counts = [words for words, (tag, attributes) in zip(read.words["li"], _of(read, "li")) if attributes.get("class")]
    assert counts == [f" {audit_pages.WORDS[verdict]}" for verdict in VERDICTS]
    assert read.words["strong"] == ["2", "1", "1", "1", "1", "2"]
    for mark, sign in (("del", "- "), ("ins", "+ ")):
        assert f'{mark}::before{{content:"{sign}"}}' in audit_pages.STYLE


def _of(read: Reader, tag: str) -> list[tuple[str, dict[str, str | None]]]:
    return [each for each in read.tags if each[0] == tag]


def test_of_a_difference_the_lines_that_differ_are_marked() -> None:
    read = Reader(page(thing("table threads", TAGS)))
    assert read.words["del"] == ['  "team": "x"']
    assert read.words["ins"] == ['  "team": "<a>"']
    assert read.words["h4"] == ["tags"]
    assert read.words["p"][1] == "Somebody changed it"


@pytest.mark.parametrize(("observed", "declared"), [(5, 12), (None, {"a": 1}), ({}, ["x"])])
def test_of_values_that_have_no_line_in_common_nothing_is_marked(observed: Any, declared: Any) -> None:
    read = Reader(page(thing("table threads", TAGS._replace(observed=observed, declared=declared))))
    assert not {"del", "ins"} & {tag for tag, _attributes in read.tags}
    assert read.words["pre"][0] == ("nothing" if observed is None else str(observed))


def test_what_nobody_sees_is_told_by_its_number() -> None:
    unseen = TAGS._replace(observed="a\u202eb", declared="ab", reason="one\ntwo\0")
    read = Reader(page(thing("table threads", unseen)))
    assert read.words["pre"] == ['"a\\u202eb"', '"ab"']
    assert read.words["p"][1] == "One\ntwo\\u0000"


def test_what_mends_a_difference_is_a_step_of_its_thing() -> None:
    read = Reader(page(thing("table threads", TAGS)))
    assert read.words["h3"] == ["table threads", "table threads"]
    assert "Tag threads with team=<a>" in read.words["li"]


def test_an_exception_tells_the_days_that_it_has_left() -> None:
    rows = re.findall(r"<td><time>(.*?)</time><br>(.*?)</td>", MIXED)
    assert rows == [("2026-11-20", "19 days left"), ("2026-11-20", "expired"), ("2026-11-20", "1 day left")]
    assert "table threads: time_to_live is let be for 19 days more: why" in MIXED


def test_things_of_which_the_same_is_told_are_told_once() -> None:
    read = Reader(MANY)
    assert read.words["summary"] == [
        "200 things: index by_day (nobody declares it); 1 other part that nobody declares",
        "200 things: 2 in sync, 2 not compared",
    ]
    assert "table threads-0, table threads-1, " in MANY
    assert len(MANY.encode()) <= 150_000
    assert len(MANY.encode()) <= 20_000, "no row for each"


def test_of_many_things_those_that_differ_have_a_row_each() -> None:
    things = [thing(f"table threads-{number}", *(PARTS if number == 7 else IN_SYNC)) for number in range(30)]
    read = Reader(page(*things))
    rows = [
        words for words, (_tag, attributes) in zip(read.words["th"], _of(read, "th")) if attributes["scope"] == "row"
    ]
    assert rows == ["table threads-7"]
    assert read.words["summary"][-1].startswith("29 things: ")


def test_things_of_several_accounts_say_where_they_are() -> None:
    two = page(thing("a", PARTS[0]), thing("b", PARTS[0], account_id="999999999999"))
    assert Reader(two).words["span"] == ["eu-west-1 of account 123456789012", "eu-west-1 of account 999999999999"]


def test_print_loses_nothing() -> None:
    """A printer has no background, and nobody can open what is folded on paper."""
    rules = audit_pages.STYLE.partition("@media print{")[2]
    assert "details::details-content{content-visibility:visible;" in rules
    assert "h1,.counts li{background:none!important;color:inherit;border:1px solid}" in rules
    assert "del,ins{background:none}" in rules
    assert "@media screen and (prefers-color-scheme:dark)" in audit_pages.STYLE, "paper is white"


def colours(style: str) -> dict[str, str]:
    """The colours of a theme by their names."""
    return dict(re.findall(r"--(\w+):(#\w+)", style))


def luminance(colour: str) -> float:
    """By WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


LIGHT, _dark, REST = audit_pages.STYLE.partition("@media screen and (prefers-color-scheme:dark)")
THEMES = {"light": colours(LIGHT), "dark": {**colours(LIGHT), **colours(REST.partition("}}")[0])}}
ON = {
    "text": ("page", "card", "less", "more"),
    "quiet": ("page", "card"),
    "onto": ("good", "bad", "unsure", "other"),
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("colour", "ground"), [(colour, ground) for colour, grounds in ON.items() for ground in grounds]
)
def test_words_have_the_contrast_that_wcag_asks_for(theme: str, colour: str, ground: str) -> None:
    assert contrast(THEMES[theme][colour], THEMES[theme][ground]) >= 4.5


def test_the_contrast_is_that_of_wcag() -> None:
    assert round(contrast("#000", "#ffffff"), 2) == 21
    assert round(contrast("#767676", "#fff"), 2) == 4.54


def test_each_colour_of_the_page_is_held_to_a_contrast() -> None:
    used = {*re.findall(r"var\(--(\w+)\)", audit_pages.STYLE)}
    assert used == {*ON} | {ground for grounds in ON.values() for ground in grounds} | {"line"}

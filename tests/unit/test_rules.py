# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rules of AWS: every one that is cited is written down, and every one that is written down is cited."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.law.rules import RULES

ROOT = Path(__file__).parents[2]
NAME = r"[a-z]+(?:-[a-z]+)+"
A_RULE = re.compile(rf"^\| ({NAME}) \|", re.MULTILINE)
NAMED = re.compile(rf"\b[Rr]ules? ({NAME}(?:(?:, | and ){NAME})*)")
IN_A_TITLE = re.compile(rf"[ \"]\[({NAME}(?:, {NAME})*)\](?=[\"'])")
CITED_NOWHERE = "## Known, and cited nowhere"

HOW_SURE = re.compile(rf"^\| ({NAME}) \|.* \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)

DOCUMENT = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
# Of each rule that something relies on, how sure it is, and what the gate does.
OF_THE_GATE = {name: (sure, gate) for name, sure, gate in HOW_SURE.findall(DOCUMENT.split(CITED_NOWHERE)[0])}
SECTIONS = dict(zip(("cited", "not cited"), DOCUMENT.split(CITED_NOWHERE)))


def cited(text: str) -> set[str]:
    """The names in a text, wherever its lines break."""
    flowing = re.sub(r"\s*\n\s*(?:# )?", " ", text)
    found = NAMED.findall(flowing) + IN_A_TITLE.findall(text)
    return {name for names in found for name in re.findall(NAME, names)}


def citations() -> dict[str, set[str]]:
    """By file, the rules that it cites."""
    files = [path for top in ("plugins", "tests") for path in (ROOT / top).rglob("*.py") if path != Path(__file__)]
    files += [path for path in (ROOT / "docs").glob("*.md") if path.name != "rules.md"]
    files += (ROOT / "roles").rglob("*.yml")
    texts = {str(path.relative_to(ROOT)): cited(path.read_text(encoding="utf-8")) for path in sorted(files)}
    law = "tests/law/rules.py"
    return {**texts, law: texts[law] | {rule.name for rule in RULES}}


CITATIONS = citations()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Alone in its call (rule class-travels-alone).", {"class-travels-alone"}),
        ("# rules class-travels-alone, protection-cools-down and\n    # names-have-a-form", {
            "class-travels-alone", "protection-cools-down", "names-have-a-form"}),
        ('"the class travels alone [class-travels-alone, names-have-a-form]"', {
            "class-travels-alone", "names-have-a-form"}),
        ('"replicas[eu-west-1].tags", ids=["a-b"]', set()),
        ("no rule of on-demand tables", set()),
    ],
    ids=["in a docstring", "over several lines", "in the title of a test", "an option", "a word with a hyphen"],
)  # fmt: skip
def test_a_citation_is_found(text: str, names: set[str]) -> None:
    assert cited(text) == names


@pytest.mark.parametrize("path", [path for path, names in CITATIONS.items() if names])
def test_each_cited_rule_is_written_down(path: str) -> None:
    assert CITATIONS[path] - set(A_RULE.findall(DOCUMENT)) == set()


def test_each_rule_is_cited_or_says_why_not() -> None:
    everywhere = set().union(*CITATIONS.values())
    assert set(A_RULE.findall(SECTIONS["cited"])) - everywhere == set()
    assert set(A_RULE.findall(SECTIONS["not cited"])) & everywhere == set()


def test_a_rule_is_written_down_once_with_its_source_and_how_sure_it_is() -> None:
    names = A_RULE.findall(DOCUMENT)
    assert len(names) == len(set(names)) > 100
    rows = [line for line in DOCUMENT.splitlines() if A_RULE.match(line)]
    assert [row for row in rows if not all(cell.strip(" |") for cell in row.split(" | "))] == []
    assert {len(row.split(" | ")) for row in rows if A_RULE.findall(row)[0] in OF_THE_GATE} == {5}
    assert {len(row.split(" | ")) for row in rows if A_RULE.findall(row)[0] not in OF_THE_GATE} == {4}


def test_the_page_says_what_the_gate_does() -> None:
    """What the gate refuses is the law, and what it shows is seen in the gate's own tests."""
    refused = {name for name, (_sure, gate) in OF_THE_GATE.items() if "refuses" in gate or "counts" in gate}
    assert refused == {rule.name for rule in RULES}
    seen = CITATIONS["tests/integration/test_gate.py"]
    assert {name for name, (_sure, gate) in OF_THE_GATE.items() if "shows" in gate or "counts" in gate} == seen
    throttled = {name for name, (_sure, gate) in OF_THE_GATE.items() if gate == "throttles"}
    assert throttled == CITATIONS["tests/unit/test_pace.py"]
    words = {gate for _sure, gate in OF_THE_GATE.values() if not gate.startswith("no: ")}
    assert words == {"refuses", "shows", "refuses, shows", "counts", "throttles", "-"}


def test_the_numbers_of_the_gate_are_counted() -> None:
    page = (ROOT / "docs" / "endpoints.md").read_text(encoding="utf-8")
    law = [sure for sure, gate in OF_THE_GATE.values() if "refuses" in gate or "counts" in gate]
    sure = {kind: sum(each.split(",")[0] == kind for each in law) for kind in ("measured", "documented", "model")}
    assert sum(sure.values()) == len(law)
    counts = sum(gate == "counts" for _sure, gate in OF_THE_GATE.values())
    shows = sum("shows" in gate for _sure, gate in OF_THE_GATE.values())
    assert (
        f"Of the {len(OF_THE_GATE)} rules of [rules.md](rules.md) that something relies on, the gate refuses what "
        f"breaks {len(law)}: {sure['measured']} are measured, {sure['documented']} documented, {sure['model']} of the "
        f"service model. {counts} of them are quotas. Of {shows} it shows the course."
    ) in " ".join(page.split())

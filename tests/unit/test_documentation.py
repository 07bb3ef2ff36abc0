# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pages say what the code does: their examples, their tables and their links are held against it."""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from plugins.module_utils import connection, front
from tests.declaring import validated

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    page
    for page in (
        *sorted(ROOT.glob("*.md")),
        *sorted((ROOT / "docs").rglob("*.md")),
        *sorted((ROOT / "roles").rglob("*.md")),
    )
    if page.name not in ("CHANGELOG.md", "specification.md") and not page.name.startswith("benchmarks")
]
README = ROOT / "README.md"
JAPANESE = ROOT / "docs/README.ja.md"
ROLE = ROOT / "roles/mana_memory"
ROLE_README = ROLE / "README.md"
SPECS = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]
DEFAULTS = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
VARIABLES = {name: option for entry in SPECS.values() for name, option in entry["options"].items()}
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("[!_]*.py"))

PREFIX = "mana.memory."
GROUP = "group/mana.memory.aws"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
# What belongs to a declaration and is no part of a table.
NO_PART = {"name", "state", "wait", "wait_timeout"}


def relative(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    return [text for found, text in FENCE.findall(page.read_text()) if found == language]


def of(language: str) -> list[Any]:
    return [
        pytest.param(text, id=f"{relative(page)} {number}")
        for page in PAGES
        for number, text in enumerate(blocks(page, language), 1)
    ]


def first_cells(page: Path) -> list[str]:
    """The names in code in the first cell of each row of a page's tables."""
    return re.findall(r"^\| `([\w.]+)` \|", page.read_text(), re.MULTILINE)


def mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping in a document, however deep."""
    if isinstance(value, Mapping):
        yield value
    for member in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from mappings(member)


def templated(value: Any) -> bool:
    return "{{" in json.dumps(value, default=str)


def names_of(specification: Mapping[str, Any]) -> set[str]:
    return {name for option, spec in specification.items() for name in (option, *spec.get("aliases", []))}


def undeclarable(declared: Mapping[str, Any], specification: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The options of an example that the argument spec does not have; templates may stand for any value."""
    for name, value in declared.items():
        if name not in names_of(specification):
            yield f"{path}{name} is no option"
            continue
        (spec,) = (spec for option, spec in specification.items() if name in (option, *spec.get("aliases", [])))
        for member in value if isinstance(value, list) else [value]:
            if isinstance(member, Mapping) and "options" in spec:
                yield from undeclarable(member, spec["options"], f"{path}{name}.")
            elif "choices" in spec and not templated(member) and member not in spec["choices"]:
                yield f"{path}{name} cannot be {member}"


def problems(document: Any) -> Iterator[str]:
    """The mistakes in the tasks, the defaults and the variables of an example."""
    for mapping in mappings(document):
        for key, value in mapping.items():
            if str(key).startswith("mana_memory_") and key not in VARIABLES:
                yield f"the role has no variable {key}"
            if key == GROUP:
                yield from undeclarable(value, connection.OPTIONS, f"{GROUP}: ")
            if str(key).startswith(PREFIX):
                yield from task_problems(key.removeprefix(PREFIX), value)


def task_problems(name: str, declared: Mapping[str, Any]) -> Iterator[str]:
    if name not in MODULES:
        yield f"there is no module {PREFIX}{name}"
        return
    module = importlib.import_module(f"plugins.modules.{name}")
    wrong = list(undeclarable(declared, front.specification(module.SPEC)["argument_spec"], f"{name}: "))
    if not wrong and not templated(declared):
        wrong = validated(module, declared).error_messages
    yield from wrong


@pytest.mark.parametrize("text", of("yaml"))
def test_an_example_can_be_declared(text: str) -> None:
    assert list(problems(yaml.safe_load(text))) == []


@pytest.mark.parametrize(
    "example",
    [
        pytest.param({"mana.memory.dynamodb_tables": {}}, id="a module that does not exist"),
        pytest.param({"mana.memory.dynamodb_table": {"name": "a", "hash_key": "pk"}}, id="an unknown option"),
        pytest.param(
            {"mana.memory.dynamodb_table": {"name": "abc", "indexes": [{"name": "a", "type": "global"}]}},
            id="an unknown choice of a suboption",
        ),
        pytest.param({"mana.memory.dynamodb_item": {"table_name": "abc", "item": {}}}, id="a required option left out"),
        pytest.param({"mana.memory.dynamodb_table": {"name": "abc", "read_capacity": "much"}}, id="a wrong type"),
        pytest.param({"module_defaults": {"group/mana.memory.aws": {"zone": "a"}}}, id="an unknown connection option"),
        pytest.param({"vars": {"mana_memory_nothing": 1}}, id="an unknown variable of the role"),
    ],
)
def test_an_example_that_cannot_be_declared_is_found(example: Any) -> None:
    assert list(problems([{"tasks": [example]}])) != []


@pytest.mark.parametrize("text", of("json"))
def test_a_json_example_is_json(text: str) -> None:
    json.loads(text)


def test_the_readme_opens_with_a_playbook_of_ten_lines() -> None:
    first = blocks(README, "yaml")[0]
    assert len(first.splitlines()) == 10
    assert yaml.safe_load(first)[0]["tasks"]


def test_the_role_s_defaults_are_those_of_its_argument_specs() -> None:
    assert {name: option["default"] for name, option in VARIABLES.items() if "default" in option} == DEFAULTS


def test_the_role_knows_its_variables_and_takes_them_wherever_it_is_entered() -> None:
    known = yaml.safe_load((ROLE / "vars/main.yml").read_text())["_mana_memory_variables"]
    assert sorted(known) == sorted([*VARIABLES, "mana_memory_in_process"])
    assert [
        name for name, entry in SPECS.items() if not SPECS["main"]["options"].items() <= entry["options"].items()
    ] == []


def test_the_role_s_page_lists_its_variables_and_entry_points() -> None:
    assert set(first_cells(ROLE_README)) - {"tasks_from"} == {*VARIABLES, *SPECS}


def test_the_japanese_readme_has_the_same_first_screen_and_all_variables() -> None:
    assert blocks(JAPANESE, "yaml") == blocks(README, "yaml")[:1]
    assert blocks(JAPANESE, "console")[:3] == blocks(README, "console")[:3]
    assert [name for name in first_cells(JAPANESE) if name.startswith("mana_memory_")] == [
        name for name in first_cells(ROLE_README) if name.startswith("mana_memory_")
    ]


def test_the_pages_list_the_modules_and_the_playbooks_that_there_are() -> None:
    def listed(page: str) -> set[str]:
        cells = first_cells(ROOT / "docs" / page)
        return {name.removeprefix(PREFIX) for name in cells if name.startswith(PREFIX)}

    assert listed("modules.md") == set(MODULES)
    assert listed("permissions.md") == {path.stem for path in (ROOT / "playbooks").glob("*.yml")}


def test_every_module_is_in_the_action_group_and_has_its_action() -> None:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())
    assert sorted(runtime["action_groups"]["aws"]) == MODULES
    assert sorted(path.stem for path in (ROOT / "plugins/action").glob("[!_]*.py")) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_what_a_module_with_a_plan_returns_is_documented(module: str) -> None:
    returned = yaml.safe_load(importlib.import_module(f"plugins.modules.{module}").RETURN)
    if "plan" in returned:
        assert returned["check_mode"]["returned"] == "in check mode"
        assert [*returned["plan"]["contains"]] == ["service", "call", "region", "arguments", "sentence"]
        assert {"region", "endpoint_url"} <= set(returned)


def test_the_page_of_tables_names_every_option() -> None:
    options = importlib.import_module("plugins.modules.dynamodb_table").OPTIONS
    page = (ROOT / "docs/table.md").read_text()
    assert [name for name in set(options) - NO_PART if f"`{name}`" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_lead_to_files_that_exist(page: Path) -> None:
    links = [link.partition("#")[0] for link in LINK.findall(page.read_text()) if "://" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_commands_of_make_exist(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"(?:`|\$ )(?:[A-Z_]+=\S+ )*make ([a-z][a-z-]*)", page.read_text())
    assert sorted(set(named) - set(targets)) == []


def test_a_command_of_make_runs_whatever_files_there_are() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    commands = re.findall(r"^([a-z-]+):.* ## ", makefile, re.MULTILINE)
    assert sorted(set(commands) - set(phony.split())) == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_nothing_is_left_to_do(page: Path) -> None:
    assert re.findall(r"TODO|FIXME|TBD|XXX", page.read_text()) == []


@pytest.mark.parametrize("module", MODULES)
def test_ansible_doc_reads_every_module_without_a_warning(module: str) -> None:
    """It takes an assignment to a name alone, and warns of all others."""
    program = ast.parse((ROOT / f"plugins/modules/{module}.py").read_text())
    assignments = [statement for statement in program.body if isinstance(statement, ast.Assign)]
    assert assignments
    for statement in assignments:
        assert all(isinstance(target, ast.Name) for target in statement.targets), ast.unparse(statement)


@pytest.mark.parametrize("text", ["DOCUMENTATION", "EXAMPLES", "RETURN"])
@pytest.mark.parametrize("module", MODULES)
def test_the_documentation_of_a_module_is_yaml(module: str, text: str) -> None:
    assert yaml.safe_load(getattr(importlib.import_module(f"plugins.modules.{module}"), text))


@pytest.mark.parametrize("module", MODULES)
def test_no_parenthesis_ends_the_markup_of_a_documentation_early(module: str) -> None:
    text = (ROOT / f"plugins/modules/{module}.py").read_text()
    assert re.findall(r"\b[CBIU]\([^()]*\(", text) == []
    assert re.findall(r"\b[VOE]\((?:[^()\\]|\\.)*\([^()\\]*\)\)", text) == []


# Less of a sentence would fit anything.
LITERALLY = 15


def sentences_of_the_code() -> list[re.Pattern[str]]:
    """The texts in the plugins, with anything in place of what a text fills in."""
    found = []
    for path in (ROOT / "plugins").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            texts = [part.value if isinstance(part, ast.Constant) else None for part in parts]
            said = [text for text in texts if isinstance(text, str)]
            if sum(map(len, said)) >= LITERALLY:
                found.append(re.compile("".join(re.escape(text) if isinstance(text, str) else ".*" for text in texts)))
    return found


SENTENCES = sentences_of_the_code()


def refusals() -> list[str]:
    """The sentences that the page on tables quotes."""
    section = (ROOT / "docs/table.md").read_text(encoding="utf-8").split("## What is refused")[1].split("\n## ")[0]
    return [line.rpartition(" | `")[2].removesuffix("` |") for line in section.splitlines() if line.endswith("` |")]


@pytest.mark.parametrize("sentence", refusals())
def test_a_refusal_on_the_page_of_tables_is_one_of_the_code(sentence: str) -> None:
    assert [pattern for pattern in SENTENCES if pattern.fullmatch(sentence)], sentence


def test_another_refusal_would_not_pass_for_one_of_the_code() -> None:
    assert len(refusals()) > 40
    assert not [pattern for pattern in SENTENCES if pattern.fullmatch("indexes[gsi1].includes: name nothing at all")]

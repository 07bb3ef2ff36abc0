# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Checks which file may import which, and which may ask for check mode: docs/architecture.md, "Layers"."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
FILES = {
    ".".join(path.relative_to(PLUGINS).with_suffix("").parts): ast.parse(path.read_text())
    for path in sorted(PLUGINS.rglob("*.py"))
}
OUTSIDE = ("ansible", "botocore", "boto3")

# From the top to the bottom: a file imports what stands below it, or beside it in its own line.
LAYERS = (
    ("action",),
    ("plugin_utils", "modules"),
    ("module_utils.front", "module_utils.listed", "module_utils.audit_pages", "module_utils.plan_page"),
    ("module_utils.argument_types", "module_utils.audit", "module_utils.audit_permissions"),
    ("module_utils.masking",),
    ("module_utils.dynamodb", "module_utils.items", "module_utils.lambda_function"),
    ("module_utils.iam",),
    ("module_utils.roles",),
    ("module_utils.fleet", "module_utils.journal", "module_utils.summary"),
    ("module_utils.reconcile", "module_utils.keeping", "module_utils.budgets", "module_utils.progress"),
    ("module_utils.applying",),
    ("module_utils.resource",),
    ("module_utils.report",),
    ("module_utils.foretelling",),
    ("module_utils.connection",),
    (
        "module_utils.answers",
        "module_utils.call_faults",
        "module_utils.connection_rules",
        "module_utils.credential_faults",
        "module_utils.step_permissions",
        "module_utils.tags",
        "module_utils.waits",
    ),
    ("module_utils.policy_document", "module_utils.role_names"),
    ("module_utils.plan", "module_utils.json_values"),
    ("doc_fragments",),
)

# These plan and judge, and depend on their arguments alone: they reach neither Ansible nor AWS.
PURE = (
    "module_utils.plan",
    "module_utils.json_values",
    "module_utils.tags",
    "module_utils.waits",
    "module_utils.answers",
    "module_utils.budgets",
    "module_utils.call_faults",
    "module_utils.connection_rules",
    "module_utils.credential_faults",
    "module_utils.policy_document",
    "module_utils.audit",
    "module_utils.audit_pages",
    "module_utils.audit_permissions",
    "module_utils.foretelling",
    "module_utils.step_permissions",
    "module_utils.plan_page",
    "module_utils.progress",
    "module_utils.report",
    "module_utils.summary",
    "module_utils.role_names",
    *sorted(name for name in FILES if name.startswith("module_utils.dynamodb.part")),
    "module_utils.dynamodb.argument_spec",
    "module_utils.dynamodb.description",
    "module_utils.dynamodb.finding",
    "module_utils.dynamodb.global_options",
    "module_utils.dynamodb.holders",
    "module_utils.dynamodb.index_options",
    "module_utils.dynamodb.index_planning",
    "module_utils.dynamodb.limits",
    "module_utils.dynamodb.names",
    "module_utils.dynamodb.options",
    "module_utils.dynamodb.origin_rules",
    "module_utils.dynamodb.planning",
    "module_utils.dynamodb.quotas",
    "module_utils.dynamodb.region_rules",
    "module_utils.dynamodb.replica_options",
    "module_utils.dynamodb.replica_planning",
    "module_utils.dynamodb.replica_rules",
    "module_utils.dynamodb.requests",
    "module_utils.dynamodb.rules",
    "module_utils.dynamodb.shared_options",
    "module_utils.dynamodb.table",
    "module_utils.dynamodb.table_rules",
    "module_utils.dynamodb.vector_options",
    "module_utils.dynamodb.vector_planning",
    "module_utils.dynamodb.vector_rules",
    "module_utils.dynamodb.wording",
    "module_utils.iam.managed_policy",
    "module_utils.iam.role_policy",
    "module_utils.lambda_function.environment",
)


def imports(name: str) -> Iterator[str]:
    """The files of this collection, and the packages outside, that a file imports anywhere in it."""
    for node in ast.walk(FILES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in OUTSIDE)
        elif isinstance(node, ast.ImportFrom):
            module = _module(name, node)
            inside = [file for alias in node.names if (file := f"{module}.{alias.name}") in FILES]
            if inside or module in FILES or module.partition(".")[0] in OUTSIDE:
                yield from inside or [module]


def _module(name: str, node: ast.ImportFrom) -> str:
    """The dotted name that an import is from, seen from the folder of plugins."""
    module = node.module or ""
    if node.level:
        folder = name.split(".")[: -node.level]
        return ".".join([*folder, *filter(None, [module])])
    return module.removeprefix("ansible_collections.mana.memory.plugins.")


def layer(name: str) -> int:
    """The place of a file in the order, the top being 0."""
    found = [place for place, line in enumerate(LAYERS) for each in line if f"{name}.".startswith(f"{each}.")]
    assert found, f"{name} is in no layer: name it in LAYERS"
    return found[0]


def reached(name: str) -> set[str]:
    """All that a file imports, and all that those import."""
    seen: set[str] = set()
    left = [name]
    while left:
        for each in imports(left.pop()):
            if each not in seen:
                seen.add(each)
                left += [each] if each in FILES else []
    return seen


@pytest.mark.parametrize("name", FILES)
def test_a_file_imports_nothing_above_it(name: str) -> None:
    assert [each for each in imports(name) if each in FILES and layer(each) < layer(name)] == []


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("modules.")])
def test_a_module_names_the_collection_in_its_imports(name: str) -> None:
    """The strategies of mitogen run a module as a script, and a script is in no package."""
    assert [node.module for node in ast.walk(FILES[name]) if isinstance(node, ast.ImportFrom) and node.level] == []


@pytest.mark.parametrize("name", [name for name in FILES if "_utils." in name])
def test_a_file_that_others_import_says_that_it_is_private(name: str) -> None:
    path = PLUGINS / f"{name.replace('.', '/')}.py"
    assert "\n# PRIVATE to this collection: " in path.read_text()


def test_no_file_needs_one_that_needs_it() -> None:
    graphlib.TopologicalSorter({name: {each for each in imports(name) if each in FILES} for name in FILES}).prepare()


@pytest.mark.parametrize("name", PURE)
def test_planning_and_rules_reach_neither_ansible_nor_aws(name: str) -> None:
    assert [each for each in reached(name) if each.partition(".")[0] in OUTSIDE] == []


def test_botocore_is_imported_in_one_file() -> None:
    assert {name for name in FILES for each in imports(name) if each.startswith("boto")} == {"module_utils.connection"}


def test_every_import_of_a_plugin_is_seen_by_these_tests() -> None:
    assert {"module_utils.plan", "module_utils.dynamodb.planning", "botocore.session"} <= reached(
        "modules.dynamodb_table"
    )


def test_check_mode_is_acted_on_in_one_place() -> None:
    """Elsewhere it is handed on. That a result says so, ``front.answer`` adds."""
    asking = {name for name, tree in FILES.items() for node in ast.walk(tree) if _asks_for_check_mode(node)}
    assert asking == {"module_utils.reconcile", "module_utils.front"}


def _asks_for_check_mode(node: ast.AST) -> bool:
    conditions: list[ast.expr] = []
    if isinstance(node, (ast.If, ast.IfExp, ast.While, ast.Assert)):
        conditions = [node.test]
    elif isinstance(node, ast.comprehension):
        conditions = node.ifs
    elif isinstance(node, (ast.BoolOp, ast.UnaryOp, ast.Compare)):
        conditions = [node]
    elif isinstance(node, ast.Match):
        conditions = [node.subject]
    names = {getattr(each, "id", getattr(each, "attr", "")) for one in conditions for each in ast.walk(one)}
    return "check_mode" in names


def test_the_page_on_the_architecture_names_every_file() -> None:
    page = (PLUGINS.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    listed = [path for path in PLUGINS.joinpath("module_utils").rglob("*.py") if path.parent.name != "parts"]
    assert [path.name for path in listed if f" {path.name}" not in page] == []


def test_the_page_on_the_architecture_has_these_layers() -> None:
    page = (PLUGINS.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    block = page.partition("## Layers")[2].partition("```text\n")[2].partition("```")[0]
    names = [sorted(each.removeprefix("module_utils.") for each in line) for line in LAYERS[:-1]]
    assert [sorted(line.split(", ")) for line in block.splitlines()] == names

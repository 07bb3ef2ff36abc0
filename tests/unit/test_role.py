# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a call of the role says comes from that call, also where a play enters the role twice."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLE = Path(__file__).parents[2] / "roles/mana_memory"
TASKS = ROLE / "tasks"
# Where a user enters the role.
ENTRY_POINTS = ("main", "verify", "audit", "destroy")


def tasks_of(name: str) -> list[Mapping[str, Any]]:
    tasks: list[Mapping[str, Any]] = yaml.safe_load((TASKS / f"{name}.yml").read_text())
    return tasks


def every_task(tasks: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Each of these tasks, and those of their blocks."""
    for task in tasks:
        yield task
        for part in ("block", "rescue", "always"):
            yield from every_task(task.get(part, []))


def test_each_entry_begins_with_the_variables() -> None:
    first = [tasks_of(name)[0]["ansible.builtin.import_tasks"] for name in ENTRY_POINTS]
    assert set(first) == {"check.yml"}


def test_results_of_an_earlier_call_of_the_role_are_forgotten_first() -> None:
    forgotten = tasks_of("check")[0]["ansible.builtin.set_fact"]
    registered = {
        task["register"]
        for path in TASKS.glob("*.yml")
        for task in every_task(tasks_of(path.stem))
        if "register" in task
    }
    assert forgotten == {name: {} for name in registered} | {"_mana_memory_seen": [], "_mana_memory_told": []}


def test_what_the_proof_of_another_memory_registered_is_forgotten_before_the_next() -> None:
    recalled = tasks_of("recall")[0]["ansible.builtin.set_fact"]
    of_a_proof = {
        task["register"]
        for name in ("prove", "simulate", "probe", "round_trip", "search")
        for task in every_task(tasks_of(name))
        if "register" in task
    }
    found = {f"_mana_memory_{part}" for part in ("table", "policy", "environment")}
    assert {name for name, value in recalled.items() if value == {}} == of_a_proof
    assert recalled.keys() - of_a_proof == found


# What is said of one memory, and of all


def keys() -> list[str]:
    """What can be said of one memory."""
    own = yaml.safe_load((ROLE / "vars/main.yml").read_text())
    return [
        name.removeprefix("mana_memory_")
        for name in own["_mana_memory_variables"]
        if name not in own["_mana_memory_of_all"]
    ]


def spoken_of(text: str) -> set[str]:
    """The variables of one memory that a text asks for, where it does not name them in a sentence."""
    unquoted = re.sub(
        r"'[^'\n]*'|#.*|^ +- mana_memory_\w+$|-e mana_memory_\w+|neither mana_memory_\w+ nor mana_memory_\w+",
        "",
        text,
        flags=re.MULTILINE,
    )
    return set(re.findall(rf"(?<!\w)mana_memory_(?:{'|'.join(keys())})\b", unquoted))


@pytest.mark.parametrize(
    "path", [*sorted(TASKS.glob("*.yml")), ROLE / "vars/main.yml"], ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_each_task_asks_the_memory_that_it_is_about(path: Path) -> None:
    assert spoken_of(path.read_text()) == set()


def test_a_task_that_asks_for_what_is_said_of_all_is_found() -> None:
    assert spoken_of('region: "{{ mana_memory_region }}"') == {"mana_memory_region"}


SAID = {
    "table_name": "memory",
    "region": "us-east-1",
    "lambda_role_name": "role",
    "lambda_function_name": "",
    "tags": {"a": "1"},
    "verify": True,
}
LAID: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "of no list the variables alone count": ([], [{}]),
    "an empty memory is as the variables say": ([{}], [{}]),
    "what a memory says counts for it alone": ([{"region": "eu-central-1"}, {}], [{"region": "eu-central-1"}, {}]),
    "what a memory says takes the place of the whole value": ([{"tags": {"b": "2"}}], [{"tags": {"b": "2"}}]),
    "a memory's own false counts": ([{"verify": False}], [{"verify": False}]),
    "a memory that names its function has no other role": (
        [{"lambda_function_name": "function"}],
        [{"lambda_function_name": "function", "lambda_role_name": ""}],
    ),
    "a memory can have no role": ([{"lambda_role_name": ""}], [{"lambda_role_name": ""}]),
}


@pytest.mark.parametrize("title", LAID)
def test_what_is_said_of_one_memory_is_laid_over_what_is_said_of_all(title: str) -> None:
    memories, laid = LAID[title]
    own = {name: trusted(value) for name, value in yaml.safe_load((ROLE / "vars/main.yml").read_text()).items()}
    given = {**own, "_mana_memory_said": SAID, "mana_memory_memories": memories}
    assert valued("_mana_memory_these", given) == [{**SAID, **each} for each in laid]


# What a variable of the role comes to


def valued(name: str, variables: Mapping[str, Any]) -> Any:
    """A variable of the role's own, where these are a user's."""
    own = yaml.safe_load((ROLE / "vars/main.yml").read_text())
    return Templar(DataLoader(), variables=dict(variables)).template(trust_as_template(own[name]))


def trusted(value: Any) -> Any:
    """A value of the role's own, with its templates."""
    return trust_as_template(value) if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("said", "attribute"),
    [
        (False, ""),
        ("false", ""),
        ("no", ""),
        (0, ""),
        (True, "ttl"),
        ("true", "ttl"),
        ("Yes", "ttl"),
        (1, "ttl"),
        ("ttl", "ttl"),
        ("expiresAt", "expiresAt"),
        ("True Expiry", "True Expiry"),
    ],
)
def test_items_expire_by_ttl_for_true_and_else_by_the_named_attribute(said: Any, attribute: str) -> None:
    assert valued("_mana_memory_expiry_attribute", {"_mana_memory_this": {"time_to_live": said}}) == attribute


def test_the_item_of_a_proof_expires_by_ttl_and_by_the_attribute_that_is_named() -> None:
    given = {"_mana_memory_probe_expiry": 7, "_mana_memory_probe_attributes": ["gsi1pk"], "_mana_memory_probe": "key"}
    given["_mana_memory_probe_searched"] = {}
    item = {"ttl": 7, "gsi1pk": "key"}
    for attribute in ("", "ttl"):
        assert valued("_mana_memory_probe_scalars", {**given, "_mana_memory_expiry_attribute": attribute}) == item
    named = valued("_mana_memory_probe_scalars", {**given, "_mana_memory_expiry_attribute": "expiresAt"})
    assert named == {**item, "expiresAt": 7}


# Vector indexes: what the client may search, and what the proof writes and looks for

MEANING = {
    "name": "by_meaning",
    "vector_attribute": "embedding",
    "dimensions": 4,
    "distance_function": "COSINE",
    "projection": "keys_only",
}
TOPIC = {**MEANING, "name": "by_topic"}
ALL_TYPES = {
    "hash_key_name": "resource-id",
    "hash_key_type": "STRING",
    "filters": [
        {"name": "picture", "type": "BINARY"},
        {"name": "sk", "type": "STRING"},
        {"name": "ttl", "type": "NUMBER"},
        {"name": "year", "type": "NUMBER"},
    ],
}
NEW = "mana-memory-verification#new"
TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/notes"


def rendered(name: str, declared: Sequence[Any] = (), found: Sequence[Any] | None = None, **given: Any) -> Any:
    """A variable of the role, where vector indexes are declared, others found in the table, and the rest as given."""
    loader = DataLoader()
    defaults, own = (
        loader.load_from_file(str(ROLE / f"{kind}/main.yml"), trusted_as_template=True) for kind in ("defaults", "vars")
    )
    known = {
        "mana_memory_table_name": "notes",
        "mana_memory_region": "us-east-1",
        "mana_memory_vector_indexes": list(declared),
        "index": next(iter(found or declared), {}),
        "_mana_memory_probe": NEW,
        "_mana_memory_probe_expiry": 1,
        "_mana_memory_table": {"vector_indexes": list(found or declared), "table": {"arn": TABLE}},
    }
    variables = {**defaults, **own, **known, **given}
    this = {key: variables[f"mana_memory_{key}"] for key in keys() if f"mana_memory_{key}" in variables}
    return Templar(loader, variables={**variables, "_mana_memory_this": this}).template(own[name])


def may_search(*declared: Any, **given: Any) -> Any:
    """The searches that the policy allows, and the questions about searches to the simulator."""
    statements = rendered("_mana_memory_policy_document", declared, **given)["Statement"]
    checks = rendered("_mana_memory_policy_checks", declared, **given)
    return (
        [each for each in statements if "dynamodb:SearchVectors" in each["Action"]],
        [check["resources"] for check in checks if check["actions"] == ["dynamodb:SearchVectors"]],
    )


@pytest.mark.parametrize(
    ("given", "table"),
    [
        ({}, "arn:aws:dynamodb:us-east-1:*:table/notes"),
        ({"mana_memory_client": "memory"}, "arn:aws:dynamodb:us-east-1:*:table/notes"),
        (
            {"mana_memory_region": "cn-north-1", "mana_memory_account_id": "123456789012"},
            "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/notes",
        ),
    ],
    ids=["the specification", "memory", "in China, in one account"],
)
def test_the_client_may_search_what_is_declared_in_a_statement_of_its_own(given: Any, table: str) -> None:
    assert may_search(**given) == ([], [])
    (statement,), asked = may_search(MEANING, TOPIC, **given)
    resources = [f"{table}/index/by_meaning", f"{table}/index/by_topic"]
    assert statement == {"Effect": "Allow", "Action": ["dynamodb:SearchVectors"], "Resource": resources}
    assert asked == [[f"{TABLE}/index/by_meaning", f"{TABLE}/index/by_topic"]]


def test_actions_written_in_other_ways_are_all_that_the_client_may_do() -> None:
    assert may_search(MEANING, mana_memory_client_actions=["dynamodb:GetItem"]) == ([], [])
    (statement,), asked = may_search(MEANING, mana_memory_client_actions=["dynamodb:SearchVectors"])
    assert statement["Resource"][1:] == ["arn:aws:dynamodb:us-east-1:*:table/notes/index/*"]
    assert asked == [[f"{TABLE}/index/by_meaning"]]


def test_the_item_of_the_proof_fits_each_vector_index_that_is_declared() -> None:
    plain = {"ttl": 1, "gsi1pk": NEW, "gsi1sk": NEW}
    assert rendered("_mana_memory_probe_item") == plain
    assert rendered("_mana_memory_probe_item", [MEANING, TOPIC]) == {**plain, "embedding": [0, 0, 0, 1]}
    undeclared = {**TOPIC, "vector_attribute": "other", "hash_key_name": "other-id", "hash_key_type": "STRING"}
    item = rendered("_mana_memory_probe_item", [MEANING], [{**MEANING, **ALL_TYPES}, undeclared])
    assert isinstance(item["year"], int)
    binary = {"$binary": base64.b64encode(NEW.encode()).decode()}
    fits = {"embedding": [0, 0, 0, 1], "resource-id": NEW, "picture": binary, "year": item["year"]}
    assert item == {**plain, **fits}


def test_a_search_of_the_proof_names_all_that_it_can_name() -> None:
    found = [{**MEANING, **ALL_TYPES}]
    condition, names, values, item = (
        rendered(f"_mana_memory_{part}", [MEANING], found)
        for part in ("search_condition", "search_names", "search_values", "probe_item")
    )
    assert condition == " AND ".join(f"#a{number} = :a{number}" for number in range(5))
    assert list(names.values()) == ["resource-id", "picture", "sk", "ttl", "year"]
    assert {name.replace("#", ":"): {**item, "sk": NEW}[names[name]] for name in names} == values
    assert [rendered(f"_mana_memory_search_{part}", [MEANING]) for part in ("condition", "names", "values")] == [
        "",
        {},
        {},
    ]

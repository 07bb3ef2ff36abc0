# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A task of community.aws.dynamodb_table that changes its module's name alone has the same results, key by key.

The cases are made from that module's own documentation: each option with each of its values. Then whole playbooks,
whose later tasks use the results.
"""

from __future__ import annotations

import ast
import itertools
import json
import os
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.playbook import FRONT_END, ROOT
from tools.endpoint import CACHE, Endpoint, without_aws

OURS, THEIRS = "mana.memory.dynamodb_table", "community.aws.dynamodb_table"
PLAYBOOKS = Path(__file__).parent / "moving_over"
PREFIXES = {module: f"moving-{uuid.uuid4().hex[:8]}" for module in (THEIRS, OURS)}

# What differs on purpose, by the key of the result; the reason is in the README, "Moving over".
ON_PURPOSE = {
    "table_class_summary": "there only where the class was sent; ours sends none that a table has anyway",
    "table_class": "theirs is null until the class was changed once; ours is the class that the table has",
}
# What has no order to DynamoDB: theirs is as it was declared, ours is sorted.
SETS = ("includes", "non_key_attributes", "attribute_definitions")
# What is of one run or of one table, and what only ours has.
OF_ITS_OWN = ("action", "diff", "invocation", "warnings", "deprecations", "_ansible_no_log", "_ansible_verbose_always")

KEYS = {"hash_key_name": "pk", "hash_key_type": "STRING", "range_key_name": "sk", "range_key_type": "STRING"}
PROVISIONED = {**KEYS, "billing_mode": "PROVISIONED", "read_capacity": 3, "write_capacity": 2}
INDEX = {"name": "by_day", "type": "global_all", "hash_key_name": "day"}
UNITS = {"read_capacity": 4, "write_capacity": 5}


def their_module(name: str) -> Path:
    """The file of their module, in the environment that the benchmark has too."""
    (path,) = (CACHE / "bench/lib").glob(
        f"python3*/site-packages/ansible_collections/community/aws/plugins/modules/{name}.py"
    )
    return path


def documentation(part: str) -> Any:
    """DOCUMENTATION or RETURN of their module."""
    (path,) = (CACHE / "bench/lib").glob(
        "*/site-packages/ansible_collections/community/aws/plugins/modules/dynamodb_table.py"
    )
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == part:
            return yaml.safe_load(ast.literal_eval(node.value))
    raise AssertionError(f"their module has no {part}")


def values(option: str, described: Mapping[str, Any]) -> list[Any]:
    """Every value that their documentation names of an option, or one that it takes."""
    if described.get("choices"):
        return list(described["choices"])
    samples: dict[str, list[Any]] = {"bool": [True, False], "int": [7], "dict": [{"team": "a", "stage": "test"}, {}]}
    named: dict[str, list[Any]] = {
        "includes": [["title", "size"]],
        "hash_key_name": ["day"],
        "range_key_name": ["at"],
        "name": ["by_day"],
    }
    return named.get(option) or samples.get(described["type"], [])


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Declarations of a table, each with the option and the value that it is about."""
    yield "nothing but keys and capacities", PROVISIONED
    yield "nothing but a partition key, on demand", {"hash_key_name": "pk", "billing_mode": "PAY_PER_REQUEST"}
    options = documentation("DOCUMENTATION")["options"]
    for option, described in options.items():
        if option in ("state", "name", "indexes", "wait", "wait_timeout"):
            continue
        for value in values(option, described):
            table = {**PROVISIONED, option: value}
            if table["billing_mode"] == "PAY_PER_REQUEST":
                table = {**KEYS, option: value}
            yield f"{option}: {value}", table
    for option, described in options["indexes"]["suboptions"].items():
        for value in values(option, described):
            yield f"indexes.{option}: {value}", {**PROVISIONED, "indexes": [_index(option, value)]}
    yield "tags: some", {**PROVISIONED, "tags": {"team": "a", "stage": "test"}}
    yield "tags: none", {**PROVISIONED, "tags": {}}
    yield "tags: as aliases", {**PROVISIONED, "resource_tags": {"team": "a"}, "wait_for_active_timeout": 60}
    yield "indexes of every kind, on demand", {**KEYS, "billing_mode": "PAY_PER_REQUEST", "indexes": _every_kind()}
    provisioned = [{**index, **UNITS} if index["type"].startswith("global") else index for index in _every_kind()]
    yield "indexes of every kind, provisioned", {**PROVISIONED, "indexes": provisioned}
    yield "capacities of indexes alone", {**KEYS, "billing_mode": "PROVISIONED", "indexes": [{**INDEX, **UNITS}]}
    yield (
        "capacities that are ignored",
        {
            **KEYS,
            "billing_mode": "PAY_PER_REQUEST",
            "indexes": [{**INDEX, **UNITS}, {**_local("all"), **UNITS}],
        },
    )


def _index(option: str, value: Any) -> dict[str, Any]:
    """An index with this option, and with what else it then needs."""
    index = {**INDEX, **UNITS, option: value}
    if option == "type" and not value.startswith("global"):
        index = _local(value)
    if option == "includes" or index["type"].endswith("include"):
        index = {**index, "type": index["type"].replace("_all", "_include"), "includes": ["title", "size"]}
    return {**index, "range_key_name": "at"} if option == "range_key_type" else index


def _local(kind: str) -> dict[str, Any]:
    return {"name": f"by_size_{kind}", "type": kind, "hash_key_name": "pk", "range_key_name": "size"}


def _every_kind() -> list[dict[str, Any]]:
    """In an order that is neither that of their names nor that of their kinds."""
    return [
        _local("keys_only"),
        {**INDEX, "name": "z_by_status", "range_key_name": "at", "range_key_type": "NUMBER"},
        {**_local("include"), "range_key_name": "title", "includes": ["owner"]},
        {"name": "a_by_owner", "type": "global_include", "hash_key_name": "owner", "includes": ["title"]},
    ]


CASES = dict(cases())


GONE = {"state": "absent"}


def stages(title: str) -> list[dict[str, Any]]:
    """The declarations of a table, one after the other: new, again, and if the case is about no option, its end."""
    table = CASES[title]
    return [table, table] if ":" in title else [table, table, {}, GONE, GONE]


@pytest.fixture(scope="module")
def results(
    client: Any, ministack: Endpoint, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], list[Any]]]:
    """The result of each task of each case, by the module and the case."""
    folder = tmp_path_factory.mktemp("moving_over")

    def run(module: str) -> Iterator[Any]:
        tasks = [
            {"name": "A task", module: {"name": f"{PREFIXES[module]}-{number}", **stage}}
            for number, title in enumerate(CASES)
            for stage in stages(title)
        ]
        playbook = folder / f"{module}.yml"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        return iter(played(playbook, ministack, module))

    with ThreadPoolExecutor() as pool:
        returned = dict(zip(PREFIXES, pool.map(run, PREFIXES)))
    yield {
        (module, title): list(itertools.islice(returned[module], len(stages(title))))
        for module in returned
        for title in CASES
    }
    dynamodb = client("dynamodb", ministack)
    for table in dynamodb.list_tables()["TableNames"]:
        if table.startswith(tuple(PREFIXES.values())):
            dynamodb.delete_table(TableName=table)


def played(playbook: Path, endpoint: Endpoint, module: str) -> list[Any]:
    """The result of every task of a playbook, on the Ansible that has both collections, with names of no module."""
    variables = {**FRONT_END, "prefix": PREFIXES[module]}
    done = subprocess.run(
        [CACHE / "bench/bin/ansible-playbook", playbook, "--extra-vars", json.dumps(variables)],
        env={
            "ANSIBLE_COLLECTIONS_PATH": f"{ROOT}/.venv/collections",
            **without_aws(os.environ),
            **endpoint.environment,
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (play,) = json.loads(done.stdout.replace(PREFIXES[module], "moved"))["plays"]
    return [task["hosts"]["localhost"] for task in play["tasks"]]


def compared(result: Mapping[str, Any]) -> dict[str, Any]:
    """A result without what is of one run alone."""
    times = ("creation_date_time", "table_id", "id", "latest_stream_label", "last_update_to_pay_per_request_date_time")

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {key: each for key, each in value.items() if key not in ON_PURPOSE}
            plained = {key: "a time or an id" if key in times else plain(each) for key, each in kept.items()}
            return {key: sorted(each, key=str) if key in SETS else each for key, each in plained.items()}
        return [plain(each) for each in value] if isinstance(value, list) else value

    compared: dict[str, Any] = plain({key: value for key, value in result.items() if key not in OF_ITS_OWN})
    return compared


def test_there_is_a_case_for_each_option_that_they_document() -> None:
    options = documentation("DOCUMENTATION")["options"]
    declared = {option for table in CASES.values() for option in table}
    declared |= {option for table in CASES.values() for index in table.get("indexes", []) for option in index}
    untried = {"name", "state", "wait", "wait_timeout"}
    assert {*options, *options["indexes"]["suboptions"]} - declared - untried == set()


@pytest.mark.parametrize("title", CASES)
def test_every_key_that_they_return_has_the_same_value(results: Any, title: str) -> None:
    for number, (theirs, ours) in enumerate(zip(results[THEIRS, title], results[OURS, title]), 1):
        expected, returned = compared(theirs), compared(ours)
        if not ours["changed"] and "tags" not in ours:  # only a run that changes something reads what is not declared
            assert not {"tags", "resource_tags"} & CASES[title].keys() or number > 2
            expected.pop("tags", None)
            expected.get("table", {}).pop("tags", None)
        returned["table"] = {key: returned.get("table", {}).get(key, "is missing") for key in expected.get("table", {})}
        expected.setdefault("table", {})
        assert {key: returned.get(key, "is missing") for key in expected} == expected, f"task {number}"


def test_results_have_the_keys_that_community_aws_documents(results: Any) -> None:
    documented = documentation("RETURN")
    (first, *_others) = results[OURS, "tags: some"]
    assert set(documented) - set(first) == set()
    assert set(documented["table"]["sample"]) - set(first["table"]) == set()


@pytest.mark.parametrize("playbook", sorted(path.name for path in PLAYBOOKS.glob("*.yml")))
def test_a_playbook_that_uses_the_results_goes_on_alike(playbook: str, ministack: Endpoint, tmp_path: Path) -> None:
    """Its last task is what it made of the results."""
    written = (PLAYBOOKS / playbook).read_text()
    assert len(written.splitlines()) >= 60

    def last(module: str) -> Any:
        path = tmp_path / f"{module}.yml"
        path.write_text(written.replace(THEIRS, module))
        return played(path, ministack, module)[-1]["msg"]

    with ThreadPoolExecutor() as pool:
        theirs, ours = pool.map(last, (THEIRS, OURS))
    assert ours == theirs

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The stores of other people that search by vectors, on the tables and with the policies of docs/vector-stores.md.

The endpoint denies what the policy does not allow. Every call passes a proxy that writes it down. The tables are also
made behind the gate, which refuses what AWS refuses.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import re
import subprocess
import uuid
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.acceptance.vector_client import TEXTS
from tests.integration.playbook import ROOT, play
from tests.proxy import proxied
from tools.endpoint import CACHE, Endpoint

PAGE = (ROOT / "docs/vector-stores.md").read_text()
SCRIPT = Path(__file__).with_name("vector_client.py")
TABLE, POLICY = "mana.memory.dynamodb_table", "mana.memory.iam_role_policy"

# The tasks of the page, by the title above them. What declares variables is no list of tasks.
SECTIONS = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
BLOCKS = {
    title: [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]
    for title, text in SECTIONS.items()
}
EXAMPLES = {
    title: [task for block in blocks if isinstance(block, list) for task in block] for title, blocks in BLOCKS.items()
}

# What each store does, and answers.
EVERYTHING = sorted(TEXTS.values())
FOUND = {"remember": None, "search": ["likes green tea"], "read": EVERYTHING, "forget": None}
STORES = {
    "LangGraph": ("langgraph", {"setup": None, "list": [], **FOUND}),
    "Strands Agents": ("strands", FOUND),
}


class Memory(NamedTuple):
    """A table with vectors of so many dimensions, and the role that may use it."""

    table: str
    role: str
    dimensions: int


def unique(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def declared(title: str, module: str) -> Any:
    """The options of an example of the page."""
    (options,) = (task[module] for task in EXAMPLES[title] if module in task)
    return copy.deepcopy(options)


@pytest.fixture
def perform(tmp_path: Path) -> Any:
    """Run tasks at an endpoint: how many changed something."""

    def run(endpoint: Endpoint, *tasks: Any, how: Any = ()) -> int:
        path = tmp_path / "play.yml"
        path.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        done = play(str(path), endpoint.environment, *how)
        assert done.status == 0, done.output
        return done.changed

    return run


@pytest.fixture
def role(client: Any, strict: Endpoint) -> str:
    """A role without a right, which the tests may assume."""
    root = client("sts", strict).get_caller_identity()["Arn"]
    statement = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}
    name = unique("agent")
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("iam", strict).create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    return name


@pytest.fixture
def use(client: Any, strict: Endpoint) -> Any:
    """Call functions of a store with the rights of a role: their answers, and all calls as operation and status."""

    def run(store: str, memory: Memory, *functions: str) -> Any:
        arn = client("iam", strict).get_role(RoleName=memory.role)["Role"]["Arn"]
        keys = client("sts", strict).assume_role(RoleArn=arn, RoleSessionName="agent")["Credentials"]
        credentials = {
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
        }
        endpoint = dataclasses.replace(strict, environment={**strict.environment, **credentials})
        with proxied(endpoint) as proxy:
            done = subprocess.run(
                [CACHE / "vector-clients/bin/python", SCRIPT, store, memory.table, str(memory.dimensions), *functions],
                env={**endpoint.environment, "AWS_ENDPOINT_URL": proxy.url},
                capture_output=True,
                text=True,
                check=False,
            )
            calls = [(call.operation, call.status) for call in proxy.taken()]
        assert done.returncode == 0, done.stderr
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        return dict(zip(functions, answers, strict=True)), calls

    return run


@pytest.fixture(params=STORES)
def title(request: Any) -> Any:
    """Which store, by its title on the page."""
    return request.param


@pytest.fixture
def memory(strict: Endpoint, title: Any, role: str, perform: Any) -> Memory:
    """The example of a store, made."""
    table, policy = declared(title, TABLE), declared(title, POLICY)
    name = unique("vectors")
    document = json.loads(json.dumps(policy["policy_document"]).replace(f"table/{table['name']}", f"table/{name}"))
    made = perform(
        strict,
        {TABLE: {**table, "name": name}},
        {POLICY: {**policy, "role_name": role, "policy_document": document}},
    )
    assert made == 2
    return Memory(name, role, table["vector_indexes"][0]["dimensions"])


def policy_of(client: Any, endpoint: Endpoint, role: str) -> Any:
    iam = client("iam", endpoint)
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    return name, iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]


def actions_of(document: Any) -> Any:
    found = [statement["Action"] for statement in document["Statement"]]
    return sorted(action for said in found for action in ([said] if isinstance(said, str) else said))


def test_every_table_of_the_page_is_made_in_one_run_and_unchanged_by_the_next(gate: Endpoint, perform: Any) -> None:
    tables = {title: declared(title, TABLE) for title in EXAMPLES}
    assert {"LangGraph", "Strands Agents", "LangChain", "Haystack", "mem0", "Mastra"} == set(tables)
    tasks = [{TABLE: {**table, "name": unique("page")}} for table in tables.values()]
    assert [perform(gate, *tasks, how=how) for how in (["--check"], [], [])] == [len(tasks), len(tasks), 0]


def test_a_store_remembers_and_finds_by_meaning_with_the_policy_of_the_page(
    client: Any, strict: Endpoint, title: Any, memory: Memory, use: Any
) -> None:
    store, expected = STORES[title]
    answers, calls = use(store, memory, *expected)
    assert answers == {name: {"result": result} for name, result in expected.items()}
    assert {status for _operation, status in calls} == {200}
    _name, document = policy_of(client, strict, memory.role)
    assert sorted({f"dynamodb:{operation}" for operation, _status in calls}) == actions_of(document)


@pytest.mark.parametrize("resource", [None, "the table"])
def test_without_the_right_on_the_index_every_search_is_denied_and_all_else_works(
    client: Any, strict: Endpoint, title: Any, memory: Memory, use: Any, resource: Any
) -> None:
    name, document = policy_of(client, strict, memory.role)
    rest, search = document["Statement"]
    statements = [rest, {**search, "Resource": rest["Resource"]}] if resource else [rest]
    policy = json.dumps({**document, "Statement": statements})
    client("iam", strict).put_role_policy(RoleName=memory.role, PolicyName=name, PolicyDocument=policy)
    store, expected = STORES[title]
    answers, calls = use(store, memory, *expected)
    assert "not authorized to perform: dynamodb:SearchVectors" in answers.pop("search")["error"]
    assert answers == {name: {"result": result} for name, result in expected.items() if name != "search"}
    assert [operation for operation, status in calls if status != 200] == ["SearchVectors"]


def test_strands_lives_in_the_table_of_the_memory_with_the_policy_of_its_role(
    client: Any, strict: Endpoint, role: str, perform: Any, use: Any
) -> None:
    table = declared("Strands Agents", TABLE)
    memory = Memory(unique("memory"), role, table["vector_indexes"][0]["dimensions"])
    perform(strict, {TABLE: {**table, "name": memory.table}})
    variables = {"mana_memory_table_name": memory.table, "mana_memory_lambda_role_name": role}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    answers, _calls = use("strands", memory, "remember", "search")
    assert "not authorized to perform: dynamodb:SearchVectors" in answers["search"]["error"]
    (actions,) = (block for block in BLOCKS["Strands Agents"] if isinstance(block, dict))
    assert play("mana.memory.site", strict.environment, **variables, **actions).status == 0
    answers, calls = use("strands", memory, *FOUND)
    assert answers == {name: {"result": result} for name, result in FOUND.items()}
    assert {status for _operation, status in calls} == {200}
    assert play("mana.memory.site", strict.environment, **variables, **actions).changed == 0
    (index,) = client("dynamodb", strict).describe_table(TableName=memory.table)["Table"]["VectorIndexes"]
    assert index["IndexName"] == "vector_index"

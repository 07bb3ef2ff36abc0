# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Wrong specifications: every mistake is refused in one sentence that names its option, before anything is written.

Each row is one task, run in check mode and for real as both front ends run it: the look at the types of its
arguments, Ansible's own checks, and the engine, against a server that would take much of it. ``pytest -s tests/corpus``
prints how many there are, by module and by who finds them.
"""

from __future__ import annotations

import collections
import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from plugins.module_utils import argument_types, front
from plugins.module_utils.connection import OPTIONS as CONNECTION
from plugins.module_utils.connection import Client, Connect, connector
from tests.corpus import (
    audit,
    dynamodb_item,
    dynamodb_item_info,
    dynamodb_table,
    dynamodb_table_info,
    dynamodb_tables,
    iam_policy_simulation_info,
    iam_role_policy,
    lambda_environment,
    plan,
    sts_assume_role,
    types,
)
from tests.corpus.row import FUNCTION, LEFT_OUT, LIVE, PLAIN, PROTECTED, PROVISIONED, ROLE, Row
from tests.declaring import validated
from tests.functions import make_function
from tools.endpoint import Endpoint
from tools.lambda_role import TRUST

CORPUS: tuple[ModuleType, ...] = (
    dynamodb_table,
    dynamodb_table_info,
    dynamodb_tables,
    dynamodb_item,
    dynamodb_item_info,
    iam_role_policy,
    iam_policy_simulation_info,
    lambda_environment,
    plan,
    audit,
    sts_assume_role,
)
READS = ("Describe", "Get", "List", "Query", "Search", "Simulate")
BY_TYPE, BY_ANSIBLE, BY_OPTIONS, BY_READING = "by its type", "by Ansible", "by the options alone", "after reading"
NOT_OURS = ("Parameter validation failed", "mistake in mana.memory", "Traceback", "Invalid type for parameter")


class Case(NamedTuple):
    """A row as a task of a module."""

    module: Any
    arguments: dict[str, Any]
    row: Row


class Answer(NamedTuple):
    """The answer of a task, who gave it, and the calls that it made."""

    result: dict[str, Any]
    by: str
    calls: list[str]


def name_of(part: ModuleType) -> str:
    return part.__name__.rpartition(".")[2]


def cases() -> Iterator[Any]:
    for part in CORPUS:
        for row in [*part.ROWS, *types.rows(part.module.OPTIONS)]:
            given = {name: value for name, value in {**part.SOUND, **row.given}.items() if value is not LEFT_OUT}
            yield pytest.param(Case(part.module, given, row), id=f"{name_of(part)}: {row.title}")


CASES = list(cases())


class Engines:
    """The engine of every module, and every call between it and the server."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._connection = endpoint.connection
        self.calls: list[str] = []
        self._recorded: set[int] = set()
        self._connect = connector(self._connection)
        self.counts: collections.Counter[tuple[str, str]] = collections.Counter()

    def connect(self, service: str, region: str | None = None) -> Client:
        """A client that is recorded."""
        client = self._connect(service, region) if region else self._connect(service)
        if id(client) not in self._recorded:
            self._recorded.add(id(client))
            client.meta.events.register("before-call", lambda model, **_event: self.calls.append(model.name))
        return client

    def run(self, module: Any, arguments: dict[str, Any], check_mode: bool) -> Answer:
        """The answer of a task."""
        specification = front.specification(module.SPEC)["argument_spec"]
        given = {**arguments, **self._connection}
        self.calls.clear()
        options, mistake = argument_types.read(specification, given, getattr(module, "OF_ITEMS", ()))
        if mistake:
            return Answer({"failed": True, "refused": True, "msg": mistake}, BY_TYPE, [])
        checked = validated(module, options)
        if checked.error_messages:
            return Answer({"failed": True, "msg": checked.error_messages[0]}, BY_ANSIBLE, [])
        connect: Connect = self.connect
        result = front.answer(module.run, checked.validated_parameters, connect, check_mode)
        return Answer(result, BY_READING if self.calls else BY_OPTIONS, list(self.calls))


@pytest.fixture(scope="module")
def engines(ministack: Endpoint, client: Callable[[str, Endpoint], Any]) -> Iterator[Engines]:
    """A server with all that is live in the corpus; in the end, how many mistakes were found by whom."""
    dynamodb, iam = client("dynamodb", ministack), client("iam", ministack)
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    texts = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "gsi1pk")]
    index = {"IndexName": "gsi1", "KeySchema": [{"AttributeName": "gsi1pk", "KeyType": "HASH"}]}
    on_demand, units = {"BillingMode": "PAY_PER_REQUEST"}, {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    dynamodb.create_table(
        TableName=LIVE,
        KeySchema=keys,
        AttributeDefinitions=texts,
        GlobalSecondaryIndexes=[{**index, "Projection": {"ProjectionType": "ALL"}}],
        Tags=[{"Key": "of", "Value": "the corpus"}],
        **on_demand,
    )
    dynamodb.update_time_to_live(TableName=LIVE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    dynamodb.create_table(TableName=PLAIN, KeySchema=keys[:1], AttributeDefinitions=texts[:1], **on_demand)
    two = {"KeySchema": keys, "AttributeDefinitions": texts[:2]}
    dynamodb.create_table(TableName=PROVISIONED, ProvisionedThroughput=units, **two)
    dynamodb.create_table(TableName=PROTECTED, DeletionProtectionEnabled=True, **two, **on_demand)
    role = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    make_function(client("lambda", ministack), FUNCTION, role["Arn"])
    made = Engines(ministack)
    yield made
    print(f"\n{table(made.counts)}")


def table(counts: collections.Counter[tuple[str, str]]) -> str:
    """How many mistakes of each module were found by whom, as a table of Markdown."""
    columns = (BY_TYPE, BY_ANSIBLE, BY_OPTIONS, BY_READING)
    lines = ["| module | mistakes | " + " | ".join(columns) + " | otherwise |", "|---|" + "---:|" * (len(columns) + 2)]
    for module in [*map(name_of, CORPUS), "all"]:
        told_by = [sum(n for (of, by), n in counts.items() if by == one and module in (of, "all")) for one in columns]
        whole = sum(n for (of, _by), n in counts.items() if module in (of, "all"))
        lines.append(f"| {module} | " + " | ".join(map(str, [whole, *told_by, whole - sum(told_by)])) + " |")
    return "\n".join(lines)


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_one_sentence_that_names_its_option(engines: Engines, case: Case) -> None:
    promised, done = (engines.run(case.module, case.arguments, check_mode) for check_mode in (True, False))
    message = promised.result.get("msg", "")
    engines.counts[case.module.__name__.rpartition(".")[2], promised.by] += 1
    promised.result.pop("declared", None)
    promised.result.pop("reads", None)
    assert done == promised, "check mode and the real run differ"
    assert promised.result.get("failed"), "it is no mistake"
    assert [call for call in promised.calls if not call.startswith(READS)] == [], "a write before the refusal"
    assert [words for words in NOT_OURS if words in message] == []
    assert "\n" not in message
    if case.row.by_ansible:
        assert promised.by == BY_ANSIBLE
        assert case.row.says in message
    else:
        assert message.startswith(case.row.says), message
        assert (promised.by == BY_READING) is case.row.reads
        assert promised.result.get("refused") or promised.by == BY_READING


@pytest.mark.parametrize("part", CORPUS, ids=name_of)
def test_the_options_that_the_mistakes_are_made_of_are_sound(engines: Engines, part: Any) -> None:
    answer = engines.run(part.module, part.SOUND, check_mode=True)
    assert answer.result.get("failed") is None, answer.result


def test_every_option_of_the_modules_is_in_the_corpus() -> None:
    for part in CORPUS:
        named = {name for param in CASES for name in param.values[0].arguments if param.values[0].module is part.module}
        assert set(part.module.OPTIONS) <= named
        assert not set(CONNECTION) & named

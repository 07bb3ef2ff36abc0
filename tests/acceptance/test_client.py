# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mastra Memory, as mana runs it, on a table and a policy that `site` made, with the rights of the Lambda's role alone.

It runs in the versions that mana pins, and in the newest. The endpoint denies what the policy does not allow. Every
call passes a proxy that writes it down.
"""

from __future__ import annotations

import dataclasses
import fnmatch
import functools
import json
import re
import uuid
from collections import Counter
from typing import Any, NamedTuple
from unittest.mock import ANY

import pytest

from tests.acceptance.mastra import CLIENTS, Answer, Mastra, versions
from tests.integration.playbook import ROOT, play
from tests.proxy import Proxy, proxied
from tools.endpoint import CACHE, Endpoint

MESSAGES = [f"message-{number:02}" for number in range(1, 26)]

# What mana does with its memory, in this order: the function of the client, its title in the docs, and its answer.
SCENARIO = {
    "createThread": ("`createThread`", "thread"),
    "getThreadById": ("`getThreadById`", "First title"),
    "updateThread": ("`updateThread`", "Second title"),
    "listThreadsOfResource": ("`listThreads` of one resource", ["thread"]),
    "listThreads": ("`listThreads` of every resource", ["thread"]),
    "saveMessages": ("`saveMessages`", MESSAGES),
    "recall": ("`recall`", MESSAGES[5:]),
    "listMessagesById": ("`listMessagesById`", ["Text of message-25"]),
    "updateMessages": ("`updateMessages`", ["New text"]),
    "updateWorkingMemory": ("`updateWorkingMemory`", None),
    "getWorkingMemory": ("`getWorkingMemory`", "# Likes tea"),
    "deleteMessages": ("`deleteMessages`", None),
    "deleteThread": ("`deleteThread`", None),
}

# What Mastra's workflows and scores do: the function of the client, its answer, and the index that it queries.
RUNS = {
    "persistWorkflowSnapshot": (None, None),
    "listWorkflowRuns": (["run"], None),
    "getWorkflowRunById": ("workflow", "gsi2"),
    "saveScore": ("run", None),
    "listScoresByScorerId": (["run"], "gsi1"),
    "listScoresByRunId": (["run"], "gsi2"),
    "listScoresByEntityId": (["run"], "gsi4"),
    "listScoresBySpan": (["run"], "gsi7"),
}
EXPECTED = {function: answer for function, (_title, answer) in SCENARIO.items()}

# Why an action is in the policy, or is not.
REASONS = {
    "dynamodb:Scan": "the specification; only what concerns every resource takes it",
    "dynamodb:DescribeTable": "without it, no call at all",
    "dynamodb:BatchWriteItem": "only emptying the whole store takes it",
}
CURRENT_PAGE = CACHE / "reports/client.md"


class Memory(NamedTuple):
    """The table and the role that `site` made."""

    table: str
    role: str


class Call(NamedTuple):
    """A request, and the status of its answer."""

    operation: str
    index_name: str | None
    status: int | None


class Step(NamedTuple):
    """A function of the client, what it answered, and what it called."""

    function: str
    answer: Answer
    calls: list[Call]


class Trace(NamedTuple):
    """A memory that `site` made where no variable says otherwise, and what a client did with it."""

    memory: Memory
    steps: list[Step]
    # Somebody clears the store, in which the working memory is left.
    clearing: Step


@pytest.fixture(scope="module")
def made(client: Any, strict: Endpoint) -> Any:
    """Make a memory by `site`, with these variables, for a role like that of a Lambda."""
    root = client("sts", strict).get_caller_identity()["Arn"]
    principal = {"AWS": root, "Service": "lambda.amazonaws.com"}
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
    }

    def make(**variables: Any) -> Memory:
        memory = Memory(table=f"memory-{uuid.uuid4().hex[:12]}", role=f"lambda-{uuid.uuid4().hex[:12]}")
        client("iam", strict).create_role(RoleName=memory.role, AssumeRolePolicyDocument=json.dumps(trust))
        names = {"mana_memory_table_name": memory.table, "mana_memory_lambda_role_name": memory.role}
        run = play("playbooks/site.yml", strict.environment, **names, **variables)
        assert (run.status, run.changed) == (0, 2), run.output
        return memory

    return make


@pytest.fixture(scope="module")
def as_role(client: Any, strict: Endpoint) -> Any:
    """The endpoint with the credentials of the memory's role."""

    def become(memory: Memory) -> Endpoint:
        arn = client("iam", strict).get_role(RoleName=memory.role)["Role"]["Arn"]
        keys = client("sts", strict).assume_role(RoleArn=arn, RoleSessionName="mana")["Credentials"]
        credentials = {
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
        }
        return dataclasses.replace(strict, environment={**strict.environment, **credentials})

    return become


def calls_at(proxy: Proxy) -> list[Call]:
    """The calls since this was asked last."""
    return [Call(call.operation, json.loads(call.request.body).get("IndexName"), call.status) for call in proxy.taken()]


@pytest.fixture(scope="module")
def run(strict: Endpoint, as_role: Any) -> Any:
    """Call functions of a client, one after the other in one process, with the rights of the memory's role."""

    def call(name: str, memory: Memory, functions: Any, **config: object) -> list[Step]:
        settings = {**as_role(memory).environment, "MANA_MEMORY_TABLE": memory.table}
        with proxied(strict) as proxy, Mastra(name, {**settings, "AWS_ENDPOINT_URL": proxy.url}, **config) as mastra:
            return [Step(function, mastra.call(function), calls_at(proxy)) for function in functions]

    return call


@pytest.fixture(scope="module")
def traced(made: Any, run: Any) -> Any:
    """A client's work, done once."""

    @functools.cache
    def trace(name: str) -> Trace:
        memory = made()
        steps = run(name, memory, SCENARIO)
        (clearing,) = run(name, memory, ["dangerouslyClearAll"])
        return Trace(memory, steps, clearing)

    return trace


@pytest.fixture(scope="module", params=CLIENTS)
def mastra(request: Any) -> Any:
    """Which client."""
    return request.param


@pytest.fixture(scope="module")
def use(run: Any, mastra: Any) -> Any:
    return functools.partial(run, mastra)


@pytest.fixture(scope="module")
def trace(traced: Any, mastra: Any) -> Any:
    return traced(mastra)


@pytest.fixture(scope="module")
def memory(trace: Any) -> Any:
    return trace.memory


@pytest.fixture(scope="module")
def steps(trace: Any) -> Any:
    return trace.steps


@pytest.fixture(scope="module")
def kinds(client: Any, strict: Endpoint) -> Any:
    """Count the items of a table by their kind, with rights that the client has not."""

    def count(table: str) -> dict[str, int]:
        items = client("dynamodb", strict).scan(TableName=table, ConsistentRead=True)["Items"]
        return dict(Counter(item["entity"]["S"] for item in items))

    return count


@pytest.fixture(scope="module")
def policy_of(client: Any, strict: Endpoint) -> Any:
    return lambda role: client("iam", strict).get_role_policy(RoleName=role, PolicyName="mana-memory")["PolicyDocument"]


def answers(steps: Any) -> Any:
    """The answer of each function, or its error."""
    return {step.function: step.answer.error or step.answer.result for step in steps}


def calls(steps: Any) -> Any:
    return [call for step in steps for call in step.calls]


def refused(steps: Any) -> Any:
    return [call for call in calls(steps) if call.status != 200]


def allows(document: Any, action: Any, resource: Any) -> Any:
    """Whether a policy of Allow statements without conditions allows an action."""
    return any(
        action in statement["Action"]
        and any(fnmatch.fnmatchcase(resource, pattern) for pattern in statement["Resource"])
        for statement in document["Statement"]
    )


def actions_of(document: Any) -> Any:
    return [action for statement in document["Statement"] for action in statement["Action"]]


def action(call: Any) -> Any:
    return f"dynamodb:{call.operation}"


# With the policy that `site` puts


def test_mana_remembers_and_forgets_with_what_site_made(steps: Any) -> None:
    assert answers(steps) == EXPECTED
    assert refused(steps) == []


@pytest.mark.usefixtures("steps")
def test_a_deleted_thread_leaves_no_message_behind(memory: Any, kinds: Any) -> None:
    assert kinds(memory.table) == {"resource": 1}


def test_whatever_the_client_calls_is_in_the_policy(steps: Any, memory: Any, policy_of: Any) -> None:
    policy = policy_of(memory.role)
    arn = f"arn:aws:dynamodb:us-east-1:000000000000:table/{memory.table}"
    called = {(action(call), f"{arn}/index/{call.index_name}" if call.index_name else arn) for call in calls(steps)}
    assert [pair for pair in sorted(called) if not allows(policy, *pair)] == []


def test_whatever_is_in_the_policy_is_called_by_the_client(steps: Any, memory: Any, policy_of: Any) -> None:
    assert sorted(actions_of(policy_of(memory.role))) == sorted({action(call) for call in calls(steps)})


def test_only_a_list_of_the_threads_of_every_resource_scans(steps: Any) -> None:
    assert [step.function for step in steps if any(call.operation == "Scan" for call in step.calls)] == ["listThreads"]


def test_clearing_the_store_is_denied_and_loses_nothing(trace: Any, kinds: Any) -> None:
    assert "not authorized to perform: dynamodb:BatchWriteItem" in trace.clearing.answer.error
    assert [call.operation for call in refused([trace.clearing])] == ["BatchWriteItem"]
    assert kinds(trace.memory.table) == {"resource": 1}


# With less


@pytest.fixture(scope="module")
def six_actions(made: Any, mastra: Any) -> Any:
    """A memory whose policy is the specification's and no more."""
    return made(mana_memory_describe_table=False)


def test_with_the_six_actions_alone_every_function_is_denied_and_only_the_newest_client_asks_each_time(
    six_actions: Any, use: Any, kinds: Any, mastra: Any
) -> None:
    steps = use(six_actions, SCENARIO)
    for step in steps:
        assert "not authorized to perform: dynamodb:DescribeTable" in step.answer.error, step
    asked = [[call.operation for call in step.calls] for step in steps]
    assert asked == [["DescribeTable"], *([["DescribeTable"] if mastra == "newest" else []] * (len(steps) - 1))]
    assert len(refused(steps)) == len(calls(steps))
    assert kinds(six_actions.table) == {}


def test_a_store_that_was_denied_recovers_without_a_new_process_with_the_newest_client_alone(
    client: Any, strict: Endpoint, made: Any, use: Any, policy_of: Any, mastra: Any
) -> None:
    memory = made(mana_memory_describe_table=False)

    def functions() -> Any:
        yield "createThread"
        policy = policy_of(memory.role)
        policy["Statement"][0]["Action"].append("dynamodb:DescribeTable")
        client("iam", strict).put_role_policy(
            RoleName=memory.role, PolicyName="mana-memory", PolicyDocument=json.dumps(policy)
        )
        yield "createThread"

    denied, again = use(memory, functions())
    assert "not authorized to perform: dynamodb:DescribeTable" in denied.answer.error
    if mastra == "newest":
        assert again.answer == Answer("thread")
    else:
        assert (again.answer, again.calls) == (denied.answer, [])


def test_with_the_six_actions_alone_a_store_that_does_not_initialise_works(
    six_actions: Any, use: Any, policy_of: Any
) -> None:
    steps = use(six_actions, SCENARIO, disableInit=True)
    assert answers(steps) == EXPECTED
    assert sorted({action(call) for call in calls(steps)}) == sorted(actions_of(policy_of(six_actions.role)))


def test_with_the_rights_of_memory_alone_only_a_list_of_every_thread_is_denied(made: Any, use: Any) -> None:
    steps = use(made(mana_memory_client="memory"), SCENARIO)
    assert answers(steps) == {**EXPECTED, "listThreads": ANY}
    assert "not authorized to perform: dynamodb:Scan" in answers(steps)["listThreads"]
    assert [call.operation for call in refused(steps)] == ["Scan"]


def test_with_every_right_that_mastra_asks_for_the_store_can_be_cleared(made: Any, use: Any, kinds: Any) -> None:
    memory = made(mana_memory_client="everything")
    steps = use(memory, ["createThread", "saveMessages", "dangerouslyClearAll"])
    assert refused(steps) == []
    assert kinds(memory.table) == {}


@pytest.mark.parametrize("choice", ["memory", "everything"])
def test_these_choices_allow_nothing_on_an_index_but_what_the_client_calls_there(
    client: Any, made: Any, use: Any, as_role: Any, policy_of: Any, choice: Any
) -> None:
    memory = made(mana_memory_client=choice)
    policy = policy_of(memory.role)
    index = f"arn:aws:dynamodb:us-east-1:000000000000:table/{memory.table}/index/gsi1"
    allowed = {name for name in actions_of(policy) if allows(policy, name, index)}
    assert allowed == {action(call) for call in calls(use(memory, SCENARIO)) if call.index_name}
    dynamodb = client("dynamodb", as_role(memory))
    with pytest.raises(dynamodb.exceptions.ClientError, match="not authorized to perform: dynamodb:Scan"):
        dynamodb.scan(TableName=memory.table, IndexName="gsi1")


def test_without_the_index_resource_recall_is_silently_empty_and_a_deleted_thread_orphans_its_messages(
    client: Any, strict: Endpoint, made: Any, use: Any, kinds: Any, policy_of: Any
) -> None:
    memory = made()
    policy = policy_of(memory.role)
    for statement in policy["Statement"]:
        statement["Resource"] = [resource for resource in statement["Resource"] if "/index/" not in resource]
    client("iam", strict).put_role_policy(
        RoleName=memory.role, PolicyName="mana-memory", PolicyDocument=json.dumps(policy)
    )
    steps = use(memory, SCENARIO)
    forgets_without_a_word(steps, kinds(memory.table))
    assert "not authorized to perform: dynamodb:Query" in answers(steps)["listThreadsOfResource"]


def test_without_gsi1_recall_is_silently_empty_and_a_deleted_thread_orphans_its_messages(
    made: Any, use: Any, kinds: Any
) -> None:
    memory = made(mana_memory_indexes=[])
    steps = use(memory, SCENARIO)
    forgets_without_a_word(steps, kinds(memory.table))
    assert "The table does not have the specified index: gsi1" in answers(steps)["listThreadsOfResource"]


# Expiry


def test_the_client_says_in_ttl_or_in_expires_at_when_an_item_expires_and_drops_every_other_name(
    client: Any, strict: Endpoint, made: Any, use: Any
) -> None:
    memory = made(mana_memory_time_to_live="expiresAt")
    dynamodb = client("dynamodb", strict)
    described = dynamodb.describe_time_to_live(TableName=memory.table)["TimeToLiveDescription"]
    assert described == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expiresAt"}
    written = {}
    for name in ("ttl", "expiresAt", "expires_at"):
        message = {"enabled": True, "defaultTtlSeconds": 86400, "attributeName": name}
        steps = use(memory, ["createThread", "saveMessages"], ttl={"message": message})
        assert answers(steps) == {function: EXPECTED[function] for function in ("createThread", "saveMessages")}
        items = dynamodb.scan(TableName=memory.table, ConsistentRead=True)["Items"]
        messages = [set(item) for item in items if item["entity"]["S"] == "message"]
        assert len(messages) == len(MESSAGES)
        written[name] = set.union(*messages) & {"ttl", "expiresAt", "expires_at"}
    assert written == {"ttl": {"ttl"}, "expiresAt": {"expiresAt"}, "expires_at": set()}


# Workflows and scores


def test_with_all_indexes_workflows_and_scores_are_found_by_each_of_them(made: Any, use: Any) -> None:
    steps = use(made(mana_memory_all_indexes=True), RUNS)
    assert answers(steps) == {function: answer for function, (answer, _index) in RUNS.items()}
    assert refused(steps) == []
    queried = {step.function: {call.index_name for call in step.calls} - {None} for step in steps}
    assert queried == {function: {index} - {None} for function, (_answer, index) in RUNS.items()}


def test_with_gsi1_alone_workflows_and_scores_are_written_and_found_by_no_other_index(
    made: Any, use: Any, kinds: Any
) -> None:
    memory = made()
    steps = use(memory, RUNS)
    for step in steps:
        answer, index = RUNS[step.function]
        if index in (None, "gsi1"):
            assert step.answer == Answer(answer)
        else:
            assert f"The table does not have the specified index: {index}" in step.answer.error
    assert {call.index_name for call in refused(steps)} == {"gsi2", "gsi4", "gsi7"}
    assert kinds(memory.table) == {"workflow_snapshot": 1, "score": 1}


def forgets_without_a_word(steps: Any, left: Any) -> None:
    """Every function answers as if all were well, but for one list; the messages are there and cannot be found."""
    assert answers(steps) == {**EXPECTED, "recall": [], "listThreadsOfResource": ANY}
    assert [(call.operation, call.index_name) for call in refused(steps)] == [("Query", "gsi1")] * 3
    assert left == {"message": 22, "resource": 1}


# What the docs say


def test_the_page_about_the_client_lists_what_it_called(traced: Any, policy_of: Any) -> None:
    page = (ROOT / "docs/client.md").read_text()
    traces = {name: traced(name) for name in CLIENTS}
    policy = policy_of(traces["pinned"].memory.role)
    called = {name: by_function(trace) for name, trace in traces.items()}
    tables = "\n".join(["", package_versions(), calls_by_function(called), actions_by_caller(called, policy), ""])
    current = re.sub(r"(?<=<!-- traced -->\n).*(?=<!-- /traced -->)", lambda _old: tables, page, flags=re.DOTALL)
    CURRENT_PAGE.parent.mkdir(exist_ok=True)
    CURRENT_PAGE.write_text(current)
    assert page == current, f"docs/client.md is not what was called; {CURRENT_PAGE.relative_to(ROOT)} is"


def package_versions() -> Any:
    installed = {name: versions(name) for name in CLIENTS}
    return table(["package", *CLIENTS], [[f"`{package}`", *found] for package, *found in by_key(installed)])


def by_function(trace: Any) -> Any:
    """The calls of each function by its title; the very first call of a process stands for itself."""
    describe, *first = trace.steps[0].calls
    called = {SCENARIO[step.function][0]: step.calls for step in trace.steps}
    return {
        "the first call of a process": [describe],
        **called,
        SCENARIO[trace.steps[0].function][0]: first,
        "`dangerouslyClearAll`": [call for call in trace.clearing.calls if call != describe],
    }


def by_key(mappings: Any) -> Any:
    """Rows of mappings with the same keys: a key, and what each mapping has there."""
    first, *_others = mappings.values()
    return [[key, *(mapping[key] for mapping in mappings.values())] for key in first]


def calls_by_function(called: Any) -> Any:
    rows = [[title, *map(wire, made)] for title, *made in by_key(called)]
    same = [[title, pinned, "the same" if newest == pinned else newest] for title, pinned, newest in rows]
    return table(["function", *CLIENTS], same)


def wire(made: Any) -> Any:
    """Calls as a reader counts them: each operation once, with its index and how often."""
    counted = Counter(f"{call.operation} on {call.index_name}" if call.index_name else call.operation for call in made)
    return ", ".join(f"{name} ({count} times)" if count > 1 else name for name, count in counted.items())


def actions_by_caller(called: Any, policy: Any) -> Any:
    """The callers of each action; if one client alone calls it, with the name of that client."""
    callers: dict[str, list[Any]] = {name: [] for name in actions_of(policy)}
    for title, *made in by_key(called):
        clients: dict[str, list[str]] = {}
        for client, calls in zip(called, made):
            for name in dict.fromkeys(map(action, calls)):
                clients.setdefault(name, []).append(client)
        for name, found in clients.items():
            only = "" if found == [*called] else f" ({', '.join(found)})"
            callers.setdefault(name, []).append(f"{title}{only}")
    allowed = {name: "yes" if name in actions_of(policy) else "no" for name in callers}
    rows = [
        [f"`{name}`", allowed[name], ", ".join(titles), REASONS.get(name, "the specification")]
        for name, titles in callers.items()
    ]
    return table(["action", "in the policy", "called by", "why"], rows)


def table(heads: Any, rows: Any) -> Any:
    return "".join(f"| {' | '.join(row)} |\n" for row in (heads, ["---"] * len(heads), *rows))

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many who do the same at once, two who want the opposite, and somebody who acts between any two calls of a run."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from tests.faults import account
from tests.faults.account import OTHERS, Account
from tests.faults.promises import leaked, unclear, unlike, untrue
from tests.faults.scenarios import GSI1, PLAYS, SCENARIOS, Scenario
from tests.faults.stage import Cell, Counting, Stage, run
from tests.proxy import Answer, Decide, HandOn, Request

AT_ONCE = 8
SOMEBODY = "somebody else"
WRITERS = {
    title: scenario
    for title, scenario in SCENARIOS.items()
    if isinstance(scenario.runs, ModuleType) and "state" in scenario.runs.OPTIONS
}

# IAM gives nobody a way to add a version only if there is none like it, so each of many may add one.
VERSIONS = ("/policies/NAME/versions/", "/policies/NAME/default")
OF_OTHERS = re.compile(rf"-other/|/other/|/({'|'.join(OTHERS)})$")


def at_once(stage: Stage, name: str, *scenarios: Scenario) -> list[Any]:
    """The answers of runs that begin at the same moment."""
    with ThreadPoolExecutor(len(scenarios)) as pool:
        runs = [pool.submit(run, scenario, name, stage.endpoint, stage.endpoint.url) for scenario in scenarios]
        return [each.result(timeout=60) for each in runs]


def faults_of(answers: list[Any]) -> dict[str, str]:
    """The flaws of answers: each has to be clear, and a failed run has to say that somebody else is there."""
    wrong = dict(flaw for answer in answers for flaw in [*unclear(answer), *leaked(answer, [])])
    alone = [answer["msg"] for answer in answers if answer.get("failed") and SOMEBODY not in answer["msg"]]
    return {**wrong, **({"untold": alone[0]} if alone else {})}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("title", WRITERS)
def test_many_who_declare_the_same_at_once_make_it_so(stage: Stage, title: str) -> None:
    scenario = WRITERS[title]
    recording = stage.recording(title)
    name = stage.prepared(scenario)
    answers = at_once(stage, name, *[scenario] * AT_ONCE)
    assert faults_of(answers) == {}
    assert [each for each in answers if not each.get("failed")]
    again = stage.run(scenario, name)
    assert not again.get("failed"), again["msg"]
    assert not (again["changed"] and stage.run(scenario, name)["changed"])
    harm = [words for _kind, words in unlike(recording, stage.seen(scenario, name)) if not words.startswith(VERSIONS)]
    assert harm == []


def test_many_plays_at_once_make_one_memory(stage: Stage) -> None:
    site = PLAYS["site"]
    name = stage.prepared(site)
    answers = at_once(stage, name, *[site] * 3)
    assert faults_of(answers) == {}
    again = stage.run(site, name)
    assert (again.get("failed"), again["changed"]) == (None, False)


def opposite(title: str, **declared: Any) -> tuple[Scenario, Scenario]:
    """A scenario, and one that wants the opposite."""
    scenario = SCENARIOS[title]
    return scenario, scenario._replace(declared={**scenario.declared, **declared})


OPPOSITES = {
    "indexes": opposite("add two indexes", indexes=[GSI1], purge_indexes=True),
    "protection": opposite("protect a table", deletion_protection_enabled=False),
    "tags": opposite("change what is beside a table", tags={"stage": "test"}),
    "a table": opposite("add two indexes", state="absent"),
    "an item": opposite("put an item", item={"text": "Bye"}),
    "an inline policy": opposite("change an inline policy", state="absent"),
    "an attachment": opposite("attach a policy", state="absent"),
    "a variable": opposite("set a variable", variables={"MANA_MEMORY_TABLE": "other"}),
}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("title", OPPOSITES)
def test_a_run_that_wants_the_opposite_of_another_says_so(stage: Stage, title: str) -> None:
    one, other = OPPOSITES[title]
    name = stage.prepared(one)
    before = stage.seen(one, name)
    answers = at_once(stage, name, *[one, other] * (AT_ONCE // 2))
    assert faults_of(answers) == {}
    now = stage.seen(one, name)
    assert [path for path, value in before.items() if OF_OTHERS.search(path) and now.get(path) != value] == []
    again = stage.run(one, name)
    assert not again.get("failed"), again["msg"]
    assert not stage.run(one, name)["changed"]


# Somebody acts with a client of his own


def deletes(it: Account, name: str) -> None:
    it.dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    it.dynamodb.delete_table(TableName=name)


def makes(it: Account, name: str) -> None:
    account.make_table(it, name, "gsi1")


def makes_anew(it: Account, name: str) -> None:
    with contextlib.suppress(ClientError):
        deletes(it, name)
    makes(it, name)


def adds_index(it: Account, name: str) -> None:
    types = [{"AttributeName": f"gsi2{key}", "AttributeType": "S"} for key in ("pk", "sk")]
    index = {"IndexName": "gsi2", "KeySchema": account.keys("gsi2"), "Projection": {"ProjectionType": "ALL"}}
    it.dynamodb.update_table(
        TableName=name, AttributeDefinitions=types, GlobalSecondaryIndexUpdates=[{"Create": index}]
    )


def deletes_index(it: Account, name: str) -> None:
    it.dynamodb.update_table(TableName=name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "gsi2"}}])


def puts_item(it: Account, name: str) -> None:
    it.dynamodb.put_item(TableName=name, Item={"pk": {"S": "new"}, "sk": {"S": name}, "by": {"S": "somebody"}})


def deletes_item(it: Account, name: str) -> None:
    it.dynamodb.delete_item(TableName=name, Key={"pk": {"S": name}, "sk": {"S": name}})


def puts_policy(it: Account, name: str) -> None:
    it.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=account.document("somebody"))


def deletes_policy(it: Account, name: str) -> None:
    it.iam.delete_role_policy(RoleName=name, PolicyName="own")


def detaches(it: Account, name: str) -> None:
    it.iam.detach_role_policy(RoleName=name, PolicyArn=account.policy_arn(name))


def adds_version(it: Account, name: str) -> None:
    it.iam.create_policy_version(PolicyArn=account.policy_arn(name), PolicyDocument=account.document("somebody"))


def sets_variable(it: Account, name: str) -> None:
    variables = it.functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    it.functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": {**variables, "SOMEBODY": "was here"}}
    )


class Act(NamedTuple):
    """An act of somebody else during a scenario. ``kept`` is where the act has to be seen afterwards."""

    title: str
    does: Callable[[Account, str], None]
    kept: str = ""


IN_PLACE_OF = ("make a table", "add two indexes", "remove an index")
VARIABLE = "/function/Environment/Variables/SOMEBODY"
ACTS = [
    *(Act(title, does) for title in IN_PLACE_OF for does in (deletes, makes_anew)),
    Act("make a table", makes),
    Act("make a table", adds_index),
    Act("add two indexes", adds_index),
    Act("add two indexes", deletes_index),
    Act("remove an index", deletes_index),
    Act("remove an index", adds_index),
    Act("delete a table", deletes),
    Act("delete a table", makes_anew),
    Act("delete a table after a backup", deletes),
    Act("put an item once", puts_item, kept="/NAME/items/new/by"),
    Act("put an item", puts_item),
    Act("delete an item", deletes_item),
    Act("put an inline policy", puts_policy),
    Act("remove an inline policy", deletes_policy),
    Act("change a managed policy", adds_version),
    Act("remove a managed policy", adds_version),
    Act("remove a managed policy", detaches),
    Act("attach a policy", detaches),
    Act("set a variable", sets_variable, kept=VARIABLE),
    Act("remove a variable", sets_variable, kept=VARIABLE),
]


def intrusion(cell: Cell, act: Act, it: Account, name: str) -> Decide:
    """Decides: before a call is handed on, somebody acts, if that is possible then."""
    counting = Counting()

    def decide(request: Request, hand_on: HandOn) -> Answer:
        if counting.next(request.operation) == cell:
            with contextlib.suppress(ClientError):
                act.does(it, name)
        return hand_on()

    return decide


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.title}, {act.does.__name__}")
def test_somebody_may_act_between_any_two_calls(stage: Stage, act: Act) -> None:
    scenario = WRITERS[act.title]
    for cell in stage.recording(act.title).cells:
        name, when = stage.prepared(scenario), f"somebody acts before {cell}"
        result = stage.run(scenario, name, intrusion(cell, act, stage.account, name))
        calls = stage.proxy.taken()
        assert dict([*unclear(result), *leaked(result, calls), *untrue(result, calls, on=False)]) == {}, when
        again = stage.run(scenario, name)
        assert not again.get("failed"), f"{when}: {again['msg']}"
        assert not (again["changed"] and stage.run(scenario, name)["changed"]), when
        now = stage.seen(scenario, name)
        assert not act.kept or [path for path in now if path.startswith(act.kept)], f"{when}, and it is lost"

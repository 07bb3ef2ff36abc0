# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many tables in one task, on a real endpoint: in check mode, for real, and again."""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils import front
from plugins.module_utils.connection import connector
from plugins.modules import audit, dynamodb_table_info, dynamodb_tables, plan
from tests.declaring import options_of
from tests.integration.playbook import Run, prepared
from tests.proxy import Answer, HandOn, Proxy, Request, Silence, proxied, refusal, transparent
from tools.endpoint import Endpoint, running

COUNTER = itertools.count()
KEYS = {"hash_key_name": "pk"}
Apply = Callable[..., dict[str, Any]]


DENIED = refusal("dynamodb", 400, "AccessDeniedException", "nobody may do this")
RATE = refusal("dynamodb", 400, "ThrottlingException", "Rate exceeded")


def table_of(request: Request) -> str:
    """The name of the table that a call is about."""
    return str(json.loads(request.body).get("TableName", ""))


class Fleet:
    """Tables with names of their own, and the way to them through a proxy."""

    def __init__(self, proxy: Proxy, endpoint: Endpoint) -> None:
        self.proxy = proxy
        self.prefix = f"fleet{next(COUNTER)}"
        self.progress: list[str] = []
        self.connection = {**endpoint.connection, "endpoint_url": proxy.url}

    def names(self, number: int) -> list[str]:
        return [f"{self.prefix}-{each}" for each in range(number)]

    def apply(self, tables: list[dict[str, Any]], check_mode: bool = False, **given: Any) -> dict[str, Any]:
        parameters = options_of(dynamodb_tables, {"tables": tables, "defaults": KEYS, **given, **self.connection})

        def engine(parameters: Any, connect: Any, check_mode: bool) -> dict[str, Any]:
            return dynamodb_tables.run(parameters, connect, check_mode, self.progress.append)

        return front.answer(engine, parameters, connector(self.connection), check_mode)

    def run(self, module: Any, check_mode: bool = False, **given: Any) -> dict[str, Any]:
        """The answer of another module."""
        parameters = options_of(module, {**given, **self.connection})
        return front.answer(module.run, parameters, connector(self.connection), check_mode)

    def writes(self) -> list[tuple[str, str]]:
        """The calls that changed something, or were to, since this was asked last."""
        return [(call.operation, table_of(call.request)) for call in self.proxy.taken() if call.request.writes]


@pytest.fixture
def fleet(ministack: Endpoint) -> Iterator[Fleet]:
    with proxied(ministack) as proxy:
        yield Fleet(proxy, ministack)


def entry(name: str, changed: bool) -> dict[str, Any]:
    return {"name": name, "region": "us-east-1", "changed": changed}


def test_many_tables_are_promised_made_and_left_alone(fleet: Fleet) -> None:
    names = fleet.names(4)
    tables: list[dict[str, Any]] = [
        *({"name": name} for name in names[:3]),
        {"name": names[3], "time_to_live": {"attribute_name": "ttl"}},
    ]
    promised = fleet.apply(tables, check_mode=True)
    assert fleet.writes() == []
    assert promised["tables"] == [entry(name, True) for name in names]
    assert [(plan["tables"], [step["call"] for step in plan["steps"]]) for plan in promised["plans"]] == [
        (names[:3], ["CreateTable"]),
        (names[3:], ["CreateTable", "UpdateTimeToLive"]),
    ]
    done = fleet.apply(tables)
    assert {**done, "check_mode": True} == promised
    assert sorted(fleet.writes()) == [*(("CreateTable", name) for name in names), ("UpdateTimeToLive", names[3])]
    again = fleet.apply(tables)
    assert fleet.writes() == []
    assert (again["changed"], again["plans"]) == (False, [])
    assert again["tables"] == [entry(name, False) for name in names]


def test_a_mistake_in_one_keeps_all_from_being_changed_and_all_mistakes_are_reported_at_once(fleet: Fleet) -> None:
    names = fleet.names(6)
    answer = fleet.apply(
        [
            {"name": names[0]},
            {"name": names[1], "range_key_type": "NUMBER"},
            {"name": names[2], "range_key_type": "NUMBER"},
            {"name": names[3], "hash_key_name": None},
            {"name": names[4], "access_key": "nobody's"},
            {"name": names[5], "purge": True},
            {},
            {"name": names[0]},
        ]
    )
    assert fleet.writes() == []
    assert (answer["failed"], answer["refused"], answer["changed"]) == (True, True, False)
    groups = {failure["msg"].partition(":")[0]: failure["tables"] for failure in answer["failures"]}
    assert groups == {
        "range_key_name": names[1:3],
        "hash_key_name": [names[3]],
        "access_key": [names[4]],
        "purge": [names[5]],
        "missing required arguments": ["tables[6]"],
        "name": [names[0], names[0]],
    }
    assert answer["msg"].startswith("8 of 8 tables cannot be as declared")


def test_the_first_of_many_that_fails_keeps_all_others_from_being_changed(fleet: Fleet) -> None:
    names = fleet.names(12)

    def decide(request: Request, hand_on: HandOn) -> Answer:
        if request.operation != "CreateTable":
            return hand_on()
        time.sleep(1)  # the others would begin meanwhile
        return DENIED

    fleet.proxy.decide = decide
    answer = fleet.apply([{"name": name} for name in names])
    assert fleet.writes() == [("CreateTable", names[0])]
    assert answer["msg"].startswith("1 of 12 tables failed, 0 were changed, 11 were not started: ")
    assert answer["tables"][0]["failed"]
    assert [each.get("not_started") for each in answer["tables"][1:]] == [True] * 11


def test_after_a_failure_nothing_new_starts_and_what_runs_is_finished(fleet: Fleet) -> None:
    names = fleet.names(10)

    def decide(request: Request, hand_on: HandOn) -> Answer:
        return DENIED if (request.operation, table_of(request)) == ("CreateTable", names[2]) else hand_on()

    fleet.proxy.decide = decide
    tables = [{"name": name, "time_to_live": {"attribute_name": "ttl"}} for name in names]
    answer = fleet.apply(tables)
    writes = fleet.writes()
    begun = [name for call, name in writes if call == "CreateTable"]
    assert begun[:3] == names[:3]
    assert len(begun) < len(names)
    finished = [name for name in begun if name != names[2]]
    assert sorted(name for call, name in writes if call == "UpdateTimeToLive") == finished
    assert [each["name"] for each in answer["tables"] if each["changed"]] == finished
    assert [each["name"] for each in answer["tables"] if each.get("not_started")] == names[len(begun) :]


def test_with_a_hundred_percent_that_may_fail_the_others_are_changed(fleet: Fleet) -> None:
    names = fleet.names(3)
    answer = fleet.apply([{"name": names[0], "range_key_type": "NUMBER"}, *({"name": name} for name in names[1:])])
    assert fleet.writes() == []
    assert answer["failed"]
    answer = fleet.apply(
        [{"name": names[0], "range_key_type": "NUMBER"}, *({"name": name} for name in names[1:])],
        max_fail_percentage=100,
    )
    assert sorted(fleet.writes()) == [("CreateTable", name) for name in names[1:]]
    assert [each["changed"] for each in answer["tables"]] == [False, True, True]


def test_check_mode_counts_what_would_be_changed(fleet: Fleet) -> None:
    names = fleet.names(3)
    tables = [{"name": names[0], "range_key_type": "NUMBER"}, *({"name": name} for name in names[1:])]
    promised = fleet.apply(tables, check_mode=True, max_fail_percentage=100)
    assert promised["msg"].startswith("1 of 3 tables failed, 2 are to be changed: ")
    done = fleet.apply(tables, max_fail_percentage=100)
    assert done["msg"].startswith("1 of 3 tables failed, 2 were changed, 0 were not started: ")
    again = fleet.apply(tables, max_fail_percentage=100)
    assert again["msg"].startswith("1 of 3 tables failed, 0 are to be changed: ")


def test_what_the_defaults_have_wrong_is_named_with_them(fleet: Fleet) -> None:
    theirs, own = fleet.names(2)
    for option, value in (("tags", {"": "a"}), ("tags", "a"), ("purge", True)):
        answer = fleet.apply([{}, {"name": own, option: value}], defaults={**KEYS, "name": theirs, option: value})
        assert sorted((failure["msg"].partition(":")[0], failure["tables"]) for failure in answer["failures"]) == [
            (f"defaults.{option}", [theirs]),
            (option, [own]),
        ]


def test_a_throttled_write_is_no_failure(fleet: Fleet) -> None:
    names = fleet.names(8)
    refusals = iter([RATE] * 3)
    lock = threading.Lock()

    def decide(request: Request, hand_on: HandOn) -> Answer:
        with lock:
            refused = next(refusals, None) if request.operation == "CreateTable" else None
        return refused or hand_on()

    fleet.proxy.decide = decide
    answer = fleet.apply([{"name": name} for name in names])
    assert not answer.get("failed"), answer
    assert len(fleet.writes()) == len(names) + 3


def test_details_bring_what_one_table_returns(fleet: Fleet) -> None:
    (name,) = fleet.names(1)
    fleet.apply([{"name": name}])
    answer = fleet.apply([{"name": name}], details=True)
    (table,) = answer["tables"]
    assert (table["table"]["status"], table["hash_key_name"], table["plan"]) == ("ACTIVE", "pk", [])


def test_details_are_what_plans_and_audits_are_made_of(fleet: Fleet) -> None:
    there, absent, wrong = fleet.names(3)
    fleet.apply([{"name": there}])
    tables: list[dict[str, Any]] = [
        {"name": there},
        {"name": absent, "table_class": "STANDARD"},
        {"name": wrong, "range_key_type": "NUMBER"},
    ]
    answer = fleet.apply(tables, check_mode=True, details=True, max_fail_percentage=100)
    results = {each["name"]: each for each in answer["tables"]}
    verdicts = fleet.run(audit, check_mode=True, results={"table": answer["tables"]})
    found = {
        thing["name"].split()[1]: {part["name"]: part["verdict"] for part in thing["parts"]}
        for thing in verdicts["report"]["things"]
    }
    assert (found[there]["existence"], found[there]["hash_key_name"]) == ("in_sync", "in_sync")
    assert (found[absent]["existence"], found[absent]["table_class"]) == ("drifted", "not_compared")
    assert "drifted" in found[wrong].values()
    made = fleet.run(plan, check_mode=True, results={name: results[name] for name in (there, absent)})
    assert made["sentences"] == [f"create table {absent} with hash key pk (S), on demand"]


def test_a_table_in_each_of_two_regions_and_behind_a_role(fleet: Fleet) -> None:
    (name,) = fleet.names(1)
    role = "arn:aws:iam::000000000000:role/tables"
    tables: list[dict[str, Any]] = [{"region": "us-east-1"}, {"region": "eu-west-1"}]
    answer = fleet.apply(tables, defaults={**KEYS, "name": name})
    assert [each["region"] for each in answer["tables"]] == ["us-east-1", "eu-west-1"]
    assert fleet.writes() == [("CreateTable", name)] * 2
    again = fleet.apply([tables[0], {"region": "eu-west-1", "role_arn": role}], defaults={**KEYS, "name": name})
    assert (again.get("failed"), again["changed"]) == (None, False)
    assert [call.operation for call in fleet.proxy.taken()].count("AssumeRole") == 1
    twice = fleet.apply([tables[0], {"region": "us-east-1", "role_arn": role}], defaults={**KEYS, "name": name})
    assert "declared 2 times" in twice["msg"]


def test_a_thousand_tables_that_are_as_declared_are_a_small_result(
    fleet: Fleet, client: Any, ministack: Endpoint
) -> None:
    name = f"{fleet.prefix}-a-name-of-forty-characters-no-less-"
    made = client("dynamodb", ministack)
    for number in range(100):
        made.create_table(
            TableName=f"{name}{number}",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    tables = [{"name": f"{name}{number}"} for number in range(100)]
    as_declared = fleet.apply(tables)
    to_change = fleet.apply(tables, check_mode=True, defaults={"deletion_protection_enabled": True})
    assert (as_declared["changed"], to_change["changed"]) == (False, True)
    assert len(json.dumps(as_declared)) < 200_000 / 10
    assert len(json.dumps(to_change)) < 200_000 / 10
    assert len(to_change["diff"]["prepared"].splitlines()) == 1


PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - mana.memory.dynamodb_tables:
        defaults: {hash_key_name: pk}
        tables: "{{ names }}"
        journal: "{{ journal }}"
      check_mode: "{{ check | default(false) }}"
      register: answer
    - ansible.builtin.debug: {msg: "{{ answer }}"}
"""


class Play:
    """The same as a play, which can be killed."""

    def __init__(self, fleet: Fleet, folder: Path) -> None:
        self.playbook = folder / "fleet.yml"
        self.playbook.write_text(PLAY)
        self.journal = folder / "journal"
        connection = fleet.connection
        self.environment = {
            "AWS_ENDPOINT_URL": connection["endpoint_url"],
            "AWS_REGION": connection["region"],
            "AWS_ACCESS_KEY_ID": connection["access_key"],
            "AWS_SECRET_ACCESS_KEY": connection["secret_key"],
        }

    def started(self, names: list[str], **variables: Any) -> subprocess.Popen[str]:
        given = {"names": [{"name": name} for name in names], "journal": str(self.journal), **variables}
        words = prepared(str(self.playbook), self.environment, **given)
        return subprocess.Popen(
            **words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def run(self, names: list[str], **variables: Any) -> tuple[dict[str, Any], str]:
        """The result of the task, and the lines on the standard error."""
        with self.started(names, **variables) as process:
            output, errors = process.communicate(timeout=120)
        (message,) = Run(process.returncode, output).messages
        return message, errors


@pytest.mark.parametrize("in_process", [True, False], ids=["in the controller's process", "as a module"])
def test_both_front_ends_return_the_same(fleet: Fleet, tmp_path: Path, in_process: bool) -> None:
    names = fleet.names(3)
    play = Play(fleet, tmp_path)
    answer, errors = play.run(names, mana_memory_in_process=in_process)
    assert answer["tables"] == [entry(name, True) for name in names]
    assert "tables" not in answer.get("invocation", {}).get("module_args", {})
    assert [plan["tables"] for plan in answer["plans"]] == [names]
    assert "done" not in errors, "it took no five seconds"
    assert list(play.journal.iterdir()) == []


def test_a_run_that_waits_prints_how_far_it_is_if_no_callback_is_in_the_way(fleet: Fleet, tmp_path: Path) -> None:
    names = fleet.names(3)

    def decide(request: Request, hand_on: HandOn) -> Answer:
        if request.operation == "CreateTable" and table_of(request) == names[1]:
            time.sleep(6.5)
        return hand_on()

    fleet.proxy.decide = decide
    answer, errors = Play(fleet, tmp_path).run(names)
    assert answer["changed"]
    assert re.findall(r"^\d of 3 done.*$", errors, re.MULTILINE) == ["2 of 3 done; 1 to come"]


def test_the_run_after_a_killed_one_reports_what_was_done_and_what_is_unsure(fleet: Fleet, tmp_path: Path) -> None:
    names = fleet.names(4)
    reached = threading.Semaphore(0)

    def decide(request: Request, hand_on: HandOn) -> Answer:
        stalled = table_of(request) in names[2:] and request.operation == "CreateTable"
        answer = RATE if table_of(request) == names[3] and stalled else hand_on()
        if stalled:
            reached.release()
            raise Silence
        return answer

    fleet.proxy.decide = decide
    play = Play(fleet, tmp_path)
    with play.started(names) as process:
        assert all(reached.acquire(timeout=60) for _each in names[2:])
        (left,) = play.journal.iterdir()
        check, _errors = play.run(names, check=True)
        assert "goes on" in check["warnings"][0]
        process.kill()
        os.kill(int(left.stem.rpartition("-")[2]), signal.SIGKILL)  # Ansible's worker, which would go on alone
    fleet.proxy.decide = transparent
    fleet.writes()
    answer, _errors = play.run(names)
    (warning,) = answer["warnings"]
    assert "was interrupted: 2 tables were done, 2 unsure, 0 left; " in warning
    for name, what in ((names[2], "was done"), (names[3], "is still to be done")):
        assert f"'create table {name} with hash key pk (S), on demand' of {name} in us-east-1 {what}" in warning
    assert fleet.writes() == [("CreateTable", names[3])]
    assert not left.exists()
    again, _errors = play.run(names)
    assert (again["changed"], again.get("warnings")) == (False, None)


@pytest.fixture(scope="module")
def paced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """The gate, at a pace that is far below that at which a fleet begins."""
    with running("gate", tmp_path_factory.mktemp("paced"), {"GATE_WRITES_A_SECOND": "2"}) as endpoint:
        yield endpoint


def test_new_tables_with_an_index_are_made_at_the_pace_that_the_account_takes(paced: Endpoint) -> None:
    """Rule mutations-are-throttled."""
    with proxied(paced) as proxy:
        fleet = Fleet(proxy, paced)
        tables = [{"name": name} for name in fleet.names(16)]
        index = {"name": "gsi1", "type": "global_all", "hash_key_name": "gsi1pk"}
        given: dict[str, Any] = {"defaults": {**KEYS, "indexes": [index]}, "first": 0}
        promised = fleet.apply(tables, check_mode=True, **given)
        assert [plan["tables"] for plan in promised["plans"]] == [fleet.names(16)]
        answer = fleet.apply(tables, **given)
        calls = [call for call in proxy.taken() if call.operation == "CreateTable"]
        again = fleet.apply(tables, **given)
    assert not answer.get("failed"), answer["msg"]
    assert all(table["changed"] for table in answer["tables"])
    assert sum(call.succeeded for call in calls) == 16
    assert len(calls) > 16, "the pace was met"
    assert (again["changed"], again["plans"]) == (False, [])


# The engine in a process of its own, which can be killed at any call.
ENGINE = """
import json
import sys

from plugins.module_utils.connection import connector
from plugins.modules import dynamodb_table_info, dynamodb_tables
from tests.conftest import name_plugins

name_plugins()
parameters, connection = json.load(sys.stdin)
dynamodb_tables.run(parameters, connector(connection), False)
"""


@pytest.mark.parametrize("seed", [pytest.param(seed, marks=[pytest.mark.matrix] * (seed > 2)) for seed in range(100)])
def test_a_run_that_is_killed_at_any_moment_leaves_nothing_unreported(fleet: Fleet, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    names = fleet.names(6)
    given: dict[str, Any] = {
        "tables": [{"name": name, "tags": {"a": "b"}, "time_to_live": {"attribute_name": "ttl"}} for name in names],
        "journal": str(tmp_path),
    }
    fatal, after_it = chance.randrange(1, 13), chance.choice([True, False])
    counter = itertools.count(1)
    in_flight: dict[tuple[str, str], bool] = {}  # what was begun, and whether the client may have the answer
    killed: list[tuple[str, str]] = []

    def decide(request: Request, hand_on: HandOn) -> Answer:
        if not request.writes:
            return hand_on()
        call = (request.operation, table_of(request))
        in_flight[call] = False
        mine = next(counter) == fatal
        answer = hand_on() if after_it or not mine else RATE
        time.sleep(0.02)  # as far as AWS, so that calls overlap
        if mine:
            killed.extend(each for each, answered in in_flight.items() if not answered)
            process.kill()
            process.wait()
        in_flight[call] = True
        return answer

    fleet.proxy.decide = decide
    parameters = options_of(dynamodb_tables, {**given, "defaults": KEYS, **fleet.connection})
    process = subprocess.Popen([sys.executable, "-c", ENGINE], stdin=subprocess.PIPE, text=True)
    process.communicate(json.dumps([parameters, fleet.connection]), timeout=60)
    assert process.returncode == -signal.SIGKILL
    fleet.proxy.decide = transparent
    made = [name for call, name in successes(fleet) if call == "CreateTable"]
    answer = fleet.apply(given["tables"], journal=given["journal"])
    made += [name for call, name in successes(fleet) if call == "CreateTable"]
    assert sorted(made) == names, "each is made once"
    (warning,) = answer["warnings"]
    assert [name for _call, name in killed if f" of {name} in us-east-1 " not in warning] == []
    again = fleet.apply(given["tables"], journal=given["journal"])
    assert (again["changed"], again.get("warnings"), list(tmp_path.iterdir())) == (False, None, [])


def successes(fleet: Fleet) -> list[tuple[str, str]]:
    """The writes that the endpoint took."""
    calls = fleet.proxy.taken()
    return [(call.operation, table_of(call.request)) for call in calls if call.request.writes and call.succeeded]


def test_the_tables_of_a_team_are_read_at_once(fleet: Fleet) -> None:
    names = fleet.names(5)
    fleet.apply([{"name": name, "tags": {"team": "a" if number % 2 else "b"}} for number, name in enumerate(names)])

    def read(**given: Any) -> list[str]:
        answer = fleet.run(dynamodb_table_info, **given)
        assert "failed" not in answer, answer
        return [table["name"] for table in answer["tables"]]

    assert read(prefix=f"{fleet.prefix}-") == names
    assert read(prefix=f"{fleet.prefix}-", tags={"team": "a"}) == names[1::2]
    assert read(names=[names[3], f"{fleet.prefix}-none", names[0]]) == [names[3], names[0]]
    assert read(names=[]) == []
    assert read(tags={"team": "a", "of": "nobody"}) == []
    assert read(prefix=f"{fleet.prefix}-", tags={"team": None}) == names
    assert read(prefix=f"{fleet.prefix}-", tags={"env": None}) == []


def test_of_tables_without_the_tags_nothing_but_the_tags_is_read(fleet: Fleet) -> None:
    names = fleet.names(5)
    fleet.apply([{"name": name, "tags": {"team": "a" if number == 3 else "b"}} for number, name in enumerate(names)])
    fleet.proxy.taken()
    answer = fleet.run(dynamodb_table_info, prefix=f"{fleet.prefix}-", tags={"team": "a"})
    assert [(table["name"], table["tags"]) for table in answer["tables"]] == [(names[3], {"team": "a"})]
    calls = fleet.proxy.taken()
    assert [call.operation for call in calls].count("ListTagsOfResource") == len(names)
    others = [table_of(call.request) for call in calls if call.operation not in ("ListTables", "ListTagsOfResource")]
    assert others.count(names[0]) == 1, "by which the ARNs of all are known"
    assert set(filter(None, others)) == {names[0], names[3]}


def test_a_table_whose_tags_cannot_be_read_is_left_out_and_warned_of(fleet: Fleet) -> None:
    names = fleet.names(3)
    fleet.apply([{"name": name, "tags": {"team": "a"}} for name in names])
    fleet.proxy.decide = lambda request, hand_on: (
        DENIED if request.operation == "ListTagsOfResource" and names[1].encode() in request.body else hand_on()
    )
    answer = fleet.run(dynamodb_table_info, names=[f"{fleet.prefix}-none", *names], tags={"team": "a"})
    assert [table["name"] for table in answer["tables"]] == [names[0], names[2]]
    (warning,) = answer["warnings"]
    assert "dynamodb:ListTagsOfResource" in warning
    assert names[1] in warning

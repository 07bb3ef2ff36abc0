# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was approved is what `site` does: whatever changed between the two, nothing else is written."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integration.playbook import play, prepared
from tests.integration.playbooks.memory import refused
from tests.proxy import Reset, proxied
from tools.endpoint import Endpoint

ANEW = "; make a plan anew, and have it approved"


class Memory:
    """A memory with a tag, the approved plan of which gives the tag another value and lets items expire."""

    def __init__(self, client: Any, endpoint: Endpoint, table: str, folder: Path) -> None:
        self.client = client("dynamodb", endpoint)
        self.endpoint, self.table, self.file = endpoint, table, folder / "plan.json"
        self.before = {"mana_memory_table_name": table, "mana_memory_verify": False, "mana_memory_tags": {"a": "1"}}
        self.variables = {**self.before, "mana_memory_tags": {"a": "2"}, "mana_memory_time_to_live": True}

    def run(self, *arguments: str, **variables: Any) -> Any:
        given = {**self.variables, "mana_memory_plan_file": str(self.file), **variables}
        return play("mana.memory.site", self.endpoint.environment, *arguments, **given)

    def approve(self) -> Any:
        """Make the table, and the plan that is approved."""
        made = play("mana.memory.site", self.endpoint.environment, **self.before)
        assert made.status == 0, made.output
        run = self.run("--check")
        assert run.status == 0, run.output
        return run

    def apply(self, **variables: Any) -> Any:
        """A run that is held to the plan, and the calls with which it wrote."""
        with proxied(self.endpoint) as proxy:
            environment = {**self.endpoint.environment, "AWS_ENDPOINT_URL": proxy.url}
            given = {**self.variables, "mana_memory_plan_file": str(self.file), **variables}
            run = play("mana.memory.site", environment, **given)
            return run, [call.operation for call in proxy.taken() if call.request.writes]

    def spoil(self, **changes: Any) -> None:
        """Write the plan with these members in place of its own."""
        self.file.write_text(json.dumps({**json.loads(self.file.read_text()), **changes}))

    def tag(self, value: str) -> None:
        arn = self.client.describe_table(TableName=self.table)["Table"]["TableArn"]
        self.client.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": value}])

    def expire(self, attribute: str) -> None:
        self.client.update_time_to_live(
            TableName=self.table, TimeToLiveSpecification={"Enabled": True, "AttributeName": attribute}
        )


@pytest.fixture
def memory(client: Any, ministack: Endpoint, table: str, tmp_path: Path) -> Memory:
    return Memory(client, ministack, table, tmp_path)


def test_what_was_approved_is_done_once(memory: Memory) -> None:
    planned = memory.approve()
    assert f"the plan has 2 steps; it is in {memory.file}" in planned.messages
    (applied, writes), (again, none) = memory.apply(), memory.apply()
    assert (applied.status, again.status) == (0, 0), applied.output + again.output
    assert sorted(writes) == ["TagResource", "UpdateTimeToLive"]
    assert none == []
    assert applied.result["table"] == planned.result["table"]
    assert "of the plan there is left nothing to do" in again.messages


def test_a_plan_with_nothing_to_do_is_a_plan(memory: Memory) -> None:
    memory.variables = memory.before
    assert "the plan has nothing to do" in memory.approve().messages[0]
    run, writes = memory.apply()
    assert (run.status, writes) == (0, []), run.output


def test_a_plan_for_a_new_table_goes_on_where_it_was_interrupted(memory: Memory) -> None:
    assert memory.run("--check").status == 0
    with proxied(memory.endpoint, lambda request, hand_on: _fails_at("UpdateTimeToLive", request, hand_on)) as proxy:
        environment = {**memory.endpoint.environment, "AWS_ENDPOINT_URL": proxy.url, "AWS_MAX_ATTEMPTS": "1"}
        cut = play("mana.memory.site", environment, **memory.variables, mana_memory_plan_file=str(memory.file))
    assert cut.status == 2, cut.output
    resumed, writes = memory.apply()
    assert resumed.status == 0, resumed.output
    assert writes == ["UpdateTimeToLive"]


def _fails_at(operation: str, request: Any, hand_on: Any) -> Any:
    if request.operation == operation:
        raise Reset
    return hand_on()


def test_the_plan_is_a_value_too(memory: Memory) -> None:
    memory.approve()
    value = json.loads(memory.file.read_text())
    run, writes = memory.apply(mana_memory_plan=value, mana_memory_plan_file="")
    assert run.status == 0, run.output
    assert sorted(writes) == ["TagResource", "UpdateTimeToLive"]


def test_a_check_hands_its_plan_on(memory: Memory) -> None:
    play("mana.memory.site", memory.endpoint.environment, **memory.before)
    environment = {**memory.endpoint.environment, "ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    run = play("mana.memory.site", environment, "--check", **memory.variables)
    shown = run.output.partition("CUSTOM STATS:")[2]
    stats = json.JSONDecoder().raw_decode(shown[shown.index("{") :])[0]
    applied, writes = memory.apply(mana_memory_plan=stats["mana_memory_plan"], mana_memory_plan_file="")
    assert applied.status == 0, applied.output
    assert sorted(writes) == ["TagResource", "UpdateTimeToLive"]


def test_a_relative_path_begins_where_the_command_was_started(memory: Memory, tmp_path: Path) -> None:
    given = {**memory.variables, "mana_memory_plan_file": "here.json"}
    started = prepared("mana.memory.site", memory.endpoint.environment, "--check", **given)
    subprocess.run(**{**started, "cwd": tmp_path}, check=True, capture_output=True)
    assert json.loads((tmp_path / "here.json").read_text())["kind"] == "plan"


CASES: dict[str, Any] = {
    "somebody else gave the tag another value": (
        lambda memory: memory.tag("3"),
        {},
        "table {table}: tags a is 3 now, and was 1 when the plan was made to set it to 2",
    ),
    "the declaration changed": (
        lambda _memory: None,
        {"mana_memory_tags": {"a": "4"}},
        "table {table}: to tag {table} with a=4, Tags[0].Value is 4 now, and 2 was approved",
    ),
    "more is declared": (
        lambda _memory: None,
        {"mana_memory_deletion_protection_enabled": True},
        "table {table}: to protect table {table} against deletion is planned now, and nobody approved that",
    ),
    "the table was deleted": (
        lambda memory: memory.client.delete_table(TableName=memory.table),
        {},
        "table {table}: to create table {table} ",
    ),
    "somebody else deleted an index": (
        lambda memory: memory.client.update_table(
            TableName=memory.table, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "gsi1"}}]
        ),
        {},
        "table {table}: to create global index gsi1 ",
    ),
    "another region": (
        lambda _memory: None,
        {"mana_memory_region": "eu-central-1"},
        "table {table} is in eu-central-1 now, and the plan is for us-east-1",
    ),
    "another table": (
        lambda _memory: None,
        {"mana_memory_table_name": "another-table"},
        "table another-table is not in the plan, and it would take to create table another-table ",
    ),
    "the plan of another account": (
        lambda memory: memory.spoil(
            things=[{**thing, "account_id": "999999999999"} for thing in json.loads(memory.file.read_text())["things"]]
        ),
        {},
        "table {table} is in account 000000000000 now, and the plan is for 999999999999",
    ),
    "a plan of an older release": (
        lambda memory: memory.spoil(version=0),
        {},
        "the plan has version 0 of the format, and this release takes version 1",
    ),
    "a plan of last week": (
        lambda memory: memory.spoil(made_at="2026-01-01T00:00:00+00:00"),
        {},
        "the plan was made ",
    ),
    "a plan that was cut off": (
        lambda memory: memory.file.write_text(memory.file.read_text()[:-9]),
        {},
        "{file} is not JSON; give the file of an earlier plan",
    ),
    "no plan": (
        lambda memory: memory.file.unlink(),
        {},
        "{file} cannot be read: No such file or directory; give the file of an earlier plan",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_nobody_approved_is_refused_before_the_first_write(memory: Memory, case: str) -> None:
    change, variables, words = CASES[case]
    memory.approve()
    change(memory)
    run, writes = memory.apply(**variables)
    sentence = refused(run)
    expected = words.format(table=memory.table, file=memory.file)
    assert sentence.startswith(f"mana_memory_plan_file: {expected}"), sentence
    assert sentence.endswith((ANEW, "give the file of an earlier plan"))
    assert writes == []


@pytest.mark.parametrize("how", [["--check"], []], ids=["in check mode", "for real"])
def test_what_is_forbidden_is_refused_before_the_first_write(memory: Memory, how: Any) -> None:
    made = play("mana.memory.site", memory.endpoint.environment, **memory.before)
    assert made.status == 0, made.output
    asked = {**memory.before, "mana_memory_destroy": memory.table, "mana_memory_forbid": ["lossy", "irreversible"]}
    run = play("mana.memory.destroy", memory.endpoint.environment, *how, **asked)
    assert refused(run) == (
        f"mana_memory_forbid: forbidden is to delete table {memory.table} (irreversible, lossy); declare it otherwise, "
        "or forbid less"
    )
    assert memory.table in memory.client.list_tables()["TableNames"]
    allowed = play("mana.memory.site", memory.endpoint.environment, **memory.before, mana_memory_forbid=["delete"])
    assert (allowed.status, allowed.changed) == (0, 0), allowed.output


def test_reviewers_get_a_page_and_gitlab_three_numbers(memory: Memory, tmp_path: Path) -> None:
    run = memory.run("--check", mana_memory_plan_report=str(tmp_path / "review"))
    assert run.status == 0, run.output
    page = (tmp_path / "review/plan.md").read_text()
    assert page.startswith("## 2 steps, 14 to 29 s\n")
    assert "- meanwhile time to live cannot change again for up to an hour" in page
    assert "loses" not in page
    assert json.loads((tmp_path / "review/gitlab.json").read_text()) == {"create": 1, "update": 1, "delete": 0}


def test_what_changes_after_the_look_is_refused_too(memory: Memory) -> None:
    memory.approve()
    looks = []

    def decide(request: Any, hand_on: Any) -> Any:
        if request.operation == "DescribeTable":
            looks.append(request)
            if len(looks) == 2:  # the first one is the look that the plan is held against
                gone = [{"Delete": {"IndexName": "gsi1"}}]
                memory.client.update_table(TableName=memory.table, GlobalSecondaryIndexUpdates=gone)
        return hand_on()

    with proxied(memory.endpoint, decide) as proxy:
        environment = {**memory.endpoint.environment, "AWS_ENDPOINT_URL": proxy.url}
        run = play("mana.memory.site", environment, **memory.variables, mana_memory_plan_file=str(memory.file))
        writes = [call.operation for call in proxy.taken() if call.request.writes]
    assert refused(run).startswith("mana_memory_plan: to create global index gsi1 ")
    assert writes == []


def test_a_permission_that_is_missing_is_named_before_the_first_write(
    strict: Endpoint, table: str, tmp_path: Path, user_with: Any
) -> None:
    asked = {"mana_memory_table_name": table, "mana_memory_verify": False, "mana_memory_plan_file": str(tmp_path / "p")}
    assert play("mana.memory.site", strict.environment, "--check", **asked).status == 0
    allowed = ["dynamodb:DescribeTable", "iam:SimulatePrincipalPolicy"]
    run = play("mana.memory.site", user_with(*allowed), **asked)
    assert run.status == 2, run.output
    denial = "IAM's simulator says that dynamodb:CreateTable on "
    said = " ".join(run.output.split())
    assert said.index(denial) < said.index("could not create table")


def test_one_step_that_somebody_else_did_is_no_refusal(memory: Memory) -> None:
    memory.approve()
    if json.loads(memory.file.read_text())["things"][0]["steps"][0]["call"] == "TagResource":
        memory.tag("2")
    else:
        memory.expire("ttl")
    run, writes = memory.apply()
    assert run.status == 0, run.output
    assert len(writes) == 1


def test_a_file_and_a_value_are_one_too_many(memory: Memory) -> None:
    run, writes = memory.apply(mana_memory_plan={"format": "any"})
    assert refused(run) == "mana_memory_plan: mana_memory_plan_file names a plan too; leave one of them out"
    assert writes == []


def test_a_plan_for_nothing_but_this_removal_deletes_the_table(memory: Memory) -> None:
    memory.approve()
    asked = {**memory.before, "mana_memory_plan_file": str(memory.file), "mana_memory_destroy": memory.table}
    assert play("mana.memory.destroy", memory.endpoint.environment, "--check", **asked).status == 0
    refused_run, writes = memory.apply()
    assert (refused_run.status, writes) == (2, [])
    done = play("mana.memory.destroy", memory.endpoint.environment, **asked)
    assert done.status == 0, done.output
    assert memory.table not in memory.client.list_tables()["TableNames"]

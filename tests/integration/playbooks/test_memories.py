# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Several memories, each with its own name and region, are made, proved, audited and deleted in one run."""

from __future__ import annotations

import dataclasses
import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.playbook import play
from tests.integration.playbooks.memory import CREATED, policy_of, refused
from tests.proxy import proxied
from tools.endpoint import Endpoint

OTHER_REGION = "eu-central-1"


class Memories:
    """Two memories: the first with a policy, the second in another region and with a tag."""

    def __init__(self, client: Any, endpoint: Endpoint, table: str, role: str) -> None:
        self.endpoint, self.names = endpoint, [f"{table}-1", f"{table}-2"]
        there = {**endpoint.environment, "AWS_REGION": OTHER_REGION}
        self.tables = [
            client("dynamodb", endpoint),
            client("dynamodb", Endpoint(endpoint.kind, endpoint.url, endpoint.pid, there)),
        ]
        self.declared: list[dict[str, Any]] = [
            {"table_name": self.names[0], "lambda_role_name": role},
            {"table_name": self.names[1], "region": OTHER_REGION, "tags": {"a": "1"}},
        ]

    def run(self, playbook: str, *arguments: str, url: str = "", **variables: Any) -> Any:
        environment = {**self.endpoint.environment, **({"AWS_ENDPOINT_URL": url} if url else {})}
        return play(playbook, environment, *arguments, **{"mana_memory_memories": self.declared, **variables})

    def written(self, playbook: str, *arguments: str, **variables: Any) -> Any:
        """A run, and the calls with which it wrote."""
        with proxied(self.endpoint) as proxy:
            run = self.run(playbook, *arguments, url=proxy.url, **variables)
            return run, [call.operation for call in proxy.taken() if call.request.writes]

    def there(self) -> list[bool]:
        """Which of the tables are there, each in its region."""
        return [name in tables.list_tables()["TableNames"] for name, tables in zip(self.names, self.tables)]

    def tag(self, value: str) -> None:
        """Give the tag of the second table another value."""
        arn = self.tables[1].describe_table(TableName=self.names[1])["Table"]["TableArn"]
        self.tables[1].tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": value}])


@pytest.fixture
def memories(client: Any, ministack: Endpoint, table: str, role: str) -> Memories:
    return Memories(client, ministack, table, role)


@pytest.fixture
def made(memories: Memories) -> Memories:
    """Both memories, made and not proved."""
    run = memories.run("mana.memory.site", mana_memory_verify=False)
    assert run.status == 0, run.output
    return memories


def test_site_makes_each_memory_once(client: Any, memories: Memories, role: str) -> None:
    check = memories.run("mana.memory.site", "--check")
    assert (check.status, check.changed, memories.there()) == (0, 3, [False, False]), check.output
    real = memories.run("mana.memory.site")
    assert (real.status, real.changed, memories.there()) == (0, 3, [True, True]), real.output
    again = memories.run("mana.memory.site")
    assert (again.status, again.changed) == (0, 0), again.output

    made = [(each["table"][0].partition(" [")[0], len(each["policy"])) for each in check.result]
    assert made[0] == (f"create table {memories.names[0]} {CREATED}".strip(), 1)
    assert made[1][0].startswith(f"create table {memories.names[1]} with")
    assert [each["table"] for each in real.result] == [each["table"] for each in check.result]
    assert real.result[0]["policy"] == check.result[0]["policy"]
    assert [each["table"] for each in again.result] == ["unchanged", "unchanged"]
    for told in (real.result, again.result):
        assert all(each["proof"].startswith("an item was written, read back, found") for each in told), told
    assert [each["where"].split(" of account ")[0] for each in real.result] == [
        f"table {memories.names[0]} in us-east-1",
        f"table {memories.names[1]} in {OTHER_REGION}",
    ]
    resource = policy_of(client, memories.endpoint, role)["Statement"][0]["Resource"][0]
    assert resource.endswith(f":us-east-1:*:table/{memories.names[0]}")


def test_verify_proves_each_and_an_audit_finds_the_one_that_drifted(made: Memories, tmp_path: Path) -> None:
    proof, writes = made.written("mana.memory.verify")
    assert (proof.status, proof.changed, writes) == (0, 0, ["PutItem", "DeleteItem"] * 2), proof.output

    audit = made.run("mana.memory.audit")
    assert (audit.status, audit.result["verdict"]) == (0, "0 of 2 memories differ"), audit.output
    made.tag("2")
    audit = made.run("mana.memory.audit", mana_memory_audit_report=str(tmp_path))
    title = f"table {made.names[1]} in {OTHER_REGION} of account 000000000000 at {made.endpoint.url}"
    assert refused(audit) == f"{title} is not as declared: it would take to tag {made.names[1]} with a=1"
    assert audit.result["verdict"] == "1 of 2 memories differs"
    assert [each["verdict"] for each in audit.result["memories"]] == ["Everything is as declared", "1 difference"]
    report = json.loads((tmp_path / "audit.json").read_text())
    second = f"table {made.names[1]} in {OTHER_REGION}"
    assert [thing["name"] for thing in report["things"]] == [
        f"table {made.names[0]} in us-east-1",
        f"policy mana-memory of table {made.names[0]} in us-east-1",
        f"environment of table {made.names[0]} in us-east-1",
        second,
        f"policy mana-memory of {second}",
        f"environment of {second}",
    ]
    assert report["verdicts"]["drifted"] == 1
    exception = {"thing": second, "part": "tags", "reason": "moves", "until": str(datetime.date.today())}
    exceptions = [{**exception, "observed": {"a": "2"}}]
    excepted = made.run("mana.memory.audit", mana_memory_audit_exceptions=exceptions)
    assert (excepted.status, excepted.result["verdict"]) == (0, "0 of 2 memories differ"), excepted.output

    verdicts = [part["verdict"] for thing in report["things"] for part in thing["parts"]]
    assert sum(report["verdicts"].values()) == len(verdicts)

    proof, writes = made.written("mana.memory.verify")
    assert writes == []
    assert refused(proof).endswith(f" is not as declared: it would take to tag {made.names[1]} with a=1")


def test_a_mistake_in_the_third_is_found_before_the_first_changes(memories: Memories) -> None:
    third = {"table_name": f"{memories.names[0]}-3", "lambda_role_name": "nobody"}
    for how in (["--check"], []):
        run, writes = memories.written("mana.memory.site", *how, mana_memory_memories=[*memories.declared, third])
        assert writes == []
        assert refused(run).startswith(f"table {third['table_name']} in us-east-1"), run.output
        assert ": mana_memory_memories[2].lambda_role_name: there is no role nobody in this account" in refused(run)


def test_what_was_approved_is_held_to_for_all_of_them(made: Memories, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    tags: dict[str, Any] = {"mana_memory_tags": {"b": "1"}, "mana_memory_verify": False}
    made.declared[1]["tags"] = {"a": "3"}
    check = made.run("mana.memory.site", "--check", mana_memory_plan_file=str(plan), **tags)
    assert (check.status, check.changed) == (0, 2), check.output
    things = json.loads(plan.read_text())["things"]
    assert [(thing["name"], len(thing["steps"])) for thing in things if thing["steps"]] == [
        (f"table {made.names[0]} in us-east-1", 1),
        (f"table {made.names[1]} in {OTHER_REGION}", 1),
    ]
    made.tag("2")
    run, writes = made.written("mana.memory.site", mana_memory_plan_file=str(plan), **tags)
    assert (writes, "tags a is 2 now, and was 1" in refused(run)) == ([], True), run.output
    made.tag("1")
    run, writes = made.written("mana.memory.site", mana_memory_plan_file=str(plan), **tags)
    assert (run.status, writes) == (0, ["TagResource", "TagResource"]), run.output


def test_each_memory_is_in_the_account_of_its_profile(ministack: Endpoint, table: str, tmp_path: Path) -> None:
    accounts, config, plan = ("111111111111", "222222222222"), tmp_path / "config", tmp_path / "plan.json"
    config.write_text(
        "".join(f"[profile p{key}]\naws_access_key_id = {key}\naws_secret_access_key = x\n" for key in accounts)
    )
    environment = {**ministack.environment, "AWS_CONFIG_FILE": str(config)}
    variables = {"mana_memory_table_name": table, "mana_memory_plan_file": str(plan), "mana_memory_verify": False}
    profiles = [{"profile": f"p{key}"} for key in accounts]
    for how in (["--check"], [], []):
        run = play("mana.memory.site", environment, *how, mana_memory_memories=profiles, **variables)
        assert run.status == 0, run.output
        assert [each["where"] for each in run.result] == [
            f"table {table} in us-east-1 of account {account} at {ministack.url}" for account in accounts
        ]
    assert run.changed == 0, run.output
    assert [(thing["name"], thing["account_id"]) for thing in json.loads(plan.read_text())["things"]] == [
        (f"table {table} in us-east-1 with profile p{account}", account) for account in accounts
    ]

    # Two profiles of one account are seen to be so before anything is written.
    config.write_text(config.read_text().replace(f"= {accounts[1]}", f"= {accounts[0]}"))
    variables = {"mana_memory_table_name": table, "mana_memory_tags": {"a": "1"}, "mana_memory_memories": profiles}
    run = play("mana.memory.site", environment, **variables)
    title = f"table {table} in us-east-1 of account {accounts[0]} at {ministack.url}"
    assert refused(run) == f"{title}: mana_memory_memories has it 2 times; leave the others out"


def test_destroy_wants_each_name(made: Memories) -> None:
    for word in ("", made.names[0], ",".join([*made.names, "another"])):
        run, writes = made.written("mana.memory.destroy", mana_memory_destroy=word)
        assert writes == []
        assert all(f"delete table {name}" in refused(run) for name in made.names), run.output
        assert refused(run).endswith(f"run again with -e mana_memory_destroy={','.join(made.names)}")
    named = {"mana_memory_destroy": ",".join(made.names)}
    for how, left, changed in ((["--check"], [True, True], 3), ([], [False, False], 3), ([], [False, False], 0)):
        run = made.run("mana.memory.destroy", *how, **named)
        assert (run.status, made.there(), run.changed) == (0, left, changed), run.output


def test_a_role_that_cannot_be_assumed_is_told_once(
    client: Any, strict: Endpoint, table: str, strict_role: str, user_with: Any
) -> None:
    memories = Memories(client, strict, table, strict_role)
    memories.endpoint = dataclasses.replace(strict, environment=user_with("dynamodb:*", "iam:*"))
    declared = [{**each, "policy_name": each["table_name"]} for each in memories.declared]
    common = {"mana_memory_lambda_role_name": strict_role, "mana_memory_verify_as_role": True}
    run, writes = memories.written("mana.memory.site", mana_memory_memories=declared, **common)
    assert (run.status, writes, memories.there()) == (2, [], [False, False]), run.output
    sentence = refused(run)
    assert sentence.count("could not assume the role") == 1, sentence
    assert all(f"table {name} in " in sentence for name in memories.names), sentence

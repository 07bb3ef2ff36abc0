# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`audit` compares, changes nothing, and says how far its verdict goes."""

from __future__ import annotations

import datetime
import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.integration.playbook import ROOT, play, prepared
from tests.integration.playbooks.memory import (
    AUDIT_PERMISSIONS,
    CREATED,
    INDEX,
    TRACES,
    described,
    policy_of,
    refused,
    tables,
)
from tools.endpoint import Endpoint

FILES = {"audit.json", "audit.xml", "audit.md", "audit.html", "audit.sarif", "annotations.txt"}


@pytest.fixture
def drifted(client: Any, strict: Endpoint, table: str, strict_role: Any) -> Any:
    """A memory on which table, tags and policy differ from what the variables declare."""
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": strict_role}
    assert play("mana.memory.site", strict.environment, mana_memory_tags={"stage": "test"}, **variables).status == 0
    other = {"name": "by_day", "type": "global_all", "hash_key_name": "day", "hash_key_type": "NUMBER"}
    return {
        **variables,
        "mana_memory_tags": {"stage": "production"},
        "mana_memory_indexes": [INDEX, other],
        "mana_memory_describe_table": False,
    }


def test_an_audit_with_read_only_credentials_lists_every_difference(
    client: Any, strict: Endpoint, table: str, drifted: Any, user_with: Any
) -> None:
    before = described(client, strict, table), policy_of(client, strict, drifted["mana_memory_lambda_role_name"])
    auditor = user_with(*AUDIT_PERMISSIONS)
    failing, reporting = (
        play("mana.memory.audit", auditor, mana_memory_audit_report_only=report_only, **drifted)
        for report_only in (False, True)
    )
    assert (failing.status, failing.changed) == (2, 0), failing.output
    assert (reporting.status, reporting.changed) == (0, 0), reporting.output
    report = reporting.result
    listed = report["it would take to"]
    assert (report["verdict"], report["not read"]) == ("3 differences", [])
    assert listed[:2] == [
        f"tag {table} with stage=production",
        f"create global index by_day [hash key day (N), projection ALL] on {table}",
    ]
    assert listed[2].startswith("put the policy mana-memory on role ")
    assert "removes the statement Allow dynamodb:DescribeTable" in listed[2]
    assert len(listed) == 3
    assert report in failing.messages
    title = f"table {table} in us-east-1 of account 000000000000 at {strict.url}"
    assert report["where"] == title
    assert refused(failing) == f"{title} is not as declared: it would take to {'; to '.join(listed)}"
    after = described(client, strict, table), policy_of(client, strict, drifted["mana_memory_lambda_role_name"])
    assert before == after


def test_an_audit_of_what_is_as_declared_succeeds(
    strict: Endpoint, table: str, strict_role: Any, user_with: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": strict_role}
    assert play("mana.memory.site", strict.environment, **variables).status == 0
    run = play("mana.memory.audit", user_with(*AUDIT_PERMISSIONS), **variables)
    assert (run.status, run.changed) == (0, 0), run.output
    assert run.result["verdict"] == "Everything is as declared"
    assert run.result["compared"] == ["keys", "billing mode", "index gsi1", "the policy mana-memory"]
    unread = ["tags", "time to live", "point-in-time recovery", "protection against deletion"]
    others = ["what the role has no variable for", "other policies of the role"]
    assert run.result["not compared"] == [*unread, *others]


def test_an_audit_says_what_nobody_declared(client: Any, ministack: Endpoint, table: str) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_tags": {"team": "a"}, "mana_memory_time_to_live": True}
    rogue = {"name": "rogue", "type": "global_all", "hash_key_name": "day"}
    indexes = {"mana_memory_indexes": [INDEX, rogue]}
    assert play("mana.memory.site", ministack.environment, **variables, **indexes).status == 0
    run = play("mana.memory.audit", ministack.environment, **variables)
    assert (run.status, run.result["verdict"]) == (0, "Everything is as declared"), run.output
    assert run.result["compared"] == ["keys", "billing mode", "index gsi1", "tags", "time to live"]
    assert "index rogue, which is not declared" in run.result["not compared"]
    assert "the policy, since no role is named" in run.result["not compared"]


def test_an_audit_names_other_policies_of_the_role(
    client: Any, strict: Endpoint, table: str, strict_role: Any, user_with: Any
) -> None:
    variables = {"mana_memory_table_name": table, "mana_memory_lambda_role_name": strict_role}
    assert play("mana.memory.site", strict.environment, mana_memory_verify=False, **variables).status == 0
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    client("iam", strict).put_role_policy(
        RoleName=strict_role, PolicyName="rogue", PolicyDocument=json.dumps(everything)
    )
    permissions = [*AUDIT_PERMISSIONS, "iam:ListRolePolicies", "iam:ListAttachedRolePolicies"]
    run = play("mana.memory.audit", user_with(*permissions), mana_memory_audit_other_policies=True, **variables)
    assert (run.status, run.result["verdict"]) == (0, "Everything is as declared"), run.output
    assert "policy rogue of the role, which is not declared" in run.result["not compared"]
    denied = play(
        "mana.memory.audit", user_with(*AUDIT_PERMISSIONS), mana_memory_audit_other_policies=True, **variables
    )
    assert denied.status == 4, denied.output
    assert "the missing permission is iam:ListRolePolicies" in denied.output


def test_a_refusal_names_the_roles_variable_which_then_mends_it(ministack: Endpoint, table: str) -> None:
    variables = {"mana_memory_table_name": table}
    assert play("mana.memory.site", ministack.environment, **variables).status == 0
    other = {"mana_memory_indexes": [{**INDEX, "type": "global_keys_only"}]}
    run = play("mana.memory.site", ministack.environment, **variables, **other)
    sentence = refused(run)
    assert sentence.startswith("mana_memory_indexes[gsi1].type: the index has projection ALL"), run.output
    assert "mana_memory_recreate_indexes: true" in sentence
    audit = play("mana.memory.audit", ministack.environment, **variables, **other)
    assert (audit.changed, audit.result["not possible"]) == (0, [sentence])
    assert sentence in refused(audit)
    through_make = {**ministack.environment, "MANA_MEMORY_COMMAND": "make audit"}
    audit = play("mana.memory.audit", through_make, **variables, **other)
    assert refused(audit).endswith("created again with make apply ARGS='-e mana_memory_recreate_indexes=true'")
    again = play("mana.memory.site", ministack.environment, mana_memory_recreate_indexes=True, **variables, **other)
    assert again.status == 0, again.output


@pytest.mark.parametrize("missing", AUDIT_PERMISSIONS)
def test_an_audit_names_the_permission_that_it_lacks(drifted: Any, user_with: Any, missing: Any) -> None:
    run = play("mana.memory.audit", user_with(*set(AUDIT_PERMISSIONS) - {missing}), **drifted)
    assert run.status == 4, run.output
    assert f"the missing permission is {missing} on " in run.output
    # The part that could be read is compared all the same.
    readable = "tag " if missing == "iam:GetRolePolicy" else "put the policy mana-memory"
    assert readable in run.output
    # So are the other parts of the table.
    assert ("create global index by_day" in run.output) == (missing != "dynamodb:DescribeTable")
    assert not any(trace in run.output for trace in TRACES), run.output


def test_an_audit_finds_that_nothing_is_there(client: Any, ministack: Endpoint, table: str) -> None:
    run = play("mana.memory.audit", ministack.environment, mana_memory_table_name=table)
    assert run.status == 2, run.output
    assert f"create table {table} {CREATED}" in run.output
    assert table not in tables(client, ministack)


def test_an_audit_shows_who_changed_what_and_leaves_out_exceptions(
    client: Any, ministack: Endpoint, table: str, tmp_path: Path
) -> None:
    tagged = {"mana_memory_table_name": table, "mana_memory_tags": {"team": "a"}}
    assert play("mana.memory.site", ministack.environment, mana_memory_verify=False, **tagged).status == 0

    def audit(folder: str, **variables: Any) -> Any:
        given = {**tagged, "mana_memory_audit_report": str(tmp_path / folder), **variables}
        run = play("mana.memory.audit", ministack.environment, **given)
        return run, json.loads((tmp_path / folder / "audit.json").read_text())

    run, report = audit("first")
    assert (run.status, report["status"], report["verdicts"]["drifted"]) == (0, 0, 0), run.output
    jsonschema.validate(report, json.loads((ROOT / "docs/report.schema.json").read_text()))
    assert {file.name for file in (tmp_path / "first").iterdir()} == FILES
    baseline = {"mana_memory_audit_baseline": str(tmp_path / "first/audit.json")}

    run, report = audit("moved", mana_memory_tags={"team": "b"}, **baseline)
    assert (run.status, report["verdicts"]["pending"]) == (2, 1), run.output

    dynamodb = client("dynamodb", ministack)
    arn = dynamodb.describe_table(TableName=table)["Table"]["TableArn"]
    dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "team", "Value": "x"}])
    run, report = audit("drifted", **baseline)
    assert (run.status, report["verdicts"]["drifted"]) == (2, 1), run.output
    (part,) = [part for part in report["things"][0]["parts"] if part["verdict"] == "drifted"]
    assert part["reason"].startswith("AWS changed since the baseline: ")
    assert part["declared_at"]

    exempt = {"thing": f"table {table}", "part": "tags", "reason": "why", "observed": {"team": "x"}}
    until = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=10)
    excepted = {"mana_memory_audit_exceptions": [{**exempt, "until": until.isoformat()}]}
    run, report = audit("excepted", **excepted)
    assert (run.status, report["verdicts"]["excepted"]) == (0, 1), run.output
    assert run.result["verdict"] == "Everything is as declared or excepted"
    run, report = audit("one more", mana_memory_time_to_live=True, **excepted)
    assert (run.status, report["verdicts"]["drifted"], report["verdicts"]["excepted"]) == (2, 1, 1), run.output
    assert run.result["verdict"] == "1 difference"
    assert refused(run).endswith(f" is not as declared: it would take to expire items of {table} by ttl")
    run = play(
        "mana.memory.audit", ministack.environment, mana_memory_audit_exceptions=[{**exempt, "until": "soon"}], **tagged
    )
    assert refused(run).startswith("mana_memory_audit_exceptions[0].until: 'soon' is no day; ")


def test_what_was_not_read_wins_over_a_difference_and_over_report_only(
    drifted: Any, user_with: Any, tmp_path: Path
) -> None:
    run = play(
        "mana.memory.audit",
        user_with(*set(AUDIT_PERMISSIONS) - {"iam:GetRolePolicy"}),
        mana_memory_audit_report_only=True,
        mana_memory_audit_report=str(tmp_path),
        **drifted,
    )
    report = json.loads((tmp_path / "audit.json").read_text())
    assert (run.status, report["status"]) == (4, 4), run.output
    assert report["verdicts"]["drifted"] == 2
    assert report["verdicts"]["not_read"] > 0
    assert (tmp_path / "audit.md").read_text().startswith("## Not everything could be read\n")


def test_a_difference_names_the_file_and_the_line_of_the_users_variable(ministack: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "vars.yml").write_text("---\nlabels:\n  team: a\n")
    tasks = [
        {
            "mana.memory.dynamodb_table": {"name": "lined", "hash_key_name": "pk", "tags": "{{ labels }}"},
            "check_mode": check_mode,
            "register": "found",
        }
        for check_mode in (False, True)
    ]
    tasks[0]["mana.memory.dynamodb_table"] = {"name": "lined", "hash_key_name": "pk"}
    audit = {"mana.memory.audit": {"results": {"table lined": "{{ found }}"}, "report": "reports"}}
    plays = [{"hosts": "localhost", "gather_facts": False, "vars_files": ["vars.yml"], "tasks": [*tasks, audit]}]
    (tmp_path / "play.yml").write_text(json.dumps(plays))
    started = prepared(str(tmp_path / "play.yml"), ministack.environment)
    done = subprocess.run(**{**started, "cwd": tmp_path}, check=False, capture_output=True)
    assert done.returncode == 2, done
    assert (
        (tmp_path / "reports/annotations.txt")
        .read_text()
        .startswith("::warning file=vars.yml,line=3::table lined: tags ")
    )

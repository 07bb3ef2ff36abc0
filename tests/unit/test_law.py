# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every rule of the law, by a call that it lets pass, and one that it refuses as AWS does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.law.rules import RULES, refusals
from tests.law.state import Call, Table, after, described
from tests.unit.broken import CASES
from tests.unit.calling import (
    BOTH,
    GSI2,
    NAME,
    create,
    definitions,
    expire,
    indexes,
    insights,
    keys,
    provisioned,
    stream,
    table,
    units,
    update,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_lets_the_legal_pass_and_refuses_the_illegal(rule: Any) -> None:
    case = CASES[rule.name]
    if case.legal is not None:
        assert list(refusals(case.table, case.legal)) == []
    answers = [refusal for refusal in refusals(case.table, case.illegal) if refusal.rule == rule.name]
    assert [answer.code for answer in answers if case.words in answer.message] == [case.code], answers


def test_every_rule_has_a_case() -> None:
    assert CASES.keys() == {rule.name for rule in RULES}


TOGETHER: list[tuple[str, Table, Call]] = [
    ("a switch of billing and a maximum", provisioned(), update(
        BillingMode="PAY_PER_REQUEST", OnDemandThroughput={"MaxReadRequestUnits": 5})),
    ("a stream and billing on demand", table(), update(BillingMode="PAY_PER_REQUEST", **stream(BOTH))),
    ("a new index beside another one's capacity", provisioned(), update(
        AttributeDefinitions=definitions("a"),
        **indexes(
            Create={**GSI2, "ProvisionedThroughput": units(1, 1)},
            Update={"IndexName": "gsi1", "ProvisionedThroughput": units(3, 3)},
        ),
    )),
    ("an end of insights with a mode", table(), insights("DISABLE", ContributorInsightsMode="THROTTLED_KEYS")),
    ("time to live after recovery", table(recovery=35), expire(True, "ttl")),
]  # fmt: skip


@pytest.mark.parametrize(("before", "call"), [pytest.param(*case[1:], id=case[0]) for case in TOGETHER])
def test_a_call_that_aws_was_measured_to_take_is_taken(before: Table, call: Call) -> None:
    assert list(refusals(before, call)) == []


def test_an_import_takes_no_name_that_is_there() -> None:
    parameters = {"TableName": NAME, "KeySchema": keys("pk"), "AttributeDefinitions": definitions()[:1]}
    (refusal,) = refusals(table(), Call("ImportTable", {"TableCreationParameters": parameters}))
    assert (refusal.code, refusal.message) == ("ResourceInUseException", f"Table already exists: {NAME}")


@pytest.mark.parametrize(
    ("mode", "units", "warm"),
    [("PROVISIONED", (5, 5), (5, 5)), ("PAY_PER_REQUEST", None, (12000, 4000))],
    ids=["provisioned", "on demand, with the zeros that AWS tells"],
)
def test_a_restored_table_is_known_by_its_description(mode: str, units: Any, warm: Any) -> None:
    told = {"ReadCapacityUnits": units[0] if units else 0, "WriteCapacityUnits": units[1] if units else 0}
    index = {"IndexName": "gsi1", "KeySchema": keys("a"), "ProvisionedThroughput": told}
    description = {
        "TableName": NAME,
        "KeySchema": keys("pk", "SK"),
        "AttributeDefinitions": definitions("a"),
        "BillingModeSummary": {"BillingMode": mode},
        "ProvisionedThroughput": told,
        "GlobalSecondaryIndexes": [{**index, "IndexStatus": "ACTIVE"}],
        "SSEDescription": {"Status": "ENABLED", "KMSMasterKeyArn": "key-1"},
    }
    there = described(description, "eu-west-1")
    assert (there.name, there.region, there.billing_mode, there.encryption) == (NAME, "eu-west-1", mode, "key-1")
    assert [(each.throughput, each.warm) for each in (there, there.global_indexes["gsi1"])] == [(units, warm)] * 2


def test_warm_throughput_stays_after_a_switch() -> None:
    made = after(None, create())
    there = after(
        made and replace(made, global_indexes={}),
        update(BillingMode="PROVISIONED", ProvisionedThroughput=units(5, 5)),
    )
    assert there is not None
    assert (there.warm, there.throughput) == ((12000, 4000), (5, 5))

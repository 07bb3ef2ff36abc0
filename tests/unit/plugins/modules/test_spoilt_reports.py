# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever stands in place of a value in a result, a plan, an audit or an exception: it is taken or refused."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, NamedTuple

import pytest

from plugins.module_utils import front, keeping, report
from plugins.modules import audit, plan
from tests.declaring import options_of

IN_PLACE: tuple[Any, ...] = (None, 7, "text", [], {"a": "b"})
ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/threads"
PLACE = {"region": "us-east-1", "account_id": "123456789012"}


def step(call: str, service: str = "dynamodb", **arguments: Any) -> dict[str, Any]:
    return {"service": service, "call": call, "region": "us-east-1", "arguments": arguments, "sentence": f"do {call}"}


INDEX = {"name": "by_day", "type": "global_all", "hash_key_name": "day", "read_capacity": 5, "write_capacity": 5}
BEFORE: dict[str, Any] = {
    "name": "threads",
    "hash_key_name": "pk",
    "billing_mode": "PROVISIONED",
    "read_capacity": 9,
    "time_to_live": {"enabled": False},
    "point_in_time_recovery": {"enabled": True, "recovery_period_in_days": 35},
    "tags": {"team": "b"},
    "indexes": [INDEX],
}
AFTER: dict[str, Any] = {
    **BEFORE,
    "read_capacity": 5,
    "time_to_live": {"enabled": True, "attribute_name": "ttl"},
    "point_in_time_recovery": {"enabled": True, "recovery_period_in_days": 7},
    "tags": {"team": "a"},
    "indexes": [{**INDEX, "read_capacity": 2}],
}
TABLE: dict[str, Any] = {
    **PLACE,
    **AFTER,
    "changed": True,
    "plan": [
        step(
            "UpdateTable",
            TableName="threads",
            ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
            GlobalSecondaryIndexUpdates=[
                {"Update": {"IndexName": "by_day", "ProvisionedThroughput": {"ReadCapacityUnits": 2}}}
            ],
        ),
        step("UpdateTable", TableName="threads", StreamSpecification={"StreamEnabled": False}),
        step("UpdateTable", TableName="threads", ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}]),
        step("UpdateTimeToLive", TableName="threads", TimeToLiveSpecification={"Enabled": True}),
        step(
            "UpdateContinuousBackups",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7},
        ),
        step("TagResource", ResourceArn=ARN, Tags=[{"Key": "team", "Value": "a"}]),
    ],
    "diff": {"before": BEFORE, "after": AFTER, "before_header": "b", "after_header": "a", "prepared": "1. do"},
    "declared": ["name", "time_to_live", "tags", "index by_day", "read_capacity"],
    "declared_at": {"tags": "vars.yml:7"},
    "reads": [{"action": "dynamodb:DescribeTable", "resource": "arn::dynamodb:::table/threads"}],
    "table": {"provisioned_throughput": {"number_of_decreases_today": 1}, "global_secondary_indexes": [{}]},
    "warnings": ["a warning"],
}
ENVIRONMENT: dict[str, Any] = {
    "region": "us-east-1",
    "plan": [step("UpdateFunctionConfiguration", "lambda", Environment={"Variables": {"A": "b"}})],
    "function_name": "mana",
    "variables": {"A": "b"},
    "diff": {"before": {"variables": {"A": "x"}}, "after": {"variables": {"A": "b"}}},
    "declared": ["function_name", "variables"],
}
ITEM: dict[str, Any] = {
    "region": "us-east-1",
    "plan": [step("PutItem", TableName="threads", Item={"pk": {"S": "a"}})],
    "item": {"pk": "a"},
    "diff": {"before": {"pk": "a", "n": 1}, "after": {"pk": "a"}},
    "declared": ["table_name", "key", "item"],
}
SMALL: dict[str, Any] = {**PLACE, "name": "small", "plan": [], "tags": {"team": "a"}, "declared": ["name", "tags"]}
IN_PART: dict[str, Any] = {
    "failed": True,
    "msg": "denied",
    "not_read": {"tags": "denied"},
    "compared": SMALL,
    "declared": ["name", "tags", "time_to_live"],
}
REFUSED = {"failed": True, "refused": True, "msg": "tags.a: no", "declared": ["tags"]}
SKIPPED = {"skipped": True}
PLANNED = {"table": TABLE, "environment": ENVIRONMENT, "item": ITEM}
FOUND = {**PLANNED, "in part": IN_PART, "refused": REFUSED, "skipped": SKIPPED, "tables": [SMALL]}
EXEMPT: dict[str, Any] = {
    "thing": "table",
    "part": "tags",
    "reason": "why",
    "until": "2026-12-31",
    "observed": {"team": "b"},
}


def answered(module: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The module's answer, made by its engine in the way of a task."""
    parameters = {**options_of(module, {"results": {"a": {}}}), **given}
    return front.answer(module.run, parameters, lambda *_of: None, True)


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of each value in a value, its own first."""
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from nodes(member, (*path, name))


def spoilt(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    """The value with another one at a path."""
    if not path:
        return other
    changed = copy.copy(value)
    changed[path[0]] = spoilt(value[path[0]], path[1:], other)
    return changed


class Case(NamedTuple):
    """A task with a value to spoil, below one of its options."""

    module: Any
    option: str
    given: Callable[[], dict[str, Any]]


def _reports(module: Any, results: dict[str, Any]) -> Any:
    return json.loads(json.dumps(answered(module, {"results": results})["report"]))


CASES = {
    "a result of an audit": Case(audit, "results", lambda: {"results": FOUND}),
    "a baseline": Case(audit, "baseline", lambda: {"results": PLANNED, "baseline": _reports(audit, PLANNED)}),
    "an exception": Case(audit, "exceptions", lambda: {"results": FOUND, "exceptions": [EXEMPT]}),
    "a result of a plan": Case(plan, "results", lambda: {"results": PLANNED}),
    "an approved plan": Case(plan, "approved", lambda: {"results": PLANNED, "approved": _reports(plan, PLANNED)}),
}


@pytest.fixture(autouse=True)
def without_aws_or_slow_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "account", lambda _connect: ("123456789012", ""))
    monkeypatch.setattr(report, "_digest", lambda text, salt: f"digest of {len(text)} with {salt}")


@pytest.mark.parametrize("title", CASES)
def test_whatever_stands_in_place_of_a_value_is_taken_or_refused_in_a_sentence(
    title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[title]
    sound = case.given()
    pages = {"folder" if case.module is plan else "report": str(tmp_path)}
    monkeypatch.setattr(keeping, "write_all", lambda *_of: None)
    assert not answered(case.module, {**sound, **pages, "fail_on": []}).get("failed")
    wrong = {}
    for path in nodes(sound[case.option]):
        for other in IN_PLACE:
            if not path and type(other) is not type(sound[case.option]):
                continue  # Ansible refuses it
            given = {**sound, **pages, case.option: spoilt(sound[case.option], path, other), "fail_on": []}
            result = answered(case.module, given)
            if result.get("failed") and not re.match(rf"({case.option})\b.*: .+; .+", result["msg"], re.DOTALL):
                wrong[f"{'.'.join(map(str, path))} = {other!r}"] = result["msg"]
    assert not wrong, "\n".join(f"{path}: {msg}" for path, msg in wrong.items())

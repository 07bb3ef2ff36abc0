# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans that are kept: what they hold, and what a later run may still do of them."""

from __future__ import annotations

import copy
import datetime
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from plugins.module_utils import report
from plugins.module_utils.plan import Impossible

SALT = "00" * 16
MADE = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)
SCHEMA = json.loads((Path(__file__).parents[4] / "docs/report.schema.json").read_text())
ACCOUNT = "123456789012"
ARN = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/threads"


def step(call: str, sentence: str, service: str = "dynamodb", **arguments: Any) -> dict[str, Any]:
    return {
        "service": service,
        "call": call,
        "region": "us-east-1",
        "arguments": arguments,
        "sentence": sentence,
    }


def capacity(reads: int, read_before: int = 12, **rest: Any) -> dict[str, Any]:
    """What the table's task returns where its read capacity is to change."""
    return {
        "plan": [
            step(
                "UpdateTable",
                f"give threads {reads} reads a second",
                TableName="threads",
                ProvisionedThroughput={"ReadCapacityUnits": reads, "WriteCapacityUnits": 5},
            )
        ],
        "diff": {"before": {"read_capacity": read_before}, "after": {"read_capacity": reads}},
        "region": "us-east-1",
        "account_id": ACCOUNT,
        **rest,
    }


CREATE: dict[str, Any] = step("CreateTable", "create table threads", TableName="threads")
EXPIRE: dict[str, Any] = step(
    "UpdateTimeToLive",
    "expire items of threads by ttl",
    TableName="threads",
    TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"},
)
TAG_NEW = step("TagResource", "tag threads", ResourceArn="threads", Tags=[{"Key": "a", "Value": "b"}])
TAG = step("TagResource", "tag threads", ResourceArn=ARN, Tags=[{"Key": "a", "Value": "b"}])
DECLARED: dict[str, Any] = {
    "name": "threads",
    "time_to_live": {"enabled": True, "attribute_name": "ttl"},
    "indexes": [{"name": "by_day", "type": "global_all"}],
}
BARE: dict[str, Any] = {**DECLARED, "time_to_live": {"enabled": False}}
PLACE: dict[str, Any] = {"region": "us-east-1", "account_id": ACCOUNT}
NEW: dict[str, Any] = {
    "plan": [CREATE, EXPIRE, TAG_NEW],
    "diff": {"before": {}, "after": DECLARED},
    "region": "us-east-1",
}
HALF: dict[str, Any] = {"plan": [EXPIRE, TAG], "diff": {"before": BARE, "after": DECLARED}, **PLACE}
LAST: dict[str, Any] = {
    "plan": [TAG],
    "diff": {"before": {**DECLARED, "tags": {}}, "after": {**DECLARED, "tags": {"a": "b"}}},
    **PLACE,
}
DONE: dict[str, Any] = {"plan": [], **PLACE}
SECRET = "improbable-secret"
ENVIRONMENT: dict[str, Any] = {
    "plan": [
        step(
            "UpdateFunctionConfiguration",
            "set the environment variable TOKEN of the Lambda function mana",
            "lambda",
            FunctionName="mana",
            Environment={"Variables": {"TOKEN": SECRET, "OLD": None}},
        )
    ],
    "diff": {
        "before": {"function_name": "mana", "variables": {}},
        "after": {"function_name": "mana", "variables": {"TOKEN": SECRET}},
    },
    **PLACE,
}


def made(results: dict[str, Any], account: str = ACCOUNT, salt: str = SALT) -> report.Report:
    """A plan of these results, as it comes back from a file."""
    things = report.in_account(report.from_results(results, salt), account)
    text = json.dumps(report.to_json(report.Report("plan", MADE, salt, things)))
    return report.from_json(json.loads(text), "approved")


def bound(approved: report.Report, results: dict[str, Any], account: str = ACCOUNT, hours: float = 1) -> list[str]:
    """What is left of a plan, hours later."""
    things = report.in_account(report.from_results(results, approved.salt), account)
    later = MADE + datetime.timedelta(hours=hours)
    return [each.sentence for each in report.bind(approved, things, later, 24, "approved")]


@pytest.mark.parametrize(
    ("planned", "left"),
    [
        pytest.param(NEW, ["create table threads", "expire items of threads by ttl", "tag threads"], id="all of it"),
        pytest.param(HALF, ["expire items of threads by ttl", "tag threads"], id="a half, after an interrupted run"),
        pytest.param(DONE, [], id="nothing, after a whole run"),
    ],
)
def test_a_run_does_what_is_left_of_its_plan(planned: Any, left: Any) -> None:
    approved = made({"table threads": {**NEW, "diff": {"before": {}, "after": {**DECLARED, "tags": {"a": "b"}}}}})
    assert bound(approved, {"table threads": planned}) == left


def test_the_last_step_alone_is_left_of_a_plan_for_a_new_table() -> None:
    approved = made({"table threads": {**NEW, "diff": {"before": {}, "after": {**DECLARED, "tags": {"a": "b"}}}}})
    assert bound(approved, {"table threads": LAST}) == ["tag threads"]


def test_an_item_more_is_no_staleness() -> None:
    old, new = capacity(20), capacity(20)
    old["table"], new["table"] = {"item_count": 1}, {"item_count": 2}
    new["plan"][0]["sentence"] = "give threads, with 2 items, 20 reads a second"
    assert len(bound(made({"table threads": old}), {"table threads": new})) == 1


ELSEWHERE = {**capacity(20), "account_id": "999999999999"}
IN_OHIO = {**capacity(20), "region": "us-east-2"}
AND_INDEX = capacity(20)
AND_INDEX["plan"] = [
    *AND_INDEX["plan"],
    step("UpdateTable", "delete index by_day", TableName="threads"),
]
OTHER_ORDER = {**HALF, "plan": [TAG, EXPIRE]}
HALF_WITH_OTHER_VALUE = copy.deepcopy(HALF)
HALF_WITH_OTHER_VALUE["diff"]["before"]["time_to_live"] = {"enabled": True, "attribute_name": "expiry"}


@pytest.mark.parametrize(
    ("approved", "planned", "sentence"),
    [
        pytest.param(
            capacity(20),
            capacity(20, read_before=31),
            "approved: table threads: read_capacity is 31 now, and was 12 when the plan was made to set it to 20; ",
            id="a value that moved: 12 to 20 is never performed as 31 to 20",
        ),
        pytest.param(
            capacity(20),
            capacity(25),
            "approved: table threads: to give threads 25 reads a second, ProvisionedThroughput.ReadCapacityUnits is 25 "
            "now, and 20 was approved; ",
            id="another declaration",
        ),
        pytest.param(
            capacity(20),
            AND_INDEX,
            "approved: table threads: to delete index by_day is planned now, and nobody approved that; ",
            id="one step more",
        ),
        pytest.param(
            DONE,
            capacity(20),
            "approved: table threads: to give threads 20 reads a second is planned now, and nobody approved that; ",
            id="a plan of nothing, and something to do",
        ),
        pytest.param(
            {**HALF},
            OTHER_ORDER,
            "approved: table threads: to tag threads is planned now, where to expire items of threads by ttl was "
            "approved; ",
            id="another order",
        ),
        pytest.param(
            NEW,
            HALF_WITH_OTHER_VALUE,
            "approved: table threads: time_to_live attribute_name is expiry now, and was absent when the plan was made "
            "to set it to ttl; ",
            id="half applied, and then changed by somebody else",
        ),
        pytest.param(
            capacity(20),
            {**capacity(20), "diff": {"before": {"read_capacity": 12}, "after": {"read_capacity": 21}}},
            "approved: table threads: read_capacity is to be 21, and 20 was approved; ",
            id="another value in the end, by the same call",
        ),
        pytest.param(
            capacity(20),
            ELSEWHERE,
            f"approved: table threads is in account 999999999999 now, and the plan is for {ACCOUNT}; ",
            id="another account",
        ),
        pytest.param(
            capacity(20),
            {**DONE, "account_id": "999999999999"},
            f"approved: table threads is in account 999999999999 now, and the plan is for {ACCOUNT}; ",
            id="another account, where nothing is left",
        ),
        pytest.param(
            capacity(20),
            IN_OHIO,
            "approved: table threads is in us-east-2 now, and the plan is for us-east-1; ",
            id="another region",
        ),
    ],
)
def test_what_nobody_approved_is_refused(approved: Any, planned: Any, sentence: str) -> None:
    with pytest.raises(Impossible) as refusal:
        bound(made({"table threads": approved}), {"table threads": planned})
    assert str(refusal.value).startswith(sentence)
    assert str(refusal.value).endswith("; make a plan anew, and have it approved")


def tagged_by_somebody(observed: dict[str, str]) -> dict[str, Any]:
    """What the task of the table returns where its tags are to be a=b, and are others."""
    return {
        "plan": [TAG],
        "diff": {"before": {**DECLARED, "tags": observed}, "after": {**DECLARED, "tags": {"a": "b"}}},
        **PLACE,
    }


@pytest.mark.parametrize(("observed", "words"), [({"a": "z"}, "z"), ({}, "absent")])
def test_a_value_that_changed_after_the_plan_was_done_is_named(observed: dict[str, str], words: str) -> None:
    tagged = {**CREATE, "arguments": {"TableName": "threads", "Tags": [{"Key": "a", "Value": "b"}]}}
    new = {**NEW, "plan": [tagged], "diff": {"before": {}, "after": {**DECLARED, "tags": {"a": "b"}}}}
    with pytest.raises(Impossible) as refusal:
        bound(made({"table threads": new}), {"table threads": tagged_by_somebody(observed)})
    assert str(refusal.value) == (
        f"approved: table threads: tags a is {words} now, and was b after the plan was done; make a plan anew, and "
        "have it approved"
    )


def test_a_thing_that_the_plan_does_not_know_is_refused() -> None:
    with pytest.raises(Impossible, match=r"^approved: table other is not in the plan, and it would take to "):
        bound(made({"table threads": capacity(20)}), {"table other": capacity(20)})


def test_a_thing_that_is_not_declared_any_more_is_refused() -> None:
    with pytest.raises(
        Impossible, match=r"^approved: table threads is in the plan, and this run does not declare it; "
    ):
        bound(made({"table threads": capacity(20)}), {})


def test_a_plan_without_an_account_binds_nothing() -> None:
    with pytest.raises(Impossible, match=r"^approved: the plan does not tell the account of table threads; "):
        bound(made({"table threads": {**NEW}}, account=""), {"table threads": NEW})


@pytest.mark.parametrize(("hours", "counts"), [(24, True), (25, False)])
def test_a_plan_counts_for_a_day(hours: int, counts: bool) -> None:
    approved = made({"table threads": capacity(20)})
    if counts:
        assert bound(approved, {"table threads": capacity(20)}, hours=hours)
    else:
        with pytest.raises(Impossible, match=r"^approved: the plan was made 25 hours ago, at 2026-11-01T12:00:00"):
            bound(approved, {"table threads": capacity(20)}, hours=hours)


def test_a_plan_that_is_done_is_never_too_old() -> None:
    assert bound(made({"table threads": capacity(20)}), {"table threads": DONE}, hours=1000) == []


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        ({"version": 0}, "approved: the plan has version 0 of the format, and this release takes version 1; make a"),
        ({"version": 2}, "approved: the plan has version 2 of the format, and this release takes version 1; make a"),
        ({"format": "terraform"}, "approved: this is no plan of mana.memory; give one that a run in check mode made"),
        ({"kind": "audit"}, "approved: this is the report of kind audit; give a report of kind plan"),
        ({"made_at": "yesterday"}, "approved: the plan is damaged, so that it cannot be read; make a plan anew"),
        ({"made_at": "2026-11-01T12:00:00"}, "approved: the plan is damaged"),
        ({"salt": "pepper"}, "approved: the plan is damaged"),
        ({"things": [{}]}, "approved: the plan is damaged"),
        ({"things": None}, "approved: the plan is damaged"),
    ],
)
def test_what_is_no_plan_of_this_release_is_refused(spoilt: Any, sentence: str) -> None:
    value = report.to_json(made({"table threads": NEW}))
    with pytest.raises(Impossible) as refusal:
        report.from_json({**value, **spoilt}, "approved")
    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize("value", [None, [], "plan", {}, {"plan": []}])
def test_any_other_value_is_refused(value: Any) -> None:
    with pytest.raises(Impossible, match=r"^approved: this is no plan of mana.memory"):
        report.from_json(value, "approved")


@pytest.mark.parametrize("results", [{}, {"table threads": NEW}, {"table threads": HALF, "environment": ENVIRONMENT}])
def test_a_plan_is_as_its_schema_says(results: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(report.to_json(made(results)), SCHEMA)


def test_a_task_that_was_skipped_is_left_out() -> None:
    assert report.from_results({"policy": {"skipped": True, "changed": False}}, SALT) == ()


def test_a_task_without_a_plan_is_refused() -> None:
    with pytest.raises(Impossible, match=r"^results: table threads has no plan, since its task failed \(denied\); "):
        report.from_results({"table threads": {"failed": True, "msg": "denied"}}, SALT)


def test_each_index_is_a_part() -> None:
    (thing,) = made({"table threads": NEW}).things
    assert [part.name for part in thing.parts] == ["name", "time_to_live", "index by_day"]


def test_a_secret_is_a_digest_that_another_plan_does_not_have() -> None:
    plans = [made({"environment": ENVIRONMENT}, salt=salt) for salt in (SALT, "01" * 16)]
    texts = [json.dumps(report.to_json(each)) for each in plans]
    assert SECRET not in "".join(texts)
    digests = [each.steps[0].arguments["Environment"]["Variables"] for each in plans]
    assert digests[0]["OLD"] is None
    assert digests[0]["TOKEN"]["digest"] != digests[1]["TOKEN"]["digest"]


def test_a_secret_that_changed_is_refused_and_not_shown() -> None:
    other = copy.deepcopy(ENVIRONMENT)
    other["plan"][0]["arguments"]["Environment"]["Variables"]["TOKEN"] = "another-secret"
    with pytest.raises(Impossible) as refusal:
        bound(made({"environment": ENVIRONMENT}), {"environment": other})
    assert "secret" not in str(refusal.value).replace("a secret with another digest", "")
    assert bound(made({"environment": ENVIRONMENT}), {"environment": ENVIRONMENT})


def test_what_is_forbidden_is_refused_all_at_once() -> None:
    gone = {"plan": [step("DeleteTable", "delete table threads", TableName="threads")], **PLACE}
    things = report.from_results({"table threads": gone, "table other": {**HALF}}, SALT)
    report.refuse_forbidden(things, ["create"], "forbid")
    with pytest.raises(Impossible) as refusal:
        report.refuse_forbidden(things, ["lossy", "delete"], "forbid")
    assert str(refusal.value) == (
        "forbid: forbidden is to delete table threads (delete, lossy); to expire items of threads by ttl (lossy); "
        "declare it otherwise, or forbid less"
    )


def test_a_table_that_the_plan_creates_has_no_items_to_lose() -> None:
    report.refuse_forbidden(report.from_results({"table threads": NEW}, SALT), ["lossy"], "forbid")
    imported = {**NEW, "plan": [{**CREATE, "call": "ImportTable"}, EXPIRE]}
    with pytest.raises(Impossible, match=r"^forbid: forbidden is to expire items of threads by ttl \(lossy\); "):
        report.refuse_forbidden(report.from_results({"table threads": imported}, SALT), ["lossy"], "forbid")


def test_a_plan_says_what_it_comes_to() -> None:
    assert report.to_json(made({"table threads": NEW}))["summary"] == {
        "steps": 3,
        "create": 1,
        "change": 2,
        "delete": 0,
        "irreversible": 0,
        "lossy": 0,
        "seconds": [2, 22],
    }


def test_a_plan_tells_how_many_decreases_of_capacity_are_left() -> None:
    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 5}
    step = {
        "service": "dynamodb",
        "call": "UpdateTable",
        "region": "us-east-1",
        "arguments": {"TableName": "threads", "ProvisionedThroughput": units},
        "sentence": "provision table threads",
    }
    result = {
        "plan": [step],
        "diff": {"before": {"read_capacity": 9}, "after": {"read_capacity": 1}},
        "table": {"provisioned_throughput": {"number_of_decreases_today": 1}},
    }
    (thing,) = report.from_results({"table threads": result}, "00" * 16)
    assert thing.foretold[0].spends == "one of 4 decreases of capacity a UTC day, 3 left today"
    (thing,) = report.from_results({"table threads": {**result, "table": {}}}, "00" * 16)
    assert thing.foretold[0].spends == "one of 4 decreases of capacity a UTC day"


def test_an_item_that_the_plan_creates_replaces_none() -> None:
    put = step("PutItem", "put the item", TableName="threads", Item={"pk": {"S": "a"}})
    diffs = {
        "created": {"before": {}, "after": {"pk": "a"}},
        "changed": {"before": {"pk": "a"}, "after": {"pk": "a", "b": 1}},
    }
    effects = {}
    for name, diff in diffs.items():
        (thing,) = report.from_results({"item": {"plan": [put], "diff": diff, **PLACE}}, SALT)
        effects[name] = thing.foretold[0].effects
    assert "create" in effects["created"]
    assert "lossy" not in effects["created"]
    assert "lossy" in effects["changed"], "an attribute that is added replaces the item that is there"


def test_a_plan_from_the_future_counts_for_nothing() -> None:
    planned = report.from_results({"table": capacity(20)}, SALT)
    approved = report.Report("plan", MADE + datetime.timedelta(days=9), SALT, planned)
    with pytest.raises(Impossible, match=r"^plan: the plan was made in the future, at 2026-11-10T12:00:00"):
        report.bind(approved, planned, MADE, 24, "plan")


def test_a_list_of_texts_where_mappings_belong_is_one_part() -> None:
    """A task is looked at for where it is declared before its arguments are known to be right."""
    assert dict(report.named({"indexes": ["name=gsi1 type=global_all"]})) == {"indexes": ["name=gsi1 type=global_all"]}


def test_the_value_of_a_variable_that_somebody_changed_since_the_plan_is_no_approval() -> None:
    """No task tells the value, and each tells its digest."""

    def there(digest: str) -> dict[str, Any]:
        diff = {"before": {"variables": {"TOKEN": "(untold)"}}, "after": {"variables": {"TOKEN": SECRET}}}
        return {**ENVIRONMENT, "diff": diff, "digests": {"TOKEN": digest}}

    approved = made({"environment": there("1" * 32)})
    assert len(bound(approved, {"environment": there("1" * 32)})) == 1
    with pytest.raises(Impossible, match=r"variables TOKEN is a secret with another digest now, and was "):
        bound(approved, {"environment": there("2" * 32)})


ITEM: dict[str, Any] = {
    "plan": [step("PutItem", "put the item", TableName="people", Item={"name": {"S": "Ada"}})],
    "diff": {
        "before": {"name": "Ada", "indexes": [{"name": "Byron"}]},
        "after": {"name": "Ada", "indexes": [{"name": "Lovelace"}]},
    },
    "item": {"name": "Ada", "indexes": [{"name": "Lovelace"}]},
    "declared": ["table_name", "key", "item"],
    "region": "us-east-1",
}


@pytest.mark.parametrize("results", [{"people": [ITEM]}, {"people": ITEM}], ids=["a list", "one"])
def test_an_item_is_one_part_and_names_nothing(results: Any) -> None:
    """Its attributes may be called as the options of a table are."""
    (thing,) = report.from_results(results, SALT)
    assert [part.name for part in thing.parts] == ["item"]
    text = thing.name + thing.called + json.dumps(report.to_json(report.Report("plan", MADE, SALT, (thing,))))
    assert not [secret for secret in ("Ada", "Byron", "Lovelace") if secret in text]


def test_a_table_that_others_kept_from_its_wait_was_returned_with_details() -> None:
    waiting = {"name": "a", "region": "us-east-1", "changed": False, "under_way": "CREATING"}
    assert report.one_by_one({"table": [{**waiting, "declared": ["name"]}]}, by_account=False)
    with pytest.raises(Impossible, match=r"^results: table\[0\] was returned without details; "):
        report.one_by_one({"table": [waiting]}, by_account=False)


@pytest.mark.parametrize("variable", ["item", "table", "tags"])
def test_the_variable_of_a_loop_is_no_part_of_a_result(variable: str) -> None:
    looped = {
        **capacity(20, name="threads", table={"item_count": 3}),
        "ansible_loop_var": variable,
        "ansible_index_var": "turn",
        "ansible_loop": {"index": 1},
        "attempts": 1,
        "failed_when_result": False,
        "turn": 0,
        variable: "hush",
    }
    found = report.one_by_one({"table": {"results": [looped]}}, by_account=False)
    assert list(found) == ["table threads in us-east-1"]
    assert found["table threads in us-east-1"].keys() <= {*capacity(20), "name", "table"}


def test_a_thing_without_a_name_is_named_by_the_variable_of_its_loop() -> None:
    results = [{"failed": True, "msg": "no", "ansible_loop_var": "team", "team": name} for name in ("a", "b")]
    assert list(report.one_by_one({"table": {"results": results}}, by_account=False)) == ["table a", "table b"]

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each part of each thing has one verdict, and nothing is green that nobody looked at."""

from __future__ import annotations

import copy
import datetime
import json
import re
import xml.etree.ElementTree
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from plugins.module_utils import audit as audits
from plugins.module_utils import audit_pages, report
from plugins.module_utils.plan import Impossible

SCHEMA = json.loads((Path(__file__).parents[4] / "docs/report.schema.json").read_text())
SALT = "00" * 16
NOW = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)
TODAY = NOW.date()
DESCRIBED: dict[str, Any] = {
    "name": "threads",
    "hash_key_name": "pk",
    "billing_mode": "PAY_PER_REQUEST",
    "table_class": "STANDARD_INFREQUENT_ACCESS",
    "deletion_protection_enabled": False,
    "time_to_live": {"enabled": True, "attribute_name": "ttl"},
    "tags": {"team": "a"},
    "indexes": [
        {"name": "by_day", "type": "global_ALL", "hash_key_name": "day", "includes": [], "read_capacity": 0},
        {"name": "other", "type": "global_ALL", "hash_key_name": "x", "includes": [], "read_capacity": 0},
    ],
}
DECLARED = ["name", "state", "hash_key_name", "time_to_live", "tags", "index by_day", "purge_tags", "wait"]
IN_SYNC: dict[str, Any] = {
    **DESCRIBED,
    "plan": [],
    "changed": False,
    "declared": DECLARED,
    "region": "us-east-1",
    "account_id": "123456789012",
    "table": {"arn": "…"},
    "table_status": "ACTIVE",
}
STEP = {
    "service": "dynamodb",
    "call": "UpdateTable",
    "region": "us-east-1",
    "arguments": {"TableName": "threads"},
    "sentence": "change threads",
}
GONE = {**IN_SYNC, "plan": [STEP], "diff": {"before": {}, "after": DESCRIBED}}
DENIED = {"failed": True, "msg": "denied", "declared": DECLARED}
IN_PART = {**DENIED, "not_read": {"tags": "denied"}, "compared": IN_SYNC}
REFUSED = {"failed": True, "refused": True, "msg": "tags.a: no", "declared": DECLARED}
PARTS = {
    "tags": {"team": "b"},
    "time_to_live": {"enabled": False},
    "index by_day": {"name": "by_day", "type": "global_keys_only", "hash_key_name": "day"},
}


def differing(part: str, observed: Any, declared: Any) -> dict[str, Any]:
    """What the task of a table returns, one part of which differs."""
    shape = (lambda value: {"indexes": [value]}) if part.startswith("index ") else (lambda value: {part: value})
    diff = {"before": {"name": "threads", **shape(observed)}, "after": {"name": "threads", **shape(declared)}}
    return {**IN_SYNC, "plan": [STEP], "changed": True, "diff": diff}


def audited(result: Any, exempt: Any = (), baseline: Any = None, name: str = "table threads") -> audits.Audit:
    declared = audits.exceptions(exempt, TODAY, "exceptions")
    return audits.audit({name: result}, baseline, declared, TODAY, SALT)


def verdicts(found: audits.Audit) -> dict[str, str]:
    return {part.name: part.verdict for thing in found.things for part in thing.parts}


def as_report(found: audits.Audit) -> report.Report:
    return report.Report("audit", NOW, SALT, found.things)


def test_what_is_as_declared_is_in_sync_and_the_rest_is_said_not_to_be_compared() -> None:
    found = audited(IN_SYNC)
    by_name = verdicts(found)
    compared = ["existence", "hash_key_name", "time_to_live", "tags", "index by_day"]
    assert [name for name, verdict in by_name.items() if verdict == "in_sync"] == compared
    assert {name for name, verdict in by_name.items() if verdict == "not_compared"} == {
        "billing_mode",
        "table_class",
        "deletion_protection_enabled",
        "index other",
        "point_in_time_recovery",
        "contributor_insights",
        "resource_policy",
        "kinesis_streaming_destination",
    }
    assert found.status == 0


@pytest.mark.parametrize("part", PARTS)
def test_exactly_the_part_that_differs_is_drifted(part: str) -> None:
    declared = dict(report.named(DESCRIBED))[part]
    before, after = verdicts(audited(IN_SYNC)), verdicts(audited(differing(part, PARTS[part], declared)))
    assert {name for name in before if before[name] != after[name]} == {part}
    assert after[part] == "drifted"
    assert audited(differing(part, PARTS[part], declared)).status == 2


TAG = {**STEP, "call": "TagResource", "arguments": {"ResourceArn": "threads"}, "sentence": "tag threads with team=b"}
EXPIRE = {**STEP, "call": "UpdateTimeToLive", "arguments": {"TableName": "threads"}, "sentence": "expire items by ttl"}
TWO = differing("tags", {"team": "x"}, {"team": "a"})
TWO["plan"] = [EXPIRE, TAG]
TWO["diff"]["before"]["time_to_live"] = {"enabled": False}
TWO["diff"]["after"]["time_to_live"] = {"enabled": True, "attribute_name": "ttl"}


def test_each_part_has_the_steps_that_mend_it() -> None:
    reasons = {part.name: part.reason for thing in audited(TWO).things for part in thing.parts if part.reason}
    assert reasons["tags"] == "it would take to tag threads with team=b"
    assert reasons["time_to_live"] == "it would take to expire items by ttl"


def test_a_part_without_a_step_of_its_own_has_those_of_no_other_part() -> None:
    unknown = {**STEP, "call": "UpdateTable", "sentence": "change threads"}
    result = {**TWO, "plan": [TAG, unknown]}
    reasons = {part.name: part.reason for thing in audited(result).things for part in thing.parts if part.reason}
    assert reasons["tags"] == "it would take to tag threads with team=b"
    assert reasons["time_to_live"] == "it would take to change threads"


def test_a_table_that_is_not_there_is_one_difference() -> None:
    found = audited({**IN_SYNC, "plan": [STEP], "diff": {"before": {}, "after": DESCRIBED}})
    assert found.counts["drifted"] == 1
    assert verdicts(found)["existence"] == "drifted"
    assert verdicts(found)["tags"] == "not_compared"


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ({"plan": [], "declared": ["name", "state"], "region": "us-east-1"}, 0),
        ({"plan": [STEP], "declared": ["name"], "diff": {"before": DESCRIBED, "after": {}}, **DESCRIBED}, 2),
    ],
    ids=["is gone", "is there"],
)
def test_a_table_that_is_declared_absent(result: Any, status: int) -> None:
    found = audited(result)
    assert (found.status, list(verdicts(found))) == (status, ["existence"])


def test_a_step_that_changes_nothing_described_is_no_silence() -> None:
    found = audited({**IN_SYNC, "plan": [STEP], "diff": {"before": DESCRIBED, "after": DESCRIBED}})
    assert (verdicts(found)["existence"], found.status) == ("drifted", 2)


def test_nothing_is_green_where_it_was_not_read() -> None:
    denied = {"failed": True, "msg": "could not read the tags of threads: denied", "declared": DECLARED}
    found = audited(denied)
    assert set(verdicts(found).values()) == {"not_read"}
    assert found.status == 4
    assert audit_pages.sentence(found) == (
        "Not everything could be read (5 parts = 0 in sync + 0 drifted + 0 pending + 0 excepted + 5 not read + 0 not "
        "compared); table threads: existence, hash_key_name, time_to_live, tags, index by_day are not read: could not "
        "read the tags of threads: denied"
    )


def test_what_was_not_read_wins_over_what_differs() -> None:
    results = {"a": differing("tags", {}, {"team": "a"}), "b": {"failed": True, "msg": "denied"}}
    assert audits.audit(results, None, [], TODAY, SALT).status == 4


def test_what_is_refused_is_a_difference_of_the_part_that_the_refusal_names() -> None:
    found = audited({"failed": True, "refused": True, "msg": "tags.a: no", "declared": DECLARED})
    assert verdicts(found)["tags"] == "drifted"
    assert (found.counts["drifted"], found.counts["not_compared"], found.status) == (1, 4, 2)


@pytest.mark.parametrize(
    ("place", "parts"),
    [
        ("indexes[b].type", {"index b"}),
        ("vector_indexes[v].dimensions", {"vector index v"}),
        ("replicas[eu-west-1].table_class", {"replica eu-west-1"}),
        ("read_capacity, write_capacity", {"read_capacity", "write_capacity"}),
        ("time_to_live.attribute_name", {"time_to_live"}),
        ("recreate_indexes", {"existence"}),
    ],
)
def test_a_refusal_is_a_difference_of_no_other_member_of_a_list(place: str, parts: set[str]) -> None:
    members = ["index a", "index b", "vector index u", "vector index v", "replica eu-west-1"]
    declared = [*members, "read_capacity", "write_capacity", "time_to_live"]
    told = verdicts(audited({"failed": True, "refused": True, "msg": f"{place}: no", "declared": declared}))
    assert {name for name, verdict in told.items() if verdict == "drifted"} == parts
    assert {told[name] for name in told.keys() - parts} == {"not_compared"}


def test_an_item_is_one_part_whatever_its_attributes_are_called_and_its_values_are_not_told() -> None:
    diff = {"before": {"pk": "a", "secret": "s3cr3t"}, "after": {"pk": "a", "secret": "other-s3cr3t"}}
    put = {**STEP, "call": "PutItem"}
    result = {"plan": [put], "diff": diff, "declared": ["table_name", "key", "item"], "region": "us-east-1"}
    found = audited(result)
    assert verdicts(found) == {"existence": "in_sync", "item": "drifted"}
    assert "s3cr3t" not in json.dumps(audits.to_json(as_report(found), found))


def test_a_thing_that_nobody_declares_is_not_compared() -> None:
    found = audited({"skipped": True, "changed": False})
    assert (found.counts["not_compared"], found.status) == (1, 0)


@pytest.mark.parametrize("result", [IN_SYNC, differing("tags", {}, {"a": "b"}), {"failed": True, "msg": "no"}])
def test_the_counts_add_up_and_the_report_is_as_its_schema_says(result: Any) -> None:
    found = audited(result)
    assert sum(found.counts.values()) == sum(len(thing.parts) for thing in found.things)
    jsonschema.validate(json.loads(json.dumps(audits.to_json(as_report(found), found))), SCHEMA)


A, B, C = {"team": "a"}, {"team": "b"}, {"team": "c"}
ROGUE = {"name": "rogue", "type": "global_all", "hash_key_name": "x"}
ABSENT = {"plan": [], "declared": ["name", "state"], "region": "us-east-1"}
TOO_MUCH = {"plan": [STEP], "declared": ["name"], "diff": {"before": DESCRIBED, "after": {}}, **DESCRIBED}
NOBODY, AWS = "nobody declared it at the baseline: ", "AWS changed since the baseline: "
DECLARATION, BOTH = (
    "the declaration changed since the baseline: ",
    "AWS and the declaration changed since the baseline: ",
)
ALREADY, ALSO = (
    "it differed at the baseline already: ",
    "it differed at the baseline already, and the declaration changed since: ",
)


def tagged(observed: Any, declared: Any) -> dict[str, Any]:
    """What the task returns of a table with these tags; ``declared`` is None where nobody declares any."""
    if declared is None:
        return {**IN_SYNC, "tags": observed, "declared": [each for each in DECLARED if each != "tags"]}
    return {**IN_SYNC, "tags": declared} if observed == declared else differing("tags", observed, declared)


def without(name: str, result: dict[str, Any]) -> dict[str, Any]:
    """The result of a task that does not declare a part, and so does not read it."""
    others = {member: value for member, value in result.items() if member != name}
    return {**others, "declared": [each for each in result["declared"] if each != name]}


def indexed(observed: Any, declared: Any) -> dict[str, Any]:
    return differing("index rogue", observed, declared) | {
        "diff": {
            "before": {"name": "threads", "indexes": [observed] if observed else []},
            "after": {"name": "threads", "indexes": [declared] if declared else []},
        }
    }


def at_baseline(then: Any, before_then: Any = None) -> report.Report:
    """The report of an audit, which had a baseline itself, as it comes back from a file."""
    first = at_baseline(before_then) if before_then else None
    found = audits.audit(then if "table other" in then else {"table threads": then}, first, [], TODAY, SALT)
    return report.from_json(json.loads(json.dumps(audits.to_json(as_report(found), found))), "baseline", "audit")


SINCE = [
    ("in sync then, AWS changed: it drifted", tagged(A, A), "tags", tagged(C, A), "drifted", AWS),
    (
        "in sync then, the declaration changed: it is pending",
        tagged(A, A),
        "tags",
        tagged(A, B),
        "pending",
        DECLARATION,
    ),
    ("in sync then, both changed: it drifted", tagged(A, A), "tags", tagged(C, B), "drifted", BOTH),
    (
        "in sync then, neither changed, and yet it differs: nothing is said of the baseline",
        tagged(A, A),
        "existence",
        {**IN_SYNC, "plan": [STEP], "diff": {"before": DESCRIBED, "after": DESCRIBED}},
        "drifted",
        "it would take",
    ),
    ("drifted then and as then: it is still drifted", tagged(C, A), "tags", tagged(C, A), "drifted", ALREADY),
    ("drifted then, AWS changed again: it drifted", tagged(C, A), "tags", tagged(B, A), "drifted", AWS),
    ("drifted then, the declaration changed: it is still drifted", tagged(C, A), "tags", tagged(C, B), "drifted", ALSO),
    ("drifted then, both changed: it drifted", tagged(C, A), "tags", tagged({}, B), "drifted", BOTH),
    (
        "drifted then and mended, then the declaration changed: it is pending",
        tagged(C, A),
        "tags",
        tagged(A, B),
        "pending",
        DECLARATION,
    ),
    (
        "pending then and as then: it is still pending",
        (tagged(A, B), tagged(A, A)),
        "tags",
        tagged(A, B),
        "pending",
        ALREADY,
    ),
    (
        "pending then, the declaration changed again: it is pending",
        (tagged(A, B), tagged(A, A)),
        "tags",
        tagged(A, C),
        "pending",
        DECLARATION,
    ),
    ("pending then, AWS changed: it drifted", (tagged(A, B), tagged(A, A)), "tags", tagged(C, B), "drifted", AWS),
    (
        "pending then and applied, then the declaration changed: it is pending",
        (tagged(A, B), tagged(A, A)),
        "tags",
        tagged(B, C),
        "pending",
        DECLARATION,
    ),
    ("undeclared then, AWS as then: it is pending", tagged(A, None), "tags", tagged(A, B), "pending", DECLARATION),
    ("undeclared then, AWS changed: it drifted", tagged(A, None), "tags", tagged(C, B), "drifted", BOTH),
    (
        "undeclared then, and so not read: it is pending",
        without("tags", IN_SYNC),
        "tags",
        tagged(C, B),
        "pending",
        NOBODY,
    ),
    (
        "not read then: nobody knows, so that it is drifted",
        IN_PART,
        "tags",
        tagged(C, B),
        "drifted",
        "the baseline did not read it: ",
    ),
    (
        "nothing read then: nobody knows, so that it is drifted",
        DENIED,
        "tags",
        tagged(C, B),
        "drifted",
        "the baseline did not read it: ",
    ),
    (
        "nothing read then, and undeclared: it is pending",
        without("tags", DENIED),
        "tags",
        tagged(C, B),
        "pending",
        NOBODY,
    ),
    (
        "refused then: nobody knows, so that it is drifted",
        REFUSED,
        "tags",
        tagged(C, B),
        "drifted",
        "the baseline did not compare it: ",
    ),
    (
        "another part refused then: nobody knows, so that it is drifted",
        {**REFUSED, "msg": "time_to_live: no"},
        "tags",
        tagged(C, B),
        "drifted",
        "the baseline did not compare it: ",
    ),
    ("refused now: there are no values to compare", tagged(A, A), "tags", REFUSED, "drifted", "tags.a: no"),
    ("the table was gone then: it drifted", GONE, "tags", tagged(C, B), "drifted", "the baseline did not compare it: "),
    ("the table was declared absent then: it drifted", ABSENT, "tags", tagged(C, B), "drifted", BOTH),
    (
        "the baseline has no such table: it is pending",
        {"table other": IN_SYNC},
        "tags",
        tagged(C, B),
        "pending",
        NOBODY,
    ),
    ("nobody declared the table then: it is pending", {"skipped": True}, "tags", tagged(C, B), "pending", NOBODY),
    ("the table is gone, and was there: it drifted", IN_SYNC, "existence", GONE, "drifted", AWS),
    ("the table is gone, and was then: it is still drifted", GONE, "existence", GONE, "drifted", ALREADY),
    (
        "the table is declared since, and not there: it is pending",
        {"table other": IN_SYNC},
        "existence",
        GONE,
        "pending",
        NOBODY,
    ),
    (
        "the table is declared since, and was declared absent: it is pending",
        ABSENT,
        "existence",
        GONE,
        "pending",
        DECLARATION,
    ),
    (
        "the table is declared absent since, and still there: it is pending",
        IN_SYNC,
        "existence",
        TOO_MUCH,
        "pending",
        DECLARATION,
    ),
    ("the table is there again, and declared absent: it drifted", ABSENT, "existence", TOO_MUCH, "drifted", AWS),
    (
        "an index that nobody declares is there since: it drifted",
        IN_SYNC,
        "index rogue",
        indexed(ROGUE, None),
        "drifted",
        AWS,
    ),
    ("an index is declared since: it is pending", IN_SYNC, "index rogue", indexed(None, ROGUE), "pending", DECLARATION),
    (
        "an index is declared since, and another is there: it drifted",
        IN_SYNC,
        "index rogue",
        indexed({**ROGUE, "hash_key_name": "y"}, ROGUE),
        "drifted",
        BOTH,
    ),
    (
        "an index that nobody declares is there, and nothing was read then: nobody knows",
        DENIED,
        "index rogue",
        indexed(ROGUE, None),
        "drifted",
        "the baseline did not read it: ",
    ),
    (
        "an index that nobody declared is to go: it is pending",
        IN_SYNC,
        "index other",
        {
            **IN_SYNC,
            "plan": [STEP],
            "diff": {"before": {"indexes": [DESCRIBED["indexes"][1]]}, "after": {"indexes": []}},
        },
        "pending",
        DECLARATION,
    ),
]


@pytest.mark.parametrize(
    ("then", "name", "now", "verdict", "words"), [pytest.param(*case, id=title) for title, *case in SINCE]
)
def test_a_difference_is_told_by_what_the_baseline_knows(
    then: Any, name: str, now: Any, verdict: str, words: str
) -> None:
    baseline = at_baseline(*then) if isinstance(then, tuple) else at_baseline(then)
    found = audited(now, baseline=baseline)
    (part,) = [part for thing in found.things for part in thing.parts if part.name == name]
    assert (part.verdict, part.reason[: len(words)]) == (verdict, words)
    assert found.status == 2


def test_what_was_let_be_then_and_no_longer_is_differed_already() -> None:
    found = audited(tagged(C, A), [{**EXEMPT, "observed": C}])
    then = report.from_json(json.loads(json.dumps(audits.to_json(as_report(found), found))), "baseline", "audit")
    (part,) = [
        part for thing in audited(tagged(C, A), baseline=then).things for part in thing.parts if part.name == "tags"
    ]
    assert (part.verdict, part.reason[: len(ALREADY)]) == ("drifted", ALREADY)


BASELINE = at_baseline(IN_SYNC)


def test_an_index_is_the_same_in_both_of_its_forms() -> None:
    index = {"name": "by_day", "type": "global_all", "hash_key_name": "day"}
    found = audited(differing("index by_day", index, {**index, "type": "global_keys_only"}), baseline=BASELINE)
    assert verdicts(found)["index by_day"] == "pending"


def test_no_table_of_a_list_hides_another_of_the_same_name() -> None:
    drifted = {**TWO, "name": "threads"}
    elsewhere = {**IN_SYNC, "region": "eu-central-1"}
    unknown = {"name": "threads", "region": "us-east-1", "failed": True, "msg": "denied"}
    results = audits.one_by_one(
        {"table": [drifted, IN_SYNC | {"account_id": "999999999999"}, elsewhere, unknown, unknown]}
    )
    assert list(results) == [
        "table threads in us-east-1 of account 123456789012",
        "table threads in us-east-1 of account 999999999999",
        "table threads in eu-central-1 of account 123456789012",
        "table threads in us-east-1",
        "table threads in us-east-1 (2)",
    ]
    found = audits.audit(results, None, [], TODAY, SALT)
    assert (found.counts["drifted"], found.counts["not_read"]) == (2, 2)


def test_a_list_has_results_only() -> None:
    with pytest.raises(Impossible, match=r"^results: table\[1\] is no result of a task; "):
        audits.one_by_one({"table": [IN_SYNC, "threads"]})


@pytest.mark.parametrize(
    ("results", "names"),
    [
        ({"changed": False, "plans": [], "tables": [IN_SYNC]}, ["table threads in us-east-1 of account 123456789012"]),
        (
            {
                "changed": False,
                "results": [
                    {**IN_SYNC, "item": "threads", "ansible_loop_var": "item"},
                    {"failed": True, "msg": "no", "item": "b", "ansible_loop_var": "item"},
                ],
            },
            ["table threads in us-east-1 of account 123456789012", "table b"],
        ),
        ({"changed": False, "skipped": True, "results": []}, ["table"]),
        (IN_SYNC, ["table"]),
    ],
    ids=["many tables in one task", "a loop", "a loop over nothing", "one table"],
)
def test_the_results_that_a_result_has_are_things(results: dict[str, Any], names: list[str]) -> None:
    assert list(audits.one_by_one({"table": results})) == names


def test_many_tables_are_given_with_their_details() -> None:
    brief = {"plans": [], "tables": [{"name": "threads", "region": "us-east-1", "changed": False}]}
    with pytest.raises(Impossible, match=r"^results: table\[0\] was returned without details; give dynamodb_tables"):
        audits.one_by_one({"table": brief})


EXEMPT = {
    "thing": "table threads",
    "part": "tags",
    "reason": "billing renames teams",
    "until": "2026-12-01",
    "observed": {"team": "x"},
}
TAGS = differing("tags", {"team": "x"}, {"team": "a"})


@pytest.mark.parametrize(
    ("exempt", "result", "state", "verdict"),
    [
        (EXEMPT, TAGS, "used", "excepted"),
        ({**EXEMPT, "until": "2026-10-31"}, TAGS, "expired", "drifted"),
        ({**EXEMPT, "observed": {"team": "y"}}, TAGS, "moved", "drifted"),
        (EXEMPT, IN_SYNC, "unused", "in_sync"),
        ({**EXEMPT, "thing": "table other"}, TAGS, "no_thing", "drifted"),
        ({**EXEMPT, "part": "tag"}, TAGS, "no_part", "drifted"),
    ],
    ids=["it counts", "it has expired", "the value moved", "it is not needed", "it is for another table", "misspelt"],
)
def test_an_exception_counts_for_one_value_until_a_day(exempt: Any, result: Any, state: str, verdict: str) -> None:
    found = audited(result, [exempt])
    assert [each.state for each in found.exceptions] == [state]
    assert verdicts(found)["tags"] == verdict
    assert found.status == (0 if verdict in ("excepted", "in_sync") else 2)
    assert bool(audit_pages.doubts(found)) is (state != "used")


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        ({"part": "tag"}, "table threads: there is no part tag; did you mean tags?"),
        ({"thing": "threads"}, "there is no threads in this audit; did you mean table threads?"),
        ({"thing": "table b"}, "there is no table b in this audit; did you mean table threads?"),
        ({"thing": "x"}, "there is no x in this audit; write one of table threads"),
        (
            {"observed": {"team": "y"}},
            'table threads: tags is {"team": "x"} now, and the exception is for {"team": "y"}; to let it be, write '
            'observed: {"team": "x"}',
        ),
    ],
)
def test_an_exception_that_does_not_count_is_told_with_the_remedy(spoilt: Any, sentence: str) -> None:
    assert audit_pages.doubts(audited(TAGS, [{**EXEMPT, **spoilt}])) == [f"exceptions: {sentence}"]


SECRET = "improbable-secret"
# What the tasks return where the value of a variable, and the attribute of an item, are the secret in place of "new".
OF_FUNCTION = {
    "region": "us-east-1",
    "plan": [{**STEP, "call": "UpdateFunctionConfiguration", "arguments": {}}],
    "declared": ["function_name", "variables"],
    "function_name": "mana",
    "variables": {"TOKEN": "new"},
    "diff": {"before": {"variables": {"TOKEN": "(untold)"}}, "after": {"variables": {"TOKEN": "new"}}},
    "digests": {"TOKEN": report.digest(SECRET, report.salt_of("us-east-1", "mana"))},
}
OF_ITEM = {
    "region": "us-east-1",
    "plan": [{**STEP, "call": "PutItem", "arguments": {"TableName": "threads", "Item": {"TOKEN": {"S": "new"}}}}],
    "declared": ["table_name", "key", "item"],
    "item": {"TOKEN": "new"},
    "diff": {"before": {"TOKEN": SECRET}, "after": {"TOKEN": "new"}},
}
SECRETS = {"variables": OF_FUNCTION, "item": OF_ITEM}


def shown(found: audits.Audit) -> str:
    """All that a report has."""
    made = as_report(found)
    pages = [audit_pages.junit(found), audit_pages.markdown(made, found), audit_pages.page(made, found)]
    pages += [audit_pages.github(found), json.dumps(audit_pages.sarif(found)), *audit_pages.doubts(found)]
    return json.dumps(audits.to_json(made, found)) + "".join(pages)


@pytest.mark.parametrize("part", SECRETS)
def test_a_secret_is_excepted_by_its_value_or_by_the_digest_that_the_report_shows(part: str) -> None:
    exempt = {**EXEMPT, "part": part}
    found = audited(SECRETS[part])
    (observed,) = [each.observed for thing in found.things for each in thing.parts if each.verdict == "drifted"]
    moved = audited(SECRETS[part], [{**exempt, "observed": {"TOKEN": "another-secret"}}])
    assert [each.state for each in moved.exceptions] == ["moved"]
    assert f"write observed: {json.dumps(observed)}" in audit_pages.doubts(moved)[0]
    assert "another-secret" not in shown(moved)
    for value in ({"TOKEN": SECRET}, observed):
        used = audited(SECRETS[part], [{**exempt, "observed": value}])
        assert [each.state for each in used.exceptions] == ["used"]
        assert used.status == 0
        assert SECRET not in shown(used)


@pytest.mark.parametrize("spoilt", [{"part": "variable"}, {"thing": "table other"}])
def test_a_secret_of_a_misspelt_exception_is_not_told(spoilt: Any) -> None:
    exempt = {**EXEMPT, "part": "variables", "observed": {"TOKEN": SECRET}, **spoilt}
    in_sync = {**OF_FUNCTION, "plan": [], "diff": {}, "digests": {}}
    for result in (OF_FUNCTION, in_sync):
        assert SECRET not in shown(audited(result, [exempt]))


def test_what_only_looks_like_a_digest_is_a_secret() -> None:
    exempt = {**EXEMPT, "part": "item", "observed": {"TOKEN": {"digest": SECRET}}}
    assert SECRET not in shown(audited(OF_ITEM, [exempt]))


def test_the_value_of_a_variable_that_nobody_tells_shows_whether_aws_changed() -> None:
    """Where the declaration changed, the task does not tell the value that was declared before."""
    in_sync = {**OF_FUNCTION, "plan": [], "diff": {}, "digests": {}, "variables": {"TOKEN": SECRET}}
    then = as_report(audited(in_sync))
    assert verdicts(audited(OF_FUNCTION, baseline=then))["variables"] == "pending"
    elsewhere = {**OF_FUNCTION, "digests": {"TOKEN": report.digest("x", report.salt_of("us-east-1", "mana"))}}
    assert verdicts(audited(elsewhere, baseline=then))["variables"] == "drifted"


@pytest.mark.parametrize(
    ("result", "part", "state", "words"),
    [
        pytest.param(IN_SYNC, "tags", "unused", "can go", id="what is as declared needs no exception"),
        pytest.param(IN_PART, "tags", "not_read", "nobody knows", id="of a part that was not read nothing is known"),
        pytest.param(DENIED, "tags", "not_read", "nobody knows", id="of a thing that was not read nothing is known"),
        pytest.param(DENIED, "index rogue", "not_read", "nobody knows", id="nor of a part of it that nobody declares"),
        pytest.param(
            GONE, "table_class", "not_compared", "nobody knows", id="a part of a table that is gone is not misspelt"
        ),
        pytest.param(GONE, "tags", "not_compared", "nobody knows", id="a part of a table that is gone is not compared"),
        pytest.param(
            REFUSED,
            "time_to_live",
            "not_compared",
            "nobody knows",
            id="where another part is refused, nothing is compared",
        ),
        pytest.param(
            REFUSED, "tags", "refused", "declare it otherwise", id="a refusal has no value, so that nothing excepts it"
        ),
        pytest.param(IN_SYNC, "table_class", "not_compared", "nobody knows", id="what nobody declares is not compared"),
        pytest.param(
            {"skipped": True}, "tags", "not_compared", "nobody knows", id="a thing that nobody declares is not compared"
        ),
    ],
)
def test_an_exception_that_does_not_count_is_told_by_what_is_known(
    result: Any, part: str, state: str, words: str
) -> None:
    found = audited(result, [{**EXEMPT, "part": part, "observed": None}])
    assert [each.state for each in found.exceptions] == [state]
    assert found.counts["excepted"] == 0
    (doubt,) = audit_pages.doubts(found)
    assert words in doubt
    jsonschema.validate(json.loads(json.dumps(audits.to_json(as_report(found), found))), SCHEMA)


def test_what_is_excepted_takes_no_step() -> None:
    assert audited(TWO).needed == {"table threads": ["expire items by ttl", "tag threads with team=b"]}
    assert audited(TWO, [EXEMPT]).needed == {"table threads": ["expire items by ttl"]}
    assert audited(TAGS, [EXEMPT]).needed == {"table threads": []}


def test_a_difference_and_an_exception_with_one_step_take_it() -> None:
    settings = {**STEP, "arguments": {"BillingMode": "PROVISIONED"}}
    result = differing("billing_mode", "PAY_PER_REQUEST", "PROVISIONED")
    result["plan"] = [settings]
    result["diff"]["before"]["read_capacity"], result["diff"]["after"]["read_capacity"] = 0, 5
    found = audited(result, [{**EXEMPT, "part": "read_capacity", "observed": 0}])
    assert (found.counts["excepted"], found.needed) == (1, {"table threads": ["change threads"]})


def test_what_was_not_read_is_never_excepted() -> None:
    denied = {"failed": True, "msg": "denied", "declared": DECLARED}
    assert audited(denied, [{**EXEMPT, "observed": None}]).status == 4


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        ({"why": "?"}, "exceptions[0]: why is no key of an exception; give thing, part, reason, until, observed"),
        (
            {"part": "existence"},
            "exceptions[0].part: what is gone, or too much, is never excepted; declare it as it is",
        ),
        ({"until": "soon"}, "exceptions[0].until: 'soon' is no day; write one such as 2026-12-31, in quotes"),
        ({"until": "2027-11-01"}, "exceptions[0].until: 2027-11-01 is more than 180 days ahead; give an earlier day"),
        ({"part": ["tags"]}, "exceptions[0].part: it is no text; write the name that the report gives the part"),
        ({"reason": " "}, "exceptions[0].reason: it is empty; say why the difference is let be"),
    ],
)
def test_a_wrong_exception_is_refused(spoilt: Any, sentence: str) -> None:
    with pytest.raises(Impossible, match=f"^{re.escape(sentence)}$"):
        audits.exceptions([{**EXEMPT, **spoilt}], TODAY, "exceptions")


def test_an_exception_has_all_its_keys_and_stands_once() -> None:
    with pytest.raises(Impossible, match=r"^exceptions\[0\]: reason is missing; "):
        audits.exceptions([{name: value for name, value in EXEMPT.items() if name != "reason"}], TODAY, "exceptions")
    with pytest.raises(Impossible, match=r"^exceptions: tags of table threads is excepted twice; "):
        audits.exceptions([EXEMPT, EXEMPT], TODAY, "exceptions")


def test_a_secret_is_in_no_report() -> None:
    secret = "improbable-secret"
    result = {"plan": [], "declared": ["variables"], "function_name": "mana", "variables": {"TOKEN": secret}}
    found = audited(result)
    made = as_report(found)
    pages = [audit_pages.junit(found), audit_pages.markdown(made, found), audit_pages.page(made, found)]
    assert secret not in json.dumps(audits.to_json(made, found)) + "".join(pages)


def test_names_in_junit_are_stable_and_stand_once() -> None:
    def names(result: Any) -> list[tuple[str, str]]:
        tree = xml.etree.ElementTree.fromstring(audit_pages.junit(audited(result)))
        return [(case.get("classname", ""), case.get("name", "")) for case in tree.iter("testcase")]

    first, second = names(IN_SYNC), names({**copy.deepcopy(IN_SYNC), "tags": {"team": "<other>"}})
    assert first == second
    assert len(first) == len(set(first))


def test_junit_counts_what_differs_and_what_was_not_read() -> None:
    tree = xml.etree.ElementTree.fromstring(audit_pages.junit(audited(TAGS)))
    assert [tree.get(name) for name in ("failures", "errors")] == ["1", "0"]
    assert len(list(tree.iter("failure"))) == 1
    assert len(list(tree.iter("skipped"))) == int(tree.get("skipped", ""))


def test_a_page_begins_with_the_verdict_and_shows_both_values() -> None:
    found = audited(differing("tags", {"team": "<x>"}, {"team": "a"}), [{**EXEMPT, "part": "time_to_live"}])
    page = audit_pages.page(as_report(found), found)
    assert page.index("Not everything is as declared") < page.index("Drifted") < page.index("Not compared")
    assert "&lt;x&gt;" in page
    assert "<x>" not in page
    assert "does not differ, so that the exception can go" in page


def test_two_hundred_tables_in_sync_are_a_small_page() -> None:
    found = audits.audit({f"table threads-{number}": IN_SYNC for number in range(200)}, None, [], TODAY, SALT)
    assert found.status == 0
    assert len(audit_pages.page(as_report(found), found).encode()) <= 150_000
    assert len(audit_pages.markdown(as_report(found), found)) <= 60_000


def test_a_long_summary_ends_between_two_lines() -> None:
    tags = {f"table threads-{each}": differing("tags", {"team": "x"}, {"team": str(each)}) for each in range(2000)}
    found = audits.audit(tags, None, [], TODAY, SALT)
    summary = audit_pages.markdown(as_report(found), found)
    assert 50_000 < len(summary) <= 60_000
    assert summary.count("more are in audit.json") == 2


def many(number: int, result: dict[str, Any]) -> list[dict[str, Any]]:
    """What a task returns of many tables, which are as this one but for their names."""
    renamed = (json.dumps(result).replace("threads", f"orders-{each}") for each in range(number))
    return [json.loads(each) for each in renamed]


def test_equal_differences_of_many_tables_are_one_line() -> None:
    equal = many(17, {**TAGS, "declared_at": {"tags": "all.yml:3"}})
    other = differing("tags", {"team": "y"}, {"team": "a"})
    results = audits.one_by_one({"table": [*equal, other]})
    found = audits.audit(results, None, [], TODAY, SALT)
    summary = audit_pages.markdown(as_report(found), found)
    title = "17 tables in us-east-1 of account 123456789012 (orders-0, orders-1, orders-2 and 14 more)"
    section = summary.partition("### Drifted\n\n")[2].partition("\n###")[0]
    assert section.splitlines() == [
        rf"- **{title}: tags**: it would take to change \{{name\}}",
        "  - declared in all.yml:3",
        r'  - there: \{"team": "x"\}',
        r'  - declared: \{"team": "a"\}',
        "- **table threads in us-east-1 of account 123456789012: tags**: it would take to change threads",
        r'  - there: \{"team": "y"\}',
        r'  - declared: \{"team": "a"\}',
    ]
    assert "The names of 17 tables" in summary
    assert "orders-0, orders-1, orders-2, orders-3, orders-4, orders-5, " in summary
    everybody = title.replace("17 tables", "18 tables").replace("and 14 more", "and 15 more")
    assert audit_pages.sentence(found).endswith(f"; {everybody}: tags is drifted: it would take to change {{name}}")


def test_a_thousand_equal_differences_are_a_short_summary() -> None:
    results = audits.one_by_one({"table": many(1000, TAGS)})
    found = audits.audit(results, None, [], TODAY, SALT)
    assert found.counts["drifted"] == 1000
    lines = [line for line in audit_pages.markdown(as_report(found), found).splitlines() if line]
    assert len(lines) <= 13, lines
    assert len(audit_pages.sentence(found)) < 1000


def test_what_cannot_be_read_of_many_tables_is_one_line() -> None:
    denied = {"name": "threads", "region": "us-east-1", "failed": True, "msg": "could not read table threads: denied"}
    found = audits.audit(audits.one_by_one({"table": many(5, denied)}), None, [], TODAY, SALT)
    assert r"5 tables in us-east-1 (orders-0, orders-1, orders-2 and 2 more): existence**: could not read table \{" in (
        audit_pages.markdown(as_report(found), found)
    )


AT = {**TAGS, "declared_at": {"tags": "vars/my file.yml:7", "hash_key_name": "/elsewhere/tasks.yml:3"}}


def test_a_difference_names_the_line_that_declares_it() -> None:
    found = audited(AT)
    assert "declared in vars/my file.yml:7" in audit_pages.page(as_report(found), found)
    words = "table threads: tags is drifted: it would take to change threads"
    assert audit_pages.github(found) == f"::warning file=vars/my file.yml,line=7::{words}\n"
    (result,) = audit_pages.sarif(found)["runs"][0]["results"]
    assert result == {
        "ruleId": "drifted",
        "level": "warning",
        "message": {"text": words},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": "vars/my%20file.yml"}, "region": {"startLine": 7}}}
        ],
    }
    jsonschema.validate(json.loads(json.dumps(audits.to_json(as_report(found), found))), SCHEMA)


def test_a_file_that_is_elsewhere_is_reported_and_not_marked() -> None:
    found = audited({**TAGS, "declared_at": {"tags": "/elsewhere/vars.yml:7"}})
    assert "declared in /elsewhere/vars" in audit_pages.page(as_report(found), found)
    assert audit_pages.github(found).startswith("::warning::table threads: tags ")
    assert "locations" not in audit_pages.sarif(found)["runs"][0]["results"][0]


def test_what_was_not_read_is_an_error_in_one_line() -> None:
    found = audited({"failed": True, "msg": "100%\ndenied"})
    assert audit_pages.github(found) == ("::error::table threads: existence is not read: 100%25%0Adenied\n")


@pytest.mark.parametrize("results", [{}, {"tables": []}])
def test_nothing_to_audit_is_refused(results: dict[str, Any]) -> None:
    with pytest.raises(Impossible, match=r"^results: .*give what tasks in check mode returned"):
        audits.one_by_one(results)


def test_an_item_is_masked_also_where_its_task_ran_for_real() -> None:
    """A result of a real run does not say what was declared."""
    result = {
        "plan": [{**STEP, "call": "PutItem", "sentence": "put the item"}],
        "diff": {"before": {"secret": "whisper"}, "after": {"secret": "hush"}},
        "item": {"secret": "hush"},
        "region": "us-east-1",
    }
    shown = json.dumps(audits.to_json(as_report(audited(result)), audited(result)))
    assert "hush" not in shown
    assert "whisper" not in shown


@pytest.mark.parametrize(
    "absent",
    [
        {"item": None, "declared": ["key", "state"]},
        {"variables": {}, "declared": ["function_name"]},
        {"policy_arn": "a", "attached": False, "declared": ["policy_arn", "state"]},
    ],
)
def test_what_is_absent_as_declared_does_not_exist(absent: dict[str, Any]) -> None:
    (thing,) = audited({"plan": [], "region": "us-east-1", **absent}).things
    assert [(part.name, part.observed, part.verdict) for part in thing.parts] == [("existence", False, "in_sync")]


def test_a_refusal_in_the_words_of_the_role_is_of_its_part() -> None:
    refused = {
        "failed": True,
        "refused": True,
        "msg": "mana_memory_indexes[by_day].type: the index has another",
        "declared": DECLARED,
    }
    assert verdicts(audited(refused))["index by_day"] == "drifted"


def test_the_page_mends_nothing_that_is_excepted() -> None:
    result = differing("tags", {"team": "b"}, {"team": "a"})
    exempt = {"thing": "table threads", "part": "tags", "reason": "r", "until": str(TODAY), "observed": {"team": "b"}}
    found = audited(result, [exempt])
    assert "What would mend it" not in audit_pages.page(as_report(found), found)


def test_other_policies_of_a_role_are_named_and_are_not_the_declared_one() -> None:
    others = [{"name": "all", "type": "inline"}]
    gone = {"plan": [], "region": "us-east-1", "declared": ["policy_name", "state"], "other_policies": others}
    assert verdicts(audited(gone)) == {"existence": "in_sync", "policy all": "not_compared"}
    there = {**gone, "policy_arn": "a", "attached": True, "declared": ["policy_arn"]}
    found = audited(there)
    assert verdicts(found) == {"existence": "in_sync", "attached": "in_sync", "policy all": "not_compared"}
    assert "policy all (nobody declares it)" in audit_pages.page(as_report(found), found)


def test_what_a_loop_over_tables_registered_has_the_verdicts_of_each() -> None:
    """Ansible adds the variable of the loop, which is called item, to each result."""
    looped = {**differing("tags", {"team": "b"}, {"team": "a"}), "item": "threads", "ansible_loop_var": "item"}
    (result,) = audits.one_by_one({"table": {"results": [looped]}}).values()
    assert verdicts(audited(result)) == verdicts(audited(differing("tags", {"team": "b"}, {"team": "a"})))


@pytest.mark.parametrize("declared", [["table_name", "key", "item"], []], ids=["in check mode", "for real"])
def test_an_item_of_a_loop_is_masked(declared: list[str]) -> None:
    looped = {**OF_ITEM, "declared": declared, "item": {"TOKEN": SECRET}, "ansible_loop_var": "item"}
    (name, result), *_others = audits.one_by_one({"item": {"results": [looped]}}).items()
    found = audited(result, name=name)
    assert verdicts(found)["item"] == "drifted"
    assert SECRET not in shown(found)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Things that this collection made are unchanged for community.aws and amazon.aws, and the other way round.

All tasks of one way are one playbook, on the Ansible that has those collections.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.integration.playbook import FRONT_END, ROOT, play
from tools.endpoint import CACHE, Endpoint, without_aws
from tools.lambda_role import TRUST

Task = tuple[str, dict[str, Any]]
Declaration = tuple[Callable[[str, Any], Task], Callable[[str, Any], Task]]
Stage = tuple[Declaration, Any]

OURS, THEIRS = 0, 1
WAYS = {"made by us": (OURS, THEIRS), "made by them": (THEIRS, OURS)}

# The role whose policies are compared.
ROLE = f"interop-{uuid.uuid4().hex[:12]}"

# How each of the two says the same of a table, or of a policy of the role, that has this name.
TABLE: Declaration = (
    lambda name, options: ("mana.memory.dynamodb_table", {"name": name, **options}),
    lambda name, options: ("community.aws.dynamodb_table", {"name": name, **options}),
)
EXPIRY: Declaration = (
    lambda name, enabled: (
        "mana.memory.dynamodb_table",
        {"name": name, "time_to_live": {"attribute_name": "ttl", "enabled": enabled}},
    ),
    lambda name, enabled: (
        "community.aws.dynamodb_ttl",
        {"table_name": name, "attribute_name": "ttl", "state": "enable" if enabled else "disable"},
    ),
)
POLICY: Declaration = (
    lambda name, document: (
        "mana.memory.iam_role_policy",
        {"role_name": ROLE, "policy_name": name, "policy_document": document},
    ),
    lambda name, document: (
        "amazon.aws.iam_policy",
        {"iam_type": "role", "iam_name": ROLE, "policy_name": name, "policy_json": document},
    ),
)


def units(read: Any, write: Any) -> Any:
    return {"read_capacity": read, "write_capacity": write}


def policy(*statements: Any) -> Any:
    return {"Version": "2012-10-17", "Statement": list(statements)}


KEYS = {"hash_key_name": "pk", "hash_key_type": "STRING", "range_key_name": "sk", "range_key_type": "STRING"}
ON_DEMAND = {**KEYS, "billing_mode": "PAY_PER_REQUEST"}
PROVISIONED = {**KEYS, "billing_mode": "PROVISIONED"}
OTHER_KEYS = {
    "hash_key_name": "id",
    "hash_key_type": "BINARY",
    "range_key_name": "at",
    "range_key_type": "NUMBER",
    "billing_mode": "PAY_PER_REQUEST",
}
GSI1 = {"name": "gsi1", "type": "global_all", "hash_key_name": "gsi1pk", "range_key_name": "gsi1sk"}
BY_DAY = {"name": "by_day", "type": "global_keys_only", "hash_key_name": "day", "hash_key_type": "NUMBER"}
BY_OWNER = {"name": "by_owner", "type": "global_include", "hash_key_name": "owner", "includes": ["title", "size"]}
BY_SIZE = {
    "name": "by_size",
    "type": "keys_only",
    "hash_key_name": "pk",
    "range_key_name": "size",
    "range_key_type": "NUMBER",
}
BY_TITLE = {
    "name": "by_title",
    "type": "include",
    "hash_key_name": "pk",
    "range_key_name": "title",
    "includes": ["owner"],
}

ARN = "arn:aws:dynamodb:us-east-1:*:table/mana-memory"
DATA = {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"], "Resource": [ARN, f"{ARN}/index/*"]}
DESCRIBE = {"Effect": "Allow", "Action": ["dynamodb:DescribeTable"], "Resource": [ARN]}
SECURE = {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}

# What both declare, one stage after the other.
SAME: dict[str, list[Stage]] = {
    "the memory of the specification, and tags that change": [
        (TABLE, {**ON_DEMAND, "indexes": [GSI1], "tags": {"team": "assistants", "stage": "test"}}),
        (TABLE, {**ON_DEMAND, "indexes": [GSI1], "tags": {"team": "others"}}),
        (TABLE, {**ON_DEMAND, "indexes": [GSI1], "tags": {}}),
    ],
    "indexes of every kind": [(TABLE, {**ON_DEMAND, "indexes": [BY_TITLE, GSI1, BY_OWNER, BY_SIZE, BY_DAY]})],
    "capacities that change": [
        (TABLE, {**PROVISIONED, **units(3, 2), "indexes": [{**GSI1, **units(4, 5)}, {**BY_DAY, **units(1, 1)}]}),
        (TABLE, {**PROVISIONED, **units(6, 2), "indexes": [{**GSI1, **units(4, 7)}, {**BY_DAY, **units(1, 1)}]}),
    ],
    "capacities left to their default, another way of billing, an index more": [
        (TABLE, {**PROVISIONED, "indexes": [GSI1]}),
        (TABLE, {**ON_DEMAND, "indexes": [GSI1]}),
        (TABLE, {**ON_DEMAND, "indexes": [GSI1, BY_DAY]}),
    ],
    "keys of other types, a table class that changes, expiry that begins and ends": [
        (TABLE, {**OTHER_KEYS, "table_class": "STANDARD_INFREQUENT_ACCESS"}),
        (TABLE, {**OTHER_KEYS, "table_class": "STANDARD"}),
        (EXPIRY, True),
        (EXPIRY, False),
    ],
    "a policy that changes": [(POLICY, policy(DATA)), (POLICY, policy({**DATA, **SECURE}, DESCRIBE))],
}


class Difference(NamedTuple):
    """The things that are there, the declaration, and what each of the two collections does."""

    there: list[Stage]
    declared: Stage
    ours: str
    theirs: str


THERE = [(TABLE, {**ON_DEMAND, "indexes": [GSI1]})]
PUT = [(POLICY, policy(DATA, DESCRIBE))]

# What DynamoDB cannot do is refused here and dropped there; what means the same to IAM is left alone here.
DIFFERENT = {
    "a local index that does not repeat the partition key of its table": Difference(
        [],
        (TABLE, {**ON_DEMAND, "indexes": [{key: BY_SIZE[key] for key in BY_SIZE if key != "hash_key_name"}]}),
        ours="changed",
        theirs="refused",
    ),
    "another projection of an index": Difference(
        THERE, (TABLE, {**ON_DEMAND, "indexes": [{**GSI1, "type": "global_keys_only"}]}), "refused", "unchanged"
    ),
    "another key of an index": Difference(
        THERE, (TABLE, {**ON_DEMAND, "indexes": [{**GSI1, "hash_key_name": "other"}]}), "refused", "unchanged"
    ),
    "a local index of a live table": Difference(
        THERE, (TABLE, {**ON_DEMAND, "indexes": [GSI1, BY_SIZE]}), "refused", "unchanged"
    ),
    "a repeated statement": Difference(PUT, (POLICY, policy(DATA, DATA, DESCRIBE)), "unchanged", "changed"),
    "an action in lower case": Difference(
        PUT,
        (POLICY, policy(DATA, {**DESCRIBE, "Action": ["dynamodb:describetable"]})),
        ours="unchanged",
        theirs="changed",
    ),
    "a statement ID that is not declared": Difference(
        [(POLICY, policy(DATA, {**DESCRIBE, "Sid": "Describe"}))],
        (POLICY, policy(DATA, DESCRIBE)),
        ours="unchanged",
        theirs="changed",
    ),
}


@pytest.fixture(scope="module")
def names(client: Any, localstack: Endpoint) -> Any:
    """Names that no table and no policy of the role has, as many as one likes. What got them goes in the end."""
    dynamodb, iam = client("dynamodb", localstack), client("iam", localstack)
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))
    yield (f"{ROLE}-{number}" for number in itertools.count())
    for table in dynamodb.list_tables()["TableNames"]:
        if table.startswith(f"{ROLE}-"):
            dynamodb.delete_table(TableName=table)
    for policy_name in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
        iam.delete_role_policy(RoleName=ROLE, PolicyName=policy_name)
    iam.delete_role(RoleName=ROLE)


@pytest.fixture(scope="module")
def run(localstack: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Run tasks as one playbook, and return what each of them did."""

    def run_tasks(tasks: list[Task]) -> list[str]:
        playbook = tmp_path_factory.mktemp("interop") / "play.yml"
        listed = [{"name": "A task", module: options, "ignore_errors": True} for module, options in tasks]
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": listed}]))
        done = subprocess.run(
            [CACHE / "bench/bin/ansible-playbook", playbook, "--extra-vars", json.dumps(FRONT_END)],
            env={
                "ANSIBLE_COLLECTIONS_PATH": f"{ROOT}/.venv/collections",
                **without_aws(os.environ),
                **localstack.environment,
                "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        (played,) = json.loads(done.stdout)["plays"]
        return [outcome(task["hosts"]["localhost"]) for task in played["tasks"]]

    return run_tasks


def outcome(result: Any) -> Any:
    if result.get("failed"):
        return "refused"
    return "changed" if result["changed"] else "unchanged"


@pytest.fixture(scope="module")
def outcomes(names: Any, run: Any) -> Any:
    """The result of each task of every case, by its way and title.

    One way after the other: amazon.aws reads every policy of the role, and fails where one goes meanwhile.
    """
    tasks: dict[str, dict[str, list[Task]]] = {way: {} for way in WAYS}
    for way, (maker, other) in WAYS.items():
        for title, stages in SAME.items():
            name = next(names)
            tasks[way][title] = [say[who](name, value) for say, value in stages for who in (maker, other)]
        for title, case in DIFFERENT.items():
            name = next(names)
            say, value = case.declared
            made = [say[OURS](name, value) for say, value in case.there]
            tasks[way][title] = [*made, say[other](name, value)]
    flat = map(run, ([task for case in cases.values() for task in case] for cases in tasks.values()))
    by_way = {way: iter(outcomes) for way, outcomes in zip(WAYS, flat)}
    return {(way, title): [next(by_way[way]) for _task in case] for way in WAYS for title, case in tasks[way].items()}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("title", SAME)
def test_a_resource_of_one_collection_is_unchanged_for_the_other(outcomes: Any, title: str, way: Any) -> None:
    assert outcomes[way, title] == ["changed", "unchanged"] * len(SAME[title])


@pytest.mark.parametrize("title", DIFFERENT)
def test_the_two_differ_in(outcomes: Any, title: str) -> None:
    case = DIFFERENT[title]
    ours, theirs = (outcomes[way, title][-1] for way in ("made by them", "made by us"))
    assert (ours, theirs) == (case.ours, case.theirs)


def test_a_new_table_without_a_billing_mode_is_on_demand_here_and_provisioned_there(
    client: Any, localstack: Endpoint, names: Any, run: Any
) -> None:
    ours, theirs = next(names), next(names)
    assert run([TABLE[OURS](ours, KEYS), TABLE[THEIRS](theirs, KEYS)]) == ["changed", "changed"]
    # Neither changes what the other chose.
    assert run([TABLE[THEIRS](ours, KEYS), TABLE[OURS](theirs, KEYS)]) == ["unchanged", "unchanged"]
    described = [
        client("dynamodb", localstack).describe_table(TableName=table)["Table"].get("BillingModeSummary", {})
        for table in (ours, theirs)
    ]
    assert [summary.get("BillingMode", "PROVISIONED") for summary in described] == ["PAY_PER_REQUEST", "PROVISIONED"]


@pytest.mark.parametrize("way", WAYS)
def test_site_and_the_two_modules_make_the_same_memory(localstack: Endpoint, names: Any, run: Any, way: Any) -> None:
    memory = next(names)
    arn = f"arn:aws:dynamodb:us-east-1:*:table/{memory}"
    actions = [f"dynamodb:{verb}" for verb in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan")]
    document = policy(
        {"Effect": "Allow", "Action": actions, "Resource": [arn, f"{arn}/index/*"]},
        {"Effect": "Allow", "Action": "dynamodb:DescribeTable", "Resource": arn},
    )
    theirs = [TABLE[THEIRS](memory, {**ON_DEMAND, "indexes": [GSI1]}), POLICY[THEIRS](memory, document)]
    if way == "made by them":
        assert run(theirs) == ["changed", "changed"]
    site = play(
        "mana.memory.site",
        localstack.environment,
        mana_memory_table_name=memory,
        mana_memory_lambda_role_name=ROLE,
        mana_memory_policy_name=memory,
    )
    assert (site.status, site.changed) == (0, 0 if way == "made by them" else 2), site.output
    if way == "made by us":
        assert run(theirs) == ["unchanged", "unchanged"]

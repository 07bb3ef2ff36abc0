# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each read of an audit is denied, one at a time: its part is not read, the permission is named, the rest compared."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from plugins.module_utils import audit, audit_permissions
from plugins.modules import dynamodb_item, dynamodb_table, iam_role_policy, lambda_environment
from tests.convergence.bench import Bench, set_up
from tests.functions import make_function
from tests.integration.test_audit_cells import (
    FULL,
    GLOBAL,
    ITEM,
    MANAGED,
    OTHER_REGION,
    PLAIN,
    PROVISIONED,
    SALT,
    STATEMENTS,
    TODAY,
    TRUST,
    VARIABLES,
    document,
    make,
)
from tests.proxy import Answer, HandOn, Proxy, Request, proxied, refusal
from tools.endpoint import Endpoint

NUMBERS = itertools.count()
REPLICA = f"replica {OTHER_REGION}"
# By thing, the parts that a read is for; a read that is not here is for the whole thing.
PARTS = {
    "table": {
        "ListTagsOfResource": {"tags"},
        "DescribeTimeToLive": {"time_to_live"},
        "DescribeContinuousBackups": {"point_in_time_recovery"},
        "ListContributorInsights": {"contributor_insights"},
        "GetResourcePolicy": {"resource_policy"},
        "DescribeKinesisStreamingDestination": {"kinesis_streaming_destination"},
        "DescribeKey": {"sse_specification"},
    },
    "global": {"ListTagsOfResource": {REPLICA}, "DescribeContinuousBackups": {REPLICA}},
    "provisioned": {"ListContributorInsights": {"contributor_insights", "index gsi2"}},
    "others": {"ListRolePolicies": {"other_policies"}, "ListAttachedRolePolicies": {"other_policies"}},
}
NOTHING = {"Effect": "Deny", "Action": "*", "Resource": "*"}
MODULES = {
    "table": dynamodb_table,
    "global": dynamodb_table,
    "provisioned": dynamodb_table,
    "inline": iam_role_policy,
    "managed": iam_role_policy,
    "others": iam_role_policy,
    "function": lambda_environment,
    "item": dynamodb_item,
}


class Denying:
    """Denies one operation, in the words of its protocol, and hands on all others."""

    def __init__(self) -> None:
        self.denied = ""

    def __call__(self, request: Request, hand_on: HandOn) -> Answer:
        """What the endpoint answers, or AWS where a permission is missing."""
        if request.operation != self.denied:
            return hand_on()
        of_query = request.service in ("iam", "sts")
        status, code = (403, "AccessDenied") if of_query else (400, "AccessDeniedException")
        return refusal(request.service, status, code, "no")


@pytest.fixture(scope="module")
def denying() -> Denying:
    return Denying()


@pytest.fixture(scope="module")
def proxy(ministack: Endpoint, denying: Denying) -> Iterator[Proxy]:
    with proxied(ministack, denying) as made:
        yield made


@pytest.fixture(scope="module")
def bench(ministack: Endpoint, proxy: Proxy) -> Iterator[Bench]:
    with set_up(dataclasses.replace(ministack, url=proxy.url)) as made:
        yield made


def declared(thing: str, name: str, client: Any) -> dict[str, Any]:
    """A declaration of a thing, and what has to be there before it."""
    policy = {"policy_name": name, "policy_document": json.loads(document(STATEMENTS))}
    if thing in ("inline", "managed", "others", "function"):
        client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document([TRUST]))
    if thing in ("inline", "function"):
        make_function(client("lambda"), name, f"arn:aws:iam::000000000000:role/{name}")
    if thing == "table":
        alias = f"alias/{name}"
        client("kms").create_alias(AliasName=alias, TargetKeyId=client("kms").create_key()["KeyMetadata"]["KeyId"])
        return {"name": name, **FULL, "sse_specification": {"enabled": True, "kms_master_key_id": alias}}
    return {
        "global": {"name": name, **GLOBAL},
        "provisioned": {"name": name, **PROVISIONED, "contributor_insights": {"enabled": True}},
        "inline": {"lambda_function_name": name, **policy},
        "others": {"role_name": name, **policy, "list_others": True},
        "managed": {"role_name": name, **policy, **MANAGED},
        "function": {"function_name": name, "variables": VARIABLES},
        "item": {"table_name": name, "key": ITEM, "item": {"n": 1}},
    }[thing]


@pytest.mark.parametrize("thing", MODULES)
def test_a_read_that_is_denied_is_named_and_the_other_parts_are_compared(
    bench: Bench, proxy: Proxy, denying: Denying, client: Any, ministack: Endpoint, thing: str
) -> None:
    name = f"denied-{next(NUMBERS)}"
    module = MODULES[thing]
    if thing == "item":
        make(bench, {"name": name, **PLAIN})
    given = declared(thing, name, lambda service: client(service, ministack))
    if module is dynamodb_table:
        make(bench, given)
    else:
        assert not bench.run(given, module=module).get("failed")
    proxy.taken()
    allowed = audited(bench.run(given, True, module))
    reads = dict.fromkeys((call.request.service, call.operation) for call in proxy.taken())
    assert set(allowed.values()) <= {audit.IN_SYNC, audit.NOT_COMPARED}
    assert PARTS.get(thing, {}).keys() < {operation for _service, operation in reads}
    for service, operation in reads:
        denying.denied = operation
        found = bench.run(given, True, module)
        real = bench.run(given, False, module)
        denying.denied = ""
        assert (real["failed"], real["msg"]) == (True, found["msg"]), "a real run does not go on without a read"
        assert "compared" not in real
        told = audited(found)
        assert audit.audit({"thing": found}, None, [], TODAY, SALT).status == 4
        assert f"the missing permission is {service}:{operation}" in found["msg"]
        unread = {part for part, verdict in told.items() if verdict == audit.NOT_READ}
        parts = PARTS.get(thing, {}).get(operation)
        if parts:
            assert unread == parts
            assert {part: verdict for part, verdict in told.items() if part not in parts} == {
                part: verdict for part, verdict in allowed.items() if part not in parts
            }
        else:
            assert unread == set(told), "the whole thing is not read"


def audited(result: Any) -> dict[str, str]:
    """The verdict of each part."""
    (thing,) = audit.audit({"thing": result}, None, [], TODAY, SALT).things
    return {part.name: part.verdict for part in thing.parts}


@pytest.mark.parametrize("thing", MODULES)
def test_the_policy_that_an_audit_tells_is_enough_and_each_of_its_actions_is_needed(
    strict: Endpoint, client: Any, thing: str
) -> None:
    name = f"auditor-{next(NUMBERS)}"
    module, iam = MODULES[thing], client("iam", strict)
    with set_up(strict) as owner:
        if thing == "item":
            make(owner, {"name": name, **PLAIN})
        given = declared(thing, name, lambda service: client(service, strict))
        if module is dynamodb_table:
            make(owner, given)
        else:
            assert not owner.run(given, module=module).get("failed")
        if thing == "managed":  # only a difference takes the reads of other versions and other holders
            given["policy_document"] = json.loads(document(STATEMENTS[:1]))
        result = owner.run(given, True, module)
    statements = as_ministack_asks(audit_permissions.policy([result])["Statement"])
    key = user(iam, name)
    keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    auditor = Bench(dataclasses.replace(strict, environment={**strict.environment, **keys}))

    def status(statements: Any) -> int:
        allowed = document(statements or [NOTHING])
        iam.put_user_policy(UserName=name, PolicyName="audits", PolicyDocument=allowed)
        return audit.audit({"thing": auditor.run(given, True, module)}, None, [], TODAY, SALT).status

    assert status(statements) == (2 if thing == "managed" else 0), auditor.run(given, True, module)["msg"]
    for action in {action for each in statements for action in each["Action"]}:
        rest = [without(each, action) for each in statements if each["Action"] != [action]]
        assert status(rest) == 4, f"{action} is not needed"


def as_ministack_asks(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The statements with ``*`` for what ministack judges otherwise than AWS: tables named by ARN, keys by alias."""
    alone = ("dynamodb:ListTagsOfResource", "dynamodb:GetResourcePolicy", "kms:DescribeKey")
    of_all = [
        {**each, "Action": [action], "Resource": "*"}
        for each in statements
        for action in each["Action"]
        if action in alone
    ]
    for action in alone:
        statements = [without(each, action) for each in statements if each["Action"] != [action]]
    return [*statements, *of_all]


def without(statement: dict[str, Any], action: str) -> dict[str, Any]:
    """A statement that allows all of its actions but one."""
    return {**statement, "Action": [each for each in statement["Action"] if each != action]}


def user(iam: Any, name: str) -> Any:
    """The access key of a new user, who may do nothing yet."""
    iam.create_user(UserName=name)
    return iam.create_access_key(UserName=name)["AccessKey"]

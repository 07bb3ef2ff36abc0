# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Makes the state of an account before a run, and reads it afterwards.

Everything of one cell is called after it, so that cells never meet. The neighbours, which no run declares, are called
like it with "-other" at the end, or "other".
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.functions import make_function
from tools.lambda_role import TRUST

NUMBER = "000000000000"
ON_DEMAND = {"BillingMode": "PAY_PER_REQUEST"}
PROVISIONED = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}
# What nobody may show.
OTHERS = {"DATABASE_URL": "Zq7-improbable-address-of-others", "API_KEY": "Kw9-improbable-secret-of-others"}
ARN = f"arn:aws:dynamodb:us-east-1:{NUMBER}:table/{{}}"
PROBE = "mana-memory-verification"
ITEM = {"pk": {"S": "thread"}, "sk": {"S": "message"}, "text": {"S": "Hello"}, "gsi1pk": {"S": "user"}}
ACTIONS = ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan")

State = Mapping[str, Any]


class Account(NamedTuple):
    """Clients that go to the endpoint itself."""

    dynamodb: Any
    iam: Any
    functions: Any


Prepare = Callable[[Account, str], None]
Look = Callable[[Account, str], State]


# What is there before


def nothing(account: Account, name: str) -> None:
    """A neighbour alone."""
    make_table(account, f"{name}-other")


def table(*indexes: str, **more: Any) -> Prepare:
    """A table with these indexes, with an item, tags and a neighbour."""

    def prepare(account: Account, name: str) -> None:
        for each in (name, f"{name}-other"):
            make_table(account, each, *indexes, **more)
            account.dynamodb.put_item(TableName=each, Item=ITEM)
        account.dynamodb.put_item(TableName=name, Item=own_item(name))

    return prepare


def all_of(*parts: Prepare) -> Prepare:
    """One after the other."""

    def prepare(account: Account, name: str) -> None:
        for part in parts:
            part(account, name)

    return prepare


def make_table(account: Account, name: str, *indexes: str, **more: Any) -> None:
    """A table with the keys of mana's memory, and indexes that have theirs."""
    names = ["pk", "sk", *(f"{index}{key}" for index in indexes for key in ("pk", "sk"))]
    settings: dict[str, Any] = {"Tags": [{"Key": "team", "Value": "memory"}], **ON_DEMAND, **more}
    if indexes:
        capacity = {key: settings[key] for key in ("ProvisionedThroughput",) if key in settings}
        settings["GlobalSecondaryIndexes"] = [
            {"IndexName": index, "KeySchema": keys(index), "Projection": {"ProjectionType": "ALL"}, **capacity}
            for index in indexes
        ]
    account.dynamodb.create_table(
        TableName=name,
        KeySchema=keys(),
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in names],
        **settings,
    )


def keys(index: str = "") -> list[dict[str, str]]:
    """The key schema of a table, or of an index."""
    return [{"AttributeName": f"{index}{key}", "KeyType": kind} for key, kind in (("pk", "HASH"), ("sk", "RANGE"))]


def own_item(name: str) -> dict[str, Any]:
    """An item whose key is that of no other table."""
    return {**ITEM, "pk": {"S": name}, "sk": {"S": name}}


def role(*policies: str) -> Prepare:
    """A role with another inline policy and another managed policy, and with inline policies of these names."""

    def prepare(account: Account, name: str) -> None:
        account.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        for policy in ("other", *policies):
            account.iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document("old"))
        make_policy(account, f"{name}-other", document("old"), attached_to=name)

    return prepare


def managed(*documents: str, attached: bool = True) -> Prepare:
    """A role, and a managed policy whose versions have these documents; the last is the default one."""

    def prepare(account: Account, name: str) -> None:
        role()(account, name)
        first, *later = map(document, documents)
        make_policy(account, name, first, attached_to=name if attached else None)
        for each in later:
            account.iam.create_policy_version(PolicyArn=policy_arn(name), PolicyDocument=each, SetAsDefault=True)

    return prepare


def make_policy(account: Account, name: str, text: str, attached_to: str | None) -> None:
    """A managed policy."""
    account.iam.create_policy(PolicyName=name, PolicyDocument=text)
    if attached_to:
        account.iam.attach_role_policy(RoleName=attached_to, PolicyArn=policy_arn(name))


def policy_arn(name: str) -> str:
    """The ARN of a managed policy."""
    return f"arn:aws:iam::{NUMBER}:policy/{name}"


def document(table_name: str) -> str:
    """A policy that allows something on a table."""
    statement = {"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": [ARN.format(table_name)]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def function(**variables: str) -> Prepare:
    """A function with these variables beside those of others."""

    def prepare(account: Account, name: str) -> None:
        role = f"arn:aws:iam::{NUMBER}:role/{name}"
        make_function(account.functions, name, role, Environment={"Variables": {**OTHERS, **variables}})
        while account.functions.get_function_configuration(FunctionName=name)["State"] != "Active":
            time.sleep(0.02)

    return prepare


def memory(account: Account, name: str) -> None:
    """The things that `site` makes: a table, and a role with its policy."""
    table("gsi1")(account, name)
    role()(account, name)
    arn = f"arn:aws:dynamodb:us-east-1:*:table/{name}"
    statements = [
        {"Effect": "Allow", "Action": [f"dynamodb:{each}" for each in ACTIONS], "Resource": [arn, f"{arn}/index/*"]},
        {"Effect": "Allow", "Action": ["dynamodb:DescribeTable"], "Resource": [arn]},
    ]
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    account.iam.put_role_policy(RoleName=name, PolicyName="mana-memory", PolicyDocument=text)


# What there is to see afterwards


def tables(account: Account, name: str) -> State:
    """The table and its neighbour."""
    neighbour = f"{name}-other"
    described = account.dynamodb.describe_table(TableName=neighbour)["Table"]
    return {name: _table(account.dynamodb, name), neighbour: _described(account.dynamodb, described)}


def rights(account: Account, name: str) -> State:
    """The role and the managed policies."""
    policies = {each: _policy(account.iam, policy_arn(each)) for each in (name, f"{name}-other")}
    return {"role": _role(account.iam, name), "policies": policies}


def configuration(account: Account, name: str) -> State:
    """The function."""
    with contextlib.suppress(account.functions.exceptions.ResourceNotFoundException):
        described = account.functions.get_function_configuration(FunctionName=name)
        shown = ("Environment", "Role", "Runtime", "Handler", "Timeout", "MemorySize")
        return {"function": {part: described.get(part) for part in shown}}
    return {}


def everything(account: Account, name: str) -> State:
    """All of it."""
    return {**tables(account, name), **rights(account, name), **configuration(account, name)}


def probes(account: Account, name: str) -> list[Any]:
    """The items of proofs that are in the table."""
    with contextlib.suppress(account.dynamodb.exceptions.ResourceNotFoundException):
        items = account.dynamodb.scan(TableName=name, ConsistentRead=True)["Items"]
        return [item for item in items if item["pk"]["S"].startswith(PROBE)]
    return []


def left_for_ever(account: Account, name: str) -> list[str]:
    """The keys of proofs' items that no expiry takes away."""
    return [item["pk"]["S"] for item in probes(account, name) if "ttl" not in item]


def _table(dynamodb: Any, name: str) -> State:
    try:
        described = dynamodb.describe_table(TableName=name)["Table"]
    except dynamodb.exceptions.ResourceNotFoundException:
        return {"backups": _backups(dynamodb, name)}
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    recovery = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    tags = dynamodb.list_tags_of_resource(ResourceArn=described["TableArn"])["Tags"]
    return {
        **_described(dynamodb, described),
        "expiry": expiry.get("AttributeName"),
        "recovery": recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED" or None,
        "tags": {each["Key"]: each["Value"] for each in tags},
        "backups": _backups(dynamodb, name),
    }


def _described(dynamodb: Any, described: Mapping[str, Any]) -> State:
    items = dynamodb.scan(TableName=described["TableName"], ConsistentRead=True)["Items"]
    return {
        "keys": described["KeySchema"],
        "types": {each["AttributeName"]: each["AttributeType"] for each in described["AttributeDefinitions"]},
        "billing": described.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "capacity": _capacity(described),
        "protection": described.get("DeletionProtectionEnabled") or None,
        "indexes": {
            each["IndexName"]: {
                "keys": each["KeySchema"],
                "projection": each["Projection"],
                "capacity": _capacity(each),
            }
            for each in described.get("GlobalSecondaryIndexes", [])
        },
        "dimensions": {each["IndexName"]: each["Dimensions"] for each in described.get("VectorIndexes") or []},
        "items": {each["pk"]["S"]: each for each in items if not each["pk"]["S"].startswith(PROBE)},
    }


def _capacity(described: Mapping[str, Any]) -> tuple[Any, Any]:
    units = described.get("ProvisionedThroughput", {})
    return units.get("ReadCapacityUnits"), units.get("WriteCapacityUnits")


def _backups(dynamodb: Any, name: str) -> State:
    backups = dynamodb.list_backups(TableName=name)["BackupSummaries"]
    return {f"backup {number}": each["BackupName"] for number, each in enumerate(backups, 1)}


def _role(iam: Any, name: str) -> State:
    try:
        inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
    except iam.exceptions.NoSuchEntityException:
        return {}
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    return {
        "inline": {each: iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"] for each in inline},
        "attached": {each["PolicyName"]: each["PolicyArn"] for each in attached},
    }


def _policy(iam: Any, arn: str) -> State:
    try:
        described = iam.get_policy(PolicyArn=arn)["Policy"]
    except iam.exceptions.NoSuchEntityException:
        return {}
    versions = [each["VersionId"] for each in iam.list_policy_versions(PolicyArn=arn)["Versions"]]
    return {
        "default": described["DefaultVersionId"],
        "versions": {
            each: iam.get_policy_version(PolicyArn=arn, VersionId=each)["PolicyVersion"]["Document"]
            for each in versions
        },
    }

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The scenarios that run under faults: a module or the role's proof, with the state before it and the state to check.

In what is declared, NAME stands for the name of the cell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any, NamedTuple

from plugins.modules import (
    dynamodb_item,
    dynamodb_item_info,
    dynamodb_table,
    dynamodb_table_info,
    iam_policy_simulation_info,
    iam_role_policy,
    lambda_environment,
    sts_assume_role,
)
from tests.faults import account
from tests.faults.account import PROVISIONED, Look, Prepare

PROOF = "tests/faults/proof.yml"


class Scenario(NamedTuple):
    """A declaration. ``runs`` is a module, or the playbook that takes the declaration as its variables."""

    runs: ModuleType | str
    declared: Mapping[str, Any]
    prepare: Prepare
    look: Look

    @property
    def is_module(self) -> bool:
        """Whether its result has steps."""
        return isinstance(self.runs, ModuleType)

    def declare(self, name: str) -> dict[str, Any]:
        """The declaration for a cell."""
        declared: dict[str, Any] = json.loads(json.dumps(self.declared).replace("NAME", name))
        return declared


def _table(before: Prepare, **declared: Any) -> Scenario:
    patience = {"wait_timeout": 3, "index_wait_timeout": 3}
    return Scenario(dynamodb_table, {"name": "NAME", **patience, **declared}, before, account.tables)


def _item(before: Prepare, **declared: Any) -> Scenario:
    return Scenario(dynamodb_item, {"table_name": "NAME", **declared}, before, account.tables)


def _found(**declared: Any) -> Scenario:
    return Scenario(dynamodb_item_info, {"table_name": "NAME", **declared}, account.table("gsi1"), account.tables)


def _policy(before: Prepare, **declared: Any) -> Scenario:
    return Scenario(iam_role_policy, {"role_name": "NAME", **declared}, before, account.rights)


def _environment(before: Prepare, **declared: Any) -> Scenario:
    options = {"function_name": "NAME", "variables": {"MANA_MEMORY_TABLE": "new"}, "wait_timeout": 3, **declared}
    return Scenario(lambda_environment, options, before, account.configuration)


def _index(name: str) -> dict[str, str]:
    return {"name": name, "type": "global_all", "hash_key_name": f"{name}pk", "range_key_name": f"{name}sk"}


KEYS = {"hash_key_name": "pk", "range_key_name": "sk", "billing_mode": "PAY_PER_REQUEST"}
CAPACITY = {"read_capacity": 2, "write_capacity": 2}
GSI1, GSI2, GSI3 = map(_index, ("gsi1", "gsi2", "gsi3"))
VECTORS = {
    "name": "by_image",
    "vector_attribute": "image",
    "dimensions": 2,
    "distance_function": "COSINE",
    "projection": "keys_only",
}
# Another one, as the API has it.
OTHER_VECTORS = [
    {
        "IndexName": "by_meaning",
        "VectorAttribute": {"AttributeName": "embedding"},
        "Dimensions": 3,
        "DistanceFunction": "COSINE",
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }
]
OWN_KEY = {"pk": "NAME", "sk": "NAME"}
NEW = {"policy_document": json.loads(account.document("new"))}
OWN = {**NEW, "policy_name": "own"}
MANAGED = {**NEW, "policy_name": "NAME", "type": "managed"}
FULL = ("oldest", "older", "old", "former", "last")  # IAM keeps five versions

SCENARIOS = {
    "make a table": _table(
        account.nothing,
        **KEYS,
        indexes=[GSI1, GSI2],
        tags={"team": "memory"},
        time_to_live={"attribute_name": "ttl"},
        point_in_time_recovery={"enabled": True},
        deletion_protection_enabled=True,
    ),
    "add two indexes": _table(account.table("gsi1"), **KEYS, indexes=[GSI1, GSI2, GSI3]),
    "remove an index": _table(account.table("gsi1", "gsi2"), **KEYS, indexes=[GSI1], purge_indexes=True),
    "exchange vector indexes": _table(
        account.table("gsi1", VectorIndexes=OTHER_VECTORS),
        vector_indexes=[VECTORS],
        purge_vector_indexes=True,
        index_wait_timeout=30,  # ministack builds it by the clock, which no short sleep moves
    ),
    "change the billing": _table(
        account.table("gsi1"),
        billing_mode="PROVISIONED",
        indexes=[{**GSI1, **CAPACITY}],
        **CAPACITY,
    ),
    "change the capacity": _table(account.table("gsi1", **PROVISIONED), indexes=[{**GSI1, **CAPACITY}], **CAPACITY),
    "protect a table": _table(account.table("gsi1"), deletion_protection_enabled=True),
    "change what is beside a table": _table(
        account.table(),
        tags={"stage": "live"},
        time_to_live={"attribute_name": "ttl"},
        point_in_time_recovery={"enabled": True},
    ),
    "delete a table": _table(account.table("gsi1"), state="absent"),
    "delete a table after a backup": _table(account.table("gsi1"), state="absent", final_backup_name="last"),
    "read a table": Scenario(dynamodb_table_info, {"name": "NAME"}, account.table("gsi1"), account.tables),
    "put an item": _item(account.table(), key={"pk": "new", "sk": "NAME"}, item={"text": "Hello"}),
    "replace an item": _item(account.table(), key=OWN_KEY, item={"text": "Bye"}),
    "delete an item": _item(account.table(), key=OWN_KEY, state="absent"),
    "put an item once": _item(account.table(), key={"pk": "new", "sk": "NAME"}, item={"a": 1}, overwrite=False),
    "leave an item": _item(account.table(), key=OWN_KEY, item={"text": "Bye"}, overwrite=False),
    "get an item": _found(key=OWN_KEY),
    "query an index": _found(
        index_name="gsi1",
        key_condition_expression="gsi1pk = :user",
        expression_attribute_values={":user": "user"},
    ),
    "search a vector index": Scenario(
        dynamodb_item_info,
        {"table_name": "NAME", "index_name": "by_meaning", "search_vector": [0.5, 0.5, 0.5]},
        account.table(VectorIndexes=OTHER_VECTORS),
        account.tables,
    ),
    "put an inline policy": _policy(account.role(), **OWN),
    "change an inline policy": _policy(account.role("own"), **OWN),
    "remove an inline policy": _policy(account.role("own"), policy_name="own", state="absent"),
    "make a managed policy": _policy(account.role(), **MANAGED, tags={"team": "memory"}),
    "change a managed policy": _policy(account.managed(*FULL), **MANAGED),
    "remove a managed policy": _policy(
        account.managed("old", "last"), policy_name="NAME", type="managed", state="absent"
    ),
    "attach a policy": _policy(account.managed("old", attached=False), policy_arn=account.policy_arn("NAME")),
    "detach a policy": _policy(account.managed("old"), policy_arn=account.policy_arn("NAME"), state="absent"),
    "set a variable": _environment(account.function()),
    "change a variable": _environment(account.function(MANA_MEMORY_TABLE="old")),
    "remove a variable": _environment(account.function(MANA_MEMORY_TABLE="new"), state="absent"),
    "ask what a role may do": Scenario(
        iam_policy_simulation_info,
        {"role_name": "NAME", "actions": ["dynamodb:GetItem"], "resources": [account.ARN.format("old")]},
        account.role(),
        account.rights,
    ),
    "become a role": Scenario(sts_assume_role, {"role_name": "NAME"}, account.role(), account.rights),
    "prove a memory": Scenario(
        PROOF,
        {
            "mana_memory_table_name": "NAME",
            "mana_memory_lambda_role_name": "NAME",
        },
        account.memory,
        account.everything,
    ),
}

# What is killed, and run by many at once.
PLAYS = {
    "site": Scenario(
        "playbooks/site.yml",
        {
            "mana_memory_table_name": "NAME",
            "mana_memory_lambda_function_name": "NAME",
            "mana_memory_set_environment": True,
            "mana_memory_time_to_live": True,
        },
        account.all_of(account.nothing, account.role(), account.function()),
        account.everything,
    ),
    "all indexes": Scenario(
        "playbooks/site.yml",
        {
            "mana_memory_table_name": "NAME",
            "mana_memory_lambda_role_name": "NAME",
            "mana_memory_all_indexes": True,
        },
        account.memory,
        account.everything,
    ),
    "destroy": Scenario(
        "playbooks/destroy.yml",
        {
            "mana_memory_table_name": "NAME",
            "mana_memory_destroy": "NAME",
            "mana_memory_lambda_function_name": "NAME",
            "mana_memory_set_environment": True,
        },
        account.all_of(account.memory, account.function(MANA_MEMORY_TABLE="old")),
        account.everything,
    ),
    "modules": Scenario(
        "tests/faults/modules.yml",
        {"name": "NAME", "document": json.loads(account.document("new")), "mana_memory_in_process": False},
        account.all_of(
            account.table("gsi1", "gsi2"), account.managed("old", "last"), account.function(MANA_MEMORY_TABLE="old")
        ),
        account.everything,
    ),
}

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The reading edge to DynamoDB's control plane: a table as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..connection import CallFailed, Client, Connect, call
from ..reconcile import Observation
from . import description as told
from . import reading
from .reading import Asked
from .table import Table


def observe(connect: Connect, name: str, asked: Asked) -> Observation[Table]:
    """The table as it is: one DescribeTable, and one call more for each concern that is asked for, those at once.

    A table that is being deleted counts as gone, and as not settled.
    """
    described = describe(connect("dynamodb"), name)
    if described is None:
        return Observation(None)
    live = told.live(described)
    if live.status == "DELETING":
        return Observation(None, live.state)
    table = told.table(described, reading.concerns(connect, name, live, asked))
    return Observation(table, "" if live.settled else live.state, live.state_of_warming if asked.warm else "")


def survey(connect: Connect, name: str) -> tuple[Table | None, list[str]]:
    """The table with all that can be declared of it, and a warning for each part that could not be read."""
    described = describe(connect("dynamodb"), name)
    if described is None or told.live(described).status == "DELETING":
        return None, []
    regions = [each["RegionName"] for each in described.get("Replicas") or []]
    found, warnings = reading.everything(connect, name, told.live(described), regions)
    return told.table(described, found), warnings


def names(client: Client) -> list[str]:
    """The names of all tables of the region."""
    found: list[str] = []
    arguments: dict[str, Any] = {}
    while True:
        answer = call(client, "ListTables", arguments, "list the tables")
        found.extend(answer.get("TableNames", []))
        if not answer.get("LastEvaluatedTableName"):
            return found
        arguments = {"ExclusiveStartTableName": answer["LastEvaluatedTableName"]}


def describe(client: Client, name: str) -> Mapping[str, Any] | None:
    """DescribeTable's answer; ``None`` where there is no such table."""
    try:
        answer = call(client, "DescribeTable", {"TableName": name}, f"read table {name}", f"table {name}")
    except CallFailed as failure:
        if failure.code == "ResourceNotFoundException":
            return None
        raise
    described: Mapping[str, Any] = answer["Table"]
    return described

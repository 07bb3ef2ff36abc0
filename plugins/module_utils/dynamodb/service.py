# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Calls of DynamoDB's control plane that read a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from types import MappingProxyType
from typing import Any

from ..connection import CallFailed, Client, Connect, call
from ..plan import Impossible
from ..resource import Observation
from . import description, reading
from .reading import Asked
from .table import Live, Table


def observe(connect: Connect, name: str, asked: Asked) -> Observation[Table]:
    """The table as it is, read with one DescribeTable, and with one call more, at once, for each part asked for.

    A table that is being deleted counts as gone, and as not settled.
    """
    described = describe(connect("dynamodb"), name)
    now = datetime.now(timezone.utc)
    live = description.live(described, now) if described else None
    importing = _importing(connect("dynamodb"), name, live) if asked.imported else ""
    if described is None or live is None:
        return Observation(None, importing)
    if live.status == "DELETING":
        return Observation(None, live.state)
    table = description.table(described, reading.parts(connect, name, live, asked), live)
    return Observation(
        table, importing or ("" if live.settled else live.state), live.state_of_warming if asked.warm else ""
    )


def _importing(client: Client, name: str, live: Live | None) -> str:
    """The state of an import that is under way, in words. Raises Impossible for a table whose import failed."""
    from . import imports

    found = imports.find(client, name, live.description.get("TableId", "") if live else None)
    if found and found.failed and live:
        raise Impossible(
            f"import_from_s3: the import into table {name} is {found.status}: {found.reason}; delete the table and run "
            "again, or remove import_from_s3 to keep what was imported"
        )
    return (
        f"{live.state if live else 'not to be seen'} (its import {found.status})" if found and found.under_way else ""
    )


def survey(
    connect: Connect, name: str, known: Mapping[str, Any] = MappingProxyType({})
) -> tuple[Table | None, list[str]]:
    """The table with all that can be declared of it, and a warning for each part that could not be read.

    ``known``: parts that were read before.
    """
    described = describe(connect("dynamodb"), name)
    if described is None or description.live(described).status == "DELETING":
        return None, []
    regions = [each["RegionName"] for each in described.get("Replicas") or []]
    found, warnings = reading.everything(connect, name, description.live(described), regions, known)
    return description.table(described, found), warnings


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


def arns(client: Client, found: Sequence[str]) -> dict[str, str]:
    """The ARNs of tables by their names, as one of them that is there tells; none where none is there."""
    for name in found:
        described = describe(client, name)
        if described:
            others = description.live(described).arn.rpartition("/")[0]
            return {each: each if each.startswith("arn:") else f"{others}/{each}" for each in found}
    return {}


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

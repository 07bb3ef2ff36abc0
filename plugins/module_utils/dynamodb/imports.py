# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Imports from S3, which AWS keeps apart from the tables that they make.

DescribeTable does not show a table for the first half minute of its import, and a table whose import failed looks well
(rules an-import-is-told-apart, a-failed-import-leaves-a-table).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple

from ..connection import CallFailed, Client, call
from .reading import pages

LONG_AGO = datetime.fromtimestamp(0, timezone.utc)
UNKNOWN = ("UnknownOperationException", "UnknownOperation", "InvalidAction", "NotImplemented")


class Import(NamedTuple):
    """An import, and why it failed, if it did."""

    status: str
    reason: str = ""

    @property
    def under_way(self) -> bool:
        """Whether it has not ended."""
        return self.status in ("IN_PROGRESS", "CANCELLING")

    @property
    def failed(self) -> bool:
        """Whether it ended with less than all."""
        return self.status in ("FAILED", "CANCELLED")


def find(client: Client, name: str, table_id: str | None, since: datetime = LONG_AGO) -> Import | None:
    """The import that made, or makes, the table of this ``table_id``; without an id, the import that is under way.

    Several runs may have begun an import of the same name, and any of them may win: the table's id says which did.
    Without a table, an import that ended before ``since`` was for an earlier table.
    """
    summaries = sorted(_summaries(client, name), key=lambda each: each.get("StartTime", LONG_AGO), reverse=True)
    if table_id is None:
        recent = [each for each in summaries if each.get("StartTime", since) >= since]
        going_on = [each for each in recent if each.get("ImportStatus") == "IN_PROGRESS"]
        return next((_described(client, name, each) for each in (*going_on, *recent)), None)
    for each in summaries:
        described = _describe(client, name, each)
        if described.get("TableId") == table_id:
            return _import(described)
    return None


def _summaries(client: Client, name: str) -> Iterator[Mapping[str, Any]]:
    """The imports into tables of this name, in any account: without a table its ARN, and so the account, is unknown."""
    try:
        for answer in pages(client, "ListImports", {}, f"list the imports into table {name}", f"table {name}"):
            for each in answer.get("ImportSummaryList", []):
                if each.get("TableArn", "").endswith(f":table/{name}"):
                    yield each
    except CallFailed as failure:
        if failure.code not in UNKNOWN:  # an endpoint that has no imports has none of this table
            raise


def _described(client: Client, name: str, summary: Mapping[str, Any]) -> Import:
    return _import(summary if summary.get("ImportStatus") == "IN_PROGRESS" else _describe(client, name, summary))


def _describe(client: Client, name: str, summary: Mapping[str, Any]) -> Mapping[str, Any]:
    purpose, arn = f"read the import into table {name}", summary["ImportArn"]
    described: Mapping[str, Any] = call(client, "DescribeImport", {"ImportArn": arn}, purpose, arn)[
        "ImportTableDescription"
    ]
    return described


def _import(described: Mapping[str, Any]) -> Import:
    reasons = [described[member] for member in ("FailureCode", "FailureMessage") if described.get(member)]
    if described.get("CloudWatchLogGroupArn"):
        reasons.append(f"{described['CloudWatchLogGroupArn']} says more")
    return Import(described.get("ImportStatus", ""), "; ".join(reasons))

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which errors of AWS pass by themselves. The texts are AWS's own, as they were measured."""

from __future__ import annotations

import pytest

from plugins.module_utils.connection import CallFailed
from plugins.module_utils.dynamodb.passing import Passing, Patience, passes

TABLE, DATA = Passing("wait_timeout"), Passing("index_wait_timeout")
IN_USE = "Attempt to change a resource which is still in use: "

PASSING = [
    (
        "another index is being made",
        "LimitExceededException",
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
        DATA,
    ),
    (
        "the indexes of a table that is to go",
        "ResourceInUseException",
        f"{IN_USE}Cannot delete table while indexes are being created, updated, or deleted.",
        DATA,
    ),
    (
        "an index in allocation",
        "ResourceInUseException",
        f"{IN_USE}Index creation is in resource allocation phase. Retry "
        "deletion during backfilling phase or when the index is active. Table: t Index: g",
        DATA,
    ),
    ("an index that goes", "ResourceInUseException", f"{IN_USE}Index is being deleted. Table: t Index: g", DATA),
    (
        "an index under a maximum",
        "ResourceInUseException",
        f"{IN_USE}OnDemandThroughput cannot be updated while index creation is in progress for indexes: [g]",
        DATA,
    ),
    ("indexes of other tables", "LimitExceededException", "indexed tables that can be created simultaneously", TABLE),
    (
        "restores",
        "LimitExceededException",
        "Subscriber limit exceeded: Only 50 restore operations can be done simultaneously",
        DATA,
    ),
    (
        "the restore of the same backup",
        "BackupInUseException",
        "Backup is being used to restore another table: arn",
        DATA,
    ),
    ("capacity", "ResourceInUseException", f"{IN_USE}Table IOPS are currently being updated. Table: t", TABLE),
    ("a table in UPDATING", "ResourceInUseException", f"{IN_USE}Table: t is in the process of being updated.", TABLE),
    ("a table in CREATING", "ResourceInUseException", f"{IN_USE}Table is being created: t", TABLE),
    ("encryption", "ResourceInUseException", f"{IN_USE}Server-Side Encryption is still being updated", TABLE),
    (
        "a global table",
        "ResourceInUseException",
        "The resource which you are attempting to change is in use. (Service: "
        "AmazonDynamoDBv2; Status Code: 400; Error Code: ResourceInUseException; Request ID: A; Proxy: null)",
        TABLE,
    ),
    (
        "protection of a busy replica",
        "ResourceInUseException",
        "Table needs to be in ACTIVE status to modify deletion protection setting.",
        TABLE,
    ),
    (
        "tags",
        "LimitExceededException",
        "Subscriber limit exceeded: Table tags are being updated: t",
        Passing(seconds=5),
    ),
    (
        "tags of a table that is to go",
        "ResourceInUseException",
        f"{IN_USE}Table tags are being updated: t",
        Passing(seconds=5),
    ),
    (
        "protection that was just changed",
        "ThrottlingException",
        "Deletion protection setting for table t modified within "
        "the previous 15000 milliseconds. Please try again after 2026-10-08T22:57:03.204Z",
        Passing(seconds=20),
    ),
    (
        "a policy that was just changed",
        "ThrottlingException",
        "Resource-based policy for table t modified within the "
        "previous 15000 milliseconds. Please try again after 2026-10-08T22:57:03.204Z.",
        Passing(seconds=20),
    ),
    (
        "a policy that is being changed",
        "ResourceInUseException",
        f"{IN_USE}Table is pending previous resource-based policy update: t",
        Passing(seconds=20),
    ),
    (
        "the account's calls",
        "ThrottlingException",
        "The rate of control plane requests made by this account is too high",
        Passing(seconds=60),
    ),
    (
        "backups",
        "ContinuousBackupsUnavailableException",
        "Backups are being enabled for the table: t. Please retry later",
        TABLE,
    ),
    (
        "time to live after recovery",
        "ValidationException",
        "Backups are being enabled for the table: t. Please retry later",
        TABLE,
    ),
    (
        "insights of an index in the making",
        "ValidationException",
        "Table or Index is not in a valid state to update Key "
        "Access Insights: IndexStatus must be ACTIVE to enable ContributorInsights.",
        DATA,
    ),
    (
        "a Kinesis stream that is ending",
        "ValidationException",
        "Table is not in a valid state to enable Kinesis Streaming "
        "Destination: EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.",
        Passing(seconds=10),
    ),
    (
        "a Kinesis stream that is beginning",
        "ValidationException",
        "Table is not in a valid state to disable Kinesis "
        "Streaming Destination: KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.",
        Passing(seconds=180),
    ),
    (
        "another replica",
        "ValidationException",
        "Create/Update/Delete of replica is not allowed while the replica is being "
        "added to table with name: \u2018t\u2019 in region: \u2018r\u2019.",
        DATA,
    ),
    (
        "the table that a replica was",
        "ValidationException",
        "Failed to create a the new replica of table with name: \u2018t\u2019 "
        "because one or more replicas already existed as tables.",
        Passing(seconds=60),
    ),
    (
        "warmth beside an index in allocation",
        "InternalServerError",
        "Table is under system maintenance, please try again later",
        Passing(seconds=120),
    ),
]

FINAL = [
    ("a table of that name", "ResourceInUseException", f"{IN_USE}Table already exists: t"),
    (
        "a replica of that name",
        "ResourceInUseException",
        "Global table with name: 't' already exists with replicas in regions: [eu-west-1]",
    ),
    ("a table that goes", "ResourceInUseException", f"{IN_USE}Table is being deleted: t"),
    (
        "protection",
        "ValidationException",
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
    ),
    (
        "protection, on endpoints",
        "ResourceInUseException",
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
    ),
    (
        "a stream in the call of capacities",
        "ValidationException",
        "You cannot modify stream status while updating table IOPS",
    ),
    (
        "an index in the call of capacities",
        "ValidationException",
        "You cannot create or delete index while updating table IOPS",
    ),
    (
        "an index in the call of a stream",
        "ValidationException",
        "You cannot create or delete index while changing stream status",
    ),
    (
        "a disabled key, which reads like a state",
        "ValidationException",
        "Operation cannot be performed while replica "
        "server-side encryption status is in UPDATING state. Please retry the request after the status is updated to "
        "ENABLED.",
    ),
    (
        "a replica that was copied from",
        "ValidationException",
        "Replica cannot be deleted because it has acted as a source "
        "region for new replica(s) being added to the table in the last 24 hours.",
    ),
    (
        "an hour of time to live",
        "ValidationException",
        "Time to live has been modified multiple times within a fixed interval",
    ),
    (
        "a day's decreases",
        "LimitExceededException",
        "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day.",
    ),
    ("a day's keys", "LimitExceededException", "Encryption mode changes are limited in the 24h window ending at …"),
    ("a switch a day", "LimitExceededException", "Update to PayPerRequest mode are limited to once in 1 day(s)"),
    ("too many indexes", "LimitExceededException", "Number of global secondary indexes exceeds per-table limit of 20"),
    ("an empty member", "InternalFailure", ""),
]


@pytest.mark.parametrize(("code", "words", "passing"), [pytest.param(*c[1:], id=c[0]) for c in PASSING])
def test_passes_by_itself(code: str, words: str, passing: Passing) -> None:
    assert passes(CallFailed(f"could not do it: {words}", code, words)) == passing


@pytest.mark.parametrize(("code", "words"), [pytest.param(*c[1:], id=c[0]) for c in FINAL])
def test_never_passes(code: str, words: str) -> None:
    assert passes(CallFailed(f"could not do it: {words}", code, words)) is None


def test_each_passing_error_has_a_time_limit() -> None:
    patience = Patience(table=3, indexes=4)
    assert [each.longest(patience) for each in (TABLE, DATA, Passing(seconds=5))] == [3, 4, 5]

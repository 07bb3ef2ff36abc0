# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Recovery to any point in time: continuous backups of a table, and of a replica of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...plan import Step
from .. import holders
from ..part import Read
from ..table import PointInTimeRecovery, Table

LONGEST = 35  # days


def mistakes(options: Mapping[str, Any]) -> Iterator[str]:
    """A period goes with recovery that is on (rule recovery-keeps-its-period)."""
    for where, holder in holders.of_table_and_replicas(options):
        declared = holder.get("point_in_time_recovery") or {}
        option = f"{where}point_in_time_recovery.recovery_period_in_days"
        days = declared.get("recovery_period_in_days")
        if days is not None and not 1 <= days <= LONGEST:
            yield f"{option}: {days} is no period; give 1 to {LONGEST} days"
        if days is not None and not declared["enabled"]:
            yield f"{option}: recovery that is off has no period; remove it"


def desire(options: Mapping[str, Any], observed: PointInTimeRecovery | None) -> PointInTimeRecovery:
    """A period that is left out stays, since AWS would otherwise reset it (rule recovery-keeps-its-period)."""
    declared = options["point_in_time_recovery"]
    if not declared["enabled"]:
        return PointInTimeRecovery(False)
    period = declared.get("recovery_period_in_days")
    return PointInTimeRecovery(True, period or (observed.recovery_period_in_days if observed else None))


def to_options(value: PointInTimeRecovery) -> dict[str, Any]:
    """Recovery as its option takes it."""
    period = {"recovery_period_in_days": value.recovery_period_in_days} if value.recovery_period_in_days else {}
    return {"enabled": value.enabled, **period}


def read(name: str, _arn: str) -> Read:
    """DescribeContinuousBackups; an archived table has none (rule an-archived-table-has-no-backups)."""
    purpose = f"read the point-in-time recovery of table {name}"
    return Read("DescribeContinuousBackups", {"TableName": name}, purpose, none=("TableNotFoundException",))


def from_api(answer: Mapping[str, Any]) -> PointInTimeRecovery:
    """Whether the table can be recovered to any second, and over how many days."""
    recovery = (answer.get("ContinuousBackupsDescription") or {}).get("PointInTimeRecoveryDescription") or {}
    if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
        return PointInTimeRecovery(False)
    return PointInTimeRecovery(True, recovery.get("RecoveryPeriodInDays"))


def to_api(value: PointInTimeRecovery) -> dict[str, Any]:
    """A period goes with recovery that is on, and only with that (rule recovery-keeps-its-period)."""
    period = {"RecoveryPeriodInDays": value.recovery_period_in_days} if value.recovery_period_in_days else {}
    return {"PointInTimeRecoveryEnabled": value.enabled, **period}


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """Continuous backups on or off."""
    after, before = desired.point_in_time_recovery, observed.point_in_time_recovery
    if after is not None and before is not None and after != before:
        yield step(observed.name, after)


def step(name: str, desired: PointInTimeRecovery, region: str | None = None) -> Step:
    """Continuous backups on or off, in a region or in the table's own."""
    of = f"{name} in {region}" if region else name
    sentence = f"{'keep' if desired.enabled else 'no longer keep'} {of} recoverable to any point in time"
    if desired.recovery_period_in_days:
        sentence += f" of the last {desired.recovery_period_in_days} days"
    arguments = {"TableName": name, "PointInTimeRecoverySpecification": to_api(desired)}
    return Step("dynamodb", "UpdateContinuousBackups", arguments, sentence, region=region)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Contributor insights of a table and of each global index: which keys are accessed and throttled most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...plan import Step
from .. import holders
from ..part import Read
from ..table import ContributorInsights, Table

# Insights by the name of the index; those of the table are under "".
Insights = Mapping[str, ContributorInsights]


def mistakes(options: Mapping[str, Any]) -> Iterator[str]:
    """A mode goes with insights that are on (rule insights-off-have-no-mode)."""
    for where, holder in holders.of_table_and_indexes(options):
        declared = holder.get("contributor_insights") or {}
        if declared.get("mode") is not None and not declared["enabled"]:
            yield f"{where}contributor_insights.mode: insights that are off have no mode; remove it"


def desire(options: Mapping[str, Any], observed: ContributorInsights | None) -> ContributorInsights:
    """A mode that is left out stays as it is."""
    declared = options["contributor_insights"]
    if not declared["enabled"]:
        return ContributorInsights(False)
    return ContributorInsights(True, declared.get("mode") or (observed.mode if observed else None))


def to_options(value: ContributorInsights) -> dict[str, Any]:
    """Insights as their option takes them."""
    return {"enabled": value.enabled, **({"mode": value.mode} if value.mode else {})}


def read(name: str, _arn: str) -> Read:
    """ListContributorInsights: one call for the table and all its indexes."""
    return Read("ListContributorInsights", {"TableName": name}, f"read the contributor insights of table {name}")


def from_api(answer: Mapping[str, Any]) -> Insights:
    """The insights that are on. FAILED is as good as none (rule insights-that-failed-are-none)."""
    return {
        summary.get("IndexName", ""): ContributorInsights(True, summary.get("ContributorInsightsMode"))
        for summary in answer.get("ContributorInsightsSummaries") or []
        if summary.get("ContributorInsightsStatus") in ("ENABLED", "ENABLING")
    }


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """Insights of the table and of each index. An index that is recreated loses them, so they are enabled again.

    Rule insights-need-rest.
    """
    yield from _step(desired.name, None, desired.contributor_insights, observed.contributor_insights)
    for index in desired.global_indexes:
        before = observed.index(index.name)
        stays = before is not None and index.shape == before.shape
        insights = before.contributor_insights if before and stays else ContributorInsights(False)
        yield from _step(desired.name, index.name, index.contributor_insights, insights)


def _step(
    name: str, index: str | None, desired: ContributorInsights | None, observed: ContributorInsights | None
) -> Iterator[Step]:
    if desired is None or observed is None or desired == observed:
        return
    arguments: dict[str, Any] = {"TableName": name, "ContributorInsightsAction": "DISABLE"}
    of, sentence = f"index {index} of {name}" if index else f"table {name}", "no longer watch the keys of"
    if index:
        arguments["IndexName"] = index
    if desired.enabled:
        mode = {"ContributorInsightsMode": desired.mode} if desired.mode else {}
        arguments = {**arguments, "ContributorInsightsAction": "ENABLE", **mode}
        sentence = {"THROTTLED_KEYS": "watch the throttled keys of"}.get(desired.mode or "", "watch the keys of")
    yield Step("dynamodb", "UpdateContributorInsights", arguments, f"{sentence} {of}")

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The members that the installed botocore has to know for an option, and the version that brought them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..connection import Client
from ..plan import Impossible
from .holders import of_table_and_indexes


class Feature(NamedTuple):
    """An option, the call and the member of its arguments that it needs, and the botocore that brought them."""

    option: str
    call: str
    member: str
    version: str


FEATURES = (
    Feature("table_class", "CreateTable", "TableClass", "1.23.18"),
    Feature("import_from_s3", "ImportTable", "S3BucketSource", "1.27.93"),
    Feature("deletion_protection_enabled", "CreateTable", "DeletionProtectionEnabled", "1.29.87"),
    Feature(
        "kinesis_streaming_destination.approximate_creation_date_time_precision",
        "UpdateKinesisStreamingDestination",
        "UpdateKinesisStreamingConfiguration",
        "1.34.23",
    ),
    Feature("resource_policy", "PutResourcePolicy", "Policy", "1.34.67"),
    Feature("on_demand_throughput", "CreateTable", "OnDemandThroughput", "1.34.97"),
    Feature("warm_throughput", "CreateTable", "WarmThroughput", "1.35.60"),
    Feature("multi_region_consistency", "UpdateTable", "MultiRegionConsistency", "1.35.74"),
    Feature(
        "point_in_time_recovery.recovery_period_in_days",
        "UpdateContinuousBackups",
        "PointInTimeRecoverySpecification.RecoveryPeriodInDays",
        "1.35.93",
    ),
    Feature("witness_region", "UpdateTable", "GlobalTableWitnessUpdates", "1.39.0"),
    Feature("contributor_insights.mode", "UpdateContributorInsights", "ContributorInsightsMode", "1.40.0"),
    Feature("vector_indexes", "CreateTable", "VectorIndexes", "1.43.64"),
    Feature("search_vector", "SearchVectors", "SearchVector", "1.43.64"),
    Feature("disassociation_protection_enabled", "UpdateTable", "DisassociationProtectionEnabled", "1.43.116"),
)


def check(options: Mapping[str, Any], client: Client) -> None:
    """Raise Impossible for a declared option that the installed botocore cannot send."""
    for feature in FEATURES:
        if _is_declared(feature.option, options) and not _is_known(feature, client.meta.service_model):
            raise Impossible(
                f"{feature.option}: the installed botocore is too old for it; install {feature.version} or newer"
            )


def _is_declared(option: str, options: Mapping[str, Any]) -> bool:
    """Whether an option of the table or of one of its indexes is declared; dots lead into suboptions."""
    for _where, holder in of_table_and_indexes(options):
        value: Any = holder
        for name in option.split("."):
            value = (value or {}).get(name)
        if value is not None:
            return True
    return False


def _is_known(feature: Feature, model: Any) -> bool:
    if feature.call not in model.operation_names:
        return False
    shape = model.operation_model(feature.call).input_shape
    for member in feature.member.split("."):
        if member not in shape.members:
            return False
        shape = shape.members[member]
    return True

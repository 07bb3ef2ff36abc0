# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Between the options of a global table, AWS's descriptions, and its replicas as values.

No other table needs this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..plan import Impossible
from . import shared_options
from .finding import asked
from .table import (
    EVENTUAL,
    STANDARD,
    STRONG,
    OnDemandThroughput,
    Replica,
    Table,
    Throughput,
    key_of_ones_own,
    own_units,
)


def desire(
    options: Mapping[str, Any],
    observed: Table | None,
    resolve_key: shared_options.ResolveKey,
    throughput: Throughput | None,
    maximum: OnDemandThroughput,
) -> tuple[Replica, ...]:
    """The declared replicas laid over the observed ones; without ``purge_replicas`` the others stay.

    ``throughput`` and ``maximum`` are the desired ones of the table.
    """

    def fitting(replica: Replica) -> Replica:
        """The replica once the table has these units: equal units are then no longer its own."""
        return replace(
            replica,
            read_capacity=own_units(replica.read_capacity, throughput.read) if throughput else None,
            max_read_request_units=None if throughput else own_units(replica.max_read_request_units, maximum.read),
        )

    before = {replica.region_name: fitting(replica) for replica in observed.replicas} if observed else {}
    if options.get("replicas") is None:
        return tuple(before.values())
    _refuse_no_stream(options)
    for each in options["replicas"]:
        _refuse_units_of_another_mode(each, throughput)
        _refuse_another_kind_of_key(each, options, observed)
        _refuse_failed(observed.replica(each["region_name"]) if observed else None)
    declared = {
        each["region_name"]: fitting(_declared(each, before.get(each["region_name"]), resolve_key))
        for each in options["replicas"]
    }
    staying = {
        region: declared.get(region, each)
        for region, each in before.items()
        if region in declared or not options.get("purge_replicas")
    }
    return tuple({**staying, **declared}.values())


def consistency(options: Mapping[str, Any], observed: Table | None, replicas: tuple[Replica, ...]) -> str:
    """The consistency over regions; a table whose last replica goes is in one region again."""
    declared = options.get("multi_region_consistency")
    if declared:
        return str(declared)
    return observed.multi_region_consistency if observed and replicas else EVENTUAL


def witness(options: Mapping[str, Any], observed: Table | None, replicas: tuple[Replica, ...]) -> str | None:
    """The region of the witness, which goes with the last replica."""
    declared = options.get("witness_region")
    if declared:
        return str(declared)
    return observed.witness_region if observed and replicas else None


def from_table(table: Table) -> dict[str, Any]:
    """The options of a global table."""
    described: dict[str, Any] = {"replicas": [_replica_options(replica) for replica in table.replicas]}
    if table.multi_region_consistency != EVENTUAL:
        described["multi_region_consistency"] = table.multi_region_consistency
    if table.witness_region:
        described["witness_region"] = table.witness_region
    return described


def from_api(described: Mapping[str, Any], throughput: Throughput | None, maximum: OnDemandThroughput) -> Replica:
    """A replica as AWS describes it, of a table with this throughput and this maximum.

    Its class is absent if it was always STANDARD, as with a table (rule class-absent-is-standard). Units that equal
    the table's are none of its own (rule replica-units-of-the-table-are-none).
    """
    capacity = (described.get("ProvisionedThroughputOverride") or {}).get("ReadCapacityUnits")
    most = (described.get("OnDemandThroughputOverride") or {}).get("MaxReadRequestUnits")
    return Replica(
        region_name=described["RegionName"],
        kms_master_key=described.get("KMSMasterKeyId"),
        table_class=(described.get("ReplicaTableClassSummary") or {}).get("TableClass") or STANDARD,
        read_capacity=own_units(capacity, throughput.read) if throughput else None,
        max_read_request_units=None if throughput else own_units(most, maximum.read),
        arn=described.get("ReplicaArn", ""),
        status=described.get("ReplicaStatus", ""),
        reason=described.get("ReplicaStatusDescription", ""),
    )


def _declared(holder: Mapping[str, Any], observed: Replica | None, resolve_key: shared_options.ResolveKey) -> Replica:
    key = key_of_ones_own(holder.get("kms_master_key_id"))

    def of(option: str) -> Any:
        declared = holder.get(option)
        return declared if declared is not None else getattr(observed, option, None)

    return Replica(
        region_name=holder["region_name"],
        kms_master_key=resolve_key(key, holder["region_name"]) if key else getattr(observed, "kms_master_key", None),
        table_class=of("table_class"),
        read_capacity=of("read_capacity"),
        max_read_request_units=of("max_read_request_units"),
        deletion_protection_enabled=of("deletion_protection_enabled"),
        point_in_time_recovery=_part("point_in_time_recovery", holder, observed),
        tags=_tags(holder, observed),
        arn=observed.arn if observed else "",
        declared=frozenset(option for option, value in holder.items() if value is not None),
        status=observed.status if observed else "",
        reason=observed.reason if observed else "",
    )


def _refuse_failed(observed: Replica | None) -> None:
    """Refuse a replica that AWS could not make (rule a-failed-replica-is-no-replica)."""
    if observed and observed.status == "CREATION_FAILED":
        reason = observed.reason or "without a reason"
        raise Impossible(
            f"replicas[{observed.region_name}]: AWS could not make it ({reason}); first remove it with "
            "purge_replicas: true, and then declare it again"
        )


def _refuse_no_stream(options: Mapping[str, Any]) -> None:
    """DynamoDB begins the stream of a global table itself (rule replicas-freeze-the-stream)."""
    stream = options.get("stream_specification")
    strong = options.get("multi_region_consistency") == STRONG
    if options["replicas"] and stream and not stream["stream_enabled"] and not strong:
        raise Impossible("stream_specification.stream_enabled: a table with replicas has a stream; remove it")


def _refuse_units_of_another_mode(holder: Mapping[str, Any], throughput: Throughput | None) -> None:
    """Refuse units that the billing mode does not know (rule replica-units-fit-the-mode)."""
    option = "max_read_request_units" if throughput else "read_capacity"
    if holder.get(option) is not None:
        mode = (
            "a table with provisioned capacity has no maximum on demand"
            if throughput
            else ("an on-demand table has no provisioned capacity")
        )
        raise Impossible(f"replicas[{holder['region_name']}].{option}: {mode}; remove it")


def _refuse_another_kind_of_key(holder: Mapping[str, Any], options: Mapping[str, Any], observed: Table | None) -> None:
    """All members of a global table have keys of one's own, or none has (rule replicas-share-the-kind-of-key)."""
    where = f"replicas[{holder['region_name']}].kms_master_key_id"
    declared = options.get("sse_specification")
    if declared is None:  # an observed key may be AWS's or one's own: their ARNs look alike
        own = bool(observed and observed.encryption.key)
    else:
        own = declared["enabled"] and key_of_ones_own(declared.get("kms_master_key_id")) is not None
    key = key_of_ones_own(holder.get("kms_master_key_id"))
    if key and not own:
        raise Impossible(
            f"{where}: the table is not encrypted with a key of your own; remove it, or declare "
            "sse_specification.kms_master_key_id"
        )
    is_new = observed is None or observed.replica(holder["region_name"]) is None
    if declared and own and is_new and not key:
        raise Impossible(
            f"{where}: the table is encrypted with a key of your own, so that a replica needs one of its region; "
            "declare it"
        )


def _part(option: str, holder: Mapping[str, Any], observed: Replica | None) -> Any:
    before = getattr(observed, option, None)
    return before if holder.get(option) is None else asked(option).desire(holder, before)


def _tags(holder: Mapping[str, Any], observed: Replica | None) -> Mapping[str, str] | None:
    before = observed.tags if observed else None
    if holder.get("tags") is None:
        return before
    from .parts import tags

    return tags.desire(holder, before, f"replicas[{holder['region_name']}].")


def _replica_options(replica: Replica) -> dict[str, Any]:
    parts = {
        "region_name": replica.region_name,
        "kms_master_key_id": replica.kms_master_key,
        "table_class": None if replica.table_class == STANDARD else replica.table_class,
        "read_capacity": replica.read_capacity,
        "max_read_request_units": replica.max_read_request_units,
        "deletion_protection_enabled": replica.deletion_protection_enabled,
        "tags": None if replica.tags is None else dict(replica.tags),
    }
    described = {option: value for option, value in parts.items() if value is not None}
    recovery = replica.point_in_time_recovery
    if recovery is not None:
        described["point_in_time_recovery"] = asked("point_in_time_recovery").to_options(recovery)
    return described

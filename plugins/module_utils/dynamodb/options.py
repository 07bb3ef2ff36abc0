# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Between the module's options and a table as a value.

An option left out leaves that part of the table alone: absent is never empty (rule absent-is-not-empty).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from .. import tags
from ..plan import Impossible
from . import index_options, replica_options
from . import shared_options as common
from .table import (
    MANAGED_KEY,
    MILLISECOND,
    NO_MAXIMUM,
    NO_STREAM,
    ON_DEMAND,
    OWNED_KEY,
    PROVISIONED,
    Encryption,
    KeySchema,
    KinesisDestination,
    Origin,
    PointInTimeRecovery,
    Stream,
    Table,
    Throughput,
    TimeToLive,
    key_of_ones_own,
)

# What DescribeTable does not answer, so that reading it takes a call more: each is also an option's name.
CONCERNS = (
    "tags",
    "time_to_live",
    "point_in_time_recovery",
    "contributor_insights",
    "resource_policy",
    "kinesis_streaming_destination",
)


def declared_concerns(options: Mapping[str, Any]) -> frozenset[str]:
    """The parts of the table, beyond DescribeTable's, that the options say something of."""
    if options["state"] == "absent":
        return frozenset()
    holders = (options, *(options.get("indexes") or []))
    return frozenset(concern for concern in CONCERNS if any(holder.get(concern) is not None for holder in holders))


def declares_warmth(options: Mapping[str, Any]) -> bool:
    """Whether the options say something of the warm throughput of the table or of an index."""
    return any(holder.get("warm_throughput") for holder in (options, *(options.get("indexes") or [])))


def desire(
    options: Mapping[str, Any],
    observed: Table | None,
    resolve_key: common.ResolveKey = common.key_as_given,
    origin: Origin | None = None,
) -> Table | None:
    """The table that is wanted; ``None`` where none is."""
    return None if options["state"] == "absent" else lay_over(options, observed, resolve_key, origin)


def lay_over(
    options: Mapping[str, Any],
    observed: Table | None,
    resolve_key: common.ResolveKey = common.key_as_given,
    origin: Origin | None = None,
) -> Table:
    """The options laid over the table that is there.

    ``resolve_key`` gives the ARN of a KMS key, whatever it is called by (rule keys-are-told-by-arn). ``origin`` is
    where a table that is not there comes from.
    """
    there = observed or (origin.table if origin else None)
    types = common.key_types(options, there)
    keys = _keys(options, there, types)
    mode = _billing_mode(options, there)
    throughput = _throughput(options, there, mode)
    maximum = common.on_demand_throughput(options, there.on_demand_throughput if there else NO_MAXIMUM, mode, "")
    replicas = replica_options.desire(options, there, resolve_key, throughput, maximum)
    return Table(
        name=options["name"],
        key_schema=keys,
        indexes=index_options.desire(options, there, keys, types, mode),
        billing_mode=mode,
        throughput=throughput,
        table_class=_first(options.get("table_class"), there and there.table_class, Table.table_class),
        deletion_protection_enabled=_first(
            options.get("deletion_protection_enabled"), there and there.deletion_protection_enabled, False
        ),
        tags=_tags(options, there),
        time_to_live=_time_to_live(options, there),
        point_in_time_recovery=_point_in_time_recovery(options, there),
        stream=_stream(options, there),
        encryption=_encryption(options, there, resolve_key),
        on_demand_throughput=maximum,
        warm_throughput=common.warm_throughput(options, there.warm_throughput if there else None, throughput),
        contributor_insights=common.contributor_insights(options, there.contributor_insights if there else None),
        resource_policy=_resource_policy(options, there),
        kinesis_destinations=_kinesis_destinations(options, there),
        replicas=replicas,
        multi_region_consistency=replica_options.consistency(options, there, replicas),
        witness_region=replica_options.witness(options, there, replicas),
        origin=None if observed else origin,
        live=observed.live if observed else None,
    )


def from_table(table: Table | None) -> dict[str, Any]:
    """A table in option names, so that it can be shown, compared and declared again."""
    if table is None:
        return {}
    indexes = sorted(table.indexes, key=lambda index: index.name)
    return {
        "name": table.name,
        **common.key_options(table.key_schema),
        "billing_mode": table.billing_mode,
        **common.throughput_options(table.throughput),
        **common.on_demand_options(table.on_demand_throughput),
        **common.warm_options(table.warm_throughput, table.throughput),
        "indexes": [index_options.from_index(index) for index in indexes],
        "table_class": table.table_class,
        "deletion_protection_enabled": table.deletion_protection_enabled,
        "stream_specification": _stream_options(table.stream),
        "sse_specification": _encryption_options(table.encryption),
        **_where_known("tags", table.tags, dict),
        **_where_known("time_to_live", table.time_to_live, _time_to_live_options),
        **_where_known("point_in_time_recovery", table.point_in_time_recovery, common.recovery_options),
        **common.insights_options(table.contributor_insights),
        **_where_known("resource_policy", table.resource_policy, dict),
        **_where_known("kinesis_streaming_destination", table.kinesis_destinations, _kinesis_options),
        **replica_options.from_table(table),
    }


def _first(*choices: Any) -> Any:
    return next((choice for choice in choices if choice is not None), None)


def _where_known(option: str, value: Any, describe: Callable[[Any], Any]) -> dict[str, Any]:
    return {} if value is None else {option: describe(value)}


def _keys(options: Mapping[str, Any], there: Table | None, types: Mapping[str, str]) -> KeySchema:
    keys = common.keys(options, there.key_schema if there else KeySchema(()), types)
    if not keys.hash:
        raise Impossible(
            f"hash_key_name: table {options['name']} does not exist, and a new table needs a partition key"
        )
    return keys


def _billing_mode(options: Mapping[str, Any], there: Table | None) -> str:
    """A new table is on-demand, unless capacities are declared for it."""
    declared = options.get("billing_mode")
    if declared:
        return str(declared)
    if there:
        return there.billing_mode
    return PROVISIONED if options.get("read_capacity") or options.get("write_capacity") else ON_DEMAND


def _throughput(options: Mapping[str, Any], there: Table | None, mode: str) -> Throughput | None:
    live = there.throughput if there else Throughput(1, 1)
    if there and live and mode == PROVISIONED and options.get("ignore_capacity"):
        return live
    capacity = common.throughput(options, live, mode, "")
    if mode == PROVISIONED and capacity is None:
        raise Impossible(
            "read_capacity, write_capacity: both must be declared when an on-demand table becomes PROVISIONED, "
            "so that nobody's traffic is throttled by a default"
        )
    return capacity


def _tags(options: Mapping[str, Any], there: Table | None) -> Mapping[str, str] | None:
    if options.get("tags") is None:
        return there.tags if there else None
    live = (there.tags if there else None) or {}
    return tags.over(live, tags.from_option(options["tags"]), options["purge_tags"])


def _time_to_live(options: Mapping[str, Any], there: Table | None) -> TimeToLive | None:
    declared = options.get("time_to_live")
    live = there.time_to_live if there else None
    if declared is None:
        return live
    if not declared["enabled"]:
        return TimeToLive(False)
    return TimeToLive(True, declared.get("attribute_name") or (live.attribute_name if live else None))


def _time_to_live_options(value: TimeToLive) -> dict[str, Any]:
    attribute = {"attribute_name": value.attribute_name} if value.attribute_name is not None else {}
    return {"enabled": value.enabled, **attribute}


def _point_in_time_recovery(options: Mapping[str, Any], there: Table | None) -> PointInTimeRecovery | None:
    return common.recovery(options.get("point_in_time_recovery"), there.point_in_time_recovery if there else None)


def _stream(options: Mapping[str, Any], there: Table | None) -> Stream:
    declared = options.get("stream_specification")
    live = there.stream if there else NO_STREAM
    if declared is None:
        return live
    return Stream(True, declared.get("stream_view_type") or live.view_type) if declared["stream_enabled"] else NO_STREAM


def _stream_options(stream: Stream) -> dict[str, Any]:
    view = {"stream_view_type": stream.view_type} if stream.view_type else {}
    return {"stream_enabled": stream.enabled, **view}


def _encryption(options: Mapping[str, Any], there: Table | None, resolve_key: common.ResolveKey) -> Encryption:
    """Aliases, key ids and ARNs are compared as what comes back: the key's ARN.

    Rules encryption-absent-is-owned and keys-are-told-by-arn.
    """
    declared = options.get("sse_specification")
    live = there.encryption if there else OWNED_KEY
    if declared is None:
        return live
    if not declared["enabled"]:
        return OWNED_KEY
    wanted = key_of_ones_own(declared.get("kms_master_key_id"))
    if wanted is None:
        return (
            live if live.key and live.key in (MANAGED_KEY, resolve_key(MANAGED_KEY, None)) else Encryption(MANAGED_KEY)
        )
    return Encryption(resolve_key(wanted, None))


def _encryption_options(encryption: Encryption) -> dict[str, Any]:
    if encryption.key is None:
        return {"enabled": False}
    return {"enabled": True, **({} if encryption.key == MANAGED_KEY else {"kms_master_key_id": encryption.key})}


def _resource_policy(options: Mapping[str, Any], there: Table | None) -> Mapping[str, Any] | None:
    """The declared policy, unless the live one means the same (rule a-policy-is-equal-by-meaning)."""
    declared = options.get("resource_policy")
    live = there.resource_policy if there else None
    if declared is None:
        return live

    from ..iam import policy_document

    wanted: Mapping[str, Any] = policy_document.from_option(declared)
    if live and wanted and policy_document.fulfils(live, wanted):
        return live
    # What is left out reads back as this, and yet is another policy to AWS (rule a-policy-says-its-version).
    return {"Version": policy_document.DEFAULT_VERSION, **wanted} if wanted else wanted


def _kinesis_destinations(options: Mapping[str, Any], there: Table | None) -> frozenset[KinesisDestination] | None:
    """The declared destination, in place of any other: a table has one (rule one-kinesis-destination)."""
    declared = options.get("kinesis_streaming_destination")
    live = (there.kinesis_destinations if there else None) or frozenset()
    if declared is None:
        return there.kinesis_destinations if there else None
    arn = declared.get("stream_arn")
    if not declared["enabled"]:
        return frozenset(each for each in live if arn and each.stream_arn != arn)
    same = next((each for each in live if each.stream_arn == arn), None)
    precision = declared.get("approximate_creation_date_time_precision") or (same.precision if same else MILLISECOND)
    return frozenset({KinesisDestination(arn, precision)})


def _kinesis_options(destinations: frozenset[KinesisDestination]) -> dict[str, Any]:
    for each in sorted(destinations, key=lambda destination: destination.stream_arn):
        precision = {"approximate_creation_date_time_precision": each.precision}
        return {"enabled": True, "stream_arn": each.stream_arn, **precision}
    return {"enabled": False}

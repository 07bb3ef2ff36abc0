# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What DynamoDB accepts of a table's options, whatever table is there now.

Each rule yields the sentences it has against a declaration; the first one is told. Sources: the API
reference (CreateTable, GlobalSecondaryIndex, Projection) and the quotas page of the developer guide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..plan import Impossible, Plan
from .table import PROVISIONED, UNWELL, Table

NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
LONGEST_RECOVERY = 35
LARGEST_CAPACITY = 2**63 - 1
LARGEST_POLICY = 20 * 1024


def check_options(options: Mapping[str, Any]) -> None:
    """Raise Impossible for what is wrong in the options alone, before anything is read."""
    for rule in (_names, _capacities, _maximums, _warmth, _index_names, _key_schemas, _time_to_live, _recovery):
        for sentence in rule(options):
            raise Impossible(sentence)
    for rule in (_encryption, _insights, _policy, _kinesis, _replica_names, _replica_units, _backup_name):
        for sentence in rule(options):
            raise Impossible(sentence)


def check_region(options: Mapping[str, Any], own: str) -> None:
    """Raise Impossible where a replica, or the witness, is declared in the table's own region."""
    if options.get("witness_region") == own:  # rule a-witness-stands-apart
        raise Impossible(f"witness_region: the table itself is in {own}; give another region")
    if any(replica["region_name"] == own for replica in options.get("replicas") or []):
        raise Impossible(f"replicas[{own}].region_name: the table itself is there; remove it")


def warnings(table: Table, plan: Plan) -> list[str]:
    """What is possible, and yet may not be meant; and what is wrong with the table already."""
    told = _unwell(table)
    replicated = any("Create" in update for step in plan for update in step.arguments.get("ReplicaUpdates", ()))
    if replicated and table.billing_mode == PROVISIONED:  # rule replicas-need-write-scaling
        told.append(
            f"replicas: {table.name} is PROVISIONED, and AWS replicates it only where Application Auto Scaling scales "
            "the writes of the table and of each index"
        )
    # rule insights-show-keys
    watched = any(step.call == "UpdateContributorInsights" for step in plan)
    if watched and table.encryption.key:
        told.append(f"contributor_insights: the keys of {table.name} are shown in plain text, although it is encrypted")
    return told


def _unwell(table: Table) -> list[str]:
    """Rule unwell-is-settled."""
    members = [(f"table {table.name}", table.live.status, "")] if table.live else []
    members += [(f"the replica in {each.region_name}", each.status, each.reason) for each in table.replicas]
    return [
        f"{member} is {status}: {UNWELL[status]}" + (f" ({reason})" if reason else "")
        for member, status, reason in members
        if status in UNWELL
    ]


def _holders(options: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The options of the table and of each index, with where they stand."""
    yield "", options
    for index in options.get("indexes") or []:
        yield f"indexes[{index['name']}].", index


def _names(options: Mapping[str, Any]) -> Iterator[str]:
    names = {"name": options["name"]}
    names.update((f"indexes[{index['name']}].name", index["name"]) for index in options.get("indexes") or [])
    for option, name in names.items():
        if not NAME.fullmatch(name):
            yield f"{option}: '{name}' is not a name that DynamoDB takes; use 3 to 255 of a-z, A-Z, 0-9, '_', '-', '.'"


def _capacities(options: Mapping[str, Any]) -> Iterator[str]:
    for where, holder in _holders(options):
        for option in ("read_capacity", "write_capacity"):
            units = holder.get(option)
            if units is not None and not 0 <= units <= LARGEST_CAPACITY:
                yield f"{where}{option}: {units} is not a capacity; give 1 or more units, or leave it out"


def _maximums(options: Mapping[str, Any]) -> Iterator[str]:
    """Zero is out of range (rule maximum-cleared-by-minus-one)."""
    for where, holder in _holders(options):
        for option, units in (holder.get("on_demand_throughput") or {}).items():
            if units is not None and units != -1 and not 1 <= units <= LARGEST_CAPACITY:
                yield f"{where}on_demand_throughput.{option}: {units} is no maximum; give 1 or more, or -1 for none"


def _warmth(options: Mapping[str, Any]) -> Iterator[str]:
    for where, holder in _holders(options):
        for option, units in (holder.get("warm_throughput") or {}).items():
            if units is not None and not 1 <= units <= LARGEST_CAPACITY:
                yield f"{where}warm_throughput.{option}: {units} is no throughput; give 1 or more units a second"


def _index_names(options: Mapping[str, Any]) -> Iterator[str]:
    names: list[str] = [index["name"] for index in options.get("indexes") or []]
    for name in names:
        if names.count(name) > 1:
            yield f"indexes: {name} is declared {names.count(name)} times; give every index a name of its own"


def _key_schemas(options: Mapping[str, Any]) -> Iterator[str]:
    """Keys of several attributes stand in an order (rule hash-before-range)."""
    for index in options.get("indexes") or []:
        where = f"indexes[{index['name']}].key_schema"
        if index.get("key_schema") is None:
            continue
        if index.get("hash_key_name") or index.get("range_key_name"):
            yield f"{where}: it says all of the keys; remove hash_key_name and range_key_name"
        roles = [element["key_type"] for element in index["key_schema"]]
        if roles != sorted(roles):
            yield f"{where}: every HASH element stands before the first RANGE element; reorder them"
        if "HASH" not in roles:
            yield f"{where}: an index needs a partition key; declare at least one element with key_type: HASH"


def _time_to_live(options: Mapping[str, Any]) -> Iterator[str]:
    declared = options.get("time_to_live") or {}
    attribute = declared.get("attribute_name")
    if attribute is not None and not 1 <= len(attribute.encode()) <= 255:
        yield "time_to_live.attribute_name: give a name of 1 to 255 bytes"


def _recovery(options: Mapping[str, Any]) -> Iterator[str]:
    """A period goes with recovery that is on (rule recovery-keeps-its-period)."""
    declared = options.get("point_in_time_recovery") or {}
    days = declared.get("recovery_period_in_days")
    if days is not None and not 1 <= days <= LONGEST_RECOVERY:
        yield f"point_in_time_recovery.recovery_period_in_days: {days} is no period; give 1 to {LONGEST_RECOVERY} days"
    if days is not None and not declared["enabled"]:
        yield "point_in_time_recovery.recovery_period_in_days: recovery that is off has no period; remove it"


def _encryption(options: Mapping[str, Any]) -> Iterator[str]:
    declared = options.get("sse_specification") or {}
    if declared.get("kms_master_key_id") is not None and not declared["enabled"]:
        yield "sse_specification.kms_master_key_id: a key that AWS owns has no name; remove it, or set enabled: true"


def _insights(options: Mapping[str, Any]) -> Iterator[str]:
    """A mode goes with insights that are on (rule insights-off-have-no-mode)."""
    for where, holder in _holders(options):
        declared = holder.get("contributor_insights") or {}
        if declared.get("mode") is not None and not declared["enabled"]:
            yield f"{where}contributor_insights.mode: insights that are off have no mode; remove it"


def _policy(options: Mapping[str, Any]) -> Iterator[str]:
    """Rule a-policy-has-a-size: 20 KB, white space counted."""
    policy = options.get("resource_policy")
    if policy and "Statement" not in policy:
        yield "resource_policy: a policy needs a Statement; declare one, or {} for no policy"
    if policy and len(json.dumps(policy).encode()) > LARGEST_POLICY:
        yield f"resource_policy: it is larger than {LARGEST_POLICY} bytes; shorten it"


def _kinesis(options: Mapping[str, Any]) -> Iterator[str]:
    declared = options.get("kinesis_streaming_destination") or {}
    if declared.get("enabled") and not declared.get("stream_arn"):
        yield "kinesis_streaming_destination.stream_arn: name the Kinesis data stream that changes go to"


def _replica_names(options: Mapping[str, Any]) -> Iterator[str]:
    regions = [replica["region_name"] for replica in options.get("replicas") or []]
    for region in regions:
        if regions.count(region) > 1:
            yield f"replicas: {region} is declared {regions.count(region)} times; a region has one replica"


def _replica_units(options: Mapping[str, Any]) -> Iterator[str]:
    """The units of the table take a replica's own away (rule replica-units-of-the-table-are-none)."""
    for replica in options.get("replicas") or []:
        for option in ("read_capacity", "max_read_request_units"):
            units = replica.get(option)
            if units is not None and not 1 <= units <= LARGEST_CAPACITY:
                where = f"replicas[{replica['region_name']}].{option}"
                yield f"{where}: {units} is out of range; give 1 or more units, or leave it out"


def _backup_name(options: Mapping[str, Any]) -> Iterator[str]:
    name = options.get("final_backup_name")
    if name is not None and not NAME.fullmatch(name):
        yield f"final_backup_name: '{name}' is not a name for a backup; use 3 to 255 of a-z, A-Z, 0-9, '_', '-', '.'"

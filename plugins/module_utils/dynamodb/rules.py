# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Rules for a table's options, whatever table exists.

Each rule yields a sentence for each fault of a declaration; a task is refused with the first one. Sources: the API
reference (CreateTable, GlobalSecondaryIndex, Projection) and the quotas page of the developer guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Callable

from .. import waits
from ..plan import Impossible, Plan, refuse
from .argument_spec import ORIGINS
from .finding import ASKED, asked
from .holders import of_replicas, of_table_and_indexes
from .names import FORM, LARGEST_CAPACITY, NAME, STREAM_ARN, misnamed, misnamed_attribute
from .parts import (
    deletion_protection_enabled,
    disassociation_protection_enabled,
    sse_specification,
    stream_specification,
    table_class,
)
from .table import MANAGED_KEY, PROVISIONED, STRONG, UNWELL, Table

# The regions that were seen to take none.
WITHOUT_STRONG_CONSISTENCY = ("us-west-1",)
KEY_OPTIONS = ("hash_key_name", "hash_key_type", "range_key_name", "range_key_type")


def check_options(options: Mapping[str, Any]) -> None:
    """Raise Impossible for faults of the options alone, before anything is read."""
    refuse(sentence for rule in RULES for sentence in rule(options))
    if options.get("resource_policy"):
        from .. import policy_document

        policy_document.check_resource_policy(options["resource_policy"], "resource_policy")


def check_region(options: Mapping[str, Any], own: str) -> None:
    """Raise Impossible for a replica or witness in the table's own region, and a Kinesis stream in another region."""
    if any(replica["region_name"] == own for replica in options.get("replicas") or []):
        raise Impossible(f"replicas[{own}].region_name: the table itself is there; remove it")
    if options.get("witness_region") == own:  # rule a-witness-stands-apart
        raise Impossible(f"witness_region: the table itself is in {own}; choose another region")
    refuse(_strong_where_there_is_none(options, own))
    stream = re.fullmatch(STREAM_ARN, (options.get("kinesis_streaming_destination") or {}).get("stream_arn") or "")
    if stream and stream.group(1) != own:
        raise Impossible(
            f"kinesis_streaming_destination.stream_arn: the stream is in {stream.group(1)}, and the table in {own}; "
            "give a stream of the table's region"
        )


def _strong_where_there_is_none(options: Mapping[str, Any], own: str) -> Iterator[str]:
    """Strong consistency in a region that has none (rule strong-consistency-leaves-regions-out)."""
    if options.get("multi_region_consistency") != STRONG:
        return
    if own in WITHOUT_STRONG_CONSISTENCY:
        yield f"multi_region_consistency: AWS has no strong consistency in {own}, where the table is; leave it out"
    for replica in options.get("replicas") or []:
        region = replica["region_name"]
        if region in WITHOUT_STRONG_CONSISTENCY:
            yield f"replicas[{region}].region_name: AWS has no strong consistency there; choose another region"
    if options.get("witness_region") in WITHOUT_STRONG_CONSISTENCY:
        yield (f"witness_region: AWS has no strong consistency in {options['witness_region']}; choose another region")


def warnings(table: Table, plan: Plan) -> list[str]:
    """Warnings about steps that may be unintended, and about faults that the table already has."""
    found = _unwell(table)
    updates = [update for step in plan for update in step.arguments.get("ReplicaUpdates", ())]
    replicated = [update["Create"] for update in updates if "Create" in update]
    if table.encryption.key not in (None, MANAGED_KEY):  # rule replicas-share-the-kind-of-key
        found += [
            f"replicas[{replica['RegionName']}].kms_master_key_id: {table.name} is encrypted with "
            f"{table.encryption.key}; if that is a key of your own, AWS makes no replica without one of its region"
            for replica in replicated
            if "KMSMasterKeyId" not in replica
        ]
    if replicated and table.billing_mode == PROVISIONED:  # rule replicas-need-write-scaling
        found.append(
            f"replicas: {table.name} is PROVISIONED, and AWS replicates it only where Application Auto Scaling scales "
            "the writes of the table and of each index"
        )
    # rule insights-show-keys
    watched = any(step.call == "UpdateContributorInsights" for step in plan)
    if watched and table.encryption.key:
        found.append(
            f"contributor_insights: the keys of {table.name} are shown in plain text, although it is encrypted"
        )
    return found


def _unwell(table: Table) -> list[str]:
    """Warnings about statuses that last until somebody acts (rule unwell-is-settled)."""
    members = [(f"table {table.name}", table.live.status, "")] if table.live else []
    members += [(f"the replica in {each.region_name}", each.status, each.reason) for each in table.replicas]
    return [
        f"{member} is {status}: {UNWELL[status]}" + (f" ({reason})" if reason else "")
        for member, status, reason in members
        if status in UNWELL
    ]


def _names(options: Mapping[str, Any]) -> Iterator[str]:
    yield from misnamed("name", options["name"])
    for index in options.get("indexes") or []:
        yield from misnamed(f"indexes[{index['name']}].name", index["name"])
    if options.get("restore_from_table"):
        from . import origin_rules

        yield from origin_rules.source_name(options["restore_from_table"])


def _attributes(options: Mapping[str, Any]) -> Iterator[str]:
    for where, holder in of_table_and_indexes(options):
        for option in ("hash_key_name", "range_key_name"):
            if holder.get(option) is not None:
                yield from misnamed_attribute(f"{where}{option}", holder[option])
        for element in holder.get("key_schema") or []:
            yield from misnamed_attribute(f"{where}key_schema", element["attribute_name"])
        for name in holder.get("includes") or []:
            yield from misnamed_attribute(f"{where}includes", name)


def _capacities(options: Mapping[str, Any]) -> Iterator[str]:
    for where, holder in of_table_and_indexes(options):
        for option in ("read_capacity", "write_capacity"):
            units = holder.get(option)
            if units is not None and not 0 <= units <= LARGEST_CAPACITY:
                yield f"{where}{option}: {units} is not a capacity; give 1 or more units, or leave it out"


def _maximums(options: Mapping[str, Any]) -> Iterator[str]:
    """Maximums out of range, such as zero (rule maximum-cleared-by-minus-one)."""
    for where, holder in of_table_and_indexes(options):
        for option, units in (holder.get("on_demand_throughput") or {}).items():
            if units is not None and units != -1 and not 1 <= units <= LARGEST_CAPACITY:
                yield f"{where}on_demand_throughput.{option}: {units} is no maximum; give 1 or more, or -1 for none"


def _warmth(options: Mapping[str, Any]) -> Iterator[str]:
    for where, holder in of_table_and_indexes(options):
        for option, units in (holder.get("warm_throughput") or {}).items():
            if units is not None and not 1 <= units <= LARGEST_CAPACITY:
                yield f"{where}warm_throughput.{option}: {units} is no throughput; give 1 or more units a second"


def _index_names(options: Mapping[str, Any]) -> Iterator[str]:
    names: list[str] = [index["name"] for index in options.get("indexes") or []]
    for name in names:
        if names.count(name) > 1:
            yield f"indexes: {name} is declared {names.count(name)} times; give every index a name of its own"


def _key_schemas(options: Mapping[str, Any]) -> Iterator[str]:
    """Key schemas that are wrong: for instance in their order (rule hash-before-range)."""
    for index in options.get("indexes") or []:
        where = f"indexes[{index['name']}].key_schema"
        if index.get("key_schema") is None:
            continue
        beside = [option for option in KEY_OPTIONS if index.get(option)]
        if beside:
            yield f"{where}: it says all of the keys; remove {' and '.join(beside)}"
        names = [element["attribute_name"] for element in index["key_schema"]]
        for name in names:
            if names.count(name) > 1:
                yield f"{where}: {name} is in it {names.count(name)} times; name every attribute once"
        roles = [element["key_type"] for element in index["key_schema"]]
        if roles != sorted(roles):
            yield f"{where}: every HASH element stands before the first RANGE element; reorder them"
        if "HASH" not in roles:
            yield f"{where}: an index needs a partition key; declare at least one element with key_type: HASH"


def _parts(options: Mapping[str, Any]) -> Iterator[str]:
    """The faults that each part finds in its options."""
    declaring = [holder for _where, holder in (*of_table_and_indexes(options), *of_replicas(options))]
    for option in ASKED:
        if any(holder.get(option) is not None for holder in declaring):
            yield from asked(option).mistakes(options)
    for part in (
        stream_specification,
        sse_specification,
        table_class,
        deletion_protection_enabled,
        disassociation_protection_enabled,
    ):
        yield from part.mistakes(options)


def _backup_name(options: Mapping[str, Any]) -> Iterator[str]:
    name = options.get("final_backup_name")
    if name is not None and not re.fullmatch(NAME, name):
        yield f"final_backup_name: '{name}' is not a name for a backup; {FORM}"
    if name is not None and options["state"] != "absent":
        yield "final_backup_name: only a table that is deleted is backed up so; remove it, or declare state: absent"


def _vector_indexes(options: Mapping[str, Any]) -> Iterator[str]:
    """Faults of the vector indexes, if any are declared."""
    if options.get("vector_indexes"):
        from . import vector_rules

        yield from vector_rules.mistakes(options)


def _regions(options: Mapping[str, Any]) -> Iterator[str]:
    """Faults of the replicas and the witness, if any are declared."""
    if options.get("replicas") or options.get("witness_region") is not None:
        from . import region_rules

        yield from region_rules.mistakes(options)


def _origins(options: Mapping[str, Any]) -> Iterator[str]:
    """Faults of what a new table is made from, if that is declared."""
    if any(options.get(option) for option in ORIGINS):
        from . import origin_rules

        yield from origin_rules.mistakes(options)


RULES: tuple[Callable[[Mapping[str, Any]], Iterator[str]], ...] = (
    _names,
    _attributes,
    _capacities,
    _maximums,
    _warmth,
    _index_names,
    _key_schemas,
    _vector_indexes,
    _parts,
    _regions,
    _backup_name,
    _origins,
    waits.out_of_range,
)

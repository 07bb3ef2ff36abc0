# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What DynamoDB accepts of a table's options, whatever table exists.

Each rule yields a sentence for each fault of a declaration; a task is refused with the first one. Sources: the API
reference (CreateTable, GlobalSecondaryIndex, Projection) and the quotas page of the developer guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Callable

from .. import waits
from ..plan import Impossible, Plan, refuse
from .finding import ASKED, asked
from .holders import of_replicas, of_table_and_indexes
from .names import (
    ACCOUNT,
    BACKUP_ARN,
    BUCKET,
    FORM,
    NAME,
    REGION,
    STREAM_ARN,
    TABLE_ARN,
    misnamed,
    misnamed_attribute,
)
from .parts import (
    deletion_protection_enabled,
    disassociation_protection_enabled,
    sse_specification,
    stream_specification,
    table_class,
)
from .table import PROVISIONED, UNWELL, Table

LARGEST_CAPACITY = 2**63 - 1
KEY_OPTIONS = ("hash_key_name", "hash_key_type", "range_key_name", "range_key_type")
DELIMITERS = (",", ";", ":", "|", "\t", " ")
LONGEST_PREFIX = 1024
COLUMNS = 255


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
    stream = STREAM_ARN.fullmatch((options.get("kinesis_streaming_destination") or {}).get("stream_arn") or "")
    if stream and stream.group(1) != own:
        raise Impossible(
            f"kinesis_streaming_destination.stream_arn: the stream is in {stream.group(1)}, and the table in {own}; "
            "give a stream of the table's region"
        )


def warnings(table: Table, plan: Plan) -> list[str]:
    """Warnings about steps that may be unintended, and about faults that the table already has."""
    found = _unwell(table)
    replicated = any("Create" in update for step in plan for update in step.arguments.get("ReplicaUpdates", ()))
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
    source = (options.get("restore_from_table") or {}).get("table_name")
    if source is not None and TABLE_ARN.fullmatch(source):
        name = source.rpartition("/")[2]
        yield (
            f"restore_from_table.table_name: it is the name of a table in the same account and region; give {name} "
            "in place of the ARN, or a backup of a table elsewhere as restore_from_backup"
        )
    elif source is not None:
        yield from misnamed("restore_from_table.table_name", source)


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


def _regions(options: Mapping[str, Any]) -> Iterator[str]:
    regions = [replica["region_name"] for replica in options.get("replicas") or []]
    witness = options.get("witness_region")
    named = [(f"replicas[{region}].region_name", region) for region in regions]
    for option, region in (*named, *([] if witness is None else [("witness_region", witness)])):
        if not REGION.fullmatch(region):
            yield f"{option}: '{region}' is not a region; give one such as eu-west-1"
    for region in regions:
        if regions.count(region) > 1:
            yield f"replicas: {region} is declared {regions.count(region)} times; a region has one replica"
    if witness in regions:
        yield f"witness_region: {witness} has a replica; choose another region, since a witness is in one of its own"


def _replica_units(options: Mapping[str, Any]) -> Iterator[str]:
    """Units of replicas that are out of range (rule replica-units-of-the-table-are-none)."""
    for replica in options.get("replicas") or []:
        for option in ("read_capacity", "max_read_request_units"):
            units = replica.get(option)
            if units is not None and not 1 <= units <= LARGEST_CAPACITY:
                where = f"replicas[{replica['region_name']}].{option}"
                yield f"{where}: {units} is out of range; give 1 or more units, or leave it out"


def _backup_name(options: Mapping[str, Any]) -> Iterator[str]:
    name = options.get("final_backup_name")
    if name is not None and not NAME.fullmatch(name):
        yield f"final_backup_name: '{name}' is not a name for a backup; {FORM}"
    if name is not None and options["state"] != "absent":
        yield "final_backup_name: only a table that is deleted is backed up so; remove it, or declare state: absent"


def _backup(options: Mapping[str, Any]) -> Iterator[str]:
    source = options.get("restore_from_backup")
    if source and not BACKUP_ARN.fullmatch(source["backup_arn"]):
        yield (
            f"restore_from_backup.backup_arn: '{source['backup_arn']}' is not the ARN of a backup; give one such as "
            "arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/01489602797149-73d8d5bc"
        )


def _moment(options: Mapping[str, Any]) -> Iterator[str]:
    """A time without a digit, even if the table exists and nothing is restored; a restore checks the rest."""
    time = (options.get("restore_from_table") or {}).get("restore_date_time")
    if time is not None and not any(sign.isdigit() for sign in time):
        option = "restore_from_table.restore_date_time"
        yield f"{option}: '{time}' is not a time; give one such as 2026-11-01T12:00:00Z, or leave it out"


def _files(options: Mapping[str, Any]) -> Iterator[str]:
    source = options.get("import_from_s3") or {}
    where, bucket, owner = "import_from_s3.", source.get("s3_bucket"), source.get("s3_bucket_owner")
    if bucket is not None and not BUCKET.fullmatch(bucket):
        yield f"{where}s3_bucket: '{bucket}' is not a bucket's name; use 3 to 63 of a-z, 0-9, '-', '.'"
    if owner is not None and not ACCOUNT.fullmatch(owner):
        yield f"{where}s3_bucket_owner: '{owner}' is not an account; give its 12 digits, in quotes"
    if len((source.get("s3_key_prefix") or "").encode()) > LONGEST_PREFIX:
        yield f"{where}s3_key_prefix: it is longer than {LONGEST_PREFIX} bytes; shorten it"
    for option in ("csv_delimiter", "csv_header_list"):
        if source.get(option) is not None and source["input_format"] != "CSV":
            yield f"{where}{option}: only CSV files have it; remove it, or declare input_format: CSV"
    if source.get("csv_delimiter") not in (None, *DELIMITERS):
        yield f"{where}csv_delimiter: '{source['csv_delimiter']}' is none; give one of , ; : | a tab or a space"
    columns = source.get("csv_header_list")
    if columns is not None and (not 1 <= len(columns) <= COLUMNS or "" in columns):
        yield f"{where}csv_header_list: give 1 to {COLUMNS} names, none of them empty, or leave it out"


def _vector_indexes(options: Mapping[str, Any]) -> Iterator[str]:
    """Faults of the vector indexes, if any are declared."""
    if options.get("vector_indexes"):
        from . import vector_rules

        yield from vector_rules.mistakes(options)


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
    _replica_units,
    _backup_name,
    _backup,
    _moment,
    _files,
    waits.out_of_range,
)

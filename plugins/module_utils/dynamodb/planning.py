# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The steps from the table that is there to the table that is wanted, in an order that AWS accepts.

Pure: no Ansible, no AWS. What DynamoDB cannot do is refused here, before any call that writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .. import tags
from ..plan import Impossible, Plan, Step
from . import requests
from .rules import check_table
from .table import ON_DEMAND, PROVISIONED, Index, KeySchema, PointInTimeRecovery, Table, Throughput, TimeToLive


def plan(desired: Table | None, observed: Table | None) -> Plan:
    """Every step that turns ``observed`` into ``desired``; none where they agree.

    Raises Impossible, naming the option and the remedy, for what DynamoDB cannot do.
    """
    if desired is None:
        return tuple(_delete(observed)) if observed else ()
    check_table(desired)
    return tuple(_update(desired, observed) if observed else _create(desired))


def _create(desired: Table) -> Iterator[Step]:
    """CreateTable, and after it whatever it could not carry."""
    sentence = f"create table {desired.name} with {', '.join(_traits(desired))}"
    yield Step("CreateTable", requests.create_table(desired), sentence, lengthy=True)
    created = replace(
        desired,
        time_to_live=desired.time_to_live and TimeToLive(False),
        point_in_time_recovery=desired.point_in_time_recovery and PointInTimeRecovery(False),
    )
    yield from _update(desired, created)


def _update(desired: Table, observed: Table) -> Iterator[Step]:
    """The order of dynamodb-rules: what must travel alone travels alone, and the slow steps come late."""
    _refuse_changed_keys(desired, observed)
    _refuse_changed_indexes(desired, observed)
    yield from _tags(desired, observed)
    yield from _protect(desired, observed)
    # Deletions free index slots, and spare a switch to PROVISIONED the capacity of an index about to go (lesson 22).
    yield from _delete_indexes(desired, observed)
    yield from _table_class(desired, observed)
    yield from _settings(desired, observed)
    yield from _create_indexes(desired, observed)
    # Recovery that was just enabled refuses a change of time to live for a while (lesson 66).
    yield from _time_to_live(desired, observed)
    yield from _point_in_time_recovery(desired, observed)


def _delete(observed: Table) -> Iterator[Step]:
    """Lesson 79."""
    if observed.deletion_protection_enabled:
        raise Impossible(
            f"state: table {observed.name} is protected against deletion; first run with state: present and "
            "deletion_protection_enabled: false"
        )
    items = observed.live.description.get("ItemCount") if observed.live else None
    held = f" and the {items} items counted in it" if items else ""
    yield Step("DeleteTable", {"TableName": observed.name}, f"delete table {observed.name}{held}", lengthy=True)


def _refuse_changed_keys(desired: Table, observed: Table) -> None:
    for role, wanted, live in (
        ("hash", desired.key_schema.hash, observed.key_schema.hash),
        ("range", desired.key_schema.range, observed.key_schema.range),
    ):
        if wanted != live:
            option = f"{role}_key_type" if _names(wanted) == _names(live) else f"{role}_key_name"
            raise Impossible(
                f"{option}: table {observed.name} has {_keys(observed.key_schema)}, and DynamoDB cannot change the "
                "keys of a table; declare these, or a table under another name"
            )


def _refuse_changed_indexes(desired: Table, observed: Table) -> None:
    for index in observed.local_indexes:
        if desired.index(index.name) is None:
            raise Impossible(
                f"indexes[{index.name}]: a local index lives as long as its table; declare it, or set "
                "purge_indexes: false"
            )
    for index in desired.indexes:
        live = observed.index(index.name)
        if live is None and index in desired.local_indexes:
            raise Impossible(
                f"indexes[{index.name}].type: a local index can only be made together with its table; "
                "choose a global type"
            )
        if live is not None and replace(index, throughput=live.throughput) != live:
            option, had, wants = _difference(index, live)
            raise Impossible(
                f"indexes[{index.name}].{option}: the index has {had}, {wants} was declared, and DynamoDB cannot "
                "change that; declare the new one under another name, and remove this one with purge_indexes: true "
                "once nobody queries it"
            )


def _tags(desired: Table, observed: Table) -> Iterator[Step]:
    """Changed tags are overwritten, never removed in between (lesson 69)."""
    wanted, live = desired.tags, observed.tags
    if wanted is None or live is None:
        return
    arn = observed.live.arn if observed.live else ""
    changed = {key: value for key, value in wanted.items() if live.get(key) != value}
    gone = [key for key in live if key not in wanted]
    if changed:
        told = ", ".join(f"{key}={value}" for key, value in changed.items())
        yield Step(
            "TagResource", {"ResourceArn": arn, "Tags": tags.to_api(changed)}, f"tag {observed.name} with {told}"
        )
    if gone:
        arguments = {"ResourceArn": arn, "TagKeys": gone}
        yield Step("UntagResource", arguments, f"remove from {observed.name} the tags {', '.join(gone)}")


def _protect(desired: Table, observed: Table) -> Iterator[Step]:
    """Protection comes first; taking it away can wait for the other settings."""
    if desired.deletion_protection_enabled and not observed.deletion_protection_enabled:
        sentence = f"protect table {observed.name} against deletion"
        yield _update_table(observed, {"DeletionProtectionEnabled": True}, sentence)


def _delete_indexes(desired: Table, observed: Table) -> Iterator[Step]:
    """One in a call (lesson 19)."""
    for index in observed.global_indexes:
        if desired.index(index.name) is None:
            change = {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": index.name}}]}
            yield _update_table(observed, change, f"delete global index {index.name} of {observed.name}")


def _table_class(desired: Table, observed: Table) -> Iterator[Step]:
    """It must be the only operation in its call (lesson 45)."""
    if desired.table_class != observed.table_class:
        change = {"TableClass": desired.table_class}
        yield _update_table(observed, change, f"move table {observed.name} to the table class {desired.table_class}")


def _settings(desired: Table, observed: Table) -> Iterator[Step]:
    """What may share one call: billing, capacities of table and indexes, protection taken away."""
    change: dict[str, Any] = {}
    told: list[str] = []
    if desired.billing_mode != observed.billing_mode:
        change["BillingMode"] = desired.billing_mode
        told.append(f"bill table {observed.name} {_mode(desired.billing_mode)}")
    if desired.throughput and desired.throughput != observed.throughput:
        change["ProvisionedThroughput"] = requests.throughput(desired.throughput)
        told.append(f"provision table {observed.name} with {_units(desired.throughput)}")
    resized = [index for index in desired.global_indexes if _is_resized(index, observed)]
    if resized:
        change["GlobalSecondaryIndexUpdates"] = [_resize(index) for index in resized]
        told.extend(f"provision index {index.name} with {_units(index.throughput)}" for index in resized)
    if observed.deletion_protection_enabled and not desired.deletion_protection_enabled:
        change["DeletionProtectionEnabled"] = False
        told.append(f"no longer protect table {observed.name} against deletion")
    if change:
        yield _update_table(observed, change, ", ".join(told))


def _create_indexes(desired: Table, observed: Table) -> Iterator[Step]:
    """One in a call, with the attributes of all keys there are by then (lesson 29)."""
    present = replace(observed, indexes=tuple(index for index in observed.indexes if desired.index(index.name)))
    for index in desired.global_indexes:
        if observed.index(index.name) is None:
            present = replace(present, indexes=(*present.indexes, index))
            change = {
                "AttributeDefinitions": requests.attribute_definitions(present.attributes),
                "GlobalSecondaryIndexUpdates": [{"Create": requests.index(index)}],
            }
            yield _update_table(observed, change, f"create global index {_index(index)} on {observed.name}")


def _time_to_live(desired: Table, observed: Table) -> Iterator[Step]:
    wanted, live = desired.time_to_live, observed.time_to_live
    if wanted is None or live is None or wanted == live:
        return
    if wanted.enabled and not wanted.attribute_name:
        raise Impossible("time_to_live.attribute_name: name the attribute that holds the time of expiry")
    if wanted.enabled and live.enabled:
        raise Impossible(
            f"time_to_live.attribute_name: items of {observed.name} expire by {live.attribute_name}, and DynamoDB "
            f"cannot change that in one run; first run with time_to_live.enabled: false, and an hour later with "
            f"{wanted.attribute_name}"
        )
    attribute = wanted.attribute_name if wanted.enabled else live.attribute_name
    specification = {"Enabled": wanted.enabled, "AttributeName": attribute}
    verb = "expire items" if wanted.enabled else "no longer expire items"
    yield Step(
        "UpdateTimeToLive",
        {"TableName": observed.name, "TimeToLiveSpecification": specification},
        f"{verb} of {observed.name} by {attribute}",
    )


def _point_in_time_recovery(desired: Table, observed: Table) -> Iterator[Step]:
    wanted, live = desired.point_in_time_recovery, observed.point_in_time_recovery
    if wanted is None or live is None or wanted == live:
        return
    specification = {"PointInTimeRecoveryEnabled": wanted.enabled}
    yield Step(
        "UpdateContinuousBackups",
        {"TableName": observed.name, "PointInTimeRecoverySpecification": specification},
        f"{'keep' if wanted.enabled else 'no longer keep'} {observed.name} recoverable to any point in time",
    )


def _update_table(observed: Table, change: Mapping[str, Any], sentence: str) -> Step:
    return Step("UpdateTable", {"TableName": observed.name, **change}, sentence, lengthy=True)


def _is_resized(index: Index, observed: Table) -> bool:
    live = observed.index(index.name)
    return live is not None and index.throughput is not None and index.throughput != live.throughput


def _resize(index: Index) -> dict[str, Any]:
    assert index.throughput is not None
    return {"Update": {"IndexName": index.name, "ProvisionedThroughput": requests.throughput(index.throughput)}}


def _difference(wanted: Index, live: Index) -> Any:
    """The option that differs, and what it was and is to be."""
    if wanted.scope != live.scope:
        return "type", f"scope {live.scope}", wanted.scope
    if wanted.projection.type != live.projection.type:
        return "type", f"projection {live.projection.type}", wanted.projection.type
    if wanted.projection != live.projection:
        return "includes", _projection(live), _projection(wanted)
    if wanted.key_schema.hash != live.key_schema.hash:
        return "hash_key_name", _keys(live.key_schema), _keys(wanted.key_schema)
    return "range_key_name", _keys(live.key_schema), _keys(wanted.key_schema)


def _traits(table: Table) -> Iterator[str]:
    yield _keys(table.key_schema)
    yield _mode(table.billing_mode)
    if table.throughput:
        yield _units(table.throughput)
    for index in table.indexes:
        yield f"{index.scope} index {_index(index)}"
    if table.table_class != Table.table_class:
        yield f"table class {table.table_class}"
    if table.deletion_protection_enabled:
        yield "protected against deletion"
    if table.tags:
        yield "tags " + " ".join(f"{key}={value}" for key, value in table.tags.items())


def _index(index: Index) -> str:
    capacity = f", {_units(index.throughput)}" if index.throughput else ""
    return f"{index.name} [{_keys(index.key_schema)}, {_projection(index)}{capacity}]"


def _keys(schema: KeySchema) -> str:
    def spelt(attributes: Any) -> str:
        return " + ".join(f"{attribute.name} ({attribute.type})" for attribute in attributes)

    return f"hash key {spelt(schema.hash)}" + (f", range key {spelt(schema.range)}" if schema.range else "")


def _projection(index: Index) -> str:
    included = ", ".join(sorted(index.projection.non_key_attributes))
    return f"projection {index.projection.type}" + (f" of {included}" if included else "")


def _mode(billing_mode: str) -> str:
    return {ON_DEMAND: "on demand", PROVISIONED: "by provisioned capacity"}[billing_mode]


def _units(throughput: Throughput | None) -> str:
    return f"{throughput.read} read and {throughput.write} write units" if throughput else "no capacity"


def _names(attributes: Any) -> list[str]:
    return [attribute.name for attribute in attributes]

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The steps from the table that is there to the table that is wanted, in an order that AWS accepts.

Pure: no Ansible, no AWS. What DynamoDB cannot do is refused here, before any call that writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .. import tags
from ..plan import Impossible, Plan, Step
from . import index_planning, replica_planning, replica_rules, requests, wording
from .quotas import refuse_decrease_over_quota
from .table import (
    MILLISECOND,
    NO_STREAM,
    ON_DEMAND,
    Attribute,
    ContributorInsights,
    KinesisDestination,
    Origin,
    PointInTimeRecovery,
    Table,
    TimeToLive,
    warm_anyway,
    warmest,
)
from .table_rules import check_table


def plan(
    desired: Table | None, observed: Table | None, recreate_indexes: bool = False, final_backup_name: str | None = None
) -> Plan:
    """Every step that turns ``observed`` into ``desired``; none where they agree.

    Raises Impossible, naming the option and the remedy, for what DynamoDB cannot do.
    """
    if desired is None:
        return tuple(_delete(observed, final_backup_name)) if observed else ()
    check_table(desired, observed)
    if observed:
        return tuple(_update(desired, observed, recreate_indexes))
    return tuple(_restore(desired, desired.origin) if desired.origin else _create(desired))


def _create(desired: Table) -> Iterator[Step]:
    """CreateTable, and after it whatever it could not carry."""
    sentence = f"create table {desired.name} with {wording.table(desired)}"
    yield Step("dynamodb", "CreateTable", requests.create_table(desired), sentence, lengthy=True)
    created = replace(
        desired,
        time_to_live=desired.time_to_live and TimeToLive(False),
        point_in_time_recovery=desired.point_in_time_recovery and PointInTimeRecovery(False),
        contributor_insights=desired.contributor_insights and ContributorInsights(False),
        kinesis_destinations=desired.kinesis_destinations and frozenset(),
        indexes=tuple(
            index._replace(contributor_insights=index.contributor_insights and ContributorInsights(False))
            for index in desired.indexes
        ),
        replicas=(),
        multi_region_consistency=Table.multi_region_consistency,
        witness_region=None,
    )
    yield from _update(desired, created, recreate_indexes=False)


def _restore(desired: Table, origin: Origin) -> Iterator[Step]:
    """A table from elsewhere, and after it whatever did not come along (rule restored-tables-start-bare)."""
    yield Step("dynamodb", origin.call, origin.arguments, origin.sentence, lengthy=True)
    yield from _update(desired, origin.table, recreate_indexes=False)


def _update(desired: Table, observed: Table, recreate_indexes: bool) -> Iterator[Step]:
    """The order of dynamodb-rules: what must travel alone travels alone, and the slow steps come late."""
    _refuse_changed_keys(desired, observed)
    index_planning.refuse(desired, observed, recreate_indexes)
    replica_rules.refuse(desired, observed)
    yield from _tags(desired, observed)
    yield from _resource_policy(desired, observed)
    yield from _protect(desired, observed)
    yield from replica_planning.delete(desired, observed)
    # Deletions free index slots, and spare a switch to PROVISIONED the capacity of an index about to go
    # (rule deletions-come-first).
    yield from index_planning.delete(desired, observed)
    yield from _table_class(desired, observed)
    yield from _stream(desired, observed)
    yield from _settings(desired, observed)
    yield from index_planning.maximums(desired, observed)
    yield from _unprotect(desired, observed)
    yield from index_planning.warm(desired, observed)
    yield from _warm(desired, observed)
    yield from index_planning.create(desired, observed)
    yield from _encryption(desired, observed)
    # Recovery that was just enabled refuses a change of time to live for a while (rule expiry-before-recovery).
    yield from _time_to_live(desired, observed)
    yield from _point_in_time_recovery(desired, observed)
    yield from _contributor_insights(desired, observed)
    yield from _kinesis_destinations(desired, observed)
    yield from replica_planning.replicas(desired, observed)


def _delete(observed: Table, final_backup_name: str | None) -> Iterator[Step]:
    """A last backup, then the table, unless something keeps it.

    Rules a-table-with-replicas-stays and a-protected-table-stays.
    """
    if observed.deletion_protection_enabled:
        raise Impossible(
            f"state: table {observed.name} is protected against deletion; first run with state: present and "
            "deletion_protection_enabled: false"
        )
    if observed.replicas:
        regions = ", ".join(replica.region_name for replica in observed.replicas)
        raise Impossible(
            f"state: table {observed.name} has replicas in {regions}; first run with state: present, replicas: [] and "
            "purge_replicas: true"
        )
    if final_backup_name:
        arguments = {"TableName": observed.name, "BackupName": final_backup_name}
        sentence = f"back up table {observed.name} as {final_backup_name}"
        yield Step("dynamodb", "CreateBackup", arguments, sentence, lengthy=True, once=True)
    items = observed.live.description.get("ItemCount") if observed.live else None
    held = f" and the {items} items counted in it" if items else ""
    yield Step(
        "dynamodb", "DeleteTable", {"TableName": observed.name}, f"delete table {observed.name}{held}", lengthy=True
    )


def _refuse_changed_keys(desired: Table, observed: Table) -> None:
    for role, wanted, live in (
        ("hash", desired.key_schema.hash, observed.key_schema.hash),
        ("range", desired.key_schema.range, observed.key_schema.range),
    ):
        if wanted != live:
            option = f"{role}_key_type" if _names(wanted) == _names(live) else f"{role}_key_name"
            raise Impossible(
                f"{option}: table {observed.name} has {wording.keys(observed.key_schema)}, and DynamoDB cannot change "
                "the keys of a table; declare these, or a table under another name"
            )


def _tags(desired: Table, observed: Table) -> Iterator[Step]:
    yield from tags.steps(observed.arn, observed.name, desired.tags, observed.tags)


def _resource_policy(desired: Table, observed: Table) -> Iterator[Step]:
    """Put, or removed, where it means something else (rule a-policy-is-equal-by-meaning)."""
    wanted, live = desired.resource_policy, observed.resource_policy
    if wanted is None or live is None or wanted == live:
        return
    if not wanted:
        sentence = f"remove the resource policy of {observed.name}"
        yield Step("dynamodb", "DeleteResourcePolicy", {"ResourceArn": observed.arn}, sentence)
        return

    from ..iam import policy_document

    changes = "; ".join(policy_document.differences(live, wanted)) if live else "there was none"
    arguments = {"ResourceArn": observed.arn, "Policy": json.dumps(wanted)}
    yield Step("dynamodb", "PutResourcePolicy", arguments, f"put the resource policy of {observed.name} ({changes})")


def _protect(desired: Table, observed: Table) -> Iterator[Step]:
    """Protection comes first, alone in its call (rule protection-travels-alone); taking it away can wait."""
    if desired.deletion_protection_enabled and not observed.deletion_protection_enabled:
        sentence = f"protect table {observed.name} against deletion"
        yield _update_table(observed, {"DeletionProtectionEnabled": True}, sentence)


def _table_class(desired: Table, observed: Table) -> Iterator[Step]:
    """It must be the only operation in its call (rule class-travels-alone)."""
    if desired.table_class != observed.table_class:
        change = {"TableClass": desired.table_class}
        yield _update_table(observed, change, f"move table {observed.name} to the table class {desired.table_class}")


def _stream(desired: Table, observed: Table) -> Iterator[Step]:
    """Apart from capacities, which DynamoDB Local does not take in the same call.

    Another view is another stream: the old one ends before the new one begins (rule another-view-is-another-stream).
    """
    if desired.stream == observed.stream:
        return
    if observed.stream.enabled:
        sentence = f"end the stream of {observed.name}"
        if desired.stream.enabled:
            sentence = (
                f"end the stream of {observed.stream.view_type} of {observed.name}: its consumers have to move to the "
                "ARN of the next one"
            )
        yield _update_table(observed, {"StreamSpecification": requests.stream(NO_STREAM)}, sentence)
    if desired.stream.enabled:
        sentence = f"begin a stream of {desired.stream.view_type} of {observed.name}"
        yield _update_table(observed, {"StreamSpecification": requests.stream(desired.stream)}, sentence)


def _settings(desired: Table, observed: Table) -> Iterator[Step]:
    """What may share a call: billing with capacities of table and indexes, or with the maximum of the table.

    Rules billing-carries-capacities, maximum-travels-with-billing.
    """
    change: dict[str, Any] = {}
    told: list[str] = []
    name = f"table {observed.name}"
    if desired.billing_mode != observed.billing_mode:
        change["BillingMode"] = desired.billing_mode
        told.append(f"bill {name} {wording.mode(desired.billing_mode)}")
    if desired.throughput and desired.throughput != observed.throughput:
        refuse_decrease_over_quota(desired.throughput, observed.throughput, observed.live, "")
        change["ProvisionedThroughput"] = requests.throughput(desired.throughput)
        told.append(f"provision {name} with {wording.units(desired.throughput)}")
    updates, sentences = index_planning.capacities(desired, observed)
    if updates:
        change["GlobalSecondaryIndexUpdates"] = updates
        told.extend(sentences)
    wanted, there = desired.on_demand_throughput, observed.on_demand_throughput
    if desired.billing_mode == ON_DEMAND and wanted != there:  # the switch to PROVISIONED drops it
        change["OnDemandThroughput"] = requests.on_demand_throughput(wanted, there)
        told.append(f"give {name} {wording.maximum(wanted)}")
    if change:
        yield _update_table(observed, change, ", ".join(told))


def _unprotect(desired: Table, observed: Table) -> Iterator[Step]:
    """Alone in its call (rule protection-travels-alone)."""
    if observed.deletion_protection_enabled and not desired.deletion_protection_enabled:
        sentence = f"no longer protect table {observed.name} against deletion"
        yield _update_table(observed, {"DeletionProtectionEnabled": False}, sentence)


def _warm(desired: Table, observed: Table) -> Iterator[Step]:
    """Alone in its call; while one raise is under way, another would be told from old values.

    Rules warm-throughput-travels-alone, warm-throughput-settles-late.
    """
    wanted, there = desired.warm_throughput, warmest(warm_anyway(desired.throughput), observed.warm_throughput)
    more = requests.warm_throughput(wanted, there) if wanted else {}
    if more and wanted and "" not in observed.warming:
        sentence = f"warm table {observed.name} for {wording.warmth(wanted)}"
        yield _update_table(observed, {"WarmThroughput": more}, sentence)


def _encryption(desired: Table, observed: Table) -> Iterator[Step]:
    """Alone in its call (rule encryption-travels-alone).

    With replicas only AWS's keys change so, and in all regions; those of one's own change elsewhere.
    """
    if replica_rules.staying(desired, observed) and replica_rules.has_key_of_ones_own(desired):
        yield from replica_planning.keys(desired, observed)
    elif desired.encryption != observed.encryption:
        change = {"SSESpecification": requests.encryption(desired.encryption)}
        sentence = f"encrypt table {observed.name} with {wording.encryption(desired.encryption)}"
        yield _update_table(observed, change, sentence)


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
        "dynamodb",
        "UpdateTimeToLive",
        {"TableName": observed.name, "TimeToLiveSpecification": specification},
        f"{verb} of {observed.name} by {attribute}",
    )


def _point_in_time_recovery(desired: Table, observed: Table) -> Iterator[Step]:
    wanted, live = desired.point_in_time_recovery, observed.point_in_time_recovery
    if wanted is None or live is None or wanted == live:
        return
    yield requests.recovery_step(observed.name, wanted)


def _contributor_insights(desired: Table, observed: Table) -> Iterator[Step]:
    """For the table and each index, after the index exists; those of one that is recreated end with it.

    Rule insights-need-rest.
    """
    yield from _insights(desired.name, None, desired.contributor_insights, observed.contributor_insights)
    for index in desired.global_indexes:
        there = observed.index(index.name)
        stays = there is not None and index_planning.same_shape(index, there)
        live = there.contributor_insights if there and stays else ContributorInsights(False)
        yield from _insights(desired.name, index.name, index.contributor_insights, live)


def _insights(
    name: str, index: str | None, wanted: ContributorInsights | None, live: ContributorInsights | None
) -> Iterator[Step]:
    if wanted is None or live is None or wanted == live:
        return
    arguments: dict[str, Any] = {"TableName": name, "ContributorInsightsAction": "DISABLE"}
    of, sentence = f"index {index} of {name}" if index else f"table {name}", "no longer watch the keys of"
    if index:
        arguments["IndexName"] = index
    if wanted.enabled:
        mode = {"ContributorInsightsMode": wanted.mode} if wanted.mode else {}
        arguments = {**arguments, "ContributorInsightsAction": "ENABLE", **mode}
        sentence = {"THROTTLED_KEYS": "watch the throttled keys of"}.get(wanted.mode or "", "watch the keys of")
    yield Step("dynamodb", "UpdateContributorInsights", arguments, f"{sentence} {of}")


def _kinesis_destinations(desired: Table, observed: Table) -> Iterator[Step]:
    """Another stream takes the place of the live one; another precision is an update, so that nothing is lost.

    Rule one-kinesis-destination.
    """
    wanted, live = desired.kinesis_destinations, observed.kinesis_destinations
    if wanted is None or live is None:
        return
    there = {each.stream_arn: each for each in live}
    staying = {each.stream_arn for each in wanted}
    new = sorted(staying - there.keys())
    loss = f", but to {', '.join(new)}: changes in between are lost" if new else ""
    for arn in sorted(there.keys() - staying):
        yield _kinesis("Disable", observed.name, KinesisDestination(arn), "no longer send changes of", loss)
    for each in sorted(wanted - live, key=lambda destination: destination.stream_arn):
        if each.stream_arn in there:
            yield _kinesis("Update", observed.name, each, "change the precision of what is sent of")
        else:
            yield _kinesis("Enable", observed.name, each, "send changes of")


def _kinesis(verb: str, name: str, destination: KinesisDestination, told: str, loss: str = "") -> Step:
    """Milliseconds are the default, which a botocore that knows of no other need not send."""
    arguments: dict[str, Any] = {"TableName": name, "StreamArn": destination.stream_arn}
    sentence = f"{told} {name} to {destination.stream_arn}{loss}"
    if verb == "Update" or (verb == "Enable" and destination.precision != MILLISECOND):
        configuration = {"ApproximateCreationDateTimePrecision": destination.precision}
        arguments[f"{verb}KinesisStreamingConfiguration"] = configuration
        sentence += f", in {destination.precision.lower()}s"
    return Step("dynamodb", f"{verb}KinesisStreamingDestination", arguments, sentence, lengthy=True)


def _update_table(observed: Table, change: Mapping[str, Any], sentence: str) -> Step:
    return Step("dynamodb", "UpdateTable", {"TableName": observed.name, **change}, sentence, lengthy=True)


def _names(attributes: tuple[Attribute, ...]) -> list[str]:
    return [attribute.name for attribute in attributes]

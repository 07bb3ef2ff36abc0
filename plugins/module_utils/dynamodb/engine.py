# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Brings one table to what is declared: the engine of dynamodb_table, and of each table of dynamodb_tables."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..connection import ComparedInPart, Connect, Unread, where
from ..plan import Plan, Step, account_of
from ..reconcile import Outcome, reconcile
from ..resource import Course, Resource
from . import facts, features, index_options, options, reading, replica_options, rules, service
from .argument_spec import ORIGINS
from .reading import Asked
from .shared_options import ResolveKey
from .table import Origin, Table


def run(parameters: Mapping[str, Any], connect: Connect, check_mode: bool) -> dict[str, Any]:
    """Bring the table to what ``parameters`` declare. Raises Impossible, CallFailed and Failed."""
    table = resource(parameters, connect, keys_of(connect))
    try:
        return result(parameters["name"], connect, reconcile(table, check_mode, parameters.get("approved_steps")))
    except Unread as unread:
        rest, names = options.without(parameters, unread.reads)
        not_read = {name: unread.reads[read].sentence for name, read in names.items()}
        raise ComparedInPart(unread, not_read, lambda: run(rest, connect, check_mode)) from unread


def keys_of(connect: Connect) -> ResolveKey:
    """The ARN of a KMS key by any of its names; each is asked for once."""
    own_region = connect("dynamodb").meta.region_name

    @functools.cache
    def resolve(key: str, region: str | None) -> str | None:
        from . import keys

        return keys.resolve(connect, key, region, own_region)

    return resolve


def resource(
    parameters: Mapping[str, Any], connect: Connect, resolve_key: ResolveKey, in_turn: bool = False
) -> Resource[Table]:
    """The table that ``parameters`` declare. Raises Impossible for what needs no look at it to be refused.

    ``in_turn``: its reads are made one after the other.
    """
    rules.check_options(parameters)
    client = connect("dynamodb")
    rules.check_region(parameters, client.meta.region_name)
    features.check(parameters, client)
    name = parameters["name"]
    asked = Asked(
        options.declared_parts(parameters),
        replica_options.regional_parts(parameters),
        replica_options.parts_of_others(parameters),
        options.declares_warmth(parameters),
        parameters["import_from_s3"] is not None and parameters["state"] == "present",
        in_turn,
    )
    origin_of = functools.lru_cache(maxsize=1)(lambda: _origin(connect, parameters, resolve_key))
    return Resource(
        title=f"table {name}",
        where=where(client),
        account=lambda table: account_of(table.arn),
        observe=lambda: service.observe(connect, name, asked),
        desire=lambda there: options.desire(parameters, there, resolve_key, None if there else origin_of()),
        plan=lambda desired, there: _plan(parameters, desired, there),
        perform=lambda step: _perform(connect, parameters, step),
        describe=options.from_table,
        settle=lambda step: _settle(connect, parameters, step, asked),
        warn=lambda table, plan: [
            *index_options.ignored(parameters, table.billing_mode),
            *rules.warnings(table, plan),
        ],
    )


def result(name: str, connect: Connect, outcome: Outcome) -> dict[str, Any]:
    """The result of a task: the table after a run, and the report."""
    after, report = outcome
    if after is None:
        return report
    if report["changed"] and after.tags is None:
        # Only then: AWS takes ten of these reads a second (rule tags-are-read-slowly).
        client = connect("dynamodb")
        tags, warnings = reading.tags_where_allowed(client, name, after.arn) if after.live else ({}, [])
        after = replace(after, tags=tags)
        if warnings:
            report["warnings"] = [*report.get("warnings", []), *warnings]
    report.update(facts.result(after))
    if after.live is not None:
        report.update(table=facts.facts(after, after.live), table_status=after.live.status)
    return report


# A module starts anew for each task, and most find nothing to change: what it takes to do so is imported from here on.


def _origin(connect: Connect, parameters: Mapping[str, Any], resolve_key: ResolveKey) -> Origin | None:
    if not any(parameters[option] for option in ORIGINS):
        return None
    from . import origin

    return origin.find(connect, parameters, resolve_key)


def _plan(parameters: Mapping[str, Any], desired: Table | None, there: Table | None) -> Plan:
    if desired == there:
        return ()
    from . import planning

    return planning.plan(desired, there, parameters["recreate_indexes"], parameters["final_backup_name"])


def _perform(connect: Connect, parameters: Mapping[str, Any], step: Step) -> None:
    from . import passing, performing

    performing.perform(connect, step, passing.Patience.declared(parameters))


def _settle(connect: Connect, parameters: Mapping[str, Any], after: Step | None, asked: Asked) -> Course[bool]:
    from . import passing, performing

    return performing.settle(connect, parameters["name"], after, passing.Patience.declared(parameters), asked)

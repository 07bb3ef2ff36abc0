# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The options of replicas: whether there are any, and the parts to read for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .table import Table

OF_A_GLOBAL_TABLE = ("replicas", "multi_region_consistency", "witness_region")
# What a replica may have of its own, until the table changes in this (rule table-resets-replicas).
RESET_BY_THE_TABLE = ("table_class", "read_capacity", "max_read_request_units")
# What of a replica only its own region answers, by the option that asks for it.
REGIONAL = ("deletion_protection_enabled", "point_in_time_recovery", "tags")


def regional_parts(options: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """By region, the parts of its replica that are declared and that only the region itself answers."""
    if options["state"] == "absent":
        return {}
    return {
        each["region_name"]: frozenset(part for part in REGIONAL if each.get(part) is not None)
        for each in options.get("replicas") or []
    }


def parts_of_others(options: Mapping[str, Any]) -> frozenset[str]:
    """The parts to read of replicas that are not declared: of replicas that go, whether they are protected."""
    going = options["state"] != "absent" and options.get("replicas") is not None and options.get("purge_replicas")
    return frozenset({"deletion_protection_enabled"}) if going else frozenset()


def are_of_a_global_table(options: Mapping[str, Any], observed: Table | None) -> bool:
    """Whether the options declare something of a global table, or the table has replicas."""
    declared = any(options.get(option) is not None for option in OF_A_GLOBAL_TABLE)
    return declared or bool(observed and observed.replicas)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Rules for the regions of replicas and of the witness, whatever table exists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .names import LARGEST_CAPACITY, REGION


def mistakes(options: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each fault of the declared replicas and of the witness."""
    yield from _regions(options)
    yield from _replica_units(options)


def _regions(options: Mapping[str, Any]) -> Iterator[str]:
    regions = [replica["region_name"] for replica in options.get("replicas") or []]
    witness = options.get("witness_region")
    named = [(f"replicas[{region}].region_name", region) for region in regions]
    for option, region in (*named, *([] if witness is None else [("witness_region", witness)])):
        if not re.fullmatch(REGION, region):
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

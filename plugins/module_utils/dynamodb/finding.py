# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Finds a part by its option. It is imported where a task declares it, so that a task pays for no other."""

from __future__ import annotations

from .part import AskedPart


def asked(option: str) -> AskedPart:
    """The part of this name, of those that take a call to be read."""
    found: AskedPart
    if option == "tags":
        from .parts import tags

        found = tags
    elif option == "time_to_live":
        from .parts import time_to_live

        found = time_to_live
    elif option == "point_in_time_recovery":
        from .parts import point_in_time_recovery

        found = point_in_time_recovery
    elif option == "contributor_insights":
        from .parts import contributor_insights

        found = contributor_insights
    elif option == "resource_policy":
        from .parts import resource_policy

        found = resource_policy
    else:
        from .parts import kinesis_streaming_destination

        found = kinesis_streaming_destination
    return found

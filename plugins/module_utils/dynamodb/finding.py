# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Which parts there are, and where to find each: a part is imported when a task declares it, so that no other costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .part import AskedPart

# The parts that DescribeTable answers.
DESCRIBED = (
    "table_class",
    "deletion_protection_enabled",
    "disassociation_protection_enabled",
    "stream_specification",
    "sse_specification",
)
# The parts that take a call each, in the order in which a task is refused for what is wrong in them.
ASKED = (
    "tags",
    "time_to_live",
    "point_in_time_recovery",
    "contributor_insights",
    "resource_policy",
    "kinesis_streaming_destination",
)


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

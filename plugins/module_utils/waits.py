# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""How long a task may declare to wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SHORTEST, LONGEST = 1, 365 * 24 * 3600  # seconds


def out_of_range(options: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each number of seconds that no task can wait."""
    for option in ("wait_timeout", "index_wait_timeout"):
        seconds = options.get(option)
        if seconds is not None and not SHORTEST <= seconds <= LONGEST:
            yield f"{option}: {seconds} is not a time to wait; give {SHORTEST} to {LONGEST} seconds"

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The clocks of the tests: one that stands in place of the module ``time``, and that of the gate."""

from __future__ import annotations

import json
import urllib.request


class Clock:
    """Time in seconds, which passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        """The time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


def later(url: str) -> float:
    """Let a month pass behind the gate, and every quota with it; the answer is the gate's time in seconds."""
    with urllib.request.urlopen(f"{url}/_gate/later", b"") as answer:
        return float(json.load(answer)["now"])

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pace at which AWS takes writes (rule mutations-are-throttled). Pure: the time is told by whoever asks."""

from __future__ import annotations

from tests.law.rules import Refusal, throttled
from tests.law.state import Call

AT_ONCE = 6  # of ten calls at once, four are throttled
COUNTED = ("CreateTable", "DeleteTable", "TagResource", "UntagResource")
WORDS = throttled("The rate of control plane requests made by this account is too high.")


class Pace:
    """So many writes a second in each region of an account, and a few more at once after a rest."""

    def __init__(self, a_second: float) -> None:
        self._a_second = a_second
        self._regions: dict[str, tuple[float, float]] = {}  # how many may be taken now, and when that was counted

    def refusal(self, call: Call, now: float) -> Refusal | None:
        """AWS's answer to a call that comes too soon; one that is taken counts."""
        if call.operation not in COUNTED:
            return None
        left, since = self._regions.get(call.region, (AT_ONCE, now))
        left = min(AT_ONCE, left + (now - since) * self._a_second)
        self._regions[call.region] = (left - 1 if left >= 1 else left, now)
        return None if left >= 1 else Refusal(*WORDS, "mutations-are-throttled")

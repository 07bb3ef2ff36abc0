# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When a long run tells how far it is, on a clock of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from plugins.module_utils.progress import Clock, Progress

STEP = 0.5  # seconds between two looks


@pytest.mark.parametrize(
    ("counts", "seconds", "told"),
    [
        pytest.param(lambda _now: 0, 4.5, [], id="nothing in the first seconds"),
        pytest.param(lambda now: now, 60, [5, 15, 25, 35, 45, 55], id="each change, ten seconds apart"),
        pytest.param(lambda _now: 0, 60, [5, 19, 33, 47], id="no change, and no long silence"),
        pytest.param(lambda now: now > 16.9, 30, [5, 17], id="a change as soon as ten seconds are over"),
        pytest.param(lambda now: now > 6.9, 16, [5, 15], id="a change before that then"),
    ],
)
def test_a_line_comes_where_something_changes_and_before_the_silence_is_long(
    counts: Callable[[float], float], seconds: float, told: list[float]
) -> None:
    words: list[str] = []
    clock = Clock(words.append, 0)
    now = 0.0
    while now <= seconds:
        clock.tell(now, lambda at=now: Progress(counts(at), f"{at:g}"))  # type: ignore[misc]
        now += STEP
    assert words == [f"{each:g}" for each in told]


def test_whoever_waits_for_events_wakes_for_the_next_line() -> None:
    clock = Clock(lambda _words: None, 0)
    assert clock.next(0) == 5
    clock.tell(5, lambda: Progress(1, ""))
    assert clock.next(6) == 15
    clock.tell(15, lambda: Progress(1, ""))
    assert clock.next(15) == 19

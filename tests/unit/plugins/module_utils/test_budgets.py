# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Paces and limits, on a clock of their own."""

from __future__ import annotations

from plugins.module_utils.budgets import FIRST_RATE, NEVER, SLOWER, Budget, Rate
from plugins.module_utils.dynamodb import limits
from plugins.module_utils.plan import Step

BARE = Step("dynamodb", "CreateTable", {"TableName": "a"}, "make a", lengthy=True)
INDEXED = Step("dynamodb", "CreateTable", {"GlobalSecondaryIndexes": [{}]}, "make b", lengthy=True)
RESTORED = Step("dynamodb", "RestoreTableFromBackup", {}, "restore c", lengthy=True)
IMPORTED = Step("dynamodb", "ImportTable", {}, "import d", lengthy=True)
BRIEF = Step("dynamodb", "TagResource", {}, "tag e")


def budget() -> Budget:
    found = Budget(limits.LIMITS, limits.load)
    found.rate.a_second = 10**9  # the limits alone
    return found


def admitted(step: Step) -> int:
    """How many of a step may go on at once."""
    found, number = budget(), 0
    while found.wait(step, float(number)) == 0 and number < 10_000:
        found.begin(step, float(number))
        number += 1
    return number


def test_as_many_go_on_at_once_as_aws_allows() -> None:
    """Rule so-many-tables-at-once."""
    found = [admitted(step) for step in (BARE, INDEXED, RESTORED, IMPORTED, BRIEF)]
    assert found == [500, 250, 50, 50, 10_000]


def test_one_more_begins_when_one_has_ended() -> None:
    found = budget()
    for _each in range(250):
        found.begin(INDEXED, 0)
    assert found.wait(INDEXED, 1000) == NEVER
    assert found.wait(BRIEF, 1000) == 0
    found.end(INDEXED)
    assert found.wait(INDEXED, 1000) == 0


def paced(rate: Rate, seconds: float) -> int:
    """How many writes begin in so many seconds."""
    now, number = 0.0, 0
    while now < seconds:
        rate.take(now)
        number += 1
        now = rate.free_at()
    return number


def test_the_pace_is_five_a_second_and_grows_as_long_as_aws_takes_all() -> None:
    """Rule mutations-are-throttled."""
    rate = Rate()
    assert paced(rate, 1) == FIRST_RATE + 1
    assert rate.a_second > FIRST_RATE
    assert paced(Rate(), 60) > 60 * FIRST_RATE * 1.2


def test_throttling_slows_the_pace_once_a_second() -> None:
    rate = Rate()
    rate.take(0)
    before = rate.a_second
    for _many in range(4):
        rate.throttled(0.5)
    slowed = rate.a_second
    assert slowed == before * SLOWER
    assert rate.free_at() > 1, "each of them is sent anew, and is a write too"
    rate.throttled(2)
    assert rate.a_second < slowed
    for second in range(3, 100):
        rate.throttled(second)
    assert rate.a_second > 0.1


def test_the_progress_of_a_fleet_is_one_line() -> None:
    index = Step("dynamodb", "UpdateTable", {"GlobalSecondaryIndexUpdates": [{"Create": {}}]}, "", lengthy=True)
    waiting = [limits.Waiting(BARE, 12)] * 9 + [limits.Waiting(index, 370)] * 4
    assert limits.progress(87, 100, 0, waiting) == (
        "87 of 100 done; 13 in transition: 9 being created, 4 building an index, longest 6 min 10 s of 8 to 17 min"
    )
    assert limits.progress(0, 100, 100, []) == "0 of 100 done; 100 wait for their turn"

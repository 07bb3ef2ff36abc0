# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Paces and limits, on a clock of their own."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from plugins.module_utils.budgets import FIRST_RATE, NEVER, SLOWER, Budget, Rate
from plugins.module_utils.dynamodb import limits
from plugins.module_utils.plan import Step

BARE = Step("dynamodb", "CreateTable", {"TableName": "a"}, "make a", lengthy=True)
INDEXED = Step("dynamodb", "CreateTable", {"GlobalSecondaryIndexes": [{}]}, "make b", lengthy=True)
RESTORED = Step("dynamodb", "RestoreTableFromBackup", {}, "restore c", lengthy=True)
IMPORTED = Step("dynamodb", "ImportTable", {}, "import d", lengthy=True)
BRIEF = Step("dynamodb", "TagResource", {}, "tag e")


def admitted(found: Budget, since: float) -> list[Any]:
    """All that may begin from a time on, however fast they are."""
    times = itertools.count(since * 1000)
    return list(iter(lambda: found.begin(next(times)), None))


@pytest.mark.parametrize(
    ("step", "number"),
    [
        pytest.param(BARE, 500, id="tables without an index"),
        pytest.param(INDEXED, 250, id="tables with an index"),
        pytest.param(RESTORED, 50, id="restores"),
        pytest.param(IMPORTED, 50, id="imports"),
        pytest.param(BRIEF, 600, id="what leaves no table in transition"),
    ],
)
def test_as_many_go_on_at_once_as_aws_allows(step: Step, number: int) -> None:
    """Rule so-many-tables-at-once."""
    found = Budget(limits.LIMITS, limits.load)
    for each in range(600):
        found.join(step, f"table-{each}")
    assert admitted(found, 1) == [f"table-{each}" for each in range(number)]


def test_one_more_begins_when_one_has_ended() -> None:
    found = Budget(limits.LIMITS, limits.load)
    for _each in range(251):
        found.join(INDEXED, "many")
    assert len(admitted(found, 1)) == 250
    assert found.wait(2000) == NEVER
    found.end(INDEXED)
    assert found.wait(2000) == 0
    assert admitted(found, 2) == ["many"]
    assert found.wait(3000) == NEVER, "none is in line"


def test_what_waits_for_a_limit_keeps_only_those_behind_it_waiting_that_need_the_same() -> None:
    """Rule so-many-tables-at-once."""
    found = Budget(limits.LIMITS, limits.load)
    for _each in range(50):
        found.join(RESTORED, "many")
    admitted(found, 1)
    for step, who in ((RESTORED, "restored"), (INDEXED, "indexed"), (RESTORED, "again"), (BRIEF, "brief")):
        found.join(step, who)
    assert admitted(found, 2) == ["indexed", "brief"]
    found.end(RESTORED)
    assert admitted(found, 3) == ["restored"]


def test_what_needs_much_of_a_limit_is_not_passed_by_what_needs_little() -> None:
    found = Budget(limits.LIMITS, limits.load)
    for _each in range(499):
        found.join(BARE, "many")
    admitted(found, 1)
    found.join(INDEXED, "indexed")
    found.join(BARE, "bare")
    assert admitted(found, 2) == []
    found.end(BARE)
    assert admitted(found, 3) == ["indexed"]


def test_some_leave_the_line() -> None:
    found = Budget(limits.LIMITS, limits.load)
    for step, who in ((BARE, "a"), (INDEXED, "b"), (BARE, "c")):
        found.join(step, who)
    found.keep(lambda who: who != "a")
    assert admitted(found, 1) == ["b", "c"]


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


INDEX = Step("dynamodb", "UpdateTable", {"GlobalSecondaryIndexUpdates": [{"Create": {}}]}, "", lengthy=True)


def test_the_progress_of_a_fleet_is_one_line() -> None:
    waiting = [limits.Waiting(BARE, 12)] * 9 + [limits.Waiting(INDEX, 370)] * 4
    assert limits.progress(87, 100, 0, waiting).words == (
        "87 of 100 done; 13 wait: 9 are being created, 4 build an index, longest 6 min 10 s of 8 to 17 min"
    )
    assert limits.progress(0, 100, 100, []).words == "0 of 100 done; 100 to come"
    assert limits.progress(1, 3, 1, [limits.Waiting(INDEX, 7)]).words == (
        "1 of 3 done; 1 to come; 1 waits: 1 builds an index, longest 7 s of 8 to 17 min"
    )
    assert limits.progress(0, 1, 0, [limits.Waiting(None, 7)]).words == (
        "0 of 1 done; 1 waits: 1 is busy with work of somebody else, longest 7 s"
    )


def test_how_long_a_table_waits_is_no_change_and_what_it_waits_for_is_one() -> None:
    found = limits.progress(1, 3, 1, [limits.Waiting(BARE, 7)])
    assert limits.progress(1, 3, 1, [limits.Waiting(BARE, 70)]).counts == found.counts
    assert limits.progress(1, 3, 1, [limits.Waiting(INDEX, 7)]).counts != found.counts
    assert limits.progress(2, 3, 1, [limits.Waiting(BARE, 7)]).counts != found.counts

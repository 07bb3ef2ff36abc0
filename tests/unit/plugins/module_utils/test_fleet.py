# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many courses at once, as generators that write into a log."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from plugins.module_utils import fleet, progress
from plugins.module_utils.budgets import Budget
from plugins.module_utils.connection import CallFailed
from plugins.module_utils.fleet import Broken, Member, NotStarted, Travel
from plugins.module_utils.plan import Impossible, Step
from plugins.module_utils.progress import Clock, Progress
from plugins.module_utils.resource import Course, Planned, Wait, Writing

WRITE = Step("dynamodb", "CreateTable", {}, "make it", lengthy=True)
TAG = Step("dynamodb", "TagResource", {}, "tag it")
UNLIMITED = 10**6


def load(step: Step) -> dict[str, int]:
    """What of two limits a step takes."""
    return {"all": 1, **({"making": 1} if step.lengthy else {})}


class World:
    """The events of the courses of a test, in order."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.words: list[str] = []
        self.threads: set[int] = set()
        self.budget = Budget({"all": UNLIMITED, "making": UNLIMITED}, load)

    def budget_of(self, _step: Step) -> Budget:
        return self.budget

    def member(
        self, name: str, steps: int = 1, waits: float = 0, fails: str = "", step: Step = WRITE, busy: int = 0
    ) -> Member:
        def course() -> Course[dict[str, Any]]:
            self.log.append(f"read {name}")
            if fails == "read":
                raise CallFailed(f"could not read {name}")
            if fails == "plan":
                raise Impossible(f"{name}: no; yes")
            yield Planned((step,) * steps, "being changed by somebody else" if busy else "")
            for _look in range(busy):
                self.log.append(f"look at {name}")
                yield Wait(0.02, "being changed by somebody else")
            for number in range(steps):
                yield Writing(step)
                self.log.append(f"write {name}")
                self.threads.add(threading.get_ident())
                if fails == str(number):
                    raise CallFailed(f"could not make {name}")
                if waits:
                    yield Wait(waits, "CREATING")
            return {"changed": bool(steps)}

        return Member(name, course, self.budget_of)

    def run(
        self,
        *members: Member,
        limit: int = UNLIMITED,
        making: int = UNLIMITED,
        rate: float = UNLIMITED,
        first: int = 0,
        may_fail: int = 0,
        concurrency: int = 4,
    ) -> list[Travel]:
        self.budget = Budget({"all": limit, "making": making}, load)
        self.budget.rate.a_second = rate
        clock = Clock(self.words.append, time.monotonic())
        travels = fleet.look(members, concurrency, clock)
        going = [travel for travel in travels if travel.end is None]
        fleet.drive(going, concurrency, first, may_fail, lambda: Progress(len(self.log), "on the way"), clock)
        return travels


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rate of a test is as it says."""
    monkeypatch.setattr("plugins.module_utils.budgets.FASTEST", UNLIMITED)


def ends(travels: list[Travel]) -> list[Any]:
    return [travel.end if isinstance(travel.end, dict) else type(travel.end) for travel in travels]


def test_all_are_read_before_the_first_is_written(world: World) -> None:
    world.run(*(world.member(str(number)) for number in range(20)))
    assert all(line.startswith("read") for line in world.log[:20])
    assert all(line.startswith("write") for line in world.log[20:])


def test_a_table_as_declared_ends_with_its_read(world: World) -> None:
    (travel,) = fleet.look([world.member("a", steps=0)], 1, Clock(world.words.append, time.monotonic()))
    assert travel.end == {"changed": False}
    assert travel.going is None


def test_reads_that_fail_stop_no_other_read(world: World) -> None:
    members = [world.member("a", fails="read"), world.member("b", fails="plan"), world.member("c", steps=0)]
    travels = fleet.look(members, 2, Clock(world.words.append, time.monotonic()))
    assert [each.end for each in travels] == [
        Broken("could not read a", {}),
        Broken("b: no; yes", {}, refused=True),
        {"changed": False},
    ]


def test_waits_overlap_and_hold_no_thread(world: World) -> None:
    """Each of sixty waits until all have begun, with four threads."""
    begun: set[str] = set()

    def member(name: str) -> Member:
        def course() -> Course[dict[str, Any]]:
            yield Planned((WRITE,), "")
            yield Writing(WRITE)
            begun.add(name)
            world.threads.add(threading.get_ident())
            for _look in range(500):
                if len(begun) == 60:
                    return {"changed": True}
                yield Wait(0.01, "CREATING")
            raise CallFailed("the others have not begun")

        return Member(name, course, world.budget_of)

    assert ends(world.run(*(member(str(number)) for number in range(60)))) == [{"changed": True}] * 60
    assert len(world.threads) <= 4


def test_the_first_are_done_before_the_others_begin(world: World) -> None:
    world.run(*(world.member(str(number), waits=0.05) for number in range(8)), first=2)
    assert sorted(world.log[8:10]) == ["write 0", "write 1"]


def test_where_one_of_the_first_fails_no_other_begins(world: World) -> None:
    travels = world.run(*(world.member(str(number), fails="0" if not number else "") for number in range(8)), first=1)
    assert [line for line in world.log if line.startswith("write")] == ["write 0"]
    assert ends(travels) == [Broken, *[NotStarted] * 7]


def test_after_a_failure_what_runs_is_finished_and_nothing_new_begins(world: World) -> None:
    members = [world.member("a", steps=3, waits=0.02), world.member("b", fails="0"), world.member("c")]
    assert ends(world.run(*members, rate=20)) == [{"changed": True}, Broken, NotStarted]
    assert world.log.count("write a") == 3


def test_as_many_may_fail_as_is_said(world: World) -> None:
    def members() -> Iterator[Member]:
        return (world.member(str(number), fails="0" if number < 2 else "") for number in range(8))

    assert ends(world.run(*members(), rate=100, may_fail=24)).count(NotStarted) == 6
    assert ends(world.run(*members(), rate=100, may_fail=25)).count(NotStarted) == 0


def test_no_more_go_on_at_once_than_the_limit(world: World) -> None:
    going: list[int] = []
    most: list[int] = []

    def member(name: str) -> Member:
        def course() -> Course[dict[str, Any]]:
            yield Planned((WRITE,), "")
            yield Writing(WRITE)
            going.append(1)
            most.append(len(going))
            yield Wait(0.03, "CREATING")
            going.pop()
            return {"changed": True}

        return Member(name, course, world.budget_of)

    assert ends(world.run(*(member(str(number)) for number in range(12)), limit=3)) == [{"changed": True}] * 12
    assert max(most) == 3


def test_writes_keep_their_pace(world: World) -> None:
    began = time.monotonic()
    world.run(*(world.member(str(number)) for number in range(11)), rate=20)
    assert time.monotonic() - began > 0.4


def test_a_long_run_reports_how_far_it_is_and_a_short_one_does_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.run(world.member("a", waits=0.1))
    assert world.words == []
    monkeypatch.setattr(progress, "SILENT_AT_FIRST", 0.05)
    monkeypatch.setattr(progress, "BETWEEN_LINES", 0.1)
    monkeypatch.setattr(progress, "LONGEST_SILENCE", 0.15)
    world.run(world.member("a", waits=0.5))
    assert world.words.count("on the way") >= 2


def test_a_read_that_hangs_does_not_keep_a_run_silent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SILENT_AT_FIRST", 0.05)

    def course() -> Course[dict[str, Any]]:
        time.sleep(1.3)
        yield Planned((), "")
        return {"changed": False}

    world.run(Member("a", course, world.budget_of), world.member("b", steps=0))
    assert world.words[0] == "1 of 2 read"


def test_one_that_waits_for_a_limit_keeps_no_other_waiting(world: World) -> None:
    members = [
        *(world.member(f"made {number}", waits=0.05) for number in range(3)),
        *(world.member(f"tagged {number}", step=TAG) for number in range(3)),
    ]
    assert ends(world.run(*members, making=1, concurrency=1)) == [{"changed": True}] * 6
    written = [line for line in world.log if line.startswith("write")]
    assert written[:4] == ["write made 0", *(f"write tagged {number}" for number in range(3))]


def test_a_stopped_run_does_not_wait_for_what_has_not_begun(world: World) -> None:
    members = [
        world.member("begun", steps=2, waits=0.1),
        world.member("failing", fails="0"),
        world.member("busy", busy=100),
        world.member("busy and as declared", steps=0, busy=100),
    ]
    travels = world.run(*members, rate=20)
    assert ends(travels) == [{"changed": True}, Broken, NotStarted, NotStarted]
    assert world.log.count("write begun") == 2
    assert [travel.going_on for travel in travels[2:]] == ["being changed by somebody else"] * 2


def test_a_stopped_run_does_not_wait_for_what_was_being_looked_at(world: World) -> None:
    failed = threading.Event()

    def failing() -> Course[dict[str, Any]]:
        yield Planned((WRITE,), "")
        yield Writing(WRITE)
        failed.set()
        raise CallFailed("could not make it")

    def looked_at() -> Course[dict[str, Any]]:
        yield Planned((WRITE,), "being changed by somebody else")
        failed.wait(10)
        time.sleep(0.2)  # until the failure is counted
        yield Wait(0.01, "being changed by somebody else")
        return {"changed": False}

    travels = world.run(Member("a", looked_at, world.budget_of), Member("b", failing, world.budget_of))
    assert ends(travels) == [NotStarted, Broken]


def test_nothing_begins_between_a_failure_and_the_free_thread(world: World) -> None:
    members = [world.member("a", fails="0"), world.member("b"), world.member("c")]
    assert ends(world.run(*members, concurrency=1)) == [Broken, NotStarted, NotStarted]
    assert [line for line in world.log if line.startswith("write")] == ["write a"]


@pytest.mark.parametrize("error", [ValueError("secret"), KeyError("secret")])
def test_an_error_that_nobody_foresaw_ends_its_course_alone(world: World, error: Exception) -> None:
    def course() -> Course[dict[str, Any]]:
        yield Planned((WRITE,), "")
        raise error

    broken = Member("a", course, world.budget_of)
    travels = world.run(world.member("b"), broken, may_fail=100)
    assert ends(travels) == [{"changed": True}, Broken]
    assert isinstance(travels[1].end, Broken)
    assert "secret" not in travels[1].end.sentence
    assert "mistake in mana.memory" in travels[1].end.sentence


def test_a_budget_that_cannot_be_found_ends_its_course_alone(world: World) -> None:
    def nowhere(_step: Step) -> Budget:
        raise ValueError

    travels = world.run(world.member("b"), world.member("a")._replace(budget=nowhere), may_fail=100)
    assert ends(travels) == [{"changed": True}, Broken]

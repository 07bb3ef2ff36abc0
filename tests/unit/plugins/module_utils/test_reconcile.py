# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The engine, on a resource that is a set of letters: each step adds one."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from plugins.module_utils.connection import CallFailed
from plugins.module_utils.plan import Impossible, Plan, Step, Where
from plugins.module_utils.reconcile import reconcile
from plugins.module_utils.resource import Busy, Failed, Observation, Overtaken, Resource, mistake, shown

WHERE = Where("us-east-1")


@dataclass
class World:
    """A stand-in for AWS: the letters that it holds, and how it misbehaves."""

    letters: str = ""
    settled: bool = True
    waits: bool = True
    fails_at: str = ""
    failure: Exception | None = None
    loses_effect: bool = False
    hides: int = 0
    log: list[str] = field(default_factory=list)

    @property
    def transition(self) -> str:
        return "" if self.settled else "UPDATING"

    def observe(self) -> Observation[str]:
        self.log.append("observe")
        if self.hides and self.log.count("observe") > 1:
            self.hides -= 1
            return Observation("", self.transition)
        return Observation(self.letters, self.transition)

    def settle(self, after: Step | None) -> bool:
        self.log.append(f"settle after {after.call if after else None}")
        self.settled = self.settled or self.waits
        return self.settled

    def perform(self, step: Step) -> None:
        self.log.append(f"perform {step.call}")
        if step.call == self.fails_at and self.failure:
            failure, self.failure = self.failure, None
            if isinstance(failure, Overtaken) or getattr(failure, "unsure", False):
                self.letters += "" if self.loses_effect else step.call
                self.settled = self.loses_effect or not step.lengthy
            raise failure
        self.letters += "" if self.loses_effect else step.call
        self.settled = not step.lengthy


def resource(world: World, wanted: str = "ab", lengthy: bool = True) -> Resource[str]:
    def plan(desired: str | None, observed: str | None) -> Plan:
        missing = [letter for letter in desired or "" if letter not in (observed or "")]
        return tuple(Step("dynamodb", letter, {}, f"add {letter}", lengthy) for letter in missing)

    return Resource(
        title="letters",
        where=WHERE,
        observe=world.observe,
        desire=lambda observed: wanted,
        plan=plan,
        perform=world.perform,
        describe=lambda value: {"letters": value},
        settle=world.settle,
    )


@pytest.fixture(autouse=True)
def no_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def test_check_mode_performs_nothing_and_reports_the_plan_that_a_real_run_performs() -> None:
    world = World()
    promised = reconcile(resource(world), check_mode=True)
    assert world.log == ["observe"]
    assert promised.report["plan"] == reconcile(resource(World()), check_mode=False).report["plan"]
    here = {"service": "dynamodb", "region": "us-east-1", "arguments": {}}
    assert promised.report["plan"] == [
        {**here, "call": "a", "sentence": "add a"},
        {**here, "call": "b", "sentence": "add b"},
    ]
    assert promised.value == "ab"


def test_check_mode_reports_what_a_real_run_would_wait_for() -> None:
    world = World(settled=False)
    outcome = reconcile(resource(world), check_mode=True)
    assert outcome.report["warnings"] == ["letters is UPDATING; a real run waits for that first"]
    assert world.log == ["observe"]


def underway(world: World, ends: bool) -> Resource[str]:
    """Letters of which the last is added behind the scenes: meanwhile, nobody plans it and no step waits for it."""
    whole = resource(world, lengthy=False)

    def observe() -> Observation[str]:
        busy = "b" in world.letters and not world.settled
        world.log.append("observe")
        return Observation(world.letters, "", "adding b" if busy else "")

    def perform(step: Step) -> None:
        world.perform(step)
        world.settled = step.call != "b"

    def settle(after: Step | None) -> bool:
        world.log.append(f"settle after {after.call if after else None}")
        world.settled = world.settled or ends
        return True

    return dataclasses.replace(whole, observe=observe, perform=perform, settle=settle)


def test_work_under_way_is_waited_for_at_the_end() -> None:
    world = World()
    outcome = reconcile(underway(world, ends=True), check_mode=False)
    assert world.log == ["observe", "perform a", "perform b", "observe", "settle after None", "observe"]
    assert "under_way" not in outcome.report


def test_work_still_under_way_at_the_end_is_reported_and_not_called_undone() -> None:
    outcome = reconcile(underway(World(), ends=False), check_mode=False)
    assert outcome.report["under_way"] == "adding b"


def test_work_found_under_way_is_waited_for_and_looked_at_again() -> None:
    world = World(letters="ab", settled=False)
    outcome = reconcile(underway(world, ends=True), check_mode=False)
    assert world.log == ["observe", "settle after None", "observe"]
    assert outcome.report == {"changed": False, "plan": [], "region": "us-east-1"}


def test_check_mode_reports_what_is_under_way() -> None:
    outcome = reconcile(underway(World(letters="ab", settled=False), ends=True), check_mode=True)
    assert outcome.report["warnings"] == ["letters is adding b; a real run waits for that first"]


@pytest.mark.parametrize("needed", [True, False], ids=["undone by the step before it", "left as it was"])
def test_a_step_that_may_not_be_needed_is_taken_after_a_look(needed: bool) -> None:
    world = World(letters="z")
    whole = resource(world, lengthy=False)

    def plan(desired: str | None, observed: str | None) -> Plan:
        again = Step("dynamodb", "z", {}, "add z", look_first="a" not in (observed or ""))
        first = () if "a" in (observed or "") else (Step("dynamodb", "a", {}, "add a, which takes z away"),)
        return (*first, *(() if "a" in (observed or "") and "z" in (observed or "") else (again,)))

    def perform(step: Step) -> None:
        world.perform(step)
        if needed and step.call == "a":
            world.letters = "a"

    outcome = reconcile(dataclasses.replace(whole, plan=plan, perform=perform), check_mode=False)
    assert [step["call"] for step in outcome.report["plan"]] == (["a", "z"] if needed else ["a"])


def test_a_resource_as_declared_costs_one_look_and_changes_nothing() -> None:
    world = World(letters="ab")
    outcome = reconcile(resource(world), check_mode=False)
    assert world.log == ["observe"]
    assert outcome.report == {"changed": False, "plan": [], "region": "us-east-1"}


def test_each_step_waits_for_the_one_before_it_and_the_run_for_the_last() -> None:
    world = World()
    outcome = reconcile(resource(world), check_mode=False)
    assert world.log == ["observe", "perform a", "settle after a", "perform b", "settle after b", "observe"]
    assert outcome.report["changed"]
    assert outcome.report["diff"]["prepared"] == "1. add a\n2. add b\n"
    assert (outcome.report["diff"]["before"], outcome.report["diff"]["after"]) == ({"letters": ""}, {"letters": "ab"})


def test_no_step_waits_for_one_that_leaves_nothing_in_transition() -> None:
    world = World()
    reconcile(resource(world, lengthy=False), check_mode=False)
    assert world.log == ["observe", "perform a", "perform b", "observe"]


def test_a_resource_in_transition_is_waited_for_and_looked_at_again() -> None:
    world = World(letters="a", settled=False)
    reconcile(resource(world), check_mode=False)
    assert world.log[:4] == ["observe", "settle after None", "observe", "perform b"]


def ending(world: World) -> Resource[str]:
    """Letters that are in transition until a first step ends that, which AWS refuses as long as ``failure`` lasts."""
    whole = resource(world)

    def plan(desired: str | None, observed: str | None) -> Plan:
        first, *rest = whole.plan(desired, observed) or (None,)
        return () if first is None else (first._replace(at_once=not observed), *rest)

    return dataclasses.replace(whole, plan=plan)


def test_a_step_that_ends_the_transition_does_not_wait_for_its_end() -> None:
    world = World(settled=False)
    assert reconcile(ending(world), check_mode=True).report.get("warnings") is None
    world.log.clear()
    reconcile(ending(world), check_mode=False)
    assert world.log[:4] == ["observe", "perform a", "settle after a", "perform b"]


def test_nor_does_it_where_it_is_refused_for_a_while(clock: list[float]) -> None:
    world = World(settled=False, fails_at="a", failure=Busy(CallFailed("could not add a: in allocation"), 60))
    outcome = reconcile(ending(world), check_mode=False)
    assert world.log[:5] == ["observe", "perform a", "observe", "perform a", "settle after a"]
    assert len(outcome.report["plan"]) == 2


def test_without_waiting_the_rest_is_pending_and_the_next_run_goes_on() -> None:
    world = World(waits=False)
    outcome = reconcile(resource(world), check_mode=False)
    assert [step["sentence"] for step in outcome.report["pending"]] == ["add b"]
    assert outcome.report["changed"]
    assert world.letters == "a"
    world.settled = True
    again = reconcile(resource(world), check_mode=False)
    assert "pending" not in again.report
    assert world.letters == "ab"


def test_without_waiting_nothing_is_done_to_what_is_in_transition() -> None:
    world = World(settled=False, waits=False)
    outcome = reconcile(resource(world), check_mode=False)
    assert [step["sentence"] for step in outcome.report["pending"]] == ["add a", "add b"]
    assert world.letters == ""


def test_a_failed_run_reports_what_is_done_what_failed_and_what_is_left() -> None:
    world = World(fails_at="b", failure=CallFailed("could not add b: no"))
    with pytest.raises(Failed, match="could not add b: no") as failed:
        reconcile(resource(world, wanted="abc"), check_mode=False)
    details = failed.value.details
    assert [step["call"] for step in details["done"]] == ["a"]
    assert details["failed_step"]["call"] == "b"
    assert [step["call"] for step in details["left"]] == ["c"]


def test_the_run_after_a_failed_one_does_the_rest() -> None:
    world = World(fails_at="b", failure=CallFailed("could not add b: no"))
    with pytest.raises(Failed):
        reconcile(resource(world, wanted="abc"), check_mode=False)
    outcome = reconcile(resource(world, wanted="abc"), check_mode=False)
    assert [step["call"] for step in outcome.report["plan"]] == ["b", "c"]
    assert world.letters == "abc"


def test_a_step_whose_answer_was_lost_is_done_when_nobody_would_plan_it_any_more() -> None:
    world = World(fails_at="a", failure=CallFailed("could not add a: no answer", unsure=True))
    outcome = reconcile(resource(world), check_mode=False)
    assert world.letters == "ab"
    assert world.log.count("perform a") == 1
    assert len(outcome.report["plan"]) == 2


def test_a_step_that_its_own_lost_answer_keeps_busy_is_done() -> None:
    """The SDK sends a call again whose answer was lost, and AWS answers that the table is being updated."""
    busy = CallFailed("could not add a: Table is being updated", "ResourceInUseException", unsure=True)
    world = World()

    def perform(step: Step) -> None:
        world.perform(step)
        if step.call == "a":
            raise Busy(busy, 60)

    outcome = reconcile(dataclasses.replace(resource(world), perform=perform), check_mode=False)
    assert [step["call"] for step in outcome.report["plan"]] == ["a", "b"]


def test_a_step_that_was_lost_on_its_way_has_failed() -> None:
    world = World(fails_at="a", failure=CallFailed("could not add a: no answer", unsure=True), loses_effect=True)
    with pytest.raises(Failed, match="could not add a: no answer"):
        reconcile(resource(world), check_mode=False)


def test_a_step_that_was_lost_is_not_done_because_its_sentence_counts_otherwise_now() -> None:
    world = World(fails_at="a", failure=CallFailed("could not add a: no answer", unsure=True), loses_effect=True)
    counts = iter(range(12, 100))

    def plan(desired: str | None, observed: str | None) -> Plan:
        return (Step("dynamodb", "a", {}, f"add a to the {next(counts)} letters"),)

    with pytest.raises(Failed, match="could not add a: no answer") as failed:
        reconcile(dataclasses.replace(resource(world), plan=plan), check_mode=False)
    assert failed.value.details["changed"] is False


def test_a_step_that_makes_another_thing_each_time_is_taken_once_in_a_run() -> None:
    world = World(fails_at="b", failure=Overtaken())
    backup = Step("dynamodb", "z", {}, "add z", once=True)

    def plan(desired: str | None, observed: str | None) -> Plan:
        left = tuple(Step("dynamodb", letter, {}, letter) for letter in "bc" if letter not in (observed or ""))
        return (backup, *left) if left else ()

    outcome = reconcile(dataclasses.replace(resource(world), plan=plan), check_mode=False)
    assert [step["call"] for step in outcome.report["plan"]] == ["z", "c"]
    assert world.log.count("perform z") == 1


def test_different_steps_are_never_equal_in_a_result() -> None:
    arguments: list[dict[str, object]] = [
        {"Policy": "a"},
        {"Policy": "b"},
        {"When": datetime.date(2026, 1, 1)},
        {"When": datetime.date(2026, 1, 2)},
        {"Item": {"b": {"B": b"1"}}},
        {"Item": {"b": {"B": b"2"}}},
    ]
    steps = [shown((Step("dynamodb", "Put", each, "put it"),), WHERE) for each in arguments]
    assert all(one != another for number, one in enumerate(steps) for another in steps[:number])
    assert json.loads(json.dumps(steps)) == steps


def test_a_step_is_the_same_before_and_after_its_table_has_an_arn() -> None:
    before, after = (
        Step("dynamodb", "TagResource", {"ResourceArn": name, "Tags": []}, "tag it")
        for name in ("threads", "arn:aws:dynamodb:us-east-1:123456789012:table/threads")
    )
    assert before.identity == after.identity


def test_a_step_that_somebody_else_took_first_is_planned_away() -> None:
    world = World(fails_at="a", failure=Overtaken())
    outcome = reconcile(resource(world), check_mode=False)
    assert [step["call"] for step in outcome.report["plan"]] == ["b"]
    assert world.letters == "ab"


def test_a_change_that_aws_shows_only_later_is_looked_at_again() -> None:
    """A status on the way counts as its end.

    Rules expiry-shows-what-comes and recovery-keeps-its-period and tags-are-read-late.
    """
    world = World(hides=3)
    outcome = reconcile(resource(world, lengthy=False), check_mode=False)
    assert outcome.value == "ab"
    assert world.log.count("observe") == 5


def test_a_step_that_aws_accepted_and_did_not_do_is_an_error_that_names_it() -> None:
    world = World(loses_effect=True)
    with pytest.raises(Failed, match="letters: AWS accepted every step, and yet this is not done: add a; add b; "):
        reconcile(resource(world, lengthy=False), check_mode=False)


@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_an_impossible_declaration_is_refused_before_any_step(check_mode: bool) -> None:
    world = World()

    def refuse(desired: str | None, observed: str | None) -> Plan:
        raise Impossible("letters: no")

    refusing = Resource("l", WHERE, world.observe, lambda o: "ab", refuse, world.perform, lambda v: {})
    with pytest.raises(Impossible):
        reconcile(refusing, check_mode=check_mode)
    assert world.log == ["observe"]


def test_a_run_that_is_overtaken_still_reports_the_steps_that_it_took() -> None:
    world = World(fails_at="b", failure=Overtaken())
    outcome = reconcile(resource(world, wanted="abc"), check_mode=False)
    assert [step["call"] for step in outcome.report["plan"]] == ["a", "c"]
    assert world.letters == "abc"


def test_work_of_somebody_else_is_waited_for_before_the_next_plan() -> None:
    world = World(fails_at="a", failure=Overtaken(), hides=1)
    outcome = reconcile(resource(world), check_mode=False)
    assert world.log[:5] == ["observe", "perform a", "observe", "settle after None", "observe"]
    assert [step["call"] for step in outcome.report["plan"]] == ["b"]
    assert world.letters == "ab"


def test_without_waiting_what_somebody_else_is_still_doing_leaves_the_rest_pending() -> None:
    world = World(fails_at="a", failure=Overtaken(), waits=False)
    outcome = reconcile(resource(world), check_mode=False)
    assert [step["call"] for step in outcome.report["pending"]] == ["b"]
    assert world.letters == "a"


def test_being_overtaken_again_and_again_is_reported() -> None:
    world = World()

    def perform(step: Step) -> None:
        raise Overtaken

    with pytest.raises(Failed, match="letters: somebody else keeps changing it at the same time; run this again"):
        reconcile(dataclasses.replace(resource(world), perform=perform), check_mode=False)


def test_a_look_that_fails_after_the_steps_reports_what_is_done() -> None:
    world = World()

    def observe() -> Observation[str]:
        if world.letters:
            raise CallFailed("could not read the letters: no answer")
        return world.observe()

    with pytest.raises(Failed, match="could not read the letters") as failed:
        reconcile(dataclasses.replace(resource(world, lengthy=False), observe=observe), check_mode=False)
    assert [step["call"] for step in failed.value.details["done"]] == ["a", "b"]
    assert failed.value.details["failed_step"] is None


def test_a_refusal_comes_before_any_wait() -> None:
    world = World(settled=False)

    def refuse(desired: str | None, observed: str | None) -> Plan:
        raise Impossible("letters: no")

    with pytest.raises(Impossible):
        reconcile(dataclasses.replace(resource(world), plan=refuse), check_mode=False)
    assert world.log == ["observe"]


@pytest.mark.parametrize(
    "error",
    [CallFailed("could not see the end of 'add a'"), Impossible("letters: no more of them")],
    ids=["a failure", "a refusal"],
)
def test_a_wait_that_ends_a_run_leaves_the_next_step_among_those_that_are_left(error: Exception) -> None:
    world = World()

    def settle(after: Step | None) -> bool:
        raise error

    with pytest.raises(Failed, match=str(error)) as failed:
        reconcile(dataclasses.replace(resource(world), settle=settle), check_mode=False)
    details = failed.value.details
    assert (details["changed"], [step["call"] for step in details["done"]], details["failed_step"]) == (
        True,
        ["a"],
        None,
    )
    assert [step["call"] for step in details["left"]] == ["b"]


@pytest.mark.parametrize(
    "error", [CallFailed("letters: no"), Impossible("letters: no")], ids=["a failure", "a refusal"]
)
@pytest.mark.parametrize(("overtaken_at", "done"), [("a", []), ("b", ["a"])], ids=["the first step", "a later step"])
def test_a_look_that_ends_a_run_that_was_overtaken_reports_what_is_done(
    error: Exception, overtaken_at: str, done: list[str]
) -> None:
    world = World(fails_at=overtaken_at, failure=Overtaken())

    def observe() -> Observation[str]:
        if overtaken_at in world.letters:
            raise error
        return world.observe()

    with pytest.raises(Failed if done else type(error), match="letters: no") as failed:
        reconcile(dataclasses.replace(resource(world, wanted="abc"), observe=observe), check_mode=False)
    if isinstance(failed.value, Failed):
        assert [step["call"] for step in failed.value.details["done"]] == done
        assert [step["call"] for step in failed.value.details["left"]] == ["b", "c"]


def test_a_plan_that_is_refused_after_being_overtaken_reports_what_is_done() -> None:
    world = World(fails_at="b", failure=Overtaken())
    whole = resource(world, wanted="abc")

    def plan(desired: str | None, observed: str | None) -> Plan:
        if observed == "ab":
            raise Impossible("letters: no")
        return whole.plan(desired, observed)

    with pytest.raises(Failed, match="letters: no") as failed:
        reconcile(dataclasses.replace(whole, plan=plan), check_mode=False)
    assert [step["call"] for step in failed.value.details["done"]] == ["a"]


def test_a_last_look_that_is_refused_reports_what_is_done_and_what_is_pending() -> None:
    world = World(waits=False)

    def observe() -> Observation[str]:
        if world.letters:
            raise Impossible("letters: no")
        return world.observe()

    with pytest.raises(Failed, match="letters: no") as failed:
        reconcile(dataclasses.replace(resource(world), observe=observe), check_mode=False)
    assert [step["call"] for step in failed.value.details["done"]] == ["a"]
    assert [step["call"] for step in failed.value.details["left"]] == ["b"]


class Others(World):
    """A stand-in for AWS in which somebody else does the rest of the work at each of our steps."""

    def perform(self, step: Step) -> None:
        self.log.append(f"perform {step.call}")
        if step.call in self.letters:
            raise CallFailed(f"could not {step.sentence}: it is there already", "ValidationException")
        if self.failure:
            self.letters += self.fails_at
            raise self.failure
        self.letters += step.call


def test_a_refused_step_that_nobody_needs_any_more_is_no_failure() -> None:
    """Its letter came from somebody else between the look and the step, as the next one's does."""
    world = Others(fails_at="abc", failure=CallFailed("could not add a: it is there already", "ValidationException"))
    outcome = reconcile(resource(world, "abc", lengthy=False), check_mode=False)
    assert (outcome.report["changed"], outcome.report["plan"]) == (False, [])
    assert world.log == ["observe", "perform a", "observe", "observe"]


def test_a_refused_step_that_is_still_needed_has_failed() -> None:
    world = Others(failure=CallFailed("could not add a: no", "ValidationException"))
    with pytest.raises(Failed, match="could not add a: no") as failed:
        reconcile(resource(world, lengthy=False), check_mode=False)
    assert [failed.value.details[key] for key in ("changed", "done")] == [False, []]
    assert [step["call"] for step in failed.value.details["left"]] == ["b"]


def test_a_denied_step_is_not_looked_at_again() -> None:
    world = Others(fails_at="ab", failure=CallFailed("could not add a: denied", "AccessDeniedException"))
    with pytest.raises(Failed, match="denied"):
        reconcile(resource(world), check_mode=False)
    assert world.log == ["observe", "perform a"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Time that passes only where somebody sleeps."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setattr("time.monotonic", lambda: sum(slept))
    return slept


def test_other_work_in_the_way_of_a_step_is_waited_for(clock: list[float]) -> None:
    busy = Busy(CallFailed("could not add a: busy"), 60)
    world = World(fails_at="a", failure=busy)
    outcome = reconcile(resource(world, lengthy=False), check_mode=False)
    assert [step["call"] for step in outcome.report["plan"]] == ["a", "b"]
    assert sum(clock) > 0
    assert world.log[:4] == ["observe", "perform a", "observe", "perform a"]


def test_other_work_in_the_way_does_not_change_what_was_there_before_the_run(clock: list[float]) -> None:
    world = World(fails_at="b", failure=Busy(CallFailed("could not add b: busy"), 60))
    diff = reconcile(resource(world, lengthy=False), check_mode=False).report["diff"]
    assert (diff["before"], diff["after"]) == ({"letters": ""}, {"letters": "ab"})


def test_a_step_that_stopped_being_needed_while_it_waited_is_not_sent(clock: list[float]) -> None:
    world = World()

    def perform(step: Step) -> None:
        if step.call == "a":
            world.letters += "a"  # by somebody else
            raise Busy(CallFailed("could not add a: busy"), 60)
        world.perform(step)

    outcome = reconcile(dataclasses.replace(resource(world, lengthy=False), perform=perform), check_mode=False)
    assert [step["call"] for step in outcome.report["plan"]] == ["b"]
    assert world.letters == "ab"


def test_other_work_is_waited_for_no_longer_than_declared(clock: list[float]) -> None:
    world = World()

    def perform(step: Step) -> None:
        raise Busy(CallFailed(f"could not {step.sentence}: busy"), 20)

    with pytest.raises(Failed, match="could not add a: busy"):
        reconcile(dataclasses.replace(resource(world), perform=perform), check_mode=False)
    assert 20 <= sum(clock) < 30


def test_a_mistake_in_the_middle_reports_what_is_done() -> None:
    world = World(fails_at="b", failure=KeyError("b"))
    with pytest.raises(Failed, match=r"this is a mistake in mana\.memory, please report it: KeyError") as failed:
        reconcile(resource(world, "abc", lengthy=False), check_mode=False)
    details = failed.value.details
    assert details["changed"] is True
    assert [step["call"] for step in (*details["done"], details["failed_step"], *details["left"])] == ["a", "b", "c"]


def test_a_mistake_after_a_step_reports_what_is_done() -> None:
    world = World()

    def settle(after: Step | None) -> bool:
        raise KeyError("Table")

    with pytest.raises(Failed) as failed:
        reconcile(dataclasses.replace(resource(world), settle=settle), check_mode=False)
    assert [step["call"] for step in failed.value.details["done"]] == ["a"]
    assert [step["call"] for step in failed.value.details["left"]] == ["b"]


def test_a_mistake_quotes_the_words_of_our_own_errors_alone() -> None:
    """The words of other errors may hold a body or a header."""

    def caught(act: Callable[[], object]) -> str:
        try:
            act()
        except Exception as error:
            return mistake(error)
        raise AssertionError

    assert "SECRET" not in caught(lambda: json.loads("SECRET"))
    assert "'NoneType' object has no attribute" in caught(lambda: shown((None,), WHERE))  # type: ignore[arg-type]


def test_a_resource_that_vanishes_between_two_reads_is_read_once_more() -> None:
    world, looks = World(), iter([CallFailed("could not list it: gone", "NoSuchEntity")])

    def observe() -> Observation[str]:
        for failure in looks:
            raise failure
        return world.observe()

    assert reconcile(dataclasses.replace(resource(world), observe=observe), check_mode=False).value == "ab"


def test_a_resource_that_vanishes_twice_is_reported() -> None:
    def observe() -> Observation[str]:
        raise CallFailed("could not list it: gone", "NoSuchEntity")

    with pytest.raises(CallFailed, match="gone"):
        reconcile(dataclasses.replace(resource(World()), observe=observe), check_mode=False)


def approved(*letters: str) -> list[dict[str, object]]:
    shown = {"service": "dynamodb", "region": "us-east-1", "arguments": {}}
    return [{**shown, "call": letter, "sentence": "in other words"} for letter in letters]


@pytest.mark.parametrize("check_mode", [True, False])
def test_steps_that_are_approved_are_taken(check_mode: bool) -> None:
    outcome = reconcile(resource(World()), check_mode, approved("a", "b", "c"))
    assert [step["call"] for step in outcome.report["plan"]] == ["a", "b"]


@pytest.mark.parametrize("check_mode", [True, False])
def test_another_step_is_refused_before_the_first_one(check_mode: bool) -> None:
    world = World()
    with pytest.raises(Impossible, match=r"^approved_steps: to add b is not one of the approved steps; plan anew"):
        reconcile(resource(world), check_mode, approved("a"))
    assert "perform a" not in world.log


def test_another_step_that_is_planned_on_the_way_is_refused_and_what_is_done_is_reported() -> None:
    world = World(fails_at="b", failure=Overtaken())
    whole = resource(world)

    def plan(desired: str | None, observed: str | None) -> Plan:
        later = (Step("dynamodb", "z", {}, "add z"),) if "perform b" in world.log else ()
        return (*whole.plan(desired, observed), *later)

    with pytest.raises(Failed, match=r"^approved_steps: to add z is not one of the approved steps") as failure:
        reconcile(dataclasses.replace(whole, plan=plan), False, approved("a", "b"))
    assert [step["call"] for step in failure.value.details["done"]] == ["a"]


def test_approved_steps_that_are_no_steps_are_refused() -> None:
    with pytest.raises(Impossible, match=r"^approved_steps: these are no steps; "):
        reconcile(resource(World()), True, [{"sentence": "add a"}])

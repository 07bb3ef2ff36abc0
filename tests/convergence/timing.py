# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Measures runs by the clock of the gate, and holds them to what their plans foretold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

from plugins.module_utils import foretelling, report
from plugins.module_utils.foretelling import Foretold, Seconds
from plugins.module_utils.plan import Step
from tests.convergence.bench import NOW, SALT, Bench
from tests.convergence.declarations import Pair, pairs

# A range that ends before so many seconds is as narrow as a call on the way to AWS can make it.
NARROW = 3


class Timed(NamedTuple):
    """A step, or the whole run, by its title: the seconds that were foretold, and those that it took."""

    title: str
    foretold: Seconds
    took: float

    @property
    def is_within(self) -> bool:
        """Whether it took as long as was foretold."""
        return self.foretold.shortest <= self.took <= self.foretold.longest

    @property
    def place(self) -> float:
        """The place of the time within the range: 0 is the shortest, 1 the longest."""
        return (self.took - self.foretold.shortest) / (self.foretold.longest - self.foretold.shortest)

    @property
    def width(self) -> float:
        """The longest by the shortest, of which less than a second counts as one."""
        return self.foretold.longest / max(self.foretold.shortest, 1)


class Run(NamedTuple):
    """A run, each of its steps that can be told by itself, and its sentences for whoever looks at a miss."""

    whole: Timed
    steps: tuple[Timed, ...]
    sentences: tuple[str, ...]


def drawn(number: int, of: int, endpoint: str = "gate") -> list[Pair]:
    """Random pairs, always the same ones for a seed."""
    found: list[Pair] = []

    @seed(of)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(pairs(endpoint))
    def draw(pair: Pair) -> None:
        found.append(pair)

    draw()
    return found


def runs(bench: Bench, number: int, pair: Pair) -> Iterator[Run]:
    """Make a table of the first declaration, and of the second one later: each run that was not refused.

    Of three tables one stays empty, one has items that AWS has counted, and one has items that it has not counted yet.
    """
    first, second = ({**declared, "name": f"timed-{number}"} for declared in pair)
    yield from measured(bench, first)
    if number % 3 == 1:
        bench.put_items(first["name"])
    bench.let_time_pass()
    if number % 3 == 2:
        bench.put_items(first["name"])
    yield from measured(bench, second)


def foretold(result: Mapping[str, Any]) -> report.Report:
    """The plan of a task in check mode, as whoever approves it reads it."""
    return report.Report(report.PLAN, NOW, SALT, report.from_results({"table": result}, SALT))


def measured(bench: Bench, given: Mapping[str, Any]) -> Iterator[Run]:
    """Foretell in check mode, then do it, by the clock; nothing where it is refused or nothing is to be done."""
    promised = bench.run(given, check_mode=True)
    if promised.get("failed") or not promised["plan"]:
        return
    assert bench.clock
    plan, begun = foretold(promised), bench.clock.now
    done = bench.run(given)
    assert not done.get("failed"), done
    took = bench.clock.now - begun
    steps = tuple(_steps(bench, plan, done, bench.clock.now))
    yield Run(Timed("the run", plan.seconds, took), steps, tuple(step.sentence for step in plan.steps))


def _steps(bench: Bench, plan: report.Report, done: Mapping[str, Any], end: float) -> Iterator[Timed]:
    """Each step from its first call to that of the next one; none whose end another step hides."""
    if len(done["plan"]) != len(plan.steps):
        return
    begins = [*_begins(bench)]
    alongside = [each.alongside for each in plan.foretold]
    for number, (step, each) in enumerate(zip(plan.steps, plan.foretold)):
        last = number == len(begins) - 1
        if not each.alongside and (not last or not any(alongside)):
            yield Timed(kind(step), each.seconds, (end if last else begins[number + 1]) - begins[number])
        elif each.alongside and alongside.count(True) == 1 and _outlasts(each, plan.foretold[number + 1 :]):
            yield Timed(kind(step), each.seconds, end - begins[number])


def _begins(bench: Bench) -> Iterator[float]:
    """When each write that was taken was first tried."""
    first: float | None = None
    for call, moment in zip(bench.calls, bench.moments):
        if call.writes:
            first = moment if first is None else first
            if call.answer is not None:
                yield first
                first = None


def _outlasts(each: Foretold, others: Sequence[Foretold]) -> bool:
    return foretelling.together(others).longest < each.seconds.shortest or not others


def kind(step: Step) -> str:
    """The call of a step, with the member and the action that tell UpdateTable's concerns apart."""
    if step.call != "UpdateTable":
        return step.call
    members = sorted(step.arguments.keys() - {"TableName", "AttributeDefinitions"})
    updates = [update for member in members if member.endswith("Updates") for update in step.arguments[member]]
    actions = sorted({action for update in updates for action in update})
    return " ".join([", ".join(members), *actions])


def misses(timed: Iterable[Timed]) -> list[Timed]:
    """Those that took another time than was foretold."""
    return [each for each in timed if not each.is_within]


def too_wide(timed: Iterable[Timed], trials: int) -> list[str]:
    """Ranges with a half that no step of the kind has reached in so many trials, each as a sentence."""
    found = []
    for (title, seconds), group in by_range(timed).items():
        places = [each.place for each in group]
        if len(places) >= trials and seconds.longest > NARROW and not min(places) <= 0.5 <= max(places):
            found.append(f"{title} is foretold to take {seconds}, and took {_least_and_most(group)} in {len(group)}")
    return found


def by_range(timed: Iterable[Timed]) -> dict[tuple[str, Seconds], list[Timed]]:
    """Steps by their kind and by what was foretold of them."""
    found: dict[tuple[str, Seconds], list[Timed]] = {}
    for each in timed:
        found.setdefault((each.title, each.foretold), []).append(each)
    return dict(sorted(found.items()))


def table(timed: Iterable[Timed]) -> Iterator[str]:
    """A line for each kind of step and range: how often, what was foretold, what it took, how many were within."""
    for (title, seconds), group in by_range(timed).items():
        within = len(group) - len(misses(group))
        yield f"| {title} | {len(group)} | {seconds} | {_least_and_most(group)} | {within} |"


def width(timed: Iterable[Timed]) -> float:
    """How wide the ranges are: the median of longest by shortest."""
    return median(each.width for each in timed)


def _least_and_most(group: list[Timed]) -> str:
    took = [each.took for each in group]
    return f"{min(took):.1f} to {max(took):.1f} s"

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No fault of the network or of a service does harm: each kind at each call of each scenario, once and for good.

The calls are those that a run without faults makes. A sample is in `make test`, all of it in `make test-faults`.
"""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable, Iterable

import pytest

from tests.faults.account import left_for_ever, probes
from tests.faults.kinds import KINDS, Fault, slow
from tests.faults.promises import Flaws, damage, leaked, other_than, strayed, unclear, unlike, untrue
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.stage import PATIENCE, Cell, Counting, Recording, Stage
from tests.faults.table import CELLS, Outcome, counted
from tests.proxy import Answer, Decide, HandOn, Request

pytestmark = pytest.mark.usefixtures("impatient")

SAMPLED = 3  # kinds of a scenario, the next ones for the next scenario; a playbook takes its time
SAMPLE = [
    (title, list(KINDS)[(number * SAMPLED + offset) % len(KINDS)])
    for number, (title, scenario) in enumerate(SCENARIOS.items())
    for offset in range(SAMPLED if scenario.is_module else 1)
]

Record = Callable[[str, object], None]


def injection(cell: Cell, fault: Fault, recording: Recording, fired: threading.Event) -> Decide:
    """Decides what becomes of calls: the fault, where it hits."""
    counting = Counting()

    def decide(request: Request, hand_on: HandOn) -> Answer:
        at = counting.next(request.operation)
        here = at == cell._replace(on=False)
        if not here and not (cell.on and fired.is_set()):
            return hand_on()
        fired.set()
        another = recording.answer(at)
        return fault(request, hand_on, lambda: another or hand_on())

    return decide


def suffer(stage: Stage, title: str, kind: str, cell: Cell) -> Outcome:
    """A run with a fault, and what is wrong with it; if nothing is, what is wrong with the runs after it."""
    scenario, recording, fault, fired = SCENARIOS[title], stage.recording(title), KINDS[kind], threading.Event()
    name = stage.prepared(scenario)
    decide = injection(cell, fault, recording, fired)
    result = stage.run(scenario, name, decide, read_timeout=0.5 if fault is slow else PATIENCE)
    calls = stage.proxy.taken()
    assert fired.is_set(), f"there was no {cell}"
    seen = stage.seen(scenario, name)
    flaws = [unclear(result), leaked(result, calls), damage(recording, seen), strayed(recording, calls)]
    if scenario.is_module:
        flaws += [untrue(result, calls, cell.on), other_than(recording, result, name)]
    survived = not result.get("failed")
    found = dict(itertools.chain(*flaws)) or dict(converging(stage, scenario, recording, name, survived))
    return Outcome(survived, found)


def converging(stage: Stage, scenario: Scenario, recording: Recording, name: str, survived: bool) -> Flaws:
    """The flaws of a plain rerun, and of a second one."""
    if not scenario.is_module and not probes(stage.account, name):
        return  # a proof that left nothing has nothing to go on from
    first = stage.run(scenario, name)
    if first.get("failed"):
        yield "stuck", f"the rerun fails: {first['msg']}"
    elif first["changed"] and survived:
        yield "untrue", "the rerun has something to do after a success"
    elif first["changed"] and stage.run(scenario, name)["changed"]:
        yield "stuck", "the second rerun changes something"
    else:
        yield from unlike(recording, stage.seen(scenario, name))
        if not scenario.is_module:
            yield from (("stuck", f"the item {key} stays for ever") for key in left_for_ever(stage.account, name))


def harm(stage: Stage, title: str, kind: str, cells: Iterable[Cell], record: Record) -> str:
    """The flaws in cells, in words; counted for the table."""
    outcomes = {cell: suffer(stage, title, kind, cell) for cell in cells}
    record(CELLS, [title, kind, counted(outcomes.values())])
    return "\n".join(
        f"{flaw}: {kind} at {cell}: {words}"
        for cell, outcome in outcomes.items()
        for flaw, words in outcome.flaws.items()
    )


def cells(stage: Stage, title: str) -> list[Cell]:
    """Each call, for a fault that passes and for one that stays."""
    return [cell._replace(on=on) for cell in stage.recording(title).cells for on in (False, True)]


@pytest.mark.parametrize(("title", "kind"), SAMPLE)
def test_a_fault_does_no_harm(stage: Stage, title: str, kind: str, record_property: Record) -> None:
    cell = random.Random(f"{title}, {kind}").choice(cells(stage, title))
    result = harm(stage, title, kind, [cell], record_property)
    assert not result, result


@pytest.mark.matrix
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("title", SCENARIOS)
def test_no_fault_at_any_call_does_harm(stage: Stage, title: str, kind: str, record_property: Record) -> None:
    result = harm(stage, title, kind, cells(stage, title), record_property)
    assert not result, result

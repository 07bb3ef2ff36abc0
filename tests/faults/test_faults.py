"""No fault of the network or of a service does harm: each kind at each call of each scenario, once and for good.

The calls are those that a run without faults makes. A sample is in `make test`, all of it in `make test-faults`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import pytest

from tests.faults.bench import Bench, Cell
from tests.faults.kinds import KINDS
from tests.faults.scenarios import SCENARIOS
from tests.faults.table import CELLS, counted

SAMPLED = 3  # kinds of a scenario, the next ones for the next scenario
SAMPLE = [
    (title, list(KINDS)[(number * SAMPLED + offset) % len(KINDS)])
    for number, title in enumerate(SCENARIOS)
    for offset in range(SAMPLED)
]

pytestmark = pytest.mark.usefixtures("impatient")

Record = Callable[[str, object], None]


def harm(bench: Bench, title: str, kind: str, cells: Iterable[Cell], record: Record) -> list[str]:
    """What goes wrong in cells, in words; counted for the table."""
    outcomes = {cell: bench.suffer(title, SCENARIOS[title], kind, cell) for cell in cells}
    record(CELLS, [title, kind, counted(outcomes.values())])
    return [
        f"{flaw}: {kind} at {cell}: {words}"
        for cell, outcome in outcomes.items()
        for flaw, words in outcome.flaws.items()
    ]


@pytest.mark.parametrize(("title", "kind"), SAMPLE)
def test_a_fault_does_no_harm(bench: Bench, title: str, kind: str, record_property: Record) -> None:
    cells = bench.recording(title, SCENARIOS[title]).cells
    cell = random.Random(f"{title}, {kind}").choice(cells)
    told = harm(bench, title, kind, [cell], record_property)
    assert not told, "\n".join(told)


@pytest.mark.matrix
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("title", SCENARIOS)
def test_no_fault_at_any_call_does_harm(bench: Bench, title: str, kind: str, record_property: Record) -> None:
    cells = bench.recording(title, SCENARIOS[title]).cells
    told = harm(bench, title, kind, cells, record_property)
    assert not told, "\n".join(told)

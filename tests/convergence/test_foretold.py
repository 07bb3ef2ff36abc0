# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans come true: how long their steps take, and what is left of quotas, for random pairs behind the gate.

A fixed sample of the pairs, or two hundred others each time with `make test-foretold`, which writes
.cache/reports/foretold.md.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from plugins.module_utils.report import read_step
from tests.convergence import timing
from tests.convergence.bench import NUMBERS, Bench, set_up_in_time
from tests.convergence.settings import is_whole
from tests.convergence.timing import Run, Timed, foretold
from tools.endpoint import Endpoint

REPORT = Path(__file__).parents[2] / ".cache/reports/foretold.md"
PAIRS = 200 if is_whole() else 12
SEQUENCES = 40 if is_whole() else 4
SEED = random.SystemRandom().randrange(10**6) if is_whole() else 7
ENOUGH = 0.95  # the share that has to take as long as was foretold
# So many trials of a kind of step show both halves of what was measured, also where one in twenty takes the longest.
TRIALS = 60


@pytest.fixture(scope="module")
def bench(gate: Endpoint) -> Iterator[Bench]:
    with set_up_in_time(gate) as made:
        yield made


@pytest.fixture(scope="module")
def timed(bench: Bench) -> list[list[Run]]:
    """The runs of each pair."""
    return [[*timing.runs(bench, number, pair)] for number, pair in enumerate(timing.drawn(PAIRS, SEED))]


def test_a_run_takes_as_long_as_its_plan_says(timed: list[list[Run]]) -> None:
    missed = [run for runs in timed for run in runs if not run.whole.is_within]
    within = [all(run.whole.is_within for run in runs) for runs in timed]
    note(_of_runs([run.whole for runs in timed for run in runs], within))
    told = "\n".join(f"{run.whole}: {', '.join(run.sentences)}" for run in missed)
    assert sum(within) >= ENOUGH * len(within), f"seed {SEED}:\n{told}"


def test_a_step_takes_as_long_as_its_plan_says_and_no_range_is_needlessly_wide(timed: list[list[Run]]) -> None:
    steps = [step for runs in timed for run in runs for step in run.steps]
    note(_of_steps(steps))
    for (title, _range), group in timing.by_range(steps).items():
        missed = timing.misses(group)
        assert len(missed) <= max(1, (1 - ENOUGH) * len(group)), f"seed {SEED}, {title}: {missed}"
    assert timing.too_wide(steps, TRIALS) == []


def note(lines: list[str]) -> None:
    """Write down figures of the whole."""
    if is_whole():
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        with REPORT.open("a") as report:
            report.write("\n".join(lines) + "\n\n")


def _of_runs(runs: list[Timed], within: list[bool]) -> list[str]:
    return [
        f"Seed {SEED}. {sum(within)} of {len(within)} pairs, and {len(runs) - len(timing.misses(runs))} of {len(runs)} "
        f"runs, took as long as was foretold. The longest time of a range is {timing.width(runs):.1f} times the "
        "shortest, the median of all runs."
    ]


def _of_steps(steps: list[Timed]) -> list[str]:
    head = ["| step | times | foretold | took | within |", "|---|---:|---|---|---:|"]
    return [*head, *timing.table(steps)]


# -- quotas

CAPACITY = (2, 4, 6, 8)
KEYS = {"hash_key_name": "pk", "range_key_name": "sk"}
INDEX = {"name": "gsi1", "type": "global_all", "hash_key_name": "a", "hash_key_type": "STRING"}
# AWS's words for a quota that is spent.
SPENT = (
    "decreases are limited", "to PAY_PER_REQUEST 4 times", "Updates to TableClass are limited",
    "Encryption mode changes are limited", "multiple times within a fixed interval",
)  # fmt: skip


def declarations(number: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Declarations of one table, one after the other, that spend quotas: those of capacities, or of all."""
    steadily = chance.choice([0.95, 0.5])
    for _each in range(number):
        given: dict[str, Any] = {**KEYS, "indexes": [dict(INDEX)]}
        if chance.random() < steadily:
            given["billing_mode"] = "PROVISIONED"
            for holder in (given, given["indexes"][0]):
                holder.update(read_capacity=chance.choice(CAPACITY), write_capacity=chance.choice(CAPACITY))
        else:
            given["billing_mode"] = "PAY_PER_REQUEST"
        if chance.random() < 0.3:
            given["table_class"] = chance.choice(["STANDARD", "STANDARD_INFREQUENT_ACCESS"])
        if chance.random() < 0.3:
            given["sse_specification"] = {"enabled": chance.random() < 0.5}
        if chance.random() < 0.2:
            given["time_to_live"] = {"enabled": chance.random() < 0.5, "attribute_name": "expires"}
        yield given


def said(spends: str) -> str:
    """What a plan says is left of a quota."""
    if "none left" in spends:
        return "none"
    return "untold" if "does not tell" in spends or "left" not in spends else "room"


def refused_by_the_gate(bench: Bench, given: dict[str, Any], name: str) -> str:
    """The gate's words for the capacities that a plan refused."""
    units = ("read_capacity", "ReadCapacityUnits"), ("write_capacity", "WriteCapacityUnits")
    described = bench.dynamodb.describe_table(TableName=name)["Table"]
    (index,) = described["GlobalSecondaryIndexes"]
    change: dict[str, Any] = {}
    for holder, live in ((given, described), (given["indexes"][0], index)):
        wanted = {member: holder[option] for option, member in units}
        if any(wanted[member] != live["ProvisionedThroughput"][member] for member in wanted):
            if holder is given:
                change["ProvisionedThroughput"] = wanted
            else:
                update = {"IndexName": "gsi1", "ProvisionedThroughput": wanted}
                change["GlobalSecondaryIndexUpdates"] = [{"Update": update}]
    with pytest.raises(ClientError) as error:
        bench.dynamodb.update_table(TableName=name, **change)
    return str(error.value)


def spend(bench: Bench, chance: random.Random, counted: Counter[tuple[str, str]]) -> None:
    """Declare a table anew and anew: what plans say of quotas, and what becomes of them."""
    name = f"quotas-{next(NUMBERS)}"
    for given in declarations(20, chance):
        declared = {**given, "name": name}
        if chance.random() < 0.05:
            bench.let_time_pass()
        promised = bench.run(declared, check_mode=True)
        if promised.get("failed"):
            if "times today" in promised["msg"]:
                assert "decreases are limited" in refused_by_the_gate(bench, given, name)
                counted["no room", "refused"] += 1
            continue
        plan = foretold(promised)
        spends = [each.spends for each in plan.foretold]
        done = bench.run(declared)
        if not done.get("failed"):
            counted.update((said(each), "taken") for each in spends if each)
            continue
        assert any(words in done["msg"] for words in SPENT), done["msg"]
        failed = [step.identity for step in plan.steps].index(read_step(done["failed_step"]).identity)
        counted[said(spends[failed]), "refused"] += 1
        bench.let_time_pass()


def test_a_plan_that_tells_of_room_is_not_refused_and_one_without_room_is(bench: Bench) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for number in range(SEQUENCES):
        spend(bench, random.Random(f"{SEED} {number}"), counted)
    note(["Of quotas:", *(f"- {told}, {became}: {count}" for (told, became), count in sorted(counted.items()))])
    assert counted["room", "refused"] == 0
    assert counted["room", "taken"] > SEQUENCES
    assert counted["no room", "refused"] > 0

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tables and indexes that take their time, as AWS's do: on dynalite the table, on LocalStack the indexes.

An index of LocalStack takes half a minute here, so each wait for one has a test of its own at most.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from plugins.module_utils import waits
from tests import referee
from tests.convergence.bench import Bench
from tests.declaring import GSI1, PROVISIONED
from tools.endpoint import Endpoint, running

GSI2 = {"name": "gsi2", "type": "global_keys_only", "hash_key_name": "gsi2pk"}
KEYS = {"hash_key_name": "pk", "range_key_name": "sk"}
NUMBERS = itertools.count()

Declare = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def slow_indexes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """LocalStack, with an index that takes half a minute to be made, and a quarter to go."""
    delayed = {"DYNAMODB_DELAY_TRANSIENT_STATUSES": "1"}
    with running("localstack", tmp_path_factory.mktemp("slow"), delayed) as endpoint:
        yield Bench(endpoint)


@pytest.fixture(scope="module")
def slow_tables(dynalite: Endpoint) -> Bench:
    """Dynalite: half a second to make or delete a table, one to change it."""
    return Bench(dynalite)


def declaring(bench: Bench) -> Declare:
    """A function that declares a table of its own, and returns the result."""
    name = f"slow-{next(NUMBERS)}"

    def declare(check_mode: bool = False, **given: Any) -> dict[str, Any]:
        return bench.run({"name": name, "index_wait_timeout": 120, **given}, check_mode)

    return declare


def calls(answer: dict[str, Any], part: str = "plan") -> list[str]:
    assert not answer.get("failed"), answer["msg"]
    return [step["call"] for step in answer.get(part, [])]


def statuses(bench: Bench) -> list[str]:
    """The status of the table at each look of the run."""
    looks = [call for call in bench.calls if call.operation == "DescribeTable"]
    return [look.answer["Table"]["TableStatus"] if look.answer else "gone" for look in looks]


# -- tables, on dynalite


def test_a_new_table_is_waited_for(slow_tables: Bench) -> None:
    declare = declaring(slow_tables)
    done = declare(**KEYS)
    assert calls(done) == ["CreateTable"]
    assert done["table_status"] == "ACTIVE"
    seen = statuses(slow_tables)
    assert (seen[0], seen[1], seen[-1]) == ("gone", "CREATING", "ACTIVE")


def test_a_table_that_is_changing_is_waited_for(slow_tables: Bench) -> None:
    declare = declaring(slow_tables)
    assert calls(declare(**KEYS, **PROVISIONED)) == ["CreateTable"]
    assert calls(declare(read_capacity=7, wait=False)) == ["UpdateTable"]
    promised = declare(read_capacity=9, check_mode=True)
    assert promised["warnings"] == [f"table {promised['table_name']} is UPDATING; a real run waits for that first"]
    later = declare(read_capacity=9, wait=False)
    assert (calls(later), calls(later, "pending")) == (["UpdateTable"], ["UpdateTable"])
    done = declare(read_capacity=9)
    assert done["plan"] == promised["plan"]
    assert statuses(slow_tables)[0] == "UPDATING"
    assert calls(declare(read_capacity=9)) == []


def test_a_table_on_its_way_out_is_waited_for_and_made_anew(slow_tables: Bench) -> None:
    declare = declaring(slow_tables)
    declare(**KEYS)
    assert calls(declare(state="absent", wait=False)) == ["DeleteTable"]
    promised = declare(**KEYS, check_mode=True)
    assert "is DELETING; a real run waits for that first" in promised["warnings"][0]
    done = declare(**KEYS)
    assert (calls(done), done["plan"]) == (["CreateTable"], promised["plan"])
    assert statuses(slow_tables)[0] == "DELETING"
    assert done["table_status"] == "ACTIVE"


def test_a_table_in_the_making_is_waited_for_and_deleted(slow_tables: Bench) -> None:
    declare = declaring(slow_tables)
    assert calls(declare(**KEYS, wait=False)) == ["CreateTable"]
    assert calls(declare(state="absent")) == ["DeleteTable"]
    assert (statuses(slow_tables)[0], statuses(slow_tables)[-1]) == ("CREATING", "gone")


def test_a_table_that_takes_too_long_is_reported(slow_tables: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    declare = declaring(slow_tables)
    monkeypatch.setattr(waits, "SHORTEST", 0)  # the table takes half a second
    failed = declare(**KEYS, wait_timeout=0)
    assert failed["failed"]
    name = f"slow-{next(NUMBERS) - 1}"
    assert f"table {name} is CREATING after 0 s; run again to go on from there, or give a longer" in failed["msg"]
    assert "wait_timeout" in failed["msg"]
    again = declare(**KEYS)
    assert calls(again) == []


# -- indexes, on LocalStack


def test_an_index_in_the_making_is_reported_and_waited_for(slow_indexes: Bench) -> None:
    declare = declaring(slow_indexes)
    declare(**KEYS)
    two = {"indexes": [GSI1, GSI2]}
    first = declare(**two, wait=False)
    assert (calls(first), calls(first, "pending")) == (["UpdateTable"] * 2, ["UpdateTable"])
    second = declare(**two, wait=False)
    assert (second["plan"], second["pending"]) == (first["pending"], first["pending"])
    promised = declare(**two, check_mode=True)
    assert promised["plan"] == first["pending"]
    assert "is ACTIVE (index gsi1 CREATING" in promised["warnings"][0]
    failed = declare(**two, index_wait_timeout=1)
    assert failed["failed"]
    assert "index gsi1 CREATING" in failed["msg"]
    assert "run again to go on from there, or give a longer index_wait_timeout" in failed["msg"]
    assert calls(declare(indexes=[GSI1])) == []
    assert calls(declare(state="absent")) == ["DeleteTable"]


@pytest.mark.slow
def test_a_run_goes_on_where_another_did_not_wait(slow_indexes: Bench) -> None:
    declare = declaring(slow_indexes)
    declare(**KEYS)
    first = declare(indexes=[GSI1, GSI2], wait=False)
    done = declare(indexes=[GSI1, GSI2])
    assert done["plan"] == first["pending"]
    assert sorted(index["name"] for index in done["indexes"]) == ["gsi1", "gsi2"]
    assert calls(declare(indexes=[GSI1, GSI2])) == []


@pytest.mark.slow
def test_changes_of_indexes_wait_for_each_other(slow_indexes: Bench) -> None:
    declare = declaring(slow_indexes)
    table, _findings = referee.judge(None, [])
    declare(**KEYS, indexes=[GSI1])
    table, findings = referee.judge(table, slow_indexes.calls)
    assert (table is not None, findings) == (True, [])
    done = declare(indexes=[GSI2], purge_indexes=True)
    assert calls(done) == ["UpdateTable"] * 2
    assert table is not None
    assert referee.judge(table.later(), slow_indexes.calls)[1] == []
    assert [index["name"] for index in done["indexes"]] == ["gsi2"]

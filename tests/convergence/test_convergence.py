# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Any table becomes any other, on real endpoints: random pairs of declarations, and those that once failed.

A fixed sample of the pairs, or many with `make test-convergence`. Ministack has nearly everything that can be
declared; LocalStack, with DynamoDB Local, is the stricter.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from tests.convergence.bench import Bench, set_up
from tests.convergence.declarations import KILLED_AFTER, Declaration, Pair, pairs, tables
from tests.convergence.known import once_failed
from tests.convergence.settings import chosen, is_whole
from tools.endpoint import Endpoint

TRIED = chosen()
# Tables that are made and described, and not changed. The pairs make such tables too, so that a small sample is enough.
TRIED_ALONE = settings(TRIED, max_examples=512 if is_whole() else 10)


@pytest.fixture(scope="module")
def on_ministack(ministack: Endpoint) -> Iterator[Bench]:
    with set_up(ministack) as bench:
        yield bench


@pytest.fixture(scope="module")
def behind_the_gate(gate: Endpoint) -> Iterator[Bench]:
    with set_up(gate) as bench:
        yield bench


@pytest.fixture(scope="module")
def on_localstack(localstack: Endpoint) -> Iterator[Bench]:
    with set_up(localstack) as bench:
        yield bench


@once_failed("ministack")
@TRIED
@given(pairs("ministack"), KILLED_AFTER)
def test_on_ministack(on_ministack: Bench, pair: Pair, killed_after: int | None) -> None:
    on_ministack.converge(pair, killed_after)


@once_failed("gate")
@TRIED
@given(pairs("gate"), KILLED_AFTER)
def test_behind_the_gate(behind_the_gate: Bench, pair: Pair, killed_after: int | None) -> None:
    behind_the_gate.converge(pair, killed_after)


@once_failed("localstack")
@settings(TRIED, max_examples=TRIED.max_examples // 4)
@given(pairs("localstack"), KILLED_AFTER)
def test_on_localstack(on_localstack: Bench, pair: Pair, killed_after: int | None) -> None:
    on_localstack.converge(pair, killed_after)


@TRIED_ALONE
@given(tables("ministack"))
def test_a_table_has_no_false_drift_on_ministack(on_ministack: Bench, given: Declaration) -> None:
    on_ministack.describe_itself(given)


@TRIED_ALONE
@given(tables("gate"))
def test_a_table_has_no_false_drift_behind_the_gate(behind_the_gate: Bench, given: Declaration) -> None:
    behind_the_gate.describe_itself(given)


@TRIED_ALONE
@given(tables("localstack"))
def test_a_table_has_no_false_drift_on_localstack(on_localstack: Bench, given: Declaration) -> None:
    on_localstack.describe_itself(given)

"""A fixed sample of the random pairs that ``make test-convergence`` tries, and all that once failed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from tests.convergence.bench import Bench, set_up
from tests.convergence.declarations import KILLED_AFTER, Pair, pairs
from tests.convergence.known import once_failed
from tests.convergence.settings import SAMPLE
from tools.endpoint import Endpoint


@pytest.fixture(scope="module")
def on_ministack(ministack: Endpoint) -> Iterator[Bench]:
    with set_up(ministack) as bench:
        yield bench


@pytest.fixture(scope="module")
def on_localstack(localstack: Endpoint) -> Iterator[Bench]:
    with set_up(localstack) as bench:
        yield bench


@once_failed("ministack")
@settings(SAMPLE, max_examples=25)
@given(pairs("ministack"), KILLED_AFTER)
def test_some_pairs_converge_on_ministack(on_ministack: Bench, pair: Pair, killed_after: int | None) -> None:
    on_ministack.converge(pair, killed_after)


@settings(SAMPLE, max_examples=6)
@given(pairs("localstack"), KILLED_AFTER)
def test_some_pairs_converge_on_localstack(on_localstack: Bench, pair: Pair, killed_after: int | None) -> None:
    on_localstack.converge(pair, killed_after)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans name the permissions that they take: each that AWS asks for, and none besides, for random pairs.

A fixed sample of the pairs, or two hundred others each time with `make test-foretold`.
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.convergence import timing
from tests.convergence.bench import NUMBERS, Bench, set_up
from tests.convergence.settings import is_whole
from tests.convergence.test_foretold import note
from tests.convergence.timing import foretold
from tests.law.permissions import needed
from tests.proxy import Answer, Call, HandOn, Proxy, Request, proxied, refusal
from tools.endpoint import Endpoint

PAIRS = 200 if is_whole() else 15
ENFORCED = 20 if is_whole() else 4
SEED = random.SystemRandom().randrange(10**6) if is_whole() else 11


class Iam:
    """Asks for the permissions of each call as AWS does, and denies those calls that take one which is missing."""

    def __init__(self) -> None:
        self.missing = ""
        self.denied = 0

    def __call__(self, request: Request, hand_on: HandOn) -> Answer:
        """What the endpoint answers, or AWS where the permission is missing."""
        if self.missing not in _needed(request):
            return hand_on()
        self.denied += 1
        words = f"User: arn:aws:iam::000000000000:user/me is not authorized to perform: {self.missing} on resource: it"
        return refusal(request.service, 400, "AccessDeniedException", words)


def _needed(request: Request) -> frozenset[str]:
    return needed(request.service, request.operation, json.loads(request.body or b"{}"))


@pytest.fixture(scope="module")
def iam() -> Iam:
    return Iam()


@pytest.fixture(scope="module")
def proxy(ministack: Endpoint, iam: Iam) -> Iterator[Proxy]:
    with proxied(ministack, iam) as made:
        yield made


@pytest.fixture(scope="module")
def bench(ministack: Endpoint, proxy: Proxy) -> Iterator[Bench]:
    with set_up(dataclasses.replace(ministack, url=proxy.url)) as made:
        yield made


def used(calls: list[Call]) -> set[str]:
    """The permissions that calls took, but for those of the table's own tags, which a result shows where they are."""
    return set().union(*(_needed(call.request) for call in calls))


def test_a_plan_names_the_permissions_that_its_run_takes_and_no_others(bench: Bench, proxy: Proxy) -> None:
    plans = 0
    for pair in timing.drawn(PAIRS, SEED, "ministack"):
        name = f"permitted-{next(NUMBERS)}"
        for declared in pair:
            promised = bench.run({**declared, "name": name}, check_mode=True)
            if promised.get("failed") or not promised["plan"]:
                continue
            proxy.taken()
            done = bench.run({**declared, "name": name})
            assert not done.get("failed"), done
            taken = used(proxy.taken())
            named = set(foretold(promised).permissions)
            optional = set() if "tags" in declared else {"dynamodb:ListTagsOfResource"}
            assert (taken - named - optional, named - taken) == (set(), set()), f"seed {SEED}: {declared}"
            plans += 1
        bench.remove(name)
    note([f"Of {plans} plans, each named the permissions that its run took, and no others."])


def test_what_is_denied_was_named_before_the_first_write(bench: Bench, iam: Iam) -> None:
    chance, denials, silent = random.Random(SEED), 0, 0
    for pair in timing.drawn(PAIRS, SEED, "ministack"):
        name = f"denied-{next(NUMBERS)}"
        for declared in pair:
            given = {**declared, "name": name}
            tried: set[str] = set()
            while True:
                promised = bench.run(given, check_mode=True)
                if promised.get("failed") or not promised["plan"]:
                    break
                left = sorted(set(foretold(promised).permissions) - tried)
                if not left:
                    break
                iam.missing = chance.choice(left)
                tried.add(iam.missing)
                planned = bench.run(given, check_mode=True)
                done = bench.run(given)
                missing, iam.missing = iam.missing, ""
                assert done.get("failed"), f"{missing} is not needed: {declared}"
                assert f"the missing permission is {missing}" in done["msg"]
                denials += 1
                silent += not planned.get("failed")  # a read of the plan itself was not denied
            done = bench.run(given)
            assert not done.get("failed") or done.get("refused"), done
        bench.remove(name)
    note([f"{denials} permissions were denied, {silent} of them to the run alone; each was named in its plan."])
    assert silent > PAIRS


def test_a_policy_of_the_named_permissions_is_enough_and_each_of_its_calls_is_needed(
    strict: Endpoint, client: Any
) -> None:
    users = client("iam", strict)
    name = f"planner-{next(NUMBERS)}"
    users.create_user(UserName=name)
    key = users.create_access_key(UserName=name)["AccessKey"]
    keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def allow(actions: set[str]) -> None:
        statement = {"Effect": "Allow", "Action": sorted(actions), "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        users.put_user_policy(UserName=name, PolicyName="plans", PolicyDocument=document)

    with set_up(strict) as owner:
        applier = Bench(dataclasses.replace(strict, environment={**strict.environment, **keys}))
        for pair in timing.drawn(ENFORCED, SEED, "ministack"):
            table = f"permitted-{next(NUMBERS)}"
            for declared in pair:
                given = {**declared, "name": table}
                while True:
                    promised = owner.run(given, check_mode=True)
                    if promised.get("failed") or not promised["plan"]:
                        break
                    named = set(foretold(promised).permissions)
                    first = f"dynamodb:{promised['plan'][0]['call']}"
                    allow(named - {first})
                    denied = applier.run(given)
                    assert denied.get("failed"), f"{first} is not needed"
                    assert first in denied["msg"]
                    allow(named)
                    done = applier.run(given)
                    assert not done.get("failed"), done
            owner.remove(table)

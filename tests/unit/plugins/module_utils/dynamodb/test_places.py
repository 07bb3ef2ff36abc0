# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the tables of a list are: whose account it is, which budget a write counts in, and credentials that end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from plugins.module_utils.budgets import FIRST_RATE
from plugins.module_utils.connection import CallFailed, Client, Connect
from plugins.module_utils.dynamodb import places
from plugins.module_utils.dynamodb.places import Accounts, Budgets, Place, Rights
from plugins.module_utils.iam import assumption
from tests.unit.stubbing import new_client

OWN, OTHER = Rights(), Rights(profile="other")
ROLE = Rights(role_arn="arn:aws:iam::123456789012:role/tables")
RATE_EXCEEDED = (None, {"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}})


class World:
    """Clients of any region, and who asked for which account."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.made: list[Client] = []
        monkeypatch.setattr(places, "call", lambda client, *_rest: self.answer(client))

    def answer(self, account: str) -> Any:
        self.asked.append(account)
        if account == "nobody":
            raise CallFailed("could not tell the account of the tables")
        return {"Account": account}

    def of(self, account: str) -> Connect:
        """The way of somebody of an account."""
        return lambda service, region=None: account if service == "sts" else self.client(region or "us-east-1")

    def client(self, region: str) -> Client:
        self.made.append(new_client("dynamodb", region))
        return self.made[-1]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def throttle(client: Client) -> None:
    """AWS throttles a write of a client."""
    client.meta.events.unregister("needs-retry.dynamodb", unique_id="retry-config-dynamodb")  # botocore's own
    operation = client.meta.service_model.operation_model("CreateTable")
    client.meta.events.emit("needs-retry.dynamodb.CreateTable", response=RATE_EXCEEDED, operation=operation)


def test_nobody_is_asked_for_an_account_where_all_rights_are_the_same(world: World) -> None:
    budgets = Budgets(Accounts({OWN: world.of("111111111111")}))
    assert budgets.of(OWN, "us-east-1") is budgets.of(OWN, "us-east-1")
    assert budgets.of(OWN, "us-east-1") is not budgets.of(OWN, "eu-west-1")
    assert world.asked == []


def test_two_profiles_of_one_account_have_one_budget_in_each_region(world: World) -> None:
    budgets = Budgets(Accounts({OWN: world.of("111111111111"), OTHER: world.of("111111111111")}))
    assert budgets.of(OWN, "us-east-1") is budgets.of(OTHER, "us-east-1")
    assert budgets.of(OWN, "us-east-1") is not budgets.of(OTHER, "eu-west-1")


def test_each_account_has_a_budget_of_its_own(world: World) -> None:
    budgets = Budgets(Accounts({OWN: world.of("111111111111"), OTHER: world.of("222222222222")}))
    assert budgets.of(OWN, "us-east-1") is not budgets.of(OTHER, "us-east-1")


def test_the_account_of_a_role_is_in_its_arn(world: World) -> None:
    budgets = Budgets(Accounts({OWN: world.of("123456789012"), ROLE: world.of("nobody")}))
    assert budgets.of(ROLE, "us-east-1") is budgets.of(OWN, "us-east-1")
    assert world.asked == ["123456789012"]


def test_the_account_of_each_profile_is_asked_for_once(world: World) -> None:
    accounts = Accounts({OWN: world.of("111111111111"), OTHER: world.of("222222222222")})
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(accounts.of, [OWN, OTHER] * 20))
    assert found == ["111111111111", "222222222222"] * 20
    assert accounts.told(OTHER) == "222222222222", "which the result of a new table has"
    assert sorted(world.asked) == ["111111111111", "222222222222"]


def test_rights_whose_account_nobody_tells_count_as_an_account_of_their_own(world: World) -> None:
    accounts = Accounts({OWN: world.of("111111111111"), OTHER: world.of("nobody")})
    budgets = Budgets(accounts)
    assert budgets.of(OWN, "us-east-1") is not budgets.of(OTHER, "us-east-1")
    assert accounts.told(OTHER) == ""


def paces(budgets: Budgets, rights: Rights) -> dict[str, bool]:
    """The regions in which writes are slower than at first."""
    return {region: budgets.of(rights, region).rate.a_second < FIRST_RATE for region in ("us-east-1", "eu-west-1")}


def test_throttling_slows_down_its_account_and_region_by_whichever_client(world: World) -> None:
    """Rule mutations-are-throttled."""
    for region, expected in (
        (None, {"us-east-1": True, "eu-west-1": False}),
        ("eu-west-1", {"us-east-1": False, "eu-west-1": True}),
    ):
        budgets = Budgets(Accounts({OWN: world.of("111111111111"), OTHER: world.of("111111111111")}))
        throttle(budgets.watched(Place("us-east-1", OTHER), world.of("111111111111"))("dynamodb", region))
        assert paces(budgets, OWN) == expected


def test_throttling_is_seen_once_by_the_last_run_of_a_client(world: World) -> None:
    """Where a task is in a loop, its items share their clients."""
    client = new_client()
    budgets = [Budgets(Accounts({OWN: world.of("111111111111")})) for _run in range(2)]
    for each in budgets:
        for _place in range(2):
            each.watched(Place(), lambda *_service: client)("dynamodb")
    throttle(client)
    before, now = (each.of(OWN, "us-east-1").rate for each in budgets)
    assert before.a_second == FIRST_RATE
    assert now.a_second < FIRST_RATE
    taken = now.free_at()
    assert taken - now._slowed == pytest.approx(1 / now.a_second), "one turn is taken"


def test_throttling_is_seen_by_clients_with_renewed_credentials(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule mutations-are-throttled."""
    assumed: list[str] = []

    def assume(_given: Any, _connect: Connect, arn: str) -> Any:
        assumed.append(arn)
        ends = datetime.now(timezone.utc) + timedelta(minutes=1)  # which is renewed at once
        return {"Credentials": {"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c", "Expiration": ends}}

    monkeypatch.setattr(assumption, "assume", assume)
    monkeypatch.setattr(places, "connector", lambda _options: world.of("123456789012"))
    budgets = Budgets(Accounts({ROLE: world.of("123456789012")}))
    way = budgets.watched(Place("us-east-1", ROLE), places.connect({}, world.of("123456789012"), ROLE))
    for number in range(2):
        client = way("dynamodb", "us-east-1")
        rate = budgets.of(ROLE, "us-east-1").rate
        before = rate.a_second
        rate._slowed = -1000  # as if the last time was long ago
        throttle(client)
        assert rate.a_second < before, number
    assert len(set(map(id, world.made))) == 2
    assert assumed == [ROLE.role_arn] * 2


def test_a_role_is_assumed_once_for_all_its_regions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assumed: list[str] = []
    asked_in: list[str | None] = []

    def own(service: str, region: str | None = None) -> Any:
        asked_in.append(region)
        return new_client(service, region or "us-west-2")

    def assume(_given: Any, connect: Connect, arn: str) -> Any:
        connect("sts")
        assumed.append(arn)
        ends = datetime.now(timezone.utc) + timedelta(hours=1)
        return {"Credentials": {"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c", "Expiration": ends}}

    monkeypatch.setattr(assumption, "assume", assume)
    monkeypatch.setattr(places, "connector", lambda _options: world.of("123456789012"))
    way = places.connect({}, own, ROLE)
    ways = [places.within(way, region) for region in ("us-east-1", "eu-west-1", None)]
    assert [each("dynamodb").meta.region_name for each in ways] == ["us-east-1", "eu-west-1", "us-west-2"]
    assert ways[0]("dynamodb", "eu-west-1").meta.region_name == "eu-west-1"
    assert assumed == [ROLE.role_arn]
    assert asked_in[0] == "us-east-1", "where a task has no region, the first table has one"

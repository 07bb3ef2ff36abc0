# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Where the tables of a list are: each profile and role has its clients, made once, and its account."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from ..budgets import Budget
from ..connection import CallFailed, Client, Connect, call, connector, watch_throttling
from ..iam import assumption
from ..plan import Impossible, account_of
from . import limits

OPTIONS: dict[str, dict[str, Any]] = {
    "region": {"type": "str", "aliases": ["aws_region"]},
    "profile": {"type": "str", "aliases": ["aws_profile"]},
    "role_arn": {"type": "str"},
    "external_id": {"type": "str"},
}
KEYS = ("access_key", "secret_key", "session_token")
SESSION = {"role_session_name": "mana.memory", "duration_seconds": 3600}
LONG_AGO = datetime.fromtimestamp(0, timezone.utc)
RENEWED_BEFORE = timedelta(minutes=5)


class Rights(NamedTuple):
    """Whose rights count: where they are the same, so is the account. What is left out is the task's."""

    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None


class Place(NamedTuple):
    """A region, and whose rights count there."""

    region: str | None = None
    rights: Rights = Rights()


def place(parameters: Mapping[str, Any]) -> Place:
    """Where a table is, as it is declared."""
    region, *rights = (parameters.get(option) or None for option in OPTIONS)
    return Place(region, Rights(*rights))


def check(rights: Rights) -> None:
    """Raise Impossible for a role that cannot be one, and for an external ID without a role."""
    if rights.external_id and not rights.role_arn:
        raise Impossible("external_id: it counts for the role of role_arn alone; name the role, or remove it")
    if rights.role_arn:
        assumption.check({**SESSION, **rights._asdict()})


def connect(parameters: Mapping[str, Any], own: Connect, rights: Rights) -> Connect:
    """The way to all regions with these rights, from a task's own connection. It raises Impossible and CallFailed."""
    options = {**parameters, **dict.fromkeys(KEYS), "profile": rights.profile} if rights.profile else parameters
    base = connector(options) if rights.profile else own
    return _assumed(options, base, rights) if rights.role_arn else base


def within(way: Connect, region: str | None) -> Connect:
    """The same way, which leads to this region where none is named."""
    return lambda service, elsewhere=None: way(service, elsewhere or region)


def _assumed(options: Mapping[str, Any], base: Connect, rights: Rights) -> Connect:
    """With the credentials of a role, which are renewed in time."""
    lock = threading.Lock()
    renewal, held = LONG_AGO, base

    def way(service: str, region: str | None = None) -> Client:
        nonlocal renewal, held
        with lock:
            if datetime.now(timezone.utc) > renewal:
                given = {**SESSION, "external_id": rights.external_id}
                credentials = assumption.assume(given, within(base, region), str(rights.role_arn))["Credentials"]
                keys = (credentials[member] for member in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
                held = connector({**options, "profile": None, **dict(zip(KEYS, keys))})
                renewal = credentials["Expiration"] - RENEWED_BEFORE
            return held(service, region or base("sts").meta.region_name)

    return way


class Accounts:
    """The accounts that rights are of, each asked for once."""

    def __init__(self, ways: Mapping[Rights, Connect]) -> None:
        self._ways = ways
        self._locks = {rights: threading.Lock() for rights in ways}
        self._known: dict[Rights, str] = {}

    def of(self, rights: Rights) -> str:
        """What tells the account of these rights from others; where it is not known, it counts as one of its own."""
        return "" if len(self._ways) < 2 else self.told(rights) or str(rights)

    def told(self, rights: Rights) -> str:
        """The account of these rights; empty where it cannot be told."""
        with self._locks[rights]:
            if rights not in self._known:
                try:
                    self._known[rights] = account(rights, self._ways[rights])
                except (CallFailed, Impossible):
                    self._known[rights] = ""
            return self._known[rights]


def account(rights: Rights, way: Connect) -> str:
    """The account that these rights are of."""
    if rights.role_arn:
        return account_of(rights.role_arn)
    answer = call(way("sts"), "GetCallerIdentity", {}, "tell the account of the tables")
    return str(answer["Account"])


class Budgets:
    """The budget of each account and region, made when it is first asked for."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._found: dict[tuple[str, str], Budget] = {}

    def of(self, rights: Rights, region: str) -> Budget:
        """The budget that a write with these rights in a region counts in."""
        return self._found.setdefault((self._accounts.of(rights), region), Budget(limits.LIMITS, limits.load))

    def watched(self, place: Place, way: Connect) -> Connect:
        """The same way to a place. A write that AWS throttles there slows down all of its account and region."""
        return watch_throttling(way, lambda region: self.of(place.rights, region).rate.throttled(time.monotonic()))

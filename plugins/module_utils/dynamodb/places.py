# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Where the tables of a list are: each region, profile and role has its clients, made once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from ..connection import Client, Connect, call, connector
from ..iam import assumption
from ..plan import Impossible

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


class Place(NamedTuple):
    """A region and whose rights count there; what is left out is the task's."""

    region: str | None = None
    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None

    @property
    def rights(self) -> tuple[str | None, ...]:
        """Whose rights count: where they are the same, so is the account."""
        return self[1:]


def place(parameters: Mapping[str, Any]) -> Place:
    """Where a table is, as it is declared."""
    return Place(*(parameters.get(option) or None for option in OPTIONS))


def check(where: Place) -> None:
    """Raise Impossible for a role that cannot be one, and for an external ID without a role."""
    if where.external_id and not where.role_arn:
        raise Impossible("external_id: it counts for the role of role_arn alone; name the role, or remove it")
    if where.role_arn:
        assumption.check({**SESSION, **where._asdict()})


def connect(parameters: Mapping[str, Any], own: Connect, where: Place) -> Connect:
    """The way to a place, from a task's own connection. Raises Impossible and CallFailed where there is none."""
    options = dict(parameters)
    if where.region:
        options["region"] = where.region
    if where.profile:
        options.update(dict.fromkeys(KEYS), profile=where.profile)
    base = connector(options) if where.region or where.profile else own
    return _assumed(options, base, where) if where.role_arn else base


def _assumed(options: Mapping[str, Any], base: Connect, where: Place) -> Connect:
    """With the credentials of a role, which are renewed in time."""
    lock = threading.Lock()
    renewal, held = LONG_AGO, base

    def connect(service: str, region: str | None = None) -> Client:
        nonlocal renewal, held
        with lock:
            if datetime.now(timezone.utc) > renewal:
                given = {**SESSION, "external_id": where.external_id}
                credentials = assumption.assume(given, base, str(where.role_arn))["Credentials"]
                keys = (credentials[member] for member in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
                region_of_base = base("sts").meta.region_name
                place = {**options, "profile": None, "region": where.region or region_of_base}
                held = connector({**place, **dict(zip(KEYS, keys))})
                renewal = credentials["Expiration"] - RENEWED_BEFORE
            return held(service, region)

    return connect


def account(connect: Connect) -> str:
    """The account that somebody's rights are of."""
    answer = call(connect("sts"), "GetCallerIdentity", {}, "tell the account of the tables")
    return str(answer["Account"])

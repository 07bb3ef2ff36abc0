# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The interrupted run before a run of many tables: what is said of its unsure writes, and when its journal goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.module_utils import journal
from plugins.module_utils.budgets import Budget
from plugins.module_utils.dynamodb import limits, many, places
from plugins.module_utils.fleet import Broken, Member, Travel
from plugins.module_utils.journal import Interrupted, Journal, Unsure
from plugins.module_utils.plan import Impossible, Plan, Step, Where

DELETE = Step("dynamodb", "DeleteTable", {"TableName": "orders"}, "delete table orders")
MEMBER = "orders in us-east-1"


def interrupted(path: Path) -> Interrupted:
    path.write_text("")
    return Interrupted(
        str(path), "2026-11-29T12:00:00Z", (), (Unsure(MEMBER, journal.identity(DELETE), DELETE.sentence),), ()
    )


def travel(steps: Plan, broken: bool) -> Travel:
    found = Travel(Member(MEMBER, lambda: iter(()), lambda _step: Budget({}, limits.load)))  # type: ignore[arg-type, return-value]
    found.steps = steps
    found.end = Broken("could not read table orders", {}) if broken else None
    return found


@pytest.mark.parametrize(
    ("steps", "broken", "words"),
    [
        pytest.param((DELETE,), False, "is still to be done", id="planned again"),
        pytest.param((), False, "was done", id="not planned any more"),
        pytest.param((), True, "could not be looked at", id="not read"),
    ],
)
def test_an_unsure_write_is_looked_at_before_it_is_called_done(
    tmp_path: Path, steps: Plan, broken: bool, words: str
) -> None:
    unseen = {MEMBER} if broken else set()
    said = many._told(interrupted(tmp_path / "old.journal"), [travel(steps, broken)], unseen)
    assert said.endswith(f"'delete table orders' of {MEMBER} {words}")


@pytest.mark.parametrize("unseen", [set(), {MEMBER}])
def test_a_journal_stays_until_all_that_is_unsure_was_looked_at(tmp_path: Path, unseen: set[str]) -> None:
    old = interrupted(tmp_path / "old.journal")
    many._close(Journal(str(tmp_path), many.PREFIX), [old], unseen)
    assert Path(old.path).exists() == bool(unseen)


def test_an_external_id_without_a_role_is_refused() -> None:
    with pytest.raises(Impossible, match=r"^external_id: it counts for the role of role_arn alone; name the role"):
        places.check(places.Rights(external_id="a"))


def test_a_table_declared_twice_in_one_account_is_not_counted_with_that_of_another() -> None:
    way = many.Way(lambda *_of: None, Where("us-east-1"), lambda *_of: "", "")
    found = [places.Place(rights=places.Rights(role_arn=f"arn:aws:iam::{each}:role/r")) for each in (111, 222)]
    ways = dict.fromkeys(found, way)
    accounts = places.Accounts({place.rights: way.connect for place in found})
    tables = [many.Declared("orders", place, {}) for place in (found[0], found[1], found[0])]
    sentence = "name: orders is declared 2 times in us-east-1; declare it once"
    assert many._twice(tables, ways, accounts) == {0: sentence, 2: sentence}

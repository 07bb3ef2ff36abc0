# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The page that a reviewer reads."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest

from plugins.module_utils import plan_page
from plugins.module_utils.plan import Step
from plugins.module_utils.report import Report, Thing

MADE = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)


def report(*steps: Step) -> Report:
    return Report("plan", MADE, "00", (Thing("table threads", "us-east-1", "123456789012", steps, ()),))


def step(call: str, sentence: str, **arguments: Any) -> Step:
    return Step("dynamodb", call, arguments, sentence)


CREATE = step("UpdateTable", "create index by_day", GlobalSecondaryIndexUpdates=[{"Create": {}}])
DELETE = step("DeleteTable", "delete table threads")


def test_dangerous_steps_come_first_and_the_rest_is_folded() -> None:
    assert plan_page.markdown(report(CREATE, DELETE)) == (
        "## 2 steps, 8 to 18 min\n"
        "\n"
        "- table threads in us-east-1 of account 123456789012: 2 steps\n"
        "\n"
        "It takes `dynamodb:DeleteTable`, `dynamodb:UpdateTable`.\n"
        "\n"
        "Made at 2026-11-01T12:00:00+00:00. Times are those that were measured on empty tables.\n"
        "\n"
        "### To look at\n"
        "\n"
        "- **2.** delete table threads (3 to 16 s)\n"
        "  - cannot be taken back: a deleted table does not come back\n"
        "  - loses all items\n"
        "  - meanwhile the name is taken\n"
        "\n"
        "<details><summary>1 other step</summary>\n"
        "\n"
        "- **1.** create index by\\_day (8 to 17 min)\n"
        "  - meanwhile DeleteTable and changes of other indexes are refused; many items take longer\n"
        "\n"
        "</details>\n"
    )


def test_steps_of_which_none_is_dangerous_are_not_folded() -> None:
    page = plan_page.markdown(report(CREATE))
    assert page.startswith("## 1 step, 8 to 17 min\n")
    assert "\n\n- **1.** create index by\\_day (8 to 17 min)\n" in page
    assert "<details>" not in page


def test_a_plan_with_nothing_to_do_says_so() -> None:
    assert plan_page.markdown(report()).startswith("## Nothing to do\n")


def test_a_long_page_ends_between_two_steps_and_says_how_many_more_there_are() -> None:
    page = plan_page.markdown(report(*[CREATE] * 2000))
    assert 55_000 < len(page) <= 60_000
    shown = page.count("create index")
    assert page.endswith(f"\n{2000 - shown} more are in the plan itself.\n")


def test_many_dangerous_steps_leave_room_for_saying_so() -> None:
    page = plan_page.markdown(report(*[DELETE] * 2000, *[CREATE] * 2000))
    assert len(page) <= 60_000
    assert page.count("more are in the plan itself") == 2


def test_a_name_is_never_markup() -> None:
    page = plan_page.markdown(report(step("TagResource", "tag a with <img>=@everyone `x` | [y](z)")))
    assert r"tag a with \<img\>=\@everyone \`x\` \| \[y\](z)" in page


def table(number: int, *steps: Step, region: str = "us-east-1") -> Thing:
    """A table of many, each of which takes these steps under its own name."""
    name = f"orders_{number}"
    own = tuple(
        each._replace(sentence=each.sentence.replace("NAME", name), arguments={"TableName": name, **each.arguments})
        for each in steps
    )
    account = "123456789012"
    return Thing(f"table {name} in {region} of account {account}", region, account, own, (), called=name)


PROTECT = step("UpdateTable", "protect table NAME against deletion", DeletionProtectionEnabled=True)
EXPIRE = step("UpdateTimeToLive", "expire items of NAME by ttl", TimeToLiveSpecification={"Enabled": True})


def test_a_common_change_of_a_thousand_tables_is_one_entry() -> None:
    things = tuple(table(number, PROTECT) for number in range(1000))
    page = plan_page.markdown(Report("plan", MADE, "00", things))
    body, _fold, names = page.partition("<details><summary>The names of 1000 tables</summary>\n")
    first = r"orders\_0, orders\_1, orders\_2 and 997 more"
    assert body == (
        "## 1000 steps for 1000 tables, 0 to 2 s each\n"
        "\n"
        f"- 1000 tables in us-east-1 of account 123456789012 ({first}): 1 step each\n"
        "\n"
        "It takes `dynamodb:UpdateTable`.\n"
        "\n"
        "Made at 2026-11-01T12:00:00+00:00. Times are those that were measured on empty tables.\n"
        "\n"
        rf"- **1.** 1000 tables: protect table \{{name\}} against deletion ({first}; 0 to 2 s each)"
        "\n"
        "  - meanwhile protection cannot change again for 15 s\n"
        "\n"
    )
    assert len([line for line in page.splitlines() if line]) <= 12
    assert all(rf"orders\_{number}," in names for number in range(999))


def test_of_many_tables_too_what_is_dangerous_comes_first_and_what_differs_is_apart() -> None:
    things = (
        table(0),
        table(1),
        *(table(number, PROTECT, EXPIRE) for number in range(2, 20)),
        table(20, PROTECT),
        table(21, PROTECT, region="eu-west-1"),
    )
    page = plan_page.markdown(Report("plan", MADE, "00", things))
    assert page.startswith("## 38 steps for 20 tables, 0 to 4 s each\n")
    head = page.partition("It takes")[0]
    assert [line.partition(":")[0] for line in head.splitlines()[2:-1]] == [
        r"- 18 tables in us-east-1 of account 123456789012 (orders\_2, orders\_3, orders\_4 and 15 more)",
        r"- 2 tables in 2 regions of account 123456789012 (orders\_20, orders\_21)",
        r"- 2 tables in us-east-1 of account 123456789012 (orders\_0, orders\_1)",
    ]
    expected = (
        "### To look at",
        "**2.** 18 tables: expire",
        ">20 other steps<",
        "**1.** 18 tables: protect",
        "**3.** 2 tables",
    )
    order = [page.index(each) for each in expected]
    assert order == sorted(order)
    assert (
        "- us-east-1 of account 123456789012: orders\\_20\n- eu-west-1 of account 123456789012: orders\\_21\n" in page
    )


def test_steps_with_other_arguments_are_other_entries_whatever_their_sentence() -> None:
    other = PROTECT._replace(arguments={**PROTECT.arguments, "TableClass": "STANDARD"})
    page = plan_page.markdown(Report("plan", MADE, "00", (table(0, PROTECT), table(1, other))))
    assert "**1.** protect table orders\\_0 against" in page
    assert "**2.** protect table orders\\_1 against" in page


@pytest.mark.parametrize("own", [False, True], ids=["equal plans", "plans of their own"])
def test_no_number_of_tables_and_no_name_makes_the_page_too_long(own: bool) -> None:
    change = step("UpdateTimeToLive", "expire items of NAME by ttl", TimeToLiveSpecification={"Enabled": True})
    changes = [(change, PROTECT._replace(arguments={"n": number if own else 0})) for number in range(800)]
    things = [table(number, *steps) for number, steps in enumerate(changes)]
    things = [thing._replace(name=f"{thing.name} {'*' * 500}", called=f"{thing.called}{'*' * 500}") for thing in things]
    page = plan_page.markdown(Report("plan", MADE, "00", tuple(things)))
    assert 50_000 < len(page) <= 60_000
    assert "more are in the plan itself" in page
    assert page.startswith("## 1600 steps")


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("a &lt; b", r"a \&lt; b"),
        ("1. x", r"1\. x"),
        ("- x", r"\- x"),
        ("+", r"\+"),
        ("12) x", r"12\) x"),
        ("# x", r"\# x"),
        ("in  2\n1. x", "in 2 1. x"),
    ],
)
def test_what_a_line_begins_with_is_text(sentence: str, shown: str) -> None:
    assert plan_page.text(sentence) == shown


def test_a_step_keeps_its_number_wherever_the_page_shows_it() -> None:
    page = plan_page.markdown(report(CREATE, DELETE, CREATE, DELETE))
    numbers = re.findall(r"^(?:- \*\*)?(\d+)\.", page, re.MULTILINE)
    assert numbers == ["2", "4", "1", "3"]
    assert not re.search(r"^\d+\. ", page, re.MULTILINE), "Markdown counts a numbered list anew"


def test_gitlab_counts_what_is_created_updated_and_deleted() -> None:
    change = step("UpdateTable", "protect", DeletionProtectionEnabled=True)
    assert plan_page.gitlab(report(CREATE, change, change, DELETE)) == {"create": 1, "update": 2, "delete": 1}


def test_a_step_tells_where_it_is_taken_if_the_plan_has_several_places() -> None:
    """Tables of different regions and accounts may have one name."""
    here, there = table(1, PROTECT), table(1, EXPIRE, region="eu-west-1")
    page = plan_page.markdown(Report("plan", MADE, "00", (here, there)))
    assert "**2.** expire items of orders\\_1 by ttl in eu-west-1 of account 123456789012 (0 to 2 s)\n" in page
    assert "**1.** protect table orders\\_1 against deletion in us-east-1 of account 123456789012 (0 to 2 s)\n" in page
    alone = plan_page.markdown(Report("plan", MADE, "00", (here,)))
    assert "**1.** protect table orders\\_1 against deletion (0 to 2 s)\n" in alone

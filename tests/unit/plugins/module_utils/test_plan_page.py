# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The page that a reviewer reads."""

from __future__ import annotations

import datetime
from typing import Any

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
        "2. delete table threads (3 to 16 s)\n"
        "   - cannot be taken back: a deleted table does not come back\n"
        "   - loses all items\n"
        "   - meanwhile the name is taken\n"
        "\n"
        "<details><summary>1 other step</summary>\n"
        "\n"
        "1. create index by\\_day (8 to 17 min)\n"
        "   - meanwhile DeleteTable and changes of other indexes are refused; many items take longer\n"
        "\n"
        "</details>\n"
    )


def test_steps_of_which_none_is_dangerous_are_not_folded() -> None:
    page = plan_page.markdown(report(CREATE))
    assert page.startswith("## 1 step, 8 to 17 min\n")
    assert "\n\n1. create index by\\_day (8 to 17 min)\n" in page
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


def test_gitlab_counts_what_is_created_updated_and_deleted() -> None:
    change = step("UpdateTable", "protect", DeletionProtectionEnabled=True)
    assert plan_page.gitlab(report(CREATE, change, change, DELETE)) == {"create": 1, "update": 2, "delete": 1}

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Steps as values, and refusals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plugins.module_utils.plan import Impossible, refuse


def test_a_refusal_is_one_line_whatever_it_quotes() -> None:
    assert str(Impossible("name: 'a\nb\t\u2028ä…' is none")) == r"name: 'a\nb\t\u2028ä…' is none"


def test_the_first_mistake_is_refused_and_no_other_is_looked_for() -> None:
    def mistakes() -> Iterator[str]:
        yield "name: one"
        pytest.fail("another one was looked for")

    with pytest.raises(Impossible, match=r"^name: one$"):
        refuse(mistakes())
    refuse([])

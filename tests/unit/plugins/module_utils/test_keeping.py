# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Files are written whole or not at all, and read with a sentence for what is none."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils import keeping
from plugins.module_utils.plan import Impossible


def fails(*_of: Any) -> None:
    raise OSError(28, "No space left on device")


def is_ended(*_of: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("call", ["chmod", "replace"])
@pytest.mark.parametrize(("happens", "raised"), [(fails, Impossible), (is_ended, KeyboardInterrupt)])
def test_a_failure_leaves_what_was_there_and_no_draft(
    call: str, happens: Any, raised: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plan.json").write_text("before")
    monkeypatch.setattr(os, call, happens)
    with pytest.raises(raised):
        keeping.write(str(tmp_path / "plan.json"), "after", "file")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("plan.json", "before")]


def test_half_a_character_is_written_as_json_has_it(tmp_path: Path) -> None:
    keeping.write(str(tmp_path / "plan.json"), keeping.as_json({"a": "\ud800"}), "file")
    assert json.loads((tmp_path / "plan.json").read_text()) == {"a": "\ud800"}


def test_a_file_that_nests_too_deep_is_not_json(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("[" * 200_000)
    with pytest.raises(Impossible, match=r"^approved_file: .* is not JSON; give the file of an earlier plan$"):
        keeping.read(str(tmp_path / "plan.json"), "approved_file", "plan")


@pytest.mark.parametrize("value", [{}, {"a": []}, {"a": [1, {"b": {"c": [{"d": {"é": "\n"}}]}}], "e": None}])
def test_a_file_has_the_value_that_was_written(value: dict[str, Any]) -> None:
    assert json.loads(keeping.as_json(value)) == value


def test_a_part_is_a_line() -> None:
    part = {"name": "tags", "observed": {"a": "b"}}
    assert f"\n        {json.dumps(part)},\n" in keeping.as_json({"things": [{"parts": [part, part]}]})

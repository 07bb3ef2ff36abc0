# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The journal of a run, as the next run reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.module_utils import journal
from plugins.module_utils.connection import CallFailed
from plugins.module_utils.journal import GoesOn, Interrupted, Journal, Unsure
from plugins.module_utils.plan import Impossible, Step

MAKE = Step("dynamodb", "CreateTable", {"TableName": "a", "When": b"1"}, "make it")


class Killed(BaseException):
    """In place of SIGKILL."""


def perform(kept: Journal, member: str, error: BaseException | None = None) -> None:
    def performed(_step: Step) -> None:
        if error:
            raise error

    kept.kept(member, performed)(MAKE)


def begun(folder: Path) -> Journal:
    kept = Journal(str(folder / "tables"), "fleet")
    kept.plan({"a": 1, "b": 2, "c": 1, "d": 1})
    return kept


def test_a_run_that_came_to_its_end_leaves_nothing(tmp_path: Path) -> None:
    kept = begun(tmp_path)
    perform(kept, "a")
    assert len(list((tmp_path / "tables").iterdir())) == 1
    kept.end()
    assert list((tmp_path / "tables").iterdir()) == []


def test_a_run_that_wrote_nothing_makes_no_file(tmp_path: Path) -> None:
    begun(tmp_path).end()
    assert list(tmp_path.iterdir()) == []


def test_the_next_run_reads_what_was_done_and_what_is_unsure_and_left(tmp_path: Path) -> None:
    kept = begun(tmp_path)
    perform(kept, "a")
    perform(kept, "b")
    with pytest.raises(Killed):
        perform(kept, "c", Killed())
    with pytest.raises(CallFailed):
        perform(kept, "d", CallFailed("no", "AccessDeniedException"))
    assert [type(each) for each in journal.others(str(tmp_path / "tables"), "fleet")] == [GoesOn]
    assert kept._file
    kept._file.close()
    (found,) = journal.others(str(tmp_path / "tables"), "fleet")
    assert isinstance(found, Interrupted)
    assert found.done == ("a",)
    assert found.unsure == (Unsure("c", journal.identity(MAKE), "make it"),)
    assert found.left == ("b", "d")


def test_a_write_whose_answer_was_lost_is_unsure(tmp_path: Path) -> None:
    kept = begun(tmp_path)
    with pytest.raises(CallFailed):
        perform(kept, "a", CallFailed("no answer", "NoAnswer", unsure=True))
    assert kept._file
    kept._file.close()
    (found,) = journal.others(str(tmp_path / "tables"), "fleet")
    assert isinstance(found, Interrupted)
    assert [each.member for each in found.unsure] == ["a"]


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    kept = begun(tmp_path)
    perform(kept, "a")
    assert kept._file
    kept._file.close()
    (path,) = (tmp_path / "tables").iterdir()
    path.write_text(path.read_text() + '{"before": "cr')
    (found,) = journal.others(str(tmp_path / "tables"), "fleet")
    assert isinstance(found, Interrupted)
    assert found.done == ("a",)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    journal.check(str(tmp_path / "tables" / "below"))
    (tmp_path / "tables").write_text("a file")
    for folder in ("tables", "tables/below"):
        with pytest.raises(Impossible, match="is not a folder that can be written; name one"):
            journal.check(str(tmp_path / folder))


def full_disk(*_arguments: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_write_is_not_begun_without_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = begun(tmp_path)
    monkeypatch.setattr(kept, "_write", full_disk)
    with pytest.raises(CallFailed, match=r"^journal: .*/tables cannot be written: No space left on device$"):
        perform(kept, "a", Killed())


def test_a_write_that_is_done_is_done_without_its_last_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = begun(tmp_path)
    monkeypatch.setattr(kept, "_write", lambda line: full_disk() if "after" in line else None)
    perform(kept, "b")
    with pytest.raises(CallFailed, match=r"^no$"):
        perform(kept, "c", CallFailed("no", "AccessDeniedException"))


def test_a_journal_that_another_run_removed_is_no_fault(tmp_path: Path) -> None:
    kept = begun(tmp_path)
    perform(kept, "a")
    (file,) = (tmp_path / "tables").iterdir()
    file.unlink()
    kept.end()
    journal.remove(str(file))

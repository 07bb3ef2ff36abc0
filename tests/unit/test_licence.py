# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every Python file says whose it is and under which licence."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEADER = Path(__file__).read_text(encoding="utf-8").splitlines()[:2]
FOLDERS = [path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")]
FILES = sorted(str(path.relative_to(ROOT)) for folder in FOLDERS for path in folder.rglob("*.py"))


@pytest.mark.parametrize("name", FILES)
def test_a_file_begins_with_copyright_and_licence(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert lines[lines[0].startswith("#!") :][:2] == HEADER


def test_every_folder_with_python_is_looked_at() -> None:
    assert {"benchmarks", "plugins", "tests", "tools"} <= {name.partition("/")[0] for name in FILES}

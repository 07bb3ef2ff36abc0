# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lambda functions for the tests: each answers nothing."""

from __future__ import annotations

import io
import zipfile
from typing import Any


def make_function(functions: Any, name: str, role: str, **given: Any) -> None:
    """Make a function with the role of this ARN."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as code:
        code.writestr("main.py", "def handler(event, context):\n    return None\n")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="main.handler",
        Role=role,
        Code={"ZipFile": packed.getvalue()},
        **given,
    )

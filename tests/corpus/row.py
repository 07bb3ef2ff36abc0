# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rows of the corpus: mistakes, each with the beginning of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

LIVE, PLAIN, PROVISIONED, PROTECTED = "corpus-live", "corpus-plain", "corpus-provisioned", "corpus-protected"
ROLE, FUNCTION = "corpus-role", "corpus-function"
# In place of a value: the option is not given.
LEFT_OUT: Any = object()


class Row(NamedTuple):
    """The options of a task in place of those of a sound one, and the beginning of its answer.

    ``reads``: AWS has to be asked before it is known. ``by_ansible``: Ansible refuses it, in words that hold these.
    """

    title: str
    given: Mapping[str, Any]
    says: str
    reads: bool = False
    by_ansible: bool = False

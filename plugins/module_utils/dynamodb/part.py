# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The shape of a part of a table, which depends on no other part, and has a file of its own in ``parts``.

Each file is named as the option, and pure. How to add one: docs/architecture.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from ..plan import Step
from .table import Table


class Read(NamedTuple):
    """The call that reads a part. ``purpose`` completes "could not …"; the errors in ``none`` mean an empty answer."""

    call: str
    arguments: Mapping[str, str]
    purpose: str
    none: tuple[str, ...] = ()


class Part(Protocol):
    """The functions of each file in ``parts``."""

    def mistakes(self, options: Mapping[str, Any]) -> Iterator[str]:
        """A sentence for each fault of the options alone; a task is refused with the first one."""

    def desire(self, options: Mapping[str, Any], observed: Any) -> Any:
        """The desired value: what the options declare, laid over the observed value."""

    def to_options(self, value: Any) -> Any:
        """A value as its option takes it."""

    def from_api(self, answer: Mapping[str, Any]) -> Any:
        """The value in an answer of DynamoDB; an empty answer means that there is none."""

    def steps(self, desired: Table, observed: Table) -> Iterator[Step]:
        """The calls from the observed value to the desired one; none if both are equal, or one is unknown."""


class AskedPart(Part, Protocol):
    """A part that takes a call to be read."""

    def read(self, name: str, arn: str) -> Read:
        """The call that reads the part, for the table of this name and ARN."""

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""What a run is going to do, as values that can be shown, tested and performed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Impossible(Exception):
    """What AWS cannot do, or what was declared wrong: one sentence that names the option and the remedy.

    Raised before any write, in check mode too.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(printable(sentence))


def printable(sentence: str) -> str:
    """A sentence in one line: what cannot be printed of the values that it tells is written as Python does."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in sentence)


def refuse(mistakes: Iterable[str]) -> None:
    """Raise Impossible for the first of these sentences; what comes after it is not looked for."""
    for sentence in mistakes:
        raise Impossible(sentence)


@dataclass(frozen=True)
class Step:
    """One call that changes something: of which service, with which arguments.

    ``sentence`` is for people: it completes both "going to …" and "could not …", and nothing is decided by it. A step
    that is ``lengthy`` leaves the resource in transition: the next step has to wait for it.
    ``region`` is where the call goes, if not to the region of the resource.
    ``look_first``: what an earlier step is said to undo, and this one does anew; a look tells whether it is needed.
    ``at_once``: a step that ends what the resource is in transition for, and does not wait for that.
    ``once``: a step that makes one more thing each time, and that no look at the resource tells to be done; a run that
    took it does not plan it again.
    """

    service: str
    call: str
    arguments: Mapping[str, Any] = field(hash=False)
    sentence: str
    lengthy: bool = False
    region: str | None = None
    look_first: bool = False
    at_once: bool = False
    once: bool = False

    @property
    def identity(self) -> tuple[str, str, str | None, Mapping[str, Any]]:
        """What is equal in two plans of the same step.

        A table that an earlier step makes has its name in place of the ARN that it gets.
        """
        arguments = self.arguments
        if "ResourceArn" in arguments:
            arguments = {**arguments, "ResourceArn": arguments["ResourceArn"].rpartition("/")[2]}
        return self.service, self.call, self.region, arguments


Plan = tuple[Step, ...]


class Where(NamedTuple):
    """Where a resource is: its region, and the address of the endpoint if that is not AWS's."""

    region: str
    endpoint_url: str = ""

    def __str__(self) -> str:
        """In words, as a header and a sentence tell it."""
        return f"{self.region} at {self.endpoint_url}" if self.endpoint_url else self.region


def account_of(arn: str) -> str:
    """The account in an ARN; empty where the ARN names none, as that of a policy of AWS."""
    account = (arn.split(":") + [""] * 5)[4]
    return account if account.isdigit() else ""

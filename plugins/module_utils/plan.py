# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The plan of a run, as values that can be shown, tested and performed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

# The calls that make a table.
MAKING = ("CreateTable", "RestoreTableFromBackup", "RestoreTableToPointInTime", "ImportTable")


class Impossible(Exception):
    """A refusal: AWS cannot do it, or the declaration is wrong. One sentence names the option and the remedy.

    Raised before any write, in check mode too.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(printable(sentence))


def printable(sentence: str) -> str:
    """The sentence in one line; characters that cannot be printed are escaped as in Python."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in sentence)


def refuse(mistakes: Iterable[str]) -> None:
    """Raise Impossible for the first sentence, if there is one; the others are not computed."""
    for sentence in mistakes:
        raise Impossible(sentence)


def placed(sentence: str, where: str, options: Collection[str]) -> str:
    """The sentence; an option at its beginning that is one of these is named with where it was given."""
    opening = re.match(r"(\w+)[:.\[]", sentence)
    return f"{where}.{sentence}" if opening and opening[1] in options else sentence


class Step(NamedTuple):
    """A call that changes something: its service, its name and its arguments.

    ``sentence`` is for people: it completes both "going to …" and "could not …", and nothing is decided by it.
    ``lengthy``: the step leaves the resource in transition, so that the next step has to wait.
    ``region`` is where the call goes, if not to the region of the resource.
    ``look_first``: the step repairs what AWS says an earlier step undoes; the run first looks whether that is needed.
    ``at_once``: the step ends the transition of the resource, and so does not wait for its end.
    ``once``: the step makes another thing each time, and reading the resource does not show it; a run that took the
    step does not plan it again.
    """

    service: str
    call: str
    arguments: Mapping[str, Any]
    sentence: str
    lengthy: bool = False
    region: str | None = None
    look_first: bool = False
    at_once: bool = False
    once: bool = False

    @property
    def identity(self) -> tuple[str, str, str | None, Mapping[str, Any]]:
        """The part of a step that is equal whenever the same step is planned.

        A table that an earlier step makes appears by its name: its ARN is not known before.
        """
        arguments = self.arguments
        if "ResourceArn" in arguments:
            arguments = {**arguments, "ResourceArn": arguments["ResourceArn"].rpartition("/")[2]}
        return self.service, self.call, self.region, arguments


Plan = tuple[Step, ...]


class Where(NamedTuple):
    """The place of a resource: its region, and the address of the endpoint if that is not AWS's."""

    region: str
    endpoint_url: str = ""

    def __str__(self) -> str:
        """The place in words, for headers and sentences."""
        return f"{self.region} at {self.endpoint_url}" if self.endpoint_url else self.region


def region_of(arn: str) -> str:
    """The region in an ARN; empty if the ARN names none, or is none."""
    return (arn.split(":") + [""] * 4)[3]


def in_region(arn: str, region: str) -> str:
    """The ARN of the same resource in another region; as it is if it names none."""
    return arn.replace(f":{region_of(arn)}:", f":{region}:", 1) if region_of(arn) else arn


def account_of(arn: str) -> str:
    """The account in an ARN; empty if the ARN names none, as the ARN of a policy of AWS does."""
    account = (arn.split(":") + [""] * 5)[4]
    return account if account.isdigit() else ""

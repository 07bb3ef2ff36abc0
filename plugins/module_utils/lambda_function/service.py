# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""A Lambda function's environment as it is, the step performed, and the end of an update awaited.

UpdateFunctionConfiguration takes all variables at once. Those that are not named are here and nowhere else; they
leave this file only in that call.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from ..connection import DENIED, CallFailed, Client, call
from ..plan import Impossible, Step
from ..reconcile import Observation, Overtaken
from .environment import Environment, declared_alone, size

POLL_DELAYS = (0.2, 0.3, 0.5, 1.0)  # seconds, the last of them again and again
# The states of a function that pass by themselves, in words.
MOVING = {"Pending": "being created or updated", "Deactivating": "being deactivated", "Deleting": "being deleted"}
LONG_ENOUGH = 6  # characters of a value that words cannot hold by chance
QUOTED = 16  # characters of a value that is quoted in part
MEASURED = re.compile(r"\s*String measured:.*", re.DOTALL)  # Lambda quotes all variables that exceed its limit


class Function:
    """One Lambda function. ``names`` are the variables that are declared, ``needed`` whether it has to be there."""

    def __init__(self, client: Client, name: str, names: Mapping[str, str], needed: bool, patience: float) -> None:
        self.client = client
        self.name = name
        self.names = names
        self.needed = needed
        self.patience = patience
        self._answer: dict[str, Any] = {}

    def observe(self) -> Observation[Environment]:
        """The named variables as they are: one GetFunctionConfiguration."""
        if not self._look():
            return Observation(None)
        others = {name: value for name, value in self._variables().items() if name not in self.names}
        environment = Environment(self.name, declared_alone(self.names, self._variables()), size(others))
        return Observation(environment, self._transition())

    def settle(self, after: Step | None) -> bool:
        """Wait until the function has taken the step, or the change in which it was found.

        Raises CallFailed where the update failed or takes too long.
        """
        deadline, delays = time.monotonic() + self.patience, iter(POLL_DELAYS)
        delay = 0.0
        while self._look() and self._transition():
            if time.monotonic() > deadline:
                raise CallFailed(
                    f"the Lambda function {self.name} is still {self._transition()} after {self.patience:g} seconds; "
                    "wait longer with wait_timeout, or run this again later",
                    "TimedOut",
                )
            delay = next(delays, delay)
            time.sleep(delay)
        if after and self.failure:
            raise CallFailed(f"could not {after.sentence}: {self.failure}", "UpdateFailed")
        return True

    def perform(self, step: Step) -> None:
        """Write the named variables beside the others, unless somebody changed the function since it was read."""
        revision = self._answer.get("RevisionId")
        if not revision:
            raise CallFailed(
                f"could not {step.sentence}: Lambda does not say which revision of the function was read, so that a "
                "change of somebody else could be undone; run this again",
                "NoRevision",
            )
        others = {name: value for name, value in self._variables().items() if name not in self.names}
        named = step.arguments["Environment"]["Variables"]
        variables = {**others, **{name: value for name, value in named.items() if value is not None}}
        arguments = {**step.arguments, "Environment": {"Variables": variables}, "RevisionId": revision}
        try:
            call(self.client, step.call, arguments, step.sentence, self.name)
        except CallFailed as failure:
            changed = failure.code in ("PreconditionFailedException", "ResourceConflictException")
            if changed and not failure.unsure:
                raise Overtaken from None
            raise self._discreet(failure, step.sentence) from None

    @property
    def failure(self) -> str:
        """Why its last update failed, in Lambda's words; empty where it did not."""
        if self._answer.get("LastUpdateStatus") != "Failed":
            return ""
        code, words = self._answer.get("LastUpdateStatusReasonCode"), self._answer.get("LastUpdateStatusReason")
        reason = " ".join(str(words or code or "Lambda does not say why").split()).rstrip(".")
        return f"{code or 'the update failed'} (its reason names a variable)" if self._reveals(reason) else reason

    def _look(self) -> bool:
        """Read the function; whether it is there."""
        purpose = f"read the environment of the Lambda function {self.name}"
        try:
            arguments = {"FunctionName": self.name}
            self._answer = call(self.client, "GetFunctionConfiguration", arguments, purpose, self.name)
        except CallFailed as failure:
            if failure.code != "ResourceNotFoundException":
                raise
            if self.needed:
                region = self.client.meta.region_name
                remedy = "create it, or name one that is there"
                raise Impossible(f"function_name: there is no function {self.name} in {region}; {remedy}") from failure
            self._answer = {}
            return False
        error = self._answer.get("Environment", {}).get("Error")
        if error:
            self._refuse_unreadable(purpose, error)
        return True

    def _refuse_unreadable(self, purpose: str, error: Mapping[str, str]) -> None:
        """Without the values of the others nothing can be written without losing them."""
        code, words = error.get("ErrorCode", ""), " ".join(error.get("Message", "").split()).rstrip(".")
        key = self._answer.get("KMSKeyArn") or "the key that encrypts it"
        meaning = "the missing permission is" if code in DENIED else "to read it takes"
        raise CallFailed(f"could not {purpose}: {words or code}; {meaning} kms:Decrypt on {key}", code, words)

    def _variables(self) -> dict[str, str]:
        return dict(self._answer.get("Environment", {}).get("Variables", {}))

    def _transition(self) -> str:
        if self._answer.get("State") in MOVING:  # rule a-function-moves-between-states
            return MOVING[self._answer["State"]]
        return "being updated" if self._answer.get("LastUpdateStatus") == "InProgress" else ""

    def _discreet(self, failure: CallFailed, purpose: str) -> CallFailed:
        """The same failure, without what it tells of variables that are not declared."""
        sentence, words = (MEASURED.sub("", text).rstrip(" .:") for text in (failure.sentence, failure.words))
        if self._reveals(sentence.replace(purpose, "").replace(self.name, "")):
            sentence, words = f"could not {purpose}: {failure.code} (AWS's words name a variable)", ""
        return CallFailed(sentence, failure.code, words, failure.unsure)

    def _reveals(self, words: str) -> bool:
        """Whether words contain the name or a value of a variable that is there, however it is written."""
        variables = self._variables()
        hidden = [value for name, value in variables.items() if self.names.get(name) != value]
        hidden += [name for name in variables if name not in self.names]
        return any(_holds(words, form) for text in hidden for form in _forms(text) if form)


def _forms(text: str) -> Iterator[str]:
    """A text as words may quote it: as it is, as JSON or Python writes it, with white space made one, or its start."""
    for form in (text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]):
        yield " ".join(form.split())[:QUOTED]


def _holds(words: str, form: str) -> bool:
    """A short form counts as a word of its own alone, else every "a" would hide a sentence."""
    if len(form) >= LONG_ENOUGH:
        return form in words
    return bool(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", words))

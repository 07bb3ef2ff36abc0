# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The promises of every run, whatever happens: each function yields the flaws of a run, as kind and words."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.faults.account import OTHERS
from tests.faults.stage import PASSWORD, TOKEN, Recording, stable
from tests.proxy import Call
from tools.endpoint import CREDENTIALS

LONGEST = 600  # characters of a sentence
MISTAKES = ("a mistake in mana.memory", "Traceback", "Exception ignored")
SECRETS = (PASSWORD, TOKEN, CREDENTIALS["AWS_SECRET_ACCESS_KEY"], *OTHERS.values())
FRESH = re.compile(rb"<(?:SecretAccessKey|SessionToken)>([^<]+)")  # credentials, as STS gives them
ANEW = "/NAME/backups/"  # a rerun backs up anew what may have changed meanwhile

Flaws = Iterator[tuple[str, str]]


def unclear(result: Any) -> Flaws:
    """Ends other than success or failure with one sentence."""
    failures = result.get("errors") or [result["msg"]] if result.get("failed") else []
    sentences = [*failures, *result.get("warnings", [])]
    for sentence in sentences:
        if "\n" in sentence or not 0 < len(sentence) <= LONGEST:
            yield "unclear", f"not one sentence: {sentence[:LONGEST]}"
    text = result.get("output", "".join(sentences))
    for sign in MISTAKES:
        if sign in text:
            yield "unclear", text[text.index(sign) :][:LONGEST]


def leaked(result: Any, calls: list[Call]) -> Flaws:
    """Shown credentials of the client or of the role, or shown variables of others."""
    fresh = [each.decode() for call in calls if call.answer for each in FRESH.findall(call.answer.content)]
    # Credentials are what a success of sts_assume_role is for; there Ansible censors them.
    text = json.dumps({key: value for key, value in result.items() if key != "sts_creds"}, default=str)
    for secret in (*SECRETS, *fresh):
        if secret in text:
            yield "leaked", f"it shows {secret}"


def untrue(result: Any, calls: list[Call], on: bool) -> Flaws:
    """Differences between the steps reported as done and the calls performed; a call resent at once counts once.

    Under a fault that stays, nobody can know whether the call that it hit was performed.
    """
    performed, failed, pending = Counter(_performed(calls)), result.get("failed"), len(result.get("pending", []))
    if failed and performed and not {"done", "left"} <= result.keys():
        yield "untrue", f"it does not say what is done and what is left after {dict(performed)}"
        return
    steps = result.get("done", []) if failed else result.get("plan", [])[: -pending or None]
    claimed = Counter(step["call"] for step in steps)
    if on and result.get("failed_step") and performed == claimed + Counter([result["failed_step"]["call"]]):
        return
    if claimed != performed:
        yield "untrue", f"it says that it did {dict(claimed)}, and it did {dict(performed)}"
    elif bool(result.get("changed")) != bool(claimed):
        yield "untrue", f"changed is {result.get('changed')} after {dict(claimed)}"


def _performed(calls: list[Call]) -> Iterator[str]:
    """The operations of the writes that the endpoint performed."""
    for (operation, _body), tries in itertools.groupby(calls, lambda call: (call.operation, call.request.body)):
        if any(each.request.writes and each.succeeded for each in tries):
            yield operation


def other_than(recording: Recording, result: Any, name: str) -> Flaws:
    """Success with another result than without a fault, and without a warning of what could not be read."""
    before, now = recording.result, stable(result, name)
    warned = set(result.get("warnings", [])) - set(before.get("warnings", []))
    if not result.get("failed") and not warned and now != before:
        other = {key: (value, before.get(key)) for key, value in now.items() if value != before.get(key)}
        yield "untrue", "; ".join(f"{key} is said to be {now} and not {then}" for key, (now, then) in other.items())


def damage(recording: Recording, now: Mapping[str, Any]) -> Flaws:
    """Visible values that are neither as before nor as desired."""
    before, after = recording.before, recording.after
    for path in sorted(now.keys() | before.keys() | after.keys()):
        if now.get(path) not in (before.get(path), after.get(path)):
            kind = "lost" if path in before else "duplicated"
            yield kind, f"{path} was {before.get(path)}, shall be {after.get(path)}, and is {now.get(path)}"


def strayed(recording: Recording, calls: list[Call]) -> Flaws:
    """Writes to another resource, whose answer a call may have got."""
    for call in calls:
        if call.request.writes and recording.name in call.request.path + call.request.body.decode():
            yield "lost", f"{call.operation} goes to {recording.name}, which is another's"


def unlike(recording: Recording, now: Mapping[str, Any]) -> Flaws:
    """Visible values in the end that differ from those after a run without faults."""
    for path in sorted(now.keys() | recording.after.keys()):
        if now.get(path) != recording.after.get(path) and not path.startswith(ANEW):
            yield "stuck", f"{path} is {now.get(path)} and not {recording.after.get(path)}"

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The stream of the changes of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...plan import Step
from ..table import NEW, Stream, Table


def mistakes(options: Mapping[str, Any]) -> Iterator[str]:
    """A view goes with a stream that is on."""
    declared = options.get("stream_specification") or {}
    if declared.get("stream_view_type") and not declared["stream_enabled"]:
        yield (
            "stream_specification.stream_view_type: a stream that is off has no view; remove it, or set "
            "stream_enabled: true"
        )


def desire(options: Mapping[str, Any], observed: Stream) -> Stream:
    """A view that is left out stays."""
    declared = options.get("stream_specification")
    if declared is None:
        return observed
    if not declared["stream_enabled"]:
        return NEW.stream
    return Stream(True, declared.get("stream_view_type") or observed.view_type)


def to_options(value: Stream) -> dict[str, Any]:
    """A stream as its option takes it."""
    view = {"stream_view_type": value.view_type} if value.view_type else {}
    return {"stream_enabled": value.enabled, **view}


def from_api(answer: Mapping[str, Any]) -> Stream:
    """The stream; one that is off is absent in the answer (rule a-stream-that-is-off-is-absent)."""
    described = answer.get("StreamSpecification") or {}
    return Stream(True, described.get("StreamViewType")) if described.get("StreamEnabled") else NEW.stream


def to_api(value: Stream) -> dict[str, Any]:
    """A stream that is turned off has no view type (rule another-view-is-another-stream)."""
    return {"StreamEnabled": True, "StreamViewType": value.view_type} if value.enabled else {"StreamEnabled": False}


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """The end of a stream and the begin of another, in calls without capacities: DynamoDB Local does not take both.

    Another view is another stream: the old one ends before the new one begins (rule another-view-is-another-stream).
    """
    if desired.stream == observed.stream:
        return
    if observed.stream.enabled:
        sentence = f"end the stream of {observed.name}"
        if desired.stream.enabled:
            sentence = (
                f"end the stream of {observed.stream.view_type} of {observed.name}: its consumers have to move to the "
                "ARN of the next one"
            )
        yield _step(observed, NEW.stream, sentence)
    if desired.stream.enabled:
        yield _step(observed, desired.stream, f"begin a stream of {desired.stream.view_type} of {observed.name}")


def _step(observed: Table, desired: Stream, sentence: str) -> Step:
    arguments = {"TableName": observed.name, "StreamSpecification": to_api(desired)}
    return Step("dynamodb", "UpdateTable", arguments, sentence, lengthy=True)

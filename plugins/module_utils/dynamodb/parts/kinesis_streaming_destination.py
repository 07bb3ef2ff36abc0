# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The Kinesis data stream that the changes of a table go to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...plan import Step
from ..names import STREAM_ARN
from ..part import Read
from ..table import MILLISECOND, KinesisDestination, Table

Destinations = frozenset[KinesisDestination]


def mistakes(options: Mapping[str, Any]) -> Iterator[str]:
    """A destination is an ARN; a precision goes with one that is on."""
    declared = options.get("kinesis_streaming_destination") or {}
    where, arn = "kinesis_streaming_destination.", declared.get("stream_arn")
    if declared.get("enabled") and not arn:
        yield f"{where}stream_arn: name the Kinesis data stream that changes go to"
    if arn is not None and not re.fullmatch(STREAM_ARN, arn):
        yield (
            f"{where}stream_arn: '{arn}' is not the ARN of a Kinesis data stream; give one such as "
            "arn:aws:kinesis:us-east-1:123456789012:stream/changes"
        )
    precision = "approximate_creation_date_time_precision"
    if declared.get(precision) and not declared["enabled"]:
        yield f"{where}{precision}: a destination that is off has no precision; remove it"


def desire(options: Mapping[str, Any], observed: Destinations | None) -> Destinations:
    """The declared destination, in place of any other: a table has one (rule one-kinesis-destination)."""
    declared, before = options["kinesis_streaming_destination"], observed or frozenset()
    arn = declared.get("stream_arn")
    if not declared["enabled"]:
        return frozenset(each for each in before if arn and each.stream_arn != arn)
    same = next((each for each in before if each.stream_arn == arn), None)
    precision = declared.get("approximate_creation_date_time_precision") or (same.precision if same else MILLISECOND)
    return frozenset({KinesisDestination(arn, precision)})


def to_options(value: Destinations) -> dict[str, Any]:
    """A destination as its option takes it; of several, the first by its ARN."""
    for each in sorted(value, key=lambda destination: destination.stream_arn):
        precision = {"approximate_creation_date_time_precision": each.precision}
        return {"enabled": True, "stream_arn": each.stream_arn, **precision}
    return {"enabled": False}


def read(name: str, _arn: str) -> Read:
    """DescribeKinesisStreamingDestination."""
    purpose = f"read the Kinesis streaming destinations of table {name}"
    return Read("DescribeKinesisStreamingDestination", {"TableName": name}, purpose)


def from_api(answer: Mapping[str, Any]) -> Destinations:
    """The streams that changes go to, or are about to."""
    return frozenset(
        KinesisDestination(each["StreamArn"], each.get("ApproximateCreationDateTimePrecision") or MILLISECOND)
        for each in answer.get("KinesisDataStreamDestinations") or []
        if each.get("DestinationStatus") in ("ACTIVE", "ENABLING", "UPDATING")
    )


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """Disable, update and enable. Another precision is an update, so that no change is lost.

    Rule one-kinesis-destination.
    """
    after, before = desired.kinesis_streaming_destination, observed.kinesis_streaming_destination
    if after is None or before is None:
        return
    old = {each.stream_arn for each in before}
    staying = {each.stream_arn for each in after}
    new = sorted(staying - old)
    loss = f", but to {', '.join(new)}: changes in between are lost" if new else ""
    for arn in sorted(old - staying):
        yield _step("Disable", observed.name, KinesisDestination(arn), "no longer send changes of", loss)
    for each in sorted(after - before, key=lambda destination: destination.stream_arn):
        if each.stream_arn in old:
            yield _step("Update", observed.name, each, "change the precision of what is sent of")
        else:
            yield _step("Enable", observed.name, each, "send changes of")


def _step(verb: str, name: str, destination: KinesisDestination, begun: str, loss: str = "") -> Step:
    """A step. Milliseconds are the default and are not sent, since an older botocore knows no precision."""
    arguments: dict[str, Any] = {"TableName": name, "StreamArn": destination.stream_arn}
    sentence = f"{begun} {name} to {destination.stream_arn}{loss}"
    if verb == "Update" or (verb == "Enable" and destination.precision != MILLISECOND):
        configuration = {"ApproximateCreationDateTimePrecision": destination.precision}
        arguments[f"{verb}KinesisStreamingConfiguration"] = configuration
        sentence += f", in {destination.precision.lower()}s"
    return Step("dynamodb", f"{verb}KinesisStreamingDestination", arguments, sentence, lengthy=True)

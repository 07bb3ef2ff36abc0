# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Which errors of AWS pass by themselves, since other work on the table or the account is going on, and how soon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..connection import THROTTLED, CallFailed

WAIT = "wait_timeout"
DATA_WAIT = "index_wait_timeout"


class Patience(NamedTuple):
    """Whether to wait for a step, and for how long: seconds for the table, and for what takes as long as its data."""

    wait: bool = True
    table: float = 900
    indexes: float = 3600

    @classmethod
    def declared(cls, options: Mapping[str, Any]) -> Patience:
        """As the options say."""
        return cls(options["wait"], options[WAIT], options[DATA_WAIT])

    def of(self, option: str) -> float:
        """The seconds of an option."""
        return self.indexes if option == DATA_WAIT else self.table


class Passing(NamedTuple):
    """For how long other work may stand in the way: as an option says, or for as many seconds as AWS was measured."""

    option: str = WAIT
    seconds: float | None = None

    def longest(self, patience: Patience) -> float:
        """The seconds after which it does not pass any more."""
        return patience.of(self.option) if self.seconds is None else self.seconds


BUSY = "ResourceInUseException"
LIMIT = "LimitExceededException"
INVALID = "ValidationException"

# Words of errors that read like a state and are none: waiting helps nothing (rule busy-passes-but-for-three).
NEVER = ("table already exists", "already exists with replicas", "table is being deleted", "protected against deletion")

# The codes of an error, words of it in lower case, and how it passes; the first that fits counts. What is a
# ValidationException and not here is a rule, however it reads: "while updating table IOPS" never passes.
TEXTS: tuple[tuple[tuple[str, ...], str, Passing], ...] = (
    # rule an-index-keeps-others-waiting
    ((BUSY,), "indexes are being", Passing(DATA_WAIT)),
    ((BUSY,), "index is being", Passing(DATA_WAIT)),
    ((BUSY,), "index creation is in", Passing(DATA_WAIT)),
    ((BUSY,), "index deletion is in", Passing(DATA_WAIT)),
    ((LIMIT,), "only 1 online index", Passing(DATA_WAIT)),
    # rule tags-are-locked-after-a-write
    ((BUSY, LIMIT), "table tags are being updated", Passing(seconds=5)),
    # rules protection-cools-down, policy-cools-down
    ((BUSY,), "resource-based policy update", Passing(seconds=20)),
    (THROTTLED, "please try again after", Passing(seconds=20)),
    (THROTTLED, "rate", Passing(seconds=60)),
    # rule busy-passes-but-for-three
    ((BUSY,), "", Passing()),
    # rule some-limits-pass
    ((LIMIT,), "restore operations can be done simultaneously", Passing(DATA_WAIT)),
    ((LIMIT,), "simultaneously", Passing()),
    (("BackupInUseException",), "", Passing(DATA_WAIT)),
    # rule backups-come-after-the-table
    (("ContinuousBackupsUnavailableException",), "", Passing()),
    ((INVALID,), "backups are being enabled", Passing()),
    # rule insights-need-rest
    ((INVALID,), "must be active to enable contributorinsights", Passing(DATA_WAIT)),
    # rules one-kinesis-destination, kinesis-is-told-late
    ((INVALID,), "must be disabled or enable_failed to perform enable", Passing(seconds=10)),
    ((INVALID,), "must be active to perform disable", Passing(seconds=180)),
    ((INVALID,), "kinesis streaming is not in active state", Passing(seconds=180)),
    # rules one-replica-at-a-time, a-replica-leaves-its-table-behind
    ((INVALID,), "while the replica is being added", Passing(DATA_WAIT)),
    ((INVALID,), "one or more replicas already existed as tables", Passing(seconds=60)),
    # rule warmth-waits-for-allocation
    (("InternalServerError",), "under system maintenance", Passing(seconds=120)),
)


def passes(failure: CallFailed) -> Passing | None:
    """How an error passes by itself; ``None`` where waiting helps nothing."""
    words = failure.words.lower()
    if any(never in words for never in NEVER):
        return None
    return next((passing for codes, text, passing in TEXTS if failure.code in codes and text in words), None)

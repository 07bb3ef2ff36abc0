# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The tags of a table, and of a replica of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ... import tags
from ...plan import Step
from .. import holders
from ..part import Read
from ..table import Table


def mistakes(options: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each tag that breaks AWS's rules."""
    for where, holder in holders.of_table_and_replicas(options):
        yield from tags.mistakes(holder.get("tags") or {}, f"{where}tags")


def desire(options: Mapping[str, Any], observed: Mapping[str, str] | None, where: str = "") -> Mapping[str, str]:
    """The declared tags over the observed ones, which stay where ``purge_tags`` is false."""
    return tags.desire(tags.from_option(options["tags"]), observed or {}, options["purge_tags"], f"{where}tags")


def to_options(value: Mapping[str, str]) -> dict[str, str]:
    """Tags as ``tags`` takes them."""
    return dict(value)


def read(name: str, arn: str) -> Read:
    """ListTagsOfResource."""
    return Read("ListTagsOfResource", {"ResourceArn": arn}, f"read the tags of table {name}")


def from_api(answer: Mapping[str, Any]) -> dict[str, str]:
    """Tags as AWS lists them."""
    return tags.from_api(answer.get("Tags") or [])


def to_api(value: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as CreateTable takes them."""
    return tags.to_api(value)


def words(value: Mapping[str, str]) -> str:
    """Tags in one line."""
    return ", ".join(f"{key}={of}" for key, of in value.items())


def steps(desired: Table, observed: Table) -> Iterator[Step]:
    """TagResource for tags that differ, then UntagResource for tags that go (rule tags-are-overwritten)."""
    yield from tags.steps(observed.arn, observed.name, desired.tags, observed.tags)

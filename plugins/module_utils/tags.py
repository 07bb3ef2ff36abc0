# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tags: as Ansible writes them, as AWS lists them, and the difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .plan import Impossible, Step

MOST_TAGS = 50


def from_option(tags: Mapping[str, Any]) -> dict[str, str]:
    """Tags as declared. Refuses what AWS's tagging rules refuse (keys of 1 to 128 characters, values up to 256)."""
    for key, value in tags.items():
        if isinstance(value, (Mapping, list)) or value is None:
            raise Impossible(f"tags: the value of '{key}' must be a string; write it in quotes")
        if not 1 <= len(key) <= 128 or len(str(value)) > 256:
            raise Impossible(f"tags: '{key}' is too long; a key takes 1 to 128 characters, a value up to 256")
    _refuse_too_many(tags, "tags were declared")
    return {key: str(value) for key, value in sorted(tags.items())}


def over(observed: Mapping[str, str], declared: Mapping[str, str], purge: bool) -> dict[str, str]:
    """The declared tags laid over the observed ones. AWS's own (``aws:…``) always stay, and cannot be declared anew."""
    for key, value in declared.items():
        if key.startswith("aws:") and observed.get(key) != value:
            raise Impossible(f"tags: the key '{key}' is AWS's own, as all that begin with 'aws:'; choose another")
    kept = {key: value for key, value in observed.items() if not purge or key.startswith("aws:")}
    laid_over = dict(sorted({**kept, **declared}.items()))
    if laid_over.keys() - observed.keys():
        _refuse_too_many(laid_over, "tags are there with those that stay")
    return laid_over


def _refuse_too_many(tags: Iterable[str], told: str) -> None:
    """AWS counts them after the change, and its own not at all (rule tags-are-counted-after-the-merge)."""
    count = sum(not key.startswith("aws:") for key in tags)
    if count > MOST_TAGS:
        raise Impossible(f"tags: {count} {told}; a resource can have {MOST_TAGS}")


def from_api(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Tags as AWS lists them, sorted by key."""
    return dict(sorted((tag["Key"], tag["Value"]) for tag in tags))


def to_api(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as AWS takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def steps(
    arn: str, name: str, wanted: Mapping[str, str] | None, live: Mapping[str, str] | None, region: str | None = None
) -> Iterator[Step]:
    """From the live tags to the wanted: changed ones are overwritten, never removed in between.

    Rule tags-are-overwritten.
    """
    if wanted is None or live is None:
        return
    changed = {key: value for key, value in wanted.items() if live.get(key) != value}
    gone = [key for key in live if key not in wanted]
    if changed:
        told = ", ".join(f"{key}={value}" for key, value in changed.items())
        arguments = {"ResourceArn": arn, "Tags": to_api(changed)}
        yield Step("TagResource", arguments, f"tag {name} with {told}", region=region)
    if gone:
        arguments = {"ResourceArn": arn, "TagKeys": gone}
        yield Step("UntagResource", arguments, f"remove from {name} the tags {', '.join(gone)}", region=region)

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""Tags: as Ansible writes them, as AWS lists them, and the difference."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .plan import Impossible, Step

LONGEST_KEY, LONGEST_VALUE = 128, 256
MOST = 50
SIGNS = "_.:/=+-@"


def mistakes(tags: Mapping[str, Any], option: str = "tags") -> Iterator[str]:
    """A sentence for each declared tag that breaks AWS's rules.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TaggingRestrictions.html, and IAM's are the same.
    """
    for key, value in tags.items():
        if isinstance(value, (Mapping, list)) or value is None:
            yield f"{option}: the value of '{key}' must be a string; write it in quotes"
        if not key:
            yield f"{option}: a tag has an empty key; give it one"
        if len(key) > LONGEST_KEY or len(str(value)) > LONGEST_VALUE:
            limits = f"a key takes 1 to {LONGEST_KEY} characters, a value up to {LONGEST_VALUE}"
            yield f"{option}: '{key}' is too long; {limits}"
        wrong = [sign for sign in f"{key}{value}" if not _is_taken(sign)]
        if wrong:
            yield f"{option}: '{key}' has the character {wrong[0]}; tags take letters, digits, spaces and {SIGNS}"
    own = [key for key in tags if not _is_of_aws(key)]
    if len(own) > MOST:
        yield f"{option}: {len(own)} tags were declared; a resource can have {MOST}"


def from_option(tags: Mapping[str, Any]) -> dict[str, str]:
    """Tags as declared, sorted by key."""
    return {key: str(value) for key, value in sorted(tags.items())}


def desire(
    declared: Mapping[str, str], observed: Mapping[str, str], purge: bool, option: str = "tags"
) -> dict[str, str]:
    """The declared tags laid over the observed ones. AWS's own tags (``aws:…``) always stay, and cannot be declared."""
    for key, value in declared.items():
        if _is_of_aws(key) and observed.get(key) != value:
            raise Impossible(f"{option}: the key '{key}' is AWS's own, as all that begin with 'aws:'; choose another")
    kept = {key: value for key, value in observed.items() if not purge or _is_of_aws(key)}
    whole = {**kept, **declared}
    count = sum(not _is_of_aws(key) for key in whole)
    if count > MOST and whole.keys() - observed.keys():  # rule tags-are-counted-after-the-merge
        raise Impossible(
            f"{option}: with those that are there it would have {count} tags, and a resource can have {MOST}; declare "
            "fewer, or remove the others with purge_tags: true"
        )
    return dict(sorted(whole.items()))


def from_api(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Tags as AWS lists them, sorted by key."""
    return dict(sorted((tag["Key"], tag["Value"]) for tag in tags))


def to_api(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as AWS takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def steps(
    arn: str,
    name: str,
    desired: Mapping[str, str] | None,
    observed: Mapping[str, str] | None,
    region: str | None = None,
) -> Iterator[Step]:
    """The calls from the observed tags to the desired ones: a changed tag is overwritten, never removed in between.

    Rule tags-are-overwritten.
    """
    if desired is None or observed is None:
        return
    changed = {key: value for key, value in desired.items() if observed.get(key) != value}
    gone = [key for key in observed if key not in desired]
    if changed:
        pairs = ", ".join(f"{key}={value}" for key, value in changed.items())
        arguments = {"ResourceArn": arn, "Tags": to_api(changed)}
        yield Step("dynamodb", "TagResource", arguments, f"tag {name} with {pairs}", region=region)
    if gone:
        arguments = {"ResourceArn": arn, "TagKeys": gone}
        yield Step(
            "dynamodb", "UntagResource", arguments, f"remove from {name} the tags {', '.join(gone)}", region=region
        )


def _is_of_aws(key: str) -> bool:
    return key.startswith("aws:")


def _is_taken(sign: str) -> bool:
    """Whether AWS takes a character: letters, numbers and spaces of any script, and a few signs."""
    return sign in SIGNS or unicodedata.category(sign)[0] in "LNZ"

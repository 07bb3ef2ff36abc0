# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The parts of a table that DescribeTable does not answer: one call for each, made at once where there are several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

from ..connection import CallFailed, Client, Connect, Unread, call
from ..plan import in_region, region_of
from .description import Parts
from .finding import ASKED, asked
from .parts import deletion_protection_enabled
from .replica_options import REGIONAL
from .table import COMES_WITH_CREATION, NEW, Live

if TYPE_CHECKING:
    from .part import Read


class Asked(NamedTuple):
    """The parts to read: of the table, of its replica in each region, and of ``others``, the replicas not named.

    ``warm``: whether the warm throughput of the table, or of an index, is asked for; ``imported``: its import.
    ``in_turn``: one read after the other, since other tables are read at the same time.
    """

    parts: frozenset[str] = frozenset()
    replicas: Mapping[str, frozenset[str]] = MappingProxyType({})
    others: frozenset[str] = frozenset()
    warm: bool = False
    imported: bool = False
    in_turn: bool = False


NOTHING_ASKED = Asked()


def parts(connect: Connect, name: str, live: Live, asked_for: Asked) -> Parts:
    """Read the parts asked for. Raises CallFailed, and Unread where reads are denied and no other one failed."""
    reads = _reads(connect, name, live, asked_for)
    if len(reads) < 2 or asked_for.in_turn:
        return _gather(_allowed({key: _tried(read) for key, read in reads.items()}))
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(len(reads), 8)) as pool:
        answers = {key: pool.submit(_tried, read) for key, read in reads.items()}
        return _gather(_allowed({key: answer.result() for key, answer in answers.items()}))


def everything(
    connect: Connect, name: str, live: Live, regions: list[str], known: Mapping[str, Any]
) -> tuple[Parts, list[str]]:
    """Read all parts but the ``known``; the second value has a warning for each part that could not be read."""
    own = region_of(live.arn)
    replicas = {region: frozenset(REGIONAL) for region in regions if region != own}
    asked_for = Asked(frozenset(ASKED) - known.keys(), replicas)
    found: dict[tuple[str, str], Any] = {("", part): value for part, value in known.items()}
    warnings: list[str] = []
    for key, read in _reads(connect, name, live, asked_for).items():
        try:
            found[key] = read()
        except CallFailed as failure:
            warnings.append(failure.sentence)
    return _gather(found), warnings


def tags_where_allowed(client: Client, name: str, arn: str) -> tuple[Mapping[str, str] | None, list[str]]:
    """The tags of a table that nobody declared, None where they cannot be read, and a warning that says so.

    There is no warning for a denial: who declares no tags need not have the permission.
    """
    try:
        return _read(client, "tags", name, arn), []
    except CallFailed as failure:
        from ..call_faults import DENIED

        return None, [] if failure.code in DENIED else [failure.sentence]


def tags(client: Client, name: str, arn: str) -> Mapping[str, str] | None:
    """The tags of a table; ``None`` where there is no such table."""
    try:
        found: Mapping[str, str] = _read(client, "tags", name, arn)
    except CallFailed as failure:
        if failure.code == "ResourceNotFoundException":
            return None
        raise
    return found


def pages(
    client: Client, operation: str, arguments: Mapping[str, str], purpose: str, arn: str
) -> Iterator[Mapping[str, Any]]:
    """The answers to a call that answers in pages."""
    token: dict[str, str] = {}
    while True:
        answer = call(client, operation, {**arguments, **token}, purpose, arn)
        yield answer
        if not answer.get("NextToken"):
            return
        token = {"NextToken": answer["NextToken"]}


def _reads(connect: Connect, name: str, live: Live, asked_for: Asked) -> dict[tuple[str, str], Callable[[], Any]]:
    """By region ("" is the table's own) and part, the function that reads the part."""
    if live.status == "CREATING":
        # While a table is being made, its parts do not exist and cannot be read
        # (rule children-of-a-new-table-are-unseen);
        # but parts that CreateTable may have carried are unknown.
        carried = () if "RestoreSummary" in live.description else COMES_WITH_CREATION
        return {("", part): _unknown if part in carried else partial(_none, part) for part in asked_for.parts}
    client = connect("dynamodb")
    reads: dict[tuple[str, str], Callable[[], Any]] = {
        ("", part): partial(_read, client, part, name, live.arn) for part in sorted(asked_for.parts)
    }
    statuses = {each["RegionName"]: each.get("ReplicaStatus") for each in live.description.get("Replicas") or []}
    for region in sorted(statuses.keys() - {region_of(live.arn)}):
        arn = in_region(live.arn, region)
        for part in sorted(asked_for.replicas.get(region, asked_for.others)):
            if statuses[region] in NOT_THERE:
                reads[region, part] = partial(getattr, NEW, part)
            elif part == "deletion_protection_enabled":
                reads[region, part] = partial(_protection, connect("dynamodb", region), name, arn)
            else:
                reads[region, part] = partial(_read, connect("dynamodb", region), part, name, arn)
    return reads


def _tried(read: Callable[[], Any]) -> Any:
    """What a read returns, or its failure."""
    try:
        return read()
    except CallFailed as failure:
        return failure


def _allowed(answers: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    """The answers, if all are there. What fails in another way than by a denial comes first."""
    failures = {key: answer for key, answer in answers.items() if isinstance(answer, CallFailed)}
    if not failures:
        return answers
    from ..call_faults import DENIED

    for failure in failures.values():
        if failure.code not in DENIED:
            raise failure
    raise Unread(failures)


def _gather(answers: Mapping[tuple[str, str], Any]) -> Parts:
    own = {part: value for (region, part), value in answers.items() if not region}
    replicas: dict[str, dict[str, Any]] = {}
    for (region, part), value in answers.items():
        if region:
            replicas.setdefault(region, {})[part] = value
    return Parts(**own, replicas=replicas)


def _read(client: Client, option: str, name: str, arn: str) -> Any:
    """The part as the table has it."""
    part = asked(option)
    read = part.read(name, arn)
    try:
        return part.from_api(_whole(client, read, arn))
    except CallFailed as failure:
        if failure.code in read.none:
            return part.from_api({})
        raise


def _none(option: str) -> Any:
    """The value of a part that the table does not have."""
    return asked(option).from_api({})


def _whole(client: Client, read: Read, arn: str) -> dict[str, Any]:
    """The answer to a call; if it comes in pages, with the lists of all pages."""
    whole: dict[str, Any] = {}
    for page in pages(client, read.call, read.arguments, read.purpose, arn):
        whole.update(
            {
                member: whole.get(member, []) + value if isinstance(value, list) else value
                for member, value in page.items()
            }
        )
    return whole


def _protection(client: Client, name: str, arn: str) -> bool:
    """Whether a replica is protected, which only its own region answers."""
    answer = call(client, "DescribeTable", {"TableName": name}, f"read the deletion protection of {arn}", arn)
    return deletion_protection_enabled.from_api(answer["Table"])


def _unknown() -> None:
    return None


# Statuses in which a region does not know its replica: the replica is treated like a new one
# (rule children-of-a-new-table-are-unseen).
NOT_THERE = ("CREATING", "CREATION_FAILED", "DELETING", "REGION_DISABLED")

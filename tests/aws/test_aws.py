# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A real account held against the law: every rule that costs next to nothing is broken once, and AWS's answer compared.

Only with MANA_MEMORY_AWS_CONFIRM, and with the credentials of the environment: in us-east-1, replicas in eu-west-1.
AWS_ENDPOINT_URL leads elsewhere, to the gate for instance. What AWS answers otherwise than the law goes to a report.
"""

from __future__ import annotations

import functools
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import botocore.session
import pytest
from botocore.config import Config

from tests.breaking import REGIONS, broken, remove, sender
from tests.law.rules import RULES
from tests.unit.broken import CASES
from tests.unit.calling import NAME
from tools.endpoint import CACHE

CONFIRMED = os.environ.get("MANA_MEMORY_AWS_CONFIRM") == "make tables"
ELSEWHERE = os.environ.get("AWS_ENDPOINT_URL")
PREFIX = f"mana-memory-test-{secrets.token_hex(3)}"
REPORT = Path(os.environ.get("MANA_MEMORY_AWS_REPORT", CACHE / "reports/aws.md"))
# Warm throughput is paid for, a key, a Kinesis stream, a backup and files have to be made, strong consistency needs a
# third region.
LEFT_OUT = {rule.name for rule in RULES if "warm" in rule.name} | {
    "keys-are-told-by-arn",
    "an-import-is-told-apart",
    "a-witness-stands-apart",
    "strong-consistency-leaves-regions-out",
    "restored-vector-indexes-are-those-of-the-source",
    "replicas-share-the-kind-of-key",
    "strong-regions-are-frozen",
    "strong-consistency-is-born-whole",
    "one-kinesis-destination",
    "a-precision-is-updated",
    "kinesis-is-told-late",
}
TRIED = [rule.name for rule in RULES if rule.name not in LEFT_OUT]
PLAN = f"""{len(TRIED)} tables, {PREFIX}-0 to {PREFIX}-{len(TRIED) - 1}, one after the other, in us-east-1, some with
a replica in eu-west-1. Each is empty and deleted at once, also after a failure. Cost: capacity of some units for
minutes, which is less than a dollar; an hour or two, since indexes take 8 to 17 minutes each."""

pytestmark = pytest.mark.skipif(not CONFIRMED, reason=f"MANA_MEMORY_AWS_CONFIRM='make tables' makes {PLAN}")


class Difference(NamedTuple):
    """The calls that AWS answered otherwise than the law."""

    rule: str
    law: str
    aws: str


@pytest.fixture(scope="module")
def differences() -> Iterator[list[Difference]]:
    """Says beforehand what is made, and writes the report at the end."""
    print(f"\n{PLAN}")
    found: list[Difference] = []
    yield found
    rows = [f"| {each.rule} | {each.law} | {each.aws} |" for each in found]
    lines = [f"# AWS held against {len(TRIED)} rules", "", "| rule | the law | AWS |", "|---|---|---|", *rows, ""]
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text("\n".join(lines) if rows else f"# AWS held against {len(TRIED)} rules\n\nIt answers alike.\n")
    print(f"\n{len(found)} differences: {REPORT}")


@functools.cache
def connect(region: str) -> Any:
    """A client of the account, which sends each call as given, and once."""
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return botocore.session.get_session().create_client("dynamodb", region_name=region, config=config)


@pytest.mark.parametrize("rule", TRIED)
def test_aws_answers_as_the_law_has_it(differences: list[Difference], rule: str) -> None:
    name = f"{PREFIX}-{TRIED.index(rule)}"
    pause = 0 if ELSEWHERE else 2
    send = sender(connect, name, pause)
    try:
        code, message = broken(send, rule)
    finally:
        remove(sender(connect, name, pause), pause)
    case, text = CASES[rule], message.replace(name, NAME)
    if code != case.code or case.words not in text:
        law = f"{case.code}: … {case.words} …"
        differences.append(Difference(rule, law, f"{code}: {text}" if code else "accepted"))
    assert (code, case.words in text) == (case.code, True), text


def test_nothing_is_left() -> None:
    """Whatever the tests made is gone, in every region where it could be."""
    for region in REGIONS:
        pages = connect(region).get_paginator("list_tables").paginate()
        assert [name for page in pages for name in page["TableNames"] if name.startswith(PREFIX)] == []

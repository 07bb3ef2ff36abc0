# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in tasks of audit."""

from __future__ import annotations

from typing import Any

from plugins.modules import audit as module
from tests.corpus.row import LEFT_OUT, Row

__all__ = ["ROWS", "SOUND", "module"]

NOTHING = {"plan": [], "region": "us-east-1", "account_id": "000000000000"}
SOUND: dict[str, Any] = {"results": {"table threads": NOTHING}}
EXEMPT = {"thing": "table threads", "part": "tags", "reason": "why", "until": "2020-01-01", "observed": {}}
KEYS = "give thing, part, reason, until, observed"


def excepted(**changes: Any) -> dict[str, Any]:
    given = {**EXEMPT, **changes}
    return {"exceptions": [{name: value for name, value in given.items() if value is not LEFT_OUT}]}


ROWS = [
    Row("no results", {"results": LEFT_OUT}, "missing required arguments: results", by_ansible=True),
    Row(
        "a result by itself",
        {"results": NOTHING},
        "results: region is no result of a task; give what a task registered",
    ),
    Row("an unknown key", excepted(owner="me"), f"exceptions[0]: owner is no key of an exception; {KEYS}"),
    Row("no reason", excepted(reason=LEFT_OUT), f"exceptions[0]: reason is missing; {KEYS}"),
    Row("an empty reason", excepted(reason=""), "exceptions[0].reason: it is empty; say why the difference is let be"),
    Row("no day", excepted(until="soon"), "exceptions[0].until: 'soon' is no day; write one such as 2026-12-31"),
    Row("a day far away", excepted(until="2999-01-01"), "exceptions[0].until: 2999-01-01 is more than 180 days ahead"),
    Row("a table that is gone", excepted(part="existence"), "exceptions[0].part: what is gone, or too much, is never"),
    Row(
        "the same twice",
        {"exceptions": [EXEMPT, EXEMPT]},
        "exceptions: tags of table threads is excepted twice; leave one of them out",
    ),
    Row("two baselines", {"baseline": {}, "baseline_file": "a"}, "baseline|baseline_file", by_ansible=True),
    Row(
        "a baseline that is none", {"baseline": {}}, "baseline: this is no audit of mana.memory; give one that an audit"
    ),
    Row("no file", {"baseline_file": "/nowhere/audit.json"}, "baseline_file: /nowhere/audit.json cannot be read: No "),
    Row("no JSON", {"baseline_file": "/dev/null"}, "baseline_file: /dev/null is not JSON; give the file of an earlier"),
    Row("a folder in a file", {"report": "/dev/null/audit"}, "report: /dev/null/audit cannot be made: "),
    Row(
        "another end", {"fail_on": ["pending"]}, "value of fail_on must be one or more of: drift, inc", by_ansible=True
    ),
]

#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: audit
version_added: 1.1.0
short_description: Give a verdict on each part of what tasks found in check mode
description:
  - Makes one report of what tasks of this collection returned in check mode. Each part of each thing has one of six
    verdicts, and their counts add up.
  - V(in_sync) is as declared, V(drifted) is not. V(pending) is not as declared because the declaration changed and was
    not applied yet, which only a baseline can tell. V(excepted) differs and is let be. V(not_read) could not be read.
    Of what is V(not_compared) nobody declares anything.
  - It ends with an error where something differs, and as unreachable where something could not be read, so that
    C(ansible-playbook) ends with status 2 or 4. Where there is both, 4 wins.
  - It asks AWS nothing, and changes nothing there. The only files that it writes are those of O(report), in check mode
    too.
author: "the mana.memory authors (@mana)"
extends_documentation_fragment:
  - mana.memory.connection
  - mana.memory.attributes
  - mana.memory.attributes.reads
options:
  results:
    description:
      - What tasks returned in check mode, each under the name of its thing. Results of tasks that failed count too,
        where the tasks had C(ignore_errors) or C(failed_when).
      - What M(mana.memory.dynamodb_tables) returned with C(details=true), what a loop registered, and a list of results
        are many things. Under C(table) each is named such as C(table threads in us-east-1 of account 123456789012).
    type: dict
    required: true
  exceptions:
    description:
      - Differences that are let be. Each has C(thing) and C(part) as the report names them, the C(reason), the day
        C(until) which it counts, at most 180 days ahead, and the C(observed) value that it is for.
      - Of the parts C(variables) and C(item), C(observed) has each value itself, or the digest of it that the report
        shows, as a mapping with the key C(digest). The report has digests only, and those of a value are the same in
        each audit.
      - One that has expired, or the value of which moved, does not count. These, and those that nothing needs, are
        named.
      - What is gone, could not be read, or is refused as it is declared, is never excepted.
    type: list
    elements: dict
    default: []
  baseline:
    description:
      - The report of an earlier audit, for instance of one right after the last apply. With it each difference is told
        as a change of AWS, of the declaration, or of both.
      - Mutually exclusive with O(baseline_file).
    type: dict
  baseline_file:
    description:
      - The file with the baseline. A relative path begins where C(ansible-playbook) was started.
    type: path
  report:
    description:
      - The folder that C(audit.json), C(audit.xml) for JUnit, C(audit.md), C(audit.html), C(audit.sarif) for code
        scanning and C(annotations.txt) for GitHub's log are written to. It is made where it is not there.
      - A relative path begins where C(ansible-playbook) was started.
    type: path
  fail_on:
    description:
      - What ends with an error, V(drift), which V(pending) counts as, and what is V(incomplete).
    type: list
    elements: str
    choices: [drift, incomplete]
    default: [drift, incomplete]
notes:
  - Values of a Lambda function's variables and of items are digests in the report, made with scrypt. Those of parts
    have a salt of the region and the function, or of the region and the name in O(results), so that they are the same
    in each audit.
"""

EXAMPLES = r"""
- name: Compare
  mana.memory.dynamodb_table:
    name: threads
    time_to_live: {attribute_name: ttl}
  check_mode: true
  ignore_errors: true
  register: threads

- name: Give the verdict
  mana.memory.audit:
    results:
      table threads: "{{ threads }}"
    exceptions:
      - thing: table threads
        part: time_to_live
        reason: a migration keeps old items until it is done
        until: "2026-12-31"
        observed: {enabled: false}
    report: reports
"""

RETURN = r"""
status:
  description: 0 where all is as declared or excepted, 2 where something differs, 4 where something was not read.
  returned: success and failure
  type: int
verdicts:
  description: How many parts have which verdict.
  returned: success and failure
  type: dict
  sample: {in_sync: 7, drifted: 0, pending: 0, excepted: 0, not_read: 0, not_compared: 5}
sums:
  description: The counts in words, and that they add up.
  returned: success and failure
  type: str
needed:
  description: The steps that the differences of each thing take, as sentences. What is excepted takes none.
  returned: success and failure
  type: dict
  sample: {table threads: [expire items of threads by ttl]}
policy:
  description: The policy that whoever audits these things needs, made from what their tasks declare.
  returned: success and failure
  type: dict
report:
  description: The report. docs/report.schema.json is its schema.
  returned: success and failure
  type: dict
"""

import datetime
import getpass
import os
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.mana.memory.plugins.module_utils import audit as audits
from ansible_collections.mana.memory.plugins.module_utils import audit_pages, audit_permissions, keeping
from ansible_collections.mana.memory.plugins.module_utils import report as reports
from ansible_collections.mana.memory.plugins.module_utils.connection import Connect
from ansible_collections.mana.memory.plugins.module_utils.front import run_module

# Who started a job, as GitHub Actions and GitLab tell it.
PIPELINE_USERS = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN")
INCOMPLETE = 4  # the status

OPTIONS: dict[str, dict[str, Any]] = {
    "results": {"type": "dict", "required": True},
    "exceptions": {"type": "list", "elements": "dict", "default": []},
    "baseline": {"type": "dict"},
    "baseline_file": {"type": "path"},
    "report": {"type": "path"},
    "fail_on": {
        "type": "list",
        "elements": "str",
        "choices": [*audits.FAULTS],
        "default": [*audits.FAULTS],
    },
}
SPEC: dict[str, Any] = {
    "argument_spec": OPTIONS,
    "mutually_exclusive": [("baseline", "baseline_file")],
    "not_told": ("results", "exceptions", "baseline"),  # they are long, and may hold secrets of items
}


def run(parameters: Mapping[str, Any], _connect: Connect, _check_mode: bool) -> dict[str, Any]:
    """Give the verdicts, and write the report. Raises Impossible."""
    now = datetime.datetime.now(datetime.timezone.utc)
    results = audits.one_by_one(parameters["results"])
    exempt = audits.exceptions(parameters["exceptions"], now.date(), "exceptions")
    baseline = _baseline(parameters)
    salt = secrets.token_hex(16)
    found = audits.audit(results, baseline, exempt, now.date(), salt)
    made = reports.Report(audits.AUDIT, now, salt, found.things)
    value = audits.to_json(made, found)
    if parameters["report"]:
        keeping.write_all(parameters["report"], _files(made, found, value, _made(results.values())), "report")
    answer: dict[str, Any] = {
        "changed": False,
        "status": found.status,
        "verdicts": found.counts,
        "sums": audit_pages.sums(found),
        "needed": found.needed,
        "policy": audit_permissions.policy(results.values()),
        "report": value,
    }
    if any(found.has(kind) for kind in parameters["fail_on"]):
        answer.update(failed=True, msg=audit_pages.sentence(found))
    warnings = audit_pages.doubts(found)
    return {**answer, "warnings": warnings} if warnings else answer


def _baseline(parameters: Mapping[str, Any]) -> reports.Report | None:
    if parameters["baseline"] is not None:
        return reports.from_json(parameters["baseline"], "baseline", audits.AUDIT)
    path = parameters["baseline_file"]
    if path is None:
        return None
    return reports.from_json(keeping.read(path, "baseline_file", "audit"), "baseline_file", audits.AUDIT)


def _made(results: Iterable[Mapping[str, Any]]) -> audit_pages.Made:
    """By whom, as the pipeline or else the machine calls them, and at which endpoints."""
    names = [os.environ[name] for name in PIPELINE_USERS if os.environ.get(name)]
    endpoints = [_endpoint(each.get("compared") or each) for each in results]
    return audit_pages.Made(names[0] if names else _user(), tuple(dict.fromkeys(filter(None, endpoints))))


def _endpoint(result: Mapping[str, Any]) -> str:
    return result.get("endpoint_url") or ("AWS" if result.get("region") else "")


def _user() -> str:
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # in a container a user may have none
        name = f"user {os.getuid()}"
    return f"{name} on {os.uname().nodename}"


def _files(made: reports.Report, found: audits.Audit, value: Mapping[str, Any], by: audit_pages.Made) -> dict[str, str]:
    return {
        "audit.json": keeping.as_json(value),
        "audit.xml": audit_pages.junit(found),
        "audit.md": audit_pages.markdown(made, found, by),
        "audit.html": audit_pages.page(made, found, by),
        "audit.sarif": keeping.as_json(audit_pages.sarif(found)),
        "annotations.txt": audit_pages.github(found),
    }


def main() -> None:
    """Run as an Ansible module."""
    run_module(SPEC, run)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: plan
version_added: 1.1.0
short_description: Keep a plan for an approval, and hold a run to it
description:
  - Makes one plan of what tasks of this collection returned in check mode. It is a value that a variable, a file or
    C(ansible.builtin.set_stats) can hold.
  - With O(approved) or O(approved_file) it compares that plan with one that was approved before, and fails unless all
    that is left to do was approved, in the same place and from the same values. So a task that stands behind this one
    does what was reviewed, and a run that was interrupted goes on with the same approval.
  - It changes nothing in AWS. It writes O(file), and two pages into O(folder), in check mode too.
author: "the mana.memory authors (@mana)"
extends_documentation_fragment:
  - mana.memory.connection
  - mana.memory.attributes
  - mana.memory.attributes.reads
options:
  results:
    description:
      - What tasks returned in check mode, each under the name that the plan gives the thing. Results of tasks that were
        skipped are left out.
      - What M(mana.memory.dynamodb_tables) returned with C(details=true), what a loop registered, and a list of results
        are many things. Under C(table) each is named such as C(table threads in us-east-1).
    type: dict
    required: true
  approved:
    description:
      - The plan that was approved, as RV(report) of an earlier run.
      - Mutually exclusive with O(approved_file).
    type: dict
  approved_file:
    description:
      - The file with the plan that was approved. A relative path begins where C(ansible-playbook) was started.
    type: path
  max_age:
    description:
      - How many hours an approved plan counts, 1 to 8760. A plan of which nothing is left is never too old.
    type: int
    default: 24
  file:
    description:
      - The file that the plan is written to, as JSON. A relative path begins where C(ansible-playbook) was started.
    type: path
  folder:
    description:
      - The folder that pages for reviewers are written to, C(plan.md) in Markdown, at most 60,000 characters long, and
        C(gitlab.json), the three numbers that GitLab shows in a merge request. It is made where it is not there.
    type: path
  simulate:
    description:
      - Whether IAM is asked what the caller may do of the steps that are left, where it may be asked. What it denies is
        told in a warning, since the policy of a resource, which IAM's simulator does not know, may allow it.
      - It takes C(iam:SimulatePrincipalPolicy) on the caller, and C(iam:GetRole) where the caller is a role.
    type: bool
    default: false
  forbid:
    description:
      - Effects that no step may have. A plan with such a step is refused.
      - V(create), V(change) and V(delete) are what steps do; each does one of them. Steps that are V(irreversible)
        cannot be taken back, and those that are V(lossy) lose something.
    type: list
    elements: str
    choices: [create, change, delete, irreversible, lossy]
    default: []
notes:
  - An approved plan is held against steps (service, call, region and arguments), against the account, and against the
    values that the steps change. A step that was done since, by this plan or by somebody else, is no difference, where
    it is not followed by one that was not.
  - Values of a Lambda function's variables and of items are digests in the plan, made with scrypt and a new salt.
    A sentence may name an item by its key.
  - Where a result does not tell the account, C(sts:GetCallerIdentity) does, which takes no permission.
"""

EXAMPLES = r"""
- name: See what it takes
  mana.memory.dynamodb_table:
    name: threads
    time_to_live: {attribute_name: ttl}
  check_mode: true
  register: threads

- name: Keep the plan
  mana.memory.plan:
    results:
      table threads: "{{ threads }}"
    file: plan.json

- name: Go on with nothing but what was approved
  mana.memory.plan:
    results:
      table threads: "{{ threads }}"
    approved_file: plan.json

- name: See what many tables take
  mana.memory.dynamodb_tables:
    defaults: {deletion_protection_enabled: true}
    tables: "{{ tables }}"
    details: true
  check_mode: true
  register: compared

- name: Keep the plan of all of them, and a page on which equal plans are one entry
  mana.memory.plan:
    results:
      table: "{{ compared }}"
    file: plan.json
    folder: review
"""

RETURN = r"""
report:
  description: The plan that was made now. docs/report.schema.json is its schema.
  returned: success
  type: dict
counts:
  description: How many steps have which effect.
  returned: success
  type: dict
  sample: {create: 1, change: 0, delete: 0, irreversible: 0, lossy: 0}
sentences:
  description: What is to be done, step by step.
  returned: success
  type: list
  elements: str
  sample: [expire items of threads by ttl]
bound:
  description: Whether an approved plan was given, and all that is left was approved.
  returned: success
  type: bool
file:
  description: The file that the plan was written to.
  returned: when O(file) is given
  type: str
"""

import datetime
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.mana.memory.plugins.module_utils import keeping, plan_page
from ansible_collections.mana.memory.plugins.module_utils import report as reports
from ansible_collections.mana.memory.plugins.module_utils.connection import Connect
from ansible_collections.mana.memory.plugins.module_utils.foretelling import EFFECTS
from ansible_collections.mana.memory.plugins.module_utils.front import run_module
from ansible_collections.mana.memory.plugins.module_utils.iam import caller
from ansible_collections.mana.memory.plugins.module_utils.plan import Impossible, Step

LONGEST = 8760  # hours: a year

OPTIONS: dict[str, dict[str, Any]] = {
    "results": {"type": "dict", "required": True},
    "approved": {"type": "dict"},
    "approved_file": {"type": "path"},
    "max_age": {"type": "int", "default": 24},
    "file": {"type": "path"},
    "folder": {"type": "path"},
    "simulate": {"type": "bool", "default": False},
    "forbid": {"type": "list", "elements": "str", "choices": [*EFFECTS], "default": []},
}
SPEC: dict[str, Any] = {
    "argument_spec": OPTIONS,
    "mutually_exclusive": [("approved", "approved_file")],
    "not_told": ("results", "approved"),
}


def run(parameters: Mapping[str, Any], connect: Connect, _check_mode: bool) -> dict[str, Any]:
    """Make the plan, and hold it against the approved one. Raises Impossible."""
    hours = parameters["max_age"]
    if not 1 <= hours <= LONGEST:
        raise Impossible(f"max_age: {hours} is out of range; give 1 to {LONGEST} hours")
    approved, option = _approved(parameters)
    salt = approved.salt if approved else secrets.token_hex(16)
    things = reports.from_results(parameters["results"], salt)
    reports.refuse_forbidden(things, parameters["forbid"], "forbid")
    account, doubt = ("", "") if all(thing.account_id for thing in things) else keeping.account(connect)
    things = reports.in_account(things, account)
    now = datetime.datetime.now(datetime.timezone.utc)
    if approved:
        reports.bind(approved, things, now, hours, option)
    made = reports.Report(reports.PLAN, now, salt, things)
    value = reports.to_json(made)
    answer: dict[str, Any] = {
        "changed": False,
        "report": value,
        "counts": made.counts,
        "sentences": [step.sentence for step in made.steps],
        "bound": approved is not None,
    }
    if parameters["file"]:
        keeping.write(parameters["file"], keeping.as_json(value), "file")
        answer["file"] = parameters["file"]
    if parameters["folder"]:
        keeping.write_all(parameters["folder"], _pages(made), "folder")
    warnings = [doubt] if doubt else []
    if parameters["simulate"] and made.steps:
        warnings += caller.lacking(connect, _permissions(made))
    return {**answer, "warnings": warnings} if warnings else answer


def _approved(parameters: Mapping[str, Any]) -> tuple[reports.Report | None, str]:
    """The approved plan, and the option that gives it."""
    if parameters["approved"] is not None:
        return reports.from_json(parameters["approved"], "approved"), "approved"
    path = parameters["approved_file"]
    if path is None:
        return None, ""
    return reports.from_json(keeping.read(path, "approved_file", "plan"), "approved_file"), "approved_file"


def _permissions(made: reports.Report) -> Iterator[tuple[Step, tuple[str, ...]]]:
    """The permissions that each step takes, with the first of each thing also those of its service that reads take."""
    for thing in made.things:
        for number, (step, foretold) in enumerate(zip(thing.steps, thing.foretold)):
            reads = [each for each in thing.reads if not number and each.startswith(f"{step.service}:")]
            yield step, tuple(dict.fromkeys([*foretold.permissions, *reads]))


def _pages(made: reports.Report) -> dict[str, str]:
    return {"plan.md": plan_page.markdown(made), "gitlab.json": keeping.as_json(plan_page.gitlab(made))}


def main() -> None:
    """Run as an Ansible module."""
    run_module(SPEC, run)


if __name__ == "__main__":
    main()

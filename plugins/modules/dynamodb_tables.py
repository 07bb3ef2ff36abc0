#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_tables
version_added: 1.1.0
short_description: Declare many DynamoDB tables at once
description:
  - Brings many tables to what is declared of them, each as M(mana.memory.dynamodb_table) does, in one process. Their
    reads and their waits overlap.
  - All tables are read and planned before the first is written. One that is refused, or cannot be read, keeps all
    others from being changed, and all refusals are told at once.
  - A few tables are changed first, and then the rest. Where one fails, nothing new is started. A table whose first step
    was sent is brought to its end, and any other is left as it is.
  - Writes of an account and region are as many a second as AWS takes, and no more tables are in transition at once than
    AWS allows. A table that waits for its turn has not failed.
  - A run of more than 5 seconds tells on the standard error how far it is, where it runs in the controller's process.
    Each change is told, at most every 10 seconds, and where nothing changes a line comes within 15. As a module it
    cannot tell anything.
extends_documentation_fragment:
  - mana.memory.connection
  - mana.memory.attributes
  - mana.memory.attributes.writes
author:
  - The mana.memory authors (@mana)
seealso:
  - module: mana.memory.dynamodb_table
options:
  tables:
    description:
      - The tables. Each takes the options of M(mana.memory.dynamodb_table), C(name) among them.
      - Each also takes C(region) and C(profile), in place of those of the task. A C(profile) takes the place of the
        task's keys.
      - Each also takes C(role_arn), the ARN of a role that is assumed for it, and C(external_id), which its trust
        policy may ask for.
      - The same table twice, by name, region and account, is refused.
    type: list
    elements: dict
    required: true
  defaults:
    description:
      - Options that count for each table that does not have them. An option of a table takes the place of the whole
        option here. What is wrong in one of them is named C(defaults.OPTION).
    type: dict
    default: {}
  concurrency:
    description:
      - How many calls are made at once, 1 to 64.
      - How fast tables are written is not up to this option. AWS throttles the writes of an account and region, so that
        they begin with 5 a second and become more or fewer as AWS takes them.
    type: int
    default: 32
  first:
    description:
      - How many of the tables that change are changed before all others. Where too many of these fail, no other is
        changed.
      - V(1) where more than 10 tables change, else V(0), which changes all at once.
    type: int
  max_fail_percentage:
    description:
      - The percentage of tables that may fail before nothing new is started. It has to be exceeded, and counts for the
        tables that are read, for the O(first) ones that change and for the rest, each for itself.
      - V(100) changes whatever can be changed.
    type: int
    default: 0
  details:
    description:
      - Whether RV(tables) has of each table all that M(mana.memory.dynamodb_table) returns, as M(mana.memory.plan) and
        M(mana.memory.audit) take it.
    type: bool
    default: false
  approved_tables:
    description:
      - RV(tables) of a run in check mode of the same O(tables), with O(details=true), which somebody approved. Nothing
        is done to a table but the steps in its C(plan); steps that are done by then are left out.
      - Any other step, and another list of tables, is refused, in check mode too, before the first write.
    type: list
    elements: dict
  journal:
    description:
      - A folder in which a run keeps a journal, with a line before and after each write. It is removed at the end.
      - Ansible ends an interrupted run without a word. The next run with the same folder tells what that run had done,
        looks at the writes of which nobody knows whether they had their effect, and goes on.
      - Without it, the next run goes on too, and cannot tell.
    type: path
"""

EXAMPLES = r"""
- name: Three tables, of which one is different
  mana.memory.dynamodb_tables:
    defaults:
      hash_key_name: pk
      range_key_name: sk
      deletion_protection_enabled: true
    tables:
      - name: threads
      - name: messages
        time_to_live:
          attribute_name: ttl
      - name: resources
        range_key_name: resource

- name: The same table in two regions and in another account
  mana.memory.dynamodb_tables:
    defaults:
      name: mana-memory
      hash_key_name: pk
    tables:
      - region: us-east-1
      - region: eu-central-1
      - region: us-east-1
        role_arn: arn:aws:iam::123456789012:role/tables

- name: See what two tables take
  mana.memory.dynamodb_tables: &tables
    tables: [{name: threads, hash_key_name: pk}, {name: messages, hash_key_name: pk}]
    details: true
  check_mode: true
  register: planned

- name: Go on with nothing but what was approved
  mana.memory.plan:
    results:
      table: "{{ planned }}"
    approved_file: plan.json

- name: Do that and no more
  mana.memory.dynamodb_tables:
    <<: *tables
    approved_tables: "{{ planned.tables }}"

- name: A thousand tables, ten of them first, and a journal in case it is interrupted
  mana.memory.dynamodb_tables:
    defaults:
      deletion_protection_enabled: true
    tables: "{{ tables }}"
    first: 10
    journal: reports/tables
"""

RETURN = r"""
tables:
  description:
    - The tables, in the order of the declaration.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: The name of the table.
      returned: always
      type: str
      sample: threads
    region:
      description: Its region.
      returned: always
      type: str
      sample: us-east-1
    changed:
      description: Whether it was changed, or in check mode would be.
      returned: always
      type: bool
    failed:
      description: Whether it failed. RV(failures) says why.
      returned: when it did
      type: bool
    msg:
      description: Why it failed, in words.
      returned: when it did and O(details=true)
      type: str
    refused:
      description: Whether it was refused, so that nothing was done to it.
      returned: when it failed and O(details=true)
      type: bool
    not_started:
      description: Whether it is to be changed and was not, since other tables failed.
      returned: when it is so
      type: bool
    pending:
      description: How many steps C(wait=false) left for the next run.
      returned: when there are any
      type: int
    under_way:
      description: What AWS is still doing when the run ends, in words.
      returned: when there is something
      type: str
    done:
      description: The steps that were performed before it failed, as M(mana.memory.dynamodb_table) returns them.
      returned: when a step failed
      type: list
      elements: dict
    failed_step:
      description: The step that failed, in the same form. None where a wait failed.
      returned: when a step failed
      type: dict
    left:
      description: The steps that are left for the next run, in the same form.
      returned: when a step failed
      type: list
      elements: dict
plans:
  description:
    - The plans, the most common first. Those that are equal for several tables are told once.
    - The name of the table is C({name}) in them.
  returned: always
  type: list
  elements: dict
  contains:
    tables:
      description: The names of the tables with this plan.
      type: list
      elements: str
      sample: [threads, messages]
    steps:
      description: Its steps, in order.
      type: list
      elements: dict
      contains:
        service:
          description: The service that is called.
          type: str
          sample: dynamodb
        call:
          description: The API call.
          type: str
          sample: UpdateTable
        region:
          description: The region that is called.
          type: str
          sample: us-east-1
        arguments:
          description: The arguments of the call, as the API names them.
          type: dict
        sentence:
          description: What it does, in words.
          type: str
          sample: protect table {name} against deletion
endpoint_url:
  description: The address of the endpoint.
  returned: when it is not AWS's
  type: str
  sample: http://127.0.0.1:4566
failures:
  description: Why tables failed. What is equal for several tables is told once.
  returned: when a table failed
  type: list
  elements: dict
  contains:
    msg:
      description: What is wrong, in words.
      type: str
    tables:
      description: The names of the tables.
      type: list
      elements: str
refused:
  description: Whether what was declared is impossible, so that nothing was done.
  returned: when it is
  type: bool
check_mode:
  description: Whether this ran in check mode, so that nothing was changed.
  returned: in check mode
  type: bool
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.mana.memory.plugins.module_utils import front, listed
from ansible_collections.mana.memory.plugins.module_utils.connection import Connect
from ansible_collections.mana.memory.plugins.module_utils.dynamodb import argument_spec, many, places
from ansible_collections.mana.memory.plugins.module_utils.dynamodb.many import Declared, Tell
from ansible_collections.mana.memory.plugins.module_utils.plan import Impossible, refuse

OPTIONS = {
    "tables": {"type": "list", "elements": "dict", "required": True},
    "defaults": {"type": "dict", "default": {}},
    "concurrency": {"type": "int", "default": 32},
    "first": {"type": "int"},
    "max_fail_percentage": {"type": "int", "default": 0},
    "details": {"type": "bool", "default": False},
    "journal": {"type": "path"},
    "approved_tables": {"type": "list", "elements": "dict"},
}

# A thousand tables would be told again with each result.
SPEC = {"argument_spec": OPTIONS, "not_told": ("tables", "defaults", "approved_tables")}

TABLE: dict[str, Any] = {**argument_spec.SPEC, "argument_spec": {**argument_spec.OPTIONS, **places.OPTIONS}}

# Whether ``run`` tells on the way how far it is.
TELLS = True


def run(
    parameters: Mapping[str, Any], connect: Connect, check_mode: bool, tell: Tell = lambda _words: None
) -> dict[str, Any]:
    """Bring the tables to what ``parameters`` declare."""
    refuse(_out_of_range(parameters))
    read = listed.read(parameters["tables"], parameters["defaults"], TABLE)
    tables = [_declared(each) for each in read]
    if parameters["approved_tables"] is not None:
        tables = _held(tables, parameters["approved_tables"])
    result = many.run(tables, parameters, connect, check_mode, tell)
    if parameters["details"]:
        declared = [front.declared(table.parameters, places.OPTIONS) for table in tables]
        result["tables"] = [{**each, **of_table} for each, of_table in zip(result["tables"], declared)]
    return result


def _declared(read: listed.Read) -> Declared:
    name, options, inherited = read
    if isinstance(options, listed.Wrong):
        return Declared(name, places.Place(), {}, options.sentence)
    return Declared(name, places.place(options), options, inherited=inherited)


def _held(tables: Sequence[Declared], approved: Sequence[Mapping[str, Any]]) -> list[Declared]:
    """The tables, each with the steps that were approved for it. Refuses an approval of other tables."""
    remedy = "plan anew, and have that approved"
    if len(tables) != len(approved):
        raise Impossible(
            f"approved_tables: there are {len(tables)} tables, and {len(approved)} were approved; {remedy}"
        )
    for number, (table, each) in enumerate(zip(tables, approved)):
        place = f"approved_tables[{number}]"
        if each.get("name") != table.name:
            raise Impossible(f"{place}: the table is {table.name}, and {each.get('name')} was approved; {remedy}")
        if not isinstance(each.get("plan"), list):
            raise Impossible(f"{place}: it has no plan; give tables of a run in check mode with details: true")
    return [
        table._replace(parameters={**table.parameters, "approved_steps": each["plan"]})
        for table, each in zip(tables, approved)
    ]


def _out_of_range(parameters: Mapping[str, Any]) -> Iterator[str]:
    for option, least, most in (("concurrency", 1, 64), ("first", 0, None), ("max_fail_percentage", 0, 100)):
        number = parameters[option]
        if number is not None and not (least <= number and (most is None or number <= most)):
            yield f"{option}: {number} is out of range; give {least} " + ("or more" if most is None else f"to {most}")


def main() -> None:
    front.run_module(SPEC, run)


if __name__ == "__main__":
    main()

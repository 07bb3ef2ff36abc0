# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Both front ends answer alike: every case runs in the controller's process and as a module.

All cases are tasks of a few plays, run once for each front end. What they registered is compared field by
field. Beside the collection's modules there is a probe: a module whose options use every constraint that
Ansible knows, and whose engine returns what it was given. It is made of the collection's two front ends.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import botocore
import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from plugins.module_utils.masking import MASKS_WHAT_IT_SHOWS
from tests.integration.playbook import BIN
from tools.endpoint import Endpoint, running, without_aws
from tools.lambda_role import TRUST

IN_PROCESS, AS_MODULE = "in the controller's process", "as a module"
WAYS = {IN_PROCESS: "true", AS_MODULE: "false"}

# Improbable, so that one of them in the output is a leak.
SECRETS = {
    name: f"secret-{name}-{number}-nobody-would-write-this"
    for number, name in enumerate(("option", "token", "environment", "vault", "unsafe", "nested", "default", "retry"))
}

# What the server makes up; only its form is compared.
VOLATILE = {"creation_date_time", "id", "table_id"}

# The plugins of the collection proof.ends: the probe, and a connection and a way to become another user that only
# differ in their names from what is there.
ENDS = Path(__file__).parent / "proof_ends"


class Case(NamedTuple):
    """A task, and what its result holds at least: values (or patterns) by their path in the result."""

    title: str
    task: str
    expected: dict[str, Any]


class Play(NamedTuple):
    keywords: str
    cases: list[Case]


def unsupported(names: str) -> dict[str, Any]:
    return {"failed": True, "msg": re.compile(rf"Unsupported parameters for .*: {names}\. Supported parameters.*")}


def failed(msg: str) -> dict[str, Any]:
    return {"failed": True, "msg": msg}


# Before ansible-core 2.19 a template that has no value is empty text.
NO_VALUE = re.compile(r"number: '' is not a whole number; write one such as 5|numbers\[1\]: it has no value; give one")


HAS_RESOURCE_POLICIES = [int(number) for number in botocore.__version__.split(".")] >= [1, 34, 67]


def refused(msg: str | re.Pattern[str]) -> dict[str, Any]:
    return {"failed": True, "refused": True, "msg": msg}


MASKED = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
PLAIN = Play(
    "",
    [
        Case("nothing given", "probe: {}", failed("one of the following is required: text, left, named, fails")),
        Case("an unsupported option", "probe: {text: a, colour: red}", unsupported("colour")),
        Case("unsupported suboptions", "probe: {text: a, sub: {name: b, colour: c}}", unsupported("sub.colour")),
        Case("several mistakes", "probe: {colour: a, number: b, sub: {}}", {"failed": True}),
        Case(
            "a wrong type",
            "probe: {text: a, number: many}",
            refused("number: 'many' is not a whole number; write one such as 5"),
        ),
        Case(
            "a wrong type of a list's member",
            "probe: {text: a, numbers: [1, x]}",
            refused("numbers[1]: 'x' is not a whole number; write one such as 5"),
        ),
        Case(
            "a wrong type of a mapping",
            "probe: {text: a, mapping: [1]}",
            refused("mapping: a list is not a mapping; write {name: …}"),
        ),
        Case(
            "a wrong type in a list of suboptions",
            "probe: {text: a, subs: [1]}",
            refused("subs[0]: 1 is not a mapping; write {name: …}"),
        ),
        Case(
            "a wrong type of an alias",
            "probe: {called: [a]}",
            refused("called: a list is not text; write one text"),
        ),
        Case(
            "a wrong type in a loop",
            "probe: {text: a, flag: '{{ item }}'}\nloop: [perhaps, 'off']",
            {
                "results.0.msg": "flag: 'perhaps' is neither true nor false; write one of these",
                "results.1.echo.flag": False,
            },
        ),
        Case(
            "a wrong type from a template",
            "probe: {text: a, number: '{{ none }}', numbers: '{{ [1, none] }}'}",
            refused(NO_VALUE),
        ),
        Case(
            "a wrong choice",
            "probe: {text: a, kind: three}",
            failed("value of kind must be one of: one, two, got: three"),
        ),
        Case("a wrong choice in a list", "probe: {text: a, kinds: [one, three]}", {"failed": True}),
        Case(
            "a missing suboption",
            "probe: {text: a, sub: {size: 1}}",
            failed("missing required arguments: name found in sub"),
        ),
        Case(
            "options that exclude each other",
            "probe: {text: a, left: b}",
            failed("parameters are mutually exclusive: left|text"),
        ),
        Case("suboptions that exclude each other", "probe: {text: a, sub: {name: a, size: 1, kind: one}}", {}),
        Case(
            "options that go together",
            "probe: {text: a, ratio: 1.5}",
            failed("parameters are required together: ratio, number"),
        ),
        Case("suboptions that go together", "probe: {text: a, sub: {name: a, other: one}}", {"failed": True}),
        Case(
            "one of several required by a value",
            "probe: {text: a, kind: two}",
            failed("kind is two but any of the following are missing: file, json"),
        ),
        Case(
            "all required by a value",
            "probe: {text: a, flag: true}",
            failed("flag is True but all of the following are missing: mapping"),
        ),
        Case(
            "required by another option",
            "probe: {text: a, needs_right: b}",
            failed("missing parameter(s) required by 'needs_right': right"),
        ),
        Case("an option and its alias", "probe: {named: a, called: b}", {"failed": False, "echo.named": "b"}),
        Case("a suboption and its alias", "probe: {text: a, sub: {name: a, title: b}}", {"echo.sub.name": "b"}),
        Case("an alias", "probe: {called: b}", {"echo.named": "b", "changed": False}),
        Case("an alias that is leaving", "probe: {old_name: b}", {"echo.named": "b"}),
        Case("an option that is leaving", "probe: {text: a, leaving: b}", {"echo.leaving": "b"}),
        Case(
            "defaults",
            "probe: {text: a, sub: {name: b}}",
            {"echo.kind": "one", "echo.sub.size": 3, "echo.flag": False, "echo.region": None},
        ),
        Case(
            "types",
            """
            probe:
              text: 12
              number: "7"
              ratio: "1.5"
              flag: "yes"
              mapping: "a=1, b=2"
              file: "~/x/$PROBE_UNSET"
              json: {a: [1, null, true]}
              bytes: 1K
              kinds: one,two
              numbers: [1, "2"]
              raw: [1, 1.5, true, null, text, 2024-05-06, 2024-05-06T07:08:09Z, {1: 2}, [1], 0x1F, 1e3, "07"]
              subs: [{name: a, size: "3"}, {name: 5}]
            """,
            {"echo.text": "12", "echo.number": 7, "echo.flag": True, "echo.bytes": 1024, "echo.numbers": [1, 2]},
        ),
        Case(
            "dates and numbers as text",
            "probe: {text: 2024-05-06, named: 1.50, right: null}",
            {"echo.named": "1.5"},
        ),
        Case(
            "a flag as text",
            "probe: {text: yes}",
            {"failed": True, "refused": True, "msg": re.compile("text: true is not text; write it in quotes, .*")},
        ),
        Case(
            "dates, numbers and flags in mappings",
            "probe: {text: a, mapping: {day: 2024-05-06, yes: no, 5: 2, none: null, real: 1.50, deep: [{a: 1}]}}",
            {"echo.mapping.real": 1.5},
        ),
        Case("a template with native types", "probe: {text: a, raw: '{{ [1, {1: none}, (2, 3), true] }}'}", {}),
        Case("a whole task as a template", 'probe: \'{{ {"text": "from a variable"} }}\'', {}),
        Case("arguments in one line", "probe: text=a number=7 ratio=1.5 flag=no", {"echo.number": 7}),
        Case("arguments of args", "probe:\nargs: {text: a, number: 3, ratio: 1}", {"echo.number": 3}),
        Case("an omitted option", "probe: {text: a, number: '{{ omit }}', sub: {name: b, size: '{{ omit }}'}}", {}),
        Case("unsafe text", 'probe: {text: !unsafe "{{ not a template }}"}', {"echo.text": "{{ not a template }}"}),
        Case("check mode", "probe: {text: a}\ncheck_mode: true", {"check_mode": True}),
        Case("a difference", "probe: {text: a}\ndiff: true", {"diff.after.a": 2}),
        Case("the folder", "probe: {text: a}", {}),
        Case(
            "warnings",
            "probe: {text: a, warnings: [first, second]}",
            {"warnings": ["first", "second"]},
        ),
        Case("warnings of a loop", "probe: {text: a, warnings: ['{{ item }}', both]}\nloop: [a, b]", {}),
        Case("an impossible declaration", "probe: {fails: impossible, say: this}", failed("text: this cannot be")),
        Case("a failed call", "probe: {fails: call, say: this}", failed("could not do it: this")),
        Case(
            "a run that stopped half way",
            "probe: {fails: half way, say: this}",
            {**failed("stopped at this"), "done.0.sentence": "DoIt for this", "failed": True},
        ),
        Case("a mistake of ours", "probe: {fails: bug, say: this}", {"failed": True}),
        Case(
            "until it holds",
            "probe: {text: a}\nuntil: false\nretries: 2\ndelay: 0",
            {"failed": True, "attempts": 2},
        ),
        Case("retries of a failure", "probe: {fails: call}\nretries: 1\ndelay: 0", {"attempts": 1}),
        Case("when the condition is false", "probe: {text: a}\nwhen: false", {"skipped": True}),
        Case(
            "changed and failed as the task says",
            "probe: {text: a}\nchanged_when: true\nfailed_when: result is changed",
            {},
        ),
        Case("delegated to this machine", "probe: {text: a}\ndelegate_to: localhost", {"echo.text": "a"}),
        Case("once for all hosts", "probe: {text: a}\nrun_once: true", {"echo.text": "a"}),
        Case("nothing but no_log", "probe: {text: a}\nno_log: true", {"echo.text": "a"}),
        Case("a time limit", "probe: {text: a}\ntimeout: 60", {"echo.text": "a"}),
        Case(
            "another environment for each item",
            "probe: {text: a}\nenvironment: {AWS_REGION: '{{ item }}', PROBE_TOKEN: '{{ item * 9 }}'}\n"
            "loop: [abcd, efgh]",
            {"results.1.environment.AWS_REGION": "efgh", "results.1.environment.PROBE_TOKEN": MASKED},
        ),
        Case(
            "odd values in the environment",
            "probe: {text: a}\n"
            "environment: {PROBE_NUMBER: 1, PROBE_YES: yes, PROBE_EMPTY: '', PROBE_DAY: 2024-05-06,"
            " PROBE_QUOTES: \"a 'b' $HOME\"}",
            {"environment.PROBE_NUMBER": "1", "environment.PROBE_QUOTES": "a 'b' $HOME"},
        ),
        Case(
            "a list of environments",
            "probe: {text: a}\nenvironment: [{PROBE_A: a, PROBE_B: a}, {PROBE_B: b}]",
            {"environment.PROBE_A": "a", "environment.PROBE_B": "b"},
        ),
        Case("afterwards, the environment is as before", "probe: {text: a}", {}),
        Case(
            "secrets in options",
            "probe: {text: a, token: '{{ secret.token }}', say: '{{ secret.token }}',"
            " sub: {name: '{{ secret.nested }} b', password: '{{ secret.nested }}'}, secret_key: '{{ secret.option }}',"
            " access_key: '{{ secret.option }}', raw: {'{{ secret.option }}': 'x {{ secret.default }}'}}",
            {"said": "between ******** words", "echo.sub.name": "******** b", "echo.access_key": MASKED},
        ),
        Case(
            "secrets in a failure",
            "probe: {fails: half way, token: '{{ secret.token }}', say: '{{ secret.token }}'}",
            failed("stopped at ********"),
        ),
        Case(
            "secrets in a mistake of ours",
            "probe: {fails: bug, token: '{{ secret.token }}', say: 'x {{ secret.token }}'}",
            {"failed": True},
        ),
        Case(
            "secrets in a wrong choice",
            "probe: {text: a, token: '{{ secret.token }}', kind: '{{ secret.token }}'}",
            failed("value of kind must be one of: one, two, got: ********"),
        ),
        Case(
            "secrets in a wrong type",
            "probe: {text: a, secret_key: '{{ secret.option }}', mapping: 'the {{ secret.option }}'}",
            refused("mapping: 'the ********' is not a mapping; write {name: …}"),
        ),
        Case(
            "secrets in warnings",
            "probe: {text: a, token: '{{ secret.token }}', warnings: ['the {{ secret.token }}']}",
            {},
        ),
        Case(
            "secrets in the environment",
            "probe: {text: a, say: '{{ secret.environment }}'}\nenvironment: {PROBE_TOKEN: '{{ secret.environment }}'}",
            {"said": "between ******** words", "environment.PROBE_TOKEN": MASKED},
        ),
        Case(
            "secrets from the vault",
            "probe: {text: a, token: '{{ from_vault }}', say: '{{ from_vault }}', mapping: {a: '{{ from_vault }}'}}",
            {"said": "between ******** words", "echo.mapping.a": MASKED},
        ),
        Case(
            "secrets from the vault that are nobody's secrets",
            "probe: {text: '{{ plain_vault }}', mapping: {a: '{{ plain_vault }}'}}",
            {"echo.text": "in the vault", "echo.mapping.a": "in the vault"},
        ),
        Case(
            "secrets of unsafe text",
            "probe: {text: a, token: !unsafe '@UNSAFE@', say: !unsafe '@UNSAFE@'}",
            {"said": "between ******** words"},
        ),
        Case(
            "secrets of an item",
            "probe: {text: a, token: '{{ secret[item] }}', say: '{{ secret[item] }}'}\nloop: [token, retry]",
            {"results.1.said": "between ******** words"},
        ),
        Case("facts are left alone", "ansible.builtin.debug: {var: ansible_facts}", {"ansible_facts": {}}),
    ],
)

READ_ALL = Case("read all", "mana.memory.dynamodb_table_info: {}", {})
TABLE = "mana.memory.dynamodb_table: {name: front, hash_key_name: pk, range_key_name: sk"
ITEM = "mana.memory.dynamodb_item: {table_name: front"
AWS = [
    Case(
        "a new table in check mode",
        f"{TABLE}, tags: {{a: b}}}}\ncheck_mode: true",
        {"changed": True, "plan.0.call": "CreateTable"},
    ),
    Case("a new table", f"{TABLE}, tags: {{a: b}}}}\ndiff: true", {"changed": True, "diff.after.tags.a": "b"}),
    Case("the same table", f"{TABLE}, tags: {{a: b}}}}", {"changed": False, "table_name": "front"}),
    Case(
        "a change in check mode",
        f"{TABLE}, time_to_live: {{attribute_name: ttl}}}}\ncheck_mode: true\ndiff: true",
        {"changed": True, "plan.0.call": "UpdateTimeToLive"},
    ),
    Case(
        "many changes",
        f"{TABLE}, tags: {{c: 2024-05-06, d: yes, e: 1}}, deletion_protection_enabled: true,"
        " time_to_live: {attribute_name: ttl}, point_in_time_recovery: {},"
        " indexes: [{name: gsi1, type: global_all, hash_key_name: gsi1pk}]}\ndiff: true",
        {"changed": True},
    ),
    Case("a refusal", "mana.memory.dynamodb_table: {name: front, hash_key_name: other}", {"failed": True}),
    Case("a refused deletion", "mana.memory.dynamodb_table: {name: front, state: absent}", {"failed": True}),
    Case("a bad name", "mana.memory.dynamodb_table: {name: x, hash_key_name: pk}", {"failed": True}),
    Case(
        "a switch in place of a mapping",
        f"{TABLE}, point_in_time_recovery: true}}",
        {"changed": False, "point_in_time_recovery.enabled": True},
    ),
    Case(
        "another switch in place of a mapping in check mode",
        f"{TABLE}, point_in_time_recovery: false}}\ncheck_mode: true",
        {"changed": True, "plan.0.call": "UpdateContinuousBackups", "point_in_time_recovery.enabled": False},
    ),
    Case(
        "a switch in place of a mapping that has none",
        f"{TABLE}, warm_throughput: true}}",
        refused("warm_throughput: true is not a mapping; write {read_units_per_second: …, write_units_per_second: …}"),
    ),
    Case(
        "bytes as a tag",
        f"{TABLE}, tags: {{a: !!binary aGVsbG8=}}}}",
        refused("tags.a: bytes have no form here; write them as text, for instance with the filter b64encode"),
    ),
    Case(
        "a policy with a date as its version",
        f"{TABLE}, resource_policy: {{Version: 2012-10-17, Statement: [{{Effect: Allow, Principal:"
        " {AWS: 123456789012}, Action: 'dynamodb:GetItem', Resource: '*'}]}}\ncheck_mode: true",
        {"changed": True, "plan.0.call": "PutResourcePolicy", "resource_policy.Version": "2012-10-17"}
        if HAS_RESOURCE_POLICIES
        else refused("resource_policy: the installed botocore is too old for it; install 1.34.67 or newer"),
    ),
    Case(
        "JSON text with white space around it",
        f'{TABLE}, purge_tags: false, tags: "\\n\\n  {{\\"f\\": \\"g\\"}}\\n"}}',
        {"changed": True, "tags.f": "g"},
    ),
    Case(
        "infinity in place of a number",
        f"{TABLE}, read_capacity: .inf}}",
        refused("read_capacity: inf is not a whole number; write one such as 5"),
    ),
    Case("an unsupported option of a table", "mana.memory.dynamodb_table: {name: a, colour: b}", unsupported("colour")),
    # The results of a loop keep their arguments.
    Case(
        "arguments of a mistake",
        "mana.memory.dynamodb_table: {name: a, state: b}\nloop: [1]",
        {"results.0.invocation.module_args.profile": None},
    ),
    Case("a table without a name", "mana.memory.dynamodb_table: {}", failed("missing required arguments: name")),
    Case(
        "half of a pair of keys",
        "mana.memory.dynamodb_table: {name: front, access_key: a}",
        failed("parameters are required together: access_key, secret_key"),
    ),
    Case(
        "a profile and keys",
        "mana.memory.dynamodb_table: {name: front, profile: a, access_key: b, secret_key: '{{ secret.option }}'}",
        {"failed": True},
    ),
    Case("a profile that is not there", "mana.memory.dynamodb_table: {name: front, profile: nobody}", {"failed": True}),
    Case(
        "an option and its aliases",
        f"{TABLE}, region: eu-west-1, aws_region: us-east-1, resource_tags: {{}}, purge_tags: no}}",
        {"changed": False, "region": "us-east-1"},
    ),
    Case("read", "mana.memory.dynamodb_table_info: {name: front}", {"table.status": "ACTIVE"}),
    READ_ALL._replace(expected={"tables.0.name": "front"}),
    Case(
        "an item",
        f"{ITEM}, key: {{pk: a, sk: b}}, item: {{n: 1, real: 1.5, big: 12345678901234567890, yes: true, none: null,"
        " day: 2024-05-06, list: [1, {a: '2'}], say: '{{ plain_vault }}'}}\ndiff: true",
        {"changed": True},
    ),
    Case(
        "another item in check mode",
        f"{ITEM}, key: {{pk: a, sk: b}}, item: {{n: 2}}}}\ndiff: true\ncheck_mode: true",
        {"changed": True},
    ),
    Case(
        "bytes in an item and in its key",
        f"{ITEM}, key: {{pk: a, sk: bytes}}, item: {{digest: !!binary aGVsbG8=, form: {{$binary: !!binary aGVsbG8=}},"
        " set: {$binary_set: [!!binary aGVsbG8=]}}}",
        {"item.digest.$binary": "aGVsbG8=", "item.form.$binary": "aGVsbG8=", "item.set.$binary_set.0": "aGVsbG8="},
    ),
    Case(
        "a date with a time in an item",
        f"{ITEM}, key: {{pk: a, sk: b}}, item: {{at: 2024-05-06 07:08:09}}}}",
        refused("item.at: DynamoDB has no type for a date with a time; write it in quotes, as a string"),
    ),
    Case(
        "DynamoDB's own JSON in an item",
        f"{ITEM}, key: {{pk: a, sk: wire}}, item: {{x: {{S: text}}}}}}",
        {"changed": True, "item.x.S": "text"},
    ),
    Case("an item without a part of its key", f"{ITEM}, key: {{pk: a}}, item: {{}}}}", {"failed": True}),
    Case("a read item", "mana.memory.dynamodb_item_info: {table_name: front, key: {pk: a, sk: b}}", {"count": 1}),
    Case(
        "a search for what is no vector",
        "mana.memory.dynamodb_item_info: {table_name: front, index_name: vectors, search_vector: [0.5, 1e-05, many]}",
        refused(
            re.compile(r"search_vector\[2\]: a vector has numbers alone, this is a string; write a number, and .*")
        ),
    ),
    Case(
        "a search for infinity",
        "mana.memory.dynamodb_item_info: {table_name: front, index_name: vectors, search_vector: [0.5, -.inf]}",
        refused(re.compile(r"search_vector\[1\]: a vector has finite numbers of 32 bits, .*")),
    ),
    Case("a removed item", f"{ITEM}, key: {{pk: a, sk: b}}, state: absent}}", {}),
    Case(
        "a region for each item",
        "mana.memory.dynamodb_table: {name: 'front-{{ item }}', hash_key_name: pk, region: '{{ item }}'}\n"
        "loop: [us-east-1, eu-west-1, us-east-1]",
        {"results.0.region": "us-east-1", "results.1.region": "eu-west-1", "results.2.changed": False},
    ),
    Case(
        "a region for each item from the environment",
        "mana.memory.dynamodb_table: {name: 'front-{{ item }}', hash_key_name: pk}\n"
        "environment: {AWS_REGION: '{{ item }}'}\nloop: [eu-west-1, us-east-1, eu-west-1]",
        {"results.0.region": "eu-west-1", "results.1.region": "us-east-1", "results.0.changed": False},
    ),
    Case(
        "an account for each item",
        "mana.memory.dynamodb_table_info: {name: front, access_key: '{{ item }}', secret_key: '{{ secret.option }}'}\n"
        "loop: ['111111111111', '222222222222', '111111111111']\ncheck_mode: false",
        {},
    ),
    Case(
        "an account for each item from the environment",
        "mana.memory.dynamodb_table_info: {name: front}\n"
        "environment: {AWS_ACCESS_KEY_ID: '{{ item }}', AWS_SECRET_ACCESS_KEY: '{{ secret.environment }}'}\n"
        "loop: ['111111111111', '222222222222', '111111111111']",
        {},
    ),
    Case(
        "an endpoint for each item",
        "mana.memory.dynamodb_table_info: {name: front}\n"
        "environment: {AWS_ENDPOINT_URL: '{{ item }}'}\n"
        "loop: ['{{ endpoint }}', 'http://127.0.0.1:1', '{{ endpoint }}']",
        {"results.0.table.name": "front", "results.1.failed": True, "results.2.table.name": "front"},
    ),
    Case(
        "no endpoint that answers",
        "mana.memory.dynamodb_table: {name: front, hash_key_name: pk, endpoint_url: 'http://127.0.0.1:1'}",
        {"failed": True},
    ),
    Case(
        "no credentials",
        "mana.memory.dynamodb_table: {name: front, hash_key_name: pk}\n"
        "environment: {AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: ''}",
        {"failed": True},
    ),
    Case("protection off", "mana.memory.dynamodb_table: {name: front, deletion_protection_enabled: false}", {}),
    Case("a deleted table", "mana.memory.dynamodb_table: {name: front, state: absent}\ndiff: true", {"changed": True}),
    Case("a table that is gone", "mana.memory.dynamodb_table: {name: front, state: absent}", {"changed": False}),
    Case(
        "and the others",
        "mana.memory.dynamodb_table: {name: 'front-{{ item }}', state: absent, region: '{{ item }}'}\n"
        "loop: [us-east-1, eu-west-1]",
        {},
    ),
]

DEFAULTS = Play(
    """
    module_defaults:
      group/mana.memory.aws: {region: eu-central-1, endpoint_url: "{{ endpoint }}"}
      mana.memory.dynamodb_table: {hash_key_name: id, wait_timeout: 33, tags: {from: defaults}}
    environment: {AWS_REGION: ap-south-1, AWS_ENDPOINT_URL: "http://127.0.0.1:1", PROBE_PLAY: play, PROBE_BLOCK: play}
    """,
    [
        Case(
            "defaults of the group and the module",
            "mana.memory.dynamodb_table: {name: defaults}\nloop: [1]",
            {
                "results.0.region": "eu-central-1",
                "results.0.hash_key_name": "id",
                "results.0.invocation.module_args.wait_timeout": 33,
            },
        ),
        Case(
            "the task's own word before the defaults",
            "mana.memory.dynamodb_table: {name: defaults, region: us-west-2, hash_key_name: pk}\ncheck_mode: true",
            {"hash_key_name": "pk", "tags.from": "defaults"},
        ),
        Case(
            "defaults of the group alone",
            "mana.memory.dynamodb_table_info: {name: defaults}",
            {"table.name": "defaults"},
        ),
        Case(
            "defaults of a task",
            "mana.memory.dynamodb_table: {name: defaults, state: absent}\n"
            "module_defaults: {mana.memory.dynamodb_table: {wait_timeout: 44}}\nloop: [1]",
            {"results.0.invocation.module_args.wait_timeout": 44},
        ),
        Case(
            "a short name",
            "dynamodb_table_info: {colour: red}\ncollections: [mana.memory]",
            {"failed": True},
        ),
        Case(
            "environment of the play",
            "probe: {text: a}",
            {"environment.AWS_REGION": "ap-south-1", "environment.PROBE_BLOCK": "play"},
        ),
        Case(
            "environment of block and task",
            "block:\n"
            "  - probe: {text: a}\n"
            "    environment: {PROBE_TASK: task}\n"
            "    register: @REGISTER@\n"
            "environment: {PROBE_BLOCK: block, PROBE_TASK: block}",
            {"environment.PROBE_PLAY": "play", "environment.PROBE_BLOCK": "block", "environment.PROBE_TASK": "task"},
        ),
    ],
)

ROLES = ("front", "other")
MEMORY = "arn:aws:dynamodb:us-east-1:000000000000:table/front"
ARN = "arn:aws:iam::000000000000:policy/ends/front"
INLINE = "mana.memory.iam_role_policy: {role_name: front, policy_name: inline"
MANAGED = "mana.memory.iam_role_policy: {role_name: front, type: managed, policy_name: front, path: /ends/"
ATTACHED = f"mana.memory.iam_role_policy: {{policy_arn: '{ARN}', role_name"
SIMULATED = "mana.memory.iam_policy_simulation_info: {role_name: front"


def allowing(*actions: str) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": MEMORY}
    return f"policy_document: {json.dumps({'Version': '2012-10-17', 'Statement': statement})}"


DOCUMENT = allowing("dynamodb:GetItem", "dynamodb:Query")
SAME_DOCUMENT = allowing("dynamodb:query", "dynamodb:GetItem")
OTHER_DOCUMENT = allowing("dynamodb:GetItem", "dynamodb:PutItem")
ABOUT = "description: what the front may do, tags: {a: b, day: 2024-05-06}"


def questions(action: str, expected: str) -> str:
    return f"{{action: 'dynamodb:{action}', resource: '{MEMORY}', expected: {expected}}}"


IAM = [
    Case(
        "a policy on no role",
        f"mana.memory.iam_role_policy: {{role_name: nobody, policy_name: a, {DOCUMENT}}}",
        {"failed": True},
    ),
    Case("no role", "mana.memory.iam_role_policy: {policy_name: a, state: absent}", {"failed": True}),
    Case(
        "an inline policy in check mode", f"{INLINE}, {DOCUMENT}}}\ncheck_mode: true", {"plan.0.call": "PutRolePolicy"}
    ),
    Case("an inline policy", f"{INLINE}, {DOCUMENT}}}\ndiff: true", {"changed": True, "plan.0.call": "PutRolePolicy"}),
    Case("the same inline policy in other words", f"{INLINE}, {SAME_DOCUMENT}}}", {"changed": False}),
    Case(
        "what a role may do is as expected",
        f"{SIMULATED}, checks: [{questions('GetItem', 'allowed')}, {questions('PutItem', 'denied')}]}}",
        {"simulated": True, "authoritative": False, "results.0.allowed": True, "results.1.allowed": False}
        | {"unexpected": [], "changed": False},
    ),
    Case(
        "what a role may do is not as expected",
        f"{SIMULATED}, checks: [{questions('Query', 'denied')}, {questions('DeleteTable', 'allowed')}]}}",
        {
            "unexpected.0.sentence": f"dynamodb:Query on {MEMORY} is allowed, and should be denied",
            "unexpected.1.sentence": f"dynamodb:DeleteTable on {MEMORY} is denied, and should be allowed",
        },
    ),
    Case(
        "what a role may do, in check mode and without expectation",
        f"{SIMULATED}, actions: 'dynamodb:GetItem,dynamodb:Scan', resources: ['{MEMORY}']}}\ncheck_mode: true",
        {"results.0.decision": "allowed", "results.1.decision": "implicitDeny", "unexpected": []},
    ),
    Case(
        "a simulation for each role",
        "mana.memory.iam_policy_simulation_info: {role_name: '{{ item }}', actions: 'dynamodb:Query',"
        f" resources: ['{MEMORY}']}}\nloop: [front, other]",
        {"results.0.results.0.allowed": True, "results.1.results.0.allowed": False},
    ),
    Case(
        "a simulation without a question", f"{SIMULATED}}}", failed("one of the following is required: actions, checks")
    ),
    Case(
        "a simulation with resources alone",
        f"{SIMULATED}, checks: [{questions('Query', 'denied')}], resources: ['{MEMORY}']}}",
        failed("missing parameter(s) required by 'resources': actions"),
    ),
    Case(
        "an unknown expectation",
        f"{SIMULATED}, checks: [{questions('Query', 'maybe')}]}}",
        failed("value of expected must be one of: allowed, denied, got: maybe found in checks"),
    ),
    Case(
        "a simulation for no role",
        "mana.memory.iam_policy_simulation_info: {role_name: nobody, actions: ['dynamodb:Query']}",
        {},
    ),
    Case(
        "a simulation where nobody answers",
        f"{SIMULATED}, actions: ['dynamodb:Query'], endpoint_url: 'http://127.0.0.1:1'}}",
        {"failed": True, "msg": re.compile("could not .*: no answer from http://127.0.0.1:1 .*")},
    ),
    Case("a removed inline policy", f"{INLINE}, state: absent}}\ndiff: true", {"plan.0.call": "DeleteRolePolicy"}),
    Case(
        "a managed policy in check mode",
        f"{MANAGED}, {ABOUT}, {DOCUMENT}}}\ncheck_mode: true\ndiff: true",
        {"changed": True, "plan.0.call": "CreatePolicy", "plan.1.call": "AttachRolePolicy"},
    ),
    Case(
        "a managed policy",
        f"{MANAGED}, {ABOUT}, {DOCUMENT}}}\ndiff: true",
        {"changed": True, "plan.0.call": "CreatePolicy", "plan.1.call": "AttachRolePolicy"},
    ),
    Case("the same managed policy in other words", f"{MANAGED}, {ABOUT}, {SAME_DOCUMENT}}}", {"changed": False}),
    Case(
        "another meaning of a managed policy in check mode",
        f"{MANAGED}, {OTHER_DOCUMENT}}}\ncheck_mode: true\ndiff: true",
        {"plan.0.call": "CreatePolicyVersion"},
    ),
    Case(
        "another meaning and other tags of a managed policy",
        f"{MANAGED}, tags: {{a: c}}, {OTHER_DOCUMENT}}}\ndiff: true",
        {"plan.0.call": "CreatePolicyVersion", "plan.1.call": "TagPolicy", "plan.2.call": "UntagPolicy"},
    ),
    Case("another description", f"{MANAGED}, description: others, {OTHER_DOCUMENT}}}", {"failed": True}),
    Case("a bad document", f"{MANAGED}, policy_document: {{Version: '2012-10-17', Statement: []}}}}", {"failed": True}),
    Case("a managed policy by its ARN", f"{ATTACHED}: front}}", {"changed": False}),
    Case(
        "a managed policy for another role",
        f"{ATTACHED}: other}}\ndiff: true",
        {"changed": True, "plan.0.call": "AttachRolePolicy"},
    ),
    Case(
        "a managed policy that another role has too",
        f"{MANAGED}, {DOCUMENT}}}\ncheck_mode: true",
        {"plan.0.sentence": re.compile(".*, which also counts for role other")},
    ),
    Case(
        "a managed policy that stays for another role",
        f"{MANAGED}, state: absent}}\ndiff: true",
        {
            "changed": True,
            "plan.0.call": "DetachRolePolicy",
            "plan.0.sentence": re.compile(".*leave the policy itself.*other"),
        },
    ),
    Case(
        "a detached managed policy",
        f"{ATTACHED}: '{{{{ item }}}}', state: absent}}\nloop: [front, other]",
        {"results.0.changed": False, "results.1.plan.0.call": "DetachRolePolicy"},
    ),
    Case("a removed managed policy", f"{MANAGED}, state: absent}}\ndiff: true", {"plan.1.call": "DeletePolicy"}),
    Case("a managed policy that is gone", f"{MANAGED}, state: absent}}", {"changed": False}),
    Case("no managed policy of this ARN", f"{ATTACHED}: front}}", {"failed": True}),
    Case(
        "a name and an ARN of a policy",
        f"{ATTACHED}: front, policy_name: front}}",
        failed("parameters are mutually exclusive: policy_name|policy_arn"),
    ),
]

PLAYS = [PLAIN, Play("", AWS), Play("", IAM), DEFAULTS]
CASES = {case.title: case for play in PLAYS for case in play.cases}


class Run(NamedTuple):
    results: dict[str, Any]
    output: str


class Runner:
    """Runs playbooks from a folder of its own, against the endpoint."""

    def __init__(self, folder: Path, endpoint: Endpoint) -> None:
        self.folder = folder
        self.endpoint = endpoint
        shutil.copytree(ENDS, folder / "ansible_collections/proof/ends/plugins")
        (folder / "vault.key").write_text("the key of the vault")
        vault = VaultLib([("default", VaultSecret(b"the key of the vault"))])
        plain = {"secret": SECRETS, "endpoint": endpoint.url}
        sealed = {"from_vault": SECRETS["vault"], "plain_vault": "in the vault"}
        variables = [f"{name}: {json.dumps(value)}\n" for name, value in plain.items()]
        variables += [
            f"{name}: !vault |\n{textwrap.indent(vault.encrypt(value).decode(), '  ')}"
            for name, value in sealed.items()
        ]
        (folder / "variables.yml").write_text("".join(variables))
        self.numbers = itertools.count()

    def run(self, plays: list[Play], *arguments: str, way: str | None = None, **environment: str) -> Run:
        """The registered result of each case, by its title, and the output."""
        registers: dict[str, str] = {}
        text = "".join(self.play_text(play, registers) for play in plays)
        number = next(self.numbers)
        playbook, results = self.folder / f"playbook-{number}.yml", self.folder / f"results-{number}.json"
        content = ", ".join(f"{json.dumps(title)}: {name} | default(none)" for title, name in registers.items())
        copied = {"content": f"{{{{ {{{content}}} | to_json }}}}", "dest": str(results)}
        text += (
            "- hosts: localhost\n  gather_facts: false\n  tasks:\n"
            f"    - ansible.builtin.copy: {json.dumps(copied)}\n      check_mode: false\n      no_log: true\n"
        )
        playbook.write_text(text)
        command = [BIN / "ansible-playbook", playbook, "-e", "@variables.yml", *arguments]
        if way:
            command += ["-e", f"mana_memory_in_process={WAYS[way]}"]
        finished = subprocess.run(
            [str(word) for word in command],
            cwd=self.folder,
            env={
                **without_aws(os.environ),
                **self.endpoint.environment,
                "ANSIBLE_COLLECTIONS_PATH": f"{self.folder}:{sys.prefix}/collections",
                "ANSIBLE_CONNECTION_PLUGINS": f"{ENDS}/connection",
                "ANSIBLE_BECOME_PLUGINS": f"{ENDS}/become",
                "ANSIBLE_VAULT_PASSWORD_FILE": f"{self.folder}/vault.key",
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
                "ANSIBLE_NOCOLOR": "1",
                "ANSIBLE_PIPELINING": "1",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        output = finished.stdout + finished.stderr
        assert results.exists(), output
        found = results.read_text().replace(self.endpoint.url, "ENDPOINT").replace(str(self.folder), "FOLDER")
        return Run(json.loads(found), output)

    def play_text(self, play: Play, registers: dict[str, str]) -> str:
        text = "- hosts: localhost\n  gather_facts: false\n"
        text += textwrap.indent(textwrap.dedent(play.keywords).strip("\n"), "  ") + "\n  tasks:\n"
        for case in play.cases:
            name = f"case_{len(registers)}"
            registers[case.title] = name
            task = textwrap.dedent(case.task).strip().replace("@UNSAFE@", SECRETS["unsafe"])
            task = re.sub(r"\bprobe:", "proof.ends.probe:", task)
            keywords = ["" if "@REGISTER@" in task else f"register: {name}", "ignore_errors: true"]
            task = "\n".join([f"name: {case.title}", task.replace("@REGISTER@", name), *filter(None, keywords)])
            text += "    - " + textwrap.indent(task, "      ").lstrip() + "\n"
        return text


def stable(value: Any) -> Any:
    """A result without what differs from run to run by its nature."""
    if isinstance(value, dict):
        return {
            name: re.sub("[0-9a-f]", "0", str(member)) if name in VOLATILE else stable(member)
            for name, member in value.items()
            if name != "ansible_parsed"  # ansible-core 2.22 says it of what modules print
        }
    return [stable(member) for member in value] if isinstance(value, list) else value


def at(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


@pytest.fixture(scope="module")
def runners(
    tmp_path_factory: pytest.TempPathFactory, client: Callable[[str, Endpoint], Any]
) -> Iterator[dict[str, Runner]]:
    """A play for each front end, each with an endpoint of its own, so that they can run at once and list all tables."""
    folders = [tmp_path_factory.mktemp("ministack") for _way in WAYS]
    with running("ministack", folders[0]) as one, running("ministack", folders[1]) as other:
        endpoints = (one, other)
        for endpoint, role in itertools.product(endpoints, ROLES):
            client("iam", endpoint).create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(TRUST))
        yield {
            way: Runner(tmp_path_factory.mktemp("front-end"), endpoint)
            for way, endpoint in zip(WAYS, endpoints, strict=True)
        }


@pytest.fixture(scope="module")
def runner(runners: dict[str, Runner]) -> Runner:
    return runners[IN_PROCESS]


Both = dict[str, Run]


def both_ways(runners: dict[str, Runner], plays: list[Play], *arguments: str, **environment: str) -> Both:
    """The results and the output of cases, by the way that they went."""
    with ThreadPoolExecutor() as pool:
        started = {
            way: [pool.submit(runners[way].run, [play], *arguments, way=way, **environment) for play in plays]
            for way in WAYS
        }
        return {way: joined([run.result() for run in runs]) for way, runs in started.items()}


def joined(runs: list[Run]) -> Run:
    return Run(
        {title: result for run in runs for title, result in run.results.items()}, "".join(run.output for run in runs)
    )


@pytest.fixture(scope="module")
def both(runners: dict[str, Runner]) -> Both:
    """All cases, as modules one second each: the plays, which have nothing in common, run beside each other."""
    return both_ways(runners, PLAYS, "-vvvvv", ANSIBLE_INJECT_INVOCATION="true")


@pytest.mark.parametrize("title", CASES)
def test_both_front_ends_give_the_same_result(both: Both, title: str) -> None:
    module, process = both[AS_MODULE].results[title], both[IN_PROCESS].results[title]
    assert stable(process) == stable(module)
    for path, expected in CASES[title].expected.items():
        if MASKS_WHAT_IT_SHOWS and ("********" in str(expected) or expected == MASKED):
            continue  # what a play keeps is whole; that it is not shown, test_no_secret_is_shown looks at
        found = at(module, path)
        assert expected.fullmatch(found) if isinstance(expected, re.Pattern) else found == expected, (path, module)


def test_every_case_went_the_way_that_was_forced(both: Both) -> None:
    said = {IN_PROCESS: "in the controller process", AS_MODULE: "as a module"}
    for way, run in both.items():
        found = re.findall(r"(?:probe|dynamodb_\w+|iam_\w+): (in the controller process|as a module)", run.output)
        assert set(found) == {said[way]}
        assert len(found) >= len(CASES) - 2  # one was skipped, one is not ours


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_is_shown(both: Both, name: str) -> None:
    """Nowhere, however much Ansible prints; but with a module it shows the environment it starts it with."""
    for way, (results, output) in both.items():
        assert MASKS_WHAT_IT_SHOWS or SECRETS[name] not in json.dumps(results)
        shown = output if way == IN_PROCESS else re.sub(r"EXEC .*", "", output)
        assert SECRETS[name] not in shown


def test_the_most_verbose_output_shows_the_arguments(both: Both) -> None:
    for _results, output in both.values():
        section = output.split("TASK [defaults]")[1].split("TASK [")[0]
        assert '"invocation"' in section
        assert '"module_args"' in section


def test_a_check_run_promises_the_same_both_ways(runners: dict[str, Runner]) -> None:
    play = Play("", [*AWS[:2], next(case for case in PLAIN.cases if case.title == "defaults")])
    runs = both_ways(runners, [play], "--check", "--diff")
    assert stable(runs[IN_PROCESS].results) == stable(runs[AS_MODULE].results)
    promised = runs[IN_PROCESS].results
    assert promised["a new table"]["plan"] == promised["a new table in check mode"]["plan"] != []
    assert promised["defaults"]["check_mode"] is True
    assert "DEPRECATION" not in "".join(run.output for run in runs.values())
    for runner in runners.values():
        tables = runner.run([Play("", [READ_ALL])]).results[READ_ALL.title]["tables"]
        assert "front" not in [table["name"] for table in tables], "a check run made a table"


LOCAL = [
    (
        "the interpreter is the controller's",
        "probe: {text: a}\nvars: {ansible_python_interpreter: '{{ ansible_playbook_python }}'}",
    ),
    ("the interpreter is left to Ansible", "probe: {text: a}\nvars: {ansible_python_interpreter: auto_silent}"),
    ("another host that is local", "probe: {text: a}\ndelegate_to: near"),
    ("a remote host's task is delegated to this machine", "probe: {text: a}\ndelegate_to: localhost"),
]
REMOTE = [
    (
        "the interpreter is another",
        "probe: {text: a}\nvars: {ansible_python_interpreter: '{{ other_python }}'}",
        "the interpreter is",
    ),
    (
        "the connection is another",
        "probe: {text: a}\nvars: {ansible_connection: elsewhere}",
        "the connection is elsewhere",
    ),
    ("another user", "probe: {text: a}\nbecome: true\nbecome_method: same", "it becomes another user"),
    ("asynchronous", "probe: {text: a}\nasync: 60\npoll: 1", "it is asynchronous"),
    ("left to run", "probe: {text: a}\nasync: 60\npoll: 0", "it is asynchronous"),
    ("delegated to elsewhere", "probe: {text: a}\ndelegate_to: far", "the connection is elsewhere"),
    (
        "a variable for Python",
        "probe: {text: a}\nenvironment: {PYTHONDONTWRITEBYTECODE: '1'}",
        "its environment sets PYTHON",
    ),
    ("forced to be a module", "probe: {text: a}\nvars: {mana_memory_in_process: false}", ""),
]
OWN = "ansible_python_interpreter: '{{ ansible_playbook_python }}'"
HOSTS = [
    Case(name, f"ansible.builtin.add_host: {{name: {name}, ansible_connection: {connection}, {OWN}}}", {})
    for name, connection in (("near", "local"), ("far", "elsewhere"))
]
FORCED = Case(
    "forced where it cannot be",
    "probe: {text: a}\nbecome: true\nbecome_method: same\nvars: {mana_memory_in_process: true}",
    {},
)


@pytest.fixture(scope="module")
def chosen(runner: Runner) -> Run:
    """A run that chooses the front end for each task by itself."""
    python = runner.folder / "other/python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    cases = [Case(title, task, {}) for title, task, *_reason in (*LOCAL, *REMOTE)]
    return runner.run([Play("", [*HOSTS, *cases, FORCED])], "-vvv", "-e", f"other_python={python}")


def way_of(run: Run, title: str) -> str:
    return next(line for line in run.output.split(f"TASK [{title}]")[1].splitlines() if "proof.ends.probe: " in line)


@pytest.mark.parametrize("title", [title for title, _task in LOCAL])
def test_a_local_task_runs_in_the_controllers_process(chosen: Run, title: str) -> None:
    assert chosen.results[title]["echo"]["text"] == "a"
    assert way_of(chosen, title).endswith("in the controller process")


@pytest.mark.parametrize(
    ("title", "reason"), [pytest.param(title, reason, id=title) for title, _task, reason in REMOTE]
)
def test_every_other_task_runs_as_a_module(chosen: Run, title: str, reason: str) -> None:
    result = chosen.results[title]
    assert result.get("started") if title == "left to run" else result["echo"]["text"] == "a"
    assert f"as a module{', since ' if reason else ''}{reason}" in way_of(chosen, title)


def test_a_task_that_cannot_run_in_the_controllers_process_is_refused(chosen: Run) -> None:
    refused = chosen.results[FORCED.title]
    assert refused["failed"]
    assert "mana_memory_in_process is true, and yet" in refused["msg"]
    assert "it becomes another user" in refused["msg"]


def test_without_botocore_the_module_decides(runner: Runner) -> None:
    """The controller's Python has no botocore; whether that matters is up to the interpreter of the module."""
    stub = runner.folder / "without"
    (stub / "botocore").mkdir(parents=True)
    (stub / "botocore/__init__.py").write_text('raise ImportError("hidden")\n')
    python = stub / "python"
    python.write_text(f'#!/bin/sh\nunset PYTHONPATH\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    cases = [
        Case("the same interpreter", "probe: {text: a}", {}),
        Case("one that has it", f"probe: {{text: a}}\nvars: {{ansible_python_interpreter: {python}}}", {}),
        Case("forced", "probe: {text: a}\nvars: {mana_memory_in_process: true}", {}),
    ]
    run = runner.run([Play("", cases)], "-vvv", PYTHONPATH=str(stub))
    without, with_it, forced = (run.results[case.title] for case in cases)
    assert "since botocore is not installed for the controller's Python" in way_of(run, "the same interpreter")
    assert without["msg"].startswith("Failed to import the required Python library (botocore)")
    assert with_it["echo"]["text"] == "a"
    assert "botocore is not installed" in forced["msg"]

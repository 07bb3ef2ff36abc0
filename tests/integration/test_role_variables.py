# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The role's variables, wrong and right: what is wrong is refused before anything is written, and what is right works.

Each set of `tests/corpus_role` is that of a host, so that one run of Ansible tries all of them. A proxy writes down
what they call.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.functions import make_function
from tests.integration.playbook import ROOT, play
from tests.proxy import proxied
from tools.endpoint import Endpoint
from tools.lambda_role import TRUST

CORPUS = ROOT / "tests/corpus_role"
WRONG = yaml.safe_load((CORPUS / "wrong.yml").read_text())
RIGHT = yaml.safe_load((CORPUS / "right.yml").read_text())
BY_ANSIBLE = "Validation of arguments failed:\n"


@pytest.fixture
def attempt(ministack: Endpoint, tmp_path: Path) -> Any:
    """Enter the role with each set of variables: the last sentences of each host, and the calls of all."""

    def run(sets: Any, *how: Any, entry_point: Any = "main") -> Any:
        shared = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        named = dict.fromkeys(("table", "role", "function", "mana_memory_table_name"), "{{ inventory_hostname }}")
        hosts = {
            host: {**named, "mana_memory_destroy": "{{ table }}", **each["variables"]} for host, each in sets.items()
        }
        (tmp_path / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": shared}}))
        role = {"ansible.builtin.import_role": {"name": "mana.memory.mana_memory", "tasks_from": entry_point}}
        (tmp_path / "play.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [role]}]))
        with proxied(ministack) as proxy:
            environment = {**ministack.environment, "AWS_ENDPOINT_URL": proxy.url}
            done = play(str(tmp_path / "play.yml"), environment, f"--inventory={tmp_path / 'hosts.json'}", *how)
            calls = [call.request for call in proxy.taken()]
        assert "Traceback" not in done.output, done.output
        return messages(done.output), calls

    return run


def messages(output: Any) -> Any:
    """The last sentences of each host."""
    decoder, last = json.JSONDecoder(), {}
    for start in re.finditer(r"^(?:ok|fatal): \[(\S+)\](?:: FAILED!)? => (?={)", output, re.MULTILINE):
        last[start[1]] = decoder.raw_decode(output, start.end())[0].get("msg")
    return last


def on_hosts(sets: Any) -> Any:
    """A host for each set, with a name that nobody else has and that a table, a role and a function can have."""
    name = uuid.uuid4().hex[:12]
    return {f"memory-{name}-{number:03}": each for number, each in enumerate(sets)}


def mistold(sets: Any, messages: Any) -> Any:
    """Sentences in other words than expected, and more or fewer of them."""
    for host, each in sets.items():
        expected = [sentence.replace("{{ function }}", host) for sentence in each["told"]]
        got = str(messages.get(host)).removeprefix(BY_ANSIBLE)
        sentences = got.split("\n") if len(expected) > 1 else [got]
        if len(sentences) != len(expected) or not all(map(str.startswith, sentences, expected)):
            yield each["title"], got


@pytest.fixture(scope="module")
def made(client: Any, ministack: Endpoint) -> Any:
    """Make a role and a function of each name, with an alias."""
    iam, functions = client("iam", ministack), client("lambda", ministack)

    def make(names: Any) -> None:
        for name in names:
            role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
            make_function(functions, name, role["Arn"], Publish=True)
            functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")

    return make


def test_there_are_many_ways_to_be_wrong() -> None:
    titles = [each["title"] for each in itertools.chain(*WRONG.values())]
    assert len(set(titles)) == len(titles) >= 80


@pytest.mark.parametrize("how", [["--check"], []], ids=["in check mode", "for real"])
def test_a_wrong_variable_is_refused_before_any_call(attempt: Any, how: str) -> None:
    sets = on_hosts(WRONG["in_the_variables"])
    messages, calls = attempt(sets, *how)
    assert list(mistold(sets, messages)) == []
    assert calls == []


@pytest.mark.parametrize("entry_point", ["verify", "audit", "destroy"])
def test_a_wrong_variable_is_refused_whatever_is_asked_for(attempt: Any, entry_point: Any) -> None:
    sets = on_hosts(WRONG["in_the_variables"][::4])
    messages, calls = attempt(sets, entry_point=entry_point)
    assert list(mistold(sets, messages)) == []
    assert calls == []


@pytest.mark.parametrize("how", [["--check"], []], ids=["in check mode", "for real"])
def test_what_only_a_module_finds_wrong_is_refused_before_any_write(made: Any, attempt: Any, how: str) -> None:
    sets = on_hosts(WRONG["by_a_module"])
    made(sets)
    messages, calls = attempt(sets, *how)
    assert list(mistold(sets, messages)) == []
    assert "GetRolePolicy" in [call.operation for call in calls]
    assert [call.operation for call in calls if call.writes] == []


def test_right_variables_work(client: Any, ministack: Endpoint, made: Any, attempt: Any) -> None:
    sets = on_hosts(RIGHT)
    made(sets)
    messages, _calls = attempt(sets)
    for host, each in sets.items():
        proof = f"an item was written, read back, found through {each['through']}, deleted, and seen to be gone"
        assert messages[host]["proof"] == each.get("as", "") + proof, messages[host]
        assert client("dynamodb", ministack).scan(TableName=host)["Items"] == []

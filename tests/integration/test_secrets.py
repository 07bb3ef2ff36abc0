# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A secret in every place where one can be, and none in what a playbook prints or registers.

Plays are run at every verbosity and in both front ends. Secrets come from a file of variables: what stands in a
playbook itself, Ansible quotes where a task fails.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
from typing import Any

import pytest

from tests.integration.playbook import BIN, ROOT
from tests.integration.test_lambda_environment import made_function
from tools.endpoint import Endpoint, without_aws

PLACES = ("key", "token", "line", "variable", "profile", "url", "bare", "slash", "proxy", "other", "item", "default")
SECRETS = {place: f"Secret-{number}-of-{place}-nobody-would-write-this" for number, place in enumerate(PLACES)}
# Ansible shows a task's environment in the command that starts a module, from -vvv on: docs/reliability.md.
SHOWN_BY_ANSIBLE = {("as a module", "-vvvv"): {"variable"}}


def keys(**options: Any) -> Any:
    return {"access_key": "ASIANOBODYATALL", "secret_key": "{{ key }}", "session_token": "{{ token }}", **options}


def url(userinfo: Any, host: Any = "{{ host }}") -> Any:
    return keys(endpoint_url=f"http://{userinfo}@{host}")


def item(**options: Any) -> Any:
    return {"table_name": "mana-memory-secrets", "key": {"pk": "{{ item_secret }}"}, "item": {}, **options}


# Of each failure one: nobody listens, it is refused, it is a page, it is denied, it is a mistake of the declaration.
CONNECTIONS = {
    "options": keys(),
    "a token with a line break": keys(session_token="{{ line }}\n"),
    "a key with a line break": keys(secret_key="{{ line }}\n"),
    "an access key with a line break": keys(access_key="ASIANOBODYATALL\n"),
    "nobody listens": keys(endpoint_url="http://127.0.0.1:9"),
    "a password in a URL": url("me:{{ url }}"),
    "a password in a URL where nobody listens": url("me:{{ url }}", "127.0.0.1:9"),
    "a password and no scheme": keys(endpoint_url="me:{{ bare }}@{{ host }}"),
    "a slash in a password": url("me:{{ slash }}/x"),
    "a password of a proxy": keys(aws_config={"proxies": {"http": "http://me:{{ proxy }}@127.0.0.1:9"}}),
    "an option too many": keys(no_such_option=1),
    "a profile": {"profile": "work"},
    "a profile that is not there": {"profile": "nobody", "region": "us-east-1"},
}

MODULES: Any = (
    ("dynamodb_table", {"name": "mana-memory-secrets", "hash_key_name": "pk", "tags": {"a": "b"}}),
    ("sts_assume_role", {"role_arn": "arn:aws:iam::000000000000:role/nobody"}),
    ("dynamodb_table_info", {"name": "mana-memory-secrets"}),
)


def playbook(function: Any) -> Any:
    tasks = [
        {
            "name": f"{module}: {title}",
            f"mana.memory.{module}": {**options, **connection},
            "register": "result",
            "ignore_errors": True,
        }
        for (title, connection), (module, options) in zip(CONNECTIONS.items(), itertools.cycle(MODULES))
    ]
    task = {"function_name": function, "variables": {"TABLE": "memory"}}
    tasks += [
        {"mana.memory.lambda_environment": task, "register": "result"},
        {
            "mana.memory.dynamodb_table": {"name": "mana-memory-secrets"},
            "environment": {"AWS_SECRET_ACCESS_KEY": "{{ variable }}\n", "AWS_SESSION_TOKEN": "{{ variable }}\n"},
            "register": "result",
            "ignore_errors": True,
        },
        {
            "mana.memory.dynamodb_item": {
                "table_name": "mana-memory-secrets",
                "key": {"pk": "a"},
                "item": {"password": "{{ item_secret }}"},
            },
            "no_log": True,
            "register": "hidden",
        },
        {
            "mana.memory.dynamodb_table": {"name": "mana-memory-secrets", "hash_key_name": "pk"},
            "module_defaults": {"group/mana.memory.aws": keys(session_token="{{ default }}\n")},
            "register": "result",
            "ignore_errors": True,
        },
    ]
    shown = {"ansible.builtin.debug": {"var": "result"}}
    interleaved = [each for task in tasks for each in ((task, shown) if task.get("register") == "result" else (task,))]
    return [{"hosts": "localhost", "gather_facts": False, "tasks": interleaved}]


@pytest.fixture(scope="module")
def settings(ministack: Endpoint, client: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The playbook, its variables, and the environment that it runs in, on a function with secrets of its own."""
    folder = tmp_path_factory.mktemp("secrets")
    for function in made_function(client("lambda", ministack), OTHERS_SECRET=SECRETS["other"]):
        (folder / "play.yml").write_text(json.dumps(playbook(function)))
        host = ministack.url.removeprefix("http://")
        variables = {**SECRETS, "item_secret": SECRETS["item"], "host": host}
        (folder / "variables.json").write_text(json.dumps(variables))
        credentials = f"[work]\naws_access_key_id = AKIANOBODY\naws_secret_access_key = {SECRETS['profile']}\n"
        (folder / "credentials").write_text(f"{credentials}aws_session_token = {SECRETS['profile']} x\n")
        yield folder, {**ministack.environment, "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials")}


@pytest.mark.parametrize(
    ("front_end", "verbosity"),
    [
        *(("in the controller's process", level) for level in ("", "-v", "-vv", "-vvv", "-vvvv")),
        *(("as a module", level) for level in ("", "-vvvv")),
    ],
)
def test_no_secret_is_printed(settings: Any, front_end: Any, verbosity: Any) -> None:
    folder, environment = settings
    command = [BIN / "ansible-playbook", folder / "play.yml", "--diff", "--extra-vars", f"@{folder}/variables.json"]
    in_process = json.dumps({"mana_memory_in_process": front_end != "as a module"})
    done = subprocess.run(
        [*command, "--extra-vars", in_process, *([verbosity] if verbosity else [])],
        cwd=ROOT,
        env={**without_aws(os.environ), **environment, "ANSIBLE_NOCOLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=240,
    )
    assert re.search(r"ok=\d+ .*failed=0 .*ignored=1\d", done.stdout), done.stdout[-3000:]
    assert "mistake in mana.memory" not in done.stdout
    assert "AWS4-HMAC" not in done.stdout, "a header of a request"
    leaked = {place for place, secret in SECRETS.items() if secret in done.stdout}
    assert leaked == SHOWN_BY_ANSIBLE.get((front_end, verbosity), set())

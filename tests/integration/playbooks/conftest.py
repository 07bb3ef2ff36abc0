# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tables, roles, functions and users of one test each."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.integration.playbooks.memory import (
    FRONT_ENDS,
    made_function,
    made_role,
)
from tools.endpoint import Endpoint
from tools.lambda_role import TRUST


@pytest.fixture(params=FRONT_ENDS)
def front_end(request: pytest.FixtureRequest) -> Any:
    return {"mana_memory_in_process": FRONT_ENDS[request.param]}


@pytest.fixture
def table() -> Any:
    """The name of a table that no other test knows."""
    return f"memory-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def role(client: Any, ministack: Endpoint) -> Any:
    return made_role(client("iam", ministack))


@pytest.fixture
def strict_role(client: Any, strict: Endpoint) -> Any:
    return made_role(client("iam", strict))


@pytest.fixture
def trusting_role(client: Any, strict: Endpoint) -> Any:
    """A role whose trust policy names those who run the playbooks, too."""
    root = client("sts", strict).get_caller_identity()["Arn"]
    trusted = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}
    return made_role(client("iam", strict), {**TRUST, "Statement": [*TRUST["Statement"], trusted]})


@pytest.fixture
def function(client: Any, ministack: Endpoint, table: str, role: str) -> Any:
    return made_function(client, ministack, table, role)


@pytest.fixture
def user_with(client: Any, strict: Endpoint) -> Any:
    """The environment of a user who may do these actions alone."""
    iam = client("iam", strict)

    def make_user(*actions: Any) -> Any:
        name = f"user-{uuid.uuid4().hex[:12]}"
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        iam.create_user(UserName=name)
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_user_policy(UserName=name, PolicyName="allowed", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        return {**strict.environment, **keys}

    return make_user


@pytest.fixture
def tasks(tmp_path: Path) -> Any:
    """A playbook that tries tasks, one after the other even where they fail, and prints their sentences."""

    def write(attempts: Any, **play: Any) -> Any:
        showing = {"ansible.builtin.debug": {"msg": "{{ [ansible_failed_result.msg] }}"}}
        wrapped = [{"block": [attempt], "rescue": [showing]} for attempt in attempts]
        playbook = tmp_path / "attempts.yml"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, **play, "tasks": wrapped}]))
        return str(playbook)

    return write

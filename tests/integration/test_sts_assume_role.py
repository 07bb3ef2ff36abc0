# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A playbook as a role, where IAM is enforced: it may do what the role may, and nobody sees its credentials."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integration.playbook import BIN, ROOT
from tools.endpoint import Endpoint, without_aws

TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/as-a-role"
TRUST = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
READ = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE}


def document(statement: Any) -> Any:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def reader(strict: Endpoint, client: Any) -> Any:
    """A role that may read a table, where what no policy allows is denied."""
    iam, dynamodb = client("iam", strict), client("dynamodb", strict)
    iam.create_role(RoleName="reader", AssumeRolePolicyDocument=document(TRUST))
    iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=document(READ))
    dynamodb.create_table(
        TableName="as-a-role",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="as-a-role", Item={"pk": {"S": "1"}, "name": {"S": "found-as-the-role"}})
    return "reader"


def play(endpoint: Any, tmp_path: Path, tasks: Any, front_end: Any, **settings: Any) -> Any:
    playbook = tmp_path / "play.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    done = subprocess.run(
        [BIN / "ansible-playbook", playbook, "-vvv", "--diff", "-e", f"mana_memory_in_process={front_end}"],
        cwd=ROOT,
        env={**without_aws(os.environ), **endpoint.environment, **settings, "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout + done.stderr


FRONT_ENDS = pytest.mark.parametrize("front_end", [True, False], ids=["in the controller's process", "as a module"])
SESSION = {name: f"{{{{ session.sts_creds.{name} }}}}" for name in ("access_key", "secret_key", "session_token")}


@FRONT_ENDS
def test_a_play_has_the_rights_of_the_role_and_shows_no_credentials(
    strict: Endpoint, reader: Any, tmp_path: Path, front_end: Any
) -> None:
    kept = tmp_path / "kept"
    item = {**SESSION, "table_name": "as-a-role", "key": {"pk": "1"}}
    output = play(
        strict,
        tmp_path,
        [
            {"mana.memory.sts_assume_role": {"role_name": reader}, "register": "session"},
            {"mana.memory.dynamodb_item_info": item},
            {"mana.memory.dynamodb_item": {**item, "state": "absent"}, "ignore_errors": True},
            {
                "ansible.builtin.copy": {"content": "{{ session.sts_creds | to_json }}", "dest": str(kept)},
                "no_log": True,
            },
        ],
        front_end,
    )
    assert "found-as-the-role" in output, output
    assert "the missing permission is dynamodb:" in output
    credentials = json.loads(kept.read_text())
    assert credentials["secret_key"] not in output
    assert credentials["session_token"] not in output
    assert "the output has been hidden due to the fact that" in output


@FRONT_ENDS
def test_a_code_of_a_device_is_given_and_not_shown(
    strict: Endpoint, reader: Any, tmp_path: Path, front_end: Any
) -> None:
    policy = document({**READ, "Resource": "*"})
    asked = {
        "role_name": reader,
        "mfa_serial_number": "arn:aws:iam::000000000000:mfa/me",
        "mfa_token": "935871",
        "policy": f"\n  {policy}\n",
    }
    output = play(
        strict,
        tmp_path,
        [
            {"mana.memory.sts_assume_role": asked, "register": "session"},
            {"ansible.builtin.debug": {"msg": "{{ session.sts_user.arn }}"}},
        ],
        front_end,
    )
    assert f"assumed-role/{reader}/mana-memory" in output
    assert "935871" not in re.sub(r"EXEC .*", "", output)


@FRONT_ENDS
def test_a_profile_that_asks_for_a_code_says_so_and_waits_for_nobody(
    strict: Endpoint, tmp_path: Path, front_end: Any
) -> None:
    config = tmp_path / "config"
    config.write_text(
        "[profile mfa]\nrole_arn = arn:aws:iam::000000000000:role/reader\nsource_profile = base\nmfa_serial = device\n"
        "[profile base]\naws_access_key_id = a\naws_secret_access_key = b\n"
    )
    task = {"mana.memory.dynamodb_table_info": {"profile": "mfa", "name": "as-a-role"}}
    output = play(strict, tmp_path, [task], front_end, AWS_CONFIG_FILE=str(config))
    assert "could not find AWS credentials: the role of the profile: it asks for a code of the MFA device" in output
    assert "mistake" not in output
    assert "Enter MFA code" not in output


@FRONT_ENDS
def test_a_refusal_is_shown(strict: Endpoint, client: Any, reader: Any, tmp_path: Path, front_end: Any) -> None:
    iam, name = client("iam", strict), f"stranger-{front_end}"
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    arn = f"arn:aws:iam::000000000000:role/{reader}"
    stranger = {"access_key": key["AccessKeyId"], "secret_key": key["SecretAccessKey"], "role_arn": arn}
    output = play(strict, tmp_path, [{"mana.memory.sts_assume_role": stranger}], front_end)
    assert f"could not assume the role {arn}: " in output
    assert f"; the missing permission is sts:AssumeRole on {arn}; the role's trust policy has to allow it" in output
    assert key["SecretAccessKey"] not in output

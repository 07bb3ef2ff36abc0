# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No secret is in the output of a play."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.integration.playbook import play
from tools.endpoint import Endpoint

PASSWORD = "the password of the vault"
SECRET = "Xq7-improbable-secret-that-nobody-says-{}"


@pytest.mark.parametrize("is_wrong", [False, True], ids=["that works", "that is wrong"])
def test_no_secret_is_shown(
    tasks: Any, tmp_path: Path, ministack: Endpoint, user_with: Any, front_end: Any, is_wrong: Any
) -> None:
    settings = user_with("dynamodb:*", "iam:*") if is_wrong else ministack.environment
    # At -vvvv Ansible itself shows the environment of a task that runs as a module: that way is not for secrets.
    ways = ("option", "vault", "process", *(["task"] if front_end["mana_memory_in_process"] else []))
    secrets = {f"{kind}_{way}": SECRET.format(f"{kind}-{way}") for kind in ("secret", "token") for way in ways}
    key = {"access_key": settings["AWS_ACCESS_KEY_ID"]}
    given: dict[str, Any] = {
        "option": {
            "options": {**key, "secret_key": secrets["secret_option"], "session_token": secrets["token_option"]}
        },
        "vault": {"options": {**key, "secret_key": "{{ secret_vault }}", "session_token": "{{ token_vault }}"}},
        "task": {"environment": variables(secrets.get("secret_task"), secrets.get("token_task"))},
        "process": {},
    }
    attempts = [
        {f"mana.memory.{module}": {**options, **way.get("options", {})}, "environment": way.get("environment", {})}
        for way in map(given.__getitem__, ways)
        for module, options in CALLS.items()
    ]
    (tmp_path / "password").write_text(PASSWORD)
    (tmp_path / "vars.yml").write_text(
        vaulted(secret_vault=secrets["secret_vault"], token_vault=secrets["token_vault"])
    )
    run = play(
        tasks(attempts, vars_files=["vars.yml"]),
        {**settings, **variables(secrets["secret_process"], secrets["token_process"])},
        "-vvvv",
        "--diff",
        f"--vault-password-file={tmp_path / 'password'}",
        **front_end,
    )
    assert run.status == 0, run.output
    assert f" rescued={len(attempts) if is_wrong else 0} " in run.output, run.output
    assert [name for name, secret in secrets.items() if secret in run.output] == []


CALLS: dict[str, dict[str, Any]] = {
    "dynamodb_table": {"name": "t-1", "hash_key_name": "pk"},
    "dynamodb_item": {"table_name": "t-1", "key": {"pk": "a"}, "item": {"b": 1}},
    "iam_role_policy": {"role_name": "r", "policy_name": "p", "state": "absent"},
}


def variables(secret: Any, token: Any) -> Any:
    return {"AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}


def vaulted(**variables: Any) -> Any:
    """A file of variables, each encrypted with the password of the vault."""
    password = VaultSecret(PASSWORD.encode())
    vault = VaultLib([("default", password)])
    lines = []
    for name, value in variables.items():
        text = vault.encrypt(value.encode(), password).decode()
        lines += [f"{name}: !vault |", *(f"  {line}" for line in text.splitlines())]
    return "\n".join(lines) + "\n"

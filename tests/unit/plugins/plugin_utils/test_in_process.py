# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The front end in the controller's process; the integration tests compare it with the module."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from plugins.module_utils import connection, front, masking
from plugins.modules import dynamodb_table_info
from plugins.plugin_utils import in_process

SECRET = "a-secret-that-nobody-would-write-by-chance"


def answer(args: dict[str, Any], engine: Any, reports_invocation: bool = True) -> dict[str, Any]:
    """The answer of an engine whose options are few."""
    options = {"text": {"type": "str"}, "token": {"type": "str", "no_log": True}, "flag": {"type": "bool"}}
    module: Any = SimpleNamespace(SPEC={"argument_spec": options}, run=engine)
    task = SimpleNamespace(args=args, action="mana.memory.probe", check_mode=False)
    validator = ArgumentSpecValidator(**front.specification(module.SPEC))
    return in_process._in_process(module, validator, task, {}, reports_invocation)


def shown(result: dict[str, Any]) -> str:
    """A result as Ansible shows it."""
    text = json.dumps(result)
    if not masking.MASKS_WHAT_IT_SHOWS:
        return text
    from ansible.module_utils.secrets import mask_secrets

    return str(mask_secrets(text))


def test_an_answer_is_what_a_modules_json_would_be() -> None:
    result = answer({}, lambda *_given: {"pair": (1, 2), "names": {2: "a", True: "b", None: "c"}})
    assert result["pair"] == [1, 2]
    assert result["names"] == {"2": "a", "true": "b", "null": "c"}


def test_a_value_that_an_engine_keeps_cannot_change_an_answer() -> None:
    kept: dict[str, Any] = {"inner": {}}
    result = answer({}, lambda *_given: {"kept": kept})
    kept["inner"]["later"] = True
    assert result["kept"] == {"inner": {}}


def test_a_secret_is_masked_wherever_it_stands_but_flags_stay() -> None:
    result = answer(
        {"text": f"x {SECRET}", "token": SECRET},
        lambda parameters, *_given: {"changed": True, "said": [parameters["text"]], "warnings": [SECRET]},
    )
    said = shown(result)
    assert SECRET not in said
    assert '"changed": true' in said
    assert f'"said": ["x {"$REDACTED$" if masking.MASKS_WHAT_IT_SHOWS else "********"}"]' in said


def test_a_password_in_a_url_is_masked() -> None:
    """Which Ansible takes for no secret."""
    password = "a-password-that-nobody-would-write"
    result = answer({"endpoint_url": f"http://me:{password}@127.0.0.1"}, lambda *_given: {"said": [password]})
    assert password not in shown(result)


def test_a_mistake_of_ours_is_a_sentence_without_secrets() -> None:
    def engine(*_given: Any) -> dict[str, Any]:
        raise KeyError(SECRET)

    result = answer({"token": SECRET}, engine)
    assert result["failed"] is True
    assert result["msg"].startswith("this is a mistake in mana.memory, please report it: KeyError (test_")


def test_the_surroundings_are_those_of_a_module_for_as_long_as_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROBE_OLD", "old")
    folder, before = os.getcwd(), dict(os.environ)

    def run() -> None:
        with in_process._surroundings({"PROBE_OLD": 1, "PROBE_NEW": True}, str(tmp_path)):
            found = (os.environ["PROBE_OLD"], os.environ["PROBE_NEW"], os.getcwd())
            assert found == ("1", "True", str(tmp_path))
            raise ValueError("engine")

    with pytest.raises(ValueError, match="engine"):
        run()
    assert (os.getcwd(), dict(os.environ)) == (folder, before)


CONNECTION = {"region": "us-east-1", "access_key": "NOBODY", "secret_key": SECRET, "endpoint_url": "http://127.0.0.1:1"}


def connector(parameters: dict[str, Any], environment: dict[str, Any] | None = None) -> connection.Connect:
    return in_process._connector(*in_process._identity(parameters, environment or {}))


def test_a_client_is_kept_while_nothing_changes() -> None:
    first = connector({**CONNECTION, "name": "one"})("dynamodb")
    assert connector({**CONNECTION, "name": "another"})("dynamodb") is first


@pytest.mark.parametrize(
    "change",
    [
        {"region": "eu-west-1"},
        {"access_key": "SOMEBODY"},
        {"secret_key": "another"},
        {"session_token": "a token"},
        {"endpoint_url": "http://127.0.0.1:2"},
        {"aws_ca_bundle": "a file"},
        {"validate_certs": False},
        {"aws_config": {"connect_timeout": 1}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_client_is_not_kept_over_a_change_of(change: dict[str, Any]) -> None:
    assert connector(CONNECTION) is not connector({**CONNECTION, **change})


def test_a_client_is_not_kept_over_a_change_of_the_environment() -> None:
    assert connector(CONNECTION) is not connector(CONNECTION, {"AWS_REGION": "eu-west-1"})
    assert connector(CONNECTION, {"AWS_REGION": "a"}) is not connector(CONNECTION, {"AWS_REGION": "b"})


def test_clients_differ_by_every_option_of_the_connection() -> None:
    options, _environment = in_process._identity({}, {})
    assert set(json.loads(options)) == set(connection.OPTIONS)


@pytest.mark.parametrize(
    ("interpreter", "own"),
    [
        (sys.executable, True),
        (None, True),
        ("", True),
        ("auto", True),
        ("auto_silent", True),
        ("/usr/bin/false", False),
        ("python3", False),
    ],
)
def test_an_interpreter_is_the_controllers_own(interpreter: str | None, own: bool) -> None:
    assert in_process._is_own(interpreter) is own


def test_another_environment_of_the_same_python_is_not_the_controllers_own(tmp_path: Path) -> None:
    (tmp_path / "python").symlink_to(sys.executable)
    assert not in_process._is_own(str(tmp_path / "python"))


def test_models_are_read_once_for_all_clients() -> None:
    connection.preload("dynamodb")
    loader = connection._loader(None)
    model = loader.load_service_model("dynamodb", "service-2")
    connector({**CONNECTION, "region": "eu-west-3"})("dynamodb")
    assert connection._loader(None).load_service_model("dynamodb", "service-2") is model


@pytest.mark.parametrize("shown", [True, False])
def test_the_arguments_are_in_a_result_where_ansible_wants_them(shown: bool) -> None:
    assert ("invocation" in answer({"text": "a"}, lambda *_given: {}, shown)) is shown


def test_the_arguments_are_those_that_have_a_value() -> None:
    shown = answer({"text": "a"}, lambda *_given: {})["invocation"]["module_args"]
    assert shown["text"] == "a"
    assert shown["validate_certs"] is True
    assert None not in shown.values()


AWS = {"region": "eu-west-1", "profile": "ops", "validate_certs": True}


@pytest.mark.parametrize(
    ("defaults", "arguments", "lost"),
    [
        (
            [{"group/ansible.builtin.aws": AWS}],
            {},
            "group/aws does not reach the modules of mana.memory, so its profile, region,",
        ),
        ([{"group/amazon.aws.aws": {"aws_region": "eu-west-1"}}], {}, "so its aws_region does not count here"),
        ([{}, {"group/community.aws.aws": {"profile": "ops"}}], {"region": "eu-west-1"}, "so its profile does not"),
        ([{"group/ansible.builtin.aws": {"region": "eu-west-1"}}], {"region": "eu-west-1"}, ""),
        ([{"group/ansible.builtin.aws": AWS}, {"group/mana.memory.aws": AWS}], {}, ""),
        ([{"community.aws.dynamodb_table": AWS}], {}, ""),
        ([{"group/ansible.builtin.aws": {"tags": {}}}], {}, ""),
        ([], {}, ""),
        (None, {}, ""),
    ],
    ids=[
        "the group of all of AWS",
        "an option by its alias",
        "a play's group, in a block without one",
        "what the task says itself is not lost",
        "the play has our group too",
        "another module's defaults",
        "what is no option of the connection",
        "no defaults",
        "nothing",
    ],
)
def test_defaults_that_do_not_reach_a_task_are_reported(defaults: Any, arguments: dict[str, Any], lost: str) -> None:
    shown = list(in_process._lost_defaults(defaults, arguments))
    assert (len(shown), not shown or lost in shown[0]) == (bool(lost), True), shown
    assert not shown or shown[0].endswith("give the same to group/mana.memory.aws")


class Choice(NamedTuple):
    """Which way a task goes, and the reason that -vvv prints."""

    way: str
    said: str


def choice(platform: str, variables: dict[str, Any], reason: str | None, monkeypatch: pytest.MonkeyPatch) -> Choice:
    said: list[str] = []
    monkeypatch.setattr("ansible.utils.display.Display.vvv", lambda _self, text, host=None: said.append(text))
    monkeypatch.setattr(in_process, "_reason_for_module", lambda *_given: reason)
    monkeypatch.setattr(in_process, "_as_module", lambda *_given: {"way": "as a module"})
    monkeypatch.setattr(in_process, "_in_process", lambda *_given: {"way": "in process"})
    monkeypatch.setattr(in_process, "_reports_invocation", lambda *_given: False)
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *_given: {})
    task = SimpleNamespace(args={"name": "a"}, action="mana.memory.probe", module_defaults=[])
    plugin_class: Any = in_process.action(dynamodb_table_info, platform=platform)
    plugin = plugin_class.__new__(plugin_class)
    plugin._task, plugin._templar = task, SimpleNamespace(template=lambda value: value)
    plugin._loader = SimpleNamespace(get_basedir=os.getcwd)
    plugin._compute_environment_string = lambda _environment: None
    return Choice(plugin.run(None, variables)["way"], said[0].partition(", since ")[2])


@pytest.mark.parametrize(
    ("platform", "variables", "reason", "chosen"),
    [
        ("linux", {}, None, Choice("in process", "")),
        ("linux", {}, "it becomes another user", Choice("as a module", "it becomes another user")),
        ("linux", {in_process.SWITCH: False}, None, Choice("as a module", "")),
        ("darwin", {}, None, Choice("as a module", in_process.FORKS_BREAK["darwin"])),
        ("darwin", {}, "it becomes another user", Choice("as a module", "it becomes another user")),
        ("darwin", {in_process.SWITCH: True}, None, Choice("in process", "")),
        ("darwin", {in_process.SWITCH: False}, None, Choice("as a module", "")),
    ],
    ids=["on Linux", "on Linux, where it cannot be", "on Linux, as declared", "on macOS",
         "on macOS, where it cannot be",
         "on macOS, as declared", "on macOS, declared as it is anyway"],
)  # fmt: skip
def test_a_task_runs_in_process_but_on_macos(
    platform: str, variables: dict[str, Any], reason: str | None, chosen: Choice, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert choice(platform, variables, reason, monkeypatch) == chosen


@pytest.mark.parametrize(("platform", "made"), [("linux", ["dynamodb", "iam"]), ("darwin", [])])
def test_a_client_is_made_before_the_fork_but_on_macos(
    platform: str, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    services: list[str] = []
    monkeypatch.setattr(connection, "preload", services.append)
    in_process.action(dynamodb_table_info, "dynamodb", "iam", platform=platform)
    assert services == made


class Written(str):
    """A text that knows where it was written, as values of ansible-core 2.19 do."""

    def __new__(cls, text: str, line: int) -> Written:
        made = super().__new__(cls, text)
        made.line = line
        return made

    line: int


class Origins:
    """In place of Ansible's own."""

    @staticmethod
    def get_tag(value: Any) -> Any:
        line = getattr(value, "line", None)
        return SimpleNamespace(path=f"{os.getcwd()}/vars.yml", line_num=line) if line else None


@pytest.mark.parametrize(
    ("origins", "place"), [(Origins, "vars.yml:7"), (None, "/elsewhere/play.yml:3")], ids=["2.19", "before 2.19"]
)
def test_a_part_is_declared_where_its_value_was_written_else_where_the_task_is(
    monkeypatch: pytest.MonkeyPatch, origins: Any, place: str
) -> None:
    monkeypatch.setattr(in_process, "Origin", origins)
    task = SimpleNamespace(get_path=lambda: "/elsewhere/play.yml:3")
    given = {"hash_key_name": Written("pk", 7), "tags": None}
    assert in_process._places(["hash_key_name", "state", "tags"], given, task) == {"hash_key_name": place}
    by_option: dict[str, Any] = {Written("hash_key_name", 7): "pk"}
    assert in_process._places(["hash_key_name"], by_option, task) == {"hash_key_name": place}


def test_a_mapping_that_a_role_makes_of_a_variable_is_declared_where_the_variable_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Made(dict[str, Any]):
        line = 3
        path = "/elsewhere/tasks.yml"

    class MadeThere:
        @staticmethod
        def get_tag(value: Any) -> Any:
            path = getattr(value, "path", f"{os.getcwd()}/vars.yml")
            return SimpleNamespace(path=path, line_num=value.line) if hasattr(value, "line") else None

    monkeypatch.setattr(in_process, "Origin", MadeThere)
    task = SimpleNamespace(get_path=lambda: "/elsewhere/tasks.yml:1")
    parts = {"time_to_live": Made(attribute_name=Written("ttl", 8)), "point_in_time_recovery": Made(enabled=True)}
    assert in_process._places([*parts], parts, task) == {
        "time_to_live": "vars.yml:8",
        "point_in_time_recovery": "/elsewhere/tasks.yml:3",
    }
    in_vars = Made(attribute_name=Written("ttl", 8))
    in_vars.path = f"{os.getcwd()}/other.yml"
    assert in_process._places(["time_to_live"], {"time_to_live": in_vars}, task) == {"time_to_live": "other.yml:3"}

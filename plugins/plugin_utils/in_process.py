# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The second front end: a module's engine, run in the controller's own process.

Where a task runs on the controller anyway, packing a module, starting a Python and importing botocore cost
a hundred times what the call to AWS costs. Here a play pays for the import once, a task for a client once,
and the items of a loop for their calls alone. In every other case the module itself is executed, with the
same result.

Ansible imports an action before it forks a worker for each task, so every worker has what is loaded here.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.warnings import get_warning_messages
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils import argument_types, connection, connection_rules, front, json_values
from ..module_utils.masking import masked
from ..module_utils.report import named

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:  # before ansible-core 2.19 no value knows where it was written
    Origin = None

# Forces a front end, for debugging: true the controller's process, false the module.
SWITCH = "mana_memory_in_process"

# The groups of module_defaults that reach the community's modules of AWS, and not this collection's: Ansible's name of
# each, and the name that a play writes.
OTHER_GROUPS = {
    "group/ansible.builtin.aws": "group/aws",
    "group/amazon.aws.aws": "group/amazon.aws.aws",
    "group/community.aws.aws": "group/community.aws.aws",
}
OWN_GROUP = "group/mana.memory.aws"

# Platforms on which a forked process dies of what its parent loaded; Ansible forks one for each task.
FORKS_BREAK = {"darwin": "macOS ends a forked process that asks for proxies, as each client of AWS does"}

# Variables that are read when a process starts, so that only a new process would honour them.
READ_AT_START = ("PYTHON", "LD_")


def action(module: ModuleType, *services: str, platform: str = sys.platform) -> type[ActionBase]:
    """The action plugin of a module of this collection, the engine of which calls these AWS services."""
    caution = FORKS_BREAK.get(platform)
    for service in () if caution else services:
        connection.preload(service)
    specification = front.specification(module.SPEC)
    of_items: tuple[str, ...] = getattr(module, "OF_ITEMS", ())
    validator = ArgumentSpecValidator(**specification)
    gc.freeze()  # all of this stays, so no forked process has to look through it for garbage

    class ActionModule(ActionBase):  # type: ignore[misc]
        _supports_check_mode = True
        _supports_async = True

        def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
            given = self._task.args
            arguments, mistake = argument_types.read(specification["argument_spec"], self._task.args, of_items)
            if mistake:
                return {"failed": True, "msg": mistake, "refused": True}
            self._task.args = arguments  # so that a module gets the same arguments
            variables = task_vars or {}
            environment: dict[str, Any] = {}
            self._compute_environment_string(environment)
            reason = _reason_for_module(self, variables, environment)
            switch = variables.get(SWITCH)
            why = reason or (caution if switch is None else None)
            wanted = why is None if switch is None else boolean(self._templar.template(switch))
            if wanted and reason:
                raise AnsibleActionFail(f"{SWITCH} is true, and yet the controller's process cannot be used: {reason}")
            Display().vvv(
                f"{self._task.action}: {'in the controller process' if wanted else 'as a module'}"
                + (f", since {why}" if why else ""),
                host=variables.get("inventory_hostname"),
            )
            lost = list(_lost_defaults(self._task.module_defaults, arguments))
            if not wanted:
                result: dict[str, Any] = _as_module(self, variables)
            else:
                result = super().run(tmp, task_vars)
                with _surroundings(environment, self._loader.get_basedir()):
                    reports = _reports_invocation(variables)
                    result.update(_in_process(module, validator, self._task, environment, reports))
            if "declared" in result:
                result = {**result, "declared_at": _places(result["declared"], given, self._task)}
            return {**result, "warnings": [*result.get("warnings", []), *lost]} if lost else result

    return ActionModule


def _places(declared: Iterable[str], given: Mapping[str, Any], task: Any) -> dict[str, str]:
    """The place that declares each part, as ``file:line``: that of its value, else of its option, else of the task."""
    values = {
        str(part): value for part, value in named({name: each for name, each in given.items() if each is not None})
    }
    options = {str(name): _place(name) for name in given}
    written = [part for part in declared if part in values]
    there = _relative(task.get_path() or "")
    return {part: _place_of_part(values[part], there) or options.get(part) or there for part in written}


def _place(value: Any) -> str:
    """The place where a value was written, through the templates that made it; empty if the value does not know."""
    origin = Origin.get_tag(value) if Origin else None
    if origin is None or not origin.path or not origin.line_num:
        return ""
    return _relative(f"{origin.path}:{origin.line_num}")


def _place_of_part(value: Any, task: str) -> str:
    """The place of a value; of a mapping that the file of the task makes of values from elsewhere, that of a value."""
    place, file = _place(value), _file(task)
    if not isinstance(value, Mapping) or _file(place) not in ("", file):
        return place
    members = (_place(member) for member in value.values())
    return next((each for each in members if _file(each) not in ("", file)), place)


def _file(place: str) -> str:
    return place.rpartition(":")[0]


def _relative(path: str) -> str:
    """A path as seen from where the user is, where it is below."""
    return path.removeprefix(f"{os.getcwd()}{os.sep}")


def _lost_defaults(module_defaults: Any, arguments: Mapping[str, Any]) -> Iterator[str]:
    """A warning for each group of another collection whose connection options do not reach a task.

    A playbook that was written for community.aws would go to another region or account without a word.
    """
    groups = [each for each in module_defaults or () if isinstance(each, Mapping)]
    if any(OWN_GROUP in each for each in groups):
        return
    names = {name for option, spec in connection.OPTIONS.items() for name in (option, *spec.get("aliases", ()))}
    for name, said in OTHER_GROUPS.items():
        given = {option for each in groups if isinstance(each.get(name), Mapping) for option in each[name]}
        lost = sorted(given & names - arguments.keys())
        if lost:
            yield (
                f"module_defaults: {said} does not reach the modules of mana.memory, so its {', '.join(lost)} "
                f"{'do' if len(lost) > 1 else 'does'} not count here; give the same to {OWN_GROUP}"
            )


def _reason_for_module(plugin: ActionBase, variables: Mapping[str, Any], environment: Mapping[str, Any]) -> str | None:
    """Why a task has to run as a module; ``None`` if the controller's process can run it as well."""
    if not connection.HAS_BOTOCORE:
        return "botocore is not installed for the controller's Python"
    if plugin._connection.transport not in ("local", "ansible.builtin.local"):
        return f"the connection is {plugin._connection.transport}"
    if plugin._connection.become is not None:
        return "it becomes another user"
    if plugin._task.async_val:
        return "it is asynchronous"
    for name in environment:
        if name.startswith(READ_AT_START):
            return f"its environment sets {name}"
    if plugin._task.delegate_to:
        variables = variables["ansible_delegated_vars"][plugin._task.delegate_to]
    setting = constants.config.get_config_value("INTERPRETER_PYTHON", variables=variables)
    interpreter = plugin._templar.template(setting)
    if not _is_own(interpreter):
        return f"the interpreter is {interpreter}"
    return None


@functools.lru_cache
def _is_own(interpreter: str | None) -> bool:
    """Whether an interpreter is the controller's own Python, or is left to Ansible to find."""
    if not interpreter or interpreter.startswith("auto"):
        return True
    # Two virtual environments may share one Python; what is installed for them differs.
    return os.path.realpath(interpreter) == os.path.realpath(sys.executable) and (
        os.path.dirname(os.path.abspath(interpreter)) == os.path.dirname(os.path.abspath(sys.executable))
    )


def _as_module(plugin: ActionBase, variables: dict[str, Any]) -> dict[str, Any]:
    normal = plugin._shared_loader_obj.action_loader.get(
        "ansible.legacy.normal",
        task=plugin._task,
        connection=plugin._connection,
        play_context=plugin._play_context,
        loader=plugin._loader,
        templar=plugin._templar,
        shared_loader_obj=plugin._shared_loader_obj,
    )
    result: dict[str, Any] = normal.run(task_vars=variables)
    return result


def _reports_invocation(variables: Mapping[str, Any]) -> bool:
    """Whether a result contains the arguments: always, until ansible-core 2.21 made this a setting."""
    if not constants.config.get_configuration_definition("INJECT_INVOCATION"):
        return True
    return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=variables))


def _in_process(
    module: ModuleType,
    validator: ArgumentSpecValidator,
    task: Any,
    environment: Mapping[str, Any],
    reports_invocation: bool,
) -> dict[str, Any]:
    """The result that the module would return: the same checks of arguments, the same engine, the same masking."""
    arguments = task.args
    before = len(get_warning_messages())
    checked = validator.validate(arguments)
    parameters = {**arguments, **checked.validated_parameters}
    # Before ansible-core 2.19, warnings of suboptions are kept for a module to fetch; later they are displayed.
    found = list(get_warning_messages()[before:])
    found.extend(f"Both option {w['option']} and its alias {w['alias']} are set." for w in checked._warnings)
    if checked.error_messages:
        message = checked.errors.msg
        if isinstance(checked.errors[0], UnsupportedError):
            message = f"Unsupported parameters for ({task.action}) module: {message}"
        result: dict[str, Any] = {"failed": True, "msg": message}
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            connect = _connector(*_identity(parameters, environment))
            engine = functools.partial(module.run, tell=_tell) if getattr(module, "TELLS", False) else module.run
            result = front.answer(engine, parameters, connect, bool(task.check_mode))
    found.extend(result.pop("warnings", []))
    if found:
        result["warnings"] = found
    if checked._deprecations:
        result["deprecations"] = [_dated_or_versioned(deprecation) for deprecation in checked._deprecations]
    if reports_invocation:
        # A module whose arguments are wrong reports every argument, so the same is done here.
        is_wrong = checked.error_messages
        result["invocation"] = {"module_args": parameters} if is_wrong else front.invocation(parameters, module.SPEC)
    return _masked(json_values.plain(result), checked._no_log_values | connection_rules.secrets(parameters))


def _tell(words: str) -> None:
    """Tell how far a run is: on the standard error, since callbacks may write a document on the standard output."""
    Display().display(words, stderr=True)


def _dated_or_versioned(deprecation: Mapping[str, Any]) -> dict[str, Any]:
    """A deprecation with its date or its version, whichever it has, as a module reports it."""
    left_out = "version" if deprecation.get("date") else "date"
    return {name: value for name, value in deprecation.items() if name != left_out}


def _masked(result: dict[str, Any], secrets: set[str]) -> dict[str, Any]:
    """Mask the secrets in a result. Booleans and None are never secrets, so they are kept."""
    if not secrets:
        return result
    flags = {name: value for name, value in result.items() if value is None or isinstance(value, bool)}
    return {**masked(result, secrets), **flags}


def _identity(parameters: Mapping[str, Any], environment: Mapping[str, Any]) -> tuple[str, str]:
    """The key of a client: the connection options and the task's environment, all that can make two clients differ."""
    options = {name: parameters.get(name) for name in connection.OPTIONS}
    return json.dumps(options, sort_keys=True), json.dumps(json_values.plain(environment), sort_keys=True)


@functools.lru_cache(maxsize=16)
def _connector(options: str, _environment: str) -> connection.Connect:
    """The clients of these options, kept for the items of a loop: the process ends with its task."""
    return connection.connector(json.loads(options))


@contextlib.contextmanager
def _surroundings(environment: Mapping[str, Any], folder: str) -> Iterator[None]:
    """Set what a module would have: the task's environment, and the playbook's folder as the current one."""
    before = {name: os.environ.get(name) for name in environment}
    folder_before = os.getcwd()
    os.environ.update({name: str(value) for name, value in environment.items()})
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(folder_before)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value

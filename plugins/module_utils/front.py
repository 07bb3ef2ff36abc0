# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to this collection: no other may import it, and any release may change it.
"""The front end of every module: hands the parameters to its engine, and the engine's answer to Ansible."""

from __future__ import annotations

import gc
from collections.abc import Collection, Mapping
from typing import Any, Callable

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from . import connection, connection_rules
from .connection import CallFailed, ComparedInPart, Connect
from .masking import masked
from .plan import Impossible
from .resource import Failed, mistake

Engine = Callable[[Mapping[str, Any], Connect, bool], dict[str, Any]]


def run_module(spec: Mapping[str, Any], engine: Engine) -> None:
    """Run ``engine`` as an Ansible module whose own options and their constraints are ``spec``."""
    module = AnsibleModule(supports_check_mode=True, **specification(spec))
    if not connection.HAS_BOTOCORE:
        module.fail_json(msg=missing_required_lib("botocore"))
    module.no_log_values.update(connection_rules.secrets(module.params))  # exit_json and fail_json mask these
    result = answer(engine, module.params, connection.connector(module.params), module.check_mode)
    gc.freeze()  # or a Python that ends would look for garbage among all that was loaded, for a tenth of a second
    result["invocation"] = invocation(module.params, spec)
    for warning in masked(result.pop("warnings", []), module.no_log_values):
        module.warn(warning)
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)


def specification(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A module's own options and constraints, and those of the connection."""
    return {
        "argument_spec": {**connection.OPTIONS, **spec["argument_spec"]},
        "mutually_exclusive": [*connection.MUTUALLY_EXCLUSIVE, *spec.get("mutually_exclusive", [])],
        "required_together": [*connection.REQUIRED_TOGETHER, *spec.get("required_together", [])],
        "required_one_of": spec.get("required_one_of"),
        "required_if": spec.get("required_if"),
        "required_by": spec.get("required_by", {}),
    }


def invocation(parameters: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a result, without the options that have no value, and those that the module does not show.

    A table has many options without a value, and Ansible walks through a result many times.
    """
    untold = spec.get("not_told", ())
    return {
        "module_args": {name: value for name, value in parameters.items() if value is not None and name not in untold}
    }


def answer(engine: Engine, parameters: Mapping[str, Any], connect: Connect, check_mode: bool) -> dict[str, Any]:
    """The engine's result, or its failure as a result, with the warnings of the clients that it used.

    A result with a plan carries check_mode: Ansible's own variable reflects --check alone, not a task's check_mode.
    """
    doubts: list[str] = []

    def watched(*service_and_region: str | None) -> connection.Client:
        client = connect(*service_and_region)
        doubts.append(connection.doubt(client))
        return client

    result = _answer(engine, parameters, watched, check_mode)
    if check_mode and ("plan" in result or "failed" in result) and "plans" not in result:
        result = {**_told(parameters), **result}
    warnings = [*dict.fromkeys(filter(None, doubts)), *result.get("warnings", [])]
    return {**result, "warnings": warnings} if warnings else result


def _told(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What was declared, or the mistake in telling it, as a result."""
    try:
        return declared(parameters)
    except Exception as error:  # as in _answer
        return {"failed": True, "msg": mistake(error)}


def declared(parameters: Mapping[str, Any], where: Collection[str] = connection.OPTIONS) -> dict[str, Any]:
    """What was declared, by name, so that an audit knows what was compared, and what that calls.

    ``where``: the options that say where the thing is.
    """
    from . import audit_permissions
    from .report import named

    given = {name: value for name, value in parameters.items() if value is not None and name not in where}
    if not given:
        return {}
    reads = [permission._asdict() for permission in audit_permissions.permissions(parameters)]
    return {"declared": [name for name, _value in named(given)], **({"reads": reads} if reads else {})}


def _answer(engine: Engine, parameters: Mapping[str, Any], connect: Connect, check_mode: bool) -> dict[str, Any]:
    try:
        result = engine(parameters, connect, check_mode)
        ignored = connection_rules.ignored(parameters)
        if ignored:
            result = {**result, "warnings": [*ignored, *result.get("warnings", [])]}
        promises = not result.get("failed") and result.keys() & {"plan", "plans"}
        return {**result, "check_mode": True} if check_mode and promises else result
    except Impossible as refusal:
        return {"failed": True, "msg": str(refusal), "refused": True}
    except ComparedInPart as failure:
        return {"failed": True, "msg": str(failure), **(_the_rest(failure, connect) if check_mode else {})}
    except CallFailed as failure:
        return {"failed": True, "msg": str(failure)}
    except Failed as failure:
        return {**failure.details, "failed": True, "msg": str(failure)}
    except Exception as error:  # as a result, because Ansible masks secrets in results, and not in tracebacks
        return {"failed": True, "msg": mistake(error)}


def _the_rest(failure: ComparedInPart, connect: Connect) -> dict[str, Any]:
    """Which parts were not read, and the result without them, so that an audit can tell of the others."""
    compared = _answer(lambda _parameters, _connect, _check_mode: failure.find(), {}, connect, True)
    return {"not_read": failure.not_read, "compared": compared}

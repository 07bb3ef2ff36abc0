# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A module whose options use every constraint that Ansible knows, and whose engine returns what it was given."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import env_fallback
from ansible_collections.mana.memory.plugins.module_utils.connection import CallFailed
from ansible_collections.mana.memory.plugins.module_utils.front import run_module
from ansible_collections.mana.memory.plugins.module_utils.plan import Impossible, Step, Where
from ansible_collections.mana.memory.plugins.module_utils.resource import Failed

SPEC = {
    "argument_spec": {
        "text": {"type": "str"},
        "number": {"type": "int"},
        "ratio": {"type": "float"},
        "flag": {"type": "bool", "default": False},
        "file": {"type": "path"},
        "json": {"type": "json"},
        "raw": {"type": "raw"},
        "bytes": {"type": "bytes"},
        "kind": {"type": "str", "choices": ["one", "two"], "default": "one"},
        "kinds": {"type": "list", "elements": "str", "choices": ["one", "two"]},
        "numbers": {"type": "list", "elements": "int"},
        "mapping": {"type": "dict"},
        "sub": {
            "type": "dict",
            "options": {
                "name": {"type": "str", "required": True, "aliases": ["title"]},
                "password": {"type": "str", "no_log": True},
                "size": {"type": "int", "default": 3},
                "kind": {"type": "str", "choices": ["one", "two"]},
                "other": {"type": "str"},
            },
            "mutually_exclusive": [("size", "kind")],
            "required_together": [("kind", "other")],
        },
        "subs": {"type": "list", "elements": "dict", "options": {"name": {"required": True}, "size": {"type": "int"}}},
        "token": {"type": "str", "no_log": True, "fallback": (env_fallback, ["PROBE_TOKEN"])},
        "keeper": {"type": "str", "no_log": True, "default": "secret-default-6-nobody-would-write-this"},
        "named": {
            "type": "str",
            "aliases": ["called", "old_name"],
            "deprecated_aliases": [{"name": "old_name", "version": "99.0.0", "collection_name": "proof.ends"}],
        },
        "leaving": {"type": "str", "removed_in_version": "99.0.0", "removed_from_collection": "proof.ends"},
        "left": {"type": "str"},
        "right": {"type": "str"},
        "needs_right": {"type": "str"},
        "fails": {"type": "str", "choices": ["impossible", "call", "half way", "bug"]},
        "say": {"type": "str"},
        "warnings": {"type": "list", "elements": "str", "default": []},
    },
    "mutually_exclusive": [("left", "text"), ("left", "number")],
    "required_together": [("ratio", "number")],
    "required_one_of": [("text", "left", "named", "fails")],
    "required_if": [("kind", "two", ["file", "json"], True), ("flag", True, ["mapping"])],
    "required_by": {"needs_right": ["right"]},
}


def run(parameters: Mapping[str, Any], connect: Any, check_mode: bool) -> dict[str, Any]:
    if parameters["fails"] == "impossible":
        raise Impossible(f"text: {parameters['say']} cannot be")
    if parameters["fails"] == "call":
        raise CallFailed(f"could not do it: {parameters['say']}")
    if parameters["fails"] == "half way":
        done, failed = (Step("any", call, {}, f"{call} for {parameters['say']}") for call in ("DoIt", "DoMore"))
        raise Failed(f"stopped at {parameters['say']}", Where("us-east-1"), (done,), failed, ())
    if parameters["fails"] == "bug":
        raise KeyError(parameters["say"])
    return {
        "changed": parameters["flag"],
        "check_mode": check_mode,
        "echo": {name: value for name, value in parameters.items() if name not in ("token", "keeper")},
        "types": {name: type(value).__name__ for name, value in parameters.items()},
        "raw_types": [type(member).__name__ for member in parameters["raw"]]
        if isinstance(parameters["raw"], list)
        else None,
        "environment": {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "PROBE_"))},
        "folder": os.getcwd(),
        "said": f"between {parameters['say']} words",
        "saying": [parameters["say"], {"deep": (parameters["say"], 1, None)}],
        "shapes": ({"tuple": (1, 2)}, None, True, 1.5),
        "names": {1: "a number", None: "none"},
        "diff": {"before": {"a": 1}, "after": {"a": 2}, "prepared": "1. change a\n"},
        "warnings": parameters["warnings"],
    }


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tables that many tests declare, and the options of a task as an engine gets them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult

from plugins.module_utils import front

# The table of the specification.
GSI1 = {"name": "gsi1", "type": "global_all", "hash_key_name": "gsi1pk", "range_key_name": "gsi1sk"}
SEED = {"hash_key_name": "pk", "range_key_name": "sk", "indexes": [GSI1]}
PROVISIONED = {"billing_mode": "PROVISIONED", "read_capacity": 5, "write_capacity": 5}


def validated(module: Any, given: Mapping[str, Any]) -> ValidationResult:
    """Ansible's check of a task's options: their values, or its error messages."""
    return ArgumentSpecValidator(**front.specification(module.SPEC)).validate(dict(given))


def options_of(module: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a task, with the defaults and types of its module; they must be valid."""
    checked = validated(module, json.loads(json.dumps(given)))
    assert not checked.error_messages, checked.error_messages
    parameters: dict[str, Any] = checked.validated_parameters
    return parameters

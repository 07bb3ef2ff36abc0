"""The module's own part: what it hands to the engine, and what it leaves out."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from botocore.stub import Stubber

from plugins.module_utils import dynamodb, front
from plugins.modules import dynamodb_table
from tests.unit.stubbing import NAME, at, described

FOR_CHANGES = (
    "completion",
    "imports",
    "origin",
    "passing",
    "performing",
    "planning",
    "replica_rules",
    "requests",
    "table_rules",
    "wording",
)


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_run_without_changes_needs_nothing_that_plans_or_writes(
    client: Any, stub: Stubber, monkeypatch: pytest.MonkeyPatch, check_mode: bool
) -> None:
    """A module starts anew for each task, and compiles whatever it imports."""
    for name in FOR_CHANGES:
        monkeypatch.delattr(dynamodb, name, raising=False)
        monkeypatch.setitem(sys.modules, f"{dynamodb.__name__}.{name}", None)  # so that to import it is an error
    validator = ArgumentSpecValidator(**front.specification(dynamodb_table.SPEC))
    parameters = validator.validate({"name": NAME, "hash_key_name": "pk"}).validated_parameters
    stub.add_response("describe_table", described(), {"TableName": NAME})
    result = dynamodb_table.run(parameters, at(client), check_mode)
    assert (result["changed"], result["plan"]) == (False, [])

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Helpers of the planner's tests: options as a task gives them, tables made of DynamoDB's answers, and plans."""

from __future__ import annotations

from typing import Any

import botocore.session
from botocore.validate import ParamValidator

from plugins.module_utils.dynamodb import description, finding, options, planning, rules
from plugins.module_utils.dynamodb.parts import deletion_protection_enabled
from plugins.module_utils.dynamodb.table import Table
from plugins.module_utils.plan import Plan, Step
from plugins.modules import dynamodb_table
from tests.declaring import options_of
from tests.unit import wire

MODEL = botocore.session.get_session().get_service_model("dynamodb")


def declared(**given: Any) -> dict[str, Any]:
    """The options of a task, which must break no rule."""
    parameters = options_of(dynamodb_table, {"name": "mana-memory", **given})
    rules.check_options(parameters)
    return parameters


def live(**given: Any) -> Table:
    """The observed table, made of DynamoDB's answers about a table that was declared so."""
    values = {part: finding.asked(part).from_api(answer) for part, answer in wire.answers(given).items()}
    regions = {
        region: {
            part: (
                deletion_protection_enabled if part == "deletion_protection_enabled" else finding.asked(part)
            ).from_api(answer)
            for part, answer in parts.items()
        }
        for region, parts in wire.of_regions(given).items()
    }
    return description.table(wire.description(given), description.Parts(**values, replicas=regions))


def planned(given: dict[str, Any], observed: Table | None) -> Plan:
    """The plan from an observed table to the options of a task."""
    parameters = declared(**given)
    desired = options.desire(parameters, observed)
    return planning.plan(desired, observed, parameters["recreate_indexes"], parameters["final_backup_name"])


def sentences(plan: Plan) -> list[str]:
    """The sentences of a plan."""
    return [step.sentence for step in plan]


def assert_valid(step: Step) -> None:
    """Check a step's arguments against botocore's model of the service."""
    shape: Any = MODEL.operation_model(step.call).input_shape
    report = ParamValidator().validate(step.arguments, shape)
    assert not report.has_errors(), report.generate_report()

# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tests of the planner share: options as a task gives them, tables as DynamoDB tells of them."""

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
    """A task's options, which break no rule."""
    parameters = options_of(dynamodb_table, {"name": "mana-memory", **given})
    rules.check_options(parameters)
    return parameters


def live(**given: Any) -> Table:
    """The table that was declared so, as DynamoDB tells it when all of it is read."""
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
    return description.table(wire.description(given), description.Concerns(**values, replicas=regions))


def planned(given: dict[str, Any], observed: Table | None) -> Plan:
    """The plan from a table that is there to what a task declares."""
    parameters = declared(**given)
    desired = options.desire(parameters, observed)
    return planning.plan(desired, observed, parameters["recreate_indexes"], parameters["final_backup_name"])


def sentences(plan: Plan) -> list[str]:
    """What a plan says."""
    return [step.sentence for step in plan]


def assert_valid(step: Step) -> None:
    """Check the arguments against botocore's own model of the service."""
    shape: Any = MODEL.operation_model(step.call).input_shape
    report = ParamValidator().validate(step.arguments, shape)
    assert not report.has_errors(), report.generate_report()

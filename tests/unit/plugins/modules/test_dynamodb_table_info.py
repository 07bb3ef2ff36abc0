# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A table as read can be declared again, and then buys nothing."""

from __future__ import annotations

from typing import Any

from botocore.stub import Stubber

from plugins.modules import dynamodb_table_info
from tests.unit.stubbing import NAME, at, described

GROWN = {"ReadUnitsPerSecond": 50000, "WriteUnitsPerSecond": 9000, "Status": "ACTIVE"}


def test_warm_throughput_that_has_grown_is_shown_and_not_declared(client: Any, stub: Stubber) -> None:
    """Rule warm-throughput-only-grows."""
    answer = described("ACTIVE", ("gsi1", "ACTIVE"))["Table"]
    index = {**answer["GlobalSecondaryIndexes"][0], "WarmThroughput": GROWN}
    mode = {"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}
    table = {**answer, **mode, "WarmThroughput": GROWN, "GlobalSecondaryIndexes": [index]}
    stub.add_response("describe_table", {"Table": table})
    stub.add_response("list_contributor_insights", {})
    stub.add_response("describe_kinesis_streaming_destination", {})
    stub.add_response("describe_continuous_backups", {})
    stub.add_client_error("get_resource_policy", "PolicyNotFoundException")
    stub.add_response("list_tags_of_resource", {})
    stub.add_response("describe_time_to_live", {})
    result = dynamodb_table_info.run({"name": NAME}, at(client), False)
    (declared,) = result["tables"]
    assert "warm_throughput" not in declared
    assert "warm_throughput" not in declared["indexes"][0]
    assert result["table"]["warm_throughput"]["read_units_per_second"] == 50000

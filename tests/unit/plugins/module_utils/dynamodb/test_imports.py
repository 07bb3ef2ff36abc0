# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Imports, which AWS lists apart from the tables that they make: the run that began one, and the next."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.stub import Stubber

from plugins.module_utils.connection import CallFailed
from plugins.module_utils.dynamodb import completion, imports, service
from plugins.module_utils.dynamodb.completion import Missing
from plugins.module_utils.dynamodb.description import live as live_of
from plugins.module_utils.dynamodb.reading import Asked
from plugins.module_utils.plan import Impossible, Step
from tests.unit.stubbing import ARN, NAME, at, described

BEGUN = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
IMPORT = Step("dynamodb", "ImportTable", {}, "import it")
ASKED = Asked(imported=True)
UNDER_WAY = Missing("its import IN_PROGRESS", "index_wait_timeout")
SEEN = live_of({"TableName": NAME, "TableArn": ARN, "TableId": "second"})


def summary(number: str, status: str, minutes: int = 1, arn: str = ARN) -> dict[str, Any]:
    """An import that began so many minutes after the run did."""
    begun = BEGUN + timedelta(minutes=minutes)
    return {
        "ImportArn": f"{ARN}/import/{number}".ljust(37),
        "ImportStatus": status,
        "TableArn": arn,
        "StartTime": begun,
    }


def answer(stub: Stubber, *summaries: dict[str, Any], described: tuple[dict[str, Any], ...] = ()) -> None:
    stub.add_response("list_imports", {"ImportSummaryList": list(summaries)}, {})
    for each in described:
        stub.add_response("describe_import", {"ImportTableDescription": each})


def failed(number: str, minutes: int = 1) -> dict[str, Any]:
    description = {
        "FailureCode": "S3NoSuchBucket",
        "FailureMessage": "there is none",
        "CloudWatchLogGroupArn": "the-log",
    }
    return {**summary(number, "FAILED", minutes), "TableId": number, **description}


def test_an_import_is_under_way_before_its_table_is_to_be_seen(client: Any, stub: Stubber) -> None:
    """Rule an-import-is-told-apart."""
    answer(stub, summary("first", "IN_PROGRESS"))
    assert completion.of_import(client, NAME, IMPORT, None, BEGUN) == UNDER_WAY


def test_an_import_whose_table_never_comes_is_reported_with_aws_reason(client: Any, stub: Stubber) -> None:
    answer(stub, summary("first", "FAILED"), described=(failed("first"),))
    words = "could not import it: the import is FAILED: S3NoSuchBucket; there is none; the-log says more"
    with pytest.raises(CallFailed, match=words):
        completion.of_import(client, NAME, IMPORT, None, BEGUN)


def test_an_import_that_failed_before_this_run_is_not_its_own(client: Any, stub: Stubber) -> None:
    answer(stub, summary("first", "FAILED", minutes=-60))
    assert completion.of_import(client, NAME, IMPORT, None, BEGUN) == Missing()


def test_an_import_of_another_table_counts_for_nothing(client: Any, stub: Stubber) -> None:
    answer(stub, summary("first", "IN_PROGRESS", arn=f"{ARN}-too"))
    assert completion.of_import(client, NAME, IMPORT, None, BEGUN) == Missing()


@pytest.mark.parametrize("loser", ["FAILED", "IN_PROGRESS"])
def test_of_several_imports_the_one_that_made_the_table_counts(client: Any, stub: Stubber, loser: str) -> None:
    """Rule an-import-is-told-apart: any of them may win, not the last."""
    last, won = summary("third", loser, 3), summary("second", "COMPLETED", 2)
    answer(
        stub,
        summary("first", "FAILED", 1),
        won,
        last,
        described=({**last, "TableId": "third"}, {**won, "TableId": "second"}),
    )
    assert completion.of_import(client, NAME, IMPORT, SEEN, BEGUN) == Missing()


def test_a_table_that_is_to_be_seen_may_still_be_imported(client: Any, stub: Stubber) -> None:
    description = {**summary("second", "IN_PROGRESS"), "TableId": "second"}
    answer(stub, summary("second", "IN_PROGRESS"), described=(description,))
    assert completion.of_import(client, NAME, None, SEEN, BEGUN) == UNDER_WAY


def test_the_next_run_does_not_begin_another_import(client: Any, stub: Stubber) -> None:
    """Rule an-import-is-told-apart."""
    stub.add_client_error("describe_table", "ResourceNotFoundException")
    answer(stub, summary("first", "IN_PROGRESS"))
    observation = service.observe(at(client), NAME, ASKED)
    assert observation.value is None
    assert observation.transition == "not to be seen (its import IN_PROGRESS)"


def test_the_next_run_reports_that_an_import_failed(client: Any, stub: Stubber) -> None:
    """Rule a-failed-import-leaves-a-table."""
    there = described()
    there["Table"]["TableId"] = "first"
    stub.add_response("describe_table", there)
    answer(stub, summary("first", "FAILED"), described=(failed("first"),))
    with pytest.raises(
        Impossible, match=r"^import_from_s3: the import into table mana-memory is FAILED: S3NoSuchBucket"
    ):
        service.observe(at(client), NAME, ASKED)


def test_where_an_import_made_no_table_the_next_run_may_begin_another(client: Any, stub: Stubber) -> None:
    stub.add_client_error("describe_table", "ResourceNotFoundException")
    answer(stub, summary("first", "FAILED"), described=(failed("first"),))
    observation = service.observe(at(client), NAME, ASKED)
    assert (observation.value, observation.settled) == (None, True)


def test_a_table_that_was_not_imported_has_no_import(client: Any, stub: Stubber) -> None:
    stub.add_response("describe_table", described())
    answer(stub)
    assert service.observe(at(client), NAME, ASKED).settled


def test_an_endpoint_without_imports_has_none_of_the_table(client: Any, stub: Stubber) -> None:
    stub.add_client_error("list_imports", "UnknownOperationException")
    assert imports.find(client, NAME, None) is None


def test_imports_are_listed_to_the_last_page(client: Any, stub: Stubber) -> None:
    stub.add_response("list_imports", {"ImportSummaryList": [], "NextToken": "m" * 112}, {})
    stub.add_response("list_imports", {"ImportSummaryList": [summary("a", "IN_PROGRESS")]}, {"NextToken": "m" * 112})
    assert imports.find(client, NAME, None) == imports.Import("IN_PROGRESS")

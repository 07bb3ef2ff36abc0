# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The way from an engine's answer, or its failure, to a result."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Callable

import pytest

from plugins.module_utils import audit_permissions
from plugins.module_utils.connection import CallFailed
from plugins.module_utils.front import answer
from plugins.module_utils.plan import Impossible, Step, Where
from plugins.module_utils.resource import Failed

STEP = Step("dynamodb", "UpdateTable", {}, "change it")
WHERE = Where("us-east-1", "http://127.0.0.1:4566")
SHOWN = {
    "service": "dynamodb",
    "call": "UpdateTable",
    "region": "us-east-1",
    "arguments": {},
    "sentence": "change it",
}


def raising(failure: Exception) -> Callable[..., dict[str, Any]]:
    def engine(*_of: Any) -> dict[str, Any]:
        raise failure

    return engine


def test_a_result_is_handed_on() -> None:
    assert answer(lambda *of: {"changed": True}, {}, lambda service: None, False) == {"changed": True}


@pytest.mark.parametrize(
    ("result", "check_mode", "said"),
    [({"plan": []}, True, True), ({"plan": []}, False, False), ({"found": []}, True, False)],
    ids=["a plan in check mode", "a plan that was performed", "what only reads"],
)
def test_a_result_says_whether_its_plan_was_performed(result: dict[str, Any], check_mode: bool, said: bool) -> None:
    assert ("check_mode" in answer(lambda *of: result, {}, lambda service: None, check_mode)) is said


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (Impossible("name: no"), {"failed": True, "msg": "name: no", "refused": True}),
        (CallFailed("could not read it"), {"failed": True, "msg": "could not read it"}),
        (
            Failed("could not change it: no", WHERE, (STEP,), STEP, (STEP,)),
            {
                "failed": True,
                "msg": "could not change it: no",
                "changed": True,
                "done": [SHOWN],
                "failed_step": SHOWN,
                "left": [SHOWN],
                **WHERE._asdict(),
            },
        ),
        (
            Failed("could not see the end of it", WHERE),
            {
                "failed": True,
                "msg": "could not see the end of it",
                "changed": False,
                "done": [],
                "failed_step": None,
                "left": [],
                **WHERE._asdict(),
            },
        ),
    ],
    ids=["a refusal", "a read that failed", "a run that stopped on the way", "a wait that failed"],
)
@pytest.mark.parametrize("check_mode", [True, False], ids=["in check mode", "for real"])
def test_a_failure_is_a_failed_result(failure: Exception, expected: dict[str, Any], check_mode: bool) -> None:
    assert answer(raising(failure), {}, lambda service: None, check_mode) == expected


@pytest.mark.parametrize("fails", [False, True])
def test_the_warning_of_a_client_comes_once_with_any_result(fails: bool) -> None:
    def engine(parameters: Any, connect: Any, check_mode: bool) -> dict[str, Any]:
        clients = [connect("dynamodb"), connect("dynamodb", "eu-west-1"), connect("iam")]
        if fails:
            raise CallFailed("no")
        return {"changed": False, "clients": clients, "warnings": ["its own"]}

    def connect(service: str, region: str | None = None) -> Any:
        return SimpleNamespace(doubt="beware" if service == "dynamodb" else "")

    assert answer(engine, {}, connect, False)["warnings"] == (["beware"] if fails else ["beware", "its own"])


def test_a_mistake_of_ours_is_one_line_that_says_so() -> None:
    result = answer(raising(KeyError("x")), {}, lambda service: None, False)
    assert result["failed"]
    assert result["msg"].startswith(
        "this is a mistake in mana.memory, please report it: KeyError (test_front.py, line "
    )


def test_what_cannot_be_told_of_a_declaration_is_a_sentence_and_hides_no_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit_permissions, "permissions", raising(TypeError("no words")))
    told = answer(lambda *of: {"plan": []}, {"name": "threads"}, lambda service: None, True)
    assert told["failed"] is True
    assert told["msg"].startswith("this is a mistake in mana.memory, please report it: TypeError")
    refused = answer(raising(Impossible("name: no")), {"name": "threads"}, lambda service: None, True)
    assert refused == {"failed": True, "msg": "name: no", "refused": True}

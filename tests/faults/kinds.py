# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The kinds of faults that a call can meet."""

from __future__ import annotations

from collections.abc import Callable

from tests.proxy import Answer, HandOn, Request, Reset, Silence, refusal

JUNK = b'{"junk": "' + b"x" * 4_000_000 + b'"}'
THROTTLING = {"dynamodb": "ThrottlingException", "lambda": "TooManyRequestsException"}

# Their answers do not name what was asked for, so that an answer about another role or policy looks the same.
NAMELESS = ("ListAttachedRolePolicies", "ListEntitiesForPolicy", "ListPolicyVersions", "GetPolicyVersion")

# A fault takes a request, a way to hand it on, and a way to the answer that another resource once got to it.
Fault = Callable[[Request, HandOn, HandOn], Answer]


def refused(request: Request, status: int, code: str) -> Answer:
    """An error in the protocol of the service."""
    return refusal(request.service, status, code, "Something is wrong with this on purpose")


def throttled(request: Request, _hand_on: HandOn, _another: HandOn) -> Answer:
    """Too many calls at once."""
    return refused(request, 400, THROTTLING.get(request.service, "Throttling"))


def broken(request: Request, _hand_on: HandOn, _another: HandOn) -> Answer:
    """The service failed."""
    return refused(request, 500, "InternalFailure")


def unavailable(request: Request, _hand_on: HandOn, _another: HandOn) -> Answer:
    """The service is away."""
    return refused(request, 503, "ServiceUnavailable")


def reset(_request: Request, _hand_on: HandOn, _another: HandOn) -> Answer:
    """The connection breaks before the call arrives."""
    raise Reset


def lost(_request: Request, hand_on: HandOn, _another: HandOn) -> Answer:
    """The call is performed, and the connection breaks before the answer."""
    hand_on()
    raise Reset


def cut(_request: Request, hand_on: HandOn, _another: HandOn) -> Answer:
    """The call is performed, and the connection ends within the answer."""
    answer = hand_on()
    return answer._replace(content=half(answer), announced=len(answer.content))


def shortened(_request: Request, hand_on: HandOn, _another: HandOn) -> Answer:
    """The call is performed, and half of the answer passes for the whole."""
    answer = hand_on()
    return answer._replace(content=half(answer))


def half(answer: Answer) -> bytes:
    """The first half of what an answer holds."""
    return answer.content[: len(answer.content) // 2]


def page(_request: Request, _hand_on: HandOn, _another: HandOn) -> Answer:
    """Something on the way shows a page for people."""
    return Answer(200, (("Content-Type", "text/html"),), b"<html><body><p>Please log in.<br></body></html>")


def empty(_request: Request, hand_on: HandOn, _another: HandOn) -> Answer:
    """The call is performed, and the answer is empty."""
    return hand_on()._replace(content=b"")


def mistaken(request: Request, hand_on: HandOn, another: HandOn) -> Answer:
    """The call is performed, and the answer is one about another resource."""
    answer = hand_on()
    return answer if request.operation in NAMELESS else another()


def huge(_request: Request, _hand_on: HandOn, _another: HandOn) -> Answer:
    """Something on the way answers with megabytes of junk."""
    return Answer(200, (("Content-Type", "application/json"),), JUNK)


def slow(_request: Request, hand_on: HandOn, _another: HandOn) -> Answer:
    """The call is performed, and the client waits for the answer in vain."""
    hand_on()
    raise Silence


KINDS: dict[str, Fault] = {
    "throttled": throttled,
    "500": broken,
    "503": unavailable,
    "reset before the effect": reset,
    "answer lost": lost,
    "answer cut": cut,
    "half an answer": shortened,
    "HTML with 200": page,
    "empty answer": empty,
    "another's answer": mistaken,
    "huge answer": huge,
    "slow answer": slow,
}

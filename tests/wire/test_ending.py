"""Endings and failures, in words."""

from __future__ import annotations

import pytest

from spacebeam.wire.batch import Direction
from spacebeam.wire.ending import Ending, Failure, FailureKind, closed, lost


@pytest.mark.parametrize(
    ("ending", "explanation"),
    [
        (
            closed(1000, "", Direction.SENT, "server"),
            "Disconnected (1000, normal closure).",
        ),
        (
            closed(1000, "bye", Direction.SENT, "server"),
            "Disconnected (1000, normal closure: “bye”).",
        ),
        (
            closed(1001, "", Direction.RECEIVED, "server"),
            "Closed by the server (1001, going away).",
        ),
        (
            closed(4321, "why not", Direction.RECEIVED, "client"),
            "Closed by the client (4321, a code of the application's own: “why not”).",
        ),
        (
            closed(1005, "", Direction.RECEIVED, "server"),
            "Closed by the server (without a code).",
        ),
    ],
)
def test_an_ending_says_who_closed_and_why(ending: Ending, explanation: str) -> None:
    assert ending.explanation == explanation
    assert ending.is_clean


def test_a_lost_connection_is_not_clean() -> None:
    ending = lost("It was lost.")
    assert (ending.code, ending.reason, ending.closed_by) == (1006, "", Direction.NONE)
    assert not ending.is_clean


def test_a_failure_is_read_with_its_advice() -> None:
    assert str(Failure(FailureKind.REFUSED, "It refused.", "Try another.")) == (
        "It refused. Try another."
    )
    assert str(Failure(FailureKind.CANCELLED, "It was cancelled.")) == "It was cancelled."

"""Endings and failures, in words."""

from __future__ import annotations

import pytest

from spacebeam.net.close_reason import CloseReason, Failure, FailureKind, closed, lost, refused
from spacebeam.protocol.batch import Direction
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import ProtocolError


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
def test_an_ending_says_who_closed_and_why(ending: CloseReason, explanation: str) -> None:
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


@pytest.mark.parametrize(
    ("limit", "size"),
    [
        (64 * 2**20, "64 MiB"),
        (3 * 2**30, "3 GiB"),
        (2**10, "1 KiB"),
        (1_000_000, "1,000,000 bytes"),
        (1, "1 byte"),
    ],
)
def test_a_message_that_was_too_big_tells_the_limit_and_how_to_raise_it(
    limit: int, size: str
) -> None:
    error = ProtocolError(CloseCode.MESSAGE_TOO_BIG, "a message over the size limit")
    ending = refused(error, "server", limit)
    assert ending.explanation == (
        f"Closed because of what the server sent: a message over the size limit of {size} (1009). "
        "Raise the limit with --max-message in the terminal, or under Options in the window."
    )
    assert (ending.code, ending.closed_by) == (1009, Direction.SENT)
    assert refused(error, "client", limit).explanation.endswith(f" of {size} (1009).")


def test_what_broke_the_protocol_is_told_without_advice() -> None:
    error = ProtocolError(CloseCode.PROTOCOL_ERROR, "a masked frame")
    assert refused(error, "server", 1000).explanation == (
        "Closed because of what the server sent: a masked frame (1002)."
    )

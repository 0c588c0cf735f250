"""Close reasons as values."""

from __future__ import annotations

import pytest

from spacebeam.net.close_reason import CloseCause, CloseReason, closed, refused
from spacebeam.protocol.batch import Direction
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import ProtocolError


@pytest.mark.parametrize("code", [1000, 1005, 4321])
def test_a_closing_handshake_is_clean_whatever_its_code(code: int) -> None:
    assert closed(code, "", Direction.RECEIVED).is_clean


def test_a_lost_connection_is_not_clean() -> None:
    reason = CloseReason(CloseCause.STREAM_CLOSED)
    assert (reason.code, reason.closed_by, reason.is_clean) == (1006, Direction.NONE, False)


def test_a_message_over_the_limit_has_the_limit() -> None:
    error = ProtocolError(CloseCode.MESSAGE_TOO_BIG, "a message over the size limit")
    reason = refused(error, 1000)
    assert (reason.cause, reason.limit) == (CloseCause.MESSAGE_TOO_BIG, 1000)
    assert (reason.code, reason.closed_by) == (1009, Direction.SENT)


def test_a_protocol_error_has_its_detail_and_no_limit() -> None:
    reason = refused(ProtocolError(CloseCode.PROTOCOL_ERROR, "a masked frame"), 1000)
    assert (reason.cause, reason.limit) == (CloseCause.PROTOCOL_ERROR, 0)
    assert reason.detail == "a masked frame"

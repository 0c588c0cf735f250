"""States, control frames, round trips and keepalive: literals in, literals out."""

from __future__ import annotations

import pytest

from spacebeam.protocol.batch import Direction
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import Opcode, ProtocolError
from spacebeam.protocol.lifecycle import (
    MAX_PENDING_PINGS,
    CloseReceived,
    ConnectionState,
    ControlFrame,
    KeepaliveCheck,
    Lifecycle,
    PendingPings,
    Pong,
    ping_frame,
)


@pytest.fixture
def lifecycle() -> Lifecycle:
    """Return the lifecycle of an open connection."""
    lifecycle = Lifecycle()
    lifecycle.move(ConnectionState.OPEN)
    return lifecycle


def test_this_side_sends_one_close_frame(lifecycle: Lifecycle) -> None:
    assert lifecycle.close(4000, "done") == (Opcode.CLOSE, b"\x0f\xa0done")
    assert lifecycle.state is ConnectionState.CLOSING
    assert lifecycle.close() is None
    assert lifecycle.receive_close(b"\x0f\xa0") == CloseReceived(4000, "", Direction.SENT, None)


def test_the_peer_s_close_frame_is_answered_with_its_code(lifecycle: Lifecycle) -> None:
    close = lifecycle.receive_close(b"\x03\xe8so long")
    answer = ControlFrame(Opcode.CLOSE, b"\x03\xe8")
    assert close == CloseReceived(1000, "so long", Direction.RECEIVED, answer)
    assert lifecycle.state is ConnectionState.CLOSING
    assert lifecycle.close() is None


def test_a_close_without_a_code_is_answered_without_one(lifecycle: Lifecycle) -> None:
    close = lifecycle.receive_close(b"")
    assert (close.code, close.answer) == (CloseCode.NO_STATUS, ControlFrame(Opcode.CLOSE, b""))


def test_an_invalid_close_leaves_the_connection_open(lifecycle: Lifecycle) -> None:
    with pytest.raises(ValueError, match="1006"):
        lifecycle.close(1006)
    assert lifecycle.is_open
    assert lifecycle.close(1006, even_illegal=True) == (Opcode.CLOSE, b"\x03\xee")


def test_a_raw_close_frame_begins_closing_once(lifecycle: Lifecycle) -> None:
    assert lifecycle.raw_close_sent()
    assert lifecycle.state is ConnectionState.CLOSING
    assert not lifecycle.raw_close_sent()


def test_a_protocol_error_is_answered_with_its_code(lifecycle: Lifecycle) -> None:
    error = ProtocolError(CloseCode.PROTOCOL_ERROR, "a masked frame")
    assert lifecycle.fail(error) == (Opcode.CLOSE, b"\x03\xeaa masked frame")
    assert lifecycle.state is ConnectionState.CLOSING
    assert lifecycle.fail(error) is None


def test_a_ping_is_answered_only_while_open(lifecycle: Lifecycle) -> None:
    assert lifecycle.receive_ping(b"marco") == (Opcode.PONG, b"marco")
    lifecycle.close()
    assert lifecycle.receive_ping(b"marco") is None


def test_states_only_move_forward(lifecycle: Lifecycle) -> None:
    with pytest.raises(AssertionError):
        lifecycle.move(ConnectionState.OPEN)


def test_a_ping_carries_at_most_125_bytes() -> None:
    assert ping_frame(bytes(125)) == (Opcode.PING, bytes(125))
    with pytest.raises(ValueError, match="125"):
        ping_frame(bytes(126))


def test_a_pong_gives_the_round_trip_of_its_ping() -> None:
    pings = PendingPings()
    first, second = pings.sent(b"1", 10.0), pings.sent(b"2", 11.0)
    assert pings.answered(b"1", 10.25) == Pong(first, 0.25)
    assert not pings.is_pending(first)
    assert pings.is_pending(second)


def test_a_pong_drops_the_pings_before_its_own() -> None:
    pings = PendingPings()
    first, second = pings.sent(b"1", 10.0), pings.sent(b"2", 11.0)
    assert pings.answered(b"2", 13.0) == Pong(second, 2.0)
    assert not pings.is_pending(first)
    assert pings.answered(b"1", 14.0) is None


def test_of_pings_with_equal_payloads_the_newest_is_answered() -> None:
    pings = PendingPings()
    pings.sent(b"", 10.0)
    newest = pings.sent(b"", 20.0)
    assert pings.answered(b"", 21.0) == Pong(newest, 1.0)
    assert pings.answered(b"", 22.0) is None


def test_an_unsolicited_pong_answers_nothing() -> None:
    assert PendingPings().answered(b"unasked", 1.0) is None


def test_the_oldest_of_too_many_pings_is_dropped() -> None:
    pings = PendingPings()
    numbers = [pings.sent(b"%d" % number, 0.0) for number in range(MAX_PENDING_PINGS + 1)]
    assert [pings.is_pending(number) for number in numbers[:2]] == [False, True]
    assert pings.is_pending(numbers[-1])


@pytest.mark.parametrize(
    ("received_size", "is_answered", "is_reading", "is_silent"),
    [
        (100, False, True, True),
        (100, True, True, False),
        (101, False, True, False),  # the peer is busy sending
        (100, False, False, False),  # nothing was read
    ],
)
def test_a_peer_is_silent_without_pong_and_data(
    received_size: int, is_answered: bool, is_reading: bool, is_silent: bool
) -> None:
    check = KeepaliveCheck()
    assert check.next_ping(50) == b"keepalive 1"
    assert check.next_ping(100) == b"keepalive 2"
    assert (
        check.is_silent(received_size, is_answered=is_answered, is_reading=is_reading) is is_silent
    )

"""A connection's states and control frames: closing, pings, pongs and keepalive.

Pure: frames, times and byte counts in; frames to send and decisions out. Streams, tasks and timers
are in `net.connection` (RFC 6455, sections 5.5 and 7).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from spacebeam.protocol.batch import Direction, split_close
from spacebeam.protocol.close import CloseCode, close_payload
from spacebeam.protocol.frames import MAX_CONTROL_PAYLOAD, Opcode, ProtocolError

MAX_PENDING_PINGS = 64


class ConnectionState(IntEnum):
    """The state of a connection. It only moves forward."""

    CONNECTING = 0
    OPEN = 1
    CLOSING = 2
    CLOSED = 3


class ControlFrame(NamedTuple):
    """A control frame to send (RFC 6455, section 5.5)."""

    opcode: Opcode
    payload: bytes = b""


class CloseReceived(NamedTuple):
    """The closing handshake, when the peer's close frame has arrived."""

    code: int  # 1005 for a close frame without a code
    reason: str
    closed_by: Direction  # SENT if this side sent its close frame first, else RECEIVED
    answer: ControlFrame | None  # to send, unless this side has sent a close frame


class Lifecycle:
    """The state of one connection, and the control frames that it has to send.

    States move CONNECTING, OPEN, CLOSING, CLOSED. The first close frame, sent or received, or a
    protocol error moves OPEN to CLOSING.
    """

    def __init__(self) -> None:
        self.state = ConnectionState.CONNECTING

    @property
    def is_open(self) -> bool:
        """Whether messages, pings and a close frame may be sent."""
        return self.state is ConnectionState.OPEN

    def move(self, state: ConnectionState) -> None:
        """Enter a later state."""
        assert state > self.state, f"{self.state.name} to {state.name}"
        self.state = state

    def close(
        self, code: int = CloseCode.NORMAL, reason: str = "", *, even_illegal: bool = False
    ) -> ControlFrame | None:
        """Begin closing. Return the close frame to send, or None if the connection is not open.

        Raise ValueError for a code or reason that `close_payload` refuses.
        """
        if not self.is_open:
            return None
        payload = close_payload(code, reason, even_illegal=even_illegal)
        self.move(ConnectionState.CLOSING)
        return ControlFrame(Opcode.CLOSE, payload)

    def raw_close_sent(self) -> bool:
        """Begin closing because a raw frame with a close opcode was sent.

        Return whether the connection was open.
        """
        was_open = self.is_open
        if was_open:
            self.move(ConnectionState.CLOSING)
        return was_open

    def receive_close(self, payload: bytes) -> CloseReceived:
        """Handle the peer's close frame; its answer repeats the code (RFC 6455, section 5.5.1)."""
        code, reason = split_close(payload)
        if not self.is_open:
            return CloseReceived(code, reason, Direction.SENT, None)
        self.move(ConnectionState.CLOSING)
        answer = ControlFrame(Opcode.CLOSE, payload[:2])
        return CloseReceived(code, reason, Direction.RECEIVED, answer)

    def receive_ping(self, payload: bytes) -> ControlFrame | None:
        """Return the pong to send; none is sent after a close frame (RFC 6455, section 5.5.2)."""
        return ControlFrame(Opcode.PONG, payload) if self.is_open else None

    def fail(self, error: ProtocolError) -> ControlFrame | None:
        """Begin closing because the peer broke the protocol (RFC 6455, section 7.1.7)."""
        return self.close(error.code, error.explanation)


def ping_frame(payload: bytes) -> ControlFrame:
    """Return a ping to send. Raise ValueError for a payload of more than 125 bytes."""
    if len(payload) > MAX_CONTROL_PAYLOAD:
        raise ValueError("a ping carries at most 125 bytes")
    return ControlFrame(Opcode.PING, payload)


class Pong(NamedTuple):
    """The answer to a pending ping."""

    ping: int  # the ping's number
    round_trip: float  # seconds


class PendingPings:
    """Pings that have no pong yet, oldest first. Each has a number, counted from 0."""

    def __init__(self) -> None:
        self._pending: deque[tuple[int, bytes, float]] = deque()
        self._count = 0

    def sent(self, payload: bytes, now: float) -> int:
        """Add a ping and return its number. The oldest of too many pings is dropped."""
        if len(self._pending) >= MAX_PENDING_PINGS:
            self._pending.popleft()
        number = self._count
        self._count += 1
        self._pending.append((number, payload, now))
        return number

    def answered(self, payload: bytes, now: float) -> Pong | None:
        """Match a pong to the newest ping with its payload; return None for an unsolicited pong.

        Older pings are dropped: a peer may answer only the newest (RFC 6455, section 5.5.3).
        """
        matches = [place for place, ping in enumerate(self._pending) if ping[1] == payload]
        if not matches:
            return None
        for _ in range(matches[-1]):
            self._pending.popleft()
        number, _payload, sent_at = self._pending.popleft()
        return Pong(number, now - sent_at)

    def is_pending(self, number: int) -> bool:
        """Whether a ping still waits: it is neither answered nor dropped."""
        return bool(self._pending) and self._pending[0][0] <= number < self._count


@dataclass(frozen=True, slots=True)
class Keepalive:
    """How often to ping, and how soon a silent peer counts as lost."""

    interval: float  # seconds from one ping to the next
    limit: float  # seconds that a pong may take


class KeepaliveCheck:
    """Decides whether a peer is silent: no pong and no other bytes since the last ping."""

    def __init__(self) -> None:
        self._count = 0
        self._received_size = 0

    def next_ping(self, received_size: int) -> bytes:
        """Return the next ping's payload; `received_size` counts all bytes from the peer so far."""
        self._count += 1
        self._received_size = received_size
        return b"keepalive %d" % self._count

    def is_silent(self, received_size: int, *, is_answered: bool, is_reading: bool) -> bool:
        """Return whether the peer is silent, `Keepalive.limit` seconds after the ping.

        A peer that is busy sending is alive: its pong is queued after the data. While reading is
        paused nothing can be concluded.
        """
        return is_reading and not is_answered and received_size == self._received_size

"""Why an open connection ended, as values; `wording.closing` makes the sentences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from spacebeam.protocol.batch import Direction
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import ProtocolError


class CloseCause(Enum):
    """What ended a connection."""

    CLOSE_FRAME = "close-frame"  # both sides sent one (RFC 6455, section 7.1.4)
    STREAM_CLOSED = "stream-closed"  # by the peer, without a close frame
    IO_ERROR = "io-error"
    SILENT = "silent"  # a ping was not answered in time
    CLOSE_UNANSWERED = "close-unanswered"  # this side's close frame was not answered
    DROPPED = "dropped"  # by this program
    OBSERVER_FAILED = "observer-failed"  # this program could not process an entry
    PROTOCOL_ERROR = "protocol-error"  # the peer broke RFC 6455
    MESSAGE_TOO_BIG = "message-too-big"


@dataclass(frozen=True, slots=True)
class CloseReason:
    """Why an open connection ended."""

    cause: CloseCause
    code: int = CloseCode.ABNORMAL  # 1006: no close frame was received
    reason: str = ""  # of the close frame
    closed_by: Direction = Direction.NONE  # SENT: this side began, RECEIVED: the peer
    detail: str = ""  # the system's words, or what the peer sent that breaks the protocol
    is_inside_message: bool = False  # the connection was lost before a message was complete
    seconds: float = 0.0  # the time limit that ran out; 0: the peer ended the connection before
    limit: int = 0  # the size limit, in bytes

    @property
    def is_clean(self) -> bool:
        """Whether a closing handshake was made, or this side refused to go on."""
        return self.code != CloseCode.ABNORMAL


def closed(code: int, reason: str, closed_by: Direction) -> CloseReason:
    """Return the close reason after both sides sent a close frame."""
    return CloseReason(CloseCause.CLOSE_FRAME, code, reason, closed_by)


def refused(error: ProtocolError, max_message: int) -> CloseReason:
    """Return the close reason after the peer broke the protocol or exceeded `max_message` bytes."""
    is_too_big = error.code is CloseCode.MESSAGE_TOO_BIG
    return CloseReason(
        CloseCause.MESSAGE_TOO_BIG if is_too_big else CloseCause.PROTOCOL_ERROR,
        error.code,
        error.explanation,
        Direction.SENT,
        detail=error.explanation,
        limit=max_message if is_too_big else 0,
    )

"""How a connection ended, or why it never began, in words for a person.

Each explanation says what happened and why; its advice says what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from spacebeam.protocol.batch import Direction
from spacebeam.protocol.close import CloseCode, meaning
from spacebeam.protocol.frames import ProtocolError


class FailureKind(Enum):
    """Why a connection could not be made."""

    REFUSED = "refused"
    NAME_NOT_FOUND = "name not found"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TLS = "tls"
    TIMED_OUT = "timed out"
    HTTP_STATUS = "http status"
    NOT_A_WEBSOCKET = "not a websocket"
    PROXY = "proxy"
    CANCELLED = "cancelled"
    LOST = "lost"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a connection could not be made."""

    kind: FailureKind
    explanation: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.explanation} {self.advice}".rstrip()


@dataclass(frozen=True, slots=True)
class CloseReason:
    """How a connection that was open came to its end."""

    code: int  # 1006 where the connection was lost without a close frame
    reason: str
    closed_by: Direction  # who began: SENT for this side, RECEIVED for the peer, NONE for neither
    explanation: str

    @property
    def is_clean(self) -> bool:
        """Whether both sides said goodbye."""
        return self.code != CloseCode.ABNORMAL


def closed(code: int, reason: str, closed_by: Direction, peer: str) -> CloseReason:
    """The ending after both sides sent a close frame; `peer` is what to call the other side."""
    what = f"{code}, {meaning(code)}" + (f": “{reason}”" if reason else "")
    if code == CloseCode.NO_STATUS:
        what = "without a code"
    who = "Disconnected" if closed_by is Direction.SENT else f"Closed by the {peer}"
    return CloseReason(code, reason, closed_by, f"{who} ({what}).")


def lost(explanation: str, closed_by: Direction = Direction.NONE) -> CloseReason:
    """The ending where no close frame came from the other side."""
    return CloseReason(CloseCode.ABNORMAL, "", closed_by, explanation)


def refused(error: ProtocolError, peer: str, max_message: int) -> CloseReason:
    """The ending after the peer broke the protocol, or went over a limit of this side."""
    what, advice = error.explanation, ""
    if error.code is CloseCode.MESSAGE_TOO_BIG:
        what += f" of {_size(max_message)}"
        if peer == "server":  # the built-in server has no such options
            advice = (
                " Raise the limit with --max-message in the terminal, or under Options in the "
                "window."
            )
    explanation = f"Closed because of what the {peer} sent: {what} ({int(error.code)}).{advice}"
    return CloseReason(error.code, error.explanation, Direction.SENT, explanation)


def _size(count: int) -> str:
    """A number of bytes for a person, exactly."""
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= size and count % size == 0:
            return f"{count // size} {unit}"
    return "1 byte" if count == 1 else f"{count:,} bytes"

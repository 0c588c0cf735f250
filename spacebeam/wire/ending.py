"""How a connection ended, or why it never began, in words for a person.

Each explanation says what happened and why; its advice says what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from spacebeam.wire.batch import Direction
from spacebeam.wire.close_code import CloseCode, meaning


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
class Ending:
    """How a connection that was open came to its end."""

    code: int  # 1006 where the connection was lost without a close frame
    reason: str
    closed_by: Direction  # who began: SENT for this side, RECEIVED for the peer, NONE for neither
    explanation: str

    @property
    def is_clean(self) -> bool:
        """Whether both sides said goodbye."""
        return self.code != CloseCode.ABNORMAL


def closed(code: int, reason: str, closed_by: Direction, peer: str) -> Ending:
    """The ending after both sides sent a close frame; `peer` is what to call the other side."""
    what = f"{code}, {meaning(code)}" + (f": “{reason}”" if reason else "")
    if code == CloseCode.NO_STATUS:
        what = "without a code"
    who = "Disconnected" if closed_by is Direction.SENT else f"Closed by the {peer}"
    return Ending(code, reason, closed_by, f"{who} ({what}).")


def lost(explanation: str, closed_by: Direction = Direction.NONE) -> Ending:
    """The ending where no close frame came from the other side."""
    return Ending(CloseCode.ABNORMAL, "", closed_by, explanation)

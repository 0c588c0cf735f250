"""How often and how soon to reconnect. Pure: times and random numbers are passed in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto

from spacebeam.net.close_reason import CloseReason
from spacebeam.net.failures import Failure
from spacebeam.protocol.batch import Direction


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential backoff with jitter.

    Before attempt n, counted from 1, the full wait is `first * factor ** (n - 1)` seconds, but
    `longest` at most. With a `chance` from 0 to 1 the wait is `full * (1 - jitter * chance)`, so
    that the clients of a restarted server do not all reconnect at once. Defaults: 0.25 to 0.5 s,
    0.5 to 1 s, 1 to 2 s and so on, 15 to 30 s from the seventh attempt on, and about two minutes
    for all ten.

    Raise ValueError for numbers out of range.
    """

    attempts: int = 10  # in a row; 0: unlimited
    first: float = 0.5  # seconds
    factor: float = 2.0
    longest: float = 30.0  # seconds
    jitter: float = 0.5  # random part of a wait, from 0 to 1

    def __post_init__(self) -> None:
        numbers = (self.first, self.factor, self.longest, self.jitter)
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError("a wait that is no number")
        if self.attempts < 0:
            raise ValueError("fewer than no attempts")
        if self.first <= 0 or self.factor < 1 or self.longest < self.first:
            raise ValueError("waits that do not grow from above 0 s to the longest")
        if not 0 <= self.jitter <= 1:
            raise ValueError("a jitter that is not from 0 to 1")

    def allows(self, attempt: int) -> bool:
        """Whether an attempt, counted from 1, may be made."""
        return self.attempts == 0 or attempt <= self.attempts

    def delay(self, attempt: int, chance: float) -> float:
        """Return the seconds to wait before an attempt, counted from 1; `chance` is from 0 to 1."""
        try:
            full = min(self.longest, self.first * self.factor ** (attempt - 1))
        except OverflowError:  # after thousands of attempts
            full = self.longest
        return full * (1 - self.jitter * chance)


class AttemptSeries:
    """Counts attempts in a row.

    The count is reset only after a connection that lasted as long as the longest wait. A successful
    handshake is not enough: a server that accepts and drops would be tried at the shortest interval
    for ever.
    """

    def __init__(self, backoff: Backoff) -> None:
        self.backoff = backoff
        self.attempt = 0  # number of the last attempt

    def lasted(self, seconds: float) -> None:
        """Note that a connection was lost after it had been open for `seconds`."""
        if seconds >= self.backoff.longest:
            self.attempt = 0

    def next(self, chance: float) -> float | None:
        """Count an attempt; return the seconds to wait before it, or None if none is left."""
        if not self.backoff.allows(self.attempt + 1):
            return None
        self.attempt += 1
        return self.backoff.delay(self.attempt, chance)


class ReconnectStage(Enum):
    """What a Reconnector is doing."""

    WAITING = auto()
    OFFLINE = auto()  # waiting for the network, without a time limit
    TRYING = auto()


@dataclass(frozen=True, slots=True)
class ReconnectProgress:
    """The attempt that a Reconnector waits for or makes; constant during a wait."""

    stage: ReconnectStage
    attempt: int  # the next or current attempt, counted from 1
    attempts: int  # maximum; 0: unlimited
    why: CloseReason | Failure  # why the connection was lost or the last attempt failed
    deadline: float = math.inf  # end of the wait, in seconds of time.monotonic


def may_come_back(ending: CloseReason) -> bool:
    """Whether to reconnect after this close reason.

    Yes if the peer closed, also with 1000, or the network failed. No if this side closed: the
    person disconnected, or the peer broke the protocol (1002, 1007, 1009) and would do so again.
    """
    return ending.closed_by is not Direction.SENT

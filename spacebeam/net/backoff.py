"""How often and how soon a lost connection is tried again. Pure: time and chance are passed in."""

from __future__ import annotations

import math
from dataclasses import dataclass

from spacebeam.net.close_reason import CloseReason
from spacebeam.protocol.batch import Direction


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that grow, and how many of them there are.

    Before attempt n, counted from 1, the full wait is `first * factor ** (n - 1)` seconds, but
    `longest` at most. Of it the part `jitter` is left to chance: with a `chance` from 0 to 1 the
    wait is `full * (1 - jitter * chance)`, so that the clients of a server that comes back do not
    all come back at once. As it stands: 0.25 to 0.5 s, 0.5 to 1 s, 1 to 2 s and so on, 15 to 30 s
    from the seventh on, and about two minutes for all ten.

    Raises ValueError for numbers that make no sense.
    """

    attempts: int = 10  # in a row; 0: without end
    first: float = 0.5  # seconds
    factor: float = 2.0
    longest: float = 30.0  # seconds
    jitter: float = 0.5  # 0: nothing is left to chance; 1: all of a wait

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
        """Whether there is an attempt with this number, counted from 1."""
        return self.attempts == 0 or attempt <= self.attempts

    def delay(self, attempt: int, chance: float) -> float:
        """Seconds to wait before an attempt, counted from 1; `chance` is from 0 to 1."""
        try:
            full = min(self.longest, self.first * self.factor ** (attempt - 1))
        except OverflowError:  # thousands of attempts later
            full = self.longest
        return full * (1 - self.jitter * chance)


class AttemptSeries:
    """The attempts in a row: counted on until a connection has proved that it lasts.

    That a handshake succeeded proves little: a server that accepts and drops at once would be
    tried at the shortest interval for ever. So the count begins anew only after a connection that
    lasted as long as the longest wait.
    """

    def __init__(self, backoff: Backoff) -> None:
        self.backoff = backoff
        self.attempt = 0  # the newest one's number

    def lasted(self, seconds: float) -> None:
        """A connection has ended that had been open for so long."""
        if seconds >= self.backoff.longest:
            self.attempt = 0

    def next(self, chance: float) -> float | None:
        """Count one attempt more; the seconds to wait before it, or None where none is left."""
        if not self.backoff.allows(self.attempt + 1):
            return None
        self.attempt += 1
        return self.backoff.delay(self.attempt, chance)


def may_come_back(ending: CloseReason) -> bool:
    """Whether a connection that ended so is one to bring back.

    Whatever the peer did, also a close with 1000, and whatever the network did. Not what this side
    ended: the person disconnected, or the peer broke the protocol (1002, 1007, 1009) and would do
    so again.
    """
    return ending.closed_by is not Direction.SENT

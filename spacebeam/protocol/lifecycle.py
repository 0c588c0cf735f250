"""Pings that are waited for: round trips, and finding out that a peer has gone silent.

Pure: time is passed in (RFC 6455, sections 5.5.2 and 5.5.3).
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

_MAX_WAITING = 64  # pings that may wait for their pong; the oldest is given up


@dataclass(frozen=True, slots=True)
class Keepalive:
    """How a silent peer is found."""

    interval: float  # seconds from one ping to the next
    limit: float  # seconds that a pong may take


class RoundTrips:
    """The pings that wait for their pong, in the order they were sent."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[bytes, float, asyncio.Future[float]]] = deque()

    def sent(self, payload: bytes, now: float) -> asyncio.Future[float]:
        """A ping was sent; the future is the seconds until its pong, or cancelled without one."""
        if len(self._waiting) >= _MAX_WAITING:
            self._waiting.popleft()[2].cancel()
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append((payload, now, future))
        return future

    def answered(self, payload: bytes, now: float) -> float | None:
        """A pong came; returns the seconds it took, or None for one that nobody waits for.

        It answers the newest ping with its payload, and those before it, which a peer may leave
        unanswered.
        """
        places = [at for at, waiting in enumerate(self._waiting) if waiting[0] == payload]
        if not places:
            return None
        for _ in range(places[-1]):
            self._waiting.popleft()[2].cancel()
        _payload, sent, future = self._waiting.popleft()
        if not future.done():
            future.set_result(now - sent)
        return now - sent

    def give_up(self) -> None:
        """No pong will come any more."""
        while self._waiting:
            self._waiting.popleft()[2].cancel()

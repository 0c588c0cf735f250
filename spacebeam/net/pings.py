"""Pings that wait for their pong, as futures, and the keepalive that they make possible."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from spacebeam.net.read_loop import ReadLoop
from spacebeam.protocol.lifecycle import Keepalive, KeepaliveCheck, PendingPings


class PingFutures:
    """Resolves a future for each ping when its pong arrives."""

    def __init__(self) -> None:
        self._pending = PendingPings()
        self._futures: dict[int, asyncio.Future[float]] = {}

    def sent(self, payload: bytes, now: float) -> asyncio.Future[float]:
        """Return a future for a ping that was sent: its round trip in seconds.

        It is cancelled when the ping is dropped without a pong.
        """
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._futures[self._pending.sent(payload, now)] = future
        self._cancel_dropped()
        return future

    def answered(self, payload: bytes, now: float) -> float | None:
        """Resolve the future of a pong's ping. Return the round trip, None if unsolicited."""
        pong = self._pending.answered(payload, now)
        if pong is None:
            return None
        future = self._futures.pop(pong.ping)
        if not future.done():
            future.set_result(pong.round_trip)
        self._cancel_dropped()
        return pong.round_trip

    def cancel_all(self) -> None:
        """Cancel every future that is not resolved."""
        for future in self._futures.values():
            future.cancel()
        self._futures.clear()

    def _cancel_dropped(self) -> None:
        for number in [one for one in self._futures if not self._pending.is_pending(one)]:
            self._futures.pop(number).cancel()


async def wait_for_silence(
    keepalive: Keepalive,
    ping: Callable[[bytes], asyncio.Future[float]],
    reading: ReadLoop,
    is_open: Callable[[], bool],
) -> bool:
    """Ping at an interval; return True once the peer is silent, False once nothing is open."""
    check = KeepaliveCheck()
    while is_open():
        await asyncio.sleep(keepalive.interval)
        await reading.resumed()  # while paused, no pong would be read
        if not is_open():
            return False
        pong = ping(check.next_ping(reading.received_size))
        await asyncio.wait({pong}, timeout=keepalive.limit)
        if check.is_silent(
            reading.received_size, is_answered=pong.done(), is_reading=not reading.is_paused
        ):
            return True
    return False

"""Pings as futures."""

from __future__ import annotations

import asyncio

from spacebeam.net.clock import Clock
from spacebeam.net.pings import PingFutures, wait_for_silence
from spacebeam.net.read_loop import ReadLoop
from spacebeam.net.stream_reader import StreamReader
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frames import Role
from spacebeam.protocol.lifecycle import MAX_PENDING_PINGS, Keepalive
from tests.support.streams import stream_pair


async def test_a_pong_resolves_its_ping_and_cancels_earlier_ones() -> None:
    pings = PingFutures()
    first, second, third = (pings.sent(b"%d" % number, 10.0) for number in range(3))
    assert pings.answered(b"1", 12.0) == 2.0
    assert first.cancelled()
    assert second.result() == 2.0
    assert not third.done()
    assert pings.answered(b"0", 13.0) is None


async def test_a_dropped_ping_is_cancelled() -> None:
    pings = PingFutures()
    futures = [pings.sent(b"%d" % number, 0.0) for number in range(MAX_PENDING_PINGS + 36)]
    assert sum(future.cancelled() for future in futures) == 36
    pings.cancel_all()
    assert all(future.cancelled() for future in futures)


async def test_a_cancelled_caller_does_not_disturb_the_others() -> None:
    pings = PingFutures()
    pings.sent(b"x", 1.0).cancel()
    await asyncio.sleep(0)
    assert pings.answered(b"x", 2.0) == 1.0


async def test_keepalive_stops_without_a_ping_once_the_connection_is_closing() -> None:
    sent: list[bytes] = []
    is_open = iter((True, False))

    def ping(payload: bytes) -> asyncio.Future[float]:
        sent.append(payload)
        return asyncio.get_running_loop().create_future()

    with stream_pair() as (stream, _peer):
        reading = ReadLoop(
            StreamReader(stream), FrameDecoder(Role.CLIENT), lambda _batch: None, Clock()
        )
        keepalive = Keepalive(interval=0, limit=0)
        assert not await wait_for_silence(keepalive, ping, reading, lambda: next(is_open))
    assert sent == []

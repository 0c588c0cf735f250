"""The write queue, on a real stream whose other end the test reads."""

from __future__ import annotations

import asyncio
import socket

from gi.repository import Gio

from spacebeam.net.write_queue import HIGH_WATER, SentEntry, WriteQueue, sent_batch
from spacebeam.protocol.batch import Direction, Kind, Origin
from tests.support.entries import plain_entries
from tests.support.streams import read_exactly, stream_pair
from tests.support.waiting import eventually, settled

SMALL = 16 * 1024  # bytes that the pair of sockets buffers


class Writing:
    """A write queue and what it has reported."""

    def __init__(self, stream: Gio.IOStream) -> None:
        self.reports: list[list[bytes]] = []
        self.errors: list[str] = []
        self.queue = WriteQueue(stream, self._on_sent, self.errors.append)

    def put(self, data: bytes, name: bytes = b"") -> None:
        self.queue.put(data, SentEntry(Kind.BINARY, name) if name else None)

    def _on_sent(self, sent: list[SentEntry]) -> None:
        self.reports.append([entry.payload for entry in sent])


def read(peer: socket.socket, count: int) -> asyncio.Future[bytes]:
    return asyncio.ensure_future(asyncio.to_thread(read_exactly, peer, count))


async def test_later_messages_are_written_together_and_in_order() -> None:
    with stream_pair() as (stream, peer):
        writing = Writing(stream)
        for number in range(200):
            writing.put(b"%04d" % number, b"%d" % number)
        await writing.queue.flush()
        assert read_exactly(peer, 800) == b"".join(b"%04d" % number for number in range(200))
        assert writing.reports == [[b"0"], [b"%d" % number for number in range(1, 200)]]


async def test_the_size_of_a_write_is_limited() -> None:
    with stream_pair() as (stream, peer):
        writing = Writing(stream)
        writing.put(b"x")  # the first is written at once, as far as there is room
        for number in range(5):
            writing.put(bytes(256 * 1024), b"%d" % number)
        reading = read(peer, 1 + 5 * 256 * 1024)
        await writing.queue.flush()
        await reading
        assert writing.reports == [[b"0"], [b"1"], [b"2"], [b"3"], [b"4"]]


async def test_an_entry_is_reported_when_its_last_byte_was_written() -> None:
    with stream_pair(SMALL) as (stream, peer):
        writing = Writing(stream)
        writing.put(bytes(500_000), b"long")
        await settled(lambda: writing.reports)
        assert writing.reports == []
        reading = read(peer, 500_000)
        await writing.queue.flush()
        assert writing.reports == [[b"long"]]
        assert await reading == bytes(500_000)


async def test_drain_waits_while_the_queue_is_full() -> None:
    with stream_pair(SMALL) as (stream, peer):
        writing = Writing(stream)
        writing.put(b"x")  # the first is written at once, as far as there is room
        writing.put(bytes(HIGH_WATER))
        await asyncio.wait_for(writing.queue.room(), 1)
        writing.put(b"x")
        assert writing.queue.is_full
        waiting = [asyncio.ensure_future(writing.queue.room()) for _ in range(3)]
        await settled(lambda: [one.done() for one in waiting])
        assert not any(one.done() for one in waiting)
        waiting.pop().cancel()
        reading = read(peer, HIGH_WATER + 2)
        await asyncio.gather(*waiting)
        assert not writing.queue.is_full
        await reading


async def test_stopping_ends_every_wait_and_write() -> None:
    with stream_pair(SMALL) as (stream, peer):
        writing = Writing(stream)
        writing.put(bytes(HIGH_WATER + 1), b"given up")
        waiting = asyncio.gather(writing.queue.room(), writing.queue.flush())
        await settled(lambda: waiting.done())
        assert not waiting.done()
        await writing.queue.stop()
        await waiting
        writing.put(b"late", b"late")
        await writing.queue.flush()
        await writing.queue.stop()
        stream.close()
        assert len(await read(peer, HIGH_WATER + 10)) < HIGH_WATER
        assert writing.reports == []


async def test_a_failed_write_is_reported_once_and_ends_every_wait() -> None:
    with stream_pair(SMALL) as (stream, peer):
        writing = Writing(stream)
        writing.put(bytes(HIGH_WATER + 1), b"lost")
        waiting = asyncio.gather(writing.queue.room(), writing.queue.flush())
        peer.close()
        await waiting
        await eventually(lambda: writing.errors)
        writing.put(b"late", b"late")
        await writing.queue.flush()
        assert writing.errors == ["Broken pipe"]
        assert writing.reports == []


def test_entries_written_together_are_one_batch() -> None:
    batch = sent_batch(
        4.5, [SentEntry(Kind.TEXT, b"one"), SentEntry(Kind.PING, b""), SentEntry(Kind.TEXT, b"2")]
    )
    assert (batch.time, batch.direction) == (4.5, Direction.SENT)
    assert plain_entries([batch]) == [(Kind.TEXT, b"one"), (Kind.PING, b""), (Kind.TEXT, b"2")]


def test_entries_that_are_not_one_plain_frame_have_an_origin() -> None:
    origin = Origin(9, (1, 2), True)
    batch = sent_batch(4.5, [SentEntry(Kind.TEXT, b"one"), SentEntry(Kind.TEXT, b"two", origin)])
    assert batch.origins == {1: origin}

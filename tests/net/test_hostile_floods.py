"""Floods: endless pings and frames, floods after a close frame, and peers that never read."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from unittest import mock

import pytest
from gi.repository import GLib

from spacebeam.net import read_loop
from spacebeam.net.connection import ConnectionLimits, ConnectionState
from spacebeam.net.message_writer import MessageWriter, NotOpenError
from spacebeam.net.stream_reader import READ_PRIORITY, READ_SIZE
from spacebeam.net.write_queue import WriteQueue
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.protocol.frame_encoder import FrameEncoder
from spacebeam.protocol.frames import Opcode, Role, encode
from spacebeam.wording.closing import close_words
from tests.support.clients import connected
from tests.support.entries import Sink
from tests.support.memory import resident
from tests.support.processes import LOOPBACK
from tests.support.raw_server import RawServer, raw_server, upgrade, wait_for_end
from tests.support.streams import stream_pair
from tests.support.waiting import eventually, settled

MIB = 1024 * 1024
CLOSE = b"\x88\x02\x03\xe8"


def url(server: RawServer) -> str:
    return f"ws://{LOOPBACK}:{server.port}/"


class Counting:
    """Counts received entries and discards them; measures the growth of the process's memory."""

    def __init__(self) -> None:
        self.received = 0
        self.grown = 0  # bytes
        self._before = resident()
        self._batches = 0

    def __call__(self, batch: Batch) -> None:
        if batch.direction is Direction.RECEIVED:
            self.received += len(batch)
        self._batches += 1
        if self._batches % 1000 == 0:
            self.grown = max(self.grown, resident() - self._before)


class UnreadScript:
    """A script that sends data `times` times and reads nothing until it is released."""

    def __init__(self, data: bytes, times: int = 1) -> None:
        self._data = data
        self._times = times
        self._release = threading.Event()

    def __call__(self, peer: socket.socket) -> None:
        upgrade(peer)
        for _ in range(self._times):
            peer.sendall(self._data)
        self._release.wait(15)

    def release(self) -> None:
        self._release.set()


@contextlib.contextmanager
def never_reading(data: bytes, times: int = 1) -> Iterator[str]:
    """Run a server that sends data `times` times and never reads; yield its address."""
    script = UnreadScript(data, times)
    with raw_server(script) as server:
        try:
            yield url(server)
        finally:
            script.release()


async def test_a_flood_of_pings_from_a_peer_that_never_reads_takes_little_memory() -> None:
    counting = Counting()
    with never_reading(encode(Opcode.PING, bytes(125)) * 10_000, 20) as address:
        async with connected(address) as connection:
            connection.sink = counting
            await eventually(lambda: counting.received == 200_000, within=60)
    assert counting.grown < 32 * MIB


async def test_pings_during_a_long_outgoing_message_take_little_memory() -> None:
    counting = Counting()
    with never_reading(b"\x89\x00" * 50_000, 4) as address:
        async with connected(address) as connection:
            connection.sink = counting
            sending = asyncio.ensure_future(connection.send(bytes(32 * MIB)))
            await eventually(lambda: counting.received == 200_000, within=60)
            await connection.close()
            with pytest.raises(NotOpenError):
                await sending
    assert counting.grown < 128 * MIB


async def test_few_pongs_are_queued_behind_a_long_frame() -> None:
    with stream_pair(16 * 1024) as (stream, peer):
        writer = MessageWriter(
            stream, FrameEncoder(Role.SERVER), lambda: True, list.clear, lambda _error: None
        )
        sending = asyncio.ensure_future(writer.send(bytes(4 * MIB)))
        await eventually(lambda: writer.is_full)
        with mock.patch.object(WriteQueue, "is_full", new=False):  # as if the peer had just read
            assert not writer.is_full
            for _ in range(1024):
                writer.put_control(Opcode.PONG, b"")
            assert writer.is_full
        reading = asyncio.ensure_future(asyncio.to_thread(wait_for_end, peer))
        await sending
        await writer.drain()
        assert not writer.is_full
        stream.close()
        assert len(await reading) == 10 + 4 * MIB + 2 * 1024


@pytest.mark.parametrize(
    ("frames", "limit"),
    [
        (b"\x89\x00", 128),
        (b"\x8a\x00", 128),
        (b"\x01\x00\x80\x00\x89\x00", 128),
        (b"\x81\x00\x89\x00", 128),
        (b"\x82\x01a", READ_SIZE // 3 + 1),  # plain frames: a whole block is indexed at once
    ],
)
async def test_a_flood_of_small_frames_leaves_turns_to_others(
    frames: bytes, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_loop, "_MAX_TURN_S", -1.0)  # a turn after each batch
    counting = Counting()
    most, last = 0, 0  # entries between two turns

    def look() -> bool:
        nonlocal most, last
        most, last = max(most, counting.received - last), counting.received
        return GLib.SOURCE_CONTINUE

    count = 250_000 // len(frames)
    with never_reading(frames * count + encode(Opcode.BINARY, b"the end")) as address:
        async with connected(address) as connection:
            connection.sink = counting
            source = GLib.idle_add(look, priority=READ_PRIORITY)
            try:
                entries = count * sum(byte >= 0x80 for byte in frames) + 1
                await eventually(lambda: counting.received == entries, within=60)
            finally:
                GLib.source_remove(source)
    assert 0 < most <= limit


async def test_only_the_first_of_many_close_frames_counts() -> None:
    sink = Sink()

    def script(peer: socket.socket) -> None:
        upgrade(peer, then=CLOSE)
        with contextlib.suppress(OSError):
            for _ in range(100):
                peer.sendall(CLOSE * 1000)
        wait_for_end(peer)

    with raw_server(script) as server:
        async with connected(url(server), sink) as connection:
            ending = await connection.ended
    assert close_words(ending) == "Closed by the server (1000, normal closure)."
    assert sink.received() == [(Kind.CLOSE, b"\x03\xe8")]
    assert [kind for kind, _payload in sink.sent()] == [Kind.CLOSE]


@pytest.mark.parametrize("flood", [encode(Opcode.BINARY, b"x" * 1000), b"\x89\x00", b"\x00\x00"])
async def test_a_close_answered_by_a_flood_ends_at_the_time_limit(flood: bytes) -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer, then=b"\x01\x00" * (flood[0] == 0))
        peer.recv(1)
        with contextlib.suppress(OSError):
            while True:
                peer.sendall(flood * 1000)

    limits = ConnectionLimits(close_time=0.5, linger_time=0.3)
    with raw_server(script) as server:
        async with connected(url(server), limits=limits) as connection:
            ending = await connection.close()
    assert close_words(ending) == (
        "Disconnected; the server did not answer the close frame within 0.5 s."
    )


async def test_a_flood_after_a_protocol_error_does_not_delay_the_end() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer, then=b"\x83\x00")
        with contextlib.suppress(OSError):
            while True:
                peer.sendall(b"\x89\x00" * 10_000)

    with raw_server(script) as server:
        async with connected(url(server)) as connection:
            ending = await connection.ended
    assert ending.code == 1002


async def test_sending_to_a_peer_that_never_reads_takes_little_memory() -> None:
    with never_reading(b"") as address:
        async with connected(address) as connection:
            before = resident()
            sent = 0

            async def send() -> None:
                nonlocal sent
                with contextlib.suppress(NotOpenError):
                    while True:
                        await connection.send(bytes(64 * 1024))
                        sent += 1

            sending = asyncio.ensure_future(send())
            await settled(lambda: sent)
            assert not sending.done()
            assert sent * 64 * 1024 < 32 * MIB
            assert resident() - before < 64 * MIB
            ending = await connection.close()
            await sending
    assert ending.code == 1006


async def test_dropped_connections_leave_no_threads() -> None:
    count = 0

    def script(peer: socket.socket) -> None:
        nonlocal count
        count += 1
        upgrade(peer, then=(CLOSE, b"", b"\x81\x05he", b"\x83")[count % 4])

    with raw_server(script) as server:
        threads = threading.active_count()
        for _ in range(300):
            async with connected(url(server)) as connection:
                await connection.ended
            assert connection.state is ConnectionState.CLOSED
        await eventually(lambda: threading.active_count() <= threads + 8)

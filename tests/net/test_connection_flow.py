"""Back-pressure, long frames, paused reading, and released file descriptors."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import threading
from collections.abc import Callable

import pytest
from gi.repository import GLib

from spacebeam.net.close_reason import CloseCause
from spacebeam.net.connection import Connection, ConnectionLimits, ConnectionState
from spacebeam.net.handshake import OpenedStream
from spacebeam.net.message_writer import NotOpenError
from spacebeam.net.report import HandshakeReport
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.protocol.deflate import Agreement, Deflate
from spacebeam.protocol.endpoint import parse
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frames import Opcode, Role, encode, parse_header
from spacebeam.protocol.lifecycle import Keepalive
from spacebeam.wording.closing import close_words
from tests.net.conftest import Peer
from tests.support.clients import QUICK, connected, refusal
from tests.support.entries import PlainEntry, Sink, received
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import RawServer, answer, raw_server, upgrade, wait_for_end
from tests.support.streams import stream_pair
from tests.support.waiting import eventually, settled

MIB = 1024 * 1024
LONG = 8 * MIB  # bytes; more than the sockets between two local programs buffer


def url(server: RawServer) -> str:
    return f"ws://{LOOPBACK}:{server.port}/"


class Slow:
    """A script that reads nothing until `read_on` is called, then everything.

    `begun` is set once data has arrived.
    """

    def __init__(self, *headers: str) -> None:
        self.begun = self.ended = False
        self._headers = headers
        self._data = b""
        self._may_read = threading.Event()

    def __call__(self, peer: socket.socket) -> None:
        # Else the kernel may hold as much as net.ipv4.tcp_rmem allows, which is more than LONG.
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, MIB)
        upgrade(peer, *self._headers)
        self.begun = bool(peer.recv(1, socket.MSG_PEEK))
        self._may_read.wait(15)
        self._data = wait_for_end(peer)
        self.ended = True

    def read_on(self) -> None:
        self._may_read.set()

    @property
    def entries(self) -> list[PlainEntry]:
        """The entries that the client sent."""
        receiver = FrameDecoder(Role.SERVER)
        entries = received(receiver, self._data)
        assert receiver.failure is None
        return entries

    @property
    def opcodes(self) -> list[Opcode]:
        """The opcode of every frame the client sent, including those after a close frame."""
        found, rest = [], self._data
        while (header := parse_header(rest)) is not None:
            found.append(header.opcode)
            rest = rest[header.size + header.length :]
        return found


async def test_sending_waits_for_a_server_that_does_not_read() -> None:
    slow = Slow()
    with raw_server(slow) as server:
        async with connected(url(server)) as connection:
            progress: list[int] = []

            async def send_on() -> None:
                while True:
                    await connection.send(bytes(100_000))
                    progress.append(100_000)

            sending = asyncio.ensure_future(send_on())
            await settled(lambda: len(progress))
            assert not sending.done()
            ending = await connection.close()
            with pytest.raises(NotOpenError):
                await sending
        slow.read_on()
    assert close_words(ending) == (
        "Disconnected; the server did not answer the close frame within 0.4 s."
    )
    assert sum(progress) < LONG


async def test_closing_ends_the_send_of_a_long_message_to_a_server_that_does_not_read() -> None:
    sink = Sink()
    slow = Slow()
    with raw_server(slow) as server:
        async with connected(url(server), sink) as connection:
            sending = asyncio.ensure_future(connection.send(bytes(2 * LONG)))
            await eventually(lambda: slow.begun)
            flushing = asyncio.ensure_future(connection.flush())
            await settled(lambda: flushing.done())
            await connection.close()
            for waiting in (sending, flushing):
                with pytest.raises(NotOpenError):
                    await waiting
        slow.read_on()
    assert sink.sent() == []


async def test_a_ping_waits_for_the_end_of_a_long_frame() -> None:
    slow = Slow()
    with raw_server(slow) as server:
        async with connected(url(server)) as connection:
            sending = asyncio.ensure_future(connection.send(bytes(LONG)))
            await eventually(lambda: slow.begun)
            await settled(lambda: sending.done())
            assert not sending.done()
            connection.ping(b"between")
            slow.read_on()
            await sending
            await connection.flush()
        await eventually(lambda: slow.ended)
    assert [kind for kind, _payload in slow.entries] == [Kind.BINARY, Kind.PING, Kind.CLOSE]


async def test_a_close_waits_for_the_end_of_a_long_frame() -> None:
    slow = Slow()
    with raw_server(slow) as server:
        limits = ConnectionLimits(close_time=1.5, linger_time=0.3)
        async with connected(url(server), limits=limits) as connection:
            sending = asyncio.ensure_future(connection.send(bytes(LONG)))
            await eventually(lambda: slow.begun)
            closing = asyncio.ensure_future(connection.close())
            await eventually(lambda: connection.state is ConnectionState.CLOSING)
            slow.read_on()
            await sending
            await closing
    assert [kind for kind, _payload in slow.entries] == [Kind.BINARY, Kind.CLOSE]


async def test_a_cancelled_send_still_sends_the_whole_long_message() -> None:
    slow = Slow()
    with raw_server(slow) as server:
        async with connected(url(server)) as connection:
            sending = asyncio.ensure_future(connection.send(bytes(LONG)))
            await eventually(lambda: slow.begun)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            following = asyncio.ensure_future(connection.send("the next"))
            slow.read_on()
            await following
            await connection.flush()
        await eventually(lambda: slow.ended)
    assert [kind for kind, _payload in slow.entries] == [Kind.BINARY, Kind.TEXT, Kind.CLOSE]
    assert slow.entries[1][1] == b"the next"


async def test_nothing_follows_a_close_frame() -> None:
    slow = Slow("Sec-WebSocket-Extensions: permessage-deflate")
    slow.read_on()
    with raw_server(slow) as server:
        async with connected(url(server)) as connection:
            # Compressed on another thread, for longer than the close takes.
            sending = asyncio.ensure_future(connection.send(bytes(2 * LONG)))
            for _step in range(3):
                await asyncio.sleep(0)
            await connection.close()
            with pytest.raises(NotOpenError):
                await sending
        await eventually(lambda: slow.ended)
    assert slow.opcodes == [Opcode.CLOSE]


async def test_reading_can_be_paused() -> None:
    sink = Sink()
    finished: list[bool] = []

    def script(peer: socket.socket) -> None:
        upgrade(peer, then=b"\x81\x03one")
        peer.recv(1)
        peer.sendall(encode(Opcode.BINARY, bytes(65_535)) * 256)
        finished.append(True)
        wait_for_end(peer)

    with raw_server(script) as server:
        async with connected(url(server), sink) as connection:
            await eventually(sink.received)
            connection.pause_reading()
            await connection.send("go")
            await settled(lambda: len(sink))
            # The read in progress is the last one.
            assert len(sink.received()) <= 1 + 4
            assert not finished
            connection.resume_reading()
            await eventually(lambda: len(sink.received()) == 257)
            await eventually(lambda: finished)


async def test_nothing_is_decompressed_while_reading_is_paused() -> None:
    compressed = encode(Opcode.BINARY, Deflate(Agreement(), Role.SERVER).pack(bytes(MIB)), rsv=4)
    sizes: list[int] = []

    def script(peer: socket.socket) -> None:
        upgrade(peer, "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover")
        peer.sendall(compressed * 60)  # 60 MiB, in one received block
        wait_for_end(peer)

    with raw_server(script) as server:
        connection = Connection(limits=QUICK)

        def sink(batch: Batch) -> None:
            if batch.size >= MIB:
                sizes.append(batch.size)
                connection.pause_reading()

        connection.sink = sink
        await connection.open(parse(url(server)))
        for count in (1, 2, 3):
            await settled(lambda: len(sizes))
            assert len(sizes) == count
            connection.resume_reading()
        connection.sink = lambda _batch: None
        connection.resume_reading()
        await connection.close()


async def test_pongs_are_not_queued_without_limit() -> None:
    count = 30_000
    sink = Sink()
    ping = encode(Opcode.PING, bytes(125), b"mask")
    with stream_pair(16 * 1024) as (stream, peer):
        connection = Connection(sink, QUICK)
        connection.accept(OpenedStream(stream, HandshakeReport(""), None))
        await asyncio.to_thread(peer.sendall, ping * count)
        await eventually(lambda: sum(map(len, sink)) >= count)
        reading = asyncio.ensure_future(asyncio.to_thread(wait_for_end, peer))
        ending = await connection.close()
        answers = received(FrameDecoder(Role.CLIENT), await reading)
    assert ending.cause is CloseCause.CLOSE_UNANSWERED
    # About 1 MiB of pongs was queued.
    assert 1000 < len(answers) < 10_000


async def test_a_server_connection_sends_no_masks_and_closes_the_stream_first() -> None:
    with stream_pair() as (stream, peer):
        connection = Connection(Sink(), QUICK)
        connection.accept(OpenedStream(stream, HandshakeReport(""), None))
        await connection.send("hello")
        peer.sendall(encode(Opcode.CLOSE, b"\x03\xe9", b"mask"))
        ending = await connection.ended
        assert wait_for_end(peer) == b"\x81\x05hello\x88\x02\x03\xe9"
    assert (ending.code, ending.closed_by) == (1001, Direction.RECEIVED)


def descriptors() -> int:
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


async def test_every_ending_closes_the_file_descriptors(peer: Peer) -> None:
    async def round_of_endings() -> None:
        async with connected(f"{peer.url}/echo") as connection:
            await connection.send("hello")
        async with connected(f"{peer.url}/close?code=1000") as connection:
            await connection.ended
        await refusal(f"ws://{LOOPBACK}:{free_port()}/")

    await round_of_endings()
    start = descriptors()
    for _ in range(8):
        await round_of_endings()
    await eventually(lambda: descriptors() <= start)


async def test_a_misbehaving_peer_leaves_no_file_descriptor_open() -> None:
    limits = ConnectionLimits(close_time=0.02, linger_time=0.02)

    async def round_of_endings() -> None:
        with raw_server(lambda peer: upgrade(peer, then=b"\x81\x05he")) as server:
            async with connected(url(server), limits=limits) as connection:
                await connection.ended
        with raw_server(lambda peer: answer(peer, "HTTP/1.1 403 Forbidden", "no")) as server:
            await refusal(url(server))
        slow = Slow()
        with raw_server(slow) as server:
            async with connected(url(server), limits=limits) as connection:
                sending = asyncio.ensure_future(connection.send(bytes(LONG)))
                await connection.close()
                with pytest.raises(NotOpenError):
                    await sending
            slow.read_on()

    await round_of_endings()
    start = descriptors()
    for _ in range(8):
        await round_of_endings()
    await eventually(lambda: descriptors() <= start)


class CountingSink(Sink):
    """Calls `on_batch` for each batch and discards it."""

    def __init__(self, on_batch: Callable[[], None]) -> None:
        super().__init__()
        self._on_batch = on_batch

    def __call__(self, batch: Batch) -> None:
        self._on_batch()


async def test_other_tasks_run_while_a_large_message_is_decompressed() -> None:
    deflate = Deflate(Agreement(), Role.SERVER)
    big = deflate.pack(bytes(16 * 1024 * 1024))
    turns = 0
    seen: list[int] = []

    def script(peer: socket.socket) -> None:
        data = encode(1, b"small") + encode(2, big, rsv=4)
        upgrade(peer, "Sec-WebSocket-Extensions: permessage-deflate", then=data)
        wait_for_end(peer)

    def count() -> bool:
        nonlocal turns
        turns += 1
        return GLib.SOURCE_CONTINUE

    source = GLib.timeout_add(1, count)
    try:
        with raw_server(script) as server:
            address = f"ws://{LOOPBACK}:{server.port}/"
            async with connected(address, CountingSink(lambda: seen.append(turns))):
                await eventually(lambda: len(seen) >= 3)  # event, small and large message
    finally:
        GLib.source_remove(source)
    assert seen[2] - seen[1] >= 2


def _silent(peer: socket.socket) -> None:
    upgrade(peer)
    wait_for_end(peer)


async def test_keepalive_waits_while_reading_is_paused() -> None:
    with raw_server(_silent) as server:
        async with connected(url(server)) as connection:
            connection.pause_reading()
            connection.keep_alive(Keepalive(interval=0.001, limit=0.001))
            ending = asyncio.shield(connection.ended)
            done, _pending = await asyncio.wait({ending}, timeout=0.2)  # stays open
            assert not done
            connection.resume_reading()
            assert (await ending).cause is CloseCause.SILENT


async def test_keepalive_sends_no_ping_after_the_close_frame() -> None:
    sink = Sink()
    with raw_server(_silent) as server:
        async with connected(url(server), sink) as connection:
            connection.limits = ConnectionLimits(close_time=0.2)
            connection.keep_alive(Keepalive(interval=0.01, limit=5))
            ending = await connection.close()
    assert "did not answer the close frame" in close_words(ending)
    assert sink.sent() == [(Kind.CLOSE, b"\x03\xe8")]

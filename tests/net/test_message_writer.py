"""Fragments, pings with their round trip, close codes and raw frames."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable

import pytest

from spacebeam.net.close_reason import CloseCause
from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.events import RawFrameSent, RoundTrip, from_payload
from spacebeam.net.message_writer import NotOpenError, kind_and_payload
from spacebeam.net.options import HandshakeOptions
from spacebeam.protocol.batch import Direction, Kind, Origin
from spacebeam.protocol.endpoint import parse
from spacebeam.protocol.frames import Opcode, apply_mask, encode, parse_header
from spacebeam.protocol.lifecycle import Keepalive
from spacebeam.protocol.raw_frame import LengthForm, RawFrame
from spacebeam.wording.closing import close_words
from tests.net.conftest import Peer
from tests.support.clients import connected
from tests.support.entries import Sink, origins, plain_entries
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade, wait_for_end
from tests.support.waiting import eventually, settled
from tests.support.websockets_peer import websockets_peer

MIB = 1024 * 1024
PLAIN = HandshakeOptions(compression=False)


def read_frame(peer: socket.socket) -> tuple[int, bool, bytes]:
    """Read a frame; return its opcode, FIN and payload."""
    head = bytearray()
    while (header := parse_header(head)) is None:
        head += peer.recv(1)
    payload = b""
    while len(payload) < header.length:
        payload += peer.recv(header.length - len(payload))
    return header.opcode, header.fin, apply_mask(payload, header.mask)


def listening(frames: list[tuple[int, bool, bytes]], count: int) -> Callable[[socket.socket], None]:
    """Return a script that appends the first `count` frames to `frames`."""

    def script(peer: socket.socket) -> None:
        upgrade(peer)
        for _ in range(count):
            frames.append(read_frame(peer))
        wait_for_end(peer)

    return script


def silent(peer: socket.socket) -> None:
    """Open a WebSocket and send nothing."""
    upgrade(peer)
    wait_for_end(peer)


async def test_a_message_is_sent_in_fragments_of_given_sizes() -> None:
    frames: list[tuple[int, bool, bytes]] = []
    with raw_server(listening(frames, 3)) as server:
        address = f"ws://{LOOPBACK}:{server.port}/"
        sink = Sink()
        async with connected(address, sink, options=PLAIN) as connection:
            await connection.send_fragments("fragmented", [1, 4])
            await eventually(lambda: len(frames) == 3)
    assert frames == [(1, False, b"f"), (0, False, b"ragm"), (0, True, b"ented")]


async def test_sizes_beyond_the_message_make_no_empty_fragments() -> None:
    frames: list[tuple[int, bool, bytes]] = []
    with raw_server(listening(frames, 2)) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", options=PLAIN) as connection:
            await connection.send_fragments(b"abc", [2, 5, 5])
            await eventually(lambda: len(frames) == 2)
            with pytest.raises(ValueError, match="at least one byte"):
                await connection.send_fragments(b"abc", [0])
    assert frames == [(2, False, b"ab"), (0, True, b"c")]


async def test_servers_join_the_fragments(peer: Peer) -> None:
    sink = Sink()
    async with connected(f"{peer.url}/echo", sink) as connection:
        await connection.send_fragments("in pieces " * 50, [1, 2, 3])
        await eventually(lambda: len(sink.received()) == 1)
    assert sink.received()[0] == (Kind.TEXT, b"in pieces " * 50)


async def test_a_ping_returns_its_round_trip(peer: Peer) -> None:
    sink = Sink()
    async with connected(f"{peer.url}/echo", sink) as connection:
        round_trip = await connection.ping(b"how far?")
        assert round_trip > 0
        assert connection.round_trip == round_trip
    events = [
        from_payload(payload)
        for batch in sink
        for kind, payload in plain_entries([batch])
        if kind is Kind.EVENT
    ]
    assert RoundTrip(round(round_trip * 1000, 3)) in events


async def test_a_ping_without_a_pong_is_cancelled_at_the_end() -> None:
    with raw_server(silent) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/") as connection:
            pong = connection.ping()
        assert pong.cancelled()


async def test_pongs_can_be_disabled() -> None:
    frames: list[tuple[int, bool, bytes]] = []

    def script(peer: socket.socket) -> None:
        upgrade(peer, then=encode(9, b"anyone?"))
        frames.append(read_frame(peer))
        wait_for_end(peer)

    with raw_server(script) as server:
        sink = Sink()
        connection = Connection(sink)
        connection.answers_pings = False
        await connection.open(parse(f"ws://{LOOPBACK}:{server.port}/"), PLAIN)
        await eventually(sink.received)
        await connection.send("no pong before this")
        await eventually(lambda: frames)
        server_saw = frames[0]
        await asyncio.gather(connection.close(), return_exceptions=True)
    assert server_saw == (1, True, b"no pong before this")


async def test_a_peer_that_answers_no_ping_times_out() -> None:
    with raw_server(silent) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/") as connection:
            connection.keep_alive(Keepalive(interval=0.02, limit=0.05))
            ending = await asyncio.shield(connection.ended)
    assert (ending.cause, ending.seconds) == (CloseCause.SILENT, 0.05)


async def test_a_peer_that_answers_pings_stays_connected(peer: Peer) -> None:
    sink = Sink()
    async with connected(f"{peer.url}/echo", sink) as connection:
        connection.keep_alive(Keepalive(interval=0.01, limit=5))
        await eventually(lambda: len(sink.events()) >= 4)
        assert not connection.ended.done()


async def test_an_illegal_close_code_is_sent_only_if_it_is_allowed() -> None:
    frames: list[tuple[int, bool, bytes]] = []
    with raw_server(listening(frames, 1)) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", options=PLAIN) as connection:
            with pytest.raises(ValueError, match="1005"):
                await connection.close(1005, "never")
            await connection.close(1005, "never", even_illegal=True)
    assert frames == [(8, True, (1005).to_bytes(2, "big") + b"never")]


async def test_sending_before_opening_raises() -> None:
    with pytest.raises(NotOpenError):
        await Connection().send_fragments("x", [1])


def test_text_is_utf8_and_bytes_are_binary() -> None:
    assert kind_and_payload("ü") == (Kind.TEXT, "ü".encode())
    assert kind_and_payload(b"\xff") == (Kind.BINARY, b"\xff")


async def test_pings_are_sent_between_fragments() -> None:
    frames: list[tuple[int, bool, bytes]] = []
    sink = Sink()
    with raw_server(listening(frames, 5)) as server:
        address = f"ws://{LOOPBACK}:{server.port}/"
        async with connected(address, sink, options=PLAIN) as connection:
            await connection.send_fragments("abcdef", [1, 2, 9], [b"one", b"two", b"three"])
            await eventually(lambda: len(frames) == 5)
            await eventually(lambda: len(sink.sent()) == 3)
            with pytest.raises(ValueError, match="125 bytes"):
                await connection.send_fragments("abc", [1], [bytes(126)])
    assert frames == [
        (1, False, b"a"),
        (9, True, b"one"),
        (0, False, b"bc"),
        (9, True, b"two"),
        (0, True, b"def"),
    ]
    # A message is reported when its last byte was written.
    assert sink.sent()[:3] == [(Kind.PING, b"one"), (Kind.PING, b"two"), (Kind.TEXT, b"abcdef")]


async def test_fewer_pings_than_gaps_leave_the_last_gaps_empty() -> None:
    frames: list[tuple[int, bool, bytes]] = []
    with raw_server(listening(frames, 4)) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", options=PLAIN) as connection:
            await connection.send_fragments("abc", [1, 1], [b""])
            await eventually(lambda: len(frames) == 4)
    assert [opcode for opcode, _fin, _payload in frames] == [1, 9, 0, 0]


async def test_a_fragmented_message_has_an_origin() -> None:
    sink = Sink()
    with raw_server(silent) as server:
        address = f"ws://{LOOPBACK}:{server.port}/"
        async with connected(address, sink, options=PLAIN) as connection:
            await connection.send("whole")
            await connection.send_fragments("abcdef", [1, 2], [b"p"])
            await connection.send_fragments("ab", [5])
            await eventually(lambda: len(sink.sent()) == 4)
    sent = [batch for batch in sink if batch.direction is Direction.SENT]
    # Each of the three client frames has a header of 6 bytes.
    assert origins(sent)[:4] == [None, None, Origin(6 + 18, (1, 2, 3), False), None]


@pytest.mark.parametrize("long", [False, True])
async def test_a_compressed_message_has_its_size_on_the_wire(long: bool) -> None:
    sink = Sink()
    text = "over and over " * (100_000 if long else 10)
    with websockets_peer(compression=True) as port:
        async with connected(f"ws://{LOOPBACK}:{port}/echo", sink) as connection:
            await connection.send(text)
            connection.post("short")
            await connection.flush()
    sent = [batch for batch in sink if batch.direction is Direction.SENT]
    first, second = origins(sent)[:2]
    assert first is not None
    assert second is not None
    assert first.compressed
    [packed] = first.fragments
    assert 6 < packed < len(text) / 4
    assert first.wire_size == packed + (6 if packed < 126 else 8)
    assert second.compressed
    assert second.wire_size == second.fragments[0] + 6


async def test_all_chunks_of_a_long_message_count_in_its_wire_size() -> None:
    sink = Sink()
    with websockets_peer(compression=True) as port:
        async with connected(f"ws://{LOOPBACK}:{port}/echo", sink) as connection:
            await connection.send(os.urandom(600 * 1024))
            await connection.flush()
    [origin, *_rest] = origins(batch for batch in sink if batch.direction is Direction.SENT)
    assert origin is not None
    [packed] = origin.fragments
    assert packed > 500 * 1024
    assert origin.wire_size == packed + 14


async def bytes_of(*frames: RawFrame, sink: Sink | None = None) -> bytes:
    """Return the bytes that a server receives after the handshake, close frame included."""
    received: list[bytes] = []

    def script(peer: socket.socket) -> None:
        upgrade(peer)
        received.append(wait_for_end(peer))

    with raw_server(script) as server:
        address = f"ws://{LOOPBACK}:{server.port}/"
        async with connected(address, sink, options=PLAIN) as connection:
            for frame in frames:
                await connection.send_raw(frame)
            await connection.flush()
    await eventually(lambda: received)
    return received[0]


async def test_a_raw_frame_is_sent_unchanged() -> None:
    frames = (
        RawFrame(b"no mask", fin=False, rsv=5),
        RawFrame(b"short", 3, mask=b"abcd", claimed_length=99, length_form=LengthForm.BITS_64),
        RawFrame(bytes(100_000), Opcode.PING, mask=b"\0\0\0\0"),
    )
    expected = b"".join(frame.encode() for frame in frames)
    assert (await bytes_of(*frames)).startswith(expected + b"\x88")


async def test_a_raw_frame_is_recorded_as_an_entry_and_an_event() -> None:
    sink = Sink()
    await bytes_of(
        RawFrame("grüße".encode(), mask=b"abcd"),
        RawFrame(b"\xff\xfe"),
        RawFrame(b"p", Opcode.PING, fin=False),
        RawFrame(bytes(12), 3, rsv=4, mask=b"abcd", length_form=LengthForm.BITS_16),
        sink=sink,
    )
    sent = sink.sent()[:7]
    assert [entry for entry in sent if entry[0] is not Kind.EVENT] == [
        (Kind.TEXT, "grüße".encode()),
        (Kind.BINARY, b"\xff\xfe"),
        (Kind.PING, b"p"),
    ]
    assert [from_payload(payload) for kind, payload in sent if kind is Kind.EVENT] == [
        RawFrameSent(True, 0, Opcode.TEXT, True, 7, 7),
        RawFrameSent(True, 0, Opcode.TEXT, False, 2, 2),
        RawFrameSent(False, 0, Opcode.PING, False, 1, 1),
        RawFrameSent(True, 4, 3, True, 12, 12, "16-bit"),
    ]


async def test_a_raw_frame_is_not_sent_inside_a_message() -> None:
    """The long message is written in pieces, because the server does not read."""
    received: list[bytes] = []
    may_read = threading.Event()

    def script(peer: socket.socket) -> None:
        upgrade(peer)
        may_read.wait(15)
        received.append(wait_for_end(peer))

    with raw_server(script) as server:
        address = f"ws://{LOOPBACK}:{server.port}/"
        async with connected(address, options=PLAIN) as connection:
            sending = asyncio.create_task(connection.send(bytes(8 * MIB)))
            await settled(lambda: sending.done())
            raw = asyncio.create_task(connection.send_raw(RawFrame(b"raw", 7)))
            after = asyncio.create_task(connection.send("after"))
            await settled(lambda: raw.done())
            assert not sending.done()
            assert not raw.done()
            may_read.set()
            await asyncio.gather(sending, raw, after)
            await connection.flush()
    await eventually(lambda: received)
    rest = received[0][14 + 8 * MIB :]
    assert rest.startswith(b"\x87\x03raw\x81\x85")


async def test_a_raw_close_frame_closes_the_connection() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer)
        read_frame(peer)
        peer.sendall(b"\x88\x02\x03\xe9")
        wait_for_end(peer)

    with raw_server(script) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", options=PLAIN) as connection:
            await connection.send_raw(RawFrame(b"\x03\xe9", Opcode.CLOSE, mask=b"abcd"))
            assert connection.state is ConnectionState.CLOSING
            with pytest.raises(NotOpenError):
                await connection.send("nothing follows a close frame")
            ending = await asyncio.shield(connection.ended)
    assert close_words(ending) == "Disconnected (1001, going away)."


async def test_an_unanswered_raw_close_frame_ends_the_connection() -> None:
    with raw_server(silent) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", options=PLAIN) as connection:
            await connection.send_raw(RawFrame(opcode=Opcode.CLOSE, claimed_length=90))
            ending = await asyncio.wait_for(asyncio.shield(connection.ended), 10)
    assert "did not answer the close frame" in close_words(ending)


async def test_raw_frames_can_be_sent_after_a_close_frame() -> None:
    received: list[bytes] = []

    def script(peer: socket.socket) -> None:
        upgrade(peer)
        received.append(wait_for_end(peer))

    with raw_server(script) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", options=PLAIN) as connection:
            closing = asyncio.create_task(connection.close())
            await eventually(lambda: connection.state is ConnectionState.CLOSING)
            await connection.send_raw(RawFrame(b"late"))
            await connection.send_raw(RawFrame(opcode=Opcode.CLOSE))
            await closing
            with pytest.raises(NotOpenError):
                await connection.send_raw(RawFrame(b"too late"))
    await eventually(lambda: received)
    assert received[0].startswith(b"\x88\x82")
    assert received[0].endswith(b"\x81\x04late\x88\x00")


async def test_no_raw_frame_is_sent_before_there_is_a_connection() -> None:
    with pytest.raises(NotOpenError):
        await Connection().send_raw(RawFrame())

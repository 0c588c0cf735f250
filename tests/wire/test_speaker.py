"""What is said on purpose: fragments, pings that are waited for, closing with any code."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest

from spacebeam.wire.batch import Kind
from spacebeam.wire.connection import Connection
from spacebeam.wire.endpoint import parse
from spacebeam.wire.frames import apply_mask, encode, parse_header
from spacebeam.wire.heartbeat import Keepalive
from spacebeam.wire.options import Options
from spacebeam.wire.speaker import NotOpenError, kind_and_payload
from tests.support.clients import connected
from tests.support.entries import Sink
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade, wait_for_end
from tests.support.waiting import eventually
from tests.wire.conftest import Peer

PLAIN = Options(compression=False)


def read_frame(peer: socket.socket) -> tuple[int, bool, bytes]:
    """A frame's opcode, its FIN and its payload."""
    head = bytearray()
    while (header := parse_header(head)) is None:
        head += peer.recv(1)
    payload = b""
    while len(payload) < header.length:
        payload += peer.recv(header.length - len(payload))
    return header.opcode, header.fin, apply_mask(payload, header.mask)


def listening(frames: list[tuple[int, bool, bytes]], count: int) -> Callable[[socket.socket], None]:
    """A server that writes down the first frames it gets."""

    def script(peer: socket.socket) -> None:
        upgrade(peer)
        for _ in range(count):
            frames.append(read_frame(peer))
        wait_for_end(peer)

    return script


def silent(peer: socket.socket) -> None:
    """A server that opens a WebSocket and says nothing."""
    upgrade(peer)
    wait_for_end(peer)


async def test_a_message_goes_out_in_fragments_of_the_sizes_asked_for() -> None:
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


async def test_real_servers_join_the_fragments(peer: Peer) -> None:
    sink = Sink()
    async with connected(f"{peer.url}/echo", sink) as connection:
        await connection.send_fragments("in pieces " * 50, [1, 2, 3])
        await eventually(lambda: len(sink.received()) == 1)
    assert sink.received()[0] == (Kind.TEXT, b"in pieces " * 50)


async def test_a_ping_tells_its_round_trip(peer: Peer) -> None:
    sink = Sink()
    async with connected(f"{peer.url}/echo", sink) as connection:
        took = await connection.ping(b"how far?")
        assert 0 < took < 10
    assert any(text.startswith("Round trip: ") for text in sink.events())


async def test_a_ping_without_a_pong_is_given_up_at_the_end() -> None:
    with raw_server(silent) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/") as connection:
            pong = connection.ping()
        assert pong.cancelled()


async def test_pongs_are_held_back_when_told_so() -> None:
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


async def test_a_silent_peer_is_found() -> None:
    with raw_server(silent) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/") as connection:
            connection.keep_alive(Keepalive(interval=0.02, limit=0.05))
            ending = await asyncio.shield(connection.ended)
    assert ending.explanation == "The server is silent: it answered no ping within 0.05 s."


async def test_a_peer_that_answers_is_left_alone(peer: Peer) -> None:
    sink = Sink()
    async with connected(f"{peer.url}/echo", sink) as connection:
        connection.keep_alive(Keepalive(interval=0.01, limit=5))
        await eventually(lambda: len(sink.events()) >= 4)
        assert not connection.ended.done()


async def test_an_illegal_code_is_sent_only_on_purpose() -> None:
    frames: list[tuple[int, bool, bytes]] = []
    with raw_server(listening(frames, 1)) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", options=PLAIN) as connection:
            with pytest.raises(ValueError, match="1005"):
                await connection.close(1005, "never")
            await connection.close(1005, "never", even_illegal=True)
    assert frames == [(8, True, (1005).to_bytes(2, "big") + b"never")]


async def test_nothing_is_said_on_a_connection_that_is_not_open() -> None:
    with pytest.raises(NotOpenError):
        await Connection().send_fragments("x", [1])


def test_text_is_utf8_and_bytes_are_binary() -> None:
    assert kind_and_payload("ü") == (Kind.TEXT, "ü".encode())
    assert kind_and_payload(b"\xff") == (Kind.BINARY, b"\xff")

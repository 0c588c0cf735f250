"""Hostile clients of the built-in server: none of them blocks the others."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import socket
import struct
import zlib
from collections.abc import Iterator

import pytest

from spacebeam.protocol.batch import Kind, split_close
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frames import Opcode, Role, encode, encode_header
from spacebeam.server.admission import AdmissionLimits
from spacebeam.server.server import Server
from tests.support.clients import connected
from tests.support.entries import MASK, RSV1, Sink, received
from tests.support.memory import resident
from tests.support.raw_server import wait_for_end
from tests.support.serving import dial, read_head, request, serving
from tests.support.waiting import eventually

MIB = 1024 * 1024
DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate"


async def handshaken(server: Server, path: str, *headers: str) -> socket.socket:
    """Return a plain socket after its handshake."""
    client = dial(server, 64 * 1024)
    client.sendall(request(path, *headers))
    assert (await asyncio.to_thread(read_head, client)).startswith("HTTP/1.1 101 ")
    return client


async def still_serves(server: Server) -> bool:
    """Return whether another client is served."""
    sink = Sink()
    async with connected(f"{server.url}/echo", sink) as client:
        await client.send("hello")
        await eventually(lambda: sink.received() == [(Kind.TEXT, b"hello")])
    return True


@contextlib.contextmanager
def growth(most: int) -> Iterator[None]:
    """Fail if the process's memory grows by `most` bytes or more."""
    before = resident()
    yield
    assert resident() - before < most


async def test_hundreds_of_unfinished_requests_do_not_block_the_server() -> None:
    async with serving() as server, contextlib.AsyncExitStack() as stack:
        for number in range(600):
            client = stack.enter_context(contextlib.closing(dial(server)))
            client.sendall(request("/echo")[: number % 100])
            if number % 50 == 0:
                assert await still_serves(server)
        assert await still_serves(server)
        assert len(server._admission._pending) <= 256


async def test_an_endless_request_head_is_refused() -> None:
    def pour(client: socket.socket) -> int:
        data = 0
        with contextlib.suppress(OSError):
            client.sendall(b"GET /echo HTTP/1.1\r\n")
            while data < 64 * MIB:
                client.sendall(b"X-More: " + b"y" * 1000 + b"\r\n")
                data += 1010
        return data

    async with serving() as server:
        with contextlib.closing(dial(server)) as client, growth(32 * MIB):
            assert await asyncio.to_thread(pour, client) < 8 * MIB
        assert await still_serves(server)


async def test_an_unsolicited_body_is_discarded() -> None:
    def pour(client: socket.socket) -> None:
        client.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999999\r\n\r\n")
        for _ in range(200):
            client.sendall(bytes(MIB))

    async with serving() as server:
        with contextlib.closing(dial(server)) as client, growth(64 * MIB):
            await asyncio.to_thread(pour, client)
        assert await still_serves(server)


@pytest.mark.parametrize("path", ["/echo", "/room/r", "/ticker?interval=5"])
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (encode(Opcode.TEXT, b"without a mask"), 1002),
        (encode_header(Opcode.BINARY, 2**63 - 1, MASK), 1009),
        (b"\x82\xff\x80" + bytes(7) + MASK, 1002),
        (encode(Opcode.TEXT, b"\xed\xa0\x80", MASK), 1007),
    ],
)
async def test_a_protocol_error_closes_with_its_code(path: str, data: bytes, code: int) -> None:
    async with serving() as server:
        with contextlib.closing(await handshaken(server, path)) as client:
            client.sendall(data)
            data = await asyncio.to_thread(wait_for_end, client)
        (kind, payload) = received(FrameDecoder(Role.CLIENT), data)[-1]
        assert (kind, split_close(payload)[0]) == (Kind.CLOSE, code)
        assert await still_serves(server)


async def test_a_deflate_bomb_is_refused() -> None:
    packer = zlib.compressobj(9, wbits=-15)
    zeros = bytes(MIB)
    bomb = b"".join(packer.compress(zeros) for _ in range(256))
    bomb = (bomb + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]
    async with serving() as server:
        client = await handshaken(server, "/room/r", DEFLATE)
        with contextlib.closing(client), growth(200 * MIB):
            client.sendall(encode(Opcode.BINARY, bomb, MASK, rsv=RSV1))
            data = await asyncio.to_thread(wait_for_end, client)
        (_kind, payload) = received(FrameDecoder(Role.CLIENT), data)[-1]
        assert split_close(payload)[0] == 1009


@pytest.mark.parametrize("path", ["/echo", "/room/r", "/ticker?interval=5"])
@pytest.mark.parametrize("frame", [(Opcode.PING, b""), (Opcode.TEXT, b"x")])
async def test_a_flooding_client_that_never_reads_takes_little_memory(
    path: str, frame: tuple[Opcode, bytes]
) -> None:
    flood = encode(*frame, MASK) * 10_000

    def pour(client: socket.socket) -> None:
        client.settimeout(1)
        with contextlib.suppress(OSError):
            for _ in range(10):
                client.sendall(flood)

    async with serving() as server:
        with contextlib.closing(await handshaken(server, path)) as client, growth(64 * MIB):
            await asyncio.to_thread(pour, client)
            assert await still_serves(server)


async def test_a_member_that_does_not_read_is_closed_at_its_backlog_limit() -> None:
    count, size = 60, 4 * MIB
    async with serving() as server:
        with contextlib.closing(await handshaken(server, "/room/r")) as deaf:
            async with connected(f"{server.url}/room/r") as sender:
                sender.sink = lambda _batch: None
                with growth(160 * MIB):
                    for number in range(count):
                        await sender.send(bytes((number,)) * size)
                    await sender.flush()
                    assert await still_serves(server)
            deaf.close()


async def test_thousands_of_short_connections_leave_nothing_open() -> None:
    def visits(server: Server, part: int) -> None:
        for number in range(400):
            client = dial(server)
            if number % 4 == 1:
                client.sendall(b"GET /echo HT")
            elif number % 4 > 1:
                client.sendall(request("/echo") + encode(Opcode.CLOSE, b"", MASK) * part)
            if number % 2:  # reset, without a close frame
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()

    def descriptors() -> int:
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    async with serving(AdmissionLimits(handshake_time=3600)) as server:
        assert await still_serves(server)
        start = descriptors()
        await asyncio.gather(*(asyncio.to_thread(visits, server, part) for part in range(3)))
        assert await still_serves(server)
        await eventually(lambda: not server._connections)
        await eventually(lambda: not server._admission._pending)
        await eventually(lambda: descriptors() <= start)


async def test_only_the_first_of_many_close_frames_counts() -> None:
    async with serving() as server:
        with contextlib.closing(await handshaken(server, "/echo")) as client:
            with contextlib.suppress(OSError):
                client.sendall(encode(Opcode.CLOSE, b"\x03\xe8", MASK) * 5000)
            data = await asyncio.to_thread(wait_for_end, client)
        assert data in (b"\x88\x02\x03\xe8", b"")  # empty if unread data resets the stream
        await eventually(lambda: not server._connections)

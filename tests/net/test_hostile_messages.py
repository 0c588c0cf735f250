"""Hostile messages: too large, endless, deflate bombs, masked wrongly."""

from __future__ import annotations

import socket
import zlib

import pytest

from spacebeam.net.connection import ConnectionLimits
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import Opcode, encode, encode_header
from spacebeam.wording.closing import close_words
from tests.support.clients import connected
from tests.support.entries import MASK, RSV1, Sink, origins
from tests.support.memory import resident, traced
from tests.support.processes import LOOPBACK
from tests.support.raw_server import Script, raw_server, upgrade, wait_for_end
from tests.support.waiting import eventually

MIB = 1024 * 1024
DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate"


def saying(data: bytes, *headers: str) -> Script:
    """Return a script that sends `data` and waits until the client disconnects."""

    def script(peer: socket.socket) -> None:
        upgrade(peer, *headers)
        peer.sendall(data)
        wait_for_end(peer)

    return script


def packed_zeros(size: int) -> bytes:
    """Return `size` zero bytes, compressed about 1000 : 1, as a message's payload."""
    packer = zlib.compressobj(9, wbits=-15)
    zeros = bytes(MIB)
    pieces = [packer.compress(zeros) for _ in range(size // MIB)]
    return b"".join((*pieces, packer.flush(zlib.Z_SYNC_FLUSH)))[:-4]


@pytest.mark.parametrize("fragments", [1, 50])
async def test_a_deflate_bomb_is_refused_at_the_limit_and_earlier_messages_arrive(
    fragments: int,
) -> None:
    bomb = packed_zeros(128 * MIB)
    assert 128 * MIB / len(bomb) > 1000
    step = len(bomb) // fragments + 1
    pieces = [bomb[start : start + step] for start in range(0, len(bomb), step)]
    data = encode(Opcode.TEXT, b"before")
    for place, piece in enumerate(pieces):
        data += encode(
            Opcode.CONTINUATION if place else Opcode.BINARY,
            piece,
            fin=place == fragments - 1,
            rsv=0 if place else RSV1,
        )
    sink = Sink()
    limits = ConnectionLimits(max_message=4 * MIB, close_time=0.4, linger_time=0.05)
    with raw_server(saying(data, DEFLATE)) as server, traced() as memory:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", sink, limits=limits) as connection:
            ending = await connection.ended
    assert (ending.code, ending.closed_by) == (CloseCode.MESSAGE_TOO_BIG, Direction.SENT)
    assert "the limit of 4 MiB" in close_words(ending)
    assert sink.received() == [(Kind.TEXT, b"before")]
    # The message as it grows, and one decompressed piece; the bomb was made before.
    assert memory.peak < 6 * 4 * MIB


async def test_many_compressed_messages_below_the_limit_take_bounded_memory() -> None:
    count, size = 40, 16 * MIB
    bomb = encode(Opcode.BINARY, packed_zeros(size), rsv=RSV1)
    sizes: list[int] = []
    most = 0

    def forget(batch: Batch) -> None:
        nonlocal most
        if batch.direction is Direction.RECEIVED:
            sizes.extend(map(len, batch.payloads()))
            most = max(most, resident())

    # Without context takeover, the same compressed payload can be repeated.
    header = DEFLATE + "; server_no_context_takeover"
    with raw_server(saying(bomb * count, header)) as server:
        before = resident()
        async with connected(f"ws://{LOOPBACK}:{server.port}/") as connection:
            connection.sink = forget
            await eventually(lambda: len(sizes) == count)
    assert sizes == [size] * count
    assert most - before < 8 * size


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (encode_header(Opcode.BINARY, 2**63 - 1), 1009),
        (encode_header(Opcode.TEXT, 2**63 - 1), 1009),
        (encode_header(Opcode.BINARY, 2**63 - 1, fin=False), 1009),
        (b"\x82\x7f\x80" + bytes(7), 1002),  # 2**63: the highest bit of a length must be 0
        (b"\x89\x7f" + (2**63 - 1).to_bytes(8, "big"), 1002),  # a ping
        (b"\xc2\x7f\x80" + bytes(7), 1002),
    ],
)
@pytest.mark.parametrize("compression", [False, True])
async def test_memory_is_not_allocated_for_a_claimed_length(
    head: bytes, code: int, compression: bool
) -> None:
    sink = Sink()
    script = saying(b"\x81\x06before" + head, *[DEFLATE] * compression)
    limits = ConnectionLimits(close_time=0.4, linger_time=0.05)
    with raw_server(script) as server, traced() as memory:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", sink, limits=limits) as connection:
            ending = await connection.ended
    assert ending.code == code
    assert sink.received() == [(Kind.TEXT, b"before")]
    assert memory.peak < 2 * MIB


async def test_a_compressed_frame_may_claim_any_length_without_taking_memory() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer, DEFLATE, then=encode_header(Opcode.BINARY, 2**63 - 1, rsv=RSV1))
        for _ in range(100):
            peer.sendall(b"\0\0\0\xff\xff" * 20_000)  # empty blocks

    with raw_server(script) as server, traced() as memory:
        async with connected(f"ws://{LOOPBACK}:{server.port}/") as connection:
            ending = await connection.ended
    assert "lost in the middle of a message" in close_words(ending)
    assert memory.peak < 4 * MIB


async def test_endless_empty_fragments_take_no_memory() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer, then=b"\x01\x00")
        peer.sendall(b"\x00\x00" * 60_000)

    with raw_server(script) as server, traced() as memory:
        async with connected(f"ws://{LOOPBACK}:{server.port}/") as connection:
            ending = await connection.ended
    assert "lost in the middle of a message" in close_words(ending)
    assert memory.peak < 2 * MIB


async def test_a_message_in_very_many_fragments_is_one_message() -> None:
    count, piece = 250_000, bytes(range(64))
    first = encode(Opcode.BINARY, piece, fin=False)
    between = encode(Opcode.CONTINUATION, piece, fin=False)
    last = encode(Opcode.CONTINUATION, piece)
    sink = Sink()
    with raw_server(saying(first + between * (count - 2) + last)) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", sink):
            await eventually(sink.received, within=60)
    assert sink.received() == [(Kind.BINARY, piece * count)]
    [origin] = filter(None, origins(sink))
    assert origin.fragment_count == count
    assert origin.wire_size == count * 66


async def test_a_masked_frame_from_a_server_is_refused_before_its_payload() -> None:
    data = encode(Opcode.TEXT, b"plain") + encode_header(Opcode.TEXT, 10_000, MASK)
    sink = Sink()
    with raw_server(saying(data)) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", sink) as connection:
            ending = await connection.ended
    assert (ending.code, ending.reason) == (1002, "a masked frame")
    assert sink.received() == [(Kind.TEXT, b"plain")]

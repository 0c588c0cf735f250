"""The messages of a server's connection, one after the other, bounded."""

from __future__ import annotations

import asyncio

from spacebeam.net.connection import Connection
from spacebeam.net.handshake import OpenedStream
from spacebeam.net.report import HandshakeReport
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frames import Opcode, Role, encode
from spacebeam.server.inbox import Inbox, messages
from tests.support.clients import QUICK
from tests.support.entries import MASK
from tests.support.streams import stream_pair


def test_text_is_str_binary_is_bytes_and_the_rest_is_none() -> None:
    data = b"\x81\x02\xc3\xa9\x89\x01p\x82\x01\xff\x88\x00"
    (batch,) = FrameDecoder(Role.CLIENT).feed(data, 0.0)
    assert list(messages(batch)) == ["é", b"\xff"]


async def test_it_ends_with_the_connection_after_what_was_received() -> None:
    with stream_pair() as (stream, peer):
        connection = Connection(limits=QUICK)
        connection.accept(OpenedStream(stream, HandshakeReport(""), None, keep=None))
        inbox = Inbox(connection)
        peer.sendall(
            encode(Opcode.TEXT, b"one", MASK)
            + encode(Opcode.BINARY, b"two", MASK)
            + encode(Opcode.CLOSE, b"", MASK)
        )
        await connection.ended
        assert [message async for message in inbox] == ["one", b"two"]


async def test_the_peer_waits_while_messages_are_unread() -> None:
    size, count = 50_000, 200
    frame = encode(Opcode.BINARY, bytes(size), MASK)
    with stream_pair(16 * 1024) as (stream, peer):
        connection = Connection(limits=QUICK)
        connection.accept(OpenedStream(stream, HandshakeReport(""), None, keep=None))
        inbox = Inbox(connection)
        saying = asyncio.ensure_future(asyncio.to_thread(peer.sendall, frame * count))
        heard = 0
        async for message in inbox:
            if heard == 0:
                await asyncio.wait({saying}, timeout=0.1)
                assert not saying.done()
            assert len(message) == size
            heard += 1
            if heard == count:
                break
        await saying
        await connection.close()

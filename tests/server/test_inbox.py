"""The inbox of a server's connection: its messages in order, with back-pressure."""

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
from tests.support.waiting import settled


def test_text_becomes_str_and_binary_bytes_without_control_frames() -> None:
    data = b"\x81\x02\xc3\xa9\x89\x01p\x82\x01\xff\x88\x00"
    (batch,) = FrameDecoder(Role.CLIENT).feed(data, 0.0)
    assert list(messages(batch)) == ["é", b"\xff"]


async def test_an_inbox_ends_after_the_last_received_message() -> None:
    with stream_pair() as (stream, peer):
        connection = Connection(limits=QUICK)
        connection.accept(OpenedStream(stream, HandshakeReport(""), None))
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
        connection.accept(OpenedStream(stream, HandshakeReport(""), None))
        inbox = Inbox(connection)
        sending = asyncio.ensure_future(asyncio.to_thread(peer.sendall, frame * count))
        count_read = 0
        async for message in inbox:
            if count_read == 0:
                await settled(sending.done)
                assert not sending.done()
            assert len(message) == size
            count_read += 1
            if count_read == count:
                break
        await sending
        await connection.close()

"""Writing a stream: plain sockets by the system call, everything else through Gio."""

from __future__ import annotations

import asyncio

import pytest
from gi.repository import Gio

from spacebeam.net.stream_writer import StreamWriter
from tests.support.streams import read_exactly, stream_pair
from tests.support.waiting import settled

SMALL = 16 * 1024  # bytes that the pair of sockets buffers


async def test_write_now_writes_as_much_as_the_socket_takes() -> None:
    with stream_pair(SMALL) as (stream, peer):
        writer = StreamWriter(stream)
        assert writer.write_now(b"now") == 3
        assert read_exactly(peer, 3) == b"now"
        assert 0 < writer.write_now(bytes(10_000_000)) < 10_000_000
        assert writer.write_now(b"full") == 0


async def test_all_data_is_written_however_slowly_the_peer_reads() -> None:
    with stream_pair(SMALL) as (stream, peer):
        data = bytes(range(256)) * 4000
        writing = asyncio.create_task(StreamWriter(stream).write(data))
        await settled(writing.done)
        assert not writing.done()
        assert await asyncio.to_thread(read_exactly, peer, len(data)) == data
        await writing


async def test_a_cancelled_write_releases_the_socket() -> None:
    with stream_pair(SMALL) as (stream, peer):
        writing = asyncio.create_task(StreamWriter(stream).write(bytes(10_000_000)))
        await settled(writing.done)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        stream.close()
        assert len(await asyncio.to_thread(read_exactly, peer, 10_000_000)) < 10_000_000


async def test_writing_to_a_disconnected_peer_raises() -> None:
    with stream_pair() as (stream, peer):
        peer.close()
        with pytest.raises(BrokenPipeError):
            await StreamWriter(stream).write(b"x")


async def test_a_stream_that_is_not_a_socket_is_written_through_gio() -> None:
    kept = Gio.MemoryOutputStream.new_resizable()
    writer = StreamWriter(Gio.SimpleIOStream.new(Gio.MemoryInputStream(), kept))
    assert writer.write_now(b"later") == 0
    await writer.write(b"later")
    kept.close()
    assert kept.steal_as_bytes().get_data() == b"later"

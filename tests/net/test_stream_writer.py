"""Where bytes leave."""

from __future__ import annotations

import asyncio

import pytest
from gi.repository import Gio

from spacebeam.net.stream_writer import StreamWriter
from tests.support.streams import read_exactly, stream_pair
from tests.support.waiting import settled

SMALL = 16 * 1024  # bytes that the pair of sockets holds


async def test_what_there_is_room_for_leaves_without_waiting() -> None:
    with stream_pair(SMALL) as (stream, peer):
        outlet = StreamWriter(stream)
        assert outlet.write_now(b"now") == 3
        assert read_exactly(peer, 3) == b"now"
        assert 0 < outlet.write_now(bytes(10_000_000)) < 10_000_000
        assert outlet.write_now(b"full") == 0


async def test_all_of_it_leaves_however_slowly_it_is_taken() -> None:
    with stream_pair(SMALL) as (stream, peer):
        data = bytes(range(256)) * 4000
        writing = asyncio.create_task(StreamWriter(stream).write(data))
        await settled(writing.done)
        assert not writing.done()
        assert await asyncio.to_thread(read_exactly, peer, len(data)) == data
        await writing


async def test_a_write_that_is_given_up_lets_go_of_the_socket() -> None:
    with stream_pair(SMALL) as (stream, peer):
        writing = asyncio.create_task(StreamWriter(stream).write(bytes(10_000_000)))
        await settled(writing.done)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        stream.close()
        assert len(await asyncio.to_thread(read_exactly, peer, 10_000_000)) < 10_000_000


async def test_a_peer_that_is_gone_raises() -> None:
    with stream_pair() as (stream, peer):
        peer.close()
        with pytest.raises(BrokenPipeError):
            await StreamWriter(stream).write(b"x")


async def test_another_stream_is_written_through_gio_and_never_at_once() -> None:
    kept = Gio.MemoryOutputStream.new_resizable()
    outlet = StreamWriter(Gio.SimpleIOStream.new(Gio.MemoryInputStream(), kept))
    assert outlet.write_now(b"later") == 0
    await outlet.write(b"later")
    kept.close()
    assert kept.steal_as_bytes().get_data() == b"later"

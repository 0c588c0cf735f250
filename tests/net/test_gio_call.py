"""Awaiting Gio's calls: results, errors, and released resources when cancelled."""

from __future__ import annotations

import asyncio
import gc
import os
from pathlib import Path
from unittest.mock import patch

import pytest
from gi.repository import Gio, GLib

from spacebeam.net.gio_call import (
    READABLE,
    WRITABLE,
    Readiness,
    gio_call,
    socket_descriptor,
    socket_ready,
)
from tests.support.streams import stream_pair
from tests.support.waiting import settled


async def read(stream: Gio.IOStream, size: int = 100) -> bytes:
    source = stream.get_input_stream()
    block = await gio_call(
        source.read_bytes_async, source.read_bytes_finish, size, GLib.PRIORITY_DEFAULT
    )
    return block.get_data() or b""


async def test_a_call_returns_its_result() -> None:
    with stream_pair() as (stream, peer):
        peer.sendall(b"hello")
        assert await read(stream) == b"hello"
        peer.close()
        assert await read(stream) == b""


async def test_a_call_that_fails_raises_glib_s_error() -> None:
    with stream_pair() as (stream, _peer):
        stream.close()
        with pytest.raises(GLib.Error) as caught:
            await read(stream)
    assert caught.value.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED)


async def test_a_cancelled_call_releases_its_stream() -> None:
    with stream_pair() as (stream, peer):
        reading = asyncio.ensure_future(read(stream))
        await asyncio.sleep(0)
        assert stream.get_input_stream().has_pending()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert not stream.get_input_stream().has_pending()
        peer.sendall(b"later")
        assert await read(stream) == b"later"


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def test_results_are_freed() -> None:
    block = bytes(64 * 1024)
    with stream_pair() as (stream, peer):

        async def exchange(count: int) -> None:
            for _ in range(count):
                peer.sendall(block)
                rest = len(block)
                while rest:
                    rest -= len(await read(stream, rest))

        await exchange(50)
        gc.collect()
        before = resident()
        await exchange(1000)  # 64 MB
        after = resident()
    assert after - before < 20_000_000


async def test_a_plain_socket_has_a_descriptor_and_other_streams_have_none() -> None:
    with stream_pair() as (stream, _peer):
        assert isinstance(stream, Gio.SocketConnection)
        assert socket_descriptor(stream) == stream.get_socket().get_fd()
        tls = Gio.TlsClientConnection.new(stream, None)
        assert isinstance(tls, Gio.IOStream)
        assert socket_descriptor(tls) is None
    memory = Gio.SimpleIOStream.new(Gio.MemoryInputStream(), Gio.MemoryOutputStream())
    assert socket_descriptor(memory) is None


async def test_a_socket_below_another_layer_is_not_read_past_it() -> None:
    socket = Gio.Socket.new(Gio.SocketFamily.IPV4, Gio.SocketType.STREAM, Gio.SocketProtocol.TCP)
    memory = Gio.SimpleIOStream.new(Gio.MemoryInputStream(), Gio.MemoryOutputStream())
    wrapper = Gio.TcpWrapperConnection.new(memory, socket)
    assert isinstance(wrapper, Gio.SocketConnection)
    assert socket_descriptor(wrapper) is None


async def test_a_socket_is_readable_when_the_peer_disconnects() -> None:
    with stream_pair() as (stream, peer):
        number = socket_descriptor(stream)
        assert number is not None
        await socket_ready(number, WRITABLE, GLib.PRIORITY_DEFAULT)
        waiting = asyncio.create_task(socket_ready(number, READABLE, GLib.PRIORITY_DEFAULT))
        await settled(waiting.done)
        assert not waiting.done()
        peer.close()
        await waiting


async def test_a_cancelled_wait_removes_its_source() -> None:
    with stream_pair() as (stream, peer):
        number = socket_descriptor(stream)
        assert number is not None
        waiting = asyncio.create_task(socket_ready(number, READABLE, GLib.PRIORITY_DEFAULT))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        peer.sendall(b"x")
        await socket_ready(number, READABLE, GLib.PRIORITY_DEFAULT)


async def test_one_source_serves_many_waits_and_goes_when_nobody_waits() -> None:
    with stream_pair() as (stream, peer):
        number = socket_descriptor(stream)
        assert number is not None
        readiness = Readiness[bytes](number, READABLE, GLib.PRIORITY_DEFAULT)
        with patch.object(GLib, "unix_fd_add_full", wraps=GLib.unix_fd_add_full) as added:
            for _ in range(5):
                reading = asyncio.create_task(readiness.first(lambda: os.read(number, 10)))
                await asyncio.sleep(0)
                peer.sendall(b"x")
                assert await reading == b"x"
            assert added.call_count == 1
            peer.sendall(b"y")  # nobody waits
            await settled(lambda: added.call_count)
            assert await readiness.first(lambda: os.read(number, 10)) == b"y"
            assert added.call_count == 2
        readiness.stop()

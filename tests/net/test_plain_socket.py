"""A connection's own socket."""

from __future__ import annotations

import asyncio

import pytest
from gi.repository import Gio, GLib

from spacebeam.net.plain_socket import READABLE, WRITABLE, descriptor, ready
from tests.support.streams import stream_pair
from tests.support.waiting import settled


async def test_a_plain_socket_has_a_descriptor_and_other_streams_have_none() -> None:
    with stream_pair() as (stream, _peer):
        assert isinstance(stream, Gio.SocketConnection)
        assert descriptor(stream) == stream.get_socket().get_fd()
        tls = Gio.TlsClientConnection.new(stream, None)
        assert isinstance(tls, Gio.IOStream)
        assert descriptor(tls) is None
    memory = Gio.SimpleIOStream.new(Gio.MemoryInputStream(), Gio.MemoryOutputStream())
    assert descriptor(memory) is None


async def test_a_socket_below_another_layer_is_not_read_past_it() -> None:
    socket = Gio.Socket.new(Gio.SocketFamily.IPV4, Gio.SocketType.STREAM, Gio.SocketProtocol.TCP)
    memory = Gio.SimpleIOStream.new(Gio.MemoryInputStream(), Gio.MemoryOutputStream())
    wrapper = Gio.TcpWrapperConnection.new(memory, socket)
    assert isinstance(wrapper, Gio.SocketConnection)
    assert descriptor(wrapper) is None


async def test_it_is_ready_when_something_came_or_the_peer_went() -> None:
    with stream_pair() as (stream, peer):
        number = descriptor(stream)
        assert number is not None
        await ready(number, WRITABLE, GLib.PRIORITY_DEFAULT)
        waiting = asyncio.create_task(ready(number, READABLE, GLib.PRIORITY_DEFAULT))
        await settled(waiting.done)
        assert not waiting.done()
        peer.close()
        await waiting


async def test_whoever_stops_waiting_leaves_nothing_behind() -> None:
    with stream_pair() as (stream, peer):
        number = descriptor(stream)
        assert number is not None
        waiting = asyncio.create_task(ready(number, READABLE, GLib.PRIORITY_DEFAULT))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        peer.sendall(b"x")
        await ready(number, READABLE, GLib.PRIORITY_DEFAULT)

"""Reading a stream: plain sockets by the system call, everything else through Gio."""

from __future__ import annotations

import asyncio
import socket

import pytest
from gi.repository import Gio, GLib

from spacebeam.net.stream_reader import READ_SIZE, StreamReader
from tests.support.waiting import eventually


@pytest.fixture
def pair() -> tuple[StreamReader, socket.socket]:
    """A stream reader and the socket at the other end of its stream."""
    ours, theirs = socket.socketpair()
    connection = Gio.SocketConnection(socket=Gio.Socket.new_from_fd(ours.detach()))
    return StreamReader(connection), theirs


async def test_available_data_is_read_in_one_block(
    pair: tuple[StreamReader, socket.socket],
) -> None:
    reader, theirs = pair
    theirs.sendall(b"one")
    theirs.sendall(b"two")
    assert await reader.read() == b"onetwo"
    theirs.sendall(b"x" * (READ_SIZE // 2))
    assert 0 < len(await reader.read()) <= READ_SIZE
    theirs.close()


async def test_reading_waits_for_data_and_then_for_the_end(
    pair: tuple[StreamReader, socket.socket],
) -> None:
    reader, theirs = pair
    reading = asyncio.create_task(reader.read())
    await asyncio.sleep(0)
    assert not reading.done()
    theirs.sendall(b"late")
    assert await reading == b"late"
    theirs.close()
    assert await reader.read() == b""


async def test_a_cancelled_read_consumes_no_data(
    pair: tuple[StreamReader, socket.socket],
) -> None:
    reader, theirs = pair
    reading = asyncio.create_task(reader.read())
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    theirs.sendall(b"kept")
    assert await reader.read() == b"kept"
    theirs.close()


async def test_work_of_higher_priority_runs_before_a_read(
    pair: tuple[StreamReader, socket.socket],
) -> None:
    reader, theirs = pair
    reading = asyncio.create_task(reader.read())
    await asyncio.sleep(0)
    redraws: list[bool] = []

    def redraw() -> bool:
        redraws.append(reading.done())
        return len(redraws) < 3

    GLib.idle_add(redraw, priority=GLib.PRIORITY_HIGH_IDLE + 20)  # as GTK draws
    theirs.sendall(b"x")
    await eventually(lambda: len(redraws) == 3)
    assert redraws == [False] * 3
    assert await reading == b"x"
    theirs.close()


async def test_what_was_read_before_is_first_and_waits_for_work_of_higher_priority() -> None:
    ours, theirs = socket.socketpair()
    connection = Gio.SocketConnection(socket=Gio.Socket.new_from_fd(ours.detach()))
    reader = StreamReader(connection, b"unread")
    theirs.sendall(b"later")
    reading = asyncio.create_task(reader.read())
    was_done: list[bool] = []
    GLib.idle_add(lambda: was_done.append(reading.done()), priority=GLib.PRIORITY_HIGH_IDLE)
    assert await reading == b"unread"
    assert was_done == [False]
    assert await reader.read() == b"later"
    theirs.close()


async def test_reading_from_a_reset_connection_raises(
    pair: tuple[StreamReader, socket.socket],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        theirs, _address = server.accept()
        reader = StreamReader(Gio.SocketConnection(socket=Gio.Socket.new_from_fd(client.detach())))
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        theirs.close()
        with pytest.raises((ConnectionResetError, GLib.Error)):
            await reader.read()


async def test_a_stream_that_is_not_a_socket_is_read_through_gio() -> None:
    stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(b"memory"))
    pipe = Gio.SimpleIOStream.new(stream, Gio.MemoryOutputStream.new_resizable())
    reader = StreamReader(pipe)
    assert await reader.read() == b"memory"
    assert await reader.read() == b""


async def test_short_blocks_are_taken_as_they_come_until_one_is_declined(
    pair: tuple[StreamReader, socket.socket],
) -> None:
    reader, theirs = pair
    taken: list[bytes] = []

    def take(block: bytes) -> bool:
        taken.append(block)
        return block != b"no"

    reading = asyncio.create_task(reader.read(take=take))
    await asyncio.sleep(0)
    for block in (b"one", b"two", b"no"):
        theirs.sendall(block)
        await eventually(lambda block=block: block in taken)  # type: ignore[misc]
    assert await reading == b"no"
    theirs.close()
    assert await reader.read(take=take) == b""
    assert taken == [b"one", b"two", b"no"]


async def test_long_blocks_are_returned_and_not_taken(
    pair: tuple[StreamReader, socket.socket],
) -> None:
    reader, theirs = pair
    taken: list[bytes] = []

    def take(block: bytes) -> bool:
        taken.append(block)
        return True

    reading = asyncio.create_task(reader.read(take=take))
    await asyncio.sleep(0)
    theirs.sendall(b"x" * 64 * 1024)
    assert len(await reading) >= 16 * 1024
    assert taken == []
    theirs.close()


async def test_what_taking_raises_reaches_the_one_who_reads(
    pair: tuple[StreamReader, socket.socket],
) -> None:
    reader, theirs = pair

    def take(_block: bytes) -> bool:
        raise OSError("broken")

    reading = asyncio.create_task(reader.read(take=take))
    await asyncio.sleep(0)
    theirs.sendall(b"x")
    with pytest.raises(OSError, match="broken"):
        await reading
    theirs.close()

"""Messages on their way out, over connections that come and go."""

from __future__ import annotations

import asyncio
import contextlib
import socket

from spacebeam.cli.outgoing import Outgoing
from spacebeam.net.connection import Connection, ConnectionLimits
from spacebeam.net.options import HandshakeOptions
from spacebeam.protocol.endpoint import parse
from tests.support.mortal import Mortal, mortal
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade
from tests.support.waiting import eventually, settled

MIB = 1024 * 1024


async def opened(outgoing: Outgoing, url: str) -> Connection:
    connection = Connection(outgoing.note, ConnectionLimits(close_time=0.4, linger_time=0.3))
    await connection.open(parse(url), HandshakeOptions(compression=False))
    return connection


async def used(outgoing: Outgoing, server: Mortal) -> Connection:
    connection = await opened(outgoing, server.url)
    outgoing.use(connection)
    return connection


def read_a_little(peer: socket.socket) -> None:
    """Take the beginning of what comes, and leave."""
    upgrade(peer)
    assert peer.recv(MIB)


async def test_what_has_left_waits_no_longer() -> None:
    with mortal() as server:
        outgoing = Outgoing()
        connection = await used(outgoing, server)
        await outgoing.deliver("a")
        await outgoing.deliver(b"b")
        await outgoing.flush()
        assert len(outgoing) == 0
        await eventually(lambda: server.heard == ["a", b"b"])
        await connection.close()


async def test_what_comes_while_there_is_no_connection_waits_for_one() -> None:
    with mortal() as server:
        outgoing = Outgoing()
        delivering = asyncio.create_task(outgoing.deliver("a"))
        await settled(delivering.done)
        assert not delivering.done()
        assert len(outgoing) == 1
        connection = await used(outgoing, server)
        await delivering
        await eventually(lambda: server.heard == ["a"])
        await connection.close()


async def test_what_had_not_left_is_sent_again_in_order_before_what_is_new() -> None:
    outgoing = Outgoing()
    with raw_server(read_a_little) as deaf, mortal() as server:
        first = await opened(outgoing, f"ws://{LOOPBACK}:{deaf.port}/")
        outgoing.use(first)
        big = b"x" * (32 * MIB)
        await outgoing.deliver(big)
        await outgoing.deliver("small")  # behind one that failed
        flushing = asyncio.create_task(outgoing.flush())
        await first.ended
        assert len(outgoing) == 2
        assert not flushing.done()
        second = await used(outgoing, server)
        await outgoing.deliver("new")
        await flushing
        await outgoing.flush()
        await eventually(lambda: len(server.heard) == 3)
        assert [server.heard[0] == big, *server.heard[1:]] == [True, "small", "new"]
        await second.close()


async def test_it_is_sent_again_though_nothing_new_comes() -> None:
    outgoing = Outgoing()
    with raw_server(read_a_little) as deaf, mortal() as server:
        first = await opened(outgoing, f"ws://{LOOPBACK}:{deaf.port}/")
        outgoing.use(first)
        await outgoing.deliver(b"x" * (32 * MIB))
        await first.ended
        second = await used(outgoing, server)
        await eventually(lambda: server.heard)
        assert len(outgoing) == 0
        await second.close()


async def test_a_flush_does_not_spin_on_a_connection_that_takes_no_more() -> None:
    outgoing = Outgoing()
    with raw_server(read_a_little) as deaf:
        first = await opened(outgoing, f"ws://{LOOPBACK}:{deaf.port}/")
        outgoing.use(first)
        await outgoing.deliver(b"x" * (32 * MIB))
        flushing = asyncio.create_task(outgoing.flush())
        await asyncio.wait_for(first.ended, 5)
        flushing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await flushing
    assert len(outgoing) == 1

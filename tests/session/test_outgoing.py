"""Messages on their way out, over connections that come and go."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest

from spacebeam.net.connection import Connection, ConnectionLimits
from spacebeam.net.options import HandshakeOptions
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.protocol.endpoint import parse
from spacebeam.session.outgoing import SendQueue
from spacebeam.session.session import Session
from tests.support.mortal import mortal
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade
from tests.support.waiting import eventually, settled

MIB = 1024 * 1024


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def queue(session: Session) -> SendQueue:
    queue = SendQueue(session)
    session.observers.add(queue)
    return queue


async def opened(session: Session, url: str) -> Connection:
    options = HandshakeOptions(compression=False)
    limits = ConnectionLimits(close_time=0.4, linger_time=0.3)
    await session.open(ConnectionPlan(parse(url), options, limits))
    assert session.connection is not None
    return session.connection


def read_a_little(peer: socket.socket) -> None:
    """Take the beginning of what comes, and leave."""
    upgrade(peer)
    assert peer.recv(MIB)


async def test_what_has_left_waits_no_longer(session: Session, queue: SendQueue) -> None:
    with mortal() as server:
        connection = await opened(session, server.url)
        await queue.put("a")
        await queue.put(b"b")
        await queue.flush()
        assert len(queue) == 0
        await eventually(lambda: server.heard == ["a", b"b"])
        await connection.close()


async def test_what_comes_while_there_is_no_connection_waits_for_one(
    session: Session, queue: SendQueue
) -> None:
    with mortal() as server:
        putting = asyncio.create_task(queue.put("a"))
        await settled(putting.done)
        assert not putting.done()
        assert len(queue) == 1
        connection = await opened(session, server.url)
        await putting
        await eventually(lambda: server.heard == ["a"])
        await connection.close()


async def test_what_had_not_left_is_sent_again_in_order_before_what_is_new(
    session: Session, queue: SendQueue
) -> None:
    with raw_server(read_a_little) as deaf, mortal() as server:
        first = await opened(session, f"ws://{LOOPBACK}:{deaf.port}/")
        big = b"x" * (32 * MIB)
        await queue.put(big)
        await queue.put("small")  # behind one that failed
        flushing = asyncio.create_task(queue.flush())
        await first.ended
        assert len(queue) == 2
        assert not flushing.done()
        second = await opened(session, server.url)
        await queue.put("new")
        await flushing
        await queue.flush()
        await eventually(lambda: len(server.heard) == 3)
        assert [server.heard[0] == big, *server.heard[1:]] == [True, "small", "new"]
        await second.close()


async def test_it_is_sent_again_though_nothing_new_comes(
    session: Session, queue: SendQueue
) -> None:
    with raw_server(read_a_little) as deaf, mortal() as server:
        first = await opened(session, f"ws://{LOOPBACK}:{deaf.port}/")
        await queue.put(b"x" * (32 * MIB))
        await first.ended
        second = await opened(session, server.url)
        await eventually(lambda: server.heard)
        assert len(queue) == 0
        await second.close()


async def test_a_flush_does_not_spin_on_a_connection_that_takes_no_more(
    session: Session, queue: SendQueue
) -> None:
    with raw_server(read_a_little) as deaf:
        first = await opened(session, f"ws://{LOOPBACK}:{deaf.port}/")
        await queue.put(b"x" * (32 * MIB))
        flushing = asyncio.create_task(queue.flush())
        await asyncio.wait_for(first.ended, 5)
        flushing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await flushing
    assert len(queue) == 1

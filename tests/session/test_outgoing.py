"""The send queue, over connections that are lost and replaced."""

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
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade
from tests.support.restartable_server import restartable_server
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
    """Read the beginning of the data and disconnect."""
    upgrade(peer)
    assert peer.recv(MIB)


async def test_sent_messages_are_no_longer_queued(session: Session, queue: SendQueue) -> None:
    with restartable_server() as server:
        connection = await opened(session, server.url)
        await queue.put("a")
        await queue.put(b"b")
        await queue.flush()
        assert len(queue) == 0
        await eventually(lambda: server.messages == ["a", b"b"])
        await connection.close()


async def test_messages_without_a_connection_wait_for_one(
    session: Session, queue: SendQueue
) -> None:
    with restartable_server() as server:
        putting = asyncio.create_task(queue.put("a"))
        await settled(putting.done)
        assert not putting.done()
        assert len(queue) == 1
        connection = await opened(session, server.url)
        await putting
        await eventually(lambda: server.messages == ["a"])
        await connection.close()


async def test_unsent_messages_are_sent_again_in_order_before_new_ones(
    session: Session, queue: SendQueue
) -> None:
    with raw_server(read_a_little) as closing, restartable_server() as server:
        first = await opened(session, f"ws://{LOOPBACK}:{closing.port}/")
        big = b"x" * (32 * MIB)
        await queue.put(big)
        await queue.put("small")  # after one that failed
        flushing = asyncio.create_task(queue.flush())
        await first.ended
        assert len(queue) == 2
        assert not flushing.done()
        second = await opened(session, server.url)
        await queue.put("new")
        await flushing
        await queue.flush()
        await eventually(lambda: len(server.messages) == 3)
        assert [server.messages[0] == big, *server.messages[1:]] == [True, "small", "new"]
        await second.close()


async def test_unsent_messages_are_sent_again_without_a_new_one(
    session: Session, queue: SendQueue
) -> None:
    with raw_server(read_a_little) as closing, restartable_server() as server:
        first = await opened(session, f"ws://{LOOPBACK}:{closing.port}/")
        await queue.put(b"x" * (32 * MIB))
        await first.ended
        second = await opened(session, server.url)
        await eventually(lambda: server.messages)
        assert len(queue) == 0
        await second.close()


async def test_a_flush_does_not_spin_on_a_closed_connection(
    session: Session, queue: SendQueue
) -> None:
    with raw_server(read_a_little) as closing:
        first = await opened(session, f"ws://{LOOPBACK}:{closing.port}/")
        await queue.put(b"x" * (32 * MIB))
        flushing = asyncio.create_task(queue.flush())
        await asyncio.wait_for(first.ended, 5)
        flushing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await flushing
    assert len(queue) == 1


async def test_the_first_messages_are_sent_over_each_connection_before_all_others() -> None:
    session, count = Session(), 0

    def first() -> list[str]:
        nonlocal count
        count += 1
        return [f"login {count}", f"subscribe {count}"]

    queue = SendQueue(session, first)
    session.observers.add(queue)
    with restartable_server() as server:
        await queue_soon(queue, "a")
        connection = await opened(session, server.url)
        await queue.put("b")
        await queue.flush()
        await eventually(lambda: server.messages == ["login 1", "subscribe 1", "a", "b"])
        await connection.close()
        await queue_soon(queue, "c")
        await opened(session, server.url)
        await queue.flush()
        await eventually(lambda: server.messages[4:] == ["login 2", "subscribe 2", "c"])
        assert len(queue) == 0
        await session.close()


async def test_first_messages_that_a_lost_connection_did_not_send_are_not_sent_twice() -> None:
    session = Session()
    queue = SendQueue(session, lambda: ["x" * 8 * MIB, "subscribe"])
    session.observers.add(queue)
    with raw_server(read_a_little) as closing:
        connection = await opened(session, f"ws://{LOOPBACK}:{closing.port}/")
        await queue_soon(queue, "a")
        await asyncio.wait({connection.ended})
    assert len(queue) == 3
    with restartable_server() as server:
        await opened(session, server.url)
        await queue.flush()
        await eventually(lambda: len(server.messages) == 3)
        assert [str(one)[:9] for one in server.messages] == ["xxxxxxxxx", "subscribe", "a"]
        await session.close()


async def queue_soon(queue: SendQueue, message: str) -> None:
    """Queue a message without waiting for a connection."""
    task = asyncio.create_task(queue.put(message))
    await asyncio.sleep(0)
    _tasks.add(task)


_tasks: set[asyncio.Task[None]] = set()

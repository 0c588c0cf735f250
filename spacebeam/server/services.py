"""What the server offers, one service a path.

A service is given a connection that has just opened and talks until it ends. It never waits for
another connection, so a slow client slows itself alone.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping

from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.message_writer import NotOpenError
from spacebeam.protocol.batch import Batch, Direction
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import Opcode, encode
from spacebeam.server.inbox import Inbox, messages

MAX_ROOM_NAME = 100  # characters
_MAX_MEMBER_BACKLOG = 256  # messages that wait for one member of a room
_MAX_MEMBER_BYTES = 16 * 1024 * 1024  # that they have, or one message of more
# In ms. Through the last millisecond before a timer, gi.events leaves no turn to anything of lower
# priority; a timer that is always so near would stop all reading.
_LEAST_INTERVAL = 5
_FLOOD_BLOCK = 256 * 1024  # bytes prepared and written in one go

Query = Mapping[str, str]
Service = Callable[[Connection], Awaitable[None]]


class BadRequestError(Exception):
    """The path exists, but not with this query."""


async def echo(connection: Connection) -> None:
    """`/echo`: says back what it hears, before it acts on what comes next."""
    is_full = asyncio.Event()

    def answer(batch: Batch) -> None:
        if (
            batch.direction is not Direction.RECEIVED
            or connection.state is not ConnectionState.OPEN
        ):
            return
        for message in messages(batch):
            if not connection.post(message):
                connection.pause_reading()
                is_full.set()

    connection.sink = answer
    connection.ended.add_done_callback(lambda _task: is_full.set())
    while not connection.ended.done():
        await is_full.wait()
        is_full.clear()
        await connection.room()
        connection.resume_reading()


class Rooms:
    """`/room/NAME`: what one in the room says, all others in it receive."""

    def __init__(self) -> None:
        self._rooms: defaultdict[str, set[_Member]] = defaultdict(set)

    def service(self, name: str) -> Service:
        """The service of one room. Raises BadRequestError without a proper name."""
        if not 0 < len(name) <= MAX_ROOM_NAME:
            raise BadRequestError(f"A room's name has 1 to {MAX_ROOM_NAME} characters.")

        async def chat(connection: Connection) -> None:
            await self._chat(name, connection)

        return chat

    async def _chat(self, name: str, connection: Connection) -> None:
        room = self._rooms[name]
        member = _Member(connection)
        room.add(member)
        try:
            async for message in Inbox(connection):
                for other in room - {member}:
                    other.tell(message)
                await asyncio.sleep(0)  # a burst is told in steps, so that those who read keep up
        finally:
            member.leave()
            room.discard(member)
            if not room:
                self._rooms.pop(name, None)


class _Member:
    """One in a room, with the messages that wait for it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._backlog: asyncio.Queue[str | bytes] = asyncio.Queue()
        self._size = 0  # of all in it, in bytes or characters
        self._is_left_behind = False
        self._sending = asyncio.create_task(self._send())

    def tell(self, message: str | bytes) -> None:
        if self._is_left_behind:
            return
        is_long = self._size and self._size + len(message) > _MAX_MEMBER_BYTES
        if is_long or self._backlog.qsize() >= _MAX_MEMBER_BACKLOG:
            self._is_left_behind = True
            self._sending.cancel()
            self._backlog = asyncio.Queue()
            self._closing = asyncio.create_task(
                self._connection.close(CloseCode.POLICY_VIOLATION, "it reads too slowly")
            )
            return
        self._size += len(message)
        self._backlog.put_nowait(message)

    def leave(self) -> None:
        self._sending.cancel()

    async def _send(self) -> None:
        try:
            while True:
                message = await self._backlog.get()
                self._size -= len(message)
                await self._connection.send(message)
        except NotOpenError:
            return


def ticker(query: Query) -> Service:
    """`/ticker?interval=MS`: a JSON object at each tick. Raises BadRequestError."""
    interval = _number(query, "interval", 1000, _LEAST_INTERVAL, 3_600_000) / 1000

    async def tick(connection: Connection) -> None:
        number = 0
        while not connection.ended.done():
            await connection.send(json.dumps({"tick": number, "time": time.time()}))
            number += 1
            await asyncio.wait({connection.ended}, timeout=interval)

    return _while_listening(tick)


def flood(query: Query) -> Service:
    """`/flood?count=N&size=S`: N text messages of S bytes, as fast as the client reads.

    Raises BadRequestError.
    """
    count = _number(query, "count", 100_000, 1, 1_000_000_000)
    size = _number(query, "size", 128, 0, 64 * 1024 * 1024)

    async def pour(connection: Connection) -> None:
        text = (b"0123456789abcdefghijklmnopqrstuvwxyz " * (size // 37 + 1))[:size]
        frame = encode(Opcode.TEXT, text)
        a_block = max(1, _FLOOD_BLOCK // len(frame))
        block = frame * min(a_block, count)
        blocks, rest = divmod(count, a_block)
        for _ in range(blocks):
            await connection.send_prepared(block)
        if rest:
            await connection.send_prepared(frame * rest)
        await connection.close(CloseCode.NORMAL, f"{count} messages sent")

    return _while_listening(pour)


def _while_listening(talk: Service) -> Service:
    """The service that talks without listening: what the client says is passed over."""

    async def serve(connection: Connection) -> None:
        inbox = Inbox(connection)
        talking = asyncio.ensure_future(talk(connection))
        try:
            async for _message in inbox:
                pass
        finally:
            talking.cancel()
            await asyncio.wait({talking})

    return serve


def _number(query: Query, name: str, default: int, least: int, most: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and least <= int(text) <= most):
        raise BadRequestError(f"“{name}” is a number from {least} to {most}.")
    return int(text)

"""The server's services, one for each path.

A service serves an open connection until it ends. It never waits for another connection, so a slow
client slows down only itself.
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
_MAX_BACKLOG_MESSAGES = 256  # queued for one member of a room
_MAX_BACKLOG_BYTES = 16 * 1024 * 1024  # of these messages; one larger message is allowed
# gi.events does not run lower priorities in the last millisecond before a timer, so shorter
# intervals would stop all reading.
_MIN_INTERVAL_MS = 5
_FLOOD_BLOCK_BYTES = 256 * 1024  # frames encoded and written at once

Query = Mapping[str, str]
Service = Callable[[Connection], Awaitable[None]]


class BadRequestError(Exception):
    """The path exists, but its name or query is invalid."""


async def echo(connection: Connection) -> None:
    """Serve `/echo`: send each message back before handling the next one."""
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
    """Serves `/room/NAME`: sends each message to all other members of the room."""

    def __init__(self) -> None:
        self._rooms: defaultdict[str, set[Member]] = defaultdict(set)

    def service(self, name: str) -> Service:
        """Return the service of one room. Raise BadRequestError for an invalid name."""
        if not 0 < len(name) <= MAX_ROOM_NAME:
            raise BadRequestError(f"A room's name has 1 to {MAX_ROOM_NAME} characters.")

        async def chat(connection: Connection) -> None:
            await self._chat(name, connection)

        return chat

    async def _chat(self, name: str, connection: Connection) -> None:
        room = self._rooms[name]
        member = Member(connection)
        room.add(member)
        try:
            async for message in Inbox(connection):
                for other in room - {member}:
                    other.queue(message)
                await asyncio.sleep(0)  # lets the other members read during a burst
        finally:
            member.stop()
            room.discard(member)
            if not room:
                self._rooms.pop(name, None)


class Member:
    """A member of a room, with its queued messages."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._backlog: asyncio.Queue[str | bytes] = asyncio.Queue()
        self._size = 0  # of the queued messages, in bytes or characters
        self._is_too_slow = False
        self._sending = asyncio.create_task(self._send())

    def queue(self, message: str | bytes) -> None:
        if self._is_too_slow:
            return
        is_long = self._size and self._size + len(message) > _MAX_BACKLOG_BYTES
        if is_long or self._backlog.qsize() >= _MAX_BACKLOG_MESSAGES:
            self._is_too_slow = True
            self._sending.cancel()
            self._backlog = asyncio.Queue()
            self._closing = asyncio.create_task(
                self._connection.close(CloseCode.POLICY_VIOLATION, "it reads too slowly")
            )
            return
        self._size += len(message)
        self._backlog.put_nowait(message)

    def stop(self) -> None:
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
    """Return the service of `/ticker?interval=MS`: a JSON object at each tick.

    Raise BadRequestError.
    """
    interval = _number(query, "interval", 1000, _MIN_INTERVAL_MS, 3_600_000) / 1000

    async def tick(connection: Connection) -> None:
        number = 0
        while not connection.ended.done():
            await connection.send(json.dumps({"tick": number, "time": time.time()}))
            number += 1
            await asyncio.wait({connection.ended}, timeout=interval)

    return _discarding_input(tick)


def flood(query: Query) -> Service:
    """Return the service of `/flood?count=N&size=S`: N texts of S bytes at the client's speed.

    Raise BadRequestError.
    """
    count = _number(query, "count", 100_000, 1, 1_000_000_000)
    size = _number(query, "size", 128, 0, 64 * 1024 * 1024)

    async def pour(connection: Connection) -> None:
        text = (b"0123456789abcdefghijklmnopqrstuvwxyz " * (size // 37 + 1))[:size]
        frame = encode(Opcode.TEXT, text)
        per_block = max(1, _FLOOD_BLOCK_BYTES // len(frame))
        block = frame * min(per_block, count)
        blocks, rest = divmod(count, per_block)
        for _ in range(blocks):
            await connection.send_prepared(block)
        if rest:
            await connection.send_prepared(frame * rest)
        await connection.close(CloseCode.NORMAL, f"{count} messages sent")

    return _discarding_input(pour)


def _discarding_input(service: Service) -> Service:
    """Return a service that also reads and discards the client's messages."""

    async def serve(connection: Connection) -> None:
        inbox = Inbox(connection)
        sending = asyncio.ensure_future(service(connection))
        try:
            async for _message in inbox:
                pass
        finally:
            sending.cancel()
            await asyncio.wait({sending})

    return serve


def _number(query: Query, name: str, default: int, least: int, most: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and least <= int(text) <= most):
        raise BadRequestError(f"“{name}” is a number from {least} to {most}.")
    return int(text)

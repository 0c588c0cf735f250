"""Messages on their way out, kept until they have left: what one connection did not take before
it was lost, the next one gets, in the same order."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress

from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.message_writer import NotOpenError
from spacebeam.protocol.batch import Batch, Direction, Kind


class Outgoing:
    """Hands messages to the connection that is open, and waits where none is.

    A message has left when its last byte has gone to the system; whether the server got it, no one
    can tell.
    """

    def __init__(self) -> None:
        self._waiting: deque[str | bytes] = deque()  # until they have left
        self._handed = 0  # how many of them the connection has, from the front
        self._connection: Connection | None = None
        self._is_renewed = asyncio.Event()
        self._turn = asyncio.Lock()
        self._resending: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """How many have been delivered here and have not left."""
        return len(self._waiting)

    def use(self, connection: Connection) -> None:
        """Go on with a connection that is open; it gets what the one before did not take."""
        self._connection = connection
        self._handed = 0
        self._is_renewed.set()
        if self._waiting:
            self._resending = asyncio.create_task(self._hand_over())

    async def deliver(self, message: str | bytes) -> None:
        """Take a message on; waits while the server does not read and while there is none."""
        waiting, connection = self._waiting, self._connection
        waiting.append(message)
        is_next = self._handed == len(waiting) - 1 and not self._turn.locked()
        if not is_next or connection is None or connection.state is not ConnectionState.OPEN:
            await self._hand_over()
            return
        self._handed += 1
        try:  # as nearly always; a lock for each message would cost as much as the message
            await connection.send(message)
        except NotOpenError:
            return  # the next connection gets it

    async def flush(self) -> None:
        """Wait until all have left."""
        while self._waiting:
            await self._hand_over()
            connection = await self._open_connection()
            with suppress(NotOpenError):
                await connection.flush()
            if self._handed == len(self._waiting) > 0:
                await asyncio.wait({connection.ended})  # it takes no more, the next one does

    def note(self, batch: Batch) -> None:
        """Look at what the connection tells: what was sent waits no longer."""
        if batch.direction is Direction.SENT:
            count = batch.kinds.count(Kind.TEXT) + batch.kinds.count(Kind.BINARY)
            self._handed -= count
            for _ in range(count):
                self._waiting.popleft()

    async def _hand_over(self) -> None:
        async with self._turn:
            while self._handed < len(self._waiting):
                connection = await self._open_connection()
                message = self._waiting[self._handed]
                self._handed += 1
                with suppress(NotOpenError):  # the next connection gets it
                    await connection.send(message)

    async def _open_connection(self) -> Connection:
        while self._connection is None or self._connection.state is not ConnectionState.OPEN:
            self._is_renewed.clear()
            await self._is_renewed.wait()
        return self._connection

"""What a session can send, and the queue for senders that go on across reconnects."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.message_writer import NotOpenError
from spacebeam.net.report import HandshakeReport
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.protocol.raw_frame import RawFrame
from spacebeam.session.observer import Observer

if TYPE_CHECKING:
    from spacebeam.session.session import Session


@dataclass(frozen=True, slots=True)
class FragmentedMessage:
    """A text or binary message in several frames (RFC 6455, section 5.4)."""

    payload: str | bytes
    sizes: tuple[int, ...]  # bytes of each fragment on the wire; the rest is one more fragment
    pings: tuple[bytes, ...] = ()  # payloads of the pings between the fragments


@dataclass(frozen=True, slots=True)
class Ping:
    """A ping (RFC 6455, section 5.5.2)."""

    payload: bytes = b""  # 125 bytes at most


OutgoingMessage = str | bytes | FragmentedMessage | Ping | RawFrame


class NotSentError(Exception):
    """The message was not sent: there was no open connection, or it ended before."""

    def __init__(self, message: OutgoingMessage, *, has_ended: bool = False) -> None:
        super().__init__("ended" if has_ended else "not open")
        self.message = message
        self.has_ended = has_ended  # while the message waited


async def write(connection: Connection, message: OutgoingMessage) -> None:
    """Hand a message to a connection; waits while the peer does not read.

    Raises NotOpenError, or ValueError for sizes and pings that the protocol does not allow.
    """
    if isinstance(message, str | bytes):
        await connection.send(message)
    elif isinstance(message, FragmentedMessage):
        await connection.send_fragments(message.payload, message.sizes, message.pings)
    elif isinstance(message, Ping):
        connection.ping(message.payload)
    else:
        await connection.send_raw(message)


class SendQueue(Observer):
    """Text and binary messages, kept until they are sent, over as many connections as it takes.

    What a connection had not sent when it was lost, the next one sends, in the same order. Sent
    means that the last byte has gone to the system; whether the server got it, no one can tell.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._unsent: deque[str | bytes] = deque()
        self._handed = 0  # how many of them the connection has, from the front
        self._has_opened = asyncio.Event()
        self._turn = asyncio.Lock()
        self._resending: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """How many messages are not sent yet."""
        return len(self._unsent)

    def opened(self, report: HandshakeReport) -> None:
        """Send over the new connection what the one before did not."""
        self._handed = 0
        self._has_opened.set()
        if self._unsent:
            self._resending = asyncio.create_task(self._hand_over())

    def entries(self, batch: Batch) -> None:
        """Forget the messages that were sent."""
        if batch.direction is Direction.SENT:
            count = batch.kinds.count(Kind.TEXT) + batch.kinds.count(Kind.BINARY)
            self._handed -= count
            for _ in range(count):
                self._unsent.popleft()

    async def put(self, message: str | bytes) -> None:
        """Queue a message; waits while the server does not read or no connection is open."""
        unsent, connection = self._unsent, self._session.connection
        unsent.append(message)
        is_next = self._handed == len(unsent) - 1 and not self._turn.locked()
        if not is_next or connection is None or connection.state is not ConnectionState.OPEN:
            await self._hand_over()
            return
        self._handed += 1
        # As nearly always; a lock for each message would cost as much as the message.
        with suppress(NotSentError):  # the next connection sends it
            await self._session.send(message, flush=False)

    async def flush(self) -> None:
        """Wait until all messages are sent."""
        while self._unsent:
            await self._hand_over()
            connection = await self._open_connection()
            with suppress(NotOpenError):
                await connection.flush()
            if self._handed == len(self._unsent) > 0:
                await asyncio.wait({connection.ended})  # it sends no more, the next one does

    async def _hand_over(self) -> None:
        async with self._turn:
            while self._handed < len(self._unsent):
                await self._open_connection()
                message = self._unsent[self._handed]
                self._handed += 1
                with suppress(NotSentError):  # the next connection sends it
                    await self._session.send(message, flush=False)

    async def _open_connection(self) -> Connection:
        while True:
            connection = self._session.connection
            if connection is not None and connection.state is ConnectionState.OPEN:
                return connection
            self._has_opened.clear()
            await self._has_opened.wait()

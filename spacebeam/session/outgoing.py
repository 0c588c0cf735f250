"""The messages that a session can send, and a queue that sends them across reconnects."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
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
    """The message was not sent: no connection was open, or it ended too early."""

    def __init__(self, message: OutgoingMessage, *, has_ended: bool = False) -> None:
        super().__init__("ended" if has_ended else "not open")
        self.message = message
        self.has_ended = has_ended  # while the message waited


async def write(connection: Connection, message: OutgoingMessage) -> None:
    """Send a message over a connection; wait while the peer does not read.

    Raises NotOpenError, or ValueError for fragment sizes and pings that RFC 6455 does not allow.
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
    """Queues text and binary messages until they are sent, across reconnects.

    After a connection is lost, the next one sends the unsent messages in the same order. A message
    is sent when the system has taken its last byte; the server may not have received it.

    `first` makes the messages that each connection sends before all others.
    """

    def __init__(
        self, session: Session, first: Callable[[], Sequence[str | bytes]] = tuple
    ) -> None:
        self._session = session
        self._first = first
        self._first_unsent = 0  # of the first messages, at the front of the queue
        self._unsent: deque[str | bytes] = deque()
        self._handed = 0  # count of messages, from the front, that the connection has taken
        self._has_opened = asyncio.Event()
        self._turn = asyncio.Lock()
        self._resending: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """Return the number of unsent messages."""
        return len(self._unsent)

    def opened(self, report: HandshakeReport) -> None:
        """Put the first messages before the unsent ones; all are sent once that is possible."""
        self._handed = 0
        for _ in range(self._first_unsent):  # of the connection before
            self._unsent.popleft()
        first = self._first()
        self._first_unsent = len(first)
        self._unsent.extendleft(reversed(first))

    def ready(self) -> None:
        """Send the unsent messages over the new connection."""
        self._has_opened.set()
        if self._unsent:
            self._resending = asyncio.create_task(self._hand_over())

    def entries(self, batch: Batch) -> None:
        """Remove the sent messages from the queue."""
        if batch.direction is Direction.SENT:
            count = batch.kinds.count(Kind.TEXT) + batch.kinds.count(Kind.BINARY)
            count -= len(self._session.speech.own)
            self._handed -= count
            self._first_unsent -= min(count, self._first_unsent)
            for _ in range(count):
                self._unsent.popleft()

    async def put(self, message: str | bytes) -> None:
        """Queue a message; wait while the server does not read or no connection is open."""
        unsent, connection = self._unsent, self._session.connection
        unsent.append(message)
        is_next = self._handed == len(unsent) - 1 and not self._turn.locked()
        if not is_next or connection is None or not self._can_send_over(connection):
            await self._hand_over()
            return
        self._handed += 1
        # The usual case. A lock for each message would cost as much as the message.
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
                await asyncio.wait({connection.ended})  # the next connection sends the rest

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
            if connection is not None and self._can_send_over(connection):
                return connection
            self._has_opened.clear()
            await self._has_opened.wait()

    def _can_send_over(self, connection: Connection) -> bool:
        return connection.state is ConnectionState.OPEN and self._session.speech.is_ready

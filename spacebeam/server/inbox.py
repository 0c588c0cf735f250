"""A server connection's received messages, as an iterator with a bounded queue."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator

from spacebeam.net.connection import Connection
from spacebeam.protocol.batch import Batch, Direction, Kind

_MAX_QUEUED_BATCHES = 4  # with more unread batches, reading pauses and the client waits


class Inbox:
    """Iterates over text as `str` and binary as `bytes`, until the connection ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._batches: deque[Batch] = deque()
        self._arrived = asyncio.Event()
        connection.sink = self._on_batch

    def _on_batch(self, batch: Batch) -> None:
        if batch.direction is Direction.RECEIVED:
            self._batches.append(batch)
            self._arrived.set()
            if len(self._batches) >= _MAX_QUEUED_BATCHES:
                self._connection.pause_reading()

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        self._connection.ended.add_done_callback(lambda _task: self._arrived.set())
        while self._batches or not self._connection.ended.done():
            self._arrived.clear()
            while self._batches:
                batch = self._batches.popleft()
                self._connection.resume_reading()
                for message in messages(batch):
                    yield message
            if not self._connection.ended.done():
                await self._arrived.wait()


def messages(batch: Batch) -> Iterator[str | bytes]:
    """Return the text and binary messages of a batch, in order."""
    for kind, payload in zip(batch.kinds, batch.payloads(), strict=True):
        if kind == Kind.TEXT:
            yield payload.decode()
        elif kind == Kind.BINARY:
            yield payload

"""The messages a server's connection received, one after the other, bounded."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from spacebeam.wire.batch import Batch, Direction, Kind
from spacebeam.wire.connection import Connection

_MAX_WAITING = 4  # batches; the client waits while more are unread


class Inbox:
    """Iterate it to get text as `str` and binary as `bytes`; it ends with the connection."""

    def __init__(self) -> None:
        self._batches: deque[Batch] = deque()
        self._arrived = asyncio.Event()
        self.connection = Connection(self._on_batch)

    def _on_batch(self, batch: Batch) -> None:
        if batch.direction is Direction.RECEIVED:
            self._batches.append(batch)
            self._arrived.set()
            if len(self._batches) >= _MAX_WAITING:
                self.connection.pause_reading()

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        self.connection.ended.add_done_callback(lambda _task: self._arrived.set())
        while self._batches or not self.connection.ended.done():
            self._arrived.clear()
            while self._batches:
                batch = self._batches.popleft()
                self.connection.resume_reading()
                for kind, payload in zip(batch.kinds, batch.payloads(), strict=True):
                    if kind == Kind.TEXT:
                        yield payload.decode()
                    elif kind == Kind.BINARY:
                        yield payload
            if not self.connection.ended.done():
                await self._arrived.wait()

"""What waits to be written: in order, joined into few writes, bounded.

A system call costs more than a small frame, so whatever is queued when a write begins goes out
together. An entry is reported when its last byte has left, so that what was never sent is never
shown as sent.
"""

from __future__ import annotations

import asyncio
from array import array
from collections import deque
from collections.abc import Callable
from itertools import accumulate
from typing import NamedTuple

from gi.repository import Gio, GLib

from spacebeam.wire.batch import Batch, Direction, Kind, Origin
from spacebeam.wire.gio_call import finished

HIGH_WATER = 1024 * 1024  # bytes; whoever sends waits while more are queued
_WRITE_SIZE = 256 * 1024  # bytes joined into one write
_WRITE_PRIORITY = GLib.PRIORITY_DEFAULT


class Sent(NamedTuple):
    """An entry that has left once the bytes it is queued with are written."""

    kind: Kind
    payload: bytes
    origin: Origin | None = None  # of a message that was fragmented or compressed


class Outbox:
    """Writes to one stream whatever it is given."""

    def __init__(
        self,
        stream: Gio.OutputStream,
        on_sent: Callable[[list[Sent]], None],
        on_failed: Callable[[GLib.Error], None],
    ) -> None:
        self._stream = stream
        self._on_sent = on_sent
        self._on_failed = on_failed
        self._queue: deque[tuple[bytes, Sent | None]] = deque()
        self._size = 0
        self._is_stopped = False
        self._writing: asyncio.Task[None] | None = None
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def is_full(self) -> bool:
        return self._size > HIGH_WATER

    @property
    def is_stopped(self) -> bool:
        """Whether nothing more will be written."""
        return self._is_stopped

    def put(self, data: bytes, sent: Sent | None = None) -> None:
        """Queue bytes; `sent` is reported when they have left. Never waits."""
        if self._is_stopped:
            return
        self._queue.append((data, sent))
        self._size += len(data)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    async def room(self) -> None:
        """Wait while too much is queued, or until nothing more will be written."""
        while self.is_full and not self._is_stopped:
            await self._progress()

    async def flush(self) -> None:
        """Wait until all that is queued now has left, or never will."""
        while self._queue or self._writing is not None:
            if self._is_stopped:
                return
            await self._progress()

    async def stop(self) -> None:
        """Write nothing more; a write under way is given up."""
        self._is_stopped = True
        self._wake()
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait({self._writing})

    async def _progress(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future

    def _wake(self) -> None:
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(None)

    async def _write(self) -> None:
        try:
            while self._queue:
                data, sent = self._take()
                await self._write_all(data)
                self._size -= len(data)
                if sent:
                    self._on_sent(sent)
                self._wake()
        except GLib.Error as error:
            self._is_stopped = True
            self._on_failed(error)
        finally:
            self._writing = None
            self._wake()

    def _take(self) -> tuple[bytes, list[Sent]]:
        pieces, sent, size = [], [], 0
        while self._queue and size < _WRITE_SIZE:
            data, entry = self._queue.popleft()
            pieces.append(data)
            size += len(data)
            if entry is not None:
                sent.append(entry)
        return b"".join(pieces), sent

    async def _write_all(self, data: bytes) -> None:
        # The bytes variant keeps the buffer alive until it is written; the plain one does not.
        rest = GLib.Bytes.new(data)
        while rest.get_size():
            stream = self._stream
            count = await finished(
                stream.write_bytes_async, stream.write_bytes_finish, rest, _WRITE_PRIORITY
            )
            rest = GLib.Bytes.new_from_bytes(rest, count, rest.get_size() - count)


def sent_batch(time: float, sent: list[Sent]) -> Batch:
    """One batch of all entries that left with one write."""
    data = b"".join([entry.payload for entry in sent])
    ends = list(accumulate(len(entry.payload) for entry in sent))
    return Batch(
        time,
        Direction.SENT,
        data,
        bytes(entry.kind for entry in sent),
        array("I", [0, *ends[:-1]]),
        array("I", ends),
        {place: entry.origin for place, entry in enumerate(sent) if entry.origin is not None},
    )

"""Queue bytes to be written: in order, joined into few writes, bounded.

The first bytes that are put in a turn of the main loop leave at once. A system call costs more than
a small frame, so all others of that turn are written together. An entry is reported as sent when
its last byte has left.
"""

from __future__ import annotations

import asyncio
import os
from array import array
from collections import deque
from collections.abc import Callable
from itertools import accumulate
from typing import NamedTuple

from gi.repository import Gio, GLib

from spacebeam.net.stream_writer import StreamWriter
from spacebeam.protocol.batch import Batch, Direction, Kind, Origin, single

HIGH_WATER = 1024 * 1024  # bytes; senders wait while more are queued
_MAX_WRITE_SIZE = 256 * 1024  # bytes joined into one write, and the rest of the last entry


class SentEntry(NamedTuple):
    """An entry that is sent once the bytes it is queued with are written."""

    kind: Kind
    payload: bytes
    origin: Origin | None = None  # of a message that was fragmented or compressed


class WriteQueue:
    """Writes queued bytes to one stream."""

    def __init__(
        self,
        stream: Gio.IOStream,
        on_sent: Callable[[list[SentEntry]], None],
        on_failed: Callable[[str], None],
    ) -> None:
        self._writer = StreamWriter(stream)
        self._on_sent = on_sent
        self._on_failed = on_failed
        self._queue: deque[tuple[bytes, SentEntry | None]] = deque()
        self._size = 0
        self._is_stopped = False
        self._is_joining = False  # since a write in this turn of the loop, until the next
        self._writing: asyncio.Task[None] | None = None
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def is_full(self) -> bool:
        """Whether more than HIGH_WATER bytes are queued."""
        return self._size > HIGH_WATER

    @property
    def is_stopped(self) -> bool:
        """Whether nothing more will be written."""
        return self._is_stopped

    def put(self, data: bytes, sent: SentEntry | None = None) -> None:
        """Queue bytes; `sent` is reported when they have left. Never waits."""
        if self._is_stopped:
            return
        if not self._is_joining and self._writing is None:
            self._is_joining = True
            asyncio.get_running_loop().call_soon(self._on_next_turn)
            data = self._write_now(data, sent)
            if not data:
                return
        self._queue.append((data, sent))
        self._size += len(data)

    def _write_now(self, data: bytes, sent: SentEntry | None) -> bytes:
        """Write the first bytes of this turn without waiting; return the rest."""
        try:
            data = data[self._writer.write_now(data) :]
        except OSError:
            return data  # the next write fails too, and reports it
        if not data and sent is not None:
            self._on_sent([sent])
        return data

    def _on_next_turn(self) -> None:
        self._is_joining = False
        if self._queue and self._writing is None and not self._is_stopped:
            self._writing = asyncio.create_task(self._write())

    async def room(self) -> None:
        """Wait until the queue is no longer full, or stopped."""
        while self.is_full and not self._is_stopped:
            await self._progress()

    async def flush(self) -> None:
        """Wait until the queue is empty, or stopped."""
        while self._queue or self._writing is not None:
            if self._is_stopped:
                return
            await self._progress()

    async def stop(self) -> None:
        """Write nothing more; cancel a write in progress."""
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
                await self._writer.write(data)
                self._size -= len(data)
                if sent:
                    self._on_sent(sent)
                self._wake()
        except (GLib.Error, OSError) as error:
            self._is_stopped = True
            self._on_failed(in_words(error))
        finally:
            self._writing = None
            self._wake()

    def _take(self) -> tuple[bytes, list[SentEntry]]:
        pieces, sent, size = [], [], 0
        while self._queue and size < _MAX_WRITE_SIZE:
            data, entry = self._queue.popleft()
            pieces.append(data)
            size += len(data)
            if entry is not None:
                sent.append(entry)
        return b"".join(pieces), sent


def in_words(error: GLib.Error | OSError) -> str:
    """Return the message of a stream's error."""
    return error.message if isinstance(error, GLib.Error) else os.strerror(error.errno or 0)


def sent_batch(time: float, sent: list[SentEntry]) -> Batch:
    """Return one batch of all entries that were sent with one write."""
    if len(sent) == 1:
        kind, payload, origin = sent[0]
        return single(time, Direction.SENT, kind, payload, origin)
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

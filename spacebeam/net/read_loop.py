"""Reads a connection's stream and decodes it, a bounded block and a bounded time at a turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

from spacebeam.net.clock import Clock
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.gio_call import turn
from spacebeam.net.stream_reader import LONG_READ_SIZE, READ_PRIORITY, READ_SIZE, StreamReader
from spacebeam.protocol.batch import Batch
from spacebeam.protocol.frame_decoder import FrameDecoder

_MAX_TURN_S = 0.002  # less than half of what a frame on screen can spare


class ReadLoop:
    """Feeds received blocks to a frame decoder until the stream ends or `on_batch` stops it."""

    def __init__(
        self,
        reader: StreamReader,
        decoder: FrameDecoder,
        on_batch: Callable[[Batch], CloseReason | None],
        clock: Clock,
    ) -> None:
        self.received_size = 0  # bytes, as they were on the wire
        self._reader = reader
        self._decoder = decoder
        self._on_batch = on_batch
        self._clock = clock
        self._batches: Iterator[Batch] | None = None  # of a block that was taken in part
        self._reason: CloseReason | None = None  # that ended taking it
        self._may_read = asyncio.Event()
        self._may_read.set()

    @property
    def is_paused(self) -> bool:
        """Whether no further block is read."""
        return not self._may_read.is_set()

    def pause(self) -> None:
        """Read no further block until `resume`, so that the peer has to wait."""
        self._may_read.clear()

    def resume(self) -> None:
        """Read again."""
        self._may_read.set()

    async def resumed(self) -> None:
        """Wait until reading is not paused."""
        await self._may_read.wait()

    async def run(self) -> CloseReason | None:
        """Read until `on_batch` returns a close reason; return it.

        Return None at a protocol error (`FrameDecoder.failure`) and at the stream's end. Raise
        OSError or GLib.Error if reading fails.
        """
        try:
            return await self._run()
        finally:
            self._reader.stop()

    async def _run(self) -> CloseReason | None:
        began = time.monotonic()
        while True:
            await self._may_read.wait()
            if time.monotonic() - began > _MAX_TURN_S:
                await turn(READ_PRIORITY)
                began = time.monotonic()
            is_long = self._decoder.is_inside_long_frame
            data = await self._reader.read(LONG_READ_SIZE if is_long else READ_SIZE, self._take)
            if self._reader.has_waited:
                began = time.monotonic()
            if not data:
                return None
            await self._may_read.wait()  # a part of the block may have paused reading
            batches = self._feed(data) if self._batches is None else self._batches
            self._batches = None
            reason = self._reason or await self._decode(batches)
            if reason is not None or self._decoder.failure is not None:
                return reason

    def _feed(self, data: bytes) -> Iterator[Batch]:
        self.received_size += len(data)
        return self._decoder.feed(data, self._clock.now())

    def _take(self, data: bytes) -> bool:
        """Decode a short block at once: it costs half of what a turn of the loop would add.

        Return whether all of it is decoded and the next block may be read.
        """
        began = time.monotonic()
        self._batches = self._feed(data)
        for batch in self._batches:
            self._reason = self._on_batch(batch)
            is_late = time.monotonic() - began > _MAX_TURN_S
            if self._reason is not None or is_late or self.is_paused:
                return False
        if self._decoder.failure is not None:
            return False
        self._batches = None
        return True

    async def _decode(self, batches: Iterator[Batch]) -> CloseReason | None:
        """Decode a block, with turns for other tasks in between."""
        began = time.monotonic()
        for batch in batches:
            reason = self._on_batch(batch)
            if reason is not None:
                return reason
            await self._may_read.wait()  # a small block may unpack to many batches
            if time.monotonic() - began > _MAX_TURN_S:
                await turn(READ_PRIORITY)
                began = time.monotonic()
        return None

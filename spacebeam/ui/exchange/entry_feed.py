"""Sends entries to a worker, a few at a time, so that the window draws in between."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterator

from spacebeam.recording.block import Block
from spacebeam.recording.codec import encode
from spacebeam.recording.recording import Recording
from spacebeam.search.selected import Chunk
from spacebeam.worker.frames import FrameKind, frame, frame_head
from spacebeam.worker.process import WorkerProcess

_SLICE_S = 0.003
_MAX_SLICE_BYTES = 1024 * 1024
_LARGE = 256 * 1024  # bytes of payloads that are written without a copy


def whole(recording: Recording) -> Iterator[Chunk]:
    """Yield all entries that a recording has now. Raises RecordingError."""
    end = len(recording)
    for block in recording.blocks(recording.first_number):
        if block.first >= end:
            return
        yield Chunk(block, range(min(len(block), end - block.first)), len(block.data))


async def feed(
    worker: WorkerProcess, entries: Iterator[Chunk], on_sent: Callable[[int], None]
) -> int:
    """Send all entries, and then the end; return their number.

    Raises WorkerError, and RecordingError if a block cannot be read.
    """
    parts: list[bytes] = []
    count = size = length = 0
    sent: Block | None = None  # with `length` entries; the newest one may grow
    until = time.monotonic() + _SLICE_S
    for block, places, _size in entries:
        if block is not sent or len(block) != length:
            sent, length = block, len(block)
            parts.append(_columns(block))
            if len(block.data) >= _LARGE:
                parts.append(frame_head(FrameKind.PAYLOAD, len(block.data)))
                await worker.send(b"".join(parts))
                await worker.send(block.data)
                parts.clear()
            else:
                parts.append(frame(FrameKind.PAYLOAD, bytes(block.data)))
                size += len(block.data)
        parts.append(frame(FrameKind.PLACES, array("I", places).tobytes()))
        count += len(places)
        if size > _MAX_SLICE_BYTES or time.monotonic() > until:
            await worker.send(b"".join(parts))
            on_sent(count)
            parts.clear()
            size, until = 0, time.monotonic() + _SLICE_S
    await worker.send(b"".join((*parts, frame(FrameKind.END))))
    on_sent(count)
    return count


def _columns(block: Block) -> bytes:
    return frame(FrameKind.ENTRIES, block.first.to_bytes(8, "little") + encode(block))

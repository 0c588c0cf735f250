"""A block store in a file: a thread writes the blocks; they are read from the file when needed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from spacebeam.protocol.batch import Data
from spacebeam.recording.block import Block
from spacebeam.recording.block_store import BlockStore
from spacebeam.recording.codec import encode
from spacebeam.recording.entry import Entry
from spacebeam.recording.errors import RecordingError, StorageError
from spacebeam.recording.jobs import WriteBlock, WriteJob
from spacebeam.recording.reader import Reader
from spacebeam.recording.writer import Writer

_GROWING_DELAY_S = 0.2  # before a block that still grows is written
_FULL_BYTES = 16 * 2**20  # pending bytes at which `on_full` is called
_ROOM_BYTES = 6 * 2**20  # pending bytes below which `on_room` is called

OnMoved = Callable[[StorageError | None], None]  # None, or why the move failed


class _Pending(NamedTuple):
    """A job that is not written yet."""

    size: int  # bytes
    end: int = 0  # of the block that it writes: the number after its last entry
    complete: int | None = None  # of a complete block: the number of its first entry


class FileStore(BlockStore):
    """Stores blocks in the file `path`, which the writer thread creates if it does not exist."""

    def __init__(
        self, path: Path, loop: asyncio.AbstractEventLoop, reader: Reader | None = None
    ) -> None:
        """Create a store. With `reader`, the file exists, and only that file is written."""
        super().__init__()
        self.path = path
        self._loop = loop
        self._reader = reader
        self._expected = None if reader is None else reader.identity
        self._writer: Writer | None = None
        self._growing: Block | None = None  # has grown since it was last queued
        self._timer: asyncio.TimerHandle | None = None
        self._unwritten: dict[int, Block] = {}  # complete blocks that are not in the file yet
        self._pending: deque[_Pending] = deque()
        self._pending_bytes = 0
        self._queued_count = 0
        self._written_count = 0
        self._all_written = asyncio.Event()
        self._all_written.set()
        self.written_entries = 0  # number of entries up to the newest one in the file
        self._growing_count = 0  # `_queued_count` when a growing block was last queued
        self._is_full = False
        self._is_closed = False
        self._on_move_ended: OnMoved | None = None

    @property
    def pending_bytes(self) -> int:
        """The memory of pending jobs, in bytes."""
        return self._pending_bytes

    @property
    def is_written(self) -> bool:
        """Whether everything queued is written; updated only while the main loop runs."""
        return not self._pending

    async def until_written(self) -> None:
        """Wait until everything queued is written."""
        await self._all_written.wait()

    # Writing

    def save_block(self, block: Block, *, is_complete: bool) -> None:
        if is_complete:
            if block is self._growing:
                self._growing = None
            self._unwritten[block.first] = block
            self._write_block(block, block.data, block.first)
            return
        self._growing = block
        if self._timer is None:
            self._timer = self._loop.call_later(_GROWING_DELAY_S, self._on_timer)

    def forget_block(self, first: int) -> None:
        raise NotImplementedError("a file retains all blocks")

    def retry(self) -> None:
        """Try again at once to write, after a storage error."""
        if self._writer is not None:
            self._writer.retry()

    def move(self, path: Path, on_moved: OnMoved) -> None:
        """Continue in a copy at `path`, which must not exist.

        `on_moved` is called on the main loop: with None after the move, or with the reason if it
        failed and the recording has not moved.
        """
        self._on_move_ended = on_moved
        self._start_writer().move(path)

    def flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._growing is not None:
            self._write_block(self._growing, bytes(self._growing.data), None)
            self._growing = None  # until it grows again
            self._growing_count = self._queued_count

    def close(self, timeout: float) -> bool:
        self.flush()
        self._is_closed = True
        self._close_reader()
        if self._writer is None:
            return True
        self._writer.stop()
        is_done = self._writer.join(timeout)
        self.storage_error = self._writer.storage_error  # the loop has not run since
        return is_done

    def _on_timer(self) -> None:
        self._timer = None
        if self._growing_count > self._written_count:
            # An earlier state of the block is pending. Queueing more states would fill the memory
            # while nothing can be written.
            self._timer = self._loop.call_later(_GROWING_DELAY_S, self._on_timer)
        else:
            self.flush()

    def _write_block(self, block: Block, data: Data, complete: int | None) -> None:
        job = WriteBlock(block.first, block.summary(), encode(block), data)
        self._queue(job, _Pending(job.size, block.first + len(block), complete))

    def _write(self, job: WriteJob) -> None:
        self._queue(job, _Pending(job.size))

    def _queue(self, job: WriteJob, pending: _Pending) -> None:
        self._pending.append(pending)
        self._all_written.clear()
        self._pending_bytes += job.size
        self._queued_count += 1
        self._start_writer().put(job)
        if self._pending_bytes > _FULL_BYTES and not self._is_full:
            self._is_full = True
            self.observers.notify_full()

    def _start_writer(self) -> Writer:
        if self._writer is None:
            self._writer = Writer(
                self.path,
                partial(self._call_on_loop, self._on_written),
                partial(self._call_on_loop, self._on_storage_error),
                partial(self._call_on_loop, self._on_moved),
                self._expected,
            )
        return self._writer

    def _call_on_loop(self, function: Callable[..., None], *arguments: Any) -> None:
        """Call a function on the loop, from the writer thread."""
        with suppress(RuntimeError):  # the loop is closed, so there are no observers
            self._loop.call_soon_threadsafe(function, *arguments)

    def _on_written(self, count: int) -> None:
        self._written_count += count
        for _ in range(count):
            written = self._pending.popleft()
            self._pending_bytes -= written.size
            self.written_entries = max(self.written_entries, written.end)
            if written.complete is not None:
                del self._unwritten[written.complete]
        if not self._pending:
            self._all_written.set()
        self._open_reader_early()
        if self._is_full and self._pending_bytes < _ROOM_BYTES:
            self._is_full = False
            self.observers.notify_room()

    def _on_storage_error(self, error: StorageError | None) -> None:
        self.storage_error = error
        self.observers.notify_storage_error(error)

    def _on_moved(self, path: Path, error: StorageError | None) -> None:
        if error is None:
            self.path = path
            self._close_reader()
            self._open_reader_early()
        on_moved, self._on_move_ended = self._on_move_ended, None
        if on_moved is not None:
            on_moved(error)

    def _open_reader_early(self) -> None:
        """Open the file now, so that it stays readable even if it is removed."""
        if self._reader is None and not self._is_closed:
            with suppress(RecordingError):  # a later read raises it again
                self._reader = Reader(self.path)

    # Reading

    def block(self, first: int, *, use_cache: bool = True) -> Block:
        block = self._unwritten.get(first)
        if block is None:
            try:
                block = self._opened_reader().block(first, use_cache=use_cache)
            finally:
                self._release_late()
        return block

    def entry(self, first: int, place: int, limit: int | None) -> Entry:
        block = self._unwritten.get(first)
        if block is not None:
            return block.entry(place, limit)
        try:
            return self._opened_reader().entry(first, place, limit)
        finally:
            self._release_late()

    def _opened_reader(self) -> Reader:
        if self._reader is None:
            self._reader = Reader(self.path)
        return self._reader

    def _release_late(self) -> None:
        """Close the file that was opened again for who still reads after the end."""
        if self._is_closed:
            self._close_reader()

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

"""A shelf in a file: blocks are written by a thread and read back when they are wanted."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from spacebeam.protocol.batch import Data
from spacebeam.recording.block import Block
from spacebeam.recording.block_store import StoreObserver
from spacebeam.recording.codec import encode
from spacebeam.recording.entry import Entry
from spacebeam.recording.errors import RecordingError, StorageError
from spacebeam.recording.reader import Reader
from spacebeam.recording.writer import WriteJob, Writer

_GROWING_TIME = 0.2  # seconds that a block that still grows waits to be written
_FULL = 8 * 2**20  # bytes that wait to be written: no more is wanted
_ROOM = 6 * 2**20

_BLOCK = "INSERT OR REPLACE INTO block VALUES(?, ?, ?, ?, ?, ?, ?, ?)"
_CONTENT = "INSERT OR REPLACE INTO content VALUES(?, ?, ?)"


def _storable(value: Any) -> Any:
    """A value that SQLite takes: one that it does not would hold up all others for ever."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


class FileStore:
    """Keeps blocks in the file `path`, which a thread makes where there is none."""

    def __init__(
        self,
        path: Path,
        watch: StoreObserver,
        loop: asyncio.AbstractEventLoop,
        reader: Reader | None = None,
    ) -> None:
        self.path = path
        self._watch = watch
        self._loop = loop
        self._reader = reader
        self._expected = None if reader is None else reader.identity
        self._writer: Writer | None = None
        self._growing: Block | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._unwritten: dict[int, Block] = {}
        # Of each job that was not yet reported written: its bytes, and the block it makes needless.
        self._waiting: deque[tuple[int, int | None]] = deque()
        self._waiting_bytes = 0
        self._put_count = 0
        self._written_count = 0
        self._growing_count = 0  # of what was put when a block that grows was, for the last time
        self._is_full = False
        self._is_closed = False

    # Keeping

    def keep(self, block: Block, *, is_whole: bool) -> None:
        if is_whole:
            if block is self._growing:
                self._growing = None
            self._unwritten[block.first] = block
            self._write(block, block.data, block.first)
            return
        self._growing = block
        if self._timer is None:
            self._timer = self._loop.call_later(_GROWING_TIME, self._on_timer)

    def let_go(self, first: int) -> None:
        raise NotImplementedError("a file keeps everything")

    def put(self, statement: str, *values: Any) -> None:
        words = [value for value in values if isinstance(value, str)]
        self._put(sum(map(len, words)), None, WriteJob(statement, tuple(map(_storable, values))))

    def try_again(self) -> None:
        """Wait no longer after a fault."""
        if self._writer is not None:
            self._writer.try_again()

    def move(self, path: Path) -> None:
        """Go on in a copy at `path`."""
        self._start_writer().move(path)

    def flush(self) -> None:
        """Hand to the writer what still grows too."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._growing is not None:
            self._write(self._growing, bytes(self._growing.data), None)
            self._growing = None  # until it grows again
            self._growing_count = self._put_count

    def close(self, patience: float) -> bool:
        self.flush()
        self._is_closed = True
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._writer is None:
            return True
        self._writer.stop()
        is_done = self._writer.join(patience)
        self._watch.fault = self._writer.storage_error  # the loop did not turn meanwhile
        return is_done

    def _on_timer(self) -> None:
        self._timer = None
        if self._growing_count > self._written_count:
            # Something of it waits already. More of the same would soon be too much, where nothing
            # can be written.
            self._timer = self._loop.call_later(_GROWING_TIME, self._on_timer)
        else:
            self.flush()

    def _write(self, block: Block, data: Data, needless: int | None) -> None:
        summary = WriteJob(_BLOCK, (block.first, *block.summary()), is_apart=True)
        entries = encode(block)
        content = WriteJob(_CONTENT, (block.first, entries, data), is_apart=True)
        # Empty messages wait too: a peer decides how much of which there is.
        self._put(len(data) + len(entries), needless, content, summary)

    def _put(self, size: int, needless: int | None, *jobs: WriteJob) -> None:
        self._waiting.append((size, needless))
        self._waiting_bytes += size
        self._put_count += 1
        self._start_writer().put(jobs)
        if self._waiting_bytes > _FULL and not self._is_full:
            self._is_full = True
            self._watch.on_full()

    def _start_writer(self) -> Writer:
        if self._writer is None:
            self._writer = Writer(
                self.path,
                partial(self._soon, self._on_written),
                partial(self._soon, self._on_fault),
                partial(self._soon, self._on_moved),
                self._expected,
            )
        return self._writer

    def _soon(self, act: Callable[..., None], *about: Any) -> None:
        """From the writer's thread: call on the loop, if it still is there."""
        with suppress(RuntimeError):  # the loop is closed: nobody wants to know
            self._loop.call_soon_threadsafe(act, *about)

    def _on_written(self, count: int) -> None:
        self._written_count += count
        for _ in range(count):
            size, needless = self._waiting.popleft()
            self._waiting_bytes -= size
            if needless is not None:
                del self._unwritten[needless]
        self._open_early()
        if self._is_full and self._waiting_bytes < _ROOM:
            self._is_full = False
            self._watch.on_room()

    def _on_fault(self, fault: StorageError | None) -> None:
        self._watch.fault = fault
        self._watch.on_fault()

    def _on_moved(self, path: Path, why_not: str) -> None:
        self._watch.on_moved(why_not)
        if why_not:
            return
        self.path = path
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        self._open_early()

    def _open_early(self) -> None:
        """Read from now on: should the file be removed, what was written stays readable."""
        if self._reader is None and not self._is_closed:
            with suppress(RecordingError):  # whoever reads is told
                self._reader = Reader(self.path)

    # Reading

    def block(self, first: int, *, in_passing: bool = False) -> Block:
        block = self._unwritten.get(first)
        if block is None:
            block = self._opened_reader().block(first, in_passing=in_passing)
        return block

    def entry(self, first: int, place: int, limit: int | None) -> Entry:
        block = self._unwritten.get(first)
        if block is not None:
            return block.entry(place, limit)
        return self._opened_reader().entry(first, place, limit)

    def _opened_reader(self) -> Reader:
        if self._reader is None:
            self._reader = Reader(self.path)
        return self._reader

"""Creates a recording in a file, and opens recordings to read them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import accumulate
from operator import add, le
from pathlib import Path
from typing import Any

from spacebeam.recording.block import MAX_ENTRIES, Block, BlockSummary
from spacebeam.recording.block_store import BlockStore
from spacebeam.recording.codec import LATEST_TIME
from spacebeam.recording.entry import Entry, Mark
from spacebeam.recording.errors import RecordingError, RecordingFault
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.jobs import WriteJob
from spacebeam.recording.reader import Reader
from spacebeam.recording.recording import Recording

_MAX_COUNT = 2**30  # bytes or entries in a block; more than a row of SQLite holds
_READ_ONLY = "this recording is open for reading only"


class ReadOnlyStore(BlockStore):
    """The block store of a recording that is only read.

    Writing raises NotImplementedError.
    """

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def save_block(self, block: Block, *, is_complete: bool) -> None:
        raise NotImplementedError(_READ_ONLY)

    def forget_block(self, first: int) -> None:
        raise NotImplementedError(_READ_ONLY)

    def block(self, first: int, *, use_cache: bool = True) -> Block:
        return self._reader.block(first, use_cache=use_cache)

    def entry(self, first: int, place: int, limit: int | None) -> Entry:
        return self._reader.entry(first, place, limit)

    def flush(self) -> None:
        pass

    def close(self, timeout: float) -> bool:
        self._reader.close()
        return True

    def _write(self, job: WriteJob) -> None:
        raise NotImplementedError(_READ_ONLY)


def create(path: Path, loop: asyncio.AbstractEventLoop) -> Recording:
    """Return a new recording in the file `path`, which its writer thread creates.

    If that fails, the recording has a `storage_error`, and the writer tries again.
    """
    return Recording(FileStore(path, loop))


def open_read_only(path: Path) -> Recording:
    """Open a recording to read it. Raises RecordingError."""
    reader = Reader(path)
    recording = Recording(ReadOnlyStore(reader))
    _load(recording, reader)
    return recording


def reopen(path: Path, loop: asyncio.AbstractEventLoop) -> Recording:
    """Open a recording to read it and to change its facts and marks. Raises RecordingError.

    Call it in a worker thread: a long recording takes a while.
    """
    reader = Reader(path)
    recording = Recording(FileStore(path, loop, reader))
    _load(recording, reader)
    recording.count_rates()
    return recording


def ended_abruptly(recording: Recording) -> bool:
    """Return whether the file was not closed properly."""
    return "ended" not in recording.facts


def _load(recording: Recording, reader: Reader) -> None:
    """Load all but the entries from the file. On errors, close the reader; raise RecordingError."""
    try:
        with reader.snapshot():
            _load_rows(recording, reader)
    except RecordingError:
        reader.close()
        raise


def _load_rows(recording: Recording, reader: Reader) -> None:
    try:
        rows = reader.rows("SELECT * FROM block ORDER BY first")
        if rows:
            _check(rows)
        recording.load([BlockSummary._make(row[1:]) for row in rows])
    except (TypeError, ValueError) as error:
        raise RecordingError(RecordingFault.INVALID_BLOCK_LIST, reader.path) from error
    ((recording.format_version,),) = reader.rows("PRAGMA user_version")
    for name, value in reader.rows("SELECT name, value FROM fact"):
        if isinstance(name, str) and isinstance(value, str | int | float):
            recording.facts[name] = value
    for number, report in reader.rows("SELECT entry, report FROM handshake ORDER BY entry"):
        if isinstance(report, str):
            recording.handshakes.append((number, report))
    for number, is_starred, note in reader.rows("SELECT entry, starred, note FROM mark"):
        recording.marks[number] = Mark(bool(is_starred), str(note))
        if is_starred:
            recording.stars.add(number)


def _check(rows: Sequence[tuple[Any, ...]]) -> None:
    """Check a file's list of blocks. Raises TypeError or ValueError.

    Each column is checked as a whole: row by row, the check would slow down opening.
    """
    firsts, entries, began, ended, *counts = zip(*rows, strict=True)
    sent, _sent_size, received, _received_size = counts
    is_sound = (
        all(set(map(type, column)) == {int} for column in (firsts, entries, *counts))
        and all(min(column) >= 0 and max(column) <= _MAX_COUNT for column in counts)
        and min(entries) > 0
        and max(entries) <= MAX_ENTRIES
        and firsts == (0, *accumulate(entries))[:-1]
        and min(began) >= 0
        and all(map(le, began, ended))
        and max(ended) < LATEST_TIME
        and all(map(le, map(add, sent, received), entries))
    )
    if not is_sound:
        raise ValueError("the list of blocks")

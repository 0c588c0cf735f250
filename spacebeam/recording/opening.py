"""Opening what was recorded, to read it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import accumulate
from operator import add, le
from pathlib import Path
from typing import Any

from spacebeam.recording.block import MAX_ENTRIES, Block, BlockSummary
from spacebeam.recording.block_store import StoreObserver
from spacebeam.recording.codec import LATEST_TIME
from spacebeam.recording.entry import Entry, Mark
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.reader import Reader
from spacebeam.recording.recording import Recording

_MOST = 2**30  # bytes or entries; no row of SQLite's is as large as that


class ReadOnlyStore:
    """The shelf of a recording that is only read."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def keep(self, block: Block, *, is_whole: bool) -> None:
        raise NotImplementedError("this recording is only read")

    def let_go(self, first: int) -> None:
        raise NotImplementedError("this recording is only read")

    def block(self, first: int, *, in_passing: bool = False) -> Block:
        return self._reader.block(first, in_passing=in_passing)

    def entry(self, first: int, place: int, limit: int | None) -> Entry:
        return self._reader.entry(first, place, limit)

    def put(self, statement: str, *values: Any) -> None:
        raise NotImplementedError("this recording is only read")

    def flush(self) -> None:
        pass

    def close(self, patience: float) -> bool:
        self._reader.close()
        return True


def open_read_only(path: Path) -> Recording:
    """The recording in a file. Raises RecordingError."""
    reader = Reader(path)
    recording = Recording(ReadOnlyStore(reader))
    fill(recording, reader)
    return recording


def fill(recording: Recording, reader: Reader) -> None:
    """Bring into `recording` what the file says of it.

    Raises RecordingError; the reader is closed then.
    """
    try:
        with reader.at_one_moment():
            _fill(recording, reader)
    except RecordingError:
        reader.close()
        raise


def _fill(recording: Recording, reader: Reader) -> None:
    try:
        rows = reader.rows("SELECT * FROM block ORDER BY first")
        if rows:
            _check(rows)
        recording.load([BlockSummary._make(row[1:]) for row in rows])
    except (TypeError, ValueError) as error:
        raise RecordingError(
            f"{reader.path} is damaged: its list of blocks makes no sense."
        ) from error
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
    """Refuse what no list of blocks can say. Raises TypeError or ValueError.

    Column by column: a long list would otherwise be much of what opening a recording takes.
    """
    firsts, entries, began, ended, *counts = zip(*rows, strict=True)
    sent, _sent_size, received, _received_size = counts
    is_sound = (
        all(set(map(type, column)) == {int} for column in (firsts, entries, *counts))
        and all(min(column) >= 0 and max(column) <= _MOST for column in counts)
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


def ended_abruptly(recording: Recording) -> bool:
    """Whether whoever wrote it did not come to say that it was whole."""
    return "ended" not in recording.facts


def create(path: Path, loop: asyncio.AbstractEventLoop) -> Recording:
    """A new recording in the file `path`, which is made behind the scene.

    Where that fails, the recording's `watch` has a fault; it is tried again until it can be.
    """
    watch = StoreObserver()
    return Recording(FileStore(path, watch, loop), watch)


def reopen(path: Path, loop: asyncio.AbstractEventLoop) -> Recording:
    """A recording that is read, and can be given marks and facts. Raises RecordingError.

    For a worker thread: of a long one it takes a while.
    """
    watch, reader = StoreObserver(), Reader(path)
    recording = Recording(FileStore(path, watch, loop, reader), watch)
    fill(recording, reader)
    recording.rate()
    return recording

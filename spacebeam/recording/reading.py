"""Opening what was recorded, to read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from spacebeam.recording.block import MAX_ENTRIES, Block, Summary
from spacebeam.recording.codec import LATEST_TIME
from spacebeam.recording.entry import Entry
from spacebeam.recording.fault import RecordingError
from spacebeam.recording.mark import Mark
from spacebeam.recording.reader import Reader
from spacebeam.recording.recording import Recording

_MOST = 2**30  # bytes or entries; no row of SQLite's is as large as that


class ReadShelf:
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


def read(path: Path) -> Recording:
    """The recording in a file. Raises RecordingError."""
    reader = Reader(path)
    recording = Recording(ReadShelf(reader))
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
        recording.load(_sound(reader.rows("SELECT * FROM block ORDER BY first")))
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


def _sound(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Summary]]:
    """What the rows say of each block. Raises TypeError or ValueError for what cannot be."""
    following = 0
    for first, *values in rows:
        summary = Summary(*values)
        entries, began, ended, *counts = summary
        is_sound = (
            all(type(count) is int and 0 <= count <= _MOST for count in (entries, *counts))
            and first == following
            and 0 < entries <= MAX_ENTRIES
            and 0 <= began <= ended < LATEST_TIME
            and summary.sent + summary.received <= entries
        )
        if not is_sound:
            raise ValueError(f"the block at entry {first}")
        following += entries
        yield first, summary


def ended_abruptly(recording: Recording) -> bool:
    """Whether whoever wrote it did not come to say that it was whole."""
    return "ended" not in recording.facts

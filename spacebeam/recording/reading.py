"""Opening what was recorded, to read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spacebeam.recording.block import Block, Summary
from spacebeam.recording.entry import Entry
from spacebeam.recording.mark import Mark
from spacebeam.recording.reader import Reader
from spacebeam.recording.recording import Recording


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
    """Bring into `recording` what the file says of it. Raises RecordingError."""
    rows = reader.rows("SELECT * FROM block ORDER BY first")
    recording.load((first, Summary(*summary)) for first, *summary in rows)
    recording.facts.update(dict(reader.rows("SELECT name, value FROM fact")))
    recording.handshakes += reader.rows("SELECT entry, report FROM handshake ORDER BY entry")
    for number, is_starred, note in reader.rows("SELECT entry, starred, note FROM mark"):
        recording.marks[number] = Mark(bool(is_starred), str(note))
        if is_starred:
            recording.stars.add(number)


def ended_abruptly(recording: Recording) -> bool:
    """Whether whoever wrote it did not come to say that it was whole."""
    return "ended" not in recording.facts

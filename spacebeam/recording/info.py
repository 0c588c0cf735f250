"""A summary of a recording's file, and changes to a file that is not open.

Blocks are not read. The file may be hostile, so the amount of data read is bounded.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacebeam.recording.codec import LATEST_TIME
from spacebeam.recording.errors import READING_ERRORS, RecordingError, RecordingFault, opening_error
from spacebeam.recording.file import open_to_read
from spacebeam.recording.jobs import FactValue, WriteFact, execute
from spacebeam.recording.query_limits import bounded, file_size

_MAX_FACTS = 100
_MAX_FACT_LENGTH = 4096  # characters

_FACTS = f"""
SELECT substr(name, 1, {_MAX_FACT_LENGTH}),
       CASE typeof(value) WHEN 'text' THEN substr(value, 1, {_MAX_FACT_LENGTH})
                          WHEN 'blob' THEN NULL ELSE value END
FROM fact LIMIT {_MAX_FACTS}
"""
_BLOCKS = """
SELECT coalesce(max(first + count), 0), min(began), max(ended),
       coalesce(sum(sent), 0), coalesce(sum(sent_size), 0),
       coalesce(sum(received), 0), coalesce(sum(received_size), 0)
FROM block
"""
_MARKS = "SELECT coalesce(sum(starred != 0), 0), coalesce(sum(note != ''), 0) FROM mark"


@dataclass(frozen=True, slots=True)
class FileSummary:
    """A summary of a recording's file. A fact of the wrong type is missing."""

    version: int  # of the format
    file_size: int  # bytes, with those of the log
    title: str  # given by the person, or ""
    address: str
    began: float | None  # Unix time in seconds; None without entries
    ended: float | None  # if the recording is not complete, of the last entry
    is_complete: bool  # the file was closed properly
    is_starred: bool
    entries: int  # events included
    sent: int  # messages and control frames
    sent_size: int  # bytes of their payloads
    received: int
    received_size: int
    stars: int  # entries with a star
    notes: int  # entries with a note

    @property
    def duration(self) -> float | None:
        """The seconds from the beginning to the end."""
        if self.began is None or self.ended is None:
            return None
        return max(self.ended - self.began, 0.0)


def file_summary(path: Path) -> FileSummary:
    """Read a file's summary, even while it is being written. Raises RecordingError."""
    with _reading(path) as connection:
        facts = {str(name): value for name, value in connection.execute(_FACTS)}
        ((version,),) = connection.execute("PRAGMA user_version")
        ((entries, first_time, last_time, *counts),) = connection.execute(_BLOCKS)
        ((stars, notes),) = connection.execute(_MARKS)
        size = file_size(path)
    sent, sent_size, received, received_size = counts
    if not all(isinstance(count, int) and count >= 0 for count in (entries, *counts)):
        raise RecordingError(RecordingFault.INVALID_COUNTS, path)
    if entries and not (_is_time(first_time) and _is_time(last_time)):
        raise RecordingError(RecordingFault.INVALID_TIMES, path)
    return FileSummary(
        int(version),
        size,
        _text(facts.get("title")),
        _text(facts.get("address")),
        _time(facts.get("began"), first_time),
        _time(facts.get("ended"), last_time),
        "ended" in facts,
        bool(facts.get("starred")),
        entries,
        sent,
        sent_size,
        received,
        received_size,
        int(stars),
        int(notes),
    )


def file_handshakes(path: Path) -> list[tuple[int, str]]:
    """Return the number of the next entry and the report (JSON) of each handshake.

    Raises RecordingError.
    """
    query = "SELECT entry, report FROM handshake ORDER BY entry"
    with _reading(path) as connection:
        return [(int(entry), str(report)) for entry, report in connection.execute(query)]


def set_fact(path: Path, name: str, value: FactValue) -> None:
    """Set a fact of a recording that is not open in this program. Raises RecordingError."""
    try:
        with closing(open_to_read(path)) as connection:
            if not _is_writable(path):
                raise RecordingError(RecordingFault.READ_ONLY, path)
            execute(connection, [WriteFact(name, value)])
    except (sqlite3.Error, OSError) as error:
        raise opening_error(error, path) from error


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Read a file in its present state, with query limits. Raises RecordingError."""
    try:
        with closing(open_to_read(path)) as connection, bounded(connection, path):
            connection.execute("BEGIN")
            yield connection
    except READING_ERRORS as error:
        raise opening_error(error, path) from error


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _time(value: Any, otherwise: float | None) -> float | None:
    return float(value) if _is_time(value) else otherwise


def _is_time(value: Any) -> bool:
    """Return whether a value is a Unix time within the calendar's years."""
    return isinstance(value, int | float) and 0 <= value < LATEST_TIME


def _is_writable(path: Path) -> bool:
    """Whether `open_to_read` opened the file itself and not a copy of it."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)

"""What a recording's file holds, in numbers; its blocks are not read for that."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacebeam.recording.errors import RecordingError, opening_error
from spacebeam.recording.file import is_being_written, open_to_read
from spacebeam.recording.query_limits import file_size
from spacebeam.recording.reader import Reader

_ENTRIES = "SELECT coalesce(max(first + count), 0), min(began), max(ended) FROM block"
_MESSAGES = (
    "SELECT coalesce(sum(sent), 0), coalesce(sum(sent_size), 0),"
    " coalesce(sum(received), 0), coalesce(sum(received_size), 0) FROM block"
)
_MARKS = "SELECT coalesce(sum(starred != 0), 0), coalesce(sum(note != ''), 0) FROM mark"


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A recording's file at a glance."""

    version: int  # of the format
    file_size: int  # bytes, with those that are still in the log
    is_being_written: bool
    title: str
    address: str
    began: float | None  # Unix time in seconds; None where nothing is in it
    ended: float | None  # of the last entry, where nobody said that it is whole
    is_whole: bool  # whoever wrote it came to say so
    entries: int  # events included
    sent: int  # messages and control frames
    sent_size: int  # bytes of their payloads
    received: int
    received_size: int
    handshakes: tuple[tuple[int, str], ...]  # before which entry, and the report as JSON
    stars: int
    notes: int

    @property
    def duration(self) -> float | None:
        """Seconds from the beginning to the end."""
        if self.began is None or self.ended is None:
            return None
        return max(self.ended - self.began, 0.0)


def file_info(path: Path) -> FileInfo:
    """Look at a file. Raises RecordingError."""
    is_written = is_being_written(path)  # before it is open here
    reader = Reader(path)
    try:
        with reader.at_one_moment():
            return _read(reader, path, is_written)
    except (ValueError, TypeError, OverflowError):
        raise RecordingError(f"{path} is damaged: what it says of itself makes no sense.") from None
    finally:
        reader.close()


def _read(reader: Reader, path: Path, is_written: bool) -> FileInfo:
    facts: dict[str, Any] = dict(reader.rows("SELECT name, value FROM fact"))
    ((version,),) = reader.rows("PRAGMA user_version")
    ((entries, first_time, last_time),) = reader.rows(_ENTRIES)
    ((sent, sent_size, received, received_size),) = reader.rows(_MESSAGES)
    ((stars, notes),) = reader.rows(_MARKS)
    handshakes = reader.rows("SELECT entry, report FROM handshake ORDER BY entry")
    return FileInfo(
        int(version),
        file_size(path),
        is_written,
        str(facts.get("title", "")),
        str(facts.get("address", "")),
        _time(facts.get("began", first_time)),
        _time(facts.get("ended", last_time)),
        "ended" in facts,
        int(entries),
        int(sent),
        int(sent_size),
        int(received),
        int(received_size),
        tuple((int(number), str(report)) for number, report in handshakes),
        int(stars),
        int(notes),
    )


def _time(found: Any) -> float | None:
    """A Unix time that a calendar can tell."""
    if found is None:
        return None
    time = float(found)
    if not 0 <= time < 1e11:
        raise ValueError("no time")
    return time


@dataclass(frozen=True, slots=True)
class FileSummary:
    """What can be said at a glance; the file is a stranger's, so a fact may be of any type."""

    facts: dict[str, Any]
    entries: int
    began: float  # Unix time in seconds of the first entry; 0 where there is none
    ended: float  # and of the last one


# However long somebody made them, a list has no use for more; a query that takes longer is no
# honest file's.
_MAX_FACTS = 100
_MAX_VALUE = 4096  # characters or bytes
_TIME_LIMIT = 2.0  # seconds
_FACTS = f"""
SELECT substr(name, 1, {_MAX_VALUE}),
       CASE typeof(value) WHEN 'text' THEN substr(value, 1, {_MAX_VALUE})
                          WHEN 'blob' THEN NULL ELSE value END
FROM fact LIMIT {_MAX_FACTS}
"""
_BOUNDS = """
SELECT (SELECT first + count FROM block ORDER BY first DESC LIMIT 1),
       (SELECT began FROM block ORDER BY first LIMIT 1),
       (SELECT ended FROM block ORDER BY first DESC LIMIT 1)
"""


def file_summary(path: Path) -> FileSummary:
    """Look at a file, whoever writes it. Raises RecordingError."""
    try:
        with closing(open_to_read(path)) as connection:
            deadline = time.monotonic() + _TIME_LIMIT
            connection.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
            facts = {str(name): value for name, value in connection.execute(_FACTS)}
            entries, began, ended = connection.execute(_BOUNDS).fetchone()
    except (sqlite3.Error, OSError) as error:
        raise opening_error(error, path) from error
    if entries is None:
        return FileSummary(facts, 0, 0.0, 0.0)
    if not isinstance(entries, int) or entries < 0:
        raise RecordingError(f"{path} is damaged: it does not say how much is in it.")
    if not (isinstance(began, float) and isinstance(ended, float)):
        raise RecordingError(f"{path} is damaged: it does not say when it was made.")
    return FileSummary(facts, entries, began, ended)


def set_fact(path: Path, name: str, value: str | float | int) -> None:
    """Say something about a recording that this program has not open. Raises RecordingError."""
    try:
        with closing(open_to_read(path)) as connection:
            if not _is_changeable(path):
                raise RecordingError(f"{path} may not be changed by you. Save a copy elsewhere.")
            connection.execute("INSERT OR REPLACE INTO fact VALUES(?, ?)", (name, value))
    except (sqlite3.Error, OSError) as error:
        raise opening_error(error, path) from error


def _is_changeable(path: Path) -> bool:
    """Whether what is opened is the file and not a copy of it."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)

"""What a recording's file holds, in numbers; its blocks are not read for that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacebeam.recording.fault import RecordingError
from spacebeam.recording.file import is_being_written
from spacebeam.recording.patience import file_size
from spacebeam.recording.reader import Reader

_ENTRIES = "SELECT coalesce(max(first + count), 0), min(began), max(ended) FROM block"
_MESSAGES = (
    "SELECT coalesce(sum(sent), 0), coalesce(sum(sent_size), 0),"
    " coalesce(sum(received), 0), coalesce(sum(received_size), 0) FROM block"
)
_MARKS = "SELECT coalesce(sum(starred != 0), 0), coalesce(sum(note != ''), 0) FROM mark"


@dataclass(frozen=True, slots=True)
class Overview:
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


def overview(path: Path) -> Overview:
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


def _read(reader: Reader, path: Path, is_written: bool) -> Overview:
    facts: dict[str, Any] = dict(reader.rows("SELECT name, value FROM fact"))
    ((version,),) = reader.rows("PRAGMA user_version")
    ((entries, first_time, last_time),) = reader.rows(_ENTRIES)
    ((sent, sent_size, received, received_size),) = reader.rows(_MESSAGES)
    ((stars, notes),) = reader.rows(_MARKS)
    handshakes = reader.rows("SELECT entry, report FROM handshake ORDER BY entry")
    return Overview(
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

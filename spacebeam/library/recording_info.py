"""A recording among the others, as a list shows it: no more is read of its file than that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from spacebeam.recording.errors import RecordingError
from spacebeam.recording.info import file_summary

MAX_TITLE = 200  # characters
_YEAR_9999 = 253_370_764_800.0  # Unix time; a calendar knows none after it


class RecordingState(Enum):
    """How a recording is doing."""

    WHOLE = ""
    BEING_WRITTEN = "being written"
    ABRUPT = "ended abruptly"  # the program or the machine did
    DAMAGED = "cannot be read"


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """One recording. What its file says of itself is bounded, and not yet safe to show."""

    path: Path
    state: RecordingState
    size: int = 0  # bytes on the disk
    title: str = ""  # given by the person; or nothing
    address: str = ""
    began: float = 0.0  # Unix time in seconds; of a damaged one, when its file was changed
    ended: float = 0.0
    entries: int = 0
    is_starred: bool = False
    is_open: bool = False  # by this program
    fault: str = ""  # why it cannot be read, in words

    @property
    def name(self) -> str:
        """What to call it."""
        return self.title or self.address or self.path.stem

    @property
    def duration(self) -> float:
        """Seconds."""
        return max(0.0, self.ended - self.began)


def read_info(path: Path, *, is_open: bool, is_being_written: bool) -> RecordingInfo:
    """Look at a file; whatever is wrong with it is said, never raised. Raises OSError if gone."""
    found = path.stat()
    size = found.st_size + sum(_size(path, suffix) for suffix in ("-wal",))
    try:
        seen = file_summary(path)
    except RecordingError as error:
        # One that is only beginning cannot be read yet.
        state = RecordingState.BEING_WRITTEN if is_being_written else RecordingState.DAMAGED
        when = found.st_mtime
        words = "" if is_being_written else str(error).replace(str(path), path.name)
        return RecordingInfo(
            path, state, size, began=when, ended=when, is_open=is_open, fault=words
        )
    facts = seen.facts
    began = _time(facts.get("began")) or _time(seen.began) or found.st_mtime
    return RecordingInfo(
        path,
        _state(facts, is_being_written=is_being_written),
        size,
        _text(facts.get("title"), MAX_TITLE),
        _text(facts.get("address"), 4 * MAX_TITLE),
        began,
        max(began, _time(facts.get("ended")), _time(seen.ended)),
        seen.entries,
        bool(facts.get("starred")),
        is_open,
    )


def _state(facts: dict[str, Any], *, is_being_written: bool) -> RecordingState:
    if is_being_written:
        return RecordingState.BEING_WRITTEN
    return RecordingState.WHOLE if "ended" in facts else RecordingState.ABRUPT


def _size(path: Path, suffix: str) -> int:
    try:
        return path.with_name(path.name + suffix).stat().st_size
    except OSError:
        return 0


def _text(value: Any, limit: int) -> str:
    return value[:limit] if isinstance(value, str) else ""


def _time(value: Any) -> float:
    """A Unix time that a calendar can show, or 0."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value < _YEAR_9999 else 0.0

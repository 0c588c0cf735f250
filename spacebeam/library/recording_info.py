"""Summaries of recordings for a list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from spacebeam.library.titles import MAX_TITLE
from spacebeam.protocol.secrets import without_secrets
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.info import FileSummary, file_summary
from spacebeam.recording.query_limits import file_size

_MAX_ADDRESS = 800  # characters


class RecordingState(Enum):
    """Whether a recording is complete; the value is the word in the list."""

    COMPLETE = ""
    BEING_WRITTEN = "being written"
    ENDED_ABRUPTLY = "ended abruptly"  # the file was not closed properly
    DAMAGED = "cannot be read"


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """A recording in a list. Its texts are bounded in length, but not escaped."""

    path: Path
    state: RecordingState
    size: int = 0  # bytes on the disk
    title: str = ""  # given by the person, or ""
    address: str = ""
    began: float = 0.0  # Unix time in seconds; of a damaged file, its modification time
    ended: float = 0.0
    entries: int = 0
    is_starred: bool = False
    is_open: bool = False  # in this program
    error: RecordingError | None = None  # why it cannot be read

    @property
    def name(self) -> str:
        """The title, else the address, else the file's name."""
        return self.title or self.address or self.path.stem

    @property
    def duration(self) -> float:
        """The seconds from the beginning to the end."""
        return max(0.0, self.ended - self.began)


def read_info(path: Path, *, is_open: bool, is_being_written: bool) -> RecordingInfo:
    """Read the info of a recording; of an unreadable file it has the `error`.

    Raises OSError if there is no file.
    """
    status = path.stat()
    size = file_size(path)
    try:
        summary = file_summary(path)
    except RecordingError as error:
        # A file that was just created cannot be read yet.
        state = RecordingState.BEING_WRITTEN if is_being_written else RecordingState.DAMAGED
        changed = status.st_mtime
        fault = None if is_being_written else error
        return RecordingInfo(
            path, state, size, began=changed, ended=changed, is_open=is_open, error=fault
        )
    began = summary.began or status.st_mtime
    return RecordingInfo(
        path,
        _state(summary, is_being_written=is_being_written),
        size,
        summary.title[:MAX_TITLE],
        without_secrets(summary.address[:_MAX_ADDRESS]),  # an earlier version left some in
        began,
        max(began, summary.ended or 0.0),
        summary.entries,
        summary.is_starred,
        is_open,
    )


def _state(summary: FileSummary, *, is_being_written: bool) -> RecordingState:
    if is_being_written:
        return RecordingState.BEING_WRITTEN
    return RecordingState.COMPLETE if summary.is_complete else RecordingState.ENDED_ABRUPTLY

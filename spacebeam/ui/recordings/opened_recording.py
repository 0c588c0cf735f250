"""Opens a recording file for a tab, and says what is unusual about it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from spacebeam.recording.file import is_being_written
from spacebeam.recording.opening import ended_abruptly, reopen
from spacebeam.recording.recording import Recording
from spacebeam.wording.i18n import _

_LIVE = _("This recording is still being written. This is its state when it was opened.")
_OLD_FORMAT = _("Recorded by an earlier version of Spacebeam; events are in that version's words.")
_ABRUPT = _(
    "This recording was not closed properly: the program that wrote it ended abruptly, or this is "
    "a copy made during recording. All entries that were saved in it are here; the newest may be "
    "missing."
)


@dataclass(frozen=True, slots=True)
class OpenedRecording:
    """A recording that was opened from a file."""

    recording: Recording
    remark: str  # a sentence about the file, or ""
    is_live: bool = False  # another program or tab still writes the file; this is a snapshot


async def open_recording(path: Path) -> OpenedRecording:
    """Open a recording file in a thread. Raises RecordingError."""
    loop = asyncio.get_running_loop()
    is_live = is_being_written(path)
    recording = await loop.run_in_executor(None, reopen, path, loop)
    if is_live:
        return OpenedRecording(recording, _LIVE, is_live=True)
    remarks = (
        _ABRUPT if ended_abruptly(recording) else "",
        _OLD_FORMAT if recording.format_version == 1 else "",
    )
    return OpenedRecording(recording, " ".join(filter(None, remarks)))

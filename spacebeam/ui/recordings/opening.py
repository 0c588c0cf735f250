"""Opening a recording's file to show it, with a remark where something is unusual about it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from spacebeam.recording.file import is_being_written
from spacebeam.recording.opening import ended_abruptly, reopen
from spacebeam.recording.recording import Recording

_LIVE = "This recording is still being written. This is how it was when it was opened."
_ABRUPT = (
    "This recording ended abruptly: whoever wrote it was ended from outside. "
    "What was said until then is here."
)


@dataclass(frozen=True, slots=True)
class OpenedRecording:
    """A recording of earlier."""

    recording: Recording
    remark: str  # a sentence, or nothing
    is_live: bool = False  # another program or tab goes on with it; this is how it was


async def open_recording(path: Path) -> OpenedRecording:
    """A recording that is opened. Raises RecordingError."""
    loop = asyncio.get_running_loop()
    is_live = is_being_written(path)
    recording = await loop.run_in_executor(None, reopen, path, loop)
    if is_live:
        return OpenedRecording(recording, _LIVE, is_live=True)
    return OpenedRecording(recording, _ABRUPT if ended_abruptly(recording) else "")

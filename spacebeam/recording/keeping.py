"""Recordings that are kept in a file while they grow, and opened ones that can be marked."""

from __future__ import annotations

import asyncio
from pathlib import Path

from spacebeam.recording.file_shelf import FileShelf
from spacebeam.recording.reader import Reader
from spacebeam.recording.reading import fill
from spacebeam.recording.recording import Recording
from spacebeam.recording.shelf import Watch


def keep(path: Path, loop: asyncio.AbstractEventLoop) -> Recording:
    """A new recording in the file `path`, which is made behind the scene.

    Where that fails, the recording's `watch` has a fault; it is tried again until it can be.
    """
    watch = Watch()
    return Recording(FileShelf(path, watch, loop), watch)


def reopen(path: Path, loop: asyncio.AbstractEventLoop) -> Recording:
    """A recording that is read, and can be given marks and facts. Raises RecordingError.

    For a worker thread: of a long one it takes a while.
    """
    watch, reader = Watch(), Reader(path)
    recording = Recording(FileShelf(path, watch, loop, reader), watch)
    fill(recording, reader)
    recording.rate()
    return recording

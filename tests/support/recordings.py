"""Recordings in files, and a feed that pauses as a connection does."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from spacebeam.recording import opening
from spacebeam.recording.block_store import StoreObserver
from spacebeam.recording.errors import StorageError
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.recording import Recording
from spacebeam.wording.recordings import storage_words
from tests.support.batches import numbered_batch
from tests.support.waiting import eventually

_PATIENCE = 10.0  # seconds
_read: list[Recording] = []


@contextlib.contextmanager
def new_recording(path: Path) -> Iterator[Recording]:
    """Begin a recording on the running loop; close it when the block ends."""
    recording = opening.create(path, asyncio.get_running_loop())
    try:
        yield recording
    finally:
        recording.close(_PATIENCE)


@contextlib.contextmanager
def opened_recording(path: Path) -> Iterator[Recording]:
    """Open a recording to read for the length of the block."""
    recording = opening.open_read_only(path)
    try:
        yield recording
    finally:
        recording.close()


def read(path: Path) -> Recording:
    """Open a recording to read until the test ends."""
    recording = opening.open_read_only(path)
    _read.append(recording)
    return recording


def close_read() -> None:
    """Close the recordings that `read` has opened."""
    while _read:
        _read.pop().close()


def entries_in_file(path: Path) -> int:
    """Return how many entries are in the file now; 0 if it does not exist or is empty."""
    if not path.exists() or not path.stat().st_size:
        return 0
    with opened_recording(path) as recording:
        return len(recording)


async def until_written(recording: Recording) -> None:
    """Wait until every entry is in the file."""
    path = store_of(recording).path
    await eventually(lambda: entries_in_file(path) == len(recording))


def store_of(recording: Recording) -> FileStore:
    """Return the file store of a recording in a file."""
    assert isinstance(recording.store, FileStore)
    return recording.store


def has_writer_thread() -> bool:
    """Return whether any recording's writer thread is running."""
    return any(thread.name == "recording" for thread in threading.enumerate())


class Feed:
    """Appends numbered messages, and pauses as a connection does when the store is full."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.count = 0
        self.is_paused = False
        self.pauses = 0
        self.errors: list[str] = []  # reported storage errors as sentences; "" when resolved
        recording.observers.add(
            StoreObserver(
                on_full=self._pause, on_room=self._resume, on_storage_error=self._on_storage_error
            )
        )

    def _pause(self) -> None:
        self.is_paused = True
        self.pauses += 1

    def _resume(self) -> None:
        self.is_paused = False

    def _on_storage_error(self, error: StorageError | None) -> None:
        self.errors.append("" if error is None else storage_words(error))

    def add(self, count: int = 1, size: int = 120) -> None:
        """Append more messages, paused or not."""
        self.recording.append(numbered_batch(self.count, count, size))
        self.count += count

    async def until_paused(self, count: int = 500, size: int = 120) -> None:
        """Append batches of `count` messages until the store is full."""
        while not self.is_paused:
            self.add(count, size)
            await asyncio.sleep(0)

    async def until_storage_error(self, words: str) -> None:
        """Wait until a storage error with these words is reported."""
        await eventually(lambda: any(words in error for error in self.errors))

    async def until_resumed(self) -> None:
        """Wait until there is no storage error and the feed is not paused."""
        await eventually(lambda: self.recording.storage_error is None and not self.is_paused)

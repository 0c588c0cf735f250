"""Recordings that are kept in a file, and a feed that waits when it is told to."""

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
def kept(path: Path) -> Iterator[Recording]:
    """A recording that is being made, on the running loop; closed when the block ends."""
    recording = opening.create(path, asyncio.get_running_loop())
    try:
        yield recording
    finally:
        recording.close(_PATIENCE)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Recording]:
    """What is in a file."""
    recording = opening.open_read_only(path)
    try:
        yield recording
    finally:
        recording.close()


def read(path: Path) -> Recording:
    """What is in a file, until the test ends."""
    recording = opening.open_read_only(path)
    _read.append(recording)
    return recording


def close_read() -> None:
    """Close all that was read."""
    while _read:
        _read.pop().close()


def in_file(path: Path) -> int:
    """How many entries another reader finds in the file at this moment; 0 where it is none yet."""
    if not path.exists() or not path.stat().st_size:
        return 0
    with opened(path) as recording:
        return len(recording)


async def written(recording: Recording) -> None:
    """Wait until everything is in the file."""
    path = shelf(recording).path
    await eventually(lambda: in_file(path) == len(recording))


def shelf(recording: Recording) -> FileStore:
    """The shelf of a recording that is kept in a file."""
    assert isinstance(recording.store, FileStore)
    return recording.store


def has_writer_thread() -> bool:
    """Return whether any recording's writer thread is running."""
    return any(thread.name == "recording" for thread in threading.enumerate())


class Feed:
    """Appends numbered messages, and pauses as a connection does."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.count = 0
        self.is_paused = False
        self.pauses = 0
        self.faults: list[str] = []  # what was told, in order; "" where it was over
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
        self.faults.append("" if error is None else storage_words(error))

    def add(self, count: int = 1, size: int = 120) -> None:
        """More messages, whether or not it is paused."""
        self.recording.append(numbered_batch(self.count, count, size))
        self.count += count

    async def until_paused(self, count: int = 500, size: int = 120) -> None:
        """Add batches of so many messages until no more is wanted."""
        while not self.is_paused:
            self.add(count, size)
            await asyncio.sleep(0)

    async def until_fault(self, words: str) -> None:
        """Wait until a fault with these words is told."""
        await eventually(lambda: any(words in fault for fault in self.faults))

    async def until_well(self) -> None:
        """Wait until all goes on."""
        await eventually(lambda: self.recording.storage_error is None and not self.is_paused)

"""Recordings in files, for the tests of those that keep them."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from spacebeam.library.recordings import Recordings
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.file import FileLock, open_to_write
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.opening import create
from spacebeam.recording.recording import Recording
from tests.support.processes import another_program
from tests.support.waiting import eventually

NOON = 1_700_000_000.25  # Unix time


def written(
    path: Path, *said: str, began: float = NOON, ended: bool = True, **facts: str | float
) -> Path:
    """A recording that was made, a message a second, and is open nowhere."""
    loop = asyncio.new_event_loop()
    path.parent.mkdir(parents=True, exist_ok=True)
    recording = create(path, loop)
    for name, value in facts.items():
        recording.set_fact(name, value)
    add(recording, *said, began=began)
    if ended:
        recording.mark_complete(began + len(said))
    assert recording.close(15.0)
    loop.close()
    return path


def add(recording: Recording, *said: str, began: float = NOON) -> None:
    for number, one in enumerate(said):
        recording.append(single(began + number, Direction.RECEIVED, Kind.TEXT, one.encode()))


def copies(folder: Path, count: int) -> None:
    """So many recordings, which differ in nothing but their names."""
    first = written(folder / "0.beam", "hello", address="ws://one.test/")
    contents = first.read_bytes()
    for number in range(1, count):
        (folder / f"{number}.beam").write_bytes(contents)


def emptied(path: Path) -> Path:
    """A recording with its tables and nothing in them."""
    lock = FileLock(path)
    lock.take()
    open_to_write(path).close()
    lock.close()
    return path


_WRITE = """
import sys
from pathlib import Path
from spacebeam.library.recordings import Recordings
from spacebeam.recording.file import FileLock
lock = FileLock(Path(sys.argv[1]))
lock.take()
print("taken", flush=True)
sys.stdin.read()
"""


def another_program_writes(path: Path) -> contextlib.AbstractContextManager[None]:
    """Another process has the file's lock."""
    return another_program(_WRITE, str(path), "taken")


async def live(recordings: Recordings, *said: str) -> tuple[Path, Recording]:
    """One that is being written by this program, and on the disk."""
    path = recordings.new_path("ws://live.test/", NOON)
    recording = create(path, asyncio.get_running_loop())
    recordings.opened.add(path, recording, is_live=True)
    add(recording, *said or ("hello",))
    await kept(recording)
    return path, recording


async def kept(recording: Recording) -> None:
    """All is on the disk."""
    shelf = recording.store
    assert isinstance(shelf, FileStore)
    shelf.flush()
    await eventually(lambda: shelf._writer is not None and shelf.is_written)

"""Recordings in files, for tests of the library and the window."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from spacebeam.library import recordings as library
from spacebeam.library.recording_info import RecordingInfo, read_info
from spacebeam.library.recordings import Recordings
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.file import FileLock, open_to_write
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.opening import create
from spacebeam.recording.recording import Recording
from tests.support.processes import another_program
from tests.support.waiting import eventually

NOON = 1_700_000_000.25  # Unix time


def write_recording(
    path: Path,
    *messages: str | bytes,
    began: float = NOON,
    ended: bool = True,
    **facts: str | float,
) -> Path:
    """Write a recording with a message a second and close it; return its path."""
    loop = asyncio.new_event_loop()
    path.parent.mkdir(parents=True, exist_ok=True)
    recording = create(path, loop)
    for name, value in facts.items():
        recording.set_fact(name, value)
    add(recording, *messages, began=began)
    if ended:
        recording.mark_complete(began + len(messages))
    assert recording.close(15.0)
    loop.close()
    return path


def add(recording: Recording, *messages: str | bytes, began: float = NOON) -> None:
    for number, one in enumerate(messages):
        kind, payload = (Kind.TEXT, one.encode()) if isinstance(one, str) else (Kind.BINARY, one)
        recording.append(single(began + number, Direction.RECEIVED, kind, payload))


def copies(folder: Path, count: int) -> None:
    """Write `count` recordings that differ only in their names."""
    first = write_recording(folder / "0.beam", "hello", address="ws://one.test/")
    contents = first.read_bytes()
    for number in range(1, count):
        (folder / f"{number}.beam").write_bytes(contents)


def emptied(path: Path) -> Path:
    """Write a recording with empty tables; return its path."""
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
    """Have another program lock the file as its writer while the block runs."""
    return another_program(_WRITE, str(path), "taken")


async def live(recordings: Recordings, *texts: str) -> tuple[Path, Recording]:
    """Begin a recording in this program, with its messages written to the file."""
    path = recordings.new_path("ws://live.test/", NOON)
    recording = create(path, asyncio.get_running_loop())
    recordings.opened.add(path, recording, is_live=True)
    add(recording, *texts or ("hello",))
    await until_written(recording)
    return path, recording


async def until_written(recording: Recording) -> None:
    """Wait until everything queued is written to the file."""
    store = recording.store
    assert isinstance(store, FileStore)
    store.flush()
    await eventually(lambda: store._writer is not None and store.is_written)


def count_opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the recordings whose files are opened from now on, in order."""
    names: list[str] = []

    def counted(path: Path, *, is_open: bool, is_being_written: bool) -> RecordingInfo:
        names.append(path.name)
        return read_info(path, is_open=is_open, is_being_written=is_being_written)

    monkeypatch.setattr(library, "read_info", counted)
    return names

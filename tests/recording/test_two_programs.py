"""Two programs with one file, and programs that end without closing it."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from spacebeam.recording import opening
from spacebeam.recording.file import is_being_written
from tests.support.batches import check_numbers
from tests.support.processes import another_program
from tests.support.recordings import (
    Feed,
    entries_in_file,
    new_recording,
    opened_recording,
    store_of,
    until_written,
)
from tests.support.waiting import eventually

PROJECT = Path(__file__).parents[2]

_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""

_SECOND = """
import asyncio, sys
from pathlib import Path
from tests.support.recordings import Feed, new_recording
from tests.support.loop import run
async def second():
    with new_recording(Path(sys.argv[1])) as recording:
        feed = Feed(recording)
        feed.add(50)
        await feed.until_storage_error("")
        print(feed.errors[-1], flush=True)
run(second())
"""

_UNCLOSED = """
import asyncio, sys
from pathlib import Path
from spacebeam.recording import opening
from tests.support.recordings import Feed, entries_in_file
from tests.support.loop import run
async def record():
    path = Path(sys.argv[1])
    feed = Feed(opening.create(path, asyncio.get_running_loop()))
    feed.add(10, 10_000)
    if sys.argv[2]:
        await feed.until_storage_error(sys.argv[2])
    feed.add(10, 10_000)
run(record())
"""


def locked(path: Path) -> contextlib.AbstractContextManager[None]:
    """Have another program hold SQLite's lock while the block runs."""
    return another_program(_LOCK, str(path), "locked")


async def test_a_lock_of_another_program_is_reported_until_it_is_released(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        feed.add(3)
        await until_written(recording)
        with locked(path):
            feed.add(3)
            await feed.until_storage_error(
                "Another program has locked this recording. Close it there."
            )
            assert check_numbers(recording) == 6
        await feed.until_resumed()
        await until_written(recording)
    assert entries_in_file(path) == 6


async def test_a_second_writer_is_refused_and_the_first_continues(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        feed.add(3)
        await until_written(recording)
        command = [sys.executable, "-c", _SECOND, str(path)]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
        assert done.stdout.startswith(
            "Another program or tab is writing this recording. Close it there."
        )
        assert is_being_written(path)
        feed.add(3)
        await until_written(recording)
        assert feed.errors == []
    with opened_recording(path) as read:
        assert check_numbers(read) == len(read) == 6


async def test_a_reader_in_another_program_does_not_remove_the_wal(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    read_it = (
        "import sys\nfrom pathlib import Path\n"
        "from tests.support.recordings import entries_in_file\n"
        "print(entries_in_file(Path(sys.argv[1])))"
    )
    with new_recording(path) as recording:
        feed = Feed(recording)
        for count in (3, 6, 9):
            feed.add(3)
            await until_written(recording)  # which opens and closes the file in this program
            command = [sys.executable, "-c", read_it, str(path)]
            done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
            assert done.stdout == f"{count}\n"


_HOLD = """
import sys
from pathlib import Path
from spacebeam.recording.file import FileLock
lock = FileLock(Path(sys.argv[1]))
lock.take()
print("held", flush=True)
sys.stdin.read()
"""

# A program that has the file for itself can remove the WAL.
_REMOVE_WAL = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
try:
    print(connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0])
except sqlite3.OperationalError as error:
    print(error)
"""


async def test_a_file_read_here_stays_locked_while_another_program_writes(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with new_recording(path) as recording:
        Feed(recording).add(3)
    with another_program(_HOLD, str(path), "held"):
        recording = opening.reopen(path, asyncio.get_running_loop())
        feed = Feed(recording)
        recording.star(1, is_starred=True)
        await feed.until_storage_error("Another program or tab is writing this recording.")
        command = [sys.executable, "-c", _REMOVE_WAL, str(path)]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
        assert done.stdout == "database is locked\n"
    store_of(recording).retry()
    await feed.until_resumed()
    await eventually(lambda: stars(path) == {1})
    assert recording.close(5.0)


def stars(path: Path) -> set[int]:
    with opened_recording(path) as recording:
        return recording.stars


@pytest.mark.parametrize("words", ["", "Nothing can be written in"])
def test_an_unclosed_recording_does_not_keep_its_program_running(
    tmp_path: Path, words: str
) -> None:
    path = (tmp_path / "there" if words else tmp_path) / "x.beam"
    command = [sys.executable, "-c", _UNCLOSED, str(path), words]
    subprocess.run(command, cwd=PROJECT, stderr=subprocess.DEVNULL, check=True, timeout=50)
    assert entries_in_file(path) == (0 if words else 20)

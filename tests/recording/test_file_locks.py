"""What other programs may do while a recording is being written."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.file import is_being_written, open_to_read
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.opening import create
from tests.support.kept import read
from tests.support.waiting import eventually

_LOOK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM block").fetchone()[0])
connection.close()
"""


async def test_another_reader_that_leaves_does_not_take_the_log_with_it(tmp_path: Path) -> None:
    path = tmp_path / "one.beam"
    recording = create(path, asyncio.get_running_loop())
    recording.append(single(1.0, Direction.RECEIVED, Kind.TEXT, b"hello"))
    log = path.with_name(path.name + "-wal")
    shelf = recording.store
    assert isinstance(shelf, FileStore)
    await eventually(lambda: shelf._writer is not None and shelf.is_written)
    read(path).close()  # this program reads what it writes, and lets no lock go by that
    looked = subprocess.run([sys.executable, "-c", _LOOK, str(path)], capture_output=True)
    assert looked.stdout.strip() == b"1", looked.stderr
    assert log.exists()
    assert recording.close(5.0)
    assert len(read(path)) == 1


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.beam"
    os.mkfifo(path)
    assert not is_being_written(path)
    with pytest.raises(RecordingError, match="is not a recording"):
        open_to_read(path)


def test_a_folder_is_called_one(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="is a folder"):
        open_to_read(tmp_path)


def test_a_file_that_is_missing_is_called_missing(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no such file"):
        open_to_read(tmp_path / "nothing.beam")

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
from tests.support.recordings import read
from tests.support.waiting import eventually

_COUNT_BLOCKS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM block").fetchone()[0])
connection.close()
"""


async def test_a_reader_that_closes_does_not_remove_the_wal(tmp_path: Path) -> None:
    path = tmp_path / "one.beam"
    recording = create(path, asyncio.get_running_loop())
    recording.append(single(1.0, Direction.RECEIVED, Kind.TEXT, b"hello"))
    log = path.with_name(path.name + "-wal")
    store = recording.store
    assert isinstance(store, FileStore)
    await eventually(lambda: store._writer is not None and store.is_written)
    read(path).close()  # reading here must not release the writer's locks
    done = subprocess.run([sys.executable, "-c", _COUNT_BLOCKS, str(path)], capture_output=True)
    assert done.stdout.strip() == b"1", done.stderr
    assert log.exists()
    assert recording.close(5.0)
    assert len(read(path)) == 1


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    path = tmp_path / "pipe.beam"
    os.mkfifo(path)
    assert not is_being_written(path)
    with pytest.raises(RecordingError, match="is not a recording"):
        open_to_read(path)

"""`python -m tests.support.recorder ADDRESS FILE LOG`: records a connection until it is killed.

After each batch it appends the number of recorded entries to LOG, with a system call, so that the
log is complete however the process ends.
"""

from __future__ import annotations

import asyncio
import os
import struct
import sys
import time
from pathlib import Path

from spacebeam.net.connection import Connection
from spacebeam.protocol.batch import Batch
from spacebeam.protocol.endpoint import parse
from spacebeam.recording import opening
from spacebeam.recording.block_store import StoreObserver
from tests.support.loop import run

_LINE = struct.Struct("<Q")


async def record(address: str, path: Path, log: int) -> None:
    """Record what the server sends; pause reading while too much is pending."""
    recording = opening.create(path, asyncio.get_running_loop())
    connection = Connection()

    def append(batch: Batch) -> None:
        recording.append(batch)
        os.write(log, _LINE.pack(len(recording)))

    connection.sink = append
    recording.observers.add(
        StoreObserver(on_full=connection.pause_reading, on_room=connection.resume_reading)
    )
    await connection.open(parse(address))
    await connection.ended
    recording.mark_complete(time.time())
    recording.close(10.0)


def logged(path: Path) -> int:
    """Return the last number of entries in a recorder's log, 0 if it has none."""
    data = path.read_bytes() if path.exists() else b""
    numbers = list(_LINE.iter_unpack(data[: len(data) // _LINE.size * _LINE.size]))
    return int(numbers[-1][0]) if numbers else 0


if __name__ == "__main__":
    descriptor = os.open(sys.argv[3], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    run(record(sys.argv[1], Path(sys.argv[2]), descriptor))

"""`python -m tests.support.recorder ADDRESS FILE LOG`: records a connection until it is killed.

To LOG goes, after each batch, when that was (on the monotonic clock) and how many entries there
were. What was written there stays, however the process ends.
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

_LINE = struct.Struct("<dQ")


async def record(address: str, path: Path, log: int) -> None:
    """Record what the server says, and wait where the file does not keep up."""
    recording = opening.create(path, asyncio.get_running_loop())
    connection = Connection()

    def take(batch: Batch) -> None:
        recording.append(batch)
        os.write(log, _LINE.pack(time.monotonic(), len(recording)))

    connection.sink = take
    recording.observers.add(
        StoreObserver(on_full=connection.pause_reading, on_room=connection.resume_reading)
    )
    await connection.open(parse(address))
    await connection.ended
    recording.mark_complete(time.time())
    recording.close(10.0)


def logged(path: Path) -> list[tuple[float, int]]:
    """What a recorder wrote to its log, whole lines alone."""
    data = path.read_bytes() if path.exists() else b""
    return list(_LINE.iter_unpack(data[: len(data) // _LINE.size * _LINE.size]))


if __name__ == "__main__":
    descriptor = os.open(sys.argv[3], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    run(record(sys.argv[1], Path(sys.argv[2]), descriptor))

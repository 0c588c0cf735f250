"""Recordings in files, written by the program's own code."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from spacebeam.protocol.batch import Batch, Direction, Kind, event_batch, single
from spacebeam.recording.opening import create
from spacebeam.recording.recording import Recording
from tests.support.loop import run

BEGAN = 1_700_000_000.25
EXAMPLE = (
    event_batch(BEGAN, b"Connected to ws://example.org/"),
    single(BEGAN + 1, Direction.SENT, Kind.TEXT, b'{"subscribe": "btc"}'),
    single(BEGAN + 2, Direction.RECEIVED, Kind.TEXT, b'{"price": 7}'),
    single(BEGAN + 3, Direction.RECEIVED, Kind.BINARY, b"\x00\xff"),
    single(BEGAN + 4, Direction.RECEIVED, Kind.PING, b"hi"),
    single(BEGAN + 5, Direction.RECEIVED, Kind.CLOSE, b"\x03\xe8bye"),
)


def write_entries(
    path: Path, *batches: Batch, also: Callable[[Recording], object] = lambda _recording: None
) -> str:
    """Write a file with these entries and what `also` adds; return its name."""

    async def make() -> None:
        recording = create(path, asyncio.get_running_loop())
        for batch in batches:
            recording.append(batch)
        also(recording)
        assert recording.close(20)

    run(make())
    return str(path)


def write_example(path: Path, also: Callable[[Recording], object] = lambda _recording: None) -> str:
    """Write a file with entries of several kinds; return its name."""
    return write_entries(path, *EXAMPLE, also=also)

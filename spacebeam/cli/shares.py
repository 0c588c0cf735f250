"""Counting in a long recording: each processor takes a share of the blocks.

Processes and not threads: what is found is handled in Python, one thread at a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from spacebeam.recording.fault import RecordingError
from spacebeam.recording.file import is_being_written
from spacebeam.recording.reading import read
from spacebeam.recording.recording import Recording

_WORTHWHILE = 16 * 2**20  # bytes of a file
_MOST = 8  # processes

Count = Callable[[Recording, range], int]  # of what is found in the blocks with these indices


def count_in_shares(path: Path, count: Count) -> int:
    """What `count` gives for all blocks of a file together. Raises RecordingError."""
    shares = _shares(path)
    # Begun before the file is opened here: SQLite's connections do not outlive a fork.
    others = [_begin(path, count, share, shares) for share in range(1, shares)]
    own = _count(path, count, 0, shares)
    told = [_told(reading, process) for reading, process in others]
    # Whoever could not count says nothing; the same error is met here then, and told.
    return own + sum(
        _count(path, count, share, shares) if number is None else number
        for share, number in enumerate(told, 1)
    )


def _shares(path: Path) -> int:
    try:
        is_long = path.stat().st_size >= _WORTHWHILE
    except OSError:
        return 1
    # Of one that grows, each process would see another length.
    if not is_long or not hasattr(os, "fork") or is_being_written(path):
        return 1
    return min(os.cpu_count() or 1, _MOST)


def _begin(path: Path, count: Count, share: int, shares: int) -> tuple[int, int]:
    """Begin to count a share in a process of its own: where it tells, and its id."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return reading, process
    try:
        os.write(writing, str(_count(path, count, share, shares)).encode())
    except RecordingError:
        pass  # nothing is told
    finally:
        os._exit(0)


def _count(path: Path, count: Count, share: int, shares: int) -> int:
    recording = read(path)
    blocks = recording.block_count
    found = count(recording, range(blocks * share // shares, blocks * (share + 1) // shares))
    recording.close()
    return found


def _told(reading: int, process: int) -> int | None:
    with open(reading, "rb") as stream:
        told = stream.read()
    os.waitpid(process, 0)
    return int(told) if told.isdigit() else None

"""Counting in a long recording: each processor takes a share of the blocks.

Processes and not threads: what is found is handled in Python, one thread at a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from spacebeam.recording.fault import RecordingError
from spacebeam.recording.file import is_being_written
from spacebeam.recording.reading import read
from spacebeam.recording.recording import Recording


class Counted(NamedTuple):
    """How many entries were found, and how many blocks could not be looked at."""

    found: int
    unread: int


_WORTHWHILE = 16 * 2**20  # bytes of a file
_MOST = 8  # processes

Count = Callable[[Recording, range], Counted]  # of what is in the blocks with these indices


def count_in_shares(path: Path, count: Count) -> Counted:
    """What `count` gives for all blocks of a file together. Raises RecordingError."""
    before, shares = _version(path), _shares(path)
    # Begun before the file is opened here: SQLite's connections do not outlive a fork.
    others = [_begin(path, count, share, shares) for share in range(1, shares)]
    try:
        own = _count(path, count, 0, shares)
        told = [_told(reading) for reading, _process in others]
    except BaseException:
        import signal  # else it is not needed, and the terminal's start waits for every import

        for _reading, process in others:
            os.kill(process, signal.SIGTERM)
        raise
    finally:
        for reading, process in others:
            os.close(reading)
            os.waitpid(process, 0)
    if _version(path) != before:  # each may have seen another file
        return _count(path, count, 0, 1)
    # Whoever could not count says nothing; the same error is met here then, and told.
    parts = [
        own,
        *(
            _count(path, count, share, shares) if part is None else part
            for share, part in enumerate(told, 1)
        ),
    ]
    return Counted(sum(part.found for part in parts), sum(part.unread for part in parts))


def _version(path: Path) -> tuple[int, ...]:
    """Which file it is, and when it was changed."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


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
        found, unread = _count(path, count, share, shares)
        os.write(writing, b"%d %d" % (found, unread))
    except RecordingError:
        pass  # nothing is told
    finally:
        os._exit(0)


def _count(path: Path, count: Count, share: int, shares: int) -> Counted:
    recording = read(path)
    try:
        blocks = recording.block_count
        return count(recording, range(blocks * share // shares, blocks * (share + 1) // shares))
    finally:
        recording.close()


def _told(reading: int) -> Counted | None:
    with open(reading, "rb", closefd=False) as stream:
        told = stream.read().split()
    return Counted(int(told[0]), int(told[1])) if len(told) == 2 else None

"""Recordings of any length for the benchmarks: texts of 128 B in the form of a feed.

They are cached in build/recordings: one of ten million texts takes 1.4 GB and some time to make.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.runner import PROJECT, Run, interleaved, python

FOLDER = PROJECT / "build" / "recordings"
SIZE = 128  # bytes of a message's payload

_MIN_FREE_RATIO = 2.5  # free disk space to payload bytes


def made(count: int) -> Path:
    """Return the recording of `count` messages; make it if it does not exist."""
    path = _path(count)
    if not path.exists():
        make(count)
    return path


def make(count: int) -> float:
    """Make the recording again; return the messages a second until all are on the disk.

    Raises RuntimeError if the disk is too full.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    needed = count * SIZE * _MIN_FREE_RATIO
    if shutil.disk_usage(FOLDER).free < needed:
        raise RuntimeError(f"{needed / 1e9:.1f} GB of free disk are needed in {FOLDER}.")
    run = Run(python("maker", str(_path(count)), str(count), str(SIZE)), count)
    return interleaved({"made": run}, rounds=1, max_seconds=1.0)["made"]["rate"]


def lines(count: int) -> Path:
    """Return a text file with the payloads of the recording as lines, for grep."""
    path = _path(count).with_suffix(".txt")
    if not path.exists():
        interleaved(
            {"lines": Run(python("liner", str(made(count)), str(path)), count)}, 1, max_seconds=1.0
        )
    return path


def _path(count: int) -> Path:
    return FOLDER / f"{SIZE}-{count}.beam"

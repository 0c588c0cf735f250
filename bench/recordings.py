"""Recordings of any length to be read: texts of 128 B as feeds send them, kept at full speed.

They stay in build/recordings, as one of ten million takes 1.4 GB and a while to be made.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.runner import PROJECT, Run, interleaved, python

FOLDER = PROJECT / "build" / "recordings"
SIZE = 128  # bytes of a message's payload

_SPARE = 2.5  # times the payload's bytes that have to be free on the disk


def made(count: int) -> Path:
    """The recording of so many messages; made where there is none."""
    path = _path(count)
    if not path.exists():
        make(count)
    return path


def make(count: int) -> float:
    """Make it anew; messages a second, until the last one is on the disk.

    Raises RuntimeError where there is no room for it.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    needed = count * SIZE * _SPARE
    if shutil.disk_usage(FOLDER).free < needed:
        raise RuntimeError(f"{needed / 1e9:.1f} GB of free disk are needed in {FOLDER}.")
    run = Run(python("maker", str(_path(count)), str(count), str(SIZE)), count)
    return interleaved({"made": run}, rounds=1, within=1.0)["made"]["rate"]


def lines(count: int) -> Path:
    """The payloads of that recording as lines of text, which is what grep reads."""
    path = _path(count).with_suffix(".txt")
    if not path.exists():
        interleaved(
            {"lines": Run(python("liner", str(made(count)), str(path)), count)}, 1, within=1.0
        )
    return path


def _path(count: int) -> Path:
    return FOLDER / f"{SIZE}-{count}.beam"

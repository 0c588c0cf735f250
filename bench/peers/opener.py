"""Opens a recording and jumps about in it: `opener FILE [cold]`.

Tells the milliseconds until the first entries were read and those of a jump, and the MiB that it
took; with all of the file in the system's memory to begin with, or where it is `cold`, none.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from pathlib import Path

from bench.peers.resident import resident
from spacebeam.recording.opening import open_read_only

_FIRST = 30  # entries, as many as a window shows
_JUMPS = 2000
_PIECE = 2**20  # bytes


def main(path: Path, *, is_cold: bool) -> None:
    """Open, jump, and say how long it took."""
    (_forget if is_cold else _remember)(path)
    before = resident()
    start = time.perf_counter()
    recording = open_read_only(path)
    for number in range(_FIRST):
        recording.entry(number)
    opened = time.perf_counter() - start
    dice, took = random.Random(7), []
    for _ in range(_JUMPS):
        number = dice.randrange(len(recording))
        start = time.perf_counter()
        assert recording.entry(number).number == number
        took.append(time.perf_counter() - start)
    took.sort()
    told = {
        "opened": opened * 1000,
        "jump": took[_JUMPS // 2] * 1000,
        "jump_p99": took[_JUMPS * 99 // 100] * 1000,
        "grown": resident() - before,
    }
    print(json.dumps(told), file=sys.stderr)


def _remember(path: Path) -> None:
    """Have the system read it: what ran before may have left little of it in memory."""
    with path.open("rb", buffering=0) as file:
        while file.read(_PIECE):
            pass


def _forget(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file)  # only what is on the disk can be forgotten
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    main(Path(sys.argv[1]), is_cold=sys.argv[2:] == ["cold"])

"""Opens a recording and jumps to random entries: `opener FILE [cold]`.

Prints the milliseconds until the first entries are read and of a jump, and the memory in MiB. At
the start, the file is in the system's cache, or with `cold` is not.
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

_FIRST_ENTRIES = 30  # as many as a window shows
_JUMPS = 2000
_READ_BYTES = 2**20


def main(path: Path, *, is_cold: bool) -> None:
    """Open the recording, jump, and print the times."""
    (_drop_from_cache if is_cold else _read_into_cache)(path)
    before = resident()
    start = time.perf_counter()
    recording = open_read_only(path)
    for number in range(_FIRST_ENTRIES):
        recording.entry(number)
    opened = time.perf_counter() - start
    dice, took = random.Random(7), []
    for _ in range(_JUMPS):
        number = dice.randrange(len(recording))
        start = time.perf_counter()
        assert recording.entry(number).number == number
        took.append(time.perf_counter() - start)
    took.sort()
    results = {
        "opened": opened * 1000,
        "jump": took[_JUMPS // 2] * 1000,
        "jump_p99": took[_JUMPS * 99 // 100] * 1000,
        "grown": resident() - before,
    }
    print(json.dumps(results), file=sys.stderr)


def _read_into_cache(path: Path) -> None:
    """Read the file, so that it is in the system's cache."""
    with path.open("rb", buffering=0) as file:
        while file.read(_READ_BYTES):
            pass


def _drop_from_cache(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file)  # only data on the disk can be dropped
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    main(Path(sys.argv[1]), is_cold=sys.argv[2:] == ["cold"])

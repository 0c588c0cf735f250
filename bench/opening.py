"""Opening a recording of ten million messages, and jumping to random entries."""

from __future__ import annotations

import shlex
import sys

from bench import recordings
from bench.figure import Figure
from bench.runner import Run, interleaved, python

_ROUNDS = 5
_MAX_SECONDS = 60.0  # for all rounds
_COUNT = 10_000_000
_MAX_OPEN_MS, _MAX_JUMP_MS = 400.0, 10.0
_MAX_MEMORY_MIB = 80.0
_MAX_FILE_SIZE = 1.25 * recordings.SIZE + 12  # bytes a message


def measure() -> list[Figure]:
    """Run the suite, which takes half a minute, and more the first time.

    Raises RuntimeError.
    """
    path = recordings.made(_COUNT)
    shown = f"{shlex.join((sys.executable, '-m', 'spacebeam', 'list', str(path)))} | head -n 30"
    runs = {
        "warm": Run(python("opener", str(path)), _COUNT),
        "command": Run(python("stopwatch", "sh", "-c", shown), _COUNT),
        "cold": Run(python("opener", str(path), "cold"), _COUNT),
    }
    results = interleaved(runs, _ROUNDS, _MAX_SECONDS)
    warm, cold = results["warm"], results["cold"]
    size = path.stat().st_size / _COUNT
    return [
        _against_limit("open", warm["opened"], _MAX_OPEN_MS),
        _against_limit("open-command", results["command"]["seconds"] * 1000, _MAX_OPEN_MS),
        _against_limit("open-cold", cold["opened"], _MAX_OPEN_MS),
        _against_limit("jump-p99", warm["jump_p99"], _MAX_JUMP_MS),
        _against_limit("jump-p99-cold", cold["jump_p99"], _MAX_JUMP_MS),
        _against_limit("open-memory", warm["grown"], _MAX_MEMORY_MIB, "MiB"),
        _against_limit("file-size", size, _MAX_FILE_SIZE, "B/msg"),
    ]


def _against_limit(name: str, ours: float, allowed: float, unit: str = "ms") -> Figure:
    return Figure(name, f"{allowed:g} {unit}", ours, allowed, unit, "≤ 1")

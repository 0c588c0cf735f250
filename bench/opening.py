"""Opening a recording of ten million messages, and going anywhere in it."""

from __future__ import annotations

import shlex
import sys

from bench import recordings
from bench.figure import Figure
from bench.runner import Run, interleaved, python

_ROUNDS = 5
_TIME = 60.0  # seconds
_COUNT = 10_000_000
_OPEN_TIME, _JUMP_TIME = 400.0, 10.0  # milliseconds that are allowed
_MEMORY = 80.0  # MiB that are allowed
_FILE_SIZE = 1.25 * recordings.SIZE + 12  # bytes a message that are allowed


def measure() -> list[Figure]:
    """The suite; takes half a minute, and more for the first time. Raises RuntimeError."""
    path = recordings.made(_COUNT)
    shown = f"{shlex.join((sys.executable, '-m', 'spacebeam', 'list', str(path)))} | head -n 30"
    runs = {
        "warm": Run(python("opener", str(path)), _COUNT),
        "command": Run(python("stopwatch", "sh", "-c", shown), _COUNT),
        "cold": Run(python("opener", str(path), "cold"), _COUNT),
    }
    told = interleaved(runs, _ROUNDS, _TIME)
    warm, cold = told["warm"], told["cold"]
    size = path.stat().st_size / _COUNT
    return [
        _within("open", warm["opened"], _OPEN_TIME),
        _within("open-command", told["command"]["seconds"] * 1000, _OPEN_TIME),
        _within("open-cold", cold["opened"], _OPEN_TIME),
        _within("jump-p99", warm["jump_p99"], _JUMP_TIME),
        _within("jump-p99-cold", cold["jump_p99"], _JUMP_TIME),
        _within("open-memory", warm["grown"], _MEMORY, "MiB"),
        _within("file-size", size, _FILE_SIZE, "B/msg"),
    ]


def _within(name: str, ours: float, allowed: float, unit: str = "ms") -> Figure:
    return Figure(name, f"{allowed:g} {unit}", ours, allowed, unit, "≤ 1")

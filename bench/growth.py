"""Rates, times and sizes of recordings of different lengths: most must not depend on the length."""

from __future__ import annotations

from bench import recordings
from bench.figure import Figure
from bench.runner import Run, interleaved, python
from bench.search import search

_ROUNDS = 3
_MAX_SECONDS = 60.0  # for all rounds
_SMALLER, _LARGEST = 1_000_000, 10_000_000
_COUNTS = (10_000, 100_000, _SMALLER, _LARGEST)
_WORD = "overdue"
# For each measure its unit, and the allowed ratio when the recording is ten times as long.
_MEASURES = {
    "append": ("msg/s", "≥ 0.5"),
    "search": ("msg/s", "≥ 0.5"),
    "open": ("ms", "≤ 10"),
    "jump-p99": ("ms", "≤ 1.5"),
    "memory": ("MiB", "≤ 2"),
    "file-size": ("B/msg", "≤ 1.1"),
}


def measure() -> list[Figure]:
    """Run the suite, which takes a minute. Print all lengths; return the last two."""
    rows = {count: _measured(count) for count in _COUNTS}
    print(" ".join(f"{name:>12}" for name in ("messages", *_MEASURES)))
    for count, row in rows.items():
        print(" ".join(f"{value:12,.6g}" for value in (count, *row.values())))
    return [
        Figure(
            f"growth-{name}", f"{_SMALLER:,}", rows[_LARGEST][name], rows[_SMALLER][name], *about
        )
        for name, about in _MEASURES.items()
    ]


def _measured(count: int) -> dict[str, float]:
    appended = max(recordings.make(count) for _ in range(_ROUNDS))
    path = recordings.made(count)
    runs = {"open": Run(python("opener", str(path)), count), "search": search(count, _WORD)}
    results = interleaved(runs, _ROUNDS, _MAX_SECONDS)
    return {
        "append": appended,
        "search": results["search"]["rate"],
        "open": results["open"]["opened"],
        "jump-p99": results["open"]["jump_p99"],
        "memory": results["open"]["grown"],
        "file-size": path.stat().st_size / count,
    }

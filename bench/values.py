"""The chart of two values of ten million messages: first from a sample, then from all."""

from __future__ import annotations

from bench import recordings
from bench.figure import Figure
from bench.runner import Run, interleaved, python

_ROUNDS = 3
_MAX_SECONDS = 60.0  # for all rounds
_COUNT = 10_000_000
_PATHS = ("p", "s")
_MAX_DRAWN_S = 2.0
_MAX_SLICE_MS = 8.0  # processor time
_READ_RATE = 50_000  # messages a second


def measure() -> list[Figure]:
    """Run the suite, which takes a minute, and more the first time.

    Raises RuntimeError.
    """
    path = recordings.made(_COUNT)
    run = Run(python("charter", str(path), *_PATHS), _COUNT)
    results = interleaved({"chart": run}, _ROUNDS, _MAX_SECONDS)["chart"]
    return [
        Figure("chart-first", f"{_MAX_DRAWN_S:g} s", results["drawn"], _MAX_DRAWN_S, "s", "≤ 1"),
        Figure(
            "chart-slice", f"{_MAX_SLICE_MS:g} ms", results["longest"], _MAX_SLICE_MS, "ms", "≤ 1"
        ),
        Figure("chart-read", f"{_READ_RATE:,} msg/s", results["rate"], _READ_RATE, wanted="≥ 1"),
    ]

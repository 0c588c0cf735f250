"""The start and the memory of the window, against the smallest libadwaita program in Python."""

from __future__ import annotations

from bench.figure import Figure
from bench.runner import Run, interleaved, python

_ROUNDS = 7
_MAX_SECONDS = 120.0  # for all rounds


def measure() -> list[Figure]:
    """Run the suite, which takes half a minute. Raises RuntimeError."""
    runs = {
        program: Run(_in_window(*python("start_client", program)), 1, is_free=True)
        for program in ("spacebeam", "smallest")
    }
    results = interleaved(runs, _ROUNDS, _MAX_SECONDS)
    ours, smallest = results["spacebeam"], results["smallest"]
    against = "smallest"
    return [
        Figure("start", against, ours["started"], smallest["started"], "ms", "≤ 1.6"),
        Figure("start-memory", against, ours["memory"], smallest["memory"], "MiB", "≤ 1.4"),
    ]


def _in_window(*command: str) -> tuple[str, ...]:
    return ("scripts/private.sh", "--window", *command)

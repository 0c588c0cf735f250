"""A scenario of a thousand exchanges against the built-in echo, beside a bare loop of `websockets`.

An exchange sends a JSON message and expects its answer by a filter. The start is that of
`spacebeam run` with a file of one message.
"""

from __future__ import annotations

from bench.figure import Figure
from bench.runner import Run, interleaved, python, serving

_ROUNDS = 7
_MAX_SECONDS = 60.0  # for all rounds
_COUNT = 1000
_WANTED_START_S = 0.4
_WANTED_RATE = "≥ 0.5"  # times that of `websockets`


def measure() -> list[Figure]:
    """Run the suite, which takes half a minute. Raises RuntimeError if a client fails."""
    with serving("bench.peers.echo_server") as address:
        runs = {
            name: Run(python("exchanger", name, f"{address}/echo", str(_COUNT)), _COUNT)
            for name in ("scenario", "websockets", "start", "bare")
        }
        results = interleaved(runs, _ROUNDS, _MAX_SECONDS)
    ours, theirs = results["scenario"], results["websockets"]
    return [
        Figure("exchanges", "websockets", ours["rate"], theirs["rate"], "1/s", _WANTED_RATE),
        Figure(
            "exchanges-processor",
            "websockets",
            ours["processor_rate"],
            theirs["processor_rate"],
            "1/s",
        ),
        Figure(
            "run-start",
            "python -c pass",
            results["start"]["seconds"],
            results["bare"]["seconds"],
            "s",
            f"≤ {_WANTED_START_S} s",
        ),
    ]

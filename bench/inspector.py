"""The inspector with long payloads: time until they are shown, and turns of the main loop."""

from __future__ import annotations

import sys

from bench.figure import Figure
from bench.runner import Run, interleaved

_ROUNDS = 3
_MAX_SECONDS = 120.0  # for all rounds
_PAYLOADS = ("brackets", "json", "line", "binary", "tree")
_MAX_SHOWN_MS = 1000.0
_MAX_TURN_MS = 8.0  # processor time


def measure() -> list[Figure]:
    """Run the suite, which takes a minute.

    Raises RuntimeError.
    """
    command = (sys.executable, "-m", "bench.peers.inspector_client")
    run = Run(("scripts/private.sh", "--window", *command), len(_PAYLOADS), is_free=True)
    results = interleaved({"inspector": run}, _ROUNDS, _MAX_SECONDS)["inspector"]
    print(f"found at the end of 5 MB of JSON: {results['found']:.0f} ms")
    shown = [
        _against_limit(f"inspect-{one}", results[f"{one}_shown"], _MAX_SHOWN_MS)
        for one in _PAYLOADS
    ]
    turns = [
        _against_limit(f"inspect-{one}-turn", results[f"{one}_longest"], _MAX_TURN_MS)
        for one in _PAYLOADS
    ]
    return [
        *shown,
        *turns,
        _against_limit("inspect-find-turn", results["found_longest"], _MAX_TURN_MS),
    ]


def _against_limit(name: str, ours: float, allowed: float) -> Figure:
    return Figure(name, f"{allowed:.3g} ms", ours, allowed, "ms", "≤ 1")

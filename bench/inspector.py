"""The inspector with long payloads: when they are seen, and how long the main loop waits."""

from __future__ import annotations

import sys

from bench.figure import Figure
from bench.runner import Run, interleaved

_ROUNDS = 3
_TIME = 120.0  # seconds
_PAYLOADS = ("brackets", "json", "line", "binary")
_SHOWN = 1000.0  # milliseconds that are allowed
_TURN = 8.0  # milliseconds of processor time that are allowed


def measure() -> list[Figure]:
    """The suite; takes a minute. Raises RuntimeError."""
    command = (sys.executable, "-m", "bench.peers.inspector_client")
    run = Run(("scripts/private.sh", "--window", *command), len(_PAYLOADS), is_free=True)
    told = interleaved({"inspector": run}, _ROUNDS, _TIME)["inspector"]
    print(f"found at the end of 5 MB of JSON: {told['found']:.0f} ms")
    shown = [_within(f"inspect-{one}", told[f"{one}_shown"], _SHOWN) for one in _PAYLOADS]
    turns = [_within(f"inspect-{one}-turn", told[f"{one}_longest"], _TURN) for one in _PAYLOADS]
    return [*shown, *turns, _within("inspect-find-turn", told["found_longest"], _TURN)]


def _within(name: str, ours: float, allowed: float) -> Figure:
    return Figure(name, f"{allowed:.3g} ms", ours, allowed, "ms", "≤ 1")

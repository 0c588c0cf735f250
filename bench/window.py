"""The window in a flood that it keeps on the disk: its rate, and whether its frames keep coming.

The clients beside it only count, and have both processors too.
"""

from __future__ import annotations

import sys

from bench.figure import Figure
from bench.runner import Run, Told, chromium, interleaved, node, serving

_ROUNDS = 3
_TIME = 120.0  # seconds
_COUNT = 10_000_000
_MORE = 2_000_000  # that are under way when it is left
_FEW = 10_000  # for Chromium
_SIZE = 128  # bytes of a message's payload
_FRAME, _LONGEST_FRAME = 21.0, 50.0  # milliseconds that are allowed
_TYPING = 2 * 1000 / 60  # milliseconds that two frames take
_DISCONNECT = 1000.0  # milliseconds that are allowed
_MEMORY = 80.0  # MiB that are allowed


def measure() -> list[Figure]:
    """The suite; takes a minute. Raises RuntimeError where a client is missing or fails."""
    with serving() as address:
        url = f"{address}/flood?size={_SIZE}&count="
        window = (sys.executable, "-m", "bench.peers.window_client", f"{url}{_COUNT + _MORE}")
        command = ("scripts/private.sh", "--window", *window, str(_COUNT))
        counting = node("node_client.mjs", f"{url}{_COUNT}", str(_COUNT))
        runs = {
            "window": Run(command, _COUNT, is_free=True),
            "node": Run(counting, _COUNT, is_free=True),
            "chromium": Run(chromium(f"{url}{_FEW}", str(_FEW)), _FEW, is_free=True),
        }
        told = interleaved(runs, _ROUNDS, _TIME)
    window_told = told["window"]
    _print_frames(window_told)
    rate = window_told["rate"]
    return [
        Figure("window", "node-ws", rate, told["node"]["rate"], wanted="≥ 1"),
        Figure("window", "chromium", rate, told["chromium"]["rate"], wanted="≥ 25"),
        _within("window-frame-p99", window_told["flood_p99"], _FRAME),
        _within("window-frame-max", window_told["flood_max"], _LONGEST_FRAME),
        _within("window-typing-max", window_told["typed"], _TYPING),
        _within("window-disconnect", window_told["disconnect"], _DISCONNECT),
        _within("window-memory", window_told["grown"], _MEMORY, "MiB"),
    ]


def _print_frames(told: Told) -> None:
    print(f"{'frame interval, ms':28} {'p50':>7} {'p99':>7} {'max':>7}")
    for name, words in (
        ("flood", "while the flood lasts"),
        ("jumps", "jumping through it"),
        ("scroll", "scrolling through it"),
    ):
        shown = " ".join(f"{told[f'{name}_{key}']:7.1f}" for key in ("p50", "p99", "max"))
        print(f"{words:28} {shown}")


def _within(name: str, ours: float, allowed: float, unit: str = "ms") -> Figure:
    return Figure(name, f"{allowed:.3g} {unit}", ours, allowed, unit, "≤ 1")

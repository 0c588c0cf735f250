"""The window recording a flood: its rate and its frame intervals.

The other clients only count the messages; they have both processors too.
"""

from __future__ import annotations

import sys

from bench.figure import Figure
from bench.runner import Results, Run, chromium, interleaved, node, python, serving

_ROUNDS = 3
_MAX_SECONDS = 120.0  # for all rounds
_COUNT = 10_000_000
_UNREAD_COUNT = 2_000_000  # further messages, not received when it disconnects
_CHROMIUM_COUNT = 10_000
_SIZE = 128  # bytes of a message's payload
_MAX_P99_FRAME_MS, _MAX_FRAME_MS = 21.0, 50.0
_MAX_TYPING_MS = 2 * 1000 / 60  # two frames
_MAX_DISCONNECT_MS = 1000.0
_MAX_MEMORY_MIB = 80.0
_FEED_RATE, _FEED_SECONDS = 1000, 8
_MAX_FOLLOWING, _MAX_PAUSED = 0.24, 0.06  # of a processor, with software rendering


def measure() -> list[Figure]:
    """Run the suite, which takes a minute.

    Raises RuntimeError if a client is missing or fails.
    """
    with serving() as address:
        url = f"{address}/flood?size={_SIZE}&count="
        window = (
            sys.executable,
            "-m",
            "bench.peers.window_client",
            f"{url}{_COUNT + _UNREAD_COUNT}",
        )
        command = ("scripts/private.sh", "--window", *window, str(_COUNT))
        counting = node("node_client.mjs", f"{url}{_COUNT}", str(_COUNT))
        runs = {
            "window": Run(command, _COUNT, is_free=True),
            "node": Run(counting, _COUNT, is_free=True),
            "chromium": Run(
                chromium(f"{url}{_CHROMIUM_COUNT}", str(_CHROMIUM_COUNT)),
                _CHROMIUM_COUNT,
                is_free=True,
            ),
        }
        results = interleaved(runs, _ROUNDS, _MAX_SECONDS)
        # Messages until the window is closed.
        feed = f"{address}/feed?size={_SIZE}&rate={_FEED_RATE}&count={_FEED_RATE * 60}"
        feed_client = python("feed_client", feed, str(_FEED_SECONDS))
        feed_run = Run(("scripts/private.sh", "--window", *feed_client), 1, is_free=True)
        of_feed = interleaved({"feed": feed_run}, _ROUNDS, _MAX_SECONDS)["feed"]
    of_window = results["window"]
    _print_frames(of_window)
    rate = of_window["rate"]
    return [
        Figure("window", "node-ws", rate, results["node"]["rate"], wanted="≥ 1"),
        Figure("window", "chromium", rate, results["chromium"]["rate"], wanted="≥ 25"),
        _against_limit("window-frame-p99", of_window["flood_p99"], _MAX_P99_FRAME_MS),
        _against_limit("window-frame-max", of_window["flood_max"], _MAX_FRAME_MS),
        _against_limit("window-typing-max", of_window["typed"], _MAX_TYPING_MS),
        _against_limit("window-disconnect", of_window["disconnect"], _MAX_DISCONNECT_MS),
        _against_limit("window-memory", of_window["grown"], _MAX_MEMORY_MIB, "MiB"),
        _against_limit("window-following", of_feed["following"], _MAX_FOLLOWING, "of 1"),
        _against_limit("window-paused", of_feed["paused"], _MAX_PAUSED, "of 1"),
    ]


def _print_frames(results: Results) -> None:
    print(f"{'frame interval, ms':28} {'p50':>7} {'p99':>7} {'max':>7}")
    for name, words in (
        ("flood", "while the flood lasts"),
        ("jumps", "jumping through it"),
        ("scroll", "scrolling through it"),
    ):
        shown = " ".join(f"{results[f'{name}_{key}']:7.1f}" for key in ("p50", "p99", "max"))
        print(f"{words:28} {shown}")


def _against_limit(name: str, ours: float, allowed: float, unit: str = "ms") -> Figure:
    return Figure(name, f"{allowed:.3g} {unit}", ours, allowed, unit, "≤ 1")

"""The window in a flood: its rate, and whether its frames keep coming at 60 Hz.

The window needs 100,000 messages a second without a frame lost; the figure is against that.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bench.figure import Figure
from bench.runner import serving

_COUNT = 1_000_000
_SIZE = 128  # bytes of a message's payload
_WANTED = 100_000  # messages a second
_TIME_LIMIT = 120.0  # seconds
_PROJECT = Path(__file__).parents[1]
_CLIENT = Path(__file__).parent / "peers" / "window_client.py"


def measure() -> list[Figure]:
    """The suite; takes a quarter of a minute. Raises RuntimeError where the window fails."""
    with serving() as address:
        url = f"{address}/flood?count={_COUNT}&size={_SIZE}"
        command = ["scripts/private.sh", "--window", sys.executable, str(_CLIENT), url, str(_COUNT)]
        done = subprocess.run(
            command, cwd=_PROJECT, capture_output=True, text=True, timeout=_TIME_LIMIT
        )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(f"the window did not take the flood in: {done.stderr[-1000:]}")
    result = json.loads(lines[-1])
    print(f"{'frame interval, ms':28} {'p50':>7} {'p99':>7} {'max':>7}")
    for name, words in (
        ("flood", "while the flood lasts"),
        ("jumps", "jumping through it"),
        ("scroll", "scrolling through it"),
    ):
        numbers = result[name]
        shown = " ".join(f"{numbers[key]:7.1f}" for key in ("p50", "p99", "max"))
        print(f"{words:28} {shown}")
    return [Figure("window-128", "100,000 a second", result["rate"], _WANTED)]

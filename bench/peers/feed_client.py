"""The processor time of a window that shows a feed: `feed_client URL SECONDS`.

At first the window follows the feed, then its display is paused. The last line on standard error
has the results. Needs a display, for example from `scripts/private.sh --window`.
"""

from __future__ import annotations

import asyncio
import sys
import time
from functools import partial

from bench.peers.window_client import Results, run_in_window, until
from spacebeam.ui.window.window import Window

_SETTLE_S = 1.0


async def measure(window: Window, url: str, seconds: float) -> Results:
    """Return the part of one processor that is used while following, and while paused."""
    tab = window.tab
    assert tab is not None
    tab.connect_to(url, None)
    await until(lambda: tab.is_conversation)
    following = await _used(seconds)
    window.activate_action("win.pause", None)
    return {"following": following, "paused": await _used(seconds)}


async def _used(seconds: float) -> float:
    await asyncio.sleep(_SETTLE_S)
    began, used = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    return (time.process_time() - used) / (time.perf_counter() - began)


if __name__ == "__main__":
    run_in_window(partial(measure, url=sys.argv[1], seconds=float(sys.argv[2])))

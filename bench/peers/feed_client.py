"""What a window that shows a feed needs of a processor: `feed_client URL SECONDS`.

At first the window follows the feed, then its display is paused. The last line on standard error
has the parts of a processor that it used, and the time in ms that decoding for the rows took of a
frame at most. Needs a display, for example from `scripts/private.sh --window`.
"""

from __future__ import annotations

import asyncio
import sys
import time
from functools import partial

from bench.peers.window_client import Results, run_in_window, until
from spacebeam.decode.decoder import Context
from spacebeam.recording.entry import Entry
from spacebeam.ui.timeline import entry_words
from spacebeam.ui.window.window import Window

_SETTLE_S = 1.0


async def measure(window: Window, url: str, seconds: float) -> Results:
    """Return the part of one processor that is used while following, and while paused."""
    tab = window.tab
    assert tab is not None
    tab.connect_to(url, None)
    await until(lambda: tab.is_conversation)
    decoding = Decoding(window)
    following = await _used(seconds)
    longest = max(decoding.took) * 1000
    window.activate_action("win.pause", None)
    return {"following": following, "paused": await _used(seconds), "decoding": longest}


class Decoding:
    """The seconds that the rows' texts took in each frame."""

    def __init__(self, window: Window) -> None:
        self.took: list[float] = [0.0]
        self._preview = entry_words.preview
        entry_words.preview = self._timed
        window.add_tick_callback(self._on_tick)

    def _timed(self, entry: Entry, context: Context | None = None) -> str:
        began = time.perf_counter()
        words = self._preview(entry, context)
        self.took[-1] += time.perf_counter() - began
        return words

    def _on_tick(self, _widget: object, _clock: object) -> bool:
        self.took.append(0.0)
        return True


async def _used(seconds: float) -> float:
    await asyncio.sleep(_SETTLE_S)
    began, used = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    return (time.process_time() - used) / (time.perf_counter() - began)


if __name__ == "__main__":
    run_in_window(partial(measure, url=sys.argv[1], seconds=float(sys.argv[2])))

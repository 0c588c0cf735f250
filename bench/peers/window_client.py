"""The window in a flood: counts what it takes in and how evenly its frames come.

Prints a line of JSON. Needs a display: `scripts/private.sh --window` gives one.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Callable

import spacebeam.ui  # noqa: F401  it chooses the versions

from gi.repository import Gdk, Gio, GLib, Gtk  # isort: skip

from spacebeam.ui.application import Application
from spacebeam.ui.event_loop import use_glib_loop
from spacebeam.ui.window.window import Window

_PATIENCE = 90.0  # seconds
_JUMPS = 120


class Frames:
    """When the frames of a window came."""

    def __init__(self, window: Gtk.Widget) -> None:
        self._times: list[float] = []
        window.add_tick_callback(self._on_tick)

    def clear(self) -> None:
        self._times.clear()

    def summary(self) -> dict[str, float]:
        """Intervals in milliseconds."""
        pairs = zip(self._times, self._times[1:], strict=False)
        intervals = sorted((later - earlier) * 1000 for earlier, later in pairs)
        return {
            "p50": statistics.median(intervals),
            "p99": intervals[int(len(intervals) * 0.99)],
            "max": intervals[-1],
        }

    async def some(self, count: int) -> None:
        wanted = len(self._times) + count
        await until(lambda: len(self._times) >= wanted)

    def _on_tick(self, _widget: Gtk.Widget, _clock: Gdk.FrameClock) -> bool:
        self._times.append(time.perf_counter())
        return GLib.SOURCE_CONTINUE


async def until(condition: Callable[[], object]) -> None:
    """Let the loop run until `condition` holds."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        await asyncio.sleep(0.005)


async def measure(window: Window, url: str, count: int) -> dict[str, object]:
    """Take in a flood of `count` messages, then scroll through it."""
    tab = window.tab
    assert tab is not None
    frames = Frames(window)
    await frames.some(60)
    tab._start_connecting(url)
    await until(lambda: tab.is_conversation)
    frames.clear()
    began = time.perf_counter()
    await until(lambda: len(tab._talk.recording) >= count)
    rate = count / (time.perf_counter() - began)
    flood = frames.summary()
    await frames.some(60)
    adjustment = tab._conversation_page.timeline._scrolled_window.get_vadjustment()
    frames.clear()
    for jump in range(_JUMPS):
        adjustment.set_value(adjustment.get_upper() * (jump * 37 % _JUMPS) / _JUMPS)
        await frames.some(1)
    jumps = frames.summary()
    frames.clear()
    for _step in range(_JUMPS * 2):
        adjustment.set_value(adjustment.get_value() + 40)
        await frames.some(1)
    return {"rate": rate, "flood": flood, "jumps": jumps, "scroll": frames.summary()}


def main() -> None:
    use_glib_loop()
    application = Application(Gio.ApplicationFlags.NON_UNIQUE)

    async def run() -> None:
        window = application.get_active_window()
        assert isinstance(window, Window)
        try:
            print(json.dumps(await measure(window, sys.argv[1], int(sys.argv[2]))), flush=True)
        finally:
            window.close()

    tasks: list[asyncio.Task[None]] = []
    application.connect_after(
        "activate", lambda _application: tasks.append(asyncio.ensure_future(run()))
    )
    application.run([])


if __name__ == "__main__":
    main()

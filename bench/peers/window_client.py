"""The window in a flood: its rate and its frame intervals: `window_client URL COUNT`.

The flood has more messages than the measured COUNT, so that the window disconnects during it. The
last line on standard error has the results. Needs a display, for example from
`scripts/private.sh --window`.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial

import spacebeam.ui  # noqa: F401  it chooses the versions

from gi.repository import Gdk, Gio, GLib, Gtk  # isort: skip

from bench.peers.resident import resident
from spacebeam.ui.application import Application
from spacebeam.ui.tasks import use_glib_loop
from spacebeam.ui.window.tab import Tab
from spacebeam.ui.window.window import Window

_TIMEOUT_S = 90.0
_JUMPS = 120
_KEY_INTERVAL_MS = 150  # of a fast typist

Results = dict[str, float]


class Frames:
    """The times of a window's frames."""

    def __init__(self, window: Gtk.Widget) -> None:
        self._times: list[float] = []
        window.add_tick_callback(self._on_tick)

    def clear(self) -> None:
        self._times.clear()

    def summary(self, name: str) -> Results:
        """Return median, 99th percentile and maximum of the intervals, in milliseconds."""
        pairs = zip(self._times, self._times[1:], strict=False)
        intervals = sorted((later - earlier) * 1000 for earlier, later in pairs)
        return {
            f"{name}_p50": statistics.median(intervals),
            f"{name}_p99": intervals[int(len(intervals) * 0.99)],
            f"{name}_max": intervals[-1],
        }

    async def some(self, count: int) -> None:
        wanted = len(self._times) + count
        await until(lambda: len(self._times) >= wanted)

    def _on_tick(self, _widget: Gtk.Widget, _clock: Gdk.FrameClock) -> bool:
        self._times.append(time.perf_counter())
        return GLib.SOURCE_CONTINUE


class Typing:
    """Types into a field, and notes the seconds from each key press until a frame shows it.

    Key presses have the priority of events on the main loop; a press is timed when it is due, not
    when the loop handles it.
    """

    def __init__(self, window: Gtk.Widget, field: Gtk.TextBuffer) -> None:
        self.took: list[float] = []
        self._field = field
        self._pressed: float | None = None  # time of the first press that no frame has shown
        self._due = time.perf_counter() + _KEY_INTERVAL_MS / 1000
        clock = window.get_frame_clock()
        assert clock is not None
        self._clock = clock
        self._handler = clock.connect("after-paint", self._on_clock_after_paint)
        self._source = GLib.timeout_add(
            _KEY_INTERVAL_MS, self._type, priority=GLib.PRIORITY_DEFAULT
        )

    def stop(self) -> None:
        GLib.source_remove(self._source)
        self._clock.disconnect(self._handler)

    def _type(self) -> bool:
        self._pressed = self._pressed or self._due
        self._due = time.perf_counter() + _KEY_INTERVAL_MS / 1000  # as in GLib
        self._field.insert_at_cursor("x")
        return GLib.SOURCE_CONTINUE

    def _on_clock_after_paint(self, _clock: Gdk.FrameClock) -> None:
        if self._pressed is not None:
            self.took.append(time.perf_counter() - self._pressed)
            self._pressed = None


async def until(condition: Callable[[], object]) -> None:
    """Wait until `condition` is true."""
    deadline = time.monotonic() + _TIMEOUT_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        await asyncio.sleep(0.005)


async def measure(window: Window, url: str, count: int) -> Results:
    """Receive a flood of `count` messages, disconnect, and scroll through the recording."""
    tab = window.tab
    assert tab is not None
    frames = Frames(window)
    await frames.some(60)
    idle = resident()
    tab.conversation.connecting.start(url)
    await until(lambda: tab.is_conversation)
    frames.clear()
    typing = Typing(window, tab.conversation.page.composer.editor.buffer)
    began, used = time.perf_counter(), time.process_time()
    await until(lambda: len(tab.conversation.session.recording) >= count)
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    typing.stop()
    results = {
        "seconds": seconds,
        "processor": processor,
        "grown": resident() - idle,
        "typed": max(typing.took) * 1000,
        **frames.summary("flood"),
    }
    began = time.perf_counter()
    await tab.conversation.session.session.close()
    results["disconnect"] = (time.perf_counter() - began) * 1000
    return results | await _moving(tab, frames)


async def _moving(tab: Tab, frames: Frames) -> Results:
    await frames.some(60)
    adjustment = tab.conversation.page.timeline._scrolled_window.get_vadjustment()
    frames.clear()
    for jump in range(_JUMPS):
        adjustment.set_value(adjustment.get_upper() * (jump * 37 % _JUMPS) / _JUMPS)
        await frames.some(1)
    jumps = frames.summary("jumps")
    frames.clear()
    for _step in range(_JUMPS * 2):
        adjustment.set_value(adjustment.get_value() + 40)
        await frames.some(1)
    return jumps | frames.summary("scroll")


def run_in_window(measured: Callable[[Window], Awaitable[Results]]) -> None:
    """Open a window, await `measured`, and print the results on standard error."""
    use_glib_loop()
    application = Application(Gio.ApplicationFlags.NON_UNIQUE)
    results: list[Results] = []

    async def run() -> None:
        window = application.get_active_window()
        assert isinstance(window, Window)
        try:
            results.append(await measured(window))
        finally:
            window.close_at_once()

    tasks: list[asyncio.Task[None]] = []
    application.connect_after(
        "activate", lambda _application: tasks.append(asyncio.ensure_future(run()))
    )
    application.run([])
    for task in tasks:
        task.result()
    print(json.dumps(results[0]), file=sys.stderr)


if __name__ == "__main__":
    run_in_window(partial(measure, url=sys.argv[1], count=int(sys.argv[2])))

"""Recordings for the timeline's tests, and where a timeline is scrolled to."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.protocol.batch import Batch
from spacebeam.recording.recording import Recording
from spacebeam.search.parser import parse
from spacebeam.ui.timeline.timeline import Timeline
from tests.support.batches import packed
from tests.ui.pageobjects.timeline import TimelinePage

NOON = 1_700_000_000.25  # Unix time


def said(*payloads: str, time: float = NOON) -> Batch:
    """Return received messages."""
    return packed([payload.encode() for payload in payloads], time)


def counted(count: int, first: int = 0) -> Batch:
    """Return the messages “0 even”, “1 odd” and so on."""
    return said(*(f"{number} {'odd' if number % 2 else 'even'}" for number in range(first, count)))


def recorded(count: int) -> Recording:
    made = Recording()
    made.append(counted(count))
    return made


def show_filter(timeline: Timeline, text: str) -> None:
    timeline.show_filtered(parse(text) if text else None)


async def filled(timeline: Timeline, shows: Recording, text: str = "") -> None:
    """Show a recording, with a filter if there is one, until there is nothing more to do."""
    timeline.show_recording(shows)
    if text:
        show_filter(timeline, text)
    await at_rest(timeline)


async def at_rest(timeline: Timeline) -> None:
    """Wait until nothing is to be done and the list does not move."""
    await TimelinePage(timeline).at_rest()


def numbers(timeline: Timeline) -> list[int]:
    """Return the numbers of the entries in the list."""
    return TimelinePage(timeline).numbers


def in_sight(timeline: Timeline) -> list[int]:
    """Return the numbers of the entries in sight."""
    return TimelinePage(timeline).in_sight


def end(timeline: Timeline) -> float:
    """Return the last place that it can be scrolled to, in pixels."""
    return TimelinePage(timeline).end


def place(timeline: Timeline) -> float:
    """Return where it is scrolled to, in pixels."""
    return TimelinePage(timeline).place


async def scroll_to(timeline: Timeline, number: int) -> None:
    """Scroll by hand until this entry is the first in sight."""
    await TimelinePage(timeline).scroll_to(number)


class Frames(list[float]):
    """Records the milliseconds from frame to frame."""

    def __init__(self, widget: Gtk.Widget) -> None:
        super().__init__()
        self._last = 0.0
        self._widget = widget
        self._tick = widget.add_tick_callback(self._on_tick)

    def stop(self) -> None:
        self._widget.remove_tick_callback(self._tick)

    def _on_tick(self, _widget: Gtk.Widget, clock: Gdk.FrameClock) -> bool:
        now = clock.get_frame_time() / 1000
        if self._last:
            self.append(now - self._last)
        self._last = now
        return True

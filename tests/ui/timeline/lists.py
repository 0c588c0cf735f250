"""Timelines for tests, and where they stand."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.protocol.batch import Batch
from spacebeam.recording.recording import Recording
from spacebeam.search.parser import parse
from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.timeline.timeline_model import TimelineItem
from tests.support.batches import packed
from tests.support.waiting import eventually, settled

NOON = 1_700_000_000.25  # Unix time


def said(*payloads: str, time: float = NOON) -> Batch:
    """Received messages."""
    return packed([payload.encode() for payload in payloads], time)


def counted(count: int, first: int = 0) -> Batch:
    """The messages “0 even”, “1 odd” and so on."""
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
    """Wait until nothing is to be done and the list stands still."""
    await eventually(lambda: not timeline._tick)
    await settled(lambda: (place(timeline), end(timeline), timeline._tick), rounds=30)


def numbers(timeline: Timeline) -> list[int]:
    """The numbers of what is in the list."""
    model = timeline._model
    items = (model.get_item(position) for position in range(model.get_n_items()))
    return [item.entry.number for item in items if isinstance(item, TimelineItem)]


def in_sight(timeline: Timeline) -> list[int]:
    """The numbers of the entries that are seen, as GTK has laid out their rows."""
    height, found = timeline._list_view.get_height(), []
    row = timeline._list_view.get_first_child()
    while row is not None:
        is_there, bounds = row.compute_bounds(timeline._list_view)
        if is_there and row.get_mapped() and row.get_child_visible():
            middle = bounds.get_y() + bounds.get_height() / 2
            if 0 < middle < height:
                found.append(round(bounds.get_y() + place(timeline)))
        row = row.get_next_sibling()
    step = row_height(timeline)
    return sorted(timeline._model.number(round(top / step)) for top in found)


def row_height(timeline: Timeline) -> float:
    adjustment = timeline._scrolled_window.get_vadjustment()
    return adjustment.get_upper() / max(1, timeline._model.get_n_items())


def end(timeline: Timeline) -> float:
    adjustment = timeline._scrolled_window.get_vadjustment()
    return adjustment.get_upper() - adjustment.get_page_size()


def place(timeline: Timeline) -> float:
    return timeline._scrolled_window.get_vadjustment().get_value()


async def scroll_to(timeline: Timeline, number: int) -> None:
    """Scroll by hand until this entry is the first in sight."""
    position = timeline._model.position(number)
    adjustment = timeline._scrolled_window.get_vadjustment()
    adjustment.set_value(position * row_height(timeline))
    await at_rest(timeline)


class Frames(list[float]):
    """The milliseconds from frame to frame."""

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

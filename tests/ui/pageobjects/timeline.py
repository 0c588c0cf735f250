"""The timeline and its rows as a person uses them."""

from __future__ import annotations

from collections.abc import Iterator

from gi.repository import Gdk, GLib, Gtk

from spacebeam.ui.timeline.newest_bar import NewestBar
from spacebeam.ui.timeline.selected_rows import SelectedRows
from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.timeline.timeline_model import TimelineItem, TimelineModel
from spacebeam.ui.timeline.timeline_row import TimelineRow
from tests.support.waiting import eventually, settled
from tests.ui.doing import NO_KEYS, descendants, key
from tests.ui.pageobjects.page import Page, focus_of

NEWEST = "Follow the newest entries (Ctrl+End)"


class TimelinePage(Page[Timeline]):
    """The list of entries: which there are, which are in sight, and where it is scrolled to."""

    @property
    def list_view(self) -> Gtk.ListView:
        return self.child("_list_view", Gtk.ListView)

    @property
    def selection(self) -> SelectedRows:
        selection = self.list_view.get_model()
        assert isinstance(selection, SelectedRows)
        return selection

    @property
    def model(self) -> TimelineModel:
        return self.selection.model

    @property
    def adjustment(self) -> Gtk.Adjustment:
        return self.child("_scrolled_window", Gtk.ScrolledWindow).get_vadjustment()

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be done in the next frames, or to be counted."""
        return bool(self.widget._tick or self.widget._timer)

    async def at_rest(self) -> None:
        """Wait until nothing is to be done and the list does not move."""
        await eventually(lambda: not self.is_busy)
        await settled(lambda: (self.place, self.end, self.is_busy), rounds=30)

    # The entries in the list

    @property
    def length(self) -> int:
        """The number of entries in the list."""
        return self.model.get_n_items()

    @property
    def numbers(self) -> list[int]:
        """The numbers of the entries in the list."""
        items = (self.model.get_item(position) for position in range(self.length))
        return [item.entry.number for item in items if isinstance(item, TimelineItem)]

    @property
    def selected(self) -> int:
        """The number of the selected entry, or -1."""
        return self.widget.selected

    def select(self, position: int) -> None:
        """Click the row at this position."""
        self.selection.select(position)

    def select_number(self, number: int) -> None:
        """Click the row of this entry."""
        self.select(self.model.position(number))

    def select_more(self, position: int) -> None:
        """Click the row at this position with Ctrl."""
        self._click(position, is_control=True)

    def select_up_to(self, position: int) -> None:
        """Click the row at this position with Shift."""
        self._click(position, is_shift=True)

    def select_all(self) -> None:
        """Press Ctrl+A."""
        self.list_view.activate_action("list.select-all", None)

    def _click(self, position: int, is_control: bool = False, is_shift: bool = False) -> None:
        how = GLib.Variant("(ubb)", (position, is_control, is_shift))
        self.list_view.activate_action("list.select-item", how)

    def activate(self, position: int) -> None:
        """Press Enter on the row at this position."""
        self.list_view.emit("activate", position)

    def press_key(self, pressed: int, state: Gdk.ModifierType = NO_KEYS) -> bool:
        """Press a key in the list; return whether the timeline used it."""
        return key(self.list_view, pressed, state)

    @property
    def focused_number(self) -> int:
        """The number of the entry that has the keyboard focus, or -1."""
        cell = focus_of(self.list_view)
        row = None if cell is None or not self.has_focus else cell.get_first_child()
        return row.number if isinstance(row, TimelineRow) else -1

    # The rows on the screen

    @property
    def cells(self) -> Iterator[tuple[Gtk.Widget, TimelineRow]]:
        """The rows that exist, with the list's widgets around them."""
        cell = self.list_view.get_first_child()
        while cell is not None:
            row = cell.get_first_child()
            if isinstance(row, TimelineRow):
                yield cell, row
            cell = cell.get_next_sibling()

    @property
    def tops_in_sight(self) -> list[tuple[float, TimelineRow]]:
        """The visible rows in order, each with its place in pixels from the list's top edge."""
        height, found = self.list_view.get_height(), []
        for cell, row in self.cells:
            is_there, bounds = cell.compute_bounds(self.list_view)
            if is_there and cell.get_mapped() and cell.get_child_visible():
                middle = bounds.get_y() + bounds.get_height() / 2
                if 0 < middle < height:
                    found.append((bounds.get_y(), row))
        return sorted(found, key=lambda one: one[0])

    @property
    def in_sight(self) -> list[int]:
        """The numbers of the entries in sight, by where GTK has placed their rows."""
        tops = [round(top + self.place) for top, _row in self.tops_in_sight]
        return sorted(self.model.number(round(top / self.row_height)) for top in tops)

    @property
    def previews_in_sight(self) -> list[str]:
        """The previews of the entries in sight."""
        return [RowPage(row).preview for _top, row in self.tops_in_sight]

    # Scrolling

    @property
    def row_height(self) -> float:
        """In pixels."""
        return self.adjustment.get_upper() / max(1, self.length)

    @property
    def place(self) -> float:
        """Where it is scrolled to, in pixels."""
        return self.adjustment.get_value()

    @property
    def end(self) -> float:
        """The last place that it can be scrolled to, in pixels."""
        return self.adjustment.get_upper() - self.adjustment.get_page_size()

    async def scroll_to(self, number: int) -> None:
        """Scroll by hand until this entry is the first in sight."""
        self.adjustment.set_value(self.model.position(number) * self.row_height)
        await self.at_rest()

    @property
    def offers_newest(self) -> bool:
        """Whether the button is shown that scrolls to the newest entries."""
        return self.child("_newest_bar", NewestBar).get_visible()

    def press_newest(self) -> None:
        self.press(NEWEST)


class RowPage(Page[TimelineRow]):
    """One row of the timeline."""

    @property
    def preview(self) -> str:
        return self.child("_preview_label", Gtk.Inscription).get_text() or ""

    @property
    def marked_matches(self) -> list[str]:
        """The parts of the preview with a coloured background."""
        attributes = self.child("_preview_label", Gtk.Inscription).get_attributes()
        lines = [] if attributes is None else attributes.to_string().splitlines()
        spans = [line.split() for line in lines if line.split()[2] == "background"]
        data = self.preview.encode()
        return [data[int(start) : int(end)].decode() for start, end, *_rest in spans]

    @property
    def mark(self) -> Gtk.Label | None:
        """The star and the sign of a note, if there are any."""
        return self._label("timeline-mark")

    @property
    def day(self) -> str:
        """The date with which a day begins, or ""."""
        label = self._label("timeline-day")
        return "" if label is None else label.get_text()

    def _label(self, style: str) -> Gtk.Label | None:
        """Return the visible label with this class."""
        every = descendants(self.widget, Gtk.Label)
        return next((one for one in every if one.has_css_class(style) and one.get_mapped()), None)

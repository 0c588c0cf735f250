"""The list's rows, each filled when it comes into sight.

A list has some two hundred rows, of which some thirty are seen, and where it is scrolled far all of
them get other entries. To fill them all takes longer than a frame.
"""

from __future__ import annotations

import time

from gi.repository import Gtk

from spacebeam.search.filter import Filter
from spacebeam.ui.timeline.scroll_anchor import VisibleRows
from spacebeam.ui.timeline.timeline_model import TimelineItem
from spacebeam.ui.timeline.timeline_row import TimelineRow

_AT_ONCE = 0.002  # seconds
# Rows beyond those in sight that are filled too: while the list is laid out, it is not yet known to
# a row where it ends.
_AROUND = 4


class Rows:
    """Makes rows with its `factory`. What is in sight is filled at once, by `fill_seen` where the
    list was moved, and the rest bit by bit with `fill_rest`."""

    def __init__(self, sight: VisibleRows) -> None:
        self._sight = sight
        self._waiting: set[Gtk.ListItem] = set()
        self.marked: Filter | None = None  # what it finds is marked in rows that are filled
        self.factory = Gtk.SignalListItemFactory()
        self.factory.connect("setup", self._on_factory_setup)
        self.factory.connect("bind", self._on_factory_bind)
        self.factory.connect("unbind", self._on_factory_unbind)

    @property
    def are_filled(self) -> bool:
        """Whether there is nothing left for `fill_rest`."""
        return not self._waiting

    def fill_seen(self) -> None:
        """The list was moved, or has another height: fill what is in sight now."""
        for item in [one for one in self._waiting if self._is_seen(one)]:
            self._fill(item)

    def fill_rest(self) -> None:
        """Fill others, a small part of a frame long."""
        deadline = time.monotonic() + _AT_ONCE
        while self._waiting and time.monotonic() < deadline:
            self._fill(next(iter(self._waiting)))

    def _is_seen(self, item: Gtk.ListItem) -> bool:
        return self._sight.holds(item.get_position(), _AROUND)

    def _fill(self, item: Gtk.ListItem) -> None:
        self._waiting.discard(item)
        row, shown = item.get_child(), item.get_item()
        if isinstance(row, TimelineRow) and isinstance(shown, TimelineItem):
            row.show_entry(shown.entry, shown.mark, self.marked)

    def _on_factory_setup(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        item.set_child(TimelineRow())

    def _on_factory_bind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        if self._is_seen(item):
            self._fill(item)
        else:
            self._waiting.add(item)

    def _on_factory_unbind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        self._waiting.discard(item)

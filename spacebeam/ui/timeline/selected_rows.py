"""The selected rows of the timeline, as ranges of entry numbers.

`Gtk.MultiSelection` holds an object for each selected row, and positions that another filter moves.
"""

from __future__ import annotations

from gi.repository import Gio, GLib, GObject, Gtk

from spacebeam.search.number_ranges import NumberRanges
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.timeline.timeline_model import TimelineItem, TimelineModel


@weak_handlers
class SelectedRows(GObject.Object, Gio.ListModel, Gtk.SelectionModel):
    """A selection of any number of rows; each change costs the same, however many they are."""

    __gtype_name__ = "SpacebeamSelectedRows"

    def __init__(self, model: TimelineModel, view: Gtk.ListView | None = None) -> None:
        """`view` is the list; from the row that was selected last, Shift extends the selection."""
        super().__init__()
        self._view = view
        self.model = model
        self._numbers = NumberRanges()
        self.anchor = -1  # number of the entry that was selected last on its own
        model.connect("items-changed", self._on_model_items_changed)

    @property
    def count(self) -> int:
        """The number of selected rows."""
        return sum(end - start for start, end in self.positions())

    @property
    def numbers(self) -> NumberRanges:
        """Ranges that have the numbers of the selected entries, and of no other shown ones."""
        return self._numbers.copy()

    @property
    def only(self) -> int:
        """The number of the selected entry, or -1 if none or several are selected."""
        found = list(self.positions())
        is_one = len(found) == 1 and found[0][1] - found[0][0] == 1
        return self.model.number(found[0][0]) if is_one else -1

    def positions(self) -> list[tuple[int, int]]:
        """Return the ranges of selected positions, without their ends."""
        at = self.model.position_from
        ranges = ((at(start), at(end)) for start, end in self._numbers)
        return [(start, end) for start, end in ranges if start < end]

    def select(self, position: int) -> None:
        """Select this row alone."""
        if not 0 <= position < self.model.get_n_items():
            return
        if self._view is not None:
            alone = GLib.Variant("(ubb)", (position, False, False))
            self._view.activate_action("list.select-item", alone)
        else:
            self.do_select_range(position, 1, True)

    def clear(self) -> None:
        """Select no row."""
        self.anchor = -1
        self._select([])

    def _select(self, positions: list[tuple[int, int]]) -> None:
        """Select the rows in these ranges and no others."""
        before, number = self.positions(), self.model.number
        self._numbers.clear()
        for start, end in positions:
            self._numbers.add(number(start), number(end - 1) + 1)
        self._announce(before)

    def _announce(self, before: list[tuple[int, int]]) -> None:
        """Emit `selection-changed` for the rows from the first to the last that may have."""
        both = before + self.positions()
        if both and self.model.get_n_items():
            first = min(start for start, _end in both)
            self.selection_changed(first, max(end for _start, end in both) - first)

    def _on_model_items_changed(
        self, _model: TimelineModel, position: int, removed: int, added: int
    ) -> None:
        self.items_changed(position, removed, added)

    # Gio.ListModel

    def do_get_item_type(self) -> GObject.GType:
        return TimelineItem.__gtype__

    def do_get_n_items(self) -> int:
        return self.model.do_get_n_items()

    def do_get_item(self, position: int) -> TimelineItem | None:
        return self.model.do_get_item(position)

    # Gtk.SelectionModel

    def do_is_selected(self, position: int) -> bool:
        return self.model.number(position) in self._numbers

    def do_get_selection_in_range(self, position: int, count: int) -> Gtk.Bitset:
        found = Gtk.Bitset.new_empty()
        for start, end in self.positions():
            start, end = max(start, position), min(end, position + count)
            if start < end:
                found.add_range(start, end - start)
        return found

    def do_select_item(self, position: int, unselect_rest: bool) -> bool:
        return self.do_select_range(position, 1, unselect_rest)

    def do_select_range(self, position: int, count: int, unselect_rest: bool) -> bool:
        if count == 1:
            self.anchor = self.model.number(position)
        chosen = [(position, position + count)]
        self._select(chosen if unselect_rest else self.positions() + chosen)
        return True

    def do_unselect_item(self, position: int) -> bool:
        return self.do_unselect_range(position, 1)

    def do_unselect_range(self, position: int, count: int) -> bool:
        before, number = self.positions(), self.model.number
        self._numbers.remove(number(position), number(position + count - 1) + 1)
        self._announce(before)
        return True

    def do_select_all(self) -> bool:
        self._select([(0, self.model.get_n_items())] if self.model.get_n_items() else [])
        return True

    def do_unselect_all(self) -> bool:
        self.clear()
        return True

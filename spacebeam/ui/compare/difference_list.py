"""The differences of two values as a list: a tree whose rows are indented."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from gi.repository import Gio, GLib, GObject, Gtk

from spacebeam.compare.difference import Difference, Differences, Mark
from spacebeam.ui.compare.difference_row import DifferenceRow
from spacebeam.ui.compat import name_row
from spacebeam.ui.handlers import weak_handlers, weakly

_FRAME_S = 0.016
_WIDGETS = 250  # rows; GTK makes widgets of about 200
_ADDED_AT_ONCE = 10
_ADDED_UNSEEN = 1000
_REMOVED_AT_ONCE = 50


class DifferenceItem(GObject.Object):
    """A value in the list's model."""

    __gtype_name__ = "SpacebeamDifferenceItem"

    def __init__(self, difference: Difference, depth: int) -> None:
        super().__init__()
        self.difference = difference
        self.depth = depth


@weak_handlers
class DifferenceList:
    """Fills a list view; `on_toggled` is called with a value to leave out, or to put back."""

    def __init__(self, view: Gtk.ListView, on_toggled: Callable[[Difference], object]) -> None:
        self._view = view
        self._toggled = weakly(on_toggled)
        self._store = Gio.ListStore.new(DifferenceItem)
        self._selection = Gtk.SingleSelection(
            model=self._store, autoselect=False, can_unselect=True
        )
        factory = Gtk.SignalListItemFactory()
        factory.connect("setup", self._on_factory_setup)
        factory.connect("bind", self._on_factory_bind)
        view.set_factory(factory)
        view.set_model(self._selection)

    @property
    def differences(self) -> list[Difference]:
        """The values in the rows."""
        found = (self._store.get_item(at) for at in range(self._store.get_n_items()))
        return [one.difference for one in found if isinstance(one, DifferenceItem)]

    @property
    def selected(self) -> Difference | None:
        """The value in the selected row."""
        item = self._selection.get_selected_item()
        return item.difference if isinstance(item, DifferenceItem) else None

    async def show(self, found: Differences) -> None:
        """Show other differences, a few rows a frame as long as GTK makes widgets of them."""
        while count := self._store.get_n_items():
            removed = min(count, max(count - _WIDGETS, _REMOVED_AT_ONCE))
            self._store.splice(count - removed, removed, [])
            await asyncio.sleep(0)
        rows = list(_rows(found))
        while rows:
            length = self._store.get_n_items()
            some = rows[: _ADDED_AT_ONCE if length < _WIDGETS else _ADDED_UNSEEN]
            del rows[: len(some)]
            self._store.splice(length, 0, [DifferenceItem(*one) for one in some])
            if rows:
                await asyncio.sleep(_FRAME_S)

    def step(self, by: int) -> bool:
        """Select the next difference, or the previous one with -1; return whether there is one."""
        place, end = self._selection.get_selected(), self._store.get_n_items()
        if place == Gtk.INVALID_LIST_POSITION:
            place = -1 if by > 0 else end
        place += by
        while 0 <= place < end:
            item = self._store.get_item(place)
            marks = (Mark.INSIDE, Mark.LEFT_OUT)
            if isinstance(item, DifferenceItem) and item.difference.mark not in marks:
                self._selection.set_selected(place)
                self._view.activate_action("list.scroll-to-item", GLib.Variant("u", place))
                return True
            place += by
        return False

    def close(self) -> None:
        """Release the model, which is Python's."""
        self._view.set_model(None)

    def _on_factory_setup(self, _factory: Gtk.ListItemFactory, list_item: Gtk.ListItem) -> None:
        row = DifferenceRow()
        row.connect("left-out-toggled", self._on_row_left_out_toggled, list_item)
        list_item.set_child(row)

    def _on_factory_bind(self, _factory: Gtk.ListItemFactory, list_item: Gtk.ListItem) -> None:
        row, item = list_item.get_child(), list_item.get_item()
        if isinstance(row, DifferenceRow) and isinstance(item, DifferenceItem):
            name_row(list_item, row.show_difference(item.difference, item.depth))

    def _on_row_left_out_toggled(self, _row: DifferenceRow, list_item: Gtk.ListItem) -> None:
        item = list_item.get_item()
        if isinstance(item, DifferenceItem):
            self._toggled(item.difference)


def _rows(found: Differences) -> Iterator[tuple[Difference, int]]:
    """Yield the values and their depths; the whole message has no row if values inside differ."""
    if found.root is None:
        return
    pending = [(found.root, 0)]
    while pending:
        one, depth = pending.pop()
        is_whole = one is found.root and bool(one.inside)
        if not is_whole:
            yield one, depth
        pending += ((inner, depth + (not is_whole)) for inner in reversed(one.inside))

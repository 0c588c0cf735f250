"""The list of a replay: a row for each message that was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gi.repository import Gio, GObject, Gtk

from spacebeam.scenario.replay.player import TurnResult
from spacebeam.ui.compat import name_row
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.replay.turn_row import TurnRow

_FRAME_S = 0.016
_WIDGETS = 250  # rows; GTK makes widgets of about 200
_ADDED_AT_ONCE = 15
_ADDED_UNSEEN = 1000
_REMOVED_AT_ONCE = 50


class TurnItem(GObject.Object):
    """A turn in the list's model."""

    __gtype_name__ = "SpacebeamTurnItem"

    def __init__(self, result: TurnResult) -> None:
        super().__init__()
        self.result = result


@weak_handlers
class TurnList:
    """Fills a list view; `on_chosen` is called with the turn of the chosen row, bound weakly."""

    def __init__(self, view: Gtk.ListView, on_chosen: Callable[[TurnResult], object]) -> None:
        self._view = view
        self._chosen = weakly(on_chosen)
        self._store = Gio.ListStore.new(TurnItem)
        self._selection = Gtk.SingleSelection(
            model=self._store, autoselect=False, can_unselect=True
        )
        self._selection.connect("notify::selected-item", self._on_selection_notify_selected_item)
        factory = Gtk.SignalListItemFactory()
        factory.connect("setup", self._on_factory_setup)
        factory.connect("bind", self._on_factory_bind)
        view.set_factory(factory)
        view.set_model(self._selection)

    @property
    def length(self) -> int:
        """The number of rows."""
        return self._store.get_n_items()

    async def clear(self) -> None:
        """Remove all rows, a few in each turn of the loop where GTK has made widgets."""
        while count := self.length:
            removed = min(count, max(count - _WIDGETS, _REMOVED_AT_ONCE))
            self._store.splice(count - removed, removed, [])
            await asyncio.sleep(0)

    async def add(self, results: list[TurnResult]) -> None:
        """Add rows, a few a frame as long as GTK makes widgets of them; empty the list."""
        while results:
            some = results[: _ADDED_AT_ONCE if self.length < _WIDGETS else _ADDED_UNSEEN]
            del results[: len(some)]
            self._store.splice(self.length, 0, [TurnItem(one) for one in some])
            if results:
                await asyncio.sleep(_FRAME_S)

    def close(self) -> None:
        """Release the model, which is Python's."""
        self._view.set_model(None)

    def _on_selection_notify_selected_item(
        self, selection: Gtk.SingleSelection, _property: GObject.ParamSpec
    ) -> None:
        item = selection.get_selected_item()
        if isinstance(item, TurnItem):
            self._chosen(item.result)

    def _on_factory_setup(
        self, _factory: Gtk.SignalListItemFactory, list_item: Gtk.ListItem
    ) -> None:
        list_item.set_child(TurnRow())

    def _on_factory_bind(
        self, _factory: Gtk.SignalListItemFactory, list_item: Gtk.ListItem
    ) -> None:
        row, item = list_item.get_child(), list_item.get_item()
        if isinstance(row, TurnRow) and isinstance(item, TurnItem):
            name_row(list_item, row.show_result(item.result))

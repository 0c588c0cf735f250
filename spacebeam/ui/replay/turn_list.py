"""The list of a replay: a row for each message that was sent."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Gio, GObject, Gtk

from spacebeam.scenario.replay.player import TurnResult
from spacebeam.ui.compat import name_row
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.replay.turn_row import TurnRow


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

    def clear(self) -> None:
        """Remove all rows."""
        self._store.remove_all()

    def add(self, results: list[TurnResult]) -> None:
        """Add rows."""
        self._store.splice(self._store.get_n_items(), 0, [TurnItem(one) for one in results])

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

"""The window of calls as a person uses it."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.pairs.call_item import CallItem
from spacebeam.ui.pairs.calls_window import CallsWindow
from tests.ui.pageobjects.page import Page


class CallsPage(Page[CallsWindow]):
    """The calls by method."""

    @property
    def view(self) -> Gtk.ColumnView:
        return self.child("_column_view", Gtk.ColumnView)

    @property
    def items(self) -> list[CallItem]:
        """The rows in their order on the screen."""
        model = self.view.get_model()
        assert isinstance(model, Gtk.SingleSelection)
        found = (model.get_item(position) for position in range(model.get_n_items()))
        return [item for item in found if isinstance(item, CallItem)]

    @property
    def names(self) -> list[str]:
        return [item.name for item in self.items]

    @property
    def slowest(self) -> list[tuple[str, int]]:
        """The names with the numbers of their slowest answers' entries."""
        return [(item.name, item.slowest_number) for item in self.items]

    @property
    def counts(self) -> str:
        """The line below the list."""
        return self.child("_count_label", Gtk.Label).get_text()

    @property
    def error(self) -> str:
        """What is wrong with the paths, or ""."""
        return self.widget._error_label.get_text()

    def sort_by(self, title: str) -> None:
        """Click a column's title."""
        columns = self.view.get_columns()
        found = (columns.get_item(position) for position in range(columns.get_n_items()))
        column = next(
            one
            for one in found
            if isinstance(one, Gtk.ColumnViewColumn) and one.get_title() == title
        )
        self.view.sort_by_column(column, Gtk.SortType.DESCENDING)

    def choose(self, name: str) -> None:
        """Click a row."""
        self.view.emit("activate", self.names.index(name))

    def pair_by(self, paths: str) -> None:
        """Type two paths and press Enter."""
        entry = self.widget._paths_entry
        entry.set_text(paths)
        entry.emit("activate")

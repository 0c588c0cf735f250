"""What a person sees and does in the table of a list."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.inspector.json_table_view import JsonTableView
from tests.support.waiting import eventually
from tests.ui.doing import click, descendants
from tests.ui.pageobjects.page import Page


class TablePage(Page[JsonTableView]):
    """The table as a person sees and uses it."""

    @property
    def _list(self) -> Gtk.ListView:
        return self.child("_list_view", Gtk.ListView)

    @property
    def _buttons(self) -> list[Gtk.Button]:
        return list(descendants(self.child("_header", Gtk.Box), Gtk.Button))

    @property
    def _selection(self) -> Gtk.MultiSelection:
        selection = self._list.get_model()
        assert isinstance(selection, Gtk.MultiSelection)
        return selection

    @property
    def columns(self) -> list[str]:
        """The titles; the one by which is sorted has an arrow."""
        labels = (one.get_child() for one in self._buttons)
        return [one.get_text() for one in labels if isinstance(one, Gtk.Label)]

    @property
    def count(self) -> int:
        return int(self._selection.get_n_items())

    @property
    def rows(self) -> list[str]:
        """The rows that are in sight, with one space between cells that are not empty."""
        labels = [one for one in descendants(self._list, Gtk.Inscription) if one.get_mapped()]
        return [" ".join((one.get_text() or "").split()) for one in sorted(labels, key=self._top)]

    def _top(self, row: Gtk.Widget) -> float:
        at = row.translate_coordinates(self._list, 0, 0)
        return at[1] if at is not None else 0

    async def shows(self, *expected: str) -> None:
        await eventually(lambda: self.rows == list(expected))

    def sort_by(self, column: str) -> None:
        """Click on a column's title."""
        labels = [one.removesuffix(" ↑").removesuffix(" ↓") for one in self.columns]
        click(self._buttons[labels.index(column)])

    def select(self, *positions: int) -> None:
        for position in positions:
            self._selection.select_item(position, False)

    def activate(self, position: int) -> None:
        """Press Enter on a row."""
        self._list.emit("activate", position)

    def do(self, action: str) -> None:
        """Choose an item of the menu, or press its key."""
        assert self._list.activate_action(f"table.{action}", None)

    async def clipboard(self) -> str:
        return str(await self.widget.get_clipboard().read_text_async())

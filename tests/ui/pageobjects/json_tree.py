"""What a person sees and does in the tree of a JSON document."""

from __future__ import annotations

from gi.repository import GLib, Gtk

from spacebeam.ui.inspector.json_row import JsonRow
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from tests.support.waiting import eventually
from tests.ui.doing import descendants
from tests.ui.pageobjects.page import Page


class TreePage(Page[JsonTreeView]):
    """The tree as a person sees and uses it."""

    @property
    def _list(self) -> Gtk.ListView:
        return self.child("_list_view", Gtk.ListView)

    @property
    def rows(self) -> list[str]:
        """The visible rows from top to bottom, as they read."""
        shown = [row for row in descendants(self.widget, JsonRow) if row.get_mapped()]
        return [_read(row) for row in sorted(shown, key=self._top)]

    @property
    def rows_in_sight(self) -> list[str]:
        """The rows that are not scrolled out of the tree."""
        height = self._list.get_height()
        shown = [row for row in descendants(self.widget, JsonRow) if row.get_mapped()]
        return [_read(row) for row in shown if -1 < self._top(row) < height]

    @property
    def _adjustment(self) -> Gtk.Adjustment:
        adjustment = self._list.get_vadjustment()
        assert adjustment is not None
        return adjustment

    @property
    def height(self) -> float:
        """The height of all rows."""
        return self._adjustment.get_upper()

    def scroll_to_end(self, hidden: float = 0) -> None:
        """Scroll to the end, of which so many pixels stay out of sight."""
        end = self._adjustment.get_upper() - self._adjustment.get_page_size()
        self._adjustment.set_value(end - hidden)

    def _top(self, row: Gtk.Widget) -> float:
        at = row.translate_coordinates(self._list, 0, 0)
        return at[1] if at is not None else 0

    @property
    def _selection(self) -> Gtk.SingleSelection:
        selection = self._list.get_model()
        assert isinstance(selection, Gtk.SingleSelection)
        return selection

    @property
    def count(self) -> int:
        return int(self._selection.get_n_items())

    async def shows(self, *expected: str) -> None:
        await eventually(lambda: self.rows == list(expected))

    def select(self, position: int) -> None:
        self._selection.set_selected(position)

    def activate(self, position: int) -> None:
        """Press Enter on a row."""
        self._list.emit("activate", position)

    def do(self, action: str, argument: GLib.Variant | None = None) -> None:
        """Choose an item of the menu, or press its key."""
        assert self._list.activate_action(f"json.{action}", argument)

    @property
    def selected(self) -> str:
        position, rows = self._selection.get_selected(), self.rows
        return rows[position] if position < len(rows) else ""

    async def clipboard(self) -> str:
        return str(await self.widget.get_clipboard().read_text_async())


def _read(row: JsonRow) -> str:
    labels = [one for one in descendants(row, Gtk.Inscription) if one.get_visible()]
    return " ".join(label.get_text() or "" for label in labels)

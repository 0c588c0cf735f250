"""The list model of a JSON tree's visible rows. A row object exists only while it is shown."""

from __future__ import annotations

from gi.repository import Gio, GObject, Gtk

from spacebeam.decode.json_tree import JsonTree
from spacebeam.ui.inspector.folding import Change, Folding


class JsonItem(GObject.Object):
    """One value of a tree."""

    __gtype_name__ = "SpacebeamJsonItem"

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def number_of(item: Gtk.ListItem) -> int:
    """Return the number of the value in a row, or -1."""
    shown = item.get_item()
    return shown.number if isinstance(shown, JsonItem) else -1


class JsonTreeModel(GObject.Object, Gio.ListModel):
    """The rows of a folding; `apply` tells the list what changed."""

    __gtype_name__ = "SpacebeamJsonTreeModel"

    def __init__(self) -> None:
        super().__init__()
        self._folding = Folding(JsonTree(b""))
        self._count = 0
        self.marks: dict[int, str] = {}  # what is wrong with values, by their numbers

    @property
    def folding(self) -> Folding:
        """Which values are visible."""
        return self._folding

    def show(self, folding: Folding) -> None:
        """Show other rows."""
        removed, self._count = self._count, len(folding)
        self._folding, self.marks = folding, {}
        self.items_changed(0, removed, self._count)

    def replace(self, tree: JsonTree) -> bool:
        """Show another document in the same rows; return False if it does not fit in them."""
        is_alike = tree.is_like(self._folding.tree)
        if is_alike:
            self._folding.tree = tree
        return is_alike

    def apply(self, change: Change) -> None:
        """Show a change of the folding."""
        self._count += change.added - change.removed
        if change.added or change.removed:
            self.items_changed(*change)

    def do_get_item_type(self) -> GObject.GType:
        return JsonItem.__gtype__

    def do_get_n_items(self) -> int:
        return self._count

    def do_get_item(self, position: int) -> JsonItem | None:
        return JsonItem(self._folding.number(position)) if position < self._count else None

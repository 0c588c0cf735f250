"""The list model of the sidebar's rows. A row object exists only once its row is shown."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import Gio, GObject

from spacebeam.ui.sidebar.node import Row

_MAX_COMPARED = 500  # rows


class RowItem(GObject.Object):
    """One row; emits `changed` when it shows something else."""

    __gtype_name__ = "SpacebeamSidebarItem"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row


class RowModel(GObject.Object, Gio.ListModel):
    """The rows; `show` tells the list which part of them changed."""

    __gtype_name__ = "SpacebeamSidebarModel"

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Row] = ()
        self._items: dict[str, RowItem] = {}  # of rows that were shown, by key

    @property
    def rows(self) -> Sequence[Row]:
        """The rows, in order."""
        return self._rows

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows; those at the beginning and the end that stay are not made again."""
        before = self._rows
        keys, old = _places(rows), _places(before)
        start = _common(old, keys)
        end = _common(old[start:][::-1], keys[start:][::-1])
        kept = {one.node.key: one for one in (*rows[:start], *rows[len(rows) - end :])}
        items, self._items = self._items, {}
        for key, item in items.items():
            if (row := kept.get(key)) is not None:
                self._items[key] = item
                if item.row != row:
                    item.row = row
                    item.emit("changed")
        removed, added = len(old) - start - end, len(keys) - start - end
        if removed and added > _MAX_COMPARED:
            # One step for both would let GTK look for removed items among all added ones.
            self._rows = (*rows[:start], *rows[len(rows) - end :])
            self.items_changed(start, removed, 0)
            removed = 0
        self._rows = rows
        if removed or added:
            self.items_changed(start, removed, added)

    def position(self, key: str) -> int:
        """Return the position of the row with this key, or -1."""
        return next((at for at, row in enumerate(self._rows) if row.node.key == key), -1)

    def do_get_item_type(self) -> GObject.GType:
        return RowItem.__gtype__

    def do_get_n_items(self) -> int:
        return len(self._rows)

    def do_get_item(self, position: int) -> RowItem | None:
        if position >= len(self._rows):
            return None
        row = self._rows[position]
        return self._items.setdefault(row.node.key, RowItem(row))


def _places(rows: Sequence[Row]) -> list[tuple[str, int]]:
    return [(row.node.key, row.depth) for row in rows]


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    """Return how many values two sequences begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))

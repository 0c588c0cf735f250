"""The list model of a table's rows. A row object exists only while it is shown."""

from __future__ import annotations

from collections.abc import Iterator

from gi.repository import Gio, GObject

# GTK makes a widget for each of the first rows: with more of them in a step, a frame would be late.
_BUILT_A_STEP = 8
_CELLS_A_STEP = 64
_MAX_BUILT = 256  # rows for which GTK makes widgets


class TableRow(GObject.Object):
    """The place of a row: which value is there depends on how the table is sorted."""

    __gtype_name__ = "SpacebeamTableRow"

    def __init__(self, position: int) -> None:
        super().__init__()
        self.position = position


class TableRows(GObject.Object, Gio.ListModel):
    """The places of a table's rows."""

    __gtype_name__ = "SpacebeamTableRows"

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def add(self, count: int, columns: int) -> Iterator[None]:
        """Add rows; yield after each step."""
        step = min(max(_CELLS_A_STEP // columns, 1), _BUILT_A_STEP)
        while count:
            added = min(step, count) if self._count < _MAX_BUILT else count
            self._count += added
            self.items_changed(self._count - added, 0, added)
            count -= added
            yield

    def remove(self) -> Iterator[None]:
        """Remove all rows; yield after each step."""
        while self._count:
            removed = self._count - max(min(self._count, _MAX_BUILT) - _BUILT_A_STEP, 0)
            self._count -= removed
            self.items_changed(self._count, removed, 0)
            yield

    def clear(self) -> None:
        """Remove all rows at once."""
        removed, self._count = self._count, 0
        if removed:
            self.items_changed(0, removed, 0)

    def do_get_item_type(self) -> GObject.GType:
        return TableRow.__gtype__

    def do_get_n_items(self) -> int:
        return self._count

    def do_get_item(self, position: int) -> TableRow | None:
        return TableRow(position) if position < self._count else None

"""The names of a table's columns, by which it is sorted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gi.repository import GObject, Gtk

from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.hyphens import no_hyphens
from spacebeam.ui.inspector.table_columns import GAP, TableColumn
from spacebeam.wording.i18n import _

_MEASURED = 100  # characters, as one has a fraction of pixels
_ARROWS = {False: "↑", True: "↓"}  # by whether the order is descending


@weak_handlers
class TableHeader(Gtk.Box):
    """A button for each column. Emits `sort-requested` with the column's place."""

    __gtype_name__ = "SpacebeamTableHeader"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "sort-requested": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
    }

    def __init__(self) -> None:
        super().__init__()
        self.add_css_class("json-table-header")
        self._columns: list[TableColumn] = []
        self._buttons: list[Gtk.Button] = []

    def clear(self) -> None:
        """Show no columns."""
        for button in self._buttons:
            self.remove(button)
        self._columns, self._buttons = [], []

    def show_columns(self, columns: Sequence[TableColumn]) -> Iterator[None]:
        """Show the names of these columns; yield after each of them."""
        self.clear()
        character = self.create_pango_layout("0" * _MEASURED).get_pixel_size()[0] / _MEASURED
        begin = 0
        for place, column in enumerate(columns):
            end = begin + column.width + len(GAP)
            label = Gtk.Label(
                label=column.name, xalign=float(column.is_number), attributes=no_hyphens()
            )
            button = Gtk.Button(child=label, has_frame=False)
            button.set_margin_end(round(len(GAP) * character))
            button.set_size_request(
                round(end * character) - round(begin * character) - button.get_margin_end(), -1
            )
            button.set_tooltip_text(_("Sort by {column}").format(column=column.name))
            button.connect("clicked", self._on_button_clicked, place)
            self._columns.append(column)
            self._buttons.append(button)
            self.append(button)
            begin = end
            yield

    def show_order(self, place: int, *, is_descending: bool) -> None:
        """Show by which column the rows are sorted; -1 for none."""
        for at, (column, button) in enumerate(zip(self._columns, self._buttons, strict=True)):
            label = button.get_child()
            if isinstance(label, Gtk.Label):
                arrow = f" {_ARROWS[is_descending]}" if at == place else ""
                label.set_text(column.name + arrow)

    def _on_button_clicked(self, _button: Gtk.Button, place: int) -> None:
        self.emit("sort-requested", place)

"""Shows a list of like values as a table that can be sorted and copied."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from gi.repository import Gdk, Gio, GLib, GObject, Gtk

from spacebeam.decode.json_table import JsonTable, written_csv, written_json
from spacebeam.decode.json_tree import JsonTree
from spacebeam.decode.visible import one_line
from spacebeam.ui.actions import add, insert
from spacebeam.ui.compat import name_row
from spacebeam.ui.inspector.copying import Copy, place
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.ui.inspector.table_columns import MAX_SHOWN, TableColumn, line, shown_columns
from spacebeam.ui.inspector.table_header import TableHeader
from spacebeam.ui.inspector.table_rows import TableRows
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import menu, template
from spacebeam.wording.i18n import _, ngettext

_SLICE_S = 0.003
_MAX_PATH = 100  # characters
_MAX_COPIED_AT_ONCE = 200  # rows; more are written in a thread


@template("json_table_view.ui")
class JsonTableView(Gtk.Box):
    """A table of values, of which few exist as widgets.

    Emits `tree-requested` with the number of the value to show in the tree.
    """

    __gtype_name__ = "SpacebeamJsonTableView"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "tree-requested": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
    }

    _label: Gtk.Label = Gtk.Template.Child()
    _menu: Gtk.PopoverMenu = Gtk.Template.Child()
    _menu_button: Gtk.MenuButton = Gtk.Template.Child()
    _header_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _header: TableHeader = Gtk.Template.Child()
    _rows_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _list_view: Gtk.ListView = Gtk.Template.Child()

    def __init__(self) -> None:
        GObject.type_ensure(TableHeader)  # the template has one
        super().__init__()
        table_menu = menu(__name__, "json_table_view.ui", "table_menu")
        self._menu.set_menu_model(table_menu)
        self._menu_button.set_menu_model(table_menu)
        self._table: JsonTable | None = None
        self._order = array("I")  # the numbers of the rows as they are shown
        self._sorted = (-1, False)  # the column's place, and whether it is descending
        self._bound: set[Gtk.ListItem] = set()
        self._columns: list[TableColumn] = []
        self._rows = TableRows()
        self._selection = Gtk.MultiSelection(model=self._rows)
        factory = Gtk.SignalListItemFactory()
        factory.connect("setup", self._on_factory_setup)
        factory.connect("bind", self._on_factory_bind)
        factory.connect("unbind", self._on_factory_unbind)
        self._list_view.set_factory(factory)
        self._list_view.set_model(self._selection)
        self._header_window.set_hadjustment(self._rows_window.get_hadjustment())
        self._task = SlicedTask(_SLICE_S, lambda: None)
        self._tasks = Tasks()
        actions = Gio.SimpleActionGroup()
        reactions: dict[str, Callable[[], object]] = {
            "copy-csv": partial(self._copy, written_csv),
            "copy-json": partial(self._copy, written_json),
            "show-tree": self._request_tree,
        }
        add(actions, reactions)
        insert(self, "table", actions)
        keys = Gtk.ShortcutController()
        for key, name in (("<Control>c", "table.copy-csv"), ("Escape", "table.show-tree")):
            action = Gtk.NamedAction.new(name)
            keys.add_shortcut(Gtk.Shortcut.new(Gtk.ShortcutTrigger.parse_string(key), action))
        self.add_controller(keys)

    def show_value(self, tree: JsonTree, number: int) -> None:
        """Show the values in one of a tree, which is complete."""
        self.clear()
        self._table = JsonTable(tree, number)
        self._order = self._table.rows
        self._task.start(self._read(self._table))

    def clear(self) -> None:
        """Show nothing."""
        self._task.stop()
        self._tasks.cancel()
        self._table, self._columns, self._order = None, [], array("I")
        self._sorted = (-1, False)
        self._rows.clear()
        self._header.clear()

    def leave(self) -> None:
        """Forget the values, in steps, as the table is no longer on the screen."""
        self._tasks.cancel()
        self._table, self._order = None, array("I")
        self._task.start(self._left())

    def _left(self) -> Iterator[None]:
        yield from self._rows.remove()
        self.clear()

    def close(self) -> None:
        """Show nothing. GTK would use the model to its end, which may be after Python's."""
        self.clear()
        self._list_view.set_model(None)

    def focus(self) -> bool:
        """Focus the rows; return whether they have the focus."""
        return self._list_view.grab_focus()

    @property
    def selected(self) -> Sequence[int]:
        """The numbers of the selected rows, or of all if none is selected."""
        chosen = self._selection.get_selection()
        count = chosen.get_size()
        if not count:
            return self._order
        return array("I", [self._order[chosen.get_nth(place)] for place in range(count)])

    def _read(self, table: JsonTable) -> Iterator[None]:
        self._label.set_text(_row_words(table.tree.count(table.number)))
        yield from table.read()
        self._label.set_text(_words(table))
        self._columns = yield from shown_columns(table)
        yield from self._header.show_columns(self._columns)
        yield from self._rows.add(len(table.rows), len(self._columns))

    def _sort(self, table: JsonTable) -> Iterator[None]:
        """Show the rows in the order that the person asked for, once all are there."""
        place, is_descending = self._sorted
        key = self._columns[place].key if place >= 0 else None
        self._header.show_order(place, is_descending=is_descending)
        self._order = yield from table.sorted_rows(key, is_descending=is_descending)
        yield from self._rows.add(len(self._order) - self._rows.get_n_items(), len(self._columns))
        self._selection.unselect_all()
        for item in list(self._bound):
            self._fill(item)
            yield

    def _fill(self, item: Gtk.ListItem) -> None:
        label, position = item.get_child(), item.get_position()
        if isinstance(label, Gtk.Inscription) and position < len(self._order):
            assert self._table is not None
            text = line(self._table, self._columns, self._order[position])
            label.set_text(text)
            label.set_min_chars(len(text))
            label.set_nat_chars(len(text))
            name_row(item, " ".join(text.split()))

    def _on_factory_setup(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        item.set_child(Gtk.Inscription(text_overflow=Gtk.InscriptionOverflow.CLIP))

    def _on_factory_bind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        self._bound.add(item)
        self._fill(item)

    def _on_factory_unbind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        self._bound.discard(item)

    def _copy(self, write: Callable[[JsonTable, Sequence[int]], str]) -> None:
        if self._table is not None:
            self._tasks.cancel()
            self._tasks.start(self._copied(self._table, write))

    async def _copied(
        self, table: JsonTable, write: Callable[[JsonTable, Sequence[int]], str]
    ) -> None:
        rows = self.selected
        is_long = len(rows) > _MAX_COPIED_AT_ONCE
        text = await asyncio.to_thread(write, table, rows) if is_long else write(table, rows)
        notice = place(Copy(text), self.get_clipboard())
        count = len(rows)
        words = ngettext("Copied {count:,} row", "Copied {count:,} rows", count).format(count=count)
        self.activate_action("tab.notify", GLib.Variant("s", notice or words))

    def _request_tree(self) -> None:
        """Go back to the tree: to the selected row, or to the whole list."""
        table, chosen = self._table, self._selection.get_selection()
        if table is not None:
            is_row = chosen.get_size() == 1
            row = self._order[chosen.get_nth(0)] if is_row else table.number
            self.emit("tree-requested", row)

    @Gtk.Template.Callback()
    def _on_tree_button_clicked(self, _button: Gtk.Button) -> None:
        self._request_tree()

    @Gtk.Template.Callback()
    def _on_list_view_activate(self, _view: Gtk.ListView, position: int) -> None:
        if position < len(self._order):
            self.emit("tree-requested", self._order[position])

    @Gtk.Template.Callback()
    def _on_header_sort_requested(self, _header: TableHeader, place: int) -> None:
        """Sort by a column, then the other way round, then no longer."""
        before, was_descending = self._sorted
        if place != before:
            self._sorted = (place, False)
        else:
            self._sorted = (-1, False) if was_descending else (place, True)
        if self._table is not None:
            self._task.start(self._sort(self._table))

    @Gtk.Template.Callback()
    def _on_menu_pressed(self, _click: Gtk.GestureClick, _count: int, x: float, y: float) -> None:
        at = self._list_view.translate_coordinates(self, x, y)
        if at is not None:
            found = Gdk.Rectangle()
            found.x, found.y = int(at[0]), int(at[1])
            self._menu.set_pointing_to(found)
            self._menu.popup()


def _words(table: JsonTable) -> str:
    """Return, for example, “bids · 12 rows · 3 columns”."""
    path, count = table.tree.path(table.number), min(len(table.columns), MAX_SHOWN)
    columns = ngettext("{count:,} column", "{count:,} columns", count).format(count=count)
    if len(table.columns) > count or not table.is_complete:
        columns = _("the first {count:,} columns").format(count=count)
    rows = _row_words(len(table.rows))
    if len(table.rows) < table.tree.count(table.number):
        rows = _("the first {count:,} rows").format(count=len(table.rows))
    return " · ".join(filter(None, (one_line(path[:_MAX_PATH]), rows, columns)))


def _row_words(count: int) -> str:
    return ngettext("{count:,} row", "{count:,} rows", count).format(count=count)

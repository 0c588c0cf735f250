"""The window of calls: how long the answers of each method take, live."""

from __future__ import annotations

import asyncio
import time

from gi.repository import Adw, Gio, GLib, GObject, Gtk

from spacebeam.recording.recording import Recording
from spacebeam.search.json_path import PathError
from spacebeam.search.pair_paths import read_paths
from spacebeam.search.statistics import Group
from spacebeam.ui.pairs.call_item import CallCells, CallColumn, CallItem, call_columns
from spacebeam.ui.pairs.pair_reader import PairReader
from spacebeam.ui.surface_width import NARROW, SurfaceWidth
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _
from spacebeam.wording.pairs import calls_words

_UPDATE_INTERVAL_MS = 500
_SLICE_S = 0.003  # of a turn of the main loop


@template("calls_window.ui")
class CallsWindow(Adw.Window):
    """Emits `call-chosen` with a name and the number of its slowest answer's entry, or -1."""

    __gtype_name__ = "SpacebeamCallsWindow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "call-chosen": (GObject.SignalFlags.RUN_FIRST, None, (str, GObject.TYPE_INT64)),
    }

    _stack: Gtk.Stack = Gtk.Template.Child()
    _column_view: Gtk.ColumnView = Gtk.Template.Child()
    _empty_page: Adw.StatusPage = Gtk.Template.Child()
    _count_label: Gtk.Label = Gtk.Template.Child()
    _paths_entry: Gtk.Entry = Gtk.Template.Child()
    _error_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self, reader: PairReader) -> None:
        super().__init__()
        self._reader = reader
        self._recording = Recording()
        self._tasks = Tasks()
        self._timer = 0
        self._is_narrow = False
        self._store = Gio.ListStore(item_type=CallItem)
        self._items: dict[str, CallItem] = {}
        self._index: object = None  # whose calls are shown
        self._cells: list[CallCells] = []
        self._wide: list[Gtk.ColumnViewColumn] = []
        self._sorters: list[Gtk.Sorter] = []
        columns = {one.key: self._add_column(one) for one in call_columns()}
        self._sorted = Gtk.SortListModel(model=self._store, sorter=self._column_view.get_sorter())
        self._selection = Gtk.SingleSelection(
            model=self._sorted, autoselect=False, can_unselect=True
        )
        self._column_view.set_model(self._selection)
        self._column_view.sort_by_column(columns["slowest"], Gtk.SortType.DESCENDING)
        self._surface_width = SurfaceWidth(self, self._on_surface_width_changed)

    def show_recording(self, recording: Recording) -> None:
        """Show the calls of a recording, and follow what is added."""
        self._recording = recording

    def _add_column(self, column: CallColumn) -> Gtk.ColumnViewColumn:
        cells = CallCells(column)
        expression = Gtk.PropertyExpression.new(CallItem, None, column.key)
        is_name = column.key == "name"
        sorter: Gtk.Sorter = Gtk.StringSorter() if is_name else Gtk.NumericSorter()
        sorter.set_property("expression", expression)
        made = Gtk.ColumnViewColumn(
            title=column.title, factory=cells.factory, sorter=sorter, expand=is_name
        )
        self._column_view.append_column(made)
        self._cells.append(cells)
        self._sorters.append(sorter)
        if column.is_wide:
            self._wide.append(made)
        return made

    # Updates

    def _start_update(self) -> None:
        if not self._tasks.are_running:
            self._tasks.start(self._update())

    async def _update(self) -> None:
        index = self._reader.index(self._recording)
        self._reader.read_on(self._recording)
        if index is not self._index:
            self._index = index
            self._items.clear()
            self._store.remove_all()
        deadline, has_changed = time.monotonic() + _SLICE_S, False
        for group in [one for one in index.statistics.groups if one.questions]:
            has_changed |= self._show_group(group)
            if time.monotonic() > deadline:
                await asyncio.sleep(0)
                deadline = time.monotonic() + _SLICE_S
        if has_changed:
            for sorter in self._sorters:
                sorter.changed(Gtk.SorterChange.DIFFERENT)
            for cells in self._cells:
                cells.refresh()
        count = sum(int(one.count) for one in self._items.values())
        total = len(self._recording) - self._recording.first_number
        read = index.read_to - self._recording.first_number
        self._count_label.set_text(calls_words(count, index.unanswered, read, total))
        name = "calls" if self._items else "empty"
        if name != self._stack.get_visible_child_name():
            self._stack.set_visible_child_name(name)
            self._column_view.grab_focus()
        self._empty_page.set_title(_("No Calls") if index.is_current else _("Reading…"))

    def _show_group(self, group: Group) -> bool:
        item = self._items.get(group.name)
        if item is not None:
            return item.update(group)
        item = self._items[group.name] = CallItem(group.name)
        item.update(group)
        self._store.append(item)
        return True

    def _on_timer(self) -> bool:
        self._start_update()
        return GLib.SOURCE_CONTINUE

    @Gtk.Template.Callback()
    def _on_map(self, _window: Gtk.Widget) -> None:
        self._reader.reads_all = True
        self._start_update()
        self._timer = GLib.timeout_add(_UPDATE_INTERVAL_MS, self._on_timer)

    @Gtk.Template.Callback()
    def _on_unmap(self, _window: Gtk.Widget) -> None:
        self._reader.reads_all = False
        self._tasks.cancel()
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0

    def _on_surface_width_changed(self, width: int) -> None:
        self._is_narrow = width < NARROW
        for column in self._wide:
            column.set_visible(not self._is_narrow)

    # What the person does

    @Gtk.Template.Callback()
    def _on_column_view_activate(self, _view: Gtk.ColumnView, position: int) -> None:
        item = self._sorted.get_item(position)
        if isinstance(item, CallItem):
            self.emit("call-chosen", item.name, item.slowest_number)
            if self._is_narrow:
                self.close()  # it covers what is shown now

    @Gtk.Template.Callback()
    def _on_paths_entry_activate(self, entry: Gtk.Entry) -> None:
        written, error, paths = entry.get_text().strip(), "", None
        try:
            paths = read_paths(written) if written else None
        except PathError as refused:
            error = f"{refused}."
        self._error_label.set_text(error)
        self._error_label.set_visible(bool(error))
        if not error:
            self._reader.pair_by(paths)
            self._start_update()

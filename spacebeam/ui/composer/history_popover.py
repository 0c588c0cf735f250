"""Searches what was sent to the connection's address, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gi.repository import Gdk, GObject, Gtk

from spacebeam.library.sent_history import SentMessage
from spacebeam.ui.composer.sent_row import SentRow
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.ui.popover_place import fit
from spacebeam.ui.searched_list import DELETE, DOWN, ENTER, UP, SearchedList
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

MAX_ROWS = 60  # older messages are found by more words; to remove 200 rows takes 20 ms
_ROWS_AT_ONCE = 30  # more are added when the list is scrolled to its end
_SLICE_S = 0.004
_WIDTH = 560  # pixels, in a window that has room for it

Search = Callable[[str], Iterator[SentMessage | None]]  # as `SentHistory.search`


@template("history_popover.ui")
class HistoryPopover(Gtk.Popover):
    """Emits `chosen`, `send-requested`, `save-requested` and `forget-requested` with a message."""

    __gtype_name__ = "SpacebeamHistoryPopover"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "chosen": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "send-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "save-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "forget-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _box: Gtk.Box = Gtk.Template.Child()
    _entry: Gtk.SearchEntry = Gtk.Template.Child()
    _list_box: Gtk.ListBox = Gtk.Template.Child()
    _scrolled_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _status_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self.search: Search = lambda _typed: iter(())
        self._matches: Iterator[SentMessage | None] = iter(())
        self._rows: list[SentRow] = []
        self._searching = SlicedTask(_SLICE_S, self._show_status)
        self._is_delete_held = False
        self._list = SearchedList(self._entry, self._list_box, self._scrolled_window)
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        keys.connect("key-pressed", self._on_key_pressed)
        keys.connect("key-released", self._on_key_released)
        self.add_controller(keys)

    def refresh(self) -> None:
        """Search again, if it is open."""
        if not self.get_mapped():
            return
        self._clear()
        self._matches = self.search(self._entry.get_text())
        self._searching.start(self._steps())

    def _clear(self) -> None:
        self._searching.stop()
        for row in self._rows:
            self._list_box.remove(row)
        self._rows.clear()

    def _steps(self) -> Iterator[None]:
        """Add the next rows, one message at a time."""
        last = min(len(self._rows) + _ROWS_AT_ONCE, MAX_ROWS)
        for sent in self._matches if len(self._rows) < last else ():
            if sent is not None:
                self._add_row(sent)
                if len(self._rows) == last:
                    return
            yield

    def _add_row(self, sent: SentMessage) -> None:
        row = SentRow(sent)
        row.connect("save-requested", self._on_row_save_requested)
        row.connect("forget-requested", self._on_row_forget_requested)
        self._rows.append(row)
        self._list_box.append(row)
        if len(self._rows) == 1:
            self._list_box.select_row(row)

    def _show_status(self) -> None:
        words = ""
        if len(self._rows) == MAX_ROWS:
            words = _("The newest {count} are shown. Type more words to find older ones.").format(
                count=MAX_ROWS
            )
        elif not self._rows and self._entry.get_text().strip():
            words = _("No sent message contains these words.")
        elif not self._rows:
            words = _("No message was sent to this address.")
        self._status_label.set_text(words)
        self._status_label.set_visible(bool(words))
        self._scrolled_window.set_visible(bool(self._rows))

    @property
    def _selected(self) -> SentRow | None:
        row = self._list_box.get_selected_row()
        return row if isinstance(row, SentRow) else None

    def _use(self, signal: str) -> None:
        row = self._selected
        if row is not None:
            self.popdown()
            self.emit(signal, row.message)

    def _forget(self, row: SentRow) -> None:
        place = self._rows.index(row)
        self._rows.remove(row)
        self._list_box.remove(row)
        if self._rows:
            self._list_box.select_row(self._rows[min(place, len(self._rows) - 1)])
        self._list.focus()
        self.emit("forget-requested", row.message)
        self._show_status()

    def _on_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        pressed = state & Gtk.accelerator_get_default_mod_mask()
        if key in (*UP, *DOWN) and not pressed:
            self._list.step(-1 if key in UP else 1)
            return True
        if key in ENTER and pressed == Gdk.ModifierType.CONTROL_MASK:
            self._use("send-requested")
            return True
        if key == Gdk.KEY_a and pressed == Gdk.ModifierType.ALT_MASK:
            self._use("save-requested")
            return True
        if key in DELETE and not pressed:
            is_held, self._is_delete_held = self._is_delete_held, True
            row = self._selected
            if row is None or not self._list.is_delete_for_row:
                return False
            if not is_held:  # a held key deletes text only
                self._forget(row)
            return True
        return False

    def _on_key_released(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, _state: Gdk.ModifierType
    ) -> None:
        if key in DELETE:
            self._is_delete_held = False

    def _on_row_save_requested(self, row: SentRow) -> None:
        self.popdown()
        self.emit("save-requested", row.message)

    def _on_row_forget_requested(self, row: SentRow) -> None:
        self._forget(row)

    @Gtk.Template.Callback()
    def _on_map(self, _popover: Gtk.Popover) -> None:
        fit(self, self._box, _WIDTH)
        self._is_delete_held = False
        self._entry.set_text("")
        self._entry.grab_focus()
        self.refresh()

    @Gtk.Template.Callback()
    def _on_closed(self, _popover: Gtk.Popover) -> None:
        self._clear()

    @Gtk.Template.Callback()
    def _on_entry_changed(self, _entry: Gtk.SearchEntry) -> None:
        self.refresh()

    @Gtk.Template.Callback()
    def _on_entry_activate(self, _entry: Gtk.SearchEntry) -> None:
        self._use("chosen")

    @Gtk.Template.Callback()
    def _on_entry_stop_search(self, _entry: Gtk.SearchEntry) -> None:
        self.popdown()

    @Gtk.Template.Callback()
    def _on_list_box_row_activated(self, _list: Gtk.ListBox, _row: Gtk.ListBoxRow) -> None:
        self._use("chosen")

    @Gtk.Template.Callback()
    def _on_scrolled_window_edge_reached(
        self, _window: Gtk.ScrolledWindow, edge: Gtk.PositionType
    ) -> None:
        if edge == Gtk.PositionType.BOTTOM and not self._searching.is_busy:
            self._searching.start(self._steps())

"""The saved messages of a connection and its folders: searched, inserted, sent, put in order."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import Gdk, GObject, Gtk

from spacebeam.ui.compat import name_mnemonic_button
from spacebeam.ui.messages.message_row import MessageRow
from spacebeam.ui.messages.offered import OfferedMessage
from spacebeam.ui.popover_place import fit
from spacebeam.ui.searched_list import DELETE, DOWN, ENTER, UP, SearchedList
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

MAX_ROWS = 100  # more are found by words
_WIDTH = 640  # pixels, in a window that has room for it


@template("messages_popover.ui")
class MessagesPopover(Gtk.Popover):
    """Emits `chosen`, `send-requested` and `delete-requested` (an OfferedMessage), `renamed` (it
    and the name), `moved` (it, and -1 or 1), `on-connect-changed` (it, and whether it is sent) and
    `save-requested`."""

    __gtype_name__ = "SpacebeamMessagesPopover"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "chosen": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "send-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "delete-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "renamed": (GObject.SignalFlags.RUN_FIRST, None, (object, str)),
        "moved": (GObject.SignalFlags.RUN_FIRST, None, (object, int)),
        "on-connect-changed": (GObject.SignalFlags.RUN_FIRST, None, (object, bool)),
        "save-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _box: Gtk.Box = Gtk.Template.Child()
    _entry: Gtk.SearchEntry = Gtk.Template.Child()
    _save_button: Gtk.Button = Gtk.Template.Child()
    _list_box: Gtk.ListBox = Gtk.Template.Child()
    _scrolled_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _status_label: Gtk.Label = Gtk.Template.Child()
    _hint_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        name_mnemonic_button(self._save_button)
        self._offered: Sequence[OfferedMessage] = ()
        self._rows: list[MessageRow] = []
        self._empty = ""
        self._list = SearchedList(self._entry, self._list_box, self._scrolled_window)
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        keys.connect("key-pressed", self._on_key_pressed)
        self.add_controller(keys)

    def show_messages(self, offered: Sequence[OfferedMessage], empty: str = "") -> None:
        """Offer these messages; without any, say `empty`."""
        self._offered, self._empty = offered, empty
        if self.get_mapped():
            self._refresh()

    def _refresh(self) -> None:
        selected = self._selected
        words = self._entry.get_text().casefold().split()
        found = [one for one in self._offered if one.matches(words)]
        for row in self._rows:
            self._list_box.remove(row)
        self._rows = [self._row(one) for one in found[:MAX_ROWS]]
        for row in self._rows:
            self._list_box.append(row)
        same = selected.offered.message.name if selected is not None else ""
        chosen = next((row for row in self._rows if row.offered.message.name == same), None)
        if self._rows:
            self._list_box.select_row(chosen or self._rows[0])
        self._scrolled_window.set_visible(bool(self._rows))
        self._hint_label.set_visible(bool(self._rows))
        status = "" if found else self._empty
        if self._offered and not found:
            status = _("No saved message has these words.")
        elif len(found) > MAX_ROWS:
            status = _("The first {count} are shown. Type more words to find others.").format(
                count=MAX_ROWS
            )
        self._status_label.set_text(status)
        self._status_label.set_visible(bool(status))

    def _row(self, offered: OfferedMessage) -> MessageRow:
        row = MessageRow(offered)
        row.connect("renamed", self._on_row_renamed)
        row.connect("delete-requested", self._on_row_delete_requested)
        row.connect("on-connect-changed", self._on_row_on_connect_changed)
        return row

    @property
    def _selected(self) -> MessageRow | None:
        row = self._list_box.get_selected_row()
        return row if isinstance(row, MessageRow) else None

    def _use(self, signal: str) -> None:
        row = self._selected
        if row is not None:
            self.popdown()
            self.emit(signal, row.offered)

    def _on_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        row = self._selected
        pressed = state & Gtk.accelerator_get_default_mod_mask()
        if row is None or any(one.is_editing for one in self._rows):
            return False
        if key in (*UP, *DOWN):
            step = -1 if key in UP else 1
            if pressed == Gdk.ModifierType.ALT_MASK:
                self.emit("moved", row.offered, step)
                return True
            if not pressed:
                self._list.step(step)
                return True
        if key in ENTER and pressed == Gdk.ModifierType.CONTROL_MASK:
            self._use("send-requested")
            return True
        if key == Gdk.KEY_c and pressed == Gdk.ModifierType.ALT_MASK:
            row.toggle_on_connect()
            return True
        if key == Gdk.KEY_F2 and not pressed:
            row.edit_name()
            return True
        if key in DELETE and not pressed and self._list.is_delete_for_row:
            self.emit("delete-requested", row.offered)
            return True
        return False

    def _on_row_renamed(self, row: MessageRow, name: str) -> None:
        self._list.focus()
        if name and name != row.offered.message.name:
            self.emit("renamed", row.offered, name)

    def _on_row_delete_requested(self, row: MessageRow) -> None:
        self.emit("delete-requested", row.offered)

    def _on_row_on_connect_changed(self, row: MessageRow, is_sent: bool) -> None:
        self.emit("on-connect-changed", row.offered, is_sent)

    @Gtk.Template.Callback()
    def _on_map(self, _popover: Gtk.Popover) -> None:
        fit(self, self._box, _WIDTH)
        self._entry.set_text("")
        self._entry.grab_focus()
        self._refresh()

    @Gtk.Template.Callback()
    def _on_entry_changed(self, _entry: Gtk.SearchEntry) -> None:
        self._refresh()

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
    def _on_save_button_clicked(self, _button: Gtk.Button) -> None:
        self.popdown()
        self.emit("save-requested")

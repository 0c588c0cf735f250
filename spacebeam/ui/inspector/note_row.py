"""The field for an entry's note."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.template import template


@template("note_row.ui")
class NoteRow(Adw.Bin):
    """An entry's note. Emits `note-changed` with the text at each change that the person makes."""

    __gtype_name__ = "SpacebeamNoteRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "note-changed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _entry: Gtk.Entry = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._is_showing = False

    def show_note(self, note: str) -> None:
        """Show a note; if it is shown already, the cursor stays where it is."""
        if note == self._entry.get_text():
            return
        self._is_showing = True
        self._entry.set_enable_undo(False)  # or it would bring back another entry's note
        self._entry.set_text(note)
        self._entry.set_enable_undo(True)
        self._is_showing = False

    def focus(self) -> None:
        """Focus the field."""
        self._entry.grab_focus_without_selecting()

    @Gtk.Template.Callback()
    def _on_entry_changed(self, _entry: Gtk.Entry) -> None:
        if not self._is_showing:
            self.emit("note-changed", self._entry.get_text())

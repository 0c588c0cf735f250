"""The Go To dialog: jumps to an entry by its number or time."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.remembered_dialog import make_remembered
from spacebeam.ui.search.jump import JumpError, JumpTo, parse_jump
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _


@template("jump_dialog.ui")
class JumpDialog(Adw.Window):
    """Emits `jump-requested` (a JumpTo) and closes."""

    __gtype_name__ = "SpacebeamJumpDialog"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "jump-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _entry: Gtk.Entry = Gtk.Template.Child()
    _hint_label: Gtk.Label = Gtk.Template.Child()
    _go_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        make_remembered(self, self._entry)
        self._began = self._ended = 0.0
        self._length = 0
        self._refresh()

    def show_recording(self, began: float, ended: float, length: int) -> None:
        """Set the recording's begin and end (Unix time) and its number of entries."""
        self._began, self._ended, self._length = began, ended, length
        self._refresh()

    def _read(self) -> JumpTo:
        return parse_jump(self._entry.get_text(), self._began, self._ended, self._length)

    def _refresh(self) -> None:
        try:
            self._read()
        except JumpError as error:
            words = str(error)
        else:
            words = ""
        is_wrong = bool(words and self._entry.get_text().strip())
        # Before anything is typed the message is a hint.
        (self._hint_label.add_css_class if is_wrong else self._hint_label.remove_css_class)("error")
        self._hint_label.set_text(words or _("Press Enter to go there."))
        self._entry.update_property([Gtk.AccessibleProperty.DESCRIPTION], [words])
        self._entry.update_state([Gtk.AccessibleState.INVALID], [int(is_wrong)])
        self._go_button.set_sensitive(not words)

    def _jump(self) -> None:
        try:
            wanted = self._read()
        except JumpError:
            return
        self.close()
        self.emit("jump-requested", wanted)

    @Gtk.Template.Callback()
    def _on_entry_changed(self, _entry: Gtk.Entry) -> None:
        self._refresh()

    @Gtk.Template.Callback()
    def _on_entry_activate(self, _entry: Gtk.Entry) -> None:
        self._jump()

    @Gtk.Template.Callback()
    def _on_go_button_clicked(self, _button: Gtk.Button) -> None:
        self._jump()

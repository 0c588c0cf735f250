"""Names the saved connection that the first screen shows, and saves what was changed in it."""

from __future__ import annotations

from gi.repository import GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.ui.compat import name_mnemonic_button
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _


@template("saved_bar.ui")
class SavedBar(Gtk.Box):
    """Emits `save-requested`, `revert-requested` and `leave-requested`."""

    __gtype_name__ = "SpacebeamSavedBar"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "save-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "revert-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "leave-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _name_label: Gtk.Label = Gtk.Template.Child()
    _place_label: Gtk.Label = Gtk.Template.Child()
    _revert_button: Gtk.Button = Gtk.Template.Child()
    _save_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        for button in (self._revert_button, self._save_button):
            name_mnemonic_button(button)

    def show_connection(self, name: str, place: str, *, is_changed: bool, is_gone: bool) -> None:
        """Show a connection's name and folders, and whether it differs from what is saved.

        With `is_gone`, its file is missing.
        """
        self._name_label.set_text(one_line(name))
        words = [
            _("in {place}").format(place=one_line(place)) if place else "",
            _("deleted") if is_gone else _("changed") if is_changed else "",
        ]
        shown = " · ".join(filter(None, words))
        self._place_label.set_text(shown)
        self._place_label.set_visible(bool(shown))
        self._revert_button.set_visible(is_changed and not is_gone)
        self._save_button.set_visible(is_changed or is_gone)
        self.set_visible(True)

    @Gtk.Template.Callback()
    def _on_revert_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("revert-requested")

    @Gtk.Template.Callback()
    def _on_save_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("save-requested")

    @Gtk.Template.Callback()
    def _on_leave_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("leave-requested")

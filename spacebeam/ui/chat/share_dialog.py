"""The dialog that shares the room with other computers, and stops that."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.chat.qr_code import QrCode
from spacebeam.ui.input_method import Composing
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _


@template("share_dialog.ui")
class ShareDialog(Adw.Window):
    """Shows who can join: this computer, or others on the network with the room's address.

    Emits `share-requested` and `stop-requested`.
    """

    __gtype_name__ = "SpacebeamShareDialog"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "share-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "stop-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _closed_box: Gtk.Box = Gtk.Template.Child()
    _error_label: Gtk.Label = Gtk.Template.Child()
    _share_button: Gtk.Button = Gtk.Template.Child()
    _shared_box: Gtk.Box = Gtk.Template.Child()
    _qr_code: QrCode = Gtk.Template.Child()
    _address_label: Gtk.Label = Gtk.Template.Child()
    _copy_button: Gtk.Button = Gtk.Template.Child()
    _others_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        GObject.type_ensure(QrCode)  # the template has one
        super().__init__()
        Composing(self)

    def show_shared(self, urls: Sequence[str]) -> None:
        """Show the room's addresses for other computers; without one, it is not shared."""
        self._closed_box.set_visible(not urls)
        self._shared_box.set_visible(bool(urls))
        self._error_label.set_visible(False)
        if urls:
            self._copy_button.grab_focus()
            self._qr_code.show_text(urls[0])
            self._address_label.set_text(urls[0])
            self._others_label.set_visible(len(urls) > 1)
            self._others_label.set_text(_("Other addresses:\n") + "\n".join(urls[1:]))

    def show_error(self, words: str) -> None:
        """Show why the room cannot be shared."""
        self._error_label.set_text(words)
        self._error_label.set_visible(True)

    def disable_sharing(self, words: str) -> None:
        """Show why the room cannot be shared from here at all."""
        self._share_button.set_sensitive(False)
        self.show_error(words)

    @Gtk.Template.Callback()
    def _on_share_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("share-requested")

    @Gtk.Template.Callback()
    def _on_stop_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("stop-requested")

    @Gtk.Template.Callback()
    def _on_copy_button_clicked(self, _button: Gtk.Button) -> None:
        self.get_clipboard().set(self._address_label.get_text())

"""The dialog that sends a ping with a chosen payload."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.composer.draft import DraftError
from spacebeam.ui.expert.payload_field import PayloadField
from spacebeam.ui.remembered_dialog import make_remembered
from spacebeam.ui.template import template


@template("ping_dialog.ui")
class PingDialog(Adw.Window):
    """Emits `ping-requested` (the payload in bytes) and closes."""

    __gtype_name__ = "SpacebeamPingDialog"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "ping-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _payload_field: PayloadField = Gtk.Template.Child()
    _ping_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        make_remembered(self, self._payload_field)
        self._is_open = False
        self._refresh()

    def show_open(self, is_open: bool) -> None:
        """Enable or disable sending."""
        self._is_open = is_open
        self._refresh()

    def _payload(self) -> bytes | None:
        try:
            return self._payload_field.payload()
        except DraftError:
            return None

    def _refresh(self) -> None:
        self._ping_button.set_sensitive(self._is_open and self._payload() is not None)

    def _ping(self) -> None:
        payload = self._payload()
        if payload is not None and self._is_open:
            self.close()
            self.emit("ping-requested", payload)

    @Gtk.Template.Callback()
    def _on_payload_field_changed(self, _field: PayloadField) -> None:
        self._refresh()

    @Gtk.Template.Callback()
    def _on_payload_field_activate(self, _field: PayloadField) -> None:
        self._ping()

    @Gtk.Template.Callback()
    def _on_ping_button_clicked(self, _button: Gtk.Button) -> None:
        self._ping()

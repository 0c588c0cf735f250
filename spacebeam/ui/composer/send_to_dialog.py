"""The dialog that sends one message to several open connections."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import Adw, Gdk, GObject, Gtk

from spacebeam.ui.template import template
from spacebeam.wording.i18n import _


@template("send_to_dialog.ui")
class SendToDialog(Adw.Window):
    """Emits `send-requested` (the places of the chosen connections).

    It closes once the message was sent to all of them, and else tells what failed.
    """

    __gtype_name__ = "SpacebeamSendToDialog"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "send-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _cancel_button: Gtk.Button = Gtk.Template.Child()
    _send_button: Gtk.Button = Gtk.Template.Child()
    _message_label: Gtk.Label = Gtk.Template.Child()
    _list_box: Gtk.ListBox = Gtk.Template.Child()
    _status_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._checks: list[Gtk.CheckButton] = []
        self._rows: list[Adw.ActionRow] = []
        self._waiting: set[int] = set()  # places of connections that have not taken the message
        escape = Gtk.KeyvalTrigger.new(Gdk.KEY_Escape, Gdk.ModifierType(0))
        keys = Gtk.ShortcutController()
        keys.add_shortcut(Gtk.Shortcut.new(escape, Gtk.NamedAction.new("window.close")))
        self.add_controller(keys)

    def show_message(self, preview: str, connections: Sequence[tuple[str, str]]) -> None:
        """Show the message on one line, and each connection's name and address.

        The first connection is chosen.
        """
        self._message_label.set_text(preview)
        for name, address in connections:
            check = Gtk.CheckButton(valign=Gtk.Align.CENTER, active=not self._checks)
            row = Adw.ActionRow(use_markup=False, activatable_widget=check)
            row.set_title(name)
            row.set_subtitle(address)
            row.add_prefix(check)
            check.update_property([Gtk.AccessibleProperty.LABEL], [name])
            check.connect("toggled", self._on_check_toggled)
            self._list_box.append(row)
            self._rows.append(row)
            self._checks.append(check)
        self._refresh()

    def show_outcome(self, place: int, failure: str) -> None:
        """Show that the message was sent to a connection, or why it was not."""
        row, check = self._rows[place], self._checks[place]
        self._waiting.discard(place)
        row.set_subtitle(failure or _("Sent."))
        if failure:
            row.add_css_class("error")
        else:
            row.remove_css_class("error")
            check.set_active(False)
        self._refresh()
        if not self._waiting:
            self._show_end()

    @property
    def _chosen(self) -> list[int]:
        return [place for place, check in enumerate(self._checks) if check.get_active()]

    def _show_end(self) -> None:
        """Close, unless something failed; that is still chosen."""
        failed = [row for row in self._rows if row.has_css_class("error")]
        if not failed:
            self.close()
            return
        self._cancel_button.set_label(_("Close"))
        self._status_label.set_text(_("Not sent to all. The message is still in the composer."))
        self._status_label.set_visible(True)

    def _refresh(self) -> None:
        for check in self._checks:
            check.set_sensitive(not self._waiting)
        self._send_button.set_sensitive(bool(self._chosen) and not self._waiting)

    def _on_check_toggled(self, _check: Gtk.CheckButton) -> None:
        self._refresh()

    @Gtk.Template.Callback()
    def _on_send_button_clicked(self, _button: Gtk.Button) -> None:
        chosen = self._chosen
        self._waiting = set(chosen)
        for place in chosen:
            self._rows[place].set_subtitle(_("Sending…"))
            self._rows[place].remove_css_class("error")
        self._refresh()
        self.emit("send-requested", chosen)

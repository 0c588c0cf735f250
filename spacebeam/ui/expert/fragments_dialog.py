"""The dialog that sends the composer's message in fragments."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.decode.preview import size
from spacebeam.ui.expert.fragment_sizes import (
    Fragmentation,
    FragmentSizesError,
    cut,
    parse,
    words,
)
from spacebeam.ui.remembered_dialog import make_remembered
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_NO_MESSAGE = _("Type a message in the composer first. It is sent in fragments.")


@template("fragments_dialog.ui")
class FragmentsDialog(Adw.Window):
    """Emits `send-requested` (a Fragmentation) and closes."""

    __gtype_name__ = "SpacebeamFragmentsDialog"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "send-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _message_label: Gtk.Label = Gtk.Template.Child()
    _sizes_row: Adw.EntryRow = Gtk.Template.Child()
    _sizes_label: Gtk.Label = Gtk.Template.Child()
    _ping_switch: Gtk.Switch = Gtk.Template.Child()
    _send_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        make_remembered(self, self._sizes_row)
        self._is_open = False
        self._length: int | None = None
        self._compresses = False
        self._refresh()

    def show_open(self, is_open: bool) -> None:
        """Enable or disable sending."""
        self._is_open = is_open
        self._refresh()

    def show_message(self, length: int | None, *, compresses: bool, error: str = "") -> None:
        """Set the length in bytes of the composer's message.

        None if nothing is typed there, or if that is no message, because of `error`.
        """
        self._length, self._compresses = length, compresses
        words = _("The message in the composer has {size}.").format(size=size(length or 0))
        self._message_label.set_text(error or (_NO_MESSAGE if length is None else words))
        self._message_label.set_css_classes(["error" if error else "dim-label"])
        self._refresh()

    def _refresh(self) -> None:
        error = ""
        sizes: tuple[int, ...] = ()
        try:
            sizes = parse(self._sizes_row.get_text())
        except FragmentSizesError as caught:
            error = str(caught)
        self._sizes_label.set_text(error or self._outcome(sizes))
        self._sizes_label.set_css_classes(["caption", "error" if error else "dim-label"])
        if error:
            self._sizes_row.add_css_class("error")
        else:
            self._sizes_row.remove_css_class("error")
        is_whole = self._length is not None and bool(sizes)
        self._send_button.set_sensitive(self._is_open and is_whole)

    def _outcome(self, sizes: tuple[int, ...]) -> str:
        if not sizes:
            return _("For example 3, 10, 5. The rest becomes the last fragment.")
        if self._compresses:
            return _("The sizes count compressed bytes.")
        return "" if self._length is None else f"{words(cut(self._length, sizes))}."

    def _send(self) -> None:
        if self._send_button.get_sensitive():
            sizes = parse(self._sizes_row.get_text())
            self.close()
            self.emit("send-requested", Fragmentation(sizes, self._ping_switch.get_active()))

    @Gtk.Template.Callback()
    def _on_sizes_row_changed(self, _row: Adw.EntryRow) -> None:
        self._refresh()

    @Gtk.Template.Callback()
    def _on_sizes_row_entry_activated(self, _row: Adw.EntryRow) -> None:
        self._send()

    @Gtk.Template.Callback()
    def _on_send_button_clicked(self, _button: Gtk.Button) -> None:
        self._send()

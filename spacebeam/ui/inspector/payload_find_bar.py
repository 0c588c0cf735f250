"""The field in the inspector for words that are searched in the message that is shown."""

from __future__ import annotations

from gi.repository import Gdk, GObject, Gtk

from spacebeam.ui.focus import select_all
from spacebeam.ui.template import template

_ENTER = (Gdk.KEY_Return, Gdk.KEY_KP_Enter)


@template("payload_find_bar.ui")
class PayloadFindBar(Gtk.Box):
    """A field for words.

    Emits `text-changed`; `step-requested` with 1 for the next match, -1 for the previous one; and
    `close-requested`.
    """

    __gtype_name__ = "SpacebeamPayloadFindBar"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "text-changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "step-requested": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
        "close-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _entry: Gtk.Entry = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.BUBBLE)
        keys.connect("key-pressed", self._on_key_pressed)
        self.add_controller(keys)

    @property
    def text(self) -> str:
        """The words."""
        return self._entry.get_text()

    def focus(self) -> None:
        """Focus the field, with its text selected."""
        select_all(self._entry)

    def _on_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        if key == Gdk.KEY_Escape:
            self.emit("close-requested")
            return True
        if key in _ENTER and state & Gdk.ModifierType.SHIFT_MASK:
            self.emit("step-requested", -1)
            return True
        return False

    @Gtk.Template.Callback()
    def _on_entry_changed(self, _entry: Gtk.Entry) -> None:
        self.emit("text-changed")

    @Gtk.Template.Callback()
    def _on_entry_activate(self, _entry: Gtk.Entry) -> None:
        self.emit("step-requested", 1)

    @Gtk.Template.Callback()
    def _on_close_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("close-requested")

"""Asks how often and how many times the message is repeated."""

from __future__ import annotations

from gi.repository import Gdk, GObject, Gtk

from spacebeam.library.repeat_settings import RepeatSettings
from spacebeam.session.repeat import RUNNING_NUMBER
from spacebeam.ui.popover_place import fit
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_WIDTH = 300  # pixels
_HINT = _("Write {variable} in the message for a running number.").format(variable=RUNNING_NUMBER)


@template("repeat_popover.ui")
class RepeatPopover(Gtk.Popover):
    """Emits `start-requested` (a RepeatSettings) and closes."""

    __gtype_name__ = "SpacebeamRepeatPopover"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "start-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _grid: Gtk.Grid = Gtk.Template.Child()
    _interval_spin: Gtk.SpinButton = Gtk.Template.Child()
    _times_spin: Gtk.SpinButton = Gtk.Template.Child()
    _endless_check: Gtk.CheckButton = Gtk.Template.Child()
    _reconnecting_check: Gtk.CheckButton = Gtk.Template.Child()
    _number_label: Gtk.Label = Gtk.Template.Child()
    _number_spin: Gtk.SpinButton = Gtk.Template.Child()
    _hint_label: Gtk.Label = Gtk.Template.Child()
    _start_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        # GTK 4.8's spin buttons do not activate a default button.
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        keys.connect("key-pressed", self._on_key_pressed)
        self.add_controller(keys)

    def show_settings(self, settings: RepeatSettings) -> None:
        """Fill in the values that were used last."""
        self._interval_spin.set_value(settings.interval_ms)
        self._times_spin.set_value(settings.times)
        self._endless_check.set_active(settings.is_endless)
        self._reconnecting_check.set_active(settings.after_reconnecting)
        self._number_spin.set_value(settings.first_number)

    def show_message(self, message: str | bytes | None, error: str = "") -> None:
        """Show whether there is a message, or the error in it, and whether it has a number."""
        has_number = isinstance(message, str) and RUNNING_NUMBER in message
        for widget in (self._number_label, self._number_spin):
            widget.set_visible(has_number)
        words = _HINT if message is not None else error or _("Type a message first.")
        self._hint_label.set_text(words)
        self._hint_label.set_visible(not has_number)
        self._start_button.set_sensitive(message is not None)

    @property
    def _settings(self) -> RepeatSettings:
        for spin in (self._interval_spin, self._times_spin, self._number_spin):
            spin.update()  # takes what is typed
        return RepeatSettings(
            self._interval_spin.get_value_as_int(),
            self._times_spin.get_value_as_int(),
            self._endless_check.get_active(),
            int(self._number_spin.get_value()),
            self._reconnecting_check.get_active(),
        )

    def _start(self) -> None:
        settings = self._settings
        self.popdown()
        self.emit("start-requested", settings)

    @Gtk.Template.Callback()
    def _on_map(self, _popover: Gtk.Popover) -> None:
        fit(self, self._grid, _WIDTH)

    @Gtk.Template.Callback()
    def _on_endless_check_toggled(self, _check: Gtk.CheckButton) -> None:
        self._times_spin.set_sensitive(not self._endless_check.get_active())

    def _on_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        is_enter = key in (Gdk.KEY_Return, Gdk.KEY_KP_Enter)
        if not is_enter or state & Gtk.accelerator_get_default_mod_mask():
            return False
        if self._start_button.get_sensitive():
            self._start()
        return True

    @Gtk.Template.Callback()
    def _on_start_button_clicked(self, _button: Gtk.Button) -> None:
        self._start()

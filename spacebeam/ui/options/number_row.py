"""A row with a number; libadwaita has its own from 1.4 on."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.template import template


@template("number_row.ui")
class NumberRow(Adw.ActionRow):
    """A title and a number, with the unit as subtitle; emits `changed` after every change."""

    __gtype_name__ = "SpacebeamNumberRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _spin_button: Gtk.SpinButton = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._unit = ""
        self._digits = 0

    @property
    def value(self) -> float:
        """The number; an int if it has no decimals."""
        value = round(self._spin_button.get_value(), self._digits)
        return value if self._digits else int(value)

    @value.setter
    def value(self, value: float) -> None:
        self._spin_button.set_value(value)

    def set_limits(self, least: float, most: float, *, digits: int) -> None:
        """Limit the number to `least` to `most`, with `digits` decimals."""
        self._digits = digits
        self._spin_button.set_digits(digits)
        self._spin_button.set_range(least, most)

    def show_error(self, message: str) -> None:
        """Show the error in place of the unit; show the unit if the message is empty."""
        self._unit = self._unit or self.get_subtitle() or ""
        self.set_subtitle(message or self._unit)

    def do_grab_focus(self) -> bool:
        return self._spin_button.grab_focus()

    @Gtk.Template.Callback()
    def _on_spin_button_value_changed(self, _button: Gtk.SpinButton) -> None:
        self.emit("changed")

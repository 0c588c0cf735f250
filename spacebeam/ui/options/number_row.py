"""A row with a number: libadwaita's own came after the floor."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.template import template


@template("number_row.ui")
class NumberRow(Adw.ActionRow):
    """A number with a title; the unit stands in the subtitle. `changed` follows every change."""

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
        """The number; a whole one where it has no digits behind the point."""
        value = round(self._spin_button.get_value(), self._digits)
        return value if self._digits else int(value)

    @value.setter
    def value(self, value: float) -> None:
        self._spin_button.set_value(value)

    def bound(self, least: float, most: float, *, digits: int) -> None:
        """Let the number be from `least` to `most`."""
        self._digits = digits
        self._spin_button.set_digits(digits)
        self._spin_button.set_range(least, most)

    def explain(self, words: str) -> None:
        """Say what is wrong with the number in place of its unit; without words, the unit."""
        self._unit = self._unit or self.get_subtitle() or ""
        self.set_subtitle(words or self._unit)

    def do_grab_focus(self) -> bool:
        return self._spin_button.grab_focus()

    @Gtk.Template.Callback()
    def _on_spin_button_value_changed(self, _button: Gtk.SpinButton) -> None:
        self.emit("changed")

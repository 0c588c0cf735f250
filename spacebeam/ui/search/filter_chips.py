"""A row of chips that edit a filter."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.search.chips import CHIPS, Chip
from spacebeam.ui.template import template


@template("filter_chips.ui")
class FilterChips(Adw.Bin):
    """Shows the chips of a filter's text; emits `text-changed` with the edited text."""

    __gtype_name__ = "SpacebeamFilterChips"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "text-changed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _box: Gtk.Box = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._is_showing = False
        self._buttons: list[tuple[Chip, Gtk.ToggleButton]] = []
        for chip in CHIPS:
            button = Gtk.ToggleButton(label=chip.name, tooltip_text=chip.explanation)
            button.add_css_class("filter-chip")
            button.update_property([Gtk.AccessibleProperty.DESCRIPTION], [chip.explanation])
            button.connect("toggled", self._on_button_toggled, chip)
            self._buttons.append((chip, button))
            self._box.append(button)

    def show_text(self, text: str) -> None:
        """Press the chips whose terms are in the text."""
        self._text = text
        self._is_showing = True
        for chip, button in self._buttons:
            button.set_active(chip.is_in(text))
        self._is_showing = False

    def _on_button_toggled(self, _button: Gtk.ToggleButton, chip: Chip) -> None:
        if not self._is_showing:
            self.emit("text-changed", chip.toggled(self._text))

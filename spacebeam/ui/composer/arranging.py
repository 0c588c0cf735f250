"""Where the parts of the composer are: beside each other, or below in a narrow window."""

from __future__ import annotations

from gi.repository import Gtk

# Column, row and columns of the text, the format, and the buttons.
_BESIDE = (1, 0, 1), (0, 0, 1), (2, 0, 1)
_BELOW = (0, 0, 2), (0, 1, 1), (1, 1, 1)
_NARROW = 560  # pixels; in narrower windows the buttons are below the text


def arrange(
    grid: Gtk.Grid, text: Gtk.Widget, form: Gtk.Widget, buttons: Gtk.Widget, width: int
) -> None:
    """Place the text, the format and the buttons for a window's width in pixels."""
    is_narrow = width < _NARROW
    layout = grid.get_layout_manager()
    assert layout is not None
    places = _BELOW if is_narrow else _BESIDE
    for widget, place in zip((text, form, buttons), places, strict=True):
        child = layout.get_layout_child(widget)
        for name, value in zip(("column", "row", "column-span"), place, strict=True):
            child.set_property(name, value)
    buttons.set_hexpand(is_narrow)

"""Which rows of a list with rows of one height are in sight."""

from __future__ import annotations

from gi.repository import Gtk


def last_row_in_sight(view: Gtk.ListView) -> int:
    """Return the position of the last row in sight; -1 if the list is not scrolled."""
    adjustment, rows = view.get_vadjustment(), view.get_model()
    if (
        adjustment is None
        or not isinstance(rows, Gtk.SingleSelection)
        or not adjustment.get_value()
    ):
        return -1
    end = adjustment.get_value() + adjustment.get_page_size()
    return round(end / adjustment.get_upper() * rows.get_n_items()) - 1

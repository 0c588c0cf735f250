"""Which rows of a list are in sight, where all have one height."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gi.repository import GLib, Gtk

_SLIVER = 0.05  # of a row, which nobody sees


def last_row_in_sight(view: Gtk.ListView) -> int:
    """Return the position of the last row in sight, of which a part is enough.

    It is -1 if the list is not scrolled.
    """
    adjustment, rows = view.get_vadjustment(), view.get_model()
    if (
        adjustment is None
        or not isinstance(rows, Gtk.SingleSelection)
        or not adjustment.get_value()
    ):
        return -1
    end = adjustment.get_value() + adjustment.get_page_size()
    count = rows.get_n_items()
    return min(math.ceil(end / adjustment.get_upper() * count - _SLIVER), count) - 1


def scrolled_to(view: Gtk.ListView, position: int) -> Iterator[None]:
    """Scroll to a row if there is one, as a step of a longer change."""
    rows = view.get_model()
    if isinstance(rows, Gtk.SingleSelection) and 0 <= position < rows.get_n_items():
        view.activate_action("list.scroll-to-item", GLib.Variant("u", position))
    yield

"""Keeps the popovers of the composer's buttons inside the window, also where that is narrow."""

from __future__ import annotations

from gi.repository import Gtk

_MARGIN = 24  # pixels on each side of the content, to the window's edge
_MIN_WIDTH = 240  # pixels


def fit(popover: Gtk.Popover, content: Gtk.Widget, width: int) -> None:
    """Give the content a width if the window has room for it, and move the popover inside."""
    root, button = popover.get_root(), popover.get_parent()
    if not isinstance(root, Gtk.Window) or button is None:
        return
    width = min(width, max(root.get_width() - 2 * _MARGIN, _MIN_WIDTH))
    content.set_size_request(width, -1)
    place = button.translate_coordinates(root, button.get_width() / 2, 0)
    half = width / 2 + _MARGIN
    if place is not None:
        middle = min(max(place[0], half), root.get_width() - half)
        popover.set_offset(int(middle - place[0]), 0)

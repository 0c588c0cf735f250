"""Where popovers open: those of buttons stay inside a narrow or low window."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

_MARGIN = 24  # pixels on each side of the content, to the window's edge
_MIN_WIDTH = 240  # pixels
_MIN_HEIGHT = 120  # pixels of a list


def fit(popover: Gtk.Popover, content: Gtk.Widget, width: int) -> None:
    """Give the content a width if the window has room for it, and move the popover inside."""
    root, button = popover.get_root(), popover.get_parent()
    if not isinstance(root, Gtk.Window) or button is None:
        return
    width = min(width, max(root.get_width() - 2 * _MARGIN, _MIN_WIDTH))
    content.set_size_request(width, -1)
    place = button.translate_coordinates(root, button.get_width() / 2, 0)
    natural = content.measure(Gtk.Orientation.HORIZONTAL, -1)[1]
    half = max(width, natural) / 2 + _MARGIN
    if place is not None:
        middle = min(max(place[0], half), root.get_width() - half)
        popover.set_offset(int(middle - place[0]), 0)


def fit_list(
    popover: Gtk.Popover, content: Gtk.Widget, window: Gtk.ScrolledWindow, height: int
) -> None:
    """Let a list in the content scroll from a height on, or from where the window ends below."""
    root, button = popover.get_root(), popover.get_parent()
    if not isinstance(root, Gtk.Window) or button is None:
        return
    place = button.translate_coordinates(root, 0, button.get_height())
    width, upright = content.get_size_request()[0], Gtk.Orientation.VERTICAL
    others = content.measure(upright, width)[1] - window.measure(upright, width)[1]
    if place is not None:
        room = int(root.get_height() - place[1] - others - 2 * _MARGIN)
        window.set_max_content_height(max(min(height, room), _MIN_HEIGHT))


def open_at(popover: Gtk.Popover, widget: Gtk.Widget, x: float, y: float) -> None:
    """Open a popover at a place in a widget that is inside the popover's parent."""
    parent = popover.get_parent()
    at = None if parent is None else widget.translate_coordinates(parent, x, y)
    if at is not None:
        place = Gdk.Rectangle()
        place.x, place.y = int(at[0]), int(at[1])
        popover.set_pointing_to(place)
        popover.popup()

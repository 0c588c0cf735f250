"""Closes what is open in a window before the window itself closes.

GTK 4.8 would ask for the pointer's place in a popover whose surface went with its window, and
complain.
"""

from __future__ import annotations

from weakref import WeakSet

from gi.repository import Gtk

_windows: WeakSet[Gtk.Window] = WeakSet()  # whose popovers are closed


def close_with(window: Gtk.Window) -> None:
    """Close a window's open popovers as soon as it is to close."""
    if window not in _windows:
        _windows.add(window)
        window.connect("close-request", _on_window_close_request)


def close_popovers(inside: Gtk.Widget) -> None:
    """Close all popovers that are open in a widget."""
    child = inside.get_first_child()
    while child is not None:
        following = child.get_next_sibling()
        if child.get_mapped():
            close_popovers(child)
            if isinstance(child, Gtk.Popover):
                child.popdown()
        child = following


def _on_window_close_request(window: Gtk.Window) -> bool:
    close_popovers(window)
    return False

"""Ends the pressed state of a row whose menu took the release of the mouse button.

GTK shows a widget as pressed until the button is released over its window; a menu that opens in
between gets the release, and the row would stay marked.
"""

from __future__ import annotations

from gi.repository import Gtk


def release(widget: Gtk.Widget | None) -> None:
    """Show a widget and those around it as not pressed."""
    while widget is not None:
        widget.unset_state_flags(Gtk.StateFlags.ACTIVE)
        widget = widget.get_parent()

"""What differs between the versions of GTK and libadwaita, in one place.

The floor is GTK 4.8 and libadwaita 1.2 (Debian 12).
"""

from __future__ import annotations

import asyncio

from gi.repository import Gdk, Gio, Gtk


def is_in_browser(display: Gdk.Display) -> bool:
    """Whether the window is shown by GTK's Broadway backend, which has no window manager."""
    return display.__gtype__.name == "GdkBroadwayDisplay"


def text_color(widget: Gtk.Widget) -> Gdk.RGBA:
    """The colour that a widget's style gives to text.

    From GTK 4.10 on a widget says so itself, and its style context is outdated.
    """
    if hasattr(widget, "get_color"):
        color: Gdk.RGBA = widget.get_color()
        return color
    return widget.get_style_context().get_color()


async def choose_file(parent: Gtk.Window, title: str) -> Gio.File | None:
    """Let the person choose a file to read; None if they think better of it.

    Gtk.FileDialog would do the same from GTK 4.10 on; the native chooser works everywhere.
    """
    chooser = Gtk.FileChooserNative.new(title, parent, Gtk.FileChooserAction.OPEN, None, None)
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    chooser.connect("response", lambda _chooser, response: answered.set_result(response))
    chooser.show()
    try:
        response = await answered
        return chooser.get_file() if response == Gtk.ResponseType.ACCEPT else None
    finally:
        chooser.destroy()

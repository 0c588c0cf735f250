"""A window from which a file can be dragged, as from a file manager: `drag_source FILE X Y`.

It prints a line when it can be dragged from. Without a window manager it places itself.
"""

from __future__ import annotations

import ctypes
import sys

import gi

gi.require_version("Gdk", "4.0")
gi.require_version("Gtk", "4.0")
gi.require_version("GdkX11", "4.0")
from gi.repository import Gdk, GdkX11, Gio, GLib, GObject, Gtk  # noqa: E402

from tests.journeys.keyboard import library  # noqa: E402


def main() -> None:
    path, x, y = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    files = Gdk.FileList.new_from_list([Gio.File.new_for_path(path)])
    label = Gtk.Label(label="Drag me")
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY)
    value = GObject.Value(Gdk.FileList.__gtype__, files)
    source.set_content(Gdk.ContentProvider.new_for_value(value))
    label.add_controller(source)
    window = Gtk.Window(child=label, default_width=100, default_height=100, decorated=False)
    window.present()
    surface = window.get_surface()
    display = window.get_display()
    assert isinstance(surface, GdkX11.X11Surface)
    assert isinstance(display, GdkX11.X11Display)
    while not window.is_active() and not label.get_width():
        GLib.MainContext.default().iteration(True)
    x11 = library("X11")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(x11.XOpenDisplay(None))
    x11.XMoveWindow(connection, ctypes.c_ulong(surface.get_xid()), x, y)
    x11.XSync(connection, False)
    print("ready", flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()

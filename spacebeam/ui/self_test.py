"""Opens the real window and closes it again, to see whether an installation is whole."""

from __future__ import annotations

from gi.repository import Adw, Gdk, Gio, GLib, Gtk

from spacebeam.ui.application import Application
from spacebeam.ui.event_loop import use_glib_loop

_TIME_LIMIT = 20  # seconds until a window that was never drawn is a failure


def versions() -> dict[str, str]:
    """The versions of the libraries that the window needs."""
    gtk = (Gtk.get_major_version(), Gtk.get_minor_version(), Gtk.get_micro_version())
    adwaita = (Adw.get_major_version(), Adw.get_minor_version(), Adw.get_micro_version())
    return {
        "GTK": ".".join(map(str, gtk)),
        "libadwaita": ".".join(map(str, adwaita)),
        "GtkSourceView": "5",  # it does not say more
    }


def has_display() -> bool:
    """Whether a window can be opened; without a display, a widget would crash the process."""
    return Gdk.Display.get_default() is not None


def open_and_close() -> str:
    """Open a window, wait until it has been drawn, close it; returns what was seen.

    Raises TimeoutError where nothing was drawn. There has to be a display.
    """
    use_glib_loop()
    application = Application(Gio.ApplicationFlags.NON_UNIQUE)
    seen: list[str] = []

    def on_tick(window: Gtk.Widget, clock: Gdk.FrameClock) -> bool:
        if clock.get_frame_counter() < 2:
            return GLib.SOURCE_CONTINUE
        seen.append(f"a window of {window.get_width()} by {window.get_height()} pixels")
        application.quit()
        return GLib.SOURCE_REMOVE

    def on_activate(_application: Gtk.Application) -> None:
        window = application.get_active_window()
        if window is not None:
            window.add_tick_callback(on_tick)

    application.connect_after("activate", on_activate)
    limit = GLib.timeout_add_seconds(_TIME_LIMIT, application.quit)
    application.run([])
    if not seen:
        raise TimeoutError(f"the window was not drawn within {_TIME_LIMIT} s")
    GLib.source_remove(limit)
    return seen[0]

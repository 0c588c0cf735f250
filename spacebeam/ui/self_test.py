"""Opens the real window and closes it again, to check an installation."""

from __future__ import annotations

from gi.repository import Adw, Gdk, Gio, GLib, Gtk

from spacebeam.ui.application import Application
from spacebeam.ui.tasks import use_glib_loop

_DRAW_TIMEOUT_S = 20


def versions() -> dict[str, str]:
    """Return the versions of the libraries that the window needs."""
    gtk = (Gtk.get_major_version(), Gtk.get_minor_version(), Gtk.get_micro_version())
    adwaita = (Adw.get_major_version(), Adw.get_minor_version(), Adw.get_micro_version())
    return {
        "GTK": ".".join(map(str, gtk)),
        "libadwaita": ".".join(map(str, adwaita)),
        "GtkSourceView": "5",  # it tells no more
    }


def has_display() -> bool:
    """Whether a window can be opened; without a display, a widget would crash the process."""
    return Gdk.Display.get_default() is not None


def open_and_close() -> str:
    """Open a window, wait until it is drawn, close it; return its size in words.

    Raises TimeoutError where nothing was drawn within 20 s. Needs a display.
    """
    use_glib_loop()
    application = Application(Gio.ApplicationFlags.NON_UNIQUE)
    drawn: list[str] = []

    def on_tick(window: Gtk.Widget, clock: Gdk.FrameClock) -> bool:
        if clock.get_frame_counter() < 2:
            return GLib.SOURCE_CONTINUE
        drawn.append(f"a window of {window.get_width()} by {window.get_height()} pixels")
        application.quit()
        return GLib.SOURCE_REMOVE

    def on_activate(_application: Gtk.Application) -> None:
        window = application.get_active_window()
        if window is not None:
            window.add_tick_callback(on_tick)

    application.connect_after("activate", on_activate)
    limit = GLib.timeout_add_seconds(_DRAW_TIMEOUT_S, application.quit)
    application.run([])
    if not drawn:
        raise TimeoutError(f"the window was not drawn within {_DRAW_TIMEOUT_S} s")
    GLib.source_remove(limit)
    return drawn[0]

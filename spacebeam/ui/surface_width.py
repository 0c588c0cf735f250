"""Tells a widget how wide its window is, in pixels at the usual size of text."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Gdk, GObject, Gtk

from spacebeam.ui.handlers import weak_handlers, weakly

NARROW = 560  # pixels; in narrower windows there is no room for everything in one line
_USUAL_DPI = 96 * 1024  # of Gtk.Settings


def text_scale(widget: Gtk.Widget) -> float:
    """Return the factor by which the desktop enlarges text."""
    dpi = int(widget.get_settings().get_property("gtk-xft-dpi"))
    return dpi / _USUAL_DPI if dpi > 0 else 1.0


@weak_handlers
class SurfaceWidth:
    """Calls a method with the width of a widget's window when it changes, while both are shown.

    The width is divided by the text scale, so that large text counts as little room.
    """

    def __init__(self, widget: Gtk.Widget, react: Callable[[int], object]) -> None:
        self._react = weakly(react)
        self._surface: Gdk.Surface | None = None
        self._surface_handler = self._settings_handler = 0
        self._scale = text_scale(widget)
        widget.connect("map", self._on_widget_map)
        widget.connect("unmap", self._on_widget_unmap)

    def _tell(self) -> None:
        if self._surface is not None and self._surface.get_width() > 1:  # it has been laid out
            self._react(int(self._surface.get_width() / self._scale))

    def _on_widget_map(self, widget: Gtk.Widget) -> None:
        native = widget.get_native()
        self._surface = native.get_surface() if native else None
        if self._surface is None:
            return
        settings = widget.get_settings()
        self._surface_handler = self._surface.connect("layout", self._on_surface_layout)
        self._settings_handler = settings.connect(
            "notify::gtk-xft-dpi", self._on_settings_notify_dpi, widget
        )
        self._scale = text_scale(widget)
        self._tell()

    def _on_widget_unmap(self, widget: Gtk.Widget) -> None:
        if self._surface is not None:
            self._surface.disconnect(self._surface_handler)
            widget.get_settings().disconnect(self._settings_handler)
            self._surface = None

    def _on_surface_layout(self, _surface: Gdk.Surface, _width: int, _height: int) -> None:
        self._tell()

    def _on_settings_notify_dpi(
        self, _settings: Gtk.Settings, _property: GObject.ParamSpec, widget: Gtk.Widget
    ) -> None:
        self._scale = text_scale(widget)
        self._tell()

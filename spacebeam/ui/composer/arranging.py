"""Where the parts of the composer are: beside each other, or in narrow windows below the text."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.ui.composer.height_handle import HeightHandle
from spacebeam.ui.handlers import weak_handlers

# Column, row and columns of the text, the format, and the buttons.
_BESIDE = (1, 0, 1), (0, 0, 1), (2, 0, 1)
_BELOW = (0, 0, 2), (0, 1, 1), (1, 1, 1)
_NARROW = 560  # pixels; in narrower windows the buttons are below the text


@weak_handlers
class ComposerLayout:
    """Arranges the text, the format and the buttons in a grid."""

    def __init__(
        self, grid: Gtk.Grid, parts: tuple[Gtk.Widget, Gtk.Widget, Gtk.Widget], handle: HeightHandle
    ) -> None:
        self._grid = grid
        self._parts = parts
        self._handle = handle
        self._surface: Gdk.Surface | None = None
        self._handler = 0

    def follow(self) -> None:
        """Arrange the parts for the window that is mapped, and whenever it is resized."""
        native = self._grid.get_native()
        self._surface = native.get_surface() if native else None
        if self._surface is not None:
            self._handler = self._surface.connect("layout", self._on_surface_layout)
            self._arrange(self._surface.get_width(), self._surface.get_height())

    def stop(self) -> None:
        """Follow the window no more."""
        if self._surface is not None:
            self._surface.disconnect(self._handler)
            self._surface = None

    def _arrange(self, width: int, height: int) -> None:
        is_narrow = width < _NARROW
        layout = self._grid.get_layout_manager()
        assert layout is not None
        for widget, place in zip(self._parts, _BELOW if is_narrow else _BESIDE, strict=True):
            child = layout.get_layout_child(widget)
            for name, value in zip(("column", "row", "column-span"), place, strict=True):
                child.set_property(name, value)
        self._parts[-1].set_hexpand(is_narrow)
        self._handle.show_window(height)

    def _on_surface_layout(self, _surface: Gdk.Surface, width: int, height: int) -> None:
        self._arrange(width, height)

"""How wide the sidebar and the page beside it are, for Adw.Flap to decide whether both fit."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.pages.upright_layout import UprightLayout
from spacebeam.ui.surface_width import text_scale

WIDE = 700  # pixels at the usual size of text; in narrower windows the sidebar is a sheet


class SidebarLayout(UprightLayout):
    """Gives the sidebar exactly `width` pixels, whatever its texts need."""

    __gtype_name__ = "SpacebeamSidebarLayout"

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def do_measure(  # type: ignore[override]  # GTK gives no names of orientations
        self, widget: Gtk.Widget, orientation: Gtk.Orientation, for_size: int
    ) -> tuple[int, int, int, int]:
        least, natural, *_rest = UprightLayout.do_measure(self, widget, orientation, for_size)
        if orientation == Gtk.Orientation.HORIZONTAL:
            least = natural = max(self.width, least)
        return least, natural, -1, -1


class BesideLayout(UprightLayout):
    """Asks for as much width as the page has in a window that is wide enough for both."""

    __gtype_name__ = "SpacebeamBesideLayout"

    def __init__(self, sidebar: SidebarLayout) -> None:
        super().__init__()
        self._sidebar = sidebar

    def do_measure(  # type: ignore[override]  # GTK gives no names of orientations
        self, widget: Gtk.Widget, orientation: Gtk.Orientation, for_size: int
    ) -> tuple[int, int, int, int]:
        least, natural, *_rest = UprightLayout.do_measure(self, widget, orientation, for_size)
        if orientation == Gtk.Orientation.HORIZONTAL:
            natural = max(least, int(WIDE * text_scale(widget)) - self._sidebar.width)
        return least, natural, -1, -1

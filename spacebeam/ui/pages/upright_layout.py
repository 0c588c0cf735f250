"""Lays out one child without ever trading width for height.

GTK would make wrapped labels wider where there is little height, and cut off the page on both sides
of a narrow window.
"""

from __future__ import annotations

from gi.repository import Gtk


class UprightLayout(Gtk.LayoutManager):
    """Gives the child all space; its width never depends on the height."""

    __gtype_name__ = "SpacebeamUprightLayout"

    def do_get_request_mode(self, _widget: Gtk.Widget) -> Gtk.SizeRequestMode:
        return Gtk.SizeRequestMode.HEIGHT_FOR_WIDTH

    def do_measure(  # type: ignore[override]  # GTK gives no names of orientations
        self, widget: Gtk.Widget, orientation: Gtk.Orientation, for_size: int
    ) -> tuple[int, int, int, int]:
        child = widget.get_first_child()
        if child is None:
            return 0, 0, -1, -1
        size = -1
        if orientation == Gtk.Orientation.VERTICAL and for_size >= 0:
            # Newer versions of GTK complain of less than the child needs.
            size = max(for_size, child.measure(Gtk.Orientation.HORIZONTAL, -1)[0])
        least, natural, *_baselines = child.measure(orientation, size)
        return least, natural, -1, -1

    def do_allocate(self, widget: Gtk.Widget, width: int, height: int, baseline: int) -> None:
        child = widget.get_first_child()
        if child is not None:
            least = child.measure(Gtk.Orientation.VERTICAL, width)[0]
            child.allocate(width, max(height, least), baseline, None)

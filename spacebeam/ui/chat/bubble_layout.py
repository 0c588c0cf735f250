"""Lays out a bubble at one side, no wider than it needs.

GTK would give an aligned label the width of its whole text on one line.
"""

from __future__ import annotations

from gi.repository import Gdk, Gtk

MAX_WIDTH = 520  # pixels


class BubbleLayout(Gtk.LayoutManager):
    """Gives the child its natural width, up to a limit, at the start or the end."""

    __gtype_name__ = "SpacebeamBubbleLayout"

    def __init__(self) -> None:
        super().__init__()
        self._is_at_end = False

    def place(self, *, is_at_end: bool) -> None:
        """Place the child at the end, where sent bubbles are, or at the start."""
        if is_at_end is not self._is_at_end:
            self._is_at_end = is_at_end
            self.layout_changed()

    def do_get_request_mode(self, _widget: Gtk.Widget) -> Gtk.SizeRequestMode:
        return Gtk.SizeRequestMode.HEIGHT_FOR_WIDTH

    def do_measure(  # type: ignore[override]  # GTK gives no names of orientations
        self, widget: Gtk.Widget, orientation: Gtk.Orientation, for_size: int
    ) -> tuple[int, int, int, int]:
        child = widget.get_first_child()
        if child is None:
            return 0, 0, -1, -1
        least, natural, *_baselines = child.measure(Gtk.Orientation.HORIZONTAL, -1)
        if orientation == Gtk.Orientation.HORIZONTAL:
            return least, natural, -1, -1
        width = _width(least, natural, for_size)
        height = child.measure(Gtk.Orientation.VERTICAL, width)[1]
        return height, height, -1, -1

    def do_allocate(self, widget: Gtk.Widget, width: int, height: int, baseline: int) -> None:
        child = widget.get_first_child()
        if child is None:
            return
        least, natural, *_baselines = child.measure(Gtk.Orientation.HORIZONTAL, -1)
        given = _width(least, natural, width)
        is_rtl = widget.get_direction() == Gtk.TextDirection.RTL
        place = Gdk.Rectangle()
        place.x = width - given if self._is_at_end is not is_rtl else 0
        place.width, place.height = given, height
        child.size_allocate(place, baseline)


def _width(least: int, natural: int, available: int) -> int:
    width = min(natural, MAX_WIDTH)
    return max(least, width if available < 0 else min(width, available))

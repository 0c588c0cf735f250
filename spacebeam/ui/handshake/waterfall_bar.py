"""One stage of a handshake as a bar, where it lies in the whole."""

from __future__ import annotations

from gi.repository import Graphene, Gtk

from spacebeam.net.stages import WaterfallSpan
from spacebeam.ui.compat import text_color

_THINNEST = 2.0  # pixels; a stage that took no time is seen all the same


class WaterfallBar(Gtk.Widget):
    """Draws a stage over its own width in its style's colour."""

    __gtype_name__ = "SpacebeamWaterfallBar"

    def __init__(self, bar: WaterfallSpan) -> None:
        super().__init__(hexpand=True, valign=Gtk.Align.CENTER, height_request=12)
        self.set_size_request(60, 12)
        self.add_css_class("waterfall-bar")
        self._bar = bar

    def bounds(self, width: float) -> tuple[float, float]:
        """Where the bar begins, and its length, in a widget of this width."""
        length = max(self._bar.length * width, _THINNEST)
        return min(self._bar.offset * width, width - length), length

    def do_snapshot(self, snapshot: Gtk.Snapshot) -> None:
        begin, length = self.bounds(self.get_width())
        area = Graphene.Rect().init(begin, 0, length, self.get_height())
        snapshot.append_color(text_color(self), area)

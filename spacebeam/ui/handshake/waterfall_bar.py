"""One stage of a handshake as a bar on the time axis."""

from __future__ import annotations

from gi.repository import Graphene, Gtk

from spacebeam.net.stages import WaterfallSpan
from spacebeam.ui.compat import text_color

_MIN_LENGTH = 2.0  # pixels, so that the shortest stage is visible


class WaterfallBar(Gtk.Widget):
    """Draws a stage's share of the width in the style's text colour."""

    __gtype_name__ = "SpacebeamWaterfallBar"

    def __init__(self, bar: WaterfallSpan) -> None:
        super().__init__(hexpand=True, valign=Gtk.Align.CENTER, height_request=12)
        self.set_size_request(60, 12)
        self.add_css_class("waterfall-bar")
        self._bar = bar

    def bounds(self, width: float) -> tuple[float, float]:
        """Return the bar's begin and length in a widget of this width, in pixels."""
        length = max(self._bar.length * width, _MIN_LENGTH)
        return min(self._bar.offset * width, width - length), length

    def do_snapshot(self, snapshot: Gtk.Snapshot) -> None:
        begin, length = self.bounds(self.get_width())
        area = Graphene.Rect().init(begin, 0, length, self.get_height())
        snapshot.append_color(text_color(self), area)

"""The plot of the rate graph: received above a line, sent below it, and a selection."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from gi.repository import Gdk, Graphene, Gtk

from spacebeam.ui.compat import text_color
from spacebeam.ui.rates.bars import NOTHING, Bars, RateChart
from spacebeam.ui.rates.time_plot import TimePlot, faded, fill

if TYPE_CHECKING:
    import cairo

HEIGHT = 62  # pixels
_ABOVE = 0.6  # share of the height for received; most connections receive more than they send
_MIN_HEIGHT = 1.0  # pixels, so that the smallest rate is visible


class RatePlot(TimePlot):
    """Draws a RateChart and lets the person select a time span."""

    __gtype_name__ = "SpacebeamRatePlot"

    def __init__(self) -> None:
        super().__init__()
        self.set_size_request(120, HEIGHT)
        self._chart = NOTHING
        self._colored: tuple[Gtk.Widget, Gtk.Widget] = (self, self)

    def take_colors(self, sent: Gtk.Widget, received: Gtk.Widget) -> None:
        """Use the text colours of these widgets for sent and received."""
        self._colored = (sent, received)

    def show_chart(self, chart: RateChart) -> None:
        """Draw another chart."""
        self._chart = chart
        self.show_time(chart.view, chart.step, chart.ticks, chart.width)

    def draw_values(self, snapshot: Gtk.Snapshot, width: int, height: int, color: Gdk.RGBA) -> None:
        sent, received = self._colored
        middle = round(height * _ABOVE)
        context = snapshot.append_cairo(Graphene.Rect().init(0, 0, width, height))
        context.scale(width / self._chart.width, 1)
        below, above = height - middle - 1, 1 - middle
        _draw(context, self._chart.received, text_color(received), middle, above)
        _draw(context, self._chart.sent, text_color(sent), middle + 1, below)
        fill(snapshot, faded(color, 0.3), 0, middle, width, 1)


def _draw(
    context: cairo.Context[cairo.Surface], bars: Bars, color: Gdk.RGBA, base: float, room: float
) -> None:
    """Fill a series of bars from `base`; `room` is the height of 1, negative upwards."""
    if not bars.top:
        return
    thinnest = _MIN_HEIGHT if room > 0 else -_MIN_HEIGHT
    Gdk.cairo_set_source_rgba(context, color)
    context.move_to(bars.edges[0], base)
    line_to = context.line_to
    before = 0.0
    for (begin, _end), height in zip(pairwise(bars.edges), bars.heights, strict=True):
        if height != before:
            line_to(begin, base + _reach(before, room, thinnest))
            line_to(begin, base + _reach(height, room, thinnest))
            before = height
    line_to(bars.edges[-1], base + _reach(before, room, thinnest))
    line_to(bars.edges[-1], base)
    context.fill()


def _reach(height: float, room: float, thinnest: float) -> float:
    return (max if room > 0 else min)(height * room, thinnest) if height else 0.0

"""The plot of pinned values, in which a time span can be selected."""

from __future__ import annotations

from gi.repository import Adw, Gdk, Graphene, Gtk, Pango

from spacebeam.ui.rates.time_plot import AXIS, TimePlot
from spacebeam.ui.values.chart import NOTHING, ValueChart
from spacebeam.ui.values.drawing import Palette, draw_chart

_MIN_STRETCH, _MAX_STRETCH = 0.5, 2.0


class ValuePlot(TimePlot):
    """Draws a ValueChart and lets the person select a time span."""

    __gtype_name__ = "SpacebeamValuePlot"

    def __init__(self) -> None:
        super().__init__()
        self.chart = NOTHING

    def show_chart(self, chart: ValueChart) -> None:
        """Draw another chart."""
        self.chart = chart
        self.set_size_request(120, chart.height + AXIS)
        self.show_time(chart.view, chart.step, chart.ticks, chart.width)

    def draw_values(self, snapshot: Gtk.Snapshot, width: int, height: int, color: Gdk.RGBA) -> None:
        if not _MIN_STRETCH < width / self.chart.width < _MAX_STRETCH:
            return  # it is for another width, and drawn again soon
        context = snapshot.append_cairo(Graphene.Rect().init(0, 0, width, height))
        context.scale(width / self.chart.width, 1)
        is_dark = Adw.StyleManager.get_default().get_dark()
        palette = Palette.of(color, is_dark=is_dark)
        draw_chart(context, self.chart, palette, font_of(self))


def font_of(widget: Gtk.Widget) -> Pango.FontDescription:
    """Return the font of a widget's style."""
    return widget.get_pango_context().get_font_description() or Pango.FontDescription("sans 9")

"""The plot of pinned values, in which a time span can be selected; and a value's sparkline."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import Adw, Gdk, Graphene, Gtk, Pango

from spacebeam.ui.compat import text_color
from spacebeam.ui.rates.time_plot import AXIS, TimePlot
from spacebeam.ui.values.chart import NOTHING, ValueChart
from spacebeam.ui.values.drawing import Palette, draw_chart

SPARK_COLUMNS = 24
_MIN_STRETCH, _MAX_STRETCH = 0.5, 2.0
_SPARK_WIDTH, _SPARK_HEIGHT = 48, 14  # pixels


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


class Sparkline(Gtk.Widget):
    """The course of a value, a few pixels high."""

    __gtype_name__ = "SpacebeamSparkline"

    def __init__(self) -> None:
        super().__init__(accessible_role=Gtk.AccessibleRole.PRESENTATION, can_target=False)
        self.set_size_request(_SPARK_WIDTH, _SPARK_HEIGHT)
        self.set_valign(Gtk.Align.CENTER)
        self._heights: Sequence[float | None] = ()

    def show_heights(self, heights: Sequence[float | None]) -> None:
        """Draw these heights from 0 to 1, from left to right; None is left out."""
        if heights != self._heights:
            self._heights = heights
            self.queue_draw()

    def do_snapshot(self, snapshot: Gtk.Snapshot) -> None:
        points = [(at, one) for at, one in enumerate(self._heights) if one is not None]
        width, height = self.get_width(), self.get_height()
        if not points or width < 2:
            return
        context = snapshot.append_cairo(Graphene.Rect().init(0, 0, width, height))
        Gdk.cairo_set_source_rgba(context, text_color(self))
        context.set_line_width(1.25)
        step = width / max(len(self._heights), 1)
        for at, one in points:
            y = 1 + (1 - one) * (height - 2)
            context.line_to(at * step, y)
            context.line_to((at + 1) * step, y)
        context.stroke()


def font_of(widget: Gtk.Widget) -> Pango.FontDescription:
    """Return the font of a widget's style."""
    return widget.get_pango_context().get_font_description() or Pango.FontDescription("sans 9")

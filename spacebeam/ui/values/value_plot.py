"""The plot of pinned values, in which a time span can be selected."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import cairo
from gi.repository import Adw, Gdk, GLib, Graphene, Gtk, Pango

from spacebeam.ui.compat import text_color
from spacebeam.ui.rates.time_plot import AXIS, TimePlot
from spacebeam.ui.values.chart import NOTHING, Lane, ValueChart
from spacebeam.ui.values.drawing import Palette, draw_lane

_MIN_STRETCH, _MAX_STRETCH = 0.5, 2.0
_FORMAT = (  # of cairo's pixels
    Gdk.MemoryFormat.B8G8R8A8_PREMULTIPLIED
    if sys.byteorder == "little"
    else Gdk.MemoryFormat.A8R8G8B8_PREMULTIPLIED
)


@dataclass(frozen=True, slots=True)
class _Picture:
    """A lane as it was drawn."""

    lane: Lane
    style: tuple[bool, str, int]  # dark, the colour of texts, the scale of the screen
    texture: Gdk.Texture


class ValuePlot(TimePlot):
    """Draws a ValueChart and lets the person select a time span.

    Lanes are drawn once, as pictures: a line with much noise takes milliseconds.
    """

    __gtype_name__ = "SpacebeamValuePlot"

    def __init__(self) -> None:
        super().__init__()
        self.chart = NOTHING
        self._pictures: dict[int, _Picture] = {}  # by the index of the lane

    def prepare(self, at: int, lane: Lane, width: float) -> None:
        """Draw a lane of a chart that is shown next, `width` pixels wide."""
        is_dark, color, scale = style = self._style()
        size = max(int(width * scale), 1), max(lane.height * scale, 1)
        surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, *size)
        context = cairo.Context(surface)
        context.scale(scale, scale)
        context.set_antialias(cairo.ANTIALIAS_FAST)
        text = Gdk.RGBA()
        text.parse(color)
        palette = Palette.of(text, is_dark=is_dark)
        draw_lane(context, lane, at, palette, font_of(self), width)
        surface.flush()
        pixels = GLib.Bytes.new(bytes(surface.get_data()))
        texture = Gdk.MemoryTexture.new(*size, _FORMAT, pixels, surface.get_stride())
        self._pictures[at] = _Picture(lane, style, texture)

    def show_chart(self, chart: ValueChart) -> None:
        """Draw another chart."""
        self.chart = chart
        for at in [one for one in self._pictures if one >= len(chart.lanes)]:
            del self._pictures[at]
        self.set_size_request(120, chart.height + AXIS)
        self.show_time(chart.view, chart.step, chart.ticks, chart.width)

    def draw_values(self, snapshot: Gtk.Snapshot, width: int, height: int, color: Gdk.RGBA) -> None:
        if not _MIN_STRETCH < width / self.chart.width < _MAX_STRETCH:
            return  # it is for another width, and drawn again soon
        top = 0
        for at, lane in enumerate(self.chart.lanes):
            picture = self._pictures.get(at)
            if picture is None or picture.lane is not lane or picture.style != self._style():
                self.prepare(at, lane, self.chart.width)
            area = Graphene.Rect().init(0, top, width, lane.height)
            snapshot.append_texture(self._pictures[at].texture, area)
            top += lane.height

    def _style(self) -> tuple[bool, str, int]:
        is_dark = Adw.StyleManager.get_default().get_dark()
        return is_dark, text_color(self).to_string(), self.get_scale_factor()


def font_of(widget: Gtk.Widget) -> Pango.FontDescription:
    """Return the font of a widget's style."""
    return widget.get_pango_context().get_font_description() or Pango.FontDescription("sans 9")

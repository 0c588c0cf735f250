"""Draws a chart of values with cairo: on the screen, and into files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gi.repository import Gdk, Pango, PangoCairo

from spacebeam.search.series.sequence import Break
from spacebeam.ui.rates.bars import Tick
from spacebeam.ui.values.chart import HEAD, Band, Lane, Point, ValueChart

if TYPE_CHECKING:
    import cairo

    Context = cairo.Context[Any]

AXIS = 16  # pixels, for the times below the lanes of a file
_MARGIN = 12  # pixels, around the lanes of a file
_MARK_DISTANCE = 9  # pixels between two marks that are drawn
_BAND_TEXT = 4  # pixels before a band's name
_SIGNS = {Break.GAP: "×", Break.DUPLICATE: "=", Break.ORDER: "↕"}
_LIGHT = ("#1c71d8", "#26a269", "#c64600", "#813d9c", "#865e3c", "#a51d2d")
_DARK = ("#78aeed", "#57e389", "#ffa348", "#dc8add", "#cdab8f", "#f66151")
_WARNING = {False: "#c01c28", True: "#ff7b63"}


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a chart."""

    text: Gdk.RGBA
    warning: Gdk.RGBA
    lanes: Sequence[Gdk.RGBA]

    @classmethod
    def of(cls, text: Gdk.RGBA, *, is_dark: bool) -> Palette:
        """Return the colours for a dark or a light background."""
        lanes = [_color(one) for one in (_DARK if is_dark else _LIGHT)]
        return cls(text, _color(_WARNING[is_dark]), lanes)


def _color(name: str) -> Gdk.RGBA:
    color = Gdk.RGBA()
    color.parse(name)
    return color


def draw_chart(
    context: Context, chart: ValueChart, palette: Palette, font: Pango.FontDescription
) -> None:
    """Draw all lanes, the first one at the top."""
    top = 0.0
    for at, lane in enumerate(chart.lanes):
        context.save()
        context.translate(0, top)
        draw_lane(context, lane, at, palette, font, chart.width)
        context.restore()
        top += lane.height


def draw_file(
    context: Context, chart: ValueChart, palette: Palette, font: Pango.FontDescription
) -> None:
    """Draw a chart with its times and a margin, on white."""
    context.set_source_rgb(1, 1, 1)
    context.paint()
    context.translate(_MARGIN, _MARGIN)
    draw_chart(context, chart, palette, font)
    context.translate(0, chart.height)
    for tick in chart.ticks:
        _draw_tick(context, tick, palette, font, chart.width)


def file_size(chart: ValueChart) -> tuple[int, int]:
    """Return the width and height of a file in pixels."""
    return int(chart.width) + 2 * _MARGIN, chart.height + AXIS + 2 * _MARGIN


def _draw_tick(
    context: Context, tick: Tick, palette: Palette, font: Pango.FontDescription, width: float
) -> None:
    layout = _layout(context, tick.words, font)
    length = layout.get_pixel_size()[0]
    if tick.x - length / 2 >= 0 and tick.x + length / 2 <= width:
        _source(context, palette.text, 0.7)
        context.move_to(tick.x - length / 2, 0)
        PangoCairo.show_layout(context, layout)


def draw_lane(
    context: Context,
    lane: Lane,
    at: int,
    palette: Palette,
    font: Pango.FontDescription,
    width: float,
) -> None:
    """Draw a lane, the one with the index `at` from the top."""
    color = palette.lanes[at % len(palette.lanes)]
    scale = _layout(context, lane.scale, font)
    scale_width = scale.get_pixel_size()[0]
    _source(context, palette.text, 0.6)
    context.move_to(width - scale_width, 0)
    PangoCairo.show_layout(context, scale)
    name = _layout(context, lane.name, font)
    name.set_ellipsize(Pango.EllipsizeMode.END)
    name.set_width(int(max(width - scale_width - 12, 1) * Pango.SCALE))
    _source(context, color, 1.0)
    context.move_to(0, 0)
    PangoCairo.show_layout(context, name)
    context.translate(0, HEAD)
    _draw_line(context, lane.points, color, lane.body)
    for row, band in enumerate(lane.bands):
        _draw_band(context, band, row, lane, color, palette, font, width)
    _draw_marks(context, lane, palette, font)


def _draw_line(context: Context, points: Sequence[Point], color: Gdk.RGBA, height: float) -> None:
    if not points:
        return
    room = height - 2
    _source(context, color, 1.0)
    context.set_line_width(1.25)
    context.new_path()
    line_to = context.line_to
    before = points[0].last
    for point in points:
        x = point.x
        # The nearer extreme first, so that the line does not cross the column twice.
        near, far = sorted((point.low, point.high), key=lambda one: abs(one - before))
        line_to(x, 1 + (1 - near) * room)
        if far != near:
            line_to(x, 1 + (1 - far) * room)
        if point.last not in (near, far) or point.last == near:
            line_to(x, 1 + (1 - point.last) * room)
        before = point.last
    context.stroke()


def _draw_band(
    context: Context,
    band: Band,
    row: int,
    lane: Lane,
    color: Gdk.RGBA,
    palette: Palette,
    font: Pango.FontDescription,
    width: float,
) -> None:
    height = lane.body / len(lane.bands)
    top = row * height
    _source(context, color, 0.35 if band.spans else 0.5)
    for begin, end in band.spans:
        context.rectangle(begin, top + 1, max(end - begin, 1), height - 2)
    step = width / max(len(band.heights), 1)
    for place, share in enumerate(band.heights):
        if share:
            tall = max(share * (height - 2), 1.0)
            context.rectangle(place * step, top + height - tall, step, tall)
    context.fill()
    if band.spans or band.heights:
        layout = _layout(context, band.name, font)
        _source(context, palette.text, 0.95)
        context.move_to(_BAND_TEXT, top + (height - layout.get_pixel_size()[1]) / 2)
        PangoCairo.show_layout(context, layout)


def _draw_marks(
    context: Context, lane: Lane, palette: Palette, font: Pango.FontDescription
) -> None:
    """Draw a line at each break, and a sign where there is room."""
    context.set_line_width(1)
    drawn = -_MARK_DISTANCE
    for mark in lane.marks:
        _source(context, palette.warning, 0.8)
        x = int(mark.x) + 0.5
        context.move_to(x, 0)
        context.line_to(x, lane.body)
        context.stroke()
        if mark.x - drawn >= _MARK_DISTANCE:
            drawn = int(mark.x)
            layout = _layout(context, _SIGNS[mark.kind], font)
            context.move_to(x + 2, lane.body - HEAD)
            PangoCairo.show_layout(context, layout)


def _layout(context: Context, text: str, font: Pango.FontDescription) -> Pango.Layout:
    layout = PangoCairo.create_layout(context)
    layout.set_font_description(font)
    layout.set_text(text, -1)
    return layout


def _source(context: Context, color: Gdk.RGBA, alpha: float) -> None:
    context.set_source_rgba(color.red, color.green, color.blue, color.alpha * alpha)

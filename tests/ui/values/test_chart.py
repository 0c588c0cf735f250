"""The chart of values: lines, bands and marks from numbers, without widgets."""

from __future__ import annotations

import io
from typing import Any

import cairo
import pytest
from gi.repository import Gdk, Pango

from spacebeam.protocol.batch import Direction
from spacebeam.recording.rates import Measure
from spacebeam.search.series.sequence import Break
from spacebeam.search.series.series import Series
from spacebeam.ui.rates.bars import TimeWindow
from spacebeam.ui.values.chart import (
    Lane,
    ValueChart,
    break_words,
    lane,
    number_words,
    short_name,
    spark,
    values_at,
)
from spacebeam.ui.values.drawing import Palette, draw_file, file_size

WIDTH = 200.0


def charted(*values: Any, path: str = "data.x") -> Lane:
    """The lane of values that came a second apart, from 1000 on."""
    series = series_of(*values, path=path)
    return lane(series, series.buckets, TimeWindow(1000, 1000 + len(values)), WIDTH)


def series_of(*values: Any, path: str = "data.x") -> Series:
    series = Series(path, 1.0)
    for at, value in enumerate(values):
        series.add(at, 1000.0 + at, Direction.RECEIVED, value)
    return series


def test_numbers_are_a_line_between_their_extremes() -> None:
    found = charted(5, 1, 9, 5)
    heights = {(one.low, one.high) for one in found.points}
    assert heights == {(0.5, 0.5), (0, 0), (1, 1)}
    assert found.scale == "1 to 9"
    assert (found.points[0].x, len(found.points)) == (1, 76)  # until the newest value


def test_one_number_is_in_the_middle() -> None:
    assert charted(7).points[0].last == 0.5


def test_a_state_is_a_band_while_it_lasts() -> None:
    open_, halted = charted("open", "open", "halted", "open").bands
    assert (open_.name, halted.name) == ("open", "halted")
    assert halted.spans == [(100, 150)]
    assert open_.spans == [(0, 100), (150, 152)]


def test_rare_states_share_a_band() -> None:
    found = charted(*(f"state-{at}" for at in range(20)))
    assert [one.name for one in found.bands][-1] == "…"
    assert len(found.bands) == 6


def test_states_are_shown_as_rates() -> None:
    series = series_of("a", "b", "a", "a")
    view = TimeWindow(1000, 1004)
    found = lane(series, series.buckets, view, WIDTH, Measure.ENTRIES)
    assert found.scale == "1/s"
    first, second = found.bands
    assert (first.heights, second.heights) == ([1, 0, 1, 1], [0, 1, 0, 0])
    assert first.spans == ()


def test_breaks_of_a_sequence_are_marked_and_told() -> None:
    series = series_of(1, 2, 3, 4, 9, 10, 11, 12, 12, 13)
    found = lane(series, series.buckets, TimeWindow(1000, 1010), WIDTH)
    assert [(one.kind, int(one.x)) for one in found.marks] == [
        (Break.GAP, 81),
        (Break.DUPLICATE, 161),
    ]
    assert break_words(series) == "1 gap, 4 missing · 1 duplicate"


def test_a_price_has_no_marks() -> None:
    assert charted(100, 102, 100, 101, 90).marks == []


def test_values_at_a_time() -> None:
    view = TimeWindow(1000, 1004)
    lanes = [charted(1, 2, 3, 4, path="a.price"), charted("x", "y", "x", "y", path="status")]
    chart = ValueChart(view, WIDTH, lanes)
    assert values_at(chart, 1001.5) == "price 2 · status y"
    assert values_at(chart, 900) == ""


def test_a_sparkline_leaves_out_the_time_before_the_first_value() -> None:
    series = series_of(1, 3)
    assert spark(series.buckets, 998, 1002, 4) == [None, None, 0.0, 1.0]


@pytest.mark.parametrize(
    ("path", "name"),
    [("price", "price"), ("data.items[0].price", "price"), ('a."b c"', "b c"), ("@", "@")],
)
def test_short_names(path: str, name: str) -> None:
    assert short_name(path) == name


@pytest.mark.parametrize(
    ("number", "words"), [(1234567, "1,234,567"), (0.1 + 0.2, "0.3"), (1e300, "1e+300")]
)
def test_numbers_have_six_digits_at_most(number: float, words: str) -> None:
    assert number_words(number) == words


def test_a_chart_is_drawn_into_a_file() -> None:
    lanes = [charted(*range(10)), charted("a", "b"), charted(1, 2, 3, 4, 9, path="seq")]
    series = series_of("x", "y")
    lanes.append(lane(series, series.buckets, TimeWindow(1000, 1002), WIDTH, Measure.BYTES))
    chart = ValueChart(TimeWindow(1000, 1010), WIDTH, lanes)
    width, height = file_size(chart)
    surface = cairo.ImageSurface(cairo.FORMAT_RGB24, width, height)
    font = Pango.FontDescription("sans 8")
    draw_file(cairo.Context(surface), chart, Palette.of(Gdk.RGBA(), is_dark=False), font)
    written = io.BytesIO()
    surface.write_to_png(written)
    assert len(set(bytes(surface.get_data()))) > 20  # there are lines, bands and letters

"""Computes the chart of pinned values from numbers: a lane for each, one above the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil, inf

from spacebeam.decode.visible import one_line
from spacebeam.recording.rates import Measure
from spacebeam.search.series.buckets import Buckets
from spacebeam.search.series.columns import Column, columns
from spacebeam.search.series.sequence import Break
from spacebeam.search.series.series import OTHERS, Series
from spacebeam.ui.rates.bars import Tick, TimeWindow, scale_top
from spacebeam.ui.rates.bars import scale as rate_words
from spacebeam.wording.i18n import _, ngettext
from spacebeam.wording.series import measured_name, measured_words

COLUMN_WIDTH = 2  # pixels
HEAD = 16  # pixels, for a lane's name
_LINE_HEIGHT = 56  # pixels, of a lane of numbers without its name
_BAND_HEIGHT = 15
_SPACE = 6  # below a lane
_MAX_BANDS = 6
_MAX_RATES = 300  # of a band
_MAX_NAME = 60  # characters
_EMPTY_HEIGHT = 12
_MIN_SELECTION = 3  # pixels of a step that can be selected


@dataclass(frozen=True, slots=True)
class Point:
    """Numbers of a column: 0 is the lane's lower edge, 1 the upper one."""

    x: float  # pixels
    low: float
    high: float
    last: float


@dataclass(frozen=True, slots=True)
class Band:
    """A state, and when it lasted."""

    name: str
    spans: Sequence[tuple[float, float]]  # pixels
    bits: int  # of its states in columns
    heights: Sequence[float] = ()  # 0 to 1, of equal parts of the time, in place of the spans


@dataclass(frozen=True, slots=True)
class BreakMark:
    """A break of a sequence."""

    x: float  # pixels
    kind: Break


@dataclass(frozen=True, slots=True)
class Lane:
    """The chart of one path."""

    path: str
    name: str  # what is written above it
    points: Sequence[Point] = ()
    scale: str = ""  # the numbers at the lower and the upper edge
    bands: Sequence[Band] = ()
    marks: Sequence[BreakMark] = ()
    found: Sequence[Column] = ()  # for the values at a position

    @property
    def height(self) -> int:
        """Pixels, with its name and the space below."""
        body = _LINE_HEIGHT if self.points else len(self.bands) * _BAND_HEIGHT
        return HEAD + (body or _EMPTY_HEIGHT) + _SPACE

    @property
    def body(self) -> int:
        """Pixels of the drawing."""
        return self.height - HEAD - _SPACE


@dataclass(frozen=True, slots=True)
class ValueChart:
    """Everything that the chart draws, except for the selection."""

    view: TimeWindow
    width: float  # pixels
    lanes: Sequence[Lane] = ()
    ticks: Sequence[Tick] = ()

    @property
    def height(self) -> int:
        """Pixels, without the times below."""
        return sum(one.height for one in self.lanes)

    @property
    def step(self) -> int:
        """Seconds that can be selected at least."""
        span = self.view.ended - self.view.began
        return max(ceil(span * _MIN_SELECTION / max(self.width, 1.0)), 1)


NOTHING = ValueChart(TimeWindow(0.0, 1.0), 1.0)


def lane(
    series: Series,
    buckets: Buckets,
    view: TimeWindow,
    width: float,
    measure: Measure | None = None,
) -> Lane:
    """Return the chart of a series, whose `buckets` are of the whole time or the recent one.

    States are bands, or with a `measure` the rates of the messages that have them.
    """
    count = max(int(width / COLUMN_WIDTH), 1)
    found = columns(buckets, view.began, view.ended, count)
    scale = width / count
    name = (measured_name(series.path) or one_line(series.path))[:_MAX_NAME]
    if note := break_words(series):
        name = f"{name} · {note}"
    marks: list[BreakMark] = []
    if series.is_sequence:
        marks = [
            BreakMark((at + 0.5) * scale, kind)
            for at, one in enumerate(found)
            for kind in (Break.GAP, Break.DUPLICATE, Break.ORDER)
            if one.breaks & kind
        ]
    if not series.is_numeric:
        bands, words = _bands(series, found, scale), ""
        if measure is not None:
            bands, words = _rates(bands, buckets, view, count, measure)
        return Lane(series.path, name, scale=words, bands=bands, found=found)
    low = min((one.low for one in found), default=inf)
    high = max((one.high for one in found), default=-inf)
    if low > high:
        return Lane(series.path, name, found=found)
    points = _points(found, scale, low, high)
    words = _span_words(series.path, low, high)
    return Lane(series.path, name, points, words, (), marks, found)


def _points(found: Sequence[Column], scale: float, low: float, high: float) -> list[Point]:
    span = high - low
    return [
        Point(
            (at + 0.5) * scale,
            (one.low - low) / span if span else 0.5,
            (one.high - low) / span if span else 0.5,
            (one.last - low) / span if span else 0.5,
        )
        for at, one in enumerate(found)
        if one.last is not None
    ]


def _bands(series: Series, found: Sequence[Column], scale: float) -> list[Band]:
    """Return the bands of the states that occur in these columns, the rarest ones together."""
    occurring = 0
    for one in found:
        occurring |= one.states
    names = [(at, name) for at, name in enumerate(series.state_names) if occurring >> at & 1]
    shown = names if len(names) <= _MAX_BANDS else names[: _MAX_BANDS - 1]
    bits = [(name, 1 << at) for at, name in shown]
    if rest := occurring & ~sum(bit for _name, bit in bits):
        bits.append((OTHERS, rest))
    return [Band(one_line(name) or '""', _spans(found, bit, scale), bit) for name, bit in bits]


def _rates(
    bands: Sequence[Band], buckets: Buckets, view: TimeWindow, count: int, measure: Measure
) -> tuple[list[Band], str]:
    """Return the bands with their rates, in parts of a second at least, and the highest one."""
    count = max(min(count, int(view.ended - view.began), _MAX_RATES), 1)
    rates = [buckets.rates(one.bits, measure, view.began, view.ended, count) for one in bands]
    most = max((max(one, default=0.0) for one in rates), default=0.0)
    if not most:
        return list(bands), ""
    top = scale_top(most, 1024 if measure is Measure.BYTES else 1000)
    drawn = [
        replace(band, spans=(), heights=[one / top for one in heights])
        for band, heights in zip(bands, rates, strict=True)
    ]
    return drawn, rate_words(top, measure)


def _spans(found: Sequence[Column], bit: int, scale: float) -> list[tuple[float, float]]:
    spans = []
    for is_on, group in groupby(enumerate(found), lambda one: bool(one[1].states & bit)):
        places = [at for at, _column in group]
        if is_on:
            spans.append((places[0] * scale, (places[-1] + 1) * scale))
    return spans


def spark(buckets: Buckets, began: float, ended: float, count: int) -> list[float | None]:
    """Return the course of a series: `count` heights from 0 to 1; states change them too."""
    found = columns(buckets, began, ended, count)
    values = [
        one.last if one.last is not None else float(one.last_state) if one.states else None
        for one in found
    ]
    known = [one for one in values if one is not None]
    low, span = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    return [None if one is None else (one - low) / span if span else 0.5 for one in values]


def break_words(series: Series) -> str:
    """Return how many breaks a sequence has: “2 gaps, 22 missing · 1 duplicate”, or ""."""
    if not series.is_sequence:
        return ""
    counts = series.break_counts
    words = []
    if gaps := counts[Break.GAP]:
        found = ngettext("{count} gap, {missing} missing", "{count} gaps, {missing} missing", gaps)
        words.append(found.format(count=f"{gaps:,}", missing=f"{series.missing:,}"))
    if duplicates := counts[Break.DUPLICATE]:
        found = ngettext("{count} duplicate", "{count} duplicates", duplicates)
        words.append(found.format(count=f"{duplicates:,}"))
    if late := counts[Break.ORDER]:
        words.append(_("{count} out of order").format(count=f"{late:,}"))
    return " · ".join(words)


def values_at(chart: ValueChart, at: float) -> str:
    """Return the values at a time: “price 101.5 · status open”."""
    words = []
    for one in chart.lanes:
        count = len(one.found)
        place = int(chart.view.x(at, count)) if count else 0
        if 0 <= place < count and (value := _value_words(one, one.found[place])):
            words.append(f"{short_name(one.path)} {value}")
    return " · ".join(words)


def _value_words(shown: Lane, column: Column) -> str:
    if column.last is not None and shown.points:
        return _span_words(shown.path, column.low, column.high)
    return ", ".join(one.name for one in shown.bands if column.states & one.bits)


def _span_words(path: str, low: float, high: float) -> str:
    words = [measured_words(path, one) or number_words(one) for one in (low, high)]
    return words[0] if words[0] == words[1] else _(" to ").join(words)


def short_name(path: str) -> str:
    """Return what is measured, or the last key of a path, which tells values apart well enough."""
    if name := measured_name(path):
        return name[:_MAX_NAME]
    key = path.rpartition(".")[2] or path
    return one_line(key.strip('"'))[:_MAX_NAME] or "@"


def number_words(number: float) -> str:
    """Return a number with six digits at most: 101.25, 12,300, 1.5e+09."""
    if number == int(number) and abs(number) < 1e9:
        return f"{int(number):,}"
    return f"{number:,.6g}"

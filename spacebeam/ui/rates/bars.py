"""Computes the rate graph from numbers: columns, scales, ticks and labels."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log

from spacebeam.decode.preview import size
from spacebeam.recording.rates import Measure, RateSeries, Sums
from spacebeam.wording.i18n import _, ngettext

_COLUMN_WIDTH = 2  # pixels
_MIN_TICK_DISTANCE = 72  # pixels
_INTERVALS = (1, 2, 5, 10, 15, 30)  # seconds, and minutes
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400  # seconds
_DURATION_UNITS = ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (1, "s"))
_TICK_INTERVALS = (
    *_INTERVALS,
    *(_MINUTE * count for count in _INTERVALS),
    *(_HOUR * count for count in (1, 2, 3, 6, 12)),
    *(_DAY * count for count in (1, 2, 7, 28, 91, 364)),
)
_ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)  # tops of a scale
_ROUNDING = 1e-9  # tolerance of a division


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """The time span that the graph's width shows; never empty."""

    began: float  # Unix time in seconds
    ended: float

    def x(self, at: float, width: float) -> float:
        """Return the position of a time, in pixels."""
        return (at - self.began) / (self.ended - self.began) * width

    def time(self, x: float, width: float) -> float:
        """Return the time at a position, clamped to the window."""
        share = min(max(x / width, 0.0), 1.0) if width > 0 else 0.0
        return self.began + share * (self.ended - self.began)


@dataclass(frozen=True, slots=True)
class Bars:
    """The columns of one direction, from left to right, without gaps."""

    edges: Sequence[float]  # pixels; one more than columns
    heights: Sequence[float]  # 0 to 1
    top: float  # the rate of height 1, a second; 0 without columns


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled time on the axis."""

    x: float  # pixels
    words: str


@dataclass(frozen=True, slots=True)
class RateChart:
    """Everything that the graph draws, except for the selection."""

    view: TimeWindow
    step: int  # seconds
    width: float  # pixels
    sent: Bars
    received: Bars
    ticks: Sequence[Tick]


NOTHING = RateChart(TimeWindow(0.0, 1.0), 1, 1.0, Bars((), (), 0.0), Bars((), (), 0.0), ())


def picture(
    series: RateSeries, view: TimeWindow, width: float, offset: int, unit: int = 1000
) -> RateChart:
    """Return what a graph of this width draws; see `bars` and `ticks`."""
    sent, received = bars(series, view, width, unit)
    return RateChart(view, series.step, width, sent, received, ticks(view, width, offset))


def bars(series: RateSeries, view: TimeWindow, width: float, unit: int = 1000) -> tuple[Bars, Bars]:
    """Return the columns of sent and received: mean rates a second.

    A column is at least two pixels wide; if need be, it joins several steps. Which steps it joins
    does not depend on where the view begins, so columns keep their height as they move. The scale
    is round in powers of `unit`.
    """
    count = min(len(series.sent), len(series.received))
    seen = max((view.ended - view.began) / series.step, 1)
    # The groups at both ends may be cut off: they are two more.
    group = max(ceil(seen / max(width / _COLUMN_WIDTH - 2, 1)), 1)
    first = series.began // series.step
    begin = max(floor(view.began) // series.step // group * group - first, 0)
    end = min(count, ceil(view.ended / series.step) - first)
    bounds = [begin, *range(begin + group - (first + begin) % group, end, group), end]
    if end <= begin:
        return Bars((), (), 0.0), Bars((), (), 0.0)
    times = [series.began + at * series.step for at in bounds]
    times[-1] = max(min(times[-1], series.ended), times[-2] + 1)
    edges = [min(max(view.x(at, width), 0.0), width) for at in times]
    sent, received = (_means(counts, bounds, times) for counts in (series.sent, series.received))
    return _scaled(edges, sent, unit), _scaled(edges, received, unit)


def _means(counts: Sequence[int], bounds: Sequence[int], times: Sequence[int]) -> list[float]:
    """Return the mean a second between successive bounds."""
    spans = zip(pairwise(bounds), pairwise(times), strict=True)
    return [sum(counts[low:high]) / (ended - began) for (low, high), (began, ended) in spans]


def _scaled(edges: Sequence[float], means: Sequence[float], unit: int) -> Bars:
    most = max(means)
    top = scale_top(most, unit) if most > 0 else 0.0
    return Bars(edges, [mean / top if top else 0.0 for mean in means], top)


def scale_top(most: float, unit: int = 1000) -> float:
    """Return a round number of at least `most`, so that a scale does not follow every peak.

    Round in powers of `unit`: 1000, or 1024 for sizes in KiB and MiB.
    """
    magnitude = float(unit) ** max(floor(log(most, unit)), 0)
    power = magnitude * 10.0 ** floor(log(most / magnitude, 10) + _ROUNDING)
    return power * next((one for one in _ROUND if one * power >= most * (1 - _ROUNDING)), 10)


def ticks(view: TimeWindow, width: float, offset: int) -> list[Tick]:
    """Return ticks at round local times, as many as fit.

    `offset` is local time minus UTC, in seconds.
    """
    least = (view.ended - view.began) * _MIN_TICK_DISTANCE / max(width, 1)
    at = bisect_left(_TICK_INTERVALS, least)
    interval = _TICK_INTERVALS[min(at, len(_TICK_INTERVALS) - 1)]
    interval *= max(ceil(least / interval), 1)
    first = ceil((view.began + offset) / interval)
    last = floor((view.ended + offset) / interval)
    moments = [number * interval for number in range(first, last + 1)]
    return [Tick(view.x(at - offset, width), tick_words(at, interval)) for at in moments]


def tick_words(local: float, interval: float) -> str:
    """Return a local time as exactly as ticks at this interval (seconds) need."""
    moment = time.gmtime(local)
    if interval < _MINUTE:
        return time.strftime("%H:%M:%S", moment)
    if interval < _DAY:
        return time.strftime("%H:%M", moment)
    return f"{moment.tm_mday} {time.strftime('%b', moment)}"


def edge_words(local: float, view: TimeWindow) -> str:
    """Return the local time of a selection's edge, as exactly as it can be selected."""
    if view.ended - view.began < _DAY:
        return tick_words(local, 1)
    return f"{tick_words(local, _DAY)} {tick_words(local, _HOUR)}"


def rate(second: Sums) -> str:
    """Return the rate of both directions together: 12,300 messages/s · 1.6 MiB/s."""
    return f"{_messages(second.entries)}/s · {size(second.bytes)}/s"


def both_rates(second: Sums) -> str:
    """Return the rate of each direction, a line each."""
    return _both(second, rate)


def both_amounts(sums: Sums) -> str:
    """Return the messages and bytes of each direction, a line each."""
    return _both(sums, _amount)


def _both(sums: Sums, words: Callable[[Sums], str]) -> str:
    received = Sums(received_entries=sums.received_entries, received_bytes=sums.received_bytes)
    sent = Sums(sums.sent_entries, sums.sent_bytes)
    return _("Received: {received}\nSent: {sent}").format(
        received=words(received), sent=words(sent)
    )


def scale(top: float, measure: Measure) -> str:
    """Return the top of a scale: 2,000/s, 0.15/s, 2.0 MiB/s."""
    if measure is Measure.BYTES and top >= 1:
        return f"{size(round(top))}/s"
    amount = f"{top:,.0f}" if top >= 10 else f"{top:.3g}"
    return f"{amount} B/s" if measure is Measure.BYTES else f"{amount}/s"


def duration(seconds: float) -> str:
    """Return a duration in its two largest units: 20 s, 3 min 20 s, 2 h."""
    rest = round(seconds)
    parts = []
    for length, name in _DURATION_UNITS:
        count, rest = divmod(rest, length)
        parts.append(f"{count} {name}" if count else "")
    first = next((at for at, part in enumerate(parts) if part), len(parts) - 1)
    return " ".join(part for part in parts[first : first + 2] if part) or "0 s"


def chosen(began: float, ended: float, sums: Sums) -> str:
    """Return the duration of a selected span, with its messages and bytes."""
    return f"{duration(ended - began)} · {_amount(sums)}"


def _amount(sums: Sums) -> str:
    return f"{_messages(sums.entries)} · {size(sums.bytes)}"


def _messages(count: int) -> str:
    return ngettext("{count:,} message", "{count:,} messages", count).format(count=count)

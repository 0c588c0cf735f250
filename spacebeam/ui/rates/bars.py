"""Where the rate graph draws what: columns, scales and ticks, from numbers alone."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log

from spacebeam.recording.rates import RateSeries

_COLUMN = 2  # pixels; a narrower one is not seen
_TICK_ROOM = 72  # pixels from tick to tick
_INTERVALS = (1, 2, 5, 10, 15, 30)  # seconds, and minutes
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400  # seconds
_TICK_INTERVALS = (
    *_INTERVALS,
    *(_MINUTE * count for count in _INTERVALS),
    *(_HOUR * count for count in (1, 2, 3, 6, 12)),
    *(_DAY * count for count in (1, 2, 7, 28, 91, 364)),
)
_ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)  # where a scale may end
_ROUNDING = 1e-9  # what a division may be wrong by


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """The time that is seen, over the graph's whole width; never none."""

    began: float  # Unix time in seconds
    ended: float

    def x(self, at: float, width: float) -> float:
        """Where a time is, in pixels."""
        return (at - self.began) / (self.ended - self.began) * width

    def time(self, x: float, width: float) -> float:
        """The time at a place, at the nearest end where it is outside."""
        share = min(max(x / width, 0.0), 1.0) if width > 0 else 0.0
        return self.began + share * (self.ended - self.began)


@dataclass(frozen=True, slots=True)
class Bars:
    """One direction's columns, left to right, without gaps."""

    edges: Sequence[float]  # pixels; one more than there are columns
    heights: Sequence[float]  # 0 to 1
    top: float  # what 1 stands for, a second; 0 where nothing is seen


@dataclass(frozen=True, slots=True)
class Tick:
    """A time on the axis."""

    x: float  # pixels
    words: str


@dataclass(frozen=True, slots=True)
class RateChart:
    """All that is drawn but what is chosen."""

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
    """What to draw in a graph of this width; see `bars` and `ticks`."""
    sent, received = bars(series, view, width, unit)
    return RateChart(view, series.step, width, sent, received, ticks(view, width, offset))


def bars(series: RateSeries, view: TimeWindow, width: float, unit: int = 1000) -> tuple[Bars, Bars]:
    """What was sent and what was received, as columns of its mean a second.

    At most a column each two pixels: else several steps become one. Which ones does not depend on
    where the view begins, so that columns keep their heights while they move through it. The
    scale is round in powers of `unit`.
    """
    count = min(len(series.sent), len(series.received))
    seen = max((view.ended - view.began) / series.step, 1)
    # Of the groups at both ends only a part may be seen: they are two more.
    group = max(ceil(seen / max(width / _COLUMN - 2, 1)), 1)
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
    """What came a second, from bound to bound."""
    spans = zip(pairwise(bounds), pairwise(times), strict=True)
    return [sum(counts[low:high]) / (ended - began) for (low, high), (began, ended) in spans]


def _scaled(edges: Sequence[float], means: Sequence[float], unit: int) -> Bars:
    most = max(means)
    top = scale_top(most, unit) if most > 0 else 0.0
    return Bars(edges, [mean / top if top else 0.0 for mean in means], top)


def scale_top(most: float, unit: int = 1000) -> float:
    """A round number that is not below this one: scales that follow every peak are not read.

    Round in powers of `unit`: 1000, or 1024 for what is told in KiB and MiB.
    """
    size = float(unit) ** max(floor(log(most, unit)), 0)
    power = size * 10.0 ** floor(log(most / size, 10) + _ROUNDING)
    return power * next((one for one in _ROUND if one * power >= most * (1 - _ROUNDING)), 10)


def ticks(view: TimeWindow, width: float, offset: int) -> list[Tick]:
    """Round times of day, as many as there is room for.

    `offset` is what local time is ahead of universal time, in seconds.
    """
    least = (view.ended - view.began) * _TICK_ROOM / max(width, 1)
    at = bisect_left(_TICK_INTERVALS, least)
    interval = _TICK_INTERVALS[min(at, len(_TICK_INTERVALS) - 1)]
    interval *= max(ceil(least / interval), 1)
    first = ceil((view.began + offset) / interval)
    last = floor((view.ended + offset) / interval)
    moments = [number * interval for number in range(first, last + 1)]
    return [Tick(view.x(at - offset, width), tick_words(at, interval)) for at in moments]


def tick_words(local: float, interval: float) -> str:
    """A local time, as exactly as ticks in this interval (in seconds) need."""
    moment = time.gmtime(local)
    if interval < _MINUTE:
        return time.strftime("%H:%M:%S", moment)
    if interval < _DAY:
        return time.strftime("%H:%M", moment)
    return f"{moment.tm_mday} {time.strftime('%b', moment)}"


def edge_words(local: float, view: TimeWindow) -> str:
    """A local time where a chosen span begins or ends, as exactly as it can be chosen."""
    if view.ended - view.began < _DAY:
        return tick_words(local, 1)
    return f"{tick_words(local, _DAY)} {tick_words(local, _HOUR)}"

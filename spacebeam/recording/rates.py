"""How much was said when: entries and payload bytes over time, for a graph of any recording.

A recording tells this of every batch, thousands of times a second, and may last for weeks. So
what came within one second is only summed up, and what is kept is a bounded number of sums: the
newest minutes second by second, and the whole in steps that grow longer as it does.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import floor, nan
from operator import add

from spacebeam.protocol.batch import Direction

RECENT_SECONDS = 600  # at least so many of the newest are kept second by second
MOST_STEPS = 1200  # that the whole is kept in; one more, and each two become one
_FARTHEST = 1e11  # seconds from 1970; no clock shows more, and a damaged file may


class Measure(IntEnum):
    """What is counted."""

    ENTRIES = 0
    BYTES = 1  # of payload


@dataclass(frozen=True, slots=True)
class RateSeries:
    """What went both ways, step by step, from one time to another.

    Step `i` is of the time from `began + i * step` on. Nothing is known from `ended` on: the last
    step may be a part of one.
    """

    began: int  # Unix time in seconds, a multiple of `step`
    ended: int
    step: int  # seconds
    sent: Sequence[int]
    received: Sequence[int]


@dataclass(frozen=True, slots=True)
class Sums:
    """What went both ways in some time."""

    sent_entries: int = 0
    sent_bytes: int = 0
    received_entries: int = 0
    received_bytes: int = 0

    @property
    def entries(self) -> int:
        """Both directions together."""
        return self.sent_entries + self.received_entries

    @property
    def bytes(self) -> int:
        """Both directions together."""
        return self.sent_bytes + self.received_bytes


class _Steps:
    """Sums in steps of one length, in columns: entries and bytes sent, entries and bytes received.

    The step at place `i` is number `first + i`: the time from `(first + i) * step` seconds on.
    """

    __slots__ = ("columns", "first", "step")

    def __init__(self) -> None:
        self.step = 1
        self.clear(0)

    def clear(self, first: int) -> None:
        """Hold nothing, and begin with this step."""
        self.first = first
        self.columns = tuple(array("Q") for _ in range(4))

    @property
    def end(self) -> int:
        """The number of the step after the last."""
        return self.first + len(self.columns[0])

    def reach(self, low: int, high: int) -> None:
        """Have the steps from number `low` to number `high`, and all between."""
        before, after = max(self.first - low, 0), max(high + 1 - self.end, 0)
        if before:
            self.first -= before
            self.columns = tuple(_zeros(before) + column for column in self.columns)
        if after:
            for column in self.columns:
                column.extend(_zeros(after))

    def forget_before(self, number: int) -> None:
        """Let go of older steps."""
        count = max(number - self.first, 0)
        for column in self.columns:
            del column[:count]
        self.first += count

    def double(self) -> None:
        """Make each two steps one."""
        self.reach(self.first & ~1, (self.end - 1) | 1)
        merged = (map(add, column[::2], column[1::2]) for column in self.columns)
        self.columns = tuple(array("Q", sums) for sums in merged)
        self.first //= 2
        self.step *= 2

    def spread(self, began: float, ended: float, direction: Direction, amounts: list[int]) -> None:
        """Add `amounts` evenly over a time, but for what of it comes before the first step."""
        begin, end = floor(began) // self.step, floor(ended) // self.step
        first = max(begin, self.first)
        if end < first:
            return
        column = 2 * direction - 2
        for at, amount in enumerate(amounts):
            sums = self.columns[column + at]
            past = 0 if first == begin else self._share(amount, first, began, ended)
            for number in range(first, end):
                until = self._share(amount, number + 1, began, ended)
                sums[number - self.first] += until - past
                past = until
            sums[end - self.first] += amount - past

    def _share(self, amount: int, number: int, began: float, ended: float) -> int:
        """What of an amount, spread over a time, comes before the step with this number."""
        return int(amount * ((number * self.step - began) / (ended - began)))

    def between(self, began: float, ended: float) -> list[int]:
        """The sums of a time. Of a step that it cuts, the share."""
        low, high = began / self.step - self.first, ended / self.step - self.first
        return [_sum_between(column, low, high) for column in self.columns]

    def cut(self, column: int, begin: int, end: int) -> array[int]:
        """The sums of the steps from number `begin` up to `end`; 0 for those that are not there."""
        known_begin = min(max(begin, self.first), end)
        known_end = max(min(end, self.end), known_begin)
        known = self.columns[column][known_begin - self.first : known_end - self.first]
        return _zeros(known_begin - begin) + known + _zeros(end - known_begin - len(known))


class Rates:
    """Counts entries and payload bytes over time, each direction for itself; events not at all.

    Times are Unix times in seconds and need not come in order: clocks are set back. Memory is
    bounded, however much is counted and however long.
    """

    def __init__(self) -> None:
        self._recent = _Steps()  # of one second
        self._whole = _Steps()
        self._ended = 0  # Unix time: the end of the newest second
        # The second that is being counted; most batches fall in the same as the one before.
        self._second = nan
        self._entries = [0, 0, 0]  # by direction
        self._bytes = [0, 0, 0]

    def add(self, time: float, direction: Direction, count: int, size: int) -> None:
        """Count so many entries with so many bytes of payload."""
        if not direction:
            return
        if not 0 <= time - self._second < 1:
            self._settle()
            self._second = float(floor(self._believed(time)))
        self._entries[direction] += count
        self._bytes[direction] += size

    def add_span(
        self, began: float, ended: float, direction: Direction, count: int, size: int
    ) -> None:
        """Count entries of which only is known that they came within this time: evenly in it."""
        if not direction or not (count or size):
            return
        self._settle()
        began, ended = sorted((self._believed(began), self._believed(ended)))
        self._reach(floor(began), floor(ended))
        for steps in (self._recent, self._whole):
            steps.spread(began, ended, direction, [count, size])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted."""
        self._settle()
        return self._whole.end == self._whole.first

    def recent(self, now: float, seconds: int, measure: Measure) -> RateSeries:
        """The whole seconds before `now`, at most RECENT_SECONDS of them."""
        self._settle()
        ended = floor(now)
        began = ended - seconds
        sent, received = (self._recent.cut(at + measure, began, ended) for at in (0, 2))
        return RateSeries(began, ended, 1, sent, received)

    def whole(self, measure: Measure, now: float | None = None) -> RateSeries:
        """All that was counted, and nothing from then on until `now`: in at most MOST_STEPS."""
        self._settle()
        whole = self._whole
        ended = self._ended if now is None else max(self._ended, floor(now))
        if self.is_empty:
            return RateSeries(ended, ended, 1, (), ())
        sent, received = (whole.columns[at + measure][:] for at in (0, 2))
        return RateSeries(whole.first * whole.step, ended, whole.step, sent, received)

    def sums(self, began: float, ended: float) -> Sums:
        """What was counted in a time; exactly, where it begins and ends with a step."""
        self._settle()
        recent, whole = self._recent, self._whole
        if ended >= self._ended:
            ended = whole.end * whole.step  # nothing of the last step is later
        is_recent = recent.first <= began and min(ended, self._ended) <= recent.end
        return Sums(*(recent if is_recent else whole).between(began, max(began, ended)))

    def _believed(self, time: float) -> float:
        if -_FARTHEST < time < _FARTHEST:
            return time
        return max(0.0, self._ended - 1.0)

    def _settle(self) -> None:
        """Put what was summed up for one second where it belongs."""
        entries, size = self._entries, self._bytes
        if not (any(entries) or any(size)):
            return
        second = int(self._second)
        if second < self._recent.end - RECENT_SECONDS:
            self._recent.clear(second)  # the clock was set back: this is the newest from now on
        self._reach(second, second)
        for steps in (self._recent, self._whole):
            at = second // steps.step - steps.first
            for direction in (Direction.SENT, Direction.RECEIVED):
                steps.columns[2 * direction - 2][at] += entries[direction]
                steps.columns[2 * direction - 1][at] += size[direction]
        self._entries, self._bytes = [0, 0, 0], [0, 0, 0]

    def _reach(self, began: int, ended: int) -> None:
        """Have the steps of these seconds, so far as they are kept."""
        recent, whole = self._recent, self._whole
        if recent.end == recent.first or ended - recent.end > MOST_STEPS:
            recent.clear(ended)
        recent.reach(recent.first, ended)
        if recent.end - recent.first > MOST_STEPS:
            recent.forget_before(recent.end - RECENT_SECONDS)
        recent.reach(max(began, recent.end - RECENT_SECONDS), recent.end - 1)
        if whole.end == whole.first:
            whole.first, self._ended = began, ended + 1
        self._ended = max(self._ended, ended + 1)
        while _reaching(whole, began, ended) > MOST_STEPS:
            whole.double()
        whole.reach(began // whole.step, ended // whole.step)


def _reaching(steps: _Steps, began: int, ended: int) -> int:
    """How many steps there would be, reaching over these seconds as well."""
    low, high = min(steps.first, began // steps.step), max(steps.end - 1, ended // steps.step)
    return high - low + 1


def _zeros(count: int) -> array[int]:
    return array("Q", bytes(8 * count))


def _sum_between(column: Sequence[int], low: float, high: float) -> int:
    """The sum from one place to another; of an element that is cut, the share."""
    low, high = max(low, 0.0), min(high, float(len(column)))
    if high <= low:
        return 0
    first, last = floor(low), floor(high)
    total = float(-column[first] * (low - first)) if low > first else 0.0
    if high > last:
        total += column[last] * (high - last)
    return sum(column[first:last]) + round(total)

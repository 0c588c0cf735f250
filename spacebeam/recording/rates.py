"""Counts entries and payload bytes over time, for a graph of any recording.

There may be thousands of batches a second, and a recording may last for weeks. So entries are
summed by second, and the number of sums is bounded: one for each second of the newest minutes, and
steps for the whole recording, which become longer as it does.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import floor, nan
from operator import add

from spacebeam.protocol.batch import Direction

RECENT_S = 600  # seconds, at least, with a sum for each
MAX_STEPS = 1200  # of the whole recording; then pairs of steps are joined
_MAX_TIME = 1e11  # Unix time in seconds; a damaged file may have any


class Measure(IntEnum):
    """The counted quantity."""

    ENTRIES = 0
    BYTES = 1  # of payload


@dataclass(frozen=True, slots=True)
class RateSeries:
    """Amounts in both directions, step by step.

    Step `i` begins at `began + i * step`. The last step may be shorter: it ends at `ended`.
    """

    began: int  # Unix time in seconds, a multiple of `step`
    ended: int
    step: int  # seconds
    sent: Sequence[int]
    received: Sequence[int]


@dataclass(frozen=True, slots=True)
class Sums:
    """Entries and payload bytes in both directions within a time."""

    sent_entries: int = 0
    sent_bytes: int = 0
    received_entries: int = 0
    received_bytes: int = 0

    @property
    def entries(self) -> int:
        """Entries in both directions together."""
        return self.sent_entries + self.received_entries

    @property
    def bytes(self) -> int:
        """Payload bytes in both directions together."""
        return self.sent_bytes + self.received_bytes


class _Steps:
    """Sums in steps of equal length, in columns: entries and bytes, sent and received.

    The step at place `i` has the number `first + i` and begins at the Unix time
    `(first + i) * step`, in seconds.
    """

    __slots__ = ("columns", "first", "step")

    def __init__(self) -> None:
        self.step = 1
        self.clear(0)

    def clear(self, first: int) -> None:
        """Remove all steps; the next one has the number `first`."""
        self.first = first
        self.columns = tuple(array("Q") for _ in range(4))

    @property
    def end(self) -> int:
        """The number of the step after the last."""
        return self.first + len(self.columns[0])

    def extend(self, low: int, high: int) -> None:
        """Add the missing steps from number `low` to number `high`, both included."""
        before, after = max(self.first - low, 0), max(high + 1 - self.end, 0)
        if before:
            self.first -= before
            self.columns = tuple(_zeros(before) + column for column in self.columns)
        if after:
            for column in self.columns:
                column.extend(_zeros(after))

    def forget_before(self, number: int) -> None:
        """Remove the steps before `number`."""
        count = max(number - self.first, 0)
        for column in self.columns:
            del column[:count]
        self.first += count

    def double(self) -> None:
        """Double the length of the steps: join pairs of them."""
        self.extend(self.first & ~1, (self.end - 1) | 1)
        merged = (map(add, column[::2], column[1::2]) for column in self.columns)
        self.columns = tuple(array("Q", sums) for sums in merged)
        self.first //= 2
        self.step *= 2

    def spread(self, began: float, ended: float, direction: Direction, amounts: list[int]) -> None:
        """Spread `amounts` evenly over a time; drop the part before the first step."""
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
        """Return the part of a spread amount that is before the step with this number."""
        return int(amount * ((number * self.step - began) / (ended - began)))

    def between(self, began: float, ended: float) -> list[int]:
        """Return the sums within a time; of a partial step, its share."""
        low, high = began / self.step - self.first, ended / self.step - self.first
        return [_sum_between(column, low, high) for column in self.columns]

    def cut(self, column: int, begin: int, end: int) -> array[int]:
        """Return the sums of the steps from number `begin` up to `end`; 0 for missing steps."""
        known_begin = min(max(begin, self.first), end)
        known_end = max(min(end, self.end), known_begin)
        known = self.columns[column][known_begin - self.first : known_end - self.first]
        return _zeros(known_begin - begin) + known + _zeros(end - known_begin - len(known))


class Rates:
    """Counts sent and received entries and their payload bytes over time; ignores events.

    Times are Unix times in seconds, and need not be in order, as a clock may be set back. The
    memory is bounded.
    """

    def __init__(self) -> None:
        self._recent = _Steps()  # of one second
        self._whole = _Steps()
        self._ended = 0  # Unix time: the end of the newest second
        # The current second: most batches are in the same second as the one before.
        self._second = nan
        self._entries = [0, 0, 0]  # by direction
        self._bytes = [0, 0, 0]

    def add(self, time: float, direction: Direction, count: int, size: int) -> None:
        """Count `count` entries with `size` bytes of payload."""
        if not direction:
            return
        if not 0 <= time - self._second < 1:
            self._settle()
            self._second = float(floor(self._plausible(time)))
        self._entries[direction] += count
        self._bytes[direction] += size

    def add_span(
        self, began: float, ended: float, direction: Direction, count: int, size: int
    ) -> None:
        """Count entries within a time, spread evenly over it."""
        if not direction or not (count or size):
            return
        self._settle()
        began, ended = sorted((self._plausible(began), self._plausible(ended)))
        self._extend(floor(began), floor(ended))
        for steps in (self._recent, self._whole):
            steps.spread(began, ended, direction, [count, size])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted."""
        self._settle()
        return self._whole.end == self._whole.first

    def recent(self, now: float, seconds: int, measure: Measure) -> RateSeries:
        """Return the last `seconds` whole seconds before `now`, up to RECENT_S."""
        self._settle()
        ended = floor(now)
        began = ended - seconds
        sent, received = (self._recent.cut(at + measure, began, ended) for at in (0, 2))
        return RateSeries(began, ended, 1, sent, received)

    def whole(self, measure: Measure, now: float | None = None) -> RateSeries:
        """Return the series of the whole recording, up to `now` if given, in MAX_STEPS at most."""
        self._settle()
        whole = self._whole
        ended = self._ended if now is None else max(self._ended, floor(now))
        if self.is_empty:
            return RateSeries(ended, ended, 1, (), ())
        sent, received = (whole.columns[at + measure][:] for at in (0, 2))
        return RateSeries(whole.first * whole.step, ended, whole.step, sent, received)

    def sums(self, began: float, ended: float) -> Sums:
        """Return the sums within a time; exact where it begins and ends with a step."""
        self._settle()
        recent, whole = self._recent, self._whole
        if ended >= self._ended:
            ended = whole.end * whole.step  # there are no later sums
        is_recent = recent.first <= began and min(ended, self._ended) <= recent.end
        return Sums(*(recent if is_recent else whole).between(began, max(began, ended)))

    def _plausible(self, time: float) -> float:
        """Return the time, or the newest time if it is impossible."""
        if -_MAX_TIME < time < _MAX_TIME:
            return time
        return max(0.0, self._ended - 1.0)

    def _settle(self) -> None:
        """Add the sums of the current second to the steps."""
        entries, size = self._entries, self._bytes
        if not (any(entries) or any(size)):
            return
        second = int(self._second)
        if second < self._recent.end - RECENT_S:
            self._recent.clear(second)  # the clock was set back; this second is the newest now
        self._extend(second, second)
        for steps in (self._recent, self._whole):
            at = second // steps.step - steps.first
            for direction in (Direction.SENT, Direction.RECEIVED):
                steps.columns[2 * direction - 2][at] += entries[direction]
                steps.columns[2 * direction - 1][at] += size[direction]
        self._entries, self._bytes = [0, 0, 0], [0, 0, 0]

    def _extend(self, began: int, ended: int) -> None:
        """Add the steps of these seconds; drop or join steps if there are too many."""
        recent, whole = self._recent, self._whole
        if recent.end == recent.first or ended - recent.end > MAX_STEPS:
            recent.clear(ended)
        recent.extend(recent.first, ended)
        if recent.end - recent.first > MAX_STEPS:
            recent.forget_before(recent.end - RECENT_S)
        recent.extend(max(began, recent.end - RECENT_S), recent.end - 1)
        if whole.end == whole.first:
            whole.first, self._ended = began, ended + 1
        self._ended = max(self._ended, ended + 1)
        while _extended_length(whole, began, ended) > MAX_STEPS:
            whole.double()
        whole.extend(began // whole.step, ended // whole.step)


def _extended_length(steps: _Steps, began: int, ended: int) -> int:
    """Return the number of steps after extending them over these seconds."""
    low, high = min(steps.first, began // steps.step), max(steps.end - 1, ended // steps.step)
    return high - low + 1


def _zeros(count: int) -> array[int]:
    return array("Q", bytes(8 * count))


def _sum_between(column: Sequence[int], low: float, high: float) -> int:
    """Return the sum between two places; of a partial element, its share."""
    low, high = max(low, 0.0), min(high, float(len(column)))
    if high <= low:
        return 0
    first, last = floor(low), floor(high)
    total = float(-column[first] * (low - first)) if low > first else 0.0
    if high > last:
        total += column[last] * (high - last)
    return sum(column[first:last]) + round(total)

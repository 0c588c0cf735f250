"""Values by time in a bounded number of buckets, as a chart draws them.

Adding a value twice changes nothing. So a chart can be drawn from a sample, to which all values are
added after.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from math import floor, inf, nan
from operator import add
from typing import NamedTuple, TypeVar

from spacebeam.recording.rates import Measure

MAX_BUCKETS = 2048
_MAX_TIME = 1e11  # Unix time in seconds; a damaged file may have any
_MIN_STEP_S = 0.001
_Item = TypeVar("_Item", int, float)


class Bucket(NamedTuple):
    """The values of a time."""

    began: float  # Unix time in seconds
    ended: float
    low: float  # of the numbers; infinite without any
    high: float
    last: float  # the newest number; NaN without any
    states: int  # a bit for each state; 0 without any
    last_state: int  # the newest one; -1 without any
    breaks: int  # of a sequence: bits of Break


class Buckets:
    """Values by time, in buckets of equal length.

    When there are too many buckets, pairs of them are joined; if it slides, the oldest are dropped
    in place of that.
    """

    def __init__(self, step: float = _MIN_STEP_S, *, slides: bool = False) -> None:
        self.step = max(step, _MIN_STEP_S)  # seconds
        self._slides = slides
        self._first = 0  # number of the first bucket: its time divided by the step
        self._lows = array("d")
        self._highs = array("d")
        self._lasts = array("d")
        self._last_times = array("d")
        self._states = array("Q")
        self._last_states = array("b")
        self._state_times = array("d")
        self._breaks = bytearray()
        # Of each state: its messages, and their bytes.
        self._amounts: dict[int, tuple[array[int], array[int]]] = {}

    def __len__(self) -> int:
        return len(self._lows)

    def __iter__(self) -> Iterator[Bucket]:
        """Yield the buckets in order, empty ones left out."""
        for at in range(len(self._lows)):
            if self._states[at] or self._lows[at] != inf or self._breaks[at]:
                yield self._bucket(at)

    @property
    def began(self) -> float:
        """Unix time in seconds of the beginning of the first bucket."""
        return self._first * self.step

    @property
    def ended(self) -> float:
        """Unix time in seconds of the end of the last bucket."""
        return (self._first + len(self)) * self.step

    def add_number(self, time: float, number: float) -> None:
        """Add a number at a Unix time."""
        at = self._place(time)
        if at is None:
            return
        if number < self._lows[at]:
            self._lows[at] = number
        if number > self._highs[at]:
            self._highs[at] = number
        if time >= self._last_times[at]:
            self._last_times[at] = time
            self._lasts[at] = number

    def add_state(self, time: float, state: int, size: int | None = None) -> None:
        """Add a state, a number from 0 to 63, at a Unix time.

        With the size of its message in bytes, it is counted too.
        """
        at = self._place(time)
        if at is None:
            return
        if size is not None:
            amounts = self._amounts.get(state)
            if amounts is None:
                amounts = self._amounts[state] = _zeros(len(self)), _zeros(len(self))
            amounts[0][at] += 1
            amounts[1][at] += size
        self._states[at] |= 1 << state
        if time >= self._state_times[at]:
            self._state_times[at] = time
            self._last_states[at] = state

    def add_break(self, time: float, kind: int) -> None:
        """Mark a break of a sequence at a Unix time."""
        at = self._place(time)
        if at is not None:
            self._breaks[at] |= kind

    def rates(
        self, states: int, measure: Measure, began: float, ended: float, count: int
    ) -> list[float]:
        """Return messages or bytes a second in `count` equal parts of a time.

        They are of several states together: `states` has a bit for each.
        """
        columns = [one[measure] for at, one in self._amounts.items() if states >> at & 1]
        if not columns or count <= 0 or ended <= began:
            return [0.0] * max(count, 0)
        column = columns[0]
        for more in columns[1:]:
            column = array("Q", map(add, column, more))
        part = (ended - began) / count
        found = []
        for number in range(count):
            low = (began + number * part) / self.step - self._first
            first, last = max(floor(low), 0), max(floor(low + part / self.step), 0)
            if last <= first and low >= 0:
                last = first + 1  # a part of a bucket
            found.append(sum(column[first:last]) / max(part, self.step))
        return found

    def _place(self, time: float) -> int | None:
        """Return the index of a time's bucket; None if the time is impossible or was dropped."""
        if not -_MAX_TIME < time < _MAX_TIME:
            return None
        number = floor(time / self.step)
        if not self._lows:
            self._first = number
        at = number - self._first
        if 0 <= at < len(self._lows):
            return at
        if self._slides:
            return self._slide(number)
        while max(number, self._first + len(self) - 1) - min(number, self._first) >= MAX_BUCKETS:
            self._double()
            number = floor(time / self.step)
        if number < self._first:
            self._extend(self._first - number, is_before=True)
            self._first = number
        else:
            self._extend(number - self._first - len(self) + 1)
        return number - self._first

    def _slide(self, number: int) -> int | None:
        """Make room for a bucket after the last, or before the first where there is room."""
        if number < self._first:
            missing = self._first - number
            if missing + len(self) > MAX_BUCKETS:
                return None
            self._extend(missing, is_before=True)
            self._first = number
            return 0
        if number - self._first >= 2 * MAX_BUCKETS:
            self._forget(len(self))
            self._first = number
        self._extend(number - self._first - len(self) + 1)
        if (surplus := len(self) - MAX_BUCKETS) > 0:
            self._forget(surplus)
        return number - self._first

    def _forget(self, count: int) -> None:
        del self._lows[:count], self._highs[:count], self._lasts[:count]
        del self._last_times[:count], self._states[:count], self._last_states[:count]
        del self._state_times[:count], self._breaks[:count]
        for messages, sizes in self._amounts.values():
            del messages[:count], sizes[:count]
        self._first += count

    def _extend(self, count: int, *, is_before: bool = False) -> None:
        """Add empty buckets."""
        self._lows = _padded(self._lows, inf, count, is_before)
        self._highs = _padded(self._highs, -inf, count, is_before)
        self._lasts = _padded(self._lasts, nan, count, is_before)
        self._last_times = _padded(self._last_times, -inf, count, is_before)
        self._states = _padded(self._states, 0, count, is_before)
        self._last_states = _padded(self._last_states, -1, count, is_before)
        self._state_times = _padded(self._state_times, -inf, count, is_before)
        self._breaks = bytearray(count) + self._breaks if is_before else self._breaks + bytes(count)
        for state, (messages, sizes) in self._amounts.items():
            padded = _padded(messages, 0, count, is_before), _padded(sizes, 0, count, is_before)
            self._amounts[state] = padded

    def _double(self) -> None:
        """Double the length of the buckets: join pairs of them."""
        if self._first % 2:
            self._extend(1, is_before=True)
            self._first -= 1
        if len(self) % 2:
            self._extend(1)
        pairs = range(0, len(self), 2)
        # Of each pair, the one with the newest number, and with the newest state.
        newest = [at + (self._last_times[at + 1] >= self._last_times[at]) for at in pairs]
        stated = [at + (self._state_times[at + 1] >= self._state_times[at]) for at in pairs]
        self._lows = array("d", map(min, self._lows[::2], self._lows[1::2]))
        self._highs = array("d", map(max, self._highs[::2], self._highs[1::2]))
        self._lasts = array("d", [self._lasts[at] for at in newest])
        self._last_times = array("d", [self._last_times[at] for at in newest])
        self._states = array("Q", [self._states[at] | self._states[at + 1] for at in pairs])
        self._last_states = array("b", [self._last_states[at] for at in stated])
        self._state_times = array("d", [self._state_times[at] for at in stated])
        self._breaks = bytearray(self._breaks[at] | self._breaks[at + 1] for at in pairs)
        for state, (messages, sizes) in self._amounts.items():
            self._amounts[state] = _joined(messages), _joined(sizes)
        self._first //= 2
        self.step *= 2

    def _bucket(self, at: int) -> Bucket:
        return Bucket(
            (self._first + at) * self.step,
            (self._first + at + 1) * self.step,
            self._lows[at],
            self._highs[at],
            self._lasts[at],
            self._states[at],
            self._last_states[at],
            self._breaks[at],
        )


def _zeros(count: int) -> array[int]:
    return array("Q", bytes(8 * count))


def _joined(column: array[int]) -> array[int]:
    """Return the sums of pairs."""
    return array("Q", map(add, column[::2], column[1::2]))


def _padded(column: array[_Item], empty: _Item, count: int, is_before: bool) -> array[_Item]:
    """Return a column with `count` empty items before or after it."""
    more = array(column.typecode, (empty,)) * count
    return more + column if is_before else column + more

"""A set of entry numbers as ranges, so that a million numbers cost no more than one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator


class NumberRanges:
    """Disjoint ranges of numbers in order; iterating yields each as (start, end), without end."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def __bool__(self) -> bool:
        return bool(self._starts)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(list(zip(self._starts, self._ends, strict=True)))

    def __contains__(self, number: int) -> bool:
        index = bisect_right(self._starts, number) - 1
        return index >= 0 and number < self._ends[index]

    def within(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of the ranges that are between two numbers."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        for index in range(first, last):
            yield max(start, self._starts[index]), min(end, self._ends[index])

    def copy(self) -> NumberRanges:
        made = NumberRanges()
        made._starts, made._ends = self._starts[:], self._ends[:]
        return made

    def clear(self) -> None:
        """Remove all numbers."""
        self._starts.clear()
        self._ends.clear()

    def add(self, start: int, end: int) -> None:
        """Add the numbers from `start` up to, but without, `end`."""
        first, last = bisect_left(self._ends, start), bisect_right(self._starts, end)
        if first < last:
            start, end = min(start, self._starts[first]), max(end, self._ends[last - 1])
        self._starts[first:last], self._ends[first:last] = [start], [end]

    def remove(self, start: int, end: int) -> None:
        """Remove the numbers from `start` up to, but without, `end`."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        if first >= last:
            return
        before, after = self._starts[first], self._ends[last - 1]
        kept = [(before, min(start, after)), (max(end, before), after)]
        kept = [(low, high) for low, high in kept if low < high]
        self._starts[first:last] = [low for low, _high in kept]
        self._ends[first:last] = [high for _low, high in kept]

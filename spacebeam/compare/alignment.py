"""Aligns two sequences: what both have stays, the rest was removed or added.

Eugene Myers, “An O(ND) Difference Algorithm and Its Variations” (1986), with a limit for N and D:
difflib's work has none. Where the limit is reached, items that are unique in both sequences divide
them first, as in Bram Cohen's patience diff.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MAX_EDITS = 400  # that are tried in one go
MAX_WORK = 4_000_000  # steps of a comparison; a million take about a quarter of a second


class Run(NamedTuple):
    """Items of both sequences, as ranges: equal ones, or those in each other's place."""

    is_same: bool
    before: range
    after: range


class Alignment:
    """Aligns sequences of numbers that are equal for equal items, with bounded work for all."""

    def __init__(self, max_work: int = MAX_WORK) -> None:
        self._left = max_work

    def runs(self, before: Sequence[int], after: Sequence[int]) -> Iterator[Run]:
        """Yield the runs in order; those that are the same and others take turns."""
        start, ends = _common(before, after)
        same = [(place, place, 1) for place in range(start)]
        same += self._middle(before, after, start, len(before) - ends, len(after) - ends)
        same.append((len(before) - ends, len(after) - ends, ends))
        yield from _merged(same, len(before), len(after))

    def _middle(
        self, before: Sequence[int], after: Sequence[int], start: int, end: int, after_end: int
    ) -> Iterator[tuple[int, int, int]]:
        """Yield equal stretches between the ends that are the same: two places and a length."""
        if start in (end, after_end):
            return
        one, other = before[start:end], after[start:after_end]
        found = self._edited(one, other)
        if found is None:
            found = list(self._divided(one, other))
        for x, y, length in found:
            yield start + x, start + y, length

    def _divided(
        self, before: Sequence[int], after: Sequence[int]
    ) -> Iterator[tuple[int, int, int]]:
        """Yield equal stretches around and between the items that are unique in both."""
        x = y = 0
        for next_x, next_y in (*_anchors(before, after), (len(before), len(after))):
            found = self._edited(before[x:next_x], after[y:next_y])
            for inner_x, inner_y, length in found or ():
                yield x + inner_x, y + inner_y, length
            if next_x < len(before):
                yield next_x, next_y, 1
            x, y = next_x + 1, next_y + 1

    def _edited(
        self, before: Sequence[int], after: Sequence[int]
    ) -> list[tuple[int, int, int]] | None:
        """Return the longest equal stretches; None if that needs too many edits."""
        if not before or not after:
            return []
        size, other = len(before), len(after)
        furthest = {1: 0}
        trace: list[dict[int, int]] = []
        for edits in range(min(size + other, MAX_EDITS) + 1):
            trace.append(furthest.copy())
            self._left -= 2 * edits + 1
            for diagonal in range(-edits, edits + 1, 2):
                is_down = diagonal == -edits or (
                    diagonal != edits
                    and furthest.get(diagonal - 1, -1) < furthest.get(diagonal + 1, -1)
                )
                x = furthest[diagonal + 1] if is_down else furthest[diagonal - 1] + 1
                y, begin = x - diagonal, x
                while x < size and y < other and before[x] == after[y]:
                    x += 1
                    y += 1
                self._left -= x - begin
                furthest[diagonal] = x
                if x >= size and y >= other:
                    return _stretches(trace, size, other)
            if self._left < 0:
                return None
        return None


def _common(before: Sequence[int], after: Sequence[int]) -> tuple[int, int]:
    """Return how many items are the same at the beginning, and at the end of the rest."""
    shorter = min(len(before), len(after))
    start = 0
    while start < shorter and before[start] == after[start]:
        start += 1
    end = 0
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return start, end


def _stretches(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int, int]]:
    """Return the equal stretches on the way to the end, by the furthest places of each edit."""
    found = []
    for edits in range(len(trace) - 1, -1, -1):
        furthest, diagonal = trace[edits], x - y
        is_down = diagonal == -edits or (
            diagonal != edits and furthest.get(diagonal - 1, -1) < furthest.get(diagonal + 1, -1)
        )
        before = diagonal + 1 if is_down else diagonal - 1
        from_x = furthest[before] if edits else 0
        begin = from_x + (not is_down) if edits else 0
        if x > begin:
            found.append((begin, begin - diagonal, x - begin))
        x, y = from_x, from_x - before
    found.reverse()
    return found


def _anchors(before: Sequence[int], after: Sequence[int]) -> list[tuple[int, int]]:
    """Return the places of items that are unique in both sequences, and in the same order."""
    counts, others = Counter(before), Counter(after)
    places = {item: place for place, item in enumerate(after) if others[item] == 1}
    pairs = [
        (place, places[item])
        for place, item in enumerate(before)
        if counts[item] == 1 and item in places
    ]
    ends: list[int] = []  # the smallest last place of an ascending row, by its length
    last: list[int] = []  # the pair that has it
    previous = [-1] * len(pairs)
    for number, (_x, y) in enumerate(pairs):
        length = bisect_left(ends, y)
        previous[number] = last[length - 1] if length else -1
        if length == len(ends):
            ends.append(y)
            last.append(number)
        else:
            ends[length], last[length] = y, number
    chosen, number = [], last[-1] if last else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = previous[number]
    chosen.reverse()
    return chosen


def _merged(same: list[tuple[int, int, int]], end: int, after_end: int) -> Iterator[Run]:
    """Yield runs for equal stretches and for what is between them."""
    x = y = begin_x = begin_y = 0
    for next_x, next_y, length in (*same, (end, after_end, 0)):
        if (next_x, next_y) != (x, y):
            if x > begin_x:
                yield Run(True, range(begin_x, x), range(begin_y, y))
            yield Run(False, range(x, next_x), range(y, next_y))
            begin_x, begin_y = next_x, next_y
        x, y = next_x + length, next_y + length
    if x > begin_x:
        yield Run(True, range(begin_x, x), range(begin_y, y))

"""Tests of kind, direction, star, time and size, which read a block's columns only."""

from __future__ import annotations

import operator
from collections.abc import Callable, Set
from operator import sub

from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.search.clock import DayClock
from spacebeam.search.filter import Comparison, Quality
from spacebeam.search.matching import masks
from spacebeam.search.matching.masks import Mask

Test = Callable[[Block, int, int, Mask], Mask]
"""Returns the mask of the matching entries between two places of a block.

Its result for an entry that is not in the given mask is ignored.
"""

_DIRECTIONS = {Quality.SENT: Direction.SENT, Quality.RECEIVED: Direction.RECEIVED}
COMPARISONS: dict[Comparison, Callable[[float, float], bool]] = {
    # The limit is the first operand: `limit < size` is "more than the limit".
    Comparison.MORE: operator.lt,
    Comparison.AT_LEAST: operator.le,
    Comparison.LESS: operator.gt,
    Comparison.AT_MOST: operator.ge,
    Comparison.EQUAL: operator.eq,
}


def quality_test(quality: Quality, starred: Set[int]) -> Test:
    """Return the test of an `is:` term. `starred` has entry numbers, and may change."""
    if quality is Quality.STARRED:
        return _starred_test(starred)
    if quality in _DIRECTIONS:
        return _direction_test(_DIRECTIONS[quality])
    return _kind_test(Kind[quality.name])


def _kind_test(kind: Kind) -> Test:
    table = _table(kind)

    def test(block: Block, begin: int, end: int, _among: Mask) -> Mask:
        return block.kinds[begin:end].translate(table)

    return test


def _direction_test(direction: Direction) -> Test:
    table = _table(direction)

    def test(block: Block, begin: int, end: int, _among: Mask) -> Mask:
        directions = block.run_directions[masks.runs(block, begin, end)]
        return masks.of_runs(directions.translate(table), block, begin, end)

    return test


def _table(passing: int) -> bytes:
    return bytes(value == passing for value in range(256))


def _starred_test(starred: Set[int]) -> Test:
    def test(block: Block, begin: int, end: int, _among: Mask) -> Mask:
        if not starred:
            return bytes(end - begin)
        return bytes(map(starred.__contains__, range(block.first + begin, block.first + end)))

    return test


def time_test(is_after: bool, moment: float) -> Test:
    """Return the test for entries from the Unix time `moment` on, or before it."""

    def test(block: Block, begin: int, end: int, _among: Mask) -> Mask:
        times = block.run_times[masks.runs(block, begin, end)]
        passes = bytes((time >= moment) is is_after for time in times)
        return masks.of_runs(passes, block, begin, end)

    return test


def daily_test(after: int | None, before: int | None) -> Test:
    """Return the test for entries between two times of every day, in microseconds since midnight.

    If `after` is the later one, the span goes over midnight. Either may be None.
    """
    clock = DayClock()
    is_over_midnight = after is not None and before is not None and after > before

    def passes(when: float) -> bool:
        of_day = clock.at(when)
        is_after, is_before = after is None or of_day >= after, before is None or of_day < before
        return (is_after or is_before) if is_over_midnight else (is_after and is_before)

    def test(block: Block, begin: int, end: int, _among: Mask) -> Mask:
        times = block.run_times[masks.runs(block, begin, end)]
        return masks.of_runs(bytes(map(passes, times)), block, begin, end)

    return test


def size_test(comparison: Comparison, limit: float) -> Test:
    """Return the test for payload sizes in bytes."""
    compare = COMPARISONS[comparison]
    # Comparing an integer with an integer takes half the time.
    exact = int(limit) if limit.is_integer() else limit

    def test(block: Block, begin: int, end: int, _among: Mask) -> Mask:
        sizes = map(sub, block.ends[begin:end], block.starts[begin:end])
        return bytes([compare(exact, size) for size in sizes])

    return test

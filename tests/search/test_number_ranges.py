"""Ranges of numbers behave as a set of numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spacebeam.search.number_ranges import NumberRanges

_CHANGES = st.lists(st.tuples(st.booleans(), st.integers(0, 30), st.integers(1, 8)), max_size=12)


@given(_CHANGES, st.integers(0, 30), st.integers(1, 8))
def test_ranges_have_what_was_added_and_not_removed(
    changes: list[tuple[bool, int, int]], start: int, length: int
) -> None:
    ranges, numbers = NumberRanges(), set[int]()
    for adds, first, count in changes:
        touched = range(first, first + count)
        if adds:
            ranges.add(first, first + count)
            numbers.update(touched)
        else:
            ranges.remove(first, first + count)
            numbers.difference_update(touched)
    assert [one for low, high in ranges for one in range(low, high)] == sorted(numbers)
    assert bool(ranges) == bool(numbers)
    assert [one for one in range(40) if one in ranges] == sorted(numbers)
    window = range(start, start + length)
    within = [one for low, high in ranges.within(start, start + length) for one in range(low, high)]
    assert within == [one for one in window if one in numbers]


def test_neighbouring_ranges_become_one_and_a_copy_stays_as_it_is() -> None:
    ranges = NumberRanges()
    ranges.add(0, 5)
    copy = ranges.copy()
    ranges.add(5, 1_000_000)
    assert list(ranges) == [(0, 1_000_000)]
    assert list(copy) == [(0, 5)]
    ranges.clear()
    assert not ranges

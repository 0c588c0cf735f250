"""Columns as large integers have the same results as a loop over the entries."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.columns import lengths, number, ones, progression

LARGEST = 2**32 - 1

bounds = st.tuples(st.integers(0, LARGEST), st.integers(0, LARGEST)).map(sorted)


@given(st.lists(bounds))
def test_lengths_are_from_each_start_to_its_end(pairs: list[list[int]]) -> None:
    starts, ends = (array("I", (pair[at] for pair in pairs)) for at in (0, 1))
    assert list(lengths(starts, ends)) == [end - start for start, end in pairs]


@pytest.mark.parametrize("count", [0, 1, 8, 63, 64, 65, 993])
@pytest.mark.parametrize(("first", "step"), [(0, 1), (4, 132), (2**31, 1000)])
def test_a_progression_increases_in_equal_steps(first: int, step: int, count: int) -> None:
    found = progression(first, step, count)
    assert list(found) == [first + place * step for place in range(count)]


def test_a_progression_can_end_at_the_largest_offset() -> None:
    assert progression(LARGEST - 99, 1, 100)[-1] == LARGEST


def test_a_unit_multiplied_has_the_number_in_each_entry() -> None:
    assert ones(5) * 7 == number(array("I", (7,) * 5))

"""A series tells numbers from states, and finds the breaks of what is a sequence."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.cli.plot import plot
from spacebeam.protocol.batch import Direction
from spacebeam.search.series.sequence import Break, FoundBreak
from spacebeam.search.series.series import MAX_STATES, OTHERS, Series, as_number

VALUES: st.SearchStrategy[Any] = st.sampled_from(
    ["\ud800", "1e308", -1e308, 1e250, Decimal("1e400"), 10**400, None, True, {}, [], "", "\x00", 7]
)


def taken(*values: Any, path: str = "x") -> Series:
    """A series that took these values, a second apart."""
    series = Series(path, 1.0)
    for entry, value in enumerate(values):
        series.add(entry, 100.0 + entry, Direction.RECEIVED, value)
    return series


def test_numbers_also_as_texts() -> None:
    series = taken(3, "2.5", -1e3)
    assert (series.numbers, series.least, series.most, series.sum) == (3, -1000, 3, -994.5)
    assert series.is_numeric
    assert series.newest is not None
    assert series.newest.text == "-1000.0"


def test_states_have_counts() -> None:
    series = taken("open", True, None, "open", {"a": 1}, [1])
    assert not series.is_numeric
    assert series.state_counts == {"open": 2, "true": 1, "null": 1, "{…}": 1, "[…]": 1}
    assert [one.last_state for one in series.buckets] == [0, 1, 2, 0, 3, 4]


def test_more_states_than_a_chart_has_are_counted_together() -> None:
    series = taken(*(f"id-{number}" for number in range(100)))
    assert len(series.state_names) == MAX_STATES + 1
    assert series.state_counts[OTHERS] == 100 - MAX_STATES


def test_breaks_of_a_sequence() -> None:
    series = taken(1, 2, 3, 4, 7, 8, 8, 9, 10, 11, 12, 5, 13)
    assert series.is_sequence
    assert series.breaks == [
        FoundBreak(4, 104.0, Break.GAP, 5, 7),
        FoundBreak(6, 106.0, Break.DUPLICATE, 9, 8),
        FoundBreak(11, 111.0, Break.ORDER, 13, 5),
    ]
    assert series.missing == 2
    assert [one.began for one in series.buckets if one.breaks] == [104.0, 106.0, 111.0]


def test_a_price_is_no_sequence() -> None:
    assert not taken(100, 101, 99, 103, 100, 100, 97).is_sequence


def test_a_sample_counts_nothing_and_is_drawn() -> None:
    series = Series("x", 1.0)
    series.add_sample(7, 107.0, 5)
    assert (series.count, series.has_values, len(list(series.buckets))) == (0, True, 1)
    series.add(7, 107.0, Direction.RECEIVED, 5)
    assert (series.count, len(list(series.buckets))) == (1, 1)


def test_a_path_of_many_values_has_all_of_them() -> None:
    assert taken([1, None, 5], path="items[*].price").most == 5


@given(st.lists(st.one_of(VALUES, st.text(), st.floats(), st.integers(), st.binary())))
def test_any_values_are_taken_and_drawn(values: list[Any]) -> None:
    series = taken(*values)
    assert series.count == len(values)
    assert isfinite(series.sum)
    if series.newest is not None:
        series.newest.text.encode()
        assert max(map(len, plot(series, 80))) <= 80 + 40


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1, 1.0),
        ("1.5", 1.5),
        ("+.5", 0.5),
        (True, None),
        ("1,000", None),
        (10**400, None),
        (float("nan"), None),
        ("1e999", None),
        (1e300, None),  # sums of such would be infinite
        ("nan", None),
    ],
)
def test_numbers(value: Any, number: float | None) -> None:
    assert as_number(value) == number

"""Counts over time: totals, seconds and steps stay correct when they are merged."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.batch import Direction
from spacebeam.recording.rates import MAX_STEPS, RECENT_S, Measure, Rates, RateSeries, Sums

NOON = 1_700_000_000.25  # Unix time

times = st.one_of(
    st.floats(NOON - 2000, NOON + 2000),
    st.floats(0, 4e9),
    st.sampled_from((math.nan, math.inf, -math.inf, 1e300, -5.5)),
)
additions = st.lists(
    st.tuples(
        times, times, st.sampled_from(Direction), st.integers(0, 10**6), st.integers(0, 2**40)
    ),
    max_size=40,
)


def whole(rates: Rates, measure: Measure = Measure.ENTRIES) -> tuple[int, int]:
    """Return the sums of sent and received of the series over the whole recording."""
    series = rates.whole(measure)
    assert len(series.sent) == len(series.received) <= MAX_STEPS
    assert series.began % series.step == 0
    return sum(series.sent), sum(series.received)


def received(rates: Rates, now: float, seconds: int) -> list[int]:
    return list(rates.recent(now, seconds, Measure.ENTRIES).received)


@given(additions, st.lists(st.booleans(), min_size=40, max_size=40))
def test_every_counted_entry_is_in_the_totals(
    parts: list[tuple[float, float, Direction, int, int]], spans: list[bool]
) -> None:
    rates = Rates()
    entries, size = [0, 0, 0], [0, 0, 0]
    for (began, ended, direction, count, bytes_), is_span in zip(parts, spans, strict=False):
        if is_span:
            rates.add_span(began, ended, direction, count, bytes_)
        else:
            rates.add(began, direction, count, bytes_)
        entries[direction] += count
        size[direction] += bytes_
    assert whole(rates) == tuple(entries[1:])
    assert whole(rates, Measure.BYTES) == tuple(size[1:])
    everything = Sums(entries[1], size[1], entries[2], size[2])
    assert rates.sums(-math.inf, math.inf) == everything
    assert (everything.entries, everything.bytes) == (sum(entries[1:]), sum(size[1:]))


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 9)), min_size=1, max_size=60))
def test_the_newest_minutes_are_counted_per_second(parts: list[tuple[int, int]]) -> None:
    rates = Rates()
    counted: dict[int, int] = {}
    now = 0
    for second, count in sorted(parts):
        rates.add(second + 0.5, Direction.RECEIVED, count, 0)
        counted[second] = counted.get(second, 0) + count
        now = second + 1
    expected = [counted.get(at, 0) for at in range(now - RECENT_S, now)]
    assert received(rates, now, RECENT_S) == expected
    assert rates.sums(now - 10, now).received_entries == sum(expected[-10:])


def test_directions_and_measures_are_counted_separately_without_events() -> None:
    rates = Rates()
    assert rates.is_empty
    rates.add(NOON, Direction.NONE, 1, 50)
    rates.add_span(NOON, NOON, Direction.NONE, 1, 50)
    assert rates.is_empty
    rates.add(NOON, Direction.SENT, 2, 100)
    rates.add(NOON, Direction.RECEIVED, 3, 7)
    assert not rates.is_empty
    assert rates.sums(int(NOON), int(NOON) + 1) == Sums(2, 100, 3, 7)
    assert whole(rates, Measure.BYTES) == (100, 7)


def test_a_count_is_visible_at_once() -> None:
    rates = Rates()
    for total in (1, 2, 3):
        rates.add(10.5, Direction.RECEIVED, 1, 1)
        assert received(rates, 11, 1) == [total]


def test_empty_rates_are_zero() -> None:
    rates = Rates()
    assert rates.sums(0, 100) == Sums()
    assert whole(rates) == (0, 0)
    assert received(rates, NOON, 3) == [0, 0, 0]
    assert rates.whole(Measure.BYTES, NOON) == RateSeries(int(NOON), int(NOON), 1, (), ())


def test_a_span_is_spread_evenly_over_its_seconds() -> None:
    rates = Rates()
    rates.add_span(10.5, 14.5, Direction.RECEIVED, 80, 8000)
    assert received(rates, 16, 7) == [0, 10, 20, 20, 20, 10, 0]


def test_a_long_span_is_spread_evenly_over_longer_steps() -> None:
    rates = Rates()
    rates.add_span(0, 100_000, Direction.SENT, 100_000, 0)
    series = rates.whole(Measure.ENTRIES)
    assert all(abs(count - series.step) <= 1 for count in series.sent[:-1])
    assert sum(rates.recent(100_000, 300, Measure.ENTRIES).sent) == pytest.approx(300, abs=1)


def test_a_long_recording_has_longer_steps() -> None:
    rates = Rates()
    for second in range(5000):
        rates.add(second, Direction.RECEIVED, 1, 10)
    series = rates.whole(Measure.ENTRIES)
    assert (series.began, series.ended, series.step) == (0, 5000, 8)
    assert list(series.received) == [8] * 625
    assert rates.sums(80, 160).received_entries == 80
    assert rates.sums(80, 84).received_entries == 4  # half a step
    assert rates.sums(83, 165).received_entries == 82


def test_the_incomplete_last_step_counts_completely() -> None:
    rates = Rates()
    for second in range(2001):
        rates.add(second, Direction.RECEIVED, 1, 0)
    assert rates.whole(Measure.ENTRIES).step == 2
    assert rates.sums(0, 2001).received_entries == 2001


def test_a_series_ends_now_or_at_its_last_entry() -> None:
    rates = Rates()
    rates.add(10, Direction.RECEIVED, 1, 0)
    assert rates.whole(Measure.ENTRIES, 20.5).ended == 20
    assert rates.whole(Measure.ENTRIES, 5).ended == 11


def test_a_clock_set_back_by_seconds_counts_at_its_time() -> None:
    rates = Rates()
    for second in (100, 101, 102, 101, 99):
        rates.add(second, Direction.RECEIVED, 1, 0)
    assert received(rates, 103, 4) == [1, 1, 2, 1]


def test_a_clock_set_back_far_restarts_the_newest_minutes() -> None:
    rates = Rates()
    rates.add(10_000, Direction.RECEIVED, 5, 0)
    rates.add(5_000, Direction.RECEIVED, 1, 0)
    assert received(rates, 5_001, 2) == [0, 1]
    assert whole(rates) == (0, 6)
    assert rates.sums(0, 20_000).received_entries == 6


def test_an_older_span_does_not_change_the_newest_minutes() -> None:
    rates = Rates()
    rates.add(10_000, Direction.RECEIVED, 5, 0)
    rates.add_span(4_000, 5_000, Direction.RECEIVED, 7, 0)
    assert received(rates, 10_001, 2) == [0, 5]
    assert whole(rates) == (0, 12)


@pytest.mark.parametrize("time", [math.nan, math.inf, -1e300])
def test_an_invalid_time_is_counted_with_the_newest(time: float) -> None:
    rates = Rates()
    rates.add(NOON, Direction.RECEIVED, 1, 0)
    rates.add(time, Direction.RECEIVED, 1, 0)
    rates.add_span(time, NOON, Direction.RECEIVED, 1, 0)
    assert received(rates, NOON + 1, 1) == [3]

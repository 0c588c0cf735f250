"""Buckets have the extremes and the newest value of each time, in bounded memory."""

from __future__ import annotations

import random
from math import inf

from spacebeam.recording.rates import Measure
from spacebeam.search.series.buckets import MAX_BUCKETS, Buckets


def test_a_bucket_has_extremes_and_the_newest_number() -> None:
    buckets = Buckets(1.0)
    for time, number in ((10.1, 5), (10.9, 3), (10.5, 9), (12.0, 1)):
        buckets.add_number(time, number)
    first, second = buckets
    assert (first.began, first.ended, first.low, first.high, first.last) == (10, 11, 3, 9, 3)
    assert (second.began, second.low, second.high) == (12, 1, 1)


def test_adding_again_changes_nothing() -> None:
    values = [(float(at), float(at * 7 % 13)) for at in range(50)]
    once, twice = Buckets(3.0), Buckets(3.0)
    for time, number in values[::5]:
        twice.add_number(time, number)
    for time, number in values:
        once.add_number(time, number)
        twice.add_number(time, number)
    assert list(once) == list(twice)


def test_joining_buckets_loses_no_extreme_and_no_state() -> None:
    chance = random.Random(1)
    buckets = Buckets(0.001)
    values = [(chance.uniform(0, 1e6), chance.uniform(-5, 5)) for _ in range(2000)]
    for time, number in values:  # in any order, as a clock may be set back
        buckets.add_number(time, number)
        buckets.add_state(time, int(number) + 5)
        buckets.add_break(time, 1)
    assert len(buckets) <= MAX_BUCKETS
    for bucket in buckets:
        inside = [one for one in values if bucket.began <= one[0] < bucket.ended]
        assert bucket.low == min(number for _time, number in inside)
        assert bucket.high == max(number for _time, number in inside)
        newest = max(inside)[1]
        assert (bucket.last, bucket.last_state) == (newest, int(newest) + 5)
        assert bucket.states == sum({1 << (int(number) + 5) for _time, number in inside})
    assert sum(1 for one in buckets if one.low != inf) == len(list(buckets))


def test_sliding_buckets_drop_the_oldest() -> None:
    buckets = Buckets(1.0, slides=True)
    for at in range(3 * MAX_BUCKETS):
        buckets.add_number(float(at), at)
    assert (len(buckets), buckets.began) == (MAX_BUCKETS, 2.0 * MAX_BUCKETS)
    buckets.add_number(5.0, 0)  # it is older
    buckets.add_number(1e9, 7)  # much newer
    assert [one.last for one in buckets] == [7]
    buckets.add_number(1e9 - 3, 6)
    assert [one.last for one in buckets] == [6, 7]


def test_impossible_times_of_a_damaged_file_are_passed_over() -> None:
    buckets = Buckets(1.0)
    for time in (inf, -inf, float("nan"), 1e300):
        buckets.add_number(time, 1)
        buckets.add_state(time, 1)
    assert list(buckets) == []


def test_a_state_has_rates_in_parts_of_any_length() -> None:
    buckets = Buckets(1.0)
    for time in (10.0, 10.5, 11.0, 13.0):
        buckets.add_state(time, 2, 100)
    buckets.add_state(12.0, 3, 5)
    buckets.add_state(12.5, 2)  # of a sample
    assert buckets.rates(1 << 2, Measure.ENTRIES, 10, 14, 4) == [2, 1, 0, 1]
    assert buckets.rates(1 << 2, Measure.BYTES, 10, 14, 2) == [150, 50]
    assert buckets.rates(1 << 2, Measure.ENTRIES, 9, 12, 6) == [0, 0, 2, 2, 1, 1]
    assert buckets.rates(0b1100, Measure.ENTRIES, 10, 14, 4) == [2, 1, 1, 1]
    assert buckets.rates(1 << 7, Measure.ENTRIES, 9, 12, 2) == [0, 0]


def test_joining_and_sliding_keep_the_sums() -> None:
    doubled, sliding = Buckets(0.001), Buckets(0.001, slides=True)
    for at in range(9000):
        for one in (doubled, sliding):
            one.add_state(at * 0.001, at % 2, 10)
    (rate,) = doubled.rates(1 << 1, Measure.ENTRIES, doubled.began, doubled.ended, 1)
    assert round(rate * (doubled.ended - doubled.began)) == 4500
    (rate,) = sliding.rates(1 << 1, Measure.BYTES, sliding.began, sliding.ended, 1)
    assert round(rate * (sliding.ended - sliding.began)) == MAX_BUCKETS // 2 * 10

"""Computes the bars, the scales and the ticks of the rate graph."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.recording.rates import RateSeries
from spacebeam.ui.rates.bars import (
    Bars,
    TimeWindow,
    bars,
    edge_words,
    picture,
    scale_top,
    tick_words,
    ticks,
)

NOON = 1_699_963_200  # Unix time


def series(*received: int, began: int = 0, step: int = 1, ended: int | None = None) -> RateSeries:
    """What was received step by step; nothing was sent."""
    end = began + step * len(received) if ended is None else ended
    return RateSeries(began, end, step, [0] * len(received), received)


def seen(of: RateSeries, began: float, ended: float, width: float = 1000) -> list[float]:
    """The means a second that are drawn for what was received."""
    drawn = bars(of, TimeWindow(began, ended), width)[1]
    return [height * drawn.top for height in drawn.heights]


def test_every_step_has_a_column_if_there_is_room() -> None:
    sent, received = bars(series(10, 0, 5), TimeWindow(0, 3), 300)
    assert received == Bars([0, 100, 200, 300], [1.0, 0.0, 0.5], 10)
    assert sent == Bars([0, 100, 200, 300], [0.0, 0.0, 0.0], 0.0)


def test_an_unfinished_step_counts_for_its_time_so_far() -> None:
    assert seen(series(40, 20, step=4, ended=6), 0, 60) == pytest.approx([10, 10])


def test_steps_outside_the_view_are_left_out() -> None:
    assert seen(series(1, 2, 3, 4, 5), 1, 4) == pytest.approx([2, 3, 4])
    assert seen(series(1, 2, 3), 100, 110) == []
    assert seen(series(), 0, 60) == []


def test_columns_keep_their_height_while_the_view_moves() -> None:
    of = series(*(number % 7 for number in range(400)))
    shown: list[dict[int, float]] = []
    for began in (0, 1):
        view = TimeWindow(began, began + 300)
        drawn = bars(of, view, 104)[1]
        times = [round(view.time(edge, 104)) for edge in drawn.edges]
        means = [height * drawn.top for height in drawn.heights]
        whole = zip(pairwise(times), means, strict=True)
        shown.append({low: mean for (low, high), mean in whole if high - low == 6})
    both = shown[0].keys() & shown[1].keys()
    assert len(both) > 45
    assert [shown[0][at] for at in both] == pytest.approx([shown[1][at] for at in both])


@given(
    st.lists(st.integers(0, 2**50), min_size=1, max_size=1200),
    st.integers(-(10**6), 10**6),
    st.sampled_from((1, 2, 64, 4096)),
    st.floats(1, 3000),
)
def test_columns_fit_the_graph_and_omit_no_step(
    counts: list[int], first: int, step: int, width: float
) -> None:
    of = series(*counts, began=first * step, step=step)
    _sent, drawn = bars(of, TimeWindow(of.began, of.ended), width)
    assert len(drawn.heights) <= max(width / 2, 2)
    assert all(0 <= low <= high <= width for low, high in pairwise(drawn.edges))
    assert drawn.edges[0] == 0
    assert drawn.edges[-1] == pytest.approx(width)
    assert all(0 <= height <= 1 + 1e-6 for height in drawn.heights)
    seconds = len(counts) * step / width
    area = sum(
        height * (high - low) * seconds
        for height, (low, high) in zip(drawn.heights, pairwise(drawn.edges), strict=True)
    )
    assert area * drawn.top == pytest.approx(sum(counts), rel=1e-6)


@pytest.mark.parametrize(
    ("most", "unit", "top"),
    [
        (1, 1000, 1),
        (1.2, 1000, 1.5),
        (9, 1000, 10),
        (11, 1000, 15),
        (999, 1000, 1000),
        (12_300, 1000, 15_000),
        (0.04, 1000, 0.04),
        (1024, 1024, 1024),
        (1_500_000, 1024, 1.5 * 1024**2),
        (700 * 1024, 1024, 800 * 1024),
    ],
)
def test_a_scale_ends_with_a_round_number(most: float, unit: int, top: float) -> None:
    assert scale_top(most, unit) == pytest.approx(top)


@given(st.floats(1e-6, 1e15), st.sampled_from((1000, 1024)))
def test_a_scale_is_little_higher_than_its_highest_value(most: float, unit: int) -> None:
    assert most * (1 - 1e-6) <= scale_top(most, unit) <= 2 * most


def test_times_and_positions_convert_both_ways() -> None:
    view = TimeWindow(100, 400)
    assert view.x(250, 600) == 300
    assert view.time(300, 600) == 250
    assert (view.time(-50, 600), view.time(700, 600), view.time(5, 0)) == (100, 400, 100)


def test_ticks_are_round_times_of_the_local_day() -> None:
    of_five = ticks(TimeWindow(NOON + 10, NOON + 310), 400, 0)
    assert [tick.words for tick in of_five] == ["12:01", "12:02", "12:03", "12:04", "12:05"]
    assert of_five[0].x == pytest.approx(50 / 300 * 400)
    indian = ticks(TimeWindow(NOON, NOON + 6 * 3600), 300, 19_800)
    assert [tick.words for tick in indian] == ["18:00", "20:00", "22:00"]


@given(st.floats(0, 2e9), st.floats(1, 1e9), st.floats(50, 4000))
def test_ticks_do_not_overlap(began: float, length: float, width: float) -> None:
    drawn = ticks(TimeWindow(began, began + length), width, 3600)
    assert all(-1 <= tick.x <= width + 1 for tick in drawn)
    assert all(high.x - low.x > 70 for low, high in pairwise(drawn))


@pytest.mark.parametrize(
    ("interval", "words"), [(30, "12:00:05"), (60, "12:00"), (7200, "12:00"), (86_400, "14 Nov")]
)
def test_a_tick_is_as_exact_as_its_interval(interval: float, words: str) -> None:
    assert tick_words(NOON + 5, interval) == words


def test_the_edges_of_a_span_have_seconds_or_a_day() -> None:
    assert edge_words(NOON + 5, TimeWindow(0, 300)) == "12:00:05"
    assert edge_words(NOON + 5, TimeWindow(0, 86_400 * 3)) == "14 Nov 12:00"


def test_a_chart_has_bars_scales_and_ticks() -> None:
    view = TimeWindow(0, 3)
    drawn = picture(series(1, 2, 3), view, 300, 0)
    assert (drawn.sent, drawn.received) == bars(series(1, 2, 3), view, 300)
    assert drawn.ticks == ticks(view, 300, 0)
    assert (drawn.view, drawn.step, drawn.width) == (view, 1, 300)

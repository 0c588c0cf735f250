"""The rate graph says and shows what is counted, no more often than it can be read."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from gi.repository import GLib, Gtk

from spacebeam.protocol.batch import Direction
from spacebeam.recording.rates import Rates
from spacebeam.ui.rates.bars import RateChart
from spacebeam.ui.rates.rate_graph import RateGraph
from spacebeam.ui.rates.rate_plot import RatePlot
from tests.support.waiting import eventually, settled
from tests.ui.doing import Heard, resize, shown, words
from tests.ui.rates.test_rate_plot import gesture

NOW = 1_700_000_000.5


def busy(seconds: int = 300, count: int = 12_300) -> Rates:
    """So many messages received in each second before now, and one sent in the last."""
    rates = Rates()
    for second in range(1, seconds + 1):
        rates.add(NOW - second, Direction.RECEIVED, count, count * 128)
    rates.add(NOW - 1, Direction.SENT, 1, 5)
    return rates


@contextlib.asynccontextmanager
async def graph(rates: Rates, width: int = 900) -> AsyncIterator[RateGraph]:
    made = RateGraph()
    made.set_valign(Gtk.Align.START)
    async with shown(made, width, 200):
        made.show_rates(rates, NOW)
        await eventually(lambda: is_drawn(made))
        yield made


def is_drawn(made: RateGraph) -> bool:
    plot = made._plot
    return plot.get_width() > 10 and plot._chart.width == plot.get_width()


def drag(made: RateGraph, begin: float, end: float) -> None:
    """Drag over these shares of the width."""
    width = made._plot.get_width()
    gesture(made._plot).emit("drag-begin", begin * width, 5)
    gesture(made._plot).emit("drag-update", (end - begin) * width, 0)
    gesture(made._plot).emit("drag-end", (end - begin) * width, 0)


class Chosen(list[tuple[float, float]]):
    def __init__(self, made: RateGraph) -> None:
        super().__init__()
        made.connect("range-chosen", lambda _graph, began, ended: self.append((began, ended)))


async def test_it_says_how_fast_it_goes_and_how_far_the_scales_reach() -> None:
    async with graph(busy()) as made:
        assert "12,301 messages/s · 1.5 MiB/s" in words(made)
        assert "Received · 15,000/s" in words(made)
        assert "Sent · 1/s" in words(made)
        assert "Sent: 1 message/s · 5 B/s" in (made._rate_label.get_tooltip_text() or "")


async def test_nothing_is_told_of_a_scale_where_nothing_was_said() -> None:
    async with graph(Rates()) as made:
        assert {"0 messages/s · 0 B/s", "Received", "Sent"} <= set(words(made))


async def test_a_time_that_is_dragged_over_is_told_with_what_is_in_it() -> None:
    async with graph(busy()) as made:
        chosen = Chosen(made)
        drag(made, 0.5003, 0.5663)
        began, ended = NOW - 0.5 - 150, NOW - 0.5 - 130
        assert chosen == [(began, ended)]
        assert made.chosen == (began, ended)
        assert "20 s · 246,000 messages · 30.0 MiB" in words(made)
        assert "12,301 messages/s · 1.5 MiB/s" in words(made)


async def test_a_click_lets_go_of_it() -> None:
    async with graph(busy()) as made:
        drag(made, 0.5, 0.6)
        cleared = Heard(made, "range-cleared")
        drag(made, 0.5, 0.5)
        assert cleared == [True]
        assert made.chosen is None
        assert not made._range_label.get_visible()


async def test_letting_go_from_outside_says_nothing() -> None:
    async with graph(busy()) as made:
        drag(made, 0.5, 0.6)
        cleared = Heard(made, "range-cleared")
        made.clear_range()
        assert made.chosen is None
        assert not made._range_label.get_visible()
        assert cleared == []


async def test_in_a_narrow_window_the_chosen_time_takes_the_rates_place() -> None:
    async with graph(busy(), 360) as made:
        assert made._rate_label.get_visible()
        drag(made, 0.5, 0.6)
        assert made._range_label.get_visible()
        assert not made._rate_label.get_visible()
        drag(made, 0.5, 0.5)
        assert made._rate_label.get_visible()


async def test_it_can_show_bytes() -> None:
    async with graph(busy()) as made:
        made.activate_action("rates.measure", GLib.Variant.new_string("bytes"))
        assert "Received · 2.0 MiB/s" in words(made)
        assert "Sent · 5 B/s" in words(made)


async def test_it_can_show_the_whole_recording() -> None:
    async with graph(busy(3000)) as made:
        assert made._plot._chart.view.began == NOW - 0.5 - 300
        made.activate_action("rates.time", GLib.Variant.new_string("whole"))
        view = made._plot._chart.view
        assert NOW - 3005 < view.began <= NOW - 3000
        assert view.ended == NOW - 0.5
        assert "Whole" in words(made)
        chosen = Chosen(made)
        drag(made, 0.0, 1.0)
        assert chosen[0][0] <= NOW - 3000
        assert "36,900,001 messages" in made._range_label.get_text()


async def test_of_what_is_over_all_is_shown_and_of_what_goes_on_the_newest() -> None:
    async with graph(busy()) as made:
        made.show_rates(busy(3000), NOW, is_over=True)
        assert "Whole" in words(made)
        made.activate_action("rates.time", GLib.Variant.new_string("recent"))
        made.show_rates(made._rates, NOW, is_over=True)
        assert "5 min" in words(made)
        made.show_rates(busy(3000), NOW, is_over=True)
        made.show_rates(busy(), NOW)
        assert "5 min" in words(made)


async def test_of_what_is_over_it_is_said_how_much_it_was() -> None:
    async with graph(busy()) as made:
        made.show_rates(busy(2), NOW, is_over=True)
        await eventually(lambda: "2 s · 24,601 messages · 3.0 MiB" in words(made))
        assert made._rate_label.get_tooltip_text() == (
            "Received: 24,600 messages · 3.0 MiB\nSent: 1 message · 5 B"
        )
        view = made._plot._chart.view
        assert view.ended - view.began == 5


async def test_the_whole_of_nothing_is_a_minute_from_now() -> None:
    async with graph(Rates()) as made:
        made.activate_action("rates.time", GLib.Variant.new_string("whole"))
        view = made._plot._chart.view
        assert (view.began, view.ended) == (NOW - 0.5, NOW + 59.5)


async def test_a_recording_that_has_just_begun_begins_at_the_left() -> None:
    async with graph(busy(3)) as made:
        made.activate_action("rates.time", GLib.Variant.new_string("whole"))
        view = made._plot._chart.view
        assert view.ended - view.began == 60


async def test_it_follows_four_times_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    original = RatePlot.show_chart

    def counted(plot: RatePlot, picture: RateChart) -> None:
        drawn.append(GLib.get_monotonic_time())
        original(plot, picture)

    async with graph(busy()) as made:
        await settled(lambda: made._timer)
        monkeypatch.setattr(RatePlot, "show_chart", counted)

        def told() -> bool:
            made.show_rates(made._rates, NOW)
            return len(drawn) >= 4

        await eventually(told)
        assert min(after - before for before, after in pairwise(drawn)) > 200_000


async def test_the_last_that_it_was_told_is_shown() -> None:
    rates = busy()
    async with graph(rates) as made:
        for later in range(1, 6):
            made.show_rates(rates, NOW + later)
        await eventually(lambda: made._plot._chart.view.ended == NOW - 0.5 + 5)
        assert "0 messages/s · 0 B/s" in words(made)


async def test_what_cannot_be_seen_is_not_drawn() -> None:
    async with graph(busy()) as made:
        made.set_visible(False)
        before = made._plot._chart
        made.show_rates(made._rates, NOW + 50)
        assert not made._timer
        assert made._plot._chart is before
        made.set_visible(True)
        await eventually(lambda: made._plot._chart.view.ended == NOW - 0.5 + 50)


async def test_what_is_dragged_over_stands_still() -> None:
    async with graph(busy()) as made:
        before = made._plot._chart
        gesture(made._plot).emit("drag-begin", 10, 5)
        made.show_rates(made._rates, NOW + 50)
        await eventually(lambda: "0 messages/s · 0 B/s" in words(made))
        assert made._plot._chart is before
        gesture(made._plot).emit("drag-end", 100, 0)
        made.show_rates(made._rates, NOW + 50)
        await eventually(lambda: made._plot._chart is not before)


async def test_another_recordings_rates_have_nothing_chosen() -> None:
    async with graph(busy()) as made:
        drag(made, 0.5, 0.6)
        made.show_rates(Rates(), NOW)
        assert made.chosen is None


async def test_another_width_has_another_picture() -> None:
    async with graph(busy()) as made:
        window = made.get_root()
        assert isinstance(window, Gtk.Window)
        before = made._plot.get_width()
        await resize(window, 500, 200, lambda: made._plot.get_width() < before and is_drawn(made))
        await settled(lambda: made._timer)
        assert not made._timer

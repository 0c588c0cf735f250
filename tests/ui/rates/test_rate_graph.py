"""The rate graph: rates, scales, the selected time span, and how often it is drawn."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

import pytest
from gi.repository import GLib, Gtk

from spacebeam.protocol.batch import Direction
from spacebeam.recording.rates import Rates
from spacebeam.ui.rates.rate_graph import RateGraph
from tests.support.waiting import eventually, settled
from tests.ui.doing import Heard, resize, shown
from tests.ui.pageobjects.rates import RatesPage

NOW = 1_700_000_000.5


def busy(seconds: int = 300, count: int = 12_300) -> Rates:
    """Return rates of `count` messages received in each second before now, and one sent."""
    rates = Rates()
    for second in range(1, seconds + 1):
        rates.add(NOW - second, Direction.RECEIVED, count, count * 128)
    rates.add(NOW - 1, Direction.SENT, 1, 5)
    return rates


@contextlib.asynccontextmanager
async def graph(rates: Rates, width: int = 900) -> AsyncIterator[RatesPage]:
    widget = RateGraph()
    widget.set_valign(Gtk.Align.START)
    async with shown(widget, width, 200):
        widget.show_rates(rates, NOW)
        made = RatesPage(widget)
        await eventually(lambda: made.is_drawn)
        yield made


class Chosen(list[tuple[float, float]]):
    def __init__(self, made: RateGraph) -> None:
        super().__init__()
        made.connect("range-chosen", lambda _graph, began, ended: self.append((began, ended)))


async def test_the_current_rate_and_the_scales_are_shown() -> None:
    async with graph(busy()) as made:
        assert "12,301 messages/s · 1.5 MiB/s" in made.words
        assert "Received · 15,000/s" in made.words
        assert "Sent · 1/s" in made.words
        assert "Sent: 1 message/s · 5 B/s" in (made.rate.get_tooltip_text() or "")


async def test_without_messages_no_scale_is_shown() -> None:
    async with graph(Rates()) as made:
        assert {"0 messages/s · 0 B/s", "Received", "Sent"} <= set(made.words)


async def test_a_drag_selects_a_time_span_and_shows_its_totals() -> None:
    async with graph(busy()) as made:
        chosen = Chosen(made.widget)
        made.plot.drag(0.5003, 0.5663)
        began, ended = NOW - 0.5 - 150, NOW - 0.5 - 130
        assert chosen == [(began, ended)]
        assert made.widget.chosen == (began, ended)
        assert "20 s · 246,000 messages · 30.0 MiB" in made.words
        assert "12,301 messages/s · 1.5 MiB/s" in made.words


async def test_a_click_clears_the_selection() -> None:
    async with graph(busy()) as made:
        made.plot.drag(0.5, 0.6)
        cleared = Heard(made.widget, "range-cleared")
        made.plot.drag(0.5, 0.5)
        assert cleared == [True]
        assert made.widget.chosen is None
        assert not made.span.get_visible()


async def test_clearing_by_the_program_emits_nothing() -> None:
    async with graph(busy()) as made:
        made.plot.drag(0.5, 0.6)
        cleared = Heard(made.widget, "range-cleared")
        made.widget.clear_range()
        assert made.widget.chosen is None
        assert not made.span.get_visible()
        assert cleared == []


async def test_in_a_narrow_window_the_selection_replaces_the_rate() -> None:
    async with graph(busy(), 360) as made:
        assert made.rate.get_visible()
        made.plot.drag(0.5, 0.6)
        assert made.span.get_visible()
        assert not made.rate.get_visible()
        made.plot.drag(0.5, 0.5)
        assert made.rate.get_visible()


async def test_bytes_can_be_shown() -> None:
    async with graph(busy()) as made:
        made.widget.activate_action("rates.measure", GLib.Variant.new_string("bytes"))
        assert "Received · 2.0 MiB/s" in made.words
        assert "Sent · 5 B/s" in made.words


async def test_the_whole_recording_can_be_shown() -> None:
    async with graph(busy(3000)) as made:
        assert made.plot.chart.view.began == NOW - 0.5 - 300
        made.widget.activate_action("rates.time", GLib.Variant.new_string("whole"))
        view = made.plot.chart.view
        assert NOW - 3005 < view.began <= NOW - 3000
        assert view.ended == NOW - 0.5
        assert "Whole" in made.words
        chosen = Chosen(made.widget)
        made.plot.drag(0.0, 1.0)
        assert chosen[0][0] <= NOW - 3000
        assert "36,900,001 messages" in made.span.get_text()


async def test_an_ended_recording_is_shown_whole_and_a_live_one_recent() -> None:
    async with graph(busy()) as made:
        made.widget.show_rates(ended := busy(3000), NOW, is_over=True)
        assert "Whole" in made.words
        made.widget.activate_action("rates.time", GLib.Variant.new_string("recent"))
        made.widget.show_rates(ended, NOW, is_over=True)
        assert "5 min" in made.words
        made.widget.show_rates(busy(3000), NOW, is_over=True)
        made.widget.show_rates(busy(), NOW)
        assert "5 min" in made.words


async def test_an_ended_recording_has_totals() -> None:
    async with graph(busy()) as made:
        made.widget.show_rates(busy(2), NOW, is_over=True)
        await eventually(lambda: "2 s · 24,601 messages · 3.0 MiB" in made.words)
        assert made.rate.get_tooltip_text() == (
            "Received: 24,600 messages · 3.0 MiB\nSent: 1 message · 5 B"
        )
        view = made.plot.chart.view
        assert view.ended - view.began == 5


async def test_the_whole_of_an_empty_recording_is_a_minute() -> None:
    async with graph(Rates()) as made:
        made.widget.activate_action("rates.time", GLib.Variant.new_string("whole"))
        view = made.plot.chart.view
        assert (view.began, view.ended) == (NOW - 0.5, NOW + 59.5)


async def test_a_recording_that_has_just_begun_begins_at_the_left() -> None:
    async with graph(busy(3)) as made:
        made.widget.activate_action("rates.time", GLib.Variant.new_string("whole"))
        view = made.plot.chart.view
        assert view.ended - view.began == 60


async def test_the_graph_is_drawn_four_times_a_second_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[int] = []  # milliseconds
    original = GLib.timeout_add

    def timeout_add(wait: int, callback: Callable[[], bool]) -> int:
        waits.append(wait)
        return original(wait, callback)

    async with graph(rates := busy()) as made:
        await settled(lambda: made.is_redraw_due)
        with monkeypatch.context() as patch:
            now = GLib.get_monotonic_time()
            patch.setattr(GLib, "get_monotonic_time", lambda: now)
            patch.setattr(GLib, "timeout_add", timeout_add)
            made.widget.activate_action("rates.measure", GLib.Variant.new_string("bytes"))
            before = made.plot.chart  # drawn at once
            for later in range(1, 10):
                made.widget.show_rates(rates, NOW + later)
            assert made.plot.chart is before
        assert waits == [250]
        await eventually(lambda: made.plot.chart.view.ended == NOW - 0.5 + 9)


async def test_the_newest_rates_are_shown() -> None:
    rates = busy()
    async with graph(rates) as made:
        for later in range(1, 6):
            made.widget.show_rates(rates, NOW + later)
        await eventually(lambda: made.plot.chart.view.ended == NOW - 0.5 + 5)
        assert "0 messages/s · 0 B/s" in made.words


async def test_a_hidden_graph_is_not_drawn() -> None:
    async with graph(rates := busy()) as made:
        made.widget.set_visible(False)
        before = made.plot.chart
        made.widget.show_rates(rates, NOW + 50)
        assert not made.is_redraw_due
        assert made.plot.chart is before
        made.widget.set_visible(True)
        await eventually(lambda: made.plot.chart.view.ended == NOW - 0.5 + 50)


async def test_the_graph_does_not_move_during_a_drag() -> None:
    async with graph(rates := busy()) as made:
        before = made.plot.chart
        made.plot.gesture.emit("drag-begin", 10, 5)
        made.widget.show_rates(rates, NOW + 50)
        await eventually(lambda: "0 messages/s · 0 B/s" in made.words)
        assert made.plot.chart is before
        made.plot.gesture.emit("drag-end", 100, 0)
        made.widget.show_rates(rates, NOW + 50)
        await eventually(lambda: made.plot.chart is not before)


async def test_another_recording_clears_the_selection() -> None:
    async with graph(busy()) as made:
        made.plot.drag(0.5, 0.6)
        made.widget.show_rates(Rates(), NOW)
        assert made.widget.chosen is None


async def test_the_graph_is_drawn_again_after_a_resize() -> None:
    async with graph(busy()) as made:
        window = made.widget.get_root()
        assert isinstance(window, Gtk.Window)
        before = made.plot.widget.get_width()
        plot = made.plot.widget
        await resize(window, 500, 200, lambda: plot.get_width() < before and made.is_drawn)
        await settled(lambda: made.is_redraw_due)
        assert not made.is_redraw_due

"""The plot: selecting a time span by pointer and by keys, and drawing it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from gi.repository import Gdk, Gsk, Gtk

from spacebeam.recording.rates import RateSeries
from spacebeam.ui.rates.bars import TimeWindow, picture
from spacebeam.ui.rates.rate_plot import RatePlot
from spacebeam.ui.rates.selection import TimeSpan
from tests.support.waiting import eventually
from tests.ui.doing import NO_KEYS, Heard, key, resize, shown
from tests.ui.pageobjects.rates import PlotPage

BUBBLE = Gtk.PropagationPhase.BUBBLE
SHIFT, CONTROL = Gdk.ModifierType.SHIFT_MASK, Gdk.ModifierType.CONTROL_MASK
COUNTS = range(300)


@contextlib.asynccontextmanager
async def plotted(counts: range = COUNTS) -> AsyncIterator[RatePlot]:
    """A plot of so many seconds, from 1000 on, that is drawn."""
    plot = RatePlot()
    plot.set_valign(Gtk.Align.START)
    async with shown(plot, 600, 200):
        await eventually(lambda: plot.get_width() > 100)
        series = RateSeries(1000, 1000 + len(counts), 1, counts, counts)
        view = TimeWindow(series.began, max(series.ended, series.began + 60))
        plot.show_chart(picture(series, view, plot.get_width(), 0))
        await drawn(plot)
        yield plot


async def drawn(plot: RatePlot) -> None:
    clock = plot.get_frame_clock()
    assert clock is not None
    before = clock.get_frame_counter()
    plot.queue_draw()
    await eventually(lambda: clock.get_frame_counter() > before)


def drag(plot: RatePlot, begin: float, end: float) -> None:
    """Drag from one time to another."""
    PlotPage(plot).drag((begin - 1000) / 300, (end - 1000) / 300)


def press(plot: RatePlot, pressed: int, state: Gdk.ModifierType = NO_KEYS) -> bool:
    return key(plot, pressed, state, BUBBLE)


class Chosen(list[tuple[float, float]]):
    """The times that a plot said were chosen."""

    def __init__(self, plot: RatePlot) -> None:
        super().__init__()
        plot.connect("chosen", lambda _plot, began, ended: self.append((began, ended)))


async def test_a_drag_selects_a_span_on_release() -> None:
    async with plotted() as plot:
        chosen, changed = Chosen(plot), Heard(plot, "changed")
        drag(plot, 1100.5, 1159.5)
        assert chosen == [(1100, 1160)]
        assert changed
        await drawn(plot)


async def test_the_step_under_the_pointer_is_shown() -> None:
    async with plotted() as plot:
        (motion,) = (
            each
            for each in plot.observe_controllers()
            if isinstance(each, Gtk.EventControllerMotion)
        )
        changed = Heard(plot, "changed")
        motion.emit("motion", plot.get_width() / 2, 10)
        motion.emit("motion", plot.get_width() / 2 + 0.01, 10)
        assert plot.selection.pointed == (1150, 1151)
        await drawn(plot)
        assert len(changed) == 1
        later = replace(PlotPage(plot).chart, view=TimeWindow(1010, 1310))
        plot.show_chart(later)  # time goes on beneath the pointer
        assert plot.selection.pointed == (1160, 1161)
        motion.emit("leave")
        assert plot.selection.pointed is None
        assert plot.selection.shown is None


async def test_a_drag_beyond_the_edge_selects_only_visible_steps() -> None:
    async with plotted() as plot:
        chosen = Chosen(plot)
        drag(plot, 1010.5, 900)
        assert chosen == [(1000, 1011)]


async def test_nothing_is_selected_during_a_drag() -> None:
    async with plotted() as plot:
        chosen = Chosen(plot)
        PlotPage(plot).gesture.emit("drag-begin", 100, 10)
        PlotPage(plot).gesture.emit("drag-update", 100, 0)
        assert plot.is_dragged
        assert plot.selection.shown
        assert chosen == []
        PlotPage(plot).gesture.emit("cancel", None)
        assert not plot.is_dragged
        assert plot.selection.shown is None
        PlotPage(plot).gesture.emit("drag-end", 100, 0)
        assert chosen == []


@pytest.mark.parametrize("moved", [0, 3, -3])
async def test_a_click_clears_the_selection(moved: float) -> None:
    async with plotted() as plot:
        drag(plot, 1100, 1160)
        chosen, cleared = Chosen(plot), Heard(plot, "cleared")
        PlotPage(plot).gesture.emit("drag-begin", 100, 10)
        PlotPage(plot).gesture.emit("drag-end", moved, 0)
        assert (chosen, cleared) == ([], [True])
        assert plot.selection.shown is None


async def test_keys_select_a_span() -> None:
    async with plotted() as plot:
        chosen = Chosen(plot)
        assert not press(plot, Gdk.KEY_Return)
        assert press(plot, Gdk.KEY_Left)
        await drawn(plot)
        assert press(plot, Gdk.KEY_Left, CONTROL)
        assert press(plot, Gdk.KEY_Left, SHIFT)
        assert press(plot, Gdk.KEY_Right, SHIFT)
        assert press(plot, Gdk.KEY_Left, SHIFT | CONTROL)
        await drawn(plot)
        assert chosen == []
        assert press(plot, Gdk.KEY_Return)
        assert chosen == [(1279, 1290)]
        assert press(plot, Gdk.KEY_Home)
        assert press(plot, Gdk.KEY_End, SHIFT)
        assert press(plot, Gdk.KEY_Return)
        assert chosen[1:] == [(1000, 1300)]


async def test_escape_clears_the_selection_and_is_otherwise_not_used() -> None:
    async with plotted() as plot:
        drag(plot, 1100, 1160)
        cleared = Heard(plot, "cleared")
        assert press(plot, Gdk.KEY_Escape)
        assert not press(plot, Gdk.KEY_Escape)
        assert not press(plot, Gdk.KEY_a)
        assert cleared == [True]


async def test_another_chart_keeps_the_selection() -> None:
    async with plotted() as plot:
        drag(plot, 1100, 1160)
        series = RateSeries(1200, 1500, 1, COUNTS, COUNTS)
        plot.show_chart(picture(series, TimeWindow(1200, 1500), plot.get_width(), 0))
        await drawn(plot)
        assert plot.selection.shown == TimeSpan(1100, 1160)


async def test_clearing_by_the_program_emits_changed_alone() -> None:
    async with plotted() as plot:
        drag(plot, 1100, 1160)
        changed, cleared = Heard(plot, "changed"), Heard(plot, "cleared")
        plot.clear()
        plot.clear()
        assert (changed, cleared) == ([True], [])


async def test_a_resize_is_emitted() -> None:
    async with plotted() as plot:
        resized = Heard(plot, "resized")
        window = plot.get_root()
        assert isinstance(window, Gtk.Window)
        await resize(window, 700, 200, lambda: resized)


async def test_an_empty_chart_can_be_drawn() -> None:
    async with plotted(range(0)) as plot:
        await drawn(plot)


async def test_all_bars_are_drawn_as_one_node() -> None:
    async with plotted() as plot:
        snapshot = Gtk.Snapshot()
        plot.do_snapshot(snapshot)
        node = snapshot.to_node()
        assert isinstance(node, Gsk.ContainerNode)
        nodes = [node.get_child(place) for place in range(node.get_n_children())]
        assert len([one for one in nodes if isinstance(one, Gsk.CairoNode)]) == 1
        assert len(nodes) < len(COUNTS) / 4  # the others are lines and words

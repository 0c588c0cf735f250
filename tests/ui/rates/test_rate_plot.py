"""The plot draws its picture in the colours it was given, and hears pointer and keys."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.recording.rates import RateSeries
from spacebeam.ui.rates.bars import TimeWindow, picture
from spacebeam.ui.rates.rate_plot import RatePlot
from spacebeam.ui.rates.selection import TimeSpan
from tests.support.waiting import eventually
from tests.ui.doing import NO_KEYS, Heard, key, resize, shown

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


def gesture(plot: RatePlot) -> Gtk.GestureDrag:
    (found,) = (one for one in plot.observe_controllers() if isinstance(one, Gtk.GestureDrag))
    return found


def drag(plot: RatePlot, begin: float, end: float) -> None:
    """Drag from one time to another."""
    x = plot.get_width() / 300
    moved = (end - begin) * x
    gesture(plot).emit("drag-begin", (begin - 1000) * x, 10)
    gesture(plot).emit("drag-update", moved / 2, 0)
    gesture(plot).emit("drag-update", moved, 0)
    gesture(plot).emit("drag-end", moved, 0)


def press(plot: RatePlot, pressed: int, state: Gdk.ModifierType = NO_KEYS) -> bool:
    return key(plot, pressed, state, BUBBLE)


class Chosen(list[tuple[float, float]]):
    """The times that a plot said were chosen."""

    def __init__(self, plot: RatePlot) -> None:
        super().__init__()
        plot.connect("chosen", lambda _plot, began, ended: self.append((began, ended)))


async def test_a_drag_chooses_a_time_when_the_pointer_is_released() -> None:
    async with plotted() as plot:
        chosen, changed = Chosen(plot), Heard(plot, "changed")
        drag(plot, 1100.5, 1159.5)
        assert chosen == [(1100, 1160)]
        assert changed
        await drawn(plot)


async def test_the_time_that_the_pointer_is_over_is_shown() -> None:
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
        later = replace(plot._chart, view=TimeWindow(1010, 1310))
        plot.show_chart(later)  # time goes on beneath the pointer
        assert plot.selection.pointed == (1160, 1161)
        motion.emit("leave")
        assert plot.selection.pointed is None
        assert plot.selection.shown is None


async def test_a_drag_to_the_left_and_beyond_the_edge_chooses_what_can_be_seen() -> None:
    async with plotted() as plot:
        chosen = Chosen(plot)
        drag(plot, 1010.5, 900)
        assert chosen == [(1000, 1011)]


async def test_nothing_is_chosen_while_the_pointer_is_down() -> None:
    async with plotted() as plot:
        chosen = Chosen(plot)
        gesture(plot).emit("drag-begin", 100, 10)
        gesture(plot).emit("drag-update", 100, 0)
        assert plot.is_dragged
        assert plot.selection.shown
        assert chosen == []
        gesture(plot).emit("cancel", None)
        assert not plot.is_dragged
        assert plot.selection.shown is None
        gesture(plot).emit("drag-end", 100, 0)
        assert chosen == []


@pytest.mark.parametrize("moved", [0, 3, -3])
async def test_a_click_lets_go(moved: float) -> None:
    async with plotted() as plot:
        drag(plot, 1100, 1160)
        chosen, cleared = Chosen(plot), Heard(plot, "cleared")
        gesture(plot).emit("drag-begin", 100, 10)
        gesture(plot).emit("drag-end", moved, 0)
        assert (chosen, cleared) == ([], [True])
        assert plot.selection.shown is None


async def test_keys_choose_a_time() -> None:
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


async def test_escape_lets_go_once_and_is_then_somebody_elses() -> None:
    async with plotted() as plot:
        drag(plot, 1100, 1160)
        cleared = Heard(plot, "cleared")
        assert press(plot, Gdk.KEY_Escape)
        assert not press(plot, Gdk.KEY_Escape)
        assert not press(plot, Gdk.KEY_a)
        assert cleared == [True]


async def test_another_picture_keeps_what_is_chosen() -> None:
    async with plotted() as plot:
        drag(plot, 1100, 1160)
        series = RateSeries(1200, 1500, 1, COUNTS, COUNTS)
        plot.show_chart(picture(series, TimeWindow(1200, 1500), plot.get_width(), 0))
        await drawn(plot)
        assert plot.selection.shown == TimeSpan(1100, 1160)


async def test_clearing_it_from_outside_says_only_that_it_changed() -> None:
    async with plotted() as plot:
        drag(plot, 1100, 1160)
        changed, cleared = Heard(plot, "changed"), Heard(plot, "cleared")
        plot.clear()
        plot.clear()
        assert (changed, cleared) == ([True], [])


async def test_another_width_is_told() -> None:
    async with plotted() as plot:
        resized = Heard(plot, "resized")
        window = plot.get_root()
        assert isinstance(window, Gtk.Window)
        await resize(window, 700, 200, lambda: resized)


async def test_nothing_at_all_can_be_drawn() -> None:
    async with plotted(range(0)) as plot:
        await drawn(plot)


async def test_a_draw_is_short() -> None:
    async with plotted() as plot:
        times = []
        for _ in range(20):
            began = time.perf_counter()
            plot.do_snapshot(Gtk.Snapshot())
            times.append(time.perf_counter() - began)
        assert min(times) < 0.01  # 0.5 ms on a machine with nothing else to do

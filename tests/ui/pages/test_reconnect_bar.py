"""The bar that tells what is being done about a lost connection."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator

import pytest
from gi.repository import Gtk

from spacebeam.net.backoff import ReconnectProgress, ReconnectStage
from spacebeam.net.close_reason import CloseCause, CloseReason
from spacebeam.ui.pages.reconnect_bar import ReconnectBar
from tests.support.waiting import eventually
from tests.ui.doing import button, shown, words

LOST = CloseReason(CloseCause.STREAM_CLOSED)


def waiting(seconds: float) -> ReconnectProgress:
    return ReconnectProgress(ReconnectStage.WAITING, 2, 10, LOST, time.monotonic() + seconds)


@contextlib.asynccontextmanager
async def shown_bar(width: int = 800) -> AsyncIterator[ReconnectBar]:
    """A bar in a window, hidden as it begins."""
    bar = ReconnectBar()
    box = Gtk.Box()
    box.append(bar)
    async with shown(box, width):
        yield bar
        bar.show_progress(None)


async def test_it_is_hidden_until_there_is_something_to_tell() -> None:
    async with shown_bar() as bar:
        assert not bar.get_visible()
        bar.show_progress(waiting(5))
        await eventually(bar.get_mapped)
        bar.show_progress(None)
        assert not bar.get_visible()


async def test_the_seconds_are_counted_down_by_itself() -> None:
    async with shown_bar() as bar:
        bar.show_progress(waiting(1.9))
        assert bar._label.get_text() == "Reconnecting in 2 s (attempt 2 of 10)"
        await eventually(lambda: "Reconnecting in 1 s (attempt 2 of 10)" in words(bar))
        await eventually(lambda: "Reconnecting in 0 s (attempt 2 of 10)" in words(bar))


@pytest.mark.parametrize("stage", [ReconnectStage.OFFLINE, ReconnectStage.TRYING])
async def test_where_no_time_is_known_nothing_ticks(stage: ReconnectStage) -> None:
    async with shown_bar() as bar:
        bar.show_progress(waiting(5))
        assert bar._timer
        bar.show_progress(ReconnectProgress(stage, 2, 10, LOST))
        assert not bar._timer
        assert "attempt 2 of 10" in bar._label.get_text()
        bar.show_progress(waiting(5))
        bar.show_progress(None)
        assert not bar._timer


async def test_its_buttons_have_the_actions_that_have_the_keys() -> None:
    async with shown_bar() as bar:
        bar.show_progress(waiting(5))
        await eventually(bar.get_mapped)
        assert button(bar, "Connect Now").get_action_name() == "tab.reconnect"
        assert button(bar, "Stop").get_action_name() == "tab.stop-reconnecting"


async def test_it_fits_a_narrow_window() -> None:
    async with shown_bar(360) as bar:
        bar.show_progress(ReconnectProgress(ReconnectStage.OFFLINE, 100, 1000, LOST))
        await eventually(bar.get_mapped)
        minimum, _natural, *_rest = bar.measure(Gtk.Orientation.HORIZONTAL, -1)
        assert minimum <= 360

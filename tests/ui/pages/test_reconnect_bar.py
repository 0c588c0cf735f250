"""The bar that shows the progress of reconnecting."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import AsyncIterator

import pytest
from gi.repository import Gtk

from spacebeam.net.backoff import ReconnectProgress, ReconnectStage
from spacebeam.net.close_reason import CloseCause, CloseReason
from spacebeam.ui.pages.reconnect_bar import ReconnectBar
from tests.support.waiting import eventually
from tests.ui.doing import button, shown
from tests.ui.pageobjects.tab import NoticePage

COUNTDOWN = re.compile(r"Reconnecting in (\d+) s \(attempt 2 of 10\)")

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


async def test_the_bar_is_hidden_without_progress() -> None:
    async with shown_bar() as bar:
        assert not bar.get_visible()
        bar.show_progress(waiting(5))
        await eventually(bar.get_mapped)
        bar.show_progress(None)
        assert not bar.get_visible()


async def test_the_seconds_are_counted_down() -> None:
    async with shown_bar() as bar:
        bar.show_progress(waiting(1.9))
        counted: list[int] = []  # seconds

        def is_over() -> bool:
            found = COUNTDOWN.fullmatch(NoticePage(bar).text)
            if found is not None and (seconds := int(found[1])) not in counted:
                counted.append(seconds)
            return 0 in counted

        await eventually(is_over)
        assert len(counted) > 1
        assert counted == sorted(counted, reverse=True)


@pytest.mark.parametrize("stage", [ReconnectStage.OFFLINE, ReconnectStage.TRYING])
async def test_without_a_known_time_nothing_is_counted(stage: ReconnectStage) -> None:
    async with shown_bar() as bar:
        bar.show_progress(waiting(5))
        assert NoticePage(bar).is_counting
        bar.show_progress(ReconnectProgress(stage, 2, 10, LOST))
        assert not NoticePage(bar).is_counting
        assert "attempt 2 of 10" in NoticePage(bar).text
        bar.show_progress(waiting(5))
        bar.show_progress(None)
        assert not NoticePage(bar).is_counting


async def test_the_buttons_have_the_actions_of_the_keys() -> None:
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

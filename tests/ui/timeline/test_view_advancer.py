"""A view is looked through in small parts, and not for a widget that nobody sees."""

from __future__ import annotations

import pytest
from gi.repository import Gtk

from spacebeam.recording.recording import Recording
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.search.view import FilteredView
from spacebeam.ui.timeline import view_advancer as module
from spacebeam.ui.timeline.view_advancer import ViewAdvancer
from tests.support.waiting import eventually, settled
from tests.ui.doing import shown
from tests.ui.recordings import numbered
from tests.ui.timeline.lists import counted


def view_of(recording: Recording) -> FilteredView:
    return FilteredView(
        recording, Matcher(parse("/f.*o{1,9}d$/"), recording.began, recording.stars)
    )


async def test_it_looks_on_until_the_end() -> None:
    recording = numbered(200_000)
    async with shown(Gtk.Label()) as widget:
        looking = ViewAdvancer(widget, view_of(Recording()))
        looking.start(view_of(recording), 0)
        assert not looking.is_done
        looking.advance(0)
        await eventually(lambda: looking.is_done)
        assert len(looking.view) == 200_000


async def test_it_stops_and_goes_on() -> None:
    recording = numbered(200_000)
    async with shown(Gtk.Label()) as widget:
        looking = ViewAdvancer(widget, view_of(Recording()))
        looking.start(view_of(recording), 0)
        looking.advance(0)
        looking.is_stopped = True
        assert looking.is_done
        await settled(lambda: looking.view.scanned)
        assert looking.view.scanned < 200_000
        looking.is_stopped = False
        looking.advance(0)
        await eventually(lambda: looking.is_done)
        assert looking.view.scanned == 200_000


async def test_nothing_is_looked_for_where_nobody_looks() -> None:
    looking = ViewAdvancer(Gtk.Label(), view_of(Recording()))
    looking.start(view_of(numbered(200_000)), 0)
    looking.advance(0)
    await settled(lambda: looking.view.scanned)
    assert looking.view.scanned < 200_000


async def test_what_is_too_old_is_not_looked_at() -> None:
    looking = ViewAdvancer(Gtk.Label(), view_of(Recording()))
    looking.start(view_of(numbered(1000)), 900)
    assert (looking.is_done, len(looking.view), looking.view.number(0)) == (True, 100, 900)


async def test_what_was_let_go_since_the_last_frame_does_not_end_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_SCAN_TIME_S", 0.0)
    held = Recording(memory_limit=500_000)
    held.append(counted(40_000))
    async with shown(Gtk.Label()) as widget:
        looking = ViewAdvancer(widget, view_of(Recording()))
        looking.start(FilteredView(held, Matcher(parse("/odd/"), held.began)), 0)
        for first in range(40_000, 400_000, 40_000):
            held.append(counted(first + 40_000, first))
        looking.advance(0)
        assert not looking.is_done
        looking.advance(held.first_number)
        await eventually(lambda: looking.is_done)
        assert looking.view.number(0) == held.first_number | 1

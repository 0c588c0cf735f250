"""A recording is searched in short steps, and only for a widget that is shown."""

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
    return FilteredView(recording, Matcher(parse("/f.*o{1,9}d$/"), recording.stars))


async def test_a_search_continues_to_the_end() -> None:
    recording = numbered(200_000)
    async with shown(Gtk.Label()) as widget:
        advancer = ViewAdvancer(widget, view_of(Recording()))
        advancer.start(view_of(recording), 0)
        assert not advancer.is_done
        advancer.advance(0)
        await eventually(lambda: advancer.is_done)
        assert len(advancer.view) == 200_000


async def test_a_search_stops_and_continues() -> None:
    recording = numbered(200_000)
    async with shown(Gtk.Label()) as widget:
        advancer = ViewAdvancer(widget, view_of(Recording()))
        advancer.start(view_of(recording), 0)
        advancer.advance(0)
        advancer.is_stopped = True
        assert advancer.is_done
        await settled(lambda: advancer.view.scanned)
        assert advancer.view.scanned < 200_000
        advancer.is_stopped = False
        advancer.advance(0)
        await eventually(lambda: advancer.is_done)
        assert advancer.view.scanned == 200_000


async def test_nothing_is_searched_for_a_hidden_widget() -> None:
    widget = Gtk.Label()
    advancer = ViewAdvancer(widget, view_of(Recording()))
    advancer.start(view_of(numbered(200_000)), 0)
    advancer.advance(0)
    await settled(lambda: advancer.view.scanned)
    assert advancer.view.scanned < 200_000


async def test_entries_before_the_oldest_are_not_searched() -> None:
    advancer = ViewAdvancer(Gtk.Label(), view_of(Recording()))
    advancer.start(view_of(numbered(1000)), 900)
    assert (advancer.is_done, len(advancer.view), advancer.view.number(0)) == (True, 100, 900)


async def test_a_search_survives_entries_that_were_discarded_since_the_last_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_SCAN_TIME_S", 0.0)
    held = Recording(memory_limit=500_000)
    held.append(counted(40_000))
    async with shown(Gtk.Label()) as widget:
        advancer = ViewAdvancer(widget, view_of(Recording()))
        advancer.start(FilteredView(held, Matcher(parse("/odd/"))), 0)
        for first in range(40_000, 400_000, 40_000):
            held.append(counted(first + 40_000, first))
        advancer.advance(0)
        assert not advancer.is_done
        advancer.advance(held.first_number)
        await eventually(lambda: advancer.is_done)
        assert advancer.view.number(0) == held.first_number | 1

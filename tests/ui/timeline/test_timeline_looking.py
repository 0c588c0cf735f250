"""Searching a long recording in a timeline: stopping, continuing, and drawing meanwhile."""

from __future__ import annotations

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.recording.recording import Recording
from spacebeam.search.view import FilteredView
from spacebeam.ui.timeline import view_advancer
from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.timeline.timeline_model import Counts
from tests.support.waiting import eventually
from tests.ui.doing import shown
from tests.ui.pageobjects.timeline import TimelinePage
from tests.ui.timeline.lists import (
    at_rest,
    counted,
    filled,
    recorded,
    said,
    scroll_to,
    show_filter,
)


async def test_a_search_can_be_stopped_and_continued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_advancer, "_SCAN_TIME_S", 0.0)
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(200_000))
        show_filter(timeline, "/7 odd/")
        await eventually(lambda: timeline.counts.scanned > 1000)
        timeline.stop_search()
        await at_rest(timeline)
        stopped = timeline.counts
        assert not stopped.is_complete
        assert stopped.scanned < 200_000
        assert stopped.shown == stopped.passing == stopped.scanned // 10
        monkeypatch.setattr(view_advancer, "_SCAN_TIME_S", 0.004)
        timeline.stop_search(is_stopped=False)
        await at_rest(timeline)
        assert timeline.counts == Counts(20_000, 20_000, 0, 200_000, True)


@pytest.mark.parametrize(("selected", "found"), [(199_997, 199_997), (199_998, -1)])
async def test_the_selected_entry_stays_after_a_stop_until_it_is_known_not_to_match(
    selected: int, found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_advancer, "_SCAN_TIME_S", 0.0)
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(200_000))
        TimelinePage(timeline).select(selected)
        await scroll_to(timeline, 150_000)
        show_filter(timeline, "/7 odd/")
        timeline.stop_search()
        await at_rest(timeline)
        assert timeline.selected == selected
        assert not TimelinePage(timeline).is_busy
        monkeypatch.undo()
        timeline.stop_search(is_stopped=False)
        await at_rest(timeline)
        assert timeline.selected == found


async def test_a_jump_beyond_a_stopped_search_does_not_keep_the_timeline_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(view_advancer, "_SCAN_TIME_S", 0.0)
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(200_000))
        show_filter(timeline, "/7 odd/")
        timeline.stop_search()
        timeline.go_to(199_997)
        await at_rest(timeline)
        assert not TimelinePage(timeline).is_busy


async def test_a_stopped_search_does_not_count_new_entries() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(100)
        await filled(timeline, growing, "odd")
        timeline.stop_search()
        growing.append(counted(200, 100))
        timeline.show_recording(growing)
        await at_rest(timeline)
        assert timeline.counts == Counts(50, 50, 0, 100, False)


async def test_the_last_count_is_shown_even_if_new_entries_do_not_match() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(2000)
        await filled(timeline, growing, "odd")
        told: list[tuple[int, int, bool]] = []

        def on_shown(_timeline: Timeline) -> None:
            counts = timeline.counts
            told.append((len(growing), counts.scanned, counts.is_complete))

        timeline.connect("shown", on_shown)
        for _time in range(20):
            growing.append(said("even"))
            timeline.show_recording(growing)
            await at_rest(timeline)
            assert told[-1] == (len(growing), len(growing), True)


async def test_an_incomplete_list_does_not_lower_the_count() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(2000))
        told: list[int] = []
        timeline.connect("shown", lambda _timeline: told.append(timeline.counts.shown))
        show_filter(timeline, "d")
        await at_rest(timeline)
        assert set(told[1:]) == {1000}


async def test_frames_are_drawn_while_a_million_entries_are_searched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = Recording()
    for first in range(0, 1_000_000, 50_000):
        many.append(counted(first + 50_000, first))
    steps: list[float | None] = []  # how long each step of the search may take, in seconds
    original = FilteredView.advance

    def advance(view: FilteredView, seconds: float | None = None) -> bool:
        steps.append(seconds)
        return original(view, seconds)

    monkeypatch.setattr(FilteredView, "advance", advance)
    async with shown(Timeline()) as timeline:
        await filled(timeline, many)
        scanned: set[int] = set()  # entries, as of each frame

        def on_tick(_widget: Gtk.Widget, _clock: Gdk.FrameClock) -> bool:
            scanned.add(timeline.counts.scanned)
            return True

        timeline.add_tick_callback(on_tick)
        for text in ("odd", "/9.*odd/"):  # a fast filter, and a slow one
            steps.clear()
            scanned.clear()
            show_filter(timeline, text)
            await eventually(lambda: timeline.counts.is_complete, within=60)
            assert len(steps) > 1
            assert None not in steps  # such a step would search all at once
        assert len(scanned) > 10
        show_filter(timeline, "")
        await at_rest(timeline)
        assert TimelinePage(timeline).length == 1_000_000


async def test_a_search_continues_while_entries_are_discarded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(view_advancer, "_SCAN_TIME_S", 0.0)
    async with shown(Timeline()) as timeline:
        held = Recording(memory_limit=2_000_000)
        held.append(counted(60_000))
        timeline.show_recording(held)
        show_filter(timeline, "/odd/")
        for first in range(60_000, 600_000, 60_000):
            held.append(counted(first + 60_000, first))
            timeline.show_recording(held)
            await eventually(lambda: timeline.counts.scanned)
        assert held.first_number > 60_000
        monkeypatch.setattr(view_advancer, "_SCAN_TIME_S", 0.01)
        await at_rest(timeline)
        odd = range(held.first_number | 1, 600_000, 2)
        assert TimelinePage(timeline).length == len(odd)
        assert TimelinePage(timeline).model.number(0) == odd[0]

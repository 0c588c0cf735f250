"""A timeline that looks through much: stopped, gone on with, with a window that stays alive."""

from __future__ import annotations

import pytest

from spacebeam.recording.recording import Recording
from spacebeam.ui.timeline import view_advancer
from spacebeam.ui.timeline.timeline import Timeline
from tests.support.waiting import eventually
from tests.ui.doing import shown
from tests.ui.timeline.lists import (
    Frames,
    at_rest,
    counted,
    filled,
    recorded,
    said,
    scroll_to,
    show_filter,
)


async def test_a_look_can_be_stopped_and_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
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
        assert timeline.counts == (20_000, 20_000, 0, 200_000, True, 0)


@pytest.mark.parametrize(("selected", "found"), [(199_997, 199_997), (199_998, -1)])
async def test_what_is_read_stays_after_a_stop_until_it_is_known_to_be_hidden(
    selected: int, found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_advancer, "_SCAN_TIME_S", 0.0)
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(200_000))
        timeline._selection.set_selected(selected)
        await scroll_to(timeline, 150_000)
        show_filter(timeline, "/7 odd/")
        timeline.stop_search()
        await at_rest(timeline)
        assert timeline.selected == selected
        assert timeline._tick == 0
        monkeypatch.undo()
        timeline.stop_search(is_stopped=False)
        await at_rest(timeline)
        assert timeline.selected == found


async def test_going_to_what_a_stopped_look_has_not_come_to_keeps_nothing_awake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(view_advancer, "_SCAN_TIME_S", 0.0)
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(200_000))
        show_filter(timeline, "/7 odd/")
        timeline.stop_search()
        timeline.go_to(199_997)
        await at_rest(timeline)
        assert timeline._tick == 0


async def test_a_stopped_look_says_nothing_of_what_arrives() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(100)
        await filled(timeline, growing, "odd")
        timeline.stop_search()
        growing.append(counted(200, 100))
        timeline.show_recording(growing)
        await at_rest(timeline)
        assert timeline.counts == (50, 50, 0, 100, False, 0)


async def test_the_last_count_is_told_where_the_newest_are_hidden() -> None:
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


async def test_a_list_that_is_only_being_made_does_not_count_as_little() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(2000))
        told: list[int] = []
        timeline.connect("shown", lambda _timeline: told.append(timeline.counts.shown))
        show_filter(timeline, "d")
        await at_rest(timeline)
        assert set(told[1:]) == {1000}


async def test_a_million_entries_are_filtered_while_the_window_goes_on() -> None:
    many = Recording()
    for first in range(0, 1_000_000, 50_000):
        many.append(counted(first + 50_000, first))
    async with shown(Timeline()) as timeline:
        await filled(timeline, many)
        frames = Frames(timeline)
        await eventually(lambda: len(frames) > 5)
        frames.clear()
        for text in ("odd", "99", ""):
            show_filter(timeline, text)
            await eventually(lambda: not timeline._tick, within=60)
            await at_rest(timeline)
        frames.stop()
        assert timeline._model.get_n_items() == 1_000_000
        late = [frame for frame in frames if frame > 100]
        assert len(late) <= len(frames) / 20  # others use this machine too
        assert max(frames) < 500


async def test_a_filter_for_what_is_let_go_while_it_looks_goes_on(
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
        assert timeline._model.get_n_items() == len(odd)
        assert timeline._model.number(0) == odd[0]

"""A timeline that is paused, cleared, jumped in or hidden, and idle afterwards."""

from __future__ import annotations

import pytest
from gi.repository import Gtk

from spacebeam.recording.recording import Recording
from spacebeam.ui.timeline.empty_state import EmptyReason
from spacebeam.ui.timeline.timeline import Timeline
from tests.support.waiting import eventually
from tests.ui.doing import Heard, shown, words
from tests.ui.pageobjects.timeline import TimelinePage
from tests.ui.timeline.lists import (
    at_rest,
    counted,
    end,
    in_sight,
    numbers,
    place,
    recorded,
    said,
    scroll_to,
    show_filter,
)


async def more(timeline: Timeline, growing: Recording, count: int) -> None:
    """So many more messages arrive."""
    growing.append(counted(len(growing) + count, len(growing)))
    timeline.show_recording(growing)
    await at_rest(timeline)


async def test_a_paused_list_shows_new_entries_after_the_pause() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(1000)
        timeline.show_recording(growing)
        await at_rest(timeline)
        timeline.pause(is_paused=True)
        assert timeline.is_paused
        for held_back in (10, 20):
            await more(timeline, growing, 10)
            assert TimelinePage(timeline).length == 1000
            assert timeline.counts.held_back == held_back
        timeline.pause(is_paused=False)
        await at_rest(timeline)
        assert numbers(timeline) == list(range(1020))
        assert timeline.counts.held_back == 0
        assert place(timeline) == pytest.approx(end(timeline), abs=2)
        assert 1019 in in_sight(timeline)


async def test_the_number_of_held_back_entries_is_always_current() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(1000)
        timeline.show_recording(growing)
        await at_rest(timeline)
        timeline.pause(is_paused=True)
        told: list[int] = []
        timeline.connect("shown", lambda one: told.append(one.counts.held_back))
        for held_back in range(1, 20):
            await more(timeline, growing, 1)
            assert told[-1] == held_back


async def test_a_paused_list_stays_where_it_was_scrolled_to() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(1000)
        timeline.show_recording(growing)
        await at_rest(timeline)
        await scroll_to(timeline, 500)
        timeline.pause(is_paused=True)
        await more(timeline, growing, 100)
        timeline.pause(is_paused=False)
        await at_rest(timeline)
        assert in_sight(timeline)[0] in (499, 500, 501)
        assert not timeline.is_following


async def test_a_filter_in_a_paused_list_shows_no_held_back_entries() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(1000)
        timeline.show_recording(growing)
        await at_rest(timeline)
        await scroll_to(timeline, 500)
        timeline.pause(is_paused=True)
        await more(timeline, growing, 100)
        show_filter(timeline, "odd")
        await at_rest(timeline)
        assert numbers(timeline) == list(range(1, 1000, 2))
        timeline.go_to(1050)  # it is held back
        await at_rest(timeline)
        assert timeline.selected == 999
        show_filter(timeline, "")
        timeline.pause(is_paused=False)
        await at_rest(timeline)
        assert numbers(timeline) == list(range(1100))
        assert timeline.selected == 999


async def test_discarded_entries_of_a_paused_recording_do_not_count_as_held_back() -> None:
    async with shown(Timeline()) as timeline:
        held = Recording(memory_limit=200_000)
        held.append(said("x" * 70_000, "x" * 70_000))
        timeline.show_recording(held)
        await at_rest(timeline)
        timeline.pause(is_paused=True)
        for _time in range(6):
            held.append(said("x" * 70_000))
            timeline.show_recording(held)
            await at_rest(timeline)
        assert numbers(timeline) == []
        assert timeline.counts.held_back == len(held) - held.first_number == 2


async def test_another_recording_is_not_paused() -> None:
    async with shown(Timeline()) as timeline:
        timeline.show_recording(recorded(10))
        timeline.pause(is_paused=True)
        other = recorded(20)
        timeline.show_recording(other)
        await more(timeline, other, 5)
        assert not timeline.is_paused
        assert len(numbers(timeline)) == 25


# Cleared


async def test_an_empty_list_leaves_it_to_the_bar_that_entries_are_held_back() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(10)
        timeline.show_recording(growing)
        timeline.show_recording(growing, 10)
        timeline.pause(is_paused=True)
        growing.append(counted(15, 10))
        timeline.show_recording(growing, 10)
        await at_rest(timeline)
        assert numbers(timeline) == []
        assert not [one for one in words(timeline) if one]
        timeline.pause(is_paused=False)
        await at_rest(timeline)
        assert numbers(timeline) == list(range(10, 15))


async def test_cleared_entries_can_be_shown_again_with_a_filter() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(100)
        timeline.show_recording(growing)
        show_filter(timeline, "odd")
        await at_rest(timeline)
        timeline.show_recording(growing, 100)
        await at_rest(timeline)
        assert numbers(timeline) == []
        assert EmptyReason.CLEARED.value in words(timeline)
        growing.append(counted(110, 100))
        timeline.show_recording(growing, 100)
        await at_rest(timeline)
        assert numbers(timeline) == [101, 103, 105, 107, 109]
        TimelinePage(timeline).select(2)
        told = Heard(timeline, "entry-selected")
        timeline.show_recording(growing, 0)
        await at_rest(timeline)
        assert numbers(timeline) == list(range(1, 110, 2))
        assert timeline.selected == 105
        assert told == []


async def test_a_filter_in_a_cleared_list_shows_no_cleared_entries() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(100)
        timeline.show_recording(growing, 50)
        show_filter(timeline, "odd")
        await at_rest(timeline)
        assert numbers(timeline) == list(range(51, 100, 2))
        assert timeline.counts.scanned == 50


async def test_a_cleared_list_follows_again() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(1000)
        timeline.show_recording(growing)
        await at_rest(timeline)
        await scroll_to(timeline, 500)
        timeline.show_recording(growing, 1000)
        await at_rest(timeline)
        growing.append(counted(1100, 1000))
        timeline.show_recording(growing, 1000)
        await at_rest(timeline)
        assert timeline.is_following
        assert 1099 in in_sight(timeline)


# Going about


async def test_a_jump_goes_to_an_entry_or_the_next_shown_one() -> None:
    async with shown(Timeline()) as timeline:
        timeline.show_recording(recorded(5000))
        await at_rest(timeline)
        timeline.go_to(2000)
        await at_rest(timeline)
        assert timeline.selected == 2000
        assert 2000 in in_sight(timeline)
        assert not timeline.is_following
        show_filter(timeline, "odd")
        timeline.go_to(3000)
        await at_rest(timeline)
        assert timeline.selected == 3001
        assert 3001 in in_sight(timeline)
        timeline.go_to(9999)
        await at_rest(timeline)
        assert timeline.selected == 4999


async def test_a_jump_in_an_empty_list_does_nothing() -> None:
    async with shown(Timeline()) as timeline:
        timeline.go_to(5)
        await at_rest(timeline)
        timeline.step(1)
        timeline.step(-1)
        assert timeline.selected == -1


async def test_steps_end_at_both_ends() -> None:
    async with shown(Timeline()) as timeline:
        timeline.show_recording(recorded(10))
        show_filter(timeline, "odd")
        await at_rest(timeline)
        seen = []
        timeline.go_to(0)
        await at_rest(timeline)
        for by in (-1, 1, 1, 1, 1, 1, 1, -1):
            timeline.step(by)
            seen.append(timeline.selected)
        assert seen == [1, 3, 5, 7, 9, 9, 9, 7]


@pytest.mark.parametrize(("by", "expected"), [(1, 500), (-1, 499)])
async def test_the_first_step_starts_at_the_entries_in_sight(by: int, expected: int) -> None:
    async with shown(Timeline()) as timeline:
        timeline.show_recording(recorded(1000))
        await at_rest(timeline)
        await scroll_to(timeline, 500)
        timeline.step(by)
        assert timeline.selected == expected


async def test_a_step_from_a_hidden_entry_goes_to_its_neighbour() -> None:
    async with shown(Timeline()) as timeline:
        timeline.show_recording(recorded(1000))
        await at_rest(timeline)
        TimelinePage(timeline).select(600)
        show_filter(timeline, "odd")
        await at_rest(timeline)
        assert timeline.selected == -1
        timeline.step(1)
        assert timeline.selected == 601


# At rest, and out of sight


async def test_the_timeline_is_idle_when_nothing_changes() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(1000)
        timeline.show_recording(growing)
        await at_rest(timeline)
        told = Heard(timeline, "shown")
        for _time in range(10):
            assert not TimelinePage(timeline).is_busy
            await at_rest(timeline)
        assert told == []
        await more(timeline, growing, 1)
        assert told
        assert not TimelinePage(timeline).is_busy


async def test_a_hidden_list_is_complete_when_it_is_shown() -> None:
    stack = Gtk.Stack()
    timeline, other = Timeline(), Gtk.Label(label="another tab")
    stack.add_child(other)
    stack.add_child(timeline)
    async with shown(stack):
        growing = recorded(1000)
        timeline.show_recording(growing)
        show_filter(timeline, "odd")
        growing.append(counted(2000, 1000))
        timeline.show_recording(growing)
        stack.set_visible_child(timeline)
        await eventually(timeline.get_mapped)
        await at_rest(timeline)
        assert numbers(timeline) == list(range(1, 2000, 2))
        assert 1999 in in_sight(timeline)
        stack.set_visible_child(other)
        await eventually(lambda: not timeline.get_mapped())
        growing.append(counted(2100, 2000))
        timeline.show_recording(growing)
        timeline.go_to(1001)
        stack.set_visible_child(timeline)
        await at_rest(timeline)
        assert timeline.selected == 1001
        assert 1001 in in_sight(timeline)
        assert numbers(timeline)[-1] == 2099

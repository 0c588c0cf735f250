"""A filtered timeline: its entries, its scroll position and its selection."""

from __future__ import annotations

from datetime import datetime

import pytest

from spacebeam.recording.recording import Recording
from spacebeam.ui.timeline import timeline as timeline_module
from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.timeline.timeline_model import Counts, TimelineItem
from tests.ui.doing import Heard, shown, words
from tests.ui.pageobjects.timeline import TimelinePage
from tests.ui.timeline.lists import (
    at_rest,
    counted,
    end,
    filled,
    in_sight,
    numbers,
    place,
    recorded,
    said,
    scroll_to,
    show_filter,
)


async def test_only_matching_entries_are_listed_until_the_filter_is_cleared() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(20))
        show_filter(timeline, "odd")
        await at_rest(timeline)
        assert numbers(timeline) == list(range(1, 20, 2))
        show_filter(timeline, "odd 11")
        await at_rest(timeline)
        assert numbers(timeline) == [11]
        show_filter(timeline, "")
        await at_rest(timeline)
        assert numbers(timeline) == list(range(20))


async def test_new_entries_are_filtered() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(20)
        await filled(timeline, growing, "odd")
        for last in (25, 30, 400, 1000):
            growing.append(counted(last, len(growing)))
            timeline.show_recording(growing)
            await at_rest(timeline)
            assert numbers(timeline) == list(range(1, last, 2))
        show_filter(timeline, "")
        await at_rest(timeline)
        assert numbers(timeline) == list(range(1000))


async def test_it_says_that_no_entries_match() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(20), "nowhere")
        assert "No entries match the filter." in words(timeline)
        assert timeline.counts == Counts(0, 0, 0, 20, True)
        show_filter(timeline, "")
        await at_rest(timeline)
        assert "No entries match the filter." not in words(timeline)
        await filled(timeline, Recording(), "odd")
        assert "No entries yet" in words(timeline)


# What is selected


@pytest.mark.parametrize("was_following", [True, False])
async def test_the_selected_entry_stays_selected_and_is_emitted_once(was_following: bool) -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(2000))
        if not was_following:
            await scroll_to(timeline, 500)
        told = Heard(timeline, "entry-selected")
        TimelinePage(timeline).select(1501)
        for text in ("odd", "odd 15", "", "15"):
            show_filter(timeline, text)
            await at_rest(timeline)
            assert timeline.selected == 1501
            ((position, _end),) = TimelinePage(timeline).selection.positions()
            assert TimelinePage(timeline).model.number(position) == 1501
        assert told == [1501]
        assert not timeline.is_following


async def test_a_hidden_selected_entry_is_selected_again_when_it_is_shown() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(2000))
        TimelinePage(timeline).select(501)
        told = Heard(timeline, "entry-selected")
        for text in ("even", "even 7", "nowhere", ""):
            show_filter(timeline, text)
            await at_rest(timeline)
        assert told == [-1, 501]
        assert timeline.selected == 501


async def test_an_unselected_entry_is_not_selected_again() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(200))
        TimelinePage(timeline).select(101)
        show_filter(timeline, "even")
        await at_rest(timeline)
        timeline.unselect()
        show_filter(timeline, "")
        await at_rest(timeline)
        assert timeline.selected == -1


async def test_the_selected_entry_stays_while_others_arrive_and_are_discarded() -> None:
    async with shown(Timeline()) as timeline:
        held = Recording(memory_limit=200_000)
        held.append(said(*("x" * 70_000 for _ in range(2))))
        held.append(said("odd one", *("y" * 9_000 for _ in range(8))))
        held.append(said("odd two", *("z" * 9_000 for _ in range(8))))
        await filled(timeline, held, "odd")
        told = Heard(timeline, "entry-selected")
        number = numbers(timeline)[-1]
        TimelinePage(timeline).select_number(number)
        held.append(said(*("x" * 70_000 for _ in range(1))))
        timeline.show_recording(held)
        await at_rest(timeline)
        assert numbers(timeline) == [number]
        assert timeline.selected == number
        held.append(said("odd three", *("x" * 70_000 for _ in range(3))))
        timeline.show_recording(held)
        await at_rest(timeline)
        assert told == [number, -1]


# Where it stands


async def test_clearing_the_filter_returns_to_the_earlier_position() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        await scroll_to(timeline, 2000)
        for text in ("odd", "odd 7", "nowhere", "3", ""):
            show_filter(timeline, text)
            await at_rest(timeline)
        assert 2000 in in_sight(timeline)
        assert not timeline.is_following


async def test_a_filter_with_few_matches_shows_the_nearest() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        await scroll_to(timeline, 2000)
        show_filter(timeline, "00 even")  # every hundredth
        await at_rest(timeline)
        assert 2000 in in_sight(timeline)
        await scroll_to(timeline, 1500)
        assert 2000 in in_sight(timeline)  # so that it is still what was returned to
        show_filter(timeline, "")
        await at_rest(timeline)
        assert 2000 in in_sight(timeline)
        show_filter(timeline, "0 even")  # every tenth
        await at_rest(timeline)
        await scroll_to(timeline, 3000)
        show_filter(timeline, "")
        await at_rest(timeline)
        assert 3000 in in_sight(timeline)


async def test_clearing_the_filter_returns_to_the_selected_entry_in_sight() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        await scroll_to(timeline, 100)
        show_filter(timeline, "000 even")  # 1000, 2000, 3000, 4000
        await at_rest(timeline)
        TimelinePage(timeline).select(2)
        show_filter(timeline, "")
        await at_rest(timeline)
        assert timeline.selected == 3000
        assert 3000 in in_sight(timeline)


async def test_new_entries_do_not_move_a_filtered_list() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(5000)
        await filled(timeline, growing, "odd")
        await scroll_to(timeline, 2001)
        before, seen = place(timeline), in_sight(timeline)
        for last in (5100, 6000, 6001):
            growing.append(counted(last, len(growing)))
            timeline.show_recording(growing)
            await at_rest(timeline)
        assert place(timeline) == pytest.approx(before, abs=2)
        assert in_sight(timeline) == seen


@pytest.mark.parametrize("count", [100, 2000])
async def test_a_following_list_still_follows_with_a_filter(count: int) -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(count)
        await filled(timeline, growing)
        for text in ("odd", "odd 1", ""):
            show_filter(timeline, text)
            await at_rest(timeline)
            assert timeline.is_following
            assert place(timeline) == pytest.approx(end(timeline), abs=2)
            growing.append(counted(len(growing) + 60, len(growing)))
            timeline.show_recording(growing)
            await at_rest(timeline)
            assert place(timeline) == pytest.approx(end(timeline), abs=2)
            assert numbers(timeline)[-1] in in_sight(timeline)


async def test_a_following_list_with_a_selection_still_follows_with_a_filter() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        timeline.go_to(2000)
        await at_rest(timeline)
        timeline.follow()
        for text in ("nowhere", "even 4998", "odd", ""):
            show_filter(timeline, text)
            await at_rest(timeline)
            assert timeline.is_following
        assert timeline.selected == 2000
        assert 4999 in in_sight(timeline)


@pytest.mark.parametrize("number", [2000, 4000])
async def test_a_jump_shows_the_entries_around_its_target(number: int) -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        await scroll_to(timeline, 3000)
        timeline.go_to(number)
        await at_rest(timeline)
        seen = in_sight(timeline)
        assert {number - 3, number, number + 3} <= set(seen)
        timeline.go_to(number + 2)  # it is in sight
        await at_rest(timeline)
        assert in_sight(timeline) == seen


async def test_a_list_that_becomes_short_does_not_follow_afterwards() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        await scroll_to(timeline, 2000)
        show_filter(timeline, "even 4998")
        await at_rest(timeline)
        assert not timeline.is_following
        assert not TimelinePage(timeline).offers_newest  # all is in sight
        show_filter(timeline, "")
        await at_rest(timeline)
        assert 2000 in in_sight(timeline)
        assert TimelinePage(timeline).offers_newest


async def test_another_recording_is_followed() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000), "odd")
        await scroll_to(timeline, 2001)
        TimelinePage(timeline).select_number(2001)
        await filled(timeline, recorded(3000))
        assert timeline.selected == -1
        assert timeline.is_following
        assert 2999 in in_sight(timeline)


# Times, stars, marks


async def test_a_time_of_day_refers_to_the_first_entry() -> None:
    async with shown(Timeline()) as timeline:
        growing = Recording()
        begin = datetime(2023, 11, 14, 12, 0, 0).timestamp()
        await filled(timeline, growing, "after:12:00:10")
        growing.append(said("early", time=begin))
        growing.append(said("late", time=begin + 10))
        timeline.show_recording(growing)
        await at_rest(timeline)
        assert numbers(timeline) == [1]
        growing.append(said("later", time=begin + 20))
        timeline.show_recording(growing)
        await at_rest(timeline)
        assert numbers(timeline) == [1, 2]


async def test_a_filter_by_stars_follows_the_stars() -> None:
    async with shown(Timeline()) as timeline:
        starry = recorded(100)
        for number in (10, 20, 30):
            starry.star(number, is_starred=True)
        await filled(timeline, starry, "is:starred")
        assert numbers(timeline) == [10, 20, 30]
        TimelinePage(timeline).select(1)
        starry.star(20, is_starred=False)
        timeline.update_star()
        await at_rest(timeline)
        assert numbers(timeline) == [10, 30]
        assert timeline.selected == -1
        starry.star(20, is_starred=True)
        timeline.update_star()
        await at_rest(timeline)
        assert numbers(timeline) == [10, 20, 30]
        assert timeline.selected == 20


async def test_a_star_is_shown_at_once_and_the_selection_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with shown(Timeline()) as timeline:
        starry = recorded(100)
        await filled(timeline, starry, "odd")
        TimelinePage(timeline).select(49)
        told = Heard(timeline, "entry-selected")
        views: list[object] = []
        monkeypatch.setattr(timeline_module, "FilteredView", views.append)
        starry.star(99, is_starred=True)
        timeline.update_star()
        await at_rest(timeline)
        item = TimelinePage(timeline).model.get_item(49)
        assert isinstance(item, TimelineItem)
        assert item.mark is not None
        assert "★" in words(timeline)
        assert timeline.selected == 99
        assert told == []
        assert views == []  # the recording was not searched again


async def test_updating_a_mark_without_a_selection_does_nothing() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(10))
        told = Heard(timeline, "entry-selected")
        timeline.rows.refill()
        assert told == []
        assert timeline.selected == -1


async def test_a_selected_entry_that_a_filter_hid_is_in_sight_once_it_is_cleared() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        TimelinePage(timeline).select(20)
        await at_rest(timeline)
        show_filter(timeline, "4900")
        await at_rest(timeline)
        assert timeline.selected == -1
        show_filter(timeline, "")
        await at_rest(timeline)
        assert timeline.selected == 20
        assert 20 in in_sight(timeline)

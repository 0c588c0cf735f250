"""A filtered timeline: what is in it, where it stands, and what stays selected meanwhile."""

from __future__ import annotations

from datetime import datetime

import pytest

from spacebeam.recording.recording import Recording
from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.timeline.timeline_model import TimelineItem
from tests.ui.doing import Heard, shown, words
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


async def test_only_what_passes_is_in_the_list_until_the_filter_is_taken_away() -> None:
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


async def test_what_arrives_is_filtered_too() -> None:
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


async def test_where_nothing_passes_it_says_so() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(20), "nowhere")
        assert "No entries match the filter" in words(timeline)
        assert timeline.counts == (0, 0, 0, 20, True, 0)
        show_filter(timeline, "")
        await at_rest(timeline)
        assert "No entries match the filter" not in words(timeline)
        await filled(timeline, Recording(), "odd")
        assert "No entries yet" in words(timeline)


# What is selected


@pytest.mark.parametrize("was_following", [True, False])
async def test_the_selected_entry_stays_selected_and_is_told_once(was_following: bool) -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(2000))
        if not was_following:
            await scroll_to(timeline, 500)
        told = Heard(timeline, "entry-selected")
        timeline._selection.set_selected(1501)
        for text in ("odd", "odd 15", "", "15"):
            show_filter(timeline, text)
            await at_rest(timeline)
            assert timeline.selected == 1501
            position = timeline._selection.get_selected()
            assert timeline._model.number(position) == 1501
        assert told == [1501]
        assert not timeline.is_following


async def test_a_selected_entry_that_is_hidden_is_selected_again_when_it_is_not() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(2000))
        timeline._selection.set_selected(501)
        told = Heard(timeline, "entry-selected")
        for text in ("even", "even 7", "nowhere", ""):
            show_filter(timeline, text)
            await at_rest(timeline)
        assert told == [-1, 501]
        assert timeline.selected == 501


async def test_what_the_person_let_go_of_is_not_selected_again() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(200))
        timeline._selection.set_selected(101)
        show_filter(timeline, "even")
        await at_rest(timeline)
        timeline.unselect()
        show_filter(timeline, "")
        await at_rest(timeline)
        assert timeline.selected == -1


async def test_the_selected_entry_stays_while_others_arrive_and_go() -> None:
    async with shown(Timeline()) as timeline:
        held = Recording(memory_limit=200_000)
        held.append(said(*("x" * 70_000 for _ in range(2))))
        held.append(said("odd one", *("y" * 9_000 for _ in range(8))))
        held.append(said("odd two", *("z" * 9_000 for _ in range(8))))
        await filled(timeline, held, "odd")
        told = Heard(timeline, "entry-selected")
        number = numbers(timeline)[-1]
        timeline._selection.set_selected(timeline._model.position(number))
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


async def test_what_was_in_sight_comes_back_when_the_filter_is_taken_away() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        await scroll_to(timeline, 2000)
        for text in ("odd", "odd 7", "nowhere", "3", ""):
            show_filter(timeline, text)
            await at_rest(timeline)
        assert 2000 in in_sight(timeline)
        assert not timeline.is_following


async def test_a_filter_that_leaves_few_shows_what_is_nearest() -> None:
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


async def test_the_selected_entry_in_sight_is_where_it_comes_back_to() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        await scroll_to(timeline, 100)
        show_filter(timeline, "000 even")  # 1000, 2000, 3000, 4000
        await at_rest(timeline)
        timeline._selection.set_selected(2)
        show_filter(timeline, "")
        await at_rest(timeline)
        assert timeline.selected == 3000
        assert 3000 in in_sight(timeline)


async def test_it_stands_still_while_others_arrive() -> None:
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
async def test_a_list_that_follows_goes_on_following_with_a_filter(count: int) -> None:
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


async def test_a_list_that_follows_beside_a_selected_entry_follows_again_without_the_filter() -> (
    None
):
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
async def test_what_stands_around_the_place_that_was_gone_to_is_seen_too(number: int) -> None:
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


async def test_a_short_list_is_no_wish_to_follow() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        await scroll_to(timeline, 2000)
        show_filter(timeline, "even 4998")
        await at_rest(timeline)
        assert not timeline.is_following
        assert not timeline._newest_revealer.get_reveal_child()  # all is in sight
        show_filter(timeline, "")
        await at_rest(timeline)
        assert 2000 in in_sight(timeline)
        assert timeline._newest_revealer.get_reveal_child()


async def test_another_recording_is_followed_wherever_the_first_stood() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000), "odd")
        await scroll_to(timeline, 2001)
        timeline._selection.set_selected(timeline._model.position(2001))
        await filled(timeline, recorded(3000))
        assert timeline.selected == -1
        assert timeline.is_following
        assert 2999 in in_sight(timeline)


# Times, stars, marks


async def test_a_time_of_day_is_known_when_the_first_entry_comes() -> None:
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


async def test_an_entry_that_gets_or_loses_its_star_comes_and_goes() -> None:
    async with shown(Timeline()) as timeline:
        starry = recorded(100)
        for number in (10, 20, 30):
            starry.star(number, is_starred=True)
        await filled(timeline, starry, "is:starred")
        assert numbers(timeline) == [10, 20, 30]
        timeline._selection.set_selected(1)
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


async def test_a_star_is_seen_at_once_and_what_is_selected_stays_so() -> None:
    async with shown(Timeline()) as timeline:
        starry = recorded(100)
        await filled(timeline, starry, "odd")
        timeline._selection.set_selected(49)
        told = Heard(timeline, "entry-selected")
        before = timeline._advancer.view
        starry.star(99, is_starred=True)
        timeline.update_star()
        await at_rest(timeline)
        item = timeline._model.get_item(49)
        assert isinstance(item, TimelineItem)
        assert item.mark is not None
        assert "★" in words(timeline)
        assert timeline.selected == 99
        assert told == []
        assert timeline._advancer.view is before  # the rest was not looked through again


async def test_a_mark_where_nothing_is_selected_changes_nothing() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(10))
        told = Heard(timeline, "entry-selected")
        timeline.update_mark()
        assert told == []
        assert timeline.selected == -1

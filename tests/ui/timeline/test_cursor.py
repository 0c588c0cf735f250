"""Which row of the timeline has the keyboard focus after a jump or a step."""

from __future__ import annotations

from spacebeam.ui.timeline.timeline import Timeline
from tests.support.waiting import eventually
from tests.ui.doing import shown
from tests.ui.pageobjects.timeline import TimelinePage
from tests.ui.timeline.lists import at_rest, counted, filled, in_sight, recorded, scroll_to


def focused(timeline: Timeline) -> int:
    return TimelinePage(timeline).focused_number


async def test_a_jump_focuses_the_row() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        for number in (3000, 20, 4999):
            timeline.go_to(number)
            await at_rest(timeline)
            assert (timeline.selected, focused(timeline)) == (number, number)


async def test_a_step_moves_the_focus_if_it_is_in_the_list() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000), "77")
        timeline.go_to(77)
        await at_rest(timeline)
        timeline.step(1)
        await at_rest(timeline)
        assert (timeline.selected, focused(timeline)) == (177, 177)


async def test_a_step_leaves_the_focus_outside_the_list() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000), "77")
        timeline.step(1)
        await at_rest(timeline)
        assert timeline.selected >= 0
        assert focused(timeline) == -1


async def test_focusing_a_selected_row_out_of_sight_does_not_scroll() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        TimelinePage(timeline).select(20)
        await at_rest(timeline)
        await scroll_to(timeline, 3000)
        timeline.focus_row()
        await at_rest(timeline)
        assert focused(timeline) == -1
        assert 3000 in in_sight(timeline)


async def test_a_jump_while_the_list_is_about_to_follow_wins() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(5000)
        await filled(timeline, growing)
        TimelinePage(timeline).select(4999)  # with the newest it follows
        growing.append(counted(5001, 5000))
        timeline.show_recording(growing)
        jumps: list[None] = []
        # This is before it scrolls, unless the counts are not due in the frame in which it grows.
        handler = timeline.connect("shown", lambda one: jumps.append(one.go_to(20)))
        await eventually(lambda: TimelinePage(timeline).length == 5001 and jumps)
        timeline.disconnect(handler)
        await at_rest(timeline)
        assert 20 in in_sight(timeline)
        assert not timeline.is_following

"""Where keys go in the timeline, when the person was brought somewhere else."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.timeline.timeline_row import TimelineRow
from tests.ui.doing import shown
from tests.ui.timeline.lists import at_rest, counted, filled, in_sight, recorded, scroll_to


def cursor(timeline: Timeline) -> int:
    """The number of the entry that keys go to, or -1."""
    item = timeline._list_view.get_focus_child()
    row = item.get_first_child() if isinstance(item, Gtk.Widget) else None
    return row.number if isinstance(row, TimelineRow) else -1


async def test_after_a_jump_keys_go_on_from_there() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        for number in (3000, 20, 4999):
            timeline.go_to(number)
            await at_rest(timeline)
            assert (timeline.selected, cursor(timeline)) == (number, number)


async def test_with_the_next_match_keys_go_along_where_they_went_to_the_list() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000), "77")
        timeline.go_to(77)
        await at_rest(timeline)
        timeline.step(1)
        await at_rest(timeline)
        assert (timeline.selected, cursor(timeline)) == (177, 177)


async def test_with_the_next_match_keys_stay_where_they_went_elsewhere() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000), "77")
        timeline.step(1)
        await at_rest(timeline)
        assert timeline.selected >= 0
        assert cursor(timeline) == -1


async def test_what_is_selected_out_of_sight_is_not_waited_for() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(5000))
        timeline._selection.set_selected(20)
        await scroll_to(timeline, 3000)
        timeline.focus_row()
        await at_rest(timeline)
        assert cursor(timeline) == -1
        assert 3000 in in_sight(timeline)


async def test_what_arrives_as_the_person_goes_elsewhere_does_not_bring_them_back() -> None:
    async with shown(Timeline()) as timeline:
        growing = recorded(5000)
        await filled(timeline, growing)
        timeline._selection.set_selected(4999)  # with the newest it follows
        growing.append(counted(5001, 5000))
        timeline.show_recording(growing)
        timeline._shown_at = 0
        timeline._update_list(10**9)
        assert timeline._must_scroll
        timeline.go_to(20)
        await at_rest(timeline)
        assert 20 in in_sight(timeline)
        assert not timeline.is_following
